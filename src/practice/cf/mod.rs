//! The practice tenant's Cloud Foundry: Cloud Controller (`/v3`) and UAA, as far as a key needs them, in the format of
//! SAP's recorded traffic. Pure: the time is passed with each request, so that tests can drive it without a network.
//!
//! What users find:
//!
//! | where | what |
//! |---|---|
//! | org `practice`, space `dev` | instance `monitoring` of plan `api` with a key of more than a year, `orders` of plan `integration-flow`, `destinations` of another service, and `default_it-rt_api`, whose creation failed |
//! | org `practice`, space `prod` | may only be looked at |
//! | org `practice-empty` | has no space |
//! | org `practice-new` | space `dev`, not entitled to the service |
//! | org `practice-suspended` | space `dev`, in which nothing can be changed |
//! | name with `fail` in it | an instance or key of that name cannot be created the first time |
//! | name with `inactive` or `quota` in it | no instance of that name can ever be created: Cloud Integration is not active, or there are too many |
//! | name with `slow` in it | takes six times as long |
//! | key with a certificate | refused: the tenant speaks plain http, where nobody asks for one |
//!
//! Keys created here open the practice API with exactly the roles that their instance has when the token is issued.

mod answer;
mod body;
mod broker;
mod instances;
mod keys;
mod lists;
mod operation;
mod query;
mod shown;
mod uaa;
mod world;

use std::time::Duration;

use hyper::Method;
use serde_json::{Value, json};

pub use answer::Response;
pub use broker::Rule;
pub use operation::{Act, Outcome, Pace};
pub use uaa::{ORIGIN, OTHER_ORIGIN, PASSWORD, USER, USER_LOCKED, USER_OF_TWO_ORIGINS, USER_WITH_SECOND_FACTOR};

use super::clients::Clients;
use crate::domain::{content::Content, sap::role::Catalogue};
use answer::{Answer, invalid_token, not_authenticated, unknown_request};
use query::Query;
use uaa::Uaa;
use world::World;

/// Requests per hour.
const LIMIT: u64 = 20_000;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Without scheme and host, as sent.
    pub path_and_query: String,
    /// The header `Authorization`.
    pub authorization: Option<String>,
    /// The header `Accept`.
    pub accept: Option<String>,
    /// The body, empty if there is none.
    pub body: String,
}

/// Which roles the plan `api` offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landscape {
    /// All that are known.
    Most,
    /// Only those that every landscape offers.
    Fewest,
}

/// How the model behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The base URL of the token server and API of Cloud Integration: `http://127.0.0.1:1`.
    pub api: String,
    /// Its own base URL, for links.
    pub cloud_foundry: String,
    /// How long the broker takes for operations.
    pub pace: Pace,
    /// The start time, since 1970. Existing objects were created before.
    pub started: Duration,
    /// Names that fail.
    pub rules: Vec<Rule>,
    /// Whether the parameters of an instance can be read. At SAP they cannot be.
    pub retrievable: bool,
    /// Which roles there are.
    pub landscape: Landscape,
}

impl Config {
    /// The configuration for users.
    pub fn new(api: impl Into<String>, cloud_foundry: impl Into<String>, pace: Pace, started: Duration) -> Self {
        Self {
            api: api.into(),
            cloud_foundry: cloud_foundry.into(),
            pace,
            started,
            rules: Rule::of_practice(),
            retrievable: false,
            landscape: Landscape::Fewest,
        }
    }
}

/// Cloud Foundry, as far as a key needs it.
#[derive(Debug)]
pub struct Model {
    config: Config,
    catalogue: Catalogue,
    world: World,
    uaa: Uaa,
    clients: Clients,
    /// Rules that have been applied.
    met: Vec<(Act, String)>,
    requests: u64,
}

impl Model {
    /// A model with all roles of `content`.
    pub fn new(content: &Content, config: Config) -> Self {
        Self::with_clients(content, config, Clients::default())
    }

