//! `systems`: saves systems and tests saved ones.

mod key_files;
mod several;
mod shown;

use std::{
    io::{self, IsTerminal as _},
    path::Path,
    sync::Arc,
};

use jiff::Timestamp;

use super::args::systems::{AddArgs, Format, SystemsArgs, SystemsCommand, SystemsTestArgs};
use super::{
    content,
    key::{KeyInput, write_findings},
    live_test,
    output::{Destination, Output},
    passphrase,
    status::{Outcome, Status},
    words,
};
use crate::{
    domain::{
        check::diagnosis::assess_key,
        content::Content,
        finding::Verdict,
        problem::Problem,
        systems::{
            limits::AgeLimits,
            run::Subject,
            system::{SystemId, SystemName},
        },
        text::safe_text::SafeText,
    },
    jobs::{
        Context, Done,
        list_systems::{find_system, list_systems},
        open_system::open_to_test,
        record_tests::{last_test, record_tests},
        remove_system::remove_system,
        rename_system::rename_system,
        save_system::{NotSaved, check_name, new_system, save_system},
        test_key::requested_roles,
    },
    net::NetOptions,
    platform::{
        env::Environment,
        keyring::OsKeyring,
        saved::SavedError,
        store::{SECRETS_FILE, State, Store},
        zone,
    },
    words::Words,
};

pub fn run(args: SystemsArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    match args.command {
        SystemsCommand::Add(args) => add(&args, output),
        SystemsCommand::List { json } => list(json, environment, output),
        SystemsCommand::Show { name, json } => show(&name, json, environment, output),
        SystemsCommand::Rename { name, new } => rename(&name, &new, output),
        SystemsCommand::Remove { name } => remove(&name, output),
        SystemsCommand::Test(args) => test(&args, environment, output),
    }
}

fn add(args: &AddArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let words = content.words.systems();
    let name = system_name(&args.name, content.words)?;
    let input = KeyInput::read(args.file.as_deref(), args.client_key.as_deref(), "systems add NAME")?;
    let report = assess_key(&content, input.found().map(|found| &found.summary), &input.findings());
    write_findings(&report.together, output)?;
    let Some(found) = input.found().filter(|found| found.key.is_some()) else {
        output.problem(&SavedError::KeyUnusable.problem(content.words));
        return Ok(Status::Verdict(report.verdict));
    };
    let context = context(content)?;
    let system = new_system(&context, name, &args.note, args.purpose.as_deref(), found)?;
    let state = listed(&context, output)?;
    check_name(&context, &state, &system, args.replace)?;
    let passphrase = passphrase::for_saving(&state, args.passphrase, context.content.words)?;
    let name = system.name.clone();
    let saved = save_system(&context, system, found, passphrase.as_ref(), args.replace);
    mention(saved.map_err(|error| not_saved(error, context.content.words))?, output);
    let path = SafeText::line(&context.saved.store().root().join(SECRETS_FILE).to_string_lossy());
    done(
        &match passphrase {
            Some(_) => words.saved_with_passphrase(&name, &path),
            None => words.saved_with_keyring(&name, &path),
        },
        output,
    )
}

/// If there is no keyring, mentions the command-line alternative.
pub fn not_saved(error: NotSaved, words: Words) -> Problem {
    match error {
        NotSaved::NoKeyring(problem) => passphrase::instead_of_keyring(problem, words),
        NotSaved::Other(problem) => problem,
    }
}

fn list(json: bool, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    let context = context(content())?;
    let state = listed(&context, output)?;
    match json {
        true => output.json(&shown::list(&state.systems))?,
        false => shown::write_list(
            &state.systems,
            Timestamp::now(),
            &zone::local(environment),
            context.content.words,
            output,
        )?,
    }
    Ok(Status::Done)
}

fn show(name: &str, json: bool, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    let context = context(content())?;
    let state = listed(&context, output)?;
    let system = find_system(&context, &state, name)?;
    match json {
        true => output.json(&shown::one(system))?,
        false => shown::write_one(system, Timestamp::now(), &zone::local(environment), context.content.words, output)?,
    }
    Ok(Status::Done)
}

fn rename(name: &str, new: &str, output: &mut Output<'_>) -> Outcome {
    let context = context(content())?;
    let new = system_name(new, context.content.words)?;
    let state = listed(&context, output)?;
    let old = find_system(&context, &state, name)?.name.clone();
    mention(rename_system(&context, name, new.clone())?, output);
    done(&context.content.words.systems().renamed(&old, &new), output)
}

fn remove(name: &str, output: &mut Output<'_>) -> Outcome {
    let context = context(content())?;
    let state = listed(&context, output)?;
    let name = find_system(&context, &state, name)?.name.clone();
    mention(remove_system(&context, name.as_str())?, output);
    done(&context.content.words.systems().removed(&name), output)
}

