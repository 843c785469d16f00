//! The operating system's keyring, which stores the data key of the sealed file.
//!
//! A keyring may hang forever, open a window and wait for the user, or panic inside a runtime. So each call runs on its
//! own thread with a time limit. A hung thread ends with the program.

use std::{
    fmt,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use crate::{
    domain::{
        platform::Platform,
        systems::vault::{DataKey, VaultId},
        text::safe_text::SafeText,
    },
    words::{Explanation, Words},
};

/// How long a keyring may take without a prompt.
pub const QUIET: Duration = Duration::from_secs(3);
/// How long the user may take to unlock the keyring.
pub const PROMPT: Duration = Duration::from_secs(60);

/// Stores the data key.
pub trait Keyring {
    /// The data key of the file.
    ///
    /// # Errors
    ///
    /// If there is no keyring, it is locked, or has no such key.
    fn get(&self, vault: VaultId) -> Result<DataKey, KeyringError>;

    /// Stores the data key of the file.
    ///
    /// # Errors
    ///
    /// If there is no keyring, or it is locked.
    fn set(&self, vault: VaultId, key: &DataKey) -> Result<(), KeyringError>;

    /// Removes the data key of the file.
    ///
    /// # Errors
    ///
    /// If there is no keyring, it is locked, or has no such key.
    fn remove(&self, vault: VaultId) -> Result<(), KeyringError>;
}

/// Why a keyring operation failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum KeyringError {
    /// This build has no keyring for this system.
    NotBuilt,
    /// There is no session bus.
    NoSessionBus,
    /// No keyring responds; with the original error.
    Unreachable(SafeText),
    /// The keyring client ended without an answer.
    ClientFailed,
    /// The keyring is locked; with the original error.
    Locked(SafeText),
    /// Several entries have the same name.
    Ambiguous,
    /// The keyring did not respond within this time.
    TimedOut(Duration),
    /// The keyring has no such key, or one of the wrong length.
    NoEntry,
}

impl KeyringError {
    /// What is wrong.
    pub fn explain(&self, words: Words) -> Explanation {
        self.explain_on(Platform::HERE, words)
    }

    fn explain_on(&self, platform: Platform, words: Words) -> Explanation {
        let words = words.keyring();
        match self {
            Self::NotBuilt => words.not_built().fill(&[]),
            Self::NoSessionBus => words.no_session_bus().fill(&[]),
            Self::Unreachable(cause) => platform
                .choose(words.unreachable(), words.unreachable_macos(), words.unreachable_windows())
                .fill(&[("cause", cause)]),
            Self::ClientFailed => words.client_failed().fill(&[]),
            Self::Locked(cause) => words.locked().fill(&[("cause", cause)]),
            Self::Ambiguous => words.ambiguous().fill(&[]),
            Self::TimedOut(limit) => words.timed_out().fill(&[("seconds", &limit.as_secs())]),
            Self::NoEntry => words.no_entry().fill(&[]),
        }
    }
}

/// Called on the caller's thread, once per call, if the keyring takes longer than [`QUIET`]: it may have opened a
/// window.
pub type OnWait = Box<dyn Fn() + Send + Sync>;

/// The operating system's keyring. Its calls block, so a user interface makes them on another thread.
pub struct OsKeyring {
    limit: Duration,
    on_wait: OnWait,
}

impl OsKeyring {
    /// For unattended use: times out after [`QUIET`].
    pub fn quiet() -> Self {
        Self { limit: QUIET, on_wait: Box::new(|| {}) }
    }

    /// For a user who may have to unlock the keyring: times out after [`PROMPT`].
    pub fn patient(on_wait: impl Fn() + Send + Sync + 'static) -> Self {
        Self { limit: PROMPT, on_wait: Box::new(on_wait) }
    }

    fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, KeyringError> {
        within(self.limit, &self.on_wait, work)
    }
}

/// Whether the keyring responds within `limit`. It is asked for an entry that does not exist, so nothing is unlocked.
///
/// # Errors
/// Why not.
pub fn answers(limit: Duration) -> Result<(), KeyringError> {
    let keyring = OsKeyring { limit, on_wait: Box::new(|| {}) };
    match keyring.get(VaultId([0; 16])) {
        Ok(_) | Err(KeyringError::NoEntry) => Ok(()),
        Err(error) => Err(error),
    }
}

impl fmt::Debug for OsKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OsKeyring").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Keyring for OsKeyring {
    fn get(&self, vault: VaultId) -> Result<DataKey, KeyringError> {
        self.call(move || native::get(vault))
    }

    fn set(&self, vault: VaultId, key: &DataKey) -> Result<(), KeyringError> {
        let key = key.clone();
        self.call(move || native::set(vault, &key))
    }

    fn remove(&self, vault: VaultId) -> Result<(), KeyringError> {
        self.call(move || native::remove(vault))
    }
}

