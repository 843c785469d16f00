//! The search for leaked secrets.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tempfile::TempDir;

use crate::SECRET;

/// A part of the secret that nothing else contains.
const CANARY: &str = "Practice-0123456789_AbCd";

/// A separate home directory for a program, and the search for what it left there and elsewhere.
pub struct Sweep {
    home: TempDir,
}

impl Sweep {
    pub fn new() -> Self {
        assert!(SECRET.contains(CANARY));
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// The home directory.
    pub fn home(&self) -> &str {
        self.home.path().to_str().unwrap()
    }

    /// Asserts that a running process has the secret in neither its arguments nor its environment. A protected process
    /// shows its environment to nobody, which is equally good.
    #[track_caller]
    pub fn process(&self, pid: i32) {
        for file in ["cmdline", "environ"] {
            if let Ok(bytes) = fs::read(format!("/proc/{pid}/{file}")) {
                clean(&bytes, file);
            }
        }
        assert!(fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|bytes| !bytes.is_empty()), "no process {pid}");
    }

    /// Asserts that neither what was written to a terminal nor a file in the home holds the secret.
    #[track_caller]
    pub fn end(&self, written: &[u8]) {
        clean(written, "the output");
        for text in osc52(written) {
            clean(text.as_bytes(), "an OSC 52 sequence");
        }
        for file in files(self.home.path()) {
            clean(&fs::read(&file).unwrap_or_default(), &file.display().to_string());
        }
    }
}

/// Asserts that some bytes do not hold the secret.
#[track_caller]
pub fn clean(bytes: &[u8], place: &str) {
    let found = bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
    assert!(!found, "the secret is in {place}");
}

/// The texts of all OSC 52 sequences, also of those wrapped for GNU screen.
pub fn osc52(written: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(written).replace("\x1b\\\x1bP", "");
    let payloads = text.split("\x1b]52;").skip(1).filter_map(|rest| rest.split(['\x07', '\x1b']).next());
    payloads
        .filter_map(|payload| payload.split_once(';'))
        .map(|(_, encoded)| String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap())
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path))
        } else if path.is_file() {
            found.push(path)
        }
    }
    found
}
