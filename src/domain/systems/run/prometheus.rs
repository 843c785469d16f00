//! `systems test --format prometheus`: Prometheus's text format 0.0.4, as read by node exporter's textfile collector.
//!
//! Times are absolute where possible: an age would go stale between two runs. Labels contain names, never a client id.

use std::fmt::{Display, Write as _};

use jiff::Timestamp;

use super::{Run, seconds};
use crate::{
    domain::{
        check::report::{RoleResult, RoleStatus},
        finding::{Severity, Verdict},
    },
    words::{MetricsLabels, Words},
};

/// All metrics of a run.
pub fn prometheus(run: &Run<'_>, words: Words) -> String {
    let mut page = Page { out: String::new() };
    let labels = words.metrics();
    systems(&mut page, run, labels);
    times(&mut page, run, labels);
    page.family("cpikey_systems", labels.systems(), [(vec![], run.tested.len())]);
    page.family("cpikey_run_timestamp_seconds", labels.run_timestamp(), [(vec![], unix(run.ended))]);
    page.family("cpikey_run_duration_seconds", labels.run_duration(), [(vec![], seconds(run.elapsed()))]);
    page.family("cpikey_run_exit_status", labels.run_exit_status(), [(vec![], run.exit_status)]);
    page.out
}

/// Metrics about the state of the systems.
fn systems(page: &mut Page, run: &Run<'_>, labels: MetricsLabels) {
    let up = run.tested.iter().map(|tested| {
        let up = tested.result.verdict == Some(Verdict::Ready);
        (vec![("system", tested.subject.name.as_str())], u8::from(up))
    });
    page.family("cpikey_system_up", labels.up(), up);
    let verdicts = run
        .tested
        .iter()
        .map(|tested| (vec![("system", tested.subject.name.as_str()), ("verdict", tested.verdict())], 1));
    page.family("cpikey_system_verdict", labels.verdict(), verdicts);
    let roles = run.tested.iter().flat_map(|tested| {
        let roles = tested.result.report.as_ref().and_then(|report| report.roles.as_deref()).unwrap_or_default();
        roles.iter().filter_map(|role| {
            Some((vec![("system", tested.subject.name.as_str()), ("role", role.role.as_str())], granted(role)?))
        })
    });
    page.family("cpikey_system_role_granted", labels.role_granted(), roles);
    let findings = run.tested.iter().flat_map(|tested| {
        let system = tested.subject.name.as_str();
        let found = tested.found(Severity::Error).chain(tested.found(Severity::Warning));
        let mut seen: Vec<_> = found.map(|finding| (finding.code, finding.severity)).collect();
        // Two findings with the same code differ in their subject, which is not a label.
        seen.sort_unstable();
        seen.dedup();
        seen.into_iter().map(move |(code, severity)| {
            (vec![("system", system), ("code", code.as_str()), ("severity", severity.as_str())], 1)
        })
    });
    page.family("cpikey_system_finding", labels.finding(), findings);
}

/// Metrics that depend on time.
fn times(page: &mut Page, run: &Run<'_>, labels: MetricsLabels) {
    let expiry = run
        .tested
        .iter()
        .filter_map(|tested| Some((vec![("system", tested.subject.name.as_str())], unix(tested.subject.expires?))));
    page.family("cpikey_system_certificate_expiry_timestamp_seconds", labels.certificate_expiry(), expiry);
    let since = run.tested.iter().filter_map(|tested| {
        let since = tested.subject.since?;
        let labels = vec![("system", tested.subject.name.as_str()), ("event", since.event.as_str())];
        Some((labels, unix(since.at)))
    });
    page.family("cpikey_system_key_since_timestamp_seconds", labels.key_since(), since);
    let age = run.tested.iter().filter_map(|tested| {
        let age = unix(run.ended) - unix(tested.subject.since?.at);
        Some((vec![("system", tested.subject.name.as_str())], age.max(0)))
    });
    page.family("cpikey_system_key_age_seconds", labels.key_age(), age);
    let last = run.tested.iter().filter_map(|tested| {
        let before = || tested.subject.last_test.map(|test| test.at);
        let at = tested.elapsed.map(|_| run.ended).or_else(before)?;
        Some((vec![("system", tested.subject.name.as_str())], unix(at)))
    });
    page.family("cpikey_system_last_test_timestamp_seconds", labels.last_test(), last);
    let duration = run
        .tested
        .iter()
        .filter_map(|tested| Some((vec![("system", tested.subject.name.as_str())], seconds(tested.elapsed?))));
    page.family("cpikey_system_test_duration_seconds", labels.test_duration(), duration);
}

