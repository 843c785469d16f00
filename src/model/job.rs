//! Jobs: what runs outside and answers later. Every answer carries the id of its job and goes to the screen that asked;
//! one of a job that was stopped changes nothing.

use std::{collections::BTreeSet, path::PathBuf};

use jiff::Timestamp;

use super::{
    cloud_job::{CloudEvent, CloudRequest},
    pasted::Pasted,
    saved::{NotSaved, SaveRequest, TestSystemsEvent},
};
use crate::domain::{
    check::{CheckEvent, CheckRequest},
    doctor::Check,
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
        /// Its number.
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
    /// List the files that may be meant by what was typed.
    ListFiles(String),
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
    /// Ask something of Cloud Foundry.
    Cloud(CloudRequest),
    /// Look at what is around the program.
    Examine,
    /// Write the files of an export into the current directory, those with a secret readable only by their owner. Never
    /// over one that exists.
    WriteExport(Vec<ExportedFile>),
}

/// What a job reports. Tests, runs at Cloud Foundry and a keyring that takes its time
/// report more than once.
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
    /// The doctor panel.
    Examined(Vec<Check>),
    /// The files that may be meant by what was typed.
    Files(String, Vec<FileCandidate>),
    /// A file was written to this path, or was not.
    Written(Result<PathBuf, Problem>),
    /// The files of an export were written, or were not.
    Exported(Result<Exported, Problem>),
    /// Cloud Foundry answers.
    Cloud(CloudEvent),
}

impl JobEvent {
    /// Whether the job is over.
    pub fn is_last(&self) -> bool {
        match self {
            Self::Test(event) => *event == CheckEvent::Done,
            Self::TestSystems(event) => matches!(event, TestSystemsEvent::Done | TestSystemsEvent::Failed(_)),
            Self::KeyringIsSlow => false,
            Self::Cloud(event) => event.is_last(),
            _ => true,
        }
    }
}

/// A file or a directory that may be meant by what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCandidate {
    /// What would have to be typed.
    pub text: String,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// When it was written last.
    pub modified: Option<Timestamp>,
}

/// Files that were written for a consumer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Their names.
    pub files: Vec<String>,
    /// Those with a secret that git may take along with the next commit.
    pub exposed: Vec<String>,
    /// Whether other accounts may be able to read the secret.
    pub for_others: bool,
    /// Whether the secret is in them.
    pub with_secret: bool,
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
    /// Lists files.
    ListFiles,
    /// Reads the clipboard.
    ReadClipboard,
    /// Asks Cloud Foundry.
    Cloud,
    /// Looks around.
    Examine,
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
            JobRequest::ListFiles(_) => Self::ListFiles,
            JobRequest::ReadClipboard => Self::ReadClipboard,
            JobRequest::Cloud(_) => Self::Cloud,
            JobRequest::Examine => Self::Examine,
            JobRequest::WriteFile { .. } | JobRequest::WriteExport(_) => Self::Write,
        }
    }
}
