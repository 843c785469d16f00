//! Removes a saved system with its secret. The service key itself stays.

use super::{Context, Done};
use crate::{domain::problem::Problem, platform::keyring::Keyring};

/// Removes the system `name`.
///
/// # Errors
///
/// If there is no such system, or the files cannot be written.
pub fn remove_system<K: Keyring>(context: &Context<K>, name: &str) -> Result<Done<()>, Problem> {
    let quarantined = context.saved.remove(name).map_err(|error| context.problem(error))?;
    Ok(Done::new((), &quarantined, context.words()))
}
