//! What a person wants done.

use std::time::Duration;

use serde_json::{Value, json};

use super::resource::ServiceKey;
use crate::domain::sap::{
    key_parameters::{KeyParameters, KeyType},
    parameters::{Extent, InstanceParameters},
    plan::PlanId,
};

/// What is wanted in a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// An instance and a key.
    Create(Create),
    /// Other roles for an instance.
    Update(Update),
    /// A new key instead of an old one.
    Rotate(Rotate),
    /// An instance no more, and its keys with it.
    DeleteInstance {
        /// Its name.
        instance: String,
    },
    /// A key no more.
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
    /// Whether an instance of that name is used although its parameters cannot be read.
    pub reuse: bool,
}

/// A key to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedKey {
    /// Its name.
    pub name: String,
    /// Its type, to compare with what comes.
    pub key_type: KeyType,
    /// Its parameters; `None` for the broker's default.
    pub parameters: Option<Value>,
}

impl WantedKey {
    /// A key of that name with these parameters; those of a client secret are the broker's default and are left out.
    pub fn new(name: impl Into<String>, parameters: &KeyParameters) -> Self {
        let value = parameters.to_value();
        let is_default = value.as_object().is_some_and(serde_json::Map::is_empty);
        Self { name: name.into(), key_type: parameters.key_type, parameters: (!is_default).then_some(value) }
    }
}

/// Other roles for an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// The instance's name.
    pub instance: String,
    /// The plan that the parameters are for.
    pub plan: PlanId,
    /// All four properties: whether the broker merges or replaces is not documented.
    pub parameters: Value,
}

/// A new key instead of an old one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotate {
    /// The instance's name.
    pub instance: String,
    /// The old key's name.
    pub old: String,
    /// The new key.
    pub new: WantedKey,
    /// Whether the old key stays.
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

    /// The key that is wanted.
    pub fn key(&self) -> Option<&WantedKey> {
        match self {
            Goal::Create(create) => Some(&create.key),
            Goal::Rotate(rotate) => Some(&rotate.new),
            Goal::Update(_) | Goal::DeleteInstance { .. } | Goal::DeleteKey { .. } => None,
        }
    }

    /// The parameters that the instance is to have.
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

/// How it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether labels say that cpikey made it.
    pub labels: bool,
    /// Whether a new key is tested.
    pub test: bool,
    /// How long it is waited for all in all.
    pub wait: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { labels: true, test: true, wait: Duration::from_secs(15 * 60) }
    }
}

/// Instance parameters with all four properties, as the API gets them.
pub fn all_parameters(parameters: &InstanceParameters) -> Value {
    let mut value = parameters.to_value(Extent::Full);
    value["token-validity"] = json!(parameters.effective_token_validity());
    value
}

/// The name of the key that replaces `old`: the next number at its end. The same for the same old name, so that a rotation
/// that was broken off finds what it made.
pub fn next_key_name(old: &str) -> String {
    match old.rsplit_once('-') {
        Some((stem, number)) if !stem.is_empty() && (1..=4).contains(&number.len()) => match number.parse::<u32>() {
            Ok(number) => format!("{stem}-{}", number + 1),
            Err(_) => format!("{old}-2"),
        },
        _ => format!("{old}-2"),
    }
}

/// The name of the key that replaces `old` among the keys of its instance: the first that is free, or that of the key which a
/// rotation before has made for it.
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
