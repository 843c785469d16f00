//! Everything from start to end: log in, create instance and key, use, change, rotate, delete.

use serde_json::json;

use crate::person::{Person, body};

#[test]
fn from_a_passcode_to_credentials() {
    let mut person = Person::new();
    let accepted = person.create("made", &["MonitoringDataRead"]);
    assert_eq!((accepted.status, accepted.body.as_str()), (202, ""));
    assert!(accepted.header("content-type").unwrap().starts_with("text/html"));
    let instance = person.instance("made");
    let mut states = Vec::new();
    for _ in 0..3 {
        let shown = body(&person.get(&format!("/v3/service_instances/{instance}")));
        states.push(shown["last_operation"]["state"].as_str().unwrap().to_owned());
    }
    assert_eq!(states, ["initial", "in progress", "succeeded"]);
    let accepted = person.create_key(&instance, "key", &json!({}));
    let job = person.wait(&accepted);
    assert_eq!(job["state"], "COMPLETE");
    let key = person.key(&instance, "key");
    assert!(job["links"]["service_credential_binding"]["href"].as_str().unwrap().ends_with(&key));
    let details = body(&person.get(&format!("/v3/service_credential_bindings/{key}/details")));
    let oauth = &details["credentials"]["oauth"];
    assert_eq!(oauth["url"], "http://127.0.0.1:1");
    assert_eq!(oauth["tokenurl"], "http://127.0.0.1:1/oauth/token");
}
