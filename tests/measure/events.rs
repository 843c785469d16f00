//! Events: large pastes, many resizes, signals; and the time of commands that need no network.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{
    harness::Session,
    live::{Server, key},
    process,
    programs::Programs,
    report::{Report, millis, percentiles},
    screens::settle,
};

/// Targets in ms, as maximum.
const PASTE: f64 = 30.0;
const RESIZES: f64 = 400.0;
const RESTORED: f64 = 50.0;
/// Above a program that does nothing.
const COMMAND: f64 = 5.0;

/// The target for memory, in MB.
const MEMORY: f64 = 8.0;
const MEMORY_AFTER_TEST: f64 = 16.0;

const PASTED: usize = 200_000;
const RUNS: usize = 9;

/// Every figure is a median of several runs.
pub fn measure(programs: &Programs, report: &mut Report) {
    memory(programs, report);
    pastes(programs, report);
    let resized = median(|| resize(&programs.cpikey));
    report.figure("200 resizes, until the last frame is complete", resized, "ms", Some(RESIZES));
    signals(programs, report);
    commands(programs, report);
}

fn memory(programs: &Programs, report: &mut Report) {
    for (arguments, what) in [(&[][..], "memory while idle"), (&["--practice"], "memory while idle, with practice")] {
        let session = started(&programs.cpikey, arguments);
        settle(&session, Duration::from_secs(1));
        let pid = session.pid();
        let parts = format!("(PSS {:.1}, own {:.1})", process::proportional(pid), process::own(pid));
        report.figure_with(what, process::resident(pid), "MB", Some(MEMORY), &parts);
    }
    let server = Server::start(Duration::ZERO);
    let mut session = with_key(&programs.cpikey, &server);
    session.send("\r");
    session.wait_until("the end of a test", |screen| screen.contents().contains("✓ message processing logs"));
    settle(&session, Duration::from_secs(1));
    let peak = format!("(peak {:.1})", process::peak(session.pid()));
    let resident = process::resident(session.pid());
    report.figure_with("memory after a test", resident, "MB", Some(MEMORY_AFTER_TEST), &peak);
}

/// A key surrounded by 200 KB, sent with and without bracketed paste.
fn pastes(programs: &Programs, report: &mut Report) {
    let text = large_key();
    for (what, text) in [
        ("200 KB pasted, until the key is shown", format!("\x1b[200~{text}\x1b[201~")),
        ("200 KB typed at once, until the key is shown", text),
    ] {
        let mut most: f64 = 0.0;
        let time = median(|| {
            let mut session = started(&programs.cpikey, &[]);
            let before = process::peak(session.pid());
            let began = Instant::now();
            session.send(&text);
            session.wait_until("the key", |screen| screen.contents().contains("✓ clientid"));
            let time = began.elapsed();
            most = most.max(process::peak(session.pid()) - before);
            time
        });
        let target = Some(PASTE).filter(|_| text.starts_with('\x1b'));
        report.figure_with(what, time, "ms", target, &format!("(with at most {most:.1} MB more memory)"));
    }
}

/// A key with a lot of text beside it.
pub fn large_key() -> String {
    let mut text = key("http://127.0.0.1:9");
    text["note"] = "x".repeat(PASTED).into();
    text.to_string()
}

/// Resizes without a pause; the last size is a new one.
fn resize(program: &Path) -> Duration {
    let session = started(program, &[]);
    let began = Instant::now();
    for number in 0..200 {
        session.resize(24 + number % 7, 80 + number % 11);
    }
    session.resize(40, 120);
    // The key bar is in the last row, and only a frame of this size has one there.
    session
        .wait_until("the key bar", |screen| screen.contents().lines().nth(39).is_some_and(|row| row.contains("enter")));
    session.whole_picture();
    began.elapsed()
}

fn signals(programs: &Programs, report: &mut Report) {
    let idle = median(|| restored(started(&programs.cpikey, &[])));
    report.figure("signal to restored terminal", idle, "ms", Some(RESTORED));
    let pasting = median(|| {
        let mut session = started(&programs.cpikey, &[]);
        session.send("\x1b[200~{");
        restored(session)
    });
    report.figure("signal during an endless paste", pasting, "ms", Some(RESTORED));
    let server = Server::start(Duration::from_secs(60));
    let waiting = median(|| {
        let mut session = with_key(&programs.cpikey, &server);
        session.send("\r");
        server.wait_for_request();
        restored(session)
    });
    report.figure("signal while a server does not respond", waiting, "ms", Some(RESTORED));
}

/// From a signal to the end of the alternate screen.
fn restored(session: Session) -> Duration {
    let began = Instant::now();
    session.signal(Signal::TERM);
    let time = session.wait_for_output(b"\x1b[?1049l").saturating_duration_since(began);
    session.wait_for_end().assert_restored();
    time
}

/// Commands beside a program that does nothing, in turn.
fn commands(programs: &Programs, report: &mut Report) {
    let commands: [&[&str]; 3] = [&["--version"], &["--help"], &["params", "--purpose", "cpi-explorer"]];
    let mut times = vec![Vec::new(); commands.len()];
    let mut nothing = Vec::new();
    for _ in 0..3 * RUNS {
        nothing.push(run(Path::new("true"), &[]));
        for (arguments, times) in commands.iter().zip(&mut times) {
            times.push(run(&programs.cpikey, arguments));
        }
    }
    let (nothing, _) = percentiles(&mut nothing);
    for (arguments, times) in commands.iter().zip(&mut times) {
        let more = percentiles(times).0 - nothing;
        let what = format!("cpikey {}, compared with an empty program", arguments.join(" "));
        report.figure(what, more, "ms", Some(COMMAND));
    }
}

fn run(program: &Path, arguments: &[&str]) -> Duration {
    let mut command = Command::new(program);
    let command = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    assert!(command.status().is_ok_and(|status| status.success()), "{} failed", program.display());
    began.elapsed()
}

/// A wizard after its first frame.
fn started(program: &Path, arguments: &[&str]) -> Session {
    let session = Session::start(program, arguments, &[]);
    session.wait_for_wizard();
    settle(&session, Duration::from_millis(50));
    session
}

/// A wizard with the key of a server in a file.
fn with_key(program: &Path, server: &Server) -> Session {
    let file = tempfile::NamedTempFile::with_suffix(".json").expect("a temporary file");
    fs::write(file.path(), key(&server.url()).to_string()).expect("a temporary file");
    let session = Session::start(program, &[&file.path().to_string_lossy()], &[]);
    session.wait_for("clientid");
    session
}

fn median(mut once: impl FnMut() -> Duration) -> f64 {
    let mut times: Vec<Duration> = (0..RUNS).map(|_| once()).collect();
    times.sort();
    millis(times[RUNS / 2])
}
