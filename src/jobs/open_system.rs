//! Takes the key of a saved system out of the sealed file.

use super::{Context, list_systems::list_systems};
use crate::{
    domain::{
        key::service_key::Found,
        problem::Problem,
        systems::system::{System, SystemId},
        text::secret::Secret,
    },
    platform::{keyring::Keyring, saved::SavedError, store::State},
};

/// The key of the system with this id, to be looked at. Its own addresses count, not those of the list.
///
/// # Errors
///
/// If the system no longer exists, or its secret cannot be opened.
pub fn open_system<K: Keyring>(
    context: &Context<K>,
    id: SystemId,
    passphrase: Option<&Secret>,
) -> Result<Found, Problem> {
    let state = list_systems(context)?.value;
    let gone = || context.problem(SavedError::Gone);
    let system = state.systems.iter().find(|system| system.id == id).ok_or_else(gone)?;
    let opened = context.saved.open(&state, passphrase).map_err(|error| context.problem(error))?;
    opened.key_of(system, (context.clock)()).map_err(|error| context.problem(error))
}

/// The key of `system`, to be tested: it has to be the one that the list describes, because the verdict is recorded there.
///
/// # Errors
///
/// If its secret cannot be opened, or the list describes another key.
pub fn open_to_test<K: Keyring>(
    context: &Context<K>,
    state: &State,
    system: &System,
    passphrase: Option<&Secret>,
) -> Result<Found, Problem> {
    let opened = context.saved.open(state, passphrase).map_err(|error| context.problem(error))?;
    opened.key_to_test(system, (context.clock)()).map_err(|error| context.problem(error))
}
