//! Why the files of saved systems cannot be used.

use super::super::open::OpenError;
use crate::{
    domain::{
        platform::Platform,
        problem::Problem,
        systems::{
            system::{ListDamage, SystemsFileError},
            vault::{VaultDamage, VaultError},
        },
        text::safe_text::SafeText,
    },
    words::{ExplanationTemplate, Words},
};

/// Why the files cannot be read or changed. What was stored is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum StoreError {
    /// The account has no home directory.
    NoHome,
    /// Another program holds the lock.
    InUse,
    /// The lock cannot be acquired.
    CannotLock {
        /// Its file.
        path: SafeText,
        /// Why not.
        cause: FileCause,
    },
    /// A file or the directory cannot be used.
    File {
        /// What was tried.
        action: FileAction,
        /// The file.
        path: SafeText,
        /// Why it failed.
        cause: FileCause,
    },
    /// The list has a newer version, or cannot be written.
    List(SystemsFileError),
    /// The sealed file has a newer version.
    Secrets(VaultError),
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAction {
    /// Create the directory.
    Create,
    /// Read a file.
    Read,
    /// Write a file.
    Write,
    /// Rename a damaged file.
    Quarantine,
    /// Delete a file.
    Delete,
}

/// Why that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileCause {
    /// It is a link, a directory, a pipe or a device.
    NotAFile,
    /// It is larger than this many bytes.
    TooLarge(usize),
    /// The error message of the operating system.
    System(SafeText),
}

impl FileCause {
    /// The error of the operating system.
    pub(super) fn of(error: &std::io::Error) -> Self {
        FileCause::System(SafeText::line(&error.to_string()))
    }

    /// As one sentence.
    pub fn text(&self, words: Words) -> String {
        let words = words.saved_systems_problems();
        match self {
            FileCause::NotAFile => words.cause_not_a_file().to_owned(),
            FileCause::TooLarge(limit) => words.cause_too_large(limit / 1024),
            FileCause::System(error) => words.cause_system(error),
        }
    }
}

impl From<OpenError> for FileCause {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Directory | OpenError::Special => FileCause::NotAFile,
            OpenError::Io(error) => FileCause::of(&error),
        }
    }
}

impl StoreError {
    /// The problem to show.
    pub fn problem(&self, words: Words) -> Problem {
        let labels = words.saved_systems_problems();
        let file = |label: ExplanationTemplate, path: &SafeText, cause: &FileCause| {
            label.fill(&[("path", path), ("cause", &cause.text(words))])
        };
        let explanation = match self {
            StoreError::NoHome => labels.no_home().fill(&[("advice", &Platform::HERE.without_home(words))]),
            StoreError::InUse => labels.in_use().fill(&[]),
            StoreError::CannotLock { path, cause } => file(labels.cannot_lock(), path, cause),
            StoreError::File { action, path, cause } => {
                let label = match action {
                    FileAction::Create => labels.cannot_create(),
                    FileAction::Read => labels.cannot_read(),
                    FileAction::Write => labels.cannot_write(),
                    FileAction::Quarantine => labels.cannot_quarantine(),
                    FileAction::Delete => labels.cannot_delete(),
                };
                file(label, path, cause)
            }
            StoreError::List(error) => error.explain(words),
            StoreError::Secrets(error) => error.explain(words),
        };
        explanation.failed()
    }
}

/// What is wrong with a damaged file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Of the list.
    List(ListDamage),
    /// Of the sealed file.
    Secrets(VaultDamage),
}

impl Damage {
    /// The damage as one sentence.
    pub fn text(&self, words: Words) -> String {
        match self {
            Damage::List(damage) => damage.text(words),
            Damage::Secrets(damage) => damage.text(words),
        }
    }
}
