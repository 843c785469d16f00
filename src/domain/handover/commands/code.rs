//! Commands for display: syntax highlighting, and long lines folded so that text selected on the screen still works.

use std::ops::Range;

/// The languages of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// POSIX shells.
    Sh,
    /// PowerShell.
    PowerShell,
    /// The Windows command prompt.
    Cmd,
    /// Terraform.
    Hcl,
}

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// Anything else.
    Plain,
    /// A comment.
    Comment,
    /// A string, including the quotes.
    Text,
    /// The value of a variable.
    Variable,
}

/// The state at the beginning of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    /// A string that began on an earlier line, with its quote.
    Text(char),
    /// A verbatim text, up to this line.
    Verbatim(&'static str),
}

impl Language {
    /// The start of a comment.
    fn comment(self) -> &'static str {
        match self {
            Language::Sh | Language::PowerShell | Language::Hcl => "#",
            Language::Cmd => "rem",
        }
    }

    /// The line continuation.
    fn continuation(self) -> Option<&'static str> {
        match self {
            Language::Sh => Some(" \\"),
            Language::PowerShell => Some(" `"),
            Language::Cmd => Some(" ^"),
            Language::Hcl => None,
        }
    }

    fn quotes(self) -> &'static [char] {
        match self {
            Language::Sh | Language::PowerShell => &['"', '\''],
            Language::Cmd | Language::Hcl => &['"'],
        }
    }

    /// The escape character, in a string with this quote or outside a string.
    fn escape(self, quote: Option<char>) -> Option<char> {
        match (self, quote) {
            (_, Some('\'')) => None,
            (Language::Sh | Language::Hcl, _) => Some('\\'),
            (Language::PowerShell, _) => Some('`'),
            (Language::Cmd, None) => Some('^'),
            (Language::Cmd, Some(_)) => None,
        }
    }

    /// The terminator of a verbatim text that begins at the end of `line`.
    fn verbatim(self, line: &str) -> Option<&'static str> {
        match self {
            Language::Sh if line.ends_with("<<'JSON'") => Some("JSON"),
            Language::PowerShell if line.ends_with("@'") => Some("'@"),
            _ => None,
        }
    }
}

/// A line of code as consecutive parts.
pub type Parts = Vec<(Range<usize>, Token)>;

/// Tokenizes a text line by line: strings may span lines.
#[derive(Debug)]
pub struct Reader {
    language: Language,
    inside: Inside,
}

impl Reader {
    /// A reader before the first line.
    pub fn new(language: Language) -> Self {
        Self { language, inside: Inside::Nothing }
    }

    /// The parts of the next line.
    pub fn line(&mut self, line: &str) -> Parts {
        if let Inside::Verbatim(end) = self.inside {
            if line == end {
                self.inside = Inside::Nothing;
                return parts(line, Token::Plain);
            }
            return parts(line, Token::Text);
        }
        let (tokens, open) = self.tokens(line);
        self.inside = match (open, self.language.verbatim(line)) {
            (_, Some(end)) => Inside::Verbatim(end),
            // A string ends with its line, except in shells that continue it.
            (Some(quote), None) if self.language == Language::Sh => Inside::Text(quote),
            _ => Inside::Nothing,
        };
        tokens
    }

    fn tokens(&self, line: &str) -> (Parts, Option<char>) {
        let language = self.language;
        let mut tokens: Parts = Vec::new();
        let mut push = |range: Range<usize>, token: Token| match tokens.last_mut() {
            Some((last, same)) if *same == token && last.end == range.start => last.end = range.end,
            _ if range.is_empty() => {}
            _ => tokens.push((range, token)),
        };
        let mut quote = match self.inside {
            Inside::Text(quote) => Some(quote),
            _ => None,
        };
        let mut chars = line.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = |chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>| {
                chars.peek().map_or(line.len(), |(at, _)| *at)
            };
            if language.escape(quote) == Some(c) {
                chars.next();
                let token = if quote.is_some() { Token::Text } else { Token::Plain };
                push(at..next(&mut chars), token);
                continue;
            }
            if let Some(open) = quote {
                push(at..next(&mut chars), Token::Text);
                quote = (c != open).then_some(open);
                continue;
            }
            let word = line[..at].chars().next_back().is_none_or(char::is_whitespace);
            let comment = language.comment();
            let begins = line.get(at..at + comment.len()).is_some_and(|text| text.eq_ignore_ascii_case(comment))
                && (comment.len() == 1 || line[at + comment.len()..].starts_with(' '));
            if word && begins && (language != Language::Cmd || line[..at].trim().is_empty()) {
                push(at..line.len(), Token::Comment);
                return (tokens, None);
            }
            if language.quotes().contains(&c) {
                push(at..next(&mut chars), Token::Text);
                quote = Some(c);
                continue;
            }
            let variable = match language {
                Language::Sh | Language::PowerShell if c == '$' => {
                    let rest = &line[at + 1..];
                    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    rest.find(|c| !name(c)).unwrap_or(rest.len())
                }
                Language::Cmd if c == '%' => line[at + 1..].find('%').map_or(0, |end| end + 1),
                _ => 0,
            };
            push(at..at + c.len_utf8(), if variable > 0 { Token::Variable } else { Token::Plain });
            if variable > 0 {
                push(at + 1..at + 1 + variable, Token::Variable);
                while chars.peek().is_some_and(|(next, _)| *next <= at + variable) {
                    chars.next();
                }
            }
        }
        (tokens, quote)
    }
}

