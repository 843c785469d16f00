use std::sync::Mutex;

use super::{
    super::store::{FileAction, FileCause, StoreError},
    *,
};
use crate::{
    domain::{
        finding::Verdict,
        key::service_key::{self, KeyForm},
        systems::system::{ListDamage, SecretInPlainTextError, SystemsFileError},
    },
    words::Words,
};

/// A keyring in memory, or a missing one.
#[derive(Debug, Default)]
struct Memory {
    keys: Mutex<Vec<(VaultId, DataKey)>>,
    error: Option<KeyringError>,
    forgetful: bool,
}

impl Keyring for Memory {
    fn get(&self, vault: VaultId) -> Result<DataKey, KeyringError> {
        let keys = self.keys.lock().unwrap();
        let key = keys.iter().find(|(id, _)| *id == vault).map(|(_, key)| key.clone());
        self.error.clone().map_or_else(|| key.ok_or(KeyringError::NoEntry), Err)
    }
    fn set(&self, vault: VaultId, key: &DataKey) -> Result<(), KeyringError> {
        if !self.forgetful {
            self.keys.lock().unwrap().push((vault, key.clone()));
        }
        self.error.clone().map_or(Ok(()), Err)
    }
    fn remove(&self, vault: VaultId) -> Result<(), KeyringError> {
        self.keys.lock().unwrap().retain(|(id, _)| *id != vault);
        Ok(())
    }
}

fn found(secret: &str) -> Found {
    let typed = KeyForm {
        url: "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com".into(),
        token_url: "https://acme.authentication.eu10.hana.ondemand.com/oauth/token".into(),
        client_id: "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45".into(),
        secret: Secret::new(secret),
    };
    service_key::from_form(&typed, Timestamp::UNIX_EPOCH)
}

fn add(saved: &Saved<Memory>, name: &str, secret: &str, passphrase: Option<&str>) -> Result<(), SavedError> {
    add_or_replace(saved, name, secret, passphrase, false)
}

fn add_or_replace(
    saved: &Saved<Memory>,
    name: &str,
    secret: &str,
    passphrase: Option<&str>,
    replace: bool,
) -> Result<(), SavedError> {
    let found = found(secret);
    let key = found.key.as_ref().unwrap();
    let name = SystemName::new(name).unwrap();
    let system = System::of(new_id().unwrap(), name, "", None, &found, key).unwrap();
    let passphrase = passphrase.map(Secret::new);
    saved.add(system, key, None, passphrase.as_ref(), replace).map(|_| ())
}

/// The secret of a system.
fn secret(saved: &Saved<Memory>, name: &str, passphrase: Option<&str>) -> Result<String, SavedError> {
    let (state, _) = saved.read()?;
    let opened = saved.open(&state, passphrase.map(Secret::new).as_ref())?;
    let system = state.systems.get(name).ok_or(SavedError::NotAKey)?;
    let key = opened.key_of(system, Timestamp::UNIX_EPOCH)?.key.unwrap();
    match key.credential {
        service_key::Credential::ClientSecret(secret) => Ok(secret.expose().to_owned()),
        service_key::Credential::Certificate { .. } => panic!("no certificate was saved"),
    }
}

fn saved(keyring: Memory) -> (tempfile::TempDir, Saved<Memory>) {
    let directory = tempfile::tempdir().unwrap();
    let saved = Saved::new(Store::new(directory.path().join("cpikey")), keyring);
    (directory, saved)
}

#[test]
fn each_system_returns_its_own_secret() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary-dev", None).unwrap();
    add(&saved, "prod", "canary-prod", None).unwrap();
    assert_eq!(secret(&saved, "dev", None).as_deref(), Ok("canary-dev"));
    assert_eq!(secret(&saved, "PROD", None).as_deref(), Ok("canary-prod"));
    assert_eq!(saved.keyring.keys.lock().unwrap().len(), 1, "one data key for all");
}

#[test]
fn without_a_keyring_nothing_is_stored_unless_a_passphrase_is_chosen() {
    let error = KeyringError::NoSessionBus;
    let (_directory, saved) = saved(Memory { error: Some(error.clone()), ..Memory::default() });
    assert_eq!(add(&saved, "dev", "canary", None), Err(SavedError::NoKeyring(error)));
    assert!(!saved.store().root().exists());
    add(&saved, "dev", "canary", Some("correct horse")).unwrap();
    assert_eq!(secret(&saved, "dev", Some("correct horse")).as_deref(), Ok("canary"));
    assert_eq!(secret(&saved, "dev", Some("wrong")), Err(SavedError::Vault(VaultError::WrongPassphrase)));
    assert_eq!(secret(&saved, "dev", None), Err(SavedError::PassphraseMissing));
    assert_eq!(add(&saved, "prod", "canary", None), Err(SavedError::PassphraseMissing));
}

