//! What the program says, apart from what it knows: labels with a type, one table a language.
//!
//! The functions are made from `assets/words/en/labels/*.toml` by the build script (`assets/build/labels.rs`): one a
//! label, with a parameter for each `{placeholder}`; a label with the forms `one` and `other` takes a `count`. A label
//! that does not exist does not compile. Hand [`Words`] down; there is no global language.

use std::fmt::{Display, Write as _};

/// The texts of one language, in the order of the English files.
pub type Table = [&'static str; COUNT];

/// A language. Cheap to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(&'static Table);

impl Words {
    /// A language from its texts, in the order of [`Words::table`].
    pub const fn new(table: &'static Table) -> Self {
        Self(table)
    }

    /// All texts.
    pub const fn table(self) -> &'static Table {
        self.0
    }
}

impl Default for Words {
    fn default() -> Self {
        EN
    }
}

/// What is wrong, as the language says it, with `{placeholders}`. A label with the parts `what`, `why` and `fix`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExplanationTemplate {
    /// What is wrong.
    pub what: &'static str,
    /// Why that is wrong.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
}

impl ExplanationTemplate {
    /// The explanation with facts, which are named and may be in any order.
    pub fn fill(self, facts: &[(&str, &dyn Display)]) -> Explanation {
        Explanation { what: fill(self.what, facts), why: fill(self.why, facts), fix: fill(self.fix, facts) }
    }
}

/// What is wrong, in whole sentences for a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong.
    pub what: String,
    /// Why that is wrong.
    pub why: String,
    /// What to do.
    pub fix: String,
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// Puts facts into a text, in one pass, so that a fact that looks like a placeholder stays what it is. `{{` is a brace.
fn fill(template: &str, facts: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(literal) = rest.strip_prefix('{') {
            out.push('{');
            rest = literal;
            continue;
        }
        let end = rest.find('}').unwrap_or_default();
        if let Some((_, fact)) = facts.iter().find(|(name, _)| *name == &rest[..end]) {
            // Writing to a string cannot fail.
            let _ = write!(out, "{fact}");
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inserted_facts_are_never_read_as_placeholders() {
        let filled = fill("{a} and {b}, {{a}", &[("a", &"{b}"), ("b", &2)]);
        assert_eq!(filled, "{b} and 2, {a}");
    }
}
