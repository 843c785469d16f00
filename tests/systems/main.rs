//! Saved systems: the real program, its files, a real keyring, a keyring that hangs, a full disk, and a program that is
//! killed.

// On other systems, neither the home directory nor the keyring of the user who runs the tests can be isolated.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers are such, though not marked so")]

#[path = "../support/at_terminal.rs"]
mod at_terminal;
mod certificates;
mod cloud;
mod commands;
#[allow(dead_code, reason = "shared with the tests of the wizard")]
#[path = "../wizard/driver.rs"]
mod driver;
mod fronts;
mod full;
mod harness;
mod keyring;
mod kill;
mod output;
mod passphrase;
mod promises;
