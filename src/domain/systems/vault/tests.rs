use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::domain::systems::system::tests::found;

const CANARY: &str = "3f1c9a52-aaaa-4bbb-8ccc-0123456789ab$canary0123456789=";

/// Bytes that count up from `first`.
fn bytes<const N: usize>(first: u8) -> [u8; N] {
    std::array::from_fn(|index| first.wrapping_add(index as u8))
}

fn fresh() -> Fresh {
    let key = DataKey::new(Zeroizing::new(bytes(0x40)));
    Fresh { id: VaultId(bytes(0x10)), key, salt: bytes(0x80), nonce: Nonce(bytes(0xa0)) }
}

fn id(number: u8) -> SystemId {
    SystemId::new([number; 16])
}

fn with_keyring() -> (Vault, DataKey) {
    let fresh = fresh();
    let mut vault = Vault::for_keyring(&fresh);
    vault.seal(&fresh.key, id(1), Nonce(bytes(0xb0)), b"first").unwrap();
    vault.seal(&fresh.key, id(2), Nonce(bytes(0xc0)), b"second").unwrap();
    (vault, fresh.key)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_file_for_the_keyring_has_the_documented_bytes() {
    assert_eq!(
        hex(&with_keyring().0.to_bytes()),
        include_str!("vectors/keyring.hex").split_whitespace().collect::<String>()
    );
}

#[test]
fn a_file_with_a_passphrase_has_the_documented_bytes() {
    let fresh = fresh();
    let mut vault = Vault::for_passphrase(&fresh, &Secret::new("correct horse battery staple")).unwrap();
    vault.seal(&fresh.key, id(1), Nonce(bytes(0xb0)), b"first").unwrap();
    let vector = include_str!("vectors/passphrase.hex").split_whitespace().collect::<String>();
    assert_eq!(hex(&vault.to_bytes()), vector);
    let read = Vault::parse(&vault.to_bytes()).unwrap();
    let key = read.key_for(&Secret::new("correct horse battery staple")).unwrap();
    assert_eq!(read.open(&key, id(1)).unwrap().as_slice(), b"first");
    assert_eq!(read.key_for(&Secret::new("correct horse")), Err(VaultError::WrongPassphrase));
}

#[test]
fn a_sealed_secret_opens_after_the_file_was_read_again() {
    let (vault, key) = with_keyring();
    let read = Vault::parse(&vault.to_bytes()).unwrap();
    assert_eq!((read.id(), read.protection()), (VaultId(bytes(0x10)), Protection::Keyring));
    assert_eq!(read.check_key(&key), Ok(()));
    assert_eq!(read.open(&key, id(1)).unwrap().as_slice(), b"first");
    assert_eq!(read.open(&key, id(2)).unwrap().as_slice(), b"second");
    assert_eq!(read.open(&key, id(3)), Err(VaultError::NoEntry));
}

#[test]
fn a_secret_under_another_system_or_in_another_file_does_not_open() {
    let (mut vault, key) = with_keyring();
    vault.entries[0].system = id(3);
    assert_eq!(vault.open(&key, id(3)), Err(VaultError::EntryDamaged));
    let (mut vault, key) = with_keyring();
    vault.header.id = VaultId([0; 16]);
    assert_eq!(vault.open(&key, id(1)), Err(VaultError::EntryDamaged));
    assert_eq!(vault.check_key(&key), Err(VaultError::WrongKey));
}

#[test]
fn another_data_key_is_distinguished_from_a_damaged_file_and_seals_nothing() {
    let (mut vault, _) = with_keyring();
    let other = DataKey::new(Zeroizing::new([9; DATA_KEY_SIZE]));
    assert_eq!(vault.check_key(&other), Err(VaultError::WrongKey));
    assert_eq!(vault.seal(&other, id(4), Nonce(bytes(0)), b"x"), Err(VaultError::WrongKey));
    assert_eq!(vault.open(&other, id(1)), Err(VaultError::EntryDamaged));
}

#[test]
fn a_second_secret_of_a_system_replaces_the_first() {
    let (mut vault, key) = with_keyring();
    vault.seal(&key, id(1), Nonce(bytes(0xd0)), b"newer").unwrap();
    assert_eq!(vault.open(&key, id(1)).unwrap().as_slice(), b"newer");
    assert!(Vault::parse(&vault.to_bytes()).is_ok());
}

#[test]
fn secrets_of_removed_systems_are_dropped() {
    let (mut vault, key) = with_keyring();
    assert!(!vault.retain(|_| true));
    assert!(vault.retain(|system| system == id(2)));
    assert_eq!(vault.open(&key, id(1)), Err(VaultError::NoEntry));
    vault.retain(|_| false);
    assert!(vault.is_empty());
}

#[test]
fn a_damaged_file_is_refused_with_what_is_wrong() {
    let whole = with_keyring().0.to_bytes();
    let with = |at: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[at] = byte;
        Vault::parse(&bytes).unwrap_err()
    };
    let damaged = VaultError::Damaged;
    assert_eq!(with(0, b'x'), damaged(VaultDamage::NotSealed));
    assert_eq!(with(9, 2), VaultError::Newer { version: 2 });
    assert_eq!(with(9, 0), damaged(VaultDamage::NoVersion));
    assert_eq!(with(10, 7), damaged(VaultDamage::UnknownProtection));
    assert_eq!(Vault::parse(&whole[..20]), Err(damaged(VaultDamage::Truncated)));
    let twice = [whole.as_slice(), &whole[whole.len() - 54..]].concat();
    assert_eq!(Vault::parse(&twice), Err(damaged(VaultDamage::SystemTwice)));
    let mut short = whole.clone();
    short.truncate(whole.len() - 54 + 28);
    short.extend([0, 0, 0, 15]);
    assert_eq!(Vault::parse(&short), Err(damaged(VaultDamage::EntryTooShort)));
    assert_eq!(Vault::parse(&vec![0; SIZE_LIMIT + 1]), Err(damaged(VaultDamage::TooLarge)));
}

