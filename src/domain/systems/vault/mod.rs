//! The sealed file: the secrets of all saved systems, each sealed separately with one data key.
//!
//! `docs/vault-format.md` describes the bytes. Nothing here generates randomness: random bytes are passed in and must
//! never be reused.

mod bytes;
mod error;
mod key;
mod sealed_key;

use std::fmt;

use zeroize::Zeroizing;

pub use error::{VaultDamage, VaultError};
pub use key::{DATA_KEY_SIZE, DataKey, NONCE_SIZE, Nonce, TAG_SIZE};
pub use sealed_key::{decode, encode};

use crate::domain::{systems::system::SystemId, text::secret::Secret};
use key::{Argon2id, open_box, seal_box};

/// Memory that deriving a key from a passphrase takes for a new file, in KiB.
const MEMORY: u32 = 64 * 1024;

/// Version of the format.
pub const VERSION: u16 = 1;
/// The first bytes of every sealed file.
pub const MAGIC: [u8; 8] = *b"cpikey\x1a\n";
/// The largest file that is read, in bytes: enough for more than a thousand certificate keys.
pub const SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// Identifies one sealed file; its data key is stored under this id in the keyring of the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultId(pub [u8; 16]);

impl fmt::Display for VaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// Where the data key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// In the keyring of the operating system.
    Keyring,
    /// In the file itself, sealed with a key that Argon2id derives from a passphrase.
    Passphrase,
}

/// The random bytes of a new file.
#[derive(Debug)]
pub struct Fresh {
    /// Its id.
    pub id: VaultId,
    /// Its data key.
    pub key: DataKey,
    /// The salt of its passphrase; not used without one.
    pub salt: [u8; 16],
    /// The nonce of the box in its header.
    pub nonce: Nonce,
}

/// A sealed file. Nothing in it is readable without the data key.
#[derive(Clone, PartialEq, Eq)]
pub struct Vault {
    header: Header,
    entries: Vec<Entry>,
}

/// What comes before the entries.
#[derive(Clone, PartialEq, Eq)]
struct Header {
    id: VaultId,
    /// `None` if the data key is in the keyring.
    kdf: Option<Argon2id>,
    nonce: Nonce,
    /// With a passphrase, the sealed data key; otherwise a sealed empty text, which tells a wrong data key from damage.
    sealed: Vec<u8>,
}

/// One sealed secret.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    system: SystemId,
    nonce: Nonce,
    sealed: Vec<u8>,
}

impl Vault {
    /// A new file without entries whose data key will be in the keyring.
    pub fn for_keyring(fresh: &Fresh) -> Self {
        Self::new(fresh, None, &fresh.key, &[])
    }

    /// A new file without entries, protected by `passphrase`.
    ///
    /// # Errors
    ///
    /// [`VaultError::NoMemory`] if Argon2id cannot run.
    pub fn for_passphrase(fresh: &Fresh, passphrase: &Secret) -> Result<Self, VaultError> {
        let kdf = Argon2id::recommended(fresh.salt);
        let key = kdf.derive(passphrase)?;
        Ok(Self::new(fresh, Some(kdf), &key, fresh.key.bytes()))
    }

    fn new(fresh: &Fresh, kdf: Option<Argon2id>, key: &DataKey, content: &[u8]) -> Self {
        let mut header = Header { id: fresh.id, kdf, nonce: fresh.nonce, sealed: Vec::new() };
        header.sealed = seal_box(key, fresh.nonce, &header.bound(), content);
        Self { header, entries: Vec::new() }
    }

    /// Its id.
    pub fn id(&self) -> VaultId {
        self.header.id
    }

    /// Where its data key is kept.
    pub fn protection(&self) -> Protection {
        match self.header.kdf {
            None => Protection::Keyring,
            Some(_) => Protection::Passphrase,
        }
    }

    /// Whether it contains no secret.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Checks that `key` from the keyring is the data key of this file.
    ///
    /// # Errors
    ///
    /// [`VaultError::WrongKey`] if it is not, or if the file is protected by a passphrase.
    pub fn check_key(&self, key: &DataKey) -> Result<(), VaultError> {
        let opened = match self.header.kdf {
            None => open_box(key, self.header.nonce, &self.header.bound(), &self.header.sealed),
            Some(_) => None,
        };
        opened.map(|_| ()).ok_or(VaultError::WrongKey)
    }

    /// The data key. Takes 64 MiB and a few tenths of a second.
    ///
    /// # Errors
    ///
    /// [`VaultError::WrongPassphrase`], also if the file has no passphrase, or [`VaultError::NoMemory`].
    pub fn key_for(&self, passphrase: &Secret) -> Result<DataKey, VaultError> {
        let kdf = self.header.kdf.as_ref().ok_or(VaultError::WrongPassphrase)?;
        let key = kdf.derive(passphrase)?;
        let opened = open_box(&key, self.header.nonce, &self.header.bound(), &self.header.sealed);
        opened.and_then(|content| DataKey::from_slice(&content)).ok_or(VaultError::WrongPassphrase)
    }

    /// Seals `secret` for `system`, replacing the previous one.
    ///
    /// # Errors
    ///
    /// [`VaultError::WrongKey`] if `key` does not belong to this file, since the secret could never be opened again;
    /// [`VaultError::TooLarge`] if the file would exceed [`SIZE_LIMIT`].
    pub fn seal(&mut self, key: &DataKey, system: SystemId, nonce: Nonce, secret: &[u8]) -> Result<(), VaultError> {
        if self.protection() == Protection::Keyring {
            self.check_key(key)?;
        }
        if self.to_bytes().len() + secret.len() + 1024 > SIZE_LIMIT {
            return Err(VaultError::TooLarge);
        }
        let sealed = seal_box(key, nonce, &self.bound(system), secret);
        self.entries.retain(|entry| entry.system != system);
        self.entries.push(Entry { system, nonce, sealed });
        Ok(())
    }

    /// Opens the secret of `system`.
    ///
    /// # Errors
    ///
    /// If there is none, it was sealed with another key, for another system or in another file, or it was changed.
    pub fn open(&self, key: &DataKey, system: SystemId) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let entry = self.entries.iter().find(|entry| entry.system == system).ok_or(VaultError::NoEntry)?;
        open_box(key, entry.nonce, &self.bound(system), &entry.sealed).ok_or(VaultError::EntryDamaged)
    }

    /// Drops the secrets of all other systems. Returns whether there were any.
    pub fn retain(&mut self, keep: impl Fn(SystemId) -> bool) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| keep(entry.system));
        self.entries.len() < before
    }

    /// What an entry is bound to: version, file, system.
    fn bound(&self, system: SystemId) -> Vec<u8> {
        [&VERSION.to_be_bytes()[..], &self.header.id.0, system.bytes()].concat()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("id", &self.header.id)
            .field("protection", &self.protection())
            .field("entries", &self.entries.len())
            .finish()
    }
}

#[cfg(test)]
mod tests;
