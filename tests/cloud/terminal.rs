//! At a terminal: prompts, hidden input, and the effect of "no".

use std::fs;

use cpikey::{practice::cf::Response, words::Words};
use portable_pty::CommandBuilder;
use serde_json::json;

use super::{
    DEV, World,
    at_terminal::answer,
    has_refresh_token,
    interrupted::without_token_server,
    support::cloud::{Cloud, Fault},
};

const PASSPHRASE: &str = "battery staple";

/// Runs the program at a terminal. Each question is answered when it appears, in this order.
fn at_terminal(world: &World, arguments: &[&str], answers: &[(&str, &str)]) -> (u32, String) {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cpikey"));
    command.args(arguments);
    command.cwd(world.home.path());
    for (name, value) in world.variables() {
        command.env(name, value);
    }
    let (status, seen) = answer(command, answers);
    assert!(!seen.contains("eyJ") && !has_refresh_token(&seen) && !seen.contains(PASSPHRASE), "{seen}");
    (status, seen)
}

#[test]
fn a_person_is_asked_for_passcode_org_space_and_consent_and_told_where_the_key_is() {
    let world = World::new();
    let words = Words::default().cf_command();
    let (api, passcode) = (world.api(), world.practice.passcode());
    let arguments = ["create", "--api", &api, "--purpose", "monitoring", "--instance", "cpi-t", "--key", "k"];
    let answers = [
        (words.ask_passcode(), passcode.as_str()),
        (words.ask_number(), "7"),
        (words.ask_number(), "1"),
        (words.ask_number(), "1"),
        (words.agree(), "y"),
    ];
    let (status, seen) = at_terminal(&world, &arguments, &answers);
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains(&format!("{api}/login/passcode")) && !seen.contains(&passcode), "{seen}");
    assert!(seen.contains("--output key.json"), "{seen}");
    assert_eq!(world.keys_of("cpi-t").unwrap(), ["k"]);
}

#[test]
fn without_a_yes_or_the_name_nothing_is_changed() {
    let world = World::new();
    let words = Words::default().cf_command();
    let before = world.there();
    let delete = |answer: &str| {
        let (api, passcode) = (world.api(), world.practice.passcode());
        let arguments = [&["delete", "--api", &api, "--instance", "monitoring"], &DEV[..]].concat();
        let question = words.type_name("monitoring");
        at_terminal(&world, &arguments, &[(words.ask_passcode(), &passcode), (question.trim_end(), answer)])
    };
    for answer in ["y", "Monitoring", "monitoring-key"] {
        let (status, seen) = delete(answer);
        assert_eq!(status, 130, "{seen}");
        assert!(seen.contains(words.not_typed()), "{seen}");
    }
    assert_eq!(world.there(), before);
    let (status, seen) = delete("monitoring");
    assert_eq!((status, world.keys_of("monitoring")), (0, None), "{seen}");
}

#[test]
fn the_login_of_cf_is_offered() {
    let world = World::new();
    let words = Words::default().cf_command();
    let config = world.log_in_with_cf(&json!({}));
    let before = fs::read(&config).unwrap();
    let (status, seen) = at_terminal(&world, &["instances"], &[("[Y/n]", "")]);
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("default_it-rt_api"), "{seen}");
    let (api, passcode) = (world.api(), world.practice.passcode());
    let arguments = [&["instances", "--api", &api], &DEV[..]].concat();
    let (status, seen) = at_terminal(&world, &arguments, &[("[Y/n]", "n"), (words.ask_passcode(), &passcode)]);
    assert_eq!(status, 0, "{seen}");
    assert_eq!(fs::read(&config).unwrap(), before);
}

