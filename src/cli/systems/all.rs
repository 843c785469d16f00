//! `systems test --all`: every saved system, several at a time, the worst first.

use std::{
    collections::BTreeSet,
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
        hosts::{Sending, agree, allowed, announce},
        live_test::runtime,
        output::Output,
        passphrase,
        status::{Outcome, Status},
        table::{Row as TableRow, Table},
    },
    context, listed, record,
};
use crate::{
    domain::{
        check::report::TestReport,
        finding::{Severity, Verdict},
        key::hosts::hosts_to_ask_for,
        problem::Problem,
        systems::{describe, result::SystemResult, system::System},
    },
    jobs::{
        Context,
        test_systems::{OpenedSystems, SystemTestEvent, open_systems},
    },
    net::NetOptions,
    words::Words,
};

/// A system with its result.
type Row = (System, SystemResult);

/// `systems test --all --json`
#[derive(Serialize)]
struct Results<'a> {
    schema: u32,
    verdict: Option<Verdict>,
    systems: Vec<ResultRow<'a>>,
}

/// One system of it.
#[derive(Serialize)]
struct ResultRow<'a> {
    name: &'a str,
    verdict: Option<Verdict>,
    reason: &'a str,
    days_left: Option<i64>,
    report: Option<&'a TestReport>,
}

pub fn run(options: &NetOptions, allowed_hosts: &[String], json: bool, output: &mut Output<'_>) -> Outcome {
    let context = context(content())?;
    let state = listed(&context, output)?;
    let mut rows = Vec::new();
    if !state.systems.is_empty() {
        let passphrase = passphrase::of(&state)?;
        let opened = open_systems(&context, &state, passphrase.as_ref())?;
        let agreed = ask_for_hosts(&opened, allowed_hosts, context.content.words, output);
        rows = perform(opened, &context, options, &agreed)?;
        let verdicts: Vec<_> =
            rows.iter().filter_map(|(system, result)| Some((system.id, result.recorded()?))).collect();
        record(&context, &verdicts, output);
    }
    let now = Timestamp::now();
    // Without any system there is nothing wrong.
    let worst = rows.first().map_or(Some(Verdict::Ready), |(_, result)| result.verdict);
    match json {
        true => output.json(&results(&rows, worst, now))?,
        false => write(&rows, now, context.content.words, output)?,
    }
    Ok(worst.map_or(Status::Unusable, Status::Verdict))
}

/// Names all token servers, then asks about the hosts that need it. A system with a host that nobody agrees to is left
/// out, and how to allow the host is said.
fn ask_for_hosts(
    opened: &OpenedSystems,
    allowed_hosts: &[String],
    words: Words,
    output: &mut Output<'_>,
) -> BTreeSet<String> {
    let mut agreed = allowed(allowed_hosts);
    for (system, key) in opened.usable() {
        announce(&Sending { system: Some(system.name.as_str()), key }, words, output);
    }
    for (_, key) in opened.usable() {
        if let Err(problem) = agree(key, &mut agreed, output) {
            output.problem(&problem);
        }
    }
    agreed
}

/// Tests all of them to their end.
fn perform(
    opened: OpenedSystems,
    context: &Context,
    options: &NetOptions,
    agreed: &BTreeSet<String>,
) -> Result<Vec<Row>, Problem> {
    // A person who waits sees that it goes on; a script has no use for that.
    let watched = io::stderr().is_terminal();
    let (words, finished) = (context.content.words, Arc::new(AtomicUsize::new(0)));
    let tested = opened.usable().filter(|(_, key)| hosts_to_ask_for(key, agreed).is_empty());
    let names: Arc<Vec<_>> = Arc::new(tested.map(|(system, _)| (system.id, system.name.clone())).collect());
    let on_event = move |event| {
        let SystemTestEvent::Finished(id, _) = event else { return };
        let Some((_, name)) = names.iter().find(|(known, _)| *known == id) else { return };
        let done = finished.fetch_add(1, Ordering::Relaxed) + 1;
        if watched {
            eprintln!("{}", words.systems().tested(done, names.len(), name));
        }
    };
    let testing =
        opened.test(Arc::clone(&context.content), options.clone(), agreed, CancellationToken::new(), on_event);
    Ok(runtime(words)?.block_on(testing))
}

fn results<'a>(rows: &'a [Row], worst: Option<Verdict>, now: Timestamp) -> Results<'a> {
    let row = |(system, result): &'a Row| ResultRow {
        name: system.name.as_str(),
        verdict: result.verdict,
        reason: &result.reason,
        days_left: system.days_left(now),
        report: result.report.as_ref(),
    };
    Results { schema: 1, verdict: worst, systems: rows.iter().map(row).collect() }
}

fn write(rows: &[Row], now: Timestamp, words: Words, output: &mut Output<'_>) -> Result<(), Problem> {
    if rows.is_empty() {
        output.message(words.systems().none());
    }
    let row = |(system, result): &Row| {
        let verdict = describe::verdict(result.verdict, words);
        let expiry = describe::expiry(system.expires, now, words).unwrap_or_default();
        let mut facts = vec![expiry, describe::reason(result, words)];
        facts.retain(|fact| !fact.is_empty());
        TableRow {
            // A system that was left out is neither good nor bad.
            sign: Some(result.verdict.map_or(Some(Severity::Warning), Verdict::severity)),
            cells: [system.name.to_string(), verdict.to_owned(), facts.join("; ")],
        }
    };
    let labels = words.tables();
    let head = [labels.system(), labels.verdict(), labels.details()];
    Table { head, rows: rows.iter().map(row).collect() }.write(output)
}
