//! What remains of a secret in process memory after a key was read and dropped.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::{
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom},
};

use cpikey::domain::{
    key::service_key::{Credential, KeyForm, from_form, read},
    text::secret::Secret,
};
use zeroize::{Zeroize as _, Zeroizing};

/// The secret in pieces: the test must not find itself.
const HIDDEN: &[u8] = b"Yr4`bmbqzLeWkfPf`qfw3b2A1`0G7f6E5d4K;j:I3hOnMlSrQpWvUt[";

fn secret() -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(128));
    text.push_str("11111111-2222-4333-8444-555555555555$");
    text.extend(HIDDEN.iter().map(|byte| char::from(byte ^ 3)));
    text.push('=');
    text
}

/// How often the secret occurs in the writable memory of the process.
fn copies() -> usize {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut copies = 0;
    let mut seen = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw-p ")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [from, to] = [from, to].map(|address| u64::from_str_radix(address, 16).unwrap());
        let mut part = memory.by_ref().take(to - from);
        if part.get_mut().seek(SeekFrom::Start(from)).is_err() || part.read_to_end(&mut seen).is_err() {
            continue;
        }
        let first = HIDDEN[0] ^ 3;
        let places = seen.iter().enumerate().filter(|(_, byte)| **byte == first).map(|(at, _)| &seen[at..]);
        copies += places
            .filter(|rest| {
                rest.len() >= HIDDEN.len() && HIDDEN.iter().zip(*rest).all(|(hidden, byte)| hidden ^ 3 == *byte)
            })
            .count();
        // The next search must not find this buffer.
        seen.zeroize();
    }
    copies
}

#[test]
fn nothing_of_a_secret_stays_in_memory_once_the_key_was_read_and_dropped() {
    let mut text = Zeroizing::new(Vec::with_capacity(1024));
    text.extend_from_slice(
        br#"{"oauth":{"clientid":"sb-1!b1|it!b2","url":"https://acme.it-cpi018.cfapps.eu10.hana.ondemand.com","#,
    );
    text.extend_from_slice(
        br#""tokenurl":"https://acme.authentication.eu10.hana.ondemand.com/oauth/token","clientsecret":""#,
    );
    text.extend_from_slice(secret().as_bytes());
    text.extend_from_slice(br#""}}"#);
    let now = "2027-06-01T12:00:00Z".parse().unwrap();
    let reading = read(&text, now);
    assert!(copies() >= 2, "the text and the key");
    let key = reading.keys[0].key.clone().unwrap_or_else(|| panic!("{:?}", reading.findings_for(0)));
    let Credential::ClientSecret(of_key) = &key.credential else { panic!("no secret") };
    let (url, token_url) = (key.url.as_str().to_owned(), key.token_url.as_str().to_owned());
    let form = KeyForm { url, token_url, client_id: key.client_id.clone(), secret: of_key.clone() };
    drop(from_form(&form, now));
    drop(Secret::new(secret().as_str()));
    drop((text, reading, key, form));
    assert_eq!(copies(), 0);
}
