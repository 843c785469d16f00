//! Where a command writes: results to standard output or a new file, messages to standard error, never a colour.

use std::{
    io::{self, ErrorKind, Write},
    path::Path,
};

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::{input::STDIN, status::Status};
use crate::{
    domain::{finding::Severity, problem::Problem, text::safe_text::SafeText},
    jobs::write_files::{NewFile, write_new},
    platform::files::Readers,
    words::Words,
};

/// Columns that running text is broken at.
const WIDTH: usize = 80;
/// Columns between a name and what it is.
const GAP: usize = 2;
/// Who speaks on standard error.
const PREFIX: &str = "cpikey: ";

/// The two streams of a command, and the language it speaks.
pub struct Output<'a> {
    results: &'a mut dyn Write,
    messages: &'a mut dyn Write,
    /// The reader of the results has gone, as `head` does; no more output is needed.
    closed: bool,
    unicode: bool,
    words: Words,
}

impl<'a> Output<'a> {
    /// Writes to these two; `unicode` allows signs beyond ASCII.
    pub fn new(results: &'a mut dyn Write, messages: &'a mut dyn Write, unicode: bool, words: Words) -> Self {
        Self { results, messages, closed: false, unicode, words }
    }

    /// The language.
    pub fn words(&self) -> Words {
        self.words
    }

    /// Writes one line of the result. A closed pipe is not an error.
    ///
    /// # Errors
    ///
    /// If standard output cannot be written for another reason.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<(), Problem> {
        self.bytes(format!("{}\n", text.as_ref().trim_end()).as_bytes())
    }

    /// Writes running text of the result, broken at spaces, every line indented by `indent` spaces.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn prose(&mut self, indent: usize, text: &str) -> Result<(), Problem> {
        for line in wrap(text, WIDTH.saturating_sub(indent)) {
            self.line(format!("{:indent$}{line}", ""))?;
        }
        Ok(())
    }

    /// Writes labels with their values, which begin in one column.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn rows(&mut self, rows: &[(&str, String)]) -> Result<(), Problem> {
        let width = widest(rows.iter().map(|(label, _)| *label)) + GAP;
        rows.iter().try_for_each(|(label, value)| self.line(pad(label, width) + value))
    }

    /// Writes a name and what it is, in a column of their own each. A name wider than its `column` has a line of its own.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn entry(&mut self, indent: usize, name: &str, column: usize, text: &str) -> Result<(), Problem> {
        let hanging = indent + column + GAP;
        let mut lines = wrap(text, WIDTH.saturating_sub(hanging)).into_iter();
        let first = if name.width() > column { None } else { lines.next() };
        self.line(format!("{:indent$}{}{:GAP$}{}", "", pad(name, column), "", first.unwrap_or_default()))?;
        lines.try_for_each(|line| self.line(format!("{:hanging$}{line}", "")))
    }

    /// Writes bytes of the result as they are.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.closed {
            return Ok(());
        }
        match self.results.write_all(bytes).and_then(|()| self.results.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            written => written.map_err(|error| not_written(&error, self.words)),
        }
    }

    /// Writes a whole result to standard output, or into a new file: all of it or nothing, never over another file.
    ///
    /// # Errors
    ///
    /// As [`Output::line`], or if the file exists or cannot be written.
    pub fn whole(&mut self, text: &str, file: Option<&Path>) -> Result<(), Problem> {
        let Some(path) = file.filter(|path| path.as_os_str() != STDIN) else { return self.bytes(text.as_bytes()) };
        write_new(&[NewFile { path, text, readers: Readers::Everyone }], self.words)?;
        let written = self.words.output().written(SafeText::line(&path.to_string_lossy()));
        self.remark(written);
        Ok(())
    }

    /// Writes the result as one JSON object.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Problem> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| self.words.output().not_json().fill(&[("cause", &error)]).failed())?;
        self.line(text)
    }

    /// Writes one line to standard error. A failure to write it is ignored.
    pub fn message(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.messages, "{}", text.as_ref());
    }

    /// A message that says who speaks.
    pub fn remark(&mut self, text: impl AsRef<str>) {
        self.message(format!("{PREFIX}{}", text.as_ref()));
    }

    /// A remark that a person should not overlook.
    pub fn warning(&mut self, text: impl AsRef<str>) {
        self.remark(self.words.output().warning(text.as_ref()));
    }

    /// Says why a command failed, and returns its status.
    pub fn problem(&mut self, problem: &Problem) -> Status {
        self.remark(&problem.what);
        for sentence in [&problem.why, &problem.fix] {
            for line in wrap(sentence, WIDTH - 2) {
                self.message(format!("  {line}"));
            }
        }
        problem.kind.into()
    }

    /// The sign of a severity; never without the word beside it.
    pub fn sign(&self, severity: Option<Severity>) -> &'static str {
        match (severity, self.unicode) {
            (None, true) => "✓",
            (None, false) => "+",
            (Some(Severity::Error), true) => "✗",
            (Some(Severity::Error), false) => "x",
            (Some(Severity::Warning), _) => "!",
            (Some(Severity::Note), true) => "·",
            (Some(Severity::Note), false) => "-",
        }
    }
}

