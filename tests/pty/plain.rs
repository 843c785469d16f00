//! Plain mode on a terminal that can only print, and with piped input.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use crate::harness::{ENDING, Ended, PROGRAM, Session, has};

/// A secret that must appear nowhere.
const CANARY: &str = "canary-of-the-secret-0123456789";

/// A key with a certificate of this size, longer than the line limit of a terminal.
fn key(certificate: usize) -> String {
    format!(
        r#"{{"oauth":{{"clientid":"sb-x!b1|it!b2","clientsecret":"{CANARY}","certificate":"{}","tokenurl":"https://acme.authentication.eu10.hana.ondemand.com/oauth/token","url":"https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com"}}}}"#,
        "A".repeat(certificate)
    )
}

fn started() -> Session {
    let session = Session::wizard_with(&[], &[("TERM", "dumb")]);
    session.wait_for("1 Purpose>");
    session
}

/// Asserts that there is no escape sequence and no secret, and that the terminal is restored.
fn assert_plain(ended: &Ended) {
    let text = String::from_utf8_lossy(&ended.bytes);
    assert!(!ended.bytes.contains(&0x1b), "{text}");
    assert!(!text.contains(CANARY), "{text}");
    assert!(ended.modes_restored, "the line settings are not as before");
}

#[test]
fn a_terminal_that_can_only_print_gets_the_wizard_line_by_line() {
    let mut session = started();
    session.send("q\r");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 0);
    assert_plain(&ended);
    assert!(ended.screen.contents().contains("Stopped at step 1 of 9."), "{}", ended.screen.contents());
}

#[test]
fn what_is_typed_is_shown_and_can_be_corrected() {
    let mut session = started();
    session.send("3x");
    session.wait_for("1 Purpose> 3x");
    session.send("\x7f\r");
    session.wait_for("3. (chosen)");
    session.send("\x15q\r");
    assert_plain(&session.wait_for_end());
}

#[test]
fn a_key_of_ten_kilobytes_in_one_line_is_read_and_not_shown() {
    let mut session = started();
    session.send(format!("12\r{}\r", key(10_000)));
    session.wait_for("acme.authentication.eu10.hana.ondemand.com");
    session.send("\x03");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 130);
    assert_plain(&ended);
}

#[test]
fn a_key_that_is_typed_slowly_is_not_shown_either() {
    let mut session = started();
    session.send("12\r");
    session.wait_for("7 Fill>");
    for piece in key(10).as_bytes().chunks(3) {
        session.send(piece);
    }
    session.send("\r");
    session.wait_for("acme.authentication.eu10.hana.ondemand.com");
    session.send("\x03");
    assert_plain(&session.wait_for_end());
}

#[test]
fn end_of_input_quits_as_q_does() {
    let mut session = started();
    session.send("\x04");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 0);
    assert_plain(&ended);
}

#[test]
fn each_signal_that_ends_the_program_restores_the_terminal() {
    for (signal, status) in ENDING {
        let session = started();
        session.signal(signal);
        let ended = session.wait_for_end();
        assert_eq!(ended.status, status, "{signal:?}");
        assert_plain(&ended);
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    assert_eq!(started().hang_up(), 129);
}

#[test]
fn the_program_goes_to_the_background_and_comes_back_with_what_was_typed() {
    if !has("bash") {
        return;
    }
    let variables = [("PS1", "ready> "), ("TERM", "dumb")];
    let mut shell = Session::start(Path::new("bash"), &["--norc", "--noprofile", "-i"], &variables);
    shell.wait_for("ready>");
    shell.send(format!("{PROGRAM}\r"));
    shell.wait_for("1 Purpose>");
    shell.send("3x\x1a");
    shell.wait_for("Stopped");
    // The line settings of the shell are restored: echo and line mode are on.
    shell.send("echo answer-$((40+2))\r");
    shell.wait_for("answer-42");
    shell.send("fg\r");
    shell.wait_until("the line that was typed", |screen| screen.contents().trim_end().ends_with("1 Purpose> 3x"));
    shell.send("\x7f\r");
    shell.wait_for("3. (chosen)");
    shell.send("q\r");
    shell.wait_until("the prompt after the last words", |screen| {
        screen.contents().split_once("Stopped at step 1 of 9.").is_some_and(|(_, rest)| rest.contains("ready>"))
    });
    shell.send("exit\r");
    assert_plain(&shell.wait_for_end());
}

#[test]
fn without_a_shell_above_it_the_program_does_not_stop_for_ever() {
    let mut session = started();
    session.send("\x1a");
    session.send("q\r");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 0);
    assert_plain(&ended);
}

#[test]
fn any_width_will_do_and_a_new_one_is_no_harm() {
    let mut session = started();
    for (rows, columns) in [(1, 1), (5, 20), (50, 200), (24, 80)] {
        session.resize(rows, columns);
        session.send(".\r");
    }
    session.send("q\r");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 0);
    assert_plain(&ended);
}

#[test]
fn arrows_are_skipped_and_esc_goes_back() {
    let mut session = started();
    session.send("\r");
    session.wait_for("2 Plan>");
    session.send("\x1b[A\x1b[Bzz\r");
    session.wait_for("zz\"");
    session.send("\x1b");
    session.wait_until("step 1 again", |screen| screen.contents().trim_end().ends_with("1 Purpose>"));
    session.send("q\r");
    assert_plain(&session.wait_for_end());
}

/// Plain mode with this script on standard input.
fn piped(script: &str) -> (Option<i32>, String) {
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(PROGRAM)
        .args(["--plain", "--practice", "--fresh"])
        .env_clear()
        .env("HOME", home.path())
        .env("LANG", "C.UTF-8")
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_script_walks_the_whole_way_and_waits_for_the_test() {
    let (status, said) = piped("1\n\n\n\n\n\n\n1\n\n\nq\n");
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("Check 5 of ") && said.contains("Step 9 of 9"), "{said}");
    assert!(!said.contains('\u{1b}'));
}

#[test]
fn a_script_that_ends_early_ends_the_wizard() {
    let (status, said) = piped("1\n\n");
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("Stopped at step 2 of 9."), "{said}");
}

#[test]
fn a_key_in_a_script_is_not_repeated() {
    let (status, said) = piped(&format!("12\n{}\nx\ny\nq\n", key(10_000).replace(',', ",\n")));
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("acme.authentication.eu10.hana.ondemand.com") && !said.contains(CANARY), "{said}");
}
