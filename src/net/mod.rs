//! The network: [`http`] sends requests, [`check`] runs the connection test, [`cf`] talks to Cloud Foundry.

pub mod cf;
pub mod check;
pub mod http;

pub use check::{many, run};
pub use http::{NetOptions, ProxyUrl, ProxyUrlError, proxy_of_sap, proxy_script, trusted_authorities};
