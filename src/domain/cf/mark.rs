//! Labels and annotations on instances and keys created by cpikey, to recognise them later.
//!
//! Most parameters of instances cannot be read back. A label therefore contains a digest of them, and an annotation the
//! roles. Neither has a prefix: only annotations with a prefix are sent to the broker, labels never are
//! (<https://v3-apidocs.cloudfoundry.org>, Metadata).

use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

/// The label of resources created by cpikey.
pub const MADE_BY: &str = "cpikey";
/// The label with the digest of the parameters.
const PARAMETERS: &str = "cpikey-parameters";
/// The annotation with the roles, separated by spaces.
const ROLES: &str = "cpikey-roles";
/// The number of hexadecimal digits of the digest; a label value has at most 63 characters.
const DIGITS: usize = 32;

/// The labels and annotations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Whether cpikey created it.
    pub made_by_us: bool,
    /// The digest of its parameters.
    pub parameters: Option<String>,
    /// Its roles.
    pub roles: Option<Vec<String>>,
}

impl Marks {
    /// The marks of a resource with these parameters.
    pub fn of(parameters: Option<&Value>) -> Self {
        Self { made_by_us: true, parameters: parameters.map(fingerprint), roles: parameters.and_then(roles) }
    }

    /// Reads them from labels and annotations.
    pub(super) fn read<'a>(
        label: impl Fn(&str) -> Option<&'a str>,
        annotation: impl Fn(&str) -> Option<&'a str>,
    ) -> Self {
        Self {
            made_by_us: label(MADE_BY).is_some(),
            parameters: label(PARAMETERS).map(str::to_owned),
            roles: annotation(ROLES).map(|roles| roles.split_whitespace().map(str::to_owned).collect()),
        }
    }

    /// The `metadata` of a request.
    pub fn metadata(&self) -> Value {
        let mut labels = Map::new();
        labels.insert(MADE_BY.to_owned(), json!("1"));
        if let Some(parameters) = &self.parameters {
            labels.insert(PARAMETERS.to_owned(), json!(parameters));
        }
        let mut metadata = json!({ "labels": labels });
        if let Some(roles) = &self.roles {
            metadata["annotations"] = json!({ ROLES: roles.join(" ") });
        }
        metadata
    }

    /// Whether the resource has `parameters` according to these marks; `None` if unknown.
    pub fn has(&self, parameters: &Value) -> Option<bool> {
        self.parameters.as_ref().map(|noted| *noted == fingerprint(parameters))
    }
}

/// The roles among instance parameters.
pub fn roles(parameters: &Value) -> Option<Vec<String>> {
    let roles = parameters.get("roles")?.as_array()?;
    Some(roles.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// The digest of instance parameters. The order of fields and list entries does not matter: the broker treats both as
/// sets.
pub fn fingerprint(parameters: &Value) -> String {
    let digest = digest(&SHA256, canonical(parameters).to_string().as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>()[..DIGITS].to_owned()
}

/// The same value with sorted fields and lists.
pub fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            Value::Object(names.into_iter().map(|name| (name.clone(), canonical(&fields[name]))).collect())
        }
        Value::Array(entries) => {
            let mut entries: Vec<Value> = entries.iter().map(canonical).collect();
            entries.sort_by_key(Value::to_string);
            Value::Array(entries)
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter_and_values_do() {
        let first = json!({"roles": ["A", "B"], "grant-types": ["client_credentials"]});
        let same = json!({"grant-types": ["client_credentials"], "roles": ["B", "A"]});
        let other = json!({"roles": ["A"], "grant-types": ["client_credentials"]});
        assert_eq!(fingerprint(&first), fingerprint(&same));
        assert_ne!(fingerprint(&first), fingerprint(&other));
        assert_eq!(fingerprint(&first).len(), DIGITS);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let marks = Marks::of(Some(&json!({"roles": ["B", "A"]})));
        let metadata = marks.metadata();
        let read = Marks::read(
            |name| metadata["labels"].get(name).and_then(Value::as_str),
            |name| metadata["annotations"].get(name).and_then(Value::as_str),
        );
        assert_eq!(read, marks);
        assert_eq!(read.has(&json!({"roles": ["A", "B"]})), Some(true));
        assert_eq!(Marks::default().has(&json!({})), None);
    }
}
