//! The program on a pseudo terminal: how it uses the terminal, and that it always restores it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "pty/cloud.rs"]
mod cloud;
#[path = "pty/commands.rs"]
mod commands;
#[path = "pty/completions.rs"]
mod completions;
#[allow(dead_code, reason = "tests/clipboard uses other parts of it")]
#[path = "pty/harness.rs"]
mod harness;
#[cfg(target_os = "linux")]
#[path = "pty/lookup.rs"]
mod lookup;
#[cfg(target_os = "linux")]
#[path = "pty/memory.rs"]
mod memory;
#[path = "pty/panic.rs"]
mod panic;
#[path = "pty/plain.rs"]
mod plain;
#[path = "pty/resume.rs"]
mod resume;
// The macOS Keychain always exists.
#[cfg(target_os = "linux")]
#[path = "pty/kept_login.rs"]
mod kept_login;
#[cfg(target_os = "linux")]
#[path = "pty/saved.rs"]
mod saved;
#[path = "pty/terminals.rs"]
mod terminals;

use std::{
    path::Path,
    process::{Command, Stdio},
};

use harness::{ENDING, PROGRAM, Session, has};
use rustix::process::Signal;

/// Starts the wizard and waits for its first screen.
fn started() -> Session {
    let session = Session::wizard(&[]);
    session.wait_for_wizard();
    session
}

#[test]
fn the_first_screen_asks_what_will_use_the_key() {
    let session = Session::wizard(&[]);
    let screen = session.wait_for_wizard();
    assert!(screen.bracketed_paste());
}

#[test]
fn quitting_restores_the_terminal_and_says_at_which_step_it_stopped() {
    let mut session = started();
    session.send("q");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 0);
    ended.assert_restored();
    assert!(ended.screen.contents().contains("Stopped at step 1 of 9."), "{}", ended.screen.contents());
}

#[test]
fn the_window_says_the_step_and_gets_its_title_back() {
    let mut session = started();
    session.wait_for_output(b"\x1b[22;0t\x1b]2;Purpose - cpikey\x1b\\");
    session.send("\r");
    session.wait_for_output(b"\x1b]2;Plan - cpikey\x1b\\");
    session.send("q");
    let ended = session.wait_for_end();
    ended.assert_restored();
    assert!(!String::from_utf8_lossy(&ended.bytes).contains("\x1b]9;4"), "no progress where nobody knows it");
}

#[test]
fn the_mouse_is_taken_on_request_and_given_back() {
    let mut session = Session::wizard(&["--mouse"]);
    session.wait_for_wizard();
    session.wait_for_output(b"\x1b[?1000h\x1b[?1006h");
    session.send("\x1b[<0;3;2M\x1b[<0;3;2mq");
    let ended = session.wait_for_end();
    ended.assert_restored();
    let text = String::from_utf8_lossy(&ended.bytes);
    assert!(text.rfind("\x1b[?1000h") < text.rfind("\x1b[?1000l"));
}

#[test]
fn ctrl_c_ends_with_130() {
    let mut session = started();
    session.send("\x03");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 130);
    ended.assert_restored();
}

#[test]
fn each_signal_that_ends_the_program_restores_the_terminal() {
    for (signal, status) in ENDING {
        let session = started();
        session.signal(signal);
        let ended = session.wait_for_end();
        assert_eq!(ended.status, status, "{signal:?}");
        ended.assert_restored();
    }
}

#[test]
fn a_signal_works_while_a_paste_never_ends() {
    let mut session = started();
    // Without its end marker the paste swallows everything after it, even Ctrl+C.
    session.send("\x1b[200~{\x03q");
    session.signal(Signal::TERM);
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 143);
    ended.assert_restored();
}

#[test]
fn a_signal_works_while_the_terminal_takes_no_bytes() {
    let mut session = started();
    session.stop_output();
    session.send("\x0c");
    session.signal(Signal::TERM);
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 143);
    assert!(ended.modes_restored, "the line settings are not as before");
}

#[test]
fn a_closed_terminal_ends_the_program() {
    assert_eq!(started().hang_up(), 129);
}

#[test]
fn keys_that_arrive_as_one_burst_are_text_and_not_commands() {
    let mut session = started();
    session.send("{ \"q\": \"quit\",\r \"x\": \"qqqq\" }");
    // The status is 130 only if no q of the burst has already ended it with 0.
    session.send("\x03");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 130);
}

#[test]
fn the_plain_view_is_on_the_normal_screen_and_enter_leads_back() {
    let mut session = started();
    session.send("p");
    session.wait_until("the plain view", |screen| {
        !screen.alternate_screen() && screen.contents().contains("return to the wizard")
    });
    session.send("\r");
    session.wait_for_wizard();
    session.send("p");
    session.wait_until("the plain view", |screen| !screen.alternate_screen());
    session.signal(Signal::TERM);
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 143);
    ended.assert_restored();
    assert!(ended.screen.contents().contains("return to the wizard"), "the plain text is gone");
}

