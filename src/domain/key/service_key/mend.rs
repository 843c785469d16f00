//! Mends what clipboards, chat programs, word processors and terminals do to JSON.
//!
//! Only called when the strict parser has refused the text. The content of a string is never changed, with one
//! exception: a line break inside a string, which JSON does not allow, is what a terminal puts in at its right edge.

use zeroize::Zeroizing;

/// What was mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mend {
    /// Typographic or single quotes around names and values.
    Quotes,
    /// No-break spaces and characters of no width between the values.
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

impl Mend {
    /// In words, for the finding.
    pub fn words(self) -> &'static str {
        match self {
            Mend::Quotes => "typographic quotes",
            Mend::Spaces => "no-break spaces",
            Mend::Comma => "a comma too many",
            Mend::Lines => "lines broken inside a value",
            Mend::Braces => "missing outer braces",
            Mend::End => "missing closing braces",
        }
    }
}

/// The mended text of one object.
pub(super) struct Mended {
    /// JSON, perhaps.
    pub text: Zeroizing<String>,
    /// Bytes of the source that it took.
    pub taken: usize,
    /// What was done.
    pub done: Vec<Mend>,
    /// Where the offsets begin to differ: (offset in `text`, offset in the source).
    shifts: Vec<(usize, usize)>,
}

impl Mended {
    /// The offset in the source of an offset in the mended text.
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
}

/// Mends the object or list at the beginning of `source`. `join` says whether lines broken inside a value are joined.
pub(super) fn mend(source: &str, join: bool) -> Mended {
    let mut out = Zeroizing::new(String::with_capacity(source.len() + 2));
    let mut done = Vec::new();
    let mut shifts = Vec::new();
    let mut depth = 0usize;
    let mut quote: Option<Quote> = None;
    let mut escaped = false;
    let mut taken = source.len();
    for (at, c) in source.char_indices() {
        let after = at + c.len_utf8();
        let before = out.len();
        match quote {
            Some(_) if matches!(c, '\n' | '\r') && join => note(&mut done, Mend::Lines),
            Some(Quote::Single) if escaped && c == '\'' => {
                out.pop();
                out.push(c);
                escaped = false;
            }
            Some(_) if escaped => {
                out.push(c);
                escaped = false;
            }
            Some(_) if c == '\\' => {
                out.push(c);
                escaped = true;
            }
            Some(open) => {
                if closes(open, c, &source[after..]) {
                    out.push('"');
                    quote = None;
                } else if c == '"' {
                    out.push_str("\\\"");
                } else {
                    out.push(c);
                }
            }
            None => match c {
                '"' => {
                    out.push(c);
                    quote = Some(Quote::Straight);
                }
                '“' | '”' | '„' | '‟' | '«' | '»' | '″' => {
                    note(&mut done, Mend::Quotes);
                    out.push('"');
                    quote = Some(Quote::Curly);
                }
                '\'' | '‘' | '’' | '‚' | '‛' => {
                    note(&mut done, Mend::Quotes);
                    out.push('"');
                    quote = Some(Quote::Single);
                }
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => note(&mut done, Mend::Spaces),
                _ if c.is_whitespace() && !matches!(c, ' ' | '\t' | '\n' | '\r') => {
                    note(&mut done, Mend::Spaces);
                    out.push(' ');
                }
                ',' if matches!(next(&source[after..]), Some('}' | ']')) => note(&mut done, Mend::Comma),
                '{' | '[' => {
                    out.push(c);
                    depth += 1;
                }
                '}' | ']' => {
                    out.push(c);
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        taken = after;
                        break;
                    }
                }
                _ => out.push(c),
            },
        }
        if out.len() - before != c.len_utf8() {
            shifts.push((out.len(), after));
        }
    }
    Mended { text: out, taken, done, shifts }
}

fn note(done: &mut Vec<Mend>, mend: Mend) {
    if !done.contains(&mend) {
        done.push(mend);
    }
}

/// True where `c` ends a string that began with `open`.
fn closes(open: Quote, c: char, rest: &str) -> bool {
    match (open, c) {
        (Quote::Straight, '"') | (Quote::Curly, '"' | '”' | '“' | '«' | '»' | '″') => true,
        // A word processor turns single quotes one by one, so the other end may differ.
        (Quote::Straight, '”' | '“') | (Quote::Single, '\'' | '’' | '‘') => {
            matches!(next(rest), None | Some(':' | ',' | '}' | ']'))
        }
        _ => false,
    }
}

/// The next character that is no white space.
fn next(rest: &str) -> Option<char> {
    rest.chars().find(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(source: &str) -> (String, Vec<Mend>) {
        let mended = mend(source, true);
        (mended.text.to_string(), mended.done)
    }

    #[test]
    fn quotes_of_a_word_processor_become_straight() {
        assert_eq!(mended("{“a”:“b”}"), (r#"{"a":"b"}"#.into(), vec![Mend::Quotes]));
        assert_eq!(mended("{„a“: 'b\"c'}"), (r#"{"a": "b\"c"}"#.into(), vec![Mend::Quotes]));
        assert_eq!(mended("{\"a”:\"b\"}").0, r#"{"a":"b"}"#);
    }

    #[test]
    fn quotes_inside_a_string_stay_what_they_are() {
        assert_eq!(mended("{\"a\":\"say “x” to 'y', please\",}").0, "{\"a\":\"say “x” to 'y', please\"}");
    }

    #[test]
    fn trailing_commas_and_odd_spaces_go() {
        assert_eq!(mended("{\u{a0}\"a\": [1,\u{200b}],\n}").0, "{ \"a\": [1]\n}");
    }

    #[test]
    fn a_value_broken_by_the_terminal_is_joined_even_inside_an_escape() {
        assert_eq!(mended("{\"a\":\"x\r\ny\\u00\n26\\\nn\"}").0, r#"{"a":"xy\u0026\n"}"#);
    }

    #[test]
    fn it_ends_with_its_object_and_knows_where_things_came_from() {
        let result = mend("{“a”: 1 2} and more}", true);
        assert_eq!(result.taken, "{“a”: 1 2}".len());
        assert_eq!(result.text.find('2').map(|at| result.origin(at)), "{“a”: 1 2}".find('2'));
    }
}
