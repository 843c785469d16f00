//! The displayable part of a key's fields, because a secret may be in the wrong field.

use crate::domain::text::{safe_text::SafeText, secret::MASK};

/// A URL without user info and query, which may be secret. The mask if it is not a URL.
pub(super) fn address(text: &str) -> SafeText {
    let text = text.trim();
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let host_end = rest.find(['/', '\\']).unwrap_or(rest.len());
    let host = rest[..host_end].rsplit('@').next().unwrap_or_default();
    if scheme.len() > 10 || scheme.is_empty() && !host.contains('.') || is_secret(rest) {
        return SafeText::line(MASK);
    }
    let separator = if scheme.is_empty() { "" } else { "://" };
    SafeText::line(&format!("{scheme}{separator}{host}{}", &rest[host_end..]))
}

/// A client id, or the mask if it is the secret in the wrong field.
pub(super) fn client_id(id: &str) -> SafeText {
    if is_secret(id.trim()) { SafeText::line(MASK) } else { SafeText::line(id.trim()) }
}

/// Whether the text is `<guid>$..`, which only client secrets look like.
pub(super) fn is_secret(text: &str) -> bool {
    after_guid(text).is_some_and(|rest| rest.starts_with('$'))
}

/// Whether a text has the form of a client id, `sb-..!b1|it!b2`.
pub(super) fn is_client_id(text: &str) -> bool {
    text.starts_with("sb-") && text.contains('!') && text.contains('|')
}

/// The text after a GUID at the beginning of `text`.
pub(super) fn after_guid(text: &str) -> Option<&str> {
    const GUID: [usize; 5] = [8, 4, 4, 4, 12];
    let (guid, rest) = text.split_at_checked(36)?;
    let is_guid = guid.split('-').map(str::len).eq(GUID) && guid.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    is_guid.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_in_an_address_is_left_out() {
        assert_eq!(address("https://anna:canary@acme.io/a?token=canary").as_str(), "https://acme.io/a");
        assert_eq!(address("11111111-2222-4333-8444-555555555555$AbC=").as_str(), MASK);
        assert_eq!(address("canary").as_str(), MASK);
        assert_eq!(address("https://acme.io\\@evil").as_str(), "https://acme.io\\@evil");
    }

    #[test]
    fn a_secret_in_the_place_of_the_client_id_is_masked() {
        assert_eq!(client_id("11111111-2222-4333-8444-555555555555$AbC=").as_str(), MASK);
        assert_eq!(client_id(" sb-1!b1|it!b2 ").as_str(), "sb-1!b1|it!b2");
    }
}
