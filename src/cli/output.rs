//! Where a command writes: results to standard output, messages to standard error, never a colour.

use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use super::status::Status;
use crate::domain::finding::Severity;
use crate::domain::problem::Problem;

/// Columns that running text is broken at.
const WIDTH: usize = 80;

/// The two streams of a command.
pub struct Output<'a> {
    results: &'a mut dyn Write,
    messages: &'a mut dyn Write,
    /// The reader of the results has gone, as `head` does; nothing more needs to be written.
    closed: bool,
    unicode: bool,
}

impl<'a> Output<'a> {
    /// Writes to these two; `unicode` allows signs beyond ASCII.
    pub fn new(results: &'a mut dyn Write, messages: &'a mut dyn Write, unicode: bool) -> Self {
        Self { results, messages, closed: false, unicode }
    }

    /// One line of the result. A reader that has gone is no failure.
    ///
    /// # Errors
    ///
    /// Where standard output cannot be written for another reason.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<(), Problem> {
        if self.closed {
            return Ok(());
        }
        let written = writeln!(self.results, "{}", text.as_ref().trim_end()).and_then(|()| self.results.flush());
        self.settle(written)
    }

    /// Running text of the result, broken at spaces, every line indented by `indent` spaces.
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

    /// Bytes of the result as they are.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.closed {
            return Ok(());
        }
        let written = self.results.write_all(bytes).and_then(|()| self.results.flush());
        self.settle(written)
    }

    /// The result as one JSON object.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Problem> {
        let text = serde_json::to_string_pretty(value).map_err(|error| {
            Problem::failed(
                "The result cannot be written as JSON.",
                format!("The writer says: {error}."),
                "Report this as a fault of the program.",
            )
        })?;
        self.line(text)
    }

    /// One line beside the result. That it cannot be written is not worth failing for.
    pub fn message(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.messages, "{}", text.as_ref());
    }

    /// Says why a command failed and gives its status back.
    pub fn problem(&mut self, problem: &Problem) -> Status {
        self.message(format!("cpikey: {}", problem.what));
        for sentence in [&problem.why, &problem.fix].into_iter().filter(|sentence| !sentence.is_empty()) {
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

    fn settle(&mut self, written: io::Result<()>) -> Result<(), Problem> {
        match written {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(Problem::failed(
                "The result cannot be written.",
                format!("Standard output says: {error}."),
                "Look at where the output goes: is the disk full?",
            )),
        }
    }
}

/// Breaks `text` at spaces into lines of at most `width` characters; a longer word stays whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::ProblemKind;

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
    fn a_reader_that_has_gone_is_no_failure() {
        let (mut gone, mut messages) = (Failing(ErrorKind::BrokenPipe), Vec::new());
        let mut output = Output::new(&mut gone, &mut messages, true);
        assert_eq!(output.line("a"), Ok(()));
        assert_eq!(output.line("b"), Ok(()));
    }

    #[test]
    fn a_full_disk_is_a_failure_of_the_program() {
        let (mut full, mut messages) = (Failing(ErrorKind::StorageFull), Vec::new());
        let failure = Output::new(&mut full, &mut messages, true).line("a").unwrap_err();
        assert_eq!(failure.kind, ProblemKind::Failed);
    }

    #[test]
    fn text_is_broken_at_spaces_and_words_stay_whole() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("https://a-long-address.example x", 5), ["https://a-long-address.example", "x"]);
        assert!(wrap("  ", 5).is_empty());
    }
}
