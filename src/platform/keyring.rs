//! The keyring of the operating system, which holds the data key of the sealed file.
//!
//! A keyring may hang for ever, open a window and wait for a person, or panic inside a runtime. So each call runs on a
//! thread of its own, and nobody waits longer than a limit. A thread that hangs ends with the program.

use std::{
    fmt,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use crate::domain::problem::Problem;
use crate::domain::{
    systems::vault::{DataKey, VaultId},
    text::safe_text::SafeText,
};

/// How long a keyring may take that needs nobody.
pub const QUIET: Duration = Duration::from_secs(3);
/// How long a person may take who is asked to open the keyring.
pub const PROMPT: Duration = Duration::from_secs(60);

/// What the data key is kept in.
pub trait Keyring {
    /// The data key of that file.
    ///
    /// # Errors
    ///
    /// Where there is no keyring, it stays closed, or has no such key.
    fn get(&self, vault: VaultId) -> Result<DataKey, KeyringFault>;

    /// Keeps the data key of that file.
    ///
    /// # Errors
    ///
    /// Where there is no keyring, or it stays closed.
    fn set(&self, vault: VaultId, key: &DataKey) -> Result<(), KeyringFault>;

    /// Forgets the data key of that file.
    ///
    /// # Errors
    ///
    /// Where there is no keyring, it stays closed, or has no such key.
    fn remove(&self, vault: VaultId) -> Result<(), KeyringFault>;
}

/// Why the keyring did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringFault {
    /// This build knows no keyring for this system.
    NotBuilt,
    /// There is none; in its own words.
    Absent(SafeText),
    /// It is there, but stays closed; in its own words.
    Closed(SafeText),
    /// It did not answer within this time.
    TimedOut(Duration),
    /// It has no such key, or one of another length.
    NoEntry,
}

impl fmt::Display for KeyringFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyringFault::NotBuilt => f.write_str("This build of the program knows no keyring for this system."),
            KeyringFault::Absent(words) => write!(f, "No keyring answers: {words}."),
            KeyringFault::Closed(words) => write!(f, "The keyring stays closed: {words}."),
            KeyringFault::TimedOut(limit) => {
                write!(f, "The keyring did not answer within {} seconds.", limit.as_secs())
            }
            KeyringFault::NoEntry => f.write_str("The keyring does not have the key."),
        }
    }
}

impl std::error::Error for KeyringFault {}

impl KeyringFault {
    /// What to do about it.
    pub fn fix(&self) -> &'static str {
        match self {
            KeyringFault::NotBuilt | KeyringFault::Absent(_) => {
                "On Linux it takes a Secret Service such as GNOME Keyring or KWallet and a session bus."
            }
            KeyringFault::Closed(_) => "Open the keyring, for example by logging in on the desktop, and try again.",
            KeyringFault::TimedOut(_) => "Look for a window that asks for its password, and try again.",
            KeyringFault::NoEntry => {
                "Log in as the person and on the machine that saved it. If the entry is gone, the saved secrets are lost: \
                 remove the systems and add their keys again."
            }
        }
    }
}

/// Called on the caller's thread, once a call, where the keyring takes longer than [`QUIET`]: it may have opened a window.
pub type OnWait = Box<dyn Fn() + Send + Sync>;

/// The keyring of the operating system. Its calls block; a user interface makes them on a thread of its own.
pub struct OsKeyring {
    limit: Duration,
    on_wait: OnWait,
}

impl OsKeyring {
    /// For a program that nobody watches: gives up after [`QUIET`].
    pub fn quiet() -> Self {
        Self { limit: QUIET, on_wait: Box::new(|| {}) }
    }

    /// For a person who may be asked to open the keyring: gives up after [`PROMPT`].
    pub fn patient(on_wait: impl Fn() + Send + Sync + 'static) -> Self {
        Self { limit: PROMPT, on_wait: Box::new(on_wait) }
    }

    fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, KeyringFault> + Send + 'static,
    ) -> Result<T, KeyringFault> {
        within(self.limit, &self.on_wait, work)
    }
}

impl fmt::Debug for OsKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OsKeyring").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Keyring for OsKeyring {
    fn get(&self, vault: VaultId) -> Result<DataKey, KeyringFault> {
        self.call(move || native::get(vault))
    }

    fn set(&self, vault: VaultId, key: &DataKey) -> Result<(), KeyringFault> {
        let key = key.clone();
        self.call(move || native::set(vault, &key))
    }

    fn remove(&self, vault: VaultId) -> Result<(), KeyringFault> {
        self.call(move || native::remove(vault))
    }
}

