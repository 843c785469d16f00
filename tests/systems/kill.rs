//! A process that is killed in the middle of saving.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use cpikey::{
    domain::{
        key::service_key::{self, Found, KeyForm},
        systems::{
            system::{System, SystemId, SystemName},
            vault::{self, DataKey, Fresh, Nonce, Vault, VaultId},
        },
        text::secret::Secret,
    },
    platform::saved::SavedError,
    platform::{random, store::Store},
};
use jiff::Timestamp;
use zeroize::Zeroizing;

/// Contains the directory for the process that is killed.
const DIRECTORY: &str = "CPIKEY_TEST_KILLED_IN";

fn data_key() -> DataKey {
    DataKey::new(Zeroizing::new([7; 32]))
}

fn found(secret: &str) -> Found {
    let typed = KeyForm {
        url: "acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com".into(),
        token_url: "acme.authentication.eu10.hana.ondemand.com".into(),
        client_id: "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45".into(),
        secret: Secret::new(secret),
    };
    service_key::from_form(&typed, Timestamp::UNIX_EPOCH)
}

/// Saves state number `step` instead of the previous one: one system whose name is its secret.
fn save(store: &Store, step: u64) -> Result<(), SavedError> {
    let secret = format!("secret-{step}");
    let found = found(&secret);
    let (Some(key), Ok(name)) = (&found.key, SystemName::new(&format!("system-{step}"))) else { unreachable!() };
    let id = SystemId::new(*random::bytes()?);
    let nonce = Nonce(*random::bytes()?);
    let fresh = Fresh { id: VaultId([1; 16]), key: data_key(), salt: [0; 16], nonce: Nonce([0; 12]) };
    let changed = store.update(|state| {
        let vault = state.vault.get_or_insert_with(|| Vault::for_keyring(&fresh));
        vault.seal(&data_key(), id, nonce, &vault::encode(key, None)).unwrap();
        for old in state.systems.clone().iter() {
            state.systems.remove(old.name.as_str()).unwrap();
        }
        state.systems.add(System::of(id, name, "", None, &found, key).unwrap()).unwrap();
        Ok::<_, SavedError>(())
    });
    assert_eq!(changed?.1, [], "the save before left something damaged");
    Ok(())
}

/// The number of the state that is stored, with its secret.
fn step(store: &Store) -> u64 {
    let (state, quarantined) = store.read().unwrap();
    assert_eq!(quarantined, []);
    let systems: Vec<&System> = state.systems.iter().collect();
    let [system] = systems[..] else { panic!("neither the old nor the new state: {systems:?}") };
    let number = system.name.as_str().strip_prefix("system-").unwrap();
    let text = state.vault.as_ref().unwrap().open(&data_key(), system.id).unwrap();
    let key = vault::decode(&text, Timestamp::UNIX_EPOCH).unwrap().key.unwrap();
    let service_key::Credential::ClientSecret(secret) = key.credential else { panic!("no secret") };
    assert_eq!(secret.expose(), format!("secret-{number}"));
    number.parse().unwrap()
}

/// The process that is killed: saves one state after another and reports each. Without its directory it does nothing.
#[test]
fn saves_until_it_is_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let store = Store::new(directory);
    for step in step(&store) + 1.. {
        save(&store, step).unwrap();
        eprintln!("saved {step}");
    }
}

/// Starts that process, kills it after `saves` saves and a pause of `spins`, and returns the last save that it
/// reported.
fn killed(directory: &Path, saves: usize, spins: u32) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::saves_until_it_is_killed", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let number = |line: String| line.strip_prefix("saved ").unwrap_or_else(|| panic!("{line}")).parse().unwrap();
    let mut last: u64 = (0..saves).map(|_| number(lines.next().unwrap())).max().unwrap();
    for _ in 0..spins {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // Output between the last line that was read and its end also counts. The last line may be incomplete.
    for line in lines {
        last = line.strip_prefix("saved ").and_then(|number| number.parse().ok()).map_or(last, |said| last.max(said));
    }
    last
}

#[test]
fn a_save_that_is_killed_at_any_moment_leaves_the_old_or_the_new_state() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("cpikey");
    let store = Store::new(&root);
    save(&store, 0).unwrap();
    let mut between = 0;
    for round in 0..100u32 {
        // The pauses differ, so that every part of a save is interrupted in some round.
        let said = killed(&root, 1 + round as usize % 3, round * 7919 % 100_000);
        let stored = step(&store);
        assert!(stored == said || stored == said + 1, "{stored} is stored, {said} was the last that was said");
        between += usize::from(std::fs::read_dir(&root).unwrap().count() > 3);
    }
    save(&store, step(&store) + 1).unwrap();
    let names: Vec<_> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}, after {between} kills while a file was written");
}
