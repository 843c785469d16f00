//! Every screen in a pseudo-language: all words come from the word files, and longer words break nothing.

mod language;

use std::{cell::Cell, collections::BTreeSet, fs, path::Path, sync::OnceLock};

use cpikey::domain::{
    handover::export::SECRET_GOES_HERE,
    sap::{
        key_parameters::{KeyField, KeyType},
        plan::SERVICE_TITLE,
    },
};

use crate::driver::{Driver, KEY, LANGUAGE};
use crate::{cloud, pictures, saved};

thread_local! {
    static SPOKEN: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread's wizards use the pseudo-language.
pub fn is_spoken() -> bool {
    SPOKEN.get()
}

/// Names of protocols, and words of the texts that the walks paste.
const NAMES: [&str; 10] = [
    SECRET_GOES_HERE,
    "TLS",
    "login.example.com",
    "MonitorDataRead",
    "429 Too Many Requests",
    "cpikey-report.md",
    "flash",
    "monitorng",
    "~/Downloads/key.json api.json",
    "linux x86_64, SSH, tmux",
];

/// Words in facts: ids, names of roles, addresses, commands, the key.
fn facts() -> &'static BTreeSet<String> {
    static FACTS: OnceLock<BTreeSet<String>> = OnceLock::new();
    FACTS.get_or_init(|| {
        let mut texts = vec![KEY.to_owned(), saved::NAMES.to_owned(), cloud::NAMES.to_owned()];
        fn collect(folder: &Path, texts: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                match entry.path() {
                    path if path.is_dir() => collect(&path, texts),
                    path => texts.push(fs::read_to_string(path).unwrap()),
                }
            }
        }
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        collect(&assets.join("facts"), &mut texts);
        collect(&assets.join("commands"), &mut texts);
        collect(&assets.join("schema"), &mut texts);
        // Code in texts is the same in every language.
        let mut words = Vec::new();
        collect(&assets.join("words/en"), &mut words);
        for text in &words {
            texts.extend(text.split('`').skip(1).step_by(2).map(str::to_owned));
        }
        texts.extend(NAMES.map(str::to_owned));
        // SAP's names for the service, the types of a key and the like.
        texts.push(SERVICE_TITLE.to_owned());
        texts.extend(KeyType::ALL.map(|kind| kind.title().to_owned()));
        texts.extend(KeyField::ALL.map(|field| field.title().to_owned()));
        texts.iter().flat_map(|text| plain_words(text)).collect()
    })
}

/// Runs of three or more plain letters.
fn plain_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphabetic());
    words.filter(|word| word.len() >= 3 && word.bytes().all(|b| b.is_ascii_alphabetic())).map(str::to_owned)
}

/// Whether a word is a fact, or a part of one that was truncated or wrapped.
fn is_fact(word: &str, line: &str) -> bool {
    let ends = line.contains(&format!("{word}…")) || line.trim_end_matches(['↓', ' ']).ends_with(word);
    let begins = line.trim_start().starts_with(word);
    facts().contains(word)
        || ends && facts().iter().any(|fact| fact.starts_with(word))
        || begins && facts().iter().any(|fact| fact.ends_with(word))
}

/// Asserts that no word on this screen is in plain letters unless it is a fact.
pub fn check(name: &str, driver: &Driver) {
    let screen = driver.screen(80, 24);
    let words = screen.lines().flat_map(|line| plain_words(line).map(move |word| (word, line)));
    let foreign: Vec<String> = words.filter(|(word, line)| !is_fact(word, line)).map(|(word, _)| word).collect();
    assert!(foreign.is_empty(), "{name}: {foreign:?} do not come from the word files\n{screen}");
    assert!(screen.contains(language::BRACKETS[0]), "{name}\n{screen}");
}

#[test]
fn no_screen_says_a_word_that_is_not_in_the_word_files() {
    let count = include_str!("../pictures.rs").matches("#[test]").count();
    assert_eq!(pictures::ALL.len(), count, "a test of the pictures is missing in the list");
    SPOKEN.set(true);
    LANGUAGE.set(language::content);
    let mut failed = Vec::new();
    for (name, walk) in pictures::ALL {
        if let Err(panic) = std::panic::catch_unwind(walk) {
            let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            failed.push(format!("== {name}\n{text}"));
        }
    }
    SPOKEN.set(false);
    LANGUAGE.set(cpikey::content::load);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
