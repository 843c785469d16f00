//! The result of a test: used by `cpikey test --json`, the wizard's verdict and the support report.

use serde::Serialize;

use crate::{
    domain::{
        check::{ProbeOutcome, TokenFacts},
        finding::{Explained, FindingCode, Severity, Verdict},
        key::service_key::KeySummary,
        sap::plan::PlanId,
        text::{mask::Mask, safe_text::SafeText},
    },
    words::{CheckLabels, Words},
};

/// The status of a requested role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleStatus {
    /// It is granted.
    Granted,
    /// The scopes of another role include it.
    Covered,
    /// It is missing.
    Missing,
    /// It cannot be checked by reading.
    Unknown,
}

impl RoleStatus {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            RoleStatus::Granted => "granted",
            RoleStatus::Covered => "covered",
            RoleStatus::Missing => "missing",
            RoleStatus::Unknown => "unknown",
        }
    }
}

/// The evidence for the status of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The scopes of the token: evidence, not proof.
    Scope,
    /// A read that succeeded or was refused.
    Probe,
}

impl Basis {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Scope => "scope",
            Basis::Probe => "probe",
        }
    }
}

/// One requested role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleResult {
    /// Name of the role.
    pub role: String,
    /// Whether it is there.
    pub status: RoleStatus,
    /// The evidence.
    pub basis: Vec<Basis>,
}

/// One read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProbeResult {
    /// What was read.
    pub name: String,
    /// Always `GET`.
    pub method: &'static str,
    /// Path and query below `/api/v1`.
    pub path: String,
    /// HTTP status.
    pub status: Option<u16>,
    /// Its outcome.
    pub outcome: ProbeOutcome,
    /// Entries in the answer.
    pub count: Option<u64>,
    /// Milliseconds.
    pub elapsed_ms: Option<u64>,
}

impl TestReport {
    /// The most severe finding in one sentence; empty if nothing is an error.
    pub fn reason(&self) -> &str {
        let error = self.findings.iter().find(|finding| finding.severity == Severity::Error);
        error.map_or("", |finding| finding.title.as_str())
    }
}

/// The complete result. Contains no secret, token or private key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestReport {
    /// Version of this object.
    pub schema: u32,
    /// The verdict.
    pub verdict: Verdict,
    /// The findings, errors first.
    pub findings: Vec<Explained>,
    /// The same for display: a finding about several roles is merged into one.
    #[serde(skip)]
    pub together: Vec<Explained>,
    /// The key, masked.
    pub key: Option<KeySummary>,
    /// The token's facts, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenFacts>,
    /// The requested roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<RoleResult>>,
    /// The reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probes: Option<Vec<ProbeResult>>,
    /// The API host, for the head of the report.
    #[serde(skip)]
    pub host: Option<SafeText>,
}

impl TestReport {
    /// Masks secrets in all foreign text, in case a server repeats what it was sent. The fields of the key are masked
    /// when it is read.
    pub fn mask(&mut self, mask: &Mask) {
        let scopes = self.token.iter_mut().flat_map(|token| &mut token.scopes);
        let findings = self.findings.iter_mut().flat_map(|finding| {
            for text in [&mut finding.title, &mut finding.cause].into_iter().chain(&mut finding.fix) {
                *text = mask.apply(text);
            }
            finding.subjects.iter_mut().chain(&mut finding.evidence)
        });
        for text in scopes.chain(findings).chain(&mut self.host) {
            *text = mask.apply_safe(text);
        }
    }

    /// Whether the status of any role is based only on the scopes of the token.
    pub fn rests_on_scopes(&self) -> bool {
        self.roles.iter().flatten().any(|role| role.basis == [Basis::Scope])
    }

    /// The roles that the instance lacks: requested ones, and monitoring.
    pub fn missing_roles(&self) -> Vec<&str> {
        self.findings
            .iter()
            .filter(|finding| finding.code == FindingCode::RoleMissing)
            .filter_map(|finding| finding.subjects.first().map(SafeText::as_str))
            .collect()
    }
}

