//! The live test of one key on the command line: rows while it runs, then roles, findings and the verdict.

use std::{
    cell::RefCell,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    runtime::{self, Runtime},
    sync::mpsc::unbounded_channel,
};
use tokio_util::sync::CancellationToken;
use unicode_width::UnicodeWidthStr as _;

use super::{
    hosts::before_sending,
    interrupt,
    key::{KeyInput, write_findings},
    output::{Destination, Output},
};
use crate::{
    domain::{
        check::{
            CheckEvent, CheckRequest, CheckStep, Site, describe,
            diagnosis::{Progress, assess, assess_key, plan_checks},
            report::{RoleResult, TestReport},
            waiting,
        },
        content::Content,
        finding::Verdict,
        problem::Problem,
        sap::{
            parameters::{Extent, InstanceParameters, JsonStyle},
            plan::PlanId,
        },
        text::{columns::widest, wrap::NO_BREAK},
    },
    jobs::test_key::test_key,
    net::NetOptions,
    words::Words,
};

/// Tests a key and writes the report: as JSON to a destination, or for people.
pub fn test(
    content: &Content,
    input: &KeyInput,
    roles: &[String],
    options: NetOptions,
    allowed_hosts: &[String],
    json: Option<Destination<'_>>,
    output: &mut Output<'_>,
) -> Result<TestReport, Problem> {
    let rows = if json.is_some() { Rows::Silent } else { Rows::Written };
    let report = examine(content, input, roles, options, allowed_hosts, Watch { rows, cancel: None }, output)?;
    if let Some(destination) = json {
        output.json_at(&report, destination)?;
    } else {
        write(&report, roles, content, output)?;
    }
    Ok(report)
}

/// How a test is shown and stopped.
pub struct Watch {
    /// Whether rows are written while it runs.
    pub rows: Rows,
    /// Cancels the test. Without it, Ctrl+C ends the program.
    pub cancel: Option<CancellationToken>,
}

/// Tests a key without writing the report.
///
/// # Errors
///
/// If the hosts of the key are not confirmed, or rows cannot be written.
pub fn examine(
    content: &Content,
    input: &KeyInput,
    roles: &[String],
    options: NetOptions,
    allowed_hosts: &[String],
    watch: Watch,
    output: &mut Output<'_>,
) -> Result<TestReport, Problem> {
    let findings = input.findings();
    let usable = input.found().and_then(|found| found.key.clone().map(|key| (found, key)));
    Ok(match usable {
        None => assess_key(content, input.found().map(|found| &found.summary), &findings),
        Some((found, key)) => {
            before_sending(&key, allowed_hosts, content.words, output)?;
            let request = plan_checks(content, Arc::new(key), roles);
            let progress = perform(&request, options, content, watch, output)?;
            assess(content, &request, &found.summary, &findings, &progress)
        }
    })
}

/// Writes the report with its verdict.
///
/// # Errors
///
/// If the output cannot be written.
pub fn write(report: &TestReport, roles: &[String], content: &Content, output: &mut Output<'_>) -> Result<(), Problem> {
    write_report(report, content.words, output)?;
    write_corrected(roles, report, content, output)?;
    write_verdict(report.verdict, content.words, output)
}

/// A runtime for the network. It lives as long as the process: dropping it would wait for a name lookup, which belongs to
/// the system and may never end, however long ago the test was over.
pub fn runtime(words: Words) -> Result<&'static Runtime, Problem> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| words.test_command().not_started().fill(&[("cause", &error)]).failed())?;
    Ok(Box::leak(Box::new(runtime)))
}

/// Whether rows are written while the test runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// No rows.
    Silent,
    /// Rows are written.
    Written,
}

/// A running test: its progress, and the output.
struct Running<'a, 'b> {
    request: &'a CheckRequest,
    content: &'a Content,
    progress: Progress,
    output: &'a mut Output<'b>,
    written: Result<(), Problem>,
    /// The explanation of a delay, once printed.
    explained: Option<String>,
}

impl Running<'_, '_> {
    /// Shows what the test is waiting for, `at` this time since the start.
    fn show(&mut self, at: Duration) {
        let words = self.content.words;
        if let Some(reason) = waiting::likely_reason(&self.progress, self.request, at, words)
            && self.explained.as_ref() != Some(&reason)
        {
            self.output.remark(&reason);
            self.explained = Some(reason);
        }
        let line = waiting::status_line(&self.progress, self.request, at, words);
        self.output.status(line.as_deref());
    }
}

/// The interval of the status line on a terminal.
const TICK: Duration = Duration::from_secs(1);

