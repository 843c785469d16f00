//! Asking for a passphrase: at the terminal, without echo, never anywhere else.

use crate::{
    domain::{
        problem::Problem,
        systems::{passphrase, vault::Protection},
        text::secret::Secret,
    },
    platform::{prompt, store::State},
    words::Words,
};

/// The passphrase of what is saved, where it has one.
///
/// # Errors
///
/// Where it is needed and nobody can be asked.
pub fn of(state: &State) -> Result<Option<Secret>, Problem> {
    match state.vault.as_ref().map(|vault| vault.protection()) {
        Some(Protection::Passphrase) => ask("Passphrase of the saved systems: ").map(Some),
        Some(Protection::Keyring) | None => Ok(None),
    }
}

/// A new passphrase, typed twice.
///
/// # Errors
///
/// If nobody can be asked, it is too weak, or the two differ.
pub fn new(words: Words) -> Result<Secret, Problem> {
    let passphrase = ask("New passphrase for the saved systems: ")?;
    passphrase::check(passphrase.expose()).map_err(|error| error.explain(words).unusable())?;
    if ask("The same passphrase again: ")? != passphrase {
        return Err(Problem::unusable(
            "The two passphrases differ.",
            "One of them holds a slip of the fingers. Nothing was saved.",
            "Try again.",
        ));
    }
    Ok(passphrase)
}

fn ask(question: &str) -> Result<Secret, Problem> {
    prompt::read_passphrase(question).map_err(|error| error.problem(super::content().words))
}
