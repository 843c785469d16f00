//! The stored Cloud Foundry login, sealed like a saved system, in a separate file.

use zeroize::Zeroizing;

use super::{Saved, SavedError};
use crate::{
    domain::{
        systems::{
            system::SystemId,
            vault::{Nonce, Protection, Vault, VaultError, VaultId},
        },
        text::secret::Secret,
    },
    platform::{
        keyring::{Keyring, KeyringError},
        random,
    },
};

/// The id for which the only entry of the file is sealed; no saved system has it.
const LOGIN: SystemId = SystemId::new(*b"cpikey cf login\n");

impl<K: Keyring> Saved<K> {
    /// Where the data key of the stored login is kept; `None` if no login is stored. Decrypts nothing.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn login_protection(&self) -> Result<Option<Protection>, SavedError> {
        Ok(self.store.login()?.map(|vault| vault.protection()))
    }

    /// The sealed content of the stored login; `None` if no login is stored.
    ///
    /// # Errors
    ///
    /// If it cannot be decrypted.
    pub fn login(&self, passphrase: Option<&Secret>) -> Result<Option<Zeroizing<Vec<u8>>>, SavedError> {
        let Some(vault) = self.store.login()? else { return Ok(None) };
        let key = self.key(&vault, passphrase)?;
        vault.open(&key, LOGIN).map(Some).map_err(SavedError::Vault)
    }

    /// Stores a login, replacing the previous one. `passphrase` is that of the stored login, or for a first one the one
    /// chosen instead of the keyring.
    ///
    /// # Errors
    ///
    /// [`SavedError::NoKeyring`] if it is the first one and there is neither keyring nor passphrase, and all other
    /// reasons. The previously stored login is then unchanged.
    pub fn keep_login(&self, text: &[u8], passphrase: Option<&Secret>) -> Result<(), SavedError> {
        // A damaged file is useless, and logging in again takes only a minute.
        let before = self.store.login().unwrap_or_default();
        let (mut vault, key, is_new) = match before {
            Some(vault) => {
                let key = self.key(&vault, passphrase)?;
                (vault, key, false)
            }
            None => {
                let (vault, key) = self.create(passphrase)?;
                (vault, key, true)
            }
        };
        let sealed = random::bytes()
            .map_err(SavedError::from)
            .and_then(|nonce| vault.seal(&key, LOGIN, Nonce(*nonce), text).map_err(SavedError::Vault))
            .and_then(|()| Ok(self.store.write_login(&vault)?));
        if sealed.is_err() && is_new {
            self.forget_key(&vault);
        }
        sealed
    }

    /// Deletes the stored login, opened or not. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// If the file cannot be deleted.
    pub fn forget_login(&self) -> Result<bool, SavedError> {
        let vault = self.store.login();
        let was_kept = self.store.remove_login()?;
        if let Ok(Some(vault)) = vault {
            self.forget_key(&vault);
        }
        Ok(was_kept)
    }

    /// A key without a file opens nothing; it does no harm if it remains.
    fn forget_key(&self, vault: &Vault) {
        if vault.protection() == Protection::Keyring {
            let _ = self.keyring.remove(vault.id());
        }
    }

    /// Checks that a first secret could be sealed without a passphrase: the keyring responds.
    ///
    /// # Errors
    ///
    /// [`SavedError::NoKeyring`].
    pub fn check_keyring(&self) -> Result<(), SavedError> {
        // The data key of no file.
        match self.keyring.get(VaultId(*random::bytes()?)) {
            Ok(_) | Err(KeyringError::NoEntry) => Ok(()),
            Err(error) => Err(SavedError::NoKeyring(error)),
        }
    }
}

impl SavedError {
    /// The error for a login file whose content is not a login.
    pub fn of_login() -> Self {
        SavedError::Vault(VaultError::EntryDamaged)
    }
}