    /// A model that shares its clients with a token server.
    pub(super) fn with_clients(content: &Content, config: Config, clients: Clients) -> Self {
        let api = match config.landscape {
            Landscape::Most => include_str!("../../../assets/schema/api-instance.json"),
            Landscape::Fewest => include_str!("../../../assets/schema/api-instance-smallest.json"),
        };
        let api = schemas(api, include_str!("../../../assets/schema/api-key.json"));
        let flow = include_str!("../../../assets/schema/integration-flow-instance.json");
        let flow = schemas(flow, include_str!("../../../assets/schema/integration-flow-key.json"));
        let world = World::new(api, flow, config.started);
        let catalogue = Catalogue::clone(&content.catalogue);
        let model = Self { config, catalogue, world, uaa: Uaa::default(), clients, met: Vec::new(), requests: 0 };
        for instance in &model.world.instances {
            if !instance.operation.is_create_failed() {
                model.set_client(&instance.guid);
            }
        }
        for key in &model.world.keys {
            model.accept_key(&key.guid);
        }
        model
    }

    /// A new passcode, as shown on the page. It invalidates the previous one.
    pub fn passcode(&mut self, now: Duration) -> String {
        self.uaa.passcode(now)
    }

    /// Answers a request at `now` (since 1970), which never decreases.
    pub fn answer(&mut self, request: &Request, now: Duration) -> Response {
        self.requests += 1;
        self.settle(now);
        let (path, query) = request.path_and_query.split_once('?').unwrap_or((&request.path_and_query, ""));
        let is_limited = path.starts_with("/v3/");
        let mut answer = self.route(request, path, query, now).unwrap_or_else(|refusal| refusal);
        if is_limited {
            let reset = now.as_secs() / 3_600 * 3_600 + 3_600;
            answer = answer
                .with("X-RateLimit-Limit", LIMIT.to_string())
                .with("X-RateLimit-Remaining", LIMIT.saturating_sub(self.requests).to_string())
                .with("X-RateLimit-Reset", reset.to_string());
        }
        let id = format!("{:08x}-0000-4000-8000-000000000000", self.requests);
        answer.with("X-Vcap-Request-Id", format!("{id}::{id}"))
    }

