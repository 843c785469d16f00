//! Commands on a terminal.

use std::{net::TcpListener, path::Path};

use cpikey::{
    content,
    practice::{Latency, Practice},
    words::Words,
};
use rustix::process::Signal;

use crate::harness::{PROGRAM, Session, has};

/// A key for servers on this machine, with an invented secret.
fn key(port: u16) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key.json");
    let url = format!("http://127.0.0.1:{port}");
    let text = format!(
        r#"{{"oauth":{{"clientid":"sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45","clientsecret":"3f1c9a52-aaaa-4bbb-8ccc-0123456789ab$canary7f3a0123456789ABCDEFGHIJKLMNOPQRSTUVW=","url":"{url}","createdate":"2025-07-17T16:39:46.446Z","tokenurl":"{url}/oauth/token"}}}}"#
    );
    std::fs::write(&path, text).unwrap();
    (directory, path.to_str().unwrap().to_owned())
}

#[test]
fn a_test_that_waits_says_so_in_a_line_that_is_erased_and_ends_with_its_verdict() {
    // Accepts connections and never answers.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let (_directory, path) = key(silent.local_addr().unwrap().port());
    let session = Session::start(Path::new(PROGRAM), &["test", &path, "--timeout", "6"], &[]);
    let limit = Words::default().test().stops_itself(6);
    session.wait_for(&limit);
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 4);
    let screen = ended.screen.contents();
    assert!(!screen.contains(&limit), "{screen}");
    assert!(screen.lines().rfind(|line| !line.is_empty()).unwrap().starts_with("✗ unreachable: "), "{screen}");
    // Marks are coloured.
    assert!(String::from_utf8_lossy(&ended.bytes).contains("\u{1b}[31m✗\u{1b}[0m"), "{screen}");
}

#[test]
fn ctrl_c_takes_the_line_that_says_what_is_waited_for_away() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let (_directory, path) = key(silent.local_addr().unwrap().port());
    if !has("bash") {
        return;
    }
    let mut shell = Session::start(Path::new("bash"), &["--norc", "--noprofile", "-i"], &[("PS1", "ready> ")]);
    shell.wait_for("ready>");
    // A shell stops a list of commands only if the program was ended by the signal.
    shell.send(format!("for round in 1 2; do {PROGRAM} test {path} --timeout 60; done\r"));
    let limit = Words::default().test().stops_itself(60);
    shell.wait_for(&limit);
    shell.send("\x03");
    let screen = shell.wait_until("the prompt", |screen| screen.contents().trim_end().ends_with("ready>"));
    assert!(!screen.contents().contains(&limit), "{}", screen.contents());
    shell.send("echo status $?\r");
    shell.wait_for("status 130");
    shell.send("exit 0\r");
    shell.wait_for_end();
}

#[test]
fn lists_have_headings_and_fit_the_terminal() {
    let tables = Words::default().tables();
    for (arguments, head) in [
        (&["export", "--list"][..], [tables.target(), tables.used_by()]),
        (&["purposes"], [tables.purpose(), tables.about()]),
        (&["roles", "--search", "payload"], [tables.role(), tables.allows()]),
    ] {
        let session = Session::start_at((200, 80), Path::new(PROGRAM), arguments, &[]);
        let ended = session.wait_for_end();
        assert_eq!(ended.status, 0);
        let screen = ended.screen;
        let first = screen.contents().lines().next().unwrap_or_default().to_owned();
        assert!(head.iter().all(|heading| first.contains(heading)), "{first}");
        // A row that is too long continues in the next one.
        assert!((0..200).all(|row| !screen.row_wrapped(row)), "{arguments:?}\n{}", screen.contents());
    }
}

/// What a command writes on a terminal of 80 columns.
fn shown(arguments: &[&str]) -> (u32, vt100::Screen) {
    let ended = Session::start_at((400, 80), Path::new(PROGRAM), arguments, &[]).wait_for_end();
    (ended.status, ended.screen)
}

#[test]
fn roles_have_the_signs_of_the_wizard_and_say_what_they_mean() {
    let (_, screen) = shown(&["roles"]);
    let words = Words::default().roles_command();
    let contents = screen.contents();
    for meaning in [words.sensitive_sign(), words.not_everywhere_sign()] {
        assert!(contents.lines().last().unwrap_or_default().contains(meaning), "{contents}");
    }
    assert!(!contents.contains(words.sensitive_mark()) && contents.contains("!~ "), "{contents}");
    let pipe = std::process::Command::new(PROGRAM).arg("roles").output().unwrap();
    assert!(String::from_utf8_lossy(&pipe.stdout).contains(words.sensitive_mark()), "words where nobody sees columns");
}

#[test]
fn a_finding_begins_with_its_sign_on_a_terminal_and_with_a_word_in_a_pipe() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/keys/cut-off.json");
    let (_, screen) = shown(&["inspect", file]);
    let word = Words::default().output().severity_error();
    assert!(screen.contents().contains("✗ ") && !screen.contents().contains(word), "{}", screen.contents());
    let pipe = std::process::Command::new(PROGRAM).args(["inspect", file]).output().unwrap();
    assert!(String::from_utf8_lossy(&pipe.stdout).contains(&format!("{word}: ")));
}

#[test]
fn the_guide_is_broken_at_words_and_only_an_address_is_wider_than_the_terminal() {
    let (_, screen) = shown(&["guide", "delete"]);
    for row in 0..400 {
        let text = screen.rows(0, 80).nth(row).unwrap_or_default();
        let is_address = text.contains("http") || !text.trim().contains(' ');
        assert!(!screen.row_wrapped(row as u16) || is_address, "{text}");
    }
}

#[test]
fn a_command_without_the_one_that_it_wants_shows_its_help_in_columns() {
    let (status, screen) = shown(&["systems"]);
    assert_eq!(status, 2);
    let (_, help) = shown(&["systems", "-h"]);
    assert_eq!(screen.contents(), help.contents());
}

/// A signal interrupts waiting for the terminal, also on macOS, whose `poll` cannot wait for `/dev/tty`.
#[test]
fn a_signal_ends_a_question_that_nobody_answers() {
    let practice = Practice::start_on_own_thread(&content::load(), Latency::None).unwrap();
    let api = format!("http://{}", practice.cloud_foundry());
    let session = Session::start(Path::new(PROGRAM), &["login", "--api", &api], &[]);
    session.wait_for(Words::default().cf_command().ask_passcode());
    session.signal(Signal::TERM);
    let ended = session.wait_for_end();
    assert!(ended.status != 0 && ended.modes_restored, "{}", ended.screen.contents());
}
