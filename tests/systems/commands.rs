//! Commands that open no secret, and refusals.

use cpikey::{
    domain::systems::system::{NameError, SecretInPlainTextError, SystemName, SystemsFileError},
    platform::{keyring::KeyringError, saved::SavedError, store::StoreError},
    words::Words,
};

use crate::harness::{CANARY, Home, key, says};

#[test]
fn without_a_keyring_nothing_is_stored_and_the_option_for_a_passphrase_is_named() {
    let home = Home::new();
    let done = home.run_reading(&["systems", "add", "dev", "-"], &key());
    assert_eq!((done.status, done.stdout.as_str()), (2, ""));
    assert!(says(&done.stderr, &SavedError::NoKeyring(KeyringError::NoSessionBus)), "{}", done.stderr);
    assert!(done.stderr.contains("--passphrase"), "{}", done.stderr);
    assert!(!home.data().exists());
}

#[test]
fn a_passphrase_is_not_taken_from_a_pipe_an_argument_or_the_environment() {
    let home = Home::new();
    let file = home.file("key.json", &key());
    let add = ["systems", "add", "dev", &file, "--passphrase"];
    let done = home.run_without_terminal(&add, "canary7f3a passphrase\n");
    assert_eq!(done.status, 2, "{}", done.stderr);
    assert!(done.stderr.contains(Words::default().prompt().no_terminal().what), "{}", done.stderr);
    let done = home.run(&["systems", "add", "dev", &file, "--passphrase=canary7f3a"]);
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("A passphrase was given as an argument."), "{}", done.stderr);
    for arguments in [
        &["systems", "add", "dev", &file, "--passphrase", "canary7f3a passphrase"][..],
        &["systems", "add", "--passphrase", "canary7f3a passphrase", "dev", &file],
        &["login", "--password-stdin", "canary7f3a"],
        &["login", "--passcode-stdin", "canary7f3a"],
        &["login", "--passcode", "canary7f3a"],
    ] {
        let done = home.run(arguments);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
    }
    assert!(!home.data().exists());
}

#[test]
fn an_unusable_key_is_not_saved_and_its_findings_are_printed() {
    let home = Home::new();
    let done = home.run_reading(&["systems", "add", "dev", "-"], r#"{"oauth":{"clientid":"sb-1!b1|it!b2"}}"#);
    assert_eq!(done.status, 2);
    assert!(done.stdout.contains("clientsecret"), "{}", done.stdout);
    assert!(done.stderr.contains("Nothing was saved"), "{}", done.stderr);
    assert!(!home.data().exists());
}

#[test]
fn a_name_that_cannot_be_used_is_refused_before_anything_is_read() {
    let home = Home::new();
    let done = home.run(&["systems", "add", "a\u{1b}[2J", "/nowhere"]);
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains(&NameError::Hidden.explain(Words::default()).what), "{}", done.stderr);
}

#[test]
fn a_note_with_the_secret_is_refused() {
    let home = Home::new();
    let secret = format!("-{CANARY}-secret");
    let text =
        key().replace("3f1c9a52-aaaa-4bbb-8ccc-0123456789ab$canary7f3a0123456789ABCDEFGHIJKLMNOPQRSTUVW=", &secret);
    let file = home.file("key.json", &text);
    let note = format!("--note=it is {secret}");
    let done = home.run(&["systems", "add", "dev", &file, &note]);
    assert_eq!(done.status, 2);
    assert!(says(&done.stderr, &SavedError::SecretInPlainText(SecretInPlainTextError)), "{}", done.stderr);
}

#[test]
fn an_empty_list_names_the_command_that_fills_it() {
    let home = Home::new();
    let done = home.run(&["systems", "list"]);
    assert_eq!((done.status, done.stdout.as_str()), (0, ""));
    assert!(done.stderr.contains("cpikey systems add"), "{}", done.stderr);
    let done = home.run(&["systems", "list", "--json"]);
    assert_eq!(done.json(), serde_json::json!({"schema": 1, "systems": []}));
    let done = home.run(&["systems", "test", "--all"]);
    assert_eq!((done.status, done.stdout.as_str()), (0, ""));
    assert!(!home.data().exists());
}

