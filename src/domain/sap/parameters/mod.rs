//! Instance parameters: the JSON that gives a service instance its roles.
//!
//! The shape is the broker's own (service `it-rt`, `service_instance.create` of its catalogue): exactly four
//! properties, none required. Roles belong here and never to the service key.

mod check;
mod json_type;
mod problem;
mod read;
mod source;

use serde_json::{Map, Value, json};

pub use json_type::JsonType;
pub use problem::{CodeEntry, ParameterProblem, ProblemCode, Seconds};
pub use read::Reading;
pub use source::Wrapper;

use crate::{
    domain::sap::{
        plan::{AUTHORIZATION_CODE, CLIENT_CREDENTIALS, PlanId},
        role::Catalogue,
    },
    words::Words,
};

/// The four properties, in the order of the broker's form.
const PROPERTIES: [&str; 4] = ["roles", "grant-types", "redirect-uris", "token-validity"];

/// The grant types that the broker accepts, in the order of its catalogue.
pub const GRANT_TYPES: [&str; 6] = [
    AUTHORIZATION_CODE,
    CLIENT_CREDENTIALS,
    "password",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
];
/// The shortest `token-validity`, in seconds.
pub const TOKEN_VALIDITY_MIN: u32 = 3_600;
/// The longest `token-validity`, in seconds.
pub const TOKEN_VALIDITY_MAX: u32 = 86_400;
/// The role that every landscape gives an `integration-flow` instance by default.
pub const SEND_ROLE: &str = "ESBMessaging.send";
/// The role that newer landscapes also give it.
pub const API_ROLE: &str = "API.invoke";

/// How the JSON is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JsonStyle {
    /// Two spaces per level, as in the cockpit.
    #[default]
    Pretty,
    /// One line, for `cf create-service -c` and Terraform.
    Compact,
}

impl JsonStyle {
    /// The text of `value`, without a line break at its end.
    pub fn write(self, value: &Value) -> String {
        match self {
            JsonStyle::Pretty => format!("{value:#}"),
            JsonStyle::Compact => value.to_string(),
        }
    }
}

/// How much of the JSON is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// `roles`, `grant-types`, `redirect-uris`, and `token-validity` if it differs from the plan's default.
    #[default]
    Full,
    /// Only what differs from the broker's default. `roles` is always included: `api` has no default for it, and that
    /// of `integration-flow` differs between landscapes.
    Minimal,
}

/// The parameters of a service instance.
///
/// Lists keep their order and contain each value once, if changed only through the methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceParameters {
    /// The plan they are for.
    pub plan: PlanId,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Grant types.
    pub grant_types: Vec<String>,
    /// Redirect URIs, for the grant type `authorization_code` only.
    pub redirect_uris: Vec<String>,
    /// Lifetime of a token in seconds; `None` for the plan's default.
    pub token_validity: Option<u32>,
}

impl InstanceParameters {
    /// The broker's defaults: no roles for `api`, [`SEND_ROLE`] for `integration-flow`.
    pub fn new(plan: PlanId) -> Self {
        let roles = match plan {
            PlanId::Api => Vec::new(),
            PlanId::IntegrationFlow => vec![SEND_ROLE.to_owned()],
        };
        Self {
            plan,
            roles,
            grant_types: vec![CLIENT_CREDENTIALS.to_owned()],
            redirect_uris: Vec::new(),
            token_validity: None,
        }
    }

    /// The same with these roles, each once.
    #[must_use]
    pub fn with_roles<S: Into<String>>(mut self, roles: impl IntoIterator<Item = S>) -> Self {
        self.roles = unique(roles);
        self
    }

