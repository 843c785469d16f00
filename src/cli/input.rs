//! What a command reads: a file or standard input, never an argument.

use std::{
    fs::File,
    io::{self, ErrorKind, IsTerminal as _, Read as _},
    path::Path,
};

use zeroize::Zeroizing;

use crate::domain::problem::Problem;
use crate::domain::{key::service_key::SIZE_LIMIT, text::safe_text::SafeText};

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
        _ => limited(io::stdin().lock(), SIZE_LIMIT).map_err(|error| {
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
/// Where it is no ordinary file or cannot be read.
pub fn read_file(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let name = SafeText::line(&path.to_string_lossy());
    let failed = |error: &io::Error| {
        let (what, fix) = match error.kind() {
            ErrorKind::NotFound => ("There is no file", "Look at the spelling and at the directory you are in."),
            ErrorKind::PermissionDenied => ("You may not read the file", "Look at who owns it and who may read it."),
            _ => ("The file cannot be read:", "Look at the file."),
        };
        Problem::unusable(format!("{what} {name}."), format!("The system says: {error}."), fix)
    };
    // Asked before opening, because opening a named pipe waits for its other end.
    let metadata = std::fs::metadata(path).map_err(|error| failed(&error))?;
    if !metadata.is_file() {
        let kind = if metadata.is_dir() { "a directory" } else { "not an ordinary file" };
        return Err(Problem::unusable(
            format!("{name} is {kind}."),
            "Only ordinary files are read.",
            "Name a file, or pipe the text in with - as the name.",
        ));
    }
    File::open(path).and_then(|file| limited(file, limit)).map_err(|error| failed(&error))
}

fn limited(reader: impl io::Read, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Reserved at once: a buffer that grows leaves copies behind that nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit + 1));
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::ProblemKind;

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let failure = read(Some(Path::new("/nowhere/key\u{1b}.json")), "test").unwrap_err();
        assert_eq!(failure.what, "There is no file /nowhere/key^[.json.");
        assert_eq!(failure.kind, ProblemKind::Unusable);
    }

    #[test]
    fn a_directory_is_not_read() {
        let directory = tempfile::tempdir().unwrap();
        let failure = read(Some(directory.path()), "test").unwrap_err();
        assert!(failure.what.ends_with("is a directory."), "{failure:?}");
    }

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
