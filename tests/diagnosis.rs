//! From test observations to the verdict.
#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers beside them are not marked so")]

mod support;

use std::{sync::Arc, time::Duration};

use cpikey::domain::{
    check::{
        CheckEvent, CheckRequest, CheckStep, MONITORING_PROBE, MONITORING_ROLE, ProbeFacts, ProbeOutcome, RetryReason,
        Seen, Site, TokenFacts, Try,
        diagnosis::{Progress, RowState, assess, assess_key, plan_checks},
        report::{Basis, RoleStatus, TestReport},
    },
    finding::{Finding, FindingCode as C, Severity, Stage, Verdict},
};
use support::{content, key, summary};

const MONITORING: [&str; 2] = ["IntegrationOperationServer.read", "NodeManager.read"];

/// A test under construction: the requested roles and the observations.
struct Case {
    request: CheckRequest,
    progress: Progress,
}

impl Case {
    fn asking(roles: &[&str]) -> Self {
        let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        let key = Arc::new(key("http://127.0.0.1:1", "http://127.0.0.1:1/oauth/token"));
        let request = plan_checks(&content(), key, &roles);
        let progress = Progress::new(&request);
        Self { request, progress }
    }

    fn finished(mut self, step: CheckStep, seen: Seen) -> Self {
        self.progress.record(CheckEvent::Finished { step, elapsed: Duration::from_millis(7), seen });
        self
    }

    fn token(self, scopes: &[&str]) -> Self {
        let scopes = scopes.iter().map(|scope| (*scope).into()).collect();
        self.finished(CheckStep::Token, Seen::Token(TokenFacts { expires_in: Some(43_199), scopes, elapsed_ms: 1 }))
    }

    fn read(self, id: &str, outcome: ProbeOutcome) -> Self {
        let (status, code) = match outcome {
            ProbeOutcome::Ok => (200, None),
            ProbeOutcome::Forbidden => (403, Some(C::RoleMissing)),
            ProbeOutcome::Unauthorized => (401, Some(C::TokenNotAccepted)),
            ProbeOutcome::NotOnTenant => (404, Some(C::ProbeNotOnTenant)),
            ProbeOutcome::Failed | ProbeOutcome::Skipped => (503, Some(C::ApiUnavailable)),
        };
        let finding = code.map(|code| Finding::new(code, Stage::Api).seen(format!("{status} on GET /Things")));
        let facts = ProbeFacts { status: Some(status), outcome, count: None, finding };
        self.finished(CheckStep::Probe(id.into()), Seen::Probe(facts))
    }

    fn report(&self) -> TestReport {
        assess(&content(), &self.request, &summary(), &[], &self.progress)
    }

    fn role(&self, name: &str) -> (RoleStatus, Vec<Basis>) {
        let roles = self.report().roles.unwrap();
        let result = roles.into_iter().find(|result| result.role == name).unwrap();
        (result.status, result.basis)
    }
}

fn codes(report: &TestReport) -> Vec<C> {
    report.findings.iter().map(|finding| finding.code).collect()
}

fn ids(request: &CheckRequest) -> Vec<&str> {
    request.probes.iter().map(|probe| probe.spec.id.as_str()).collect()
}

#[test]
fn monitoring_is_always_asked_for_first_and_each_probe_once() {
    let case = Case::asking(&["WorkspacePackagesRead", "AuthGroup_ReadOnly", "WorkspacePackagesRead", "Nonsense"]);
    assert_eq!(ids(&case.request), [MONITORING_PROBE, "integration-packages"]);
    assert_eq!(case.request.probes[0].roles, ["AuthGroup_ReadOnly"]);
    assert_eq!(case.request.probes[1].roles, ["WorkspacePackagesRead", "AuthGroup_ReadOnly"]);
    assert_eq!(case.request.roles, ["WorkspacePackagesRead", "AuthGroup_ReadOnly", "Nonsense"]);
}

#[test]
fn a_test_without_roles_reads_only_monitoring() {
    let case = Case::asking(&[]);
    assert_eq!(case.request.roles, [MONITORING_ROLE]);
    assert_eq!(ids(&case.request), [MONITORING_PROBE]);
}

#[test]
fn a_key_with_everything_is_ready_and_says_what_that_rests_on() {
    let case = Case::asking(&[MONITORING_ROLE]).token(&MONITORING).read(MONITORING_PROBE, ProbeOutcome::Ok);
    let report = case.report();
    assert_eq!((report.verdict, report.verdict.exit_status()), (Verdict::Ready, 0));
    assert_eq!(codes(&report), []);
    assert_eq!(case.role(MONITORING_ROLE), (RoleStatus::Granted, vec![Basis::Scope, Basis::Probe]));
    let probe = &report.probes.unwrap()[0];
    assert_eq!((probe.method, probe.status, probe.elapsed_ms), ("GET", Some(200), Some(7)));
}

