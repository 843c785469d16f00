//! The directories of the program.

use std::path::PathBuf;

use directories::{BaseDirs, ProjectDirs};

/// The home directory.
pub fn home() -> Option<PathBuf> {
    BaseDirs::new().map(|dirs| dirs.home_dir().to_owned())
}

/// The directory of the saved systems (listed per platform in `docs/vault-format.md`). It need not exist. On Windows it
/// does not roam, because the keyring entry does not either. `None` if the account has no home directory.
pub fn data_dir() -> Option<PathBuf> {
    ProjectDirs::from("", "", "cpikey").map(|dirs| dirs.data_local_dir().to_owned())
}

/// The directory of disposable state, such as the user's progress. It need not exist. `None` if the account has no home
/// directory.
pub fn state_dir() -> Option<PathBuf> {
    ProjectDirs::from("", "", "cpikey").map(|dirs| dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned())
}
