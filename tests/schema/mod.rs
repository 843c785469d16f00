//! A validator for the few JSON Schema keywords in the broker's catalogue.
//!
//! `assets/schema` holds the parameter schemas of the service `it-rt` without titles and descriptions:
//! `api-instance` as on the landscapes with most roles, `api-instance-smallest` as on those with the fewest.

#![allow(clippy::unwrap_used, reason = "allowed in tests; this is one, though not marked so")]

use serde_json::Value;

/// Reads a schema of `assets/schema`.
pub fn schema(name: &str) -> Value {
    let path = format!("{}/assets/schema/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
}

/// The violations of `schema` in `value`; empty if it is valid. Panics at an unknown keyword.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(schema, value, "$", &mut faults);
    faults
}

fn check(schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().unwrap() {
        let holds = match keyword.as_str() {
            "type" => match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64() || value.is_u64(),
                other => panic!("type {other}"),
            },
            "enum" => rule.as_array().unwrap().contains(value),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
            "uniqueItems" => {
                let repeated = |items: &Vec<Value>| items.iter().enumerate().any(|(i, item)| items[..i].contains(item));
                !rule.as_bool().unwrap() || !value.as_array().is_some_and(repeated)
            }
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "additionalProperties" => {
                let known = schema["properties"].as_object().unwrap();
                let unknown = value.as_object().is_some_and(|object| object.keys().any(|key| !known.contains_key(key)));
                rule.as_bool().unwrap() || !unknown
            }
            "properties" => {
                for (name, inner) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        check(inner, value, &format!("{path}.{name}"), faults);
                    }
                }
                true
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(rule, item, &format!("{path}[{index}]"), faults);
                }
                true
            }
            "default" => true,
            other => panic!("keyword {other}"),
        };
        if !holds {
            faults.push(format!("{path}: {keyword}"));
        }
    }
}
