//! Single files: whole or not at all, for the person alone.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, ErrorKind, Read as _, Write as _},
    path::Path,
};

use super::shown;
use crate::domain::problem::Problem;

/// How the name of a file begins that is being written.
const TEMPORARY: &str = ".new-";

/// Creates the directory for the person alone, and closes one that others may read.
pub(super) fn create_dir(path: &Path) -> Result<(), Problem> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| failed("created", path, &error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Not possible in a directory of somebody else; the files in it are closed all the same.
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o700));
    }
    Ok(())
}

/// Reads a file of at most `limit` bytes; `None` where there is none.
pub(super) fn read(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, Problem> {
    let metadata = match fs::metadata(path) {
        // Asked before opening: opening a named pipe waits for its other end.
        Ok(metadata) if !metadata.is_file() => return Err(failed("read", path, &"it is not an ordinary file")),
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", path, &error)),
    };
    if metadata.len() > limit as u64 {
        return Err(failed("read", path, &format!("it has more than {} KiB", limit / 1024)));
    }
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(limit as u64).read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, &error)),
    }
}

/// Writes a file so that at any moment the whole old or the whole new one is there.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let written = || -> io::Result<()> {
        // Created with 0600 and never through a link.
        let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(directory)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    written().map_err(|error| failed("written", path, &error))?;
    sync(directory);
    Ok(())
}

/// Renames a file inside one directory.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Problem> {
    fs::rename(from, to).map_err(|error| failed("put aside", from, &error))?;
    sync(from.parent().unwrap_or(Path::new(".")));
    Ok(())
}

/// Copies a file, for the person alone.
pub(super) fn copy(from: &Path, to: &Path, limit: usize) -> Result<(), Problem> {
    match read(from, limit)? {
        Some(bytes) => write(to, &bytes),
        None => Ok(()),
    }
}

/// Deletes a file; one that is not there is no failure.
pub(super) fn remove(path: &Path) -> Result<(), Problem> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("deleted", path, &error)),
        _ => Ok(()),
    }
}

/// Deletes what an interrupted save left behind. Needs the lock. What cannot be deleted does no harm.
pub(super) fn remove_leftovers(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes the renaming last beyond a power cut, where the file system can promise that.
fn sync(directory: &Path) {
    #[cfg(unix)]
    let _ = File::open(directory).and_then(|directory| directory.sync_all());
    #[cfg(not(unix))]
    let _ = directory;
}

fn failed(doing: &str, path: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::failed(
        format!("{} cannot be {doing}.", shown(path)),
        format!("The reason: {error}."),
        "Look at who owns it, and whether the disk is full or can only be read.",
    )
}
