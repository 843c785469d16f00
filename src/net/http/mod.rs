//! The way to a host: one client per host, requests with limits and retries, and classified network errors.
//!
//! Nothing here depends on what is requested. Redirects are never followed, so requests reach only the named host.

mod classify;
mod error;
mod host;
mod proxy;
mod send;
mod system_proxy;
mod tls;

use std::{path::PathBuf, time::Duration};

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
    /// PEM certificates trusted in addition to the system's.
    pub ca_pem: Option<Vec<u8>>,
    /// Where the environment says that trusted CAs are, instead of the system's. Not used on macOS and Windows.
    pub authorities: Option<PathBuf>,
    /// A proxy to use instead of those of the environment.
    pub proxy: Option<ProxyUrl>,
    /// Hosts for which an explicit proxy is not used, in the format of `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// Time and size limits.
    pub limits: Limits,
    /// The pause before the first retry unless the server specifies one; it doubles each time.
    pub backoff: Duration,
    /// The clock, for comparison with the servers' clocks.
    pub clock: fn() -> Timestamp,
}

impl Default for NetOptions {
    fn default() -> Self {
        Self {
            ca_pem: None,
            authorities: None,
            proxy: None,
            no_proxy: None,
            limits: Limits::default(),
            backoff: Duration::from_millis(500),
            clock: Timestamp::now,
        }
    }
}
