//! Failures as seen by a script: status, outcome, findings, and how to continue.

use cpikey::practice::cf::Response;
use serde_json::{Value, json};

use super::{
    DEV, Done, World, each,
    support::cloud::{Cloud, Fault, say},
};

pub const INSTANCES: &str = "POST /v3/service_instances";
pub const INSTANCE: &str = "GET /v3/service_instances/*";
pub const KEYS: &str = "POST /v3/service_credential_bindings";
pub const KEY: &str = "GET /v3/service_credential_bindings/*";
pub const DETAILS: &str = "GET /v3/service_credential_bindings/*/details";
const PLANS: &str = "GET /v3/service_plans";
const CHANGE: &str = "PATCH /v3/service_instances/*";
const DELETION: &str = "DELETE /v3/service_instances/*";

/// Runs a command that logs in with a passcode through a port with faults.
pub fn at(world: &World, cloud: &Cloud, arguments: &[&str]) -> Done {
    let (api, (command, rest)) = (cloud.url(), arguments.split_first().unwrap());
    let arguments = [&[*command, "--api", &api, "--passcode-stdin"], rest, &["--yes", "--json"], &DEV].concat();
    world.raw(&arguments, &format!("{}\n", world.practice.passcode()))
}

/// Creates an instance with the key `k`.
pub fn create(world: &World, cloud: &Cloud, instance: &str) -> Done {
    let file = format!("{instance}.json");
    let arguments = ["create", "--purpose", "monitoring", "--instance", instance, "--key", "k", "--output", &file];
    at(world, cloud, &arguments)
}

/// The instance and its key, each once.
pub fn assert_once(world: &World, instance: &str, keys: &[&str]) {
    let there = world.there();
    let ours: Vec<_> = there.iter().filter(|(name, _)| name == instance).collect();
    assert_eq!(ours.len(), 1, "{there:?}");
    assert_eq!(ours[0].1, keys);
}

/// Changes every response to requests of a kind.
fn changed(change: impl Fn(&mut Value) + Send + 'static) -> Fault {
    Fault::Change(Box::new(move |response| {
        let mut body: Value = serde_json::from_str(&response.body).unwrap_or_default();
        change(&mut body);
        response.body = body.to_string();
    }))
}

/// The operation on a resource failed with this description.
fn failed(words: &'static str) -> Fault {
    changed(move |thing| {
        thing["last_operation"]["state"] = json!("failed");
        thing["last_operation"]["description"] = json!(words);
    })
}

#[test]
fn a_lost_answer_is_followed_by_a_look_and_nothing_is_made_twice() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    cloud.once(INSTANCES, Fault::LoseAnswer);
    cloud.once(KEYS, Fault::LoseAnswer);
    let done = create(&world, &cloud, "cpi-f");
    assert_eq!((done.status, &done.json()["outcome"]), (0, &json!("done")), "{}", done.stderr);
    assert_once(&world, "cpi-f", &["k"]);
    assert_eq!((cloud.count(INSTANCES), cloud.count(KEYS)), (1, 1));
    for request in [CHANGE, "DELETE /v3/service_credential_bindings/*", DELETION] {
        cloud.once(request, Fault::LoseAnswer);
    }
    let more = at(&world, &cloud, &["update-roles", "--instance", "cpi-f", "--add-role", "WorkspacePackagesRead"]);
    assert_eq!((more.status, &more.json()["outcome"]), (0, &json!("done")), "{}", more.stderr);
    let rotated = at(&world, &cloud, &["rotate", "--instance", "cpi-f", "--key", "k", "--output", "new.json"]);
    assert_eq!((rotated.status, &rotated.json()["outcome"]), (0, &json!("done")), "{}", rotated.stderr);
    assert_once(&world, "cpi-f", &["k-2"]);
    let gone = at(&world, &cloud, &["delete", "--instance", "cpi-f"]);
    assert_eq!((gone.status, &gone.json()["outcome"]), (0, &json!("done")), "{}", gone.stderr);
    assert_eq!(world.keys_of("cpi-f"), None);
    assert_eq!((cloud.count(CHANGE), cloud.count(DELETION)), (1, 1));
}

