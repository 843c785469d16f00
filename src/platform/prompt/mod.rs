//! Prompts for a passphrase on the terminal itself, regardless of standard input, without echo.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(windows)]
pub use windows::Typing;

use std::io;

use crate::{
    domain::{problem::Problem, text::secret::Secret},
    words::Words,
};

/// The longest passphrase, in bytes.
pub const LIMIT: usize = 1024;

/// Why no passphrase was read.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum PromptError {
    /// There is no terminal.
    NoTerminal(io::Error),
    /// The window passes for a terminal but delivers no keys to the program.
    NoKeys,
    /// The user cancelled the prompt with Ctrl+D.
    Cancelled,
    /// It is longer than [`LIMIT`].
    TooLong,
    /// It contains a control character, such as from an arrow key.
    ControlCharacter,
    /// It is not UTF-8.
    NotText,
    /// The terminal failed or is gone.
    Io(#[from] io::Error),
}

impl PromptError {
    /// The problem to show, if a login was prompted for.
    pub fn problem_of_login(&self, words: Words) -> Problem {
        let words = words.prompt();
        let explanation = match self {
            PromptError::NoTerminal(error) => words.login_no_terminal().fill(&[("cause", error)]),
            PromptError::NoKeys => words.no_keys().fill(&[]),
            PromptError::Cancelled => words.login_cancelled().fill(&[]),
            PromptError::TooLong => words.login_too_long().fill(&[("limit", &LIMIT)]),
            PromptError::ControlCharacter => words.login_control_character().fill(&[]),
            PromptError::NotText => words.login_not_text().fill(&[]),
            PromptError::Io(error) => words.login_failed().fill(&[("cause", error)]),
        };
        explanation.unusable()
    }

    /// The problem to show.
    pub fn problem(&self, words: Words) -> Problem {
        let words = words.prompt();
        let explanation = match self {
            PromptError::NoTerminal(error) => words.no_terminal().fill(&[("cause", error)]),
            PromptError::NoKeys => words.no_keys().fill(&[]),
            PromptError::Cancelled => words.cancelled().fill(&[]),
            PromptError::TooLong => words.too_long().fill(&[("limit", &LIMIT)]),
            PromptError::ControlCharacter => words.control_character().fill(&[]),
            PromptError::NotText => words.not_text().fill(&[]),
            PromptError::Io(error) => words.failed().fill(&[("cause", error)]),
        };
        explanation.unusable()
    }
}

/// From now on, a terminating signal has its default effect only if nothing else handles it, even after an earlier
/// prompt.
pub fn leave_signals_to_others() {
    #[cfg(unix)]
    unix::leave_signals_to_others();
}

/// Prompts with `question` on the terminal and reads one line without echo.
///
/// Backspace, Ctrl+W and Ctrl+U delete as usual. Ctrl+C, Ctrl+\ and terminating signals end the program, and Ctrl+Z
/// suspends it, each after the terminal has been restored; after resuming, the prompt is shown again.
///
/// # Errors
///
/// If there is no terminal, the user cancels, or the line cannot be a passphrase.
#[cfg(unix)]
pub fn read_passphrase(question: &str) -> Result<Secret, PromptError> {
    unix::read_passphrase(question)
}

/// Prompts with `question` on the console and reads one line without echo.
///
/// # Errors
///
/// If there is no console, or the line cannot be a passphrase.
#[cfg(windows)]
pub fn read_passphrase(question: &str) -> Result<Secret, PromptError> {
    windows::read_passphrase(question)
}
