//! Parses one line: its names and values, and the braces it opens and closes.

use zeroize::Zeroizing;

use super::{
    super::{names, shown},
    Style,
    value::{literal, quoted, words},
};

/// A name and its value; `None` if the value is elsewhere.
pub(super) type Pair = (String, Option<Zeroizing<String>>);

/// The maximum length of a name.
const NAME_LIMIT: usize = 80;

/// Words that may precede a name and are not part of it.
const BEFORE: [&str; 26] = [
    "- ",
    "* ",
    "• ",
    "> ",
    "+ ",
    "export ",
    "set ",
    "call ",
    "@",
    "let ",
    "const ",
    "var ",
    "val ",
    "final ",
    "private ",
    "public ",
    "static ",
    "readonly ",
    "local ",
    "declare ",
    "env ",
    "$env:",
    "$",
    "self.",
    "this.",
    "process.env.",
];

/// Whether a line is a comment.
pub(super) fn is_comment(text: &str) -> bool {
    text.starts_with(['#', ';'])
        || text.starts_with("//")
        || text.starts_with("/*")
        || text.starts_with("-- ")
        || text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("rem "))
}

/// The name in `[name]` or `[[name]]`.
pub(super) fn header(text: &str) -> Option<String> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let inner = inner.trim_matches(['[', ']', '"', ' ']);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '/' | ':');
    (!inner.is_empty() && inner.len() <= NAME_LIMIT && inner.chars().all(plain)).then(|| inner.to_owned())
}

/// Whether a line is only a label, with its value on the next line.
pub(super) fn is_bare_label(text: &str) -> bool {
    let text = text.trim_end_matches(':').trim_matches('*');
    text.len() <= NAME_LIMIT
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'))
        && names::is_label(text)
}

/// Whether a value follows as a block of YAML, `name: |`.
pub(super) fn is_block(text: &str) -> bool {
    let mark = text.rsplit(':').next().unwrap_or_default().trim();
    mark.starts_with(['|', '>']) && mark[1..].chars().all(|c| matches!(c, '-' | '+' | '0'..='9'))
}

/// A line that is one value, after a line that was its label.
pub(super) fn lone_value(text: &str, style: Style) -> Option<Zeroizing<String>> {
    let named = pairs(text, style).iter().any(|(name, _)| names::is_label(name));
    (!named && !text.contains(char::is_whitespace)).then(|| literal(text, style)).flatten()
}

/// The parts of a line.
pub(super) enum Part<'a> {
    /// `name = {`
    Open(String),
    /// `}`
    Close,
    /// The text between braces, commas and semicolons.
    Statement(&'a str),
}

/// Splits a line into parts.
pub(super) struct Statements<'a> {
    rest: &'a str,
    /// The next part, found together with the previous one.
    next: Option<Part<'a>>,
    /// Quotes known not to be closed; they are apostrophes and not examined again.
    unclosed: Vec<char>,
}

impl<'a> Statements<'a> {
    pub fn of(line: &'a str) -> Self {
        Self { rest: line, next: None, unclosed: Vec::new() }
    }

    /// The end of the first statement, and its terminator.
    fn end(&mut self) -> Option<(usize, char)> {
        let mut before = ' ';
        let mut skip = 0;
        for (at, c) in self.rest.char_indices() {
            if at < skip {
                continue;
            }
            let after = &self.rest[at + c.len_utf8()..];
            match c {
                '"' | '\'' | '`'
                    if !(before.is_alphanumeric() || matches!(before, '\\' | ')') || self.unclosed.contains(&c)) =>
                {
                    match quoted(&self.rest[at..at + 1], after) {
                        Some((_, taken)) => skip = at + 1 + taken,
                        None => self.unclosed.push(c),
                    }
                }
                '{' if before != '$' && before != '{' && !after.starts_with('{') && !after.starts_with('%') => {
                    let text = self.rest[..at].trim_end();
                    let opens = after.trim().is_empty() || text.is_empty() || text.ends_with(['=', ':', '(', '[', ',']);
                    if opens {
                        return Some((at, c));
                    }
                }
                '}' if before.is_whitespace() || matches!(before, '"' | '\'' | '`' | ',' | '{' | '}' | ']') => {
                    return Some((at, c));
                }
                ';' => return Some((at, c)),
                ',' if after.is_empty() || after.starts_with([' ', '\t', '"', '\'']) => return Some((at, c)),
                _ => {}
            }
            before = c;
        }
        None
    }
}

