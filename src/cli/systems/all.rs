//! `systems test --all`: every saved system, several at a time, the worst first.

use std::{
    io::{self, IsTerminal as _},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use jiff::Timestamp;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::{
    super::{
        content,
        hosts::{Sending, before_sending},
        output::Output,
        status::{Outcome, Status},
        test,
    },
    open, open_store, record, shown,
};
use crate::{
    domain::{
        check::{
            diagnosis::{assess, assess_key, plan_checks},
            report::TestReport,
        },
        content::Content,
        finding::{Severity, Verdict},
        key::service_key::Found,
        problem::Problem,
        systems::system::System,
        text::safe_text::SafeText,
    },
    net::{
        NetOptions,
        many::{follow, side_by_side},
    },
    platform::saved::SavedFault,
};

/// What is known of one system at the end.
struct Row<'a> {
    system: &'a System,
    verdict: Verdict,
    /// The reason in one sentence; empty where there is none to name.
    reason: String,
    report: Option<TestReport>,
}

/// `systems test --all --json`
#[derive(Serialize)]
struct Results<'a> {
    schema: u32,
    verdict: Verdict,
    systems: Vec<SystemResult<'a>>,
}

/// One system of it.
#[derive(Serialize)]
struct SystemResult<'a> {
    name: &'a str,
    verdict: Verdict,
    reason: &'a str,
    days_left: Option<i64>,
    report: Option<&'a TestReport>,
}

pub fn run(options: &NetOptions, allowed_hosts: &[String], json: bool, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let (saved, state) = open_store(output)?;
    let mut rows = Vec::new();
    if !state.systems.is_empty() {
        let opened = open(&saved, &state)?;
        let now = Timestamp::now();
        let keys: Vec<_> = state.systems.iter().map(|system| (system, opened.key_to_test(system, now))).collect();
        drop(opened);
        let usable = keys.iter().filter_map(|(system, found)| Some((system, found.as_ref().ok()?.key.as_ref()?)));
        let sendings: Vec<_> =
            usable.map(|(system, key)| Sending { system: Some(system.name.as_str()), key }).collect();
        before_sending(&sendings, allowed_hosts, content.words, output)?;
        rows = perform(&content, keys, options)?;
        // A system whose key could not be had was not tested.
        let tested = rows.iter().filter(|row| row.report.is_some());
        let verdicts: Vec<_> = tested.map(|row| (row.system.id, row.verdict)).collect();
        record(&saved, &verdicts, output);
    }
    let now = Timestamp::now();
    // The sooner it expires, the sooner it becomes bad; what never expires comes last, then as they were saved.
    rows.sort_by_key(|row| {
        let days = row.system.days_left(now);
        (std::cmp::Reverse(row.verdict.badness()), days.is_none(), days)
    });
    let worst = rows.first().map_or(Verdict::Ready, |row| row.verdict);
    match json {
        true => output.json(&results(&rows, worst, now))?,
        false => write(&rows, now, output)?,
    }
    Ok(Status::Verdict(worst))
}

/// Tests all of them to their end.
fn perform<'a>(
    content: &Content,
    keys: Vec<(&'a System, Result<Found, SavedFault>)>,
    options: &NetOptions,
) -> Result<Vec<Row<'a>>, Problem> {
    let mut rows = Vec::new();
    let mut planned = Vec::new();
    for (system, found) in keys {
        match found {
            Err(fault) => {
                let Problem { what, why, .. } = fault.into();
                rows.push(Row { system, verdict: Verdict::BadKey, reason: format!("{what} {why}"), report: None });
            }
            Ok(Found { key: Some(key), summary, findings, .. }) => {
                let roles = test::requested(content, system.purpose.as_ref().map(SafeText::as_str), Vec::new());
                planned.push((system, plan_checks(content, Arc::new(key), &roles), summary, findings));
            }
            Ok(found) => rows.push(row(system, assess_key(content, Some(&found.summary), &found.findings))),
        }
    }
    // Whoever waits sees that it goes on; a script has no use for that.
    let watched = io::stderr().is_terminal();
    let (words, total, finished) = (content.words, planned.len(), Arc::new(AtomicUsize::new(0)));
    let jobs = planned.iter().map(|(system, request, ..)| {
        let test = follow(request.clone(), options.clone(), CancellationToken::new());
        let (name, finished) = (system.name.clone(), Arc::clone(&finished));
        let job = async move {
            let progress = test.await;
            let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
            if watched {
                eprintln!("{}", words.systems().tested(done, total, &name));
            }
            progress
        };
        (request.key.token_url.host().to_owned(), job)
    });
    let progress = test::runtime()?.block_on(side_by_side(jobs));
    rows.extend(planned.iter().zip(progress).map(|((system, request, summary, findings), progress)| match progress {
        Some(progress) => row(system, assess(content, request, summary, findings, &progress)),
        None => Row { system, verdict: Verdict::Unexpected, reason: "The test itself failed.".into(), report: None },
    }));
    Ok(rows)
}

fn row(system: &System, report: TestReport) -> Row<'_> {
    Row { system, verdict: report.verdict, reason: report.reason().to_owned(), report: Some(report) }
}

fn results<'a>(rows: &'a [Row<'a>], worst: Verdict, now: Timestamp) -> Results<'a> {
    let result = |row: &'a Row<'a>| SystemResult {
        name: row.system.name.as_str(),
        verdict: row.verdict,
        reason: &row.reason,
        days_left: row.system.days_left(now),
        report: row.report.as_ref(),
    };
    Results { schema: 1, verdict: worst, systems: rows.iter().map(result).collect() }
}

fn write(rows: &[Row<'_>], now: Timestamp, output: &mut Output<'_>) -> Result<(), Problem> {
    if rows.is_empty() {
        output.message("No system is saved. \"cpikey systems add NAME key.json\" saves one.");
    }
    let width = shown::name_width(rows.iter().map(|row| row.system));
    for row in rows {
        let sign = output.sign(Some(Severity::Error).filter(|_| row.verdict != Verdict::Ready));
        let name = shown::pad(row.system.name.as_str(), width);
        let expiry = shown::expiry(row.system.expires, now).unwrap_or_default();
        let separator = if expiry.is_empty() || row.reason.is_empty() { "" } else { "; " };
        output.line(format!("{sign} {name}  {:<12}  {expiry}{separator}{}", row.verdict.as_str(), row.reason))?;
    }
    Ok(())
}
