//! Asks for a passphrase at the terminal, without echo, and never reads it from anywhere else.

use super::interrupt::ask_secret;
use crate::{
    domain::{
        problem::Problem,
        systems::{passphrase, vault::Protection},
        text::secret::Secret,
    },
    platform::{saved::SavedError, store::State},
    words::Words,
};

/// The passphrase of the saved systems, if they have one.
///
/// # Errors
///
/// If it is needed and there is no terminal to ask at.
pub fn of(state: &State) -> Result<Option<Secret>, Problem> {
    match state.vault.as_ref().map(|vault| vault.protection()) {
        Some(Protection::Passphrase) => ask(super::words().passphrase_command().ask()).map(Some),
        Some(Protection::Keyring) | None => Ok(None),
    }
}

/// The passphrase for saving a system: that of the saved systems, or a new one if `chosen` and it is the first.
///
/// # Errors
///
/// If one is chosen although the keyring seals the secrets, or it is needed and there is no terminal to ask at.
pub fn for_saving(state: &State, chosen: bool, words: Words) -> Result<Option<Secret>, Problem> {
    match (&state.vault, chosen) {
        (Some(vault), true) if vault.protection() == Protection::Keyring => {
            Err(SavedError::PassphraseNotUsed.problem(words))
        }
        (None, true) => new(words).map(Some),
        _ => of(state),
    }
}

/// The command-line alternative if there is no keyring.
pub fn instead_of_keyring(problem: Problem, words: Words) -> Problem {
    Problem { fix: words.passphrase_command().instead(&problem.fix), ..problem }
}

/// A new passphrase, typed twice.
///
/// # Errors
///
/// If there is no terminal to ask at, it is too weak, or the two do not match.
pub fn new(words: Words) -> Result<Secret, Problem> {
    let labels = words.passphrase_command();
    let passphrase = ask(labels.ask_new())?;
    passphrase::check(passphrase.expose()).map_err(|error| error.explain(words).unusable())?;
    if ask(labels.ask_again())? != passphrase {
        return Err(labels.different().fill(&[]).unusable());
    }
    Ok(passphrase)
}

fn ask(question: &str) -> Result<Secret, Problem> {
    ask_secret(question).map_err(|error| error.problem(super::words()))
}
