//! What a running test says about the time that passes. Wizard and command line say the same; the time comes in.

use std::time::Duration;

use super::{
    CheckRequest, CheckStep, RetryReason, Site, Try, describe,
    diagnosis::{Progress, Row, RowState},
};
use crate::{domain::text::countdown::seconds_left, words::Words};

/// After so long without an answer people want to know why.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a step that is under way waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait<'a> {
    /// An answer.
    Answer {
        /// Since the question.
        since: Duration,
        /// It is given up so long after the question.
        within: Duration,
    },
    /// The next try.
    Pause {
        /// Until then.
        left: Duration,
        /// Which one.
        next: Try,
        /// Why there is another one.
        reason: &'a RetryReason,
    },
}

impl Row {
    /// What the step waits for, `at` this time after the beginning of the test; `None` if it is not under way.
    pub fn waits(&self, at: Duration) -> Option<Wait<'_>> {
        match &self.state {
            RowState::Running { since, within } => {
                Some(Wait::Answer { since: at.saturating_sub(*since), within: *within })
            }
            RowState::Waiting { since, pause, reason, next, within } => {
                let ends = *since + *pause;
                // Nothing reports that the pause is over: the next try begins with its end.
                Some(match ends.checked_sub(at).filter(|left| !left.is_zero()) {
                    Some(left) => Wait::Pause { left, next: *next, reason },
                    None => Wait::Answer { since: at.saturating_sub(ends), within: *within },
                })
            }
            RowState::Pending | RowState::Finished { .. } => None,
        }
    }

    /// The same in words: `asked 6 s ago, given up after 15 s`.
    pub fn waits_shown(&self, at: Duration, words: Words) -> Option<String> {
        let labels = words.test();
        Some(match self.waits(at)? {
            Wait::Answer { since, .. } if since < Duration::from_secs(1) => labels.running().to_owned(),
            Wait::Answer { since, within } => match self.step {
                CheckStep::Connect(_) => labels.connecting(passed(since), seconds_left(within)),
                CheckStep::Token | CheckStep::Probe(_) => labels.asked(passed(since), seconds_left(within)),
            },
            Wait::Pause { left: pause, next, reason } => {
                labels.pauses(seconds_left(pause), next.number, next.of, reason.shown(words))
            }
        })
    }
}

/// The step that has been under way for the longest time.
pub fn under_way(progress: &Progress, at: Duration) -> Option<&Row> {
    progress.rows().iter().find(|row| row.waits(at).is_some())
}

/// How far the test is: `2 of 5 · 6 s · stops at 45 s`.
pub fn shown_progress(progress: &Progress, at: Duration, words: Words) -> String {
    let labels = words.test();
    let rows = progress.rows();
    let over = rows.iter().filter(|row| row.seen().is_some()).count();
    let mut parts = vec![labels.step_of((over + 1).min(rows.len()), rows.len())];
    if at >= Duration::from_secs(1) {
        parts.push(labels.seconds(passed(at)));
        parts.extend(progress.within().map(|within| labels.stops_itself(seconds_left(within))));
    }
    parts.join(labels.separator())
}

/// One line that says what the test does: `token: asked 6 s ago, given up after 15 s (2 of 5 · 6 s · ...)`.
pub fn status_line(progress: &Progress, request: &CheckRequest, at: Duration, words: Words) -> Option<String> {
    let row = under_way(progress, at)?;
    let step = describe::step(&row.step, request, words);
    let said = row.waits_shown(at, words)?;
    Some(words.test().status_with_progress(step, said, shown_progress(progress, at, words)))
}

/// Why the step that is under way may take so long, once it does.
pub fn likely_reason(progress: &Progress, request: &CheckRequest, at: Duration, words: Words) -> Option<String> {
    let labels = words.test();
    progress.rows().iter().find_map(|row| {
        let host = match row.step {
            CheckStep::Connect(Site::Token) | CheckStep::Token => request.key.token_url.host(),
            CheckStep::Connect(Site::Api) | CheckStep::Probe(_) => request.key.url.host(),
        };
        match (row.waits(at)?, &row.step) {
            (Wait::Pause { reason: RetryReason::Answer(_), .. }, _) => Some(labels.asked_to_wait(host)),
            (Wait::Pause { .. }, _) => Some(labels.trying_again(host)),
            (Wait::Answer { since, .. }, _) if since < PATIENCE.min(slow(row)) => None,
            (Wait::Answer { .. }, CheckStep::Connect(_)) => Some(labels.no_connection_yet(host)),
            (Wait::Answer { .. }, CheckStep::Token) => Some(labels.no_token_yet(host)),
            (Wait::Answer { .. }, CheckStep::Probe(_)) => Some(labels.no_answer_yet(host)),
        }
    })
}

/// A step that is given up soon explains itself while there is still time to read it.
fn slow(row: &Row) -> Duration {
    match row.state {
        RowState::Running { within, .. } | RowState::Waiting { within, .. } => within / 2,
        RowState::Pending | RowState::Finished { .. } => PATIENCE,
    }
}

/// Whole seconds that have passed.
fn passed(time: Duration) -> u64 {
    time.as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::CheckEvent;

    const SECOND: Duration = Duration::from_secs(1);

    fn words() -> Words {
        Words::default()
    }

    fn row(state: RowState) -> Row {
        Row { step: CheckStep::Token, state }
    }

    #[test]
    fn a_question_without_an_answer_says_since_when_and_how_long_it_waits() {
        let row = row(RowState::Running { since: SECOND, within: 15 * SECOND });
        assert_eq!(row.waits_shown(SECOND, words()).unwrap(), words().test().running());
        assert_eq!(row.waits_shown(7 * SECOND, words()).unwrap(), words().test().asked(6, 15));
        // Never backwards, whatever the clock says.
        assert_eq!(row.waits_shown(Duration::ZERO, words()).unwrap(), words().test().running());
    }

    #[test]
    fn a_pause_counts_down_and_then_the_next_try_counts_up() {
        let reason = RetryReason::Answer("429 Too Many Requests".into());
        let next = Try { number: 2, of: 3 };
        let row = row(RowState::Waiting {
            since: 2 * SECOND,
            pause: 3 * SECOND,
            reason: reason.clone(),
            next,
            within: 15 * SECOND,
        });
        let said = |at: f32| row.waits_shown(Duration::from_secs_f32(at), words()).unwrap();
        let pause = |left: u32| words().test().pauses(left, 2, 3, reason.shown(words()));
        assert_eq!((said(2.0), said(2.5), said(4.9)), (pause(3), pause(3), pause(1)));
        assert_eq!(said(5.0), words().test().running());
        assert_eq!(said(8.0), words().test().asked(3, 15));
    }

    #[test]
    fn the_limits_are_those_that_the_test_reports() {
        let mut progress = Progress::default();
        assert_eq!(progress.within(), None);
        progress.record(CheckEvent::Began { within: 12 * SECOND });
        let shown = shown_progress(&progress, 3 * SECOND, words());
        assert!(shown.ends_with(&words().test().stops_itself(12)), "{shown}");
    }
}
