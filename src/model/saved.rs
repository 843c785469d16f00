//! Saved systems as the screens see them.

use jiff::{Timestamp, Unit};

use super::{
    effect::Effect,
    job::{JobId, JobRequest},
    notice::Notice,
    place::Place,
    session::{KeySlot, KeySource, Session},
};
use crate::domain::{
    key::service_key::{Found, Reading},
    problem::Problem,
    sap::{guide::StepId, parameters::InstanceParameters, plan::PlanId},
    systems::{
        result::{SystemResult, urgency},
        system::{LastTest, System, SystemId, SystemName, Systems},
        vault::Protection,
    },
    text::{safe_text::SafeText, secret::Secret},
};

/// A key to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveRequest {
    /// The name of the system.
    pub name: SystemName,
    /// Id of the purpose that the key was created for.
    pub purpose: Option<String>,
    /// The key and what is known about it.
    pub found: Found,
    /// The result of its latest test.
    pub last_test: Option<LastTest>,
    /// The passphrase that seals the secret instead of the keyring's key.
    pub passphrase: Option<Secret>,
    /// Whether to replace the system of this name.
    pub replace: bool,
}

/// The contents of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The systems.
    pub systems: Systems,
    /// What the secrets are sealed with; `None` before the first one is saved.
    pub protection: Option<Protection>,
    /// Path of the sealed file.
    pub place: SafeText,
    /// What had to be quarantined, as sentences.
    pub set_aside: Vec<String>,
}

/// Why a key was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// There is no keyring, with the reason; a passphrase can replace it.
    NoKeyring(Problem),
    /// Anything else.
    Other(Problem),
}

impl From<Problem> for NotSaved {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

/// A report about the test of all saved systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestSystemsEvent {
    /// The test of one system started.
    Started(SystemId),
    /// The test of one system finished.
    Finished(SystemId, Box<SystemResult>),
    /// All tests finished.
    Done,
    /// Nothing can be tested, for this reason.
    Failed(Problem),
}

/// How far the test of one system is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// Not started yet.
    Waiting,
    /// Under way.
    Running,
    /// Finished.
    Done(Box<SystemResult>),
}

/// The test of all saved systems side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchTest {
    /// Its job.
    pub id: JobId,
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

    fn set(&mut self, id: SystemId, status: TestStatus) {
        for row in self.rows.iter_mut().filter(|(system, _)| *system == id) {
            row.1 = status.clone();
        }
    }

    /// Sorts the results; what has none comes last.
    fn sort(&mut self, systems: &Systems) {
        self.rows.sort_by_key(|(id, status)| {
            let expires = systems.iter().find(|system| system.id == *id).and_then(|system| system.expires);
            match status {
                TestStatus::Done(result) => (false, urgency(result.verdict, expires)),
                TestStatus::Waiting | TestStatus::Running => (true, urgency(None, expires)),
            }
        });
    }

    fn verdicts(&self, at: Timestamp) -> Vec<(SystemId, LastTest)> {
        let verdict = |(id, status): &(SystemId, TestStatus)| match status {
            TestStatus::Done(result) => Some((*id, LastTest { verdict: result.recorded()?, at })),
            TestStatus::Waiting | TestStatus::Running => None,
        };
        self.rows.iter().filter_map(verdict).collect()
    }
}

/// What the screens know about saved systems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedSystems {
    /// The contents of the files.
    pub listing: Listing,
    /// The job that opens a system, unless another key was taken in the meantime.
    pub opening: Option<JobId>,
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

    /// Whether opening a system takes a passphrase.
    pub fn wants_passphrase(&self) -> bool {
        self.listing.protection == Some(Protection::Passphrase)
    }
}

impl Session {
    /// The saved system whose key is in use.
    pub fn saved_system(&self) -> Option<&System> {
        self.saved.by_id(self.key.saved?)
    }

    /// Starts opening a system, instead of the one that is being opened.
    pub fn open_saved(&mut self, id: SystemId, passphrase: Option<Secret>) -> Effect {
        self.stop_opening();
        if let Some(system) = self.saved.by_id(id) {
            self.notice = Some(Notice::note(self.content.words.saved_systems().opening(&system.name)));
        }
        let (job, effect) = self.jobs.start(Place::Systems, JobRequest::OpenSystem { id, passphrase });
        self.saved.opening = Some(job);
        effect
    }

