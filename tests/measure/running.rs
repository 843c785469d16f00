//! What can be measured while programs run as they are: times, memory, wake-ups, bytes.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::{
    harness::Session,
    programs::Programs,
    screens::{DOWN, MOVES, SCREENS, Wizard},
};

const RUNS: usize = 15;
const IDLE: Duration = Duration::from_secs(10);
/// Long enough for an answer of the practice tenant, which takes its time.
const QUIET: Duration = Duration::from_millis(600);

/// A program: its name, path, arguments, what its complete first frame ends with, and the keys that end it.
type Rival<'a> = (&'a str, &'a Path, &'a [&'a str], &'a [u8], &'a str);

/// From starting a program to its complete first frame. The runs are interleaved, so that all suffer alike from whatever
/// else the machine does.
pub fn first_frames(programs: &Programs) {
    let menu = ["--checklist", "What will use the key?", "20", "70", "10", "a", "First", "on", "b", "Second", "off"];
    let mut rivals: Vec<Rival<'_>> = vec![
        ("cpikey", &programs.cpikey, &[], b"\x1b[?2026l", "\x03"),
        ("minimal ratatui program", &programs.minimal, &[], "┘".as_bytes(), "q"),
    ];
    if crate::harness::has("whiptail") {
        rivals.push(("whiptail", Path::new("whiptail"), &menu, b"<Cancel>", "\x1b\x1b"));
    }
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); rivals.len()];
    for _ in 0..RUNS {
        for ((_, program, arguments, complete, quit), times) in rivals.iter().zip(&mut times) {
            let start = Instant::now();
            let mut session = Session::start(program, arguments, &[]);
            session.wait_for_output(complete);
            times.push(start.elapsed());
            session.send(quit);
            session.wait_for_end();
        }
    }
    println!("First frame, median of {RUNS} interleaved runs (and the fastest):");
    for ((name, ..), times) in rivals.iter().zip(&mut times) {
        times.sort();
        println!("  {name:<26}{:>8.1} ms {:>8.1} ms", millis(times[RUNS / 2]), millis(times[0]));
    }
}

/// Memory after the first frame, and what the program does while nobody does anything.
pub fn idle(programs: &Programs) {
    let session = Session::start(&programs.cpikey, &[], &[]);
    session.wait_for_wizard();
    thread::sleep(Duration::from_secs(1));
    let pid = session.pid();
    let (bytes, before) = (session.bytes_written(), activity(pid));
    thread::sleep(IDLE);
    let after = activity(pid);
    println!(
        "Idle for {} s: {} wake-ups, {:.4} % CPU, {} bytes written; RSS {:.1} MB, PSS {:.1} MB",
        IDLE.as_secs(),
        after.0 - before.0,
        (after.1 - before.1) as f64 / IDLE.as_nanos() as f64 * 100.0,
        session.bytes_written() - bytes,
        kilobytes(pid, "status", "VmRSS:") as f64 / 1e3,
        kilobytes(pid, "smaps_rollup", "Pss:") as f64 / 1e3,
    );
}

/// The bytes of each cursor move, screen by screen. Returns how many presses of Down moved something there.
pub fn bytes_per_move(programs: &Programs) -> Vec<usize> {
    println!("Bytes per cursor move (median, most):");
    let mut moves = Vec::new();
    for (index, name) in SCREENS.iter().enumerate() {
        let mut wizard = Wizard::start(&programs.cpikey, &["--practice", "--no-motion"], QUIET);
        wizard.walk(index);
        // A frame in which nothing changed is the frame around nothing.
        let mut bytes: Vec<usize> = (0..MOVES).map(|_| wizard.press(DOWN)).take_while(|bytes| *bytes > 20).collect();
        wizard.quit();
        moves.push(bytes.len());
        bytes.sort_unstable();
        match bytes.last() {
            Some(most) => println!("  {name:<12}{:>6}{most:>6}  of {} moves", bytes[bytes.len() / 2], bytes.len()),
            None => println!("  {name:<12}     -     -"),
        }
    }
    moves
}

/// Context switches and nanoseconds of CPU of all threads.
fn activity(pid: i32) -> (u64, u64) {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    tasks.fold((0, 0), |(switches, time), task| {
        let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
        let run = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        let counts = status.lines().filter(|line| line.contains("ctxt_switches"));
        let counts = counts.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok());
        let run = run.split_whitespace().next().and_then(|run| run.parse::<u64>().ok());
        (switches + counts.sum::<u64>(), time + run.unwrap_or(0))
    })
}

/// A line of a file about a process. The wizard protects its memory, so only root may read all of them.
fn kilobytes(pid: i32, file: &str, line: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let value = text.lines().find_map(|text| text.strip_prefix(line)?.split_whitespace().next()?.parse().ok());
    value.unwrap_or(0)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
