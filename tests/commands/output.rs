//! Output that cannot be written: a full disk, a limit on file sizes, a closed pipe.

#[cfg(unix)]
use std::fs::{self, File};
use std::{
    path::Path,
    process::{Command, Stdio},
};

#[cfg(unix)]
use cpikey::words::Words;

/// A key with a made-up secret.
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/keys/certificate.json");

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
    &["--help"],
    &["params", "--help"],
    &["--version"],
];

/// The commands that write a file, without its name.
#[cfg(unix)]
const WRITING: &[&[&str]] = &[
    &["params", "--purpose", "everything", "--output"],
    &["key-params", "--type", "certificate", "--output"],
    &["sheet", "--output"],
    &["export", "service-key", KEY, "--output"],
];

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
