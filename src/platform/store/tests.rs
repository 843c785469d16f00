use zeroize::Zeroizing;

use super::*;
use crate::domain::{
    key::service_key,
    systems::{
        system::{System, SystemId, SystemName},
        vault::{DataKey, Fresh, Nonce, VaultId},
    },
    text::secret::Secret,
};

fn fresh() -> Fresh {
    Fresh { id: VaultId([1; 16]), key: DataKey::new(Zeroizing::new([2; 32])), salt: [3; 16], nonce: Nonce([4; 12]) }
}

fn system(number: u8) -> System {
    let typed = service_key::KeyForm {
        url: "acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com".into(),
        token_url: "acme.authentication.eu10.hana.ondemand.com".into(),
        client_id: "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45".into(),
        secret: Secret::new("canary"),
    };
    let found = service_key::from_form(&typed, jiff::Timestamp::UNIX_EPOCH);
    let name = SystemName::new(&format!("system {number}")).unwrap();
    System::of(SystemId::new([number; 16]), name, "", None, &found, found.key.as_ref().unwrap()).unwrap()
}

/// Adds a system with its number as its secret.
fn add(store: &Store, number: u8) -> Found<()> {
    let added = store.update(|state| {
        let vault = state.vault.get_or_insert_with(|| Vault::for_keyring(&fresh()));
        vault.seal(&fresh().key, SystemId::new([number; 16]), Nonce([number; 12]), &[number]).unwrap();
        state.systems.add(system(number)).unwrap();
        Ok::<_, StoreError>(())
    });
    added.unwrap()
}

fn store() -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::new(directory.path().join("share/cpikey"));
    (directory, store)
}

/// Numbers of the systems whose secrets exist too.
fn numbers(store: &Store) -> Vec<u8> {
    let (state, _) = store.read().unwrap();
    let number = |system: &System| {
        let number = system.id.bytes()[0];
        let secret = state.vault.as_ref().unwrap().open(&fresh().key, system.id).unwrap();
        assert_eq!(secret.as_slice(), [number]);
        number
    };
    state.systems.iter().map(number).collect()
}