#[test]
fn the_practice_tenant_starts_after_the_first_picture_and_ends_with_the_program() {
    let mut session = Session::wizard(&["--practice"]);
    session.wait_for_wizard();
    session.wait_for("PRACTICE");
    session.send("q");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 0);
    ended.assert_restored();
}

#[test]
fn a_resized_terminal_is_redrawn() {
    let session = started();
    session.resize(6, 30);
    session.wait_for("Terminal too small");
    session.resize(30, 100);
    session.wait_for_wizard();
}

#[test]
fn redrawing_on_request_brings_a_disturbed_picture_back() {
    let mut session = started();
    let before = session.bytes_written();
    session.send("\x0c");
    session.wait_for_bytes(before + 500);
    session.wait_for_wizard();
}

#[test]
fn the_program_goes_to_the_background_and_comes_back() {
    if !has("bash") {
        return;
    }
    let prompt = [("PS1", "ready> ")];
    let mut shell = Session::start(Path::new("bash"), &["--norc", "--noprofile", "-i"], &prompt);
    shell.wait_for("ready>");
    shell.send(format!("{PROGRAM}\r"));
    shell.wait_for_wizard();
    shell.send("\x1a");
    shell.wait_until("the shell", |screen| !screen.alternate_screen() && screen.contents().contains("Stopped"));
    shell.send("echo answer-$((40+2))\r");
    shell.wait_for("answer-42");
    shell.send("fg\r");
    let screen = shell.wait_for_wizard();
    assert!(screen.bracketed_paste());
    shell.send("q");
    shell.wait_until("the prompt after the last words", |screen| {
        screen.contents().split_once("Stopped at step 1 of 9.").is_some_and(|(_, rest)| rest.contains("ready>"))
    });
    shell.send("exit\r");
    let ended = shell.wait_for_end();
    assert_eq!(ended.status, 0);
}

#[test]
fn without_a_shell_above_it_the_program_does_not_stop_for_ever() {
    let mut session = started();
    session.send("\x1a");
    session.send("q");
    assert_eq!(session.wait_for_end().status, 0);
}

#[test]
fn without_a_terminal_the_commands_are_named() {
    let output = Command::new(PROGRAM).stdin(Stdio::null()).stdout(Stdio::piped()).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(words.contains("needs a terminal") && words.contains("params"), "{words}");
    assert!(output.stdout.is_empty());
}

#[test]
fn certificates_that_cannot_be_read_are_named_before_the_first_picture() {
    let ended = Session::wizard(&["--ca-file", "/nowhere/ca.pem"]).wait_for_end();
    assert_eq!(ended.status, 2);
    assert!(ended.screen.contents().contains("/nowhere/ca.pem"), "{}", ended.screen.contents());
    assert!(!String::from_utf8_lossy(&ended.bytes).contains("\x1b[?1049h"), "the wizard was drawn");
}

#[test]
fn without_colours_the_selected_row_can_still_be_seen() {
    let session = Session::wizard_with(&[], &[("NO_COLOR", "1")]);
    let screen = session.wait_for_wizard();
    let cells =
        || (0..24).flat_map(|row| (0..80).map(move |col| (row, col))).filter_map(|(row, col)| screen.cell(row, col));
    assert!(cells().any(vt100::Cell::inverse), "no cell is reversed");
    assert!(cells().all(|cell| cell.fgcolor() == vt100::Color::Default), "a cell has a colour");
}

/// Not a deadline: only what happens in the meantime counts, not how long it takes.
#[cfg(target_os = "linux")]
#[test]
fn while_nothing_happens_nothing_is_written_and_no_thread_wakes_up() {
    let session = started();
    let switches = || context_switches(session.pid());
    // The work after the first frame may take a while on a busy machine.
    let pause = || std::thread::sleep(std::time::Duration::from_millis(500));
    for _ in 0..60 {
        let before = switches();
        pause();
        if switches() == before {
            break;
        }
    }
    let before = (switches(), session.bytes_written());
    for _ in 0..4 {
        pause();
    }
    assert_eq!((switches(), session.bytes_written()), before);
}

/// The sum for all threads of a process.
#[cfg(target_os = "linux")]
fn context_switches(pid: i32) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    tasks
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.path().join("status")).ok())
        .flat_map(|status| {
            let counts = status.lines().filter(|line| line.contains("ctxt_switches"));
            counts.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok()).collect::<Vec<_>>()
        })
        .sum()
}