fn parts(line: &str, token: Token) -> Parts {
    if line.is_empty() { Vec::new() } else { vec![(0..line.len(), token)] }
}

/// A line for display.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Its text.
    pub text: String,
    /// Its parts.
    pub parts: Parts,
}

impl Shown {
    fn push(&mut self, text: &str, token: Token) {
        let start = self.text.len();
        self.text.push_str(text);
        match self.parts.last_mut() {
            Some((range, same)) if *same == token => range.end = self.text.len(),
            _ => self.parts.push((start..self.text.len(), token)),
        }
    }
}

/// The lines of a text in at most `width` columns, if possible: long lines are continued in the syntax of the language,
/// comments as further comments. A string without a break opportunity is broken between two words anyway. Every
/// character counts as one column.
pub fn fold(text: &str, language: Language, width: usize) -> Vec<Shown> {
    let mut reader = Reader::new(language);
    let mut shown = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut next = 0;
    while let Some(line) = lines.get(next) {
        let paragraph = paragraph(&lines[next..], language);
        if reader.inside == Inside::Nothing && paragraph.iter().any(|line| line.chars().count() > width) {
            shown.extend(fold_comment(paragraph, language, width));
            next += paragraph.len();
            continue;
        }
        next += 1;
        let verbatim = matches!(reader.inside, Inside::Verbatim(_));
        let parts = reader.line(line);
        if line.chars().count() <= width {
            shown.push(Shown { text: (*line).to_owned(), parts });
        } else if language == Language::Hcl {
            // Only the templates know where an expression can be continued.
            shown.push(Shown { text: (*line).to_owned(), parts });
        } else {
            shown.extend(fold_line(line, &parts, if verbatim { None } else { Some(language) }, width));
        }
    }
    shown
}

/// The comment at the start of `lines`, up to the end of a sentence: a multi-line comment is folded as one. Empty if
/// there is none.
fn paragraph<'a, 'b>(lines: &'a [&'b str], language: Language) -> &'a [&'b str] {
    let Some((lead, _)) = lines.first().and_then(|line| comment_in(line, language)) else { return &[] };
    let goes_on = |pair: &[&str]| {
        let same = comment_in(pair[1], language).is_some_and(|(other, said)| other == lead && !said.starts_with(' '));
        same && !pair[0].ends_with(['.', ':', '?'])
    };
    let more = lines.windows(2).take_while(|pair| goes_on(pair)).count();
    &lines[..=more]
}

/// The prefix and the text of a comment that fills its line.
fn comment_in(line: &str, language: Language) -> Option<(&str, &str)> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let said = line[indent..].strip_prefix(language.comment())?.strip_prefix(' ')?;
    Some((&line[..line.len() - said.len()], said))
}

fn fold_comment(paragraph: &[&str], language: Language, width: usize) -> Vec<Shown> {
    let parted: Vec<(&str, &str)> = paragraph.iter().filter_map(|line| comment_in(line, language)).collect();
    let lead = parted.first().map(|(lead, _)| *lead).unwrap_or_default();
    let words = parted.iter().flat_map(|(_, said)| said.split_whitespace());
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + word.chars().count() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(format!("{lead}{word}")),
        }
    }
    lines.into_iter().map(|text| Shown { parts: parts(&text, Token::Comment), text }).collect()
}

/// Breaks a line at white space, outside strings if possible.
fn fold_line(line: &str, parts: &Parts, language: Option<Language>, width: usize) -> Vec<Shown> {
    let continuation = language.and_then(Language::continuation);
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let deeper = format!("{indent}    ");
    let mut lines = Vec::new();
    let mut current = Shown::default();
    let whole = |token: Token| token == Token::Text && continuation.is_some();
    let rest = parts
        .iter()
        .flat_map(|(range, token)| words(&line[range.clone()], whole(*token)).into_iter().map(|word| (word, *token)));
    let room = width.saturating_sub(continuation.map_or(0, str::len)).max(deeper.len() + 8);
    for (word, token) in rest {
        let columns = word.trim_end().chars().count();
        let used = current.text.chars().count();
        let begins = current.text.trim().is_empty();
        let alone = deeper.chars().count() + columns <= room;
        if token == Token::Text && language == Some(Language::Sh) && word.starts_with('"') && !alone {
            // In double quotes, the shell only removes a backslash at the end of a line.
            for piece in word.split_inclusive(' ') {
                if current.text.chars().count() + piece.chars().count() + 1 > width {
                    current.push("\\", Token::Text);
                    lines.push(std::mem::take(&mut current));
                }
                current.push(piece, token);
            }
            continue;
        }
        let breaks = current.text.ends_with(' ') && used + columns > room && !begins;
        if breaks {
            let mut done = std::mem::take(&mut current);
            trim_end(&mut done);
            if let Some(mark) = continuation {
                done.push(mark, Token::Plain);
            }
            lines.push(done);
            if language.is_some() {
                current.push(&deeper, Token::Plain);
            }
        }
        current.push(word, token);
    }
    lines.push(current);
    lines
}

