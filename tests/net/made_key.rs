//! A key that is made through the practice tenant's Cloud Foundry passes the live test with the roles of its instance.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use cpikey::{
    domain::{
        check::report::RoleStatus,
        finding::{FindingCode as C, Verdict},
        key::service_key::{self, ServiceKey},
    },
    practice::{Latency, Practice},
};
use serde_json::{Value, json};

use super::{
    ROLES,
    support::{Tested, asking, content, options, run},
};

/// Someone who has logged in to the Cloud Foundry of a practice tenant.
struct Person {
    address: SocketAddr,
    token: String,
}

impl Person {
    fn new(practice: &Practice) -> Self {
        let mut person = Self { address: practice.cloud_foundry(), token: String::new() };
        let form = format!("grant_type=password&passcode={}", practice.passcode());
        let basic = "Authorization: Basic Y2Y6\r\n";
        let (_, tokens) = person.send("POST", "/uaa/oauth/token", basic, &form);
        tokens["access_token"].as_str().unwrap().clone_into(&mut person.token);
        person
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> (String, Value) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: practice\r\nConnection: close\r\n{headers}").unwrap();
        write!(stream, "Content-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), serde_json::from_str(body).unwrap_or_default())
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> (String, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, path, &format!("Authorization: bearer {}\r\n", self.token), &body)
    }

    fn guid(&self, path: &str) -> String {
        let (_, list) = self.ask("GET", path, &Value::Null);
        list["resources"][0]["guid"].as_str().unwrap().to_owned()
    }

    /// Does something that goes on in a job, and looks until the job is complete.
    fn complete(&self, method: &str, path: &str, body: &Value) {
        let (head, _) = self.ask(method, path, body);
        let location =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("location: ").map(str::to_owned));
        let job = location.unwrap().split_once("/v3/").unwrap().1.to_owned();
        while self.ask("GET", &format!("/v3/{job}"), &Value::Null).1["state"] != "COMPLETE" {}
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
        let (_, details) = self.ask("GET", &format!("/v3/service_credential_bindings/{guid}/details"), &Value::Null);
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
