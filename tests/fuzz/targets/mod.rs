//! Inputs for the parts of the program that parse foreign data, and the invariants. Each target is a function of bytes:
//! cargo-fuzz makes them up (`.ci/fuzz`), `tests/fuzz/main.rs` replays the corpus.

pub mod address;
pub mod answers;
#[path = "../../support/canary.rs"]
pub mod canary;
pub mod certificate;
pub mod cloud;
pub mod key;
pub mod lists;
pub mod parameters;
pub mod quoting;
pub mod templates;
#[cfg(unix)]
pub mod terminal;
pub mod vault;
pub mod wizard;

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use canary::Canaries;
use cpikey::{
    domain::{content::Content, finding::Finding},
    words::Words,
};
use jiff::Timestamp;

/// A target with its name.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const ALL: &[Target] = &[
    ("address", address::run),
    ("answers", answers::run),
    ("certificate", certificate::run),
    ("cloud", cloud::run),
    ("key", key::run),
    ("lists", lists::run),
    ("parameters", parameters::run),
    ("quoting", quoting::run),
    ("templates", templates::run),
    #[cfg(unix)]
    ("terminal", terminal::run),
    ("vault", vault::run),
    ("wizard", wizard::run),
];

/// Separates the parts of an input; no text contains it.
const BETWEEN: u8 = 0xff;

/// The secret in the keys of the corpus, which the fuzzer replaces.
pub const SECRET: &str = "11111111-2222-4333-8444-555555555555$Canary+0123456789_AbCdEfGhIjKlMnOpQrStUvWx=";

/// The current time.
pub fn now() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap_or_default()
}

/// The embedded content.
pub fn content() -> &'static Arc<Content> {
    static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| Arc::new(cpikey::content::load()));
    &CONTENT
}

/// The parts of an input.
pub fn parts(data: &[u8]) -> Vec<&[u8]> {
    data.split(|byte| *byte == BETWEEN).collect()
}

/// A part as text.
pub fn text(part: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(part)
}

/// Asserts that a text contains no control or invisible characters.
pub fn assert_harmless(text: &str, place: &str) {
    for line in text.lines() {
        let bad = line.chars().find(|c| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        });
        assert!(bad.is_none(), "{place} has {bad:?}: {text:?}");
    }
}

/// Everything shown about findings. Asserts that it is harmless and contains no secret.
pub fn assert_told(findings: &[Finding], canaries: &Canaries, place: &str) {
    for told in content().findings.explain_together(findings, Words::default()) {
        let fix = told.fix.unwrap_or_default();
        let evidence = told.evidence.as_ref().map_or("", |text| text.as_str());
        let subjects = told.subjects.iter().map(|text| text.as_str());
        for text in [told.title.as_str(), &told.cause, &fix, evidence].into_iter().chain(subjects) {
            assert_harmless(text, place);
            canaries.assert_absent(text.as_bytes(), place);
        }
    }
    canaries.assert_absent(format!("{findings:?}").as_bytes(), place);
}
