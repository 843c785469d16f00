//! The lock against a second program that changes the files.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind},
    path::Path,
    thread,
    time::Duration,
};

use super::super::fault::Fault;

/// How often a lock that another program holds is asked for. A save takes milliseconds.
const ATTEMPTS: u32 = 200;
/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(25);

/// A lock that is held. The operating system takes it back when the program ends, however that happens.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the lock on `path`, creating the file where it is missing.
    pub(super) fn take(path: &Path) -> Result<Self, Fault> {
        let failed = |error: io::Error| {
            Fault::new(
                "The saved systems cannot be locked.",
                format!("The system says: {error}."),
                "Look at who owns that directory, and whether the disk can be written.",
            )
        };
        for attempt in 1..=ATTEMPTS {
            match try_lock(path) {
                Ok(file) => return Ok(Self(file)),
                Err(error) if error.kind() == ErrorKind::WouldBlock && attempt < ATTEMPTS => thread::sleep(PAUSE),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(failed(error)),
            }
        }
        Err(Fault::new(
            "The saved systems are in use.",
            "Another cpikey is changing them.",
            "Try again when it has finished.",
        ))
    }
}

#[cfg(unix)]
fn try_lock(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::{FlockOperation, flock};

    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    Ok(file)
}

#[cfg(windows)]
fn try_lock(path: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt as _;

    /// `ERROR_SHARING_VIOLATION`
    const IN_USE: i32 = 32;
    // Nobody else can open a file that is shared with nobody.
    let opened = OpenOptions::new().create(true).truncate(false).write(true).share_mode(0).open(path);
    opened.map_err(|error| if error.raw_os_error() == Some(IN_USE) { ErrorKind::WouldBlock.into() } else { error })
}
