//! Reads the key of a saved system from the sealed file.

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

/// The key of the system with this id, for display. Its own URLs count, not those in the list.
///
/// # Errors
///
/// If the system no longer exists, or its secret cannot be decrypted.
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

/// The key of `system`, for a test: it must match the list, because the verdict is recorded there.
///
/// # Errors
///
/// If its secret cannot be decrypted, or the list describes another key.
pub fn open_to_test<K: Keyring>(
    context: &Context<K>,
    state: &State,
    system: &System,
    passphrase: Option<&Secret>,
) -> Result<Found, Problem> {
    let opened = context.saved.open(state, passphrase).map_err(|error| context.problem(error))?;
    opened.key_to_test(system, (context.clock)()).map_err(|error| context.problem(error))
}
