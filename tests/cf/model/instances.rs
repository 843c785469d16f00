//! Instances: creating, watching, changing, deleting.

use std::time::Duration;

use cpikey::practice::cf::{Act, Config, Outcome, Pace, Rule};
use serde_json::{Value, json};

use crate::person::{Person, body, config, error, parameters};

const ROLES: [&str; 2] = ["MonitoringDataRead", "WorkspacePackagesRead"];

fn path(guid: &str) -> String {
    format!("/v3/service_instances/{guid}")
}

/// Type, state and description of the last operation of an instance.
fn last(person: &mut Person, guid: &str) -> (String, String, Value) {
    let shown = body(&person.get(&path(guid)));
    let last = &shown["last_operation"];
    let text = |name: &str| last[name].as_str().unwrap().to_owned();
    (text("type"), text("state"), last["description"].clone())
}

#[test]
fn what_is_there_already() {
    let mut person = Person::new();
    let space = person.space("practice", "dev");
    let instances = person.list(&format!("/v3/service_instances?space_guids={space}"));
    let shown: Vec<(&str, &str)> = instances
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["last_operation"]["state"].as_str().unwrap()))
        .collect();
    let wanted = [
        ("monitoring", "succeeded"),
        ("orders", "succeeded"),
        ("destinations", "succeeded"),
        ("default_it-rt_api", "failed"),
    ];
    assert_eq!(shown, wanted);
    assert!(instances.iter().all(|one| one["metadata"]["labels"] == json!({})));
    let monitoring = person.instance("monitoring");
    let key = person.list(&format!("/v3/service_credential_bindings?type=key&service_instance_guids={monitoring}"));
    assert_eq!((&key[0]["name"], &key[0]["created_at"]), (&json!("monitoring-key"), &json!("2025-10-04T12:00:00Z")));
}

#[test]
fn labels_come_back_and_can_be_selected() {
    let mut person = Person::new();
    let (space, plan) = (person.space("practice", "dev"), person.plan("api"));
    let accepted = person.post(
        "/v3/service_instances",
        &json!({
            "type": "managed", "name": "marked", "parameters": parameters(&ROLES), "tags": ["a"],
            "metadata": {"labels": {"cpikey": "1", "cpikey-parameters": "0123456789abcdef0123456789abcdef"}},
            "relationships": {"space": {"data": {"guid": space}}, "service_plan": {"data": {"guid": plan}}},
        }),
    );
    person.wait(&accepted);
    let guid = person.guid("/v3/service_instances?label_selector=cpikey%3D1");
    let shown = body(&person.get(&path(&guid)));
    assert_eq!(shown["metadata"]["labels"]["cpikey-parameters"], "0123456789abcdef0123456789abcdef");
    assert_eq!((&shown["name"], &shown["tags"], &shown["type"]), (&json!("marked"), &json!(["a"]), &json!("managed")));
    assert_eq!(person.list("/v3/service_instances?label_selector=!cpikey").len(), 5);
    let long = "x".repeat(64);
    let answer = person.patch(&path(&guid), &json!({"metadata": {"labels": {"cpikey": long}}}));
    assert_eq!((error(&answer).0, error(&answer).1), (422, 10_008));
}

#[test]
fn a_body_that_is_not_understood_is_refused() {
    let mut person = Person::new();
    let create = |person: &mut Person, body: Value| error(&person.post("/v3/service_instances", &body));
    let unknown = create(&mut person, json!({"type": "managed", "name": "x", "nam": 1}));
    assert_eq!(unknown, (422, 10_008, "Unknown field(s): 'nam'".to_owned()));
    for body in
        [json!({"name": "x"}), json!({"type": "managed"}), json!({"type": "managed", "name": "x", "parameters": 1})]
    {
        assert_eq!(create(&mut person, body).0, 422);
    }
    let answer = person.ask("POST", "/v3/service_instances", Some(&json!([])));
    assert_eq!((error(&answer).0, error(&answer).1), (400, 1_001));
}

#[test]
fn a_name_is_taken_until_its_instance_is_gone_but_not_by_one_that_failed() {
    let mut person = Person::new();
    let taken = |name: &str| (422, 10_008, format!("The service instance name is taken: {name}."));
    assert_eq!(error(&person.create("monitoring", &ROLES)), taken("monitoring"));
    // The same name in another space is another instance.
    assert_eq!(person.list("/v3/service_instances?names=monitoring").len(), 2);
    let failed = person.instance("default_it-rt_api");
    assert!(
        last(&mut person, &failed).2.as_str().unwrap().contains("it-broker-rt failed with: Internal Server Error.")
    );
    let made = person.made("default_it-rt_api", &ROLES);
    assert_ne!(made, failed);
    assert_eq!(person.get(&path(&failed)).status, 404);
    let accepted = person.delete(&path(&made));
    assert_eq!(error(&person.create("default_it-rt_api", &ROLES)), taken("default_it-rt_api"));
    person.wait(&accepted);
    assert_eq!(person.create("default_it-rt_api", &ROLES).status, 202);
}

