//! Reads files that may hold a key, and writes new files.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::domain::{key::service_key::SIZE_LIMIT, text::safe_text::SafeText};

/// How many numbered names are tried before giving up.
const NUMBERS: u32 = 99;

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// The person alone: it holds a secret, or what a test found out.
    Owner,
    /// Whoever the person's umask allows.
    Everyone,
}

/// Reads an ordinary file that may hold a key; its bytes are wiped when they are dropped.
///
/// # Errors
///
/// In words: no such file, not an ordinary file, too large, not readable.
pub fn read_key(path: &Path, home: Option<&Path>) -> Result<Zeroizing<Vec<u8>>, String> {
    let path = expand(path, home);
    let name = SafeText::line(&path.to_string_lossy());
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => format!("There is no file {name}. Look at the spelling and at the directory."),
        ErrorKind::PermissionDenied => format!("You may not read {name}. Look at who owns it."),
        _ => format!("{name} cannot be read: {error}."),
    };
    // Asked before opening, because opening a named pipe waits for its other end, and after it, because a name can be
    // given to another file in between.
    refuse_odd(&std::fs::metadata(&path).map_err(failed)?, &name)?;
    let file = File::open(&path).map_err(failed)?;
    refuse_odd(&file.metadata().map_err(failed)?, &name)?;
    // Reserved at once: a buffer that grows leaves copies behind that nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(SIZE_LIMIT + 1));
    file.take(SIZE_LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > SIZE_LIMIT {
        return Err(format!("{name} is larger than {} KiB and is no service key.", SIZE_LIMIT / 1024));
    }
    Ok(bytes)
}

fn refuse_odd(metadata: &std::fs::Metadata, name: &SafeText) -> Result<(), String> {
    match (metadata.is_file(), metadata.is_dir()) {
        (true, _) => Ok(()),
        (_, true) => Err(format!("{name} is a directory. Name the file with the key.")),
        _ => Err(format!("{name} is not an ordinary file. Only ordinary files are read.")),
    }
}

/// Writes a file that does not exist yet and returns its name: `params.json`, else `params-2.json` and so on.
///
/// Never follows a link that lies at the name, never replaces anything, leaves nothing half written behind.
///
/// # Errors
///
/// In words: no such directory, no permission, no space, a hundred files of that name.
pub fn save_new(path: &Path, text: &str, readers: Readers, home: Option<&Path>) -> Result<PathBuf, String> {
    let wanted = expand(path, home);
    for number in 1..=NUMBERS {
        let candidate = numbered(&wanted, number);
        match place(&candidate, text, readers) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(not_saved(&candidate, &error)),
            Ok(()) => return Ok(candidate),
        }
    }
    let name = SafeText::line(&wanted.to_string_lossy());
    Err(format!("{name} was not saved: {NUMBERS} files of that name exist. Choose another name."))
}

/// Writes a file that does not exist yet, under this name and no other.
///
/// Never follows a link that lies at the name, never replaces anything, leaves nothing half written behind.
///
/// # Errors
///
/// In words: the name is taken, no such directory, no permission, no space.
pub fn write_new(path: &Path, text: &str, readers: Readers) -> Result<(), String> {
    place(path, text, readers).map_err(|error| not_saved(path, &error))
}

fn not_saved(path: &Path, error: &io::Error) -> String {
    let name = SafeText::line(&path.to_string_lossy());
    match error.kind() {
        ErrorKind::AlreadyExists => format!("{name} was not saved: something of that name exists, and it stays."),
        ErrorKind::NotFound => format!("{name} was not saved: the directory does not exist."),
        ErrorKind::PermissionDenied => format!("{name} was not saved: you may not write there."),
        ErrorKind::StorageFull => format!("{name} was not saved: the disk is full."),
        _ => format!("{name} was not saved: {error}."),
    }
}

fn place(path: &Path, text: &str, readers: Readers) -> io::Result<()> {
    write(create(path, readers)?, text).inspect_err(|_| {
        let _ = std::fs::remove_file(path);
    })
}

/// `create_new` is `O_CREAT|O_EXCL`, which fails at a symbolic link too.
fn create(path: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(match readers {
            Readers::Owner => 0o600,
            Readers::Everyone => 0o644,
        });
    }
    #[cfg(not(unix))]
    let _ = readers;
    options.open(path)
}

fn write(mut file: File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_all()
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

/// What a person means by a leading `~/`, which no shell sees here.
fn expand(path: &Path, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_the_home_directory_by_its_short_name() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("key.json"), "{}").unwrap();
        assert_eq!(*read_key(Path::new("~/key.json"), Some(home.path())).unwrap(), b"{}");
    }

    #[test]
    fn a_directory_and_a_missing_file_are_named_harmlessly() {
        let directory = tempfile::tempdir().unwrap();
        assert!(read_key(directory.path(), None).unwrap_err().contains("is a directory"));
        let words = read_key(Path::new("/nowhere/\u{1b}[31m"), None).unwrap_err();
        assert!(words.starts_with("There is no file /nowhere/^[[31m."), "{words}");
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_refused_without_waiting_for_them() {
        assert!(read_key(Path::new("/dev/zero"), None).unwrap_err().contains("not an ordinary file"));
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
            assert!(read_key(&pipe, None).unwrap_err().contains("not an ordinary file"));
        }
    }

    #[test]
    fn a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        std::fs::write(&path, vec![b'x'; SIZE_LIMIT]).unwrap();
        assert_eq!(read_key(&path, None).unwrap().len(), SIZE_LIMIT);
        std::fs::write(&path, vec![b'x'; SIZE_LIMIT + 1]).unwrap();
        assert!(read_key(&path, None).unwrap_err().contains("larger than 256 KiB"));
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number_and_the_old_file_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("params.json");
        let save = |text| save_new(&path, text, Readers::Everyone, None).unwrap();
        assert_eq!(save("one"), path);
        assert_eq!(save("two"), directory.path().join("params-2.json"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_is_readable_by_its_owner_alone_and_a_link_is_not_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let directory = tempfile::tempdir().unwrap();
        let (target, path) = (directory.path().join("target"), directory.path().join("key.json"));
        symlink(&target, &path).unwrap();
        let saved = save_new(&path, "secret", Readers::Owner, None).unwrap();
        assert!(!target.exists());
        assert_eq!(saved, directory.path().join("key-2.json"));
        assert_eq!(saved.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_name_that_was_asked_for_is_taken_or_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        assert_eq!(write_new(&path, "one", Readers::Owner), Ok(()));
        let words = write_new(&path, "two", Readers::Owner).unwrap_err();
        assert!(words.ends_with("was not saved: something of that name exists, and it stays."), "{words}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
    }

    #[test]
    fn a_directory_that_is_not_there_is_said() {
        let words = save_new(Path::new("/nowhere/params.json"), "", Readers::Everyone, None).unwrap_err();
        assert_eq!(words, "/nowhere/params.json was not saved: the directory does not exist.");
    }
}
