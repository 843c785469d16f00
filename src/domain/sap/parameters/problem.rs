//! What the broker would say about parameters.

use std::fmt;

use serde::Serialize;

use crate::domain::{finding::Severity, text::safe_text::SafeText};

/// A place in a text, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// One thing that is wrong, or worth saying, about parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParameterProblem {
    /// `Error`: the broker refuses it. `Warning`: the broker may refuse it, or takes it and it does not work.
    pub severity: Severity,
    /// The property it is about: `roles`, `grant-types`; empty where it is about the text as a whole.
    pub property: String,
    /// The value it is about: a role, a grant type, a URI.
    pub value: Option<SafeText>,
    /// Where it stands in the text, where there is a text.
    pub position: Option<Position>,
    /// What is wrong, a whole sentence.
    pub what: String,
    /// Why that is wrong, a whole sentence.
    pub why: String,
    /// What to do, a whole sentence.
    pub fix: String,
}

impl ParameterProblem {
    /// What the broker refuses.
    pub(crate) fn error(
        property: &str,
        what: impl Into<String>,
        why: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            property: property.to_owned(),
            value: None,
            position: None,
            what: what.into(),
            why: why.into(),
            fix: fix.into(),
        }
    }

    /// What a person should look at.
    pub(crate) fn warning(
        property: &str,
        what: impl Into<String>,
        why: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(property, what, why, fix) }
    }

    /// Names the value it is about.
    #[must_use]
    pub(crate) fn about(mut self, value: &str) -> Self {
        self.value = Some(SafeText::line(value));
        self
    }

    /// Says where it stands.
    #[must_use]
    pub(crate) fn at(mut self, position: Option<Position>) -> Self {
        self.position = position;
        self
    }

    /// True where the broker refuses it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for ParameterProblem {
    /// All of it on one line: `error at line 3, column 5: what why fix`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.severity.as_str())?;
        if let Some(position) = self.position {
            write!(f, " at {position}")?;
        }
        write!(f, ": {} {} {}", self.what, self.why, self.fix)
    }
}

impl std::error::Error for ParameterProblem {}
