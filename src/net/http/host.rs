//! The one place that builds an HTTP client.

use std::{
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex, OnceLock},
    task::{Context, Poll},
};

use reqwest::{RequestBuilder, redirect::Policy};
use rustls::{
    ClientConfig, RootCertStore,
    client::danger::ServerCertVerifier,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;
use tokio::sync::watch;
use tower::{Layer, Service};
use url::Url;

use super::{
    NetOptions,
    error::HttpError,
    proxy,
    tls::{self, Handshake, RecordingVerifier},
};
use crate::domain::{
    finding::{Fact, FindingCode},
    key::service_key::Credential,
    text::safe_text::SafeText,
};

/// The user agent.
const USER_AGENT: &str = concat!("cpikey/", env!("CARGO_PKG_VERSION"));

/// A client for one host.
pub(in crate::net) struct HostClient {
    client: reqwest::Client,
    /// The host's name.
    pub(in crate::net) name: String,
    /// The proxy through which it is reached.
    pub(in crate::net) proxy: Option<SafeText>,
    /// The system's proxy script, if no proxy is configured otherwise.
    pub(super) proxy_script: Option<SafeText>,
    pub(super) handshake: Arc<Mutex<Handshake>>,
    connected: watch::Receiver<bool>,
}

/// The cryptography of all connections.
fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(PROVIDER.get_or_init(|| Arc::new(rustls::crypto::ring::default_provider())))
}

impl HostClient {
    /// A client for the host of `url`; `identity` may contain a client certificate for mutual TLS.
    ///
    /// # Errors
    /// `trust-store-unusable`, or what is wrong with the client certificate.
    pub(in crate::net) fn to(
        url: &Url,
        identity: Option<&Credential>,
        options: &NetOptions,
    ) -> Result<Self, HttpError> {
        let route = proxy::route(url, options);
        let handshake = Arc::default();
        let secure = url.scheme() == "https" || route.as_ref().is_some_and(|route| route.secure);
        let tls = tls_config(secure, identity, options, &handshake)?;
        let (sender, connected) = watch::channel(false);
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(Policy::none())
            .referer(false)
            .user_agent(USER_AGENT)
            .connect_timeout(options.limits.connect)
            .connector_layer(ConnectLayer { connected: Arc::new(sender) })
            .no_proxy();
        let proxy_script = if route.is_none() { proxy::script_for(url) } else { None };
        let shown = route.as_ref().map(|route| route.shown.clone());
        if let Some(route) = route {
            builder = builder.proxy(route.proxy);
        }
        let client = builder
            .build()
            .map_err(|error| HttpError::new(FindingCode::TlsOther).seen(error.without_url().to_string()))?;
        let name = url.host_str().unwrap_or_default().to_owned();
        Ok(Self { client, name, proxy: shown, proxy_script, handshake, connected })
    }

    pub(in crate::net) fn get(&self, url: Url) -> RequestBuilder {
        self.client.get(url)
    }

    pub(in crate::net) fn post(&self, url: Url) -> RequestBuilder {
        self.client.post(url)
    }

