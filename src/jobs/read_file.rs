//! Reads a file that the user named.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{
    domain::{
        platform::Platform,
        problem::Problem,
        text::{
            safe_text::SafeText,
            typed_path::{as_meant, below_home, of_file_url},
        },
    },
    platform::files::{self, OpenError},
    words::Words,
};

/// Reads a regular file, at most `limit` + 1 bytes, so that the caller can tell that it is too large. The bytes are
/// wiped when dropped, because they may be a key.
///
/// # Errors
///
/// If the file does not exist, is not a regular file, or cannot be read.
pub fn read_file(path: &Path, limit: usize, words: Words) -> Result<Zeroizing<Vec<u8>>, Problem> {
    files::read(path, limit).map_err(|error| problem(path, &error, words))
}

/// The file meant by a typed or pasted `path`: an existing name is taken literally, however strange; otherwise the
/// quoting of a copied path is removed and a leading `~/` expanded.
pub fn meant_path(path: &Path, home: Option<&Path>) -> PathBuf {
    if path.exists() {
        return path.to_owned();
    }
    match path.to_str() {
        Some(text) => expand_home(Path::new(&as_meant(text, Platform::HERE)), home),
        None => path.to_owned(),
    }
}

/// The path with a leading `~/` expanded, for input that did not pass through a shell.
pub fn expand_home(path: &Path, home: Option<&Path>) -> PathBuf {
    match (path.to_str().and_then(|text| below_home(text, Platform::HERE)), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The path meant by a command-line argument, whose quotes the shell has removed. A leading `~/` is expanded on
/// Windows, where shells leave that to the program; elsewhere it was quoted on purpose. `file:///…`, as copied by file
/// managers, works everywhere.
pub fn meant_by_argument(path: PathBuf, platform: Platform, home: impl FnOnce() -> Option<PathBuf>) -> PathBuf {
    let Some(text) = path.to_str() else { return path };
    if let Some(meant) = of_file_url(text, platform) {
        return meant.into();
    }
    let below = below_home(text, platform).filter(|_| platform == Platform::Windows);
    match below.and_then(|rest| Some(home()?.join(rest))) {
        Some(meant) => meant,
        None => path,
    }
}

fn problem(path: &Path, error: &OpenError, words: Words) -> Problem {
    let name = SafeText::line(&path.to_string_lossy());
    let words = words.files();
    let (template, cause) = match error {
        OpenError::Directory => (words.directory(), None),
        OpenError::Special => (words.special(), None),
        OpenError::Io(error) => match error.kind() {
            ErrorKind::NotFound => (words.missing(), None),
            ErrorKind::PermissionDenied => (words.denied(), None),
            _ => (words.unreadable(), Some(error)),
        },
    };
    let cause = cause.map(ToString::to_string).unwrap_or_default();
    template.fill(&[("name", &name), ("cause", &cause)]).unusable()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 1024;

    fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Problem> {
        read_file(path, LIMIT, Words::default())
    }

    /// Whether the problem is the one that `template` describes.
    fn is(problem: &Problem, template: crate::words::ExplanationTemplate, path: &Path) -> bool {
        let name = SafeText::line(&path.to_string_lossy());
        *problem == template.fill(&[("name", &name), ("cause", &"")]).unusable()
    }

    #[test]
    fn a_leading_tilde_is_the_home_directory() {
        let home = Path::new("/home/p");
        assert_eq!(expand_home(Path::new("~/key.json"), Some(home)), Path::new("/home/p/key.json"));
        assert_eq!(expand_home(Path::new("a/~/key.json"), Some(home)), Path::new("a/~/key.json"));
        assert_eq!(expand_home(Path::new("~/key.json"), None), Path::new("~/key.json"));
    }

    #[test]
    fn an_argument_on_windows_may_begin_with_a_tilde_and_an_address_is_a_path_everywhere() {
        let meant = |text: &str, platform| meant_by_argument(text.into(), platform, || Some("home".into()));
        for text in ["~/a.json", r"~\a.json"] {
            assert_eq!(meant(text, Platform::Windows), Path::new("home").join("a.json"), "{text}");
            assert_eq!(meant(text, Platform::Linux), Path::new(text));
        }
        assert_eq!(meant("file:///C:/a%20b.json", Platform::Windows), Path::new(r"C:\a b.json"));
        assert_eq!(meant("file:///a%20b.json", Platform::MacOs), Path::new("/a b.json"));
        for text in ["-", "a.json", "dev=a.json", "~", r"C:\a.json"] {
            assert_eq!(meant(text, Platform::Windows), Path::new(text));
        }
        assert_eq!(meant_by_argument("~/a".into(), Platform::Windows, || None), Path::new("~/a"));
    }

    #[test]
    fn a_copied_path_is_found_and_a_strange_name_that_exists_is_that() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        let quoted = format!("\"{}\"", path.display());
        assert_eq!(meant_path(Path::new(&quoted), None), path);
        assert_eq!(meant_path(Path::new("'~/key.json'"), Some(directory.path())), path);
        let strange = directory.path().join("'key'");
        std::fs::write(&strange, "").unwrap();
        assert_eq!(meant_path(&strange, None), strange);
    }

    #[test]
    fn a_missing_file_and_a_directory_are_distinguished() {
        let words = Words::default().files();
        let missing = Path::new("/nowhere/key.json");
        assert!(is(&read(missing).unwrap_err(), words.missing(), missing));
        let directory = tempfile::tempdir().unwrap();
        assert!(is(&read(directory.path()).unwrap_err(), words.directory(), directory.path()));
    }

    #[test]
    fn a_name_with_control_characters_is_shown_harmlessly() {
        let problem = read(Path::new("/nowhere/\u{1b}[31m")).unwrap_err();
        assert!(problem.what.contains("/nowhere/^[[31m"), "{problem:?}");
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_refused_without_waiting_for_them() {
        let words = Words::default().files();
        let device = Path::new("/dev/zero");
        assert!(is(&read(device).unwrap_err(), words.special(), device));
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
            assert!(is(&read(&pipe).unwrap_err(), words.special(), &pipe));
        }
    }

    #[test]
    fn one_byte_more_than_the_limit_is_read_and_nothing_after_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        for (size, read_size) in [(LIMIT, LIMIT), (LIMIT + 1, LIMIT + 1), (2 * LIMIT, LIMIT + 1)] {
            std::fs::write(&path, vec![b'x'; size]).unwrap();
            assert_eq!(read(&path).unwrap().len(), read_size);
        }
    }
}
