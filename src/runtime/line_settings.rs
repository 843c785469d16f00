//! The terminal's line settings from before plain mode.

#[cfg(unix)]
use std::sync::{Mutex, PoisonError};

#[cfg(unix)]
use rustix::{
    stdio::stdin,
    termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr},
};

/// None while they are in effect.
#[cfg(unix)]
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Saves them.
#[cfg(unix)]
pub fn keep(before: Termios) {
    *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
}

/// Restores them. Unread input is the rest of a paste, which the shell must not run.
#[cfg(unix)]
pub fn restore() {
    if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        // A terminal that is gone needs nothing.
        let _ = tcsetattr(stdin(), OptionalActions::Flush, &before);
    }
}

/// Whether keys already arrive one by one. Then the settings are left alone: input while they change is lost, or
/// handled as a line by the terminal.
#[cfg(unix)]
pub fn is_quiet() -> bool {
    let of_lines = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
    tcgetattr(stdin()).is_ok_and(|now| !now.local_modes.intersects(of_lines))
}

/// Not known on this platform.
#[cfg(not(unix))]
pub fn is_quiet() -> bool {
    false
}

/// Restores the console.
#[cfg(not(unix))]
pub fn restore() {
    let _ = crossterm::terminal::disable_raw_mode();
}
