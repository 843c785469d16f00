//! A test run: what was tested, the results, and the formats for other programs.

mod github;
mod json;
mod junit;
mod prometheus;

use std::time::Duration;

use jiff::Timestamp;

pub use github::{annotations, summary};
pub use json::{Results, results};
pub use junit::junit;
pub use prometheus::prometheus;

use super::{
    describe,
    limits::{AgeLimits, KeyEvent, KeySince, expiry},
    result::{SystemResult, urgency},
    system::{LastTest, System, SystemId, SystemName, days_between},
};
use crate::domain::{
    finding::{Explained, FindingCode, Severity, Verdict},
    key::service_key::Found,
    text::safe_text::SafeText,
};
use crate::words::Words;

/// What is tested: a saved system, or a named key from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The id of the saved system, or a new one.
    pub id: SystemId,
    /// Its name.
    pub name: SystemName,
    /// Id of the purpose whose roles are requested; without one, only monitoring is.
    pub purpose: Option<SafeText>,
    /// When the client certificate expires.
    pub expires: Option<Timestamp>,
    /// Since when the key has existed, if known.
    pub since: Option<KeySince>,
    /// The previous test.
    pub last_test: Option<LastTest>,
}

impl Subject {
    /// A saved system before its key is decrypted.
    pub fn of(system: &System) -> Self {
        Self {
            id: system.id,
            name: system.name.clone(),
            purpose: system.purpose.clone(),
            expires: system.expires,
            since: KeySince::of(None, system.saved),
            last_test: system.last_test,
        }
    }

    /// A key that is not saved, before it is read.
    pub fn unsaved(id: SystemId, name: SystemName, purpose: Option<&str>) -> Self {
        Self { id, name, purpose: purpose.map(SafeText::line), expires: None, since: None, last_test: None }
    }

    /// Adopts what the key itself states.
    pub fn learn(&mut self, found: &Found) {
        self.expires = expiry(found).or(self.expires);
        self.since = KeySince::of(found.summary.created.as_ref(), None).or(self.since);
    }

    /// Whole days until the client certificate expires; negative if it has expired. `None` for a client secret.
    pub fn days_left(&self, now: Timestamp) -> Option<i64> {
        self.expires.map(|expires| days_between(now, expires))
    }
}

/// A subject with its test result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// What was tested.
    pub subject: Subject,
    /// The result.
    pub result: SystemResult,
    /// The limits that it exceeds, whatever the result.
    pub due: Vec<Explained>,
    /// How long the test took, if there was one.
    pub elapsed: Option<Duration>,
}

impl Tested {
    /// Its sort key, the worst first.
    pub fn urgency(&self) -> impl Ord + use<> {
        urgency(self.result.verdict, !self.due.is_empty(), self.subject.expires)
    }

    /// The verdict, or the word for a skipped system.
    fn verdict(&self) -> &'static str {
        self.result.verdict.map_or(NOT_TESTED, Verdict::as_str)
    }

    /// The parts of its one-line summary: the certificate, the age of a key that is too old, the reason for the
    /// verdict.
    pub fn details(&self, run: &Run<'_>, words: Words) -> Vec<String> {
        let (now, due) = (run.ended, self.due.iter().any(|finding| finding.code == FindingCode::KeyTooOld));
        let age = self.subject.since.zip(run.limits.max_age).filter(|_| due).map(|(since, limit)| match since.event {
            KeyEvent::Created => words.systems().key_age(since.days(now), limit),
            KeyEvent::Saved => words.systems().saved_key_age(since.days(now), limit),
        });
        let expiry = describe::expiry(self.subject.expires, now, words);
        let reason = Some(describe::reason(&self.result, words)).filter(|reason| !reason.is_empty());
        [expiry, age, reason].into_iter().flatten().collect()
    }

    /// The findings of this severity. Without a test, only the limits are known.
    fn found(&self, severity: Severity) -> impl Iterator<Item = &Explained> {
        let found = self.result.report.as_ref().map_or(&self.due, |report| &report.together);
        found.iter().filter(move |finding| finding.severity == severity)
    }
}

/// The word for a skipped system, used in addition to the verdicts.
const NOT_TESTED: &str = "not-tested";

/// A run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The systems, the worst first.
    pub tested: &'a [Tested],
    /// The limits that were set.
    pub limits: AgeLimits,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// The exit status of the program.
    pub exit_status: u8,
}

impl Run<'_> {
    fn elapsed(&self) -> Duration {
        self.ended.duration_since(self.began).try_into().unwrap_or_default()
    }
}

