//! The message line.

use crate::domain::problem::Problem;

/// The kind of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Success.
    Good,
    /// Information.
    Note,
    /// Warning.
    Warning,
    /// Error.
    Error,
}

/// One message, shown above the footer until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its kind.
    pub tone: Tone,
    /// One or two sentences.
    pub text: String,
}

impl Notice {
    /// Success.
    pub fn good(text: impl Into<String>) -> Self {
        Self { tone: Tone::Good, text: text.into() }
    }
    /// Information.
    pub fn note(text: impl Into<String>) -> Self {
        Self { tone: Tone::Note, text: text.into() }
    }
    /// Warning.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { tone: Tone::Warning, text: text.into() }
    }
    /// An error with this reason.
    pub fn problem(problem: &Problem) -> Self {
        Self::error(problem.to_string())
    }
    /// Error.
    pub fn error(text: impl Into<String>) -> Self {
        Self { tone: Tone::Error, text: text.into() }
    }
}
