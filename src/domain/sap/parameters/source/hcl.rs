//! The subset of HCL used for parameters: literals, lists, objects, blocks, heredocs and `jsonencode`.

use super::{
    excerpt::Excerpt,
    tree::{Entry, Node, TextValue, Value},
};

/// The maximum bracket depth.
const DEPTH: usize = 48;

/// The whole text as one expression.
pub(super) fn expression(excerpt: &Excerpt) -> Option<Node> {
    let mut reader = Reader { source: excerpt, at: 0 };
    let node = reader.expression(DEPTH)?;
    reader.skip(true);
    reader.rest().is_empty().then_some(node)
}

/// The expression at the start of the text.
pub(super) fn expression_start(excerpt: &Excerpt) -> Option<Node> {
    Reader { source: excerpt, at: 0 }.expression(DEPTH)
}

/// A complete file of attributes and blocks, as one object.
pub(super) fn body(excerpt: &Excerpt) -> Option<Node> {
    let mut reader = Reader { source: excerpt, at: 0 };
    let entries = reader.body(DEPTH)?;
    (reader.rest().is_empty() && !entries.is_empty())
        .then(|| Node { place: excerpt.origin(0), value: Value::Object(entries) })
}

/// Whether the inside of an object begins with `name =`.
pub(super) fn assigns(inside: &str) -> bool {
    let rest = inside.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '"' | '_' | '-' | '.'));
    rest.len() < inside.len() && rest.trim_start().starts_with('=')
}

struct Reader<'a> {
    source: &'a Excerpt,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.source.text()[self.at..]
    }

    fn place(&self) -> usize {
        self.source.origin(self.at)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len() } else { 0 };
        found
    }

    /// Skips blanks and comments, and line breaks if `lines`.
    fn skip(&mut self, lines: bool) {
        loop {
            let rest = self.rest();
            let length = match rest.chars().next() {
                Some('\n' | '\r') if !lines => return,
                Some(c) if c.is_whitespace() => c.len_utf8(),
                Some('#') => rest.find('\n').unwrap_or(rest.len()),
                Some('/') if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
                Some('/') if rest.starts_with("/*") => rest[2..].find("*/").map_or(rest.len(), |end| end + 4),
                _ => return,
            };
            self.at += length;
        }
    }

    fn identifier(&mut self) -> Option<String> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        self.at += end;
        (!name.is_empty()).then_some(name)
    }

    /// Attributes and blocks, up to the end or a closing brace.
    fn body(&mut self, depth: usize) -> Option<Vec<Entry>> {
        let depth = depth.checked_sub(1)?;
        let mut entries = Vec::new();
        loop {
            self.skip(true);
            if self.rest().is_empty() || self.peek() == Some('}') {
                return Some(entries);
            }
            let place = self.place();
            let quoted = self.peek() == Some('"');
            let name = if quoted { self.string()?.text().to_owned() } else { self.identifier()? };
            self.skip(false);
            if self.take("=") {
                let node = self.expression(depth)?;
                entries.push(Entry { name, place, node });
                continue;
            }
            // A block, perhaps with labels.
            while self.peek().is_some_and(|c| c != '{') {
                if self.peek() == Some('"') {
                    self.string().map(drop)?
                } else {
                    self.identifier().map(drop)?
                }
                self.skip(false);
            }
            let inside = self.place();
            if !self.take("{") {
                return None;
            }
            let node = Node { place: inside, value: Value::Object(self.body(depth)?) };
            if !self.take("}") {
                return None;
            }
            entries.push(Entry { name, place, node });
        }
    }

    fn expression(&mut self, depth: usize) -> Option<Node> {
        let depth = depth.checked_sub(1)?;
        self.skip(true);
        let (start, place) = (self.at, self.place());
        let value = self.primary(depth)?;
        self.skip(false);
        let ends = self.peek().is_none_or(|c| matches!(c, ',' | '\n' | '\r' | ']' | '}' | ')'));
        let value = if ends { value } else { self.calculated(start) };
        Some(Node { place, value })
    }

    fn primary(&mut self, depth: usize) -> Option<Value> {
        let start = self.at;
        match self.peek()? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' => {
                let text = self.string()?;
                let calculated = text.text().contains("${") && !text.text().contains("$${");
                Some(if calculated { Value::Expression(text.text().to_owned()) } else { Value::Text(TextValue(text)) })
            }
            '<' => self.heredoc(),
            c if c.is_ascii_digit() || c == '-' => {
                let rest = self.rest();
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')));
                let number = rest[..end.unwrap_or(rest.len())].to_owned();
                self.at += number.len();
                Some(Value::Number(number))
            }
            c if c.is_alphabetic() || c == '_' => {
                let name = self.identifier()?;
                match name.as_str() {
                    "null" => return Some(Value::Null),
                    "true" => return Some(Value::Boolean(true)),
                    "false" => return Some(Value::Boolean(false)),
                    _ => {}
                }
                if name == "jsonencode" && self.take("(") {
                    let node = self.expression(depth)?;
                    self.skip(true);
                    return self.take(")").then_some(node.value);
                }
                Some(self.calculated(start))
            }
            _ => None,
        }
    }

    /// An expression from `start` to its terminator.
    fn calculated(&mut self, start: usize) -> Value {
        self.at = start;
        let mut open = 0_usize;
        let mut quoted = false;
        let mut length = self.rest().len();
        for (at, c) in self.rest().char_indices() {
            match c {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' | ',' | '\n' if open == 0 => {
                    length = at;
                    break;
                }
                ')' | ']' | '}' => open -= 1,
                _ => {}
            }
        }
        let expression = self.rest()[..length].trim().to_owned();
        self.at += length;
        Value::Expression(expression)
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.take("{");
        let mut entries = Vec::new();
        loop {
            self.skip(true);
            if self.take("}") {
                return Some(Value::Object(entries));
            }
            let place = self.place();
            let name = match self.peek()? {
                '"' => self.string()?.text().to_owned(),
                '(' => {
                    let end = self.rest().find(')')?;
                    let name = self.rest()[1..end].trim_matches(['"', ' ']).to_owned();
                    self.at += end + 1;
                    name
                }
                _ => self.identifier()?,
            };
            self.skip(false);
            if !self.take("=") && !self.take(":") {
                return None;
            }
            entries.push(Entry { name, place, node: self.expression(depth)? });
            self.skip(true);
            self.take(",");
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let start = self.at;
        self.take("[");
        let mut items = Vec::new();
        self.skip(true);
        if self.rest().starts_with("for ") {
            return Some(self.calculated(start));
        }
        loop {
            self.skip(true);
            if self.take("]") {
                return Some(Value::List(items));
            }
            items.push(self.expression(depth)?);
            self.skip(true);
            if !self.take(",") && self.peek() != Some(']') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<Excerpt> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut end = 1;
        while end < bytes.len() && bytes[end] != b'"' && bytes[end] != b'\n' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        let inside = self.source.part(self.at + 1..self.at + end);
        self.at += end + 1;
        if inside.text().contains('\\') { super::json::unescaped(&inside) } else { Some(inside) }
    }

    fn heredoc(&mut self) -> Option<Value> {
        if !self.take("<<") {
            return None;
        }
        self.take("-");
        let mark = self.identifier()?;
        let start = self.at + self.rest().find('\n')? + 1;
        let mut at = start;
        for line in self.source.text()[start..].split_inclusive('\n') {
            if line.trim() == mark {
                self.at = at + line.trim_end().len();
                return Some(Value::Text(TextValue(self.source.part(start..at))));
            }
            at += line.len();
        }
        None
    }
}
