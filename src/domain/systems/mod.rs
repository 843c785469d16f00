//! Saved systems: the list and the sealed file with their secrets.

pub mod describe;
pub mod limits;
pub mod passphrase;
pub mod result;
pub mod run;
pub mod system;
pub mod vault;
