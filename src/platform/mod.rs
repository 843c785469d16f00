//! Access to the machine and operating system. Imports only `domain`.

pub mod browser;
pub mod cf_config;
pub mod clipboard;
pub mod console;
pub mod crash;
pub mod directory;
pub mod env;
pub mod files;
pub mod hardening;
pub mod keyring;
mod open;
pub mod paths;
pub mod profile;
pub mod progress;
pub mod prompt;
pub mod random;
#[cfg(unix)]
pub mod ready;
pub mod saved;
pub mod store;
pub mod surroundings;
pub mod terminal;
pub mod work_tree;
pub mod zone;
