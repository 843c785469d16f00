//! `test`: the live connection test.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{
    args::TestArgs,
    content,
    hosts::before_sending,
    key::{KeyInput, write_findings},
    output::Output,
    status::{Outcome, Status},
    systems,
};
use crate::{
    domain::{
        check::{
            CheckEvent, CheckRequest, CheckStep, ProbeFacts, ProbeOutcome, Seen, Site, TokenFacts,
            diagnosis::{Progress, assess, assess_key, plan_checks},
            report::{RoleResult, RoleStatus, TestReport},
        },
        content::Content,
        finding::{Finding, Severity, Verdict},
        problem::Problem,
        sap::{
            parameters::{Extent, InstanceParameters, JsonStyle},
            plan::PlanId,
        },
    },
    jobs::test_key::{requested_roles, test_key},
    net::NetOptions,
    platform::env::Environment,
    words::Words,
};

pub fn run(args: TestArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let options = args.network.options(environment, content.words)?;
    let roles = requested_roles(&content, args.purpose.as_deref(), args.roles);
    let Some(name) = args.system else {
        let input = KeyInput::read(args.file.as_deref(), args.client_key.as_deref(), "test")?;
        let report = test(&content, &input, &roles, options, &args.allowed_hosts, args.json, output)?;
        return Ok(Status::Verdict(report.verdict));
    };
    systems::test_one(
        &name,
        Some(roles).filter(|roles| !roles.is_empty()),
        options,
        &args.allowed_hosts,
        args.json,
        output,
    )
}

/// Tests a key and writes what comes of it.
pub fn test(
    content: &Content,
    input: &KeyInput,
    roles: &[String],
    options: NetOptions,
    allowed_hosts: &[String],
    json: bool,
    output: &mut Output<'_>,
) -> Result<TestReport, Problem> {
    let findings = input.findings();
    let usable = input.found().and_then(|found| found.key.clone().map(|key| (found, key)));
    let report = match usable {
        None => assess_key(content, input.found().map(|found| &found.summary), &findings),
        Some((found, key)) => {
            before_sending(&key, allowed_hosts, content.words, output)?;
            let request = plan_checks(content, Arc::new(key), roles);
            let rows = if json { Rows::Silent } else { Rows::Written };
            let progress = perform(&request, options, content, rows, output)?;
            assess(content, &request, &found.summary, &findings, &progress)
        }
    };
    if json {
        output.json(&report)?;
    } else {
        write_report(&report, content.words, output)?;
        write_corrected(roles, &report, content, output)?;
    }
    Ok(report)
}

/// A runtime for the network.
pub fn runtime(words: Words) -> Result<tokio::runtime::Runtime, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| words.test_command().not_started().fill(&[("cause", &error)]).failed())
}

/// Whether rows are written while the test runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    Silent,
    Written,
}

/// Runs the test to its end.
fn perform(
    request: &CheckRequest,
    options: NetOptions,
    content: &Content,
    rows: Rows,
    output: &mut Output<'_>,
) -> Result<Progress, Problem> {
    let (cancel, mut progress, mut written) = (CancellationToken::new(), Progress::new(request), Ok(()));
    let on_event = |event: CheckEvent| {
        if rows == Rows::Written && written.is_ok() {
            // Rows that cannot be written need no test.
            written = write_event(&event, request, content, output).inspect_err(|_| cancel.cancel());
        }
        progress.record(event);
    };
    runtime(content.words)?.block_on(test_key(request.clone(), options, cancel.clone(), on_event));
    written.map(|()| progress)
}

fn write_event(
    event: &CheckEvent,
    request: &CheckRequest,
    content: &Content,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    match event {
        CheckEvent::Waiting { step, pause, reason } => {
            let reason = reason.shown(content.words);
            output.message(format!("{}: {reason}, again in {}", title(step, request), millis(*pause)));
            Ok(())
        }
        CheckEvent::Finished { step, elapsed, seen } => {
            let (severity, words) = describe(seen, content);
            let sign = output.sign(severity);
            output.line(format!("{sign} {:<32} {words} ({})", title(step, request), millis(*elapsed)))
        }
        CheckEvent::Started(_) | CheckEvent::Remark(_) | CheckEvent::Done => Ok(()),
    }
}

