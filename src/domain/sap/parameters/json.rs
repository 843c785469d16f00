//! JSON text with the places of its strings, and words for what is no JSON.

use serde_json::{Map, Value};

use super::problem::{ParameterProblem, Position};
use crate::domain::text::safe_text::SafeText;

/// A JSON object and where its keys and strings stand.
pub(super) struct Document {
    /// The object.
    pub object: Map<String, Value>,
    /// What had to be overlooked to read it.
    pub problems: Vec<ParameterProblem>,
    strings: Vec<StringToken>,
}

/// A string of the text.
struct StringToken {
    text: String,
    position: Position,
    /// The key of the outermost object under which it stands; its own text for such a key.
    property: String,
    /// True for a key of the outermost object.
    top_key: bool,
}

impl Document {
    /// Reads `text` as one JSON object. Comments are reported and overlooked; everything else must be JSON.
    pub(super) fn read(text: &str) -> Result<Self, Box<ParameterProblem>> {
        let (plain, comment) = without_comments(text);
        let mut problems = Vec::new();
        if let Some(position) = comment {
            problems.push(
                ParameterProblem::error(
                    "",
                    "There is a comment in the JSON.",
                    "JSON has no comments, although one sample in SAP's documentation shows some.",
                    "Remove everything from // to the end of the line, and everything between /* and */.",
                )
                .at(Some(position)),
            );
        }
        let value: Value = serde_json::from_str(&plain).map_err(|error| Box::new(syntax_problem(&plain, &error)))?;
        let Value::Object(object) = value else {
            return Err(Box::new(ParameterProblem::error(
                "",
                format!("The text is {}, not an object.", type_name(&value)),
                "The broker reads one JSON object.",
                "Start with { and end with }.",
            )));
        };
        let document = Self { object, problems, strings: strings(&plain) };
        Ok(document.with_repeated_keys())
    }

    /// Where the key `property` stands.
    pub(super) fn key_position(&self, property: &str) -> Option<Position> {
        self.keys().find(|token| token.text == property).map(|token| token.position)
    }

    /// Where the `nth` string `value` (from 0) under `property` stands.
    pub(super) fn value_position(&self, property: &str, value: &str, nth: usize) -> Option<Position> {
        let mut under = self.strings.iter().filter(|token| !token.top_key && token.property == property);
        under.by_ref().filter(|token| token.text == value).nth(nth).map(|token| token.position)
    }

    /// Where what `problem` is about stands: its value, else its property.
    pub(super) fn locate(&self, problem: &ParameterProblem) -> Option<Position> {
        let value = problem.value.as_ref().and_then(|value| {
            let under = |token: &&StringToken| !token.top_key && token.property == problem.property;
            self.strings.iter().filter(under).find(|token| SafeText::line(&token.text) == *value)
        });
        value.map(|token| token.position).or_else(|| self.key_position(&problem.property))
    }

    fn keys(&self) -> impl Iterator<Item = &StringToken> {
        self.strings.iter().filter(|token| token.top_key)
    }

    /// serde_json keeps the last of several equal keys without a word.
    fn with_repeated_keys(mut self) -> Self {
        let mut seen: Vec<&str> = Vec::new();
        let mut repeated = Vec::new();
        for token in self.keys() {
            if seen.contains(&token.text.as_str()) {
                let name = SafeText::line(&token.text);
                repeated.push(
                    ParameterProblem::error(
                        &token.text,
                        format!("\"{name}\" stands twice."),
                        "Only one of them counts, and it is not said which.",
                        "Keep one of them.",
                    )
                    .at(Some(token.position)),
                );
            }
            seen.push(&token.text);
        }
        self.problems.extend(repeated);
        self
    }
}

/// What a JSON value is, in words.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The text with comments turned into spaces, so that every place stays, and where the first comment begins.
fn without_comments(text: &str) -> (String, Option<Position>) {
    let mut out = String::with_capacity(text.len());
    let mut first = None;
    let mut cursor = Cursor::new(text);
    while let Some(c) = cursor.next() {
        match (c, cursor.peek()) {
            ('"', _) => {
                let start = cursor.before;
                cursor.skip_string();
                out.push_str(&text[start..cursor.offset()]);
            }
            ('/', Some(kind @ ('/' | '*'))) => {
                first.get_or_insert(cursor.position);
                out.push_str("  ");
                cursor.next();
                let mut last = ' ';
                while let Some(c) = if kind == '/' { cursor.next_unless('\n') } else { cursor.next() } {
                    out.push(if c == '\n' { c } else { ' ' });
                    if kind == '*' && last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            _ => out.push(c),
        }
    }
    (out, first)
}

/// All strings of a valid JSON text.
fn strings(text: &str) -> Vec<StringToken> {
    let mut found = Vec::new();
    let mut property = String::new();
    let mut depth = 0_usize;
    let mut cursor = Cursor::new(text);
    while let Some(c) = cursor.next() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            '"' => {
                let (start, position) = (cursor.before, cursor.position);
                cursor.skip_string();
                let text = serde_json::from_str::<String>(&text[start..cursor.offset()]).unwrap_or_default();
                let top_key = depth == 1 && cursor.rest().trim_start().starts_with(':');
                if top_key {
                    property.clone_from(&text);
                }
                found.push(StringToken { text, position, property: property.clone(), top_key });
            }
            _ => {}
        }
    }
    found
}