#[test]
fn what_passes_by_itself_is_waited_for_and_everything_is_made_once() {
    type Passing = fn() -> Fault;
    let cases: [(&str, &str, Passing); 14] = [
        ("a token that expired", INSTANCE, || Fault::ExpireToken),
        ("a token that expired before a change", INSTANCES, || Fault::ExpireToken),
        ("a limit on looks", INSTANCE, || Fault::Answer(say::rate_limited(1))),
        ("a limit on changes", INSTANCES, || Fault::Answer(say::rate_limited(1))),
        ("a limit of the broker", INSTANCES, || Fault::Answer(say::broker_rate_limited(1))),
        ("a limit on keys", KEYS, || Fault::Answer(say::rate_limited(1))),
        ("a router without a way", INSTANCE, || Fault::Answer(say::bad_gateway())),
        ("a change that the router did not pass on", INSTANCES, || Fault::Answer(say::bad_gateway())),
        ("a change whose answer the router lost", INSTANCES, || Fault::DoneBut(say::unavailable())),
        ("a fault of the API", KEYS, || Fault::Answer(say::server_error())),
        ("a dropped look", INSTANCE, || Fault::Drop),
        ("a dropped change", KEYS, || Fault::Drop),
        ("credentials that are not there yet", DETAILS, || {
            Fault::Answer(say::error(404, 10_010, "ResourceNotFound", "Creation of service key initial"))
        }),
        ("a plan that is dropped", PLANS, || Fault::Drop),
    ];
    each(cases, |(what, request, fault), world, cloud| {
        cloud.once(request, fault());
        let done = create(world, cloud, "cpi-a");
        assert_eq!((done.status, &done.json()["outcome"]), (0, &json!("done")), "{what}: {}", done.stderr);
        assert_once(world, "cpi-a", &["k"]);
    });
}

#[test]
fn each_fault_ends_with_its_finding_and_its_status() {
    type Fails = fn() -> Fault;
    let cases: [(&str, Fails, i32, &str, &str); 24] = [
        ("GET /", || Fault::Answer(say::page_of_a_proxy()), 5, "cf-not-an-api", "refused"),
        ("GET /", || Fault::Answer(say::redirect("https://login.example.invalid/")), 5, "cf-not-an-api", "refused"),
        ("POST /uaa/oauth/token", || Fault::Answer(say::page_of_a_proxy()), 5, "cf-not-an-api", "refused"),
        ("GET /v3/organizations", || Fault::Answer(say::refusal_of_a_proxy()), 5, "cf-not-an-api", "refused"),
        ("GET /v3/organizations", || Fault::Answer(say::rate_limited(3_600)), 6, "cf-rate-limited", "refused"),
        ("GET /v3/organizations", || Fault::EndSession, 3, "cf-session-ended", "refused"),
        (PLANS, || Fault::Answer(say::page_of_a_proxy()), 5, "cf-not-an-api", "refused"),
        (PLANS, || Fault::Answer(say::rate_limited(3_600)), 6, "cf-rate-limited", "refused"),
        (PLANS, || Fault::EndSession, 3, "cf-session-ended", "refused"),
        (INSTANCES, || Fault::Answer(say::quota()), 5, "cf-quota", "refused"),
        (INSTANCES, || Fault::Answer(say::not_authorized()), 3, "cf-not-developer", "refused"),
        (INSTANCES, || Fault::Answer(say::name_taken("cpi")), 2, "cf-name-taken", "refused"),
        (INSTANCES, || Fault::Answer(say::rate_limited(3_600)), 6, "cf-rate-limited", "unfinished"),
        (INSTANCES, || Fault::EndSession, 3, "cf-session-ended", "refused"),
        (INSTANCES, || Fault::Answer(say::bad_gateway()), 5, "cf-unavailable", "failed"),
        (INSTANCES, || Fault::Drop, 4, "broken-off", "failed"),
        (
            INSTANCE,
            || failed("Service Broker failed to provision within the required time."),
            5,
            "cf-took-too-long",
            "failed",
        ),
        (INSTANCE, || Fault::EndSession, 6, "cf-session-ended", "unfinished"),
        (INSTANCE, || Fault::Answer(say::page_of_a_proxy()), 6, "cf-not-an-api", "unfinished"),
        (INSTANCE, || Fault::Answer(say::rate_limited(3_600)), 6, "cf-rate-limited", "unfinished"),
        (KEYS, || Fault::Answer(say::quota()), 6, "cf-quota", "unfinished"),
        (KEYS, || Fault::EndSession, 6, "cf-session-ended", "unfinished"),
        (KEYS, || Fault::Drop, 6, "broken-off", "unfinished"),
        (DETAILS, || Fault::EndSession, 6, "cf-session-ended", "unfinished"),
    ];
    each(cases, |(request, fault, status, code, outcome), world, cloud| {
        cloud.always(request, fault());
        let done = create(world, cloud, "cpi-a");
        let json = done.json();
        assert_eq!(
            (done.status, json["outcome"].as_str(), done.codes().first().map(String::as_str)),
            (status, Some(outcome), Some(code)),
            "{request}: {} {}",
            done.stdout,
            done.stderr
        );
        // The same command continues or retries, if there was a plan and the command is correct; and whatever
        // resolves itself, as soon as the place is known.
        let next = json["next"].as_str().is_some_and(|next| next.contains("--instance cpi-a --key k"));
        let planned = json["plan"].as_array().is_some_and(|plan| !plan.is_empty());
        let passes = status == 6 && json["place"].is_object();
        assert_eq!(next, planned && status != 2 || passes, "{request}: {}", done.stdout);
        cloud.heal();
        let again = create(world, cloud, "cpi-a");
        assert_eq!(again.status, 0, "{request}: {}", again.stderr);
        assert_once(world, "cpi-a", &["k"]);
        assert!(world.path("cpi-a.json").exists(), "{request}");
    });
}

