//! The results of testing all saved systems: one per system, and their order.

use std::cmp::Reverse;

use jiff::Timestamp;

use crate::domain::{check::report::TestReport, finding::Verdict};

/// The result of testing one saved system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemResult {
    /// `None` if nothing was sent because one of its hosts was not confirmed. A secret that cannot be decrypted is a
    /// bad key.
    pub verdict: Option<Verdict>,
    /// The reason in one sentence; empty if there is none.
    pub reason: String,
    /// What the test found; `None` if there was no test. Only a test is recorded.
    pub report: Option<TestReport>,
}

impl SystemResult {
    /// The result of a test.
    pub fn tested(report: TestReport) -> Self {
        Self { verdict: Some(report.verdict), reason: report.reason().to_owned(), report: Some(report) }
    }

    /// A system whose key could not be read from the sealed file.
    pub fn unopened(reason: String) -> Self {
        Self { verdict: Some(Verdict::BadKey), reason, report: None }
    }

    /// A system to which nothing was sent because one of its hosts was not confirmed.
    pub fn not_agreed(reason: String) -> Self {
        Self { verdict: None, reason, report: None }
    }

    /// A system whose test crashed.
    pub fn failed(reason: String) -> Self {
        Self { verdict: Some(Verdict::Unexpected), reason, report: None }
    }

    /// The verdict to be recorded with the system.
    pub fn recorded(&self) -> Option<Verdict> {
        self.report.as_ref().map(|report| report.verdict)
    }
}

/// Sort key of results: the worst first, then those that exceed a limit, then those that expire first. Use a stable
/// sort, so that equal results keep the order in which they were saved.
pub fn urgency(verdict: Option<Verdict>, due: bool, expires: Option<Timestamp>) -> impl Ord + use<> {
    // A system with an unconfirmed host needs the user, as a wrong plan does.
    let badness = verdict.map_or(2 * Verdict::WrongPlan.badness() - 1, |verdict| 2 * verdict.badness());
    (Reverse(badness), Reverse(due), expires.is_none(), expires)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_comes_first_then_what_is_due_then_what_expires_first_then_what_was_saved_first() {
        let day = |day: &str| Some(format!("2027-01-{day}T00:00:00Z").parse::<Timestamp>().unwrap());
        let mut rows = [
            ("ready", Some(Verdict::Ready), false, None),
            ("ready later", Some(Verdict::Ready), false, day("09")),
            ("ready soon", Some(Verdict::Ready), false, day("02")),
            ("too old", Some(Verdict::Ready), true, None),
            ("rejected", Some(Verdict::Rejected), false, None),
            ("not agreed", None, false, None),
            ("another ready", Some(Verdict::Ready), false, None),
            ("wrong plan", Some(Verdict::WrongPlan), false, None),
            ("bad", Some(Verdict::BadKey), false, None),
        ];
        rows.sort_by_key(|(_, verdict, due, expires)| urgency(*verdict, *due, *expires));
        assert_eq!(
            rows.map(|(name, ..)| name).join(", "),
            "bad, wrong plan, not agreed, rejected, too old, ready soon, ready later, ready, another ready"
        );
    }

    #[test]
    fn only_a_test_is_recorded() {
        for result in [
            SystemResult::unopened(String::new()),
            SystemResult::not_agreed(String::new()),
            SystemResult::failed(String::new()),
        ] {
            assert_eq!(result.recorded(), None, "{result:?}");
        }
    }
}
