//! Reasons why a host does not respond.

use crate::domain::{
    finding::{Fact, FindingCode},
    text::safe_text::SafeText,
};

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::net) struct HttpError {
    /// What happened.
    pub(in crate::net) code: FindingCode,
    /// The host or proxy concerned.
    pub(in crate::net) subject: Option<SafeText>,
    /// The result.
    pub(in crate::net) evidence: Option<Fact>,
}

impl HttpError {
    pub(super) fn new(code: FindingCode) -> Self {
        Self { code, subject: None, evidence: None }
    }

    pub(super) fn about(self, subject: impl Into<SafeText>) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }

    pub(super) fn seen(self, evidence: impl Into<Fact>) -> Self {
        Self { evidence: Some(evidence.into()), ..self }
    }
}
