//! Rules that the compiler cannot check: which modules may import which, and what must not be used where.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod modules;

use std::{
    fs,
    path::{Path, PathBuf},
};

use modules::Modules;

/// Each module with those it may import. Pure ones first, each building on the previous ones.
const LAYERS: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("domain", &["words"]),
    ("model", &["words", "domain"]),
    ("keymap", &["words", "domain", "model"]),
    ("ui", &["words", "domain", "model", "keymap"]),
    ("screens", &["words", "domain", "model", "keymap", "ui"]),
    ("app", &["words", "domain", "model", "keymap", "ui", "screens"]),
    ("plain", &["words", "domain", "model", "keymap", "ui", "app"]),
    ("content", &["words", "domain"]),
    ("net", &["words", "domain"]),
    ("practice", &["words", "domain"]),
    ("platform", &["words", "domain"]),
    ("jobs", &["words", "domain", "content", "net", "practice", "platform"]),
    (
        "runtime",
        &[
            "words", "domain", "model", "keymap", "ui", "screens", "app", "plain", "content", "net", "practice",
            "platform", "jobs",
        ],
    ),
    ("cli", &["words", "domain", "content", "net", "practice", "platform", "jobs"]),
];

const PURE: &[&str] = &["words", "domain", "model", "keymap", "ui", "screens", "app", "plain"];

/// Words that pure code must not contain, with the reason.
const IMPURE: &[(&str, &str)] = &[
    ("tokio::", "effects are performed by the runtime"),
    ("reqwest", "the network is the business of net"),
    ("arboard", "the clipboard is the business of platform"),
    ("std::fs", "files are the business of platform"),
    ("std::env", "the environment is read once, in platform::env"),
    ("Instant::now", "time comes in as a message"),
    ("SystemTime::now", "time comes in as a message"),
    ("Timestamp::now", "time comes in as a message"),
    ("println!", "only front ends print"),
];

/// Files that may read the text of a secret.
const EXPOSERS: &[&str] = &[
    // An export with its secret, on request.
    "cli/export.rs",
    // A new key on standard output, on request.
    "cli/cf/delivery.rs",
    "domain/cf/call.rs",
    // The login of the cf CLI names its user; a stored login is sealed.
    "domain/cf/cf_cli.rs",
    "domain/cf/kept.rs",
    "domain/cf/login.rs",
    "domain/cf/run/thing.rs",
    "domain/handover/export/field.rs",
    "domain/handover/export/mod.rs",
    // The passphrase of the sealed file, and its sealed content.
    "cli/passphrase.rs",
    "domain/systems/system/mod.rs",
    "domain/systems/vault/key.rs",
    "domain/systems/vault/sealed_key.rs",
    // Hashed, so that it can be masked.
    "domain/text/mask.rs",
    // Parsing and checking a key.
    "domain/key/service_key/certificate.rs",
    "domain/key/service_key/foreign.rs",
    "domain/key/service_key/judge.rs",
    // A created key is parsed like a pasted one.
    "model/pasted.rs",
    // Shown for ten seconds on request.
    "screens/quick_fill/draw.rs",
    // Sent to the token host; a proxy's login.
    "net/cf/mod.rs",
    "net/check/run.rs",
    "net/http/host.rs",
    "net/http/proxy.rs",
    // Copied or written on request, after confirmation.
    "jobs/new_key.rs",
    "jobs/write_export.rs",
    "platform/clipboard/worker.rs",
    "runtime/effects/mod.rs",
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Path below `src`, and each line of code with its number; without comments and code after `#[cfg(test)]`.
fn code(path: &Path) -> (String, Vec<(usize, String)>) {
    let name = path.strip_prefix(source()).unwrap().to_string_lossy().replace('\\', "/");
    let text = fs::read_to_string(path).unwrap();
    let is_tests = name.ends_with("tests.rs");
    let lines = text
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]" && !is_tests)
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line.to_owned()))
        .collect();
    (name, lines)
}

fn layer(name: &str) -> &str {
    name.split(['/', '.']).next().unwrap_or_default()
}

