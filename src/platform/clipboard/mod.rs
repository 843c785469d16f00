//! The clipboard: several methods, tried in turn; success is reported only if verified.
//!
//! [`backends`] lists them. The system clipboard comes first, because it can be read back; then tmux; then the terminal
//! with an escape sequence, which the owner of the terminal writes. If all fail, the caller offers the plain view.

pub mod backends;
#[cfg(feature = "clipboard")]
mod desktop;
mod error;
pub mod native;
pub mod osc52;
mod system;
pub mod tmux;
mod worker;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use zeroize::Zeroizing;

use super::env::Environment;
use crate::domain::{key::service_key::SIZE_LIMIT, text::secret::Secret};
use backends::Backend;
pub use backends::Choice;
pub use error::ClipboardError;
use native::Native;

/// How long a clipboard may take to respond.
const DEADLINE: Duration = Duration::from_secs(1);

/// How long a secret stays in the clipboard.
pub const SECRET_LIFE: Duration = Duration::from_secs(45);

/// What is known about a copy that worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// It is in the system clipboard: it was read back.
    Checked,
    /// It was sent to the system clipboard; nothing confirms that it arrived.
    HandedOver,
    /// It is in a tmux buffer; tmux passes it to its terminal if that supports it.
    ToTmux,
    /// Nothing has been done yet: this sequence must be written to the terminal.
    ByTerminal(String),
}

/// A secret in the system clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretCopy {
    /// It was read back.
    pub checked: bool,
    /// How long until it is cleared.
    pub lasts: Duration,
}

/// The result of clearing a secret from the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleared {
    /// It was cleared and is no longer there.
    Removed,
    /// The clipboard had other content by then, which was not touched.
    Replaced,
    /// The clipboard could not be read or cleared. The secret may still be there.
    Unknown,
}

/// The clipboard of a session. Nothing is opened before the first use.
#[derive(Debug)]
pub struct Clipboard {
    backends: Result<Vec<Backend>, ClipboardError>,
    native: Result<Native, ClipboardError>,
    holds_text: AtomicBool,
}

impl Clipboard {
    /// The clipboard for the environment and choice. Opens nothing.
    pub fn new(choice: Choice, environment: &Environment) -> Self {
        Self {
            backends: backends::for_text(choice, environment),
            native: backends::native(choice, environment).and_then(|()| native(DEADLINE, SECRET_LIFE)),
            holds_text: AtomicBool::new(false),
        }
    }

    /// Copies text that is not secret, with the first method that works. Blocks for up to a second per method.
    ///
    /// # Errors
    ///
    /// Why the first method failed, if none of the others worked either.
    pub fn copy(&self, text: &str) -> Result<Copied, ClipboardError> {
        let mut first = None;
        for backend in self.backends.as_deref().map_err(|error| *error)? {
            let outcome = match backend {
                Backend::Native => self.copy_natively(text),
                Backend::Tmux => tmux::copy(text, DEADLINE).map(|()| Copied::ToTmux),
                Backend::Terminal(wrap) => {
                    osc52::sequence(text, *wrap).map(Copied::ByTerminal).ok_or(ClipboardError::TooLongForTerminal)
                }
            };
            match outcome {
                Ok(copied) => return Ok(copied),
                Err(error) => drop(first.get_or_insert(error)),
            }
        }
        Err(first.unwrap_or(ClipboardError::Unreachable))
    }

    fn copy_natively(&self, text: &str) -> Result<Copied, ClipboardError> {
        let checked = self.native()?.copy(text)?;
        self.holds_text.store(true, Ordering::Relaxed);
        Ok(if checked { Copied::Checked } else { Copied::HandedOver })
    }

    /// Copies a secret to the system clipboard and nowhere else: excluded from histories, and cleared after 45 seconds
    /// if it is still there. `on_cleared` is called with the outcome, unless the program ends first.
    ///
    /// # Errors
    /// Why the secret is not in the clipboard.
    pub fn copy_secret(
        &self,
        secret: &Secret,
        on_cleared: impl FnOnce(Cleared) + Send + 'static,
    ) -> Result<SecretCopy, ClipboardError> {
        self.native()?.copy_secret(secret, Box::new(on_cleared))
    }

