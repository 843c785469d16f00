//! The one type that holds a secret.

use zeroize::Zeroizing;

/// What is shown instead of a secret. The length says nothing about the secret.
pub const MASK: &str = "************";

/// A client secret, a private key or a token.
///
/// It has no `Display` and no `Serialize`, its `Debug` prints [`MASK`], and its memory is wiped when it is
/// dropped. [`Secret::expose`] is the only way to its text; `tests/architecture.rs` lists the files that may call it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Never hand it to anything that prints, logs or stores.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_mask_whatever_the_length() {
        assert_eq!(format!("{:?}", Secret::new("a")), MASK);
        assert_eq!(format!("{:#?}", Secret::new("a-much-longer-canary-secret")), MASK);
    }
}