fn assert_none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Fails with every line of code for which `faults`, given the path below `src` and the line, returns something.
fn assert_no_line(faults: impl Fn(&str, &str) -> Vec<String>) {
    let mut all = Vec::new();
    for path in files(&source()) {
        let (name, lines) = code(&path);
        for (number, line) in lines {
            all.extend(faults(&name, &line).into_iter().map(|fault| format!("src/{name}:{number}: {fault}")));
        }
    }
    assert_none(all);
}

#[test]
fn each_layer_imports_only_layers_below_it() {
    let mut faults = Vec::new();
    for (from, to) in Modules::read().references() {
        let (own, other) = (from[0].as_str(), to[0].as_str());
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == own) else {
            faults.push(format!("{own} is not in the list of layers"));
            continue;
        };
        if own != other && !allowed.contains(&other) {
            faults.push(format!("{} must not import {}", from.join("::"), to.join("::")));
        }
    }
    assert_none(faults);
}

#[test]
fn modules_that_share_a_parent_do_not_import_each_other_in_a_circle() {
    assert_none(Modules::read().circles());
}

#[test]
fn the_pure_layers_do_nothing_but_decide_and_draw() {
    assert_no_line(|name, line| {
        let banned = IMPURE.iter().filter(|(word, _)| PURE.contains(&layer(name)) && line.contains(word));
        banned.map(|(word, reason)| format!("{word} ({reason})")).collect()
    });
}

#[test]
fn domain_knows_no_terminal_and_net_and_platform_know_no_messages() {
    assert_no_line(|name, line| {
        let banned: &[&str] = match layer(name) {
            "domain" | "content" | "cli" => &["ratatui", "crossterm"],
            "net" | "practice" | "jobs" => &["ratatui", "crossterm", "Msg"],
            "platform" => &["ratatui", "tokio", "Msg"],
            "model" => &["ratatui"],
            _ => &[],
        };
        banned.iter().filter(|word| line.contains(**word)).map(|word| (*word).to_owned()).collect()
    });
}

#[test]
fn keys_are_named_only_in_the_table_and_colours_only_in_the_theme() {
    assert_no_line(|name, line| {
        // The last one parses terminal bytes like crossterm, and assigns no meaning to keys.
        let may_name_keys =
            ["keymap/", "model/", "runtime/background/answer.rs"].iter().any(|path| name.starts_with(path));
        let key = line.contains("KeyCode::") && !may_name_keys;
        let colour = (line.contains("style::Color") && name != "ui/theme.rs")
            || (line.contains("AnsiColor") && name != "cli/style.rs");
        if key || colour { vec![line.trim().to_owned()] } else { Vec::new() }
    });
}

#[test]
fn a_screen_never_names_another() {
    let screens = [
        "choose_purpose",
        "choose_plan",
        "cloud",
        "instance",
        "roles",
        "guide",
        "quick_fill",
        "systems",
        "test",
        "hand_over",
    ];
    assert_no_line(|name, line| {
        let Some(path) = name.strip_prefix("screens/") else { return Vec::new() };
        let own = path.split(['/', '.']).next().unwrap_or_default();
        let names =
            |other: &str| line.contains(&format!("screens::{other}")) || line.contains(&format!("super::{other}::"));
        let others = screens.iter().filter(|other| own != "mod" && **other != own && names(other));
        others.map(|other| format!("names the screen {other}")).collect()
    });
}

#[test]
fn secrets_are_read_only_where_this_list_says() {
    let mut found: Vec<String> = Vec::new();
    for path in files(&source()) {
        let (name, lines) = code(&path);
        if name != "domain/text/secret.rs"
            && lines.iter().any(|(_, line)| line.contains(".expose()") || line.contains("Secret::expose"))
        {
            found.push(name);
        }
    }
    let mut expected: Vec<String> = EXPOSERS.iter().map(|name| (*name).to_owned()).collect();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn the_environment_is_read_in_one_place_and_the_http_client_built_in_one() {
    assert_no_line(|name, line| {
        let environment = (line.contains("env::var") || line.contains("env::vars")) && name != "platform/env.rs";
        let client = (line.contains("Client::builder") || line.contains("Client::new")) && name != "net/http/host.rs";
        if environment || client { vec![line.trim().to_owned()] } else { Vec::new() }
    });
}

#[test]
fn files_stay_small_enough_to_do_one_thing() {
    let mut faults = Vec::new();
    for path in files(&source()) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        if lines > 600 {
            faults.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert_none(faults);
}
