//! A private tmux inside the terminal under test.

use std::{path::Path, process::Command};

use crate::{
    ask_for_secret, copy_parameters,
    harness::{PROGRAM, Session, has},
    parameters,
    sweep::{Sweep, clean, osc52},
    walk_to_hand_over,
};

/// A private server, which ends with the test.
struct Server {
    socket: String,
}

impl Server {
    /// Starts one on a pseudo terminal, with the wizard in its only window.
    fn start(sweep: &Sweep, arguments: &[&str]) -> (Self, Session) {
        let socket = format!("{}/tmux", sweep.home());
        let settings = format!("{}/tmux.conf", sweep.home());
        std::fs::write(&settings, "set -s set-clipboard external\n").unwrap();
        let mut line = vec!["-u", "-S", &socket, "-f", &settings, "new-session", PROGRAM];
        line.extend(arguments);
        let variables = [("HOME", sweep.home()), ("TMPDIR", sweep.home()), ("SHELL", "/bin/sh")];
        let session = Session::start(Path::new("tmux"), &line, &variables);
        let server = Self { socket };
        session.wait_for_wizard();
        (server, session)
    }

    fn ask(&self, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new("tmux").args(["-S", &self.socket]).args(arguments).output().unwrap();
        output.stdout
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ask(&["kill-server"]);
    }
}

#[test]
fn inside_tmux_the_text_goes_by_its_buffer_and_on_to_the_terminal() {
    if !has("tmux") {
        return;
    }
    let sweep = Sweep::new();
    let (server, mut session) = Server::start(&sweep, &[]);
    copy_parameters(&mut session);
    session.wait_for("Sent the instance parameters to tmux");
    let buffer: serde_json::Value = serde_json::from_slice(&server.ask(&["show-buffer"])).unwrap();
    assert_eq!(buffer, parameters());
    session.wait_for_output(b"\x1b]52;");
    session.send("q");
    let sent = osc52(&session.wait_for_end().bytes);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&sent[0]).unwrap(), parameters());
}

#[test]
fn a_secret_is_never_passed_to_tmux() {
    if !has("tmux") {
        return;
    }
    for arguments in [&["--practice"][..], &["--practice", "--clipboard", "tmux"]] {
        let sweep = Sweep::new();
        let (server, mut session) = Server::start(&sweep, arguments);
        walk_to_hand_over(&mut session);
        // Something is in the buffer, so that looking into it can find something.
        session.send("y");
        session.wait_for("to tmux");
        ask_for_secret(&mut session);
        session.send("y");
        session.wait_for("Not copied: the client secret.");
        let pid = String::from_utf8(server.ask(&["display-message", "-p", "#{pane_pid}"])).unwrap();
        sweep.process(pid.trim().parse().unwrap());
        let buffers = String::from_utf8(server.ask(&["list-buffers", "-F", "#{buffer_name}"])).unwrap();
        assert!(!buffers.is_empty());
        for name in buffers.lines() {
            clean(&server.ask(&["show-buffer", "-b", name]), name);
        }
        clean(&server.ask(&["capture-pane", "-p", "-S", "-"]), "the history of the pane");
        session.send("q");
        sweep.end(&session.wait_for_end().bytes);
    }
}