/// Words with their trailing white space; an unbreakable string is one word.
fn words(text: &str, whole: bool) -> Vec<&str> {
    if whole {
        return vec![text];
    }
    text.split_inclusive(' ').collect()
}

fn trim_end(shown: &mut Shown) {
    let length = shown.text.trim_end().len();
    shown.text.truncate(length);
    shown.parts.retain(|(range, _)| range.start < length);
    if let Some((range, _)) = shown.parts.last_mut() {
        range.end = range.end.min(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, language: Language, width: usize) -> Vec<String> {
        fold(text, language, width).into_iter().map(|shown| shown.text).collect()
    }

    fn tokens(language: Language, line: &str) -> Vec<(&str, Token)> {
        let parts = Reader::new(language).line(line);
        parts.into_iter().map(|(range, token)| (&line[range], token)).collect()
    }

    #[test]
    fn a_comment_over_several_lines_is_folded_as_one_up_to_the_end_of_its_sentence() {
        let text = "# One two three four five\n# six. Seven.\n# Eight\n#   code\n#\n# nine";
        assert_eq!(
            shown(text, Language::Sh, 16),
            ["# One two three", "# four five six.", "# Seven.", "# Eight", "#   code", "#", "# nine"]
        );
        assert_eq!(shown(text, Language::Sh, 40), text.lines().collect::<Vec<_>>());
    }

    #[test]
    fn comments_strings_and_variables_are_told_apart() {
        use Token::{Comment, Plain, Text, Variable};
        assert_eq!(
            tokens(Language::Sh, "say \"a # $b\" $c # d"),
            [("say ", Plain), ("\"a # $b\"", Text), (" ", Plain), ("$c", Variable), (" ", Plain), ("# d", Comment)]
        );
        assert_eq!(tokens(Language::Cmd, "rem \"x"), [("rem \"x", Comment)]);
        assert_eq!(tokens(Language::Cmd, "echo %a%b"), [("echo ", Plain), ("%a%", Variable), ("b", Plain)]);
        assert_eq!(tokens(Language::PowerShell, "'it`'"), [("'it`'", Text)]);
        assert_eq!(tokens(Language::Hcl, "a = \"\\\"#\""), [("a = ", Plain), ("\"\\\"#\"", Text)]);
    }

    #[test]
    fn a_long_comment_goes_on_as_a_comment_and_a_long_command_with_the_mark_of_its_language() {
        assert_eq!(shown("  # one two three", Language::Hcl, 11), ["  # one two", "  # three"]);
        assert_eq!(shown("cf create -c file.json", Language::Sh, 14), ["cf create -c \\", "    file.json"]);
        assert_eq!(shown("cf create -c file.json", Language::PowerShell, 14), ["cf create -c `", "    file.json"]);
        assert_eq!(shown("cf create -c file.json", Language::Cmd, 14), ["cf create -c ^", "    file.json"]);
    }

    #[test]
    fn a_string_is_broken_only_where_the_shell_joins_it_again() {
        assert_eq!(
            shown("stop \"there is no such thing\"", Language::Sh, 16),
            ["stop \"there is \\", "no such thing\""]
        );
        assert_eq!(shown("stop 'a b c d e f g h i'", Language::Sh, 16), ["stop \\", "    'a b c d e f g h i'"]);
    }

    #[test]
    fn what_is_taken_as_it_is_gets_no_marks() {
        let text = "cat <<'JSON'\n{ \"a long name\": 1 }\nJSON\nsay a long word";
        assert_eq!(
            shown(text, Language::Sh, 12),
            ["cat <<'JSON'", "{ \"a long", "name\": 1 }", "JSON", "say a long \\", "    word"]
        );
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_parts_cover_the_line(text in "[a-z \"'$%#^`\\\\\n]{0,120}", width in 8usize..40) {
            for language in [Language::Sh, Language::PowerShell, Language::Cmd, Language::Hcl] {
                for line in fold(&text, language, width) {
                    let joined: String = line.parts.iter().map(|(range, _)| &line.text[range.clone()]).collect();
                    proptest::prop_assert_eq!(&joined, &line.text);
                }
                let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).collect::<String>();
                let whole: String = fold(&text, language, width).into_iter().map(|shown| shown.text).collect();
                if language != Language::Cmd {
                    proptest::prop_assert_eq!(letters(&whole), letters(&text));
                }
            }
        }
    }
}
