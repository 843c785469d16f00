//! The environment of the program and its meaning: terminal, clipboard, keyring, network, directories.
//!
//! The results are [`Fact`]s; [`Check::of`] interprets them. Nothing is examined here.

mod fact;

use serde::Serialize;

pub use fact::{Access, Certificates, Cf, CfTarget, Colours, Directory, Fact, Feature, TerminalFacts, Way};

use crate::{
    domain::finding::Severity,
    words::{Explanation, Words},
};

/// The checks. The names are part of the contract.
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
    /// How text is copied.
    TextClipboard,
    /// How secrets are copied.
    SecretClipboard,
    /// The keyring.
    Keyring,
    /// The proxy.
    Proxy,
    /// The trusted authorities.
    Certificates,
    /// The clock.
    Clock,
    /// The directory of saved systems.
    DataDirectory,
    /// The directory of saved progress.
    StateDirectory,
    /// The current directory.
    WorkingDirectory,
    /// The cf CLI.
    Cf,
}

impl CheckId {
    /// All, in display order.
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

/// The level of a result. The names are part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// As expected.
    Ok,
    /// Works; good to know.
    Note,
    /// Something does not work, but there is an alternative.
    Warning,
    /// Something that the program needs is broken.
    Problem,
}

impl Level {
    /// The corresponding severity; `None` if everything is fine.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Ok => None,
            Level::Note => Some(Severity::Note),
            Level::Warning => Some(Severity::Warning),
            Level::Problem => Some(Severity::Error),
        }
    }

    /// Its name.
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

/// The result of one check. Contains no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The check.
    pub id: CheckId,
    /// Its level.
    pub state: Level,
    /// The finding.
    pub found: String,
    /// What it means; empty if there is nothing to add.
    pub means: String,
    /// What to do; empty if nothing.
    pub fix: String,
}

impl Check {
    /// The check for a fact.
    pub fn of(fact: &Fact, words: Words) -> Self {
        let (state, Explanation { what, why, fix }) = fact.judged(words);
        Self { id: fact.id(), state, found: what, means: why, fix }
    }
}

/// The worst of some states.
pub fn worst(checks: &[Check]) -> Level {
    checks.iter().map(|check| check.state).max().unwrap_or(Level::Ok)
}

/// One line about all checks: everything works, or what needs attention.
pub fn summary(checks: &[Check], words: Words) -> String {
    let names: Vec<&str> =
        checks.iter().filter(|check| check.state >= Level::Warning).map(|check| check.id.title(words)).collect();
    if names.is_empty() { words.doctor().all_well().to_owned() } else { words.doctor().summary(names.join(", ")) }
}

#[cfg(test)]
mod tests;