/// Runs the test to its end.
fn perform(
    request: &CheckRequest,
    options: NetOptions,
    content: &Content,
    watch: Watch,
    output: &mut Output<'_>,
) -> Result<Progress, Problem> {
    let Watch { rows, cancel } = watch;
    let (progress, began) = (Progress::new(request), Instant::now());
    let watched = output.shows_status();
    let ends_at_signal = watched && cancel.is_none();
    let cancel = cancel.unwrap_or_default();
    let running = RefCell::new(Running { request, content, progress, output, written: Ok(()), explained: None });
    let on_event = |event: CheckEvent| {
        let mut running = running.borrow_mut();
        if rows == Rows::Written && running.written.is_ok() {
            // Stop if rows cannot be written.
            running.written = write_event(&event, request, content, running.output).inspect_err(|_| cancel.cancel());
        }
        running.progress.record_at(event, began.elapsed());
    };
    let test = test_key(request.clone(), options, cancel.clone(), on_event);
    let shown = async {
        loop {
            tokio::time::sleep(TICK).await;
            running.borrow_mut().show(began.elapsed());
        }
    };
    let (slot, mut signals) = unbounded_channel();
    if ends_at_signal {
        // Without it, Ctrl+C would end the program at once and leave the status line behind.
        let _ = interrupt::on_signal(move |signal| {
            let _ = slot.send(signal);
        });
    }
    let ended_by = runtime(content.words)?.block_on(async {
        tokio::select! {
            () = test => None,
            () = shown, if watched => None,
            Some(signal) = signals.recv(), if ends_at_signal => Some(signal),
        }
    });
    let Running { progress, output, written, .. } = running.into_inner();
    output.status(None);
    if let Some(signal) = ended_by {
        interrupt::end(signal);
    }
    written.map(|()| progress)
}

/// Writes a row when its step is done. Waiting is reported on standard error.
fn write_event(
    event: &CheckEvent,
    request: &CheckRequest,
    content: &Content,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let words = content.words;
    let labels = words.test_command();
    match event {
        CheckEvent::Waiting { step, pause, reason, .. } => {
            let step = describe::step(step, request, words);
            output.message(labels.waits(step, describe::retry(*pause, reason, words)));
            Ok(())
        }
        CheckEvent::Finished { step, elapsed, seen } => {
            let said = describe::seen(seen, &content.findings, words);
            output.signed_entry(
                describe::severity(seen),
                &describe::step(step, request, words),
                step_width(request, words),
                &labels.with_time(said, time(*elapsed, words).replace(' ', &NO_BREAK.to_string())),
            )
        }
        CheckEvent::Began { .. }
        | CheckEvent::Started { .. }
        | CheckEvent::Dropped { .. }
        | CheckEvent::AskedToWait(_)
        | CheckEvent::Remark(_)
        | CheckEvent::Done => Ok(()),
    }
}

/// Width of the longest step name.
fn step_width(request: &CheckRequest, words: Words) -> usize {
    let fixed = [CheckStep::Connect(Site::Token), CheckStep::Connect(Site::Api), CheckStep::Token];
    let probes = request.probes.iter().map(|probe| CheckStep::Probe(probe.spec.id.clone()));
    let steps = fixed.into_iter().chain(probes);
    steps.map(|step| describe::step(&step, request, words).width()).max().unwrap_or_default()
}

fn write_report(report: &TestReport, words: Words, output: &mut Output<'_>) -> Result<(), Problem> {
    // Without a token, nothing is known about any role, so they are not listed.
    let roles: Vec<&RoleResult> = report.roles.iter().flatten().filter(|_| report.token.is_some()).collect();
    // Before a long explanation and at the end, so that one of them is visible.
    if !report.together.is_empty() {
        write_verdict(report.verdict, words, output)?;
    }
    if !roles.is_empty() {
        output.line("")?;
    }
    let width = widest(roles.iter().map(|role| role.role.as_str()));
    for role in roles {
        let severity = describe::role_severity(role.status);
        output.signed_entry(severity, &role.role, width, &describe::role(role, words))?;
    }
    if report.token.is_some() && report.rests_on_scopes() {
        output.prose(2, words.check().caveat())?;
    }
    write_findings(&report.together, output)
}

fn write_verdict(verdict: Verdict, words: Words, output: &mut Output<'_>) -> Result<(), Problem> {
    output.line("")?;
    output.signed(verdict.severity(), &words.test_command().verdict(verdict.as_str(), verdict.shown(words)))
}

/// If a role is missing: the parameters with every requested role, for the update of the instance.
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
    // An unknown name would make the broker refuse the whole update.
    let known = asked.iter().map(String::as_str).filter(|role| content.catalogue.get(role).is_some());
    let parameters = InstanceParameters::new(PlanId::Api).with_roles(known.chain(missing));
    output.line("")?;
    output.prose(0, content.words.test_command().corrected())?;
    output.line(parameters.to_json(JsonStyle::Pretty, Extent::Full))
}

fn time(duration: Duration, words: Words) -> String {
    words.test().milliseconds(duration.as_millis())
}
