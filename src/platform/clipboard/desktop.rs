//! The clipboard of the desktop: X11, Wayland, macOS, Windows.

#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(all(unix, not(target_os = "macos")))]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use arboard::{Clipboard, Error};
use zeroize::Zeroizing;

use super::{ClipboardError, system::System};

struct Desktop(Clipboard);

/// Connects to the desktop clipboard. Blocks forever if an X11 forwarding hangs.
pub(super) fn open() -> Result<Box<dyn System>, ClipboardError> {
    Clipboard::new().map(|clipboard| Box::new(Desktop(clipboard)) as Box<dyn System>).map_err(|error| reason(&error))
}

impl System for Desktop {
    fn set(&mut self, text: &str, secret: bool) -> Result<(), ClipboardError> {
        let set = self.0.set();
        let set = if secret { set.exclude_from_history() } else { set };
        set.text(text).map_err(|error| reason(&error))
    }

    fn get(&mut self) -> Result<Option<Zeroizing<String>>, ClipboardError> {
        match self.0.get_text() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(Error::ContentNotAvailable) => Ok(None),
            Err(error) => Err(reason(&error)),
        }
    }

    fn clear(&mut self) {
        let _ = self.0.clear();
    }
}

/// The text of arboard's errors is about protocols and does not help users.
fn reason(error: &Error) -> ClipboardError {
    match error {
        Error::ClipboardNotSupported => ClipboardError::NotSupported,
        Error::ClipboardOccupied => ClipboardError::Occupied,
        _ => ClipboardError::Unreachable,
    }
}
