//! `systems`: saving systems, and testing those that are saved.

mod all;
mod shown;

use std::{
    io::{self, IsTerminal as _},
    sync::Arc,
};

use jiff::Timestamp;

use super::args::systems::{AddArgs, SystemsArgs, SystemsCommand};
use super::{
    content,
    key::{KeyInput, write_findings},
    live_test,
    output::Output,
    passphrase,
    status::{Outcome, Status},
};
use crate::{
    domain::{
        check::diagnosis::assess_key,
        content::Content,
        finding::Verdict,
        problem::Problem,
        systems::{
            system::{SystemId, SystemName},
            vault::Protection,
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
        store::{SECRETS_FILE, State},
        zone,
    },
    words::{SystemsLabels, Words},
};

pub fn run(args: SystemsArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    match args.command {
        SystemsCommand::Add(args) => add(&args, output),
        SystemsCommand::List { json } => list(json, environment, output),
        SystemsCommand::Show { name, json } => show(&name, json, environment, output),
        SystemsCommand::Rename { name, new } => rename(&name, &new, output),
        SystemsCommand::Remove { name } => remove(&name, output),
        SystemsCommand::Test(args) => {
            let options = args.run.network.options(environment, content().words)?;
            match args.name {
                Some(name) => test_one(&name, None, options, &args.run.allowed_hosts, args.run.json, output),
                None => all::run(&options, &args.run.allowed_hosts, args.run.json, output),
            }
        }
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
    let passphrase = match (&state.vault, args.passphrase) {
        (Some(vault), true) if vault.protection() == Protection::Keyring => {
            return Err(SavedError::PassphraseNotUsed.problem(context.content.words));
        }
        (None, true) => Some(passphrase::new(context.content.words)?),
        _ => passphrase::of(&state)?,
    };
    let name = system.name.clone();
    let saved = save_system(&context, system, found, passphrase.as_ref(), args.replace);
    mention(saved.map_err(|error| not_saved(error, words))?, output);
    let path = SafeText::line(&context.saved.store().root().join(SECRETS_FILE).to_string_lossy());
    done(
        &match passphrase {
            Some(_) => words.saved_with_passphrase(&name, &path),
            None => words.saved_with_keyring(&name, &path),
        },
        output,
    )
}

/// If there is no keyring, the way out on the command line.
fn not_saved(error: NotSaved, words: SystemsLabels) -> Problem {
    match error {
        NotSaved::NoKeyring(problem) => Problem { fix: words.add_passphrase(&problem.fix), ..problem },
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

/// Tests one saved system as `test` does. Without `roles` it asks for those of the purpose it was saved with.
pub fn test_one(
    name: &str,
    roles: Option<Vec<String>>,
    options: NetOptions,
    allowed_hosts: &[String],
    json: bool,
    output: &mut Output<'_>,
) -> Outcome {
    let context = context(content())?;
    let state = listed(&context, output)?;
    let system = find_system(&context, &state, name)?;
    let passphrase = passphrase::of(&state)?;
    let found = open_to_test(&context, &state, system, passphrase.as_ref())?;
    let purpose = system.purpose.as_ref().map(SafeText::as_str);
    let roles = roles.unwrap_or_else(|| requested_roles(&context.content, purpose, Vec::new()));
    let report =
        live_test::test(&context.content, &KeyInput::saved(found), &roles, options, allowed_hosts, json, output)?;
    record(&context, &[(system.id, report.verdict)], output);
    Ok(Status::Verdict(report.verdict))
}

/// The files and the keyring.
fn context(content: Content) -> Result<Context, Problem> {
    let words = content.words;
    // If nobody watches, nobody can unlock a keyring either.
    let keyring = match io::stderr().is_terminal() {
        true => OsKeyring::patient(move || eprintln!("{}", words.systems().keyring_is_slow())),
        false => OsKeyring::quiet(),
    };
    Context::of_user(Arc::new(content), keyring)
}

/// What is saved. Damaged files are mentioned.
fn listed(context: &Context, output: &mut Output<'_>) -> Result<State, Problem> {
    Ok(mention(list_systems(context)?, output))
}

/// Records the results of tests. A failure to record them does not fail the test.
fn record(context: &Context, verdicts: &[(SystemId, Verdict)], output: &mut Output<'_>) {
    let now = (context.clock)();
    let tests: Vec<_> = verdicts.iter().map(|&(id, verdict)| (id, last_test(verdict, now))).collect();
    match record_tests(context, &tests) {
        Ok(done) => mention(done, output),
        Err(problem) => drop(output.problem(&problem)),
    }
}

/// What came of it; warnings go to standard error.
fn mention<T>(done: Done<T>, output: &mut Output<'_>) -> T {
    for warning in done.warnings {
        output.remark(warning);
    }
    done.value
}

/// One line about what was done.
fn done(text: &str, output: &mut Output<'_>) -> Outcome {
    output.signed(None, text)?;
    Ok(Status::Done)
}

fn system_name(name: &str, words: Words) -> Result<SystemName, Problem> {
    SystemName::new(name).map_err(|error| {
        let explanation = words.systems().bad_name();
        explanation.fill(&[("name", &SafeText::line(name)), ("why", &error.explain(words).what)]).unusable()
    })
}
