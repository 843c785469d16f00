//! Every line of the table "Situations and verdicts" (`situations.toml`): tested with the real program, as text and as
//! JSON, and with the wizard, which must report the same.
#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers beside them are not marked so")]

mod answers;
mod contract;
#[allow(dead_code, reason = "shared with the tests of the wizard")]
#[path = "../wizard/driver.rs"]
mod driver;
mod fronts;
mod keys;
mod scene;
#[path = "../support/situations.rs"]
mod situations;
#[path = "../support/mod.rs"]
mod support;
mod way;

use std::{collections::BTreeSet, sync::Arc};

use cpikey::domain::finding::FindingCode;
use scene::Scene;
use serde_json::Value;
use situations::Situation;
use tokio::{sync::Semaphore, task::JoinSet};

/// Requires user input in the wizard; covered by `tests/net` and `tests/wizard`.
const BY_HAND: &str = "cancelled";

/// Parts of texts that must never be shown: client secret, token, proxy credentials, private keys.
const CANARIES: [&str; 4] = ["Canary", "canary", "PRIVATE KEY-----", "Y2FuYXJ5"];

async fn set(id: &str) -> Scene {
    if let Some(scene) = keys::set(id).await {
        return scene;
    }
    if let Some(scene) = way::set(id).await {
        return scene;
    }
    answers::set(id).await.unwrap_or_else(|| panic!("nothing makes the situation {id} happen"))
}

/// Asserts that a text can be shown to anyone, on any terminal.
fn assert_harmless(id: &str, text: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{id}: {canary} in {text}");
    }
    let control = |c: &char| {
        c.is_control() && *c != '\n' || ('\u{200b}'..='\u{200f}').contains(c) || ('\u{202a}'..='\u{202e}').contains(c)
    };
    assert_eq!(text.chars().find(control), None, "{id}: {text:?}");
}

/// The codes of a report. The finding about plain HTTP is always there and omitted.
fn codes(report: &Value, wanted: Option<FindingCode>) -> Vec<&str> {
    let loopback = FindingCode::HttpLoopback;
    let all = report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap());
    all.filter(|code| wanted == Some(loopback) || *code != loopback.as_str()).collect()
}

/// Removes what differs from run to run.
fn comparable(mut report: Value) -> Value {
    let times = |value: &mut Value| drop(value.as_object_mut().map(|object| object.remove("elapsed_ms")));
    report.get_mut("token").map(times);
    report.get_mut("probes").and_then(Value::as_array_mut).into_iter().flatten().for_each(times);
    for finding in report["findings"].as_array_mut().unwrap() {
        if finding["code"] == FindingCode::ClockSkew.as_str() {
            let finding = finding.as_object_mut().unwrap();
            finding.remove("evidence");
            finding.remove("title");
        }
    }
    report
}

