//! The live connection test: a token request, then reads of the API, reported as they happen.
//!
//! Everything that a server sends is judged in `domain::answer`; this module carries the bytes and names the faults of
//! the way. The secret goes to the token host alone, the token to the API host alone, and no redirect is followed.

mod client;
mod exchange;
mod fault;
pub mod many;
mod mutual_tls;
mod proxy;
mod reporter;
mod session;
mod witness;

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

pub use proxy::{ProxyUrl, ProxyUrlError};

use crate::domain::{
    check::{CheckEvent, CheckRequest, Limits},
    finding::FindingCode,
};
use reporter::Reporter;
use session::Session;

/// How to reach the servers.
#[derive(Clone, Debug)]
pub struct NetOptions {
    /// Certificates in PEM that are trusted besides those of the system.
    pub ca_pem: Option<Vec<u8>>,
    /// A proxy in place of those of the environment.
    pub proxy: Option<ProxyUrl>,
    /// Hosts that an explicit proxy is not used for, written as in `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// Limits in time and size.
    pub limits: Limits,
    /// The pause before the first repetition where the server names none; it doubles.
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

/// Runs one test and reports it to `sink`; the last event is always [`CheckEvent::Done`].
///
/// Each run takes a new token. Cancelling ends it at the next await; what was under way ends with a fault
/// `cancelled`. That nobody listens any more does no harm.
pub async fn run(
    request: CheckRequest,
    options: NetOptions,
    sink: UnboundedSender<CheckEvent>,
    cancel: CancellationToken,
) {
    let reporter = Reporter::new(sink);
    let total = options.limits.total;
    let session = Session::new(&request, &options, &reporter);
    let stopped = tokio::select! {
        biased;
        () = cancel.cancelled() => Some(FindingCode::Cancelled),
        () = session.run() => None,
        () = tokio::time::sleep(total) => Some(FindingCode::TimeoutTotal),
    };
    if let Some(code) = stopped {
        reporter.stop(code);
    }
    reporter.done();
}
