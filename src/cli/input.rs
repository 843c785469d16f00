//! What a command reads: a file or standard input, never an argument.

use std::{
    io::{self, IsTerminal as _},
    path::Path,
};

use zeroize::Zeroizing;

use super::words;
use crate::{
    domain::{key::service_key::SIZE_LIMIT, problem::Problem},
    jobs,
    platform::files,
};

/// The file name that means standard input.
pub const STDIN: &str = "-";

/// Reads `source`: a file, standard input for `-`, and without a name standard input if something is piped in.
///
/// Reads at most one byte more than [`SIZE_LIMIT`], so that the parser can detect oversized input. The bytes are wiped
/// when dropped, because they may be a key.
///
/// # Errors
///
/// If there is nothing to read from, or it cannot be read.
pub fn read(source: Option<&Path>, command: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let words = words().input();
    match source {
        Some(path) if path.as_os_str() != STDIN => read_file(path, SIZE_LIMIT),
        None if io::stdin().is_terminal() => Err(words.nothing().fill(&[("command", &command)]).unusable()),
        _ => files::read_limited(io::stdin().lock(), SIZE_LIMIT)
            .map_err(|error| words.unreadable().fill(&[("cause", &error)]).unusable()),
    }
}

/// The text of `bytes`, for inputs other than keys.
///
/// # Errors
///
/// If it is too large or not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, Problem> {
    let words = words().input();
    if bytes.len() > SIZE_LIMIT {
        return Err(words.too_large().fill(&[("limit", &(SIZE_LIMIT / 1024))]).unusable());
    }
    std::str::from_utf8(bytes)
        .map_err(|error| words.not_utf8().fill(&[("byte", &(error.valid_up_to() + 1))]).unusable())
}

/// Reads an ordinary file, at most one byte more than `limit`.
///
/// # Errors
///
/// If it is not an ordinary file or cannot be read.
pub fn read_file(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Problem> {
    jobs::read_file::read_file(path, limit, words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_beyond_the_limit_is_read_and_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("huge");
        std::fs::write(&path, vec![b'x'; SIZE_LIMIT * 2]).unwrap();
        let bytes = read(Some(&path), "test").unwrap();
        assert_eq!(bytes.len(), SIZE_LIMIT + 1);
        assert_eq!(text(&bytes).unwrap_err().what, words().input().too_large().what);
    }

    #[test]
    fn invalid_utf8_is_refused_with_its_place() {
        let problem = words().input().not_utf8().fill(&[("byte", &3)]).unusable();
        assert_eq!(text(b"ab\xff"), Err(problem));
    }
}
