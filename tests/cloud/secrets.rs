//! No passcode, password or token in output, files, addresses, arguments or environment of child processes, and the
//! file of the cf CLI as it was: over whole runs of every command, and over those that fail.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use cpikey::practice::cf::PASSWORD;
use serde_json::json;

use super::{
    DEV, Done, World, at_once,
    faults::{DETAILS, INSTANCE, INSTANCES, KEYS},
    support::cloud::{Cloud, Fault, say},
};

/// A password that occurs nowhere by itself.
const CANARY: &str = "Canary-Password-4711";

/// A program that records how it was called, under every name that a child process could have.
fn watched_programs(world: &World) -> PathBuf {
    let (folder, log) = (world.path("programs"), world.path("calls.log"));
    fs::create_dir(&folder).unwrap();
    fs::write(&log, "").unwrap();
    let script = format!("#!/bin/sh\n{{ /bin/echo \"$0 $*\"; /usr/bin/env; }} >>'{}'\nexit 1\n", log.display());
    for name in ["git", "cf", "sh", "xdg-open", "gio", "tmux", "security", "btp", "dbus-launch"] {
        let path = folder.join(name);
        fs::write(&path, &script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

/// Everything below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

struct Sweep {
    world: World,
    cloud: Cloud,
    passcodes: Vec<String>,
    /// The client secrets that were read.
    secrets: Vec<String>,
    written: Vec<String>,
}

impl Sweep {
    fn new() -> Self {
        let world = World::new();
        let cloud = Cloud::before(&world.practice);
        cloud.takes(CANARY, PASSWORD);
        watched_programs(&world);
        Self { world, cloud, passcodes: Vec::new(), secrets: Vec::new(), written: Vec::new() }
    }

    fn start(&mut self, login: &[&str], arguments: &[&str], input: &str) -> Done {
        let (command, rest) = arguments.split_first().unwrap();
        let arguments = [&[*command], login, rest].concat();
        let mut command = self.world.command(&arguments);
        command.env("PATH", self.world.path("programs")).env("CPIKEY_LOG", "trace").env("RUST_BACKTRACE", "1");
        let done = self.world.fed(command, input);
        self.written.extend([done.stdout.clone(), done.stderr.clone()]);
        done
    }

    fn with_passcode(&mut self, arguments: &[&str]) -> Done {
        let (api, passcode) = (self.cloud.url(), self.world.practice.passcode());
        self.passcodes.push(passcode.clone());
        self.start(&["--api", &api, "--passcode-stdin"], arguments, &format!("{passcode}\n"))
    }

    fn with_password(&mut self, arguments: &[&str]) -> Done {
        let api = self.cloud.url();
        let login = ["--api", &api, "--user", cpikey::practice::cf::USER, "--password-stdin"];
        self.start(&login, arguments, CANARY)
    }

    /// The secret in its intended file.
    fn took(&mut self, file: &str) {
        let path = self.world.path(file);
        self.secrets.push(super::client_secret(&path));
        fs::remove_file(path).unwrap();
    }

    /// Searches everywhere.
    fn assert_clean(&self, kept: &[&Path]) {
        let mut secrets: Vec<String> = self.cloud.tokens();
        assert!(secrets.len() > 10 && !self.passcodes.is_empty() && !self.secrets.is_empty());
        secrets.extend(self.passcodes.iter().cloned());
        secrets.extend(self.secrets.iter().cloned());
        secrets.extend([CANARY.to_owned(), "Practice-0123".to_owned()]);
        let clean = |place: &str, text: &str| {
            for secret in &secrets {
                assert!(!text.contains(secret.as_str()), "{secret} in {place}: {text}");
            }
        };
        for text in &self.written {
            clean("the output", text);
        }
        for request in self.cloud.requests() {
            clean("an address", &request.path_and_query);
        }
        let mut all = Vec::new();
        files(self.world.home.path(), &mut all);
        for path in all.iter().filter(|path| !kept.contains(&path.as_path())) {
            clean(&path.display().to_string(), &String::from_utf8_lossy(&fs::read(path).unwrap()));
        }
    }
}

#[test]
fn over_whole_runs_no_secret_is_in_output_files_addresses_or_child_processes() {
    let mut sweep = Sweep::new();
    fs::create_dir(sweep.world.path(".git")).unwrap();
    let create = ["create", "--purpose", "monitoring", "--instance", "cpi-a", "--key", "k", "--output", "key.json"];
    let place = &DEV[..];
    let done = sweep.with_passcode(&[&create[..], place, &["--yes", "--json"]].concat());
    assert_eq!(done.status, 0, "{}", done.stderr);
    sweep.took("key.json");
    let done = sweep.with_password(&[&create[..], place, &["--yes"]].concat());
    assert_eq!(done.status, 0, "{}", done.stderr);
    sweep.took("key.json");
    let update = ["update-roles", "--instance", "cpi-a", "--add-role", "WorkspacePackagesRead", "--yes"];
    assert_eq!(sweep.with_password(&[&update[..], place].concat()).status, 0);
    for (key, json) in [("k", &["--json"][..]), ("k-2", &[])] {
        let rotate = ["rotate", "--instance", "cpi-a", "--key", key, "--output", "key.json", "--yes"];
        let done = sweep.with_passcode(&[&rotate[..], place, json].concat());
        assert_eq!(done.status, 0, "{}", done.stderr);
        sweep.took("key.json");
    }
    for arguments in [&["instances", "--all-spaces", "--org", "practice"][..], &["login"], &["login", "--json"]] {
        assert_eq!(sweep.with_password(arguments).status, 0);
    }
    // Without a keyring nothing is stored. The macOS Keychain always exists.
    if !cfg!(target_os = "macos") {
        assert_eq!(sweep.with_passcode(&["login", "--keep"]).status, 2);
        let save = [&create[..7], &["--key", "k", "--save", "dev", "--yes"], place].concat();
        assert_eq!(sweep.with_passcode(&save).status, 2);
    }
    let delete = ["delete", "--instance", "cpi-a", "--yes"];
    assert_eq!(sweep.with_password(&[&delete[..], place].concat()).status, 0);
    // The child process ran.
    let calls = fs::read_to_string(sweep.world.path("calls.log")).unwrap();
    assert!(calls.contains("/git "), "{calls}");
    sweep.assert_clean(&[]);
}

#[test]
fn over_runs_that_fail_no_secret_is_shown_although_servers_repeat_it() {
    const TOKEN: &str = "POST /uaa/oauth/token";
    let create = |instance: &'static str, more: &[&'static str]| {
        let words = ["create", "--instance", instance, "--key", "k", "--output", "key.json", "--yes"];
        [&words[..], &DEV, more].concat()
    };
    at_once([&["--json"][..], &[]], |json| {
        let mut sweep = Sweep::new();
        assert_eq!(sweep.with_passcode(&create("cpi-a", &[])).status, 0);
        sweep.took("key.json");
        // The login server echoes passcode, password and refresh token.
        let login = [&["login"], json].concat();
        for answer in [say::dead_refresh_token(), say::server_error(), say::what_was_sent()] {
            sweep.cloud.once(TOKEN, Fault::Echo(answer.clone()));
            assert_ne!(sweep.with_password(&login).status, 0);
            sweep.cloud.once(TOKEN, Fault::Echo(answer.clone()));
            assert_ne!(sweep.with_passcode(&login).status, 0);
            sweep.cloud.once("POST /uaa/oauth/token refresh_token", Fault::Echo(answer));
            sweep.world.log_in_with_cf(&json!({"Target": sweep.cloud.url()}));
            assert_ne!(sweep.start(&["--cf"], &[&["instances"], json].concat(), "").status, 0);
            fs::remove_file(sweep.world.path(".cf/config.json")).unwrap();
            sweep.cloud.heal();
        }
        // The API echoes the access token, and so does a proxy with a success status.
        sweep.cloud.always("GET /v3/organizations", Fault::Echo(say::what_was_sent()));
        assert_ne!(sweep.with_passcode(&create("cpi-b", json)).status, 0);
        sweep.cloud.heal();
        for (request, name) in [
            ("GET /v3/organizations", "cpi-b"),
            ("GET /v3/service_plans", "cpi-b"),
            (INSTANCES, "cpi-b"),
            (KEYS, "cpi-b"),
            (DETAILS, "cpi-c"),
        ] {
            sweep.cloud.once(request, Fault::Echo(say::not_authorized()));
            assert_ne!(sweep.with_passcode(&create(name, json)).status, 0, "{request}");
            sweep.cloud.heal();
        }
        for status in [5, 0] {
            assert_eq!(sweep.with_passcode(&create("fail-c", json)).status, status);
        }
        sweep.took("key.json");
        sweep.cloud.once(INSTANCE, Fault::EndSession);
        assert_eq!(sweep.with_passcode(&create("cpi-d", json)).status, 6);
        sweep.assert_clean(&[]);
    });
}

/// Everything about a file that is visible from outside.
fn state(path: &Path) -> (Vec<u8>, std::time::SystemTime, u64, u32) {
    let about = fs::metadata(path).unwrap();
    let bytes = if path.is_dir() { Vec::new() } else { fs::read(path).unwrap() };
    (bytes, about.modified().unwrap(), about.ino(), about.mode())
}

#[test]
fn over_whole_runs_the_file_of_cf_is_the_same_file_with_the_same_bytes() {
    let mut sweep = Sweep::new();
    let config = sweep.world.log_in_with_cf(&json!({"Target": sweep.cloud.url()}));
    sweep.cloud.once("POST /uaa/oauth/token refresh_token", Fault::OtherRefreshToken);
    let folder = config.parent().unwrap().to_owned();
    let before = (state(&config), state(&folder));
    let cf = &["--cf"][..];
    let create =
        ["create", "--purpose", "monitoring", "--instance", "cpi-a", "--key", "k", "--output", "key.json", "--yes"];
    let first = sweep.start(cf, &create, "");
    assert_eq!(first.status, 0, "{}", first.stderr);
    sweep.took("key.json");
    // The token server replaced the refresh token: cf's own login is invalid, and its file still contains the old
    // token.
    let dead = sweep.start(cf, &["instances", "--json"], "");
    assert_eq!((dead.status, dead.codes()), (3, vec!["cf-session-ended".to_owned()]));
    assert_eq!((state(&config), state(&folder)), before);
    let config = sweep.world.log_in_with_cf(&json!({"Target": sweep.cloud.url()}));
    let before = (state(&config), state(&folder));
    for arguments in [
        &["login", "--json"][..],
        &["instances"],
        &["update-roles", "--instance", "cpi-a", "--add-role", "WorkspacePackagesRead", "--yes"],
        &["rotate", "--instance", "cpi-a", "--key", "k", "--output", "key.json", "--yes"],
        &["delete", "--instance", "cpi-a", "--yes"],
    ] {
        let done = sweep.start(cf, arguments, "");
        assert_eq!(done.status, 0, "{arguments:?}: {}", done.stderr);
        assert_eq!((state(&config), state(&folder)), before, "{arguments:?}");
    }
    if !cfg!(target_os = "macos") {
        assert_eq!(sweep.start(cf, &["login", "--keep"], "").status, 2);
    }
    assert_eq!((state(&config), state(&folder)), before);
    sweep.took("key.json");
    sweep.passcodes.push("never-used".to_owned());
    sweep.assert_clean(&[&config]);
}
