//! Read-only checks: what is read, and what the responses show about a role.

use serde::Deserialize;

/// Which of SAP's rate limits a probe falls under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Generous limits: in parallel.
    #[default]
    Free,
    /// Design-time artifacts: 10 requests per second and user.
    DesignTime,
    /// Security content: 10 requests per second and user.
    Security,
}

/// What a response other than 2xx, 401 and 403 shows about the role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherStatus {
    /// Nothing.
    #[default]
    Unknown,
    /// The role is granted: the server looked for the object and did not find it.
    Granted,
}

/// A read-only check (`assets/facts/probes.toml` and its words). Always GET.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeSpec {
    /// Short name, used by roles.
    pub id: String,
    /// What is read: `message processing logs`.
    pub title: String,
    /// Path and query under `/api/v1`, including the slash.
    pub path: String,
    /// The rate limit it falls under.
    #[serde(default)]
    pub pace: Pace,
    /// What 400, 404, 500 and 501 show about the role.
    #[serde(default)]
    pub other_status: OtherStatus,
    /// Whether SAP documents that the role gives access to this resource; otherwise it is inferred.
    pub documented: bool,
}
