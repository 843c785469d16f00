//! Every answer in `tests/cf/refusals.toml` is interpreted as specified there.

use cpikey::domain::{
    cf::{
        call::Response,
        goal::{Create, Goal},
        login::{Credentials, read_tokens},
        offer::{self, Limits, Offer},
        place::{Organization, Space, choose_organization, choose_space},
        plan::{Survey, decide},
        refusal::{During, operation_failed, refusal},
    },
    finding::FindingCode,
    sap::plan::PlanId,
    text::secret::Secret,
};
use serde_json::json;

use super::driver::{Api, codes, creates, through, updates};
use crate::refusals::{self, Place, Refusal as Row, With};

fn response(status: u16, body: &str) -> Response {
    Response { status, location: None, retry_after: None, request_id: None, body: Secret::new(body) }
}

fn during(row: &Row) -> During {
    match row.during {
        refusals::During::CreateInstance => During::CreateInstance,
        refusals::During::Update => During::UpdateInstance,
        refusals::During::CreateKey => During::CreateKey,
        refusals::During::Details => During::ReadKey,
        refusals::During::Delete => During::Delete,
        refusals::During::Login | refusals::During::Place | refusals::During::Plan | refusals::During::Wait => {
            During::Looking
        }
    }
}

/// How the row's answer is interpreted.
fn found(row: &Row) -> FindingCode {
    let status = row.status.unwrap_or(200);
    match row.place {
        Place::Login => {
            let body = match &row.error {
                Some(error) => json!({"error": error, "error_description": row.text}).to_string(),
                None => row.text.clone(),
            };
            let sent = match row.with {
                Some(With::Passcode) => Credentials::Passcode(Secret::new("p")),
                Some(With::Refresh) => Credentials::Refresh(Secret::new("r")),
                _ => Credentials::Password { user: "u".into(), password: Secret::new("p"), origin: None },
            };
            read_tokens(&sent, &response(status, &body)).unwrap_err().code
        }
        Place::Api => {
            let body = match row.code {
                Some(code) => json!({"errors": [{"code": code, "title": "CF-Error", "detail": row.text}]}).to_string(),
                None => row.text.clone(),
            };
            refusal(during(row), &response(status, &body)).finding().code
        }
        Place::Job | Place::LastOperation => operation_failed(during(row), &row.text).code,
        Place::Parameters => codes(&through(creates("monitoring"), &mut Api::new()))[0],
        Place::List => listed(row),
    }
}

/// The meaning of a name that is, or is not, in a list.
fn listed(row: &Row) -> FindingCode {
    let asked = row.asked.as_deref().filter(|asked| !asked.is_empty());
    let names = row.found.clone().unwrap_or_default();
    match row.text.as_str() {
        "organizations" => {
            let org = |name| Organization { guid: String::new(), name, is_suspended: false };
            choose_organization(names.into_iter().map(org).collect(), asked).unwrap_err().code
        }
        "spaces" => {
            let space = |name| Space { guid: String::new(), name };
            choose_space(names.into_iter().map(space).collect(), asked).unwrap_err().code
        }
        "service_plans" => {
            let offer = |(index, plan): (usize, String)| Offer {
                guid: String::new(),
                plan,
                broker: Some(format!("broker-{index}")),
                limits: Limits::default(),
            };
            let offers: Vec<Offer> = names.into_iter().enumerate().map(offer).collect();
            offer::choose(&offers, PlanId::Api, None).unwrap_err().code
        }
        "service_instances" => {
            decide(&updates("cpi-api", &["MonitoringDataRead"]), &Survey::default()).unwrap_err().code
        }
        "service_credential_bindings" => {
            let mut api = Api::new();
            codes(&through(super::driver::rotates("monitoring", "nothing", "another"), &mut api))[0]
        }
        other => panic!("{other}"),
    }
}

#[test]
fn every_answer_of_the_table_is_what_it_says_there() {
    let rows = refusals::all();
    assert!(rows.len() > 100);
    let wrong: Vec<String> = rows
        .iter()
        .filter(|row| found(row) != row.finding)
        .map(|row| {
            format!("{:?} instead of {:?}: {:?} {:?} {:?}", found(row), row.finding, row.during, row.place, row.text)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_brokers_are_told_apart_by_name() {
    let Goal::Create(create) = creates("new") else { panic!() };
    let offer = |broker: &str| Offer {
        guid: broker.to_owned(),
        plan: "api".to_owned(),
        broker: Some(broker.to_owned()),
        limits: Limits::default(),
    };
    let survey = Survey { offers: vec![offer("one"), offer("two")], ..Survey::default() };
    assert_eq!(decide(&Goal::Create(create.clone()), &survey).unwrap_err().code, FindingCode::CfTwoBrokers);
    let named = Goal::Create(Create { broker: Some("two".to_owned()), ..create });
    assert!(decide(&named, &survey).is_ok());
}
