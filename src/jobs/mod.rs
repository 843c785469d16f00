//! Use cases: what the wizard and the commands both do, written once.
//!
//! A use case takes what it needs as arguments, reports progress to a function, and returns a value or a [`Problem`]. It
//! knows neither messages nor screens nor printing: `runtime` wraps what comes back into messages, `cli` prints it.

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

/// What the use cases about saved systems share.
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
    /// The saved systems of the person who runs the program.
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

/// The result, and what a person should also know: damaged files that were quarantined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// The result of an [`Ask`].
    pub value: T,
    /// One sentence a file.
    pub warnings: Vec<String>,
}

impl<T> Done<T> {
    fn new(value: T, quarantined: &[Quarantined], words: Words) -> Self {
        Self { value, warnings: quarantined.iter().map(|file| file.text(words)).collect() }
    }
}