#[test]
fn the_brokers_own_words_are_said_with_its_name() {
    let world = World::new();
    let done = world.dev(&["create", "--instance", "fail-a", "--key", "k", "--output", "key.json", "--yes", "--json"]);
    assert_eq!((done.status, done.codes()), (5, vec!["cf-broker-failed".to_owned()]), "{}", done.stderr);
    let title = done.json()["findings"][0]["title"].as_str().unwrap().to_owned();
    assert!(title.contains("it-broker-rt") && title.contains("Internal Server Error"), "{title}");
    let thing = done.json()["exists"][0].clone();
    assert_eq!(thing["state"], "create-failed");
    // What SAP's support asks for.
    let (updated, id) = (thing["updated"].as_str().unwrap(), thing["request_id"].as_str().unwrap());
    assert!(updated.parse::<jiff::Timestamp>().is_ok() && !id.is_empty(), "{thing}");
    let done = world.dev(&["create", "--instance", "fail-b", "--key", "k", "--output", "key.json", "--yes"]);
    assert!(done.stderr.contains("X-Vcap-Request-Id"), "{}", done.stderr);
}

#[test]
fn what_the_landscape_does_not_offer_is_refused_before_anything_is_made() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    cloud.always(PLANS, changed(|list| list["resources"][0]["name"] = json!("integration-flow")));
    let done = create(&world, &cloud, "cpi-a");
    assert_eq!((done.status, done.codes()), (3, vec!["cf-plan-not-entitled".to_owned()]), "{}", done.stdout);
    cloud.heal();
    cloud.always(PLANS, changed(|list| list["resources"] = json!([])));
    let done = create(&world, &cloud, "cpi-a");
    assert_eq!((done.status, done.codes()), (3, vec!["cf-not-entitled".to_owned()]), "{}", done.stdout);
    cloud.heal();
    cloud.heal();
    let done = at(&world, &cloud, &["create", "--role", "SecurityArtifactTransport", "--output", "key.json"]);
    assert_eq!((done.status, done.codes()), (2, vec!["cf-role-not-offered".to_owned()]), "{}", done.stdout);
    let two = |list: &mut Value| {
        let mut other = list["resources"][0].clone();
        other["guid"] = json!("another");
        other["relationships"]["service_offering"]["data"]["guid"] = json!("another-offering");
        list["resources"].as_array_mut().unwrap().push(other);
    };
    cloud.always(PLANS, changed(two));
    let done = create(&world, &cloud, "cpi-a");
    assert_eq!((done.status, done.codes()), (2, vec!["cf-two-brokers".to_owned()]), "{}", done.stdout);
    assert!(cloud.changes().is_empty());
}