    fn route(&mut self, request: &Request, path: &str, query: &str, now: Duration) -> Answer {
        let Some(resource) = path.strip_prefix("/v3/") else {
            return self.outside(request, path, query, now);
        };
        self.authenticated(request, now)?;
        let parts: Vec<&str> = resource.split('/').collect();
        let body = request.body.as_str();
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["service_instances"]) => self.create_instance(body, now),
            ("PATCH", ["service_instances", guid]) => self.update_instance(guid, body, now),
            ("DELETE", ["service_instances", guid]) => self.delete_instance(guid, now),
            ("GET", ["service_instances", guid, "parameters"]) => self.parameters(guid),
            ("POST", ["service_credential_bindings"]) => self.create_key(body, now),
            ("PATCH", ["service_credential_bindings", guid]) => self.update_key(guid, body, now),
            ("DELETE", ["service_credential_bindings", guid]) => self.delete_key(guid, now),
            ("GET", ["service_credential_bindings", guid, "details"]) => self.details(guid, now),
            ("GET", ["jobs", guid]) => self.job(guid, now),
            ("GET", [collection]) => self.list(collection, &Query::read(query), request, now),
            ("GET", [collection, guid]) => self.one((collection, guid), &Query::read(query), request, now),
            _ => Err(unknown_request()),
        }
    }

    /// Requests that need no access token.
    fn outside(&mut self, request: &Request, path: &str, query: &str, now: Duration) -> Answer {
        // As at SAP, one server answers under both names.
        let of_uaa = path.strip_prefix("/login").or_else(|| path.strip_prefix("/uaa"));
        match (request.method.as_str(), of_uaa) {
            ("GET", None) if path == "/" => Ok(Response::json(200, &self.root())),
            ("GET", Some("/login")) => Ok(self.login(request)),
            ("GET", Some("/passcode")) => {
                let passcode = self.uaa.passcode(now);
                let page = format!(
                    "<!DOCTYPE html><html><head><title>Practice</title></head><body><h1>Temporary Authentication Code</h1>\
                     <p>{passcode}</p></body></html>"
                );
                Ok(Response::text(200, "text/html;charset=UTF-8", page).with("Cache-Control", "no-store"))
            }
            ("POST", Some("/oauth/token")) => {
                self.uaa.token(request.authorization.as_deref(), query, &request.body, now)
            }
            _ => Err(unknown_request()),
        }
    }

    /// The links to all resources.
    fn root(&self) -> Value {
        let base = &self.config.cloud_foundry;
        json!({"links": {
            "self": {"href": base},
            "cloud_controller_v2": {"href": format!("{base}/v2"), "meta": {"version": "2.245.0"}},
            "cloud_controller_v3": {"href": format!("{base}/v3"), "meta": {"version": "3.188.0"}},
            "login": {"href": format!("{base}/login")},
            "uaa": {"href": format!("{base}/uaa")},
        }})
    }

    /// The login prompts; an HTML page for clients that do not accept JSON.
    fn login(&self, request: &Request) -> Response {
        let base = &self.config.cloud_foundry;
        if !request.accept.as_deref().is_some_and(|accept| accept.contains("json")) {
            let page =
                format!("<!DOCTYPE html><html><body><a href=\"{base}/login/passcode\">Passcode</a></body></html>");
            return Response::text(200, "text/html;charset=UTF-8", page);
        }
        let passcode = format!("Temporary Authentication Code ( Get one at {base}/login/passcode )");
        Response::json(
            200,
            &json!({
                "app": {"version": "77.20.0"},
                "zone_name": "uaa",
                "links": {"uaa": format!("{base}/uaa"), "login": format!("{base}/login"), "passwd": "/forgot_password"},
                "prompts": {
                    "username": ["text", "Email"], "password": ["password", "Password"], "passcode": ["password", passcode],
                },
            }),
        )
    }

    /// Refuses requests without a valid access token.
    fn authenticated(&self, request: &Request, now: Duration) -> Result<(), Response> {
        let bearer = request.authorization.as_deref().and_then(|value| value.split_once(' '));
        let Some((_, token)) = bearer.filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer")) else {
            return Err(not_authenticated());
        };
        if self.uaa.accepts(token, now) { Ok(()) } else { Err(invalid_token()) }
    }

    fn job(&mut self, guid: &str, now: Duration) -> Answer {
        let target =
            self.world.jobs.iter().find(|job| job.guid == guid && job.end.is_none()).map(|job| job.target.clone());
        if let Some(target) = target {
            self.look(&target, now);
        }
        let job = self.world.jobs.iter().find(|job| job.guid == guid).ok_or_else(|| answer::not_found("Job"))?;
        Ok(Response::json(200, &shown::job(&self.config.cloud_foundry, job, &self.world, now)))
    }

    /// Records that an instance or a key was read, which advances operations in tests.
    fn look(&mut self, guid: &str, now: Duration) {
        if let Some(operation) = self.world.operation_of(guid) {
            operation.look();
        }
        self.settle(now);
    }
}

/// The schemas of a plan as in the broker's catalogue.
fn schemas(instance: &str, key: &str) -> Value {
    let read = |text: &str| {
        let mut schema: Value = serde_json::from_str(text).unwrap_or_default();
        let names: Vec<Value> = schema["properties"]
            .as_object()
            .into_iter()
            .flat_map(|all| all.keys().cloned().map(Value::String))
            .collect();
        schema["_show_form_view"] = json!(true);
        schema["_controlsOrder"] = Value::Array(names);
        schema
    };
    let (instance, key) = (json!({"parameters": read(instance)}), json!({"parameters": read(key)}));
    json!({"service_instance": {"create": instance, "update": instance}, "service_binding": {"create": key}})
}
