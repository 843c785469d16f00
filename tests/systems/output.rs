//! What the commands write goes into a closed pipe, or into a new file.

use std::process::Stdio;

use clap::CommandFactory as _;
use cpikey::cli::Cli;

use super::harness::{Home, key, practice};

/// Every command about saved systems, and the one about the stored login, with a key in `key.json` and the system `dev`.
const COMMANDS: &[&[&str]] = &[
    &["logout"],
    &["systems", "add", "other", "key.json"],
    &["systems", "list"],
    &["systems", "list", "--json"],
    &["systems", "show", "dev"],
    &["systems", "show", "dev", "--json"],
    &["systems", "rename", "dev", "new"],
    &["systems", "remove", "dev"],
    &["systems", "test", "dev"],
    &["systems", "test", "--all", "--json"],
    &["systems", "test", "--key-file", "key.json"],
    &["systems", "test", "--key-file", "key.json", "--format", "json"],
    &["systems", "test", "--key-file", "key.json", "--format", "junit"],
    &["systems", "test", "--key-file", "key.json", "--format", "prometheus"],
    &["systems", "test", "--key-file", "key.json", "--format", "github"],
];

/// A home directory with both, and that of the program as working directory.
fn home(text: &str) -> Home {
    let home = Home::new();
    home.file("key.json", text);
    drop(home.saved(&[("dev", &key())]));
    home
}

#[test]
fn every_command_about_saved_systems_is_in_this_table() {
    let program = Cli::command();
    let systems = program.find_subcommand("systems").unwrap();
    for command in systems.get_subcommands() {
        let name = command.get_name();
        assert!(COMMANDS.iter().any(|arguments| arguments.get(1) == Some(&name)), "{name}");
        let writes = command.get_arguments().any(|argument| argument.get_long() == Some("output"));
        assert_eq!(writes, name == "test", "its file is not tested: {name}");
    }
}

#[test]
fn a_closed_pipe_changes_neither_the_status_nor_what_is_saved() {
    let (_practice, sample) = practice();
    let text = sample("works");
    for arguments in COMMANDS {
        let run = |close: bool| {
            let home = home(&text);
            let mut command = home.command_without_terminal(arguments);
            command.current_dir(home.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            if close {
                drop(child.stdout.take());
            }
            let output = child.wait_with_output().unwrap();
            let messages = String::from_utf8(output.stderr).unwrap().replace(home.path().to_str().unwrap(), "");
            (output.status.code(), messages, home.run(&["systems", "list"]).stdout)
        };
        assert_eq!(run(true), run(false), "{arguments:?}");
    }
}

#[test]
fn results_in_a_file_are_utf8_without_a_byte_order_mark_and_replace_only_on_request() {
    let (_practice, sample) = practice();
    // Nothing is wrong with the key, so there is no annotation that names it.
    for (format, said) in
        [("json", "D\u{e9}v"), ("junit", "D\u{e9}v"), ("prometheus", "D\u{e9}v"), ("github", "1 ready")]
    {
        let home = home(&sample("works"));
        let file = home.path().join("results");
        let arguments =
            ["systems", "test", "--key-file", "D\u{e9}v=key.json", "--format", format, "--output", "results"];
        let run = |more: &[&str]| {
            let mut command = home.command_without_terminal(&[&arguments[..], more].concat());
            command.current_dir(home.path()).stdin(Stdio::null()).output().unwrap()
        };
        let written = run(&[]);
        assert_eq!((written.status.code(), written.stdout.len()), (Some(0), 0), "{format}: {written:?}");
        let text = String::from_utf8(std::fs::read(&file).unwrap()).unwrap();
        assert!(text.contains(said) && !text.starts_with('\u{feff}') && !text.contains('\r'), "{format}: {text}");
        std::fs::write(&file, "mine").unwrap();
        assert_eq!(run(&[]).status.code(), Some(2), "{format}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
        assert_eq!(run(&["--replace"]).status.code(), Some(0), "{format}");
        assert!(std::fs::read_to_string(&file).unwrap().contains(said), "{format}");
    }
}
