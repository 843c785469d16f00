//! `systems`: saving systems, and testing those that are saved.

mod all;
mod args;
mod shown;

use std::io::{self, IsTerminal as _};

use jiff::{Timestamp, Unit};

pub use args::{SystemsArgs, SystemsCommand};

use super::{
    content,
    key::{KeyInput, write_findings},
    output::Output,
    passphrase,
    status::{Outcome, Status},
    test,
};
use crate::{
    domain::{
        check::diagnosis::assess_key,
        finding::Verdict,
        problem::Problem,
        systems::{
            system::{LastTest, ListProblem, System, SystemId, SystemName},
            vault::Protection,
        },
        text::safe_text::SafeText,
    },
    net::NetOptions,
    platform::{
        env::Environment,
        keyring::OsKeyring,
        saved::{self, Opened, Saved, SavedFault},
        store::{SECRETS_FILE, SetAside, State, Store},
    },
};
use args::AddArgs;

pub fn run(args: SystemsArgs, environment: &Environment, output: &mut Output<'_>) -> Outcome {
    match args.command {
        SystemsCommand::Add(args) => add(&args, output),
        SystemsCommand::List { json } => list(json, output),
        SystemsCommand::Show { name, json } => show(&name, json, output),
        SystemsCommand::Rename { name, new } => rename(&name, &new, output),
        SystemsCommand::Remove { name } => remove(&name, output),
        SystemsCommand::Test(args) => {
            let options = args.network.options(environment, content().words)?;
            match args.name {
                Some(name) => test_one(&name, None, options, &args.allowed_hosts, args.json, output),
                None => all::run(&options, &args.allowed_hosts, args.json, output),
            }
        }
    }
}

fn add(args: &AddArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let name = system_name(&args.name)?;
    let input = KeyInput::read(args.file.as_deref(), args.client_key.as_deref(), "systems add NAME")?;
    let report = assess_key(&content, input.found().map(|found| &found.summary), &input.findings());
    write_findings(&report.together, output)?;
    let Some((found, key)) = input.found().and_then(|found| found.key.as_ref().map(|key| (found, key))) else {
        output.message("cpikey: Nothing was saved, because this is not a usable key.");
        return Ok(Status::Verdict(report.verdict));
    };
    let system = System::of(saved::new_id()?, name, &args.note, args.purpose.as_deref(), found, key).map_err(|_| {
        Problem::unusable(
            "The secret stands in the name or in the note.",
            "Both are kept in plain text, and other users of this machine may have seen the argument.",
            "Leave it out. Treat that secret as known: delete the service key and create another one.",
        )
    })?;
    let (saved, state) = open_store(output)?;
    Saved::<OsKeyring>::check(&state, &system, args.replace)?;
    let passphrase = match (&state.vault, args.passphrase) {
        (Some(vault), true) if vault.protection() == Protection::Keyring => {
            return Err(SavedFault::PassphraseUnwanted.into());
        }
        (None, true) => Some(passphrase::new()?),
        _ => passphrase::of(&state)?,
    };
    let created = found.summary.created.as_ref().map(SafeText::as_str);
    let name = system.name.clone();
    let outcome = saved.add(system, key, created, passphrase.as_ref(), args.replace);
    mention(&outcome.map_err(add_failure)?, output);
    let sign = output.sign(None);
    let path = SafeText::line(&saved.store().root().join(SECRETS_FILE).to_string_lossy());
    let with = if passphrase.is_some() { "with the passphrase" } else { "with a key in the keyring" };
    output.line(format!("{sign} {name} is saved; its secret is in {path}, sealed {with}"))?;
    Ok(Status::Done)
}

/// Where there is no keyring, the way out on the command line.
fn add_failure(fault: SavedFault) -> Problem {
    let choice = matches!(fault, SavedFault::NoKeyring(_));
    let mut failure = Problem::from(fault);
    if choice {
        failure.fix.push_str(" For that, add --passphrase.");
    }
    failure
}

fn list(json: bool, output: &mut Output<'_>) -> Outcome {
    let (_, state) = open_store(output)?;
    match json {
        true => output.json(&shown::list(&state.systems))?,
        false => shown::write_list(&state.systems, Timestamp::now(), output)?,
    }
    Ok(Status::Done)
}

