//! Single files: written atomically, readable only by their owner.

use std::{
    fs::{self, DirBuilder},
    io::{self, ErrorKind, Read as _, Write as _},
    path::Path,
};

use super::{
    super::{
        hardening,
        open::{self, Links, OpenError, shown},
    },
    error::{FileAction, FileCause, StoreError},
};

/// The prefix of a file that is being written.
const TEMPORARY: &str = ".new-";

/// Creates the directory for its owner only, or removes the permissions of others from an existing one.
pub(in crate::platform) fn create_dir(path: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| failed(FileAction::Create, path, FileCause::of(&error)))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Not possible if someone else owns the directory; the files in it are protected anyway.
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o700));
    }
    Ok(())
}

/// Reads a file of at most `limit` bytes; `None` if there is none.
pub(in crate::platform) fn read(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, StoreError> {
    let failed = |cause| Err(failed(FileAction::Read, path, cause));
    let file = match open::for_reading(path, Links::Refuse) {
        Ok(file) => file,
        Err(OpenError::Io(error)) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return failed(error.into()),
    };
    let mut bytes = Vec::new();
    match file.take(limit as u64 + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() > limit => failed(FileCause::TooLarge(limit)),
        Ok(_) => Ok(Some(bytes)),
        Err(error) => failed(FileCause::of(&error)),
    }
}

/// Writes a file atomically.
pub(in crate::platform) fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    hardening::survive_file_size_limit();
    let written = || -> io::Result<()> {
        // Created with 0600 and never through a link.
        let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(directory)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    written().map_err(|error| failed(FileAction::Write, path, FileCause::of(&error)))?;
    sync(directory);
    Ok(())
}

/// Renames a file inside one directory.
pub(in crate::platform) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|error| failed(FileAction::Quarantine, from, FileCause::of(&error)))?;
    sync(from.parent().unwrap_or(Path::new(".")));
    Ok(())
}

/// Copies a file, readable only by its owner.
pub(super) fn copy(from: &Path, to: &Path, limit: usize) -> Result<(), StoreError> {
    match read(from, limit)? {
        Some(bytes) => write(to, &bytes),
        None => Ok(()),
    }
}

/// Deletes a file, if it exists.
pub(in crate::platform) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(failed(FileAction::Delete, path, FileCause::of(&error)))
        }
        _ => Ok(()),
    }
}

/// Deletes leftovers of an interrupted save. Requires the lock. A file that cannot be deleted does no harm.
pub(super) fn remove_leftovers(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes renaming survive a power failure, if the file system supports that.
fn sync(directory: &Path) {
    #[cfg(unix)]
    let _ = fs::File::open(directory).and_then(|directory| directory.sync_all());
    #[cfg(not(unix))]
    let _ = directory;
}

fn failed(action: FileAction, path: &Path, cause: FileCause) -> StoreError {
    StoreError::File { action, path: shown(path), cause }
}
