//! The keyring of the operating system: a real Secret Service, none, and one that never answers.

use std::{
    io::{BufRead as _, BufReader},
    os::unix::net::UnixListener,
    process::{Child, Command, Stdio},
};

use cpikey::{
    platform::{keyring::KeyringError, saved::SavedError},
    words::Words,
};

use crate::harness::{Home, key, practice, says};

/// A session bus with an unlocked GNOME Keyring, which ends when this value is dropped.
pub struct Session {
    child: Child,
}

impl Drop for Session {
    fn drop(&mut self) {
        // `cat` ends with its input, the session with `cat`, and the keyring with the bus.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Starts a keyring in `home`. `None` if this machine has none, unless the tests must be complete.
pub fn session(home: &mut Home) -> Option<Session> {
    let script = "printf 'login\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 1
        echo \"$DBUS_SESSION_BUS_ADDRESS\"
        exec cat";
    std::fs::create_dir_all(home.path().join("run")).unwrap();
    let spawned = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .envs(home.variables())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let address = |child: &mut Child| {
        let mut line = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
        Some(line.trim().to_owned()).filter(|address| !address.is_empty())
    };
    let started = spawned.ok().and_then(|mut child| address(&mut child).map(|address| (child, address)));
    match started {
        Some((child, address)) => {
            home.bus = address;
            Some(Session { child })
        }
        None if std::env::var_os("CPIKEY_REQUIRE_ALL").is_some() => {
            panic!("dbus-run-session and gnome-keyring-daemon are needed")
        }
        None => {
            eprintln!("skipped: no dbus-run-session or no gnome-keyring-daemon");
            None
        }
    }
}

#[test]
fn a_system_is_saved_tested_and_removed_with_the_key_in_the_secret_service() {
    let mut home = Home::new();
    let Some(_session) = session(&mut home) else { return };
    let (_practice, sample) = practice();
    let done = home.run_reading(&["systems", "add", "dev", "-", "--note", "of the team"], &sample("works"));
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(done.stdout.contains("sealed with a key in your keyring"), "{}", done.stdout);
    let done = home.run_reading(&["systems", "add", "poor", "-"], &sample("wrong-secret"));
    assert_eq!(done.status, 0, "{}", done.stderr);
    home.refuse_secrets_in_files();

    let done = home.run(&["test", "--system", "dev", "--json"]);
    assert_eq!((done.status, done.stderr.as_str()), (0, "token server 127.0.0.1\n"));
    assert_eq!(done.json()["verdict"], "ready");
    let done = home.run(&["systems", "test", "--all", "--json"]);
    // There is no terminal, so no progress is shown.
    let hosts = "dev: token server 127.0.0.1\npoor: token server 127.0.0.1\n";
    assert_eq!((done.status, done.stderr.as_str()), (3, hosts));
    let json = done.json();
    assert_eq!((&json["verdict"], &json["systems"][0]["name"]), (&"rejected".into(), &"poor".into()));
    assert_eq!(json["systems"][1]["report"]["verdict"], "ready");

    let done = home.run(&["export", "env", "--system", "dev"]);
    assert_eq!((done.status, done.stdout.contains("127.0.0.1")), (0, true), "{}", done.stderr);
    assert_eq!(home.run(&["export", "env", "--system", "other"]).status, 2);
    for named_as_file in [&["test", "dev"][..], &["export", "env", "DEV"]] {
        let done = home.run(named_as_file);
        assert!(done.status == 2 && done.stderr.contains("--system dev"), "{}", done.stderr);
    }

    for name in ["dev", "poor"] {
        assert_eq!(home.run(&["systems", "remove", name]).status, 0);
    }
    assert!(!home.data().join("secrets.sealed").exists());
}

#[test]
fn a_passphrase_is_refused_if_the_key_is_in_the_keyring() {
    let mut home = Home::new();
    let Some(_session) = session(&mut home) else { return };
    assert_eq!(home.run_reading(&["systems", "add", "dev", "-"], &key()).status, 0);
    let done = home.run_reading(&["systems", "add", "prod", "-", "--passphrase"], &key());
    assert_eq!(done.status, 2);
    assert!(says(&done.stderr, &SavedError::PassphraseNotUsed), "{}", done.stderr);
}

#[test]
fn a_key_that_the_keyring_has_lost_is_reported() {
    let mut home = Home::new();
    let Some(first) = session(&mut home) else { return };
    assert_eq!(home.run_reading(&["systems", "add", "dev", "-"], &key()).status, 0);
    drop(first);
    // Another keyring, like that of someone who obtained only the files.
    std::fs::remove_dir_all(home.path().join("data/keyrings")).unwrap();
    let Some(_second) = session(&mut home) else { return };
    let done = home.run(&["systems", "test", "dev"]);
    assert_eq!((done.status, done.stdout.as_str()), (2, ""));
    let lost = KeyringError::NoEntry;
    assert!(says(&done.stderr, &SavedError::KeyringNeeded(lost.clone())), "{}", done.stderr);
    assert!(done.stderr.contains(&lost.explain(Words::default()).what), "{}", done.stderr);
}

#[test]
fn without_a_bus_saved_secrets_cannot_be_opened_but_are_listed() {
    let mut home = Home::new();
    let Some(running) = session(&mut home) else { return };
    assert_eq!(home.run_reading(&["systems", "add", "dev", "-"], &key()).status, 0);
    drop(running);
    let done = home.run(&["systems", "test", "--all"]);
    assert_eq!(done.status, 2);
    assert!(says(&done.stderr, &SavedError::KeyringNeeded(KeyringError::NoSessionBus)), "{}", done.stderr);
    assert!(home.run(&["systems", "list"]).stdout.starts_with("dev  not tested"));
}

#[test]
fn a_keyring_that_never_answers_times_out() {
    let mut home = Home::new();
    let socket = home.path().join("bus");
    // Accepts connections and sends nothing.
    let _hole = UnixListener::bind(&socket).unwrap();
    home.bus = format!("unix:path={}", socket.display());
    let done = home.run_reading(&["systems", "add", "dev", "-"], &key());
    assert_eq!(done.status, 2);
    let silent = KeyringError::TimedOut(std::time::Duration::from_secs(3));
    assert!(done.stderr.contains(&silent.explain(Words::default()).what), "{}", done.stderr);
    assert!(!home.data().exists());
}
