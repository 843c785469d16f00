//! The files of saved systems: `systems.toml` and `secrets.sealed` in one directory.
//!
//! `docs/vault-format.md` explains the order in which they are written, and why a crash loses neither the old nor the
//! new state.

mod error;
pub(super) mod files;
mod lock;

use std::path::{Path, PathBuf};

use super::open::shown;

use crate::{
    domain::systems::{
        system::{ListDamage, Systems, SystemsFileError},
        vault::{self, Vault, VaultError},
    },
    words::Words,
};
pub use error::{Damage, FileAction, FileCause, StoreError};
use lock::Lock;

/// The list of systems.
pub const SYSTEMS_FILE: &str = "systems.toml";
/// The sealed secrets.
pub const SECRETS_FILE: &str = "secrets.sealed";
/// The sealed Cloud Foundry login.
pub const LOGIN_FILE: &str = "login.sealed";
/// The largest list that is read, in bytes.
const SYSTEMS_LIMIT: usize = 1024 * 1024;

/// The contents of the two files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The systems.
    pub systems: Systems,
    /// Their sealed secrets; `None` before the first system is saved.
    pub vault: Option<Vault>,
}

/// A damaged file that was quarantined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Its new name.
    pub path: PathBuf,
    /// What is wrong with it.
    pub damage: Damage,
}

impl Quarantined {
    /// What happened to the file and why.
    pub fn text(&self, words: Words) -> String {
        words.saved_systems_problems().quarantined(shown(&self.path), self.damage.text(words))
    }
}

/// The directory with the files.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

/// A state, and the files quarantined while reading it.
pub type Found<T> = (T, Vec<Quarantined>);

