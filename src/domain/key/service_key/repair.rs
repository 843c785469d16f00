//! Repairs the damage that clipboards, chat programs, word processors and terminals do to JSON, and reads what is
//! nearly JSON: JavaScript and Python literals, and JSON with comments.
//!
//! Only called if the strict parser rejected the text. The content of a string is never changed, with one exception: a
//! line break inside a string, which JSON does not allow, was inserted by a terminal at its right edge.

use zeroize::Zeroizing;

use crate::domain::finding::Fact;

/// What was repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Repair {
    /// Typographic quotes around names and values.
    Quotes,
    /// Single quotes around names and values, as Python and JavaScript write them.
    SingleQuotes,
    /// Names without quotes.
    Names,
    /// `//` and `/* */`.
    Comments,
    /// `None`, `True`, `undefined`.
    Words,
    /// No-break spaces and zero-width characters between the values.
    Spaces,
    /// A comma before a closing brace.
    Comma,
    /// Lines broken inside a value.
    Lines,
    /// The outer braces were not copied.
    Braces,
    /// The closing braces at the end were not copied.
    End,
}

impl Repair {
    /// The fact for the finding.
    pub fn fact(self) -> Fact {
        match self {
            Repair::Quotes => Fact::TypographicQuotes,
            Repair::SingleQuotes => Fact::SingleQuotes,
            Repair::Names => Fact::BareNames,
            Repair::Comments => Fact::Comments,
            Repair::Words => Fact::ForeignWords,
            Repair::Spaces => Fact::NoBreakSpaces,
            Repair::Comma => Fact::TrailingComma,
            Repair::Lines => Fact::BrokenLines,
            Repair::Braces => Fact::OuterBracesMissing,
            Repair::End => Fact::ClosingBracesMissing,
        }
    }
}

/// The repaired text of one object.
pub(super) struct Repaired {
    /// The text, which may be JSON.
    pub text: Zeroizing<String>,
    /// Its length in the source, in bytes.
    pub taken: usize,
    /// The repairs.
    pub done: Vec<Repair>,
    /// Where the offsets begin to differ: (offset in `text`, offset in the source).
    shifts: Vec<(usize, usize)>,
}

impl Repaired {
    /// The offset in the source of an offset in the repaired text.
    pub fn origin(&self, offset: usize) -> usize {
        let at = self.shifts.partition_point(|(out, _)| *out <= offset);
        match at.checked_sub(1).and_then(|at| self.shifts.get(at)) {
            Some((out, source)) => source + (offset - out),
            None => offset,
        }
    }
}

/// Which characters end the string being read.
#[derive(Clone, Copy, PartialEq)]
enum Quote {
    Straight,
    Curly,
    Single,
    Backtick,
}

/// Repairs the object or list at the beginning of `source`. `join` says whether lines broken inside a value are joined.
pub(super) fn repair(source: &str, join: bool) -> Repaired {
    let mut repairer = Repairer {
        source,
        ends: source.match_indices("*/").map(|(at, _)| at).collect(),
        at: 0,
        out: Zeroizing::new(String::with_capacity(source.len() + 2)),
        done: Vec::new(),
        depth: 0,
        begins_name: false,
    };
    let mut shifts = Vec::new();
    let mut string: Option<(Quote, bool)> = None;
    while let Some(c) = repairer.rest().chars().next() {
        let (from, out) = (repairer.at, repairer.out.len());
        repairer.at += c.len_utf8();
        string = match string {
            Some((open, escaped)) => repairer.inside(open, escaped, c, join),
            None => repairer.outside(c),
        };
        if repairer.out.len() - out != repairer.at - from {
            shifts.push((repairer.out.len(), repairer.at));
        }
        if matches!(c, '}' | ']') && string.is_none() && repairer.depth == 0 {
            break;
        }
    }
    let Repairer { at, out, done, .. } = repairer;
    Repaired { text: out, taken: at, done, shifts }
}

