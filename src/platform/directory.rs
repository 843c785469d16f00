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

/// Entries that are looked at. Who keeps more in one directory types the name.
const LIMIT: usize = 10_000;

/// What is in a directory, in no order; nothing if it cannot be read. A name that is not text cannot be typed.
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
