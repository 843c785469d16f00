//! What a person gave: a paste, a file, the clipboard.

use std::fmt;

use zeroize::Zeroizing;

/// Bytes that a person pasted or had read from a file or the clipboard. May well be a key with its secret, so it is
/// wiped when dropped and its `Debug` shows only the size.
#[derive(Clone, PartialEq, Eq)]
pub struct Pasted(Zeroizing<Vec<u8>>);

impl Pasted {
    /// Wraps the bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, with unreadable bytes replaced. For fields and filters, not for keys.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(String::from_utf8_lossy(&self.0).into_owned())
    }
}

impl fmt::Debug for Pasted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pasted({} bytes)", self.0.len())
    }
}
