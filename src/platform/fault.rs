//! What the machine could not do, in words.

/// Why something about the machine did not work. Whole sentences without foreign control characters, never a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What happened.
    pub what: String,
    /// Why that is.
    pub why: String,
    /// What to do.
    pub fix: String,
}

impl Fault {
    /// The three sentences.
    pub fn new(what: impl Into<String>, why: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into(), fix: fix.into() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.what, self.why, self.fix)
    }
}

impl std::error::Error for Fault {}
