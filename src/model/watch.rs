//! Repeats the test automatically until a missing role has arrived.

use std::time::Duration;

use super::run::Run;
use crate::{domain::finding::Verdict, words::Words};

/// The pause between two tests.
pub const PAUSE: Duration = Duration::from_secs(60);
/// The pause on the practice tenant, which puts no load on anyone.
pub const PRACTICE_PAUSE: Duration = Duration::from_secs(10);
/// SAP takes up to an hour to apply a change of roles. Waiting much longer is pointless.
pub const LONGEST: Duration = Duration::from_secs(70 * 60);

/// The state of a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchState {
    /// It is active.
    Waiting,
    /// Every missing role has arrived.
    Arrived,
    /// The key is rejected for another reason.
    Refused,
    /// The time limit was reached.
    TimeOver,
    /// The user interrupted it.
    Stopped,
}

/// Tests at intervals, each with a new token: a token keeps the scopes it was issued with, so a cached one would never
/// show the change.
#[derive(Clone, Debug)]
pub struct Watch {
    /// The roles that were missing at the start.
    pub roles: Vec<String>,
    /// Those of them that are still missing.
    pub missing: Vec<String>,
    /// Its state.
    pub state: WatchState,
    /// When it began.
    pub began: Duration,
    /// When the next test is due.
    pub due: Duration,
    /// The number of finished tests.
    pub tests: usize,
    /// Why the newest test said nothing about roles, if so.
    pub trouble: Option<Verdict>,
    /// The running test.
    pub test: Option<Run>,
}

impl Watch {
    /// A watch whose first test starts immediately.
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

    /// Whether it is active.
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

    /// How long until the next test, while none is running.
    pub fn until_due(&self, now: Duration) -> Option<Duration> {
        (self.is_on() && self.test.is_none()).then(|| self.due.saturating_sub(now))
    }
}
