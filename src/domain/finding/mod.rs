//! Findings: what is wrong (or worth saying) about a key, a token request, an answer of the API, or work with Cloud Foundry.
//!
//! A [`Finding`] is a code with facts. Its words are in `assets/words/en/findings.toml` and come from [`FindingTexts`], so the
//! wizard, the command line and the report say the same. Severity and verdict belong to the code, in every language.

mod code;
mod ending;
mod fact;
mod text;
mod verdict;

use serde::{Deserialize, Serialize};

pub use code::FindingCode;
pub use ending::Ending;
pub use fact::Fact;
pub use text::{Explained, FindingText, FindingTexts, Sentence};
pub use verdict::Verdict;

use crate::{
    domain::text::{mask::Mask, shown::Shown as _},
    words::Words,
};

/// The step on the way to a key and from the key to the API that a finding belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The text of the key, before anything is sent.
    Key,
    /// The token request.
    Token,
    /// The calls to the API.
    Api,
    /// Login, instance and key in Cloud Foundry.
    #[serde(rename = "cf")]
    CloudFoundry,
}

impl Stage {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Key => "key",
            Stage::Token => "token",
            Stage::Api => "api",
            Stage::CloudFoundry => "cf",
        }
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The key, or the command, does not do what was asked of it.
    Error,
    /// It works, but a person should look.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }

    /// The word for it.
    pub fn shown(self, words: Words) -> &'static str {
        match self {
            Severity::Error => words.check().error(),
            Severity::Warning => words.check().warning(),
            Severity::Note => words.check().note(),
        }
    }
}

/// One thing found, with its facts, without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub code: FindingCode,
    /// API, org, space and login.
    pub stage: Stage,
    /// What it is about: roles, a field, a host. Several only if the same is true of each.
    pub subjects: Vec<Fact>,
    /// What was seen: `403 on GET /IntegrationPackages`, `line 3, column 14`.
    pub evidence: Option<Fact>,
}

impl Finding {
    /// A finding without facts.
    pub fn new(code: FindingCode, stage: Stage) -> Self {
        Self { code, stage, subjects: Vec::new(), evidence: None }
    }

    /// A finding about the text of the key.
    pub fn key(code: FindingCode) -> Self {
        Self::new(code, Stage::Key)
    }

    /// A finding about login, instance or key in Cloud Foundry.
    pub fn cf(code: FindingCode) -> Self {
        Self::new(code, Stage::CloudFoundry)
    }

    /// States what it is about.
    #[must_use]
    pub fn about(mut self, subject: impl Into<Fact>) -> Self {
        self.subjects = vec![subject.into()];
        self
    }

    /// What it is about; the first if there are several.
    pub fn subject(&self) -> Option<&Fact> {
        self.subjects.first()
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// Masks secrets in its facts.
    pub fn mask(&mut self, mask: &Mask) {
        for fact in self.subjects.iter_mut().chain(&mut self.evidence) {
            fact.mask(mask);
        }
    }

    /// States what was seen.
    #[must_use]
    pub fn seen(mut self, evidence: impl Into<Fact>) -> Self {
        self.evidence = Some(evidence.into());
        self
    }
}
