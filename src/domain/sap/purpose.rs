//! What a key is for, and the roles it needs.

use serde::Deserialize;

use crate::domain::sap::plan::PlanId;

/// The purpose without preselected roles.
pub const CUSTOM: &str = "custom";

/// A role of a preset, with the reason for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeRole {
    /// Name of the role.
    pub role: String,
    /// Why this purpose needs it, one sentence.
    pub why: String,
}

/// One purpose (`assets/facts/purposes.toml` and its words). Ids are part of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// The name on the command line.
    pub id: String,
    /// The row in the list.
    pub title: String,
    /// A few words next to the row, at most 30 characters.
    pub short: String,
    /// What it is for, in one sentence.
    pub summary: String,
    /// Two or three sentences: what the choice means.
    pub about: String,
    /// Its plan.
    pub plan: PlanId,
    /// Its roles in the order in which they are written to the JSON.
    pub roles: Vec<PurposeRole>,
    /// A warning to be shown, or empty.
    #[serde(default)]
    pub warning: String,
    /// Default name of the service instance.
    pub instance_name: String,
    /// Default name of the service key.
    pub key_name: String,
    /// What to do with the key in the tool that uses it, one step each. Markup (see
    /// [`markup`](crate::domain::text::markup)); may name `{url}`, `{host}`, `{token_url}`, `{token_host}`,
    /// `{client_id}`.
    pub next: Vec<String>,
    /// Ids of links worth opening.
    #[serde(default)]
    pub links: Vec<String>,
}

/// The name under which the tick of a next step is stored; without a purpose the steps are those of [`CUSTOM`].
pub fn next_tick(purpose: Option<&str>, at: usize) -> String {
    format!("next/{}/{at}", purpose.unwrap_or_default())
}

impl Purpose {
    /// The names of its roles.
    pub fn role_names(&self) -> Vec<String> {
        self.roles.iter().map(|entry| entry.role.clone()).collect()
    }

    /// Why this purpose needs `role`, if it does.
    pub fn why(&self, role: &str) -> Option<&str> {
        self.roles.iter().find(|entry| entry.role == role).map(|entry| entry.why.as_str())
    }
}

/// The roles that two purposes have in common or not, each list in the order of its purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// In both, in the order of the first.
    pub both: Vec<&'a str>,
    /// Only in the first.
    pub only_first: Vec<&'a str>,
    /// Only in the second.
    pub only_second: Vec<&'a str>,
}

impl<'a> Comparison<'a> {
    /// Compares two purposes.
    pub fn of(first: &'a Purpose, second: &'a Purpose) -> Self {
        let names = |own: &'a Purpose, other: &Purpose, shared: bool| {
            let roles = own.roles.iter().map(|entry| entry.role.as_str());
            roles.filter(|role| other.why(role).is_some() == shared).collect()
        };
        Self {
            both: names(first, second, true),
            only_first: names(first, second, false),
            only_second: names(second, first, false),
        }
    }
}
