//! The line settings of the terminal from before plain mode took it over.

#[cfg(unix)]
use std::sync::{Mutex, PoisonError};

#[cfg(unix)]
use rustix::{
    stdio::stdin,
    termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr},
};

/// None while they hold.
#[cfg(unix)]
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Keeps them.
#[cfg(unix)]
pub fn keep(before: Termios) {
    *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
}

/// Sets them again. What is still unread is the rest of a paste, and the shell must not run it.
#[cfg(unix)]
pub fn restore() {
    if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        // A terminal that is gone needs nothing.
        let _ = tcsetattr(stdin(), OptionalActions::Flush, &before);
    }
}

/// Whether keys arrive one by one already. Then the settings are left alone: what is typed while they change is lost, or
/// taken as a line of the terminal's own.
#[cfg(unix)]
pub fn is_quiet() -> bool {
    let of_lines = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
    tcgetattr(stdin()).is_ok_and(|now| !now.local_modes.intersects(of_lines))
}

/// Cannot be told here.
#[cfg(not(unix))]
pub fn is_quiet() -> bool {
    false
}

/// Gives the console back.
#[cfg(not(unix))]
pub fn restore() {
    let _ = crossterm::terminal::disable_raw_mode();
}
