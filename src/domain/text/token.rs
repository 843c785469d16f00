//! Tokens that are not known yet: an answer that cannot be read may contain one, and no mask knows it.

use std::{borrow::Cow, ops::Range};

use super::secret::MASK;

/// The longest token that is used, in bytes. It is sent in a header, and servers refuse headers that are much shorter.
const LONGEST: usize = 64 * 1024;
/// What the JSON of a JWT begins with in base64.
const JWT: &str = "eyJ";
/// Fewer characters are no token.
const LEAST: usize = 8;

/// Whether this can be sent as a token.
pub fn is_token(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The text with [`MASK`] instead of what looks like a token: what begins like a JWT, and the value of a field that is called
/// like one.
pub fn without_tokens(text: &str) -> Cow<'_, str> {
    let mut found: Vec<Range<usize>> = text
        .match_indices(JWT)
        .filter(|(at, _)| !text[..*at].ends_with(char::is_alphanumeric))
        .map(|(at, _)| run(text, at))
        .collect();
    let lower = text.to_ascii_lowercase();
    for (at, name) in lower.match_indices("token") {
        let before = lower[..at].trim_end_matches(['_', '-']);
        if ["access", "refresh", "id"].iter().any(|kind| before.ends_with(kind)) {
            found.extend(value_after(text, at + name.len()));
        }
    }
    found.retain(|range| range.len() >= LEAST);
    found.sort_by_key(|range| range.start);
    let mut out = String::new();
    let mut end = 0;
    for range in found {
        if range.start >= end {
            out.push_str(&text[end..range.start]);
            out.push_str(MASK);
        }
        end = end.max(range.end);
    }
    if end == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[end..]);
    Cow::Owned(out)
}

/// The value behind the name of a field, if signs and not words follow the name.
fn value_after(text: &str, at: usize) -> Option<Range<usize>> {
    let mut rest = &text[at..];
    loop {
        let value = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let signs = &rest[..rest.len() - value.len()];
        match value.split_once(';') {
            // A quote as an HTML entity.
            Some((entity, after)) if signs.ends_with(['&', '#']) && entity.len() < LEAST => rest = after,
            _ => {
                let begin = text.len() - value.len();
                let is_field = text[at..begin].contains([':', '=', '"', '\'', '>', '%', '&', '\\']);
                return is_field.then(|| run(text, begin));
            }
        }
    }
}

/// From a place to the next character that is in no token.
fn run(text: &str, at: usize) -> Range<usize> {
    let length = text[at..].find(|c: char| c.is_whitespace() || "\"'<>,;&".contains(c));
    at..length.map_or(text.len(), |length| at + length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_like_a_token_is_masked_and_the_rest_stays() {
        for (text, shown) in [
            (
                r#"{"access_token":"0a1b2c3d4e","expires_in":1e400"#,
                r#"{"access_token":"************","expires_in":1e400"#,
            ),
            ("access_token=0a1b2c3d4e&token_type=bearer", "access_token=************&token_type=bearer"),
            ("<title>Access-Token: 0a1b2c3d4e</title>", "<title>Access-Token: ************</title>"),
            (r#"{\"accessToken\":\"0a1b2c3d4e\"}"#, r#"{\"accessToken\":\"************"}"#),
            ("access_token&quot;:&#34;0a1b2c3d4e&quot;", "access_token&quot;:&#34;************&quot;"),
            ("access_token%22%3a%220a1b2c3d4e%22%2c", "access_token%************"),
            ("refresh_token => 0a1b2c3d4e-r ok", "refresh_token => ************ ok"),
            ("Your token is eyJhbGciOi.eyJzdWIi.c2ln.", "Your token is ************"),
            ("eyJhbGciOi.eyJzdWIi.c2ln eyJhbGciOi", "************ ************"),
        ] {
            assert_eq!(without_tokens(text), shown, "{text}");
        }
    }

    #[test]
    fn a_sentence_about_tokens_stays_as_it_is() {
        for text in [
            "The access_token is missing or has expired",
            "Invalid access token: expired",
            "Error while obtaining token from UAA: service unavailable",
            "Unexpected token '<' in the answer",
            "They said heyJude12345",
            "Unauthorized",
            "",
        ] {
            assert_eq!(without_tokens(text), text);
        }
    }

    #[test]
    fn a_token_is_visible_ascii_and_fits_into_a_header() {
        assert!(is_token("a.b-c_d~e+f/g="));
        assert!(is_token(&"a".repeat(LONGEST)));
        for text in ["", "a b", "a\n", "\u{e4}", &"a".repeat(LONGEST + 1)] {
            assert!(!is_token(text));
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "(eyJ|access_token|id-token|[:=\"\\\\ %&<é漢]|\\PC){0,40}") {
            let _ = without_tokens(&text);
        }
    }
}
