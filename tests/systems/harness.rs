//! A separate home directory for the real program.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use cpikey::{
    content,
    domain::{
        key::service_key,
        systems::{
            system::{System, SystemName},
            vault::{DataKey, VaultId},
        },
        text::secret::Secret,
    },
    platform::{
        keyring::{Keyring, KeyringError},
        saved::{self, Saved, SavedError},
        store::Store,
    },
    practice::{Latency, Practice},
    words::Words,
};
use jiff::Timestamp;
use serde_json::Value;

/// A part of every secret of these tests, which must not be seen anywhere.
pub const CANARY: &str = "canary7f3a";
/// The passphrase of these tests, which must not be seen anywhere either.
pub const PASSPHRASE: &str = "battery staple";

/// The result of a run of the program.
pub struct Done {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Done {
    fn new(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let done =
            Self { status: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) };
        for stream in [&done.stdout, &done.stderr] {
            assert!(!stream.contains('\u{1b}'), "an escape sequence in {stream:?}");
            refuse_secrets(stream);
        }
        done
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {:?}", self.stdout))
    }
}

/// Fails if a secret of these tests is in what the program wrote.
pub fn refuse_secrets(text: &str) {
    for secret in [CANARY, PASSPHRASE, "Practice-0123"] {
        assert!(!text.contains(secret), "a secret in {text:?}");
    }
}

/// Whether a text contains what an error says has happened, ignoring line breaks.
pub fn says(text: &str, error: &SavedError) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(text).contains(&flat(&error.problem(Words::default()).what))
}

/// A home directory that is deleted when this value is dropped.
pub struct Home {
    directory: tempfile::TempDir,
    /// The session bus that the program gets in its environment.
    pub bus: String,
}

impl Home {
    /// An empty one without a session bus.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let bus = format!("unix:path={}", directory.path().join("no-bus").display());
        Self { directory, bus }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The directory of the program's files.
    pub fn data(&self) -> PathBuf {
        self.path().join("data/cpikey")
    }

    /// A file in the home directory.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The variables that the program runs with.
    pub fn variables(&self) -> [(&'static str, String); 5] {
        let path = |name: &str| self.path().join(name).to_str().unwrap().to_owned();
        [
            ("HOME", path("")),
            ("XDG_DATA_HOME", path("data")),
            ("XDG_RUNTIME_DIR", path("run")),
            ("DBUS_SESSION_BUS_ADDRESS", self.bus.clone()),
            ("LANG", "C.UTF-8".to_owned()),
        ]
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.prepare(Command::new(env!("CARGO_BIN_EXE_cpikey")), arguments)
    }

    fn prepare(&self, mut command: Command, arguments: &[&str]) -> Command {
        command.args(arguments).envs(self.variables()).env_remove("LC_ALL").env("TERM", "xterm-256color");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Done {
        Done::new(self.command(arguments).stdin(Stdio::null()).output().unwrap())
    }

    pub fn run_reading(&self, arguments: &[&str], input: &str) -> Done {
        Self::feed(self.command(arguments), input)
    }

    /// In a separate session, so that the terminal of the tests is out of reach.
    pub fn run_without_terminal(&self, arguments: &[&str], input: &str) -> Done {
        Self::feed(self.command_without_terminal(arguments), input)
    }

    pub fn command_without_terminal(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("setsid");
        command.args(["--wait", env!("CARGO_BIN_EXE_cpikey")]);
        self.prepare(command, arguments)
    }

    fn feed(mut command: Command, input: &str) -> Done {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The program may end without reading everything.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Done::new(child.wait_with_output().unwrap())
    }

    /// Saves systems sealed with [`PASSPHRASE`], without the program.
    pub fn saved(&self, systems: &[(&str, &str)]) -> Saved<NoKeyring> {
        self.saved_at(Timestamp::now(), systems)
    }

    /// The same at another time, which decides whether a certificate is still valid.
    pub fn saved_at(&self, now: Timestamp, systems: &[(&str, &str)]) -> Saved<NoKeyring> {
        let saved = Saved::new(Store::new(self.data()), NoKeyring);
        for (name, text) in systems {
            let mut reading = service_key::read(text.as_bytes(), now);
            let found = reading.keys.remove(0);
            let key = found.key.as_ref().unwrap();
            let name = SystemName::new(name).unwrap();
            let system = System::of(saved::new_id().unwrap(), name, "of the team", None, &found, key).unwrap();
            saved.add(system, key, None, Some(&Secret::new(PASSPHRASE)), false).unwrap();
        }
        saved
    }

    /// Fails if a secret of these tests is in a file of the program.
    pub fn refuse_secrets_in_files(&self) {
        let mut seen = 0;
        for entry in std::fs::read_dir(self.data()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            refuse_secrets(&String::from_utf8_lossy(&bytes));
            seen += 1;
        }
        assert!(seen > 1, "no files to look into");
    }
}

/// No keyring.
#[derive(Debug)]
pub struct NoKeyring;

impl Keyring for NoKeyring {
    fn get(&self, _: VaultId) -> Result<DataKey, KeyringError> {
        Err(KeyringError::NotBuilt)
    }
    fn set(&self, _: VaultId, _: &DataKey) -> Result<(), KeyringError> {
        Err(KeyringError::NotBuilt)
    }
    fn remove(&self, _: VaultId) -> Result<(), KeyringError> {
        Err(KeyringError::NotBuilt)
    }
}

/// A key of the plan `api` with a made-up secret.
pub fn key() -> String {
    format!(
        r#"{{"oauth":{{"clientid":"sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45","clientsecret":"3f1c9a52-aaaa-4bbb-8ccc-0123456789ab${CANARY}0123456789ABCDEFGHIJKLMNOPQRSTUVW=","url":"https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com","createdate":"2025-07-17T16:39:46.446Z","tokenurl":"https://acme.authentication.eu10.hana.ondemand.com/oauth/token"}}}}"#
    )
}

/// The keys of a practice tenant, which runs until the value is dropped.
pub fn practice() -> (Practice, impl Fn(&str) -> String) {
    let practice = Practice::start_on_own_thread(&content::load(), Latency::None).unwrap();
    let keys: Vec<(&str, String)> =
        practice.samples().iter().map(|sample| (sample.id(), sample.text.expose().to_owned())).collect();
    (practice, move |id: &str| keys.iter().find(|(known, _)| *known == id).unwrap().1.clone())
}
