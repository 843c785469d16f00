//! Keys that are monitored by programs: age limits, and results in machine-readable formats.

// On other systems, neither the home directory nor the keyring of the user who runs the tests can be isolated.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers are such, though not marked so")]

mod examples;
mod formats;
#[allow(dead_code, reason = "shared with the tests of saved systems")]
#[path = "../systems/harness.rs"]
mod harness;
mod key_files;
mod many;
mod readers;

/// A key with a different creation date.
fn created(key: &str, at: &str) -> String {
    let mut key: serde_json::Value = serde_json::from_str(key).unwrap();
    key["oauth"]["createdate"] = at.into();
    key.to_string()
}

/// A directory below the home directory with one file for each of these keys.
fn key_directory(home: &harness::Home, keys: &[(&str, String)]) -> String {
    let directory = home.path().join("keys");
    std::fs::create_dir_all(&directory).unwrap();
    for (name, text) in keys {
        std::fs::write(directory.join(format!("{name}.json")), text).unwrap();
    }
    directory.to_str().unwrap().to_owned()
}
