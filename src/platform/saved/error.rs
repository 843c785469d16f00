//! Why saved systems cannot be used.

use super::super::{keyring::KeyringError, random::RandomError, store::StoreError};
use crate::{
    domain::{
        problem::Problem,
        systems::{
            system::{ListError, SecretInPlainTextError, SystemName},
            vault::VaultError,
        },
        text::safe_text::SafeText,
    },
    words::{Explanation, ExplanationTemplate, Words},
};

/// Why saved systems cannot be used as asked. What was stored is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum SavedError {
    /// The secrets are sealed with a passphrase, and none was given.
    PassphraseMissing,
    /// The secrets are sealed with the keyring's key, yet a passphrase was given.
    PassphraseNotUsed,
    /// The first secret cannot be saved because the keyring is unusable; with a passphrase it can.
    NoKeyring(KeyringError),
    /// The secrets cannot be decrypted because the keyring is unusable.
    KeyringNeeded(KeyringError),
    /// The secret cannot be read from or written to the sealed file.
    Vault(VaultError),
    /// The sealed content is not a key; another program may have written it.
    NotAKey,
    /// The key to be saved is not usable.
    KeyUnusable,
    /// The name or the note to be saved contains the secret.
    SecretInPlainText(SecretInPlainTextError),
    /// The list was edited by hand: it describes a different system than the key.
    ListChanged(SystemName),
    /// No saved system has this name.
    Unknown(SafeText),
    /// Another system has this name, spelled like this.
    NameTaken(SystemName),
    /// Another program removed or replaced the system in the meantime.
    Gone,
    /// Another program saved a system at the same moment.
    Overtaken,
    /// The operating system provides no random numbers.
    Random(RandomError),
    /// The files cannot be used.
    Store(StoreError),
}

impl From<StoreError> for SavedError {
    fn from(error: StoreError) -> Self {
        SavedError::Store(error)
    }
}

impl From<RandomError> for SavedError {
    fn from(error: RandomError) -> Self {
        SavedError::Random(error)
    }
}

impl From<SecretInPlainTextError> for SavedError {
    fn from(error: SecretInPlainTextError) -> Self {
        SavedError::SecretInPlainText(error)
    }
}

impl SavedError {
    /// The error for a change of the system `name` that the list does not allow.
    pub fn of_list(error: ListError, name: &str) -> Self {
        match error {
            ListError::Unknown => SavedError::Unknown(SafeText::line(name)),
            ListError::NameTaken(other) => SavedError::NameTaken(other),
            ListError::IdTaken => SavedError::Overtaken,
        }
    }

    /// The problem to show.
    pub fn problem(&self, words: Words) -> Problem {
        let labels = words.saved_systems_problems();
        let keyring = |label: ExplanationTemplate, error: &KeyringError| {
            let Explanation { what, why, fix } = error.explain(words);
            label.fill(&[("reason", &what), ("cause", &why), ("fix", &fix)])
        };
        let explanation = match self {
            SavedError::PassphraseMissing => labels.passphrase_missing().fill(&[]),
            SavedError::PassphraseNotUsed => labels.passphrase_not_used().fill(&[]),
            SavedError::NoKeyring(error) => keyring(labels.no_keyring(), error),
            SavedError::KeyringNeeded(error) => keyring(labels.keyring_needed(), error),
            SavedError::Vault(error) => error.explain(words),
            SavedError::NotAKey => labels.not_a_key().fill(&[]),
            SavedError::KeyUnusable => labels.key_unusable().fill(&[]),
            SavedError::SecretInPlainText(error) => error.explain(words),
            SavedError::ListChanged(name) => labels.list_changed().fill(&[("name", name)]),
            SavedError::Unknown(name) => labels.system_unknown().fill(&[("name", name)]),
            SavedError::NameTaken(name) => labels.name_taken().fill(&[("name", name)]),
            SavedError::Gone => labels.gone().fill(&[]),
            SavedError::Overtaken => labels.overtaken().fill(&[]),
            SavedError::Random(_) => return labels.no_random().fill(&[]).failed(),
            SavedError::Store(error) => return error.problem(words),
        };
        explanation.unusable()
    }
}
