//! Jobs: work that runs outside the model and answers later. Every answer carries the id of its job and goes to the
//! screen that started it; answers of a stopped job are ignored.

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
        /// Non-SAP hosts that the user has confirmed.
        agreed: BTreeSet<String>,
        /// The passphrase of the sealed file, if it has one.
        passphrase: Option<Secret>,
    },
    /// Read the key of a saved system.
    OpenSystem {
        /// Its number.
        id: SystemId,
        /// The passphrase of the sealed file, if it has one.
        passphrase: Option<Secret>,
    },
    /// Save a key.
    SaveSystem(Box<SaveRequest>),
    /// Rename a saved system.
    RenameSystem {
        /// The current name.
        name: SystemName,
        /// The new name.
        new: SystemName,
    },
    /// Remove a saved system with its secret.
    RemoveSystem(SystemName),
    /// Record test results with the saved systems.
    RecordTests(Vec<(SystemId, LastTest)>),
    /// Read a file that may contain a key.
    ReadFile(PathBuf),
    /// Suggest files for what was typed.
    ListFiles(String),
    /// Read the clipboard.
    ReadClipboard,
    /// Write a new file without a secret. Never overwrites.
    WriteFile {
        /// Proposed path; a number is added if it exists.
        path: PathBuf,
        /// Contents.
        text: String,
        /// Whether only its owner may read it, as for a test report.
        private: bool,
    },
    /// Send a request to Cloud Foundry.
    Cloud(CloudRequest),
    /// Examine the environment of the program.
    Examine,
    /// Write the files of an export to the current directory, those with a secret readable only by their owner. Never
    /// overwrites.
    WriteExport(Vec<ExportedFile>),
}

/// What a job reports. Tests, Cloud Foundry runs and a slow keyring report more than once.
#[derive(Clone, Debug)]
pub enum JobEvent {
    /// The test of a key.
    Test(CheckEvent),
    /// The test of all saved systems.
    TestSystems(TestSystemsEvent),
    /// The keyring is slow: it may have opened a window.
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
    /// Suggested files for what was typed.
    Files(String, Vec<FileCandidate>),
    /// A file was written to this path, or was not.
    Written(Result<PathBuf, Problem>),
    /// The files of an export were written, or were not.
    Exported(Result<Exported, Problem>),
    /// An answer from Cloud Foundry.
    Cloud(CloudEvent),
}

impl JobEvent {
    /// Whether the job has ended.
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

/// A file or directory suggested for what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCandidate {
    /// The path to type.
    pub text: String,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// When it was last modified.
    pub modified: Option<Timestamp>,
}

/// The written files of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Their names.
    pub files: Vec<String>,
    /// Those with a secret that git may include in the next commit.
    pub exposed: Vec<String>,
    /// Whether other accounts may be able to read the secret.
    pub for_others: bool,
    /// Whether the secret is in them.
    pub with_secret: bool,
}

/// What is remembered of a request until it is answered: nothing secret.
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
    /// Renames a saved system to this.
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
    /// Sends a request to Cloud Foundry.
    Cloud,
    /// Examines the environment.
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