impl<'a> Iterator for Statements<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        loop {
            if let Some(part) = self.next.take() {
                return Some(part);
            }
            if self.rest.is_empty() {
                return None;
            }
            let Some((at, c)) = self.end() else {
                let text = std::mem::take(&mut self.rest).trim();
                return (!text.is_empty()).then_some(Part::Statement(text));
            };
            let text = self.rest[..at].trim();
            self.rest = &self.rest[at + c.len_utf8()..];
            match c {
                '{' => return Some(Part::Open(section_name(text))),
                '}' => self.next = Some(Part::Close),
                _ => {}
            }
            if !text.is_empty() {
                return Some(Part::Statement(text));
            }
        }
    }
}

/// `variable "cpi"`, `tenants = [`, `"dev":`
fn section_name(text: &str) -> String {
    let text = text.trim_end_matches(['=', ':', '(', '[', ',', ' ']);
    let end = text.char_indices().rev().nth(NAME_LIMIT - 1).map_or(0, |(at, _)| at);
    text[end..].trim_matches(['"', '\'', ' ']).to_owned()
}

/// The named values of a statement.
pub(super) fn pairs(text: &str, style: Style) -> Vec<Pair> {
    let text = without_marks(text.trim());
    if style.braces && is_member(text) {
        return Vec::new();
    }
    if let Some(pair) = command(text).or_else(|| element(text)).or_else(|| row(text, style)) {
        return vec![pair];
    }
    let assigned = assignment(text, style);
    match assigned {
        Some((name, value)) if names::is_label(&name) => vec![(name, value)],
        _ => {
            let found = spaced(text, style).map(|pair| vec![pair]).unwrap_or_else(|| in_words(text));
            if found.is_empty() { assigned.into_iter().collect() } else { found }
        }
    }
}

/// `"name": ..`, a JSON member that could not be parsed as such.
fn is_member(text: &str) -> bool {
    let name = text.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    name.is_some_and(|(_, rest)| rest.trim_start().starts_with(':'))
}

/// Without bullets, keywords and sigils at the beginning.
fn without_marks(mut text: &str) -> &str {
    while let Some(mark) =
        BEFORE.iter().find(|mark| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
    {
        text = text[mark.len()..].trim_start();
    }
    // `set "NAME=value"`
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if !inner.contains('"') && inner.contains('=') => inner,
        _ => text,
    }
}

/// `name = value`, `name: value`, `name => value`, `name("value")`.
fn assignment(text: &str, style: Style) -> Option<Pair> {
    let (name, rest) = match text.chars().next()? {
        quote @ ('"' | '\'') => {
            let (name, taken) = quoted(if quote == '"' { "\"" } else { "'" }, &text[1..])?;
            (name.to_string(), text[1 + taken..].trim_start())
        }
        _ => {
            let at = text.char_indices().find(|(at, c)| match c {
                '=' | ':' => true,
                '(' => text[at + 1..].starts_with(['"', '\'']),
                _ => false,
            })?;
            (text[..at.0].trim().to_owned(), &text[at.0..])
        }
    };
    let plain = |c: char| c.is_alphanumeric() || " _-.$[]'\"*`/@?".contains(c);
    if name.is_empty() || name.len() > NAME_LIMIT || !name.chars().all(plain) {
        return None;
    }
    let rest = rest.strip_prefix(['=', ':', '('])?;
    let rest = rest.strip_prefix(['>', '=']).unwrap_or(rest).trim_start();
    // `name: string = "value"`
    let annotated = rest.split_once('=').filter(|(kind, value)| {
        kind.trim().chars().all(char::is_alphanumeric) && value.trim_start().starts_with(['"', '\'', '`'])
    });
    let rest = annotated.map_or(rest, |(_, value)| value);
    if rest.is_empty() || is_block(text) {
        return Some((name, None));
    }
    let literal = literal(rest, style)?;
    Some((name.clone(), Some(whole(&name, literal, rest)?)))
}

