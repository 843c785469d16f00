//! Age limits of a test run: how soon a certificate may expire, how old a key may be.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::system::days_between;
use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    key::service_key::Found,
    text::{safe_text::SafeText, when::DayText},
};

/// The limits, in days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgeLimits {
    /// A certificate with fewer days left is due. Replaces the default limit.
    pub warn_days: Option<u32>,
    /// A key older than this many days is due.
    pub max_age: Option<u32>,
}

/// The start of a key's age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeySince {
    /// The time.
    pub at: Timestamp,
    /// What happened at that time.
    pub event: KeyEvent,
}

/// What the age of a key is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyEvent {
    /// Its creation, according to the key.
    Created,
    /// When it was saved, so it is at least that old.
    Saved,
}

impl KeyEvent {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            KeyEvent::Created => "created",
            KeyEvent::Saved => "saved",
        }
    }
}

impl KeySince {
    /// When a key was created, or saved if the creation date is unknown.
    pub fn of(created: Option<&SafeText>, saved: Option<Timestamp>) -> Option<Self> {
        let created = created.and_then(|created| created.as_str().parse().ok());
        let created = created.map(|at| Self { at, event: KeyEvent::Created });
        created.or_else(|| saved.map(|at| Self { at, event: KeyEvent::Saved }))
    }

    /// The age in whole days; 0 if it is in the future because of differing clocks.
    pub fn days(self, now: Timestamp) -> usize {
        usize::try_from(days_between(self.at, now)).unwrap_or_default()
    }
}

impl AgeLimits {
    /// Whether a finding with this code results from a configured limit.
    pub fn decide(self, code: FindingCode) -> bool {
        match code {
            FindingCode::CertificateExpiresSoon => self.warn_days.is_some(),
            FindingCode::KeyTooOld => self.max_age.is_some(),
            _ => false,
        }
    }

    /// The due findings. An expired certificate is not included, because it is always an error.
    pub fn due(self, expires: Option<Timestamp>, since: Option<KeySince>, now: Timestamp) -> Vec<Finding> {
        let certificate = self.warn_days.zip(expires).filter(|(days, expires)| {
            now <= *expires && expires.duration_since(now) < SignedDuration::from_hours(24 * i64::from(*days))
        });
        let certificate = certificate.map(|(_, expires)| {
            let days = usize::try_from(days_between(now, expires)).unwrap_or_default();
            let seen = Fact::DaysLeft { days, until: day(expires) };
            Finding::key(FindingCode::CertificateExpiresSoon).about("certificate").seen(seen)
        });
        let age = self.max_age.zip(since).map(|(limit, since)| (limit, since.days(now), since));
        let age = age.filter(|(limit, days, _)| usize::try_from(*limit).is_ok_and(|limit| *days > limit));
        let age = age.map(|(limit, days, since)| {
            let seen = match since.event {
                KeyEvent::Created => Fact::KeyAge { days, limit, created: day(since.at) },
                KeyEvent::Saved => Fact::SavedKeyAge { days, limit, saved: day(since.at) },
            };
            Finding::key(FindingCode::KeyTooOld).seen(seen)
        });
        certificate.into_iter().chain(age).collect()
    }

    /// Applies these limits to a key instead of the default.
    pub fn apply(self, found: &mut Found, since: Option<KeySince>, now: Timestamp) {
        if self.warn_days.is_some() {
            found.findings.retain(|finding| finding.code != FindingCode::CertificateExpiresSoon);
        }
        found.findings.extend(self.due(expiry(found), since, now));
    }
}

/// When the certificate of a key expires.
pub fn expiry(found: &Found) -> Option<Timestamp> {
    found.summary.expires.as_ref().and_then(|expires| expires.as_str().parse().ok())
}

fn day(at: Timestamp) -> DayText {
    DayText::new(SafeText::line(&at.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-27T12:00:00Z";

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    fn codes(limits: AgeLimits, expires: Option<&str>, since: Option<KeySince>) -> Vec<&'static str> {
        let due = limits.due(expires.map(at), since, at(NOW));
        due.iter().map(|finding| finding.code.as_str()).collect()
    }

    fn created(time: &str) -> Option<KeySince> {
        KeySince::of(Some(&SafeText::line(time)), None)
    }

    #[test]
    fn a_certificate_is_due_in_fewer_days_than_the_limit_until_it_has_expired() {
        let limits = AgeLimits { warn_days: Some(14), max_age: None };
        for (expires, due) in [
            ("2026-12-11T12:00:00Z", false),
            ("2026-12-11T11:59:59Z", true),
            ("2026-11-27T12:00:00Z", true),
            ("2026-11-27T11:59:59Z", false),
        ] {
            assert_eq!(!codes(limits, Some(expires), None).is_empty(), due, "{expires}");
        }
        assert_eq!(codes(limits, None, created("2001-01-01T00:00:00Z")), [""; 0]);
    }

    #[test]
    fn a_key_is_due_when_it_is_more_days_old_than_the_limit() {
        let limits = AgeLimits { warn_days: None, max_age: Some(90) };
        for (time, due) in [
            ("2026-08-29T12:00:00Z", false),
            ("2026-08-28T12:00:01Z", false),
            ("2026-08-28T12:00:00Z", true),
            ("2027-01-01T00:00:00Z", false),
        ] {
            assert_eq!(codes(limits, None, created(time)) == ["key-too-old"], due, "{time}");
        }
        assert_eq!(codes(limits, Some("2026-11-28T00:00:00Z"), None), [""; 0]);
    }

    #[test]
    fn without_limits_nothing_is_due() {
        let limits = AgeLimits::default();
        assert_eq!(codes(limits, Some("2026-11-28T00:00:00Z"), created("2001-01-01T00:00:00Z")), [""; 0]);
        assert!(!limits.decide(FindingCode::CertificateExpiresSoon) && !limits.decide(FindingCode::KeyTooOld));
    }

    #[test]
    fn a_key_that_does_not_say_when_it_was_created_is_as_old_as_its_save() {
        let saved = at("2026-01-01T00:00:00Z");
        let since = |text: &str| KeySince::of(Some(&SafeText::line(text)), Some(saved)).unwrap();
        assert_eq!(since("2025-07-17T16:39:46.446Z").event, KeyEvent::Created);
        assert_eq!(since("last summer"), KeySince { at: saved, event: KeyEvent::Saved });
        assert_eq!(KeySince::of(None, None), None);
    }
}
