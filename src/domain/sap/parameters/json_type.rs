//! The type of a value, for explanations.

use crate::{domain::text::safe_text::SafeText, words::Words};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A specific number.
    Exactly(SafeText),
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
    /// A calculated expression.
    Expression,
}

impl JsonType {
    /// The type in words.
    pub(super) fn shown(&self, words: Words) -> String {
        let words = words.parameters();
        match self {
            JsonType::Null => words.null(),
            JsonType::Boolean => words.boolean(),
            JsonType::Number => words.number(),
            JsonType::Exactly(number) => number.as_str(),
            JsonType::Text => words.text(),
            JsonType::List => words.list(),
            JsonType::Object => words.object(),
            JsonType::Expression => words.expression(),
        }
        .to_owned()
    }
}
