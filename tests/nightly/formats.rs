//! The reports of a run, as read by other programs. The names of the systems need escaping in each format.

use std::{
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    process::Command,
};

use serde_json::json;

use crate::{
    created,
    harness::{Home, practice, refuse_secrets},
    readers,
};

const ODD: &str = "a,b: \"100%\" & <x> \\n \u{e9}";

/// A run of four keys: rejected, without a role, too old, and one that works, in that order.
fn run(home: &Home, format: &str, more: &[&str]) -> crate::harness::Done {
    let (_practice, key) = practice();
    let files = [
        (ODD, home.file("1.json", &key("wrong-secret"))),
        ("poor", home.file("2.json", &key("role-missing"))),
        ("old", home.file("3.json", &created(&key("works"), "2025-07-17T16:39:46.446Z"))),
        ("good", home.file("4.json", &created(&key("works"), &jiff::Timestamp::now().to_string()))),
    ];
    let files: Vec<String> = files.iter().map(|(name, path)| format!("--key-file={name}={path}")).collect();
    let mut arguments = vec!["systems", "test", "--purpose", "ci-cd", "--max-age", "365", "--format", format];
    arguments.extend(files.iter().map(String::as_str));
    arguments.extend(more);
    let done = home.run(&arguments);
    assert_eq!(done.status, 3, "{}", done.stderr);
    done
}

#[test]
fn junit_is_read_with_every_case_and_failure() {
    let done = run(&Home::new(), "junit", &[]);
    assert!(!done.stdout.contains("sb-0a1b2c3d"), "no client id: {}", done.stdout);
    let Some(report) = readers::junit(&done.stdout) else { return };
    assert_eq!((&report["suites"], &report["errors"]), (&json!(1), &json!(0)));
    let cases = report["cases"].as_array().unwrap();
    assert_eq!(report["tests"], json!(cases.len()));
    let case = |class: &str, name: &str| {
        cases
            .iter()
            .find(|case| case[0] == class && case[1] == name)
            .unwrap_or_else(|| panic!("{class} {name}: {report:#}"))
    };
    let rejected = case(ODD, "connection");
    assert_eq!((&rejected[2][0][0], &rejected[2][0][1]), (&json!("Failure"), &json!("bad-credentials")));
    assert!(rejected[2][0][3].as_str().unwrap().contains('\n'), "title, cause and fix: {rejected:#}");
    assert_eq!(case("poor", "connection")[2], json!([]));
    let missing: Vec<_> = cases.iter().filter(|case| case[2][0][1] == "role-missing").collect();
    assert!(!missing.is_empty() && missing.iter().all(|case| case[0] == "poor"), "{report:#}");
    assert_eq!(case("old", "key-age")[2][0][1], "key-too-old");
    assert_eq!((&case("good", "key-age")[2], &case("good", "role MonitoringDataRead")[2]), (&json!([]), &json!([])));
}

#[test]
fn prometheus_reads_every_sample() {
    let done = run(&Home::new(), "prometheus", &[]);
    assert!(!done.stdout.contains("sb-0a1b2c3d"), "no client id: {}", done.stdout);
    let Some(samples) = readers::prometheus(&done.stdout) else { return };
    let value = |name: &str, labels: serde_json::Value| {
        let samples = samples.as_array().unwrap();
        let found = samples.iter().find(|sample| sample[0] == name && sample[1] == labels);
        found.unwrap_or_else(|| panic!("{name} {labels} not in {samples:#?}"))[2].as_f64().unwrap()
    };
    assert_eq!(value("cpikey_system_up", json!({"system": ODD})) as i64, 0);
    assert_eq!(value("cpikey_system_up", json!({"system": "good"})) as i64, 1);
    assert_eq!(value("cpikey_system_verdict", json!({"system": "poor", "verdict": "limited"})) as i64, 1);
    assert_eq!(value("cpikey_system_role_granted", json!({"system": "good", "role": "MonitoringDataRead"})) as i64, 1);
    let due = json!({"system": "old", "code": "key-too-old", "severity": "warning"});
    assert_eq!(value("cpikey_system_finding", due) as i64, 1);
    assert!(value("cpikey_system_key_age_seconds", json!({"system": "old"})) > 365.0 * 86_400.0);
    let since = value("cpikey_system_key_since_timestamp_seconds", json!({"system": "old", "event": "created"}));
    assert_eq!(since as i64, 1_752_770_386);
    let last = value("cpikey_system_last_test_timestamp_seconds", json!({"system": "good"}));
    assert!(last >= value("cpikey_run_timestamp_seconds", json!({})) - 1.0);
    assert_eq!(value("cpikey_run_exit_status", json!({})) as i64, 3);
}

