//! Saving, finding and opening systems: the files and the keyring together, for the wizard and the command line.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    keyring::{Keyring, KeyringFault},
    random,
    store::{Found as Stored, SetAside, State, Store},
};
use crate::domain::problem::Problem;
use crate::domain::{
    key::service_key::{Found, ServiceKey},
    systems::{
        system::{LastTest, ListProblem, System, SystemId, SystemName, Systems},
        vault::{self, DataKey, Fresh, Nonce, Protection, Vault, VaultFault, VaultId},
    },
    text::{safe_text::SafeText, secret::Secret},
};

/// The saved systems of a person.
#[derive(Debug)]
pub struct Saved<K> {
    store: Store,
    keyring: K,
}

/// Why saved systems cannot be used as asked. Nothing was changed where one comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedFault {
    /// The secrets are sealed with a passphrase, and none was given.
    PassphraseWanted,
    /// The secrets are sealed with the keyring's key, yet a passphrase was given.
    PassphraseUnwanted,
    /// The passphrase is not that of the file, or is empty.
    WrongPassphrase,
    /// The first secret cannot be saved, because the keyring cannot be used; with a passphrase it can.
    NoKeyring(KeyringFault),
    /// The secrets cannot be opened, because the keyring cannot be used.
    KeyringClosed(KeyringFault),
    /// The sealed file does not give the secret.
    Sealed(VaultFault),
    /// What was sealed is no key; a newer program may have written it.
    NotAKey,
    /// The list was changed: it describes another system than the one that the key belongs to.
    ListChanged(SystemName),
    /// The list cannot be changed in this way; the name that was given.
    List(ListProblem, SafeText),
    /// Another program made the first save at the same moment.
    Overtaken,
    /// The files.
    Files(Problem),
}

impl From<Problem> for SavedFault {
    fn from(fault: Problem) -> Self {
        SavedFault::Files(fault)
    }
}

impl From<SavedFault> for Problem {
    fn from(fault: SavedFault) -> Self {
        const AGAIN: &str = "Remove the system and add its key again.";
        match fault {
            SavedFault::PassphraseWanted => Problem::unusable(
                "The passphrase of the saved systems is missing.",
                "Their secrets are sealed with it.",
                "Type it at the terminal; it is never taken from an argument, a pipe or the environment.",
            ),
            SavedFault::PassphraseUnwanted => Problem::unusable(
                "The saved systems have no passphrase.",
                "Their secrets are sealed with a key in the keyring of this machine.",
                "Leave the passphrase out. To change over, remove all systems first.",
            ),
            SavedFault::WrongPassphrase => Problem::unusable(
                "The passphrase is wrong.",
                "The secrets of the saved systems do not open with it.",
                "Try again. Nobody can find out a forgotten one: then remove the systems and add their keys again.",
            ),
            SavedFault::NoKeyring(fault) => Problem::unusable(
                "Nothing was saved, because the keyring of this machine cannot be used.",
                fault.to_string(),
                format!("{} Or choose a passphrase to seal the secrets with.", fault.fix()),
            ),
            SavedFault::KeyringClosed(fault) => Problem::unusable(
                "The saved secrets cannot be opened.",
                format!("Their key is in the keyring of this machine. {fault}"),
                fault.fix(),
            ),
            SavedFault::Sealed(fault) => {
                let fix = match fault {
                    VaultFault::NoMemory => "Close other programs: 64 MiB are needed for a moment.",
                    VaultFault::TooLarge => "Remove systems that are not needed any more.",
                    _ => AGAIN,
                };
                Problem::unusable("The saved secret cannot be opened.", fault.to_string(), fix)
            }
            SavedFault::NotAKey => Problem::unusable(
                "The saved secret is not a key.",
                "Another program has written something else there.",
                AGAIN,
            ),
            SavedFault::ListChanged(name) => Problem::unusable(
                format!("systems.toml was changed: {name} is listed with other addresses than its key has."),
                "A test of that key would say nothing about the system that is listed.",
                "Undo the change, or remove the system and add its key again.",
            ),
            SavedFault::List(ListProblem::Unknown, name) => Problem::unusable(
                format!("There is no saved system {name}."),
                "",
                "\"cpikey systems list\" names those that are saved.",
            ),
            SavedFault::List(ListProblem::NameTaken(other), _) => Problem::unusable(
                format!("There is a saved system {other} already."),
                "Each name is given once; upper and lower case do not count.",
                "Take another name, or replace that system.",
            ),
            SavedFault::List(ListProblem::IdTaken, _) | SavedFault::Overtaken => Problem::unusable(
                "Nothing was saved.",
                "Another cpikey has saved a system at the same moment.",
                "Try again.",
            ),
            SavedFault::Files(fault) => fault,
        }
    }
}