/// Walks over a text and knows where it is.
struct Cursor<'a> {
    text: &'a str,
    chars: std::str::CharIndices<'a>,
    /// Byte offset of the character last given.
    before: usize,
    /// Place of the character last given.
    position: Position,
    after_break: bool,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            chars: text.char_indices(),
            before: 0,
            position: Position { line: 1, column: 0 },
            after_break: false,
        }
    }

    fn next(&mut self) -> Option<char> {
        let (offset, c) = self.chars.next()?;
        self.before = offset;
        if std::mem::replace(&mut self.after_break, c == '\n') {
            self.position = Position { line: self.position.line + 1, column: 1 };
        } else {
            self.position.column += 1;
        }
        Some(c)
    }

    fn next_unless(&mut self, stop: char) -> Option<char> {
        if self.peek() == Some(stop) { None } else { self.next() }
    }

    fn rest(&self) -> &'a str {
        self.chars.as_str()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Byte offset of the character to come.
    fn offset(&self) -> usize {
        self.text.len() - self.rest().len()
    }

    /// Goes behind the closing quote of the string whose opening quote was given last, or to the end.
    fn skip_string(&mut self) {
        while let Some(c) = self.next() {
            match c {
                '\\' => {
                    self.next();
                }
                '"' => break,
                _ => {}
            }
        }
    }
}

/// What is wrong with a text that is no JSON, with the usual faults named.
fn syntax_problem(text: &str, error: &serde_json::Error) -> ParameterProblem {
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    // serde_json counts bytes.
    let bytes = error.column().min(line.len());
    let column = line.char_indices().take_while(|(offset, _)| *offset < bytes).count().max(1);
    let position = Position { line: error.line().max(1), column };
    let before = line.chars().take(column).collect::<String>();
    let here = before.chars().last().unwrap_or(' ');
    let (what, why, fix) = if text.trim().is_empty() {
        ("There is nothing here.", "The broker reads one JSON object.", "Write at least {\"roles\": [..]}.")
    } else if text.starts_with('\u{feff}') {
        (
            "The text begins with a byte order mark.",
            "Some editors on Windows write that invisible character, and the broker does not take it.",
            "Save the file as UTF-8 without BOM.",
        )
    } else if error.is_eof() {
        (
            "The JSON ends in the middle.",
            "A closing bracket or quotation mark is missing.",
            "Copy the whole text, from { to }.",
        )
    } else if matches!(here, '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}' | '\'') {
        (
            "There is a quotation mark that JSON does not know.",
            "JSON takes the straight double quotation mark only; word processors and web pages replace it.",
            "Replace the quotation marks by \".",
        )
    } else if matches!(here, '}' | ']') && previous_sign(text, position) == Some(',') {
        (
            "A comma stands before the closing bracket.",
            "JSON has commas between values only.",
            "Remove the comma after the last value.",
        )
    } else if text.trim_start().starts_with(['{', '[']) && matches!(here, '"' | '{' | '[') {
        (
            "Something is missing here.",
            "JSON has a comma between values and a colon after a name.",
            "Add what is missing.",
        )
    } else if text.trim_start().starts_with('{') {
        (
            "This is not JSON.",
            "Names and texts stand in double quotation marks, lists in [ ].",
            "Correct it at that place.",
        )
    } else {
        ("This is not JSON.", "The broker reads one JSON object.", "Start with { and end with }.")
    };
    ParameterProblem::error("", what, why, fix).at(Some(position))
}

/// The last sign before `position` that is not white space.
fn previous_sign(text: &str, position: Position) -> Option<char> {
    let mut cursor = Cursor::new(text);
    let mut last = None;
    while let Some(c) = cursor.next() {
        if cursor.position >= position {
            break;
        }
        if !c.is_whitespace() {
            last = Some(c);
        }
    }
    last
}
