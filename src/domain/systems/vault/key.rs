//! Keys, boxes, and the derivation of a key from a passphrase.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, UnboundKey};
use zeroize::Zeroizing;

use super::{MEMORY, VaultDamage, VaultError};
use crate::domain::text::secret::{MASK, Secret};

/// Bytes of a key.
pub const DATA_KEY_SIZE: usize = 32;
/// Bytes of a nonce.
pub const NONCE_SIZE: usize = 12;
/// Bytes that sealing adds.
pub const TAG_SIZE: usize = 16;

/// A number used only once with each key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce(pub [u8; NONCE_SIZE]);

/// The key that seals the secrets. Its memory is wiped; its `Debug` prints the mask.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey(Zeroizing<[u8; DATA_KEY_SIZE]>);

impl DataKey {
    /// A key of random bytes.
    pub fn new(random: Zeroizing<[u8; DATA_KEY_SIZE]>) -> Self {
        Self(random)
    }

    /// A stored key; `None` if it has the wrong length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; DATA_KEY_SIZE]);
        (bytes.len() == DATA_KEY_SIZE).then(|| key.copy_from_slice(bytes))?;
        Some(Self(key))
    }

    /// The bytes, only for the keyring.
    pub fn bytes(&self) -> &[u8; DATA_KEY_SIZE] {
        &self.0
    }

    /// The cipher; never `None` for a key of this length.
    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&CHACHA20_POLY1305, self.bytes()).ok().map(LessSafeKey::new)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Parameters of Argon2id, version 0x13.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Argon2id {
    /// KiB.
    pub memory: u32,
    pub passes: u32,
    pub lanes: u32,
    pub salt: [u8; 16],
}

impl Argon2id {
    /// The second recommendation of RFC 9106 (64 MiB, 3 passes), with one lane: more would not run in parallel here.
    pub fn recommended(salt: [u8; 16]) -> Self {
        Self { memory: MEMORY, passes: 3, lanes: 1, salt }
    }

    /// Whether the parameters are in a range that neither exhausts memory nor runs for minutes.
    pub fn is_acceptable(&self) -> bool {
        (8..=256 * 1024).contains(&self.memory)
            && (1..=16).contains(&self.passes)
            && (1..=16).contains(&self.lanes)
            && self.memory >= 8 * self.lanes
    }

    /// The key of a passphrase.
    pub fn derive(&self, passphrase: &Secret) -> Result<DataKey, VaultError> {
        let params = Params::new(self.memory, self.passes, self.lanes, Some(DATA_KEY_SIZE));
        let params = params.map_err(|_| VaultError::Damaged(VaultDamage::CostsOutOfRange))?;
        let mut key = Zeroizing::new([0; DATA_KEY_SIZE]);
        // The memory is passed in because the crate does not wipe its own.
        let mut memory = Zeroizing::new(Vec::new());
        memory.try_reserve_exact(params.block_count()).map_err(|_| VaultError::NoMemory)?;
        memory.resize(params.block_count(), Block::default());
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(
                passphrase.expose().as_bytes(),
                &self.salt,
                key.as_mut_slice(),
                memory.as_mut_slice(),
            )
            .map_err(|_| VaultError::NoMemory)?;
        Ok(DataKey(key))
    }
}

/// Seals `content`, bound to `bound`.
pub(super) fn seal_box(key: &DataKey, nonce: Nonce, bound: &[u8], content: &[u8]) -> Vec<u8> {
    // Room for the tag from the start: a growing buffer would leave the plain text behind.
    let mut sealed = Zeroizing::new(Vec::with_capacity(content.len() + TAG_SIZE));
    sealed.extend_from_slice(content);
    let nonce = ring::aead::Nonce::assume_unique_for_key(nonce.0);
    let done = key.cipher().map(|cipher| cipher.seal_in_place_append_tag(nonce, Aad::from(bound), &mut *sealed));
    match done {
        Some(Ok(())) => std::mem::take(&mut *sealed),
        // Only for contents of more than 256 GiB. A box that cannot be opened is better than plain text.
        _ => Vec::new(),
    }
}

/// Opens a box; `None` if the key, nonce, `bound` or bytes do not match.
pub(super) fn open_box(key: &DataKey, nonce: Nonce, bound: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut content = Zeroizing::new(sealed.to_vec());
    let nonce = ring::aead::Nonce::assume_unique_for_key(nonce.0);
    let length = key.cipher()?.open_in_place(nonce, Aad::from(bound), &mut content).ok()?.len();
    content.truncate(length);
    Some(content)
}
