//! Every known event has a test (`rows.toml`).

use std::{collections::BTreeSet, fs, path::Path};

use serde::Deserialize;

use crate::refusals;

/// An event.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    what: String,
    /// The tests of its outcome, in addition to its answers in `refusals.toml`.
    #[serde(default)]
    tests: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    row: Vec<Row>,
}

fn rows() -> Vec<Row> {
    toml::from_str::<Rows>(include_str!("rows.toml")).unwrap().row
}

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

#[test]
fn every_row_has_a_proof_that_exists_and_every_answer_a_row() {
    let (rows, answers) = (rows(), refusals::all());
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids.len(), rows.len(), "an id is there twice");
    let lost: Vec<_> = answers.iter().filter(|answer| !ids.contains(answer.row.as_str())).collect();
    assert!(lost.is_empty(), "without a row: {lost:#?}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    sources(&root.join("src"), &mut code);
    sources(&root.join("tests"), &mut code);
    for row in &rows {
        assert!(row.what.ends_with('.'), "{}", row.id);
        assert!(!row.tests.is_empty() || answers.iter().any(|answer| answer.row == row.id), "no proof: {}", row.id);
        for test in &row.tests {
            assert!(code.contains(&format!("fn {test}(")), "{}: no test {test}", row.id);
        }
    }
}
