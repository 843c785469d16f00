//! What is known about a saved system, in words. The wizard and the command line say the same.

use jiff::{Timestamp, tz::TimeZone};

use super::system::{LastTest, days_between};
use crate::{domain::finding::Verdict, words::Words};

/// The latest verdict and its day in UTC.
pub fn last_test(test: Option<LastTest>, words: Words) -> String {
    let words = words.saved_systems();
    match test {
        None => words.not_tested().to_owned(),
        Some(test) => words.tested(test.verdict.as_str(), test.at.to_zoned(TimeZone::UTC).date()),
    }
}

/// A verdict in a list of results; `None` if the system was not tested.
pub fn verdict(verdict: Option<Verdict>, words: Words) -> &'static str {
    verdict.map_or(words.saved_systems().not_tested(), Verdict::as_str)
}

/// How long the client certificate lasts; `None` for a client secret.
pub fn expiry(expires: Option<Timestamp>, now: Timestamp, words: Words) -> Option<String> {
    let words = words.saved_systems();
    let days = days_between(now, expires?);
    let count = |days: i64| usize::try_from(days).unwrap_or(usize::MAX);
    Some(match days {
        // `days_between` rounds down: -1 is less than a day ago.
        -1 => words.certificate_expired_today().to_owned(),
        days if days < 0 => words.certificate_expired(count(-days - 1)),
        0 => words.certificate_expires_today().to_owned(),
        days => words.certificate_left(count(days)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[test]
    fn whole_days_are_counted_before_and_after_the_expiry() {
        let words = Words::default();
        let labels = words.saved_systems();
        let expires = Some(at("2026-12-01T12:00:00Z"));
        let said = |now| expiry(expires, at(now), words).unwrap();
        assert_eq!(said("2026-11-29T11:00:00Z"), labels.certificate_left(2));
        assert_eq!(said("2026-12-01T11:00:00Z"), labels.certificate_expires_today());
        assert_eq!(said("2026-12-01T13:00:00Z"), labels.certificate_expired_today());
        assert_eq!(said("2026-12-03T00:00:00Z"), labels.certificate_expired(1));
        assert_eq!(expiry(None, at("2026-12-01T12:00:00Z"), words), None);
    }

    #[test]
    fn a_test_is_named_with_its_day() {
        let test = LastTest { verdict: Verdict::Limited, at: at("2026-10-20T23:30:00Z") };
        assert!(last_test(Some(test), Words::default()).contains("2026-10-20"));
        assert_ne!(last_test(None, Words::default()), "");
    }
}
