//! Jobs: what runs outside and answers later. Every answer carries the id of its job and goes to the screen that asked;
//! one of a job that was stopped changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use super::{
    effect::Effect,
    msg::{Exported, Pasted},
    place::Place,
    saved::{NotSaved, SaveRequest, TestSystemsEvent},
};
use crate::domain::{
    check::{CheckEvent, CheckRequest},
    handover::export::ExportedFile,
    key::service_key::Found,
    problem::Problem,
    systems::system::{LastTest, SystemId, SystemName},
    text::secret::Secret,
};

/// Identifies one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// What a job is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobRequest {
    /// Test a key.
    Test(CheckRequest),
    /// Test all saved systems.
    TestSystems {
        /// Hosts that are not SAP's and that the person agreed to.
        agreed: BTreeSet<String>,
        /// The passphrase of the sealed file, if it has one.
        passphrase: Option<Secret>,
    },
    /// Take the key of a saved system out.
    OpenSystem {
        /// Which one.
        id: SystemId,
        /// The passphrase of the sealed file, if it has one.
        passphrase: Option<Secret>,
    },
    /// Save a key.
    SaveSystem(Box<SaveRequest>),
    /// Give a saved system another name.
    RenameSystem {
        /// The name it has.
        name: SystemName,
        /// The name it gets.
        new: SystemName,
    },
    /// Remove a saved system with its secret.
    RemoveSystem(SystemName),
    /// Record the verdicts of tests with the saved systems.
    RecordTests(Vec<(SystemId, LastTest)>),
    /// Read a file that may hold a key.
    ReadFile(PathBuf),
    /// Read the clipboard.
    ReadClipboard,
    /// Write a new file that holds no secret. Never over one that exists.
    WriteFile {
        /// Proposed path; a number is added if it exists.
        path: PathBuf,
        /// Contents.
        text: String,
        /// Whether only its owner may read it, as with what a test found out.
        private: bool,
    },
    /// Write the files of an export into the current directory, those with a secret readable by their owner alone. Never
    /// over one that exists.
    WriteExport(Vec<ExportedFile>),
}

/// What a job reports. Only tests report more than once, and a keyring that takes its time.
#[derive(Clone, Debug)]
pub enum JobEvent {
    /// The test of a key.
    Test(CheckEvent),
    /// The test of all saved systems.
    TestSystems(TestSystemsEvent),
    /// The keyring takes its time: it may have opened a window.
    KeyringIsSlow,
    /// The key of a saved system.
    Opened(Result<Box<Found>, Problem>),
    /// A key was saved under this id, or was not.
    Saved(Result<SystemId, NotSaved>),
    /// A system was renamed, or was not.
    Renamed(Result<(), Problem>),
    /// A system was removed, or was not.
    Removed(Result<(), Problem>),
    /// Verdicts were recorded, or were not.
    Recorded(Result<(), Problem>),
    /// A file or the clipboard was read.
    Read(Result<Pasted, Problem>),
    /// A file was written to this path, or was not.
    Written(Result<PathBuf, Problem>),
    /// The files of an export were written, or were not.
    Exported(Result<Exported, Problem>),
}

impl JobEvent {
    /// Whether the job is over.
    pub fn is_last(&self) -> bool {
        match self {
            Self::Test(event) => *event == CheckEvent::Done,
            Self::TestSystems(event) => matches!(event, TestSystemsEvent::Done | TestSystemsEvent::Failed(_)),
            Self::KeyringIsSlow => false,
            _ => true,
        }
    }
}

/// What is remembered of a request until its answer comes: nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Tests a key.
    Test,
    /// Tests all saved systems.
    TestSystems,
    /// Opens this saved system.
    OpenSystem(SystemId),
    /// Saves a key under this name.
    SaveSystem(SystemName),
    /// Gives a saved system this new name.
    RenameSystem(SystemName),
    /// Removes the saved system of this name.
    RemoveSystem(SystemName),
    /// Records verdicts.
    RecordTests,
    /// Reads this file.
    ReadFile(PathBuf),
    /// Reads the clipboard.
    ReadClipboard,
    /// Writes files.
    Write,
}

