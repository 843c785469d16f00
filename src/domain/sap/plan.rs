//! The two plans of the service Process Integration Runtime, and the grant types of both.

use serde::{Deserialize, Serialize};

/// The technical name of the service, as used by `cf marketplace` and the cockpit's search.
pub const SERVICE: &str = "it-rt";
/// The name of the service in the cockpit.
pub const SERVICE_TITLE: &str = "Process Integration Runtime";

/// A service plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanId {
    /// Management API: content, deployment, monitoring.
    #[default]
    Api,
    /// Calls to integration flows at run time.
    IntegrationFlow,
}

impl PlanId {
    /// Both plans, in the order of the screen.
    pub const ALL: [PlanId; 2] = [PlanId::Api, PlanId::IntegrationFlow];

    /// The name in the cockpit and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            PlanId::Api => "api",
            PlanId::IntegrationFlow => "integration-flow",
        }
    }
}

/// The description of a plan (`assets/facts/plans.toml` and its texts).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The plan.
    pub id: PlanId,
    /// One sentence: what it is for.
    pub summary: String,
    /// Who calls what with a key of this plan.
    pub uses: Vec<String>,
    /// What a key of this plan cannot do.
    pub cannot: Vec<String>,
    /// How a key of this plan is recognised.
    pub signs: Vec<String>,
    /// The broker's default for `token-validity`, in seconds.
    pub token_validity: u32,
    /// The broker's default for `roles`; empty if there is none.
    pub default_roles: Vec<String>,
}

/// A grant type of the instance parameters (`assets/facts/plans.toml` and its words).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantType {
    /// The value in the JSON.
    pub id: String,
    /// Its name in the cockpit's form.
    pub title: String,
    /// What it is for and what it needs.
    pub about: String,
}

/// A predefined role of the plan `integration-flow` (`assets/facts/plans.toml` and its texts).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowRole {
    /// The value in the JSON.
    pub name: String,
    /// A few words for a list row.
    pub brief: String,
    /// What it allows, one or two sentences.
    pub allows: String,
    /// Other things to know.
    pub note: String,
    /// Whether every landscape offers it.
    pub everywhere: bool,
    /// Id of the link to the page that describes it.
    pub source: String,
}

/// The grant type for technical clients; the broker's default.
pub const CLIENT_CREDENTIALS: &str = "client_credentials";
/// The grant type that needs redirect URIs.
pub const AUTHORIZATION_CODE: &str = "authorization_code";
