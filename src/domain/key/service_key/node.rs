//! JSON as a tree that, unlike `serde_json::Value`, preserves duplicate fields.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

/// A JSON value. Strings are wiped when dropped, because any of them may be the secret.
pub(super) enum Node {
    /// `null`
    Null,
    /// A number or boolean; no field of a key is one.
    Other,
    /// A text.
    Text(Zeroizing<String>),
    /// A list.
    List(Vec<Node>),
    /// An object, in order, including duplicate names.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The text in it.
    pub fn text(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members, empty for anything but an object.
    pub fn members(&self) -> &[(String, Node)] {
        match self {
            Node::Object(members) => members,
            _ => &[],
        }
    }

    /// The entries, empty for anything but a list.
    pub fn entries(&self) -> &[Node] {
        match self {
            Node::List(entries) => entries,
            _ => &[],
        }
    }

    /// The member of that name; the last one if there are several.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.members().iter().rev().find(|(key, _)| key == name).map(|(_, node)| node)
    }

    /// Whether it has a member of that name.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names that appear more than once, each once, at most [`TWICE_LIMIT`].
    pub fn twice(&self) -> Vec<String> {
        let mut names: Vec<&str> = self.members().iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let mut twice: Vec<String> =
            names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].to_owned()).collect();
        twice.dedup();
        twice.truncate(TWICE_LIMIT);
        twice
    }
}

/// The maximum number of reported duplicate names.
const TWICE_LIMIT: usize = 8;

/// Why a text is not JSON.
#[derive(Debug)]
pub(super) struct Broken {
    /// Byte offset of the error.
    pub at: usize,
    /// Whether the text is truncated.
    pub cut: bool,
    /// Whether it is nested too deeply for the parser.
    pub deep: bool,
}

/// Parses one value at the beginning of `text` and returns its length in bytes.
pub(super) fn parse(text: &str) -> Result<(Node, usize), Broken> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Node>();
    match stream.next() {
        Some(Ok(node)) => Ok((node, stream.byte_offset())),
        Some(Err(error)) => Err(Broken {
            at: offset(text, error.line(), error.column()),
            cut: error.is_eof(),
            deep: error.to_string().starts_with("recursion limit"),
        }),
        None => Err(Broken { at: text.len(), cut: true, deep: false }),
    }
}

/// The byte offset of a line and column as counted by `serde_json` (columns in bytes, the last byte read being the
/// error).
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        Some(skip) => text.match_indices('\n').nth(skip).map_or(text.len(), |(at, _)| at + 1),
        None => 0,
    };
    (start + column).saturating_sub(1).min(text.len())
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_element()? {
            entries.push(entry);
        }
        Ok(Node::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = access.next_key::<String>()? {
            if members.len() < MEMBER_LIMIT {
                members.push((name, access.next_value()?));
            } else {
                access.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Node::Object(members))
    }
}

/// No key has more fields in one object; `get` searches them one by one.
pub(super) const MEMBER_LIMIT: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_name_is_reported_and_the_last_one_counts() {
        let (node, used) = parse(r#"{"a":"1","b":2,"a":"3"} rest"#).unwrap_or_else(|broken| panic!("{broken:?}"));
        assert_eq!((node.twice(), used), (vec!["a".to_owned()], 23));
        assert_eq!(node.get("a").and_then(Node::text), Some("3"));
    }

    #[test]
    fn a_fault_is_named_by_its_offset() {
        assert!(matches!(parse("{\n \"a\" 1}"), Err(Broken { at: 7, cut: false, .. })));
        assert!(matches!(parse("{\"a\":"), Err(Broken { cut: true, .. })));
        assert!(matches!(parse(&"{\"a\":".repeat(200)), Err(Broken { deep: true, .. })));
    }
}
