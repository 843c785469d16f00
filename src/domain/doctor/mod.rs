//! What around the program matters to it, and what that means: terminal, clipboard, keyring, network, directories.
//!
//! What was found are [`Fact`]s; [`Check::of`] says what they mean. Nothing is looked at here.

mod fact;

use serde::Serialize;

pub use fact::{Access, Certificates, Cf, CfTarget, Colours, Directory, Fact, Feature, TerminalFacts, Way};

use crate::{
    domain::finding::Severity,
    words::{Explanation, Words},
};

/// What is looked at. The names are part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckId {
    /// The program itself.
    Program,
    /// The terminal.
    Terminal,
    /// Its colours and marks.
    Colours,
    /// SSH, tmux, screen.
    Session,
    /// The way that text is copied.
    TextClipboard,
    /// The way that secrets are copied.
    SecretClipboard,
    /// The keyring.
    Keyring,
    /// The proxy.
    Proxy,
    /// The trusted authorities.
    Certificates,
    /// The clock.
    Clock,
    /// Where saved systems are.
    DataDirectory,
    /// Where it is remembered how far somebody came.
    StateDirectory,
    /// Where files are written.
    WorkingDirectory,
    /// The command line of Cloud Foundry.
    Cf,
}

impl CheckId {
    /// All, in the order in which they are shown.
    pub const ALL: [CheckId; 14] = [
        CheckId::Program,
        CheckId::Terminal,
        CheckId::Colours,
        CheckId::Session,
        CheckId::TextClipboard,
        CheckId::SecretClipboard,
        CheckId::Keyring,
        CheckId::Proxy,
        CheckId::Certificates,
        CheckId::Clock,
        CheckId::DataDirectory,
        CheckId::StateDirectory,
        CheckId::WorkingDirectory,
        CheckId::Cf,
    ];

    /// Its label.
    pub fn title(self, words: Words) -> &'static str {
        let words = words.doctor();
        match self {
            CheckId::Program => words.program(),
            CheckId::Terminal => words.terminal(),
            CheckId::Colours => words.colours(),
            CheckId::Session => words.session(),
            CheckId::TextClipboard => words.text_clipboard(),
            CheckId::SecretClipboard => words.secret_clipboard(),
            CheckId::Keyring => words.keyring(),
            CheckId::Proxy => words.proxy(),
            CheckId::Certificates => words.certificates(),
            CheckId::Clock => words.clock(),
            CheckId::DataDirectory => words.data_directory(),
            CheckId::StateDirectory => words.state_directory(),
            CheckId::WorkingDirectory => words.working_directory(),
            CheckId::Cf => words.cf(),
        }
    }
}

/// How good what was found is. The names are part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works; good to know.
    Note,
    /// Something does not work, and there is another way.
    Warning,
    /// Something that the program needs is broken.
    Problem,
}

impl Level {
    /// As the severity of a finding; `None` if all is well.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Ok => None,
            Level::Note => Some(Severity::Note),
            Level::Warning => Some(Severity::Warning),
            Level::Problem => Some(Severity::Error),
        }
    }

    /// In a word.
    pub fn word(self, words: Words) -> &'static str {
        let words = words.doctor();
        match self {
            Level::Ok => words.ok(),
            Level::Note => words.note(),
            Level::Warning => words.warning(),
            Level::Problem => words.problem(),
        }
    }
}

/// What one look came to. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub id: CheckId,
    /// How good it is.
    pub state: Level,
    /// What was found.
    pub found: String,
    /// What that means; empty if it means nothing more.
    pub means: String,
    /// What to do; empty if nothing is to be done.
    pub fix: String,
}

impl Check {
    /// What a fact means.
    pub fn of(fact: &Fact, words: Words) -> Self {
        let (state, Explanation { what, why, fix }) = fact.judged(words);
        Self { id: fact.id(), state, found: what, means: why, fix }
    }
}

/// The worst of some states.
pub fn worst(checks: &[Check]) -> Level {
    checks.iter().map(|check| check.state).max().unwrap_or(Level::Ok)
}

/// One line about all checks: that everything is in order, or what needs attention.
pub fn summary(checks: &[Check], words: Words) -> String {
    let names: Vec<&str> =
        checks.iter().filter(|check| check.state >= Level::Warning).map(|check| check.id.title(words)).collect();
    if names.is_empty() { words.doctor().all_well().to_owned() } else { words.doctor().summary(names.join(", ")) }
}

#[cfg(test)]
mod tests;
