//! Where a new key goes: checked before anything is created, and delivered before anything is deleted.

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
};

use jiff::Timestamp;

use crate::{
    cli::{
        args::cloud::DeliveryArgs, ask::can_ask, export::warn_of_readers, input::STDIN, key::KeyInput, output::Output,
        passphrase, systems,
    },
    domain::{
        cf::{
            goal::Goal,
            plan::{Action, Kind},
            run::Run,
        },
        finding::Verdict,
        key::service_key::Found,
        problem::Problem,
        systems::system::{System, SystemName},
        text::{safe_text::SafeText, secret::Secret},
    },
    jobs::{
        Context,
        list_systems::list_systems,
        new_key,
        record_tests::{last_test, record_tests},
        save_system::{new_system, save_system},
        write_files::check_new,
    },
    platform::{saved::SavedError, store::SECRETS_FILE},
    words::Words,
};

/// Where the key goes.
#[derive(Default)]
pub struct Delivery {
    /// Whether it is written to standard output.
    stdout: bool,
    /// The file it is written to.
    file: Option<PathBuf>,
    /// The system that it is saved as.
    save: Option<Saving>,
}

/// A system to save.
struct Saving {
    name: SystemName,
    /// What the key is for.
    purpose: Option<String>,
    /// The passphrase of the saved systems.
    passphrase: Option<Secret>,
    /// Whether a passphrase was chosen instead of the keyring.
    is_chosen: bool,
}

impl Delivery {
    /// Reads the arguments, and asks for the passphrase of the saved systems now, while the user is present.
    ///
    /// # Errors
    ///
    /// If the key would go nowhere, or it cannot be saved.
    pub fn of(
        args: &DeliveryArgs,
        purpose: Option<&str>,
        json: bool,
        context: &Context,
        output: &mut Output<'_>,
    ) -> Result<Self, Problem> {
        let words = context.content.words.cf_command();
        let stdout = args.output.as_ref().is_some_and(|path| path.as_os_str() == STDIN);
        if stdout && json {
            return Err(words.json_and_key().fill(&[]).unusable());
        }
        if stdout && io::stdout().is_terminal() {
            return Err(words.terminal().fill(&[]).unusable());
        }
        let saving = |name: &String| {
            let name = systems::system_name(name, context.content.words)?;
            let state = systems::listed(context, output)?;
            if state.vault.is_none() && !args.passphrase {
                context.saved.check_keyring().map_err(|error| {
                    passphrase::instead_of_keyring(error.problem(context.content.words), context.content.words)
                })?;
            }
            let passphrase = passphrase::for_saving(&state, args.passphrase, context.content.words)?;
            let is_chosen = args.passphrase;
            Ok::<_, Problem>(Saving { name, purpose: purpose.map(str::to_owned), passphrase, is_chosen })
        };
        Ok(Self {
            stdout,
            file: args.output.clone().filter(|_| !stdout),
            save: args.save.as_ref().map(saving).transpose()?,
        })
    }

    /// Whether the key is delivered anywhere.
    pub fn is_wanted(&self) -> bool {
        self.stdout || self.file.is_some() || self.save.is_some()
    }

    /// Whether standard output is reserved for the key.
    pub fn is_to_stdout(&self) -> bool {
        self.stdout
    }

    /// Refuses a key that would go nowhere. At a terminal it can be fetched later, but not if it replaces another key.
    ///
    /// # Errors
    ///
    /// If the key would go nowhere.
    pub fn require(&self, replaces: bool, words: Words) -> Result<(), Problem> {
        match (self.is_wanted(), replaces) {
            (true, _) => Ok(()),
            (false, true) => Err(words.cf_command().rotation_not_wanted().fill(&[]).unusable()),
            (false, false) if can_ask() => Ok(()),
            (false, false) => Err(words.cf_command().key_not_wanted().fill(&[]).unusable()),
        }
    }

