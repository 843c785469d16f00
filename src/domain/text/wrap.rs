//! Wraps text. Screens and commands wrap it in the same way.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::columns::{is_plain, width};

/// A non-breaking space.
pub const NO_BREAK: char = '\u{a0}';

/// Separates two facts on a line. A line neither starts nor ends with it.
pub const SEPARATOR: &str = "·";

/// How to handle a word that is wider than a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LongWord {
    /// Keep it whole: the terminal continues it in the next row, and a URL is copied in one piece.
    Whole,
    /// Split it, at a joint if it has one: nothing is visible beyond the edge of an area.
    Cut,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it is in the text.
    pub range: Range<usize>,
    /// Whether a space comes before it.
    pub gap: bool,
}

/// A word that is wider than a line is best split after one of these, or before one of [`HEADS`]: most are URLs.
const TAILS: [char; 5] = ['/', '&', '=', '?', ' '];

/// See [`TAILS`]. A part that starts with its dot is not mistaken for the end of a sentence.
const HEADS: [char; 3] = ['.', '!', '|'];

/// Second best: these are within the parts of a URL.
const HYPHENS: [char; 2] = ['-', '_'];

/// Punctuation that must not start a line.
const CLOSING: &str = "、。，．：；！？」』）】》〉.,:;!?)]}";

/// Wraps `text` into lines of at most `columns` columns: at white space, so that punctuation stays with its word and a
/// URL stays whole, next to characters that are two columns wide, as in Chinese and Japanese, and at line breaks in the
/// text. White space between two words becomes one space. An empty text has no lines.
pub fn lines(text: &str, columns: usize, long: LongWord) -> Vec<Vec<Part>> {
    let mut lines = Lines { columns: columns.max(1), lines: Vec::new(), line: Vec::new(), used: 0 };
    let mut start = 0;
    while let Some(space) = next_space(&text[start..]) {
        lines.push_word(text, start..start + space.start, long);
        if text[start + space.start..].starts_with('\n') {
            lines.end();
        }
        start += space.end;
    }
    lines.push_word(text, start..text.len(), long);
    if !lines.line.is_empty() {
        lines.end();
    }
    lines.lines
}

/// The next white space at which a line may end.
fn next_space(text: &str) -> Option<Range<usize>> {
    let is_space = |c: &char| c.is_whitespace() && *c != NO_BREAK;
    text.char_indices().find(|(_, c)| is_space(c)).map(|(at, c)| at..at + c.len_utf8())
}

/// The lines built so far.
struct Lines {
    columns: usize,
    lines: Vec<Vec<Part>>,
    line: Vec<Part>,
    used: usize,
}

impl Lines {
    fn push_word(&mut self, text: &str, range: Range<usize>, long: LongWord) {
        let word = &text[range.clone()];
        if is_plain(word) {
            if !word.is_empty() {
                self.push_piece(text, range, true, long);
            }
            return;
        }
        for (index, piece) in pieces(word).into_iter().enumerate() {
            self.push_piece(text, range.start + piece.start..range.start + piece.end, index == 0, long);
        }
    }

    /// Appends a piece that is only split if it is too long for any line.
    fn push_piece(&mut self, text: &str, range: Range<usize>, begins_word: bool, long: LongWord) {
        let needed = width(&text[range.clone()]);
        let gap = usize::from(begins_word && self.used > 0);
        let is_separator = |range: &Range<usize>| &text[range.clone()] == SEPARATOR;
        if self.used > 0 && self.used + gap + needed > self.columns {
            if self.line.len() > 1 {
                self.line.pop_if(|last| is_separator(&last.range));
            }
            self.end();
            if is_separator(&range) {
                return;
            }
        }
        if needed <= self.columns || long == LongWord::Whole {
            return self.push(range, needed, begins_word && self.used > 0);
        }
        let mut start = range.start;
        for part in cut(&text[range], self.columns) {
            if self.used > 0 {
                self.end();
            }
            self.push(start..start + part.len(), width(part), false);
            start += part.len();
        }
    }

    fn push(&mut self, range: Range<usize>, columns: usize, gap: bool) {
        self.used += columns + usize::from(gap);
        match self.line.last_mut() {
            Some(last) if !gap && last.range.end == range.start => last.range.end = range.end,
            _ => self.line.push(Part { range, gap }),
        }
    }

    fn end(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
        self.used = 0;
    }
}

/// Splits a text without white space, such as a URL, into parts of at most `columns` columns: at a joint in the second
/// half of a line if there is one.
pub fn cut(text: &str, columns: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(joint(rest, columns));
        parts.push(part);
        rest = after;
    }
    parts
}

