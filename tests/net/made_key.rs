//! A key created through the practice tenant's Cloud Foundry passes the live test with the roles of its instance.

use std::net::SocketAddr;

use cpikey::{
    domain::{
        check::report::RoleStatus,
        finding::{FindingCode as C, Verdict},
        key::service_key::{self, ServiceKey},
    },
    practice::{
        Latency, Practice,
        cf::{Request, Response},
    },
};
use hyper::Method;
use serde_json::{Value, json};

use super::{
    ROLES,
    support::{Tested, asking, cloud::forward, content, options, run},
};

/// A user who has logged in to the Cloud Foundry of a practice tenant.
struct Person {
    address: SocketAddr,
    token: String,
}

impl Person {
    fn new(practice: &Practice) -> Self {
        let address = practice.cloud_foundry();
        let request = Request {
            method: Method::POST,
            path_and_query: "/uaa/oauth/token".to_owned(),
            authorization: Some("Basic Y2Y6".to_owned()),
            accept: None,
            body: format!("grant_type=password&passcode={}", practice.passcode()),
        };
        let tokens: Value = serde_json::from_str(&forward(address, &request).body).unwrap();
        Self { address, token: tokens["access_token"].as_str().unwrap().to_owned() }
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Response {
        let request = Request {
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            path_and_query: path.to_owned(),
            authorization: Some(format!("bearer {}", self.token)),
            accept: None,
            body: if body.is_null() { String::new() } else { body.to_string() },
        };
        forward(self.address, &request)
    }

    fn get(&self, path: &str) -> Value {
        serde_json::from_str(&self.ask("GET", path, &Value::Null).body).unwrap()
    }

    fn guid(&self, path: &str) -> String {
        self.get(path)["resources"][0]["guid"].as_str().unwrap().to_owned()
    }

    /// Sends a request that starts a job, and polls until the job is complete.
    fn complete(&self, method: &str, path: &str, body: &Value) {
        let answer = self.ask(method, path, body);
        let job = format!("/v3/{}", answer.header("location").unwrap().split_once("/v3/").unwrap().1);
        while self.get(&job)["state"] != "COMPLETE" {}
    }

    /// The guid of a new instance with these roles.
    fn instance(&self, roles: &[&str]) -> String {
        let space = self.guid("/v3/spaces?names=dev");
        let plan = self.guid("/v3/service_plans?names=api");
        self.complete(
            "POST",
            "/v3/service_instances",
            &json!({
                "type": "managed", "name": "made", "parameters": {"roles": roles},
                "relationships": {"space": {"data": {"guid": space}}, "service_plan": {"data": {"guid": plan}}},
            }),
        );
        self.guid("/v3/service_instances?names=made")
    }

    /// A new key of an instance, and its guid.
    fn key(&self, instance: &str, name: &str) -> (ServiceKey, String) {
        self.complete(
            "POST",
            "/v3/service_credential_bindings",
            &json!({
                "type": "key", "name": name, "relationships": {"service_instance": {"data": {"guid": instance}}},
            }),
        );
        let guid = self.guid(&format!("/v3/service_credential_bindings?names={name}"));
        let details = self.get(&format!("/v3/service_credential_bindings/{guid}/details"));
        let reading = service_key::read(details["credentials"].to_string().as_bytes(), jiff::Timestamp::UNIX_EPOCH);
        (reading.keys[0].key.clone().unwrap(), guid)
    }
}

async fn test(key: &ServiceKey, roles: &[&str]) -> Tested {
    run(asking(key.clone(), roles), options()).await
}

#[tokio::test]
async fn a_key_opens_what_its_instance_allows_and_no_more() {
    let practice = Practice::start_on_own_thread(&content(), Latency::None).unwrap();
    let person = Person::new(&practice);
    let instance = person.instance(&ROLES[..3]);
    let (key, _) = person.key(&instance, "key");
    let tested = test(&key, &ROLES[..3]).await;
    assert_eq!((tested.report.verdict, tested.codes()), (Verdict::Ready, vec![]));
    assert_eq!(tested.report.token.unwrap().expires_in, Some(43_199));
    let tested = test(&key, &ROLES[..4]).await;
    assert_eq!(tested.codes(), [C::RoleMissing]);
    let missing: Vec<_> =
        tested.report.roles.unwrap().into_iter().filter(|role| role.status == RoleStatus::Missing).collect();
    assert_eq!(missing.len(), 1);
    // A role that is added is in the next token of the same key.
    let path = format!("/v3/service_instances/{instance}");
    person.complete("PATCH", &path, &json!({"parameters": {"roles": &ROLES[..4]}}));
    assert_eq!(test(&key, &ROLES[..4]).await.report.verdict, Verdict::Ready);
}

#[tokio::test]
async fn a_key_that_is_deleted_no_longer_works_and_the_others_do() {
    let practice = Practice::start_on_own_thread(&content(), Latency::None).unwrap();
    let person = Person::new(&practice);
    let instance = person.instance(&ROLES[..1]);
    let ((old, guid), (new, _)) = (person.key(&instance, "old"), person.key(&instance, "new"));
    person.complete("DELETE", &format!("/v3/service_credential_bindings/{guid}"), &Value::Null);
    assert_eq!(test(&old, &ROLES[..1]).await.comes_to(), (C::BadCredentials, Verdict::Rejected));
    assert_eq!(test(&new, &ROLES[..1]).await.report.verdict, Verdict::Ready);
    person.complete("DELETE", &format!("/v3/service_instances/{instance}"), &Value::Null);
    assert_eq!(test(&new, &ROLES[..1]).await.comes_to(), (C::BadCredentials, Verdict::Rejected));
}