/// Whether a role is granted, if a test can tell.
fn granted(role: &RoleResult) -> Option<u8> {
    match role.status {
        RoleStatus::Granted | RoleStatus::Covered => Some(1),
        RoleStatus::Missing => Some(0),
        RoleStatus::Unknown => None,
    }
}

fn unix(at: Timestamp) -> i64 {
    at.as_second()
}

/// A sample without its name: its labels and its value.
type Sample<'a, V> = (Vec<(&'a str, &'a str)>, V);

struct Page {
    out: String,
}

impl Page {
    /// A gauge with all its samples; omitted if it has none.
    fn family<'a, V: Display>(&mut self, name: &str, help: &str, samples: impl IntoIterator<Item = Sample<'a, V>>) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "# HELP {name} {}\n# TYPE {name} gauge", escaped(help, false));
        for (labels, value) in samples {
            let labels: Vec<String> =
                labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value, true))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(self.out, "{name}{labels} {value}");
        }
    }
}

/// In a label value, quotation marks are escaped too.
fn escaped(text: &str, in_label: bool) -> String {
    let text = text.replace('\\', r"\\").replace('\n', r"\n");
    if in_label { text.replace('"', r#"\""#) } else { text }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{run, samples},
        *,
    };

    #[test]
    fn every_metric_has_its_help_and_its_type_before_all_of_its_samples() {
        let samples = samples();
        let text = prometheus(&run(&samples), Words::default());
        let (mut family, mut seen) = ("", Vec::new());
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                family = rest.split_once(' ').unwrap().0;
                assert!(!seen.contains(&family), "{family} comes twice");
                seen.push(family);
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                assert_eq!(rest, format!("{family} gauge"));
            } else {
                assert!(line.starts_with(family), "{line} below {family}");
            }
        }
        assert!(text.ends_with('\n'));
    }

    #[test]
    fn values_are_what_the_run_has_seen() {
        let samples = samples();
        let text = prometheus(&run(&samples), Words::default());
        for line in [
            r#"cpikey_system_up{system="\"dev\" & <test>: 100%\\n"} 0"#,
            r#"cpikey_system_up{system="fine"} 1"#,
            r#"cpikey_system_verdict{system="left, out",verdict="not-tested"} 1"#,
            r#"cpikey_system_role_granted{system="limited",role="WorkspacePackagesRead"} 0"#,
            r#"cpikey_system_finding{system="due",code="certificate-expires-soon",severity="warning"} 1"#,
            r#"cpikey_system_certificate_expiry_timestamp_seconds{system="due"} 1796083200"#,
            r#"cpikey_system_key_age_seconds{system="due"} 864002"#,
            r#"cpikey_system_last_test_timestamp_seconds{system="fine"} 1795780802"#,
            r#"cpikey_system_test_duration_seconds{system="fine"} 1.25"#,
            "cpikey_systems 5",
            "cpikey_run_duration_seconds 2.5",
            "cpikey_run_exit_status 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} not in\n{text}");
        }
        assert!(!text.contains("last_test_timestamp_seconds{system=\"left"), "it was never tested");
    }

    #[test]
    fn a_run_without_systems_still_says_when_it_was() {
        let text = prometheus(&run(&[]), Words::default());
        assert!(
            text.contains("\ncpikey_systems 0\n") && text.contains("\ncpikey_run_timestamp_seconds 17957"),
            "{text}"
        );
        assert!(!text.contains("cpikey_system_up"), "{text}");
    }
}
