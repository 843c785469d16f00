//! Suggests files while the user types a path.

use std::{
    cmp::Reverse,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::read_file::expand_home;
use crate::{
    domain::{
        platform::Platform,
        text::{safe_text::SafeText, typed_path::as_meant},
    },
    platform::{
        directory::{Entry, entries},
        files,
    },
};

/// Maximum number of suggestions.
const OFFERED: usize = 8;
/// Maximum size of the file that names the download folder, in bytes.
const USER_DIRS_LIMIT: usize = 64 * 1024;

/// A suggested file or directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The path to type.
    pub text: String,
    /// Whether it is a directory.
    pub is_directory: bool,
    /// When it was last modified.
    pub modified: Option<SystemTime>,
}

/// Completions of `typed`. If nothing was typed: the newest JSON files of the download folder, where the cockpit's
/// download saves a key, then those of the current directory. Otherwise everything with this prefix: files, newest
/// first, then directories.
pub fn list_files(typed: &str, home: Option<&Path>) -> Vec<Candidate> {
    let mut found = match typed.trim_start() {
        "" => {
            let downloads = home.map(download_folder);
            let mut found =
                downloads.map(|folder| json_files(&shown_folder(&folder, home), &folder)).unwrap_or_default();
            found.extend(json_files("", Path::new(".")));
            found
        }
        "~" => vec![Candidate { text: "~/".to_owned(), is_directory: true, modified: None }],
        // A path pasted with its quotes; the typed text may also exist literally.
        typed => match beginning_with(typed, home) {
            found if found.is_empty() => beginning_with(&as_meant(typed, Platform::HERE), home),
            found => found,
        },
    };
    // A name that would be displayed differently is not suggested.
    found.retain(|candidate| SafeText::line(&candidate.text).as_str() == candidate.text);
    found.truncate(OFFERED);
    found
}

fn json_files(before: &str, folder: &Path) -> Vec<Candidate> {
    let is_json = |entry: &Entry| !entry.is_directory && entry.name.to_ascii_lowercase().ends_with(".json");
    let mut found: Vec<Candidate> =
        entries(folder).into_iter().filter(is_json).map(|entry| named(before, entry)).collect();
    sort(&mut found);
    found
}

fn beginning_with(typed: &str, home: Option<&Path>) -> Vec<Candidate> {
    let (before, start) =
        typed.rfind(['/', std::path::MAIN_SEPARATOR]).map_or(("", typed), |at| typed.split_at(at + 1));
    let folder = match before {
        "" => PathBuf::from("."),
        before => expand_home(Path::new(before), home),
    };
    let begins = |entry: &Entry| {
        let hidden = entry.name.starts_with('.') && !start.starts_with('.');
        !hidden && entry.name.to_lowercase().starts_with(&start.to_lowercase())
    };
    let mut found: Vec<Candidate> =
        entries(&folder).into_iter().filter(begins).map(|entry| named(before, entry)).collect();
    sort(&mut found);
    found
}

fn named(before: &str, entry: Entry) -> Candidate {
    let slash = if entry.is_directory { "/" } else { "" };
    let text = format!("{before}{}{slash}", entry.name);
    Candidate { text, is_directory: entry.is_directory, modified: entry.modified }
}

/// Files before directories; files newest first, directories by name.
fn sort(found: &mut [Candidate]) {
    found.sort_by(|a, b| {
        let age = |candidate: &Candidate| Reverse(candidate.modified.filter(|_| !candidate.is_directory));
        (a.is_directory, age(a), &a.text).cmp(&(b.is_directory, age(b), &b.text))
    });
}

/// The folder with `~` for the home directory and a trailing slash.
fn shown_folder(folder: &Path, home: Option<&Path>) -> String {
    match home.and_then(|home| folder.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}/", rest.display()),
        None => format!("{}/", folder.display()),
    }
}

/// The download folder: the one configured for the desktop, or `Downloads`.
fn download_folder(home: &Path) -> PathBuf {
    let named = files::read(&home.join(".config/user-dirs.dirs"), USER_DIRS_LIMIT).ok();
    let named = named.and_then(|bytes| named_download_folder(&String::from_utf8_lossy(&bytes), home));
    named.unwrap_or_else(|| home.join("Downloads"))
}

/// `XDG_DOWNLOAD_DIR="$HOME/…"` from the desktop's configuration file.
fn named_download_folder(text: &str, home: &Path) -> Option<PathBuf> {
    let value = text.lines().find_map(|line| line.trim().strip_prefix("XDG_DOWNLOAD_DIR="))?;
    let value = value.trim().trim_matches('"');
    Some(value.strip_prefix("$HOME/").map_or_else(|| PathBuf::from(value), |rest| home.join(rest)))
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use super::*;

    /// A home directory with these files, each newer than the one before.
    fn home(files: &[&str]) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        for (age, file) in files.iter().enumerate() {
            let path = home.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let written = fs::File::create(&path).unwrap();
            written.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(age as u64)).unwrap();
        }
        home
    }

    fn texts(typed: &str, home: &Path) -> Vec<String> {
        list_files(typed, Some(home)).into_iter().map(|candidate| candidate.text).collect()
    }

    #[test]
    fn the_newest_json_of_the_download_folder_comes_first_even_before_anything_is_typed() {
        let home = home(&["Downloads/old.json", "Downloads/new.json", "Downloads/notes.txt"]);
        assert_eq!(texts("", home.path())[..2], ["~/Downloads/new.json", "~/Downloads/old.json"]);
    }

    #[test]
    fn the_desktop_may_call_the_download_folder_something_else() {
        let home = home(&["Heruntergeladen/key.json"]);
        fs::create_dir_all(home.path().join(".config")).unwrap();
        fs::write(home.path().join(".config/user-dirs.dirs"), "# a\nXDG_DOWNLOAD_DIR=\"$HOME/Heruntergeladen\"\n")
            .unwrap();
        assert_eq!(texts("", home.path())[0], "~/Heruntergeladen/key.json");
    }

    #[test]
    fn what_was_typed_is_completed_with_files_and_directories_but_not_with_hidden_ones() {
        let home = home(&["keys/a.json", "kept.json", ".keep"]);
        assert_eq!(texts("~/ke", home.path()), ["~/kept.json", "~/keys/"]);
        assert_eq!(texts("~/.k", home.path()), ["~/.keep"]);
        assert_eq!(texts("~/keys/", home.path()), ["~/keys/a.json"]);
        assert_eq!(texts("~", home.path()), ["~/"]);
        assert_eq!(texts("~/nothing/", home.path()), Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn a_name_with_control_characters_is_not_offered() {
        let home = home(&["keys/a\u{1b}[31m.json", "keys/b.json"]);
        assert_eq!(texts("~/keys/", home.path()), ["~/keys/b.json"]);
    }
}
