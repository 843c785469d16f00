//! The service broker: what it accepts, what it refuses, and what happens to certain names.

use serde_json::{Map, Value, json};

use super::operation::{Act, Outcome};

/// The broker's name.
pub(super) const BROKER: &str = "it-broker-rt";
/// The most frequently reported error of this broker.
pub(super) const INTERNAL_ERROR: &str =
    "Service broker error: Service broker it-broker-rt failed with: Internal Server Error.";
/// Its error as long as Cloud Integration is not active, verbatim.
const INACTIVE: &str = "Service broker error: Service broker it-broker-rt failed with: You have not provisioned a tenant for \
                        Process Integration service or activated the Cloud Integration capability of Integration Suite \
                        service. Please subscribe to the relevant service and provision/activate the tenant before creating \
                        the service instance.";

/// The outcome for names that contain a certain word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The operation.
    pub act: Act,
    /// Part of the name of the instance or the key.
    pub name: String,
    /// How it ends.
    pub outcome: Outcome,
    /// Whether a retry succeeds.
    pub once: bool,
}

impl Rule {
    /// The rules for users: an instance or key with `fail` in its name fails the first time, an instance with
    /// `inactive` or `quota` in its name always.
    pub fn of_practice() -> Vec<Rule> {
        let rule = |act, name: &str, words: &str, once| Rule {
            act,
            name: name.to_owned(),
            outcome: Outcome::Fails(words.to_owned()),
            once,
        };
        let gateway = "The service broker returned an invalid response. Status Code: 502 Bad Gateway, Body: 502 Bad Gateway: \
                       Registered endpoint failed to handle the request.\n";
        let quota = "Service broker error: Service broker it-broker-rt failed with: Quota limit exceeded. Instance creation not allowed.";
        vec![
            rule(Act::CreateInstance, "fail", INTERNAL_ERROR, true),
            rule(Act::CreateInstance, "inactive", INACTIVE, false),
            rule(Act::CreateInstance, "quota", quota, false),
            rule(Act::CreateKey, "fail", gateway, true),
        ]
    }
}

/// An instance with this in its name is slow.
const SLOW: &str = "slow";

/// By which factor an operation on an object with this name takes longer.
pub(super) fn factor(name: &str) -> u32 {
    if name.contains(SLOW) { 6 } else { 1 }
}

/// Applies the rules, and drops those that apply only once.
pub(super) fn outcome(rules: &[Rule], met: &mut Vec<(Act, String)>, act: Act, name: &str) -> Outcome {
    let Some(at) = rules.iter().position(|rule| rule.act == act && name.contains(&rule.name)) else {
        return Outcome::Succeeds;
    };
    if rules[at].once {
        let meeting = (act, name.to_owned());
        if met.contains(&meeting) {
            return Outcome::Succeeds;
        }
        met.push(meeting);
    }
    rules[at].outcome.clone()
}

/// The broker's error for parameters that its schema does not allow.
pub(super) fn refusal(schema: &Value, parameters: &Value) -> Option<String> {
    let mut faults = Vec::new();
    check(schema, parameters, "", &mut faults);
    if faults.is_empty() {
        return None;
    }
    let faults: Vec<Value> =
        faults.into_iter().map(|(message, path)| json!({"message": message, "propertyPath": path})).collect();
    let faults = Value::Array(faults);
    Some(format!(
        "Service broker error: Service broker {BROKER} failed with: Service broker parameters are invalid: {faults}"
    ))
}

/// The parts of JSON Schema that the service's schemas use.
fn check(schema: &Value, value: &Value, path: &str, faults: &mut Vec<(String, String)>) {
    let is_of_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        _ => true,
    };
    let mut fault = |message: &str, path: &str| faults.push((message.to_owned(), path.to_owned()));
    if !is_of_type {
        return fault("Wrong type", path);
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        fault("Value is not allowed", path);
    }
    let number = value.as_i64();
    let is_outside = |bound: &str, is: fn(i64, i64) -> bool| {
        number.zip(schema[bound].as_i64()).is_some_and(|(number, bound)| is(number, bound))
    };
    if is_outside("minimum", |number, least| number < least) || is_outside("maximum", |number, most| number > most) {
        fault("Value is out of range", path);
    }
    if let Some(entries) = value.as_array() {
        if schema["minItems"].as_u64().is_some_and(|least| (entries.len() as u64) < least) {
            fault("Too few entries", path);
        }
        if schema["uniqueItems"] == json!(true) && (1..entries.len()).any(|at| entries[..at].contains(&entries[at])) {
            fault("Entries are not unique", path);
        }
        for (at, entry) in entries.iter().enumerate() {
            check(&schema["items"], entry, &format!("{path}[{at}]"), faults);
        }
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match schema["properties"].get(name) {
            Some(schema) => check(schema, value, &path, faults),
            None if schema["additionalProperties"] == json!(false) => {
                faults.push(("Unrecognized field".to_owned(), path));
            }
            None => {}
        }
    }
}

/// Parameters with the schema's defaults for omitted ones. Parameters omitted from an update are not kept: that is
/// undocumented, and a client that relies on it should fail here.
pub(super) fn with_defaults(schema: &Value, parameters: &Value) -> Value {
    let defaults = schema["properties"].as_object().into_iter().flatten();
    let mut all: Map<String, Value> =
        defaults.filter_map(|(name, schema)| Some((name.clone(), schema.get("default")?.clone()))).collect();
    all.extend(parameters.as_object().cloned().unwrap_or_default());
    Value::Object(all)
}
