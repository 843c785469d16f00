//! The model answers every request, however malformed.

use cpikey::practice::cf::Request;
use hyper::Method;
use proptest::prelude::*;

use crate::person::{Person, body};

fn path() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("service_instances".to_owned()),
        Just("service_credential_bindings".to_owned()),
        Just("service_plans".to_owned()),
        Just("jobs".to_owned()),
        Just("details".to_owned()),
        Just("parameters".to_owned()),
        "[a-z0-9-]{0,12}",
        "\\PC{0,8}",
    ];
    let query = prop_oneof!["", "\\PC{0,30}", "(names|page|per_page|fields\\[space\\]|include|order_by)=\\PC{0,12}"];
    let start = prop_oneof![Just("/v3/"), Just("/"), Just("/uaa/oauth/"), Just("/login/"), Just("")];
    (start, prop::collection::vec(part, 0..4), query)
        .prop_map(|(start, parts, query)| format!("{start}{}?{query}", parts.join("/")))
}

fn json() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("type"),
        Just("name"),
        Just("parameters"),
        Just("metadata"),
        Just("labels"),
        Just("relationships"),
        Just("space"),
        Just("data"),
        Just("guid"),
        Just("roles"),
    ];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("\"managed\"".to_owned()),
        Just("\"key\"".to_owned()),
        Just("-1".to_owned()),
        Just("[]".to_owned()),
        "\"[a-z]{0,300}\"",
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop::collection::vec((name.clone(), inner), 0..4).prop_map(|fields| {
            let fields: Vec<String> = fields.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", fields.join(","))
        })
    })
}

proptest! {
    #[test]
    fn whatever_is_sent_is_answered(
        method in prop_oneof![Just(Method::GET), Just(Method::POST), Just(Method::PATCH), Just(Method::DELETE), Just(Method::PUT)],
        path in path(),
        sent in prop_oneof![json(), "\\PC{0,60}"],
    ) {
        let mut person = Person::new();
        let request = Request {
            method,
            path_and_query: path,
            authorization: Some(format!("bearer {}", person.access)),
            accept: Some("application/json".to_owned()),
            body: sent,
        };
        let answer = person.model.answer(&request, person.now);
        prop_assert!((200..500).contains(&answer.status), "{answer:?}");
        if answer.status >= 400 {
            let body = body(&answer);
            prop_assert!(body["errors"].is_array() || body["error"].is_string(), "{body}");
        }
    }
}
