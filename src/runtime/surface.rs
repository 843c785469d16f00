//! The screen to draw to.

use std::io;

use ratatui::Frame;

use crate::app::Window;

/// The screen to draw to.
pub trait Surface {
    /// Draws a frame, if the wizard owns the screen.
    ///
    /// # Errors
    /// If the terminal takes no bytes.
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;

    /// Whether the last frame has the terminal's current size.
    ///
    /// # Errors
    /// If the terminal does not say its size.
    fn fits(&mut self) -> io::Result<bool>;

    /// Invalidates the last frame, so that the next one repaints everything.
    ///
    /// # Errors
    /// If the terminal takes no bytes.
    fn redraw(&mut self) -> io::Result<()>;

    /// Prints text on the normal screen, until [`Surface::hide_plain`].
    ///
    /// # Errors
    /// If the terminal takes no bytes.
    fn show_plain(&mut self, text: &str) -> io::Result<()>;

    /// Returns from the plain text to the full screen.
    ///
    /// # Errors
    /// If the terminal takes no bytes.
    fn hide_plain(&mut self) -> io::Result<()>;

    /// Writes a sequence that is not part of a frame. Returns false if the wizard does not own the terminal.
    ///
    /// # Errors
    /// If the terminal takes no bytes.
    fn send(&mut self, sequence: &str) -> io::Result<bool>;

    /// Sets the title and progress of the terminal window, if the terminal is known to support that.
    ///
    /// # Errors
    /// If the terminal takes no bytes.
    fn announce(&mut self, window: Window) -> io::Result<()>;

    /// Captures the mouse, or leaves it to the terminal.
    ///
    /// # Errors
    /// If the terminal takes no bytes.
    fn mouse(&mut self, on: bool) -> io::Result<()>;

    /// Restores the terminal, stops the process, and takes the terminal over again when it is continued.
    ///
    /// # Errors
    /// If the terminal takes no bytes.
    fn suspend(&mut self) -> io::Result<()>;

    /// The process was stopped and continued from outside: takes the terminal over again.
    ///
    /// # Errors
    /// If the terminal takes no bytes.
    fn resumed(&mut self) -> io::Result<()>;
}
