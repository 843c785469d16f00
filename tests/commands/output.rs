//! Output that cannot be written: a full disk, a limit on file sizes, a closed pipe.

#[cfg(unix)]
use std::fs::File;
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use clap::CommandFactory as _;
use cpikey::{cli::Cli, words::Words};

/// A key with a made-up secret.
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/keys/certificate.json");

/// One with a client secret.
const SECRET_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/keys/flat.json");

/// Every command that prints a result, offline.
const COMMANDS: &[&[&str]] = &[
    &["roles"],
    &["roles", "--json"],
    &["purposes"],
    &["roles", "--purpose", "ci-cd", "--compare", "monitoring"],
    &["roles", "explain", "MonitoringDataRead"],
    &["params", "--purpose", "ci-cd"],
    &["params", "--check", KEY],
    &["params", "--check", KEY, "--json"],
    &["key-params", "--type", "certificate"],
    &["inspect", KEY],
    &["inspect", KEY, "--json"],
    &["test", "--json", KEY, "--timeout", "1", "--proxy", "http://127.0.0.1:9"],
    &["export", "--list"],
    &["export", "--list", "--json"],
    &["export", "service-key", KEY],
    &["systems", "list", "--json"],
    &["guide"],
    &["guide", "roles"],
    &["commands", "cf"],
    &["commands", "terraform"],
    &["sheet"],
    &["completions", "zsh"],
    &["man"],
    &["doctor"],
    &["doctor", "--json"],
    &["complete", "1", "--", "cpikey", ""],
    &["--help"],
    &["params", "--help"],
    &["--version"],
];

/// The commands that write a file, without its name.
const WRITING: &[&[&str]] = &[
    &["params", "--purpose", "everything", "--output"],
    &["params", "--role", "MonitoringDataRead", "--minimal", "--output"],
    &["key-params", "--type", "certificate", "--validity", "90", "--output"],
    &["sheet", "--output"],
    &["sheet", "--purpose", "ci-cd", "--space", "d\u{e9}v", "--output"],
    &["commands", "cf", "--space", "d\u{e9}v", "--output"],
    &["commands", "cf", "--shell", "cmd", "--output"],
    &["commands", "terraform", "--output"],
    &["export", "service-key", KEY, "--output"],
    &["export", "env", SECRET_KEY, "--output"],
];

/// The commands without subcommands that `kind` accepts, by their words.
fn commands(kind: impl Fn(&clap::Command) -> bool) -> Vec<String> {
    let mut found = vec![(String::new(), Cli::command())];
    let mut chosen = Vec::new();
    while let Some((name, command)) = found.pop() {
        let inner: Vec<_> = command.get_subcommands().cloned().collect();
        if inner.is_empty() && kind(&command) {
            chosen.push(name.clone());
        }
        found.extend(inner.into_iter().map(|inner| (format!("{name} {}", inner.get_name()), inner)));
    }
    chosen.into_iter().map(|name| name.trim_start().to_owned()).collect()
}

fn has(command: &clap::Command, option: &str) -> bool {
    command.get_arguments().any(|argument| argument.get_long() == Some(option))
}

/// The commands of a table begin with these words.
fn are_in(table: &[&[&str]], command: &str) -> bool {
    table.iter().any(|arguments| arguments.join(" ").starts_with(command))
}

#[test]
fn every_command_is_in_these_tables_or_in_that_of_saved_systems_or_of_cloud_foundry() {
    let missing = |table: &[&[&str]], mut names: Vec<String>| {
        names.retain(|name| !are_in(table, name));
        names
    };
    // Their tables are in tests/systems and tests/cloud. On Windows, logging out here would log out whoever runs the tests.
    let elsewhere = |name: &str| name.starts_with("systems ") || name == "logout";
    let mut offline = commands(|command| !has(command, "api"));
    offline.retain(|name| !elsewhere(name));
    assert!(offline.len() >= 14, "{offline:?}");
    assert_eq!(missing(COMMANDS, offline), [""; 0]);
    let mut writing = commands(|command| has(command, "output") && !has(command, "api"));
    writing.retain(|name| !elsewhere(name));
    assert_eq!(missing(WRITING, writing), [""; 0]);
}

fn command(arguments: &[&str], home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpikey"));
    command.args(arguments).env("HOME", home).env("XDG_DATA_HOME", home).stdin(Stdio::null());
    command
}

