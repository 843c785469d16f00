//! Input from the user: a paste, a file, the clipboard.

use std::fmt;

use zeroize::Zeroizing;

use crate::domain::text::secret::Secret;

/// Bytes that the user pasted or had read from a file or the clipboard. May be a key with its secret, so it is wiped
/// when dropped and its `Debug` shows only the size.
#[derive(Clone, PartialEq, Eq)]
pub struct Pasted(Zeroizing<Vec<u8>>);

impl Pasted {
    /// Wraps the bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// Text from a terminal, with line breaks normalised to line feeds: most terminals send the carriage return of the
    /// Enter key instead, some send both.
    pub fn from_terminal(text: impl Into<Vec<u8>>) -> Self {
        let mut bytes = text.into();
        let mut after_return = false;
        bytes.retain_mut(|byte| {
            let returns = *byte == b'\r';
            let keep = *byte != b'\n' || !after_return;
            if returns {
                *byte = b'\n';
            }
            after_return = returns;
            keep
        });
        Self::new(bytes)
    }

    /// A key as returned by an API.
    pub fn from_secret(key: &Secret) -> Self {
        Self::new(key.expose())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, with invalid UTF-8 replaced. For fields and filters, not for keys.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(String::from_utf8_lossy(&self.0).into_owned())
    }
}

impl fmt::Debug for Pasted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pasted({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_of_a_line_becomes_a_line_feed() {
        for text in ["a\nb\n\nc", "a\rb\r\rc", "a\r\nb\r\n\r\nc", "a\r\nb\r\rc"] {
            assert_eq!(Pasted::from_terminal(text).bytes(), b"a\nb\n\nc", "{text:?}");
        }
    }
}
