//! The JSON objects of the commands field by field, what they refuse, and what they do without a terminal to prompt on.

use serde_json::{Value, json};

use super::{
    DEV, World,
    faults::{INSTANCE, at, create},
    support::cloud::{Cloud, Fault},
};

/// The names of the fields, in alphabetical order.
fn fields(object: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

const RUN: [&str; 8] = ["exists", "findings", "next", "outcome", "place", "plan", "schema", "test"];
const FINDING: [&str; 8] = ["cause", "code", "evidence", "fix", "severity", "stage", "subject", "title"];

fn assert_run(json: &Value) {
    assert_eq!(fields(json).into_iter().filter(|name| *name != "dry_run").collect::<Vec<_>>(), RUN, "{json:#}");
    assert_eq!(json["schema"], 1);
    assert!(json["place"].is_null() || fields(&json["place"]) == ["api", "org", "space"]);
    for item in json["plan"].as_array().unwrap() {
        assert_eq!(
            fields(item).into_iter().filter(|name| *name != "roles").collect::<Vec<_>>(),
            ["action", "kind", "name"]
        );
        assert!(item.get("roles").is_none_or(|roles| fields(roles) == ["added", "removed"]), "{item}");
    }
    for thing in json["exists"].as_array().unwrap() {
        assert_eq!(fields(thing), ["guid", "kind", "made_by_us", "name", "request_id", "state", "updated"]);
    }
    for finding in json["findings"].as_array().unwrap() {
        assert_eq!((fields(finding), &finding["stage"]), (FINDING.to_vec(), &json!("cf")));
    }
}

#[test]
fn every_object_has_the_fields_of_the_reference() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let dry = |arguments: &[&str]| {
        let (api, (command, rest)) = (cloud.url(), arguments.split_first().unwrap());
        let arguments = [&[*command, "--api", &api, "--passcode-stdin"], rest, &["--dry-run", "--json"], &DEV].concat();
        let done = world.raw(&arguments, &format!("{}\n", world.practice.passcode()));
        assert_eq!((done.status, &done.json()["dry_run"]), (0, &json!(true)), "{arguments:?}: {}", done.stderr);
        done.json()
    };
    let instance = ["--instance", "cpi-a"];
    let before_all = dry(&["create", "--purpose", "monitoring", "--instance", "cpi-a", "--key", "k"]);
    assert_run(&before_all);
    assert!(cloud.changes().is_empty());
    // Unfinished, refused, done.
    cloud.once(INSTANCE, Fault::EndSession);
    let unfinished = create(&world, &cloud, "cpi-a").json();
    assert_eq!((&unfinished["outcome"], unfinished["next"].is_string()), (&json!("unfinished"), true));
    let done = create(&world, &cloud, "cpi-a").json();
    assert_eq!((&done["outcome"], &done["test"]["schema"]), (&json!("done"), &json!(1)));
    let other = ["create", "--purpose", "ci-cd", "--instance", "cpi-a", "--key", "k", "--output", "o.json"];
    let refused = at(&world, &cloud, &other).json();
    assert_eq!((&refused["outcome"], &refused["test"]), (&json!("refused"), &Value::Null));
    let changes = cloud.changes().len();
    for (arguments, plan) in [
        (&["update-roles", "--add-role", "WorkspacePackagesRead"][..], &[("update", "instance")][..]),
        (&["rotate", "--key", "k"], &[("use", "instance"), ("create", "key"), ("delete", "key")]),
        (&["delete", "--key", "k"], &[("delete", "key")]),
        (&["delete"], &[("delete", "instance"), ("delete", "key")]),
    ] {
        let json = dry(&[arguments, &instance].concat());
        assert_run(&json);
        let items = json["plan"].as_array().unwrap();
        let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
        let shown: Vec<_> = items.iter().map(|item| (text(item, "action"), text(item, "kind"))).collect();
        let plan: Vec<_> = plan.iter().map(|(action, kind)| ((*action).to_owned(), (*kind).to_owned())).collect();
        assert_eq!(shown, plan, "{arguments:?}");
    }
    assert_eq!(cloud.changes().len(), changes);
    for json in [unfinished, done, refused] {
        assert_run(&json);
    }
    for arguments in [
        &["update-roles", "--add-role", "WorkspacePackagesRead"][..],
        &["rotate", "--key", "k", "--output", "new.json"],
        &["delete"],
    ] {
        let done = at(&world, &cloud, &[arguments, &instance].concat());
        assert_eq!((done.status, &done.json()["outcome"]), (0, &json!("done")), "{}", done.stderr);
        assert_run(&done.json());
    }

    let listed = world.dev(&["instances", "--json"]).json();
    assert_eq!(fields(&listed), ["findings", "instances", "outcome", "place", "schema"]);
    let first = &listed["instances"][0];
    let of_instance = ["created", "guid", "keys", "made_by_us", "name", "plan", "roles", "space", "state"];
    assert_eq!(fields(first), of_instance);
    let keys = listed["instances"].as_array().unwrap().iter().flat_map(|one| one["keys"].as_array().unwrap());
    let keys: Vec<_> = keys.collect();
    assert!(!keys.is_empty());
    for key in keys {
        assert_eq!(fields(key), ["created", "guid", "made_by_us", "name", "state"]);
    }
    let login = world.run(&["login", "--json"]).json();
    assert_eq!(fields(&login), ["findings", "kept", "orgs", "origin", "outcome", "place", "schema", "user"]);
    let refused = world.raw(&["instances", "--api", &world.api(), "--passcode-stdin", "--json"], "not-a-passcode\n");
    assert_eq!((refused.status, &refused.json()["place"]), (3, &Value::Null));
    assert_eq!((fields(&refused.json()), &refused.json()["instances"]), (fields(&listed), &json!([])));
    let refused = world.raw(&["login", "--api", &world.api(), "--passcode-stdin", "--json"], "not-a-passcode\n").json();
    assert_eq!((fields(&refused), &refused["outcome"]), (fields(&login), &json!("refused")));
    let delete = ["delete", "--instance", "i", "--yes", "--json", "--api", &world.api(), "--passcode-stdin"];
    let refused = world.raw(&delete, "not-a-passcode\n").json();
    assert_run(&refused);
    assert_eq!((&refused["outcome"], &refused["place"]), (&json!("refused"), &Value::Null));
}

