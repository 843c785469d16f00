//! The practice tenant: a token server and an API on 127.0.0.1, and a Cloud Foundry on another port, that respond like
//! SAP's, for users without a tenant and for tests.

mod answers;
pub mod cf;
mod clients;
mod sample;
mod serve;
mod tenant;
mod token;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread,
    time::Duration,
};

use tokio_util::sync::{CancellationToken, DropGuard};

pub use sample::Sample;

use crate::domain::content::Content;
use clients::Clients;
use serve::CloudFoundry;
use tenant::Tenant;

/// How long the tenant takes to respond.
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
    cloud_address: SocketAddr,
    samples: Vec<Sample>,
    cloud_foundry: Arc<CloudFoundry>,
    _stop: DropGuard,
}

impl Practice {
    /// Starts a tenant on the calling tokio runtime.
    ///
    /// # Errors
    /// If no port of 127.0.0.1 can be opened.
    pub fn start(content: &Content, latency: Latency) -> io::Result<Self> {
        let (practice, serve) = Self::prepare(content, latency)?;
        tokio::spawn(serve());
        Ok(practice)
    }

    /// Starts a tenant on its own thread and small runtime, for callers without a tokio runtime.
    ///
    /// # Errors
    /// If no port of 127.0.0.1 can be opened, or no runtime or thread can be started.
    pub fn start_on_own_thread(content: &Content, latency: Latency) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (practice, serve) = Self::prepare(content, latency)?;
        thread::Builder::new().name("practice".into()).spawn(move || runtime.block_on(serve()))?;
        Ok(practice)
    }

    /// Opens the ports, so that the samples and links can contain them, and returns the server future.
    fn prepare(content: &Content, latency: Latency) -> io::Result<(Self, impl FnOnce() -> ServeFuture + use<>)> {
        let open = || -> io::Result<(TcpListener, SocketAddr)> {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let ((tenant_port, address), (cloud_port, cloud_address)) = (open()?, open()?);
        let clients = Clients::default();
        let stop = CancellationToken::new();
        let cloud_foundry = Arc::new(CloudFoundry::new(content, latency, address, cloud_address, clients.clone()));
        let tenant = Arc::new(Tenant::new(content, latency, clients));
        let practice = Self {
            address,
            cloud_address,
            samples: sample::all(address),
            cloud_foundry: Arc::clone(&cloud_foundry),
            _stop: stop.clone().drop_guard(),
        };
        let serve = move || -> ServeFuture {
            Box::pin(async move {
                let tenant = serve::serve(tenant_port, stop.clone(), move |request| {
                    let tenant = Arc::clone(&tenant);
                    async move { tenant.answer(request).await }
                });
                let cloud_foundry = serve::serve(cloud_port, stop, move |request| {
                    let cloud_foundry = Arc::clone(&cloud_foundry);
                    async move { cloud_foundry.answer(request).await }
                });
                tokio::join!(tenant, cloud_foundry);
            })
        };
        Ok((practice, serve))
    }

    /// The address of the token server and API.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the Cloud Foundry API, which names its login server.
    pub fn cloud_foundry(&self) -> SocketAddr {
        self.cloud_address
    }

    /// A new passcode, as shown on the login page. It can be used once within five minutes, and invalidates the
    /// previous one.
    pub fn passcode(&self) -> String {
        self.cloud_foundry.passcode()
    }

    /// The keys to try.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }
}

/// The future that serves a tenant.
type ServeFuture = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

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