fn show(name: &str, json: bool, output: &mut Output<'_>) -> Outcome {
    let (_, state) = open_store(output)?;
    let system = find(&state, name)?;
    match json {
        true => output.json(&shown::one(system))?,
        false => shown::write_one(system, Timestamp::now(), output)?,
    }
    Ok(Status::Done)
}

fn rename(name: &str, new: &str, output: &mut Output<'_>) -> Outcome {
    let new = system_name(new)?;
    let (saved, state) = open_store(output)?;
    let old = find(&state, name)?.name.clone();
    mention(&saved.rename(name, new.clone())?, output);
    let sign = output.sign(None);
    output.line(format!("{sign} {old} is now called {new}"))?;
    Ok(Status::Done)
}

fn remove(name: &str, output: &mut Output<'_>) -> Outcome {
    let (saved, state) = open_store(output)?;
    let name = find(&state, name)?.name.clone();
    mention(&saved.remove(name.as_str())?, output);
    let sign = output.sign(None);
    output.line(format!("{sign} {name} is removed with its secret; the service key itself still exists"))?;
    Ok(Status::Done)
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
    let content = content();
    let (saved, state) = open_store(output)?;
    let system = find(&state, name)?;
    let opened = open(&saved, &state)?;
    let found = opened.key_to_test(system, Timestamp::now())?;
    let purpose = system.purpose.as_ref().map(SafeText::as_str);
    let roles = roles.unwrap_or_else(|| test::requested(&content, purpose, Vec::new()));
    let report = test::test(&content, &KeyInput::saved(found), &roles, options, allowed_hosts, json, output)?;
    record(&saved, &[(system.id, report.verdict)], output);
    Ok(Status::Verdict(report.verdict))
}

/// The files and the keyring. Damaged files are mentioned.
fn open_store(output: &mut Output<'_>) -> Result<(Saved<OsKeyring>, State), Problem> {
    // Where nobody watches, nobody can open a keyring either.
    let keyring = match io::stderr().is_terminal() {
        true => OsKeyring::patient(|| {
            eprintln!("cpikey: waiting for the keyring; it may have opened a window that asks for its password");
        }),
        false => OsKeyring::quiet(),
    };
    let saved = Saved::new(Store::of_user()?, keyring);
    let (state, set_aside) = saved.read()?;
    mention(&set_aside, output);
    Ok((saved, state))
}

/// Opens the secrets.
fn open(saved: &Saved<OsKeyring>, state: &State) -> Result<Opened, Problem> {
    let passphrase = passphrase::of(state)?;
    Ok(saved.open(state, passphrase.as_ref())?)
}

/// Notes what tests came to. That it cannot be noted is no reason to fail the test.
fn record(saved: &Saved<OsKeyring>, verdicts: &[(SystemId, Verdict)], output: &mut Output<'_>) {
    let at = Timestamp::now().round(Unit::Second).unwrap_or_else(|_| Timestamp::now());
    let tests: Vec<_> = verdicts.iter().map(|&(id, verdict)| (id, LastTest { verdict, at })).collect();
    match saved.record(&tests) {
        Ok(set_aside) => mention(&set_aside, output),
        Err(fault) => {
            output.message("cpikey: the result could not be noted with the saved systems");
            output.problem(&fault.into());
        }
    }
}

fn mention(set_aside: &[SetAside], output: &mut Output<'_>) {
    for file in set_aside {
        output.message(format!("cpikey: {file}"));
    }
}

fn system_name(name: &str) -> Result<SystemName, Problem> {
    SystemName::new(name).map_err(|problem| {
        Problem::unusable(
            format!("{} cannot be the name of a system.", SafeText::line(name)),
            problem.to_string(),
            "Take a short name such as dev, or \"ACME test\".",
        )
    })
}

fn find<'a>(state: &'a State, name: &str) -> Result<&'a System, Problem> {
    let unknown = || SavedFault::List(ListProblem::Unknown, SafeText::line(name)).into();
    state.systems.get(name).ok_or_else(unknown)
}