/// The opened secrets of one moment.
#[derive(Debug)]
pub struct Opened {
    vault: Vault,
    key: DataKey,
}

impl Opened {
    /// The key of a system, judged anew as of `now`. Its own addresses count, not those of the list.
    ///
    /// # Errors
    ///
    /// Where the secret is missing, damaged or no key.
    pub fn key_of(&self, system: &System, now: Timestamp) -> Result<Found, SavedFault> {
        let text = self.vault.open(&self.key, system.id).map_err(SavedFault::Sealed)?;
        vault::take_out(&text, now).ok_or(SavedFault::NotAKey)
    }

    /// The same for a test whose verdict is the system's: the key has to be the one that the list describes.
    ///
    /// # Errors
    ///
    /// [`SavedFault::ListChanged`] if it is not, and those of [`Opened::key_of`].
    pub fn key_to_test(&self, system: &System, now: Timestamp) -> Result<Found, SavedFault> {
        let found = self.key_of(system, now)?;
        if system.is_row_of(&found) { Ok(found) } else { Err(SavedFault::ListChanged(system.name.clone())) }
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

    /// What is saved. Opens no secret and asks nobody.
    ///
    /// # Errors
    ///
    /// Where the files cannot be read.
    pub fn read(&self) -> Result<Stored<State>, SavedFault> {
        Ok(self.store.read()?)
    }

    /// Opens the secrets of `state`, in one go for all systems.
    ///
    /// # Errors
    ///
    /// [`SavedFault::PassphraseWanted`] where one is needed, and all other reasons why they stay closed.
    pub fn open(&self, state: &State, passphrase: Option<&Secret>) -> Result<Opened, SavedFault> {
        let vault = state.vault.clone().ok_or(SavedFault::Sealed(VaultFault::NoEntry))?;
        let key = self.key(&vault, passphrase)?;
        Ok(Opened { vault, key })
    }

    /// Whether [`Saved::add`] would find room for the system on the list, for asking before a passphrase is typed.
    ///
    /// # Errors
    ///
    /// [`SavedFault::List`] where its name is taken.
    pub fn check(state: &State, system: &System, replace: bool) -> Result<(), SavedFault> {
        enlist(&mut state.systems.clone(), system, replace)
    }

    /// Saves a system with its key. `passphrase` is that of the saved systems, or for the first of them the one that is
    /// chosen in place of the keyring. With `replace` a system of the same name is replaced.
    ///
    /// # Errors
    ///
    /// [`SavedFault::NoKeyring`] where it is the first one and there is neither keyring nor passphrase, and all other
    /// reasons; nothing is saved then.
    pub fn add(
        &self,
        system: System,
        key: &ServiceKey,
        created: Option<&str>,
        passphrase: Option<&Secret>,
        replace: bool,
    ) -> Result<Vec<SetAside>, SavedFault> {
        let (state, mut set_aside) = self.read()?;
        Self::check(&state, &system, replace)?;
        let (data_key, vault, is_new) = match state.vault {
            Some(vault) => (self.key(&vault, passphrase)?, vault, false),
            None => {
                let (vault, data_key) = self.create(passphrase)?;
                (data_key, vault, true)
            }
        };
        let text = vault::keep(key, created);
        let nonce = Nonce(*random::bytes()?);
        let (id, keyring_id) = (system.id, vault.id());
        let saved = self.store.update(move |state| {
            let current = match &mut state.vault {
                None if is_new => state.vault.insert(vault),
                Some(current) if !is_new && current.id() == vault.id() => current,
                _ => return Err(SavedFault::Overtaken),
            };
            current.seal(&data_key, id, nonce, &text).map_err(SavedFault::Sealed)?;
            enlist(&mut state.systems, &system, replace)
        });
        if saved.is_err() && is_new && passphrase.is_none() {
            // A key without a file is of no use; that it stays does no harm.
            let _ = self.keyring.remove(keyring_id);
        }
        set_aside.extend(saved?.1);
        Ok(set_aside)
    }

    /// Gives a system another name.
    ///
    /// # Errors
    ///
    /// Where there is no such system, the name is taken, or the files cannot be written.
    pub fn rename(&self, name: &str, new: SystemName) -> Result<Vec<SetAside>, SavedFault> {
        let rename = |systems: &mut Systems| systems.rename(name, new).map_err(listed(name));
        Ok(self.store.update(|state| rename(&mut state.systems))?.1)
    }

    /// Removes a system and its secret; with the last one the sealed file and its key in the keyring, too.
    ///
    /// # Errors
    ///
    /// Where there is no such system, or the files cannot be written.
    pub fn remove(&self, name: &str) -> Result<Vec<SetAside>, SavedFault> {
        let (forgotten, set_aside) = self.store.update(|state| {
            state.systems.remove(name).map_err(listed(name))?;
            let vault = state.vault.as_ref().filter(|vault| vault.protection() == Protection::Keyring);
            Ok::<_, SavedFault>(vault.filter(|_| state.systems.is_empty()).map(Vault::id))
        })?;
        if let Some(id) = forgotten.filter(|_| !self.store.has_set_aside()) {
            // It opens nothing any more; that it stays does no harm.
            let _ = self.keyring.remove(id);
        }
        Ok(set_aside)
    }

    /// Notes what tests came to.
    ///
    /// # Errors
    ///
    /// Where the files cannot be written.
    pub fn record(&self, tests: &[(SystemId, LastTest)]) -> Result<Vec<SetAside>, SavedFault> {
        let record = |state: &mut State| {
            tests.iter().for_each(|(id, test)| state.systems.record(*id, *test));
            Ok::<(), SavedFault>(())
        };
        Ok(self.store.update(record)?.1)
    }

    /// The data key of a file.
    fn key(&self, vault: &Vault, passphrase: Option<&Secret>) -> Result<DataKey, SavedFault> {
        match (vault.protection(), passphrase) {
            (Protection::Passphrase, None) => Err(SavedFault::PassphraseWanted),
            (Protection::Passphrase, Some(passphrase)) => vault.key_for(passphrase).map_err(|fault| match fault {
                VaultFault::WrongPassphrase => SavedFault::WrongPassphrase,
                fault => SavedFault::Sealed(fault),
            }),
            (Protection::Keyring, Some(_)) => Err(SavedFault::PassphraseUnwanted),
            (Protection::Keyring, None) => {
                let key = self.keyring.get(vault.id()).map_err(SavedFault::KeyringClosed)?;
                vault.check_key(&key).map_err(SavedFault::Sealed)?;
                Ok(key)
            }
        }
    }

    /// A new file with its data key, which is in the keyring then, unless a passphrase is chosen.
    fn create(&self, passphrase: Option<&Secret>) -> Result<(Vault, DataKey), SavedFault> {
        let key = DataKey::new(random::bytes()?);
        let fresh = Fresh {
            id: VaultId(*random::bytes()?),
            key: key.clone(),
            salt: *random::bytes()?,
            nonce: Nonce(*random::bytes()?),
        };
        let vault = match passphrase {
            Some(passphrase) if passphrase.is_empty() => return Err(SavedFault::WrongPassphrase),
            Some(passphrase) => Vault::for_passphrase(&fresh, passphrase).map_err(SavedFault::Sealed)?,
            None => {
                // Believed only when it gives back what it was given.
                self.keyring.set(fresh.id, &key).map_err(SavedFault::NoKeyring)?;
                let kept = self.keyring.get(fresh.id).map_err(SavedFault::NoKeyring)?;
                let vault = Vault::for_keyring(&fresh);
                vault.check_key(&kept).map_err(|_| SavedFault::NoKeyring(KeyringFault::NoEntry))?;
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
/// Where the operating system has no random numbers.
pub fn new_id() -> Result<SystemId, Problem> {
    let bytes: Zeroizing<[u8; 16]> = random::bytes()?;
    Ok(SystemId::new(*bytes))
}

fn enlist(systems: &mut Systems, system: &System, replace: bool) -> Result<(), SavedFault> {
    let outcome = match replace && systems.get(system.name.as_str()).is_some() {
        true => systems.replace(system.clone()).map(|_| ()),
        false => systems.add(system.clone()),
    };
    outcome.map_err(listed(system.name.as_str()))
}

fn listed(name: &str) -> impl Fn(ListProblem) -> SavedFault + use<> {
    let name = SafeText::line(name);
    move |problem| SavedFault::List(problem, name.clone())
}

#[cfg(test)]
mod tests;
