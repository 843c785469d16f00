//! Requests about saved systems, and their answers.

use crate::domain::{
    key::service_key::Found,
    problem::Problem,
    systems::{
        result::SystemResult,
        system::{LastTest, SystemId, SystemName, Systems},
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
    /// The key with what is known about it.
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
    /// How the secrets are sealed; `None` before the first one is saved.
    pub protection: Option<Protection>,
    /// Path of the sealed file.
    pub place: SafeText,
    /// Quarantined files, one sentence each.
    pub set_aside: Vec<String>,
}

/// Why a key was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// No keyring is available; a passphrase can be used instead.
    NoKeyring(Problem),
    /// Anything else.
    Other(Problem),
}

impl From<Problem> for NotSaved {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

/// An event of the test of all saved systems.
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
