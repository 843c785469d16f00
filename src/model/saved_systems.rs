//! Saved systems as the screens see them.

use std::time::Duration;

use jiff::Timestamp;

use super::{job::JobId, saved::Listing};
use crate::domain::systems::{
    result::{SystemResult, urgency},
    system::{LastTest, System, SystemId, Systems},
    vault::Protection,
};
use crate::domain::text::secret::Secret;

/// How long a passphrase is kept after its last use.
pub const KEPT: Duration = Duration::from_secs(5 * 60);

/// The status of the test of one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// Not started yet.
    Waiting,
    /// Running.
    Running,
    /// Not tested: the tests were stopped first.
    Stopped,
    /// Finished.
    Done(Box<SystemResult>),
}

/// The parallel test of all saved systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchTest {
    /// Its job.
    pub id: JobId,
    /// When it began, relative to the start of the program.
    pub began: Duration,
    /// The systems; once all are tested, the worst first.
    pub rows: Vec<(SystemId, TestStatus)>,
    /// Whether results are still expected.
    pub running: bool,
}

impl BatchTest {
    /// How many systems have a result.
    pub fn tested(&self) -> usize {
        self.rows.iter().filter(|(_, status)| matches!(status, TestStatus::Done(_))).count()
    }

    pub(super) fn set(&mut self, id: SystemId, status: TestStatus) {
        for row in self.rows.iter_mut().filter(|(system, _)| *system == id) {
            row.1 = status.clone();
        }
    }

    /// Ends the test: no more results will arrive.
    pub(super) fn end(&mut self) {
        self.running = false;
        for (_, status) in &mut self.rows {
            if !matches!(status, TestStatus::Done(_)) {
                *status = TestStatus::Stopped;
            }
        }
    }

    /// Sorts the results; systems without one come last.
    pub(super) fn sort(&mut self, systems: &Systems) {
        self.rows.sort_by_key(|(id, status)| {
            let expires = systems.iter().find(|system| system.id == *id).and_then(|system| system.expires);
            match status {
                TestStatus::Done(result) => (false, urgency(result.verdict, false, expires)),
                _ => (true, urgency(None, false, expires)),
            }
        });
    }

    pub(super) fn verdicts(&self, at: Timestamp) -> Vec<(SystemId, LastTest)> {
        let verdict = |(id, status): &(SystemId, TestStatus)| match status {
            TestStatus::Done(result) => Some((*id, LastTest { verdict: result.recorded()?, at })),
            _ => None,
        };
        self.rows.iter().filter_map(verdict).collect()
    }
}

/// What the screens know about saved systems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedSystems {
    /// The contents of the files.
    pub listing: Listing,
    /// The job that opens a system, unless another key was loaded in the meantime.
    pub opening: Option<JobId>,
    /// The passphrase that opened a secret, and when it was last used.
    passphrase: Option<(Secret, Duration)>,
    /// The newest test of all systems.
    pub batch: Option<BatchTest>,
}

impl SavedSystems {
    /// All saved systems.
    pub fn systems(&self) -> &Systems {
        &self.listing.systems
    }

    /// The system with this id.
    pub fn by_id(&self, id: SystemId) -> Option<&System> {
        self.systems().iter().find(|system| system.id == id)
    }

    /// The passphrase, if it was used recently.
    pub fn passphrase(&self, now: Duration) -> Option<&Secret> {
        self.passphrase.as_ref().filter(|(_, used)| now.saturating_sub(*used) < KEPT).map(|(passphrase, _)| passphrase)
    }

    /// Keeps a passphrase, which may still turn out to be wrong.
    pub(super) fn keep_passphrase(&mut self, passphrase: Option<&Secret>, now: Duration) {
        if let Some(passphrase) = passphrase {
            self.passphrase = Some((passphrase.clone(), now));
        }
    }

    /// Forgets a passphrase that is wrong or has not been used for a while.
    pub fn forget_passphrase(&mut self) {
        self.passphrase = None;
    }

    /// Forgets the passphrase once it has not been used for a while.
    pub fn forget_old_passphrase(&mut self, now: Duration) {
        self.passphrase.take_if(|(_, used)| now.saturating_sub(*used) >= KEPT);
    }

    /// Whether opening a system requires a passphrase.
    pub fn wants_passphrase(&self) -> bool {
        self.listing.protection == Some(Protection::Passphrase)
    }
}
