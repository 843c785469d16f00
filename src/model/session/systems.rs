//! The session's operations on saved systems.

use jiff::{Timestamp, Unit};

use super::{
    super::{
        effect::Effect,
        job::JobRequest,
        notice::Notice,
        place::Place,
        saved::TestSystemsEvent,
        saved_systems::{BatchTest, TestStatus},
    },
    KeySlot, KeySource, Session,
};
use crate::domain::{
    key::service_key::{Found, Reading},
    sap::{guide::StepId, parameters::InstanceParameters, plan::PlanId},
    systems::system::{LastTest, System, SystemId},
    text::secret::Secret,
};

impl Session {
    /// The saved system whose key is in use.
    pub fn saved_system(&self) -> Option<&System> {
        self.saved.by_id(self.key.saved?)
    }

    /// Starts opening a system, replacing a pending opening.
    pub fn open_saved(&mut self, id: SystemId, passphrase: Option<Secret>) -> Effect {
        self.stop_opening();
        self.saved.keep_passphrase(passphrase.as_ref(), self.now.since_start);
        if let Some(system) = self.saved.by_id(id) {
            self.notice = Some(Notice::note(self.content.words.saved_systems().opening(&system.name)));
        }
        let (job, effect) = self.jobs.start(Place::Systems, JobRequest::OpenSystem { id, passphrase });
        self.saved.opening = Some(job);
        effect
    }

    /// Cancels the opening of a system: another key was loaded, or the user left the list.
    pub fn stop_opening(&mut self) {
        if let Some(job) = self.saved.opening.take() {
            self.jobs.stop(job);
        }
    }

    /// Loads the key of a saved system. Returns false if the system no longer exists.
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
        self.draft_of_system = Some(self.draft.clone());
        let agreed_hosts = std::mem::take(&mut self.key.agreed_hosts);
        self.key = KeySlot {
            reading: Some(Reading { bytes: 0, keys: vec![found], findings: Vec::new() }),
            selected: 0,
            source: Some(KeySource::Saved(system.name.to_string())),
            agreed_hosts,
            // The verdict on another key must not be recorded for this system.
            saved: listed.then_some(id),
            saving: None,
            handed_over: false,
        };
        self.forget_what_belonged_to_the_key();
        true
    }

    /// The result of the test of the key, if it has finished.
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
        self.saved.keep_passphrase(passphrase.as_ref(), self.now.since_start);
        let agreed = self.key.agreed_hosts.clone();
        let (id, effect) = self.jobs.start(Place::Systems, JobRequest::TestSystems { agreed, passphrase });
        let rows = self.saved.systems().iter().map(|system| (system.id, TestStatus::Waiting)).collect();
        self.saved.batch = Some(BatchTest { id, began: self.now.since_start, rows, running: true });
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
        batch.end();
        batch.sort(&self.saved.listing.systems);
        let verdicts = batch.verdicts(to_the_second(self.now.wall));
        (!verdicts.is_empty()).then(|| self.start(Place::Systems, JobRequest::RecordTests(verdicts)))
    }

    /// Records an event of the test of all systems.
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

/// Drops fractions of a second, which files do not need.
fn to_the_second(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}
