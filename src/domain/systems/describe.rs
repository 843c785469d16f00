//! What is known about a saved system, in words. The wizard and the command line say the same.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    result::SystemResult,
    system::{LastTest, days_between},
};
use crate::{
    domain::{check::report::TestReport, finding::Verdict, text::when::when},
    words::Words,
};

/// The latest verdict and its day.
pub fn last_test(test: Option<LastTest>, now: Timestamp, zone: &TimeZone, words: Words) -> String {
    let labels = words.saved_systems();
    match test {
        None => labels.not_tested().to_owned(),
        Some(test) => labels.tested(test.verdict.in_short(words), when(test.at, now, zone, words)),
    }
}

/// A verdict in a list of results; `None` if the system was not tested.
pub fn verdict(verdict: Option<Verdict>, words: Words) -> &'static str {
    verdict.map_or(words.saved_systems().not_tested(), |verdict| verdict.in_short(words))
}

/// Why a system has this verdict, in one sentence; empty if there is no reason. Several missing roles are one reason.
pub fn reason(result: &SystemResult, words: Words) -> String {
    let missing = result.report.as_ref().map(TestReport::missing_roles).unwrap_or_default();
    match missing.as_slice() {
        [first, others @ ..] if !others.is_empty() => words.saved_systems().roles_missing(others.len(), first),
        _ => result.reason.clone(),
    }
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
        let said = |test| last_test(test, at("2026-12-01T12:00:00Z"), &TimeZone::UTC, Words::default());
        assert!(said(Some(test)).contains("20 Oct 2026"));
        assert_ne!(said(None), "");
    }
}
