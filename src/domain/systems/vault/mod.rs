//! The sealed file: the secrets of all saved systems, each sealed by itself with one data key.
//!
//! `docs/vault-format.md` writes the bytes down. Nothing here is random by itself: random bytes are passed in, and none
//! of them may be used twice.

mod bytes;
mod kept;
mod key;

use std::fmt;

use zeroize::Zeroizing;

pub use kept::{keep, take_out};
pub use key::{DATA_KEY_SIZE, DataKey, NONCE_SIZE, Nonce, TAG_SIZE};

use crate::domain::{systems::system::SystemId, text::secret::Secret};
use key::{Argon2id, open_box, seal_box};

/// Version of the format.
pub const VERSION: u16 = 1;
/// The first bytes of every sealed file.
pub const MAGIC: [u8; 8] = *b"cpikey\x1a\n";
/// The largest file that is read, in bytes: more than a thousand certificate keys.
pub const SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// Names one sealed file; its data key is filed under it in the keyring of the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultId(pub [u8; 16]);

impl fmt::Display for VaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// Where the data key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// In the keyring of the operating system.
    Keyring,
    /// In the file itself, sealed with a key that Argon2id draws from a passphrase.
    Passphrase,
}

/// The random bytes of a new file.
#[derive(Debug)]
pub struct Fresh {
    /// Its name.
    pub id: VaultId,
    /// Its data key.
    pub key: DataKey,
    /// The salt of its passphrase; not used without one.
    pub salt: [u8; 16],
    /// For the box in its header.
    pub nonce: Nonce,
}

/// A sealed file. Nothing in it is readable without the data key.
#[derive(Clone, PartialEq, Eq)]
pub struct Vault {
    header: Header,
    entries: Vec<Entry>,
}

/// What stands before the entries.
#[derive(Clone, PartialEq, Eq)]
struct Header {
    id: VaultId,
    /// `None` where the data key is in the keyring.
    kdf: Option<Argon2id>,
    nonce: Nonce,
    /// With a passphrase the sealed data key, else sealed nothing, which tells a wrong data key from damage.
    sealed: Vec<u8>,
}

/// One sealed secret.
#[derive(Clone, PartialEq, Eq)]
struct Entry {
    system: SystemId,
    nonce: Nonce,
    sealed: Vec<u8>,
}

/// Why a sealed file does not give its secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultFault {
    /// The bytes are no sealed file, or not a whole one.
    Damaged(&'static str),
    /// A version that this program does not know; a newer one has written it.
    Newer {
        /// The number in the file.
        version: u16,
    },
    /// The data key is not the one of this file.
    WrongKey,
    /// The passphrase is not the one of this file, or its header was changed.
    WrongPassphrase,
    /// No secret is filed under this system.
    NoEntry,
    /// The secret of this system was changed, or belongs to another system or file.
    EntryDamaged,
    /// The secret is larger than a file may be.
    TooLarge,
    /// There is not enough memory for Argon2id.
    NoMemory,
}

impl fmt::Display for VaultFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VaultFault::Damaged(what) => write!(f, "It is damaged: {what}."),
            VaultFault::Newer { version } => {
                write!(f, "It has version {version}; this program knows version {VERSION}.")
            }
            VaultFault::WrongKey => f.write_str("The data key is not the one that it was sealed with."),
            VaultFault::WrongPassphrase => f.write_str("The passphrase is not the one that it was sealed with."),
            VaultFault::NoEntry => f.write_str("No secret is filed for this system."),
            VaultFault::EntryDamaged => f.write_str("The secret of this system is damaged or was exchanged."),
            VaultFault::TooLarge => write!(f, "It would be larger than {} MiB.", SIZE_LIMIT / 1024 / 1024),
            VaultFault::NoMemory => f.write_str("There is not enough memory to work with the passphrase."),
        }
    }
}

impl std::error::Error for VaultFault {}

