//! The clipboard of the desktop: X11, Wayland, macOS, Windows.

#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(all(unix, not(target_os = "macos")))]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use arboard::{Clipboard, Error};
use zeroize::Zeroizing;

use super::native::System;

struct Desktop(Clipboard);

/// Connects to the desktop's clipboard. Blocks for ever where an X11 forwarding hangs.
pub(super) fn open() -> Result<Box<dyn System>, String> {
    Clipboard::new().map(|clipboard| Box::new(Desktop(clipboard)) as Box<dyn System>).map_err(|error| words(&error))
}

impl System for Desktop {
    fn set(&mut self, text: &str, secret: bool) -> Result<(), String> {
        let set = self.0.set();
        let set = if secret { set.exclude_from_history() } else { set };
        set.text(text).map_err(|error| words(&error))
    }

    fn get(&mut self) -> Result<Option<Zeroizing<String>>, String> {
        match self.0.get_text() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(Error::ContentNotAvailable) => Ok(None),
            Err(error) => Err(words(&error)),
        }
    }

    fn clear(&mut self) {
        let _ = self.0.clear();
    }
}

/// arboard's own words name protocols and time spans that help nobody.
fn words(error: &Error) -> String {
    match error {
        Error::ClipboardNotSupported => "This system offers programs no clipboard.",
        Error::ClipboardOccupied => "Another program holds the clipboard at the moment.",
        _ => "The clipboard cannot be reached.",
    }
    .to_owned()
}
