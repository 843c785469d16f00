//! Service keys and the addresses in them.

pub mod address;
pub mod service_key;
