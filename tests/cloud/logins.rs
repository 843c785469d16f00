//! Every way in which a login can be refused; its secret is sent only once.

use cpikey::practice::cf::{
    ORIGIN, OTHER_ORIGIN, PASSWORD, Response, USER, USER_LOCKED, USER_OF_TWO_ORIGINS, USER_WITH_SECOND_FACTOR,
};
use serde_json::json;

use super::{
    Done, World,
    support::cloud::{Cloud, Fault, say},
};

const TOKEN: &str = "POST /uaa/oauth/token";

fn with_password(world: &World, cloud: &Cloud, user: &str, password: &str, origin: &[&str]) -> Done {
    let api = cloud.url();
    let arguments = [&["login", "--api", &api, "--user", user, "--password-stdin", "--json"], origin].concat();
    world.raw(&arguments, password)
}

fn with_passcode(world: &World, cloud: &Cloud, passcode: &str) -> Done {
    world.raw(&["login", "--api", &cloud.url(), "--passcode-stdin", "--json"], &format!("{passcode}\n"))
}

fn refused(done: &Done, status: i32, code: &str) {
    assert_eq!((done.status, done.codes()), (status, vec![code.to_owned()]), "{} {}", done.stdout, done.stderr);
    assert_eq!((&done.json()["outcome"], &done.json()["place"]), (&json!("refused"), &json!(null)));
}

/// A refusal by the token server.
fn says(error: &str, description: &str) -> Response {
    Response::json(401, &json!({"error": error, "error_description": description}))
}

#[test]
fn each_refusal_of_a_password_is_told_apart_and_it_is_sent_once() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let cases = [
        (USER_WITH_SECOND_FACTOR, PASSWORD, &[][..], "cf-second-factor"),
        (USER_LOCKED, PASSWORD, &[], "cf-password-locked"),
        (USER_OF_TWO_ORIGINS, PASSWORD, &[], "cf-origin-needed"),
        (USER, PASSWORD, &["--origin", "no-such-idp"], "cf-origin-no-passwords"),
        (USER, "not-the-password", &[], "cf-login-refused"),
        ("nobody@example.com", PASSWORD, &[], "cf-login-refused"),
    ];
    for (number, (user, password, origin, code)) in cases.into_iter().enumerate() {
        refused(&with_password(&world, &cloud, user, password, origin), 3, code);
        assert_eq!(cloud.count(TOKEN), number + 1, "{code}: sent more than once");
    }
    for origin in [ORIGIN, OTHER_ORIGIN] {
        let done = with_password(&world, &cloud, USER_OF_TWO_ORIGINS, PASSWORD, &["--origin", origin]);
        assert_eq!((done.status, &done.json()["origin"]), (0, &json!(origin)), "{}", done.stderr);
    }
}

#[test]
fn what_only_the_token_server_says_is_told_apart_and_its_words_are_shown() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let locked = "Your account has been locked because of too many failed attempts to login.";
    for (answer, code) in [
        (says("invalid_grant", "User authentication failed: Unauthorized"), "cf-login-refused"),
        (says("unauthorized", locked), "cf-login-locked"),
        (says("invalid_client", "User authentication failed: INVALID_OTP_CODE"), "cf-second-factor"),
    ] {
        cloud.once(TOKEN, Fault::Answer(answer));
        let done = with_password(&world, &cloud, USER, PASSWORD, &[]);
        refused(&done, 3, code);
        assert!(done.json()["findings"][0]["evidence"].as_str().is_some_and(|said| !said.is_empty()));
    }
    cloud.once(TOKEN, Fault::Answer(says("unauthorized", locked)));
    refused(&with_passcode(&world, &cloud, "0123456789"), 3, "cf-login-locked");
}

#[test]
fn a_passcode_works_once_and_the_one_before_a_newer_one_does_not() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let (older, newer) = (world.practice.passcode(), world.practice.passcode());
    refused(&with_passcode(&world, &cloud, &older), 3, "cf-passcode-refused");
    assert_eq!(with_passcode(&world, &cloud, &newer).status, 0);
    refused(&with_passcode(&world, &cloud, &newer), 3, "cf-passcode-refused");
    refused(&with_passcode(&world, &cloud, "-begins-wi"), 3, "cf-passcode-refused");
}

#[test]
fn a_token_server_without_an_answer_gets_the_password_once() {
    type Fails = fn() -> Fault;
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let cases: [(Fails, i32, &str); 5] = [
        (|| Fault::Answer(say::bad_gateway()), 5, "cf-unavailable"),
        (|| Fault::Answer(say::rate_limited(1)), 6, "cf-rate-limited"),
        (|| Fault::Answer(say::page_of_a_proxy()), 5, "cf-not-an-api"),
        (|| Fault::Answer(say::redirect("https://login.example.invalid/")), 5, "cf-not-an-api"),
        (|| Fault::Drop, 4, "broken-off"),
    ];
    for (number, (fault, status, code)) in cases.into_iter().enumerate() {
        cloud.always(TOKEN, fault());
        refused(&with_password(&world, &cloud, USER, PASSWORD, &[]), status, code);
        assert_eq!(cloud.count(TOKEN), number + 1, "{code}: sent more than once");
        cloud.heal();
    }
}