/// Runs `work` on a thread and waits for at most `limit`, after [`QUIET`] with a word to the person.
fn within<T: Send + 'static>(
    limit: Duration,
    on_wait: impl Fn(),
    work: impl FnOnce() -> Result<T, KeyringFault> + Send + 'static,
) -> Result<T, KeyringFault> {
    let (answer, answered) = mpsc::sync_channel(1);
    let spawned = thread::Builder::new().name("keyring".into()).spawn(move || {
        // Nobody listens any more where it took too long.
        let _ = answer.send(work());
    });
    if let Err(error) = spawned {
        return Err(KeyringFault::Absent(SafeText::line(&error.to_string())));
    }
    let quiet = limit.min(QUIET);
    let mut outcome = answered.recv_timeout(quiet);
    if matches!(outcome, Err(RecvTimeoutError::Timeout)) && limit > quiet {
        on_wait();
        outcome = answered.recv_timeout(limit - quiet);
    }
    match outcome {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(KeyringFault::TimedOut(limit)),
        Err(RecvTimeoutError::Disconnected) => Err(KeyringFault::Absent("its client failed".into())),
    }
}

#[cfg(all(feature = "keyring", any(target_os = "linux", target_os = "macos", windows)))]
mod native {
    //! The calls themselves. They may hang or panic.

    use keyring_core::{Entry, Error, api::CredentialStoreApi as _};
    use zeroize::Zeroizing;

    #[cfg(target_os = "macos")]
    use apple_native_keyring_store::keychain::Store;
    #[cfg(windows)]
    use windows_native_keyring_store::Store;
    #[cfg(target_os = "linux")]
    use zbus_secret_service_keyring_store::Store;

    use super::{DataKey, KeyringFault, SafeText, VaultId};

    /// What the entries are filed under.
    const SERVICE: &str = "cpikey";

    fn entry(vault: VaultId) -> Result<Entry, KeyringFault> {
        let store = Store::new().map_err(fault)?;
        store.build(SERVICE, &vault.to_string(), None).map_err(fault)
    }

    pub(super) fn get(vault: VaultId) -> Result<DataKey, KeyringFault> {
        let secret = Zeroizing::new(entry(vault)?.get_secret().map_err(fault)?);
        DataKey::from_slice(&secret).ok_or(KeyringFault::NoEntry)
    }

    pub(super) fn set(vault: VaultId, key: &DataKey) -> Result<(), KeyringFault> {
        entry(vault)?.set_secret(key.bytes()).map_err(fault)
    }

    pub(super) fn remove(vault: VaultId) -> Result<(), KeyringFault> {
        entry(vault)?.delete_credential().map_err(fault)
    }

    /// The words of the D-Bus client without what only its makers understand.
    fn without_bus_talk(text: &str) -> String {
        let text = text.strip_prefix("zbus error: ").unwrap_or(text);
        if text.starts_with("Failed to connect to address") {
            "there is no session bus".to_owned()
        } else {
            text.to_owned()
        }
    }

    /// Never the error's own text where it holds what is stored.
    fn fault(error: Error) -> KeyringFault {
        let words = |text: String| SafeText::line(text.trim_end_matches('.'));
        match error {
            Error::NoEntry | Error::BadEncoding(_) | Error::BadDataFormat(..) => KeyringFault::NoEntry,
            Error::NoStorageAccess(cause) => KeyringFault::Closed(words(cause.to_string())),
            Error::PlatformFailure(cause) => KeyringFault::Absent(words(without_bus_talk(&cause.to_string()))),
            Error::Ambiguous(_) => KeyringFault::Closed("several entries have the same name".into()),
            other => KeyringFault::Absent(words(other.to_string())),
        }
    }
}

#[cfg(not(all(feature = "keyring", any(target_os = "linux", target_os = "macos", windows))))]
mod native {
    //! Nothing to call.

    use super::{DataKey, KeyringFault, VaultId};

    pub(super) fn get(_: VaultId) -> Result<DataKey, KeyringFault> {
        Err(KeyringFault::NotBuilt)
    }

    pub(super) fn set(_: VaultId, _: &DataKey) -> Result<(), KeyringFault> {
        Err(KeyringFault::NotBuilt)
    }

    pub(super) fn remove(_: VaultId) -> Result<(), KeyringFault> {
        Err(KeyringFault::NotBuilt)
    }
}

impl From<KeyringFault> for Problem {
    fn from(fault: KeyringFault) -> Self {
        Problem::failed("The keyring cannot be used.", fault.to_string(), fault.fix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_that_never_answers_is_given_up() {
        let (_never, silence) = mpsc::channel::<()>();
        let limit = Duration::from_millis(10);
        let outcome = within(limit, || {}, move || silence.recv().map_err(|_| KeyringFault::NoEntry));
        assert_eq!(outcome, Err(KeyringFault::TimedOut(limit)));
    }

    #[test]
    fn a_keyring_whose_client_panics_is_no_keyring() {
        let outcome = within::<()>(QUIET, || {}, || std::panic::resume_unwind(Box::new("canary")));
        assert_eq!(outcome, Err(KeyringFault::Absent("its client failed".into())));
    }

    #[test]
    fn what_the_keyring_says_reaches_the_caller() {
        assert_eq!(within(QUIET, || {}, || Ok(7)), Ok(7));
        assert_eq!(within::<()>(QUIET, || {}, || Err(KeyringFault::NoEntry)), Err(KeyringFault::NoEntry));
    }
}
