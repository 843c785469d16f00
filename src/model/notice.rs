//! The one message line.

use crate::domain::problem::Problem;

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something went as asked.
    Good,
    /// Something to know.
    Note,
    /// Something to look at.
    Warning,
    /// Something did not work.
    Error,
}

/// One message, shown above the footer until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// One sentence or two.
    pub text: String,
}

impl Notice {
    /// Something went as asked.
    pub fn good(text: impl Into<String>) -> Self {
        Self { tone: Tone::Good, text: text.into() }
    }
    /// Something to know.
    pub fn note(text: impl Into<String>) -> Self {
        Self { tone: Tone::Note, text: text.into() }
    }
    /// Something to look at.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { tone: Tone::Warning, text: text.into() }
    }
    /// Something did not work, for this reason.
    pub fn problem(problem: &Problem) -> Self {
        Self::error(problem.to_string())
    }
    /// Something did not work.
    pub fn error(text: impl Into<String>) -> Self {
        Self { tone: Tone::Error, text: text.into() }
    }
}
