//! Completion as the user sees it: at the prompt of each shell, with the Tab key.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::harness::{PROGRAM, Session, has};

/// The text typed before Tab, and the resulting line.
const COMPLETED: [(&str, &str); 4] = [
    ("cpikey sys", "cpikey systems"),
    ("cpikey test --purpose moni", "cpikey test --purpose monitoring"),
    ("cpikey roles explain ESBMessaging.s", "cpikey roles explain ESBMessaging.send"),
    ("cpikey --color never inspect k-", "cpikey --color never inspect k-e-y.json"),
];

/// Starts a shell for each line, completes the line, and checks it.
fn completes(shell: &str, arguments: &[&str], prepare: &str, quoted: &str) {
    let folder = Path::new(PROGRAM).parent().unwrap().display();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let quoted = format!("cpikey inspect {quoted}");
    for (typed, completed) in COMPLETED.into_iter().chain([("cpikey inspect my", quoted.as_str())]) {
        let mut session = Session::start(Path::new(shell), arguments, &[("PATH", &path), ("PS1", "ready> ")]);
        session.wait_until("a prompt", |screen| !screen.contents().trim().is_empty());
        // The line itself contains no such word.
        session.send(format!("cd; touch k-e-y.json 'my key.json'; {prepare}; echo pre''pared\r"));
        session.wait_for("prepared\nready>");
        session.send(typed);
        session.wait_for(typed);
        session.send("\t");
        session.wait_for(completed);
    }
}

#[test]
fn zsh_completes() {
    if has("zsh") {
        let prepare = "autoload -Uz compinit; compinit -u -D; source <(cpikey completions zsh)";
        completes("zsh", &["-f", "-i"], prepare, r"my\ key.json");
    }
}

#[test]
fn fish_completes() {
    if has("fish") {
        let prepare = "function fish_prompt; printf 'ready> '; end; cpikey completions fish | source";
        completes("fish", &["--no-config"], prepare, r"my\ key.json");
    }
}

#[test]
fn elvish_completes() {
    // Not every distribution has it.
    if Command::new("elvish").arg("-version").stdout(Stdio::null()).status().is_ok() {
        let prompts = "set edit:prompt = { put 'ready> ' }; set edit:rprompt = { }";
        let prepare = format!("{prompts}; eval (cpikey completions elvish | slurp)");
        completes("elvish", &["-norc"], &prepare, "'my key.json'");
    }
}