#[test]
fn a_refused_read_is_a_missing_role_even_if_the_token_carries_its_scopes() {
    let case = Case::asking(&["WorkspacePackagesRead"])
        .token(&["IntegrationOperationServer.read", "NodeManager.read", "WebToolingWorkspace.Read"])
        .read(MONITORING_PROBE, ProbeOutcome::Ok)
        .read("integration-packages", ProbeOutcome::Forbidden);
    let report = case.report();
    assert_eq!((report.verdict, report.verdict.exit_status()), (Verdict::Limited, 3));
    assert_eq!(case.role("WorkspacePackagesRead"), (RoleStatus::Missing, vec![Basis::Probe]));
    let finding = &report.findings[0];
    assert_eq!((finding.code, finding.severity), (C::RoleMissing, Severity::Error));
    assert_eq!(finding.subjects[0].as_str(), "WorkspacePackagesRead");
    let evidence = finding.evidence.as_ref().unwrap().as_str();
    assert_eq!(evidence, "403 on GET /Things, although the token carries its scopes");
}

#[test]
fn monitoring_that_is_refused_limits_a_key_that_was_not_asked_for_it() {
    let case = Case::asking(&["WorkspacePackagesRead"])
        .token(&["WebToolingWorkspace.Read"])
        .read(MONITORING_PROBE, ProbeOutcome::Forbidden)
        .read("integration-packages", ProbeOutcome::Ok);
    let report = case.report();
    assert_eq!(report.verdict, Verdict::Limited);
    assert_eq!(codes(&report), [C::RoleMissing]);
    assert_eq!(report.findings[0].subjects[0].as_str(), MONITORING_ROLE);
    assert_eq!(report.roles.unwrap().len(), 1);
}

#[test]
fn a_role_that_only_writes_is_judged_by_the_scopes_of_the_token() {
    let asked = || Case::asking(&["WorkspacePackagesEdit"]).read(MONITORING_PROBE, ProbeOutcome::Ok);
    let both = asked().token(&["WebToolingWorkspace.Read", "WebToolingWorkspace.Write"]);
    assert_eq!(both.role("WorkspacePackagesEdit"), (RoleStatus::Granted, vec![Basis::Scope]));
    assert_eq!(both.report().verdict, Verdict::Ready);

    let none = asked().token(&["NodeManager.read"]);
    assert_eq!(none.role("WorkspacePackagesEdit"), (RoleStatus::Missing, vec![Basis::Scope]));
    assert_eq!(none.report().verdict, Verdict::Limited);
    assert_eq!(none.report().missing_roles(), ["WorkspacePackagesEdit"]);

    // The reading scope is also part of other roles.
    let half = asked().token(&["WebToolingWorkspace.Read"]);
    assert_eq!(half.role("WorkspacePackagesEdit"), (RoleStatus::Unknown, vec![]));
    let report = half.report();
    assert_eq!((report.verdict, codes(&report)), (Verdict::Ready, vec![C::RoleNotCheckable]));
    assert!(report.missing_roles().is_empty());
    assert!(report.findings[0].evidence.as_ref().unwrap().as_str().ends_with("WebToolingWorkspace.Write"));

    let strange = asked().token(&["uaa.resource"]);
    assert_eq!(strange.role("WorkspacePackagesEdit"), (RoleStatus::Unknown, vec![]));
    assert_eq!(codes(&strange.report()), [C::RoleNotCheckable]);
    assert_eq!(strange.report().verdict, Verdict::Ready);
}

#[test]
fn scopes_count_with_the_prefix_of_another_application_and_role_names_count_too() {
    let case = |scopes: &[&str]| Case::asking(&["WorkspacePackagesEdit"]).token(scopes).role("WorkspacePackagesEdit").0;
    assert_eq!(case(&["it!b9.WebToolingWorkspace.Read", "it!b9.WebToolingWorkspace.Write"]), RoleStatus::Granted);
    assert_eq!(case(&["WorkspacePackagesEdit"]), RoleStatus::Granted);
    assert_eq!(case(&["NotWebToolingWorkspace.Read", "x.WebToolingWorkspace.Write"]), RoleStatus::Unknown);
}

