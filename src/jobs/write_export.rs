//! Writes a key for its consumer: all files of the export, those with a secret readable only by their owner.

use std::path::PathBuf;

use super::write_files::{NewFile, write_new};
use crate::{
    domain::{handover::export::ExportedFile, problem::Problem},
    platform::{
        files::Readers,
        work_tree::{self, GitStatus},
    },
    words::Words,
};

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// What git would do with it, if it contains the secret.
    pub git: Option<GitStatus>,
}

impl Written {
    /// Whether the next commit of a work tree may contain the secret.
    pub fn is_exposed(&self) -> bool {
        matches!(self.git, Some(GitStatus::Exposed(_) | GitStatus::Unknown(_)))
    }
}

/// Writes each file of the export to its place, or none.
///
/// # Errors
///
/// If a name is taken, or a file cannot be written. No file is left behind then.
pub fn write_export(files: &[ExportedFile], places: Vec<PathBuf>, words: Words) -> Result<Vec<Written>, Problem> {
    let new = files.iter().zip(&places).map(|(file, path)| {
        let readers = if file.is_secret() { Readers::Owner } else { Readers::Everyone };
        NewFile { path, text: file.expose(), readers }
    });
    write_new(&new.collect::<Vec<_>>(), words)?;
    let written = files.iter().zip(places).map(|(file, path)| {
        let git = file.is_secret().then(|| work_tree::git_status(&path));
        Written { path, git }
    });
    Ok(written.collect())
}
