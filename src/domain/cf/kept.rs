//! A login stored for later commands: its sealed content.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::domain::text::secret::Secret;

/// A stored login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLogin {
    /// The URL of the API.
    pub api: String,
    /// Who is logged in.
    pub user: Option<String>,
    /// The default org of the commands.
    pub org: Option<String>,
    /// The default space of the commands.
    pub space: Option<String>,
    /// The refresh token.
    pub refresh_token: Secret,
}

/// The sealed text (`docs/vault-format.md`).
#[derive(Serialize)]
struct Text<'a> {
    api: &'a str,
    user: Option<&'a str>,
    org: Option<&'a str>,
    space: Option<&'a str>,
    refresh_token: &'a str,
}

impl KeptLogin {
    /// The text to be sealed.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let text = Text {
            api: &self.api,
            user: self.user.as_deref(),
            org: self.org.as_deref(),
            space: self.space.as_deref(),
            refresh_token: self.refresh_token.expose(),
        };
        // Reserved up front: a growing buffer leaves unwiped copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
        // Strings always serialize, and writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut *bytes, &text);
        bytes
    }

    /// Reads a text that was sealed.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let text: Owned = serde_json::from_slice(bytes).ok()?;
        let refresh_token = Secret::new(text.refresh_token);
        Some(Self { api: text.api, user: text.user, org: text.org, space: text.space, refresh_token })
    }
}

/// The fields of a sealed text, whose strings may contain escapes.
#[derive(Deserialize)]
struct Owned {
    api: String,
    user: Option<String>,
    org: Option<String>,
    space: Option<String>,
    refresh_token: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_read_again() {
        let login = KeptLogin {
            api: "https://api.cf.eu10.hana.ondemand.com".into(),
            user: Some("dev\"@example.com".into()),
            org: None,
            space: Some("dev".into()),
            refresh_token: Secret::new("0123-r"),
        };
        assert_eq!(KeptLogin::read(&login.to_bytes()), Some(login));
        assert_eq!(KeptLogin::read(b"{}"), None);
    }
}
