//! The time as the screens see it.

use std::time::Duration;

use jiff::Timestamp;

/// The time, as the one clock of the program gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Since the program started, monotonic. What spinners and deadlines go by.
    pub since_start: Duration,
    /// Wall clock. What certificates go by.
    pub wall: Timestamp,
}

impl Default for Now {
    fn default() -> Self {
        Self { since_start: Duration::ZERO, wall: Timestamp::UNIX_EPOCH }
    }
}
