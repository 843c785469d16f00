//! YAML with parameters: block and flow style, several documents in one text.
//!
//! Aliases are never expanded, so a small text cannot become a large tree.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{
    excerpt::Excerpt,
    tree::{Entry, Node, TextValue, Value},
};

/// The maximum depth of collections.
const DEPTH: usize = 48;
/// The maximum length of a text; pastes and files are limited to the same size.
const LIMIT: usize = 256 * 1024;

/// Why a text cannot be read as YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum YamlError {
    /// It is not YAML; the offset in the original text.
    Syntax(usize),
    /// It is nested too deeply, or too long.
    TooLarge(usize),
}

/// The document in the text; several become a list.
///
/// # Errors
///
/// If the text is not YAML, or there is too much of it.
pub(super) fn read(excerpt: &Excerpt) -> Result<Node, YamlError> {
    if excerpt.text().len() > LIMIT {
        return Err(YamlError::TooLarge(excerpt.origin(LIMIT)));
    }
    let mut builder = Builder::new(excerpt);
    for event in Parser::new_from_str(excerpt.text()) {
        let (event, span) = event.map_err(|error| {
            let place = builder.offset(error.marker().index());
            YamlError::Syntax(excerpt.origin(place))
        })?;
        builder.take(event, span)?;
    }
    let place = excerpt.origin(0);
    let mut documents = builder.documents;
    match documents.len() {
        0 => Ok(Node { place, value: Value::Null }),
        1 => Ok(documents.remove(0)),
        _ => Ok(Node { place, value: Value::List(documents) }),
    }
}

/// Whether a line of the text is a YAML key for a parameter or for the property that contains the parameters.
pub(super) fn looks_like(text: &str, names: &[&str]) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start().trim_start_matches("- ").trim_start();
        // Quoted names also occur in JSON.
        let is_key = |rest: &str| rest.trim_start().starts_with(':');
        names.iter().any(|name| line.strip_prefix(name).is_some_and(is_key))
    })
}

/// A collection that is being read.
struct Open {
    /// Offset in the text where it begins.
    start: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Object {
        entries: Vec<Entry>,
        key: Option<(String, usize)>,
        /// Whether a key is not plain text, as in `{{ .Values.roles }}`: a template, not a value.
        is_template: bool,
    },
}

struct Builder<'a> {
    source: &'a Excerpt,
    /// The byte at which each character begins; empty if every character is one byte.
    characters: Vec<usize>,
    open: Vec<Open>,
    documents: Vec<Node>,
}

impl<'a> Builder<'a> {
    fn new(source: &'a Excerpt) -> Self {
        let text = source.text();
        let characters =
            if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect::<Vec<_>>() };
        Self { source, characters, open: Vec::new(), documents: Vec::new() }
    }

    /// The byte at which a character begins.
    fn offset(&self, character: usize) -> usize {
        let length = self.source.text().len();
        let at = if self.characters.is_empty() { Some(character) } else { self.characters.get(character).copied() };
        at.unwrap_or(length).min(length)
    }

    fn range(&self, span: Span) -> Range<usize> {
        let (start, end) = (self.offset(span.start.index()), self.offset(span.end.index()));
        start..end.max(start)
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlError> {
        let range = self.range(span);
        match event {
            Event::SequenceStart(..) => self.begin(range.start, Content::List(Vec::new())),
            Event::MappingStart(..) => {
                self.begin(range.start, Content::Object { entries: Vec::new(), key: None, is_template: false })
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.end(range.end);
                Ok(())
            }
            Event::Scalar(text, style, _, tag) => {
                let value = self.scalar(&text, style, tag.as_deref(), &range);
                self.add(value, range.start, Some(&text));
                Ok(())
            }
            Event::Alias(_) => {
                let value = Value::Expression(self.source.text()[range.clone()].trim().to_owned());
                self.add(value, range.start, None);
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn begin(&mut self, start: usize, content: Content) -> Result<(), YamlError> {
        if self.open.len() == DEPTH {
            return Err(YamlError::TooLarge(self.source.origin(start)));
        }
        self.open.push(Open { start, content });
        Ok(())
    }

    fn end(&mut self, end: usize) {
        let Some(Open { start, content, .. }) = self.open.pop() else { return };
        let value = match content {
            Content::List(items) => Value::List(items),
            Content::Object { is_template: true, .. } => {
                Value::Expression(self.source.text()[start..end.max(start)].trim().to_owned())
            }
            Content::Object { entries, .. } => Value::Object(entries),
        };
        self.add(value, start, None);
    }

    /// Adds a value to the innermost collection. `name` is its text, if it can be the name of an entry.
    fn add(&mut self, value: Value, start: usize, name: Option<&str>) {
        let place = self.source.origin(start);
        let node = Node { place, value };
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.documents.push(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Object { entries, key, is_template }) => match (key.take(), name) {
                (Some((name, place)), _) => entries.push(Entry { name, place, node }),
                (None, Some(name)) => *key = Some((name.to_owned(), place)),
                (None, None) => {
                    *is_template = true;
                    *key = Some((String::new(), place));
                }
            },
        }
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>, range: &Range<usize>) -> Value {
        let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema()) || is_template(text) {
            let written = self.source.text()[range.clone()].trim();
            return Value::Expression(if written.is_empty() { text.to_owned() } else { written.to_owned() });
        }
        if style == ScalarStyle::Plain && !is_text {
            match text {
                "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
                "true" | "True" | "TRUE" => return Value::Boolean(true),
                "false" | "False" | "FALSE" => return Value::Boolean(false),
                _ if serde_json::from_str::<serde_json::Number>(text).is_ok() => {
                    return Value::Number(text.to_owned());
                }
                _ => {}
            }
        }
        Value::Text(TextValue(self.written(text, range)))
    }

    /// The text of a scalar, each character with its position. They differ because of indentation, quotation marks and
    /// folded lines; characters that cannot be aligned get the previous position.
    fn written(&self, text: &str, range: &Range<usize>) -> Excerpt {
        let source = &self.source.text()[range.clone()];
        if let Some(at) = source.find(text) {
            return self.source.part(range.start + at..range.start + at + text.len());
        }
        let mut excerpt = Excerpt::empty(text.len(), self.source.origin(range.end));
        let mut at = 0;
        for c in text.chars() {
            let rest = &source[at..];
            let skipped = rest.len() - rest.trim_start_matches(|other: char| is_skipped(other) && other != c).len();
            let place = at + skipped;
            let next = rest[skipped..].chars().next().map_or(0, char::len_utf8);
            let is_found = rest[skipped..].starts_with(c);
            // A line break may be escaped.
            let is_escape = rest[..skipped].ends_with('\\');
            at = if is_found || is_escape { place + next } else { place };
            excerpt.push(c, self.source.origin(range.start + place), self.source.origin(range.start + at));
        }
        excerpt
    }
}

/// Characters that YAML adds around a text.
fn is_skipped(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\\' | '"' | '\'' | '|' | '>')
}

/// Whether a tool replaces this: Helm, a pipeline, a deployment descriptor, Concourse.
fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("${") || text.starts_with("((")
}
