//! Access to the system clipboard.

use zeroize::Zeroizing;

use super::{Cleared, ClipboardError};

/// Access to a clipboard. All calls may block.
pub trait System {
    /// Copies text. A secret is excluded from histories if the system supports that.
    ///
    /// # Errors
    /// If the clipboard did not accept the text.
    fn set(&mut self, text: &str, secret: bool) -> Result<(), ClipboardError>;

    /// The text in the clipboard; `None` if there is none.
    ///
    /// # Errors
    /// If the clipboard cannot be read.
    fn get(&mut self) -> Result<Option<Zeroizing<String>>, ClipboardError>;

    /// Clears the clipboard. Read it to check whether that worked.
    fn clear(&mut self);
}

/// Opens a [`System`], on the thread that will use it.
pub type Opener = fn() -> Result<Box<dyn System>, ClipboardError>;

/// Called when a secret is no longer in the clipboard, or cannot be cleared.
pub type OnCleared = Box<dyn FnOnce(Cleared) + Send>;
