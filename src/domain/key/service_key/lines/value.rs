//! Parses literals: the value without quotes, escapes and comments.

use zeroize::Zeroizing;

use super::Style;

type Text = Zeroizing<String>;

/// The value at the start of `text`, `None` if there is none or it does not end.
pub(super) fn literal(text: &str, style: Style) -> Option<Text> {
    let text = text.trim();
    let text = text.strip_prefix("**").unwrap_or(text).trim_start();
    let value = match opening(text) {
        Some((open, rest)) => quoted(open, rest)?.0,
        None => bare(text, style)?,
    };
    Some(if style.compose { Zeroizing::new(value.replace("$$", "$")) } else { value })
}

/// The quote at the beginning of `text`, and what follows it. Some languages put a letter before it: `r"..`, `@"..`,
/// `$'..`.
fn opening(text: &str) -> Option<(&str, &str)> {
    let plain = |text: &'_ str| {
        ["\"\"\"", "'''"].iter().find(|open| text.starts_with(**open)).map(|open| open.len()).or_else(|| {
            text.chars()
                .next()
                .filter(|c| matches!(c, '"' | '\'' | '`' | '“' | '„' | '”' | '‘' | '’' | '«'))
                .map(char::len_utf8)
        })
    };
    let cut = match plain(text) {
        Some(length) => (0, length),
        None => {
            let letter =
                text.chars().next().filter(|c| matches!(c, 'r' | 'b' | 'u' | 'f' | 'R' | 'F' | '@' | '$' | 'L'))?;
            (letter.len_utf8(), plain(&text[letter.len_utf8()..])?)
        }
    };
    Some((&text[cut.0..cut.0 + cut.1], &text[cut.0 + cut.1..]))
}

/// The unescaped text up to the quote that closes `open`, and the number of bytes of `rest` it takes, including that
/// quote.
pub(super) fn quoted(open: &str, rest: &str) -> Option<(Text, usize)> {
    let close = match open {
        "“" | "„" | "”" => &['”', '“'][..],
        "‘" | "’" => &['’', '‘'],
        "«" => &['»'],
        "'" | "'''" => &['\''],
        "`" => &['`'],
        _ => &['"'],
    };
    let escapes = matches!(open, "\"" | "\"\"\"");
    let single = open == "'";
    let mut out = Zeroizing::new(String::with_capacity(rest.len().min(4096)));
    let mut characters = rest.char_indices();
    while let Some((at, c)) = characters.next() {
        let after = &rest[at + c.len_utf8()..];
        match c {
            '\\' if escapes => unescape(&mut characters, &mut out),
            // PowerShell.
            '`' if escapes && after.starts_with('$') => {}
            // A shell closes the quote, writes one with a backslash, and opens it again; YAML doubles it.
            '\'' if single && after.starts_with("\\''") => {
                out.push('\'');
                characters.nth(2);
            }
            '\'' if single && after.starts_with('\'') => {
                out.push('\'');
                characters.next();
            }
            _ if close.contains(&c) => {
                let taken = if open.len() == 3 && open.is_ascii() { 3 } else { c.len_utf8() };
                return Some((out, (at + taken).min(rest.len())));
            }
            _ => out.push(c),
        }
    }
    None
}

/// Decodes an escape in double quotes; `characters` begin after its backslash.
fn unescape(characters: &mut std::str::CharIndices<'_>, out: &mut Text) {
    let Some((_, c)) = characters.next() else { return out.push('\\') };
    match c {
        '"' | '\\' | '/' | '$' | '\'' | '`' => out.push(c),
        'n' => out.push('\n'),
        'r' => out.push('\r'),
        't' => out.push('\t'),
        'u' => match code_point(characters.as_str()) {
            Some(decoded) => {
                out.push(decoded);
                characters.nth(3);
            }
            None => out.push_str("\\u"),
        },
        _ => {
            out.push('\\');
            out.push(c);
        }
    }
}

/// Decodes four hexadecimal digits.
fn code_point(digits: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(digits.get(..4)?, 16).ok()?)
}

/// An unquoted value: up to a comment or the end of the statement.
fn bare(text: &str, style: Style) -> Option<Text> {
    if let Some(fallback) = fallback(text) {
        return fallback;
    }
    let end = [" #", "\t#", " //", "\t//"].iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
    let text = text[..end].trim().trim_end_matches([',', ';', '\\']).trim_end_matches("**").trim();
    // A link as written in emails (`<https://..>`, twice) or Markdown.
    let link = text.strip_prefix('[').and_then(|rest| rest.split_once("](")).map(|(shown, _)| shown);
    let link = link.or_else(|| {
        text.strip_prefix('<').filter(|rest| rest.starts_with("http")).map(|rest| rest.trim_end_matches('>'))
    });
    let text = link.unwrap_or(text);
    let text = text.find("<http").filter(|at| *at > 0).map_or(text, |at| text[..at].trim_end());
    if text.is_empty() {
        return None;
    }
    if !style.properties {
        return Some(Zeroizing::new(text.to_owned()));
    }
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut characters = text.char_indices();
    while let Some((_, c)) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some((_, c @ (':' | '=' | '!' | '#' | ' ' | '\\'))) => out.push(c),
                Some((_, 'u')) if code_point(characters.as_str()).is_some() => {
                    out.extend(code_point(characters.as_str()));
                    characters.nth(3);
                }
                Some((_, c)) => out.extend(['\\', c]),
                None => {}
            },
            c => out.push(c),
        }
    }
    Some(out)
}

/// `getenv("NAME", "value")`, `process.env.NAME || 'value'`: the text at the end, or nothing if there is only a name.
/// `None` if `text` is not such an expression.
fn fallback(text: &str) -> Option<Option<Text>> {
    let or = ["||", "??"].iter().filter_map(|or| text.find(or)).max();
    let call =
        text.find('(').filter(|at| text[..*at].chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ' ')));
    let after = match (or, call) {
        (Some(at), _) => &text[at + 2..],
        (None, Some(at)) if at > 0 => text[at..].split_once(',').map_or("", |(_, after)| after),
        _ => return None,
    };
    let after = after.trim_start();
    Some(opening(after).and_then(|(open, rest)| quoted(open, rest)).map(|(value, _)| value))
}

/// The words of a command, split like a shell does.
pub(super) fn words(text: &str) -> Vec<Text> {
    let mut words: Vec<Text> = Vec::new();
    let mut word: Option<Text> = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = after;
        match c {
            '"' | '\'' => match quoted(if c == '"' { "\"" } else { "'" }, after) {
                Some((inner, taken)) => {
                    word.get_or_insert_default().push_str(&inner);
                    rest = &after[taken..];
                }
                None => word.get_or_insert_default().push(c),
            },
            _ if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