/// The worst verdict; `None` if the worst result is that of a skipped system. Without any systems, nothing is wrong.
pub fn worst(tested: &[Tested]) -> Option<Verdict> {
    tested.first().map_or(Some(Verdict::Ready), |tested| tested.result.verdict)
}

/// The exact time in seconds, for other programs.
fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        check::report::{Basis, RoleResult, RoleStatus, TestReport},
        finding::Stage,
    };

    /// The start time of the runs in these tests.
    pub fn began() -> Timestamp {
        "2026-11-27T12:00:00Z".parse().unwrap()
    }

    fn finding(code: FindingCode, title: &str) -> Explained {
        Explained {
            code,
            severity: code.severity(),
            stage: Stage::Key,
            subjects: Vec::new(),
            title: title.to_owned(),
            cause: "A cause, with 100 %: it happens.".to_owned(),
            fix: Some("A fix.".to_owned()),
            evidence: Some("<401 on POST>".into()),
        }
    }

    fn tested(number: u8, name: &str, result: SystemResult) -> Tested {
        let subject = Subject::unsaved(SystemId::new([number; 16]), SystemName::new(name).unwrap(), None);
        Tested { subject, result, due: Vec::new(), elapsed: Some(Duration::from_millis(1250)) }
    }

    fn report(verdict: Verdict, findings: Vec<Explained>, roles: &[(&str, RoleStatus)]) -> SystemResult {
        let role = |(role, status): &(&str, RoleStatus)| RoleResult {
            role: (*role).to_owned(),
            status: *status,
            basis: vec![Basis::Scope],
        };
        SystemResult::tested(TestReport {
            schema: 1,
            verdict,
            together: findings.clone(),
            findings,
            key: None,
            token: None,
            roles: Some(roles.iter().map(role).collect()),
            probes: None,
            host: None,
        })
    }

    /// One of each: rejected, skipped, a role missing, due, fine. The names need escaping in every format.
    pub fn samples() -> Vec<Tested> {
        let due = finding(FindingCode::CertificateExpiresSoon, "It expires soon.");
        let mut missing = finding(FindingCode::RoleMissing, "A role is missing.");
        missing.subjects = vec!["WorkspacePackagesRead".into()];
        let rejected = finding(FindingCode::BadCredentials, "Wrong client id or secret.");
        let roles = [("MonitoringDataRead", RoleStatus::Granted), ("WorkspacePackagesRead", RoleStatus::Missing)];
        let expires = Some("2026-12-01T00:00:00Z".parse().unwrap());
        let since = KeySince::of(Some(&"2026-11-17T12:00:00Z".into()), None);
        let mut left_out = tested(2, "left, out", SystemResult::not_agreed("Nobody agreed.".to_owned()));
        left_out.elapsed = None;
        let mut is_due = tested(4, "due", report(Verdict::Ready, vec![due.clone()], &roles[..1]));
        (is_due.due, is_due.subject.expires, is_due.subject.since) = (vec![due], expires, since);
        vec![
            tested(1, "\"dev\" & <test>: 100%\\n", report(Verdict::Rejected, vec![rejected], &[])),
            left_out,
            tested(3, "limited", report(Verdict::Limited, vec![missing], &roles)),
            is_due,
            tested(5, "fine", report(Verdict::Ready, Vec::new(), &roles[..1])),
        ]
    }

    /// A run of these.
    pub fn run(tested: &[Tested]) -> Run<'_> {
        let limits = AgeLimits { warn_days: Some(30), max_age: Some(90) };
        Run { tested, limits, began: began(), ended: began() + Duration::from_millis(2500), exit_status: 3 }
    }

    #[test]
    fn a_key_states_more_than_the_list() {
        let mut subject = Subject::unsaved(SystemId::new([1; 16]), SystemName::new("dev").unwrap(), None);
        let now = began();
        let text = r#"{"oauth":{"clientid":"sb-x","createdate":"2026-11-17T12:00:00Z"}}"#;
        subject.learn(&crate::domain::key::service_key::read(text.as_bytes(), now).keys[0]);
        assert_eq!(subject.since.map(|since| since.days(now)), Some(10));
    }

    #[test]
    fn the_verdict_of_the_first_is_the_worst() {
        let samples = samples();
        assert_eq!(worst(&samples), Some(Verdict::Rejected));
        assert_eq!((worst(&samples[1..]), worst(&[])), (None, Some(Verdict::Ready)));
    }
}