#[test]
fn a_name_with_fail_in_it_fails_the_first_time() {
    let mut person = Person::new();
    let accepted = person.create("will-fail", &ROLES);
    let job = person.wait(&accepted);
    assert_eq!((&job["state"], &job["errors"][0]["code"]), (&json!("FAILED"), &json!(10_009)));
    let detail = job["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("provision could not be completed: Service broker error: Service broker "), "{detail}");
    let failed = person.instance("will-fail");
    assert!(job["links"]["service_instances"]["href"].as_str().unwrap().ends_with(&failed));
    let (kind, state, description) = last(&mut person, &failed);
    assert_eq!((kind.as_str(), state.as_str()), ("create", "failed"));
    assert!(detail.ends_with(description.as_str().unwrap()));
    assert_eq!(error(&person.get(&format!("{}/parameters", path(&failed)))).0, 404);
    let answer = person.patch(&path(&failed), &json!({"parameters": {}}));
    assert_eq!(error(&answer), (404, 60_004, "The service instance could not be found: will-fail".to_owned()));
    let answer = person.create_key(&failed, "key", &json!({}));
    assert_eq!(error(&answer), (422, 10_008, "Service instance not found".to_owned()));
    person.made("will-fail", &ROLES);
}

#[test]
fn names_that_always_fail_say_why() {
    let mut person = Person::new();
    for (name, words) in [("inactive", "You have not provisioned a tenant"), ("quota", "Quota limit exceeded")] {
        for _ in 0..2 {
            let accepted = person.create(name, &ROLES);
            let job = person.wait(&accepted);
            assert!(job["errors"][0]["detail"].as_str().unwrap().contains(words), "{job}");
        }
    }
}

#[test]
fn parameters_that_the_schema_does_not_allow_fail_with_their_place() {
    let mut person = Person::new();
    let space = person.space("practice", "dev");
    let cases = [
        (
            json!({"roles": ["MonitoringDataRead"], "role": 1}),
            r#"[{"message":"Unrecognized field","propertyPath":"role"}]"#,
        ),
        (json!({"roles": ["B2bInterchangeRead"]}), r#""propertyPath":"roles[0]""#),
        (json!({"roles": []}), r#""propertyPath":"roles""#),
        (json!({"roles": ["MonitoringDataRead", "MonitoringDataRead"]}), r#""propertyPath":"roles""#),
        (json!({"token-validity": 60}), r#""propertyPath":"token-validity""#),
        (json!({"token-validity": "3600"}), r#""propertyPath":"token-validity""#),
        (json!({"grant-types": ["implicit"]}), r#""propertyPath":"grant-types[0]""#),
    ];
    for (parameters, place) in cases {
        let accepted = person.create_in(&space, "wrong", &parameters);
        let job = person.wait(&accepted);
        let detail = job["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("parameters are invalid: ") && detail.contains(place), "{detail}");
    }
}

#[test]
fn in_life_a_creation_takes_some_seconds_and_a_slow_one_longer() {
    let mut person = Person::with(Config { pace: Pace::Lifelike, ..config() });
    for (name, seconds) in [("quick", 7), ("slow", 42)] {
        person.create(name, &ROLES);
        let guid = person.instance(name);
        assert_eq!(last(&mut person, &guid).1, "initial");
        person.now += Duration::from_secs(seconds - 1);
        assert_eq!(
            last(&mut person, &guid),
            ("create".into(), "in progress".into(), json!("Creating the OAuth client"))
        );
        person.now += Duration::from_secs(1);
        assert_eq!(last(&mut person, &guid).1, "succeeded");
    }
}

#[test]
fn parameters_cannot_be_read_unless_the_broker_gives_them() {
    let mut person = Person::new();
    let guid = person.instance("monitoring");
    let (status, code, detail) = error(&person.get(&format!("{}/parameters", path(&guid))));
    assert_eq!((status, code), (400, 120_004));
    assert_eq!(detail, "This service does not support fetching service instance parameters.");
    let mut person = Person::with(Config { retrievable: true, ..config() });
    let guid = person.made("made", &ROLES);
    assert_eq!(body(&person.get(&format!("{}/parameters", path(&guid)))), parameters(&ROLES));
}

#[test]
fn an_update_stores_labels_only_when_it_succeeds() {
    let rule = |name: &str, words: &str| Rule {
        act: Act::UpdateInstance,
        name: name.into(),
        outcome: Outcome::Fails(words.into()),
        once: false,
    };
    let mut person = Person::with(Config { rules: vec![rule("stubborn", "No.")], ..config() });
    let update = json!({"parameters": parameters(&ROLES), "metadata": {"labels": {"cpikey": "2"}}});
    for (name, state, labels) in [("willing", "succeeded", json!({"cpikey": "2"})), ("stubborn", "failed", json!({}))] {
        let guid = person.made(name, &ROLES[..1]);
        let accepted = person.patch(&path(&guid), &update);
        assert_eq!(body(&person.get(&path(&guid)))["metadata"]["labels"], json!({}));
        let job = person.wait(&accepted);
        assert_eq!(last(&mut person, &guid).1, state);
        assert_eq!(body(&person.get(&path(&guid)))["metadata"]["labels"], labels);
        if state == "failed" {
            assert_eq!(job["errors"][0]["detail"], "update could not be completed: No.");
        }
    }
}

#[test]
fn metadata_and_a_name_alone_are_changed_at_once() {
    let mut person = Person::new();
    let guid = person.instance("monitoring");
    let answer = person.patch(&path(&guid), &json!({"metadata": {"labels": {"cpikey": "1"}}}));
    assert_eq!((answer.status, &body(&answer)["metadata"]["labels"]), (200, &json!({"cpikey": "1"})));
    let answer = person.patch(&path(&guid), &json!({"name": "renamed", "metadata": {"labels": {"cpikey": null}}}));
    assert_eq!((answer.status, &body(&answer)["name"]), (200, &json!("renamed")));
    assert_eq!(body(&answer)["metadata"]["labels"], json!({}));
    assert_eq!(error(&person.patch(&path(&guid), &json!({"name": "orders"}))).0, 422);
    let (plan, mut other) = (person.plan("integration-flow"), json!({"relationships": {}}));
    other["relationships"]["service_plan"] = json!({"data": {"guid": plan}});
    let answer = person.patch(&path(&guid), &other);
    assert_eq!(error(&answer), (400, 110_004, "The service does not support changing plans.".to_owned()));
}

#[test]
fn while_somebody_is_at_it_nobody_else_is() {
    let mut person = Person::new();
    let guid = person.instance("monitoring");
    let key = person.key(&guid, "monitoring-key");
    let accepted = person.patch(&path(&guid), &json!({"parameters": parameters(&ROLES)}));
    let busy = (409, 60_016, "An operation for service instance monitoring is in progress.".to_owned());
    assert_eq!(error(&person.patch(&path(&guid), &json!({"parameters": {}}))), busy);
    assert_eq!(error(&person.get(&format!("{}/parameters", path(&guid)))), busy);
    let busy = (422, 10_008, "There is an operation in progress for the service instance.".to_owned());
    assert_eq!(error(&person.create_key(&guid, "other", &json!({}))), busy);
    assert_eq!(error(&person.delete(&path(&guid))), busy);
    assert_eq!(error(&person.delete(&format!("/v3/service_credential_bindings/{key}"))), busy);
    let labels = json!({"metadata": {"labels": {"a": "b"}}});
    assert_eq!(person.patch(&path(&guid), &labels).status, 200);
    person.wait(&accepted);
    assert_eq!(person.create_key(&guid, "other", &json!({})).status, 202);
}

#[test]
fn a_deletion_takes_the_keys_along_and_the_job_outlives_the_instance() {
    let mut person = Person::new();
    let guid = person.instance("monitoring");
    let key = person.key(&guid, "monitoring-key");
    let accepted = person.delete(&path(&guid));
    assert_eq!(last(&mut person, &guid).0, "delete");
    let job = person.wait(&accepted);
    assert_eq!((&job["state"], &job["links"]["service_instances"]), (&json!("COMPLETE"), &Value::Null));
    assert_eq!(error(&person.get(&path(&guid))), (404, 10_010, "Service instance not found".to_owned()));
    assert_eq!(person.get(&format!("/v3/service_credential_bindings/{key}")).status, 404);
}

#[test]
fn a_deletion_ends_a_creation_that_is_under_way() {
    let mut person = Person::new();
    let creation = person.create("unwanted", &ROLES);
    let guid = person.instance("unwanted");
    let deletion = person.delete(&path(&guid));
    let job = person.wait(&creation);
    assert_eq!(job["errors"][0]["detail"], "provision could not be completed: delete in progress");
    assert_eq!(person.wait(&deletion)["state"], "COMPLETE");
    assert_eq!(person.get(&path(&guid)).status, 404);
}

#[test]
fn what_never_ends_and_what_runs_out_of_time() {
    let rule = |name: &str, outcome| Rule { act: Act::CreateInstance, name: name.into(), outcome, once: false };
    let late = "Service Broker failed to provision within the required time.";
    let rules = vec![rule("hangs", Outcome::Hangs), rule("late", Outcome::TimesOut(late.into()))];
    let mut person = Person::with(Config { rules, ..config() });
    person.create("hangs", &ROLES);
    let hangs = person.instance("hangs");
    for _ in 0..100 {
        person.now += Duration::from_secs(60);
        if person.get("/v3/spaces").status == 401 {
            let refresh = person.refresh.clone();
            let answer = person.log_in(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)], "");
            person.take(&answer);
        }
        assert_ne!(last(&mut person, &hangs).1, "succeeded");
    }
    let accepted = person.create("late", &ROLES);
    let job = person.wait(&accepted);
    let error = &job["errors"][0];
    assert_eq!((&error["code"], &error["detail"]), (&json!(290_006), &json!("The job execution has timed out.")));
    let late_guid = person.instance("late");
    assert_eq!(last(&mut person, &late_guid).2, late);
}
