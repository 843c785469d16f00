//! Saved systems: the list and the sealed file with their secrets.

pub mod describe;
pub mod passphrase;
pub mod result;
pub mod system;
pub mod vault;