struct Repairer<'a> {
    source: &'a str,
    /// The offsets of all `*/`.
    ends: Vec<usize>,
    /// The current position in the source.
    at: usize,
    out: Zeroizing<String>,
    done: Vec<Repair>,
    /// Open braces and brackets.
    depth: usize,
    /// Whether a name may begin here: after a brace or a comma.
    begins_name: bool,
}

impl<'a> Repairer<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// The next significant character.
    fn next(&self) -> Option<char> {
        next(self.source, self.at, &self.ends)
    }

    /// The end of the comment that begins with the last character read.
    fn comment(&self) -> Option<usize> {
        comment(self.source, self.at - 1, &self.ends)
    }

    fn note(&mut self, repair: Repair) {
        if !self.done.contains(&repair) {
            self.done.push(repair);
        }
    }

    /// Processes one character of a string. Returns the string that continues, and whether the last character was a
    /// backslash.
    fn inside(&mut self, open: Quote, escaped: bool, c: char, join: bool) -> Option<(Quote, bool)> {
        match c {
            '\n' | '\r' if join => {
                self.note(Repair::Lines);
                return Some((open, escaped));
            }
            '\'' if escaped && open == Quote::Single => {
                // JSON does not escape it.
                self.out.pop();
                self.out.push(c);
            }
            _ if escaped => self.out.push(c),
            '\\' => {
                self.out.push(c);
                return Some((open, true));
            }
            _ if closes(open, c, || self.next()) => {
                self.out.push('"');
                return None;
            }
            '"' => self.out.push_str("\\\""),
            _ => self.out.push(c),
        }
        Some((open, false))
    }

    /// Processes one or more characters between strings. Returns the string that begins.
    fn outside(&mut self, c: char) -> Option<(Quote, bool)> {
        let begins_name = std::mem::replace(&mut self.begins_name, false);
        match c {
            '"' => return self.open(Quote::Straight, None),
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' => {
                return self.open(Quote::Curly, Some(Repair::Quotes));
            }
            '\'' => return self.open(Quote::Single, Some(Repair::SingleQuotes)),
            '‘' | '’' | '‚' | '‛' => return self.open(Quote::Single, Some(Repair::Quotes)),
            '`' => return self.open(Quote::Backtick, Some(Repair::SingleQuotes)),
            '/' if self.comment().is_some() => {
                self.note(Repair::Comments);
                self.at = self.comment().unwrap_or(self.at);
                self.begins_name = begins_name;
            }
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {
                self.note(Repair::Spaces);
                self.begins_name = begins_name;
            }
            _ if c.is_whitespace() => {
                let plain = matches!(c, ' ' | '\t' | '\n' | '\r');
                if !plain {
                    self.note(Repair::Spaces);
                }
                self.out.push(if plain { c } else { ' ' });
                self.begins_name = begins_name;
            }
            ',' if matches!(self.next(), Some('}' | ']')) => self.note(Repair::Comma),
            '{' | '[' | ',' => {
                self.depth += usize::from(c != ',');
                self.out.push(c);
                self.begins_name = true;
            }
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                self.out.push(c);
            }
            _ if c.is_ascii_alphabetic() || matches!(c, '_' | '$') => self.word(self.at - 1, begins_name),
            _ => self.out.push(c),
        }
        None
    }

    fn open(&mut self, quote: Quote, repair: Option<Repair>) -> Option<(Quote, bool)> {
        if let Some(repair) = repair {
            self.note(repair);
        }
        self.out.push('"');
        Some((quote, false))
    }

    /// A word that begins at `start`: a name, or the equivalent of `null`, `true` or `false` in other languages.
    fn word(&mut self, start: usize, begins_name: bool) {
        let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '-');
        self.at += self.rest().chars().take_while(is_part).count();
        let word = &self.source[start..self.at];
        let literal = match word {
            "None" | "undefined" | "nil" => Some("null"),
            "True" => Some("true"),
            "False" => Some("false"),
            _ => None,
        };
        if begins_name && self.next() == Some(':') {
            self.note(Repair::Names);
            self.out.push('"');
            self.out.push_str(word);
            self.out.push('"');
        } else if let Some(literal) = literal {
            self.note(Repair::Words);
            self.out.push_str(literal);
        } else {
            self.out.push_str(word);
        }
    }
}

