//! `docs/security.md` names the tests that keep its promises.

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

#[test]
fn each_promise_about_secrets_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let mut code = String::new();
    sources(&root.join("src"), &mut code);
    sources(&root.join("tests"), &mut code);
    let mut promises = 0;
    for row in document.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Question")) {
        let kept_by = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let tests: Vec<&str> = kept_by.split('`').filter(|name| is_test(name)).collect();
        assert!(!tests.is_empty(), "no test keeps: {row}");
        promises += 1;
    }
    assert!(promises > 10, "{promises} promises");
    let missing: Vec<&str> =
        document.split('`').filter(|name| is_test(name) && !code.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
}
