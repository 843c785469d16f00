//! The question at a console of Windows.

use std::io;

use crossterm_winapi::{Console, ConsoleMode, Handle, HandleType};
use zeroize::Zeroizing;

use super::{
    super::console::{Standard, standard},
    LIMIT, PromptError,
};
use crate::domain::text::secret::Secret;

pub(super) fn read_passphrase(question: &str) -> Result<Secret, PromptError> {
    if standard() == Standard::Pretended {
        return Err(PromptError::NoKeys);
    }
    let line = Zeroizing::new(rpassword::prompt_password(question).map_err(PromptError::NoTerminal)?);
    discard_rest();
    match line.as_str() {
        line if line.len() > LIMIT => Err(PromptError::TooLong),
        line if line.contains(char::is_control) => Err(PromptError::ControlCharacter),
        line => Ok(Secret::new(line)),
    }
}

/// How the console shows what is typed.
#[derive(Clone, Copy, Debug)]
pub struct Typing {
    /// None if there is no console, and nothing to restore.
    mode: Option<u32>,
}

impl Typing {
    /// As it is now.
    pub fn now() -> Self {
        Self { mode: console().and_then(|console| console.mode()).ok() }
    }

    /// Shows it so again, and nothing that was typed until now.
    pub fn restore(self) {
        discard_rest();
        if let (Some(mode), Ok(console)) = (self.mode, console()) {
            let _ = console.set_mode(mode);
        }
    }
}

fn console() -> io::Result<ConsoleMode> {
    Handle::new(HandleType::CurrentInputHandle).map(ConsoleMode::from)
}

/// Reads what was pasted after the end of the line: it would be shown, and run by the shell.
fn discard_rest() {
    if let Ok(console) = Handle::new(HandleType::CurrentInputHandle).map(Console::from) {
        let _ = console.read_console_input();
    }
}
