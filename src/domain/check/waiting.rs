//! The texts about elapsed time during a test, shared by the wizard and the commands; the time is an argument.

use std::time::Duration;

use super::{
    CheckRequest, CheckStep, RetryReason, Site, Try, describe,
    diagnosis::{Progress, Row, RowState},
};
use crate::{domain::text::countdown::seconds_left, words::Words};

/// The time without a response after which a delay is explained.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a running step is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait<'a> {
    /// A response.
    Answer {
        /// The time since the request.
        since: Duration,
        /// The time limit after the request.
        within: Duration,
    },
    /// The next attempt.
    Pause {
        /// The time until then.
        left: Duration,
        /// Its number.
        next: Try,
        /// The reason for the retry.
        reason: &'a RetryReason,
    },
}

impl Row {
    /// What the step is waiting for, `at` this time after the start of the test; `None` if it is not running.
    pub fn waits(&self, at: Duration) -> Option<Wait<'_>> {
        match &self.state {
            RowState::Running { since, within } => {
                Some(Wait::Answer { since: at.saturating_sub(*since), within: *within })
            }
            RowState::Waiting { since, pause, reason, next, within } => {
                let ends = *since + *pause;
                // There is no event for the end of a pause: the next attempt begins then.
                Some(match ends.checked_sub(at).filter(|left| !left.is_zero()) {
                    Some(left) => Wait::Pause { left, next: *next, reason },
                    None => Wait::Answer { since: at.saturating_sub(ends), within: *within },
                })
            }
            RowState::Pending | RowState::Finished { .. } => None,
        }
    }

    /// The same in words: `sent 6 s ago, times out after 15 s`.
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

/// The step that has been running for the longest time.
pub fn under_way(progress: &Progress, at: Duration) -> Option<&Row> {
    progress.rows().iter().find(|row| row.waits(at).is_some())
}

/// The progress of the test: `2 of 5 · 6 s · times out in 39 s`.
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

/// The status line of the test: `token: sent 6 s ago, times out after 15 s (2 of 5 · 6 s · ...)`.
pub fn status_line(progress: &Progress, request: &CheckRequest, at: Duration, words: Words) -> Option<String> {
    let row = under_way(progress, at)?;
    let step = describe::step(&row.step, request, words);
    let said = row.waits_shown(at, words)?;
    Some(words.test().status_with_progress(step, said, shown_progress(progress, at, words)))
}

/// The likely reason why the running step takes long, once it does.
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

/// A step with a short timeout is explained while there is still time to read it.
fn slow(row: &Row) -> Duration {
    match row.state {
        RowState::Running { within, .. } | RowState::Waiting { within, .. } => within / 2,
        RowState::Pending | RowState::Finished { .. } => PATIENCE,
    }
}

/// Elapsed whole seconds.
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