#[test]
fn where_nobody_can_be_asked_nothing_is_sent_without_a_yes() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let api = cloud.url();
    for arguments in [
        &["create", "--output", "key.json"][..],
        &["update-roles", "--instance", "i", "--role", "MonitoringDataRead"],
        &["rotate", "--instance", "i", "--key", "k", "--output", "key.json"],
        &["delete", "--instance", "i"],
        &["delete", "--instance", "i", "--key", "k"],
        // No key is created that nobody would receive, and the old one is not replaced.
        &["create", "--yes"],
        &["rotate", "--instance", "i", "--key", "k", "--yes"],
        // Contradictory arguments.
        &["create", "--yes", "--dry-run", "--output", "key.json"],
        &["create", "--yes", "--output", "-", "--json"],
        &["create", "--yes", "--passphrase", "--output", "key.json"],
        &["rotate", "--instance", "i", "--key", "k", "--new-key", "k", "--yes", "--output", "key.json"],
        &["instances", "--cf"],
        &["instances", "--user", "u"],
        &["instances", "--origin", "sap.ids"],
        &["instances", "--password-stdin"],
        &["instances", "--all-spaces", "--space", "dev"],
        &["login", "--passphrase"],
    ] {
        let arguments = [arguments, &["--api", &api, "--passcode-stdin"]].concat();
        let done = world.raw(&arguments, "not-a-passcode\n");
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}: {}", done.stderr);
    }
    assert!(cloud.requests().is_empty());
}
