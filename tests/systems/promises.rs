//! The documents name the tests that keep their promises.

use std::{fs, path::Path};

/// The text of all Rust files below a folder.
fn sources(folder: &Path, text: &mut String) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// Whether a text in backticks is the name of a test: at least three words.
fn is_test(name: &str) -> bool {
    name.matches('_').count() >= 2 && name.chars().all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// Checks that each row of the tables in a text ends with tests, and that all tests named there exist. Returns the number
/// of rows.
fn kept(text: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    sources(&root.join("src"), &mut code);
    sources(&root.join("tests"), &mut code);
    let walks = root.join("tests/windows/walks");
    let is_walk = |name: &str| name.ends_with(".walk");
    let exists = |name: &str| match is_walk(name) {
        true => walks.join(name).exists(),
        false => !is_test(name) || code.contains(&format!("fn {name}(")),
    };
    let lines: Vec<&str> = text.lines().collect();
    let is_row = |pair: &&[&str]| pair[0].starts_with("| ") && !pair[1].starts_with("|---");
    let rows: Vec<&str> = lines.windows(2).filter(is_row).map(|pair| pair[0]).collect();
    for row in &rows {
        let kept_by = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        assert!(kept_by.split('`').any(|name| is_test(name) || is_walk(name)), "no test keeps: {row}");
    }
    let missing: Vec<&str> = text.split('`').filter(|name| !exists(name)).collect();
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
    rows.len()
}

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

#[test]
fn each_promise_about_secrets_names_tests_that_exist() {
    assert!(kept(&document("security.md")) > 10);
}

#[test]
fn each_promise_about_a_system_names_tests_that_exist() {
    let document = document("platforms.md");
    let (_, section) = document.split_once("\n## Which test keeps what\n").unwrap();
    assert!(kept(section.split("\n## ").next().unwrap()) > 15);
}