fn test(args: &SystemsTestArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    let (words, format) = (output.words(), args.format());
    if format == Format::Text && args.output.is_some() {
        return Err(words.systems().output_needs_format().fill(&[]).unusable());
    }
    let options = args.run.network.options(environment, words)?;
    let limits = AgeLimits { warn_days: args.warn_days, max_age: args.max_age };
    match (args.names.as_slice(), format) {
        ([name], Format::Text | Format::Json) => {
            let destination = Destination { file: args.output.as_deref(), replaces: args.replace };
            let json = (format == Format::Json).then_some(destination);
            let one = OneTest { roles: None, limits, options, allowed_hosts: &args.run.allowed_hosts, json };
            test_one(name, one, output)
        }
        _ => several::run(args, limits, options, environment, output),
    }
}

/// The error if the name of a saved system is given as a file.
pub fn named_as_file(path: &Path) -> Option<Problem> {
    let name = path.to_str().filter(|_| !path.exists())?;
    let systems = Store::of_user().ok()?.peek();
    let system = systems.iter().find(|system| system.name.as_str().eq_ignore_ascii_case(name))?;
    Some(words().input().is_saved().fill(&[("name", &system.name)]).unusable())
}

/// The key of a saved system.
///
/// # Errors
///
/// If there is no such system, or its secret cannot be opened.
pub fn saved_key(name: &str, output: &mut Output<'_>) -> Result<KeyInput, Problem> {
    let context = context(content())?;
    let state = listed(&context, output)?;
    let system = find_system(&context, &state, name)?;
    let passphrase = passphrase::of(&state)?;
    open_to_test(&context, &state, system, passphrase.as_ref()).map(KeyInput::saved)
}

/// How one saved system is tested.
pub struct OneTest<'a> {
    /// The requested roles; `None` for those of the purpose it was saved with.
    pub roles: Option<Vec<String>>,
    /// Age limits of its key.
    pub limits: AgeLimits,
    /// How to reach the servers.
    pub options: NetOptions,
    /// Hosts that need no confirmation.
    pub allowed_hosts: &'a [String],
    /// The destination of the JSON report; `None` for text.
    pub json: Option<Destination<'a>>,
}

/// Tests one saved system as `test` does.
pub fn test_one(name: &str, test: OneTest<'_>, output: &mut Output<'_>) -> Outcome {
    let context = context(content())?;
    let state = listed(&context, output)?;
    let system = find_system(&context, &state, name)?;
    let passphrase = passphrase::of(&state)?;
    let mut found = open_to_test(&context, &state, system, passphrase.as_ref())?;
    let mut subject = Subject::of(system);
    subject.learn(&found);
    test.limits.apply(&mut found, subject.since, (context.clock)());
    let purpose = system.purpose.as_ref().map(SafeText::as_str);
    let roles = test.roles.unwrap_or_else(|| requested_roles(&context.content, purpose, Vec::new()));
    let input = KeyInput::saved(found);
    let report =
        live_test::test(&context.content, &input, &roles, test.options, test.allowed_hosts, test.json, output)?;
    record(&context, &[(system.id, report.verdict)], output);
    let due = report.findings.iter().any(|finding| test.limits.decide(finding.code));
    Ok(status(Some(report.verdict), due))
}

/// The status of a run: that of the worst verdict, or `Due` if all keys work and one exceeds a limit.
fn status(worst: Option<Verdict>, due: bool) -> Status {
    match worst {
        // A skipped system.
        None => Status::Unusable,
        Some(Verdict::Ready) if due => Status::Due,
        Some(verdict) => Status::Verdict(verdict),
    }
}

/// The files and the keyring.
pub fn context(content: impl Into<Arc<Content>>) -> Result<Context, Problem> {
    let content = content.into();
    let words = content.words;
    // If nobody is watching, nobody can unlock the keyring either.
    let keyring = match io::stderr().is_terminal() {
        true => OsKeyring::patient(move || eprintln!("{}", words.systems().keyring_is_slow())),
        false => OsKeyring::quiet(),
    };
    Context::of_user(content, keyring)
}

/// The saved systems. Damaged files are reported.
pub fn listed(context: &Context, output: &mut Output<'_>) -> Result<State, Problem> {
    Ok(mention(list_systems(context)?, output))
}

/// Records the results of tests. A failure to record them does not fail the test.
pub fn record(context: &Context, verdicts: &[(SystemId, Verdict)], output: &mut Output<'_>) {
    let now = (context.clock)();
    let tests: Vec<_> = verdicts.iter().map(|&(id, verdict)| (id, last_test(verdict, now))).collect();
    match record_tests(context, &tests) {
        Ok(done) => mention(done, output),
        Err(problem) => drop(output.problem(&problem)),
    }
}

/// The value of `done`; its warnings go to standard error.
pub fn mention<T>(done: Done<T>, output: &mut Output<'_>) -> T {
    for warning in done.warnings {
        output.remark(warning);
    }
    done.value
}

/// Prints one line about what was done.
fn done(text: &str, output: &mut Output<'_>) -> Outcome {
    output.signed(None, text)?;
    Ok(Status::Done)
}

pub fn system_name(name: &str, words: Words) -> Result<SystemName, Problem> {
    SystemName::new(name).map_err(|error| {
        let explanation = words.systems().bad_name();
        explanation.fill(&[("name", &SafeText::line(name)), ("why", &error.explain(words).what)]).unusable()
    })
}
