//! The memory used for a text that the terminal delivers at once.

use std::fs;

use cpikey::words::Words;

use super::harness::Session;

/// The peak memory of a process, in kB.
fn peak(session: &Session) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", session.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

#[test]
fn a_text_that_is_far_too_long_costs_little_memory_and_is_refused_with_a_sentence() {
    let refused: String = Words::default().app().paste_too_long(2000).chars().take(24).collect();
    let framed = |length: usize| format!("\x1b[200~{}\x1b[201~", "x1y2z3 ".repeat(length / 7));
    // The terminal library buffers a bracketed paste completely, and its buffer doubles when it grows.
    for (what, text, most) in [
        ("1 MB, typed", "x1y2z3 ".repeat(1_000_000 / 7), 16),
        ("200 kB of one character, typed", "x".repeat(200_000), 16),
        ("200 kB, framed", framed(200_000), 8),
        ("4 MB, framed", framed(4_000_000), 32),
    ] {
        let mut session = Session::wizard(&[]);
        session.wait_for_wizard();
        for step in 2..=3 {
            session.send("\r");
            session.wait_for(&format!("›{step} "));
        }
        let before = peak(&session);
        session.send(text);
        session.wait_for(&refused);
        let grown = (peak(&session) - before) / 1024;
        assert!(grown < most, "{what}: {grown} MB");
        session.send("\x03");
        session.wait_for_end().assert_restored();
    }
}
