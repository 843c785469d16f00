//! The bytes of a sealed file, as `docs/vault-format.md` writes them down.

use super::{
    DATA_KEY_SIZE, Entry, Header, MAGIC, NONCE_SIZE, Nonce, SIZE_LIMIT, TAG_SIZE, VERSION, Vault, VaultFault, VaultId,
    key::Argon2id,
};
use crate::domain::systems::system::SystemId;

/// `kdf` where the data key is in the keyring.
const KDF_NONE: u8 = 0;
/// `kdf` where a passphrase opens the file.
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

    /// Reads stored bytes. Opens nothing.
    ///
    /// # Errors
    ///
    /// [`VaultFault::Damaged`] or [`VaultFault::Newer`].
    pub fn parse(bytes: &[u8]) -> Result<Self, VaultFault> {
        if bytes.len() > SIZE_LIMIT {
            return Err(VaultFault::Damaged("it is too large"));
        }
        let mut rest = Rest(bytes);
        if rest.take::<8>()? != MAGIC {
            return Err(VaultFault::Damaged("it does not begin like a sealed file"));
        }
        let version = u16::from_be_bytes(rest.take()?);
        match version {
            VERSION => {}
            0 => return Err(VaultFault::Damaged("it names no version")),
            version => return Err(VaultFault::Newer { version }),
        }
        let [kind] = rest.take()?;
        let id = VaultId(rest.take()?);
        let (kdf, length) = match kind {
            KDF_NONE => (None, TAG_SIZE),
            KDF_ARGON2ID => (Some(rest.kdf()?), DATA_KEY_SIZE + TAG_SIZE),
            _ => return Err(VaultFault::Damaged("it names no known protection")),
        };
        let nonce = Nonce(rest.take()?);
        let header = Header { id, kdf, nonce, sealed: rest.slice(length)?.to_vec() };
        let mut entries: Vec<Entry> = Vec::new();
        while !rest.0.is_empty() {
            let entry = rest.entry()?;
            if entries.iter().any(|other| other.system == entry.system) {
                return Err(VaultFault::Damaged("a system stands in it twice"));
            }
            entries.push(entry);
        }
        Ok(Self { header, entries })
    }
}

/// What has not been read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn slice(&mut self, length: usize) -> Result<&'a [u8], VaultFault> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(VaultFault::Damaged("it is cut off"))?;
        self.0 = tail;
        Ok(head)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], VaultFault> {
        self.slice(N)?.try_into().map_err(|_| VaultFault::Damaged("it is cut off"))
    }

    fn number(&mut self) -> Result<u32, VaultFault> {
        self.take().map(u32::from_be_bytes)
    }

    fn kdf(&mut self) -> Result<Argon2id, VaultFault> {
        let (memory, passes, lanes) = (self.number()?, self.number()?, self.number()?);
        let kdf = Argon2id { memory, passes, lanes, salt: self.take()? };
        kdf.is_bearable().then_some(kdf).ok_or(VaultFault::Damaged("the numbers for the passphrase do not fit"))
    }

    fn entry(&mut self) -> Result<Entry, VaultFault> {
        let system = SystemId::new(self.take()?);
        let nonce: [u8; NONCE_SIZE] = self.take()?;
        let length = self.number()? as usize;
        if length < TAG_SIZE {
            return Err(VaultFault::Damaged("a secret in it is too short"));
        }
        Ok(Entry { system, nonce: Nonce(nonce), sealed: self.slice(length)?.to_vec() })
    }
}
