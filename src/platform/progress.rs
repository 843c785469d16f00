//! The progress file: written atomically, readable only by its owner.

use std::path::{Path, PathBuf};

use super::{
    paths,
    store::{FileCause, StoreError, files},
};

/// The program's own file has a few KiB.
const LIMIT: usize = 256 * 1024;

/// The progress file.
#[derive(Clone, Debug)]
pub struct ProgressFile {
    path: PathBuf,
}

impl ProgressFile {
    /// The file in a directory, which need not exist. The practice tenant has a separate one.
    pub fn in_directory(directory: &Path, practice: bool) -> Self {
        Self { path: directory.join(if practice { "practice.json" } else { "progress.json" }) }
    }

    /// The file of the current user. `None` if the account has no home directory.
    pub fn of_user(practice: bool) -> Option<Self> {
        paths::state_dir().map(|directory| Self::in_directory(&directory, practice))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its contents; `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is not a regular file or is too large.
    pub fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        files::read(&self.path, LIMIT)
    }

    /// Replaces it atomically.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, text: &str) -> Result<(), StoreError> {
        if let Some(directory) = self.path.parent() {
            files::create_dir(directory)?;
        }
        files::write(&self.path, text.as_bytes())
    }

    /// Deletes it, if there is one.
    ///
    /// # Errors
    ///
    /// If it cannot be deleted.
    pub fn remove(&self) -> Result<(), StoreError> {
        files::remove(&self.path)
    }

    /// Renames it, and returns its new path; `None` if another program was faster.
    ///
    /// # Errors
    ///
    /// If it cannot be renamed.
    pub fn quarantine(&self) -> Result<Option<PathBuf>, StoreError> {
        let name = |number: u32| self.path.with_extension(format!("json.bad-{number}"));
        let is_free = |path: &PathBuf| std::fs::symlink_metadata(path).is_err();
        let free = (1..).map(name).find(is_free).unwrap_or_else(|| name(u32::MAX));
        match files::rename(&self.path, &free) {
            Err(_) if is_free(&self.path) => Ok(None),
            renamed => renamed.map(|()| Some(free)),
        }
    }
}

/// What is wrong with a file that cannot be read.
pub fn cause(error: &StoreError) -> Option<&FileCause> {
    match error {
        StoreError::File { cause, .. } => Some(cause),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(practice: bool) -> (tempfile::TempDir, ProgressFile) {
        let directory = tempfile::tempdir().unwrap();
        let file = ProgressFile::in_directory(&directory.path().join("state/cpikey"), practice);
        (directory, file)
    }

    #[test]
    fn a_file_is_written_replaced_read_and_removed() {
        let (_directory, file) = file(false);
        assert_eq!(file.read(), Ok(None));
        assert_eq!(file.remove(), Ok(()));
        for text in ["one", "two"] {
            file.write(text).unwrap();
            assert_eq!(file.read(), Ok(Some(text.into())));
        }
        assert_eq!(std::fs::read_dir(file.path().parent().unwrap()).unwrap().count(), 1);
        file.remove().unwrap();
        assert_eq!(file.read(), Ok(None));
    }

    #[test]
    fn the_practice_tenant_has_a_file_of_its_own() {
        let directory = Path::new("state");
        let path = |practice| ProgressFile::in_directory(directory, practice).path;
        assert_ne!(path(true), path(false));
    }

    #[test]
    fn every_file_in_quarantine_has_a_name_of_its_own() {
        let (_directory, file) = file(false);
        for number in 1..4 {
            file.write("damaged").unwrap();
            let path = file.quarantine().unwrap().unwrap();
            assert!(path.ends_with(format!("progress.json.bad-{number}")), "{path:?}");
        }
        // Another program was faster.
        assert_eq!(file.quarantine(), Ok(None));
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read() {
        let (_directory, file) = file(false);
        file.write(&"x".repeat(LIMIT + 1)).unwrap();
        assert_eq!(cause(&file.read().unwrap_err()), Some(&FileCause::TooLarge(LIMIT)));
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it_and_no_link_is_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let (directory, file) = file(false);
        file.write("{}").unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(file.path()), mode(file.path().parent().unwrap())), (0o600, 0o700));
        let target = directory.path().join("target");
        std::fs::write(&target, "{}").unwrap();
        file.remove().unwrap();
        symlink(&target, file.path()).unwrap();
        assert_eq!(cause(&file.read().unwrap_err()), Some(&FileCause::NotAFile));
        file.write("new").unwrap();
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "{}");
    }
}
