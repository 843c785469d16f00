//! The practice tenant: a token server and an API on 127.0.0.1 that answer as SAP's do, for people without a tenant
//! and for testing the connection test.

mod answers;
mod sample;
mod tenant;
mod token;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread,
    time::Duration,
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use sample::Sample;

use crate::domain::content::Content;
use tenant::Tenant;

/// How long the tenant takes to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Latency {
    /// No delay, for tests.
    #[default]
    None,
    /// 150 to 400 ms, different for each resource but always the same for one resource, so that rows appear one by one.
    Realistic,
}

impl Latency {
    /// The time for one resource.
    fn of(self, resource: &str) -> Duration {
        match self {
            Latency::None => Duration::ZERO,
            Latency::Realistic => {
                let sum = resource.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
                Duration::from_millis(150 + sum % 250)
            }
        }
    }
}

/// A running practice tenant. It stops when this value is dropped.
#[derive(Debug)]
pub struct Practice {
    address: SocketAddr,
    samples: Vec<Sample>,
    _stop: DropGuard,
}

impl Practice {
    /// Starts a tenant on the tokio runtime that calls this.
    ///
    /// # Errors
    /// If no port of 127.0.0.1 can be opened.
    pub fn start(content: &Content, latency: Latency) -> io::Result<Self> {
        let (practice, serve) = Self::prepare(content, latency)?;
        tokio::spawn(serve());
        Ok(practice)
    }

    /// Starts a tenant on a thread and a small runtime of its own, for callers without a tokio runtime.
    ///
    /// # Errors
    /// If no port of 127.0.0.1 can be opened, or no runtime or thread can be started.
    pub fn start_on_own_thread(content: &Content, latency: Latency) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (practice, serve) = Self::prepare(content, latency)?;
        thread::Builder::new().name("practice".into()).spawn(move || runtime.block_on(serve()))?;
        Ok(practice)
    }

    /// Opens the port, so that the samples can name it, and returns what serves it.
    fn prepare(content: &Content, latency: Latency) -> io::Result<(Self, impl FnOnce() -> ServeFuture + use<>)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let tenant = Arc::new(Tenant::new(content, latency));
        let practice = Self { address, samples: sample::all(address), _stop: stop.clone().drop_guard() };
        Ok((practice, move || -> ServeFuture { Box::pin(serve(listener, tenant, stop)) }))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The keys to try.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }
}

/// What serves a tenant.
type ServeFuture = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

/// Accepts connections until `stop` is cancelled.
async fn serve(listener: TcpListener, tenant: Arc<Tenant>, stop: CancellationToken) {
    // Fails only if the runtime has no I/O driver; then nothing is ever answered, and the test reports that.
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { continue };
        let (tenant, stop) = (Arc::clone(&tenant), stop.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let tenant = Arc::clone(&tenant);
                async move { tenant.answer(request).await }
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // A client that goes away is not an error of the tenant.
            tokio::select! {
                () = stop.cancelled() => {}
                _ = connection => {}
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn realistic_answers_take_between_150_and_400_milliseconds_and_differ() {
        let times: Vec<Duration> = ["/oauth/token", "/MessageProcessingLogs", "/IntegrationPackages"]
            .iter()
            .map(|resource| Latency::Realistic.of(resource))
            .collect();
        assert!(times.iter().all(|time| (150..400).contains(&time.as_millis())));
        assert!(times.windows(2).any(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn a_tenant_on_its_own_thread_needs_no_runtime_and_stops_when_dropped() {
        let practice = Practice::start_on_own_thread(&Content::default(), Latency::None).unwrap();
        assert!(practice.address().ip().is_loopback());
        assert!(std::net::TcpStream::connect(practice.address()).is_ok());
    }
}
