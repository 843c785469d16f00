//! Where a command writes: results to standard output or a new file, messages to standard error. A terminal gets bold
//! names, coloured marks and lines that fit; a file or pipe gets plain text.

use std::{
    io::{self, ErrorKind, Write},
    path::Path,
};

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::{
    input::STDIN,
    status::Status,
    style::{Meaning, Page},
};
use crate::{
    domain::{
        finding::Severity,
        problem::Problem,
        text::{
            columns::{pad, truncate, widest},
            safe_text::SafeText,
            wrap::{NO_BREAK, wrap},
        },
    },
    jobs::write_files::{NewFile, replace, write_new},
    platform::files::Readers,
    words::Words,
};

/// Columns between a name and its description.
pub const GAP: usize = 2;
/// The prefix of messages on standard error.
const SPEAKER: &str = "cpikey:";
/// Columns that a sign and the space after it take.
pub const SIGN_WIDTH: usize = 2;
/// Moves to the beginning of the line and erases it.
const ERASE_LINE: &str = "\r\x1b[K";

/// The destination of a complete result: standard output, unless there is a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Destination<'a> {
    /// The file.
    pub file: Option<&'a Path>,
    /// Whether an existing file is replaced.
    pub replaces: bool,
}

/// The two streams of a command, and the language it speaks.
pub struct Output<'a> {
    results: &'a mut dyn Write,
    messages: &'a mut dyn Write,
    /// The reader of the results has closed the pipe, like `head`; no more output is needed.
    closed: bool,
    /// Whether text goes to standard error.
    aside: bool,
    unicode: bool,
    words: Words,
    results_page: Page,
    messages_page: Page,
    /// The text of the current status line.
    status: Option<String>,
}

impl<'a> Output<'a> {
    /// Writes to these two; `unicode` allows non-ASCII signs.
    pub fn new(results: &'a mut dyn Write, messages: &'a mut dyn Write, unicode: bool, words: Words) -> Self {
        let (results_page, messages_page) = (Page::default(), Page::default());
        Self {
            results,
            messages,
            closed: false,
            aside: false,
            unicode,
            words,
            results_page,
            messages_page,
            status: None,
        }
    }

    /// Sets the capabilities of the two streams.
    #[must_use]
    pub fn on(self, results_page: Page, messages_page: Page) -> Self {
        Self { results_page, messages_page, ..self }
    }

    /// From now on all text goes to standard error; standard output is reserved for [`Output::kept`].
    pub fn set_aside(&mut self) {
        self.results_page = self.messages_page;
        self.aside = true;
    }