#[test]
fn an_instance_of_other_roles_and_a_key_that_is_there_are_not_mistaken_for_the_wanted_ones() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    assert_eq!(create(&world, &cloud, "cpi-a").status, 0);
    let before = cloud.changes().len();
    let arguments = ["create", "--purpose", "ci-cd", "--instance", "cpi-a", "--key", "k", "--output", "other.json"];
    let done = at(&world, &cloud, &arguments);
    assert_eq!((done.status, done.codes()), (2, vec!["cf-name-other-roles".to_owned()]), "{}", done.stderr);
    // The existing key is read, and the plan says so.
    let arguments =
        ["create", "--purpose", "monitoring", "--instance", "cpi-a", "--key", "k", "--output", "other.json"];
    let done = at(&world, &cloud, &arguments);
    assert_eq!((done.status, &done.json()["outcome"]), (0, &json!("nothing-to-do")), "{}", done.stderr);
    let plan: Vec<_> = done.json()["plan"].as_array().unwrap().iter().map(|item| item["action"].clone()).collect();
    assert_eq!(plan, ["use", "use"]);
    assert_eq!(cloud.changes().len(), before);
    assert_eq!(world.raw(&["inspect", "other.json"], "").status, 0);
}

#[test]
fn a_key_of_another_type_than_the_wanted_one_is_said() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let certified = include_str!("../fixtures/keys/certificate.json");
    cloud.always(DETAILS, changed(move |details| details["credentials"] = serde_json::from_str(certified).unwrap()));
    let arguments = ["create", "--instance", "cpi-a", "--key", "k", "--no-test", "--output", "key.json"];
    let done = at(&world, &cloud, &arguments);
    assert_eq!((done.status, done.codes()), (0, vec!["cf-key-other-type".to_owned()]), "{}", done.stderr);
}

#[test]
fn an_update_that_fails_says_why_and_the_roles_stay_as_they_were() {
    let busy = || say::error(409, 60_016, "AsyncServiceInstanceOperationInProgress", "An operation is in progress.");
    let cases = [
        (Fault::Answer(say::not_authorized()), 3, "cf-not-developer"),
        (Fault::Answer(say::rate_limited(3_600)), 6, "cf-rate-limited"),
        (Fault::EndSession, 3, "cf-session-ended"),
        (Fault::Answer(busy()), 6, "cf-busy"),
    ];
    each(cases, |(fault, status, code), world, cloud| {
        assert_eq!(create(world, cloud, "cpi-a").status, 0);
        let update = ["update-roles", "--instance", "cpi-a", "--add-role", "WorkspacePackagesRead"];
        cloud.always(CHANGE, fault);
        let done = at(world, cloud, &[&update[..], &["--wait", "3"]].concat());
        assert_eq!((done.status, done.codes()[0].as_str()), (status, code), "{} {}", done.stdout, done.stderr);
        cloud.heal();
        let shown = at(world, cloud, &update);
        assert_eq!((shown.status, shown.codes()), (0, vec!["cf-keys-stay".to_owned()]), "{}", shown.stderr);
        assert_eq!(shown.json()["plan"][0]["roles"]["added"], json!(["WorkspacePackagesRead"]));
    });
}

#[test]
fn a_deletion_that_fails_says_what_is_still_there() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    assert_eq!(create(&world, &cloud, "cpi-a").status, 0);
    let delete = ["delete", "--instance", "cpi-a"];
    let keys_first =
        "Please delete the service_bindings, service_keys, and routes associations for your service_instances.";
    for (fault, status, code) in [
        (say::error(400, 10_006, "AssociationNotEmpty", keys_first), 5, "cf-delete-failed"),
        (say::not_authorized(), 3, "cf-not-developer"),
        (say::rate_limited(3_600), 6, "cf-rate-limited"),
    ] {
        cloud.always(DELETION, Fault::Answer(fault));
        let done = at(&world, &cloud, &delete);
        assert_eq!((done.status, done.codes()[0].as_str()), (status, code), "{} {}", done.stdout, done.stderr);
        assert_eq!(done.json()["exists"][0]["name"], "cpi-a");
        cloud.heal();
        assert_once(&world, "cpi-a", &["k"]);
    }
    assert_eq!(at(&world, &cloud, &delete).status, 0);
}

