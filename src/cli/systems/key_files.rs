//! Keys that are tested without being saved, as in a pipeline: named files.

use std::path::{Path, PathBuf};

use super::super::{args::systems::SystemsTestArgs, key::KeyInput};
use crate::{
    domain::{
        platform::Platform,
        problem::Problem,
        systems::{
            run::Subject,
            system::{SystemId, SystemName},
        },
        text::safe_text::SafeText,
    },
    jobs::{
        read_file::{expand_home, meant_by_argument},
        test_systems::{Opened, OpenedSystems},
    },
    platform::{directory, paths},
    words::Words,
};

/// A file with a key.
#[derive(Debug, PartialEq, Eq)]
struct KeyFile {
    name: SystemName,
    path: PathBuf,
}

/// Reads the files of `--key-file` and `--key-dir`. A file that cannot be read becomes the result of its key.
///
/// # Errors
///
/// If a name cannot be used or is used twice, or there is no file in the directory.
pub fn open(args: &SystemsTestArgs, words: Words) -> Result<OpenedSystems, Problem> {
    let mut files = args.key_files.iter().map(|typed| named(typed, words)).collect::<Result<Vec<_>, _>>()?;
    if let Some(directory) = &args.key_dir {
        files.extend(in_directory(directory, words)?);
    }
    for (index, file) in files.iter().enumerate() {
        if files[..index].iter().any(|other| other.name.is(file.name.as_str())) {
            return Err(words.systems().key_name_twice().fill(&[("name", &file.name)]).unusable());
        }
    }
    let purpose = args.purpose.as_deref();
    let opened = (0..).zip(files).map(|(number, KeyFile { name, path }): (u128, _)| {
        let opened = match KeyInput::read(Some(&path), None, "systems test") {
            Ok(input) => input.opened(),
            Err(problem) => Opened::Failed(problem),
        };
        // It only distinguishes the keys of this run.
        let id = SystemId::new(number.to_be_bytes());
        (Subject::unsaved(id, name, purpose), opened)
    });
    Ok(OpenedSystems::new(opened))
}

/// `NAME=FILE`, or a file that provides the name. A path that contains an equals sign is not split.
fn named(typed: &Path, words: Words) -> Result<KeyFile, Problem> {
    let parts = typed.to_str().and_then(|typed| typed.split_once('='));
    match parts.filter(|(name, _)| !name.contains(std::path::is_separator)) {
        // No shell expands `~` after the equals sign.
        Some((name, path)) => {
            let path = meant_by_argument(path.into(), Platform::HERE, paths::home);
            Ok(KeyFile { name: key_name(name, words)?, path: expand_home(&path, paths::home().as_deref()) })
        }
        None => of_file(typed, words),
    }
}

fn of_file(path: &Path, words: Words) -> Result<KeyFile, Problem> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    Ok(KeyFile { name: key_name(&stem, words)?, path: path.to_owned() })
}

fn key_name(name: &str, words: Words) -> Result<SystemName, Problem> {
    SystemName::new(name).map_err(|error| {
        let explanation = words.systems().key_name();
        explanation.fill(&[("name", &SafeText::line(name)), ("why", &error.explain(words).what)]).unusable()
    })
}

/// The files directly in a directory, by name. Entries that begin with a dot are the versions of a mounted secret.
fn in_directory(directory: &Path, words: Words) -> Result<Vec<KeyFile>, Problem> {
    let shown = SafeText::line(&directory.to_string_lossy());
    if !directory.is_dir() {
        return Err(words.systems().no_directory().fill(&[("directory", &shown)]).unusable());
    }
    let entries = directory::entries(directory).into_iter();
    let mut names: Vec<String> =
        entries.filter(|entry| !entry.is_directory && !entry.name.starts_with('.')).map(|entry| entry.name).collect();
    if names.is_empty() {
        return Err(words.systems().no_keys().fill(&[("directory", &shown)]).unusable());
    }
    names.sort();
    names.into_iter().map(|name| of_file(&directory.join(name), words)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(typed: &str) -> (String, String) {
        let file = named(Path::new(typed), Words::default()).unwrap();
        (file.name.to_string(), file.path.to_string_lossy().into_owned())
    }

    #[test]
    fn a_key_is_called_as_typed_or_like_its_file() {
        let below_home = paths::home().unwrap().join("dev.json").to_string_lossy().into_owned();
        let separator = if below_home.starts_with('/') { "" } else { "/" };
        let from_a_file_manager = format!("dev=file://{separator}{}", below_home.replace(' ', "%20"));
        for (typed, name, path) in [
            ("dev=keys/dev.json", "dev", "keys/dev.json"),
            ("ACME dev=key.json", "ACME dev", "key.json"),
            ("keys/prod.json", "prod", "keys/prod.json"),
            ("./a=b.json", "a=b", "./a=b.json"),
            ("dev=a=b.json", "dev", "a=b.json"),
            ("dev=-", "dev", "-"),
            ("dev=~/dev.json", "dev", &below_home),
            (&from_a_file_manager, "dev", &below_home),
        ] {
            assert_eq!(parts(typed), (name.to_owned(), path.to_owned()), "{typed}");
        }
        for typed in ["-", "=key.json", "a\u{1b}[2J=key.json"] {
            assert!(named(Path::new(typed), Words::default()).is_err(), "{typed}");
        }
    }

    #[test]
    fn every_visible_file_of_a_directory_is_a_key() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["prod.json", "dev.json", ".hidden"] {
            std::fs::write(directory.path().join(name), "{}").unwrap();
        }
        std::fs::create_dir(directory.path().join("..data")).unwrap();
        let files = in_directory(directory.path(), Words::default()).unwrap();
        assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["dev", "prod"]);
    }

    #[test]
    fn a_directory_without_keys_is_not_a_success() {
        let directory = tempfile::tempdir().unwrap();
        let words = Words::default();
        let shown = SafeText::line(&directory.path().to_string_lossy());
        let empty = words.systems().no_keys().fill(&[("directory", &shown)]).unusable();
        assert_eq!(in_directory(directory.path(), words), Err(empty));
        assert!(in_directory(Path::new("/nowhere"), words).is_err());
    }
}
