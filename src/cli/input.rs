//! What a command reads: a file or standard input, never an argument.

use std::{
    io::{self, IsTerminal as _},
    path::Path,
};

use zeroize::Zeroizing;

use super::content;
use crate::{
    domain::{key::service_key::SIZE_LIMIT, problem::Problem},
    jobs,
    platform::files,
};

/// Stands for standard input where a file name is expected.
pub const STDIN: &str = "-";

/// Reads `source`: a file, standard input for `-`, and without a name standard input if something is piped in.
///
/// At most one byte more than [`SIZE_LIMIT`] is read, so that the reader of the text can tell that it is too large. The
/// bytes are wiped when they are dropped, because they may be a key.
///
/// # Errors
///
/// Where there is nothing to read from, or it cannot be read.
pub fn read(source: Option<&Path>, command: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    match source {
        Some(path) if path.as_os_str() != STDIN => read_file(path, SIZE_LIMIT),
        None if io::stdin().is_terminal() => Err(Problem::unusable(
            "There is nothing to read.",
            "No file is named, and nothing is piped in.",
            format!("Name the file (cpikey {command} key.json), or pipe the text in (cpikey {command} - < key.json)."),
        )),
        _ => files::read_limited(io::stdin().lock(), SIZE_LIMIT).map_err(|error| {
            Problem::unusable(
                "Standard input cannot be read.",
                format!("The system says: {error}."),
                "Name a file in its place.",
            )
        }),
    }
}

/// The text of `bytes`, for inputs that are no keys.
///
/// # Errors
///
/// Where it is too large or not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, Problem> {
    if bytes.len() > SIZE_LIMIT {
        return Err(Problem::unusable(
            "The text is too large.",
            format!("It has more than {} KiB.", SIZE_LIMIT / 1024),
            "Look whether this is the right file.",
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        Problem::unusable(
            "The text is not UTF-8.",
            format!("Byte {} does not belong into such a text.", error.valid_up_to() + 1),
            "Save it as UTF-8, in PowerShell with Set-Content -Encoding utf8.",
        )
    })
}

/// Reads an ordinary file, at most one byte more than `limit`.
///
/// # Errors
///
/// If it is no ordinary file or cannot be read.
pub fn read_file(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Problem> {
    jobs::read_file::read_file(path, limit, content().words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_huge_file_no_more_is_read_than_tells_that_it_is_too_large() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("huge");
        std::fs::write(&path, vec![b'x'; SIZE_LIMIT * 2]).unwrap();
        let bytes = read(Some(&path), "test").unwrap();
        assert_eq!(bytes.len(), SIZE_LIMIT + 1);
        assert!(text(&bytes).unwrap_err().what.contains("too large"));
    }

    #[test]
    fn text_in_another_encoding_says_where_it_stops() {
        assert!(text(b"ab\xff").unwrap_err().why.starts_with("Byte 3 "));
    }
}
