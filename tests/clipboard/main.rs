//! Copying and pasting with a real X server, tmux and terminal, each followed by a search for leaked secrets.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "tests/pty.rs uses other parts of it")]
#[path = "../pty/harness.rs"]
mod harness;
mod sweep;
mod terminal;
mod tmux;
mod x11;

use std::path::Path;

use harness::{PROGRAM, Session};
use sweep::Sweep;

/// The secret of the first practice key.
pub const SECRET: &str = "11111111-2222-4333-8444-000000000001$Practice-0123456789_AbCdEfGhIjKlMnOpQrStUvWx=";

/// What the wizard copies on the screen of the roles, after enter on each screen before.
pub fn parameters() -> serde_json::Value {
    let output = std::process::Command::new(PROGRAM)
        .args(["params", "--purpose", "cpi-transporter"])
        .output()
        .expect("the program runs");
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

/// The wizard with its own home directory.
pub fn wizard(arguments: &[&str], variables: &[(&str, &str)], sweep: &Sweep) -> Session {
    let mut variables = variables.to_vec();
    variables.push(("HOME", sweep.home()));
    variables.push(("TMPDIR", sweep.home()));
    let session = Session::start(Path::new(PROGRAM), arguments, &variables);
    session.wait_for_wizard();
    session
}

/// Walks from the first screen to the roles and copies the instance parameters.
pub fn copy_parameters(session: &mut Session) {
    for step in 2..=4 {
        session.send("\r");
        session.wait_for(&format!("›{step} "));
    }
    session.send("y");
}

/// Walks from the first screen, on the practice tenant, to the last, with a key that was tested.
pub fn walk_to_hand_over(session: &mut Session) {
    session.wait_for("PRACTICE");
    session.send("\x1b[F");
    session.send("\r");
    session.wait_for("A key that works");
    session.send("\r");
    session.wait_for("test the connection");
    session.send("\r");
    // Offered only once the test is over and the key works.
    session.wait_for("hand over");
    session.send("\r");
    session.wait_for("›9 ");
    // From what to do next to the values of the key.
    session.send("\t");
}

/// Moves to the secret on the last screen and asks to copy it; the question is shown then.
pub fn ask_for_secret(session: &mut Session) {
    session.wait_for("clientsecret");
    for _ in 0..2 {
        session.send("\x1b[B");
    }
    session.send("y");
    session.wait_for("Copy the client secret");
}
