//! Saved systems as the screens see them.

use std::cmp::Reverse;

use jiff::{Timestamp, Unit};

use super::{
    effect::Effect,
    job::{JobId, JobRequest},
    notice::Notice,
    session::{KeySlot, KeySource, Session},
};
use crate::domain::{
    finding::Verdict,
    key::service_key::{Found, Reading},
    problem::Problem,
    sap::{guide::StepId, parameters::InstanceParameters, plan::PlanId},
    systems::{
        system::{LastTest, System, SystemId, SystemName, Systems},
        vault::Protection,
    },
    text::{safe_text::SafeText, secret::Secret},
};

/// A key to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveRequest {
    /// What to call the system.
    pub name: SystemName,
    /// Id of the purpose it was made for.
    pub purpose: Option<String>,
    /// The key with what is known of it.
    pub found: Found,
    /// What it was tested with last.
    pub last_test: Option<LastTest>,
    /// The passphrase to seal the secret with in place of the keyring's key.
    pub passphrase: Option<Secret>,
    /// Put it into the place of the system of this name.
    pub replace: bool,
}

/// What the files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The systems.
    pub systems: Systems,
    /// What the secrets are sealed with; `None` before the first one is saved.
    pub protection: Option<Protection>,
    /// The sealed file.
    pub place: SafeText,
    /// What had to be put aside, as sentences.
    pub set_aside: Vec<String>,
}

/// Why a key was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// There is no keyring, with the reason; a passphrase would do.
    NoKeyring(Problem),
    /// Anything else.
    Other(Problem),
}

/// A report about the test of all saved systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestSystemsEvent {
    /// This one is being tested.
    Started(SystemId),
    /// This one was.
    Finished(SystemId, Outcome),
    /// All are.
    Done,
    /// None can be, for this reason.
    Failed(Problem),
}

/// What the test of one system came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The one word; `None` where it was not tested.
    pub verdict: Option<Verdict>,
    /// The reason in one sentence; empty where there is none to name.
    pub reason: String,
}

/// Where one system stands in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits.
    Waiting,
    /// It is being tested.
    Running,
    /// It was tested.
    Done(Outcome),
}

/// All saved systems tested side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Its job.
    pub id: JobId,
    /// The systems; once all are tested, the worst first.
    pub rows: Vec<(SystemId, Standing)>,
    /// True while answers still come.
    pub running: bool,
}

impl Round {
    /// How many are tested.
    pub fn tested(&self) -> usize {
        self.rows.iter().filter(|(_, standing)| matches!(standing, Standing::Done(_))).count()
    }

    fn set(&mut self, id: SystemId, standing: Standing) {
        for row in self.rows.iter_mut().filter(|(system, _)| *system == id) {
            row.1 = standing.clone();
        }
    }

    /// The worst first; of the same verdict what expires first.
    fn sort(&mut self, systems: &Systems) {
        self.rows.sort_by_key(|(id, standing)| {
            let expires = systems.iter().find(|system| system.id == *id).and_then(|system| system.expires);
            let rank = match standing {
                Standing::Done(Outcome { verdict: Some(verdict), .. }) => (0, Reverse(verdict.badness())),
                Standing::Done(_) => (1, Reverse(0)),
                Standing::Waiting | Standing::Running => (2, Reverse(0)),
            };
            (rank, expires.is_none(), expires)
        });
    }

    fn verdicts(&self, at: Timestamp) -> Vec<(SystemId, LastTest)> {
        let verdict = |(id, standing): &(SystemId, Standing)| match standing {
            Standing::Done(Outcome { verdict: Some(verdict), .. }) => Some((*id, LastTest { verdict: *verdict, at })),
            _ => None,
        };
        self.rows.iter().filter_map(verdict).collect()
    }
}

/// What the screens know of saved systems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedSystems {
    /// What the files say.
    pub listing: Listing,
    /// The job that opens a system, unless another key came meanwhile.
    pub opening: Option<JobId>,
    /// All of them tested.
    pub round: Option<Round>,
}

impl SavedSystems {
    /// All of them.
    pub fn systems(&self) -> &Systems {
        &self.listing.systems
    }

    /// The system of an id.
    pub fn by_id(&self, id: SystemId) -> Option<&System> {
        self.systems().iter().find(|system| system.id == id)
    }

