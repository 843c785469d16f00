//! From a key and its test to a verdict: the requests, the results, and their meaning.

mod plan;
mod progress;
mod roles;

pub use plan::{plan_checks, planned_probes};
pub use progress::{Progress, Row, RowState};

use crate::domain::{
    check::{
        CheckRequest, CheckStep, MONITORING_PROBE, MONITORING_ROLE, OtherStatus, PlannedProbe, ProbeFacts,
        ProbeOutcome, Seen,
        report::{ProbeResult, TestReport},
    },
    content::Content,
    finding::{Fact, Finding, FindingCode, Severity, Stage, Verdict},
    key::service_key::KeySummary,
    text::safe_text::SafeText,
};

/// Version of the object that `--json` prints.
const SCHEMA: u32 = 1;

/// The assessment of a key without a test. `findings` are those of
/// [`crate::domain::key::service_key::Reading::findings_for`].
pub fn assess_key(content: &Content, key: Option<&KeySummary>, findings: &[Finding]) -> TestReport {
    report(content, key, findings.to_vec())
}

/// The assessment of a test, at its end or while it runs. `findings` are those of the key.
pub fn assess(
    content: &Content,
    request: &CheckRequest,
    key: &KeySummary,
    findings: &[Finding],
    progress: &Progress,
) -> TestReport {
    let judged = roles::judge(content, request, progress);
    let mut all = findings.to_vec();
    // The order determines the verdict: a missing role matters more than one failed read, but less than a missing token
    // or API.
    all.extend(faults(request, progress, Part::Way));
    all.extend(monitoring_refused(request, progress));
    all.extend(judged.findings);
    all.extend(faults(request, progress, Part::OtherReads));
    all.extend(progress.remarks().iter().cloned());
    all.extend(unexplained(progress, &all));
    let mut seen: Vec<(FindingCode, Vec<Fact>)> = Vec::new();
    all.retain(|finding| {
        let fact = (finding.code, finding.subjects.clone());
        let new = !seen.contains(&fact);
        seen.push(fact);
        new
    });
    let mut report = TestReport {
        token: progress.token().cloned(),
        roles: Some(judged.results),
        probes: Some(request.probes.iter().map(|probe| result(probe, progress)).collect()),
        host: Some(SafeText::line(request.key.url.host())),
        ..report(content, Some(key), all)
    };
    report.mask(&request.mask());
    report
}

/// Sorts the findings and derives the verdict.
fn report(content: &Content, key: Option<&KeySummary>, mut findings: Vec<Finding>) -> TestReport {
    let (texts, words) = (&content.findings, content.words);
    findings.sort_by_key(Finding::severity);
    TestReport {
        schema: SCHEMA,
        verdict: Verdict::of(&findings),
        findings: findings.iter().map(|finding| texts.explain(finding, words)).collect(),
        together: texts.explain_together(&findings, words),
        key: key.cloned(),
        token: None,
        roles: None,
        probes: None,
        host: None,
    }
}

/// A group of steps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Connections, token and the monitoring probe, on which everything else depends.
    Way,
    /// The other reads.
    OtherReads,
}

/// The failures in one group of steps, except those about roles.
fn faults(request: &CheckRequest, progress: &Progress, part: Part) -> Vec<Finding> {
    progress
        .rows()
        .iter()
        .filter(|row| {
            let other = matches!(&row.step, CheckStep::Probe(id) if id != MONITORING_PROBE);
            other == (part == Part::OtherReads)
        })
        .filter_map(|row| match row.seen()? {
            Seen::Fault(finding) => Some(finding.clone()),
            Seen::Probe(facts) => facts.finding.clone().and_then(|finding| match finding.code {
                FindingCode::RoleMissing => None,
                FindingCode::ProbeNotOnTenant => about_role(finding, request, &row.step),
                _ => Some(finding),
            }),
            Seen::Connected { .. } | Seen::Token(_) => None,
        })
        .collect()
}

/// The finding about the role that the probe checks; `None` if the response was to be expected.
fn about_role(finding: Finding, request: &CheckRequest, step: &CheckStep) -> Option<Finding> {
    let probe = request.probes.iter().find(|probe| *step == CheckStep::Probe(probe.spec.id.clone()))?;
    (probe.spec.other_status == OtherStatus::Unknown).then(|| match probe.roles.first() {
        Some(role) => finding.about(role.as_str()),
        None => finding,
    })
}

/// A finished test without the monitoring read is never `ready`, whatever else was seen.
fn unexplained(progress: &Progress, findings: &[Finding]) -> Option<Finding> {
    let explained = findings.iter().any(|finding| finding.severity() == Severity::Error);
    (progress.is_done() && progress.probe(MONITORING_PROBE).is_none() && !explained)
        .then(|| Finding::new(FindingCode::ApiUnexpected, Stage::Api).seen(Fact::MonitoringNotRead))
}

/// Monitoring is part of every test, requested or not.
fn monitoring_refused(request: &CheckRequest, progress: &Progress) -> Option<Finding> {
    let facts = progress.probe(MONITORING_PROBE)?;
    let requested = request.roles.iter().any(|role| role == MONITORING_ROLE);
    (facts.outcome == ProbeOutcome::Forbidden && !requested).then(|| {
        let evidence = facts.finding.as_ref().and_then(|finding| finding.evidence.clone());
        Finding { evidence, ..Finding::new(FindingCode::RoleMissing, Stage::Api).about(MONITORING_ROLE) }
    })
}

/// One read in the report.
fn result(probe: &PlannedProbe, progress: &Progress) -> ProbeResult {
    let step = CheckStep::Probe(probe.spec.id.clone());
    let (elapsed, seen) = progress.finished(&step).map_or((None, None), |(elapsed, seen)| (Some(elapsed), Some(seen)));
    let (status, outcome, count) = match seen {
        Some(Seen::Probe(ProbeFacts { status, outcome, count, .. })) => (*status, *outcome, *count),
        Some(Seen::Fault(finding)) if finding.code != FindingCode::Cancelled => (None, ProbeOutcome::Failed, None),
        _ => (None, ProbeOutcome::Skipped, None),
    };
    ProbeResult {
        name: probe.spec.title.clone(),
        method: "GET",
        path: probe.spec.path.clone(),
        status,
        outcome,
        count,
        elapsed_ms: elapsed
            .filter(|_| outcome != ProbeOutcome::Skipped)
            .map(|elapsed| u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)),
    }
}
