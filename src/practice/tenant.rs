//! How the practice tenant chooses a response.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use http_body_util::{BodyExt as _, Limited};
use hyper::{Method, Request, StatusCode, body::Incoming, header};

use super::{
    Latency,
    answers::{self, Reply},
    clients::Clients,
    sample::Scenario,
    token::{self, Claim, Holder},
};
use crate::domain::{
    content::Content,
    sap::role::{Catalogue, Role},
};

/// Maximum size of a token request in bytes.
const REQUEST_LIMIT: usize = 16 * 1024;
/// The delay of every response to the slow sample.
const SLOW: Duration = Duration::from_millis(2_000);
/// How many tokens lack the role that arrives later.
const WITHOUT: u32 = 3;
/// The grant type of keys.
const CLIENT_CREDENTIALS: &str = "client_credentials";
/// The suffix of token ids for clients that are not samples.
const MADE: u64 = 1_000;

/// The state of the tenant.
#[derive(Debug)]
pub(super) struct Tenant {
    catalogue: Catalogue,
    /// Resources below `/api/v1` without query, each with the id of its probe.
    resources: Vec<(String, String)>,
    latency: Latency,
    /// The number of tokens issued to the client whose role arrives later.
    tokens: AtomicU32,
    /// The clients created through Cloud Foundry.
    clients: Clients,
}

impl Tenant {
    /// A tenant with all roles and probes of `content`.
    pub(super) fn new(content: &Content, latency: Latency, clients: Clients) -> Self {
        let path = |path: &str| path.split('?').next().unwrap_or_default().to_owned();
        let resources = content.probes.iter().map(|probe| (path(&probe.path), probe.id.clone())).collect();
        let catalogue = Catalogue::clone(&content.catalogue);
        Self { catalogue, resources, latency, tokens: AtomicU32::new(0), clients }
    }

    /// Answers one request.
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Result<Reply, Infallible> {
        let path = request.uri().path().to_owned();
        tokio::time::sleep(self.latency.of(&path)).await;
        Ok(if path == "/oauth/token" { self.token(request).await } else { self.api(&request, &path).await })
    }

    /// The token endpoint: credentials in the form, as the program sends them.
    async fn token(&self, request: Request<Incoming>) -> Reply {
        if request.method() != Method::POST {
            return answers::not_allowed();
        }
        let Ok(body) = Limited::new(request.into_body(), REQUEST_LIMIT).collect().await else {
            return answers::bad_credentials();
        };
        let form: Vec<(String, String)> = url::form_urlencoded::parse(&body.to_bytes()).into_owned().collect();
        let field = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        let (client, secret, grant) = (field("client_id"), field("client_secret"), field("grant_type"));
        let Some(scenario) = Scenario::of_client(client) else { return self.token_of_made(client, secret, grant) };
        if secret != scenario.secret() {
            return answers::bad_credentials();
        }
        if grant != CLIENT_CREDENTIALS {
            return answers::wrong_grant(grant);
        }
        self.delay(scenario).await;
        let asked = self.tokens.fetch_add(u32::from(scenario == Scenario::RoleArrives), Ordering::Relaxed);
        let scopes = &token::granted(scenario, asked >= WITHOUT, &self.catalogue);
        let claim = Claim { client, scopes, lifetime: token::LIFETIME, number: scenario as u64 };
        answers::json(StatusCode::OK, &token::answer(&claim))
    }

    /// A token for a client created through Cloud Foundry, with the current roles of its instance.
    fn token_of_made(&self, client: &str, secret: &str, grant: &str) -> Reply {
        let Some(made) = self.clients.with_secret(client, secret) else { return answers::bad_credentials() };
        if grant != CLIENT_CREDENTIALS || !made.grants.iter().any(|known| known == grant) {
            return answers::wrong_grant(grant);
        }
        let claim = Claim { client, scopes: &made.scopes, lifetime: made.lifetime, number: MADE };
        answers::json(StatusCode::OK, &token::answer(&claim))
    }

    /// The API: reads only.
    async fn api(&self, request: &Request<Incoming>, path: &str) -> Reply {
        let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let holder = bearer.and_then(|value| value.strip_prefix("Bearer ")).and_then(token::holder);
        let Some(Holder { scenario, scopes, .. }) = holder.filter(|holder| holder.is_of_api) else {
            return answers::no_authentication();
        };
        if let Some(scenario) = scenario {
            if scenario == Scenario::Unavailable {
                return answers::unavailable(u64::from(self.latency != Latency::None));
            }
            self.delay(scenario).await;
        }
        let Some(resource) = path.strip_prefix("/api/v1").filter(|_| request.method() == Method::GET) else {
            return answers::not_found();
        };
        let Some((_, probe)) = self.resources.iter().find(|(known, _)| known == resource) else {
            return answers::not_found();
        };
        if !self.allows(&scopes, probe) {
            return answers::forbidden();
        }
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let collection = resource.trim_start_matches('/').split(['(', '/']).next().unwrap_or_default();
        answers::entries(collection, &format!("http://{host}/api/v1"))
    }

    /// Whether these include all scopes of a role that grants access to this probe's resource. As at SAP, a token keeps
    /// the scopes it was issued with.
    fn allows(&self, granted: &BTreeSet<String>, probe: &str) -> bool {
        let opens = |role: &&Role| role.probes.iter().any(|id| id == probe);
        let mut roles = self.catalogue.roles.iter().filter(opens).peekable();
        // A resource that no role of the catalogue names, such as the monitoring probe of a small test catalogue.
        roles.peek().is_none() || roles.any(|role| token::scopes_of(role).iter().all(|scope| granted.contains(scope)))
    }

    /// Waits if the sample is slow.
    async fn delay(&self, scenario: Scenario) {
        if scenario == Scenario::Slow && self.latency != Latency::None {
            tokio::time::sleep(SLOW).await;
        }
    }
}
