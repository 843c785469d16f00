//! `cpikey commands` and `cpikey sheet`, as a script sees them.

use std::process::{Command, Stdio};

use serde_json::Value;

/// Status, standard output, standard error.
fn cpikey(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_cpikey")).args(arguments).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn printed(arguments: &[&str]) -> String {
    let (status, stdout, stderr) = cpikey(arguments);
    assert_eq!((status, stderr.as_str()), (0, ""), "{arguments:?}");
    stdout
}

#[test]
fn every_tool_shell_and_step_prints_something_of_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for step in ["create", "update", "rotate", "delete"] {
        for tool in [&["cf"][..], &["btp"]] {
            for shell in ["sh", "powershell", "cmd"] {
                let arguments = [&["commands"], tool, &["--step", step, "--shell", shell]].concat();
                assert!(seen.insert(printed(&arguments)) || tool == ["btp"], "{arguments:?}");
            }
        }
        for provider in ["cloudfoundry", "btp"] {
            let text = printed(&["commands", "terraform", "--provider", provider, "--step", step]);
            assert!(seen.insert(text) || step == "delete", "{provider} {step}");
        }
    }
}

#[test]
fn without_arguments_it_is_a_script_for_cf_and_cpi_transporter() {
    let text = printed(&["commands"]);
    assert!(text.starts_with("#!/bin/sh\n"), "{text}");
    assert!(text.contains("instance='CPITransporter_API_Access'") && text.contains("\"WorkspaceArtifactsDeploy\""));
}

#[test]
fn what_was_chosen_stands_in_the_script() {
    let text = printed(&[
        "commands",
        "cf",
        "--purpose",
        "monitoring",
        "--role",
        "WorkspacePackagesRead",
        "--instance",
        "mine",
        "--key",
        "key",
        "--region",
        "eu10-003",
        "--org",
        "R&D",
        "--space",
        "it's dev",
        "--token-validity",
        "3600",
        "--type",
        "certificate",
        "--validity",
        "30",
    ]);
    for part in [
        "instance='mine'",
        "key='key'",
        "endpoints='https://api.cf.eu10-003.hana.ondemand.com'",
        "cf target -o 'R&D' -s 'it'\\''s dev'",
        "\"MonitoringDataRead\",\n    \"WorkspacePackagesRead\"",
        "\"token-validity\": 3600",
        "\"validity\": 30",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let flow = printed(&["commands", "--plan", "integration-flow"]);
    assert!(flow.contains("plan='integration-flow'") && flow.contains("\"ESBMessaging.send\""), "{flow}");
}

#[test]
fn what_the_broker_or_cf_would_refuse_is_not_printed() {
    for (arguments, said) in [
        (&["--purpose", "custom"][..], "role"),
        (&["--role", "MonitoringDataread"], "Did you mean MonitoringDataRead?"),
        (&["--purpose", "monitoring", "--plan", "integration-flow"], "needs the plan api"),
        (&["--instance", "my instance"], "Character 3 is a space"),
        (&["--key", "$(id)"], "--key"),
        (&["--space", "dev\nrm"], "of the space"),
        (&["--region", "xx99"], "no region \"xx99\""),
        (&["--validity", "30"], "--type certificate"),
        (&["--type", "external"], "certificate is missing"),
    ] {
        for command in ["commands", "sheet"] {
            let (status, stdout, stderr) = cpikey(&[&[command], arguments].concat());
            assert_eq!((status, stdout.as_str()), (2, ""), "{command} {arguments:?}");
            assert!(stderr.contains(said), "{command} {arguments:?}: {stderr}");
        }
    }
    let (status, stdout, stderr) = cpikey(&["commands", "cf", "--provider", "btp"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(stderr.contains("for terraform only"), "{stderr}");
}

#[test]
fn the_sheet_has_the_parameters_that_params_prints() {
    let sheet = printed(&["sheet", "--purpose", "ci-cd", "--space", "dev"]);
    let parameters = printed(&["params", "--purpose", "ci-cd"]);
    assert!(sheet.contains(&format!("```json\n{parameters}```")), "{sheet}");
    serde_json::from_str::<Value>(&parameters).unwrap();
    assert!(sheet.contains("| Space | `dev` |") && sheet.contains("CICD_API_Access"), "{sheet}");
}

#[test]
fn a_sheet_is_written_to_a_new_file_and_never_over_another() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("request.md");
    let name = path.to_str().unwrap();
    let (status, stdout, stderr) = cpikey(&["sheet", "--output", name]);
    assert_eq!((status, stdout.as_str()), (0, ""));
    assert!(stderr.contains(name), "{stderr}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), printed(&["sheet"]));

    std::fs::write(&path, "mine").unwrap();
    let (status, _, stderr) = cpikey(&["sheet", "--output", name]);
    assert_eq!(status, 2);
    assert!(stderr.contains("already"), "{stderr}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    let (status, _, stderr) = cpikey(&["sheet", "--output", "/nowhere/at/all/x.md"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("/nowhere/at/all/x.md was not written"), "{stderr}");
}