impl From<&JobRequest> for JobKind {
    fn from(request: &JobRequest) -> Self {
        match request {
            JobRequest::Test(_) => Self::Test,
            JobRequest::TestSystems { .. } => Self::TestSystems,
            JobRequest::OpenSystem { id, .. } => Self::OpenSystem(*id),
            JobRequest::SaveSystem(request) => Self::SaveSystem(request.name.clone()),
            JobRequest::RenameSystem { new, .. } => Self::RenameSystem(new.clone()),
            JobRequest::RemoveSystem(name) => Self::RemoveSystem(name.clone()),
            JobRequest::RecordTests(_) => Self::RecordTests,
            JobRequest::ReadFile(path) => Self::ReadFile(path.clone()),
            JobRequest::ReadClipboard => Self::ReadClipboard,
            JobRequest::WriteFile { .. } | JobRequest::WriteExport(_) => Self::Write,
        }
    }
}

/// A job that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The screen that gets the answer.
    pub owner: Place,
    /// What it does.
    pub kind: JobKind,
}

/// The jobs that run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    started: u64,
    running: BTreeMap<JobId, Job>,
    /// Stopped, and the outside does not know yet.
    stopped: Vec<JobId>,
}

impl Jobs {
    /// Starts a job; the screen `owner` gets its answer.
    pub fn start(&mut self, owner: impl Into<Place>, request: JobRequest) -> (JobId, Effect) {
        self.started += 1;
        let id = JobId(self.started);
        self.running.insert(id, Job { owner: owner.into(), kind: JobKind::from(&request) });
        (id, Effect::Start(id, request))
    }

    /// Stops a job, if it runs.
    pub fn stop(&mut self, id: JobId) {
        if self.running.remove(&id).is_some() {
            self.stopped.push(id);
        }
    }

    /// The job that reports an event, if it runs. After its last event it runs no longer.
    pub fn report(&mut self, id: JobId, event: &JobEvent) -> Option<Job> {
        if event.is_last() { self.running.remove(&id) } else { self.running.get(&id).cloned() }
    }

    /// What is to be said to the outside about the jobs that were stopped since the last call.
    pub fn take_stops(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.stopped).into_iter().map(Effect::Stop).collect()
    }

    /// Whether a job runs.
    pub fn runs(&self, id: JobId) -> bool {
        self.running.contains_key(&id)
    }

    /// Whether a test runs, of the key or of all saved systems.
    pub fn are_testing(&self) -> bool {
        self.running.values().any(|job| matches!(job.kind, JobKind::Test | JobKind::TestSystems))
    }

    /// Whether a key is being saved.
    pub fn saves(&self) -> bool {
        self.running.values().any(|job| matches!(job.kind, JobKind::SaveSystem(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sap::guide::StepId;

    #[test]
    fn an_answer_belongs_to_a_running_job_and_the_last_one_ends_it() {
        let mut jobs = Jobs::default();
        let (id, effect) = jobs.start(StepId::QuickFill, JobRequest::ReadClipboard);
        assert_eq!(effect, Effect::Start(id, JobRequest::ReadClipboard));
        let event = JobEvent::Read(Err(Problem::failed("", "", "")));
        assert_eq!(jobs.report(JobId(99), &event), None);
        assert_eq!(
            jobs.report(id, &JobEvent::KeyringIsSlow).map(|job| job.owner),
            Some(Place::Step(StepId::QuickFill))
        );
        assert!(jobs.report(id, &event).is_some());
        assert_eq!(jobs.report(id, &event), None);
    }

    #[test]
    fn a_stopped_job_is_stopped_outside_once_and_answers_nothing() {
        let mut jobs = Jobs::default();
        let (id, _) = jobs.start(StepId::Key, JobRequest::ReadClipboard);
        jobs.stop(id);
        jobs.stop(id);
        assert_eq!(jobs.take_stops(), [Effect::Stop(id)]);
        assert_eq!(jobs.take_stops(), []);
        assert_eq!(jobs.report(id, &JobEvent::Read(Err(Problem::failed("", "", "")))), None);
    }
}
