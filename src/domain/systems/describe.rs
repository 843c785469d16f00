//! Texts about saved systems, shared by the wizard and the commands.

use jiff::{Timestamp, tz::TimeZone};

use super::{result::SystemResult, system::LastTest};
use crate::{
    domain::{
        check::report::TestReport,
        finding::Verdict,
        text::when::{distance, when},
    },
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

/// When the client certificate expires or has expired; `None` for a client secret.
pub fn expiry(expires: Option<Timestamp>, now: Timestamp, words: Words) -> Option<String> {
    let expires = expires?;
    let distance = distance(expires, now, &TimeZone::UTC, words);
    let words = words.saved_systems();
    Some(if expires < now { words.certificate_ended(distance) } else { words.certificate_ends(distance) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[test]
    fn a_certificate_ends_or_has_ended() {
        let words = Words::default();
        let (labels, when) = (words.saved_systems(), words.when());
        let expires = Some(at("2026-12-01T12:00:00Z"));
        let said = |now| expiry(expires, at(now), words).unwrap();
        assert_eq!(said("2017-11-29T11:00:00Z"), labels.certificate_ends(when.in_years(9)));
        assert_eq!(said("2026-11-29T11:00:00Z"), labels.certificate_ends(when.in_days(2)));
        assert_eq!(said("2026-12-01T11:00:00Z"), labels.certificate_ends(when.today()));
        assert_eq!(said("2026-12-01T13:00:00Z"), labels.certificate_ended(when.today()));
        assert_eq!(said("2026-12-03T00:00:00Z"), labels.certificate_ended(when.days_ago(2)));
        assert_eq!(expiry(None, at("2026-12-01T12:00:00Z"), words), None);
    }

    #[test]
    fn a_test_is_named_with_its_day() {
        let test = LastTest { verdict: Verdict::Limited, at: at("2026-10-20T23:30:00Z") };
        let said = |test, now| last_test(test, at(now), &TimeZone::UTC, Words::default());
        let this_year = said(Some(test), "2026-12-01T12:00:00Z");
        assert!(this_year.contains("20 Oct") && !this_year.contains("2026"), "{this_year}");
        assert!(said(Some(test), "2027-12-01T12:00:00Z").contains("20 Oct 2026"));
        assert_ne!(said(None, "2026-12-01T12:00:00Z"), "");
    }
}
