//! The names in a directory.

use std::{fs, path::Path, time::SystemTime};

/// A file or a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// When it was last modified.
    pub modified: Option<SystemTime>,
}

/// The maximum number of entries to read. In larger directories, the user types the name.
const LIMIT: usize = 10_000;

/// The entries of a directory, unordered; empty if it cannot be read. Names that are not valid Unicode are omitted,
/// because they cannot be typed.
pub fn entries(directory: &Path) -> Vec<Entry> {
    let found = fs::read_dir(directory).into_iter().flatten().take(LIMIT).flatten();
    let entry = |found: fs::DirEntry| {
        let name = found.file_name().into_string().ok()?;
        // Follows links, as opening the file would.
        let metadata = fs::metadata(found.path()).ok()?;
        Some(Entry { name, is_directory: metadata.is_dir(), modified: metadata.modified().ok() })
    };
    found.filter_map(entry).collect()
}