#[test]
fn what_is_still_being_created_is_never_deleted() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    cloud.always(INSTANCE, Fault::Repeat);
    let arguments = ["create", "--instance", "slow-a", "--key", "k", "--output", "key.json", "--wait", "1"];
    let done = at(&world, &cloud, &arguments);
    assert_eq!((done.status, done.codes()), (6, vec!["cf-still-going".to_owned()]), "{}", done.stderr);
    let done = at(&world, &cloud, &["delete", "--instance", "slow-a", "--wait", "1"]);
    assert_eq!((done.status, done.codes()), (6, vec!["cf-busy".to_owned()]), "{}", done.stderr);
    assert_eq!(cloud.count(DELETION), 0);
}

#[test]
fn a_rotation_keeps_the_old_key_until_the_new_one_passed_and_was_taken() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    assert_eq!(create(&world, &cloud, "cpi-a").status, 0);
    let rotate = ["rotate", "--instance", "cpi-a", "--key", "k", "--output", "new.json"];
    // The new key's secret is refused.
    let spoil = |details: &mut Value| details["credentials"]["oauth"]["clientsecret"] = json!("0000-not-the-secret");
    cloud.always(DETAILS, changed(spoil));
    let done = at(&world, &cloud, &rotate);
    assert_eq!((done.status, &done.json()["outcome"]), (6, &json!("unfinished")), "{} {}", done.stdout, done.stderr);
    assert_eq!(done.json()["test"]["verdict"], "rejected");
    assert!(done.json()["next"].as_str().unwrap().starts_with("cpikey rotate"));
    assert_once(&world, "cpi-a", &["k", "k-2"]);
    assert!(!world.path("new.json").exists());
    cloud.heal();
    // The new one passed its test, and the login ends before the old one is deleted.
    cloud.always("DELETE /v3/service_credential_bindings/*", Fault::EndSession);
    let done = at(&world, &cloud, &rotate);
    assert_eq!((done.status, done.codes()), (6, vec!["cf-session-ended".to_owned()]), "{}", done.stderr);
    assert_eq!(done.json()["test"]["verdict"], "ready");
    assert_once(&world, "cpi-a", &["k", "k-2"]);
    cloud.heal();
    let done = at(&world, &cloud, &rotate);
    assert_eq!((done.status, &done.json()["outcome"]), (0, &json!("done")), "{}", done.stderr);
    assert_once(&world, "cpi-a", &["k-2"]);
}

#[test]
fn a_replaced_refresh_token_is_said_because_cfs_own_login_is_dead() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    cloud.once("POST /uaa/oauth/token refresh_token", Fault::OtherRefreshToken);
    let config = world.log_in_with_cf(&json!({"Target": cloud.url()}));
    let before = std::fs::read(&config).unwrap();
    let done = world.raw(&["instances", "--cf", "--json"], "");
    assert_eq!((done.status, done.codes()), (0, vec!["cf-refresh-token-replaced".to_owned()]), "{}", done.stderr);
    assert_eq!(std::fs::read(&config).unwrap(), before);
}

#[test]
fn a_login_server_that_is_not_saps_gets_no_passcode() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let links = json!({"links": {"login": {"href": "https://login.example.invalid"}, "uaa": {"href": "https://uaa.example.invalid"}}});
    cloud.always("GET /", Fault::Answer(Response::json(200, &links)));
    let done = create(&world, &cloud, "cpi-f");
    assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{}", done.stderr);
    let flat: Vec<&str> = done.stderr.split_whitespace().collect();
    assert!(flat.join(" ").contains("--allow-host login.example.invalid"), "{}", done.stderr);
    let asked: Vec<String> = cloud.requests().into_iter().map(|request| request.path_and_query).collect();
    assert_eq!(asked, ["/"]);
}
