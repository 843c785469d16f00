//! Widgets shared by several screens.

pub mod code;
pub mod field;
pub mod finding;
pub mod form;
pub mod header;
pub mod json;
pub mod keybar;
pub mod list;
pub mod markdown;
pub mod notice;
pub mod panel;
pub mod passphrase;
pub mod rail;
