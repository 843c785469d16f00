//! Ctrl+C that stops waiting instead of ending the program.

use std::io;
#[cfg(windows)]
use std::{
    future::pending,
    sync::atomic::{AtomicBool, Ordering},
};

use crate::{
    domain::text::secret::Secret,
    platform::prompt::{self, PromptError},
};

/// From now on, the first Ctrl+C or termination request calls `stop`; the second ends the program.
///
/// # Errors
///
/// If no thread can be started or a handler cannot be installed.
pub fn on_interrupt(stop: impl Fn() + Send + 'static) -> io::Result<()> {
    on_signal(move |_| stop())
}

/// Like [`on_interrupt`], passing the signal number.
///
/// # Errors
/// As for [`on_interrupt`].
#[cfg(unix)]
pub fn on_signal(stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    use signal_hook::{
        consts::{SIGINT, SIGTERM},
        iterator::Signals,
        low_level,
    };
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    prompt::leave_signals_to_others();
    std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        for (count, signal) in signals.forever().enumerate() {
            match count {
                0 => stop(signal),
                _ => drop(low_level::emulate_default_handler(signal)),
            }
        }
    })?;
    Ok(())
}

/// Like [`on_interrupt`], for Ctrl+C and Ctrl+Break on a Windows console, with the signal number of Ctrl+C on Unix.
///
/// # Errors
/// As for [`on_interrupt`].
#[cfg(windows)]
pub fn on_signal(stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    let mut console = Console::listen()?;
    IS_HANDLED.store(true, Ordering::SeqCst);
    std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        console.wait(pending::<()>());
        stop(INTERRUPT);
        console.wait(pending::<()>());
        end(INTERRUPT)
    })?;
    Ok(())
}

/// Asks for a secret at the terminal. Ctrl+C ends the program with the terminal as it was before.
///
/// # Errors
/// Those of [`prompt::read_passphrase`].
#[cfg(not(windows))]
pub fn ask_secret(question: &str) -> Result<Secret, PromptError> {
    prompt::read_passphrase(question)
}

/// Asks for a secret at the console, which shows nothing of what is typed then. Ctrl+C and Ctrl+Break end the program, and the
/// console shows it again before.
///
/// # Errors
/// Those of [`prompt::read_passphrase`].
#[cfg(windows)]
pub fn ask_secret(question: &str) -> Result<Secret, PromptError> {
    // Ctrl+C ends reading, too.
    const ENDING_TIME: std::time::Duration = std::time::Duration::from_millis(500);
    let typing = prompt::Typing::now();
    let mut console = Console::listen().map_err(PromptError::NoTerminal)?;
    let (asking, answered) = tokio::sync::oneshot::channel::<()>();
    std::thread::Builder::new().name("question".to_owned()).spawn(move || {
        if console.wait(answered) && !IS_HANDLED.load(Ordering::SeqCst) {
            typing.restore();
            end(INTERRUPT);
        }
    })?;
    let answer = prompt::read_passphrase(question);
    if matches!(answer, Err(PromptError::NoTerminal(_))) {
        std::thread::sleep(ENDING_TIME);
    }
    drop(asking);
    answer
}

/// The signal number of Ctrl+C on Unix.
#[cfg(windows)]
const INTERRUPT: i32 = 2;

/// Something stops at Ctrl+C, instead of the program ending at once.
#[cfg(windows)]
static IS_HANDLED: AtomicBool = AtomicBool::new(false);

/// Ctrl+C and Ctrl+Break at a console of Windows.
#[cfg(windows)]
struct Console {
    runtime: tokio::runtime::Runtime,
    interrupted: tokio::signal::windows::CtrlC,
    broken: tokio::signal::windows::CtrlBreak,
}

#[cfg(windows)]
impl Console {
    /// From now on they do not end the program.
    fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let (interrupted, broken) = {
            let _guard = runtime.enter();
            (tokio::signal::windows::ctrl_c()?, tokio::signal::windows::ctrl_break()?)
        };
        Ok(Self { runtime, interrupted, broken })
    }

    /// Waits for the next one, or for `end`, which makes it `false`.
    fn wait(&mut self, end: impl Future) -> bool {
        self.runtime.block_on(async {
            tokio::select! {
                _ = self.interrupted.recv() => true,
                _ = self.broken.recv() => true,
                _ = end => false,
            }
        })
    }
}

/// Ends the program as the signal would, so that a calling shell script stops too.
pub fn end(signal: i32) -> ! {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    std::process::exit(128 + signal)
}
