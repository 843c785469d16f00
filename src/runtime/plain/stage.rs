//! Printing.

use std::io;

use super::{
    super::{event_loop::BELL, lines, surface::Surface, terminal},
    Look,
};
use crate::{
    app::Window,
    plain::{self, Echo, Line},
    ui::glyphs,
    words::Words,
};

/// Prints lines, and remembers whether a prompt is shown.
#[derive(Debug)]
pub struct Stage {
    look: Look,
    words: Words,
    prompted: bool,
}

impl Stage {
    /// A stage that has printed nothing yet.
    pub fn new(look: Look, words: Words) -> Self {
        Self { look, words, prompted: false }
    }

    /// Whether a prompt is shown.
    pub fn has_prompted(&self) -> bool {
        self.prompted
    }

    /// Prints lines, below the prompt if there is one.
    pub fn say(&mut self, lines: &[Line]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        self.leave_line()?;
        self.write(&plain::print(lines, lines::width(), self.look.colour))
    }

    /// Prints the prompt followed by what was typed, unless it is already shown.
    pub fn prompt(&mut self, prompt: &str, typed: &str) -> io::Result<()> {
        if std::mem::replace(&mut self.prompted, true) {
            return Ok(());
        }
        self.write(&format!("{prompt}{typed}"))
    }

    /// A line has arrived. At a terminal it was already echoed, as far as allowed; one from a pipe is repeated, so that
    /// the output can be read on its own.
    pub fn typed(&mut self, line: &str, hidden: bool, echo: Echo, by_hand: bool) -> io::Result<()> {
        self.prompted = false;
        let shown = if by_hand { !hidden } else { echo.shows(line) };
        match (shown, by_hand) {
            (true, true) => Ok(()),
            (true, false) => self.write(&format!("{line}\n")),
            (false, true) if echo == Echo::Nothing => Ok(()),
            // The length of a passphrase is not shown.
            (false, false) if echo == Echo::Nothing => self.write(&format!("{}\n", self.words.plain().hidden_line())),
            (false, _) => {
                let count = self.words.plain().not_shown(line.chars().count());
                self.write(&format!("{count}\n"))
            }
        }
    }

    /// Ends the prompt line, if there is one.
    pub fn leave_line(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.prompted) { self.write("\n") } else { Ok(()) }
    }

    fn write(&self, text: &str) -> io::Result<()> {
        if self.look.ascii {
            return terminal::write_all(glyphs::to_ascii_text(text).as_bytes());
        }
        terminal::write_all(text.as_bytes())
    }
}

impl Surface for Stage {
    fn draw(&mut self, _: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
        Ok(())
    }

    fn fits(&mut self) -> io::Result<bool> {
        Ok(true)
    }

    fn redraw(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn show_plain(&mut self, text: &str) -> io::Result<()> {
        let exact = |line: &str| Line { text: line.to_owned(), tone: None, exact: true };
        self.say(&text.lines().map(exact).collect::<Vec<_>>())
    }

    fn hide_plain(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The bell is allowed, because it is not an escape sequence.
    fn send(&mut self, sequence: &str) -> io::Result<bool> {
        let rings = sequence == BELL && lines::width().is_some();
        if rings {
            self.write(sequence)?;
        }
        Ok(rings)
    }

    fn announce(&mut self, _: Window) -> io::Result<()> {
        Ok(())
    }

    fn mouse(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.leave_line()?;
        lines::suspend()
    }

    fn resumed(&mut self) -> io::Result<()> {
        lines::resume()
    }
}
