//! Request bodies of the API.

use serde_json::{Map, Value};

use super::{
    answer::{Response, error, unprocessable},
    world::Metadata,
};

/// Longest key or value of a label.
const LABEL: usize = 63;

/// Parses an object that has only these fields.
pub(super) fn read(text: &str, known: &[&str]) -> Result<Map<String, Value>, Response> {
    let Ok(Value::Object(body)) = serde_json::from_str(text) else {
        return Err(error(400, 1001, "MessageParseError", "Request invalid due to parse error: invalid request body"));
    };
    let unknown: Vec<&str> = body.keys().map(String::as_str).filter(|name| !known.contains(name)).collect();
    if !unknown.is_empty() {
        return Err(unprocessable(format!("Unknown field(s): '{}'", unknown.join("', '"))));
    }
    Ok(body)
}

/// A name.
pub(super) fn name(body: &Map<String, Value>) -> Result<&str, Response> {
    let name = body.get("name").and_then(Value::as_str).ok_or_else(|| unprocessable("Name must be a string"))?;
    match name.chars().count() {
        0 => Err(unprocessable("Name must not be empty")),
        1..=255 => Ok(name),
        _ => Err(unprocessable("Name is too long (maximum is 255 characters)")),
    }
}

/// Parameters, if there are any.
pub(super) fn parameters(body: &Map<String, Value>) -> Result<Option<&Value>, Response> {
    match body.get("parameters") {
        Some(parameters) if !parameters.is_object() => Err(unprocessable("Parameters must be an object")),
        parameters => Ok(parameters),
    }
}

/// The guid of a related resource.
pub(super) fn related<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get("relationships")?.get(name)?.get("data")?.get("guid")?.as_str()
}

/// Merges the labels and annotations of a body into others; `null` removes one.
pub(super) fn metadata(body: &Map<String, Value>, mut onto: Metadata) -> Result<Metadata, Response> {
    let Some(metadata) = body.get("metadata") else { return Ok(onto) };
    let Some(metadata) = metadata.as_object() else { return Err(unprocessable("Metadata must be an object")) };
    for (kind, given) in metadata {
        let all = match kind.as_str() {
            "labels" => &mut onto.labels,
            "annotations" => &mut onto.annotations,
            _ => return Err(unprocessable(format!("Metadata has unexpected field(s): '{kind}'"))),
        };
        for (name, value) in given.as_object().into_iter().flatten() {
            if value.is_null() {
                all.remove(name);
                continue;
            }
            if kind == "labels" {
                check_label(name, value)?;
            }
            all.insert(name.clone(), value.clone());
        }
    }
    Ok(onto)
}

fn check_label(name: &str, value: &Value) -> Result<(), Response> {
    let is_plain = |text: &str| {
        let ends = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
        text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && ends(text.chars().next())
            && ends(text.chars().last())
    };
    let Some(value) = value.as_str() else {
        return Err(unprocessable("Metadata label value error: label values must be strings"));
    };
    // A prefix is a domain and has other rules.
    let key = name.split_once('/').map_or(name, |(_, key)| key);
    for (part, text) in [("key", key), ("value", value)] {
        if text.chars().count() > LABEL {
            return Err(unprocessable(format!("Metadata label {part} error: '{text}' is greater than 63 characters")));
        }
        if !is_plain(text) || (part == "key" && text.is_empty()) {
            return Err(unprocessable(format!("Metadata label {part} error: '{text}' contains invalid characters")));
        }
    }
    Ok(())
}
