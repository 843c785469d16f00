//! The bytes of a sealed file, as `docs/vault-format.md` describes them.

use super::{
    DATA_KEY_SIZE, Entry, Header, MAGIC, NONCE_SIZE, Nonce, SIZE_LIMIT, TAG_SIZE, VERSION, Vault, VaultDamage,
    VaultError, VaultId, key::Argon2id,
};
use crate::domain::systems::system::SystemId;

/// `kdf` if the data key is in the keyring.
const KDF_NONE: u8 = 0;
/// `kdf` if the file is protected by a passphrase.
const KDF_ARGON2ID: u8 = 1;

impl Header {
    /// Everything before the nonce; the box in the header is bound to it.
    pub(super) fn bound(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(VERSION.to_be_bytes());
        out.push(if self.kdf.is_some() { KDF_ARGON2ID } else { KDF_NONE });
        out.extend(self.id.0);
        if let Some(kdf) = &self.kdf {
            for number in [kdf.memory, kdf.passes, kdf.lanes] {
                out.extend(number.to_be_bytes());
            }
            out.extend(kdf.salt);
        }
        out
    }
}

impl Vault {
    /// The bytes to be stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.header.bound();
        out.extend(self.header.nonce.0);
        out.extend(&self.header.sealed);
        for entry in &self.entries {
            out.extend(entry.system.bytes());
            out.extend(entry.nonce.0);
            // `seal` keeps the whole file far below 4 GiB.
            out.extend(u32::try_from(entry.sealed.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend(&entry.sealed);
        }
        out
    }

    /// Parses stored bytes. Decrypts nothing.
    ///
    /// # Errors
    ///
    /// [`VaultError::Damaged`] or [`VaultError::Newer`].
    pub fn parse(bytes: &[u8]) -> Result<Self, VaultError> {
        if bytes.len() > SIZE_LIMIT {
            return Err(VaultError::Damaged(VaultDamage::TooLarge));
        }
        let mut rest = Rest(bytes);
        if rest.take::<8>()? != MAGIC {
            return Err(VaultError::Damaged(VaultDamage::NotSealed));
        }
        let version = u16::from_be_bytes(rest.take()?);
        match version {
            VERSION => {}
            0 => return Err(VaultError::Damaged(VaultDamage::NoVersion)),
            version => return Err(VaultError::Newer { version }),
        }
        let [kind] = rest.take()?;
        let id = VaultId(rest.take()?);
        let (kdf, length) = match kind {
            KDF_NONE => (None, TAG_SIZE),
            KDF_ARGON2ID => (Some(rest.kdf()?), DATA_KEY_SIZE + TAG_SIZE),
            _ => return Err(VaultError::Damaged(VaultDamage::UnknownProtection)),
        };
        let nonce = Nonce(rest.take()?);
        let header = Header { id, kdf, nonce, sealed: rest.slice(length)?.to_vec() };
        let mut entries: Vec<Entry> = Vec::new();
        while !rest.0.is_empty() {
            let entry = rest.entry()?;
            if entries.iter().any(|other| other.system == entry.system) {
                return Err(VaultError::Damaged(VaultDamage::SystemTwice));
            }
            entries.push(entry);
        }
        Ok(Self { header, entries })
    }
}

/// The bytes that have not been read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn slice(&mut self, length: usize) -> Result<&'a [u8], VaultError> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(VaultError::Damaged(VaultDamage::Truncated))?;
        self.0 = tail;
        Ok(head)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], VaultError> {
        self.slice(N)?.try_into().map_err(|_| VaultError::Damaged(VaultDamage::Truncated))
    }

    fn number(&mut self) -> Result<u32, VaultError> {
        self.take().map(u32::from_be_bytes)
    }

    fn kdf(&mut self) -> Result<Argon2id, VaultError> {
        let (memory, passes, lanes) = (self.number()?, self.number()?, self.number()?);
        let kdf = Argon2id { memory, passes, lanes, salt: self.take()? };
        kdf.is_acceptable().then_some(kdf).ok_or(VaultError::Damaged(VaultDamage::CostsOutOfRange))
    }

    fn entry(&mut self) -> Result<Entry, VaultError> {
        let system = SystemId::new(self.take()?);
        let nonce: [u8; NONCE_SIZE] = self.take()?;
        let length = self.number()? as usize;
        if length < TAG_SIZE {
            return Err(VaultError::Damaged(VaultDamage::EntryTooShort));
        }
        Ok(Entry { system, nonce: Nonce(nonce), sealed: self.slice(length)?.to_vec() })
    }
}
