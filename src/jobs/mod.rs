//! Use cases: what the wizard and the commands both do, written once.
//!
//! A use case takes its input as arguments, reports progress to a callback, and returns a value or a [`Problem`]. It
//! knows nothing of messages, screens or printing: `runtime` wraps results in messages, `cli` prints them.

pub mod cf;
pub mod doctor;
pub mod keep_login;
pub mod list_files;
pub mod list_systems;
pub mod new_key;
pub mod open_system;
pub mod progress;
pub mod read_file;
pub mod record_tests;
pub mod remove_system;
pub mod rename_system;
pub mod save_system;
pub mod test_key;
pub mod test_systems;
pub mod write_export;
pub mod write_files;

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    domain::{content::Content, problem::Problem},
    platform::{
        keyring::{Keyring, OsKeyring},
        saved::{Saved, SavedError},
        store::{Quarantined, Store},
    },
    words::Words,
};

/// The shared context of the use cases about saved systems.
#[derive(Debug)]
pub struct Context<K = OsKeyring> {
    /// What SAP offers, and the words.
    pub content: Arc<Content>,
    /// The files and the keyring.
    pub saved: Saved<K>,
    /// Wall clock.
    pub clock: fn() -> Timestamp,
}

impl<K: Keyring> Context<K> {
    /// The saved systems of the current user.
    ///
    /// # Errors
    ///
    /// If the account has no home directory.
    pub fn of_user(content: Arc<Content>, keyring: K) -> Result<Self, Problem> {
        let store = Store::of_user().map_err(|error| error.problem(content.words))?;
        Ok(Self { content, saved: Saved::new(store, keyring), clock: Timestamp::now })
    }

    fn words(&self) -> Words {
        self.content.words
    }

    fn problem(&self, error: SavedError) -> Problem {
        error.problem(self.words())
    }
}

/// A result with warnings about damaged files that were quarantined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// The result of an [`Ask`](crate::domain::cf::run::Ask).
    pub value: T,
    /// One sentence per file.
    pub warnings: Vec<String>,
}

impl<T> Done<T> {
    fn new(value: T, quarantined: &[Quarantined], words: Words) -> Self {
        Self { value, warnings: quarantined.iter().map(|file| file.text(words)).collect() }
    }
}