/// A bare value of a field up to the comment after it. Prose is not a value.
fn whole(name: &str, value: Zeroizing<String>, written: &str) -> Option<Zeroizing<String>> {
    if written.starts_with(['"', '\'', '`', '<']) || !value.contains(char::is_whitespace) || !names::is_label(name) {
        return Some(value);
    }
    let mut words = value.split_whitespace();
    let first = words.next()?;
    let is_secret = shown::is_secret(first);
    if !(is_secret || first.starts_with("sb-") || first.starts_with("http") || first.contains('.')) {
        return None;
    }
    // A secret that is broken in two is kept whole, so that this is reported.
    let broken = is_secret
        && !first.ends_with('=')
        && value.ends_with('=')
        && words.all(|word| word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=')));
    Some(if broken { value } else { Zeroizing::new(first.to_owned()) })
}

/// `Client ID   value`
fn spaced(text: &str, style: Style) -> Option<Pair> {
    let at = text.find('\t').or_else(|| text.find("  ")).or_else(|| text.rfind(char::is_whitespace))?;
    let (name, value) = text.split_at(at);
    let value = value.trim();
    (name.len() <= NAME_LIMIT && names::is_label(name) && !value.contains(char::is_whitespace))
        .then(|| Some((name.trim().to_owned(), Some(literal(value, style)?))))
        .flatten()
}

/// `<name>value</name>`
fn element(text: &str) -> Option<Pair> {
    let (name, rest) = text.strip_prefix('<')?.split_once('>')?;
    let value = rest.strip_suffix(&format!("</{name}>"))?.trim();
    (!value.is_empty() && !name.contains(char::is_whitespace))
        .then(|| (name.to_owned(), Some(Zeroizing::new(value.to_owned()))))
}

/// `| name | value |`
fn row(text: &str, style: Style) -> Option<Pair> {
    let (name, rest) = text.strip_prefix('|')?.split_once('|')?;
    let value = Zeroizing::new(rest.trim_end().trim_end_matches('|').replace("\\|", "|"));
    let name = name.trim().trim_matches(['*', '`']).to_owned();
    names::is_label(&name).then(|| Some((name, Some(literal(value.trim(), style)?)))).flatten()
}

/// `cf set-env APP NAME value`, `setx NAME value`, `gh secret set NAME --body value`, `printf %s value | gh secret set NAME`.
fn command(text: &str) -> Option<Pair> {
    let first = text.split_whitespace().next()?;
    if !matches!(first.to_ascii_lowercase().as_str(), "cf" | "setx" | "gh" | "printf" | "echo") {
        return None;
    }
    let words = words(text);
    let word = |at: usize| words.get(at).map(|word| word.as_str());
    let pair = |name: Option<&str>, value: Option<&Zeroizing<String>>| Some((name?.to_owned(), Some(value?.clone())));
    match (first, word(1)) {
        ("cf", Some("set-env" | "se")) => return pair(word(3), words.get(4)),
        ("setx" | "SETX", _) => return pair(word(1), words.get(2)),
        _ => {}
    }
    let gh = words.windows(3).position(|part| part[0].as_str() == "gh" && part[2].as_str() == "set")?;
    let body = words.iter().position(|word| matches!(word.as_str(), "--body" | "-b")).map(|at| at + 1);
    pair(word(gh + 3), words.get(body.or_else(|| gh.checked_sub(2))?))
}

/// Options and assignments among the words of a command: `--client-id value`, `-e CLIENT_ID=value`, `--data client_id=value`.
fn in_words(text: &str) -> Vec<Pair> {
    if !text.contains("--")
        && !text.contains("-e ")
        && !text.contains("-D")
        && !text.contains("data")
        && !text.contains("-d ")
    {
        return Vec::new();
    }
    options(words(text).iter().map(|word| word.as_str()))
}

/// The options and assignments in a list of arguments.
fn options<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Pair> {
    let mut found = Vec::new();
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        let mut rest = word;
        let mut assigned = false;
        while let Some((name, value)) = rest.split_once('=') {
            if names::is_label(name) && name.len() <= NAME_LIMIT && !value.is_empty() {
                let name = name.trim_start_matches('-').trim().to_owned();
                found.push((name, Some(Zeroizing::new(value.trim_end_matches('"').to_owned()))));
                assigned = true;
                break;
            }
            rest = value;
        }
        if !assigned
            && word.starts_with("--")
            && names::is_label(word)
            && word.len() <= NAME_LIMIT
            && let Some(value) = words.next_if(|value| !value.starts_with("--"))
        {
            found.push((word.trim_start_matches('-').to_owned(), Some(Zeroizing::new(value.to_owned()))));
        }
    }
    found
}
