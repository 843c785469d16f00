//! Why the secrets of a sealed file cannot be read.

use super::{MEMORY, SIZE_LIMIT, VERSION};
use crate::words::{Explanation, Words};

/// Bytes of a MiB.
const MIB: usize = 1024 * 1024;

/// Why a secret cannot be decrypted or encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum VaultError {
    /// The bytes are not a complete sealed file.
    Damaged(VaultDamage),
    /// The file was written by a newer program.
    Newer {
        /// The version in the file.
        version: u16,
    },
    /// The data key does not belong to this file.
    WrongKey,
    /// The passphrase does not match this file, or its header was changed.
    WrongPassphrase,
    /// There is no secret for this system.
    NoEntry,
    /// The secret of this system was changed, or belongs to another system or file.
    EntryDamaged,
    /// The secret is larger than the maximum file size.
    TooLarge,
    /// There is not enough memory for Argon2id.
    NoMemory,
}

/// What is wrong with a damaged file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultDamage {
    /// It is larger than [`SIZE_LIMIT`].
    TooLarge,
    /// It does not begin with [`super::MAGIC`].
    NotSealed,
    /// Its version is 0.
    NoVersion,
    /// Its `kdf` is unknown.
    UnknownProtection,
    /// It ends in the middle of a field.
    Truncated,
    /// The parameters of Argon2id are outside the accepted range.
    CostsOutOfRange,
    /// Two entries belong to the same system.
    SystemTwice,
    /// An entry is shorter than its tag.
    EntryTooShort,
}

impl VaultError {
    /// What is wrong.
    pub fn explain(self, words: Words) -> Explanation {
        let labels = words.vault();
        match self {
            Self::Damaged(damage) => labels.damaged().fill(&[("damage", &damage.text(words))]),
            Self::Newer { version } => labels.newer().fill(&[("version", &version), ("known", &VERSION)]),
            Self::WrongKey => labels.wrong_key().fill(&[]),
            Self::WrongPassphrase => labels.wrong_passphrase().fill(&[]),
            Self::NoEntry => labels.no_entry().fill(&[]),
            Self::EntryDamaged => labels.entry_damaged().fill(&[]),
            Self::TooLarge => labels.too_large().fill(&[("limit", &(SIZE_LIMIT / MIB))]),
            Self::NoMemory => labels.no_memory().fill(&[("memory", &(MEMORY / 1024))]),
        }
    }
}

impl VaultDamage {
    /// The damage as one sentence.
    pub fn text(self, words: Words) -> String {
        let words = words.vault();
        match self {
            Self::TooLarge => words.file_too_large(SIZE_LIMIT / MIB),
            Self::NotSealed => words.not_a_sealed_file().to_owned(),
            Self::NoVersion => words.no_version().to_owned(),
            Self::UnknownProtection => words.unknown_protection().to_owned(),
            Self::Truncated => words.truncated().to_owned(),
            Self::CostsOutOfRange => words.costs_out_of_range().to_owned(),
            Self::SystemTwice => words.system_twice().to_owned(),
            Self::EntryTooShort => words.entry_too_short().to_owned(),
        }
    }
}
