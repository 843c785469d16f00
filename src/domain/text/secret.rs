//! The only type that contains a secret.

use zeroize::Zeroizing;

/// Shown instead of a secret. Its length reveals nothing about the secret.
pub const MASK: &str = "************";

/// A client secret, a private key or a token.
///
/// It has no `Display` and no `Serialize`, its `Debug` prints [`MASK`], and its memory is wiped when it is dropped.
/// [`Secret::expose`] is the only way to its text; `tests/architecture` lists the files that may call it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. Never pass it to anything that prints, logs or stores it.
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
