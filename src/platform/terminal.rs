//! The terminal to which a command writes.

use std::io::IsTerminal;
#[cfg(unix)]
use std::os::fd::AsFd as Handle;
#[cfg(windows)]
use std::os::windows::io::AsHandle as Handle;

/// The width of a terminal that does not report one.
const USUAL: u16 = 80;

/// The width of the terminal `stream` in columns, or `None` if it is not a terminal. On Windows this also enables
/// escape sequences on the console.
pub fn columns(stream: &(impl IsTerminal + Handle)) -> Option<usize> {
    stream.is_terminal().then(|| usize::from(size(stream).filter(|columns| *columns > 0).unwrap_or(USUAL)))
}

#[cfg(unix)]
fn size(stream: &impl Handle) -> Option<u16> {
    rustix::termios::tcgetwinsize(stream).ok().map(|size| size.ws_col)
}

#[cfg(windows)]
fn size(_: &impl Handle) -> Option<u16> {
    let _ = crossterm::ansi_support::supports_ansi();
    crossterm::terminal::size().ok().map(|(columns, _)| columns)
}
