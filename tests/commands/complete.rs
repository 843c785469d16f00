//! Completion: what the program offers, and how bash uses it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use cpikey::{content, domain::sap::guide::StepId};

/// A list of saved systems as stored in the data directory, without the file with secrets.
const SYSTEMS: &str = include_str!("../fixtures/systems.toml");

/// A home with saved systems and a few files.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let data = data_directory(home.path());
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(data.join("systems.toml"), SYSTEMS).unwrap();
    std::fs::create_dir(home.path().join("keys")).unwrap();
    std::fs::write(home.path().join("my key.json"), "{}").unwrap();
    home
}

/// Where the program keeps saved systems.
fn data_directory(home: &Path) -> PathBuf {
    home.join(if cfg!(target_os = "macos") { "Library/Application Support/cpikey" } else { "data/cpikey" })
}

fn at(home: &Path, command: &mut Command) -> String {
    let path = Path::new(env!("CARGO_BIN_EXE_cpikey")).parent().unwrap();
    let path = format!("{}:{}", path.display(), std::env::var("PATH").unwrap_or_default());
    command.env("HOME", home).env("XDG_DATA_HOME", home.join("data")).env("PATH", path).env("LANG", "C.UTF-8");
    let output = command.current_dir(home).stdin(Stdio::null()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).unwrap()
}

/// What the program offers for the last of these words.
fn offered(home: &Path, words: &[&str]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpikey"));
    command.args(["complete", &words.len().to_string(), "--", "cpikey"]).args(words);
    let lines = at(home, &mut command);
    lines.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn purposes_roles_targets_pages_systems_and_files_are_completed() {
    let home = home();
    let offered = |words: &[&str]| offered(home.path(), words);
    let content = content::load();
    assert_eq!(offered(&["test", "--purpose", ""]), content::PURPOSES);
    assert_eq!(offered(&["roles", "--purpose", "ci-"]), ["ci-cd", "ci-cd-target"]);
    assert_eq!(offered(&["params", "--role", "MonitoringDataR"]), ["MonitoringDataRead"]);
    assert_eq!(offered(&["roles", "explain", "ESBMessaging.s"]), ["ESBMessaging.send"]);
    assert_eq!(offered(&["systems", "test", "ac"]), ["acme-dev"]);
    for words in [&["test", "--system", ""][..], &["systems", "show", ""], &["systems", "remove", ""]] {
        let names = offered(words);
        assert!(["ACME test", "acme-dev"].iter().all(|name| names.iter().any(|known| known == name)), "{names:?}");
    }
    let targets = offered(&["export", ""]);
    assert!(content.exports.iter().all(|target| targets.contains(&target.id)), "{targets:?}");
    let pages = offered(&["guide", ""]);
    assert!(StepId::ALL.iter().all(|id| pages.iter().any(|page| page == id.as_str())), "{pages:?}");
    for words in [&["test", ""][..], &["inspect", "my"], &["export", "env", ""], &["params", "--check", ""]] {
        assert!(offered(words).iter().any(|file| file == "my key.json"), "{words:?}");
    }
    assert_eq!(offered(&["inspect", "ke"]), ["keys/"]);
    assert!(!offered(&[""]).iter().any(|command| command == "complete"));
}

#[test]
fn a_damaged_list_is_left_alone_and_offers_nothing() {
    let home = home();
    let list = home.path().join("data/cpikey/systems.toml");
    std::fs::write(&list, "\0damaged").unwrap();
    let names = offered(home.path(), &["systems", "show", ""]);
    assert!(!names.iter().any(|name| name.contains("acme")), "{names:?}");
    assert_eq!(std::fs::read_dir(list.parent().unwrap()).unwrap().count(), 1);
    assert_eq!(std::fs::read(&list).unwrap(), b"\0damaged");
}

#[test]
fn a_name_with_control_characters_is_not_offered() {
    let home = home();
    std::fs::write(home.path().join("evil\u{1b}]0;x\u{7}.json"), "{}").unwrap();
    assert!(offered(home.path(), &["inspect", "ev"]).is_empty());
}

/// How bash completes a line.
fn in_bash(home: &Path, words: &[&str]) -> Vec<String> {
    let script = r#"
        eval "$(cpikey completions bash)"
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _cpikey cpikey "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut command = Command::new("bash");
    command.args(["--norc", "-c", script, "bash", "cpikey"]).args(words);
    at(home, &mut command).lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_words_quotes_what_needs_it_and_replaces_only_what_comes_after_an_equals_sign() {
    if Command::new("bash").arg("--version").stdout(Stdio::null()).status().is_err() {
        return;
    }
    let home = home();
    let in_bash = |words: &[&str]| in_bash(home.path(), words);
    assert_eq!(in_bash(&["sys"]), ["systems"]);
    assert_eq!(in_bash(&["test", "--purpose", "ci-"]), ["ci-cd", "ci-cd-target"]);
    // Bash breaks words at "=".
    assert_eq!(in_bash(&["test", "--purpose", "=", "monit"]), ["monitoring"]);
    assert_eq!(in_bash(&["test", "--purpose", "=", "monitoring", "--system", "ac"]), ["acme-dev"]);
    assert_eq!(in_bash(&["systems", "show", "ACME"]), ["ACME\\ test"]);
    assert_eq!(in_bash(&["systems", "show", "ACME\\ t"]), ["ACME\\ test"]);
    assert_eq!(in_bash(&["inspect", "my"]), ["my\\ key.json"]);
    assert_eq!(in_bash(&["inspect", "ke"]), ["keys/"]);
}

#[test]
fn every_shell_has_a_script_that_asks_the_program() {
    let home = home();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cpikey"));
        let script = at(home.path(), command.args(["completions", shell]));
        assert!(script.starts_with('#') && script.contains("cpikey complete "), "{shell}: {script}");
    }
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let file = home.path().join(shell);
        let mut command = Command::new(env!("CARGO_BIN_EXE_cpikey"));
        std::fs::write(&file, at(home.path(), command.args(["completions", shell]))).unwrap();
        // If the shell is not installed, nothing is checked.
        if let Ok(status) = Command::new(shell).arg(check).arg(&file).status() {
            assert!(status.success(), "{shell}");
        }
    }
}
