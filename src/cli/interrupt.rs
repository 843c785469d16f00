//! Ctrl+C that stops waiting instead of ending the program.

use std::io;

use crate::platform::prompt;

/// From now on, the first Ctrl+C or termination request calls `stop`; the second ends the program.
///
/// # Errors If no thread can be started or a handler cannot be installed.
pub fn on_interrupt(stop: impl Fn() + Send + 'static) -> io::Result<()> {
    on_signal(move |_| stop())
}

/// The same, passing the signal number.
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

/// The same for Ctrl+C and Ctrl+Break on a Windows console, with the signal number of Ctrl+C on Unix.
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

/// Ends the program as the signal would, so that a calling shell script stops too.
pub fn end(signal: i32) -> ! {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    std::process::exit(128 + signal)
}