#[test]
fn a_role_whose_scopes_another_requested_role_carries_is_covered() {
    let mut case = Case::asking(&["WorkspacePackagesRead", "WorkspacePackagesEdit"]);
    // SAP does not document that this role allows this resource, so the read proves nothing.
    case.request.probes[1].spec.documented = false;
    let case = case
        .token(&["WebToolingWorkspace.Read", "WebToolingWorkspace.Write"])
        .read(MONITORING_PROBE, ProbeOutcome::Ok)
        .read("integration-packages", ProbeOutcome::Ok);
    assert_eq!(case.role("WorkspacePackagesRead"), (RoleStatus::Covered, vec![Basis::Scope, Basis::Probe]));
    assert_eq!(case.role("WorkspacePackagesEdit"), (RoleStatus::Granted, vec![Basis::Scope]));
    assert_eq!(case.report().verdict, Verdict::Ready);
}

#[test]
fn a_read_that_goes_through_without_its_scopes_is_granted_with_a_warning() {
    let case = Case::asking(&["WorkspacePackagesRead"])
        .token(&MONITORING)
        .read(MONITORING_PROBE, ProbeOutcome::Ok)
        .read("integration-packages", ProbeOutcome::Ok);
    assert_eq!(case.role("WorkspacePackagesRead"), (RoleStatus::Granted, vec![Basis::Probe]));
    let report = case.report();
    assert_eq!((report.verdict, codes(&report)), (Verdict::Ready, vec![C::RoleUncertain]));
    assert_eq!(report.findings[0].severity, Severity::Warning);
}

#[test]
fn a_resource_that_the_tenant_does_not_offer_says_nothing_unless_sap_says_so() {
    let case = Case::asking(&["AccessPoliciesRead", "MessageProcessingLocksRead"])
        .token(&["uaa.resource"])
        .read(MONITORING_PROBE, ProbeOutcome::Ok)
        .read("access-policies", ProbeOutcome::NotOnTenant)
        .read("id-map", ProbeOutcome::NotOnTenant);
    assert_eq!(case.role("AccessPoliciesRead"), (RoleStatus::Unknown, vec![]));
    assert_eq!(case.role("MessageProcessingLocksRead"), (RoleStatus::Granted, vec![Basis::Probe]));
    let report = case.report();
    assert_eq!((report.verdict, codes(&report)), (Verdict::Ready, vec![C::ProbeNotOnTenant]));
    assert_eq!(report.findings[0].subjects[0].as_str(), "AccessPoliciesRead");
}

#[test]
fn a_composite_is_there_by_its_own_scope_covered_by_its_parts_or_missing() {
    let case = |scopes: &[&str]| {
        Case::asking(&["AuthGroup_ReadOnly"])
            .token(scopes)
            .read(MONITORING_PROBE, ProbeOutcome::Ok)
            .read("integration-packages", ProbeOutcome::Ok)
            .role("AuthGroup_ReadOnly")
            .0
    };
    let parts = ["IntegrationOperationServer.read", "NodeManager.read", "WebToolingWorkspace.Read"];
    assert_eq!(case(&["AuthGroup.ReadOnly"]), RoleStatus::Granted);
    assert_eq!(case(&parts), RoleStatus::Covered);
    assert_eq!(case(&parts[..2]), RoleStatus::Missing);
    assert_eq!(case(&["uaa.resource"]), RoleStatus::Unknown);
}

#[test]
fn an_unknown_role_is_reported_and_a_similar_one_suggested() {
    let case = Case::asking(&["MonitoringDataread"]).token(&MONITORING).read(MONITORING_PROBE, ProbeOutcome::Ok);
    let report = case.report();
    assert_eq!(codes(&report), [C::RoleUnknown]);
    assert_eq!(report.findings[0].evidence.as_ref().unwrap().as_str(), "similar to MonitoringDataRead");
    assert_eq!(case.role("MonitoringDataread").0, RoleStatus::Unknown);
}

#[test]
fn without_a_token_no_role_is_judged_and_nothing_else_is_requested() {
    let fault = Finding::new(C::BadCredentials, Stage::Token).about("127.0.0.1");
    let case = Case::asking(&[MONITORING_ROLE, "WorkspacePackagesEdit"]).finished(CheckStep::Token, Seen::Fault(fault));
    let report = case.report();
    assert_eq!((report.verdict, codes(&report)), (Verdict::Rejected, vec![C::BadCredentials]));
    assert!(report.roles.as_ref().unwrap().iter().all(|role| role.status == RoleStatus::Unknown));
    let probe = &report.probes.unwrap()[0];
    assert_eq!((probe.outcome, probe.status, probe.elapsed_ms), (ProbeOutcome::Skipped, None, None));
}

#[test]
fn a_token_that_the_api_rejects_is_reported_once() {
    let case = Case::asking(&["WorkspacePackagesRead"])
        .token(&["WebToolingWorkspace.Read"])
        .read(MONITORING_PROBE, ProbeOutcome::Unauthorized)
        .read("integration-packages", ProbeOutcome::Unauthorized);
    let report = case.report();
    assert_eq!((report.verdict, codes(&report)), (Verdict::Refused, vec![C::TokenNotAccepted]));
}

