//! Writes all files of an export, those with a secret readable only by their owner.

use std::path::PathBuf;

use super::write_files::{NewFile, write_new};
use crate::{
    domain::{handover::export::ExportedFile, problem::Problem},
    platform::{
        files::Readers,
        profile,
        work_tree::{self, GitStatus},
    },
    words::Words,
};

/// A written file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its path.
    pub path: PathBuf,
    /// What git would do with it, if it contains the secret.
    pub git: Option<GitStatus>,
    /// The user profile, if the file contains the secret and is outside it, so that other accounts may be able to read
    /// it.
    pub left_profile: Option<PathBuf>,
}

impl Written {
    /// A file without the secret, which anyone may read.
    pub fn open(path: PathBuf) -> Self {
        Self { path, git: None, left_profile: None }
    }

    /// A file with the secret, checked where it is now.
    pub fn secret(path: PathBuf) -> Self {
        let (git, left_profile) = (Some(work_tree::git_status(&path)), profile::left_by(&path));
        Self { path, git, left_profile }
    }

    /// Whether the next commit of a work tree may contain the secret.
    pub fn is_exposed(&self) -> bool {
        matches!(self.git, Some(GitStatus::Exposed(_) | GitStatus::Unknown(_)))
    }
}

/// Writes all files of the export to their paths, or none.
///
/// # Errors
///
/// If a name is taken, or a file cannot be written. No file is then left behind.
pub fn write_export(files: &[ExportedFile], places: Vec<PathBuf>, words: Words) -> Result<Vec<Written>, Problem> {
    let new = files.iter().zip(&places).map(|(file, path)| {
        let readers = if file.is_secret() { Readers::Owner } else { Readers::Everyone };
        NewFile { path, text: file.expose(), readers }
    });
    write_new(&new.collect::<Vec<_>>(), words)?;
    let written = files.iter().zip(places);
    Ok(written.map(|(file, path)| if file.is_secret() { Written::secret(path) } else { Written::open(path) }).collect())
}
