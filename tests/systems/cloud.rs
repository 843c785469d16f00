//! New keys that are saved, and stored logins: with a real keyring, and with a passphrase if there is none.

use cpikey::{
    practice::{Practice, cf::USER},
    words::Words,
};
use serde_json::json;

use crate::harness::{Done, Home, PASSPHRASE, practice};
use crate::keyring::session;
use crate::passphrase::at_terminal_with;

const DEV: [&str; 4] = ["--org", "practice", "--space", "dev"];
const CREATE: [&str; 9] = ["create", "--purpose", "monitoring", "--instance", "cpi-a", "--key", "k", "--save", "dev"];
const ROTATE: [&str; 7] = ["rotate", "--instance", "cpi-a", "--key", "k", "--save", "dev"];

fn api(practice: &Practice) -> String {
    format!("http://{}", practice.cloud_foundry())
}

/// Logs in with a passcode from standard input.
fn run(home: &Home, practice: &Practice, arguments: &[&str]) -> Done {
    let (api, passcode) = (api(practice), practice.passcode());
    let (command, rest) = arguments.split_first().unwrap();
    let arguments = [&[*command, "--api", &api, "--passcode-stdin"], rest].concat();
    let done = home.run_without_terminal(&arguments, &format!("{passcode}\n"));
    assert!(!done.stdout.contains(&passcode) && !done.stderr.contains(&passcode));
    done
}

/// The client id of the saved system, which names its instance.
fn client_of(home: &Home, name: &str) -> String {
    let shown = home.run(&["systems", "show", name, "--json"]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    shown.json()["client_id"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_key_is_saved_with_the_keyring_and_a_rotation_replaces_it_there() {
    let mut home = Home::new();
    let Some(_session) = session(&mut home) else { return };
    let (practice, _) = practice();
    let done = run(&home, &practice, &[&CREATE[..], &DEV, &["--yes", "--json"]].concat());
    assert_eq!((done.status, &done.json()["outcome"]), (0, &json!("done")), "{}", done.stderr);
    home.refuse_secrets_in_files();
    let listed = home.run(&["systems", "list", "--json"]).json();
    let system = &listed["systems"][0];
    assert_eq!((&system["name"], &system["purpose"]), (&json!("dev"), &json!("monitoring")));
    assert_eq!(system["last_test"]["verdict"], "ready");
    assert_eq!(home.run(&["test", "--system", "dev", "--json"]).json()["verdict"], "ready");

    // The same command finds everything, and the system already contains this key.
    let again = run(&home, &practice, &[&CREATE[..], &DEV, &["--yes", "--json"]].concat());
    assert_eq!((again.status, &again.json()["outcome"]), (0, &json!("nothing-to-do")), "{}", again.stderr);
    // Another system with this name is not replaced, and nothing is created for it.
    let other = ["create", "--purpose", "monitoring", "--instance", "cpi-b", "--key", "k", "--save", "DEV", "--yes"];
    let taken = run(&home, &practice, &[&other[..], &DEV].concat());
    assert_eq!(taken.status, 2, "{}", taken.stderr);
    let listed = run(&home, &practice, &[&["instances", "--json"], &DEV[..]].concat()).json();
    let names: Vec<_> = listed["instances"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert!(!names.contains(&json!("cpi-b")), "{names:?}");

    let client = client_of(&home, "dev");
    let done = run(&home, &practice, &[&ROTATE[..], &DEV, &["--yes", "--json"]].concat());
    assert_eq!((done.status, &done.json()["outcome"]), (0, &json!("done")), "{}", done.stderr);
    assert_eq!(client_of(&home, "dev"), client);
    // The old secret is invalid, so the new one works.
    assert_eq!(home.run(&["test", "--system", "dev", "--json"]).json()["verdict"], "ready");
    home.refuse_secrets_in_files();
    assert_eq!(home.run(&["systems", "remove", "dev"]).status, 0);
}

#[test]
fn a_login_is_kept_in_the_keyring_used_by_every_command_and_forgotten() {
    let mut home = Home::new();
    let Some(_session) = session(&mut home) else { return };
    let (practice, _) = practice();
    let done = run(&home, &practice, &[&["login", "--keep", "--json"], &DEV[..]].concat());
    assert_eq!((done.status, &done.json()["kept"]), (0, &json!(true)), "{}", done.stderr);
    let sealed = std::fs::read(home.data().join("login.sealed")).unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains(USER));
    // Neither login nor place is specified any more.
    let alone = |arguments: &[&str]| home.run_without_terminal(arguments, "");
    for arguments in [
        &["instances", "--json"][..],
        &["create", "--purpose", "monitoring", "--instance", "cpi-a", "--key", "k", "--save", "dev", "--yes", "--json"],
        &["update-roles", "--instance", "cpi-a", "--add-role", "WorkspacePackagesRead", "--yes", "--json"],
        &["rotate", "--instance", "cpi-a", "--key", "k", "--save", "dev", "--yes", "--json"],
        &["delete", "--instance", "cpi-a", "--yes", "--json"],
    ] {
        let done = alone(arguments);
        assert_eq!(done.status, 0, "{arguments:?}: {}", done.stderr);
        assert_eq!(done.json()["place"]["space"], "dev");
        let said = Words::default().cf_command().uses_kept(USER, api(&practice));
        assert!(done.stderr.contains(&said), "{}", done.stderr);
    }
    home.refuse_secrets_in_files();
    assert_eq!(alone(&["logout"]).status, 0);
    assert!(!home.data().join("login.sealed").exists());
    assert_eq!(alone(&["instances", "--api", &api(&practice)]).status, 2);
    // Forgetting the login did not affect the saved system and its key.
    assert_eq!(home.run(&["systems", "show", "dev"]).status, 0);
    let again = alone(&["logout"]);
    assert_eq!((again.status, again.stderr.as_str()), (0, ""));
}

#[test]
fn without_a_keyring_a_new_key_is_sealed_with_the_passphrase_of_the_saved_systems() {
    let home = Home::new();
    let (practice, _) = practice();
    let (words, api) = (Words::default(), api(&practice));
    let passphrase = words.passphrase_command();
    let refused = run(&home, &practice, &[&CREATE[..], &DEV, &["--yes"]].concat());
    assert_eq!(refused.status, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("--passphrase"), "{}", refused.stderr);
    let chosen = [(passphrase.ask_new(), PASSPHRASE), (passphrase.ask_again(), PASSPHRASE)];
    let known = [(passphrase.ask(), PASSPHRASE)];
    for (arguments, sealed) in [([&CREATE[..], &["--passphrase"]].concat(), &chosen[..]), (ROTATE.to_vec(), &known)] {
        let passcode = practice.passcode();
        let answers = [sealed, &[(words.cf_command().ask_passcode(), passcode.as_str())]].concat();
        let (command, rest) = arguments.split_first().unwrap();
        let arguments = [&[*command, "--api", &api], rest, &DEV, &["--yes"]].concat();
        let (status, seen) = at_terminal_with(&home, &arguments, &answers);
        assert_eq!(status, 0, "{seen}");
        home.refuse_secrets_in_files();
        let test = at_terminal_with(&home, &["test", "--system", "dev"], &known);
        assert_eq!(test.0, 0, "{}", test.1);
    }
}