#[test]
fn costs_that_would_take_all_memory_are_refused_before_a_passphrase_is_asked_for() {
    let fresh = fresh();
    let bytes = Vault::for_passphrase(&fresh, &Secret::new("p")).unwrap().to_bytes();
    for (at, byte) in [(27, 0x7f), (31, 0xff), (35, 0xff), (30, 1)] {
        let mut changed = bytes.clone();
        changed[at] = byte;
        let refused = matches!(Vault::parse(&changed), Err(VaultError::Damaged(_)));
        let opens = || Vault::parse(&changed).unwrap().key_for(&Secret::new("p")).is_ok();
        assert!(refused || !opens(), "{at}");
    }
}

#[test]
fn the_highest_costs_are_256_mib_16_passes_and_16_lanes() {
    let bytes = Vault::for_passphrase(&fresh(), &Secret::new("p")).unwrap().to_bytes();
    let with = |memory: u32, passes: u32, lanes: u32| {
        let mut changed = bytes.clone();
        for (at, number) in [(27, memory), (31, passes), (35, lanes)] {
            changed[at..at + 4].copy_from_slice(&number.to_be_bytes());
        }
        Vault::parse(&changed).map(|_| ())
    };
    assert_eq!(with(256 * 1024, 16, 16), Ok(()));
    for (memory, passes, lanes) in [
        (256 * 1024 + 1, 3, 1),
        (64 * 1024, 17, 1),
        (64 * 1024, 3, 17),
        (7, 3, 1),
        (64 * 1024, 0, 1),
        (64 * 1024, 3, 0),
        (127, 3, 16),
        (u32::MAX, u32::MAX, u32::MAX),
    ] {
        let refused = Err(VaultError::Damaged(VaultDamage::CostsOutOfRange));
        assert_eq!(with(memory, passes, lanes), refused, "{memory} {passes} {lanes}");
    }
}

#[test]
fn debug_output_and_sealed_files_do_not_contain_the_secret() {
    let (mut vault, key) = with_keyring();
    vault.seal(&key, id(5), Nonce(bytes(0xe0)), CANARY.as_bytes()).unwrap();
    let shown = format!("{vault:?} {key:?} {:?}", fresh());
    assert!(!shown.contains("canary") && !shown.contains("64, 65"), "{shown}");
    let bytes = vault.to_bytes();
    assert!(!bytes.windows(6).any(|window| window == b"canary"));
}

#[test]
fn a_sealed_key_is_read_back_whole() {
    let found = found(CANARY);
    let key = found.key.unwrap();
    let text = encode(&key, Some("2025-07-17T16:39:46.446Z"));
    let again = decode(&text, Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(again.key, Some(key));
    assert_eq!(again.summary.created, Some("2025-07-17T16:39:46.446Z".into()));
    assert!(again.findings.is_empty(), "{:?}", again.findings);
    assert!(decode(b"{}", Timestamp::UNIX_EPOCH).is_none());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), header in any::<bool>()) {
        if header {
            let real = with_keyring().0.to_bytes();
            let length = bytes.len().min(11);
            bytes[..length].copy_from_slice(&real[..length]);
        }
        if let Ok(vault) = Vault::parse(&bytes) {
            prop_assert_eq!(vault.to_bytes(), bytes);
        }
    }

    #[test]
    fn one_changed_bit_never_opens(at in 0usize..1000, bit in 0u8..8) {
        let (vault, key) = with_keyring();
        let mut bytes = vault.to_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let opens = |number| Vault::parse(&bytes).is_ok_and(|vault| vault.check_key(&key).is_ok() && vault.open(&key, id(number)).is_ok());
        prop_assert!(!(opens(1) && opens(2)));
    }

    #[test]
    fn a_truncated_file_is_refused_or_lacks_a_secret(length in 0usize..1000) {
        let (vault, key) = with_keyring();
        let bytes = vault.to_bytes();
        let length = length % bytes.len();
        if let Ok(cut) = Vault::parse(&bytes[..length]) {
            prop_assert!(cut.open(&key, id(2)).is_err());
        }
    }

    #[test]
    fn every_sealed_secret_opens(secret in proptest::collection::vec(any::<u8>(), 0..5000)) {
        let (mut vault, key) = with_keyring();
        vault.seal(&key, id(9), Nonce(bytes(1)), &secret).unwrap();
        let opened = Vault::parse(&vault.to_bytes()).unwrap().open(&key, id(9)).unwrap();
        prop_assert_eq!(opened.as_slice(), secret.as_slice());
    }
}