impl Vault {
    /// A new file without entries whose data key will be in the keyring.
    pub fn for_keyring(fresh: &Fresh) -> Self {
        Self::new(fresh, None, &fresh.key, &[])
    }

    /// A new file without entries that opens with `passphrase`.
    ///
    /// # Errors
    ///
    /// [`VaultFault::NoMemory`] where Argon2id cannot run.
    pub fn for_passphrase(fresh: &Fresh, passphrase: &Secret) -> Result<Self, VaultFault> {
        let kdf = Argon2id::recommended(fresh.salt);
        let key = kdf.derive(passphrase)?;
        Ok(Self::new(fresh, Some(kdf), &key, fresh.key.bytes()))
    }

    fn new(fresh: &Fresh, kdf: Option<Argon2id>, key: &DataKey, content: &[u8]) -> Self {
        let mut header = Header { id: fresh.id, kdf, nonce: fresh.nonce, sealed: Vec::new() };
        header.sealed = seal_box(key, fresh.nonce, &header.bound(), content);
        Self { header, entries: Vec::new() }
    }

    /// Its name.
    pub fn id(&self) -> VaultId {
        self.header.id
    }

    /// Where its data key is.
    pub fn protection(&self) -> Protection {
        match self.header.kdf {
            None => Protection::Keyring,
            Some(_) => Protection::Passphrase,
        }
    }

    /// True where no secret is in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Proves that `key`, as it came out of the keyring, is the data key of this file.
    ///
    /// # Errors
    ///
    /// [`VaultFault::WrongKey`] where it is not, or where the file opens with a passphrase.
    pub fn check_key(&self, key: &DataKey) -> Result<(), VaultFault> {
        let opened = match self.header.kdf {
            None => open_box(key, self.header.nonce, &self.header.bound(), &self.header.sealed),
            Some(_) => None,
        };
        opened.map(|_| ()).ok_or(VaultFault::WrongKey)
    }

    /// The data key. Takes 64 MiB and some tenths of a second.
    ///
    /// # Errors
    ///
    /// [`VaultFault::WrongPassphrase`], also where the file has no passphrase, or [`VaultFault::NoMemory`].
    pub fn key_for(&self, passphrase: &Secret) -> Result<DataKey, VaultFault> {
        let kdf = self.header.kdf.as_ref().ok_or(VaultFault::WrongPassphrase)?;
        let key = kdf.derive(passphrase)?;
        let opened = open_box(&key, self.header.nonce, &self.header.bound(), &self.header.sealed);
        opened.and_then(|content| DataKey::from_slice(&content)).ok_or(VaultFault::WrongPassphrase)
    }

    /// Files `secret` under `system`, in place of what was filed there.
    ///
    /// # Errors
    ///
    /// [`VaultFault::WrongKey`] where `key` is checked and is not that of this file: it would be sealed for nobody.
    pub fn seal(&mut self, key: &DataKey, system: SystemId, nonce: Nonce, secret: &[u8]) -> Result<(), VaultFault> {
        if self.protection() == Protection::Keyring {
            self.check_key(key)?;
        }
        if self.to_bytes().len() + secret.len() + 1024 > SIZE_LIMIT {
            return Err(VaultFault::TooLarge);
        }
        let sealed = seal_box(key, nonce, &self.bound(system), secret);
        self.entries.retain(|entry| entry.system != system);
        self.entries.push(Entry { system, nonce, sealed });
        Ok(())
    }

    /// What is filed under `system`.
    ///
    /// # Errors
    ///
    /// Where nothing is, or it was sealed with another key, for another system or in another file, or was changed.
    pub fn open(&self, key: &DataKey, system: SystemId) -> Result<Zeroizing<Vec<u8>>, VaultFault> {
        let entry = self.entries.iter().find(|entry| entry.system == system).ok_or(VaultFault::NoEntry)?;
        open_box(key, entry.nonce, &self.bound(system), &entry.sealed).ok_or(VaultFault::EntryDamaged)
    }

    /// Keeps the secrets of these systems alone. True where something was dropped.
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
