//! A private X server, read by another program; and one that never answers.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::Signal;

use cpikey::{platform::clipboard::ClipboardError, words::Words};

use crate::{
    SECRET, ask_for_secret, copy_parameters,
    harness::has,
    parameters,
    sweep::{Sweep, osc52},
    walk_to_hand_over, wizard,
};

/// Only ends a test that has failed.
const DEADLINE: Duration = Duration::from_secs(60);

/// A private server, which ends with the test.
struct Server {
    process: Child,
    display: String,
}

impl Server {
    /// Starts one on a free display. `None` if the programs are missing.
    fn start() -> Option<Self> {
        if !has("Xvfb") || !has("xclip") {
            return None;
        }
        let mut process = Command::new("Xvfb")
            // Without the last option it restarts whenever its last client disconnects, and refuses clients in the
            // meantime.
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "64x64x24", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb did not start");
        Some(Self { process, display: format!(":{}", number.trim()) })
    }

    fn xclip(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("xclip");
        command.args(["-selection", "clipboard", "-display", &self.display]).args(arguments);
        command.stderr(Stdio::null());
        command
    }

    /// What another program reads, if anything.
    fn contents(&self) -> Option<String> {
        let output = self.xclip(&["-o"]).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }

    /// The formats in which the contents are offered.
    fn targets(&self) -> String {
        String::from_utf8(self.xclip(&["-o", "-t", "TARGETS"]).output().unwrap().stdout).unwrap()
    }

    /// Another program copies something. It reports success before the server knows.
    fn copy(&self, text: &str) {
        let mut xclip = self.xclip(&["-i"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        xclip.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(xclip.wait().unwrap().success());
        let until = Instant::now() + DEADLINE;
        while self.contents().as_deref() != Some(text) {
            assert!(Instant::now() < until, "xclip did not copy");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn another_program_can_paste_what_the_wizard_copied() {
    let Some(server) = Server::start() else { return };
    let sweep = Sweep::new();
    let mut session = wizard(&[], &[("DISPLAY", &server.display)], &sweep);
    copy_parameters(&mut session);
    session.wait_for("Copied the instance parameters to the system clipboard (checked).");
    let pasted: serde_json::Value = serde_json::from_str(&server.contents().unwrap()).unwrap();
    assert_eq!(pasted, parameters());
    assert!(!server.targets().contains("x-kde-passwordManagerHint"));
    session.send("q");
    let ended = session.wait_for_end();
    assert!(osc52(&ended.bytes).is_empty());
    assert!(ended.screen.contents().contains("Copied text is lost"));
}

#[test]
fn a_secret_is_copied_only_after_the_question_excluded_from_histories_and_cleared_at_the_end() {
    let Some(server) = Server::start() else { return };
    let sweep = Sweep::new();
    for end in ["q", "\x03", "signal"] {
        let mut session = wizard(&["--practice"], &[("DISPLAY", &server.display)], &sweep);
        walk_to_hand_over(&mut session);
        ask_for_secret(&mut session);
        assert_eq!(server.contents(), None, "before the answer");
        session.send("y");
        session.wait_for("Copied the client secret to the system clipboard (checked).");
        session.wait_for("secret in clipboard: 4");
        assert_eq!(server.contents().as_deref(), Some(SECRET));
        let targets = server.targets();
        assert!(targets.contains("x-kde-passwordManagerHint") && !targets.contains("SAVE_TARGETS"), "{targets}");
        sweep.process(session.pid());
        match end {
            "signal" => session.signal(Signal::TERM),
            keys => session.send(keys),
        }
        let ended = session.wait_for_end();
        ended.assert_restored();
        assert_eq!(server.contents(), None, "after {end:?}");
        assert!(!ended.screen.contents().contains("Copied text is lost"), "no text was copied");
        sweep.end(&ended.bytes);
    }
}

#[test]
fn what_was_copied_meanwhile_is_not_cleared() {
    let Some(server) = Server::start() else { return };
    let sweep = Sweep::new();
    let mut session = wizard(&["--practice"], &[("DISPLAY", &server.display)], &sweep);
    walk_to_hand_over(&mut session);
    ask_for_secret(&mut session);
    session.send("y");
    session.wait_for("Copied the client secret to the system clipboard (checked).");
    server.copy("copied elsewhere");
    session.send("q");
    sweep.end(&session.wait_for_end().bytes);
    assert_eq!(server.contents().as_deref(), Some("copied elsewhere"));
}

#[test]
fn a_copy_over_the_secret_ends_the_countdown() {
    let Some(server) = Server::start() else { return };
    let sweep = Sweep::new();
    let mut session = wizard(&["--practice"], &[("DISPLAY", &server.display)], &sweep);
    walk_to_hand_over(&mut session);
    ask_for_secret(&mut session);
    session.send("y");
    session.wait_for("secret in clipboard:");
    session.send("\x1b[A\x1b[Ay");
    session.wait_for("Copied the API URL to the system clipboard (checked).");
    assert!(!session.wait_for("›9 ").contents().contains("secret in clipboard:"));
    assert!(server.contents().unwrap().starts_with("http"));
}

#[test]
fn a_key_is_read_from_the_clipboard_and_nothing_is_pressed() {
    let Some(server) = Server::start() else { return };
    let sweep = Sweep::new();
    let mut session = wizard(&[], &[("DISPLAY", &server.display)], &sweep);
    session.send("\x1b[F\x1b[A\r");
    session.wait_for("›7 ");
    server.copy(&"x".repeat(256 * 1024 + 1));
    // On a busy machine the many parts of a large text can arrive too late; then the test presses again.
    for _ in 0..20 {
        session.send("\x16");
        let screen = session.wait_until("an answer", |screen| {
            let text = screen.contents();
            text.contains("more than 256 KB") || text.contains("There is no text")
        });
        if screen.contents().contains("more than 256 KB") {
            break;
        }
        session.send("\x1b[A");
        session.wait_until("the message to go", |screen| !screen.contents().contains("There is no text"));
    }
    session.wait_for(&ClipboardError::TooLarge.problem(Words::default()).what);
    server.copy(&format!(
        "{{\"clientid\":\"sb-1!b1|it!b2\",\"clientsecret\":\"{SECRET}\",\
         \"tokenurl\":\"https://acme.authentication.eu10.hana.ondemand.com/oauth/token\",\
         \"url\":\"https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com\"}}\rq\r"
    ));
    session.send("\x16");
    session.wait_for("test the connection");
    session.send("\x03");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 130);
    sweep.end(&ended.bytes);
}

#[test]
fn a_server_that_never_answers_holds_nothing_up() {
    // Like a dead X11 forwarding: every client waits forever.
    let (_listener, number) =
        (30..200).find_map(|n| Some((TcpListener::bind(("127.0.0.1", 6000 + n)).ok()?, n))).unwrap();
    let sweep = Sweep::new();
    let display = format!("127.0.0.1:{number}");
    let mut session = wizard(&[], &[("DISPLAY", &display)], &sweep);
    copy_parameters(&mut session);
    session.send("?");
    session.wait_for(" Help ");
    assert!(osc52(&session.bytes()).is_empty(), "the copy was over before the key was dealt with");
    session.wait_for_output(b"\x1b]52;c;");
    session.send("\x03");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 130);
    ended.assert_restored();
    let sent = osc52(&ended.bytes);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&sent[0]).unwrap(), parameters());
}
