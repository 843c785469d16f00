//! The kept login of Cloud Foundry, sealed as a saved system is, in a file of its own.

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

/// What the one entry of the file is sealed for; no saved system has this id.
const LOGIN: SystemId = SystemId::new(*b"cpikey cf login\n");

impl<K: Keyring> Saved<K> {
    /// Where the data key of the kept login is; `None` if no login is kept. Opens nothing.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn login_protection(&self) -> Result<Option<Protection>, SavedError> {
        Ok(self.store.login()?.map(|vault| vault.protection()))
    }

    /// What was sealed of the kept login; `None` if no login is kept.
    ///
    /// # Errors
    ///
    /// If it cannot be opened.
    pub fn login(&self, passphrase: Option<&Secret>) -> Result<Option<Zeroizing<Vec<u8>>>, SavedError> {
        let Some(vault) = self.store.login()? else { return Ok(None) };
        let key = self.key(&vault, passphrase)?;
        vault.open(&key, LOGIN).map(Some).map_err(SavedError::Vault)
    }

    /// Keeps a login instead of the one before. `passphrase` is that of the kept login, or for a first one what is chosen
    /// instead of the keyring.
    ///
    /// # Errors
    ///
    /// [`SavedError::NoKeyring`] if it is the first one and there is neither keyring nor passphrase, and all other
    /// reasons. What was kept before is still there then.
    pub fn keep_login(&self, text: &[u8], passphrase: Option<&Secret>) -> Result<(), SavedError> {
        // A damaged file is of no use to anybody; a login is made again in a minute.
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

    /// Forgets the kept login, opened or not. Returns whether there was one.
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

    /// A key without a file opens nothing; if it stays, it does no harm.
    fn forget_key(&self, vault: &Vault) {
        if vault.protection() == Protection::Keyring {
            let _ = self.keyring.remove(vault.id());
        }
    }

    /// Whether a first secret could be sealed without a passphrase: the keyring answers.
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
    /// The file of the kept login, if it is not what was sealed.
    pub fn of_login() -> Self {
        SavedError::Vault(VaultError::EntryDamaged)
    }
}
