//! The screen to draw to.

use std::io;

use ratatui::Frame;

use crate::app::Window;

/// The screen to draw to.
pub trait Surface {
    /// Draws a frame, if the wizard owns the screen.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;

    /// Whether the last frame has the terminal's current size.
    ///
    /// # Errors
    /// If the terminal does not report its size.
    fn fits(&mut self) -> io::Result<bool>;

    /// Invalidates the last frame, so that the next one repaints everything.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    fn redraw(&mut self) -> io::Result<()>;

    /// Prints text on the normal screen, until [`Surface::hide_plain`].
    ///
    /// # Errors
    /// If writing to the terminal fails.
    fn show_plain(&mut self, text: &str) -> io::Result<()>;

    /// Returns from the plain text to the full screen.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    fn hide_plain(&mut self) -> io::Result<()>;

    /// Writes a sequence that is not part of a frame. Returns false if the wizard does not own the terminal.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    fn send(&mut self, sequence: &str) -> io::Result<bool>;

    /// Sets the title and progress of the terminal window, if the terminal is known to support that.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    fn announce(&mut self, window: Window) -> io::Result<()>;

    /// Captures the mouse, or leaves it to the terminal.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    fn mouse(&mut self, on: bool) -> io::Result<()>;

    /// Restores the terminal, stops the process, and takes the terminal over again when it is continued.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    fn suspend(&mut self) -> io::Result<()>;

    /// The process was stopped and continued from outside: takes the terminal over again.
    ///
    /// # Errors
    /// If writing to the terminal fails.
    fn resumed(&mut self) -> io::Result<()>;
}
