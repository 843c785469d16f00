//! Service keys and the addresses in them.

pub mod address;
pub mod hosts;
pub mod service_key;
