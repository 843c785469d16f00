//! The program's texts: typed labels, one table per language.
//!
//! The functions are generated from `assets/words/en/labels/*.toml` by the build script (`assets/build/labels.rs`): one
//! per label, with a parameter for each `{placeholder}`; a label with the forms `one` and `other` takes a `count`. A
//! nonexistent label does not compile. Pass [`Words`] down; there is no global language.

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

/// An explanation template with `{placeholders}`: a label with the parts `what`, `why` and `fix`.
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
    /// The explanation with its placeholders filled in from named facts.
    pub fn fill(self, facts: &[(&str, &dyn Display)]) -> Explanation {
        Explanation { what: fill(self.what, facts), why: fill(self.why, facts), fix: fill(self.fix, facts) }
    }
}

/// An explanation for the user, in full sentences.
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

/// Fills facts into a text in one pass, so that a fact that looks like a placeholder is kept as is. `{{` is a brace.
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
