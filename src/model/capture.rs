//! Collects a key that arrives as typed keys, in parts.
//!
//! If a terminal does not support bracketed paste (crossterm on Windows never does), the text arrives as keys, and not
//! all at once. From the first brace on, everything is text until the braces balance or input stops.

use std::time::Duration;

use super::{pasted::Pasted, time::Now};
use crate::domain::key::service_key::SIZE_LIMIT;
use zeroize::Zeroizing;

/// An unfinished text ends when nothing has arrived for this long.
pub const QUIET: Duration = Duration::from_millis(150);

/// As [`QUIET`], for a text that is certainly the start of a key: a busy machine or a slow console may pause in the
/// middle.
const STALLED: Duration = Duration::from_secs(1);

/// As [`QUIET`], for a text whose braces balance: another key may follow.
const SETTLED: Duration = Duration::from_millis(30);

/// The character that starts a capture when typed.
pub const BEGINNING: char = '{';

/// Fewer characters are a typo, not a paste.
const SHORTEST: usize = 8;

/// A text being collected. It may contain a secret, so its `Debug` shows no content.
pub struct Capture {
    text: Zeroizing<String>,
    newest: Duration,
    /// Time was already up at the last tick. Keys that arrived in the same batch as a tick come after it.
    time_is_up: bool,
    braces: Braces,
}

/// Whether braces and brackets balance, as JSON reads them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Braces {
    depth: u32,
    in_string: bool,
    escaped: bool,
}

impl Braces {
    /// Reads the next character.
    pub fn follow(&mut self, c: char) {
        match c {
            _ if self.escaped => self.escaped = false,
            '\\' if self.in_string => self.escaped = true,
            '"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            '{' | '[' => self.depth += 1,
            '}' | ']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// Whether all opened ones are closed.
    pub fn are_balanced(self) -> bool {
        self.depth == 0 && !self.in_string
    }
}

impl std::fmt::Debug for Capture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Capture({} bytes)", self.text.len())
    }
}

impl Capture {
    /// Starts a capture with the first text.
    pub fn begin(text: &str, now: Now) -> Self {
        let mut capture = Self {
            // Larger than most keys: reallocation would leave an unwiped copy behind.
            text: Zeroizing::new(String::with_capacity(32 * 1024)),
            newest: now.since_start,
            time_is_up: false,
            braces: Braces::default(),
        };
        capture.add(text, now);
        capture
    }

    /// Adds the next text. Input beyond the length of any key is dropped, so that parsing reports that it is too long.
    pub fn add(&mut self, text: &str, now: Now) {
        for c in text.chars() {
            self.braces.follow(c);
            if self.text.len() <= SIZE_LIMIT {
                self.text.push(c);
            }
        }
        self.stay(now);
    }

    /// A key arrived that is not text but belongs to the paste.
    pub fn stay(&mut self, now: Now) {
        self.newest = now.since_start;
        self.time_is_up = false;
    }

    /// When it ends, unless more arrives.
    fn over_at(&self) -> Duration {
        let is_key = self.is_paste() && self.text.contains(BEGINNING);
        let patience = match self.braces.are_balanced() {
            true if is_key => SETTLED,
            false if is_key => STALLED,
            _ => QUIET,
        };
        self.newest + patience
    }

    /// How long until the next tick is needed.
    pub fn wake_after(&self, now: Now) -> Duration {
        self.over_at().saturating_sub(now.since_start)
    }

    /// Time has passed. Returns whether the text has ended.
    pub fn tick(&mut self, now: Now) -> bool {
        now.since_start >= self.over_at() && std::mem::replace(&mut self.time_is_up, true)
    }

    /// The text, unless it is so short that it was a typo.
    pub fn finish(self) -> Option<Pasted> {
        self.is_paste().then(|| Pasted::from_terminal(self.text.as_bytes()))
    }

    fn is_paste(&self) -> bool {
        self.text.chars().count() >= SHORTEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Now {
        Now { since_start: Duration::from_millis(ms), ..Now::default() }
    }

    #[test]
    fn balanced_braces_end_it_soon_and_open_ones_after_the_quiet_time() {
        let mut open = Capture::begin("{\"a\":", at(0));
        assert_eq!(open.wake_after(at(0)), QUIET);
        open.add(" [{}]", at(100));
        assert_eq!(open.wake_after(at(100)), STALLED);
        open.add("}", at(200));
        assert_eq!(open.wake_after(at(200)), SETTLED);
        assert_eq!(open.finish().unwrap().bytes(), b"{\"a\": [{}]}");
    }

    #[test]
    fn a_brace_in_a_string_counts_for_nothing() {
        let mut capture = Capture::begin(r#"{"clientsecret":"a}\"}"#, at(0));
        assert_eq!(capture.wake_after(at(0)), STALLED);
        capture.add("\"}", at(1));
        assert_eq!(capture.wake_after(at(1)), SETTLED);
    }

    #[test]
    fn a_late_batch_is_not_cut_off_by_the_tick_that_comes_with_it() {
        let mut capture = Capture::begin("{\"abc\":", at(0));
        assert!(!capture.tick(at(500)));
        capture.add("1}", at(500));
        assert!(!capture.tick(at(520)));
        assert!(!capture.tick(at(530)));
        assert!(capture.tick(at(540)));
    }

    #[test]
    fn what_is_too_short_for_a_paste_is_dropped() {
        assert_eq!(Capture::begin("{", at(0)).finish(), None);
    }

    #[test]
    fn a_paste_longer_than_any_key_is_truncated() {
        let mut capture = Capture::begin("{", at(0));
        for _ in 0..40 {
            capture.add(&"x".repeat(10_000), at(0));
        }
        assert_eq!(capture.finish().unwrap().bytes().len(), SIZE_LIMIT + 1);
    }
}
