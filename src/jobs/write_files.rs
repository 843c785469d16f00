//! Writes new files: never overwrites, never leaves a partial file, and writes several files all or nothing.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use crate::{
    domain::{problem::Problem, text::safe_text::SafeText},
    platform::files::{self, Existing, Readers},
    words::Words,
};

/// How many numbered names are tried before giving up.
const NUMBERS: u32 = 99;

/// A file to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// Its path, which must not exist.
    pub path: &'a Path,
    /// What it contains.
    pub text: &'a str,
    /// Who may read it.
    pub readers: Readers,
}

/// Writes all files or none: an incomplete set would look complete.
///
/// # Errors
///
/// If a name is taken, or a file cannot be written. No file is then left behind.
pub fn write_new(new: &[NewFile<'_>], words: Words) -> Result<(), Problem> {
    for (index, file) in new.iter().enumerate() {
        if let Err(error) = files::write_new(file.path, file.text.as_bytes(), file.readers) {
            for written in &new[..index] {
                let _ = std::fs::remove_file(written.path);
            }
            return Err(problem(file.path, &error, words));
        }
    }
    Ok(())
}

/// Replaces or creates a file atomically: a reader sees either the old or the new content.
///
/// # Errors
///
/// If it cannot be written. The old file is then unchanged.
pub fn replace(file: NewFile<'_>, words: Words) -> Result<(), Problem> {
    let written = files::write(file.path, file.text.as_bytes(), file.readers, Existing::IsReplaced);
    written.map_err(|error| problem(file.path, &error, words))
}

/// Whether a new file with this name could be written, to be checked before creating something for it.
///
/// # Errors
///
/// As [`write_new`].
pub fn check_new(path: &Path, words: Words) -> Result<(), Problem> {
    files::check_new(path).map_err(|error| problem(path, &error, words))
}

/// Writes a file under the first free name and returns it: `params.json`, `params-2.json` and so on.
///
/// # Errors
///
/// If all of these names are taken, or the file cannot be written.
pub fn write_numbered(file: NewFile<'_>, words: Words) -> Result<PathBuf, Problem> {
    for number in 1..=NUMBERS {
        let path = numbered(file.path, number);
        match files::write_new(&path, file.text.as_bytes(), file.readers) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(problem(&path, &error, words)),
        }
    }
    let name = SafeText::line(&file.path.to_string_lossy());
    Err(words.files().all_names_taken().fill(&[("name", &name), ("count", &NUMBERS)]).unusable())
}

fn problem(path: &Path, error: &io::Error, words: Words) -> Problem {
    let name = SafeText::line(&path.to_string_lossy());
    let words = words.files();
    let (template, can_choose) = match error.kind() {
        ErrorKind::AlreadyExists => (words.name_taken(), true),
        ErrorKind::NotFound => (words.no_directory(), true),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => (words.not_writable(), true),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (words.disk_full(), false),
        _ => (words.not_written(), false),
    };
    let explanation = template.fill(&[("name", &name), ("cause", error)]);
    if can_choose { explanation.unusable() } else { explanation.failed() }
}

/// `name.ext` for 1, else `name-2.ext`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file<'a>(path: &'a Path, text: &'a str) -> NewFile<'a> {
        NewFile { path, text, readers: Readers::Everyone }
    }

    fn text(path: &Path) -> String {
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number_and_the_old_file_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("params.json");
        let write = |text| write_numbered(file(&path, text), Words::default()).unwrap();
        assert_eq!(write("one"), path);
        assert_eq!(write("two"), directory.path().join("params-2.json"));
        assert_eq!((text(&path), text(&directory.path().join("params-2.json"))), ("one".into(), "two".into()));
    }

    #[test]
    fn a_name_that_was_asked_for_is_used_or_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        assert_eq!(write_new(&[file(&path, "one")], Words::default()), Ok(()));
        let refused = write_new(&[file(&path, "two")], Words::default()).unwrap_err();
        let name = SafeText::line(&path.to_string_lossy());
        assert_eq!(refused, Words::default().files().name_taken().fill(&[("name", &name), ("cause", &"")]).unusable());
        assert_eq!(text(&path), "one");
    }

    #[test]
    fn of_several_files_none_is_left_if_one_cannot_be_written() {
        let directory = tempfile::tempdir().unwrap();
        let names = ["a", "b", "c"].map(|name| directory.path().join(name));
        std::fs::write(&names[1], "mine").unwrap();
        let files: Vec<_> = names.iter().map(|path| file(path, "x")).collect();
        assert!(write_new(&files, Words::default()).is_err());
        assert_eq!((names[0].exists(), text(&names[1]), names[2].exists()), (false, "mine".to_owned(), false));
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_directory_that_does_not_exist_is_named() {
        let path = Path::new("/nowhere/params.json");
        let refused = write_numbered(file(path, ""), Words::default()).unwrap_err();
        let words = Words::default().files();
        assert_eq!(refused, words.no_directory().fill(&[("name", &"/nowhere/params.json")]).unusable());
    }
}
