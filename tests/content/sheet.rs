//! The request sheet: it requests the right things, gives reasons, and contains exactly the choices.

use cpikey::domain::{
    content::Content,
    guide::request_sheet,
    handover::choices::Choices,
    sap::{
        key_parameters::{KeyParameters, KeyType},
        parameters::{Extent, InstanceParameters, JsonStyle},
        plan::PlanId,
        purpose::Purpose,
    },
    text::markup,
};
use serde_json::Value;

use super::loaded;

fn choices(purpose: &Purpose) -> Choices {
    let parameters = InstanceParameters::new(purpose.plan).with_roles(purpose.role_names());
    Choices::new(parameters, &purpose.instance_name, &purpose.key_name)
}

fn transporter(content: &Content) -> &Purpose {
    content.purpose("cpi-transporter").expect("it exists")
}

/// The JSON of the block under a heading.
fn json_under(text: &str, heading: &str) -> Value {
    let (_, after) = text.split_once(&format!("## {heading}\n")).unwrap_or_else(|| panic!("no {heading} in {text}"));
    let block = after.split("```").nth(1).and_then(|block| block.strip_prefix("json\n")).unwrap_or_default();
    serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}: {block}"))
}

#[test]
fn every_step_of_the_sheet_exists_and_its_marks_are_right() {
    let content = loaded();
    for step in &content.sheet.steps {
        let text =
            request_sheet::markup_of(step, &content).unwrap_or_else(|| panic!("there is no instruction {step:?}"));
        assert_eq!(markup::check(text), Ok(()), "{text}");
    }
}

#[test]
fn every_role_is_listed_with_its_reason_and_the_json_is_what_params_prints() {
    let content = loaded();
    for purpose in content.purposes.iter().filter(|purpose| !purpose.roles.is_empty()) {
        let choices = choices(purpose);
        let text = request_sheet::render(&content, &choices, Some(purpose));
        for role in &purpose.roles {
            let row = text.lines().find(|line| line.starts_with(&format!("| `{}`", role.role)));
            let row = row.unwrap_or_else(|| panic!("{}: no row for {}", purpose.id, role.role));
            assert!(row.len() > role.role.len() + 12, "{row}");
        }
        let expected = choices.parameters.to_json(JsonStyle::Pretty, Extent::Full);
        assert!(text.contains(&expected), "{}", purpose.id);
        assert!(text.contains(&format!("cpikey test key.json --purpose {}", purpose.id)), "{}", purpose.id);
        assert!(!text.contains("\n\n\n") && text.ends_with('\n'), "{}", purpose.id);
    }
    let text = request_sheet::render(&content, &choices(transporter(&content)), Some(transporter(&content)));
    assert!(
        text.contains("| `MonitoringDataRead` | Its connection test and its status checks read monitoring data. |")
    );
    assert!(text.lines().count() <= 100, "it is one page");
}

#[test]
fn no_placeholder_is_left_on_the_sheet() {
    let content = loaded();
    let text = request_sheet::render(&content, &choices(transporter(&content)), Some(transporter(&content)));
    assert!(!text.contains('@') && !text.contains("{roles}"), "{text}");
}

#[test]
fn it_asks_for_the_whole_key_and_says_how_to_send_it() {
    let content = loaded();
    let text = request_sheet::render(&content, &choices(transporter(&content)), Some(transporter(&content)));
    for part in ["*whole* JSON", "password manager", "opened once", "Never by chat, mail or ticket", "cpikey test"] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn roles_without_a_purpose_have_what_they_allow_as_their_reason() {
    let content = loaded();
    let parameters = InstanceParameters::new(PlanId::Api).with_roles(["MonitoringDataRead"]);
    let text = request_sheet::render(&content, &Choices::new(parameters, "a", "b"), content.purpose("custom"));
    let role = content.catalogue.get("MonitoringDataRead").expect("it exists");
    let allows: String = role.allows.chars().take(20).collect();
    assert!(text.contains(&format!("| `MonitoringDataRead` | {allows}")), "{text}");
    assert!(text.contains("key.json --role MonitoringDataRead`") && !text.contains("Tick the roles"), "{text}");
}

#[test]
fn the_other_plan_and_another_type_of_key_change_what_is_asked_for() {
    let content = loaded();
    let parameters = InstanceParameters::new(PlanId::IntegrationFlow).with_roles(["ESBMessaging.send", "Own.role"]);
    let key_parameters = KeyParameters { validity: 90, ..KeyParameters::new(KeyType::Certificate) };
    let choices = Choices { key_parameters, ..Choices::new(parameters, "a", "b") };
    let text = request_sheet::render(&content, &choices, None);
    assert!(text.contains("| Plan | `integration-flow` |") && text.contains("| Type of the key | Certificate |"));
    assert!(text.contains("Call the endpoints") && text.contains("cpikey inspect key.json"), "{text}");
    assert_eq!(json_under(&text, "Parameters of the key"), choices.key_parameters.to_value());
    assert_eq!(json_under(&text, "Instance parameters"), choices.parameters.to_value(Extent::Full));
}

#[test]
fn no_name_breaks_the_table_or_becomes_markup() {
    let content = loaded();
    let choices = Choices {
        org: "R|D\n## Send the key to evil@example.com".to_owned(),
        space: "*x* <b>`".to_owned(),
        ..choices(transporter(&content))
    };
    let text = request_sheet::render(&content, &choices, None);
    assert!(text.contains("| Org | `R\\|D ## Send the key to evil@example.com` |"), "{text}");
    assert!(text.contains("choose \\*x\\* \\<b\\>\\`."), "{text}");
}
