//! Saving, finding and opening systems: the files and the keyring together, for the wizard and the command line.

mod error;
mod login;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    keyring::{Keyring, KeyringError},
    random::{self, RandomError},
    store::{Found as Stored, Quarantined, State, Store},
};
use crate::domain::{
    key::service_key::{Found, ServiceKey},
    systems::{
        system::{LastTest, System, SystemId, SystemName, Systems},
        vault::{self, DataKey, Fresh, Nonce, Protection, Vault, VaultError, VaultId},
    },
    text::secret::Secret,
};
pub use error::SavedError;

/// The saved systems of a user.
#[derive(Debug)]
pub struct Saved<K> {
    store: Store,
    keyring: K,
}

/// A snapshot of the decrypted secrets.
#[derive(Debug)]
pub struct Opened {
    vault: Vault,
    key: DataKey,
}

impl Opened {
    /// The key of a system, evaluated again as of `now`. Its own URLs count, not those in the list.
    ///
    /// # Errors
    ///
    /// If the secret is missing, damaged or not a key.
    pub fn key_of(&self, system: &System, now: Timestamp) -> Result<Found, SavedError> {
        let text = self.vault.open(&self.key, system.id).map_err(SavedError::Vault)?;
        vault::decode(&text, now).ok_or(SavedError::NotAKey)
    }

    /// Like [`Opened::key_of`], for a test whose verdict is recorded: the key must match the list.
    ///
    /// # Errors
    ///
    /// [`SavedError::ListChanged`] if it is not, and those of [`Opened::key_of`].
    pub fn key_to_test(&self, system: &System, now: Timestamp) -> Result<Found, SavedError> {
        let found = self.key_of(system, now)?;
        if system.is_row_of(&found) { Ok(found) } else { Err(SavedError::ListChanged(system.name.clone())) }
    }
}

impl<K: Keyring> Saved<K> {
    /// The systems in `store` with their key in `keyring`.
    pub fn new(store: Store, keyring: K) -> Self {
        Self { store, keyring }
    }

    /// The files.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The saved systems. Decrypts no secret and does not use the keyring.
    ///
    /// # Errors
    ///
    /// If the files cannot be read.
    pub fn read(&self) -> Result<Stored<State>, SavedError> {
        Ok(self.store.read()?)
    }

    /// Decrypts the secrets of `state`, in one go for all systems.
    ///
    /// # Errors
    ///
    /// [`SavedError::PassphraseMissing`] if one is needed, and all other errors of decryption.
    pub fn open(&self, state: &State, passphrase: Option<&Secret>) -> Result<Opened, SavedError> {
        let vault = state.vault.clone().ok_or(SavedError::Vault(VaultError::NoEntry))?;
        let key = self.key(&vault, passphrase)?;
        Ok(Opened { vault, key })
    }

    /// Checks that the system can be added to the list, before prompting for a passphrase.
    ///
    /// # Errors
    ///
    /// [`SavedError::NameTaken`].
    pub fn check(state: &State, system: &System, replace: bool) -> Result<(), SavedError> {
        enlist(&mut state.systems.clone(), system, replace)
    }

    /// Saves a system with its key. `passphrase` is that of the saved systems, or for the first system the one chosen
    /// instead of the keyring. With `replace`, a system of the same name is replaced.
    ///
    /// # Errors
    ///
    /// [`SavedError::NoKeyring`] if it is the first one and there is neither keyring nor passphrase, and all other
    /// errors. Nothing is then saved.
    pub fn add(
        &self,
        system: System,
        key: &ServiceKey,
        created: Option<&str>,
        passphrase: Option<&Secret>,
        replace: bool,
    ) -> Result<Vec<Quarantined>, SavedError> {
        let (state, mut quarantined) = self.read()?;
        Self::check(&state, &system, replace)?;
        let (data_key, vault, is_new) = match state.vault {
            Some(vault) => (self.key(&vault, passphrase)?, vault, false),
            None => {
                let (vault, data_key) = self.create(passphrase)?;
                (data_key, vault, true)
            }
        };
        let text = vault::encode(key, created);
        let nonce = Nonce(*random::bytes()?);
        let (id, keyring_id) = (system.id, vault.id());
        let saved = self.store.update(move |state| {
            let current = match &mut state.vault {
                None if is_new => state.vault.insert(vault),
                Some(current) if !is_new && current.id() == vault.id() => current,
                _ => return Err(SavedError::Overtaken),
            };
            current.seal(&data_key, id, nonce, &text).map_err(SavedError::Vault)?;
            enlist(&mut state.systems, &system, replace)
        });
        if saved.is_err() && is_new && passphrase.is_none() {
            // A key without a file opens nothing; it does no harm if it remains.
            let _ = self.keyring.remove(keyring_id);
        }
        quarantined.extend(saved?.1);
        Ok(quarantined)
    }