    /// Reads text of at most 256 KiB from the system clipboard. Blocks for at most a second.
    ///
    /// # Errors
    /// If there is no clipboard, no text in it, or too much text.
    pub fn read(&self) -> Result<Zeroizing<Vec<u8>>, ClipboardError> {
        let text = self.native()?.read()?;
        if text.len() > SIZE_LIMIT {
            return Err(ClipboardError::TooLarge);
        }
        Ok(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// Clears a secret that is still there, before the process is suspended. Blocks for at most a second.
    pub fn forget_secret(&self) {
        if let Ok(native) = &self.native {
            native.forget_secret();
        }
    }

    /// Called at exit: clears a secret that is still there, and offers all other text to a clipboard manager. Blocks
    /// for at most a second.
    pub fn close(&self) {
        if let Ok(native) = &self.native {
            native.close();
        }
    }

    /// Whether text that is not secret was copied to the system clipboard. On Linux it disappears when the program
    /// ends.
    pub fn holds_text(&self) -> bool {
        self.holds_text.load(Ordering::Relaxed)
    }

    fn native(&self) -> Result<&Native, ClipboardError> {
        self.native.as_ref().map_err(|error| *error)
    }
}

/// Whether the system clipboard can be used and responds within `limit`. Its contents are not read.
///
/// # Errors
/// Why not.
pub fn answers(choice: Choice, environment: &Environment, limit: Duration) -> Result<(), ClipboardError> {
    backends::native(choice, environment)?;
    answers_natively(limit)
}

#[cfg(feature = "clipboard")]
fn answers_natively(limit: Duration) -> Result<(), ClipboardError> {
    use std::sync::mpsc::{RecvTimeoutError, sync_channel};
    let (answer, answered) = sync_channel(1);
    // If it hangs, the thread ends with the program.
    let opens = move || {
        let _ = answer.send(desktop::open().map(drop));
    };
    std::thread::Builder::new().name("clipboard".to_owned()).spawn(opens).map_err(|_| ClipboardError::Failed)?;
    match answered.recv_timeout(limit) {
        Ok(opened) => opened,
        Err(RecvTimeoutError::Timeout) => Err(ClipboardError::NoAnswer),
        Err(RecvTimeoutError::Disconnected) => Err(ClipboardError::Failed),
    }
}

#[cfg(not(feature = "clipboard"))]
fn answers_natively(_: Duration) -> Result<(), ClipboardError> {
    Err(ClipboardError::NotBuilt)
}

#[cfg(feature = "clipboard")]
fn native(deadline: Duration, secret_life: Duration) -> Result<Native, ClipboardError> {
    Ok(Native::new(desktop::open, deadline, secret_life))
}

#[cfg(not(feature = "clipboard"))]
fn native(_: Duration, _: Duration) -> Result<Native, ClipboardError> {
    Err(ClipboardError::NotBuilt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(backends: &[Backend], text: &str) -> Result<Copied, ClipboardError> {
        let native = Ok(Native::new(|| Err(ClipboardError::Unreachable), DEADLINE, SECRET_LIFE));
        Clipboard { backends: Ok(backends.to_vec()), native, holds_text: AtomicBool::new(false) }.copy(text)
    }

    #[test]
    fn if_the_system_clipboard_fails_the_terminal_is_used() {
        let copied = copy(&[Backend::Native, Backend::Terminal(backends::Wrap::Plain)], "{}").unwrap();
        assert_eq!(copied, Copied::ByTerminal("\x1b]52;c;e30=\x07".to_owned()));
    }

    #[test]
    fn if_all_ways_fail_the_reason_is_that_of_the_best_one() {
        let long = "x".repeat(100_000);
        assert_eq!(
            copy(&[Backend::Native, Backend::Terminal(backends::Wrap::Plain)], &long),
            Err(ClipboardError::Unreachable)
        );
    }

    #[test]
    fn without_the_system_clipboard_no_secret_is_copied_and_nothing_is_read() {
        let environment = Environment { tmux: true, display: true, ..Environment::default() };
        for choice in [Choice::Tmux, Choice::Osc52, Choice::Off] {
            let clipboard = Clipboard::new(choice, &environment);
            let secret = clipboard.copy_secret(&Secret::new("canary"), |_| ());
            let error = if choice == Choice::Off { ClipboardError::Off } else { ClipboardError::Excluded };
            assert_eq!(secret, Err(error), "{choice:?}");
            assert_eq!(clipboard.read(), Err(error), "{choice:?}");
        }
    }
}