fn names(store: &Store) -> Vec<String> {
    let entries = std::fs::read_dir(store.root()).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_missing_directory_has_no_systems_and_is_not_created_by_reading() {
    let (_directory, store) = store();
    assert_eq!(store.read().unwrap(), (State::default(), vec![]));
    assert!(!store.root().exists());
}

#[test]
fn saved_systems_are_read_back_and_no_other_file_is_left() {
    let (_directory, store) = store();
    add(&store, 1);
    add(&store, 2);
    assert_eq!(numbers(&store), [1, 2]);
    assert_eq!(names(&store), ["lock", "secrets.sealed", "systems.toml"]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_directory, store) = store();
    std::fs::create_dir_all(store.root()).unwrap();
    std::fs::set_permissions(store.root(), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(store.path(SYSTEMS_FILE), Systems::default().to_toml().unwrap()).unwrap();
    add(&store, 1);
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(store.root().to_owned()), 0o700);
    for name in names(&store) {
        assert_eq!(mode(store.path(&name)), 0o600, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_instead_of_a_file_is_neither_followed_nor_replaced() {
    for name in [SYSTEMS_FILE, SECRETS_FILE] {
        let (directory, store) = store();
        add(&store, 1);
        let (path, victim) = (store.path(name), directory.path().join("victim"));
        std::fs::rename(&path, &victim).unwrap();
        std::os::unix::fs::symlink(&victim, &path).unwrap();
        let before = std::fs::read(&victim).unwrap();
        let refused = file(FileAction::Read, &path, FileCause::NotAFile);
        assert_eq!(store.read(), Err(refused.clone()));
        assert_eq!(store.update(|_| Ok::<_, StoreError>(())), Err(refused));
        assert_eq!(std::fs::read(&victim).unwrap(), before);
        assert!(path.is_symlink());
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_instead_of_a_file_is_refused_without_waiting() {
    for name in [SYSTEMS_FILE, SECRETS_FILE] {
        let (_directory, store) = store();
        std::fs::create_dir_all(store.root()).unwrap();
        let path = store.path(name);
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert_eq!(store.read(), Err(file(FileAction::Read, &path, FileCause::NotAFile)));
    }
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let (_directory, store) = store();
    add(&store, 1);
    let refused = store.update(|state| {
        state.systems.remove("system 1").unwrap();
        Err::<(), _>(StoreError::InUse)
    });
    assert_eq!(refused.unwrap_err(), StoreError::InUse);
    assert_eq!(numbers(&store), [1]);
}

#[test]
fn a_secret_is_removed_with_its_system_and_the_sealed_file_with_the_last_one() {
    let (_directory, store) = store();
    add(&store, 1);
    add(&store, 2);
    let remove = |name: &str| {
        store.update(|state| state.systems.remove(name).map_err(|_| StoreError::InUse)).unwrap();
    };
    remove("system 1");
    let vault = store.read().unwrap().0.vault.unwrap();
    assert!(vault.open(&fresh().key, SystemId::new([1; 16])).is_err());
    remove("system 2");
    assert_eq!(names(&store), ["lock", "systems.toml"]);
}

#[test]
fn a_save_that_ended_between_the_two_files_shows_the_old_list_and_is_cleaned_up_later() {
    let (_directory, store) = store();
    add(&store, 1);
    let old_list = std::fs::read(store.path(SYSTEMS_FILE)).unwrap();
    add(&store, 2);
    std::fs::write(store.path(SYSTEMS_FILE), old_list).unwrap();
    std::fs::write(store.path(".new-abc"), "half").unwrap();
    assert_eq!(numbers(&store), [1]);
    add(&store, 3);
    assert_eq!(numbers(&store), [1, 3]);
    let vault = store.read().unwrap().0.vault.unwrap();
    assert!(vault.open(&fresh().key, SystemId::new([2; 16])).is_err());
    assert_eq!(names(&store), ["lock", "secrets.sealed", "systems.toml"]);
}

#[test]
fn a_damaged_list_is_quarantined_with_its_secrets_and_reported() {
    let (_directory, store) = store();
    add(&store, 1);
    let sealed = std::fs::read(store.path(SECRETS_FILE)).unwrap();
    for round in 1..=2 {
        std::fs::write(store.path(SYSTEMS_FILE), "version = 1\n[[system").unwrap();
        let (state, quarantined) = store.read().unwrap();
        assert!(state.systems.is_empty());
        let [Quarantined { path, damage: Damage::List(ListDamage::Syntax { line: 2, .. }) }] = &quarantined[..] else {
            panic!("{quarantined:?}")
        };
        assert_eq!(*path, store.path(&format!("systems.toml.bad-{round}")));
    }
    add(&store, 2);
    assert_eq!(numbers(&store), [2]);
    assert_eq!(std::fs::read(store.path("secrets.sealed.bad-1")).unwrap(), sealed);
    assert_eq!(std::fs::read(store.path("systems.toml.bad-1")).unwrap(), b"version = 1\n[[system");
    assert!(store.has_quarantined_secrets());
}

#[test]
fn damaged_secrets_are_quarantined_and_the_list_stays() {
    let (_directory, store) = store();
    add(&store, 1);
    std::fs::write(store.path(SECRETS_FILE), "damaged").unwrap();
    let (state, quarantined) = store.read().unwrap();
    assert_eq!((state.systems.len(), state.vault), (1, None));
    assert_eq!(quarantined.len(), 1);
    assert_eq!(std::fs::read(store.path("secrets.sealed.bad-1")).unwrap(), b"damaged");
}

#[test]
fn files_of_a_newer_version_are_not_changed() {
    let (_directory, store) = store();
    add(&store, 1);
    let newer = "version = 3\nsomething = \"new\"\n";
    std::fs::write(store.path(SYSTEMS_FILE), newer).unwrap();
    assert_eq!(store.read(), Err(StoreError::List(SystemsFileError::Newer { version: 3 })));
    assert!(store.update(|_| Ok::<_, StoreError>(())).is_err());
    assert_eq!(std::fs::read_to_string(store.path(SYSTEMS_FILE)).unwrap(), newer);
    assert_eq!(names(&store), ["lock", "secrets.sealed", "systems.toml"]);
}

/// The error of a file that cannot be used.
fn file(action: FileAction, path: &Path, cause: FileCause) -> StoreError {
    StoreError::File { action, path: shown(path), cause }
}

#[test]
fn a_directory_instead_of_a_file_is_refused_and_not_changed() {
    for name in [SYSTEMS_FILE, SECRETS_FILE] {
        let (_directory, store) = store();
        let path = store.path(name);
        std::fs::create_dir_all(&path).unwrap();
        assert_eq!(store.read(), Err(file(FileAction::Read, &path, FileCause::NotAFile)));
        assert!(path.is_dir());
    }
}

#[test]
fn a_file_over_the_limit_is_refused_and_not_changed() {
    let (_directory, store) = store();
    std::fs::create_dir_all(store.root()).unwrap();
    let path = store.path(SYSTEMS_FILE);
    std::fs::write(&path, vec![b'#'; SYSTEMS_LIMIT + 1]).unwrap();
    assert_eq!(store.read(), Err(file(FileAction::Read, &path, FileCause::TooLarge(SYSTEMS_LIMIT))));
    assert!(path.exists());
}

#[test]
fn a_directory_that_cannot_be_created_is_named() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("file"), "").unwrap();
    let root = directory.path().join("file/cpikey");
    let error = Store::new(&root).update(|_| Ok::<_, StoreError>(())).unwrap_err();
    assert!(
        matches!(&error, StoreError::File { action: FileAction::Create, path, .. } if *path == shown(&root)),
        "{error}"
    );
}

#[test]
fn two_programs_that_save_at_once_lose_nothing() {
    let (_directory, store) = store();
    std::thread::scope(|scope| {
        for first in [0, 20] {
            let store = store.clone();
            scope.spawn(move || (1..=20).for_each(|number| drop(add(&store, first + number))));
        }
    });
    let mut numbers = numbers(&store);
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<u8>>());
}

#[cfg(unix)]
#[test]
fn a_lock_that_is_not_an_ordinary_file_is_refused_without_waiting_and_without_following_it() {
    let refused = |store: &Store| {
        let path = shown(&store.root().join("lock"));
        let expected = StoreError::CannotLock { path, cause: FileCause::NotAFile };
        store.update(|_| Ok::<_, StoreError>(())) == Err(expected)
    };
    let lay = |lay: &dyn Fn(&Path)| {
        let (directory, store) = store();
        std::fs::create_dir_all(store.root()).unwrap();
        lay(&store.root().join("lock"));
        (directory, store)
    };

    let (directory, store) = lay(&|lock| std::os::unix::fs::symlink("../../elsewhere", lock).unwrap());
    assert!(refused(&store));
    assert!(!directory.path().join("elsewhere").exists());

    let (_directory, store) = lay(&|lock| std::fs::create_dir(lock).unwrap());
    assert!(refused(&store));

    let (_directory, store) =
        lay(&|lock| assert!(std::process::Command::new("mkfifo").arg(lock).status().unwrap().success()));
    assert!(refused(&store));
    // With a reader, the pipe can be opened without blocking.
    let _reader = std::fs::OpenOptions::new().read(true).write(true).open(store.root().join("lock")).unwrap();
    assert!(refused(&store));
}

#[test]
fn a_lock_that_another_program_holds_is_reported_after_a_while() {
    let (_directory, store) = store();
    add(&store, 1);
    let lock = std::fs::File::open(store.root().join("lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(store.update(|_| Ok::<_, StoreError>(())), Err(StoreError::InUse));
    drop(lock);
    add(&store, 2);
    assert_eq!(numbers(&store), [1, 2]);
}
