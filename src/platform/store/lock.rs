//! The lock against concurrent changes of the files by another process.

use std::{
    fs::{File, TryLockError},
    path::Path,
    thread,
    time::Duration,
};

use super::{
    super::open::{self, shown},
    error::{FileCause, StoreError},
};

/// How often to retry a lock that another process holds. A save takes milliseconds.
const ATTEMPTS: u32 = 200;
/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(25);

/// A held lock. The operating system releases it when the program ends, however that happens.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Acquires the lock on `path`, creating the file if it is missing.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        let failed = |cause| StoreError::CannotLock { path: shown(path), cause };
        let file = open::for_locking(path).map_err(|error| failed(error.into()))?;
        for attempt in 1..=ATTEMPTS {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if attempt < ATTEMPTS => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(failed(FileCause::of(&error))),
            }
        }
        Err(StoreError::InUse)
    }
}
