//! The clipboard: several ways to one, tried in turn, and never a claim that nobody checked.
//!
//! [`ladder`] says which ways there are. The system's clipboard comes first, because it can be read back; then tmux;
//! then the terminal by an escape sequence, which whoever owns the terminal writes. Where all fail, the caller offers
//! the plain view.

#[cfg(feature = "clipboard")]
mod desktop;
pub mod ladder;
pub mod native;
pub mod osc52;
pub mod tmux;
mod worker;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use zeroize::Zeroizing;

use super::env::Environment;
use crate::domain::{key::service_key::SIZE_LIMIT, text::secret::Secret};
pub use ladder::Choice;
use ladder::Rung;
use native::Native;

/// How long a clipboard may take for an answer.
const DEADLINE: Duration = Duration::from_secs(1);

/// How long a secret stays in the clipboard.
const SECRET_LIFE: Duration = Duration::from_secs(45);

/// What is known about a copy that worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// It is in the system's clipboard: it was read back.
    Checked,
    /// It was handed to the system's clipboard; nothing confirms that it arrived.
    HandedOver,
    /// tmux has it, and passes it to its terminal where that one listens.
    ToTmux,
    /// Nothing was done yet: the terminal is to be sent this sequence.
    ByTerminal(String),
}

/// A secret that is in the system's clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretCopy {
    /// It was read back.
    pub checked: bool,
    /// How long until it is taken out.
    pub lasts: Duration,
}

/// What became of a secret whose time in the clipboard is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// It was taken out, and is no longer there.
    TakenOut,
    /// Something else was there by then, which was left alone.
    Replaced,
    /// The clipboard did not let itself be read or cleared. The secret may still be there.
    Unknown,
}

/// The clipboard of a session. Nothing is opened before the first use.
#[derive(Debug)]
pub struct Clipboard {
    rungs: Result<Vec<Rung>, &'static str>,
    native: Result<Native, &'static str>,
    holds_text: AtomicBool,
}

impl Clipboard {
    /// The clipboard that fits the environment, unless one was chosen. Costs nothing.
    pub fn new(choice: Choice, environment: &Environment) -> Self {
        Self {
            rungs: ladder::for_text(choice, environment),
            native: ladder::native(choice, environment).and_then(|()| native(DEADLINE, SECRET_LIFE)),
            holds_text: AtomicBool::new(false),
        }
    }

    /// Copies text that is not secret, by the first way that works. Blocks for a second at each.
    ///
    /// # Errors
    /// In words, why the first way did not work, and none after it either.
    pub fn copy(&self, text: &str) -> Result<Copied, String> {
        let mut first = None;
        for rung in self.rungs.as_deref().map_err(|why| (*why).to_owned())? {
            let outcome = match rung {
                Rung::Native => self.copy_natively(text),
                Rung::Tmux => tmux::copy(text, DEADLINE).map(|()| Copied::ToTmux),
                Rung::Terminal(wrap) => osc52::sequence(text, *wrap)
                    .map(Copied::ByTerminal)
                    .ok_or_else(|| "The text is too long to be sent to a terminal's clipboard.".to_owned()),
            };
            match outcome {
                Ok(copied) => return Ok(copied),
                Err(why) => drop(first.get_or_insert(why)),
            }
        }
        Err(first.unwrap_or_default())
    }

    fn copy_natively(&self, text: &str) -> Result<Copied, String> {
        let checked = self.native()?.copy(text)?;
        self.holds_text.store(true, Ordering::Relaxed);
        Ok(if checked { Copied::Checked } else { Copied::HandedOver })
    }

    /// Copies a secret into the system's clipboard and nowhere else: kept out of histories, and taken out again after
    /// 45 seconds if it is still there. `told` hears what became of it, unless the program ends first.
    ///
    /// # Errors
    /// In words, why the secret is not in the clipboard.
    pub fn copy_secret(
        &self,
        secret: &Secret,
        told: impl FnOnce(Forgotten) + Send + 'static,
    ) -> Result<SecretCopy, String> {
        self.native()?.copy_secret(secret, Box::new(told))
    }

    /// Reads text of at most 256 KiB from the system's clipboard. Blocks for a second at most.
    ///
    /// # Errors
    /// In words: no clipboard, no text in it, too much text.
    pub fn read(&self) -> Result<Zeroizing<Vec<u8>>, String> {
        let text = self.native()?.read()?;
        if text.len() > SIZE_LIMIT {
            return Err(format!("The clipboard holds more than {} KiB, which is no service key.", SIZE_LIMIT / 1024));
        }
        Ok(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// Takes a secret out that is still there. For a pause in which nobody counts the seconds. Blocks for a second at
    /// most.
    pub fn forget_secret(&self) {
        if let Ok(native) = &self.native {
            native.forget_secret();
        }
    }

    /// For the end of the program: takes a secret out that is still there, and offers all other text to a clipboard
    /// manager. Blocks for a second at most.
    pub fn close(&self) {
        if let Ok(native) = &self.native {
            native.close();
        }
    }

    /// True where the system's clipboard got text that is not secret. On Linux it goes away with the program.
    pub fn holds_text(&self) -> bool {
        self.holds_text.load(Ordering::Relaxed)
    }

    fn native(&self) -> Result<&Native, String> {
        self.native.as_ref().map_err(|why| (*why).to_owned())
    }
}

#[cfg(feature = "clipboard")]
fn native(deadline: Duration, secret_life: Duration) -> Result<Native, &'static str> {
    Ok(Native::new(desktop::open, deadline, secret_life))
}

#[cfg(not(feature = "clipboard"))]
fn native(_: Duration, _: Duration) -> Result<Native, &'static str> {
    Err("This build has no system clipboard.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(rungs: &[Rung], text: &str) -> Result<Copied, String> {
        let native = Ok(Native::new(|| Err("No server.".to_owned()), DEADLINE, SECRET_LIFE));
        Clipboard { rungs: Ok(rungs.to_vec()), native, holds_text: AtomicBool::new(false) }.copy(text)
    }

    #[test]
    fn where_the_system_clipboard_fails_the_terminal_is_asked() {
        let copied = copy(&[Rung::Native, Rung::Terminal(ladder::Wrap::Plain)], "{}").unwrap();
        assert_eq!(copied, Copied::ByTerminal("\x1b]52;c;e30=\x07".to_owned()));
    }

    #[test]
    fn where_all_fails_the_reason_is_that_of_the_best_way() {
        let long = "x".repeat(100_000);
        assert_eq!(copy(&[Rung::Native, Rung::Terminal(ladder::Wrap::Plain)], &long), Err("No server.".to_owned()));
    }

    #[test]
    fn where_the_system_clipboard_is_left_out_no_secret_is_copied_and_nothing_read() {
        let environment = Environment { tmux: true, display: true, ..Environment::default() };
        for choice in [Choice::Tmux, Choice::Osc52, Choice::Off] {
            let clipboard = Clipboard::new(choice, &environment);
            let secret = clipboard.copy_secret(&Secret::new("canary"), |_| ());
            assert!(secret.unwrap_err().contains("--clipboard"), "{choice:?}");
            assert!(clipboard.read().unwrap_err().contains("--clipboard"), "{choice:?}");
        }
    }
}