/// Whether `c` ends a string that began with `open`, judging by the `next` character.
fn closes(open: Quote, c: char, next: impl FnOnce() -> Option<char>) -> bool {
    match (open, c) {
        (Quote::Straight, '"') | (Quote::Curly, '"' | '”' | '“' | '«' | '»' | '″') | (Quote::Backtick, '`') => {
            true
        }
        // A word processor converts quotes individually, so the other end may differ.
        (Quote::Straight, '”' | '“') | (Quote::Single, '\'' | '’' | '‘') => {
            matches!(next(), None | Some(':' | ',' | '}' | ']'))
        }
        _ => false,
    }
}

/// The end of the comment that begins at `start`, `None` if there is none. `ends` are the offsets of all `*/`.
fn comment(source: &str, start: usize, ends: &[usize]) -> Option<usize> {
    let rest = &source[start..];
    if rest.starts_with("//") {
        return Some(rest.find(['\n', '\r']).map_or(source.len(), |at| start + at));
    }
    let inner = rest.starts_with("/*").then_some(start + 2)?;
    ends.get(ends.partition_point(|end| *end < inner)).map(|end| end + 2)
}

/// The next character from `at` on that is neither white space nor part of a comment.
fn next(source: &str, mut at: usize, ends: &[usize]) -> Option<char> {
    loop {
        let c = source[at..].chars().next()?;
        match c {
            '/' => match comment(source, at, ends) {
                Some(end) => at = end,
                None => return Some(c),
            },
            _ if c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') => {
                at += c.len_utf8();
            }
            _ => return Some(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(source: &str) -> (String, Vec<Repair>) {
        let repaired = repair(source, true);
        (repaired.text.to_string(), repaired.done)
    }

    #[test]
    fn quotes_of_a_word_processor_become_straight() {
        assert_eq!(repaired("{“a”:“b”}"), (r#"{"a":"b"}"#.into(), vec![Repair::Quotes]));
        assert_eq!(repaired("{„a“: 'b\"c'}"), (r#"{"a": "b\"c"}"#.into(), vec![Repair::Quotes, Repair::SingleQuotes]));
        assert_eq!(repaired("{\"a”:\"b\"}").0, r#"{"a":"b"}"#);
    }

    #[test]
    fn quotes_inside_a_string_stay_what_they_are() {
        assert_eq!(repaired("{\"a\":\"say “x” to 'y', please\",}").0, "{\"a\":\"say “x” to 'y', please\"}");
    }

    #[test]
    fn literals_of_other_languages_become_json() {
        assert_eq!(
            repaired("{a: 'x', 'b': None, // no\n c-d: `y`, /* z */}"),
            (
                r#"{"a": "x", "b": null, 
 "c-d": "y" }"#
                    .into(),
                vec![Repair::Names, Repair::SingleQuotes, Repair::Words, Repair::Comments, Repair::Comma]
            )
        );
        assert_eq!(repaired("{\"a\": \"https://x\"}"), ("{\"a\": \"https://x\"}".into(), vec![]));
    }

    #[test]
    fn trailing_commas_and_odd_spaces_go() {
        assert_eq!(repaired("{\u{a0}\"a\": [1,\u{200b}],\n}").0, "{ \"a\": [1]\n}");
    }

    #[test]
    fn a_value_broken_by_the_terminal_is_joined_even_inside_an_escape() {
        assert_eq!(repaired("{\"a\":\"x\r\ny\\u00\n26\\\nn\"}").0, r#"{"a":"xy\u0026\n"}"#);
    }

    #[test]
    fn it_ends_with_its_object_and_maps_offsets_back_to_the_source() {
        let result = repair("{“a”: 1 2} and more}", true);
        assert_eq!(result.taken, "{“a”: 1 2}".len());
        assert_eq!(result.text.find('2').map(|at| result.origin(at)), "{“a”: 1 2}".find('2'));
    }
}
