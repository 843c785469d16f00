//! Instructions, counted by valgrind.

use std::path::Path;

use tempfile::{NamedTempFile, TempDir};

use crate::{
    events::large_key,
    harness::{Session, has},
    process,
    programs::Programs,
    report::Report,
    screens::Wizard,
};

/// Targets in millions: start, first frame and quit; a command.
const START: f64 = 5.0;

/// A wizard under callgrind.
pub struct Counted {
    pub wizard: Wizard,
    /// The file for callgrind's output.
    _folder: TempDir,
}

impl Counted {
    /// Starts it. `None` if it cannot be counted, which is reported.
    pub fn wizard(program: &Path, arguments: &[&str], report: &mut Report) -> Option<Self> {
        if !has("valgrind") {
            report.skip("instructions: valgrind is missing");
            return None;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let out = format!("--callgrind-out-file={}", folder.path().join("out").display());
        let counted =
            Self { wizard: Wizard::start_slowly(&["--tool=callgrind", &out], program, arguments), _folder: folder };
        if process::instructions(counted.wizard.session.pid()).is_none() {
            report.skip("instructions of a key: valgrind cannot be asked while the program waits, which needs root");
            return None;
        }
        Some(counted)
    }

    /// The average instructions of this many actions.
    pub fn one_of(&mut self, times: usize, mut act: impl FnMut(&mut Wizard)) -> u64 {
        let before = self.total();
        for _ in 0..times {
            act(&mut self.wizard);
        }
        self.wizard.settle();
        (self.total() - before) / times as u64
    }

    fn total(&self) -> u64 {
        self.wizard.settle();
        process::instructions(self.wizard.session.pid()).expect("it has answered before")
    }
}

/// Counts starts.
pub fn measure(programs: &Programs, report: &mut Report) {
    if !has("valgrind") {
        return report.skip("instructions: valgrind is missing");
    }
    if let Some(minimal) = &programs.minimal {
        let (count, ()) = whole_run(minimal, &[], |session| {
            session.wait_for("Row 20");
            session.send("q");
        });
        report.count("start, first frame and quit of a minimal ratatui program", count, None);
    }
    let (count, first) = whole_run(&programs.cpikey, &[], |session| {
        session.wait_for_wizard();
        // The idle time after it belongs to the start: deferred work counts too.
        crate::screens::settle(session, std::time::Duration::from_millis(800));
        let first = process::instructions(session.pid());
        session.send("\x03");
        first
    });
    if let Some(first) = first {
        report.count("start and first frame", first, None);
    }
    report.count("start, first frame and quit", count, Some(START));
    if let Some(mut counted) = Counted::wizard(&programs.cpikey, &[], report) {
        let text = large_key();
        let count = counted.one_of(1, |wizard| {
            wizard.session.send(format!("\x1b[200~{text}\x1b[201~"));
            wizard.session.wait_for("✓ clientid");
        });
        report.count("200 KB pasted", count, None);
        counted.wizard.quit();
    }
    for arguments in [&["--version"][..], &["--help"], &["params", "--purpose", "cpi-explorer"]] {
        let (count, ()) = whole_run(&programs.cpikey, arguments, |_| {});
        report.count(format!("cpikey {}", arguments.join(" ")), count, None);
    }
}

/// The instructions of a program that is used in this way and then ends, and the result of `used`.
fn whole_run<T>(program: &Path, arguments: &[&str], used: impl FnOnce(&mut Session) -> T) -> (u64, T) {
    let file = NamedTempFile::new().expect("a temporary file");
    let out = format!("--callgrind-out-file={}", file.path().display());
    let program = program.to_string_lossy();
    let all: Vec<&str> = ["--tool=callgrind", &out, &program].into_iter().chain(arguments.iter().copied()).collect();
    let mut session = Session::start(Path::new("valgrind"), &all, &[]);
    let result = used(&mut session);
    session.wait_for_end();
    let text = std::fs::read_to_string(file.path()).unwrap_or_default();
    let total = text.lines().find_map(|line| line.strip_prefix("summary: ")?.trim().parse().ok());
    (total.expect("valgrind counted nothing"), result)
}
