//! Every screen, and what one Down costs there: bytes, and instructions.

use std::{path::Path, thread, time::Duration};

use crate::{counting::Counted, harness::Session, programs::Programs, report::Report};

/// The keys Down and Up.
const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
/// Ctrl+P opens the palette.
const PALETTE: &str = "\x10";

/// The end of a frame.
pub const FRAME: &[u8] = b"\x1b[?2026l";

/// The maximum number of moves measured per screen.
const MOVES: usize = 10;

/// A frame without changes consists only of its frame sequences.
const NOTHING: usize = 20;

/// Targets for one Down: bytes, and millions of instructions.
const BYTES: f64 = 400.0;
const COUNT: f64 = 1.4;
/// The target at 120x40.
const LARGE_COUNT: f64 = 3.0;

/// Longer than a response of the practice tenant takes.
const QUIET: Duration = Duration::from_millis(500);
/// valgrind makes the program fifty times slower.
const SLOW: Duration = Duration::from_millis(1000);

/// The screens in the order of the wizard. Enter leads from each to the next; on a practice tenant it loads the first
/// key and tests it.
const SCREENS: [&str; 9] = ["purpose", "plan", "instance", "roles", "create", "key", "quick-fill", "test", "hand-over"];

const PRACTICE: [&str; 3] = ["--practice", "--no-motion", "--fresh"];

/// Walks through all screens, once as the program is, and once under valgrind.
pub fn measure(programs: &Programs, report: &mut Report) {
    let mut wizard = Wizard::start(&programs.cpikey, &PRACTICE, QUIET);
    let mut moves = Vec::new();
    for (index, name) in SCREENS.iter().enumerate() {
        wizard.walk(index);
        let mut bytes: Vec<usize> =
            (0..MOVES).map(|_| wizard.press(DOWN)).take_while(|bytes| *bytes > NOTHING).collect();
        moves.push(bytes.len());
        // So that Enter continues from the same place.
        bytes.iter().for_each(|_| _ = wizard.press(UP));
        bytes.sort_unstable();
        if let Some(most) = bytes.last() {
            let median = format!("(median {} of {})", bytes[bytes.len() / 2], bytes.len());
            report.figure_with(
                format!("maximum bytes of one Down on {name}"),
                *most as f64,
                "bytes",
                Some(BYTES),
                &median,
            );
        }
    }
    wizard.quit();
    let Some(mut counted) = Counted::wizard(&programs.cpikey, &PRACTICE, report) else { return };
    for (index, (name, moves)) in SCREENS.iter().zip(moves).enumerate() {
        counted.wizard.walk(index);
        if moves == 0 {
            continue;
        }
        report.count(format!("one Down on {name}"), counted.one_down(moves), Some(COUNT));
        if *name == "roles" {
            counted.wizard.resize(40, 120);
            report.count("one Down on roles at 120x40", counted.one_down(moves), Some(LARGE_COUNT));
            counted.wizard.resize(24, 80);
            report.count("one letter in the filter of roles", counted.one_letter("/"), Some(LARGE_COUNT));
            report.count("one letter in the palette", counted.one_letter(PALETTE), Some(LARGE_COUNT));
        }
    }
    counted.wizard.quit();
}

impl Counted {
    /// The average instructions of this many Downs; the focus is restored afterwards.
    fn one_down(&mut self, moves: usize) -> u64 {
        let count = self.one_of(moves, |wizard| _ = wizard.press(DOWN));
        (0..moves).for_each(|_| _ = self.wizard.press(UP));
        count
    }

    /// The average instructions of a letter typed into the search that this key opens. The first one prepares it.
    fn one_letter(&mut self, opens: &str) -> u64 {
        [opens, "m"].iter().for_each(|key| _ = self.wizard.press(key));
        let mut letters = ["o", "n", "i", "t", "o", "r"].iter();
        let count =
            self.one_of(letters.len(), |wizard| letters.next().into_iter().for_each(|key| _ = wizard.press(key)));
        self.wizard.press("\x1b");
        self.wizard.settle();
        count
    }
}

/// A wizard that is measured.
pub struct Wizard {
    pub session: Session,
    /// How long output must pause before a frame is considered complete.
    quiet: Duration,
}

impl Wizard {
    /// Starts a program and waits for its first frame.
    pub fn start(program: &Path, arguments: &[&str], quiet: Duration) -> Self {
        let session = Session::start(program, arguments, &[]);
        session.wait_for_output(FRAME);
        settle(&session, quiet);
        Self { session, quiet }
    }

    /// Starts it under a tool of valgrind.
    pub fn start_slowly(valgrind: &[&str], program: &Path, arguments: &[&str]) -> Self {
        let program = program.to_string_lossy();
        let all: Vec<&str> = valgrind.iter().copied().chain([&*program]).chain(arguments.iter().copied()).collect();
        Self::start(Path::new("valgrind"), &all, SLOW)
    }

    /// Presses a key and waits for its frame. Returns how many bytes were written.
    pub fn press(&mut self, key: &str) -> usize {
        let before = self.session.bytes_written();
        self.session.send(key);
        self.session.wait_for_bytes(before);
        self.session.whole_picture();
        self.session.bytes_written() - before
    }

    /// Waits until there is no more output.
    pub fn settle(&self) {
        settle(&self.session, self.quiet);
    }

    fn resize(&self, rows: u16, cols: u16) {
        let before = self.session.bytes_written();
        self.session.resize(rows, cols);
        self.session.wait_for_bytes(before);
        self.settle();
    }

    /// Walks to a screen.
    pub fn walk(&mut self, screen: usize) {
        let number = screen + 1;
        // A key that only starts something (a test of the practice key) continues when that is done.
        for _ in 0..20 {
            if self.step() == Some(number) {
                if SCREENS[screen] == "test" {
                    // It has only started; the result is measured.
                    self.session.wait_for("test again");
                    self.settle();
                }
                return;
            }
            self.press("\r");
            self.settle();
        }
        let contents = self.session.wait_until("a screen", |_| true).contents();
        assert_eq!(self.step(), Some(number), "enter did not lead to {}:\n{contents}", SCREENS[screen]);
    }

    /// The number of the step marked in the step line.
    fn step(&self) -> Option<usize> {
        let screen = self.session.wait_until("a screen", |_| true).contents();
        let (_, marked) = screen.lines().nth(1)?.split_once('›')?;
        marked.split_whitespace().next()?.parse().ok()
    }

    /// Ends the program.
    pub fn quit(mut self) {
        self.session.send("\x03");
        self.settle();
        // The first one may only have shown a question.
        self.session.send("\x03");
        self.session.wait_for_end();
    }
}

/// Waits until there was no output for this long.
pub fn settle(session: &Session, quiet: Duration) {
    loop {
        let before = session.bytes_written();
        thread::sleep(quiet);
        if session.bytes_written() == before {
            return;
        }
    }
}
