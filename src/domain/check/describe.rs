//! The texts of the rows of a test, shared by the wizard and the commands.

use super::{
    CheckRequest, CheckStep, ProbeFacts, ProbeOutcome, RetryReason, Seen, Site,
    report::{Basis, RoleResult, RoleStatus},
};
use crate::{
    domain::{
        finding::{FindingCode, FindingTexts, Severity},
        text::shown::Shown as _,
    },
    words::Words,
};

/// The name of a step.
pub fn step(step: &CheckStep, request: &CheckRequest, words: Words) -> String {
    let words = words.test();
    match step {
        CheckStep::Connect(Site::Token) => words.token_host().to_owned(),
        CheckStep::Connect(Site::Api) => words.api_host().to_owned(),
        CheckStep::Token => words.token().to_owned(),
        CheckStep::Probe(id) => {
            let planned = request.probes.iter().find(|probe| probe.spec.id == *id);
            planned.map_or_else(|| id.clone(), |probe| probe.spec.title.clone())
        }
    }
}

/// Why a step is retried, and when.
pub fn retry(pause: std::time::Duration, reason: &RetryReason, words: Words) -> String {
    words.test().retries(format!("{:.1}", pause.as_secs_f32()), reason.shown(words))
}

/// The result of a step.
pub fn seen(seen: &Seen, findings: &FindingTexts, words: Words) -> String {
    let labels = words.test();
    match seen {
        Seen::Connected { tls, proxy } => match (tls, proxy) {
            (Some(tls), None) => labels.connected(tls),
            (Some(tls), Some(proxy)) => labels.connected_by_proxy(tls, proxy),
            (None, None) => labels.connected_plain().to_owned(),
            (None, Some(proxy)) => labels.connected_plain_by_proxy(proxy),
        },
        Seen::Token(facts) => match facts.lifetime(words) {
            Some(lifetime) => labels.issued_valid(facts.scopes.len(), lifetime),
            None => labels.issued(facts.scopes.len()),
        },
        Seen::Probe(facts) => probe(facts, words),
        Seen::Fault(finding) if finding.code == FindingCode::Cancelled => labels.stopped().to_owned(),
        // The finding itself is shown with its reason above or below the steps.
        Seen::Fault(finding) => match &finding.evidence {
            Some(evidence) => evidence.shown(words),
            None => findings.explain(finding, words).title,
        },
    }
}

fn probe(facts: &ProbeFacts, words: Words) -> String {
    let words = words.test();
    let Some(status) = facts.status else {
        return match facts.outcome {
            ProbeOutcome::Skipped => words.skipped().to_owned(),
            _ => words.failed_without_answer().to_owned(),
        };
    };
    match facts.outcome {
        ProbeOutcome::Ok => match facts.count {
            Some(count) => words.answered_with(usize::try_from(count).unwrap_or(usize::MAX), status),
            None => words.answered(status),
        },
        ProbeOutcome::Forbidden => words.forbidden(status),
        ProbeOutcome::Unauthorized => words.unauthorized(status),
        ProbeOutcome::NotOnTenant => words.not_on_tenant(status),
        ProbeOutcome::Failed => words.failed(status),
        ProbeOutcome::Skipped => words.skipped().to_owned(),
    }
}

/// The severity of a result; `None` if it is as expected.
pub fn severity(seen: &Seen) -> Option<Severity> {
    match seen {
        Seen::Connected { .. } | Seen::Token(_) => None,
        Seen::Probe(facts) => match facts.outcome {
            ProbeOutcome::Ok => None,
            ProbeOutcome::NotOnTenant | ProbeOutcome::Skipped => Some(Severity::Note),
            ProbeOutcome::Forbidden | ProbeOutcome::Unauthorized | ProbeOutcome::Failed => Some(Severity::Error),
        },
        Seen::Fault(finding) if finding.code == FindingCode::Cancelled => Some(Severity::Note),
        // A failed step is an error, whatever the severity of the finding.
        Seen::Fault(finding) => {
            Some(if finding.severity() == Severity::Note { Severity::Error } else { finding.severity() })
        }
    }
}

/// The status of a role, in words.
pub fn role(role: &RoleResult, words: Words) -> String {
    let words = words.test();
    let basis = match role.basis.as_slice() {
        [] => None,
        [Basis::Scope] => Some(words.by_scopes()),
        [Basis::Probe] => Some(words.by_read()),
        _ => Some(words.by_both()),
    };
    match (role.status, basis) {
        (RoleStatus::Granted, None) => words.granted().to_owned(),
        (RoleStatus::Granted, Some(basis)) => words.granted_by(basis),
        (RoleStatus::Covered, None) => words.covered().to_owned(),
        (RoleStatus::Covered, Some(basis)) => words.covered_by(basis),
        (RoleStatus::Missing, None) => words.missing().to_owned(),
        (RoleStatus::Missing, Some(basis)) => words.missing_by(basis),
        (RoleStatus::Unknown, None) => words.unknown().to_owned(),
        (RoleStatus::Unknown, Some(basis)) => words.unknown_by(basis),
    }
}

/// The severity of a role's status; `None` if it is granted.
pub fn role_severity(status: RoleStatus) -> Option<Severity> {
    match status {
        RoleStatus::Granted | RoleStatus::Covered => None,
        RoleStatus::Missing => Some(Severity::Error),
        RoleStatus::Unknown => Some(Severity::Note),
    }
}
