//! The common model of JSON, HCL and YAML: values with positions.

use serde_json::{Map, Value as Json, json};

use super::{super::json_type::JsonType, excerpt::Excerpt};
use crate::domain::text::safe_text::SafeText;

/// A value and its offset in the original text.
#[derive(Clone, Debug)]
pub(in super::super) struct Node {
    pub(in super::super) place: usize,
    pub(in super::super) value: Value,
}

/// A value.
#[derive(Clone, Debug)]
pub(in super::super) enum Value {
    Null,
    Boolean(bool),
    /// As written.
    Number(String),
    Text(TextValue),
    List(Vec<Node>),
    Object(Vec<Entry>),
    /// An expression of Terraform or a shell.
    Expression(String),
}

/// A string that may itself contain parameters.
#[derive(Clone, Debug)]
pub(in super::super) struct TextValue(pub(super) Excerpt);

impl TextValue {
    pub(in super::super) fn as_str(&self) -> &str {
        self.0.text()
    }
}

/// A name with its value.
#[derive(Clone, Debug)]
pub(in super::super) struct Entry {
    pub(in super::super) name: String,
    pub(in super::super) place: usize,
    pub(in super::super) node: Node,
}

impl Node {
    /// The entries, if it is an object.
    pub(in super::super) fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub(in super::super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// Its type, for an explanation.
    pub(in super::super) fn json_type(&self) -> JsonType {
        match &self.value {
            Value::Null => JsonType::Null,
            Value::Boolean(_) => JsonType::Boolean,
            Value::Number(_) => JsonType::Number,
            Value::Text(_) => JsonType::Text,
            Value::List(_) => JsonType::List,
            Value::Object(_) => JsonType::Object,
            Value::Expression(_) => JsonType::Expression,
        }
    }

    /// The expression, if it is one, shortened for display.
    pub(in super::super) fn expression(&self) -> Option<SafeText> {
        match &self.value {
            Value::Expression(expression) => Some(SafeText::capped(expression, 60)),
            _ => None,
        }
    }

    /// The value as JSON; an expression becomes a string.
    pub(in super::super) fn to_json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Boolean(value) => json!(value),
            Value::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| json!(number)),
            Value::Text(text) => json!(text.as_str()),
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Object(entries) => Json::Object(
                entries.iter().map(|entry| (entry.name.clone(), entry.node.to_json())).collect::<Map<_, _>>(),
            ),
            Value::Expression(expression) => json!(expression),
        }
    }
}