    /// The system that is being opened is no longer wanted: another key was taken, or the person left the list.
    pub fn stop_opening(&mut self) {
        if let Some(job) = self.saved.opening.take() {
            self.jobs.stop(job);
        }
    }

    /// Takes the key of a saved system. Returns false if the system no longer exists.
    pub fn take_saved_key(&mut self, id: SystemId, found: Found) -> bool {
        let Some(system) = self.saved.by_id(id).cloned() else { return false };
        let listed = system.is_row_of(&found);
        self.notice =
            (!listed).then(|| Notice::warning(self.content.words.saved_systems().list_was_changed(&system.name)));
        let content = std::sync::Arc::clone(&self.content);
        match system.purpose.as_ref().and_then(|id| content.purpose(id.as_str())) {
            Some(purpose) if self.draft.purpose.as_ref() == Some(&purpose.id) => {}
            Some(purpose) => self.draft.choose_purpose(purpose, &content),
            None => {
                self.draft.purpose = None;
                self.draft.parameters = InstanceParameters::new(PlanId::Api);
            }
        }
        let agreed_hosts = std::mem::take(&mut self.key.agreed_hosts);
        self.key = KeySlot {
            reading: Some(Reading { bytes: 0, keys: vec![found], findings: Vec::new() }),
            selected: 0,
            source: Some(KeySource::Saved(system.name.to_string())),
            agreed_hosts,
            // The verdict on another key must not be recorded for this system.
            saved: listed.then_some(id),
            saving: None,
        };
        self.forget_what_belonged_to_the_key();
        true
    }

    /// The result of the test of the key, if it is over.
    pub fn last_test(&self) -> Option<LastTest> {
        let verdict = self.run.as_ref()?.verdict()?;
        Some(LastTest { verdict, at: to_the_second(self.now.wall) })
    }

    /// Records the finished test for the saved system that the key belongs to.
    pub fn record_verdict(&mut self) -> Option<Effect> {
        let test = (self.key.saved?, self.last_test()?);
        Some(self.start(StepId::Test, JobRequest::RecordTests(vec![test])))
    }

    /// Starts testing all saved systems.
    pub fn test_all(&mut self, passphrase: Option<Secret>) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.stop_batch().into_iter().collect();
        let agreed = self.key.agreed_hosts.clone();
        let (id, effect) = self.jobs.start(Place::Systems, JobRequest::TestSystems { agreed, passphrase });
        let rows = self.saved.systems().iter().map(|system| (system.id, TestStatus::Waiting)).collect();
        self.saved.batch = Some(BatchTest { id, rows, running: true });
        effects.push(effect);
        effects
    }

    /// Whether saved systems are being tested.
    pub fn is_testing_all(&self) -> bool {
        self.saved.batch.as_ref().is_some_and(|batch| batch.running)
    }

    /// Stops testing all systems and records the verdicts so far.
    pub fn stop_batch(&mut self) -> Option<Effect> {
        let id = self.saved.batch.as_ref().filter(|batch| batch.running)?.id;
        self.jobs.stop(id);
        self.notice = Some(Notice::note(self.content.words.saved_systems().tests_stopped()));
        self.end_batch()
    }

    fn end_batch(&mut self) -> Option<Effect> {
        let batch = self.saved.batch.as_mut()?;
        batch.running = false;
        batch.sort(&self.saved.listing.systems);
        let verdicts = batch.verdicts(to_the_second(self.now.wall));
        (!verdicts.is_empty()).then(|| self.start(Place::Systems, JobRequest::RecordTests(verdicts)))
    }

    /// Takes in an event of the test of all systems.
    pub fn record_batch(&mut self, event: TestSystemsEvent) -> Option<Effect> {
        let batch = self.saved.batch.as_mut()?;
        match event {
            TestSystemsEvent::Started(system) => batch.set(system, TestStatus::Running),
            TestSystemsEvent::Finished(system, result) => batch.set(system, TestStatus::Done(result)),
            TestSystemsEvent::Done => return self.end_batch(),
            TestSystemsEvent::Failed(why) => {
                self.saved.batch = None;
                self.notice = Some(Notice::problem(&why));
            }
        }
        None
    }
}

/// Files need no fractions of a second.
fn to_the_second(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}