    /// Writes bytes of the result to standard output, even if it is reserved.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn kept(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let aside = std::mem::replace(&mut self.aside, false);
        let written = self.bytes(bytes);
        self.aside = aside;
        written
    }

    /// Writes to standard output what must arrive: a closed pipe is an error here.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn delivered(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.status(None);
        let written = self.results.write_all(bytes).and_then(|()| self.results.flush());
        written.map_err(|error| not_written(&error, self.words))
    }

    /// The capabilities of standard output.
    pub fn page(&self) -> Page {
        self.results_page
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

    /// Writes prose of the result, wrapped, with every line indented by `indent` spaces.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn prose(&mut self, indent: usize, text: &str) -> Result<(), Problem> {
        for line in wrap(text, self.results_page.width().saturating_sub(indent)) {
            self.line(format!("{:indent$}{line}", ""))?;
        }
        Ok(())
    }

    /// Writes a heading.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn heading(&mut self, text: &str) -> Result<(), Problem> {
        self.hanging("", 0, text, Some(Meaning::Strong))
    }

    /// Writes an item of a list after its mark.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn item(&mut self, mark: &str, text: &str) -> Result<(), Problem> {
        self.hanging(mark, mark.width(), text, None)
    }

    /// Writes a sentence that begins with a sign, in bold.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn signed(&mut self, severity: Option<Severity>, text: &str) -> Result<(), Problem> {
        let lead = self.sign(severity) + " ";
        self.hanging(&lead, SIGN_WIDTH, text, Some(Meaning::Strong))
    }

    /// Writes a sentence. On a terminal it is wrapped; elsewhere it is one line.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn sentence(&mut self, text: &str) -> Result<(), Problem> {
        self.hanging("", GAP, text, None)
    }

    /// Writes a sign, a name in its `column`, and a description.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn signed_entry(
        &mut self,
        severity: Option<Severity>,
        name: &str,
        column: usize,
        text: &str,
    ) -> Result<(), Problem> {
        let lead = format!("{} {}", self.sign(severity), pad(name, column + GAP));
        self.hanging(&lead, SIGN_WIDTH + column + GAP, text, None)
    }

    /// Writes `text` after `lead`. On a terminal it is wrapped, with `indent` before the following lines; elsewhere it
    /// is one line.
    fn hanging(&mut self, lead: &str, indent: usize, text: &str, meaning: Option<Meaning>) -> Result<(), Problem> {
        let styled = |line: &str, page: Page| {
            let line = line.replace(NO_BREAK, " ");
            meaning.map_or(line.clone(), |meaning| page.paint(&line, meaning))
        };
        let page = self.results_page;
        let Some(columns) = page.columns else { return self.line(format!("{lead}{}", styled(text, page))) };
        for (index, line) in wrap(text, columns.saturating_sub(indent)).into_iter().enumerate() {
            let line = styled(&line, page);
            self.line(if index == 0 { format!("{lead}{line}") } else { format!("{:indent$}{line}", "") })?;
        }
        Ok(())
    }

    /// Writes Markdown. On a terminal, headings are bold and lines are wrapped, with list items indented; elsewhere it
    /// is unchanged.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn markdown(&mut self, text: &str) -> Result<(), Problem> {
        let page = self.results_page;
        if page.columns.is_none() {
            return self.line(text);
        }
        for line in text.split('\n') {
            if line.starts_with('#') {
                self.heading(line)?;
                continue;
            }
            let blank = line.len() - line.trim_start().len();
            let number = line[blank..].bytes().take_while(u8::is_ascii_digit).count();
            let mark = if number > 0 { number + 2 } else { 2 };
            let is_list = line[blank..].starts_with("- ") || number > 0 && line[blank + number..].starts_with(". ");
            let indent = if is_list { blank + mark } else { blank };
            let broken = wrap(&line[indent..], page.width().saturating_sub(indent));
            if broken.is_empty() {
                self.line("")?;
            }
            for (index, broken) in broken.into_iter().enumerate() {
                self.line(if index == 0 {
                    format!("{}{broken}", &line[..indent])
                } else {
                    format!("{:indent$}{broken}", "")
                })?;
            }
        }
        Ok(())
    }

    /// Writes labels with their values, aligned in one column.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn rows(&mut self, rows: &[(&str, String)]) -> Result<(), Problem> {
        let width = widest(rows.iter().map(|(label, _)| *label)) + GAP;
        rows.iter().try_for_each(|(label, value)| self.line(pad(label, width) + value))
    }

    /// Writes the column headings of [`Output::entry`], on a terminal.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn head(&mut self, indent: usize, name: &str, column: usize, text: &str) -> Result<(), Problem> {
        if self.results_page.columns.is_none() {
            return Ok(());
        }
        let head = self.results_page.paint(&(pad(name, column + GAP) + text), Meaning::Skip);
        self.line(format!("{:indent$}{head}", ""))
    }

    /// Writes a name and its description in two columns. A name wider than its `column` gets its own line.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn entry(&mut self, indent: usize, name: &str, column: usize, text: &str) -> Result<(), Problem> {
        self.signed_name(indent, name, column, "", text)
    }

    /// The same with signs before the text, in their own columns.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn signed_name(
        &mut self,
        indent: usize,
        name: &str,
        column: usize,
        signs: &str,
        text: &str,
    ) -> Result<(), Problem> {
        self.named(&" ".repeat(indent), indent, name, column, signs, text)
    }

    /// Writes the sign of a severity, and an entry after it.
    ///
    /// # Errors
    ///
    /// As [`Output::line`].
    pub fn judged(&mut self, severity: Option<Severity>, name: &str, column: usize, text: &str) -> Result<(), Problem> {
        let lead = self.sign(severity) + " ";
        self.named(&lead, SIGN_WIDTH, name, column, "", text)
    }

    /// An entry after a `lead` that takes `indent` columns.
    fn named(
        &mut self,
        lead: &str,
        indent: usize,
        name: &str,
        column: usize,
        signs: &str,
        text: &str,
    ) -> Result<(), Problem> {
        let hanging = indent + column + GAP + signs.len();
        let mut lines = wrap(text, self.results_page.width().saturating_sub(hanging)).into_iter();
        let first = if name.width() > column { None } else { lines.next() };
        let gap = column.saturating_sub(name.width()) + GAP;
        let name = self.results_page.paint(name, Meaning::Strong);
        let is_beside = first.is_some();
        let signed = if is_beside { format!("{signs}{}", first.unwrap_or_default()) } else { String::new() };
        self.line(format!("{lead}{name}{:gap$}{signed}", ""))?;
        if !is_beside && let Some(line) = lines.next() {
            self.line(format!("{:before$}{signs}{line}", "", before = hanging - signs.len()))?;
        }
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
        self.status(None);
        let stream = if self.aside { &mut self.messages } else { &mut self.results };
        match stream.write_all(bytes).and_then(|()| stream.flush()) {
            Err(error) if reader_is_gone(&error) => {
                self.closed = true;
                Ok(())
            }
            written => written.map_err(|error| not_written(&error, self.words)),
        }
    }

    /// Writes a complete result to standard output or a new file: all or nothing, never over another file.
    ///
    /// # Errors
    ///
    /// As [`Output::line`], or if the file exists or cannot be written.
    pub fn whole(&mut self, text: &str, file: Option<&Path>) -> Result<(), Problem> {
        self.whole_at(text, Destination { file, replaces: false })
    }

    /// The same; the destination determines whether an existing file is replaced.
    ///
    /// # Errors
    ///
    /// As [`Output::whole`].
    pub fn whole_at(&mut self, text: &str, destination: Destination<'_>) -> Result<(), Problem> {
        let Some(path) = destination.file.filter(|path| path.as_os_str() != STDIN) else {
            return self.kept(text.as_bytes());
        };
        let file = NewFile { path, text, readers: Readers::Everyone };
        match destination.replaces {
            true => replace(file, self.words)?,
            false => write_new(&[file], self.words)?,
        }
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
        self.json_at(value, Destination::default())
    }

    /// Writes the result as one JSON object to a destination.
    ///
    /// # Errors
    ///
    /// As [`Output::whole`].
    pub fn json_at(&mut self, value: &impl Serialize, destination: Destination<'_>) -> Result<(), Problem> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| self.words.output().not_json().fill(&[("cause", &error)]).failed())?;
        self.whole_at(&(text + "\n"), destination)
    }

    /// Writes a message to standard error; on a terminal it is wrapped, keeping its indent. Write failures are ignored.
    pub fn message(&mut self, text: impl AsRef<str>) {
        let text = text.as_ref();
        let (inner, Some(columns)) = (text.trim_start(), self.messages_page.columns) else {
            return self.whole_line(text);
        };
        let indent = text.len() - inner.len();
        for line in wrap(inner, columns.saturating_sub(indent)) {
            self.whole_line(format!("{:indent$}{line}", ""));
        }
        if inner.is_empty() {
            self.whole_line("");
        }
    }

    /// Writes one unwrapped line to standard error, such as a command to copy.
    pub fn whole_line(&mut self, text: impl AsRef<str>) {
        self.status(None);
        let _ = writeln!(self.messages, "{}", text.as_ref());
    }

    /// Whether [`Output::status`] shows anything.
    pub fn shows_status(&self) -> bool {
        self.messages_page.erasable
    }

    /// Shows what the command is doing, in a line that the next output erases. Only on a terminal.
    pub fn status(&mut self, text: Option<&str>) {
        let page = self.messages_page;
        let Some(columns) = page.columns.filter(|_| page.erasable) else { return };
        // In the last column, some terminals already put the cursor on the next line; the terminal itself also writes
        // ^C.
        let text = text
            .map(|text| truncate(text, columns.saturating_sub(1 + "^C".len()), if self.unicode { "…" } else { "..." }));
        if text == self.status {
            return;
        }
        let shown = text.as_deref().unwrap_or_default();
        let _ = write!(self.messages, "{ERASE_LINE}{shown}").and_then(|()| self.messages.flush());
        self.status = text;
    }

    /// Writes a question to standard error, with the cursor after it.
    ///
    /// # Errors
    ///
    /// If it cannot be written, so that nobody could answer it.
    pub fn question(&mut self, text: &str) -> io::Result<()> {
        self.status(None);
        write!(self.messages, "{} ", wrap(text, self.messages_page.width()).join("\n"))?;
        self.messages.flush()
    }

    /// A message with the program's name.
    pub fn remark(&mut self, text: impl AsRef<str>) {
        self.say(text.as_ref(), Meaning::Strong);
    }

    /// A prominent warning.
    pub fn warning(&mut self, text: impl AsRef<str>) {
        self.say(&self.words.output().warning(text.as_ref()), Meaning::Mark(Some(Severity::Warning)));
    }

    /// Prints why a command failed, and returns its status.
    pub fn problem(&mut self, problem: &Problem) -> Status {
        self.say(&problem.what, Meaning::Mark(Some(Severity::Error)));
        for sentence in [&problem.why, &problem.fix] {
            for line in wrap(sentence, self.messages_page.width() - 2) {
                self.whole_line(format!("  {line}"));
            }
        }
        problem.kind.into()
    }

    /// A message, wrapped on a terminal, on one line elsewhere.
    fn say(&mut self, text: &str, speaker: Meaning) {
        let speaker = self.messages_page.paint(SPEAKER, speaker);
        if self.messages_page.columns.is_none() {
            self.whole_line(format!("{speaker} {text}"));
            return;
        }
        let room = self.messages_page.width().saturating_sub(SPEAKER.len() + 1);
        for (index, line) in wrap(text, room).into_iter().enumerate() {
            match index {
                0 => self.whole_line(format!("{speaker} {line}")),
                _ => self.whole_line(format!("{:indent$} {line}", "", indent = SPEAKER.len())),
            }
        }
    }

    /// The sign of a severity; always used together with the word.
    pub fn sign(&self, severity: Option<Severity>) -> String {
        let sign = match (severity, self.unicode) {
            (None, true) => "✓",
            (None, false) => "+",
            (Some(Severity::Error), true) => "✗",
            (Some(Severity::Error), false) => "x",
            (Some(Severity::Warning), _) => "!",
            (Some(Severity::Note), true) => "·",
            (Some(Severity::Note), false) => "-",
        };
        self.results_page.paint(sign, Meaning::Mark(severity))
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

/// Whether the reader is gone, as after `head`. For named pipes, as in Git Bash, Windows reports it with an error code
/// that Rust does not map.
pub fn reader_is_gone(error: &io::Error) -> bool {
    /// `ERROR_PIPE_NOT_CONNECTED`; not used on other systems.
    const NOT_CONNECTED: i32 = 233;
    error.kind() == ErrorKind::BrokenPipe || error.raw_os_error() == Some(NOT_CONNECTED)
}

#[cfg(test)]
mod tests;
