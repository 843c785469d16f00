//! Compares the wizard with other programs that show a list: runs are interleaved, so that other load on the machine
//! affects all equally.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    harness::Session,
    process,
    programs::{Program, Programs},
    report::{Report, millis, percentiles},
    screens::settle,
};

const RUNS: usize = 15;
/// How often Down and Up are pressed, in turn.
const PRESSES: usize = 60;
const IDLE: Duration = Duration::from_secs(10);
/// A key has been handled after this long without output.
const QUIET: Duration = Duration::from_millis(10);

/// How much longer the first frame may take on a terminal that never answers, in ms.
const MUTE: f64 = 5.0;

/// The query for the background, sent if the terminal is known to answer (`runtime/background.rs`).
const QUESTION: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";
const ANSWER: &str = "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1b[?62c";

/// The measurements of one program.
#[derive(Default)]
struct Seen {
    frames: Vec<Duration>,
    keys: Vec<Duration>,
    bytes: Vec<usize>,
}

/// Measures all of them.
pub fn measure(programs: &Programs, report: &mut Report) {
    let all = programs.all();
    let mut seen: Vec<Seen> = all.iter().map(|_| Seen::default()).collect();
    for _ in 0..RUNS {
        for (program, seen) in all.iter().zip(&mut seen) {
            seen.frames.push(first_frame(program));
        }
    }
    let mut sessions: Vec<Session> = all.iter().map(|program| start(program).0).collect();
    thread::sleep(Duration::from_secs(1));
    for press in 0..PRESSES {
        for ((program, session), seen) in all.iter().zip(&mut sessions).zip(&mut seen) {
            let before = session.bytes_written();
            let pressed = Instant::now();
            session.send(program.arrows[press % 2]);
            seen.keys.push(session.wait_for_bytes(before).saturating_duration_since(pressed));
            settle(session, QUIET);
            seen.bytes.push(session.bytes_written() - before);
        }
    }
    // The choice of a purpose is saved half a second later.
    thread::sleep(Duration::from_secs(1));
    let before: Vec<_> = sessions.iter().map(|s| (s.bytes_written(), process::activity(s.pid()))).collect();
    thread::sleep(IDLE);
    for (((program, session), seen), (bytes, activity)) in all.iter().zip(sessions).zip(&mut seen).zip(before) {
        let pid = session.pid();
        let after = process::activity(pid);
        let ((frame, _), (middle, slow)) = (percentiles(&mut seen.frames), percentiles(&mut seen.keys));
        seen.bytes.sort_unstable();
        report.program([
            program.name.to_owned(),
            format!("{frame:.1}"),
            format!("{:.1}", millis(seen.frames[0])),
            format!("{middle:.2}"),
            format!("{slow:.2}"),
            seen.bytes[PRESSES / 2].to_string(),
            format!(
                "{}, {}, {:.3}",
                after.switches - activity.switches,
                session.bytes_written() - bytes,
                (after.cpu - activity.cpu) as f64 / IDLE.as_nanos() as f64 * 100.0
            ),
            format!("{:.1}", process::resident(pid)),
            format!("{:.1}", process::proportional(pid)),
        ]);
        end(session, program);
    }
    personalities(programs, report);
}

/// The first frame on a terminal that is queried for its background: one that answers, and one that never does.
fn personalities(programs: &Programs, report: &mut Report) {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        for (answers, times) in [true, false].into_iter().zip(&mut times) {
            let began = Instant::now();
            let mut session = Session::start(&programs.cpikey, &[], &[("TERM", "xterm-kitty")]);
            times.push(session.wait_for_output(b"\x1b[?2026l").saturating_duration_since(began));
            session.wait_for_output(QUESTION);
            if answers {
                session.send(ANSWER);
            }
            session.send("\x03");
            session.wait_for_end();
        }
    }
    let [answering, mute] = times.each_mut().map(|times| percentiles(times).0);
    report.figure("first frame on a terminal that answers", answering, "ms", None);
    report.figure("first frame on a terminal that never answers", mute, "ms", Some(answering + MUTE));
}

/// From starting a program to its complete first frame.
fn first_frame(program: &Program<'_>) -> Duration {
    let (session, time) = start(program);
    end(session, program);
    time
}

fn start(program: &Program<'_>) -> (Session, Duration) {
    let began = Instant::now();
    let session = Session::start(program.path, program.arguments, &[]);
    let complete = session.wait_for_output(program.complete);
    (session, complete.saturating_duration_since(began))
}

fn end(mut session: Session, program: &Program<'_>) {
    session.send(program.quit);
    session.wait_for_end();
}
