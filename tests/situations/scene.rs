//! The parts of a situation: a key, its servers, and how to reach them.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{
    CANARY,
    proxy::{Conduct, Proxy},
    server::{Asked, Canned, Server},
    tls::{Authority, BOTH, Identity, client, config, server},
};

pub const ID: &str = "sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678";
pub const TOKEN_HOST: &str = "acme.authentication.eu10.hana.ondemand.com";
pub const CERT_HOST: &str = "acme.authentication.cert.eu10.hana.ondemand.com";
pub const API_HOST: &str = "acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com";

/// A situation, ready to run.
#[derive(Default)]
pub struct Scene {
    /// The text that the user pastes.
    pub key: Vec<u8>,
    /// The requested roles.
    pub roles: Vec<&'static str>,
    /// The file with the private key of an external certificate.
    pub private_key: Option<String>,
    /// The file with a private authority.
    pub ca: Option<Vec<u8>>,
    /// The proxy.
    pub proxy: Option<String>,
    /// Whether the proxy comes from the environment.
    pub proxy_by_environment: bool,
    /// `NO_PROXY`
    pub no_proxy: Option<&'static str>,
    /// The limit of the whole test in seconds.
    pub timeout: Option<u64>,
    /// Whether the situation cannot occur in the wizard.
    pub not_in_the_wizard: bool,
    /// Servers that must not be contacted.
    pub strangers: Vec<Server>,
    pub kept: Vec<Server>,
    pub proxies: Vec<Proxy>,
}

impl Scene {
    /// A text that is pasted unchanged.
    pub fn text(key: impl Into<Vec<u8>>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }

    /// A key for these two addresses.
    pub fn at(url: &str, token_url: &str) -> Self {
        Self::text(key(url, token_url).to_string())
    }

    /// A token server, and an API that must not be contacted.
    pub async fn token(canned: Canned) -> Self {
        let (token, api) = (Server::http(move |_| canned.clone()).await, Server::http(|_| Canned::entries()).await);
        let mut scene = Self::at(&api.url(), &token.token_url());
        scene.strangers.push(api);
        scene.keep(token)
    }

    /// A working token server, and an API with this response.
    pub async fn api(canned: Canned) -> Self {
        Self::tenant(move |_| canned.clone()).await
    }

    /// The same with a script.
    pub async fn tenant(api: impl Fn(&Asked) -> Canned + Send + Sync + 'static) -> Self {
        let (token, api) = (Server::http(|_| Canned::token()).await, Server::http(api).await);
        Self::at(&api.url(), &token.token_url()).keep(token).keep(api)
    }

    /// A working tenant.
    pub async fn works() -> Self {
        Self::api(Canned::entries()).await
    }

    /// A token server at this address.
    pub fn token_at(address: SocketAddr) -> Self {
        Self::at("http://localhost:9", &format!("http://{address}/oauth/token"))
    }

    /// An API at this address, with a working token server.
    pub async fn api_at(address: SocketAddr) -> Self {
        let token = Server::http(|_| Canned::token()).await;
        Self::at(&format!("http://{address}"), &token.token_url()).keep(token)
    }

    /// A tenant whose server presents this certificate; its authority is trusted if it is specified.
    pub async fn tls(identity: &Identity, trusted: Option<&Authority>) -> Self {
        let server = Server::https(config(identity, BOTH, None), tenant).await;
        let scene = Self::at(&server.url(), &server.token_url());
        Self { ca: trusted.map(Authority::pem), ..scene.keep(server) }
    }

    /// A tenant with these host names, which a proxy forwards to one local server.
    pub async fn named(token_host: &str, api_host: &str, conduct: impl FnOnce(SocketAddr) -> Conduct) -> Self {
        let authority = Authority::new("Company CA");
        let mut params = server(token_host);
        for host in [api_host, CERT_HOST] {
            params.subject_alt_names.extend(server(host).subject_alt_names);
        }
        let server = Server::https(config(&authority.sign(&params), BOTH, None), tenant).await;
        let proxy = Proxy::start(conduct(server.address)).await;
        let mut scene = Self::at(&format!("https://{api_host}"), &format!("https://{token_host}/oauth/token"));
        scene.ca = Some(authority.pem());
        scene.through(&format!("http://{}", proxy.address)).keep(server).keep_proxy(proxy)
    }

    /// A tenant whose token server accepts only client certificates of its authority, and a key with `identity`.
    pub async fn mutual(make: impl FnOnce(&Authority) -> Identity) -> Self {
        let authority = Authority::new("Company CA");
        let own = authority.sign(&server("localhost"));
        let token = Server::https(config(&own, BOTH, Some(&authority)), tenant).await;
        let api = Server::https(config(&own, BOTH, None), tenant).await;
        let mut scene = Self::text(certified(&api.url(), &token.token_url(), &make(&authority)).to_string());
        scene.ca = Some(authority.pem());
        scene.keep(token).keep(api)
    }

    pub fn through(mut self, proxy: &str) -> Self {
        self.proxy = Some(proxy.to_owned());
        self
    }

    pub fn by_environment(mut self) -> Self {
        self.proxy_by_environment = true;
        self
    }

    pub fn asking(mut self, roles: &[&'static str]) -> Self {
        self.roles = roles.to_vec();
        self
    }

    pub fn within(mut self, seconds: u64) -> Self {
        self.timeout = Some(seconds);
        self
    }

    /// Changes the text of the key.
    pub fn rewritten(mut self, change: impl FnOnce(String) -> String) -> Self {
        self.key = change(String::from_utf8(self.key).unwrap()).into_bytes();
        self
    }

    pub fn keep(mut self, server: Server) -> Self {
        self.kept.push(server);
        self
    }

    pub fn keep_proxy(mut self, proxy: Proxy) -> Self {
        self.proxies.push(proxy);
        self
    }

    /// The requests to the servers.
    pub fn asked(&self) -> Vec<Asked> {
        self.kept.iter().flat_map(Server::asked).collect()
    }
}

/// Issues a token for any request to the token endpoint, publishes its address, and lists one entry for everything
/// else.
pub fn tenant(asked: &Asked) -> Canned {
    let aliases = format!(r#"{{"mtls_endpoint_aliases":{{"token_endpoint":"https://{CERT_HOST}/oauth/token"}}}}"#);
    match asked.path.rsplit_once('/').map(|(_, end)| end) {
        Some("token") => Canned::token(),
        Some("openid-configuration") => Canned::new(200, aliases),
        _ => Canned::entries(),
    }
}

/// A key with client id and secret.
pub fn key(url: &str, token_url: &str) -> Value {
    json!({"oauth": {"clientid": ID, "clientsecret": CANARY, "url": url, "tokenurl": token_url}})
}

/// A key with a certificate.
pub fn certified(url: &str, token_url: &str, identity: &Identity) -> Value {
    json!({"oauth": {"clientid": ID, "url": url, "tokenurl": token_url,
        "certificate": identity.pem, "key": identity.key_pem}})
}

/// A client certificate that the authority signed.
pub fn identity(authority: &Authority) -> Identity {
    authority.sign(&client("sb-client"))
}

/// A key for SAP's hosts that is never sent.
pub fn sap() -> Value {
    key(&format!("https://{API_HOST}"), &format!("https://{TOKEN_HOST}/oauth/token"))
}

/// A port without a listener.
pub async fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}
