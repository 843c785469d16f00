//! Ctrl+C that stops waiting instead of ending the program.

use std::io;

use super::prompt;

/// From now on the first Ctrl+C, or the first request to end, calls `stop`; the second one ends the program.
///
/// # Errors
/// If the system has no thread or refuses a handler.
pub fn on_interrupt(stop: impl Fn() + Send + 'static) -> io::Result<()> {
    on_signal(move |_| stop())
}

/// The same with the number of the signal.
///
/// # Errors
/// As there.
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

/// Ctrl+C ends the program here.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn on_signal(_stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    prompt::leave_signals_to_others();
    Ok(())
}

/// Ends the program as a signal does, so that a shell that runs it stops too.
pub fn end(signal: i32) -> ! {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    std::process::exit(128 + signal)
}
