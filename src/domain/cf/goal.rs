//! What the user wants to do.

use std::time::Duration;

use serde_json::{Value, json};

use super::resource::ServiceKey;
use crate::domain::sap::{
    key_parameters::{KeyParameters, KeyType},
    parameters::{Extent, InstanceParameters},
    plan::PlanId,
};

/// The desired state in a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// An instance and a key.
    Create(Create),
    /// Changed roles of an instance.
    Update(Update),
    /// A new key that replaces an old one.
    Rotate(Rotate),
    /// Delete an instance and its keys.
    DeleteInstance {
        /// Its name.
        instance: String,
    },
    /// Delete a key.
    DeleteKey {
        /// The instance's name.
        instance: String,
        /// The key's name.
        key: String,
    },
}

/// An instance and a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create {
    /// The instance's name.
    pub instance: String,
    /// The plan.
    pub plan: PlanId,
    /// The broker, if several offer the plan.
    pub broker: Option<String>,
    /// The instance's parameters, all four properties.
    pub parameters: Value,
    /// The key.
    pub key: WantedKey,
    /// Whether an existing instance with that name is used although its parameters cannot be read.
    pub reuse: bool,
}

/// A key to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedKey {
    /// Its name.
    pub name: String,
    /// Its type, to verify the created key.
    pub key_type: KeyType,
    /// Its parameters; `None` for the broker's default.
    pub parameters: Option<Value>,
}

impl WantedKey {
    /// A key with that name and these parameters; those of a client secret are the broker's default and are omitted.
    pub fn new(name: impl Into<String>, parameters: &KeyParameters) -> Self {
        let value = parameters.to_value();
        let is_default = value.as_object().is_some_and(serde_json::Map::is_empty);
        Self { name: name.into(), key_type: parameters.key_type, parameters: (!is_default).then_some(value) }
    }
}

/// Changed roles of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// The instance's name.
    pub instance: String,
    /// The plan that the parameters are for.
    pub plan: PlanId,
    /// All four properties: whether the broker merges or replaces is not documented.
    pub parameters: Value,
}

/// A new key that replaces an old one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotate {
    /// The instance's name.
    pub instance: String,
    /// The old key's name.
    pub old: String,
    /// The new key.
    pub new: WantedKey,
    /// Whether the old key is kept.
    pub keep_old: bool,
}

impl Goal {
    /// The name of the instance.
    pub fn instance(&self) -> &str {
        match self {
            Goal::Create(create) => &create.instance,
            Goal::Update(update) => &update.instance,
            Goal::Rotate(rotate) => &rotate.instance,
            Goal::DeleteInstance { instance } | Goal::DeleteKey { instance, .. } => instance,
        }
    }

    /// The requested key.
    pub fn key(&self) -> Option<&WantedKey> {
        match self {
            Goal::Create(create) => Some(&create.key),
            Goal::Rotate(rotate) => Some(&rotate.new),
            Goal::Update(_) | Goal::DeleteInstance { .. } | Goal::DeleteKey { .. } => None,
        }
    }

    /// The requested parameters of the instance.
    pub fn parameters(&self) -> Option<&Value> {
        match self {
            Goal::Create(create) => Some(&create.parameters),
            Goal::Update(update) => Some(&update.parameters),
            Goal::Rotate(_) | Goal::DeleteInstance { .. } | Goal::DeleteKey { .. } => None,
        }
    }

    /// The plan that the parameters are for.
    pub fn plan(&self) -> Option<PlanId> {
        match self {
            Goal::Create(create) => Some(create.plan),
            Goal::Update(update) => Some(update.plan),
            Goal::Rotate(_) | Goal::DeleteInstance { .. } | Goal::DeleteKey { .. } => None,
        }
    }
}

/// Options of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether created resources get cpikey's labels.
    pub labels: bool,
    /// Whether a new key is tested.
    pub test: bool,
    /// The total waiting time.
    pub wait: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { labels: true, test: true, wait: Duration::from_secs(15 * 60) }
    }
}

/// Instance parameters with all four properties, as sent to the API.
pub fn all_parameters(parameters: &InstanceParameters) -> Value {
    let mut value = parameters.to_value(Extent::Full);
    value["token-validity"] = json!(parameters.effective_token_validity());
    value
}

/// The name of the key that replaces `old`: with the next number at its end. Deterministic, so that an interrupted
/// rotation finds the key it created.
pub fn next_key_name(old: &str) -> String {
    match old.rsplit_once('-') {
        Some((stem, number)) if !stem.is_empty() && (1..=4).contains(&number.len()) => match number.parse::<u32>() {
            Ok(number) => format!("{stem}-{}", number + 1),
            Err(_) => format!("{old}-2"),
        },
        _ => format!("{old}-2"),
    }
}

/// The name of the key that replaces `old` among the keys of its instance: the first free one, or that of the key that
/// an earlier rotation created for it.
pub fn free_key_name(old: &ServiceKey, keys: &[ServiceKey]) -> String {
    let mut name = next_key_name(&old.name);
    let is_taken = |name: &str| {
        let is_ours = |key: &ServiceKey| key.marks.made_by_us && key.created >= old.created;
        keys.iter().any(|key| key.name == name && !is_ours(key))
    };
    while is_taken(&name) {
        name = next_key_name(&name);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_four_properties_are_sent() {
        let value = all_parameters(&InstanceParameters::new(PlanId::Api).with_roles(["MonitoringDataRead"]));
        assert_eq!(
            value,
            json!({"roles": ["MonitoringDataRead"], "grant-types": ["client_credentials"], "redirect-uris": [], "token-validity": 43200})
        );
    }

    #[test]
    fn a_new_key_has_the_next_number() {
        for (old, new) in [
            ("key", "key-2"),
            ("key-2", "key-3"),
            ("key-9", "key-10"),
            ("api-key", "api-key-2"),
            ("k-2026x", "k-2026x-2"),
            ("-1", "-1-2"),
        ] {
            assert_eq!(next_key_name(old), new);
        }
    }
}
