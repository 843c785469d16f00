//! Login servers, credentials, and what UAA refuses.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use cpikey::practice::cf::{self, Response};
use hyper::Method;
use serde_json::Value;

use crate::person::{BASE, CF, Person, body, config, error, token_request};

const MINUTE: Duration = Duration::from_secs(60);

/// Status, error and description in UAA's response.
fn uaa_error(answer: &Response) -> (u16, String, String) {
    let body = body(answer);
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (answer.status, text("error"), text("error_description"))
}

fn with_password(person: &mut Person, user: &str, password: &str, query: &str) -> Response {
    person.log_in(&[("grant_type", "password"), ("username", user), ("password", password)], query)
}

#[test]
fn the_root_tells_where_everything_is_without_a_login() {
    let mut person = Person::outside(config());
    let request = cf::Request {
        method: Method::GET,
        path_and_query: "/".into(),
        authorization: None,
        accept: None,
        body: String::new(),
    };
    let links = &body(&person.model.answer(&request, person.now))["links"];
    assert_eq!(links["login"]["href"], format!("{BASE}/login"));
    assert_eq!(links["uaa"]["href"], format!("{BASE}/uaa"));
    assert_eq!(links["cloud_controller_v3"]["meta"]["version"], "3.188.0");
}

#[test]
fn the_login_prompts_for_a_passcode_and_the_page_shows_a_fresh_one() {
    let mut person = Person::outside(config());
    let prompts = &body(&person.get("/login/login"))["prompts"];
    assert!(prompts["passcode"][1].as_str().unwrap().contains(&format!("{BASE}/login/passcode")));
    let page = person.get("/login/passcode").body;
    let passcode = page.split("<p>").nth(1).unwrap().split("</p>").next().unwrap();
    let answer = person.log_in(&[("grant_type", "password"), ("passcode", passcode)], "");
    assert_eq!(answer.status, 200);
}

#[test]
fn tokens_say_whose_they_are_and_until_when() {
    let mut person = Person::outside(config());
    let passcode = person.model.passcode(person.now);
    let tokens = body(&person.log_in(&[("grant_type", "password"), ("passcode", &passcode)], ""));
    assert_eq!((&tokens["expires_in"], &tokens["token_type"]), (&1_199.into(), &"bearer".into()));
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert!(refresh.len() == 34 && refresh.ends_with("-r"), "{refresh}");
    let claims = tokens["access_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims: Value = serde_json::from_slice(&BASE64.decode(claims).unwrap()).unwrap();
    assert_eq!((&claims["user_name"], &claims["origin"]), (&cf::USER.into(), &cf::ORIGIN.into()));
    assert_eq!(claims["exp"], person.now.as_secs() + 1_200);
}

#[test]
fn a_passcode_works_once_for_five_minutes_and_a_new_one_ends_it() {
    let invalid = (401, "unauthorized".to_owned(), "Invalid passcode".to_owned());
    let mut person = Person::outside(config());
    let enter =
        |person: &mut Person, passcode: &str| person.log_in(&[("grant_type", "password"), ("passcode", passcode)], "");
    let first = person.model.passcode(person.now);
    let second = person.model.passcode(person.now);
    assert_ne!(first, second);
    assert_eq!(uaa_error(&enter(&mut person, &first)), invalid);
    assert_eq!(enter(&mut person, &second).status, 200);
    assert_eq!(uaa_error(&enter(&mut person, &second)), invalid);
    let third = person.model.passcode(person.now);
    person.now += 5 * MINUTE + Duration::from_secs(1);
    assert_eq!(uaa_error(&enter(&mut person, &third)), invalid);
}

#[test]
fn the_login_and_the_token_server_are_one_server_under_two_names() {
    let mut person = Person::outside(config());
    for path in ["/login/oauth/token", "/uaa/oauth/token"] {
        let passcode = person.model.passcode(person.now);
        let request = token_request(&[("grant_type", "password"), ("passcode", &passcode)], "");
        let request = cf::Request { path_and_query: path.to_owned(), ..request };
        assert_eq!(person.model.answer(&request, person.now).status, 200, "{path}");
    }
}

#[test]
fn some_passcodes_begin_with_a_dash() {
    let mut person = Person::outside(config());
    let passcode = (0..500).map(|_| person.model.passcode(person.now)).find(|passcode| passcode.starts_with('-'));
    let passcode = passcode.unwrap();
    assert_eq!(person.log_in(&[("grant_type", "password"), ("passcode", &passcode)], "").status, 200);
}

#[test]
fn an_access_token_ends_after_twenty_minutes_and_the_same_refresh_token_brings_another() {
    let mut person = Person::new();
    let refresh = person.refresh.clone();
    person.now += 20 * MINUTE;
    let answer = person.get("/v3/organizations");
    assert_eq!(error(&answer), (401, 1_000, "Invalid Auth Token".to_owned()));
    let answer = person.log_in(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)], "");
    person.take(&answer);
    assert_eq!(person.refresh, refresh);
    assert_eq!(person.get("/v3/organizations").status, 200);
    person.access = String::new();
    assert_eq!(error(&person.get("/v3/organizations")).1, 1_000);
}

