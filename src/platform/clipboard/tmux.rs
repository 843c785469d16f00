//! Copies through tmux, which passes the text to the terminal it runs in.

use std::{
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use super::ClipboardError;

/// How much of an error message is read.
const MESSAGE: u64 = 1024;

/// Puts text into a buffer of the surrounding tmux and has it passed on. tmux before 3.2 refuses, because it does not
/// know `-w`. Blocks at most until the deadline.
///
/// # Errors
///
/// If tmux did not accept the text.
pub fn copy(text: &str, deadline: Duration) -> Result<(), ClipboardError> {
    run(Command::new("tmux").args(["load-buffer", "-w", "-"]), text, deadline)
}

fn run(command: &mut Command, text: &str, deadline: Duration) -> Result<(), ClipboardError> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| ClipboardError::TmuxNotStarted(error.kind()))?;
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let text = text.to_owned();
    let (done, wait) = channel();
    let feed = thread::Builder::new().name("tmux".to_owned()).spawn(move || {
        // A tmux that refuses does not read; its exit status tells.
        let _ = stdin.map(|mut stdin| stdin.write_all(text.as_bytes()));
        // Its output ends when the process ends.
        let _ = stderr.map(|stderr| stderr.take(MESSAGE).read_to_end(&mut Vec::new()));
        let _ = done.send(());
    });
    if feed.is_err() || wait.recv_timeout(deadline).is_err() {
        let _ = child.kill();
        let _ = child.wait();
        return Err(ClipboardError::TmuxNoAnswer);
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(ClipboardError::TmuxRefused),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_text_arrives_whole_and_by_standard_input() {
        let text = "x".repeat(200_000);
        assert_eq!(run(&mut shell("test $(wc -c) -eq 200000"), &text, LONG), Ok(()));
    }

    #[test]
    fn a_tmux_that_refuses_without_reading_is_reported() {
        let refused = run(&mut shell("echo 'usage: load-buffer' >&2; exit 1"), &"x".repeat(200_000), LONG);
        assert_eq!(refused, Err(ClipboardError::TmuxRefused));
        let missing = run(&mut Command::new("/nowhere/tmux"), "x", LONG);
        assert_eq!(missing, Err(ClipboardError::TmuxNotStarted(std::io::ErrorKind::NotFound)));
    }

    #[test]
    fn a_tmux_that_never_answers_is_killed() {
        let hung = run(&mut shell("exec sleep 600"), &"x".repeat(200_000), Duration::from_millis(20));
        assert_eq!(hung, Err(ClipboardError::TmuxNoAnswer));
    }
}