/// The end of the first part of a text.
fn joint(text: &str, columns: usize) -> usize {
    let (mut used, mut most, mut best, mut second, mut words) = (0, 0, 0, 0, 0);
    for (at, grapheme) in text.grapheme_indices(true) {
        if at > 0 {
            let (before, after) = (text[..at].chars().next_back().unwrap_or_default(), &text[at..]);
            let begins = |set: &[char]| after.starts_with(set);
            let is_word = after.chars().take(2).any(|c| !CLOSING.contains(c));
            if before == NO_BREAK {
                // Words that belong together but are too long for one line.
                words = at;
            } else if TAILS.contains(&before) && !begins(&TAILS) || begins(&HEADS) && is_word {
                best = at;
            } else if HYPHENS.contains(&before) {
                second = at;
            }
        }
        used += width(grapheme);
        if used > columns && at > 0 {
            let is_late = |at: usize| 2 * width(&text[..at]) >= columns;
            let late = [best, second].into_iter().find(|at| *at > 0 && is_late(*at));
            return if words > 0 { words } else { late.unwrap_or(most) };
        }
        most = at + grapheme.len();
    }
    text.len()
}

/// Parts of a word that are never split: wide characters one by one with the punctuation after them, and the rest.
fn pieces(word: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut was_wide = false;
    for (at, character) in word.grapheme_indices(true) {
        let is_wide = width(character) > 1;
        let may_begin = !CLOSING.contains(character);
        if at > 0 && (is_wide || was_wide) && may_begin {
            starts.push(at);
        }
        was_wide = is_wide;
    }
    let ends = starts.iter().skip(1).copied().chain([word.len()]);
    starts.iter().zip(ends).map(|(start, end)| *start..end).collect()
}

/// Wraps a text, keeping words whole.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let line = |parts: Vec<Part>| {
        let part = |part: &Part| [if part.gap { " " } else { "" }, &text[part.range.clone()]].concat();
        parts.iter().map(part).collect()
    };
    lines(text, columns, LongWord::Whole).into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_words_stay_whole() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("https://a-long-address.example x", 5), ["https://a-long-address.example", "x"]);
        assert_eq!(wrap("one\n\ntwo three\u{a0}four", 10), ["one", "", "two", "three\u{a0}four"]);
        assert!(wrap("  ", 5).is_empty());
    }

    #[test]
    fn wide_characters_count_twice_and_lines_may_end_between_them() {
        assert_eq!(wrap("ab 密钥 cd", 7), ["ab 密钥", "cd"]);
        assert_eq!(wrap("服务密钥已失效。", 6), ["服务密", "钥已失", "效。"]);
        assert_eq!(wrap("服务密钥。", 8), ["服务密", "钥。"]);
        // A letter with a combining accent is one column wide.
        assert_eq!(wrap("e\u{301}e\u{301} e\u{301}", 4), ["e\u{301}e\u{301} e\u{301}"]);
    }

    #[test]
    fn a_dot_between_two_facts_ends_no_line_and_begins_none() {
        assert_eq!(wrap("works · today", 7), ["works", "today"]);
        assert_eq!(wrap("works · today", 5), ["works", "today"]);
        assert_eq!(wrap("works · to day", 10), ["works · to", "day"]);
        assert_eq!(wrap("· idle", 4), ["·", "idle"]);
    }

    #[test]
    fn an_address_is_cut_where_a_part_of_it_begins() {
        let address = "https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com/api/v1";
        assert_eq!(cut(address, 41), ["https://acme-dev.it-cpi018.cfapps", ".eu10-003.hana.ondemand.com/api/v1"]);
        assert_eq!(cut(address, 61), ["https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com/", "api/v1"]);
        assert_eq!(cut("sb-0a1b2c3d-0000!b1234|it!b5678", 28), ["sb-0a1b2c3d-0000!b1234|it", "!b5678"]);
        // Neither the slashes nor the end of a sentence.
        assert_eq!(cut("https://ab.cd.", 13), ["https://ab", ".cd."]);
        assert_eq!(cut("WorkspacePackagesEdit", 10), ["WorkspaceP", "ackagesEdi", "t"]);
        assert_eq!(cut("POST\u{a0}/Artifacts", 12), ["POST\u{a0}", "/Artifacts"]);
        assert!(cut("", 5).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn cutting_loses_nothing_and_no_part_is_too_wide(text in "[a-c./=!密 -]{0,60}", columns in 2_usize..20) {
            let parts = cut(&text, columns);
            proptest::prop_assert_eq!(parts.concat(), text.clone());
            for part in parts {
                proptest::prop_assert!(width(part) <= columns && !part.is_empty(), "{:?}", part);
            }
        }

        #[test]
        fn wrapping_loses_no_character_and_only_whole_words_are_wider(text in "[a-d密钥。, ]{0,80}", columns in 2_usize..30) {
            let lines = wrap(&text, columns);
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(letters(&lines.concat()), letters(&text));
            for line in &lines {
                proptest::prop_assert!(width(line) <= columns || (!line.contains(' ') && pieces(line).len() == 1), "{:?}", line);
            }
        }

        #[test]
        fn no_line_with_cut_words_is_too_wide(text in "[a-d密钥。, /\n]{0,80}", columns in 2_usize..30) {
            for line in lines(&text, columns, LongWord::Cut) {
                let used = line.iter().map(|part| width(&text[part.range.clone()]) + usize::from(part.gap)).sum::<usize>();
                proptest::prop_assert!(used <= columns, "{:?}", line);
            }
        }
    }
}
