//! Drawing code that is independent of screens.

pub mod cache;
pub mod glyphs;
pub mod hits;
pub mod layout;
pub mod page;
pub mod text;
pub mod theme;
pub mod widget;

pub use glyphs::Glyphs;
pub use theme::{Palette, Theme};
