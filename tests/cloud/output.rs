//! What the commands write goes into a closed pipe, or into a new file.

use std::{fs, io::Write as _};

use clap::CommandFactory as _;
use cpikey::{cli::Cli, words::Words};
use serde_json::{Value, json};

use super::{DEV, World, at_once};

/// Every command that works with Cloud Foundry, in the practice tenant's org and space.
const COMMANDS: &[&[&str]] = &[
    &["login"],
    &["login", "--json"],
    &["instances"],
    &["instances", "--json"],
    &["create", "--purpose", "monitoring", "--dry-run"],
    &["create", "--instance", "cpi-a", "--purpose", "monitoring", "--yes", "--output", "key.json"],
    &["create", "--instance", "cpi-a", "--purpose", "monitoring", "--yes", "--output", "key.json", "--json"],
    &["update-roles", "--instance", "cpi-b", "--add-role", "WorkspacePackagesRead", "--yes"],
    &["rotate", "--instance", "cpi-b", "--key", "k", "--yes", "--output", "key.json"],
    &["rotate", "--instance", "cpi-b", "--key", "k", "--yes", "--output", "key.json", "--json"],
    &["delete", "--instance", "cpi-b", "--key", "k", "--yes"],
    &["delete", "--instance", "cpi-b", "--yes", "--json"],
];

/// A world with what they change.
fn world() -> World {
    let world = World::new();
    let create = ["create", "--instance", "cpi-b", "--key", "k", "--purpose", "monitoring", "--no-test", "--yes"];
    assert_eq!(world.dev(&[&create[..], &["--output", "first.json"]].concat()).status, 0);
    world
}

#[test]
fn every_command_that_works_with_cloud_foundry_is_in_this_table() {
    for command in Cli::command().get_subcommands() {
        let has = |option: &str| command.get_arguments().any(|argument| argument.get_long() == Some(option));
        let rows = || COMMANDS.iter().filter(|arguments| arguments[0] == command.get_name());
        assert!(!has("api") || rows().next().is_some(), "{}", command.get_name());
        let writes = has("api") && has("output");
        assert_eq!(writes, rows().any(|arguments| arguments.contains(&"--output")), "{}", command.get_name());
    }
}

#[test]
fn a_closed_pipe_changes_neither_the_status_nor_what_is_done() {
    at_once(COMMANDS, |arguments| {
        let run = |close: bool| {
            let world = world();
            let (api, passcode) = (world.api(), world.practice.passcode());
            let login = ["--api", &api, "--passcode-stdin"];
            let mut child = world.command(&[arguments, &login[..], &DEV].concat()).spawn().unwrap();
            if close {
                drop(child.stdout.take());
            }
            writeln!(child.stdin.take().unwrap(), "{passcode}").unwrap();
            let done = world.done(child.wait_with_output().unwrap(), "");
            assert!(!done.stderr.contains("panicked"), "{}", done.stderr);
            let key = fs::read_to_string(world.path("key.json")).is_ok_and(|text| text.contains("clientsecret"));
            // Not the messages: they name the address, and how long something took.
            (done.status, key, world.there())
        };
        let open = run(false);
        assert_eq!(open.0, 0, "{arguments:?}");
        assert_eq!(run(true), open, "{arguments:?}");
    });
}

#[test]
fn a_key_in_a_file_is_utf8_without_a_byte_order_mark_and_replaces_nothing() {
    at_once(COMMANDS.iter().filter(|arguments| arguments.contains(&"--output")), |arguments| {
        let world = world();
        let before = world.there();
        fs::write(world.path("key.json"), "mine").unwrap();
        let refused = world.dev(arguments);
        assert_eq!(refused.status, 2, "{arguments:?}: {}", refused.stderr);
        let taken = Words::default().files().name_taken().fill(&[("name", &"key.json")]).what;
        assert!(format!("{}{}", refused.stderr, refused.stdout).contains(&taken), "{arguments:?}: {}", refused.stderr);
        assert_eq!((fs::read_to_string(world.path("key.json")).unwrap().as_str(), world.there()), ("mine", before));
        fs::remove_file(world.path("key.json")).unwrap();
        assert_eq!(world.dev(arguments).status, 0, "{arguments:?}");
        let text = String::from_utf8(fs::read(world.path("key.json")).unwrap()).unwrap();
        assert!(!text.starts_with('\u{feff}') && !text.contains('\r'), "{arguments:?}");
        let key: Value = serde_json::from_str(&text).unwrap();
        assert_ne!(key["oauth"]["clientsecret"], json!(null), "{arguments:?}");
    });
}
