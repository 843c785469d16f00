//! How the practice tenant decides on an answer.

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
    sample::Scenario,
    token::{self, Holder},
};
use crate::domain::{
    content::Content,
    sap::role::{Catalogue, Role},
};

/// Bytes of a token request that are read.
const REQUEST_LIMIT: usize = 16 * 1024;
/// What the slow sample adds to every answer.
const SLOW: Duration = Duration::from_millis(2_000);
/// Tokens without the role that arrives later.
const WITHOUT: u32 = 3;

/// What the tenant knows.
#[derive(Debug)]
pub(super) struct Tenant {
    catalogue: Catalogue,
    /// Resources below `/api/v1` without query, each with the id of its probe.
    resources: Vec<(String, String)>,
    latency: Latency,
    /// Tokens for the client whose role arrives later.
    tokens: AtomicU32,
}

impl Tenant {
    /// A tenant with all roles and probes of `content`.
    pub(super) fn new(content: &Content, latency: Latency) -> Self {
        let path = |path: &str| path.split('?').next().unwrap_or_default().to_owned();
        let resources = content.probes.iter().map(|probe| (path(&probe.path), probe.id.clone())).collect();
        Self { catalogue: Catalogue::clone(&content.catalogue), resources, latency, tokens: AtomicU32::new(0) }
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
        let Some(scenario) = Scenario::of_client(field("client_id")) else { return answers::bad_credentials() };
        if field("client_secret") != scenario.secret() {
            return answers::bad_credentials();
        }
        if field("grant_type") != "client_credentials" {
            return answers::wrong_grant(field("grant_type"));
        }
        self.delay(scenario).await;
        let asked = self.tokens.fetch_add(u32::from(scenario == Scenario::RoleArrives), Ordering::Relaxed);
        answers::json(StatusCode::OK, &token::answer(scenario, asked >= WITHOUT, &self.catalogue))
    }

    /// The API: reads only.
    async fn api(&self, request: &Request<Incoming>, path: &str) -> Reply {
        let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let holder = bearer.and_then(|value| value.strip_prefix("Bearer ")).and_then(token::holder);
        let Some(Holder { scenario, scopes }) = holder.filter(|holder| holder.scenario != Scenario::WrongPlan) else {
            return answers::no_authentication();
        };
        if scenario == Scenario::Unavailable {
            return answers::unavailable(u64::from(self.latency != Latency::None));
        }
        self.delay(scenario).await;
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

    /// Whether these are all scopes of a role that opens this probe's resource. As with SAP, a token keeps the scopes that it
    /// was issued with.
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
