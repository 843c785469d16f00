//! Secrets anywhere in a text, also where no key is read: in a text of several keys that was mixed up, a part of one may
//! be in the field of another.

use std::ops::Range;

use crate::domain::text::secret::Secret;

/// More are not looked for, nor longer ones: masking them would take seconds.
const LIMITS: (usize, usize) = (100, 1024);

/// A shorter value occurs in any text by chance.
const SHORTEST: usize = 8;

/// The secrets in `text`: values that are named like one, and what has the form of one.
pub(super) fn secrets(text: &str) -> Vec<Secret> {
    let mut all: Vec<Secret> = Vec::new();
    for range in named(text).chain(formed(text)) {
        let secret = Secret::new(text[range].chars().take(LIMITS.1).collect::<String>());
        if !all.contains(&secret) {
            all.push(secret);
        }
        if all.len() == LIMITS.0 {
            break;
        }
    }
    all
}

/// The values behind `clientsecret`, however the name is written and the value is quoted.
fn named(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    const NAME: &str = "secret";
    let bytes = text.as_bytes();
    let is_named = move |at: &usize| {
        let before = text[..*at].trim_end_matches(['_', '-', ' ', '.']);
        let start = before.len().saturating_sub("client".len());
        bytes[start..before.len()].eq_ignore_ascii_case(b"client")
    };
    // The whole text of a paste is looked through: few letters are worth a comparison.
    let starts = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b's' | b'S')).map(|(at, _)| at);
    let is_name = |word: &[u8]| word.eq_ignore_ascii_case(NAME.as_bytes());
    let starts = starts.filter(move |at| bytes.get(*at..*at + NAME.len()).is_some_and(is_name));
    starts.filter(is_named).filter_map(move |at| {
        let quoting = ['"', '\'', '`', '\\', ' ', '\t'];
        let rest = text[at + NAME.len()..].trim_start_matches(quoting);
        let value = rest.strip_prefix([':', '='])?.trim_start_matches(quoting);
        let from = text.len() - value.len();
        let is_inside = |c: &char| !c.is_whitespace() && !"\"'`\\,<>{}()".contains(*c);
        let length: usize = value.chars().take(LIMITS.1).take_while(is_inside).map(char::len_utf8).sum();
        (length >= SHORTEST).then_some(from..from + length)
    })
}

/// What has the form of a secret, or of most of one: `<guid>$<32 bytes in base64>`.
fn formed(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    /// The fewest characters before and after the dollar sign.
    const LEAST: (usize, usize) = (8, 20);
    text.match_indices('$').filter_map(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        let head = before.len() - before.trim_end_matches(|c: char| c.is_ascii_hexdigit() || c == '-').len();
        let is_tail = |c: char| c.is_ascii_alphanumeric() || "+/_-".contains(c);
        let tail = after.len() - after.trim_start_matches(is_tail).len();
        let end = at + 1 + tail + usize::from(after[tail..].starts_with('='));
        (head >= LEAST.0 && tail >= LEAST.1).then_some(at - head..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "11111111-2222-4333-8444-555555555555$Canary+0123456789_AbCdEfGhIjKlMnOpQrStUvWx=";

    #[test]
    fn a_secret_is_found_by_its_name_and_by_its_form() {
        for text in [
            format!("{{\"clientsecret\": \"{SECRET}\""),
            format!("{{\\\"clientSecret\\\":\\\"{SECRET}\\\"}}"),
            format!("CPI_CLIENT_SECRET='{SECRET}'"),
            format!("client-secret={SECRET}, and more"),
            format!("clientid: sb-1!b1|it!{SECRET}"),
        ] {
            assert_eq!(secrets(&text), [Secret::new(SECRET)], "{text}");
        }
        assert_eq!(secrets("client_secret = hunter22 "), [Secret::new("hunter22")]);
        assert_eq!(secrets(&format!("x{}", &SECRET[24..])), [Secret::new(&SECRET[24..])]);
    }

    #[test]
    fn other_text_has_none() {
        for text in [
            "",
            "secret",
            "clientsecret",
            "client secret: short",
            "kind: Secret\nmetadata:\n  name: acme-api-key",
            "https://acme.example/api/v1/MessageProcessingLogs?$top=1&$select=MessageGuid",
            "TOKEN=$SAP_CLOUD_INTEGRATION_TOKEN_OF_PRODUCTION",
            "ä$ä",
        ] {
            assert_eq!(secrets(text), [], "{text}");
        }
    }

    #[test]
    fn a_long_text_of_nothing_but_names_is_looked_through_at_once() {
        let many = "client_secret=a_longer_value ".repeat(9_000);
        assert_eq!(secrets(&many).len(), 1);
        assert!(secrets(&"clientsecret=".repeat(20_000)).len() < LIMITS.0);
        assert_eq!(secrets(&"0".repeat(1000)), []);
        let different: String = (0..9_000).map(|number| format!("clientsecret={number:09} ")).collect();
        assert_eq!(secrets(&different).len(), LIMITS.0);
        let long = format!("clientsecret={}", "x".repeat(100_000));
        assert_eq!(secrets(&long)[0].expose().len(), LIMITS.1);
    }
}
