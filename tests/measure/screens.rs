//! Every screen, and how keys lead to it.

use std::{path::Path, thread, time::Duration};

use crate::harness::Session;

/// The key Down.
pub const DOWN: &str = "\x1b[B";

/// The end of a frame.
const FRAME: &[u8] = b"\x1b[?2026l";

/// The most moves that are measured on one screen.
pub const MOVES: usize = 10;

/// The screens in the order of the wizard. Enter leads from each to the next, on a practice tenant too: there it takes the
/// first key and tests it.
pub const SCREENS: [&str; 9] =
    ["purpose", "plan", "instance", "roles", "create", "key", "quick-fill", "test", "hand-over"];

/// A wizard that is measured.
pub struct Wizard {
    session: Session,
    /// How long nothing may come before a picture is taken for complete.
    quiet: Duration,
}

impl Wizard {
    /// Starts a program and waits for its first frame.
    pub fn start(program: &Path, arguments: &[&str], quiet: Duration) -> Self {
        let wizard = Self { session: Session::start(program, arguments, &[]), quiet };
        wizard.session.wait_for_output(FRAME);
        wizard.settle();
        wizard
    }

    /// Presses a key and waits for the frame. Returns how many bytes were written.
    pub fn press(&mut self, key: &str) -> usize {
        let before = self.session.bytes_written();
        self.session.send(key);
        self.session.wait_for_bytes(before);
        self.settle();
        self.session.bytes_written() - before
    }

    /// Walks to a screen.
    pub fn walk(&mut self, screen: usize) {
        for number in 2..=screen + 1 {
            // A key that only starts something (a test of the practice key) leads on when that is done.
            for _ in 0..100 {
                if self.step() == Some(number) {
                    break;
                }
                self.press("\r");
            }
            assert_eq!(self.step(), Some(number), "enter did not lead there: {}", self.header());
        }
    }

    /// The number of the step, which the line of steps marks.
    fn step(&self) -> Option<usize> {
        let screen = self.session.wait_until("a screen", |_| true).contents();
        let (_, marked) = screen.lines().nth(1)?.split_once('›')?;
        marked.split_whitespace().next()?.parse().ok()
    }

    /// Ends the program.
    pub fn quit(mut self) {
        // The first one may only ask.
        self.press("\x03");
        self.session.send("\x03");
        self.session.wait_for_end();
    }

    /// The line that names the step.
    pub fn header(&self) -> String {
        self.session.wait_until("a screen", |_| true).contents().lines().next().unwrap_or_default().to_owned()
    }

    fn settle(&self) {
        loop {
            let before = self.session.bytes_written();
            thread::sleep(self.quiet);
            if self.session.bytes_written() == before {
                return;
            }
        }
    }
}