#[test]
fn list_and_show_print_what_is_known_and_no_secret() {
    let home = Home::new();
    home.saved(&[("dev", &key()), ("prod", &key())]);
    let done = home.run(&["systems", "list"]);
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert!(lines[0].starts_with("dev   not tested") && lines[1].starts_with("prod  not tested"), "{}", done.stdout);
    let done = home.run(&["systems", "show", "DEV"]);
    for part in ["name         dev\n", "note         of the team\n", "plan         api\n", "last test    not tested\n"]
    {
        assert!(done.stdout.contains(part), "{part} not in {}", done.stdout);
    }
    let json = home.run(&["systems", "show", "dev", "--json"]).json();
    assert_eq!((&json["name"], &json["type"]), (&"dev".into(), &"client-secret".into()));
    let json = home.run(&["systems", "list", "--json"]).json();
    assert_eq!((&json["schema"], &json["systems"][1]["name"]), (&1.into(), &"prod".into()));
    home.refuse_secrets_in_files();
}

#[test]
fn a_system_is_renamed_and_removed_without_its_passphrase() {
    let home = Home::new();
    home.saved(&[("dev", &key()), ("prod", &key())]);
    let done = home.run(&["systems", "rename", "dev", "prod"]);
    assert_eq!(done.status, 2);
    assert!(says(&done.stderr, &SavedError::NameTaken(SystemName::new("prod").unwrap())), "{}", done.stderr);
    assert_eq!(home.run(&["systems", "rename", "dev", "test"]).status, 0);
    assert_eq!(home.run(&["systems", "remove", "prod"]).status, 0);
    let done = home.run(&["systems", "list"]);
    assert!(done.stdout.starts_with("test ") && done.stdout.lines().count() == 1, "{}", done.stdout);
    assert_eq!(home.run(&["systems", "remove", "test"]).status, 0);
    assert!(!home.data().join("secrets.sealed").exists());
}

#[test]
fn every_command_reports_an_unknown_system() {
    let home = Home::new();
    for arguments in [
        &["systems", "show", "dev"][..],
        &["systems", "remove", "dev"],
        &["systems", "rename", "dev", "x"],
        &["systems", "test", "dev"],
        &["test", "--system", "dev"],
    ] {
        let done = home.run(arguments);
        assert_eq!(done.status, 2, "{arguments:?}");
        assert!(says(&done.stderr, &SavedError::Unknown("dev".into())), "{}", done.stderr);
    }
}

#[test]
fn a_damaged_list_is_quarantined_and_reported_once() {
    let home = Home::new();
    home.saved(&[("dev", &key())]);
    std::fs::write(home.data().join("systems.toml"), "\0damaged").unwrap();
    let done = home.run(&["systems", "list"]);
    assert_eq!(done.status, 0);
    assert!(done.stderr.contains("systems.toml.bad-1"), "{}", done.stderr);
    let done = home.run(&["systems", "list"]);
    assert!(!done.stderr.contains("bad-1"), "{}", done.stderr);
}

#[test]
fn a_list_of_a_newer_version_ends_with_status_1_and_is_not_changed() {
    let home = Home::new();
    home.saved(&[("dev", &key())]);
    std::fs::write(home.data().join("systems.toml"), "version = 9").unwrap();
    let done = home.run(&["systems", "list"]);
    assert_eq!(done.status, 1);
    let newer = SavedError::Store(StoreError::List(SystemsFileError::Newer { version: 9 }));
    assert!(says(&done.stderr, &newer), "{}", done.stderr);
    assert_eq!(std::fs::read_to_string(home.data().join("systems.toml")).unwrap(), "version = 9");
}
