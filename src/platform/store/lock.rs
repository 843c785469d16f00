//! The lock against a second program that changes the files.

use std::{
    fs::File,
    io::{self, ErrorKind},
    path::Path,
    thread,
    time::Duration,
};

use crate::domain::problem::Problem;

/// How often a lock that another program holds is asked for. A save takes milliseconds.
const ATTEMPTS: u32 = 200;
/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(25);

/// A lock that is held. The operating system takes it back when the program ends, however that happens.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the lock on `path`, creating the file where it is missing.
    pub(super) fn take(path: &Path) -> Result<Self, Problem> {
        let failed = |error: io::Error| {
            Problem::failed(
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
        Err(Problem::failed(
            "The saved systems are in use.",
            "Another cpikey is changing them.",
            "Try again when it has finished.",
        ))
    }
}

#[cfg(unix)]
fn try_lock(path: &Path) -> io::Result<File> {
    use rustix::{
        fs::{FlockOperation, Mode, OFlags, flock, open},
        io::{Errno, retry_on_intr},
    };

    let unusual = || io::Error::other("it is not an ordinary file");
    // Neither creates a file behind a link nor waits for the other end of a named pipe.
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = retry_on_intr(|| open(path, flags, Mode::RUSR | Mode::WUSR));
    let file = File::from(opened.map_err(|errno| match errno {
        Errno::LOOP | Errno::NXIO | Errno::ISDIR => unusual(),
        errno => errno.into(),
    })?);
    if !file.metadata()?.is_file() {
        return Err(unusual());
    }
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    Ok(file)
}

#[cfg(windows)]
fn try_lock(path: &Path) -> io::Result<File> {
    use std::{fs::OpenOptions, os::windows::fs::OpenOptionsExt as _};

    /// `ERROR_SHARING_VIOLATION`
    const IN_USE: i32 = 32;
    // Nobody else can open a file that is shared with nobody.
    let opened = OpenOptions::new().create(true).truncate(false).write(true).share_mode(0).open(path);
    opened.map_err(|error| if error.raw_os_error() == Some(IN_USE) { ErrorKind::WouldBlock.into() } else { error })
}
