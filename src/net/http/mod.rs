//! The way to a host: one client a host, a request with limits and retries, and a name for every error on the way.
//!
//! Nothing here knows what is asked. No redirect is ever followed, so what is sent reaches the named host only.

mod classify;
mod error;
mod host;
mod proxy;
mod send;
mod system_proxy;
mod tls;

use std::time::Duration;

use jiff::Timestamp;

pub(super) use error::HttpError;
pub(super) use host::HostClient;
pub use proxy::{ProxyUrl, ProxyUrlError, proxy_of_sap, proxy_script};
pub(super) use send::{Reply, SendEvent, send, send_once};
pub use tls::trusted_authorities;

use crate::domain::check::Limits;

/// How to reach the servers.
#[derive(Clone, Debug)]
pub struct NetOptions {
    /// Certificates in PEM that are trusted besides those of the system.
    pub ca_pem: Option<Vec<u8>>,
    /// A proxy to use instead of those of the environment.
    pub proxy: Option<ProxyUrl>,
    /// Hosts that an explicit proxy is not used for, written as in `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// Limits in time and size.
    pub limits: Limits,
    /// The pause before the first retry if the server names none; it doubles.
    pub backoff: Duration,
    /// What time it is, for comparing with the servers' clocks.
    pub clock: fn() -> Timestamp,
}

impl Default for NetOptions {
    fn default() -> Self {
        Self {
            ca_pem: None,
            proxy: None,
            no_proxy: None,
            limits: Limits::default(),
            backoff: Duration::from_millis(500),
            clock: Timestamp::now,
        }
    }
}