#[test]
fn a_client_that_authenticates_as_nobody_gets_another_refresh_token_and_the_old_one_is_dead() {
    let mut person = Person::new();
    let refresh = person.refresh.clone();
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("client_id", "cf")];
    let request = cf::Request { authorization: None, ..token_request(&form, "") };
    let answer = person.model.answer(&request, person.now);
    person.take(&answer);
    assert_ne!(person.refresh, refresh);
    let (status, kind, text) = uaa_error(&person.log_in(&form[..2], ""));
    assert_eq!((status, kind.as_str()), (401, "invalid_token"));
    assert!(text.starts_with("The token expired, was revoked, or the token ID is incorrect"), "{text}");
}

#[test]
fn only_the_client_cf_gets_tokens_and_only_with_a_token_is_there_an_api() {
    let mut person = Person::outside(config());
    for authorization in [None, Some("Basic Y2Y6eA=="), Some("Bearer Y2Y6")] {
        let authorization = authorization.map(str::to_owned);
        let request = cf::Request { authorization, ..token_request(&[("grant_type", "password")], "") };
        assert_eq!(person.model.answer(&request, person.now).status, 401);
    }
    for authorization in [None, Some(CF.to_owned())] {
        let request = cf::Request {
            method: Method::GET,
            path_and_query: "/v3/spaces".into(),
            authorization,
            accept: None,
            body: String::new(),
        };
        assert_eq!(error(&person.model.answer(&request, person.now)), (401, 10_002, "Authentication error".to_owned()));
    }
}

#[test]
fn a_password_is_refused_as_uaa_words_it() {
    let mut person = Person::outside(config());
    let mut refused = |user: &str, password: &str, query: &str| {
        let (status, kind, text) = uaa_error(&with_password(&mut person, user, password, query));
        assert_eq!(status, 401);
        (kind, text)
    };
    let pair = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
    assert_eq!(refused(cf::USER, "wrong", ""), pair("unauthorized", "Bad credentials"));
    assert_eq!(refused("nobody@example.com", cf::PASSWORD, ""), pair("unauthorized", "Bad credentials"));
    let second = pair("invalid_client", "User authentication failed: INVALID_OTP_CODE");
    assert_eq!(refused(cf::USER_WITH_SECOND_FACTOR, cf::PASSWORD, ""), second);
    let locked = pair("invalid_client", "User authentication failed: PASSWORD_LOCKED");
    assert_eq!(refused(cf::USER_LOCKED, cf::PASSWORD, ""), locked);
    assert!(refused(cf::USER, cf::PASSWORD, "login_hint=%7B%22origin%22%3A%22saml%22%7D").1.contains("login_hint"));
    assert!(refused(cf::USER_OF_TWO_ORIGINS, cf::PASSWORD, "").1.contains("multiple identity providers"));
}

#[test]
fn a_password_is_accepted_with_the_origin_that_is_asked_for() {
    let mut person = Person::outside(config());
    assert_eq!(with_password(&mut person, cf::USER, cf::PASSWORD, "").status, 200);
    let hint = format!("login_hint=%7B%22origin%22%3A%22{}%22%7D", cf::OTHER_ORIGIN);
    assert_eq!(with_password(&mut person, cf::USER_OF_TWO_ORIGINS, cf::PASSWORD, &hint).status, 200);
}

#[test]
fn five_wrong_passwords_lock_the_account() {
    let mut person = Person::outside(config());
    for _ in 0..5 {
        assert_eq!(uaa_error(&with_password(&mut person, cf::USER, "wrong", "")).2, "Bad credentials");
    }
    let (_, _, text) = uaa_error(&with_password(&mut person, cf::USER, cf::PASSWORD, ""));
    assert_eq!(text, "User authentication failed: PASSWORD_LOCKED");
}
