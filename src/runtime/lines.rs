//! The terminal in plain mode: no echo, lines of any length, no escape sequences.

use std::io;

#[cfg(not(unix))]
use crossterm::event::Event;

#[cfg(unix)]
use super::line_settings;
use super::terminal::{LINES, MODES, restore_all};
#[cfg(not(unix))]
use super::{input::read_together, terminal::is_over};
#[cfg(not(unix))]
use crate::{keymap, model::console_keys::ConsoleKeys};

/// Restores the terminal when it is dropped.
#[derive(Debug)]
pub struct Lines;

impl Drop for Lines {
    fn drop(&mut self) {
        restore_all();
    }
}

/// Takes over the terminal: in line mode, a line of at most 4095 bytes is too short for a key and would be echoed.
///
/// # Errors
///
/// If the terminal settings cannot be changed.
#[cfg(unix)]
pub fn open() -> io::Result<Lines> {
    use std::sync::atomic::Ordering;

    use rustix::{
        stdio::stdin,
        termios::{InputModes, LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr},
    };
    let before = tcgetattr(stdin())?;
    let mut quiet = before.clone();
    // Output keeps its line breaks. Pasted CR and LF stay distinct, so that a text with both has no empty lines.
    let local = LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
    quiet.local_modes &= !local;
    quiet.input_modes &= !(InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::ISTRIP);
    quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
    quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
    line_settings::keep(before);
    MODES.store(LINES, Ordering::SeqCst);
    tcsetattr(stdin(), OptionalActions::Now, &quiet).inspect_err(|_| restore_all())?;
    Ok(Lines)
}

/// Stops the process, and takes over the terminal again when it is continued.
///
/// # Errors
///
/// If the terminal settings cannot be changed.
#[cfg(unix)]
pub fn suspend() -> io::Result<()> {
    let held = MODES.load(std::sync::atomic::Ordering::SeqCst) == LINES;
    if super::terminal::stop()? && held {
        std::mem::forget(open()?);
    }
    Ok(())
}

/// The process was stopped and continued from outside: another program may have changed the settings.
///
/// # Errors
///
/// If the terminal settings cannot be changed.
#[cfg(unix)]
pub fn resume() -> io::Result<()> {
    if MODES.load(std::sync::atomic::Ordering::SeqCst) == LINES && !line_settings::is_quiet() {
        line_settings::restore();
        std::mem::forget(open()?);
    }
    Ok(())
}

/// The value being typed.
#[derive(Debug, Default)]
pub struct Input {
    #[cfg(not(unix))]
    console: ConsoleKeys,
}

#[cfg(unix)]
impl Input {
    /// Reads what was typed; at least one byte.
    ///
    /// # Errors
    /// If the terminal is gone: [`io::ErrorKind::UnexpectedEof`].
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use rustix::io::Errno;
        loop {
            match rustix::io::read(rustix::stdio::stdin(), &mut *buffer) {
                Ok(0) | Err(Errno::IO) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => return Ok(count),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(not(unix))]
impl Input {
    /// Reads what was typed, as the bytes that a Unix terminal would send; at least one byte.
    ///
    /// # Errors
    /// If the console is gone.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut count = 0;
        while count == 0 {
            if is_over() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let batch = read_together(&mut self.console, buffer.len() / LONGEST_KEY)?;
            for key in batch.iter().filter_map(Event::as_key_press_event) {
                for byte in keymap::bytes(&key) {
                    buffer[count] = byte;
                    count += 1;
                }
            }
        }
        Ok(count)
    }
}

/// Bytes of the longest character.
#[cfg(not(unix))]
const LONGEST_KEY: usize = 4;

/// The width in columns; `None` if output is not a terminal.
pub fn width() -> Option<u16> {
    use io::IsTerminal as _;
    if !io::stdout().is_terminal() {
        return None;
    }
    #[cfg(unix)]
    let columns = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).map_or(0, |size| size.ws_col);
    #[cfg(not(unix))]
    let columns = crossterm::terminal::size().map_or(0, |size| size.0);
    // A serial line does not report its size.
    Some(if columns == 0 { 80 } else { columns })
}

/// The Windows console delivers keys without echo.
///
/// # Errors
///
/// If the console cannot be used.
#[cfg(not(unix))]
pub fn open() -> io::Result<Lines> {
    crossterm::terminal::enable_raw_mode()?;
    MODES.store(LINES, std::sync::atomic::Ordering::SeqCst);
    Ok(Lines)
}

/// Windows cannot suspend processes.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn suspend() -> io::Result<()> {
    Ok(())
}

/// Windows cannot resume processes.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn resume() -> io::Result<()> {
    Ok(())
}
