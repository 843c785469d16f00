//! Reads regular files and writes new ones.

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    path::Path,
};

use zeroize::Zeroizing;

use super::{
    hardening,
    open::{self, Links},
};

pub use super::open::OpenError;

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Only the owner: it contains a secret, or the result of a test.
    Owner,
    /// Everyone whom the umask allows.
    Everyone,
}

/// What happens to a file that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is kept, and writing fails.
    Stays,
    /// It is replaced atomically: a reader sees either the old or the new content.
    IsReplaced,
}

/// Makes writing fail at the file size limit (`ulimit -f`), which by default kills the program with a signal.
pub fn fail_at_size_limit() {
    #[cfg(unix)]
    {
        use std::sync::{Arc, atomic::AtomicBool};
        // Any handler will do, and unlike ignoring the signal it is not inherited by other programs.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)));
    }
}

/// Reads a regular file, at most `limit` + 1 bytes. The bytes are wiped when dropped.
///
/// # Errors
///
/// If it does not exist, is not a regular file, or cannot be read.
pub fn read(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    Ok(read_limited(open::for_reading(path, Links::Follow)?, limit)?)
}

/// Reads at most `limit` + 1 bytes. The bytes are wiped when dropped.
///
/// # Errors
///
/// If it cannot be read.
pub fn read_limited(reader: impl io::Read, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Reserved up front: a growing buffer leaves unwiped copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit + 1));
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file that does not exist yet, like [`write()`].
///
/// # Errors
///
/// If the name is taken (`AlreadyExists`), or the file cannot be written.
pub fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    write(path, bytes, readers, Existing::Stays)
}

/// Writes a file. It appears under its name complete and synced to disk, or not at all; a link with this name is not
/// followed.
///
/// # Errors
///
/// If the name is taken and the file is kept (`AlreadyExists`), or it cannot be written.
pub fn write(path: &Path, bytes: &[u8], readers: Readers, existing: Existing) -> io::Result<()> {
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
    hardening::survive_file_size_limit();
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cpikey-").suffix(".new");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(match readers {
            Readers::Owner => 0o600,
            Readers::Everyone => 0o666,
        }));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = builder.tempfile_in(directory).map_err(without_path)?;
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    let persisted = match existing {
        Existing::Stays => file.persist_noclobber(path),
        Existing::IsReplaced => file.persist(path),
    };
    persisted.map_err(|error| error.error)?;
    // The name is on disk only once the directory is synced. Not every system can do this, and the file is complete
    // anyway.
    let _ = File::open(directory).and_then(|directory| directory.sync_all());
    Ok(())
}

/// Appends to a file, which is created if it does not exist.
///
/// # Errors
///
/// If it cannot be written.
pub fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    File::options().create(true).append(true).open(path)?.write_all(bytes)
}

/// Whether a new file of this name could be written: the name is free, and the directory is writable.
///
/// # Errors
///
/// If the name is taken, or the directory is not writable.
pub fn check_new(path: &Path) -> io::Result<()> {
    if std::fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new().prefix(".cpikey-").suffix(".new").tempfile_in(directory).map_err(without_path)?;
    Ok(())
}

/// Only the system error: the name of the temporary file means nothing to the user.
fn without_path(error: io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error.kind().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(directory: &Path) -> usize {
        std::fs::read_dir(directory).unwrap().count()
    }

    #[test]
    fn a_new_file_is_written_and_one_that_exists_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.json");
        write_new(&path, b"one", Readers::Owner).unwrap();
        let refused = write_new(&path, b"two", Readers::Owner).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!((std::fs::read(&path).unwrap().as_slice(), entries(directory.path())), (&b"one"[..], 1));
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_a_directory_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("cpikey.prom");
        for text in ["one", "two"] {
            write(&path, text.as_bytes(), Readers::Everyone, Existing::IsReplaced).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        let folder = directory.path().join("folder");
        std::fs::create_dir(&folder).unwrap();
        assert!(write(&folder, b"x", Readers::Everyone, Existing::IsReplaced).is_err());
        assert_eq!(entries(directory.path()), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_what_it_names_stays() {
        let directory = tempfile::tempdir().unwrap();
        let (target, link) = (directory.path().join("target"), directory.path().join("link"));
        std::fs::write(&target, "mine").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write(&link, b"new", Readers::Everyone, Existing::IsReplaced).unwrap();
        assert_eq!((std::fs::read(&target).unwrap(), std::fs::read(&link).unwrap()), (b"mine".into(), b"new".into()));
    }

    #[test]
    fn what_is_appended_comes_after_what_is_there() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("summary.md");
        append(&path, b"one\n").unwrap();
        append(&path, b"two\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn a_missing_directory_is_an_error_of_its_own() {
        let refused = write_new(Path::new("/nowhere/key.json"), b"", Readers::Owner).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::NotFound);
        assert!(!refused.to_string().contains("cpikey-"), "{refused}");
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_readable_only_by_its_owner_and_a_link_is_not_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let directory = tempfile::tempdir().unwrap();
        let (target, link) = (directory.path().join("target"), directory.path().join("link"));
        symlink(&target, &link).unwrap();
        let refused = write_new(&link, b"secret", Readers::Owner).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert!(!target.exists());
        let path = directory.path().join("key.json");
        write_new(&path, b"secret", Readers::Owner).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