/// Runs `work` on a thread and waits for at most `limit`; calls `on_wait` after [`QUIET`].
fn within<T: Send + 'static>(
    limit: Duration,
    on_wait: impl Fn(),
    work: impl FnOnce() -> Result<T, KeyringError> + Send + 'static,
) -> Result<T, KeyringError> {
    let (answer, answered) = mpsc::sync_channel(1);
    let spawned = thread::Builder::new().name("keyring".into()).spawn(move || {
        // The receiver is gone if it took too long.
        let _ = answer.send(work());
    });
    if let Err(error) = spawned {
        return Err(KeyringError::Unreachable(SafeText::line(&error.to_string())));
    }
    let quiet = limit.min(QUIET);
    let mut outcome = answered.recv_timeout(quiet);
    if matches!(outcome, Err(RecvTimeoutError::Timeout)) && limit > quiet {
        on_wait();
        outcome = answered.recv_timeout(limit - quiet);
    }
    match outcome {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(KeyringError::TimedOut(limit)),
        Err(RecvTimeoutError::Disconnected) => Err(KeyringError::ClientFailed),
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

    use super::{DataKey, KeyringError, SafeText, VaultId};

    /// The service name of the entries.
    const SERVICE: &str = "cpikey";

    fn entry(vault: VaultId) -> Result<Entry, KeyringError> {
        let store = Store::new().map_err(failed)?;
        store.build(SERVICE, &vault.to_string(), None).map_err(failed)
    }

    pub(super) fn get(vault: VaultId) -> Result<DataKey, KeyringError> {
        let secret = Zeroizing::new(entry(vault)?.get_secret().map_err(failed)?);
        DataKey::from_slice(&secret).ok_or(KeyringError::NoEntry)
    }

    pub(super) fn set(vault: VaultId, key: &DataKey) -> Result<(), KeyringError> {
        entry(vault)?.set_secret(key.bytes()).map_err(failed)
    }

    pub(super) fn remove(vault: VaultId) -> Result<(), KeyringError> {
        entry(vault)?.delete_credential().map_err(failed)
    }

    /// The D-Bus client's message if there is no bus.
    const NO_BUS: &str = "Failed to connect to address";

    /// Never show the text of an error that contains the stored value.
    fn failed(error: Error) -> KeyringError {
        let cause = |text: &str| SafeText::line(text.trim_end_matches('.'));
        match error {
            Error::NoEntry | Error::BadEncoding(_) | Error::BadDataFormat(..) => KeyringError::NoEntry,
            Error::NoStorageAccess(error) => KeyringError::Locked(cause(&error.to_string())),
            Error::PlatformFailure(error) => {
                let text = error.to_string();
                match text.strip_prefix("zbus error: ").unwrap_or(&text) {
                    text if text.starts_with(NO_BUS) => KeyringError::NoSessionBus,
                    text => KeyringError::Unreachable(cause(text)),
                }
            }
            Error::Ambiguous(_) => KeyringError::Ambiguous,
            other => KeyringError::Unreachable(cause(&other.to_string())),
        }
    }
}

#[cfg(not(all(feature = "keyring", any(target_os = "linux", target_os = "macos", windows))))]
mod native {
    //! Nothing to call.

    use super::{DataKey, KeyringError, VaultId};

    pub(super) fn get(_: VaultId) -> Result<DataKey, KeyringError> {
        Err(KeyringError::NotBuilt)
    }

    pub(super) fn set(_: VaultId, _: &DataKey) -> Result<(), KeyringError> {
        Err(KeyringError::NotBuilt)
    }

    pub(super) fn remove(_: VaultId) -> Result<(), KeyringError> {
        Err(KeyringError::NotBuilt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_that_never_answers_times_out() {
        let (_never, silence) = mpsc::channel::<()>();
        let limit = Duration::from_millis(10);
        let outcome = within(limit, || {}, move || silence.recv().map_err(|_| KeyringError::NoEntry));
        assert_eq!(outcome, Err(KeyringError::TimedOut(limit)));
    }

    #[test]
    fn a_keyring_that_does_not_respond_is_called_what_it_is_called_on_the_system() {
        let names = [
            (Platform::Linux, "Secret Service"),
            (Platform::MacOs, "Keychain"),
            (Platform::Windows, "Credential Manager"),
        ];
        for (platform, _) in names {
            let explained = KeyringError::Unreachable("closed".into()).explain_on(platform, Words::default());
            let text = format!("{explained:?}");
            for (other, name) in names {
                assert_eq!(text.contains(name), other == platform, "{platform:?}: {text}");
            }
        }
    }

    #[test]
    fn a_keyring_whose_client_panics_is_reported() {
        let outcome = within::<()>(QUIET, || {}, || std::panic::resume_unwind(Box::new("canary")));
        assert_eq!(outcome, Err(KeyringError::ClientFailed));
    }

    #[test]
    fn the_answer_of_the_keyring_reaches_the_caller() {
        assert_eq!(within(QUIET, || {}, || Ok(7)), Ok(7));
        assert_eq!(within::<()>(QUIET, || {}, || Err(KeyringError::NoEntry)), Err(KeyringError::NoEntry));
    }
}