#[test]
fn github_gets_a_command_for_each_problem_and_a_summary_of_the_job() {
    let home = Home::new();
    let summary = home.file("summary.md", "before\n");
    let (_practice, key) = practice();
    let file = format!("{ODD}={}", home.file("1.json", &key("wrong-secret")));
    let old = format!("old={}", home.file("3.json", &created(&key("works"), "2025-07-17T16:39:46.446Z")));
    let arguments =
        ["systems", "test", "--format", "github", "--max-age", "365", "--key-file", &file, "--key-file", &old];
    let output = Command::new(env!("CARGO_BIN_EXE_cpikey"))
        .args(arguments)
        .envs(home.variables())
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("::error title=a%2Cb%3A \"100%25\" & <x> \\n \u{e9}%3A "), "{text}");
    assert!(lines[0].contains("%0A") && lines[1].starts_with("::warning title=old::"), "{text}");
    assert_eq!(lines.len(), 3, "{text}");
    let summary = std::fs::read_to_string(summary).unwrap();
    assert!(summary.starts_with("before\n## ") && summary.contains("&lt;x&gt; \\\\n \u{e9} |"), "{summary}");
    refuse_secrets(&summary);
}

#[test]
fn a_summary_that_cannot_be_written_is_said_and_changes_nothing() {
    let home = Home::new();
    let (_practice, key) = practice();
    let file = home.file("1.json", &key("works"));
    let output = Command::new(env!("CARGO_BIN_EXE_cpikey"))
        .args(["systems", "test", "--format", "github", "--key-file", &file])
        .envs(home.variables())
        .env("GITHUB_STEP_SUMMARY", "/nowhere/summary.md")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stderr).unwrap().contains("GITHUB_STEP_SUMMARY"));
}

#[test]
fn a_file_is_written_as_a_whole_and_replaced_only_if_asked_for() {
    let home = Home::new();
    let path = home.path().join("cpikey.prom");
    let output = ["--output", path.to_str().unwrap()];
    let done = run(&home, "prometheus", &output);
    assert!(done.stdout.is_empty() && done.stderr.contains("cpikey.prom"), "{}", done.stderr);
    let first = path.metadata().unwrap();
    assert_eq!(first.permissions().mode() & 0o444, 0o444, "node exporter runs as another user");
    run(&home, "prometheus", &[&output[..], &["--replace"]].concat());
    assert_ne!(path.metadata().unwrap().ino(), first.ino(), "it is another file, not the old one written over");
    let text = std::fs::read_to_string(&path).unwrap();
    let again = home.run(&[&["systems", "test", "--key-file=/nowhere/x", "--format", "junit"], &output[..]].concat());
    assert_eq!(again.status, 2);
    assert!(again.stderr.contains("cpikey.prom"), "{}", again.stderr);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "it stays");
}

#[test]
fn json_is_what_the_option_of_that_name_prints() {
    let home = Home::new();
    let json = run(&home, "json", &[]).json();
    let names: Vec<&str> =
        json["systems"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, [ODD, "poor", "old", "good"]);
    assert_eq!(json["verdict"], "rejected");
    let row = &json["systems"][2];
    assert_eq!((&row["key_since_event"], &row["report"]["verdict"]), (&"created".into(), &"ready".into()), "{row:#}");
}