impl Store {
    /// The files in `root`, which need not exist.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The files of the user who runs the program.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoHome`].
    pub fn of_user() -> Result<Self, StoreError> {
        super::paths::data_dir().map(Self::new).ok_or(StoreError::NoHome)
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reads the stored state. Damaged files are quarantined first.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or was written by a newer program.
    pub fn read(&self) -> Result<Found<State>, StoreError> {
        // Without a lock: each file is complete at any time, and the secrets are written before the list that refers to
        // them.
        match self.load()? {
            Loaded::Whole(state) => Ok((state, Vec::new())),
            Loaded::Damaged { .. } => {
                let _lock = self.lock()?;
                self.repair()
            }
        }
    }

    /// The systems in the list, or none if it cannot be read. Repairs nothing and reads no secret.
    pub fn peek(&self) -> Systems {
        let bytes = files::read(&self.path(SYSTEMS_FILE), SYSTEMS_LIMIT).ok().flatten().unwrap_or_default();
        std::str::from_utf8(&bytes).ok().and_then(|text| Systems::from_toml(text).ok()).unwrap_or_default()
    }

    /// Changes the stored state while holding the lock. Secrets of systems that are no longer on the list are dropped
    /// automatically.
    ///
    /// # Errors
    ///
    /// Those of `change`, which leave everything unchanged, and those of reading and writing.
    pub fn update<T, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&mut State) -> Result<T, E>,
    ) -> Result<Found<T>, E> {
        files::create_dir(&self.root)?;
        let _lock = self.lock()?;
        files::remove_leftovers(&self.root);
        let (before, quarantined) = self.repair()?;
        let mut after = before.clone();
        let outcome = change(&mut after)?;
        self.save(&before, after)?;
        Ok((outcome, quarantined))
    }

    /// Whether a quarantined sealed file exists that the data key may still open.
    pub fn has_quarantined_secrets(&self) -> bool {
        let prefix = format!("{SECRETS_FILE}.bad-");
        let mut names = std::fs::read_dir(&self.root).into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.any(|name| name.to_string_lossy().starts_with(&prefix))
    }

    /// The file with the stored Cloud Foundry login; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is damaged.
    pub fn login(&self) -> Result<Option<Vault>, StoreError> {
        let bytes = files::read(&self.path(LOGIN_FILE), vault::SIZE_LIMIT)?;
        bytes.map(|bytes| Vault::parse(&bytes).map_err(StoreError::Secrets)).transpose()
    }

    /// Writes the file with the stored login.
    ///
    /// # Errors
    ///
    /// If it cannot be written. The previous one is then unchanged.
    pub fn write_login(&self, vault: &Vault) -> Result<(), StoreError> {
        files::create_dir(&self.root)?;
        let _lock = self.lock()?;
        files::write(&self.path(LOGIN_FILE), &vault.to_bytes())
    }

    /// Deletes the file with the stored login. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// If it cannot be deleted.
    pub fn remove_login(&self) -> Result<bool, StoreError> {
        let path = self.path(LOGIN_FILE);
        let is_there = std::fs::symlink_metadata(&path).is_ok();
        if is_there {
            let _lock = self.lock()?;
            files::remove(&path)?;
        }
        Ok(is_there)
    }

    fn lock(&self) -> Result<Lock, StoreError> {
        Lock::take(&self.root.join("lock"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn load(&self) -> Result<Loaded, StoreError> {
        // The list first: every secret it refers to was written before it.
        let systems = match files::read(&self.path(SYSTEMS_FILE), SYSTEMS_LIMIT)? {
            None => Ok(Systems::default()),
            Some(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) => Systems::from_toml(text),
                Err(_) => Err(SystemsFileError::Damaged(ListDamage::NotUtf8)),
            },
        };
        let vault = match files::read(&self.path(SECRETS_FILE), vault::SIZE_LIMIT)? {
            None => Ok(None),
            Some(bytes) => Vault::parse(&bytes).map(Some),
        };
        let (systems, list) = match systems {
            Ok(systems) => (systems, None),
            Err(SystemsFileError::Damaged(damage)) => (Systems::default(), Some(damage)),
            Err(error) => return Err(StoreError::List(error)),
        };
        let (vault, secrets) = match vault {
            Ok(vault) => (vault, None),
            Err(VaultError::Damaged(damage)) => (None, Some(damage)),
            Err(error) => return Err(StoreError::Secrets(error)),
        };
        Ok(match (list, secrets) {
            (None, None) => Loaded::Whole(State { systems, vault }),
            (list, secrets) => Loaded::Damaged { list: list.map(Damage::List), secrets: secrets.map(Damage::Secrets) },
        })
    }

    /// Quarantines damaged files until the rest can be read. Requires the lock.
    fn repair(&self) -> Result<Found<State>, StoreError> {
        let mut quarantined = Vec::new();
        loop {
            let (list_damage, secrets_damage) = match self.load()? {
                Loaded::Whole(state) => return Ok((state, quarantined)),
                Loaded::Damaged { list, secrets } => (list, secrets),
            };
            let (list, secrets) = (self.path(SYSTEMS_FILE), self.path(SECRETS_FILE));
            let (new_list, new_secrets) = self.free_names();
            if let Some(damage) = secrets_damage {
                files::rename(&secrets, &new_secrets)?;
                quarantined.push(Quarantined { path: new_secrets, damage });
            } else if list_damage.is_some() && secrets.exists() {
                // The next save drops secrets that only the damaged list refers to.
                files::copy(&secrets, &new_secrets, vault::SIZE_LIMIT)?;
            }
            if let Some(damage) = list_damage {
                files::rename(&list, &new_list)?;
                quarantined.push(Quarantined { path: new_list, damage });
            }
        }
    }

    /// Names with the same number that no quarantined file has.
    fn free_names(&self) -> (PathBuf, PathBuf) {
        let names = |number: u32| {
            let name = |name: &str| self.path(&format!("{name}.bad-{number}"));
            (name(SYSTEMS_FILE), name(SECRETS_FILE))
        };
        let is_free = |(list, secrets): &(PathBuf, PathBuf)| {
            // A link whose target is missing also occupies its name.
            [list, secrets].iter().all(|path| std::fs::symlink_metadata(path).is_err())
        };
        (1..).map(names).find(is_free).unwrap_or_else(|| names(u32::MAX))
    }

    fn save(&self, before: &State, after: State) -> Result<(), StoreError> {
        let State { systems, mut vault } = after;
        let secrets = self.path(SECRETS_FILE);
        if let Some(vault) = vault.as_ref().filter(|vault| before.vault.as_ref() != Some(vault)) {
            files::write(&secrets, &vault.to_bytes())?;
        }
        if systems != before.systems {
            let text = systems.to_toml().map_err(StoreError::List)?;
            files::write(&self.path(SYSTEMS_FILE), text.as_bytes())?;
        }
        let Some(vault) = &mut vault else { return Ok(()) };
        match (vault.retain(|system| systems.holds(system)), vault.is_empty()) {
            (_, true) => files::remove(&secrets),
            (true, false) => files::write(&secrets, &vault.to_bytes()),
            (false, false) => Ok(()),
        }
    }
}

/// The result of loading the files.
enum Loaded {
    Whole(State),
    /// At least one of them is damaged.
    Damaged {
        list: Option<Damage>,
        secrets: Option<Damage>,
    },
}

#[cfg(test)]
mod tests;