/// The report for colleagues or SAP support: Markdown with all results of the test, without secrets.
pub fn markdown(report: &TestReport, words: Words) -> String {
    let words = words.check();
    let mut out = format!("# {}\n\n", words.report());
    line(&mut out, words.report_verdict(), Some(report.verdict.as_str()));
    line(&mut out, words.report_api_host(), report.host.as_ref().map(SafeText::as_str));
    if let Some(key) = &report.key {
        line(&mut out, words.report_plan(), key.plan.map(PlanId::as_str));
        line(&mut out, words.report_client_id(), key.client_id.as_ref().map(SafeText::as_str));
        line(&mut out, words.report_url(), key.url.as_ref().map(SafeText::as_str));
        line(&mut out, words.report_token_url(), key.token_url.as_ref().map(SafeText::as_str));
        line(&mut out, words.report_region(), key.region.as_deref());
        line(&mut out, words.report_created(), key.created.as_ref().map(SafeText::as_str));
        line(&mut out, words.report_expires(), key.expires.as_ref().map(SafeText::as_str));
    }
    if let Some(token) = &report.token {
        let lifetime = token.expires_in.map(|seconds| format!("{seconds} s"));
        line(&mut out, words.report_token_lifetime(), lifetime.as_deref());
        let scopes: Vec<&str> = token.scopes.iter().map(SafeText::as_str).collect();
        line(&mut out, words.report_scopes(), Some(scopes.join(", ").as_str()).filter(|scopes| !scopes.is_empty()));
    }
    findings(&mut out, &report.together, words);
    if let Some(roles) = report.roles.as_deref().filter(|roles| !roles.is_empty()) {
        heading(&mut out, words.report_roles());
        for role in roles {
            let basis: Vec<&str> = role.basis.iter().map(|basis| basis.as_str()).collect();
            let (name, status) = (code(&role.role), role.status.as_str());
            out.push_str(&match basis.as_slice() {
                [] => format!("- {name}: {status}\n"),
                basis => format!("- {}\n", words.report_role_by(name, status, basis.join(", "))),
            });
        }
        if report.rests_on_scopes() {
            out.push_str(&format!("\n{}\n", words.caveat()));
        }
    }
    if let Some(probes) = report.probes.as_deref().filter(|probes| !probes.is_empty()) {
        heading(&mut out, words.report_reads());
        for probe in probes {
            let request = code(&format!("{} /api/v1{}", probe.method, probe.path));
            let status = probe.status.map(|status| format!("{status}, ")).unwrap_or_default();
            let elapsed = probe.elapsed_ms.map(|elapsed| format!(", {elapsed} ms")).unwrap_or_default();
            out.push_str(&format!("- {request}: {status}{}{elapsed}\n", probe.outcome.as_str()));
        }
    }
    out
}

fn heading(out: &mut String, title: &str) {
    out.push_str(&format!("\n## {title}\n\n"));
}

fn findings(out: &mut String, findings: &[Explained], words: CheckLabels) {
    if findings.is_empty() {
        return;
    }
    heading(out, words.report_findings());
    for finding in findings {
        let head = format!("{}, {}, {}", finding.severity.as_str(), finding.stage.as_str(), finding.code.as_str());
        out.push_str(&format!("- **{}** ({head})\n", prose(&finding.title)));
        if let Some(evidence) = &finding.evidence {
            out.push_str(&format!("  - {}: {}\n", words.report_seen(), code(evidence.as_str())));
        }
        let fix = finding.fix.as_deref().unwrap_or_default();
        for (label, text) in [(words.report_why(), finding.cause.as_str()), (words.report_fix(), fix)] {
            if !text.is_empty() {
                out.push_str(&format!("  - {label}: {}\n", prose(text)));
            }
        }
    }
}

/// One line of the header, omitted if unknown.
fn line(out: &mut String, label: &str, value: Option<&str>) {
    if let Some(value) = value {
        out.push_str(&format!("- {label}: {}\n", code(value)));
    }
}

/// A value as code, so that nothing in it is interpreted as Markdown.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// A sentence that may contain foreign text: anything that could become a link, an image or HTML is escaped.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '<' | '>' | '[' | ']' | '*' | '`' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{FindingCode, Stage};

    fn report() -> TestReport {
        let missing = Explained {
            code: FindingCode::RoleMissing,
            severity: Severity::Error,
            stage: Stage::Api,
            subjects: vec!["WorkspacePackagesRead".into()],
            title: "The role <b>X</b> is [missing](http://evil.example).".into(),
            cause: String::new(),
            fix: Some("Update the instance.".into()),
            evidence: Some("403 on `GET` /IntegrationPackages".into()),
        };
        TestReport {
            schema: 1,
            verdict: Verdict::Limited,
            findings: vec![missing.clone()],
            together: vec![missing],
            key: None,
            token: Some(TokenFacts { expires_in: Some(43_199), scopes: vec!["a".into(), "b".into()], elapsed_ms: 4 }),
            roles: Some(vec![RoleResult {
                role: "MonitoringDataRead".into(),
                status: RoleStatus::Granted,
                basis: vec![Basis::Scope, Basis::Probe],
            }]),
            probes: Some(vec![ProbeResult {
                name: "message processing logs".into(),
                method: "GET",
                path: "/MessageProcessingLogs?$top=1".into(),
                status: Some(200),
                outcome: ProbeOutcome::Ok,
                count: Some(1),
                elapsed_ms: Some(41),
            }]),
            host: Some("acme.example".into()),
        }
    }

    #[test]
    fn the_report_names_verdict_host_roles_and_reads() {
        let text = markdown(&report(), Words::default());
        for part in [
            "- Verdict: `limited`",
            "- API host: `acme.example`",
            "- Token lifetime: `43199 s`",
            "- Scopes: `a, b`",
            "- `MonitoringDataRead`: granted (by scope, probe)",
            "- `GET /api/v1/MessageProcessingLogs?$top=1`: 200, ok, 41 ms",
        ] {
            assert!(text.contains(part), "{part} not in:\n{text}");
        }
    }

    #[test]
    fn foreign_text_in_the_report_stays_text() {
        let text = markdown(&report(), Words::default());
        assert!(text.contains(r"\<b\>X\</b\> is \[missing\](http://evil.example)"));
        assert!(text.contains("Seen: `403 on 'GET' /IntegrationPackages`"));
    }
}