#[test]
fn a_kept_login_is_sealed_used_and_forgotten() {
    let world = World::new();
    let words = Words::default();
    let labels = words.cf_command();
    let (api, passcode) = (world.api(), world.practice.passcode());
    let login = [&["login", "--api", &api, "--keep", "--passphrase"], &DEV[..]].concat();
    let passphrase = words.passphrase_command();
    let answers = [
        (labels.ask_passcode(), passcode.as_str()),
        (passphrase.ask_new(), PASSPHRASE),
        (passphrase.ask_again(), PASSPHRASE),
    ];
    let (status, seen) = at_terminal(&world, &login, &answers);
    assert_eq!(status, 0, "{seen}");
    let sealed = fs::read(world.kept_login()).unwrap();
    assert!(sealed.starts_with(b"cpikey") && !has_refresh_token(&String::from_utf8_lossy(&sealed)));

    let (status, seen) = at_terminal(&world, &["instances"], &[(labels.ask_login_passphrase(), PASSPHRASE)]);
    assert_eq!(status, 0, "{seen}");
    let said = labels.uses_kept("dev@example.com", &api);
    assert!(seen.contains(&said) && seen.contains("default_it-rt_api"), "{seen}");

    assert_eq!(world.raw(&["logout"], "").status, 0);
    assert!(!world.kept_login().exists());
    assert_eq!(world.raw(&["instances", "--api", &api], "").status, 2);
}

#[test]
fn ctrl_c_during_the_test_of_a_new_key_says_what_exists_and_what_goes_on() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let _told = without_token_server(&cloud);
    let words = Words::default();
    let (api, passcode) = (cloud.url(), world.practice.passcode());
    let create = ["create", "--api", &api, "--instance", "cpi-t", "--key", "k", "--output", "key.json"];
    let (passcode_asked, token_server) = (words.cf_command().ask_passcode(), words.hosts().token_server("127.0.0.1"));
    let answers = [
        (passcode_asked, passcode.as_str()),
        (words.cf_command().agree(), "y"),
        // The test has started.
        (token_server.as_str(), "\u{3}"),
    ];
    let (status, seen) = at_terminal(&world, &[&create[..], &DEV].concat(), &answers);
    assert_eq!(status, 130, "{seen}");
    let next = format!("cpikey create --api {api} --org practice --space dev --instance cpi-t");
    assert!(seen.contains(&next), "{seen}");
    assert!(seen.contains(words.cf_command().there_is("").trim_end_matches(['.', ' '])), "{seen}");
    assert_eq!(world.keys_of("cpi-t").unwrap(), ["k"]);
}

#[test]
fn a_host_that_is_not_saps_is_asked_about_at_a_terminal_and_gets_nothing_without_a_yes() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let links = json!({"links": {"login": {"href": "https://login.example.invalid"}, "uaa": {"href": "https://uaa.example.invalid"}}});
    cloud.always("GET /", Fault::Answer(Response::json(200, &links)));
    let question = "[y/N]";
    for answer in ["n", ""] {
        let (status, seen) = at_terminal(&world, &["login", "--api", &cloud.url()], &[(question, answer)]);
        assert_eq!(status, 2, "{seen}");
        assert!(seen.contains("login.example.invalid, uaa.example.invalid"), "{seen}");
    }
    let asked: Vec<String> = cloud.requests().into_iter().map(|request| request.path_and_query).collect();
    assert_eq!(asked, ["/", "/"]);
    // After a yes the login continues: the program asks for the passcode.
    let passcode = Words::default().cf_command().ask_passcode();
    let answers = [(question, "y"), (passcode, "\u{3}")];
    at_terminal(&world, &["login", "--api", &cloud.url()], &answers);
}

#[test]
fn enter_uses_the_passcode_of_the_practice_tenant_and_another_one_is_refused() {
    let world = World::new();
    let asked = Words::default().cf_command().ask_practice_passcode("PASSCODE");
    let question = asked.split("PASSCODE").last().unwrap_or_default().trim_end();
    let arguments = ["create", "--practice", "--purpose", "monitoring", "--dry-run"];
    let arguments = [&arguments[..], &["--org", "practice", "--space", "dev"]].concat();
    let (status, seen) = at_terminal(&world, &arguments, &[(question, "")]);
    assert_eq!(status, 0, "{seen}");
    let (status, seen) = at_terminal(&world, &arguments, &[(question, "nonsense")]);
    assert_eq!(status, 3, "{seen}");
}