    pub(in crate::net) fn request(&self, method: reqwest::Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Whether there has been a connection: name resolved, proxy passed, TLS established.
    pub(in crate::net) fn is_connected(&self) -> bool {
        *self.connected.borrow()
    }

    /// Waits for the first connection; forever if there is none.
    pub(in crate::net) async fn wait_connected(&self) {
        if self.connected.clone().wait_for(|connected| *connected).await.is_err() {
            std::future::pending().await
        }
    }

    /// `TLS 1.3`; `None` for plain HTTP.
    pub(in crate::net) fn tls_version(&self) -> Option<SafeText> {
        tls::lock(&self.handshake).version()
    }
}

/// TLS 1.2 and 1.3, trusting the system's CAs and those of the CA file.
fn tls_config(
    secure: bool,
    identity: Option<&Credential>,
    options: &NetOptions,
    handshake: &Arc<Mutex<Handshake>>,
) -> Result<ClientConfig, HttpError> {
    let other = |error: rustls::Error| HttpError::new(FindingCode::TlsOther).seen(error.to_string());
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(other)?;
    if !secure {
        // Plain HTTP to this machine needs no CA and must work on a machine without any.
        return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    }
    let verifier = verifier(options).map_err(|why| HttpError::new(FindingCode::TrustStoreUnusable).seen(why))?;
    let verifier = RecordingVerifier::new(verifier, Arc::clone(handshake));
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity {
        Some(Credential::Certificate { chain, private_key }) => {
            let unreadable =
                |code| move |error: rustls::pki_types::pem::Error| HttpError::new(code).seen(error.to_string());
            let chain = CertificateDer::pem_slice_iter(chain.as_bytes())
                .collect::<Result<Vec<_>, _>>()
                .map_err(unreadable(FindingCode::CertificateUnreadable))?;
            let key = PrivateKeyDer::from_pem_slice(private_key.expose().as_bytes())
                .map_err(unreadable(FindingCode::PrivateKeyUnreadable))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => HttpError::new(FindingCode::CertificateKeyMismatch),
                error => HttpError::new(FindingCode::PrivateKeyUnreadable).seen(error.to_string()),
            })?
        }
        Some(Credential::ClientSecret(_)) | None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The verifier of the servers' certificates, or why there is none.
fn verifier(options: &NetOptions) -> Result<Arc<dyn ServerCertVerifier>, Fact> {
    let place = options.authorities.as_deref().filter(|_| !cfg!(any(windows, target_vendor = "apple")));
    let name = |place: &Path| SafeText::line(&place.to_string_lossy());
    if let Some(place) = place.filter(|place| tls::is_endless(place)) {
        return Err(Fact::AuthoritiesEndless { place: name(place) });
    }
    let verifier = match Trust::of(options.ca_pem.as_deref())? {
        Trust::OfSystem => Verifier::new(provider()),
        Trust::AlsoIn(extra) => Verifier::new_with_extra_roots(extra, provider()),
    };
    verifier.map(|verifier| Arc::new(verifier) as Arc<dyn ServerCertVerifier>).map_err(|error| match (error, place) {
        (rustls::Error::General(_), Some(place)) => Fact::NoAuthorityIn { place: name(place) },
        (rustls::Error::General(why), None) => why.into(),
        (error, _) => error.to_string().into(),
    })
}

/// The trusted CAs.
#[derive(Debug, PartialEq, Eq)]
enum Trust {
    /// The system's CAs. Not the same as an empty list of additional ones: Windows would check a second time, against
    /// an empty store.
    OfSystem,
    /// Additional CAs, at least one.
    AlsoIn(Vec<CertificateDer<'static>>),
}

impl Trust {
    /// The trust with the contents of a CA file, if any.
    fn of(ca_pem: Option<&[u8]>) -> Result<Self, Fact> {
        let Some(pem) = ca_pem else { return Ok(Self::OfSystem) };
        let extra = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Fact::CaFileUnreadable { error: error.to_string().into() })?;
        if extra.is_empty() { Err(Fact::CaFileEmpty) } else { Ok(Self::AlsoIn(extra)) }
    }
}

/// Detects the first connection.
#[derive(Clone)]
struct ConnectLayer {
    connected: Arc<watch::Sender<bool>>,
}

/// A connector that records when it has connected.
#[derive(Clone)]
struct ConnectService<S> {
    connector: S,
    connected: Arc<watch::Sender<bool>>,
}

impl<S> Layer<S> for ConnectLayer {
    type Service = ConnectService<S>;

    fn layer(&self, connector: S) -> Self::Service {
        ConnectService { connector, connected: Arc::clone(&self.connected) }
    }
}

impl<S, R> Service<R> for ConnectService<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let (connecting, connected) = (self.connector.call(request), Arc::clone(&self.connected));
        Box::pin(async move {
            let connection = connecting.await;
            if connection.is_ok() {
                connected.send_replace(true);
            }
            connection
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_ca_file_nothing_but_the_system_is_asked() {
        assert_eq!(Trust::of(None), Ok(Trust::OfSystem));
        assert_eq!(Trust::of(Some(b"no certificate")), Err(Fact::CaFileEmpty));
        let key = rcgen::KeyPair::generate().unwrap();
        let authority = rcgen::CertificateParams::default().self_signed(&key).unwrap();
        let trust = Trust::of(Some(authority.pem().as_bytes()));
        assert_eq!(trust, Ok(Trust::AlsoIn(vec![authority.der().clone()])));
    }
}
