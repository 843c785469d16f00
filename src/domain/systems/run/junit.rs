//! `systems test --format junit`: the XML that CI servers display as tests.
//!
//! Names of test cases and types of failures are identifiers: dashboards track them over time.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{super::limits::AgeLimits, Run, Tested};
use crate::{
    domain::{
        check::report::{RoleResult, RoleStatus},
        finding::{Explained, FindingCode, Severity, Verdict},
        problem::Problem,
    },
    words::Words,
};

/// The suite.
const SUITE: &str = "cpikey systems test";

/// One suite per run. Each system is a class of test cases: `connection`, one per requested role (`role ...`), and
/// `certificate` and `key-age` for the limits that apply.
///
/// # Errors
///
/// None in practice: it writes to memory.
pub fn junit(run: &Run<'_>, words: Words) -> Result<String, Problem> {
    let mut suite = TestSuite::new(SUITE);
    suite.set_time(run.elapsed());
    suite.extra.insert("timestamp".into(), format!("{:.0}", run.began).into());
    for tested in run.tested {
        suite.add_test_cases(cases(tested, run.limits, words));
    }
    let mut report = Report::new(SUITE);
    report.set_time(run.elapsed());
    report.add_test_suite(suite);
    let xml = report.to_string().map_err(|error| words.output().not_xml().fill(&[("cause", &error)]).failed())?;
    // The schema that Jenkins' xUnit plugin validates against has this count only at a suite and rejects it elsewhere.
    Ok(xml.replacen(&format!(" skipped=\"{}\"", report.skipped), "", 1))
}

fn cases(tested: &Tested, limits: AgeLimits, words: Words) -> Vec<TestCase> {
    let case = |name: String, status: TestCaseStatus| {
        let mut case = TestCase::new(name, status);
        case.set_classname(tested.subject.name.as_str());
        case
    };
    let mut connection = case("connection".to_owned(), connection(tested, words));
    if let Some(elapsed) = tested.elapsed {
        connection.set_time(elapsed);
    }
    let report = tested.result.report.as_ref();
    let roles = report.and_then(|report| report.roles.as_deref()).unwrap_or_default();
    // Every test checks monitoring, whether it was requested or not.
    let missing: Vec<&str> = report.map(|report| report.missing_roles()).unwrap_or_default();
    let unasked = missing.iter().filter(|role| roles.iter().all(|asked| asked.role != **role));
    let unasked = unasked.map(|role| case(role_case(role), no_role(tested, role)));
    let roles = roles.iter().map(|role| case(role_case(&role.role), of_role(tested, role, words)));
    let subject = &tested.subject;
    let limits = [
        ("certificate", FindingCode::CertificateExpiresSoon, limits.warn_days.is_some() && subject.expires.is_some()),
        ("key-age", FindingCode::KeyTooOld, limits.max_age.is_some() && subject.since.is_some()),
    ];
    let limits = limits.into_iter().filter(|(.., applies)| *applies).map(|(name, code, _)| {
        let due = tested.due.iter().find(|finding| finding.code == code);
        case(name.to_owned(), due.map_or_else(TestCaseStatus::success, |finding| failed(code.as_str(), Some(finding))))
    });
    [connection].into_iter().chain(roles).chain(unasked).chain(limits).collect()
}

fn role_case(role: &str) -> String {
    format!("role {role}")
}

/// Whether the key works at all. A missing role is a separate test case.
fn connection(tested: &Tested, words: Words) -> TestCaseStatus {
    let result = &tested.result;
    match (result.verdict, &result.report) {
        (Some(Verdict::Ready | Verdict::Limited), Some(_)) => TestCaseStatus::success(),
        (Some(_), Some(_)) => {
            let mut status = failed(tested.verdict(), tested.found(Severity::Error).next());
            let all: Vec<String> = tested.found(Severity::Error).map(said).collect();
            status.set_description(all.join("\n\n"));
            status
        }
        // There was no test, so neither success nor failure is known.
        (verdict, _) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            let reason = verdict.map_or(words.saved_systems().not_tested(), |verdict| verdict.shown(words));
            let message = if result.reason.is_empty() { reason } else { &result.reason };
            status.set_type(tested.verdict()).set_message(message);
            status
        }
    }
}

fn of_role(tested: &Tested, role: &RoleResult, words: Words) -> TestCaseStatus {
    match role.status {
        RoleStatus::Granted | RoleStatus::Covered => TestCaseStatus::success(),
        RoleStatus::Missing => no_role(tested, &role.role),
        RoleStatus::Unknown => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(words.systems().role_unknown());
            status
        }
    }
}

/// A role that is missing, in the words of the finding about it.
fn no_role(tested: &Tested, role: &str) -> TestCaseStatus {
    let findings = tested.result.report.iter().flat_map(|report| &report.findings);
    let mut missing = findings.filter(|finding| finding.code == FindingCode::RoleMissing);
    let about = |finding: &&Explained| finding.subjects.iter().any(|subject| subject.as_str() == role);
    failed(FindingCode::RoleMissing.as_str(), missing.find(about))
}

/// A failure of this type, or of the type of the finding that explains it.
fn failed(kind: &str, finding: Option<&Explained>) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.map_or(kind, |finding| finding.code.as_str()));
    if let Some(finding) = finding {
        status.set_message(finding.title.as_str()).set_description(said(finding));
    }
    status
}

/// The human-readable text of a finding.
fn said(finding: &Explained) -> String {
    let evidence = finding.evidence.as_ref().map(|evidence| evidence.as_str());
    let parts = [Some(finding.title.as_str()), Some(&finding.cause), finding.fix.as_deref(), evidence];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use quick_junit::Report;

    use super::{
        super::tests::{run, samples},
        *,
    };

    /// Each case as `class/name: state type`.
    fn read(xml: &str) -> Vec<String> {
        let report = Report::deserialize_from_str(xml).unwrap();
        let cases = report.test_suites.iter().flat_map(|suite| &suite.test_cases);
        let state = |case: &TestCase| match &case.status {
            TestCaseStatus::Success { .. } => "ok".to_owned(),
            TestCaseStatus::NonSuccess { kind, ty, .. } => format!("{kind:?} {}", ty.as_ref().unwrap().as_str()),
            TestCaseStatus::Skipped { .. } => "skipped".to_owned(),
        };
        cases
            .map(|case| {
                format!("{}/{}: {}", case.classname.as_ref().unwrap().as_str(), case.name.as_str(), state(case))
            })
            .collect()
    }

    #[test]
    fn each_system_is_a_class_with_its_connection_its_roles_and_its_limits() {
        let samples = samples();
        let xml = junit(&run(&samples), Words::default()).unwrap();
        assert_eq!(
            read(&xml),
            [
                r#""dev" & <test>: 100%\n/connection: Failure bad-credentials"#,
                "left, out/connection: Error not-tested",
                "limited/connection: ok",
                "limited/role MonitoringDataRead: ok",
                "limited/role WorkspacePackagesRead: Failure role-missing",
                "due/connection: ok",
                "due/role MonitoringDataRead: ok",
                "due/certificate: Failure certificate-expires-soon",
                "due/key-age: ok",
                "fine/connection: ok",
                "fine/role MonitoringDataRead: ok",
            ]
        );
        for part in [
            "tests=\"11\"",
            "failures=\"3\"",
            "errors=\"1\"",
            "timestamp=\"2026-11-27T12:00:00Z\"",
            "time=\"2.500\"",
            "A fix.",
        ] {
            assert!(xml.contains(part), "{part} not in {xml}");
        }
    }
}
