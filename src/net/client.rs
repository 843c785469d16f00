//! The one place that builds an HTTP client.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, OnceLock},
    task::{Context, Poll},
};

use reqwest::redirect::Policy;
use rustls::{
    ClientConfig, RootCertStore,
    client::danger::ServerCertVerifier,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::sync::watch;
use tower::{Layer, Service};
use url::Url;

use super::{
    NetOptions, proxy,
    reporter::stage,
    witness::{Sight, Witness},
};
use crate::domain::{
    check::Site,
    finding::{Finding, FindingCode},
    key::service_key::Credential,
    text::safe_text::SafeText,
};

/// What the program calls itself in its requests.
const USER_AGENT: &str = concat!("cpikey/", env!("CARGO_PKG_VERSION"));

/// The way to one host.
pub(super) struct Line {
    /// The client; it speaks to this host only.
    pub(super) client: reqwest::Client,
    /// Which of the two hosts.
    pub(super) site: Site,
    /// Its name.
    pub(super) host: String,
    /// The proxy, where there is one.
    pub(super) proxy: Option<SafeText>,
    /// What the handshake showed.
    pub(super) sight: Arc<Mutex<Sight>>,
    /// Becomes true with the first connection that stands.
    pub(super) open: watch::Receiver<bool>,
}

/// The cryptography of all connections.
fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(PROVIDER.get_or_init(|| Arc::new(rustls::crypto::ring::default_provider())))
}

impl Line {
    /// A client for the host of `url`; `identity` is the client certificate for mutual TLS.
    ///
    /// # Errors
    /// `trust-store-unusable`, or what is wrong with the client certificate.
    pub(super) fn new(
        site: Site,
        url: &Url,
        identity: Option<&Credential>,
        options: &NetOptions,
    ) -> Result<Self, Finding> {
        let detour = proxy::detour(url, options);
        let sight = Arc::default();
        let secure = url.scheme() == "https" || detour.as_ref().is_some_and(|detour| detour.secure);
        let tls = config(site, secure, identity, options, &sight)?;
        let (opened, open) = watch::channel(false);
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(Policy::none())
            .referer(false)
            .user_agent(USER_AGENT)
            .connect_timeout(options.limits.connect)
            .connector_layer(Notice { opened: Arc::new(opened) })
            .no_proxy();
        let shown = detour.as_ref().map(|detour| detour.shown.clone());
        if let Some(detour) = detour {
            builder = builder.proxy(detour.proxy);
        }
        let client = builder
            .build()
            .map_err(|error| Finding::new(FindingCode::TlsOther, stage(site)).seen(error.without_url().to_string()))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(Self { client, site, host, proxy: shown, sight, open })
    }

    /// Says which host (or which proxy) a finding about an answer is about.
    pub(super) fn place(&self, finding: Finding) -> Finding {
        match &self.proxy {
            Some(proxy) if finding.code == FindingCode::ProxyLogin => finding.about(proxy.clone()),
            _ => finding.about(self.host.as_str()),
        }
    }
}

/// TLS 1.2 and 1.3, trust in the system's authorities and those of the CA file.
fn config(
    site: Site,
    secure: bool,
    identity: Option<&Credential>,
    options: &NetOptions,
    sight: &Arc<Mutex<Sight>>,
) -> Result<ClientConfig, Finding> {
    let fault = |error: rustls::Error| Finding::new(FindingCode::TlsOther, stage(site)).seen(error.to_string());
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(fault)?;
    if !secure {
        // Plain http to this machine: no authority is needed, and a machine without any must not stop it.
        return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    }
    let judge = judge(options).map_err(|why| Finding::new(FindingCode::TrustStoreUnusable, stage(site)).seen(why))?;
    let builder =
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Witness::new(judge, Arc::clone(sight))));
    let mut config = match identity {
        Some(Credential::Certificate { chain, private_key }) => {
            let unreadable =
                |code| move |error: rustls::pki_types::pem::Error| Finding::key(code).seen(error.to_string());
            let chain = CertificateDer::pem_slice_iter(chain.as_bytes())
                .collect::<Result<Vec<_>, _>>()
                .map_err(unreadable(FindingCode::CertificateUnreadable))?;
            let key = PrivateKeyDer::from_pem_slice(private_key.expose().as_bytes())
                .map_err(unreadable(FindingCode::PrivateKeyUnreadable))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => Finding::key(FindingCode::CertificateKeyMismatch),
                error => Finding::key(FindingCode::PrivateKeyUnreadable).seen(error.to_string()),
            })?
        }
        Some(Credential::ClientSecret(_)) | None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// What decides on the servers' certificates, or why there is nothing that could.
fn judge(options: &NetOptions) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let extra = match &options.ca_pem {
        Some(pem) => {
            let extra = CertificateDer::pem_slice_iter(pem)
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| format!("the CA file cannot be read: {error}"))?;
            if extra.is_empty() {
                return Err("the CA file holds no certificate".to_owned());
            }
            extra
        }
        None => Vec::new(),
    };
    rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider())
        .map(|verifier| Arc::new(verifier) as Arc<dyn ServerCertVerifier>)
        .map_err(|error| error.to_string())
}

/// Tells when a connection stands: name found, proxy passed, TLS agreed.
#[derive(Clone)]
struct Notice {
    opened: Arc<watch::Sender<bool>>,
}

/// A connector that tells.
#[derive(Clone)]
struct Noticed<S> {
    connector: S,
    opened: Arc<watch::Sender<bool>>,
}

impl<S> Layer<S> for Notice {
    type Service = Noticed<S>;

    fn layer(&self, connector: S) -> Self::Service {
        Noticed { connector, opened: Arc::clone(&self.opened) }
    }
}

impl<S, R> Service<R> for Noticed<S>
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
        let (connecting, opened) = (self.connector.call(request), Arc::clone(&self.opened));
        Box::pin(async move {
            let connection = connecting.await;
            if connection.is_ok() {
                opened.send_replace(true);
            }
            connection
        })
    }
}
