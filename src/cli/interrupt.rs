//! Ctrl+C that stops waiting instead of ending the program.

use std::io;

use crate::platform::prompt;

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

/// The same for Ctrl+C and Ctrl+Break at a console of Windows, with the number that Ctrl+C has elsewhere.
///
/// # Errors
/// As there.
#[cfg(windows)]
pub fn on_signal(stop: impl Fn(i32) + Send + 'static) -> io::Result<()> {
    use tokio::signal::windows::{ctrl_break, ctrl_c};

    const INTERRUPT: i32 = 2;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (mut interrupted, mut broken) = {
        let _guard = runtime.enter();
        (ctrl_c()?, ctrl_break()?)
    };
    prompt::leave_signals_to_others();
    std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        let mut next = || {
            runtime.block_on(async {
                tokio::select! {
                    _ = interrupted.recv() => {}
                    _ = broken.recv() => {}
                }
            });
        };
        next();
        stop(INTERRUPT);
        next();
        end(INTERRUPT)
    })?;
    Ok(())
}

/// Ends the program as a signal does, so that a shell that runs it stops too.
pub fn end(signal: i32) -> ! {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    std::process::exit(128 + signal)
}
