//! Measures the program, compared with other programs of its kind: time, bytes, instructions, memory, wake-ups, size.
//!
//! `cargo test --test measure -- --ignored`. Without `--ignored` it does nothing: it needs a release build and then
//! takes up to three minutes. Times never fail; instructions are compared with `baseline.txt`, and an increase of 10 %
//! is a failure. `docs/performance.md` shows the tables and explains how each figure is measured.

#[cfg(target_os = "linux")]
mod beside;
#[cfg(target_os = "linux")]
mod counting;
#[cfg(target_os = "linux")]
mod events;
#[cfg(target_os = "linux")]
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "tests/pty uses other parts of it, and a test that cannot go on fails"
)]
#[path = "../pty/harness.rs"]
mod harness;
#[cfg(target_os = "linux")]
mod live;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod programs;
#[cfg(target_os = "linux")]
mod report;
#[cfg(target_os = "linux")]
mod screens;

/// Measures one part.
#[cfg(target_os = "linux")]
type Measure = fn(&programs::Programs, &mut report::Report);

/// The parts that can be measured separately.
#[cfg(target_os = "linux")]
const PARTS: [(&str, Measure); 6] = [
    ("size", programs::size),
    ("beside", beside::measure),
    ("screens", screens::measure),
    ("counts", counting::measure),
    ("events", events::measure),
    ("live", live::measure),
];

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |arguments: &[String], name: &str| arguments.iter().any(|argument| argument == name);
    if has(&arguments, "--list") {
        println!("measure: test");
        return std::process::ExitCode::SUCCESS;
    }
    if !has(&arguments, "--ignored") && !has(&arguments, "--include-ignored") {
        println!("test measure ... ignored, it makes a release build: cargo test --test measure -- --ignored");
        return std::process::ExitCode::SUCCESS;
    }
    let program = arguments.iter().position(|argument| argument == "--program").map(|at| {
        let named: Vec<String> = arguments.drain(at..(at + 2).min(arguments.len())).collect();
        std::path::PathBuf::from(named.get(1).expect("--program needs the path of a program"))
    });
    let names_none = arguments.iter().all(|argument| argument.starts_with('-'));
    let parts = PARTS.iter().filter(|(name, _)| names_none || has(&arguments, name));
    let programs = programs::find(program);
    let mut report = report::Report::default();
    for (name, measure) in parts {
        report.begin(name);
        measure(&programs, &mut report);
    }
    report.end()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("test measure ... ignored, it needs Linux");
}
