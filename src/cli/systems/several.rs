//! `systems test` of several systems: in parallel, worst first, in the requested format.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal as _},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{
    super::{
        args::systems::{Format, SystemsTestArgs},
        content,
        hosts::{Sending, agree, allowed, announce},
        live_test::runtime,
        output::{Destination, Output},
        passphrase,
        status::Outcome,
        table::{Row as TableRow, Table},
    },
    context, key_files, listed, record, status,
};
use crate::{
    domain::{
        content::Content,
        finding::{Severity, Verdict},
        key::hosts::hosts_to_ask_for,
        problem::Problem,
        systems::{
            describe,
            limits::AgeLimits,
            run::{self, Run, Tested},
            system::System,
        },
    },
    jobs::{
        Context,
        list_systems::find_system,
        test_systems::{OpenedSystems, SystemTestEvent, open_systems},
    },
    net::NetOptions,
    platform::{env::Environment, files, store::State},
    words::Words,
};

pub fn run(
    args: &SystemsTestArgs,
    limits: AgeLimits,
    options: NetOptions,
    environment: &Environment,
    output: &mut Output<'_>,
) -> Outcome {
    let content = Arc::new(content());
    let (opened, context) = match args.key_files.is_empty() && args.key_dir.is_none() {
        true => {
            let context = context(Arc::clone(&content))?;
            (open(args, &context, output)?, Some(context))
        }
        false => (key_files::open(args, content.words)?, None),
    };
    let began = Timestamp::now();
    let opened = opened.limited(limits, began, &content);
    let agreed = ask_for_hosts(&opened, &args.run.allowed_hosts, content.words, output);
    let tested = perform(opened, &content, options, &agreed)?;
    if let Some(context) = context.filter(|_| !tested.is_empty()) {
        let verdicts: Vec<_> =
            tested.iter().filter_map(|tested| Some((tested.subject.id, tested.result.recorded()?))).collect();
        record(&context, &verdicts, output);
    }
    let status = status(run::worst(&tested), tested.iter().any(|tested| !tested.due.is_empty()));
    let (ended, exit_status) = (Timestamp::now(), status.code());
    write(&Run { tested: &tested, limits, began, ended, exit_status }, args, environment, output)?;
    Ok(status)
}

/// The requested saved systems, with their keys.
fn open(args: &SystemsTestArgs, context: &Context, output: &mut Output<'_>) -> Result<OpenedSystems, Problem> {
    let state = listed(context, output)?;
    let systems = wanted(args, context, &state)?;
    if systems.is_empty() {
        return Ok(OpenedSystems::default());
    }
    let passphrase = passphrase::of(&state)?;
    open_systems(context, &state, systems, passphrase.as_ref())
}

fn wanted<'a>(args: &SystemsTestArgs, context: &Context, state: &'a State) -> Result<Vec<&'a System>, Problem> {
    if args.all {
        return Ok(state.systems.iter().collect());
    }
    let mut systems: Vec<&System> = Vec::new();
    for name in &args.names {
        let system = find_system(context, state, name)?;
        if systems.iter().all(|other| other.id != system.id) {
            systems.push(system);
        }
    }
    Ok(systems)
}

/// Prints all token servers, then asks about unknown hosts. A system with an unconfirmed host is skipped, with a hint
/// how to allow it.
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
    content: &Arc<Content>,
    options: NetOptions,
    agreed: &BTreeSet<String>,
) -> Result<Vec<Tested>, Problem> {
    // Progress is for people who wait, not for scripts.
    let watched = io::stderr().is_terminal();
    let (words, finished) = (content.words, Arc::new(AtomicUsize::new(0)));
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
    let testing = opened.test(Arc::clone(content), options, agreed, CancellationToken::new(), on_event);
    Ok(runtime(words)?.block_on(testing))
}

fn write(
    run: &Run<'_>,
    args: &SystemsTestArgs,
    environment: &Environment,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let words = output.words();
    let destination = Destination { file: args.output.as_deref(), replaces: args.replace };
    match args.format() {
        Format::Text => write_text(run, output),
        Format::Json => output.json_at(&run::results(run), destination),
        Format::Junit => output.whole_at(&run::junit(run, words)?, destination),
        Format::Prometheus => output.whole_at(&run::prometheus(run, words), destination),
        Format::Github => {
            if let Some(summary) = &environment.step_summary
                && let Err(error) = files::append(summary, run::summary(run, words).as_bytes())
            {
                output.warning(words.systems().summary_not_written(error));
            }
            output.whole_at(&run::annotations(run, words), destination)
        }
    }
}

fn write_text(run: &Run<'_>, output: &mut Output<'_>) -> Result<(), Problem> {
    let words = output.words();
    if run.tested.is_empty() {
        output.message(words.systems().none());
    }
    let row = |tested: &Tested| {
        let sign = match tested.result.verdict {
            // A skipped system is neither good nor bad.
            None => Some(Severity::Warning),
            Some(Verdict::Ready) if !tested.due.is_empty() => Some(Severity::Warning),
            Some(verdict) => verdict.severity(),
        };
        let verdict = describe::verdict(tested.result.verdict, words);
        let details = tested.details(run, words).join("; ");
        TableRow { sign: Some(sign), cells: [tested.subject.name.to_string(), verdict.to_owned(), details] }
    };
    let labels = words.tables();
    let head = [labels.system(), labels.verdict(), labels.details()];
    Table { head, rows: run.tested.iter().map(row).collect() }.write(output)
}
