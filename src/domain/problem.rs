//! The user-facing error: what happened, why it usually happens, what to do.
//!
//! Lower layers use typed errors; a front end converts them to a [`Problem`].

use std::fmt;

use crate::words::Explanation;

/// Who can fix it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The arguments, the input or the environment are unusable: the user can fix that (exit status 2).
    Unusable,
    /// The program or the machine failed (exit status 1).
    Failed,
}

/// Why something could not be done. Complete sentences without foreign control characters or secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Who can fix it.
    pub kind: ProblemKind,
    /// What happened.
    pub what: String,
    /// Why; may be empty.
    pub why: String,
    /// What to do; may be empty.
    pub fix: String,
}

impl Problem {
    /// A problem that the user can fix.
    pub fn unusable(what: impl Into<String>, why: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { kind: ProblemKind::Unusable, what: what.into(), why: why.into(), fix: fix.into() }
    }

    /// A failure of the program or the machine.
    pub fn failed(what: impl Into<String>, why: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { kind: ProblemKind::Failed, ..Self::unusable(what, why, fix) }
    }

    /// The same, as a problem that the user can fix.
    #[must_use]
    pub fn as_unusable(self) -> Self {
        Self { kind: ProblemKind::Unusable, ..self }
    }
}

impl Explanation {
    /// A problem that the user can fix.
    pub fn unusable(self) -> Problem {
        Problem::unusable(self.what, self.why, self.fix)
    }

    /// A failure of the program or the machine.
    pub fn failed(self) -> Problem {
        Problem::failed(self.what, self.why, self.fix)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentences = [&self.what, &self.why, &self.fix].into_iter().filter(|sentence| !sentence.is_empty());
        for (index, sentence) in sentences.enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(sentence)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_are_missing_leave_no_gap() {
        assert_eq!(Problem::failed("A.", "", "C.").to_string(), "A. C.");
    }
}
