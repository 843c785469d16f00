use std::sync::Mutex;

use super::*;
use crate::domain::problem::Problem;
use crate::domain::{
    finding::Verdict,
    key::service_key::{self, KeyForm},
};

/// A keyring in memory, or one that is not there.
#[derive(Debug, Default)]
struct Memory {
    keys: Mutex<Vec<(VaultId, DataKey)>>,
    fault: Option<KeyringFault>,
    forgetful: bool,
}

impl Keyring for Memory {
    fn get(&self, vault: VaultId) -> Result<DataKey, KeyringFault> {
        let keys = self.keys.lock().unwrap();
        let key = keys.iter().find(|(id, _)| *id == vault).map(|(_, key)| key.clone());
        self.fault.clone().map_or_else(|| key.ok_or(KeyringFault::NoEntry), Err)
    }
    fn set(&self, vault: VaultId, key: &DataKey) -> Result<(), KeyringFault> {
        if !self.forgetful {
            self.keys.lock().unwrap().push((vault, key.clone()));
        }
        self.fault.clone().map_or(Ok(()), Err)
    }
    fn remove(&self, vault: VaultId) -> Result<(), KeyringFault> {
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

fn add(saved: &Saved<Memory>, name: &str, secret: &str, passphrase: Option<&str>) -> Result<(), SavedFault> {
    add_or_replace(saved, name, secret, passphrase, false)
}

fn add_or_replace(
    saved: &Saved<Memory>,
    name: &str,
    secret: &str,
    passphrase: Option<&str>,
    replace: bool,
) -> Result<(), SavedFault> {
    let found = found(secret);
    let key = found.key.as_ref().unwrap();
    let name = SystemName::new(name).unwrap();
    let system = System::of(new_id().unwrap(), name, "", None, &found, key).unwrap();
    let passphrase = passphrase.map(Secret::new);
    saved.add(system, key, None, passphrase.as_ref(), replace).map(|_| ())
}

/// The secret of a system.
fn secret(saved: &Saved<Memory>, name: &str, passphrase: Option<&str>) -> Result<String, SavedFault> {
    let (state, _) = saved.read()?;
    let opened = saved.open(&state, passphrase.map(Secret::new).as_ref())?;
    let system = state.systems.get(name).ok_or(SavedFault::NotAKey)?;
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
fn each_system_gives_back_its_own_secret() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary-dev", None).unwrap();
    add(&saved, "prod", "canary-prod", None).unwrap();
    assert_eq!(secret(&saved, "dev", None).as_deref(), Ok("canary-dev"));
    assert_eq!(secret(&saved, "PROD", None).as_deref(), Ok("canary-prod"));
    assert_eq!(saved.keyring.keys.lock().unwrap().len(), 1, "one data key for all");
}

#[test]
fn without_a_keyring_nothing_is_stored_unless_a_passphrase_is_chosen() {
    let fault = KeyringFault::Absent("no session bus".into());
    let (_directory, saved) = saved(Memory { fault: Some(fault.clone()), ..Memory::default() });
    assert_eq!(add(&saved, "dev", "canary", None), Err(SavedFault::NoKeyring(fault)));
    assert!(!saved.store().root().exists());
    add(&saved, "dev", "canary", Some("correct horse")).unwrap();
    assert_eq!(secret(&saved, "dev", Some("correct horse")).as_deref(), Ok("canary"));
    assert_eq!(secret(&saved, "dev", Some("wrong")), Err(SavedFault::WrongPassphrase));
    assert_eq!(secret(&saved, "dev", None), Err(SavedFault::PassphraseWanted));
    assert_eq!(add(&saved, "prod", "canary", None), Err(SavedFault::PassphraseWanted));
}

#[test]
fn a_keyring_that_forgets_at_once_is_not_believed() {
    let (_directory, saved) = saved(Memory { forgetful: true, ..Memory::default() });
    assert_eq!(add(&saved, "dev", "canary", None), Err(SavedFault::NoKeyring(KeyringFault::NoEntry)));
    assert!(!saved.store().root().exists());
}

#[test]
fn a_name_is_used_once_unless_the_system_is_replaced() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary-old", None).unwrap();
    assert!(matches!(add(&saved, "Dev", "canary-new", None), Err(SavedFault::List(ListProblem::NameTaken(_), _))));
    add_or_replace(&saved, "dev", "canary-new", None, true).unwrap();
    assert_eq!(secret(&saved, "dev", None).as_deref(), Ok("canary-new"));
    assert_eq!(saved.read().unwrap().0.systems.len(), 1);
}

#[test]
fn with_the_last_system_the_sealed_file_and_the_key_in_the_keyring_go() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary", None).unwrap();
    add(&saved, "prod", "canary", None).unwrap();
    saved.remove("dev").unwrap();
    assert_eq!(saved.keyring.keys.lock().unwrap().len(), 1);
    saved.remove("prod").unwrap();
    assert_eq!(saved.keyring.keys.lock().unwrap().len(), 0);
    assert!(!saved.store().root().join("secrets.sealed").exists());
    assert!(matches!(saved.remove("prod"), Err(SavedFault::List(ListProblem::Unknown, _))));
}

#[test]
fn the_key_in_the_keyring_stays_while_a_file_lies_aside_that_it_opens() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary", None).unwrap();
    std::fs::write(saved.store().root().join("systems.toml"), "damaged").unwrap();
    let (state, set_aside) = saved.read().unwrap();
    assert_eq!((state.systems.len(), set_aside.len()), (0, 1));
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
fn a_changed_list_does_not_change_where_the_secret_goes() {
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
fn no_fault_and_no_debug_says_a_secret() {
    let (_directory, saved) = saved(Memory::default());
    add(&saved, "dev", "canary", None).unwrap();
    let (state, _) = saved.read().unwrap();
    let opened = saved.open(&state, None).unwrap();
    let wrong = saved.open(&state, Some(&Secret::new("canary"))).unwrap_err();
    let said = format!("{state:?} {opened:?} {saved:?} {wrong:?} {}", Problem::from(wrong.clone()));
    assert!(!said.contains("canary"), "{said}");
}
