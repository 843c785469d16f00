//! Saved systems: the list and the sealed file with their secrets.

pub mod describe;
pub mod system;
pub mod vault;
