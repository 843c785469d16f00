//! Signals, and terminals that close without a signal.
//!
//! A signal becomes a message to the loop. A separate thread ends the process if the loop cannot: while a write blocks,
//! or because of a bug.

use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
};
#[cfg(unix)]
use std::{sync::mpsc, thread, time::Duration};

use tokio::sync::mpsc::UnboundedSender;

use crate::platform::env::Background;

#[cfg(unix)]
use super::terminal::restore_all;

/// How long the loop may take to react to a signal to end.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_millis(250);

/// How long it may take to end after that.
#[cfg(unix)]
const ENDING_TIME: Duration = Duration::from_secs(2);

/// How long restoring the terminal may take if the loop did not do it. A terminal stopped with Ctrl+S blocks writes.
#[cfg(unix)]
const LAST_WRITE: Duration = Duration::from_millis(100);

/// The signal number for a terminal that is gone.
pub const HANG_UP: i32 = 1;

/// Set when the loop has noticed that it should end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// What the loop receives besides messages.
#[derive(Debug)]
pub enum Control {
    /// A signal asks to end; its number.
    End(i32),
    /// A signal asks to suspend.
    Suspend,
    /// The process was continued.
    Continued,
    /// Keys can no longer be read.
    InputLost(io::Error),
    /// The terminal has reported its background.
    Background(Background),
}

/// Called by the loop when it receives a [`Control::End`].
pub(super) fn mark_ending() {
    ENDING.store(true, Ordering::SeqCst);
}

/// Starts listening; with `at_terminal` also for the terminal closing. From here on, no signal kills the process before
/// the terminal is restored.
///
/// # Errors
///
/// If no thread can be started or a handler cannot be installed.
#[cfg(unix)]
pub fn watch(control: &UnboundedSender<Control>, at_terminal: bool) -> io::Result<()> {
    use signal_hook::{
        consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP},
        iterator::Signals,
    };
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
    let sender = control.clone();
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            match signal {
                SIGTSTP => drop(sender.send(Control::Suspend)),
                SIGCONT => drop(sender.send(Control::Continued)),
                signal => end(signal, &sender),
            }
        }
    })?;
    if at_terminal { watch_terminal(control) } else { Ok(()) }
}

/// The number of the signal that Ctrl+C sends.
#[cfg(windows)]
const INTERRUPT: i32 = 2;

/// Starts listening. Windows ends a process whose console is closed or whose user logs off, but waits a few seconds:
/// long enough to clear a copied secret from the clipboard and to save the progress. Ctrl+Break arrives here and not as
/// a key, whatever the modes are, and would end the process without resetting the modes.
///
/// # Errors
///
/// If no thread can be started or a handler cannot be installed.
#[cfg(windows)]
pub fn watch(control: &UnboundedSender<Control>, _: bool) -> io::Result<()> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};

    let control = control.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut close, mut log_off, mut shutdown, mut interrupted, mut broken) = {
        let _guard = runtime.enter();
        (ctrl_close()?, ctrl_logoff()?, ctrl_shutdown()?, ctrl_c()?, ctrl_break()?)
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let signal = runtime.block_on(async {
            tokio::select! {
                _ = close.recv() => HANG_UP,
                _ = log_off.recv() => HANG_UP,
                _ = shutdown.recv() => HANG_UP,
                _ = interrupted.recv() => INTERRUPT,
                _ = broken.recv() => INTERRUPT,
            }
        });
        let _ = control.send(Control::End(signal));
    })?;
    Ok(())
}

/// Detects a closed terminal when there is no signal (another session, a lost parent). crossterm would read forever.
/// The thread waits only for a hang-up, so nothing else wakes it.
#[cfg(target_os = "linux")]
fn watch_terminal(control: &UnboundedSender<Control>) -> io::Result<()> {
    use rustix::{
        event::{PollFd, PollFlags, poll},
        io::Errno,
        stdio::stdin,
    };
    let control = control.clone();
    thread::Builder::new().name("hang-up".to_owned()).spawn(move || {
        let terminal = stdin();
        loop {
            match poll(&mut [PollFd::new(&terminal, PollFlags::empty())], None) {
                Ok(_) => return end(HANG_UP, &control),
                Err(Errno::INTR) => {}
                // Then only the signal remains.
                Err(_) => return,
            }
        }
    })?;
    Ok(())
}

/// On other systems `poll` does not work on terminals, and the signal has to suffice.
#[cfg(all(unix, not(target_os = "linux")))]
fn watch_terminal(_: &UnboundedSender<Control>) -> io::Result<()> {
    Ok(())
}

/// Asks the loop to end, and ends the process itself if it does not.
#[cfg(unix)]
fn end(signal: i32, control: &UnboundedSender<Control>) {
    let asked = control.send(Control::End(signal)).is_ok();
    thread::sleep(PATIENCE);
    if asked && ENDING.load(Ordering::SeqCst) {
        thread::sleep(ENDING_TIME);
    }
    let (done, wait) = mpsc::channel();
    let restore = thread::Builder::new().spawn(move || {
        restore_all();
        let _ = done.send(());
    });
    if restore.is_ok() {
        let _ = wait.recv_timeout(LAST_WRITE);
    }
    signal_hook::low_level::exit(128 + signal);
}