/// The program in a shell with a limit on the size of files, in blocks.
#[cfg(unix)]
fn limited(blocks: u32, arguments: &[&str], home: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -f {blocks} && exec \"$@\""), "sh", env!("CARGO_BIN_EXE_cpikey")]);
    command.args(arguments).env("HOME", home).env("XDG_DATA_HOME", home).stdin(Stdio::null());
    command
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let home = tempfile::tempdir().unwrap();
    for arguments in COMMANDS {
        let run = |close: bool| {
            let mut child =
                command(arguments, home.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            if close {
                drop(child.stdout.take());
            }
            let output = child.wait_with_output().unwrap();
            (output.status.code(), String::from_utf8(output.stderr).unwrap())
        };
        assert_eq!(run(true), run(false), "{arguments:?}");
    }
}

#[test]
fn a_result_in_a_file_is_that_of_standard_output_in_utf8_without_a_byte_order_mark() {
    let words = Words::default();
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("result");
    let name = path.to_str().unwrap();
    let flat = |text: &[u8]| String::from_utf8_lossy(text).split_whitespace().collect::<Vec<_>>().join(" ");
    for arguments in WRITING {
        let run = |place: &str| command(&[arguments, &[place][..]].concat(), home.path()).output().unwrap();
        let (printed, written) = (run("-"), run(name));
        assert_eq!((printed.status.code(), written.status.code()), (Some(0), Some(0)), "{arguments:?}");
        assert!(written.stdout.is_empty(), "{arguments:?}");
        // `export` goes on with what to do with it.
        let says = flat(format!("cpikey: {}", words.output().written(name)).as_bytes());
        assert!(flat(&written.stderr).starts_with(&says), "{arguments:?}: {written:?}");
        let file = String::from_utf8(fs::read(&path).unwrap()).unwrap();
        assert!(!file.starts_with('\u{feff}') && !file.is_empty(), "{arguments:?}");
        assert_eq!(file.as_bytes(), printed.stdout, "{arguments:?}");
        let is_batch = arguments.contains(&"cmd");
        assert_eq!(file.contains('\r'), is_batch, "{arguments:?}");

        fs::write(&path, "mine").unwrap();
        let refused = run(name);
        assert_eq!((refused.status.code(), refused.stdout.as_slice()), (Some(2), &b""[..]), "{arguments:?}");
        let taken = words.files().name_taken().fill(&[("name", &name)]).what;
        assert!(flat(&refused.stderr).contains(&taken), "{arguments:?}: {refused:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        fs::remove_file(&path).unwrap();

        let nowhere = home.path().join("no").join("folder").join("x");
        let refused = run(nowhere.to_str().unwrap());
        assert_eq!((refused.status.code(), refused.stdout.as_slice()), (Some(2), &b""[..]), "{arguments:?}");
        let missing = words.files().no_directory().fill(&[("name", &nowhere.display())]).what;
        assert!(flat(&refused.stderr).contains(&missing), "{arguments:?}: {refused:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_fails_every_command_with_status_1() {
    let home = tempfile::tempdir().unwrap();
    for arguments in COMMANDS {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command(arguments, home.path()).stdout(full).stderr(Stdio::piped()).output().unwrap();
        let messages = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {messages}");
        let what = format!("cpikey: {}", Words::default().output().not_written().what);
        assert!(messages.lines().any(|line| line == what), "{arguments:?}: {messages}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn messages_that_cannot_be_written_do_not_change_the_status() {
    let home = tempfile::tempdir().unwrap();
    for arguments in
        COMMANDS.iter().chain([&["params", "--role", "X"][..], &["nonsense"], &["inspect", "/nowhere"]].iter())
    {
        let status = |stderr: Stdio| {
            command(arguments, home.path()).stdout(Stdio::null()).stderr(stderr).status().unwrap().code()
        };
        let full = File::options().write(true).open("/dev/full").unwrap();
        assert_eq!(status(full.into()), status(Stdio::null()), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_limit_on_file_sizes_fails_with_status_1_and_no_signal() {
    let home = tempfile::tempdir().unwrap();
    for arguments in COMMANDS {
        let path = home.path().join("out");
        let file = File::create(&path).unwrap();
        let output = limited(0, arguments, home.path()).stdout(file).stderr(Stdio::piped()).output().unwrap();
        let messages = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {messages}");
        assert!(messages.contains(Words::default().output().not_written().what), "{arguments:?}: {messages}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_is_cut_short_by_a_limit_is_not_left_behind() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("result");
    let name = path.to_str().unwrap();
    for arguments in WRITING {
        let arguments = [arguments, &[name][..]].concat();
        let output = limited(0, &arguments, home.path()).output().unwrap();
        let messages = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), path.exists()), (Some(1), false), "{arguments:?}: {messages}");
        let what = Words::default().files().not_written().fill(&[("name", &name)]).what;
        assert!(messages.contains(&what), "{arguments:?}: {messages}");
        // Without the limit the same command works.
        assert!(command(&arguments, home.path()).output().unwrap().status.success(), "{arguments:?}");
        fs::remove_file(&path).unwrap();
    }
}