    /// True where a passphrase has to be typed for opening.
    pub fn wants_passphrase(&self) -> bool {
        self.listing.protection == Some(Protection::Passphrase)
    }
}

impl Session {
    /// The saved system whose key is in use.
    pub fn saved_system(&self) -> Option<&System> {
        self.saved.by_id(self.key.saved?)
    }

    /// Asks for the key of a system.
    pub fn open_saved(&mut self, id: SystemId, passphrase: Option<Secret>) -> Effect {
        self.stop_opening();
        if let Some(system) = self.saved.by_id(id) {
            self.notice = Some(Notice::note(format!("Opening {} …", system.name)));
        }
        let (job, effect) = self.jobs.start(StepId::QuickFill, JobRequest::OpenSystem { id, passphrase });
        self.saved.opening = Some(job);
        effect
    }

    /// Another key was taken: the system that is being opened is not wanted any more.
    pub(super) fn stop_opening(&mut self) {
        if let Some(job) = self.saved.opening.take() {
            self.jobs.stop(job);
        }
    }

    /// Takes the key of a saved system. Returns false if the system is gone.
    pub fn take_saved_key(&mut self, id: SystemId, found: Found) -> bool {
        let Some(system) = self.saved.by_id(id).cloned() else { return false };
        let listed = system.is_row_of(&found);
        self.notice = (!listed).then(|| {
            Notice::warning(format!(
                "systems.toml was changed: {} is listed with other addresses than its key has. The key's own are used.",
                system.name
            ))
        });
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
            // What a test of another key comes to is not noted with this system.
            saved: listed.then_some(id),
            saving: None,
        };
        self.forget_what_belonged_to_the_key();
        true
    }

    /// What the test of the key came to, where it is over.
    pub fn last_test(&self) -> Option<LastTest> {
        let verdict = self.run.as_ref()?.verdict()?;
        Some(LastTest { verdict, at: to_the_second(self.now.wall) })
    }

    /// Records the test that is over with the saved system it was for.
    pub fn record_verdict(&mut self) -> Option<Effect> {
        let test = (self.key.saved?, self.last_test()?);
        Some(self.start(StepId::Test, JobRequest::RecordTests(vec![test])))
    }

    /// Begins to test all saved systems.
    pub fn test_all(&mut self, passphrase: Option<Secret>) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.stop_round().into_iter().collect();
        let agreed = self.key.agreed_hosts.clone();
        let (id, effect) = self.jobs.start(StepId::QuickFill, JobRequest::TestSystems { agreed, passphrase });
        let rows = self.saved.systems().iter().map(|system| (system.id, Standing::Waiting)).collect();
        self.saved.round = Some(Round { id, rows, running: true });
        effects.push(effect);
        effects
    }

    /// True while saved systems are being tested.
    pub fn is_testing_all(&self) -> bool {
        self.saved.round.as_ref().is_some_and(|round| round.running)
    }

    /// Stops testing them all, and records the verdicts so far.
    pub fn stop_round(&mut self) -> Option<Effect> {
        let id = self.saved.round.as_ref().filter(|round| round.running)?.id;
        self.jobs.stop(id);
        self.notice = Some(Notice::note("The tests were stopped."));
        self.end_round()
    }

    fn end_round(&mut self) -> Option<Effect> {
        let round = self.saved.round.as_mut()?;
        round.running = false;
        round.sort(&self.saved.listing.systems);
        let verdicts = round.verdicts(to_the_second(self.now.wall));
        (!verdicts.is_empty()).then(|| self.start(StepId::QuickFill, JobRequest::RecordTests(verdicts)))
    }

    /// Takes in a report of the test of all systems.
    pub fn record_round(&mut self, event: TestSystemsEvent) -> Option<Effect> {
        let round = self.saved.round.as_mut()?;
        match event {
            TestSystemsEvent::Started(system) => round.set(system, Standing::Running),
            TestSystemsEvent::Finished(system, outcome) => round.set(system, Standing::Done(outcome)),
            TestSystemsEvent::Done => return self.end_round(),
            TestSystemsEvent::Failed(why) => {
                self.saved.round = None;
                self.notice = Some(Notice::problem(&why));
            }
        }
        None
    }
}

/// What is written down needs no fractions.
fn to_the_second(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}
