//! `cpikey doctor` in made-up environments: it describes them, never hangs, and prints no secret.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use cpikey::{
    content,
    domain::finding::{Finding, FindingCode, Stage},
};
use serde_json::Value;
use tempfile::{TempDir, tempdir};

#[cfg(target_os = "linux")]
const CERTIFICATES: &str = "SSL_CERT_FILE";

/// Runs `doctor` in a separate home directory with only these variables.
fn doctor(arguments: &[&str], home: &Path, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpikey"));
    command.arg("doctor").args(arguments).env_clear().env("HOME", home).current_dir(home);
    command.envs(variables.iter().copied());
    command.output().unwrap()
}

/// The state and all texts of a check.
fn check(id: &str, home: &Path, variables: &[(&str, &str)]) -> (String, String) {
    let output = doctor(&["--json"], home, variables);
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed["schema"], 1);
    let check = printed["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap().clone();
    let text = |name: &str| check[name].as_str().unwrap().to_owned();
    (text("state"), ["found", "means", "fix"].map(text).join("\n"))
}

fn home() -> TempDir {
    tempdir().unwrap()
}

/// A socket that accepts connections and never answers.
#[cfg(target_os = "linux")]
fn deaf(folder: &Path) -> (std::os::unix::net::UnixListener, String) {
    let path = folder.join("deaf");
    (std::os::unix::net::UnixListener::bind(&path).unwrap(), path.to_string_lossy().into_owned())
}

