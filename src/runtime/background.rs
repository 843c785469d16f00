//! Asks the terminal whether its background is dark or light.
//!
//! Only terminals that are known to answer are asked, only after the first frame; a device attributes query (DA1),
//! which all of them answer, ends the wait. crossterm does not know these answers and would take them for keys, so they
//! are read before it reads its first byte; keys typed meanwhile are passed on.

#[cfg(any(unix, test))]
mod answer;

use crate::{model::Msg, platform::env::Background};

/// Queries the background colour (OSC 11), then the device attributes (DA1).
pub const QUESTION: &str = "\x1b]11;?\x1b\\\x1b[c";

/// Longer than a local terminal takes, and short enough for users who type immediately.
#[cfg(unix)]
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(300);

/// Reads the answer, and the keys that were pressed before it was complete.
#[cfg(unix)]
pub fn read_answer() -> (Option<Background>, Vec<Msg>) {
    use rustix::io::{Errno, read};
    use std::time::Instant;

    use answer::Answer;

    use crate::platform::ready::ready;

    let input = rustix::stdio::stdin();
    let deadline = Instant::now() + PATIENCE;
    let mut answer = Answer::default();
    while !answer.complete {
        let left = deadline.saturating_duration_since(Instant::now());
        match ready(input, left) {
            Ok(true) => {}
            // A signal, or a timeout.
            Ok(false) if !left.is_zero() => continue,
            Ok(false) | Err(_) => break,
        }
        // One by one, so that nothing after the answer is withheld from crossterm.
        let mut byte = [0];
        match read(input, &mut byte) {
            Ok(1) => answer.take(byte[0]),
            Err(Errno::INTR) => {}
            Ok(_) | Err(_) => break,
        }
    }
    answer.finish()
}

/// Terminals are not queried on this platform.
#[cfg(not(unix))]
pub fn read_answer() -> (Option<Background>, Vec<Msg>) {
    (None, Vec::new())
}