    /// Checks the destination, if a key is created. An existing key may have been delivered before.
    ///
    /// # Errors
    ///
    /// If the file exists or cannot be written, or the name of the system is taken.
    pub fn check(&self, run: &Run, context: &Context) -> Result<(), Problem> {
        let is_made = run.plan().items.iter().any(|item| item.kind == Kind::Key && item.action == Action::Create);
        if !is_made {
            return Ok(());
        }
        if let Some(file) = &self.file {
            check_new(file, context.content.words)?;
        }
        match &self.save {
            Some(saving) if !replaces(run) => {
                let state = list_systems(context)?.value;
                match state.systems.get(saving.name.as_str()) {
                    Some(other) => Err(name_taken(other, context.content.words)),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Delivers the key.
    ///
    /// # Errors
    ///
    /// If it cannot be written or saved.
    pub fn hand_over(
        &self,
        run: &Run,
        verdict: Option<Verdict>,
        context: &Context,
        output: &mut Output<'_>,
    ) -> Result<(), Problem> {
        let words = context.content.words.cf_command();
        let Some(credentials) = run.credentials() else { return Ok(()) };
        if let Some(saving) = &self.save {
            let input = KeyInput::of(new_key::read(credentials, Timestamp::now()));
            let found = input.found().filter(|found| found.key.is_some());
            let Some(found) = found else {
                let report = input.findings();
                let why =
                    report.first().map(|finding| context.content.findings.explain(finding, context.content.words));
                let why = why.map(|explained| explained.title).unwrap_or_default();
                return Err(words.key_unreadable().fill(&[("why", &why)]).unusable());
            };
            save(saving, found, run, verdict, context, output)?;
        }
        if let Some(file) = &self.file {
            let shown = SafeText::line(&file.to_string_lossy());
            if new_key::is_in(credentials, file) {
                output.remark(words.key_there(shown));
            } else if file.exists() {
                return Err(words.other_key().fill(&[("name", &shown)]).unusable());
            } else {
                let written = new_key::write(credentials, file, context.content.words)?;
                warn_of_readers(&written, output);
                output.remark(words.key_written(shown));
            }
        }
        if self.stdout {
            output.delivered(credentials.expose().as_bytes())?;
            output.delivered(b"\n")?;
        }
        Ok(())
    }

    /// The file that the key is written to, for the command to continue.
    pub fn file(&self) -> Option<String> {
        match self.stdout {
            true => Some(STDIN.to_owned()),
            false => self.file.as_ref().map(|path| path.to_string_lossy().into_owned()),
        }
    }

    /// The name that the key is saved under, for the command to continue, and whether a passphrase was chosen for it.
    pub fn system(&self) -> Option<(&str, bool)> {
        self.save.as_ref().map(|saving| (saving.name.as_str(), saving.is_chosen))
    }
}

/// Whether the key replaces another one, also in a saved system.
fn replaces(run: &Run) -> bool {
    matches!(run.goal(), Goal::Rotate(_))
}

fn name_taken(other: &System, words: Words) -> Problem {
    SavedError::NameTaken(other.name.clone()).problem(words)
}

fn save(
    saving: &Saving,
    found: &Found,
    run: &Run,
    verdict: Option<Verdict>,
    context: &Context,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let words = context.content.words.cf_command();
    let state = list_systems(context)?.value;
    let before = state.systems.get(saving.name.as_str());
    let is_same = before.is_some_and(|before| before.client_id == client_id(found));
    if let Some(other) = before.filter(|_| !is_same && !replaces(run)) {
        return Err(name_taken(other, context.content.words));
    }
    let note = before.map(|before| before.note.to_string()).unwrap_or_default();
    let purpose = before.and_then(|before| before.purpose.as_ref()).map(SafeText::as_str);
    let purpose = saving.purpose.as_deref().or(purpose);
    let system = new_system(context, saving.name.clone(), &note, purpose, found)?;
    let id = system.id;
    save_system(context, system, found, saving.passphrase.as_ref(), before.is_some())
        .map_err(|error| error.into_problem())?;
    if let Some(verdict) = verdict {
        // The test result is recorded with the system; if that fails, the key is saved anyway.
        let _ = record_tests(context, &[(id, last_test(verdict, (context.clock)()))]);
    }
    let path = SafeText::line(&context.saved.store().root().join(SECRETS_FILE).to_string_lossy());
    output.remark(words.key_saved(&saving.name, path));
    Ok(())
}

fn client_id(found: &Found) -> SafeText {
    found.summary.client_id.clone().unwrap_or_default()
}
