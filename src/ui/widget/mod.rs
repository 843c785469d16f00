//! Pieces that several screens draw with.

pub mod field;
pub mod finding;
pub mod form;
pub mod header;
pub mod help;
pub mod json;
pub mod keybar;
pub mod list;
pub mod notice;
pub mod panel;
pub mod rail;
