//! Handles the credentials of a key created in Cloud Foundry: parse, write to a file, compare.

use std::path::Path;

use jiff::Timestamp;

use super::{
    write_export::Written,
    write_files::{NewFile, write_new},
};
use crate::{
    domain::{
        key::service_key::{self, Reading, SIZE_LIMIT},
        problem::Problem,
        text::secret::Secret,
    },
    platform::files::{self, Readers},
    words::Words,
};

/// Parses the credentials returned by the API.
pub fn read(credentials: &Secret, now: Timestamp) -> Reading {
    service_key::read(credentials.expose().as_bytes(), now)
}

/// Writes the credentials to a new file readable only by its owner.
///
/// # Errors
///
/// If the name is taken, or the file cannot be written.
pub fn write(credentials: &Secret, path: &Path, words: Words) -> Result<Written, Problem> {
    let file = NewFile { path, text: credentials.expose(), readers: Readers::Owner };
    write_new(&[file], words)?;
    Ok(Written::secret(path.to_owned()))
}

/// Whether the file contains exactly these credentials.
pub fn is_in(credentials: &Secret, path: &Path) -> bool {
    files::read(path, SIZE_LIMIT).is_ok_and(|bytes| bytes.trim_ascii() == credentials.expose().trim().as_bytes())
}