/// Why standard output cannot be written.
pub fn not_written(error: &io::Error, words: Words) -> Problem {
    words.output().not_written().fill(&[("cause", error)]).failed()
}

/// The word for a severity.
pub fn severity(severity: Severity, words: Words) -> &'static str {
    match severity {
        Severity::Error => words.output().severity_error(),
        Severity::Warning => words.output().severity_warning(),
        Severity::Note => words.output().severity_note(),
    }
}

/// Columns of the widest text.
pub fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.width()).max().unwrap_or_default()
}

/// `text` filled up to `width` columns. A character may be two columns wide, or none.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{:fill$}", "", fill = width.saturating_sub(text.width()))
}

/// Breaks `text` into lines of at most `width` columns: at spaces, and beside characters that are two columns wide, as
/// those of Chinese and Japanese, which has no spaces. Anything else stays whole, for example an address.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        for (index, piece) in pieces(word).into_iter().enumerate() {
            let gap = usize::from(index == 0 && !line.is_empty());
            if !line.is_empty() && line.width() + gap + piece.width() > width {
                lines.push(std::mem::take(&mut line));
            } else if gap == 1 {
                line.push(' ');
            }
            line.push_str(piece);
        }
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines
}

/// Parts of a word that are never broken: wide characters one by one, with the punctuation after them, and the rest.
fn pieces(word: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut was_wide = false;
    for (at, character) in word.grapheme_indices(true) {
        let is_wide = character.width() > 1;
        let may_begin = !CLOSING.contains(character);
        if at > 0 && (is_wide || was_wide) && may_begin {
            starts.push(at);
        }
        was_wide = is_wide;
    }
    let ends = starts.iter().skip(1).copied().chain([word.len()]);
    starts.iter().zip(ends).map(|(start, end)| &word[*start..end]).collect()
}

/// Punctuation that does not begin a line.
const CLOSING: &str = "、。，．：；！？」』）】》〉.,:;!?)]}";

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that fails in one way.
    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_not_an_error() {
        let (mut gone, mut messages) = (Failing(ErrorKind::BrokenPipe), Vec::new());
        let mut output = Output::new(&mut gone, &mut messages, true, Words::default());
        assert_eq!(output.line("a"), Ok(()));
        assert_eq!(output.line("b"), Ok(()));
    }

    #[test]
    fn a_full_disk_is_a_failure_of_the_program() {
        let (mut full, mut messages) = (Failing(ErrorKind::StorageFull), Vec::new());
        let problem = Output::new(&mut full, &mut messages, true, Words::default()).line("a").unwrap_err();
        assert_eq!(Status::from(problem.kind).code(), 1);
    }

    #[test]
    fn text_is_broken_at_spaces_and_words_stay_whole() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("https://a-long-address.example x", 5), ["https://a-long-address.example", "x"]);
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
    fn columns_line_up_whatever_the_width_of_the_characters() {
        let mut results = Vec::new();
        let mut messages = Vec::new();
        let rows = [("名前", "a".to_owned()), ("e\u{301}t", "b".to_owned()), ("label", "c".to_owned())];
        Output::new(&mut results, &mut messages, true, Words::default()).rows(&rows).unwrap();
        let text = String::from_utf8(results).unwrap();
        let columns: Vec<usize> = text.lines().map(|line| line[..line.len() - 1].width()).collect();
        assert_eq!(columns, [7, 7, 7]);
    }

    #[test]
    fn no_line_of_an_entry_is_wider_than_the_page() {
        let mut results = Vec::new();
        let mut messages = Vec::new();
        let mut output = Output::new(&mut results, &mut messages, true, Words::default());
        output.entry(2, "名前", 6, &"word ".repeat(30)).unwrap();
        output.entry(2, "a longer name", 6, "text").unwrap();
        let text = String::from_utf8(results).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.iter().all(|line| line.width() <= WIDTH), "{text}");
        assert!(lines[0].starts_with("  名前    word") && lines[1].starts_with("          word"), "{text}");
        assert_eq!(lines[lines.len() - 2..], ["  a longer name", "          text"]);
    }

    proptest::proptest! {
        #[test]
        fn wrapping_loses_no_character_and_only_whole_words_are_wider(text in "[a-d密钥。, ]{0,80}", width in 2_usize..30) {
            let lines = wrap(&text, width);
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(letters(&lines.concat()), letters(&text));
            for line in &lines {
                proptest::prop_assert!(line.width() <= width || (!line.contains(' ') && pieces(line).len() == 1), "{:?}", line);
            }
        }
    }
}
