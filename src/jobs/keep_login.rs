//! Stores a Cloud Foundry login for later commands, sealed like a saved system.

use super::{Context, save_system::NotSaved};
use crate::{
    domain::{cf::kept::KeptLogin, problem::Problem, systems::vault::Protection, text::secret::Secret},
    platform::{keyring::Keyring, saved::SavedError},
};

/// Where the data key of the stored login is kept; `None` if no login is stored. Decrypts nothing and never prompts.
///
/// # Errors
///
/// If the file cannot be read.
pub fn kept_login<K: Keyring>(context: &Context<K>) -> Result<Option<Protection>, Problem> {
    context.saved.login_protection().map_err(|error| context.problem(error))
}

/// The stored login.
///
/// # Errors
///
/// If it cannot be decrypted.
pub fn open_login<K: Keyring>(context: &Context<K>, passphrase: Option<&Secret>) -> Result<Option<KeptLogin>, Problem> {
    let sealed = context.saved.login(passphrase).map_err(|error| context.problem(error))?;
    let damaged = || context.problem(SavedError::of_login());
    sealed.map(|text| KeptLogin::read(&text).ok_or_else(damaged)).transpose()
}

/// Stores a login, replacing the previous one. Without a passphrase, the keyring seals it.
///
/// # Errors
///
/// If it cannot be sealed or written. The previously stored login is then unchanged.
pub fn keep_login<K: Keyring>(
    context: &Context<K>,
    login: &KeptLogin,
    passphrase: Option<&Secret>,
) -> Result<(), NotSaved> {
    context.saved.keep_login(&login.to_bytes(), passphrase).map_err(|error| match error {
        error @ SavedError::NoKeyring(_) => NotSaved::NoKeyring(context.problem(error)),
        error => NotSaved::Other(context.problem(error)),
    })
}

/// Like [`keep_login`], whatever sealed the previous one: a passphrase chosen because the keyring is gone seals a new
/// file.
///
/// # Errors
///
/// If it cannot be sealed or written.
pub fn keep_login_anew<K: Keyring>(
    context: &Context<K>,
    login: &KeptLogin,
    passphrase: Option<&Secret>,
) -> Result<Protection, NotSaved> {
    let before = kept_login(context).unwrap_or_default();
    if passphrase.is_some() && before == Some(Protection::Keyring) {
        forget_login(context)?;
    }
    keep_login(context, login, passphrase)?;
    Ok(if passphrase.is_some() { Protection::Passphrase } else { Protection::Keyring })
}

/// Deletes the stored login. Returns whether there was one.
///
/// # Errors
///
/// If its file cannot be deleted.
pub fn forget_login<K: Keyring>(context: &Context<K>) -> Result<bool, Problem> {
    context.saved.forget_login().map_err(|error| context.problem(error))
}
