//! The question at a console of Windows.

use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use crossterm_winapi::{Console, ConsoleMode, Handle, HandleType};
use tokio::{
    signal::windows::{ctrl_break, ctrl_c},
    sync::oneshot,
};
use zeroize::Zeroizing;

use super::{
    super::console::{Standard, standard},
    LIMIT, PromptError,
};
use crate::domain::text::secret::Secret;

/// The status of a program that Ctrl+C ended, as elsewhere.
const INTERRUPTED: i32 = 130;

/// So long the question waits for the end of the program after Ctrl+C, which ends reading, too.
const ENDING_TIME: Duration = Duration::from_millis(500);

/// Something else reacts to Ctrl+C.
static LEFT_TO_OTHERS: AtomicBool = AtomicBool::new(false);

pub(super) fn leave_signals_to_others() {
    LEFT_TO_OTHERS.store(true, Ordering::SeqCst);
}

pub(super) fn read_passphrase(question: &str) -> Result<Secret, PromptError> {
    if standard() == Standard::Pretended {
        return Err(PromptError::NoKeys);
    }
    let asking = end_with_typing_shown().map_err(PromptError::NoTerminal)?;
    let line = rpassword::prompt_password(question).map(Zeroizing::new).map_err(|error| {
        thread::sleep(ENDING_TIME);
        PromptError::NoTerminal(error)
    })?;
    drop(asking);
    discard_rest();
    match line.as_str() {
        line if line.len() > LIMIT => Err(PromptError::TooLong),
        line if line.contains(char::is_control) => Err(PromptError::ControlCharacter),
        line => Ok(Secret::new(line)),
    }
}

/// While a question is asked, the console does not show what is typed. Ctrl+C and Ctrl+Break would end the program with
/// that: until the result is dropped, the console shows it again before.
fn end_with_typing_shown() -> io::Result<oneshot::Sender<()>> {
    let mode = console()?.mode()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (mut interrupted, mut broken) = {
        let _guard = runtime.enter();
        (ctrl_c()?, ctrl_break()?)
    };
    let (asking, answered) = oneshot::channel();
    thread::Builder::new().name("question".to_owned()).spawn(move || {
        let ends = runtime.block_on(async {
            tokio::select! {
                _ = interrupted.recv() => true,
                _ = broken.recv() => true,
                _ = answered => false,
            }
        });
        if ends && !LEFT_TO_OTHERS.load(Ordering::SeqCst) {
            discard_rest();
            let _ = console().and_then(|console| console.set_mode(mode));
            std::process::exit(INTERRUPTED);
        }
    })?;
    Ok(asking)
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