#[test]
fn a_keyring_that_does_not_return_the_key_is_not_used() {
    let (_directory, saved) = saved(Memory { forgetful: true, ..Memory::default() });
    assert_eq!(add(&saved, "dev", "canary", None), Err(SavedError::NoKeyring(KeyringError::NoEntry)));
    assert!(!saved.store().root().exists());
}

#[test]
fn a_name_is_used_once_unless_the_system_is_replaced() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary-old", None).unwrap();
    let taken = SavedError::NameTaken(SystemName::new("dev").unwrap());
    assert_eq!(add(&saved, "Dev", "canary-new", None), Err(taken));
    add_or_replace(&saved, "dev", "canary-new", None, true).unwrap();
    assert_eq!(secret(&saved, "dev", None).as_deref(), Ok("canary-new"));
    assert_eq!(saved.read().unwrap().0.systems.len(), 1);
}

#[test]
fn the_sealed_file_and_the_key_in_the_keyring_are_removed_with_the_last_system() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary", None).unwrap();
    add(&saved, "prod", "canary", None).unwrap();
    saved.remove("dev").unwrap();
    assert_eq!(saved.keyring.keys.lock().unwrap().len(), 1);
    saved.remove("prod").unwrap();
    assert_eq!(saved.keyring.keys.lock().unwrap().len(), 0);
    assert!(!saved.store().root().join("secrets.sealed").exists());
    assert_eq!(saved.remove("prod"), Err(SavedError::Unknown("prod".into())));
}

#[test]
fn the_key_in_the_keyring_stays_while_a_quarantined_file_needs_it() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary", None).unwrap();
    std::fs::write(saved.store().root().join("systems.toml"), "damaged").unwrap();
    let (state, quarantined) = saved.read().unwrap();
    assert_eq!((state.systems.len(), quarantined.len()), (0, 1));
    add(&saved, "prod", "canary", None).unwrap();
    saved.remove("prod").unwrap();
    assert_eq!(saved.keyring.keys.lock().unwrap().len(), 1);
}

#[test]
fn a_renamed_system_keeps_its_secret_and_its_test() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary", None).unwrap();
    let id = saved.read().unwrap().0.systems.get("dev").unwrap().id;
    let test = LastTest { verdict: Verdict::Ready, at: Timestamp::UNIX_EPOCH };
    saved.record(&[(id, test)]).unwrap();
    saved.rename("dev", SystemName::new("entwicklung").unwrap()).unwrap();
    assert_eq!(secret(&saved, "entwicklung", None).as_deref(), Ok("canary"));
    assert_eq!(saved.read().unwrap().0.systems.get("entwicklung").unwrap().last_test, Some(test));
}

