//! Lines and columns.

use serde::Serialize;

use crate::words::Words;

/// A position in a text, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl Position {
    /// `line 3, column 5`
    pub fn shown(self, words: Words) -> String {
        words.parameters().position(self.line, self.column)
    }
}

/// Bytes between two positions whose character counts are precomputed.
const BLOCK: usize = 256;

/// Lines and columns of a text. Each lookup takes constant time, however long the lines are. A line ends with LF, CRLF
/// or CR.
pub struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Characters before each block of bytes.
    before: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// Indexes the lines of `text`.
    pub fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |(at, byte): &(usize, &u8)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let breaks = bytes.iter().enumerate().filter(ends_line);
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        let mut before = vec![0];
        let mut count = 0;
        for (at, byte) in text.bytes().enumerate() {
            count += usize::from(begins_character(byte));
            if (at + 1) % BLOCK == 0 {
                before.push(count);
            }
        }
        Self { text, starts, before }
    }

    /// The position of the byte `at`, or of the character that contains it.
    pub fn position(&self, at: usize) -> Position {
        let at = (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or_default();
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts[line - 1];
        Position { line, column: self.characters(at) - self.characters(start) + 1 }
    }

    fn characters(&self, at: usize) -> usize {
        let block = at / BLOCK;
        let rest = self.text.as_bytes()[block * BLOCK..at].iter().filter(|byte| begins_character(**byte));
        self.before[block] + rest.count()
    }
}

fn begins_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_place_has_the_line_and_column_that_counting_gives(text in "[a\u{e4}\u{1f600}\r\n]{0,600}") {
            let index = LineIndex::new(&text);
            let (mut line, mut column) = (1, 1);
            for (at, c) in text.char_indices() {
                proptest::prop_assert_eq!(index.position(at), Position { line, column });
                let ends = c == '\n' || c == '\r' && !text[at + 1..].starts_with('\n');
                (line, column) = if ends { (line + 1, 1) } else { (line, column + 1) };
            }
            proptest::prop_assert_eq!(index.position(text.len()), Position { line, column });
        }
    }

    #[test]
    fn lines_end_with_lf_crlf_or_cr() {
        for text in ["{\n\n  x", "{\r\n\r\n  x", "{\r\r  x", "{\r\n\r  x"] {
            let position = LineIndex::new(text).position(text.len() - 1);
            assert_eq!((position.line, position.column), (3, 3), "{text:?}");
        }
        assert_eq!(LineIndex::new("a").position(99), Position { line: 1, column: 2 });
        assert_eq!(LineIndex::new("\u{e4}x").position(1), Position { line: 1, column: 1 });
    }
}
