//! Opens only regular files: no named pipes, which would wait for their other end, and no devices.
//!
//! On Unix a pipe or device is opened without blocking and then recognised, so that replacing the file in between has
//! no effect. On Windows the flag that opens a link instead of its target serves the same purpose.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

use crate::domain::text::safe_text::SafeText;

/// Whether a link at the end of a path is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// For files that the user names.
    Follow,
    /// For the program's own files.
    Refuse,
}

/// Why a file cannot be opened or read.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum OpenError {
    /// It is a directory.
    Directory,
    /// It is a device, a pipe or a socket, or a link that is not followed.
    Special,
    /// The operating system refuses.
    Io(#[from] io::Error),
}

/// Opens a file for reading.
pub(super) fn for_reading(path: &Path, links: Links) -> Result<File, OpenError> {
    let mut options = OpenOptions::new();
    options.read(true);
    open(options, path, links)
}

/// Opens a file for writing without truncating it. A new one is readable only by its owner.
pub(super) fn for_locking(path: &Path) -> Result<File, OpenError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    open(options, path, Links::Refuse)
}

fn open(mut options: OpenOptions, path: &Path, links: Links) -> Result<File, OpenError> {
    // Before opening, because opening may already affect a device. If it fails, so does opening, with a better reason.
    let metadata = match links {
        Links::Follow => std::fs::metadata(path),
        Links::Refuse => std::fs::symlink_metadata(path),
    };
    if let Ok(metadata) = metadata {
        refuse_unless_ordinary(&metadata)?;
    }
    set_flags(&mut options, links);
    let file = options.open(path)?;
    refuse_unless_ordinary(&file.metadata()?)?;
    Ok(file)
}

fn refuse_unless_ordinary(metadata: &std::fs::Metadata) -> Result<(), OpenError> {
    match (metadata.is_file(), metadata.is_dir()) {
        (true, _) => Ok(()),
        (_, true) => Err(OpenError::Directory),
        _ => Err(OpenError::Special),
    }
}

#[cfg(unix)]
fn set_flags(options: &mut OpenOptions, links: Links) {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;

    let flags = match links {
        Links::Follow => OFlags::NONBLOCK,
        Links::Refuse => OFlags::NONBLOCK | OFlags::NOFOLLOW,
    };
    options.custom_flags(flags.bits().cast_signed());
}

#[cfg(windows)]
fn set_flags(options: &mut OpenOptions, links: Links) {
    use std::os::windows::fs::OpenOptionsExt as _;

    /// Opens a link itself; its metadata then tells that it is not a regular file.
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    if links == Links::Refuse {
        options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
    }
}

/// A path for display.
pub(super) fn shown(path: &Path) -> SafeText {
    SafeText::line(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a link could be created: on Windows not everyone may, and Wine only pretends to.
    fn link(target: &Path, link: &Path) -> bool {
        #[cfg(unix)]
        let made = std::os::unix::fs::symlink(target, link);
        #[cfg(windows)]
        let made = std::os::windows::fs::symlink_file(target, link);
        made.is_ok() && link.symlink_metadata().is_ok()
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_recognised_without_waiting_even_if_it_replaces_a_file_after_the_first_look() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        for links in [Links::Follow, Links::Refuse] {
            assert!(matches!(for_reading(&path, links), Err(OpenError::Special)));
            // What happens if the file was replaced after the first check.
            let mut options = OpenOptions::new();
            options.read(true);
            set_flags(&mut options, links);
            let file = options.open(&path).unwrap();
            assert!(matches!(refuse_unless_ordinary(&file.metadata().unwrap()), Err(OpenError::Special)));
        }
        assert!(matches!(for_locking(&path), Err(OpenError::Special)));
    }

    #[test]
    fn a_link_is_followed_for_files_that_a_person_names_and_refused_for_those_of_the_program() {
        let directory = tempfile::tempdir().unwrap();
        let (file, path, elsewhere) =
            (directory.path().join("file"), directory.path().join("link"), directory.path().join("elsewhere"));
        std::fs::write(&file, "x").unwrap();
        if !link(&file, &path) {
            return;
        }
        assert!(for_reading(&path, Links::Follow).is_ok());
        assert!(matches!(for_reading(&path, Links::Refuse), Err(OpenError::Special)));
        std::fs::remove_file(&path).unwrap();
        assert!(link(&elsewhere, &path));
        assert!(matches!(for_locking(&path), Err(OpenError::Special)));
        assert!(!elsewhere.exists());
    }
}