    /// Whether `role` is chosen.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|chosen| chosen == role)
    }

    /// Appends `role`, or removes it. Returns whether it is chosen now.
    pub fn toggle_role(&mut self, role: &str) -> bool {
        toggle(&mut self.roles, role)
    }

    /// Whether `grant_type` is chosen.
    pub fn has_grant_type(&self, grant_type: &str) -> bool {
        self.grant_types.iter().any(|chosen| chosen == grant_type)
    }

    /// Appends `grant_type`, or removes it. Returns whether it is now included.
    pub fn toggle_grant_type(&mut self, grant_type: &str) -> bool {
        toggle(&mut self.grant_types, grant_type)
    }

    /// Replaces the grant types, each once.
    pub fn set_grant_types<S: Into<String>>(&mut self, grant_types: impl IntoIterator<Item = S>) {
        self.grant_types = unique(grant_types);
    }

    /// Replaces the redirect URIs, each once, without white space around them and without empty ones.
    pub fn set_redirect_uris<S: Into<String>>(&mut self, uris: impl IntoIterator<Item = S>) {
        let trimmed = uris.into_iter().map(|uri| uri.into().trim().to_owned());
        self.redirect_uris = unique(trimmed.filter(|uri| !uri.is_empty()));
    }

    /// Sets the lifetime of a token in seconds. The plan's default becomes `None`.
    pub fn set_token_validity(&mut self, seconds: u32) {
        self.token_validity = Some(seconds).filter(|seconds| *seconds != default_token_validity(self.plan));
    }

    /// The plan that these roles belong to, if it is not the one set here.
    pub fn other_plan(&self, catalogue: &Catalogue) -> Option<PlanId> {
        let of_api = |role: &String| catalogue.get(role).is_some();
        let of_flows = |role: &String| role == SEND_ROLE || role == API_ROLE;
        match self.plan {
            PlanId::Api if self.roles.iter().any(of_flows) && !self.roles.iter().any(of_api) => {
                Some(PlanId::IntegrationFlow)
            }
            PlanId::IntegrationFlow if !self.roles.is_empty() && self.roles.iter().all(of_api) => Some(PlanId::Api),
            _ => None,
        }
    }

    /// The lifetime of a token in seconds, including the plan's default.
    pub fn effective_token_validity(&self) -> u32 {
        self.token_validity.unwrap_or(default_token_validity(self.plan))
    }

    /// The JSON object, properties in the order of the broker's form.
    pub fn to_value(&self, extent: Extent) -> Value {
        let full = extent == Extent::Full;
        let mut object = Map::new();
        object.insert("roles".to_owned(), json!(self.roles));
        if full || self.grant_types != [CLIENT_CREDENTIALS] {
            object.insert("grant-types".to_owned(), json!(self.grant_types));
        }
        if full || !self.redirect_uris.is_empty() {
            object.insert("redirect-uris".to_owned(), json!(self.redirect_uris));
        }
        let validity = self.effective_token_validity();
        if validity != default_token_validity(self.plan) {
            object.insert("token-validity".to_owned(), json!(validity));
        }
        Value::Object(object)
    }

    /// The JSON text, without a line break at its end.
    pub fn to_json(&self, style: JsonStyle, extent: Extent) -> String {
        style.write(&self.to_value(extent))
    }
}

/// The broker's default for `token-validity`, in seconds.
pub fn default_token_validity(plan: PlanId) -> u32 {
    match plan {
        PlanId::Api => 43_200,
        PlanId::IntegrationFlow => 3_600,
    }
}

/// A duration in words: `12 hours`, `1 hour 30 minutes`, `45 seconds`. Hours are the largest unit.
pub fn readable_seconds(seconds: u32, words: Words) -> String {
    let (words, count) = (words.parameters(), |count: u32| count as usize);
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = [
        (hours > 0).then(|| words.hours(count(hours))),
        (minutes > 0).then(|| words.minutes(count(minutes))),
        (rest > 0 || seconds == 0).then(|| words.seconds(count(rest))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Whether two property names differ only in case, hyphens, underscores or a plural s.
fn same_property(one: &str, other: &str) -> bool {
    squeezed(one) == squeezed(other)
}

/// The property that `name` is a misspelling of: at most two errors, and at most one in a short name.
fn meant_property(name: &str) -> Option<&'static str> {
    let name = squeezed(name);
    let slips = |property: &&str| strsim::osa_distance(&name, &squeezed(property));
    let meant = PROPERTIES.into_iter().min_by_key(slips)?;
    let allowed = if meant.len() < 8 { 1 } else { 2 };
    (slips(&meant) <= allowed).then_some(meant)
}

/// A normalised name.
fn squeezed(name: &str) -> String {
    let letters: String = name.chars().take(60).filter(char::is_ascii_alphanumeric).collect();
    letters.to_ascii_lowercase().trim_end_matches('s').to_owned()
}

/// Each value once, in the order of their first appearance.
fn unique<S: Into<String>>(values: impl IntoIterator<Item = S>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        let value = value.into();
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

fn toggle(list: &mut Vec<String>, value: &str) -> bool {
    let before = list.len();
    list.retain(|chosen| chosen != value);
    let added = list.len() == before;
    if added {
        list.push(value.to_owned());
    }
    added
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod yaml_tests;
