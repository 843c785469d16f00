//! JSON with positions, and common errors in a text that is not JSON.

use serde::de::IgnoredAny;

use super::{
    super::problem::ProblemCode,
    excerpt::Excerpt,
    tree::{Entry, Node, TextValue, Value},
};

/// How deep JSON is read. That it is valid says nothing about its depth.
const DEPTH: usize = 128;

/// A JSON document.
pub(super) struct Document {
    pub(super) node: Node,
    /// The start of the first comment, if any.
    pub(super) comment: Option<usize>,
}

/// Why a text is not JSON.
pub(super) struct SyntaxError {
    pub(super) code: ProblemCode,
    /// Offset in the original text.
    pub(super) place: usize,
    /// Offset in the text given.
    pub(super) at: usize,
    /// Whether a complete value precedes the position.
    pub(super) trailing: bool,
}

/// Parses one JSON value. Comments are ignored; everything else must be JSON.
///
/// # Errors
///
/// The first error.
pub(super) fn read(excerpt: &Excerpt) -> Result<Document, SyntaxError> {
    let (plain, comment) = without_comments(excerpt.text());
    let plain = excerpt.with_text(plain);
    match serde_json::from_str::<IgnoredAny>(plain.text()) {
        Ok(_) => match too_deep(plain.text()) {
            Some(at) => {
                let place = excerpt.origin(at);
                Err(SyntaxError { code: ProblemCode::TooDeep {}, place, at, trailing: false })
            }
            None => Ok(Document {
                node: Reader { source: &plain, at: 0 }.value(),
                comment: comment.map(|at| excerpt.origin(at)),
            }),
        },
        Err(error) => {
            let error = syntax_error(&plain, &error);
            // Comments are skipped byte by byte, so this may be in the middle of a character.
            Err(SyntaxError { at: floor(excerpt.text(), error.at), ..error })
        }
    }
}

/// Reads the JSON value at the start of `excerpt`, if it is not too deep, and says where it ends.
pub(super) fn read_start(excerpt: &Excerpt) -> Option<(Node, usize)> {
    let mut values = serde_json::Deserializer::from_str(excerpt.text()).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    let end = values.byte_offset();
    if too_deep(&excerpt.text()[..end]).is_some() {
        return None;
    }
    Some((Reader { source: excerpt, at: 0 }.value(), end))
}

/// Where valid JSON is deeper than [`DEPTH`].
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEPTH
    })
}

/// The text in a JSON string without its quotation marks: `{\"roles\": []}`. `None` if it cannot be one.
pub(super) fn unescaped(excerpt: &Excerpt) -> Option<Excerpt> {
    let text = excerpt.text();
    let mut out = Excerpt::empty(text.len(), excerpt.origin(text.len()));
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let (decoded, length) = if c == '\\' { escape(&text[at..])? } else { (c, c.len_utf8()) };
        out.push(decoded, excerpt.origin(at), excerpt.origin(at + length));
        at += length;
    }
    Some(out)
}

/// The character of an escape, and its length.
fn escape(text: &str) -> Option<(char, usize)> {
    let mut chars = text.chars();
    chars.next();
    let c = match chars.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return unicode_escape(text),
        c @ ('"' | '\\' | '/') => c,
        _ => return None,
    };
    Some((c, 2))
}

fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let unit = |from: usize| u16::from_str_radix(text.get(from..from + 4)?, 16).ok();
    let first = unit(2)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return Some((c, 6));
    }
    let second = text.get(6..8).filter(|escape| *escape == "\\u").and_then(|_| unit(8));
    match second {
        Some(second) => char::decode_utf16([first, second]).next()?.ok().map(|c| (c, 12)),
        None => Some((char::REPLACEMENT_CHARACTER, 6)),
    }
}

