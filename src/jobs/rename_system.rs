//! Renames a saved system. Decrypts no secret.

use super::{Context, Done};
use crate::{
    domain::{problem::Problem, systems::system::SystemName},
    platform::keyring::Keyring,
};

/// Renames the system `name` to `new`.
///
/// # Errors
///
/// If there is no such system, the new name is taken, or the files cannot be written.
pub fn rename_system<K: Keyring>(context: &Context<K>, name: &str, new: SystemName) -> Result<Done<()>, Problem> {
    let quarantined = context.saved.rename(name, new).map_err(|error| context.problem(error))?;
    Ok(Done::new((), &quarantined, context.words()))
}
