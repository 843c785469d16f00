//! Prints what the wizard costs: instructions, bytes, time to the first frame, memory, wake-ups, size.
//!
//! `cargo test --test measure`. Plain `cargo test` leaves it out: it makes a release build and takes minutes. It measures
//! at 80x24 in a pseudo terminal. Times are printed beside those of other programs in the same run and fail nothing;
//! instructions are compared with `baseline.txt`, and 10 % more is a failure. `docs/contributing.md` says more.

#[cfg(target_os = "linux")]
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "tests/pty uses other parts of it, and a test that cannot go on fails"
)]
#[path = "../pty/harness.rs"]
mod harness;
#[cfg(target_os = "linux")]
mod instructions;
#[cfg(target_os = "linux")]
mod programs;
#[cfg(target_os = "linux")]
mod running;
#[cfg(target_os = "linux")]
mod screens;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let programs = programs::build();
    println!("Binary: {:.2} MB", programs::megabytes(&programs.cpikey));
    running::first_frames(&programs);
    running::idle(&programs);
    let moves = running::bytes_per_move(&programs);
    instructions::compare(&programs, &moves)
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The measuring command needs Linux.");
}