    /// Renames a system.
    ///
    /// # Errors
    ///
    /// If there is no such system, the name is taken, or the files cannot be written.
    pub fn rename(&self, name: &str, new: SystemName) -> Result<Vec<Quarantined>, SavedError> {
        let rename =
            |systems: &mut Systems| systems.rename(name, new).map_err(|error| SavedError::of_list(error, name));
        Ok(self.store.update(|state| rename(&mut state.systems))?.1)
    }

    /// Removes a system and its secret; with the last one also the sealed file and its key in the keyring.
    ///
    /// # Errors
    ///
    /// If there is no such system, or the files cannot be written.
    pub fn remove(&self, name: &str) -> Result<Vec<Quarantined>, SavedError> {
        let (forgotten, quarantined) = self.store.update(|state| {
            state.systems.remove(name).map_err(|error| SavedError::of_list(error, name))?;
            let vault = state.vault.as_ref().filter(|vault| vault.protection() == Protection::Keyring);
            Ok::<_, SavedError>(vault.filter(|_| state.systems.is_empty()).map(Vault::id))
        })?;
        if let Some(id) = forgotten.filter(|_| !self.store.has_quarantined_secrets()) {
            // It no longer opens anything; it does no harm if it remains.
            let _ = self.keyring.remove(id);
        }
        Ok(quarantined)
    }

    /// Records the results of tests.
    ///
    /// # Errors
    ///
    /// If the files cannot be written.
    pub fn record(&self, tests: &[(SystemId, LastTest)]) -> Result<Vec<Quarantined>, SavedError> {
        let record = |state: &mut State| {
            tests.iter().for_each(|(id, test)| state.systems.record(*id, *test));
            Ok::<(), SavedError>(())
        };
        Ok(self.store.update(record)?.1)
    }

    /// The data key of a file.
    fn key(&self, vault: &Vault, passphrase: Option<&Secret>) -> Result<DataKey, SavedError> {
        match (vault.protection(), passphrase) {
            (Protection::Passphrase, None) => Err(SavedError::PassphraseMissing),
            (Protection::Passphrase, Some(passphrase)) => vault.key_for(passphrase).map_err(SavedError::Vault),
            (Protection::Keyring, Some(_)) => Err(SavedError::PassphraseNotUsed),
            (Protection::Keyring, None) => {
                let key = self.keyring.get(vault.id()).map_err(SavedError::KeyringNeeded)?;
                vault.check_key(&key).map_err(SavedError::Vault)?;
                Ok(key)
            }
        }
    }

    /// A new file with its data key, which is stored in the keyring unless a passphrase is used.
    fn create(&self, passphrase: Option<&Secret>) -> Result<(Vault, DataKey), SavedError> {
        let key = DataKey::new(random::bytes()?);
        let fresh = Fresh {
            id: VaultId(*random::bytes()?),
            key: key.clone(),
            salt: *random::bytes()?,
            nonce: Nonce(*random::bytes()?),
        };
        let vault = match passphrase {
            Some(passphrase) if passphrase.is_empty() => return Err(SavedError::Vault(VaultError::WrongPassphrase)),
            Some(passphrase) => Vault::for_passphrase(&fresh, passphrase).map_err(SavedError::Vault)?,
            None => {
                // Used only if it returns what was stored.
                self.keyring.set(fresh.id, &key).map_err(SavedError::NoKeyring)?;
                let kept = self.keyring.get(fresh.id).map_err(SavedError::NoKeyring)?;
                let vault = Vault::for_keyring(&fresh);
                vault.check_key(&kept).map_err(|_| SavedError::NoKeyring(KeyringError::NoEntry))?;
                vault
            }
        };
        Ok((vault, key))
    }
}

/// A new id for a system.
///
/// # Errors
///
/// If the operating system provides no random numbers.
pub fn new_id() -> Result<SystemId, RandomError> {
    let bytes: Zeroizing<[u8; 16]> = random::bytes()?;
    Ok(SystemId::new(*bytes))
}

fn enlist(systems: &mut Systems, system: &System, replace: bool) -> Result<(), SavedError> {
    let outcome = match replace && systems.get(system.name.as_str()).is_some() {
        true => systems.replace(system.clone()).map(|_| ()),
        false => systems.add(system.clone()),
    };
    outcome.map_err(|error| SavedError::of_list(error, system.name.as_str()))
}

#[cfg(test)]
mod tests;
