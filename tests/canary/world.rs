//! A home directory, the programs started by the wizard, and the secrets.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::canary::{self, Canaries};

/// The secrets, none of which shares twelve consecutive characters with anything else.
pub const SECRET: &str = "11111111-2222-4333-8444-555555555555$Zq7-canary-of-the-secret_0a1B2c3D4e5F6g7H8i9J0k=";
pub const TOKEN: &str = "eyJCANARYofTheToken.eyJ3aGF0ZXZlciI6ImNhbmFyeSJ9.c2lnbmF0dXJlLWNhbmFyeQ";
pub const PASSPHRASE: &str = "Xy81 kolibri-canary nordwest 55";
pub const PASSWORD: &str = "password-Canary-Wv64-dromedar";
pub const PASSCODE: &str = "PasscodeCanary9zZ";
pub const PROXY_PASSWORD: &str = "proxy-Canary-Pp55-gnu";
/// The secret of the keys of the practice tenant.
const PRACTICE: &str = "$Practice-0123456789_AbCdEfGhIjKlMnOpQrStUvWx=";

/// Programs that the wizard starts or might start: each records how it was called.
const PROGRAMS: [&str; 12] = [
    "tmux",
    "git",
    "xdg-open",
    "gio",
    "gnome-open",
    "kde-open",
    "wslview",
    "x-www-browser",
    "xclip",
    "xsel",
    "wl-copy",
    "cf",
];

/// A private key as PEM, and the certificate that belongs to it.
pub fn certificate() -> (String, String) {
    let key = fs::read_to_string(fixture("keys/certificate.json")).unwrap();
    let key: serde_json::Value = serde_json::from_str(&key).unwrap();
    let field = |name: &str| key["oauth"][name].as_str().unwrap().to_owned();
    (field("certificate"), field("key"))
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Where a program runs.
pub struct World {
    directory: TempDir,
    pub canaries: Canaries,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        for name in ["home", "work", "tmp", "bin", "given", "asked", "called"] {
            fs::create_dir(directory.path().join(name)).unwrap();
        }
        let world = Self { directory, canaries: secrets() };
        for program in PROGRAMS {
            world.note_calls_of(program);
        }
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// A program first in the path that writes down its arguments, its environment and what it reads.
    fn note_calls_of(&self, program: &str) {
        let file = self.path("bin").join(program);
        let script = format!(
            "#!/bin/sh\n{{ printf '%s\\n' {program} \"$@\"; cat /proc/$$/environ; cat; }} >\"{}/{program}-$$\" 2>&1\n",
            self.text("called")
        );
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A file with a secret that is passed to the program.
    pub fn given(&self, name: &str, text: &str) -> String {
        let path = self.path("given").join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let path = format!("{}:{}", self.text("bin"), std::env::var("PATH").unwrap());
        vec![
            ("PATH", path),
            ("HOME", self.text("home")),
            ("TMPDIR", self.text("tmp")),
            ("XDG_RUNTIME_DIR", self.text("tmp")),
            ("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.text("no-bus"))),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
        ]
    }

    /// Asserts that no secret is in a file that the program wrote, or in how it called another one. Returns how many files
    /// that were.
    #[track_caller]
    pub fn assert_clean(&self) -> usize {
        ["home", "work", "tmp", "called"]
            .iter()
            .map(|name| self.canaries.assert_absent_in_files(&self.path(name), &[]))
            .sum()
    }

    /// How often a program was called.
    pub fn calls_of(&self, program: &str) -> usize {
        let calls = canary::files(&self.path("called"));
        calls.iter().filter(|file| file.to_str().unwrap().contains(&format!("/{program}-"))).count()
    }
}

fn secrets() -> Canaries {
    let (_, private_key) = certificate();
    let private_key: String = private_key.lines().filter(|line| !line.contains("-----")).collect();
    Canaries::new([
        ("the client secret", &SECRET[36..]),
        ("the token", TOKEN),
        ("the passphrase", PASSPHRASE),
        ("the password", PASSWORD),
        ("the passcode", PASSCODE),
        ("the password of the proxy", PROXY_PASSWORD),
        ("the secret of the practice tenant", PRACTICE),
        ("the private key", private_key.as_str()),
    ])
}
