//! The network: [`http`] is the way to a host, [`check`] is what the connection test asks there, [`cf`] speaks with Cloud
//! Foundry.

pub mod cf;
pub mod check;
pub mod http;

pub use check::{many, run};
pub use http::{NetOptions, ProxyUrl, ProxyUrlError, proxy_of_sap, proxy_script, trusted_authorities};
