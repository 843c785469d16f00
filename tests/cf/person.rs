//! A client of the Cloud Foundry model, request by request.

use std::{sync::LazyLock, time::Duration};

use cpikey::{
    content,
    domain::content::Content,
    practice::cf::{Config, Model, Pace, Request, Response},
};
use hyper::Method;
use serde_json::{Value, json};

/// The time of the tests: 27 November 2026.
pub const NOW: Duration = Duration::from_secs(1_795_780_800);
/// The base URL of the model.
pub const BASE: &str = "http://127.0.0.1:2";
/// `cf:` with its empty secret.
pub const CF: &str = "Basic Y2Y6";

/// The model, a clock that only the test moves, and the tokens of a user.
pub struct Person {
    pub model: Model,
    pub now: Duration,
    pub access: String,
    pub refresh: String,
}

/// The configuration of the tests: names that fail, quick operations.
pub fn config() -> Config {
    Config::new("http://127.0.0.1:1", BASE, Pace::Looks(2), NOW)
}

impl Person {
    /// A user who is not logged in.
    pub fn outside(config: Config) -> Self {
        static CONTENT: LazyLock<Content> = LazyLock::new(content::load);
        let model = Model::new(&CONTENT, config);
        Self { model, now: NOW, access: String::new(), refresh: String::new() }
    }

    /// A user who has logged in with a passcode.
    pub fn with(config: Config) -> Self {
        let mut person = Self::outside(config);
        let passcode = person.model.passcode(person.now);
        let answer = person.log_in(&[("grant_type", "password"), ("passcode", &passcode)], "");
        assert_eq!(answer.status, 200, "{}", answer.body);
        person.take(&answer);
        person
    }

    /// A user who has logged in to the usual model.
    pub fn new() -> Self {
        Self::with(config())
    }

    /// Stores the tokens of a response.
    pub fn take(&mut self, answer: &Response) {
        let body = body(answer);
        self.access = body["access_token"].as_str().unwrap().to_owned();
        self.refresh = body["refresh_token"].as_str().unwrap().to_owned();
    }

    /// Requests tokens from UAA.
    pub fn log_in(&mut self, form: &[(&str, &str)], query: &str) -> Response {
        let request = token_request(form, query);
        self.model.answer(&request, self.now)
    }

    /// Any request with the access token.
    pub fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Response {
        let request = Request {
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            path_and_query: path.to_owned(),
            authorization: Some(format!("bearer {}", self.access)),
            accept: Some("application/json".to_owned()),
            body: body.map(Value::to_string).unwrap_or_default(),
        };
        self.model.answer(&request, self.now)
    }

    pub fn get(&mut self, path: &str) -> Response {
        self.ask("GET", path, None)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Response {
        self.ask("POST", path, Some(body))
    }

    pub fn patch(&mut self, path: &str, body: &Value) -> Response {
        self.ask("PATCH", path, Some(body))
    }

    pub fn delete(&mut self, path: &str) -> Response {
        self.ask("DELETE", path, None)
    }

    /// The resources of a list.
    pub fn list(&mut self, path: &str) -> Vec<Value> {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        body(&answer)["resources"].as_array().unwrap().clone()
    }

    /// The guid of the one resource of a list.
    pub fn guid(&mut self, path: &str) -> String {
        let all = self.list(path);
        assert_eq!(all.len(), 1, "{path}: {all:#?}");
        all[0]["guid"].as_str().unwrap().to_owned()
    }

    /// The guid of a space by the names of its org and itself.
    pub fn space(&mut self, org: &str, space: &str) -> String {
        let org = self.guid(&format!("/v3/organizations?names={org}"));
        self.guid(&format!("/v3/spaces?names={space}&organization_guids={org}"))
    }

    /// The guid of a plan of the service by its name.
    pub fn plan(&mut self, plan: &str) -> String {
        self.guid(&format!("/v3/service_plans?names={plan}&service_offering_names=it-rt"))
    }

    /// The guid of an instance in the space `dev`.
    pub fn instance(&mut self, name: &str) -> String {
        let space = self.space("practice", "dev");
        self.guid(&format!("/v3/service_instances?names={name}&space_guids={space}"))
    }

    /// The guid of a key.
    pub fn key(&mut self, instance: &str, name: &str) -> String {
        self.guid(&format!("/v3/service_credential_bindings?type=key&names={name}&service_instance_guids={instance}"))
    }

    /// Requests an instance of the plan `api` in a space, with these parameters.
    pub fn create_in(&mut self, space: &str, name: &str, parameters: &Value) -> Response {
        let plan = self.plan("api");
        self.post(
            "/v3/service_instances",
            &json!({
                "type": "managed", "name": name, "parameters": parameters,
                "relationships": {"space": {"data": {"guid": space}}, "service_plan": {"data": {"guid": plan}}},
            }),
        )
    }

    /// Requests an instance in the space `dev`.
    pub fn create(&mut self, name: &str, roles: &[&str]) -> Response {
        let space = self.space("practice", "dev");
        self.create_in(&space, name, &parameters(roles))
    }

    /// Requests a key.
    pub fn create_key(&mut self, instance: &str, name: &str, parameters: &Value) -> Response {
        self.post(
            "/v3/service_credential_bindings",
            &json!({
                "type": "key", "name": name, "parameters": parameters,
                "relationships": {"service_instance": {"data": {"guid": instance}}},
            }),
        )
    }

    /// Polls the job of a response until it has ended.
    pub fn wait(&mut self, accepted: &Response) -> Value {
        assert_eq!(accepted.status, 202, "{}", accepted.body);
        let job = accepted.header("location").unwrap().strip_prefix(BASE).unwrap().to_owned();
        for _ in 0..50 {
            let job = body(&self.get(&job));
            if job["state"] != "PROCESSING" && job["state"] != "POLLING" {
                return job;
            }
        }
        panic!("{job} does not end");
    }

    /// Creates an instance and returns its guid.
    pub fn made(&mut self, name: &str, roles: &[&str]) -> String {
        let accepted = self.create(name, roles);
        assert_eq!(self.wait(&accepted)["state"], "COMPLETE");
        self.instance(name)
    }
}

/// A request for tokens as the cf CLI sends it.
pub fn token_request(form: &[(&str, &str)], query: &str) -> Request {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    Request {
        method: Method::POST,
        path_and_query: format!("/uaa/oauth/token{query}"),
        authorization: Some(CF.to_owned()),
        accept: Some("application/json".to_owned()),
        body,
    }
}

/// Instance parameters with these roles.
pub fn parameters(roles: &[&str]) -> Value {
    json!({"roles": roles, "grant-types": ["client_credentials"], "redirect-uris": [], "token-validity": 43_200})
}

/// The body of a response.
pub fn body(answer: &Response) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

/// Status, code and detail of an error.
pub fn error(answer: &Response) -> (u16, u64, String) {
    let body = body(answer);
    let error = &body["errors"][0];
    (answer.status, error["code"].as_u64().unwrap(), error["detail"].as_str().unwrap().to_owned())
}