async fn meet(situation: Situation) {
    let id = situation.id.as_str();
    let verdict = situation.verdict();
    let scene = set(id).await;

    let read = fronts::inspect(&scene).await;
    let key: Value = serde_json::from_str(&read.stdout).unwrap();
    contract::assert_contract(&key);
    assert_harmless(id, &read.stdout);
    let alone = ["token", "roles", "probes"].iter().all(|part| key.get(part).is_none());
    assert!(alone && read.stderr.is_empty(), "{id}: {read:?}");

    let json = fronts::command(&scene, true).await;
    // Only the host, before the secret is sent.
    assert!(json.stderr.lines().all(|line| line.starts_with("token server ")), "{id}: {}", json.stderr);
    let report: Value = serde_json::from_str(&json.stdout).unwrap_or_else(|error| panic!("{id}: {error}: {json:?}"));
    assert_eq!(report["verdict"], verdict.as_str(), "{id}: {report:#}");
    assert_eq!(json.status, i32::from(verdict.exit_status()), "{id}");
    let first = situation.code.map(FindingCode::as_str);
    assert_eq!(codes(&report, situation.code).first().copied(), first, "{id}: {report:#}");
    contract::assert_contract(&report);
    assert_harmless(id, &json.stdout);

    if report.get("probes").is_none() && scene.private_key.is_none() {
        assert_eq!((comparable(key), read.status), (comparable(report.clone()), json.status), "{id}");
    }

    let text = fronts::command(&scene, false).await;
    assert_eq!(text.status, json.status, "{id}: {text:?}");
    assert!(text.stdout.contains(verdict.as_str()) || report.get("probes").is_none(), "{id}: {text:?}");
    // In text, equal findings are one finding that names all subjects.
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let alike: Vec<&Value> = findings.iter().filter(|finding| finding["code"] == findings[0]["code"]).collect();
    let wanted = if alike.len() == 1 { "title" } else { "subject" };
    // The difference between two clocks varies from run to run.
    let without_digits = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
    for finding in alike {
        let said = without_digits(finding[wanted].as_str().unwrap_or_default());
        assert!(without_digits(&text.stdout).contains(&said), "{id}: {text:?}");
    }
    assert_harmless(id, &text.stdout);
    assert_harmless(id, &text.stderr);

    if !scene.not_in_the_wizard {
        let shown = fronts::wizard(&scene).await;
        assert_eq!(shown.verdict, verdict, "{id}: {:#}", shown.report);
        assert_eq!(comparable(shown.report), comparable(report), "{id}");
        shown.pictures.iter().for_each(|picture| assert_harmless(id, picture));
    }

    for stranger in &scene.strangers {
        assert_eq!(stranger.connections(), 0, "{id}: a host was asked that must not be");
    }
    for asked in scene.asked().iter().filter(|asked| !asked.path.ends_with("/oauth/token")) {
        assert!(!format!("{asked:?}").contains("client_secret"), "{id}: {asked:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_and_the_wizard_give_the_same_verdict_in_every_situation() {
    // To run one situation: SITUATION=tls-expired cargo test --test situations
    let only = std::env::var("SITUATION").ok();
    let places = Arc::new(Semaphore::new(4));
    let mut running = JoinSet::new();
    for situation in situations::all() {
        if situation.id == BY_HAND || only.as_ref().is_some_and(|only| *only != situation.id) {
            continue;
        }
        let places = Arc::clone(&places);
        running.spawn(async move {
            let _place = places.acquire_owned().await;
            meet(situation).await;
        });
    }
    let mut failed = 0;
    while let Some(met) = running.join_next().await {
        failed += usize::from(met.is_err());
    }
    assert_eq!(failed, 0, "situations came out otherwise than the table says; each is named above");
}

#[test]
fn every_finding_about_a_key_has_a_situation_and_every_situation_its_own_line() {
    let all = situations::all();
    let found: BTreeSet<&str> = all.iter().filter_map(|situation| situation.code).map(FindingCode::as_str).collect();
    // Findings about Cloud Foundry are in tests/cf/refusals.toml, and are covered by tests/cf; one that needs a limit
    // is covered by tests/nightly.
    let elsewhere = |code: &str| code.starts_with("cf-") || code == FindingCode::KeyTooOld.as_str();
    let about_keys = FindingCode::ALL.iter().map(|code| code.as_str()).filter(|code| !elsewhere(code));
    let without: Vec<&str> = about_keys.filter(|code| !found.contains(code)).collect();
    assert_eq!(without, [""; 0], "findings that no situation leads to");
    let (ids, titles): (BTreeSet<_>, BTreeSet<_>) = all.iter().map(|line| (&line.id, &line.title)).unzip();
    assert_eq!((ids.len(), titles.len()), (all.len(), all.len()), "two situations have the same name");
}

#[tokio::test]
async fn a_file_of_20_mib_is_refused_within_the_limit_to_memory() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.json");
    for text in ["{", "{\"a\":\"", "x=1\n", "\u{e4}"] {
        std::fs::write(&file, text.repeat(20 * 1024 * 1024 / text.len())).unwrap();
        for command in [&["inspect", "--json"][..], &["test", "--json"], &["params", "--check"]] {
            let done = fronts::on_file(command, &file).await;
            assert_eq!(done.status, 2, "{command:?} {text:?}: {done:?}");
        }
    }
}
