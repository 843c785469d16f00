//! Facts and words are joined entry by entry; texts missing in a language appear in English.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

#[path = "../support/assets.rs"]
mod assets;
#[path = "../../assets/build/join.rs"]
mod join;

/// The assets beside a translation `xx` of one file.
fn with_translation(file: &str, words: &str) -> TempDir {
    let folder = assets::copied();
    let path = folder.path().join(format!("words/xx/{file}.toml"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, words).unwrap();
    folder
}

fn part(assets: &Path, language: &str, name: &str) -> Value {
    let parts = join::parts(assets, language).unwrap();
    let (_, json) = parts.into_iter().find(|(part, _)| *part == name).unwrap();
    serde_json::from_str(&json).unwrap()
}

fn refused(file: &str, words: &str) -> String {
    let assets = with_translation(file, words);
    join::parts(assets.path(), "xx").unwrap_err().to_string()
}

#[test]
fn what_a_translation_leaves_out_is_said_in_english() {
    let assets = with_translation("steps", "[step.plan]\ntitle = \"Welcher Plan?\"\n");
    let (english, translated) = (part(assets.path(), "en", "steps"), part(assets.path(), "xx", "steps"));
    assert_eq!(translated[1]["title"], "Welcher Plan?");
    assert_eq!(translated[1]["intro"], english[1]["intro"]);
    assert_eq!(translated[0], english[0]);
    for name in ["roles", "purposes", "pages", "exports", "sheet"] {
        assert_eq!(part(assets.path(), "xx", name), part(assets.path(), "en", name), "{name}");
    }
}

#[test]
fn the_reason_that_many_roles_share_follows_the_language() {
    let assets = with_translation("purposes", "[purpose.guide-2021]\neach_role = \"2021: {brief}\"\n");
    let purposes = part(assets.path(), "xx", "purposes");
    let purpose = purposes.as_array().unwrap().iter().find(|purpose| purpose["id"] == "guide-2021").unwrap();
    assert_eq!(purpose["roles"][0]["why"], "2021: export and import for transport");
    assert!(purpose.get("each_role").is_none());
}

#[test]
fn words_that_belong_to_nothing_are_refused_with_file_and_id() {
    for (file, words, named) in [
        ("steps", "[step.nowhere]\ntitle = \"x\"\n", "words/xx/steps.toml: step: nowhere"),
        ("steps", "[step.plan]\nid = \"other\"\n", "words/xx/steps.toml: step: plan: id"),
        ("purposes", "[purpose.ci-cd]\nnext = [\"one\"]\n", "words/xx/purposes.toml: purpose: ci-cd: next"),
        ("exports", "[nobody]\ntitle = \"x\"\n", "words/xx/exports.toml: nobody"),
        ("guide/delete", "[trouble.none]\nwhen = \"x\"\n", "words/xx/guide/delete.toml: trouble: none"),
    ] {
        let error = refused(file, words);
        assert!(error.starts_with(named), "{error}");
    }
}

#[test]
fn english_words_for_an_unknown_id_are_refused() {
    let assets = with_translation("steps", "");
    let path = assets.path().join("words/en/links.toml");
    let words = fs::read_to_string(&path).unwrap() + "\n[link.nowhere]\ntitle = \"x\"\n";
    fs::write(path, words).unwrap();
    let error = join::parts(assets.path(), "en").unwrap_err().to_string();
    assert_eq!(error, "words/en/links.toml: link.nowhere belongs to nothing in facts");
}