/// What a step is called.
fn title(step: &CheckStep, request: &CheckRequest) -> String {
    match step {
        CheckStep::Connect(Site::Token) => "connection to the token server".to_owned(),
        CheckStep::Connect(Site::Api) => "connection to the API".to_owned(),
        CheckStep::Token => "token".to_owned(),
        CheckStep::Probe(id) => {
            let planned = request.probes.iter().find(|probe| probe.spec.id == *id);
            planned.map_or_else(|| id.clone(), |probe| probe.spec.title.clone())
        }
    }
}

/// What was seen, and how bad it is; `None` where it is as it should be.
fn describe(seen: &Seen, content: &Content) -> (Option<Severity>, String) {
    match seen {
        Seen::Connected { tls, proxy } => {
            let way = tls.as_ref().map_or("plain http", |tls| tls.as_str());
            let proxy = proxy.as_ref().map(|proxy| format!(" through {proxy}")).unwrap_or_default();
            (None, format!("{way}{proxy}"))
        }
        Seen::Token(facts) => (None, describe_token(facts, content)),
        Seen::Probe(facts) => describe_probe(facts),
        Seen::Fault(finding) => fault(finding, content),
    }
}

fn describe_token(facts: &TokenFacts, content: &Content) -> String {
    let lifetime = facts.lifetime(content.words).map(|lifetime| format!(", valid for {lifetime}")).unwrap_or_default();
    format!("{} scopes{lifetime}", facts.scopes.len())
}

fn describe_probe(facts: &ProbeFacts) -> (Option<Severity>, String) {
    let status = facts.status.map(|status| format!("{status} ")).unwrap_or_default();
    let count = facts.count.map(|count| format!(", entries: {count}")).unwrap_or_default();
    let words = format!("{status}{}{count}", facts.outcome.as_str());
    let severity = match (facts.outcome, &facts.finding) {
        (ProbeOutcome::Ok, _) => None,
        (_, Some(finding)) => Some(finding.severity()),
        (ProbeOutcome::NotOnTenant | ProbeOutcome::Skipped, None) => Some(Severity::Note),
        (_, None) => Some(Severity::Error),
    };
    (severity, words)
}

fn fault(finding: &Finding, content: &Content) -> (Option<Severity>, String) {
    (Some(finding.severity()), content.findings.explain(finding, content.words).title)
}

fn write_report(report: &TestReport, words: Words, output: &mut Output<'_>) -> Result<(), Problem> {
    // Without a token nothing is known of any role, which need not be said role by role.
    let roles: Vec<&RoleResult> = report.roles.iter().flatten().filter(|_| report.token.is_some()).collect();
    if !roles.is_empty() {
        output.line("")?;
    }
    for role in roles {
        let severity = match role.status {
            RoleStatus::Granted | RoleStatus::Covered => None,
            RoleStatus::Missing => Some(Severity::Error),
            RoleStatus::Unknown => Some(Severity::Note),
        };
        let sign = output.sign(severity);
        let basis: Vec<&str> = role.basis.iter().map(|basis| basis.as_str()).collect();
        let basis = if basis.is_empty() { String::new() } else { format!(" (by {})", basis.join(" and ")) };
        output.line(format!("{sign} {:<32} {}{basis}", role.role, role.status.as_str()))?;
    }
    if report.token.is_some() && report.rests_on_scopes() {
        output.prose(2, words.check().caveat())?;
    }
    write_findings(&report.together, output)?;
    output.line("")?;
    let sign = output.sign(Some(Severity::Error).filter(|_| report.verdict != Verdict::Ready));
    output.line(format!("{sign} {}: {}", report.verdict.as_str(), report.verdict.shown(words)))
}

/// Where a role is missing: the parameters with every role asked for, ready for the update of the instance.
fn write_corrected(
    asked: &[String],
    report: &TestReport,
    content: &Content,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let missing = report.missing_roles();
    if missing.is_empty() {
        return Ok(());
    }
    // A name that SAP does not know would make the broker refuse the whole update.
    let known = asked.iter().map(String::as_str).filter(|role| content.catalogue.get(role).is_some());
    let parameters = InstanceParameters::new(PlanId::Api).with_roles(known.chain(missing));
    output.line("")?;
    output.prose(
        0,
        "The corrected instance parameters. Add whatever else the instance has today; an update replaces all.",
    )?;
    output.line(parameters.to_json(JsonStyle::Pretty, Extent::Full))
}

fn millis(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}
