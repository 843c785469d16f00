//! Lists the saved systems. Decrypts no secret and never prompts.

use super::{Context, Done};
use crate::{
    domain::{problem::Problem, systems::system::System, text::safe_text::SafeText},
    platform::{keyring::Keyring, saved::SavedError, store::State},
};

/// The saved systems.
///
/// # Errors
///
/// If the files cannot be read.
pub fn list_systems<K: Keyring>(context: &Context<K>) -> Result<Done<State>, Problem> {
    let (state, quarantined) = context.saved.read().map_err(|error| context.problem(error))?;
    Ok(Done::new(state, &quarantined, context.words()))
}

/// The system of this name.
///
/// # Errors
///
/// If there is none.
pub fn find_system<'a, K: Keyring>(context: &Context<K>, state: &'a State, name: &str) -> Result<&'a System, Problem> {
    let unknown = || context.problem(SavedError::Unknown(SafeText::line(name)));
    state.systems.get(name).ok_or_else(unknown)
}
