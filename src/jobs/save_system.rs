//! Saves a key under a name with its secret sealed.

use jiff::Unit;

use super::{Context, Done};
use crate::{
    domain::{
        key::service_key::Found,
        problem::Problem,
        systems::system::{System, SystemName},
        text::{safe_text::SafeText, secret::Secret},
    },
    platform::{
        keyring::Keyring,
        saved::{self, Saved, SavedError},
        store::State,
    },
};

/// Why a key was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// No keyring is available; a passphrase can be used instead.
    NoKeyring(Problem),
    /// Anything else.
    Other(Problem),
}

impl NotSaved {
    /// The problem to show.
    pub fn into_problem(self) -> Problem {
        match self {
            NotSaved::NoKeyring(problem) | NotSaved::Other(problem) => problem,
        }
    }
}

impl From<Problem> for NotSaved {
    fn from(problem: Problem) -> Self {
        Self::Other(problem)
    }
}

/// The system of a usable key, with a new id.
///
/// # Errors
///
/// If the key is not usable, or name or note contain its secret: both are stored as plain text.
pub fn new_system<K: Keyring>(
    context: &Context<K>,
    name: SystemName,
    note: &str,
    purpose: Option<&str>,
    found: &Found,
) -> Result<System, Problem> {
    let key = found.key.as_ref().ok_or_else(|| context.problem(SavedError::KeyUnusable))?;
    let id = saved::new_id().map_err(|error| context.problem(error.into()))?;
    let system = System::of(id, name, note, purpose, found, key).map_err(|error| context.problem(error.into()))?;
    let now = (context.clock)();
    Ok(System { saved: Some(now.round(Unit::Second).unwrap_or(now)), ..system })
}

/// Checks that the name is free, before a passphrase is typed.
///
/// # Errors
///
/// If its name is taken.
pub fn check_name<K: Keyring>(
    context: &Context<K>,
    state: &State,
    system: &System,
    replace: bool,
) -> Result<(), Problem> {
    Saved::<K>::check(state, system, replace).map_err(|error| context.problem(error))
}

/// Saves the system with its key. `passphrase` is that of the saved systems, or for the first system the one that seals
/// the secrets instead of the keyring. With `replace`, a system of the same name is replaced.
///
/// # Errors
///
/// If the name is taken, the secret cannot be sealed, or the files cannot be written. Nothing is then saved.
pub fn save_system<K: Keyring>(
    context: &Context<K>,
    system: System,
    found: &Found,
    passphrase: Option<&Secret>,
    replace: bool,
) -> Result<Done<()>, NotSaved> {
    let unusable = || NotSaved::Other(context.problem(SavedError::KeyUnusable));
    let key = found.key.as_ref().ok_or_else(unusable)?;
    let created = found.summary.created.as_ref().map(SafeText::as_str);
    match context.saved.add(system, key, created, passphrase, replace) {
        Ok(quarantined) => Ok(Done::new((), &quarantined, context.words())),
        Err(error @ SavedError::NoKeyring(_)) => Err(NotSaved::NoKeyring(context.problem(error))),
        Err(error) => Err(NotSaved::Other(context.problem(error))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::{domain::key::service_key, platform::keyring::OsKeyring, platform::store::Store};

    const CANARY: &str = "11111111-2222-4333-8444-555555555555$canary=";

    #[test]
    fn a_name_that_is_the_secret_is_refused_without_being_repeated() {
        let typed = service_key::KeyForm {
            url: "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com".to_owned(),
            token_url: "https://acme.authentication.eu10.hana.ondemand.com/oauth/token".to_owned(),
            client_id: "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45".to_owned(),
            secret: Secret::new(CANARY),
        };
        let found = service_key::from_form(&typed, Timestamp::UNIX_EPOCH);
        let directory = tempfile::tempdir().unwrap();
        let context = Context {
            content: Arc::new(crate::content::load()),
            saved: Saved::new(Store::new(directory.path()), OsKeyring::quiet()),
            clock: || Timestamp::UNIX_EPOCH,
        };
        let make = |name: &str, note: &str| new_system(&context, SystemName::new(name).unwrap(), note, None, &found);
        assert!(make("dev", "of the team").is_ok());
        for refused in [make(CANARY, ""), make("dev", CANARY)] {
            assert!(!refused.unwrap_err().to_string().contains("canary"));
        }
    }
}
