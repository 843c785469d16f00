//! Findings: problems and remarks about a key, a token request, an API response, or Cloud Foundry.
//!
//! A [`Finding`] is a code with facts. Its texts are in `assets/words/en/findings.toml` and come from [`FindingTexts`],
//! so that the wizard, the commands and the report agree. Severity and verdict belong to the code, in every language.

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

/// The stage of a finding, from creating a key to calling the API.
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

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The key or the command fails.
    Error,
    /// It works, but needs attention.
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

    /// Its name in the user's language.
    pub fn shown(self, words: Words) -> &'static str {
        match self {
            Severity::Error => words.check().error(),
            Severity::Warning => words.check().warning(),
            Severity::Note => words.check().note(),
        }
    }
}

/// A finding with its facts, without its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The finding.
    pub code: FindingCode,
    /// API, org, space and login.
    pub stage: Stage,
    /// Its subjects: roles, a field, a host. Several only if the finding applies to each.
    pub subjects: Vec<Fact>,
    /// The evidence: `403 on GET /IntegrationPackages`, `line 3, column 14`.
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

    /// Adds a subject.
    #[must_use]
    pub fn about(mut self, subject: impl Into<Fact>) -> Self {
        self.subjects = vec![subject.into()];
        self
    }

    /// The subject; the first if there are several.
    pub fn subject(&self) -> Option<&Fact> {
        self.subjects.first()
    }

    /// Its severity.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// Masks secrets in its facts.
    pub fn mask(&mut self, mask: &Mask) {
        for fact in self.subjects.iter_mut().chain(&mut self.evidence) {
            fact.mask(mask);
        }
    }

    /// Sets the evidence.
    #[must_use]
    pub fn seen(mut self, evidence: impl Into<Fact>) -> Self {
        self.evidence = Some(evidence.into());
        self
    }
}
