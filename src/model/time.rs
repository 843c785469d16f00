//! The time as the screens see it.

use std::time::Duration;

use jiff::Timestamp;

/// The time from the program's only clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Time since the program started, monotonic. Used for spinners and deadlines.
    pub since_start: Duration,
    /// Wall clock. Used for certificates.
    pub wall: Timestamp,
}

impl Default for Now {
    fn default() -> Self {
        Self { since_start: Duration::ZERO, wall: Timestamp::UNIX_EPOCH }
    }
}
