//! Ctrl+C that stops waiting instead of ending the program.

use std::io;

use super::prompt;

/// From now on the first Ctrl+C, or the first request to end, calls `stop`; the second one ends the program.
///
/// # Errors
/// If the system has no thread or refuses a handler.
#[cfg(unix)]
pub fn on_interrupt(stop: impl Fn() + Send + 'static) -> io::Result<()> {
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
                0 => stop(),
                _ => drop(low_level::emulate_default_handler(signal)),
            }
        }
    })?;
    Ok(())
}

/// Ctrl+C ends the program here.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn on_interrupt(_stop: impl Fn() + Send + 'static) -> io::Result<()> {
    prompt::leave_signals_to_others();
    Ok(())
}
