//! `systems test --format json`

use jiff::Timestamp;
use serde::Serialize;

use super::{super::limits::KeyEvent, Run, Tested, worst};
use crate::domain::{
    check::report::TestReport,
    finding::{Explained, Verdict},
};

/// The results of several systems.
#[derive(Debug, Serialize)]
pub struct Results<'a> {
    schema: u32,
    verdict: Option<Verdict>,
    exit_status: u8,
    began: String,
    elapsed_ms: u64,
    systems: Vec<Row<'a>>,
}

/// One system.
#[derive(Debug, Serialize)]
struct Row<'a> {
    name: &'a str,
    verdict: Option<Verdict>,
    reason: &'a str,
    days_left: Option<i64>,
    expires: Option<String>,
    key_since: Option<String>,
    key_since_event: Option<KeyEvent>,
    key_age_days: Option<usize>,
    elapsed_ms: Option<u64>,
    due: &'a [Explained],
    report: Option<&'a TestReport>,
}

/// The JSON object of a run.
pub fn results<'a>(run: &Run<'a>) -> Results<'a> {
    Results {
        schema: 1,
        verdict: worst(run.tested),
        exit_status: run.exit_status,
        began: run.began.to_string(),
        elapsed_ms: milliseconds(run.elapsed()),
        systems: run.tested.iter().map(|tested| row(tested, run.ended)).collect(),
    }
}

fn row(tested: &Tested, now: Timestamp) -> Row<'_> {
    let subject = &tested.subject;
    Row {
        name: subject.name.as_str(),
        verdict: tested.result.verdict,
        reason: &tested.result.reason,
        days_left: subject.days_left(now),
        expires: subject.expires.map(|at| at.to_string()),
        key_since: subject.since.map(|since| since.at.to_string()),
        key_since_event: subject.since.map(|since| since.event),
        key_age_days: subject.since.map(|since| since.days(now)),
        elapsed_ms: tested.elapsed.map(milliseconds),
        due: &tested.due,
        report: tested.result.report.as_ref(),
    }
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{run, samples},
        *,
    };

    #[test]
    fn each_system_has_its_verdict_what_is_due_and_its_report() {
        let samples = samples();
        let json = serde_json::to_value(results(&run(&samples))).unwrap();
        assert_eq!((&json["verdict"], &json["exit_status"]), (&"rejected".into(), &3.into()));
        assert_eq!((&json["began"], &json["elapsed_ms"]), (&"2026-11-27T12:00:00Z".into(), &2500.into()));
        let row = &json["systems"][1];
        assert!(row["verdict"].is_null() && row["report"].is_null() && row["elapsed_ms"].is_null(), "{row:#}");
        let row = &json["systems"][3];
        assert_eq!((&row["days_left"], &row["key_age_days"]), (&3.into(), &10.into()), "{row:#}");
        assert_eq!(
            (&row["due"][0]["code"], &row["key_since_event"]),
            (&"certificate-expires-soon".into(), &"created".into())
        );
        assert_eq!(row["report"]["roles"][0]["role"], "MonitoringDataRead");
    }
}
