//! The files of saved systems: `systems.toml` and `secrets.sealed` in one directory.
//!
//! `docs/vault-format.md` says in which order they are written, and why a crash loses neither the old nor the new state.

mod files;
mod lock;

use std::path::{Path, PathBuf};

use crate::domain::problem::Problem;
use crate::domain::{
    systems::{
        system::{Systems, SystemsFault},
        vault::{self, Vault, VaultFault},
    },
    text::safe_text::SafeText,
};
use lock::Lock;

/// The list of systems.
pub const SYSTEMS_FILE: &str = "systems.toml";
/// The sealed secrets.
pub const SECRETS_FILE: &str = "secrets.sealed";
/// The largest list that is read, in bytes.
const SYSTEMS_LIMIT: usize = 1024 * 1024;

/// What the two files hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The systems.
    pub systems: Systems,
    /// Their sealed secrets; `None` before the first system is saved.
    pub vault: Option<Vault>,
}

/// A damaged file that was put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Its new name.
    pub path: PathBuf,
    /// What was wrong with it, as a sentence.
    pub why: String,
}

impl std::fmt::Display for SetAside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "A file of the saved systems could not be read and was kept as {}. {}", shown(&self.path), self.why)
    }
}

/// The directory with the files.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

/// A state and what had to be put aside for it.
pub type Found<T> = (T, Vec<SetAside>);

impl Store {
    /// The files in `root`, which need not exist.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The files of the person who runs the program.
    ///
    /// # Errors
    ///
    /// Where the account has no home directory.
    pub fn of_user() -> Result<Self, Problem> {
        super::paths::data_dir().map(Self::new).ok_or_else(|| {
            Problem::failed(
                "There is no place for saved systems.",
                "This account has no home directory.",
                "Set HOME, or on Linux XDG_DATA_HOME.",
            )
        })
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is stored. Damaged files are put aside first.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read, or a newer program has written it.
    pub fn read(&self) -> Result<Found<State>, Problem> {
        // Without a lock: each file is whole at any time, and the secrets are written before the list that names them.
        match self.load()? {
            Loaded::Whole(state) => Ok((state, Vec::new())),
            Loaded::Damaged(_) => {
                let _lock = self.lock()?;
                self.mend()
            }
        }
    }

    /// Changes what is stored. No other program that asks for the lock changes it meanwhile. Secrets of systems that
    /// are not on the list afterwards are dropped; `change` need not do that.
    ///
    /// # Errors
    ///
    /// Those of `change`, after which all is as before, and those of reading and writing.
    pub fn update<T, E: From<Problem>>(&self, change: impl FnOnce(&mut State) -> Result<T, E>) -> Result<Found<T>, E> {
        files::create_dir(&self.root)?;
        let _lock = self.lock()?;
        files::remove_leftovers(&self.root);
        let (before, set_aside) = self.mend()?;
        let mut after = before.clone();
        let outcome = change(&mut after)?;
        self.save(&before, after)?;
        Ok((outcome, set_aside))
    }

    /// True where a file lies aside whose secrets the data key may still open.
    pub fn has_set_aside(&self) -> bool {
        let prefix = format!("{SECRETS_FILE}.bad-");
        let mut names = std::fs::read_dir(&self.root).into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.any(|name| name.to_string_lossy().starts_with(&prefix))
    }

    fn lock(&self) -> Result<Lock, Problem> {
        Lock::take(&self.root.join("lock"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn aside(&self, name: &str, number: u32) -> PathBuf {
        self.path(&format!("{name}.bad-{number}"))
    }

    fn load(&self) -> Result<Loaded, Problem> {
        // The list first: a secret that is named there was written before.
        let systems = match files::read(&self.path(SYSTEMS_FILE), SYSTEMS_LIMIT)? {
            None => Ok(Systems::default()),
            Some(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) => Systems::from_toml(text),
                Err(_) => Err(SystemsFault::Damaged { why: "it is not UTF-8".into() }),
            },
        };
        let vault = match files::read(&self.path(SECRETS_FILE), vault::SIZE_LIMIT)? {
            None => Ok(None),
            Some(bytes) => Vault::parse(&bytes).map(Some),
        };
        let newer = |name: &str, why: &dyn std::fmt::Display| {
            Problem::failed(
                format!("The saved systems cannot be read: {}.", shown(&self.path(name))),
                why.to_string(),
                "Use the newer version of this program that has written it. Nothing was changed.",
            )
        };
        match (systems, vault) {
            (Err(fault @ SystemsFault::Newer { .. }), _) => Err(newer(SYSTEMS_FILE, &fault)),
            (_, Err(fault @ VaultFault::Newer { .. })) => Err(newer(SECRETS_FILE, &fault)),
            (Ok(systems), Ok(vault)) => Ok(Loaded::Whole(State { systems, vault })),
            (systems, vault) => Ok(Loaded::Damaged(Damage {
                systems: systems.err().map(|fault| fault.to_string()),
                secrets: vault.err().map(|fault| fault.to_string()),
            })),
        }
    }

    /// Puts damaged files aside until the rest can be read. Needs the lock.
    fn mend(&self) -> Result<Found<State>, Problem> {
        let mut set_aside = Vec::new();
        loop {
            let Damage { systems, secrets } = match self.load()? {
                Loaded::Whole(state) => return Ok((state, set_aside)),
                Loaded::Damaged(damage) => damage,
            };
            let number = (1..)
                .find(|&number| [SYSTEMS_FILE, SECRETS_FILE].iter().all(|name| !self.aside(name, number).exists()))
                .unwrap_or(u32::MAX);
            let [list, sealed] = [SYSTEMS_FILE, SECRETS_FILE].map(|name| self.path(name));
            let [list_aside, sealed_aside] = [SYSTEMS_FILE, SECRETS_FILE].map(|name| self.aside(name, number));
            if let Some(why) = secrets {
                files::rename(&sealed, &sealed_aside)?;
                set_aside.push(SetAside { path: sealed_aside, why });
            } else if systems.is_some() && sealed.exists() {
                // The next save drops the secrets that only the damaged list names.
                files::copy(&sealed, &sealed_aside, vault::SIZE_LIMIT)?;
            }
            if let Some(why) = systems {
                files::rename(&list, &list_aside)?;
                set_aside.push(SetAside { path: list_aside, why });
            }
        }
    }

    fn save(&self, before: &State, after: State) -> Result<(), Problem> {
        let State { systems, mut vault } = after;
        let secrets = self.path(SECRETS_FILE);
        if let Some(vault) = vault.as_ref().filter(|vault| before.vault.as_ref() != Some(vault)) {
            files::write(&secrets, &vault.to_bytes())?;
        }
        if systems != before.systems {
            let text = systems.to_toml().map_err(|fault| {
                Problem::failed(
                    "The list of systems cannot be written.",
                    fault.to_string(),
                    "Report this as a fault of the program.",
                )
            })?;
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

/// What the files turned out to be.
enum Loaded {
    Whole(State),
    Damaged(Damage),
}

/// What is wrong with each file, as a sentence; never both `None`.
struct Damage {
    systems: Option<String>,
    secrets: Option<String>,
}

/// A path that may be shown.
fn shown(path: &Path) -> SafeText {
    SafeText::line(&path.to_string_lossy())
}

#[cfg(test)]
mod tests;
