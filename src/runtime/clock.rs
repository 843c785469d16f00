//! The program's only clock.

use jiff::Timestamp;
use tokio::time::Instant;

use crate::model::Now;

/// Provides the time to the loop, and through its messages to everything else.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    wall: fn() -> Timestamp,
}

impl Clock {
    /// A clock that starts now.
    pub fn start() -> Self {
        Self::with_wall(Timestamp::now)
    }

    /// A clock with a custom wall clock. Its monotonic part is tokio's clock, which tests can pause.
    pub fn with_wall(wall: fn() -> Timestamp) -> Self {
        Self { start: Instant::now(), wall }
    }

    /// The current time.
    pub fn now(&self) -> Now {
        Now { since_start: self.start.elapsed(), wall: (self.wall)() }
    }
}
