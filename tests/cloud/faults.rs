//! What goes wrong on the way, as a script sees it.

use cpikey::practice::cf::Response;
use serde_json::json;

use super::{
    DEV, World,
    support::cloud::{Cloud, Fault, say},
};

const INSTANCES: &str = "POST /v3/service_instances";
const KEYS: &str = "POST /v3/service_credential_bindings";

/// Creates `cpi-f` with a key at a port on which `fault` happens.
fn create(world: &World, cloud: &Cloud) -> super::Done {
    let api = format!("http://{}", cloud.address);
    let arguments = ["create", "--api", &api, "--passcode-stdin", "--purpose", "monitoring", "--instance", "cpi-f"];
    let more = ["--key", "k", "--output", "key.json", "--yes", "--json"];
    world.raw(&[&arguments[..], &more, &DEV].concat(), &format!("{}\n", world.practice.passcode()))
}

#[test]
fn a_lost_answer_is_followed_by_a_look_and_nothing_is_made_twice() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    cloud.once(INSTANCES, Fault::LoseAnswer);
    cloud.once(KEYS, Fault::LoseAnswer);
    let done = create(&world, &cloud);
    assert_eq!((done.status, &done.json()["outcome"]), (0, &json!("done")), "{}", done.stderr);
    let there = world.there();
    let ours: Vec<_> = there.iter().filter(|(name, _)| name == "cpi-f").collect();
    assert_eq!(ours, [&("cpi-f".to_owned(), vec!["k".to_owned()])]);
}

#[test]
fn each_fault_ends_with_its_finding_and_its_status() {
    type Say = fn() -> Response;
    let cases: [(&str, Say, i32, &str, &str); 6] = [
        (INSTANCES, say::quota, 5, "cf-quota", "refused"),
        (INSTANCES, say::not_authorized, 3, "cf-not-developer", "refused"),
        ("GET /", say::page_of_a_proxy, 5, "cf-not-an-api", "refused"),
        ("POST /uaa/oauth/token", say::page_of_a_proxy, 5, "cf-not-an-api", "refused"),
        ("GET /v3/organizations", say::refusal_of_a_proxy, 5, "cf-not-an-api", "refused"),
        (KEYS, say::quota, 6, "cf-quota", "unfinished"),
    ];
    for (request, answer, status, code, outcome) in cases {
        let world = World::new();
        let cloud = Cloud::before(&world.practice);
        cloud.always(request, Fault::Answer(answer()));
        let done = create(&world, &cloud);
        assert_eq!(
            (done.status, done.json()["outcome"].as_str()),
            (status, Some(outcome)),
            "{request}: {}",
            done.stderr
        );
        assert_eq!(done.codes()[0], code, "{request}: {}", done.stdout);
    }
}

#[test]
fn a_login_that_ends_in_the_middle_says_what_exists_and_what_goes_on() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    cloud.once("GET /v3/service_instances/*", Fault::EndSession);
    let done = create(&world, &cloud);
    assert_eq!((done.status, done.codes()), (6, vec!["cf-session-ended".to_owned()]), "{}", done.stderr);
    assert_eq!(done.json()["exists"][0]["name"], "cpi-f");
    assert!(done.json()["next"].as_str().unwrap().starts_with("cpikey create"));
    // The same command goes on.
    let done = create(&world, &Cloud::before(&world.practice));
    assert_eq!(done.status, 0, "{}", done.stderr);
}

#[test]
fn a_replaced_refresh_token_is_said_because_cfs_own_login_is_dead() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    cloud.once("POST /uaa/oauth/token refresh_token", Fault::OtherRefreshToken);
    let config = world.log_in_with_cf(&json!({"Target": format!("http://{}", cloud.address)}));
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
    let done = create(&world, &cloud);
    assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{}", done.stderr);
    let flat: Vec<&str> = done.stderr.split_whitespace().collect();
    assert!(flat.join(" ").contains("--allow-host login.example.invalid"), "{}", done.stderr);
    let asked: Vec<String> = cloud.requests().into_iter().map(|request| request.path_and_query).collect();
    assert_eq!(asked, ["/"]);
}
