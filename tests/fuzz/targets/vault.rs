//! The sealed file: what is read is written back byte for byte, and every change to a sealed secret is detected.

use cpikey::{
    domain::systems::{
        system::SystemId,
        vault::{DataKey, Fresh, Nonce, Vault, VaultId},
    },
    words::Words,
};
use zeroize::Zeroizing;

use super::assert_harmless;

const SECRETS: [&[u8]; 2] = [b"the secret of the first system", b"that of the second"];

pub fn run(data: &[u8]) {
    match Vault::parse(data) {
        Ok(vault) => {
            assert_eq!(vault.to_bytes(), data, "read and written again it is another file");
            let _ = (vault.is_empty(), vault.protection(), format!("{vault:?}"));
            assert!(vault.check_key(&fresh().key).is_err() || vault.id() == fresh().id);
        }
        Err(error) => assert_harmless(&error.explain(Words::default()).what, "an error"),
    }
    changed(data);
}

fn fresh() -> Fresh {
    Fresh { id: VaultId([1; 16]), key: DataKey::new(Zeroizing::new([2; 32])), salt: [3; 16], nonce: Nonce([4; 12]) }
}

fn id(number: usize) -> SystemId {
    SystemId::new([u8::try_from(number).unwrap_or_default(); 16])
}

/// Changes, removes and swaps bytes of a file with two systems: position (two bytes), operation, a byte.
fn changed(data: &[u8]) {
    let fresh = fresh();
    let mut vault = Vault::for_keyring(&fresh);
    for (number, secret) in SECRETS.into_iter().enumerate() {
        let nonce = Nonce([u8::try_from(number + 5).unwrap_or_default(); 12]);
        assert_eq!(vault.seal(&fresh.key, id(number), nonce, secret), Ok(()));
    }
    let whole = vault.to_bytes();
    let mut bytes = whole.clone();
    for change in data.chunks_exact(4).take(16) {
        if bytes.is_empty() {
            break;
        }
        let at = (usize::from(change[0]) << 8 | usize::from(change[1])) % bytes.len();
        match change[2] % 4 {
            0 => bytes[at] ^= change[3],
            1 => bytes.truncate(at),
            2 => bytes.insert(at, change[3]),
            _ => drop(bytes.remove(at)),
        }
    }
    let Ok(read) = Vault::parse(&bytes) else { return };
    for (number, secret) in SECRETS.into_iter().enumerate() {
        // A secret may be missing, which is reported when it is opened. It is never a different one.
        if let Ok(opened) = read.open(&fresh.key, id(number)) {
            assert_eq!(&opened[..], secret);
        }
    }
    let foreign = DataKey::new(Zeroizing::new([9; 32]));
    assert!(read.open(&foreign, id(0)).is_err() && read.check_key(&foreign).is_err());
}
