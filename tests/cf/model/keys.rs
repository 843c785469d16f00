//! Keys: creating, reading, deleting.

use cpikey::practice::cf::{Act, Config, Outcome, Rule};
use serde_json::{Value, json};

use crate::person::{Person, body, config, error};

fn path(guid: &str) -> String {
    format!("/v3/service_credential_bindings/{guid}")
}

fn details(person: &mut Person, guid: &str) -> cpikey::practice::cf::Response {
    person.get(&format!("{}/details", path(guid)))
}

#[test]
fn a_key_is_read_when_it_is_there_and_not_before() {
    let mut person = Person::new();
    let instance = person.instance("monitoring");
    let accepted = person.create_key(&instance, "new", &json!({"key-type": "client_id_secret"}));
    assert_eq!((accepted.status, accepted.body.as_str()), (202, ""));
    let key = person.key(&instance, "new");
    let early = error(&details(&mut person, &key));
    assert_eq!(early, (404, 10_010, "Creation of service key initial".to_owned()));
    // Brokers create keys at once: complete at the first poll.
    let job = accepted.header("Location").unwrap().strip_prefix(crate::person::BASE).unwrap().to_owned();
    assert_eq!(body(&person.get(&job))["state"], "COMPLETE");
    let oauth = body(&details(&mut person, &key))["credentials"]["oauth"].clone();
    for name in ["clientid", "clientsecret", "url", "tokenurl", "createdate"] {
        assert!(oauth[name].is_string(), "{oauth}");
    }
    assert!(oauth["clientid"].as_str().unwrap().contains(&instance));
    // The keys of an instance share its client; each has its own secret.
    let old = person.key(&instance, "monitoring-key");
    let other = body(&details(&mut person, &old))["credentials"]["oauth"].clone();
    assert_eq!(oauth["clientid"], other["clientid"]);
    assert_ne!(oauth["clientsecret"], other["clientsecret"]);
}

#[test]
fn a_key_has_labels_and_belongs_to_its_instance() {
    let mut person = Person::new();
    let instance = person.instance("monitoring");
    let accepted = person.post(
        "/v3/service_credential_bindings",
        &json!({
            "type": "key", "name": "marked", "metadata": {"labels": {"cpikey": "1"}},
            "relationships": {"service_instance": {"data": {"guid": instance}}},
        }),
    );
    person.wait(&accepted);
    let shown = person.list("/v3/service_credential_bindings?label_selector=cpikey").remove(0);
    assert_eq!((&shown["name"], &shown["type"]), (&json!("marked"), &json!("key")));
    assert_eq!(shown["relationships"]["service_instance"]["data"]["guid"], instance);
    let key = shown["guid"].as_str().unwrap();
    let answer = person.patch(&path(key), &json!({"metadata": {"labels": {"cpikey": null}}}));
    assert_eq!((answer.status, &body(&answer)["metadata"]["labels"]), (200, &json!({})));
}

#[test]
fn what_is_wrong_with_a_key_is_told_at_once() {
    let mut person = Person::new();
    let instance = person.instance("monitoring");
    let (status, code, detail) = error(&person.create_key(&instance, "monitoring-key", &json!({})));
    assert_eq!((status, code), (422, 10_008));
    assert!(detail.ends_with("already has a key binding with name 'monitoring-key'."), "{detail}");
    let detail = error(&person.create_key("nowhere", "x", &json!({}))).2;
    assert_eq!(detail, "The service instance could not be found: 'nowhere'");
    let answer = person.post("/v3/service_credential_bindings", &json!({"type": "key", "name": "x", "nam": 1}));
    assert_eq!(error(&answer), (422, 10_008, "Unknown field(s): 'nam'".to_owned()));
}

#[test]
fn a_key_that_failed_is_replaced_by_the_next_of_its_name() {
    let mut person = Person::new();
    let instance = person.instance("monitoring");
    let accepted = person.create_key(&instance, "may-fail", &json!({}));
    let job = person.wait(&accepted);
    let detail = job["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("bind could not be completed: ") && detail.contains("502 Bad Gateway"), "{detail}");
    let failed = person.key(&instance, "may-fail");
    assert_eq!(body(&person.get(&path(&failed)))["last_operation"]["state"], "failed");
    assert_eq!(error(&details(&mut person, &failed)).2, "Creation of service key failed");
    let accepted = person.create_key(&instance, "may-fail", &json!({}));
    assert_eq!(person.wait(&accepted)["state"], "COMPLETE");
    let key = person.key(&instance, "may-fail");
    assert_eq!(details(&mut person, &key).status, 200);
}

#[test]
fn a_key_with_a_certificate_is_refused_by_the_broker() {
    let mut person = Person::new();
    let instance = person.instance("monitoring");
    for kind in ["certificate", "certificate_external"] {
        let accepted = person.create_key(&instance, "key", &json!({"key-type": kind}));
        let job = person.wait(&accepted);
        assert!(job["errors"][0]["detail"].as_str().unwrap().contains("client_id_secret"), "{job}");
    }
    let accepted = person.create_key(&instance, "key", &json!({"key_type": "certificate"}));
    let job = person.wait(&accepted);
    assert!(job["errors"][0]["detail"].as_str().unwrap().contains("Unrecognized field"), "{job}");
}

#[test]
fn a_key_is_gone_after_its_deletion_and_its_job_still_tells() {
    let mut person = Person::new();
    let instance = person.instance("monitoring");
    let key = person.key(&instance, "monitoring-key");
    let accepted = person.delete(&path(&key));
    let job = person.wait(&accepted);
    assert_eq!((&job["state"], &job["links"]["service_credential_binding"]), (&json!("COMPLETE"), &Value::Null));
    for path in [path(&key), format!("{}/details", path(&key))] {
        assert_eq!(error(&person.get(&path)), (404, 10_010, "Service credential binding not found".to_owned()));
    }
}

#[test]
fn a_key_whose_deletion_failed_still_works_and_keeps_its_name() {
    let outcome = Outcome::Fails("Authentication with the service broker failed.".into());
    let rule = Rule { act: Act::DeleteKey, name: "monitoring".into(), outcome, once: true };
    let mut person = Person::with(Config { rules: vec![rule], ..config() });
    let instance = person.instance("monitoring");
    let key = person.key(&instance, "monitoring-key");
    let accepted = person.delete(&path(&key));
    assert_eq!(person.wait(&accepted)["state"], "FAILED");
    assert_eq!(details(&mut person, &key).status, 200);
    let detail = error(&person.create_key(&instance, "monitoring-key", &json!({}))).2;
    assert!(detail.ends_with("that is getting deleted or its deletion failed."), "{detail}");
    let accepted = person.delete(&path(&key));
    assert_eq!(person.wait(&accepted)["state"], "COMPLETE");
}