#[test]
fn the_session_and_the_terminal_are_told() {
    let home = home();
    let (state, text) = check("session", home.path(), &[("SSH_TTY", "/dev/pts/1"), ("TMUX", "x")]);
    assert_eq!(state, "note");
    assert!(text.contains("SSH, tmux"), "{text}");
    assert_eq!(check("session", home.path(), &[]).0, "ok");
    assert_eq!(check("terminal", home.path(), &[("TERM", "xterm")]).0, "note", "it is a pipe here");
    assert_eq!(check("colours", home.path(), &[("TERM", "xterm"), ("NO_COLOR", "1")]).0, "note");
    assert_eq!(check("colours", home.path(), &[("TERM", "xterm")]).0, "ok");
    assert_eq!(check("program", home.path(), &[]).0, "ok");
    assert_eq!(check("clock", home.path(), &[]).0, "ok");
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_display_text_goes_through_the_terminal_and_secrets_nowhere() {
    let home = home();
    let (state, text) = check("text-clipboard", home.path(), &[]);
    assert_eq!(state, "note");
    assert!(text.contains("OSC 52"), "{text}");
    assert!(check("text-clipboard", home.path(), &[("TMUX", "x")]).1.contains("tmux"));
    let (state, text) = check("secret-clipboard", home.path(), &[("DISPLAY", ":0"), ("SSH_CONNECTION", "x")]);
    assert_eq!(state, "warning");
    assert!(text.contains("--with-secret"), "{text}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_session_bus_that_is_missing_or_hangs_is_told() {
    let home = home();
    let missing = format!("unix:path={}/nothing", home.path().display());
    let (state, text) = check("keyring", home.path(), &[("DBUS_SESSION_BUS_ADDRESS", &missing)]);
    assert_eq!(state, "warning");
    assert!(text.contains("passphrase"), "{text}");
    let (_listener, path) = deaf(home.path());
    let address = format!("unix:path={path}");
    assert_eq!(check("keyring", home.path(), &[("DBUS_SESSION_BUS_ADDRESS", &address)]).0, "warning");
}

#[test]
fn the_password_of_a_proxy_is_not_told() {
    let home = home();
    let (state, text) = check("proxy", home.path(), &[("HTTPS_PROXY", "http://canary:canary@proxy.example:8080")]);
    assert_eq!(state, "note");
    assert!(text.contains("http://proxy.example:8080") && !text.contains("canary"), "{text}");
    assert_eq!(check("proxy", home.path(), &[]).0, "ok");
    let excepted = [("HTTPS_PROXY", "http://proxy.example:8080"), ("NO_PROXY", ".ondemand.com")];
    assert_eq!(check("proxy", home.path(), &excepted).0, "ok");
    let output = doctor(&["--json", "--proxy", "http://other.example:1"], home.path(), &[]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("http://other.example:1"));
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_trusted_authority_the_status_is_1() {
    let home = home();
    let nothing = home.path().join("nothing.pem");
    let (state, text) = check("certificates", home.path(), &[(CERTIFICATES, nothing.to_str().unwrap())]);
    assert_eq!(state, "problem");
    assert!(text.contains("nothing.pem"), "{text}");
    let output = doctor(&[], home.path(), &[(CERTIFICATES, nothing.to_str().unwrap())]);
    assert_eq!(output.status.code(), Some(1));
    let output = doctor(&[], home.path(), &[]);
    let found = check("certificates", home.path(), &[]).0;
    assert_eq!(output.status.code(), Some(i32::from(found == "problem")));
}

/// Places where nothing usable is, with what stands there.
#[cfg(target_os = "linux")]
fn useless_places(home: &Path) -> Vec<(&'static str, std::path::PathBuf)> {
    use std::os::unix::fs::PermissionsExt as _;

    let file = |name: &'static str, content: &[u8]| {
        let path = home.join(name);
        fs::write(&path, content).unwrap();
        (name, path)
    };
    let pem =
        |label: &str, body: &str| format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n").into_bytes();
    let mut places = vec![
        ("nothing", home.join("nothing")),
        ("the root directory", "/".into()),
        ("no end", "/dev/zero".into()),
        ("no content", "/dev/null".into()),
        ("a terminal or none", "/dev/tty".into()),
        file("empty", b""),
        file("garbage", &[0, 0xff, b'\n', 0x1b, 0x80].repeat(5000)),
        file("words", "no certificate\n".repeat(100).as_bytes()),
        file("another kind of PEM", &pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIA==")),
        file("no base64", &pem("CERTIFICATE", "%%%%")),
        file("no certificate in base64", &pem("CERTIFICATE", "bm8gY2VydGlmaWNhdGU=")),
        file("cut off", b"-----BEGIN CERTIFICATE-----\nMIIB"),
        file("unreadable", b"for nobody"),
    ];
    fs::set_permissions(home.join("unreadable"), fs::Permissions::from_mode(0o000)).unwrap();
    // A gigabyte of nothing, which takes no place on the disk.
    fs::File::create(home.join("sparse")).unwrap().set_len(1 << 30).unwrap();
    places.push(("gigantic", home.join("sparse")));
    let pipe = home.join("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    places.push(("a pipe", pipe));
    places
}

/// A test of a key with such authorities. Whatever reads without end runs out of memory.
#[cfg(target_os = "linux")]
fn test_of_a_key(key: &Path, home: &Path, variable: &str, place: &Path) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 4000000 && exec \"$@\"", "sh", env!("CARGO_BIN_EXE_cpikey"), "test", "--json"]);
    // What would get through would end at this proxy.
    command.arg(key).args(["--proxy", "http://127.0.0.1:9"]);
    command.env_clear().env("HOME", home).env("PATH", "/usr/bin:/bin").env(variable, place).current_dir(home);
    command.output().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn no_garbage_in_place_of_the_trusted_authorities_hangs_or_breaks_the_program() {
    let home = home();
    let key = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keys/flat.json");
    for (what, place) in useless_places(home.path()) {
        for variable in [CERTIFICATES, "SSL_CERT_DIR"] {
            // All files of a directory count.
            if variable != CERTIFICATES && what == "the root directory" {
                continue;
            }
            let (state, text) = check("certificates", home.path(), &[(variable, place.to_str().unwrap())]);
            assert_eq!(state, "problem", "{variable}: {what}");
            assert!(text.contains(place.to_str().unwrap()), "{variable}: {what}: {text}");
            let output = test_of_a_key(&key, home.path(), variable, &place);
            let messages = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(4), "{variable}: {what}: {messages}");
            let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
            let finding = &printed["findings"][0];
            assert_eq!(finding["code"], "trust-store-unusable", "{variable}: {what}");
            assert!(finding.to_string().contains(place.to_str().unwrap()), "{variable}: {what}: {finding}");
        }
    }
}

#[test]
fn directories_are_told_without_being_made() {
    let home = home();
    for id in ["data-directory", "state-directory"] {
        let (state, text) = check(id, home.path(), &[]);
        assert_eq!(state, "ok");
        assert!(text.contains("cpikey"), "{text}");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing was written");
    let blocked = home.path().join("file");
    fs::write(&blocked, "").unwrap();
    let blocked = blocked.to_str().unwrap();
    let variables = [("HOME", blocked), ("XDG_DATA_HOME", blocked), ("XDG_STATE_HOME", blocked)];
    assert_eq!(check("data-directory", home.path(), &variables).0, "warning");
    assert_eq!(check("state-directory", home.path(), &variables).0, "warning");
    assert_eq!(check("working-directory", home.path(), &[]).0, "ok");
}

#[test]
fn cf_is_told_with_org_and_space_and_without_tokens() {
    let home = home();
    let bin = home.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let path = [("PATH", bin.to_str().unwrap())];
    assert_eq!(check("cf", home.path(), &path).0, "note");
    fs::write(bin.join("cf"), "").unwrap();
    assert_eq!(check("cf", home.path(), &path).0, "note");
    fs::create_dir(home.path().join(".cf")).unwrap();
    let config = r#"{"AccessToken":"canary","RefreshToken":"canary","Target":"https://api.cf.eu10.hana.ondemand.com",
                     "OrganizationFields":{"Name":"my-org"},"SpaceFields":{"Name":"dev"}}"#;
    fs::write(home.path().join(".cf/config.json"), "{").unwrap();
    assert_eq!(check("cf", home.path(), &path).0, "warning", "its file is damaged");
    fs::write(home.path().join(".cf/config.json"), config).unwrap();
    let (state, text) = check("cf", home.path(), &path);
    assert_eq!(state, "ok");
    assert!(text.contains("my-org") && text.contains("dev"), "{text}");
    let all = doctor(&[], home.path(), &path);
    assert!(!String::from_utf8_lossy(&all.stdout).contains("canary"));
}

#[test]
fn the_text_fits_80_columns_and_names_every_check() {
    let home = home();
    let output = doctor(&[], home.path(), &[("LANG", "C.UTF-8")]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().filter(|line| !line.contains('/')).all(|line| line.chars().count() <= 80), "{text}");
    let words = cpikey::words::Words::default().doctor();
    for title in [words.program(), words.keyring(), words.certificates(), words.cf()] {
        assert!(text.contains(title), "{title}\n{text}");
    }
    assert!(output.stderr.is_empty());
}

#[test]
fn every_failure_whose_reason_it_shows_points_to_it() {
    let content = content::load();
    let words = content.words;
    let findings = [
        FindingCode::NameNotFound,
        FindingCode::ConnectionRefused,
        FindingCode::ProxyUnreachable,
        FindingCode::ProxyLogin,
        FindingCode::ProxyRefused,
        FindingCode::TimeoutConnect,
        FindingCode::TrustStoreUnusable,
        FindingCode::TlsUnknownAuthority,
        FindingCode::TlsExpired,
        FindingCode::TlsNotYetValid,
        FindingCode::CertificateNotYetValid,
        FindingCode::ClockSkew,
        FindingCode::CfLoginUnusable,
    ];
    let explained = |code| {
        let finding =
            if code == FindingCode::CfLoginUnusable { Finding::cf(code) } else { Finding::new(code, Stage::Token) };
        content.findings.explain(&finding, words).fix.unwrap_or_default()
    };
    let (stores, files) = (words.saved_systems_problems(), words.files());
    let fills: [(&str, &dyn std::fmt::Display); 0] = [];
    let mut fixes: Vec<String> = findings.into_iter().map(explained).collect();
    let problems = [
        stores.no_keyring(),
        stores.keyring_needed(),
        stores.no_home(),
        stores.cannot_lock(),
        stores.cannot_create(),
        stores.cannot_write(),
        stores.cannot_quarantine(),
        stores.cannot_delete(),
        files.not_writable(),
    ];
    fixes.extend(problems.map(|problem| problem.fill(&fills).fix));
    let platform = words.platform();
    fixes.extend(
        [platform.not_saved_linux(), platform.not_saved_macos(), platform.not_saved_windows()].map(str::to_owned),
    );
    fixes.push(words.doctor().see_clipboard().to_owned());
    for fix in fixes {
        assert!(fix.contains("cpikey doctor"), "{fix}");
    }
}