#[test]
fn while_the_api_does_not_answer_no_role_is_missing() {
    let case = Case::asking(&[MONITORING_ROLE, "WorkspacePackagesEdit", "AuthGroup_ReadOnly"])
        .token(&["IntegrationOperationServer.read"])
        .read(MONITORING_PROBE, ProbeOutcome::Failed);
    let report = case.report();
    assert_eq!((report.verdict, codes(&report)), (Verdict::Unavailable, vec![C::ApiUnavailable]));
    assert!(report.roles.as_ref().unwrap().iter().all(|role| role.status == RoleStatus::Unknown));
    assert_eq!(report.missing_roles(), Vec::<&str>::new());
}

#[test]
fn a_role_with_a_part_of_its_scopes_and_no_answered_read_is_unknown() {
    let case = Case::asking(&["AuthGroup_TenantPartnerDirectoryConfigurator"])
        .token(&["TenantPartnerDirectory.read"])
        .read(MONITORING_PROBE, ProbeOutcome::Ok)
        .read("string-parameters", ProbeOutcome::Failed);
    assert_eq!(case.role("AuthGroup_TenantPartnerDirectoryConfigurator"), (RoleStatus::Unknown, vec![]));
    assert!(case.report().missing_roles().is_empty());
}

#[test]
fn a_missing_role_says_more_than_one_read_that_failed() {
    let case = Case::asking(&["WorkspacePackagesRead", "AccessPoliciesRead"])
        .token(&["uaa.resource"])
        .read(MONITORING_PROBE, ProbeOutcome::Ok)
        .read("integration-packages", ProbeOutcome::Failed)
        .read("access-policies", ProbeOutcome::Forbidden);
    let report = case.report();
    assert_eq!((report.verdict, codes(&report)), (Verdict::Limited, vec![C::RoleMissing, C::ApiUnavailable]));
}

#[test]
fn a_test_that_ends_without_a_look_at_the_monitoring_is_not_ready() {
    let mut case = Case::asking(&[MONITORING_ROLE]).token(&MONITORING);
    case.progress.record(CheckEvent::Done);
    let report = case.report();
    assert_eq!((report.verdict, codes(&report)), (Verdict::Unexpected, vec![C::ApiUnexpected]));
}

#[test]
fn findings_of_the_key_come_first_and_errors_before_notes() {
    let key_findings = [Finding::key(C::UrlTrimmed).about("url"), Finding::key(C::HostUnknown).about("127.0.0.1")];
    let case = Case::asking(&[]).token(&MONITORING).read(MONITORING_PROBE, ProbeOutcome::Failed);
    let report = assess(&content(), &case.request, &summary(), &key_findings, &case.progress);
    assert_eq!(codes(&report), [C::ApiUnavailable, C::HostUnknown, C::UrlTrimmed]);
    assert_eq!(report.verdict, Verdict::Unavailable);
}

#[test]
fn a_key_by_itself_has_a_verdict_without_network_parts() {
    let report = assess_key(&content(), None, &[Finding::key(C::WrongPlan)]);
    assert_eq!((report.verdict, report.verdict.exit_status()), (Verdict::WrongPlan, 2));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json.get("roles"), None);
    assert_eq!(json["schema"], 1);
    assert_eq!(json["findings"][0]["stage"], "key");
}

#[test]
fn rows_go_from_pending_to_running_to_waiting_to_finished() {
    let mut case = Case::asking(&[]);
    let steps: Vec<CheckStep> = case.progress.rows().iter().map(|row| row.step.clone()).collect();
    let monitoring = CheckStep::Probe(MONITORING_PROBE.into());
    assert_eq!(steps, [CheckStep::Connect(Site::Token), CheckStep::Token, CheckStep::Connect(Site::Api), monitoring]);
    let state = |case: &Case| case.progress.rows()[1].state.clone();
    assert_eq!(state(&case), RowState::Pending);
    let (at, within) = (Duration::ZERO, Duration::from_secs(15));
    case.progress.record(CheckEvent::Started { step: CheckStep::Token, within });
    assert_eq!(state(&case), RowState::Running { since: at, within });
    let pause = Duration::from_secs(1);
    let next = Try { number: 2, of: 3 };
    let reason = RetryReason::Answer("503 Service Unavailable".into());
    let waiting = CheckEvent::Waiting { step: CheckStep::Token, pause, reason: reason.clone(), next, within };
    case.progress.record(waiting);
    assert_eq!(state(&case), RowState::Waiting { since: at, pause, reason, next, within });
    let case = case.token(&[]);
    assert!(case.progress.token().is_some());
    assert!(!case.progress.is_done());
}