#[test]
fn a_list_changed_by_hand_does_not_change_where_the_secret_goes() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary", None).unwrap();
    let path = saved.store().root().join("systems.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("acme.", "evil.")).unwrap();
    let (state, _) = saved.read().unwrap();
    let system = state.systems.get("dev").unwrap();
    assert_eq!(system.token_url.host(), "evil.authentication.eu10.hana.ondemand.com");
    let found = saved.open(&state, None).unwrap().key_of(system, Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(found.key.unwrap().token_url.host(), "acme.authentication.eu10.hana.ondemand.com");
}

#[test]
fn no_error_and_no_debug_output_contains_a_secret() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary", None).unwrap();
    let (state, _) = saved.read().unwrap();
    let opened = saved.open(&state, None).unwrap();
    let wrong = saved.open(&state, Some(&Secret::new("canary"))).unwrap_err();
    let shown = format!("{state:?} {opened:?} {saved:?} {wrong:?} {wrong} {}", wrong.problem(Words::default()));
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn an_empty_passphrase_saves_nothing() {
    let (_directory, saved) = saved(Memory::default());
    assert_eq!(add(&saved, "dev", "canary", Some("")), Err(SavedError::Vault(VaultError::WrongPassphrase)));
    assert!(!saved.store().root().exists());
}

#[test]
fn every_error_is_explained_without_a_gap() {
    let name = || SystemName::new("dev").unwrap();
    let keyring = [
        KeyringError::NotBuilt,
        KeyringError::NoSessionBus,
        KeyringError::Unreachable("cause".into()),
        KeyringError::ClientFailed,
        KeyringError::Locked("cause".into()),
        KeyringError::Ambiguous,
        KeyringError::TimedOut(std::time::Duration::from_secs(3)),
        KeyringError::NoEntry,
    ];
    let vault = [
        VaultError::Damaged(vault::VaultDamage::Truncated),
        VaultError::Newer { version: 2 },
        VaultError::WrongKey,
        VaultError::WrongPassphrase,
        VaultError::NoEntry,
        VaultError::EntryDamaged,
        VaultError::TooLarge,
        VaultError::NoMemory,
    ];
    let file = |action| StoreError::File { action, path: "path".into(), cause: FileCause::System("cause".into()) };
    let store = [
        StoreError::NoHome,
        StoreError::InUse,
        StoreError::CannotLock { path: "path".into(), cause: FileCause::NotAFile },
        file(FileAction::Create),
        file(FileAction::Read),
        file(FileAction::Write),
        file(FileAction::Quarantine),
        file(FileAction::Delete),
        StoreError::List(SystemsFileError::Newer { version: 2 }),
        StoreError::List(SystemsFileError::Damaged(ListDamage::NotUtf8)),
        StoreError::List(SystemsFileError::Unwritable("cause".into())),
    ];
    let mut errors = vec![
        SavedError::PassphraseMissing,
        SavedError::PassphraseNotUsed,
        SavedError::NotAKey,
        SavedError::KeyUnusable,
        SavedError::SecretInPlainText(SecretInPlainTextError),
        SavedError::ListChanged(name()),
        SavedError::Unknown("dev".into()),
        SavedError::NameTaken(name()),
        SavedError::Gone,
        SavedError::Overtaken,
        SavedError::Random(RandomError),
    ];
    errors.extend(keyring.iter().cloned().map(SavedError::NoKeyring));
    errors.extend(keyring.into_iter().map(SavedError::KeyringNeeded));
    errors.extend(vault.into_iter().map(SavedError::Vault));
    errors.extend(store.into_iter().map(SavedError::Store));
    let mut seen = std::collections::HashSet::new();
    for error in errors {
        let problem = error.problem(Words::default());
        for sentence in [&problem.what, &problem.why, &problem.fix] {
            // A placeholder that was not filled in leaves two blanks or one before a period.
            let whole = !sentence.contains("  ") && !sentence.contains(" .") && !sentence.contains(['{', '}']);
            assert!(whole && sentence.ends_with('.'), "{error:?}: {sentence:?}");
        }
        assert!(seen.insert(problem.to_string()), "{error:?} is not distinguished: {problem}");
    }
}

#[test]
fn a_kept_login_is_sealed_in_a_file_of_its_own_and_forgotten_with_its_key() {
    let directory = tempfile::tempdir().unwrap();
    let saved = Saved::new(Store::new(directory.path()), Memory::default());
    assert_eq!((saved.login_protection().unwrap(), saved.login(None).unwrap()), (None, None));
    assert!(!saved.forget_login().unwrap());
    saved.check_keyring().unwrap();
    saved.keep_login(b"first canary", None).unwrap();
    saved.keep_login(b"canary", None).unwrap();
    assert_eq!(saved.keyring.keys.lock().unwrap().len(), 1);
    assert_eq!(saved.login(None).unwrap().unwrap().as_slice(), b"canary");
    let sealed = std::fs::read(directory.path().join("login.sealed")).unwrap();
    assert!(!sealed.windows(6).any(|window| window == b"canary"));
    // The saved systems do not contain it.
    add(&saved, "dev", "0123-secret", None).unwrap();
    saved.remove("dev").unwrap();
    assert_eq!(saved.login(None).unwrap().unwrap().as_slice(), b"canary");
    assert!(saved.forget_login().unwrap());
    assert_eq!((saved.login(None).unwrap(), saved.keyring.keys.lock().unwrap().len()), (None, 0));
}

#[test]
fn without_a_keyring_a_login_is_kept_with_a_passphrase_only() {
    let directory = tempfile::tempdir().unwrap();
    let keyring = Memory { error: Some(KeyringError::NoSessionBus), ..Memory::default() };
    let saved = Saved::new(Store::new(directory.path()), keyring);
    let none = Err(SavedError::NoKeyring(KeyringError::NoSessionBus));
    assert_eq!((saved.check_keyring(), saved.keep_login(b"x", None)), (none.clone(), none));
    assert!(!directory.path().join("login.sealed").exists());
    let passphrase = Secret::new("battery staple");
    saved.keep_login(b"x", Some(&passphrase)).unwrap();
    assert_eq!(saved.login_protection().unwrap(), Some(Protection::Passphrase));
    assert_eq!(saved.login(Some(&passphrase)).unwrap().unwrap().as_slice(), b"x");
    assert_eq!(saved.login(None), Err(SavedError::PassphraseMissing));
    assert_eq!(saved.login(Some(&Secret::new("another"))), Err(SavedError::Vault(VaultError::WrongPassphrase)));
}
