//! Testing again by itself until a role that was missing is there.

use std::time::Duration;

use super::run::Run;
use crate::{domain::finding::Verdict, words::Words};

/// From the end of a test to the next one.
pub const PAUSE: Duration = Duration::from_secs(60);
/// The same on the practice tenant, where nobody is burdened.
pub const PRACTICE_PAUSE: Duration = Duration::from_secs(10);
/// SAP takes up to an hour for a change of roles. Waiting much longer is in vain.
pub const LONGEST: Duration = Duration::from_secs(70 * 60);

/// The state of a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchState {
    /// It goes on.
    Waiting,
    /// Every role that was missing is there.
    Arrived,
    /// The key is refused for another reason.
    Refused,
    /// The longest time is over.
    TimeOver,
    /// The user interrupted it.
    Stopped,
}

/// Tests at intervals, each with a new token: a token keeps the scopes that it was issued with, so one that is still
/// valid would never show the change.
#[derive(Clone, Debug)]
pub struct Watch {
    /// The roles that were missing when it began.
    pub roles: Vec<String>,
    /// Those of them that are still missing.
    pub missing: Vec<String>,
    /// Its state.
    pub state: WatchState,
    /// When it began.
    pub began: Duration,
    /// When the next test is due.
    pub due: Duration,
    /// Tests that are over.
    pub tests: usize,
    /// Why the newest test said nothing about roles, if it did not.
    pub trouble: Option<Verdict>,
    /// The test that is under way.
    pub test: Option<Run>,
}

impl Watch {
    /// A watch that begins with a test at once.
    pub fn begin(roles: Vec<String>, now: Duration) -> Self {
        Self {
            missing: roles.clone(),
            roles,
            state: WatchState::Waiting,
            began: now,
            due: now,
            tests: 0,
            trouble: None,
            test: None,
        }
    }

    /// Whether it goes on.
    pub fn is_on(&self) -> bool {
        self.state == WatchState::Waiting
    }

    /// How it ended, in one sentence.
    pub fn ended(&self, words: Words) -> Option<String> {
        let labels = words.test();
        let missing = || self.missing.join(", ");
        match self.state {
            WatchState::Waiting => None,
            WatchState::Arrived => Some(labels.watch_arrived(self.roles.len(), self.roles.join(", "))),
            WatchState::Refused => Some(labels.watch_ended_refused().to_owned()),
            WatchState::TimeOver => Some(labels.watch_ended_late(self.tests, missing())),
            WatchState::Stopped => Some(labels.watch_ended_stopped(self.tests, missing())),
        }
    }

    /// Until the next test, while none is under way.
    pub fn until_due(&self, now: Duration) -> Option<Duration> {
        (self.is_on() && self.test.is_none()).then(|| self.due.saturating_sub(now))
    }
}