/// Walks over JSON that is known to be valid and not too deep.
struct Reader<'a> {
    source: &'a Excerpt,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.source.text()[self.at..]
    }

    fn skip_white_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip_white_space();
        self.source.text().as_bytes().get(self.at).copied()
    }

    /// Consumes `sign`, if it comes next.
    fn take(&mut self, sign: u8) -> bool {
        let found = self.peek() == Some(sign);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Node {
        let first = self.peek();
        let place = self.source.origin(self.at);
        let value = match first {
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"') => Value::Text(TextValue(self.string())),
            _ => self.word(),
        };
        Node { place, value }
    }

    fn object(&mut self) -> Value {
        let mut entries = Vec::new();
        self.at += 1;
        while self.peek() == Some(b'"') {
            let place = self.source.origin(self.at);
            let name = self.string().text().to_owned();
            self.take(b':');
            entries.push(Entry { name, place, node: self.value() });
            self.take(b',');
        }
        self.take(b'}');
        Value::Object(entries)
    }

    fn list(&mut self) -> Value {
        let mut items = Vec::new();
        self.at += 1;
        while self.peek().is_some_and(|sign| sign != b']') {
            items.push(self.value());
            self.take(b',');
        }
        self.take(b']');
        Value::List(items)
    }

    fn string(&mut self) -> Excerpt {
        let start = self.at + 1;
        let mut end = start;
        let bytes = self.source.text().as_bytes();
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let end = end.min(bytes.len());
        self.at = (end + 1).min(bytes.len());
        let inside = self.source.part(start..end);
        if inside.text().contains('\\') { unescaped(&inside).unwrap_or(inside) } else { inside }
    }

    fn word(&mut self) -> Value {
        let rest = self.rest();
        let end = rest.find(|c: char| matches!(c, ',' | ']' | '}') || c.is_whitespace()).unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        self.at += end;
        match word.as_str() {
            "null" => Value::Null,
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            _ => Value::Number(word),
        }
    }
}

/// The text with comments blanked out, so that every byte keeps its position, and the start of the first comment.
fn without_comments(text: &str) -> (String, Option<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut first = None;
    let mut in_string = false;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if in_string {
            in_string = c != '"';
            let escaped = rest[c.len_utf8()..].chars().next().filter(|_| c == '\\');
            c.len_utf8() + escaped.map_or(0, char::len_utf8)
        } else if let Some(length) = comment_length(rest) {
            first.get_or_insert(at);
            for c in rest[..length].chars() {
                out.extend(std::iter::repeat_n(if c == '\n' { '\n' } else { ' ' }, c.len_utf8()));
            }
            at += length;
            continue;
        } else {
            in_string = c == '"';
            c.len_utf8()
        };
        out.push_str(&rest[..length]);
        at += length;
    }
    (out, first)
}

fn comment_length(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        Some(text.find('\n').unwrap_or(text.len()))
    } else {
        Some(text.strip_prefix("/*")?.find("*/").map_or(text.len(), |end| end + 4))
    }
}

/// Identifies common errors.
fn syntax_error(excerpt: &Excerpt, error: &serde_json::Error) -> SyntaxError {
    let text = excerpt.text();
    let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    // serde_json counts bytes from 1; its column is that of the unexpected character, or of the last one.
    let length = text[line..].find('\n').unwrap_or(text.len() - line);
    let end = line + error.column().min(length);
    let before = &text[..ceil(text, end)];
    let here = before.chars().next_back().unwrap_or(' ');
    let at = before.len() - if before.is_empty() { 0 } else { here.len_utf8() };
    let message = error.to_string();
    if message.starts_with("control character")
        && let Some(quote) = open_quote(before)
    {
        return SyntaxError {
            code: ProblemCode::QuoteMissing {},
            place: excerpt.origin(quote),
            at: quote,
            trailing: false,
        };
    }
    let code = if message.starts_with("recursion limit") {
        ProblemCode::TooDeep {}
    } else if error.is_eof() {
        ProblemCode::CutOff {}
    } else if matches!(here, '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}' | '\'') {
        ProblemCode::WrongQuotationMark {}
    } else if matches!(here, '}' | ']') && text[..at].trim_end().ends_with(',') {
        ProblemCode::TrailingComma {}
    } else if text.starts_with(['{', '[']) && matches!(here, '"' | '{' | '[') {
        ProblemCode::SeparatorMissing {}
    } else if text.starts_with('{') {
        ProblemCode::NotJson {}
    } else {
        ProblemCode::NoObject {}
    };
    SyntaxError { code, place: excerpt.origin(at), at, trailing: message.starts_with("trailing characters") }
}

/// The start of the string that is open at the end of `text`.
fn open_quote(text: &str) -> Option<usize> {
    let mut open = None;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match (open, c) {
            _ if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(_), '"') => open = None,
            (None, '"') => open = Some(at),
            _ => {}
        }
    }
    open
}

/// `at`, or the previous character boundary.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// `at`, or the next character boundary.
fn ceil(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}
