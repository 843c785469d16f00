//! Countdowns in seconds.

use std::time::Duration;

/// The seconds a countdown shows: the last one is 1.
pub fn seconds_left(left: Duration) -> u64 {
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// How long until [`seconds_left`] changes.
pub fn until_next_second(left: Duration) -> Duration {
    match left.subsec_nanos() {
        0 => Duration::from_secs(1),
        rest => Duration::from_nanos(rest.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_that_has_begun_counts_until_it_is_over() {
        for (millis, shown, next) in [(0, 0, 1000), (1, 1, 1), (999, 1, 999), (1000, 1, 1000), (1001, 2, 1)] {
            let left = Duration::from_millis(millis);
            assert_eq!((seconds_left(left), until_next_second(left)), (shown, Duration::from_millis(next)));
        }
    }
}
