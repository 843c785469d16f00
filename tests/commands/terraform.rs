//! Terraform configurations, read by an HCL parser.

use cpikey::domain::handover::commands::{Shell, Task, Tool, code::fold, render};
use serde_json::{Value, json};

use super::{bare, choices};

fn parsed(choices: &cpikey::domain::handover::choices::Choices, tool: Tool, task: Task) -> Value {
    let text = render(choices, tool, Shell::Sh, task, cpikey::words::Words::default());
    hcl::from_str(&text).unwrap_or_else(|error| panic!("{tool:?} {task:?}: {error}\n{text}"))
}

#[test]
fn every_configuration_is_hcl() {
    for tool in [Tool::Terraform, Tool::TerraformBtp] {
        for task in Task::ALL {
            parsed(&choices(), tool, task);
            parsed(&bare(), tool, task);
        }
    }
}

#[test]
fn a_configuration_that_is_selected_on_the_screen_is_the_same() {
    for tool in [Tool::Terraform, Tool::TerraformBtp] {
        for task in Task::ALL {
            let text = render(&choices(), tool, Shell::Sh, task, cpikey::words::Words::default());
            let lines = fold(&text, tool.language(Shell::Sh), 76);
            let selected: String = lines.into_iter().map(|line| line.text + "\n").collect();
            assert_eq!(hcl::from_str::<Value>(&selected).unwrap(), parsed(&choices(), tool, task), "{selected}");
        }
    }
}

#[test]
fn the_instance_has_the_roles_and_the_key_has_none() {
    let body = parsed(&bare(), Tool::Terraform, Task::Create);
    let instance = &body["resource"]["cloudfoundry_service_instance"]["this"];
    assert_eq!(instance["name"], "cpi-api");
    assert_eq!((&instance["service_offering_name"], &instance["service_plan_name"]), (&json!("it-rt"), &json!("api")));
    let parameters = instance["parameters"].as_str().unwrap();
    assert!(parameters.starts_with("${jsonencode({") && parameters.contains("\"MonitoringDataRead\""), "{parameters}");
    let key = &body["resource"]["cloudfoundry_service_credential_binding"]["key_cpi-key"];
    assert_eq!((&key["name"], &key["type"]), (&json!("cpi-key"), &json!("key")));
    let parameters = key["parameters"].as_str().unwrap();
    assert!(parameters.contains("\"certificate\"") && !parameters.contains("roles"), "{parameters}");
    assert_eq!(body["output"]["key_cpi-key"]["sensitive"], true);
}

#[test]
fn what_is_not_known_is_asked_for_and_what_is_known_is_a_default() {
    let known = parsed(&choices(), Tool::Terraform, Task::Create);
    assert_eq!(known["variable"]["api_url"]["default"], "https://api.cf.eu10-003.hana.ondemand.com");
    assert_eq!(known["variable"]["org"]["default"], "R&D");
    assert_eq!(known["variable"]["space"]["default"], "it's \"dev\" $HOME `id` ${x}");
    let unknown = parsed(&bare(), Tool::Terraform, Task::Create);
    for name in ["api_url", "org", "space"] {
        assert!(unknown["variable"][name].is_object() && unknown["variable"][name].get("default").is_none(), "{name}");
    }
}

#[test]
fn the_new_key_is_created_beside_the_old_one_and_keeps_its_name() {
    for (tool, kind) in [
        (Tool::Terraform, "cloudfoundry_service_credential_binding"),
        (Tool::TerraformBtp, "btp_subaccount_service_binding"),
    ] {
        let rotated = parsed(&choices(), tool, Task::Rotate);
        let keys: Vec<&String> = rotated["resource"][kind].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["key_cpi-key", "key_cpi-key-2"]);
        let later = choices().next_key();
        let later = cpikey::domain::handover::choices::Choices { key: later, ..choices() };
        let after = parsed(&later, tool, Task::Create);
        assert!(after["resource"][kind]["key_cpi-key-2"].is_object());
    }
}
