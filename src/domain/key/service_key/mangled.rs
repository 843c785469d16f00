//! What shells, templates, encoders and emails do to a client id or a secret, and what of it can be undone.

use zeroize::Zeroizing;

use super::names;
use crate::domain::finding::{Fact, FindingCode};

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// The value without characters that certainly do not belong to it, and what they were: a label (`client_secret: ..`),
/// quotes at both ends, line breaks or spaces in a value that is complete without them. `fits` returns whether a text
/// has the form of the field.
pub(super) fn bare<'a>(value: &'a str, fits: fn(&str) -> bool) -> (std::borrow::Cow<'a, str>, Vec<Fact>) {
    let mut text = value.trim();
    let mut done = Vec::new();
    if let Some((label, rest)) = text.split_once([':', '='])
        && names::is_label(label)
        && fits(unquoted(rest.trim()))
    {
        text = rest.trim();
        done.push(Fact::LabelInside);
    }
    if unquoted(text) != text && fits(unquoted(text)) {
        text = unquoted(text);
        done.push(Fact::QuotesInside);
    }
    if text.contains(char::is_whitespace) {
        let joined: String = text.split_whitespace().collect();
        // Only the end of a secret shows that it is complete.
        if fits(&joined) && joined.ends_with('=') && joined.len() >= WHOLE {
            done.push(Fact::BreakInside);
            return (joined.into(), done);
        }
    }
    (text.into(), done)
}

/// The length of a complete secret in the current form: a GUID, a dollar sign and 32 bytes in base64.
const WHOLE: usize = 36 + 1 + 44;

/// The modification of a value that only fits without it: such a value is certainly wrong.
pub(super) fn fault(value: &str, fits: fn(&str) -> bool) -> Option<FindingCode> {
    if fits(value) && !value.contains(['\\', '%', '"', '\'', '`', '&']) {
        return None;
    }
    let without = |marks: &[char]| {
        let mut out = Zeroizing::new(String::with_capacity(value.len()));
        out.extend(value.chars().filter(|c| !marks.contains(c)));
        out
    };
    let encoded = decoded(value);
    if *encoded != value && fits(&encoded) {
        return Some(FindingCode::ValueEncoded);
    }
    if value.contains('\\') && fits(&without(&['\\'])) {
        return Some(FindingCode::ValueEscaped);
    }
    if value.contains(QUOTES) && fits(&without(&QUOTES)) {
        return Some(FindingCode::ValueQuoted);
    }
    None
}

/// Whether a value contains characters that SAP's client ids and secrets never have, although its form is not
/// recognised.
pub(super) fn is_unusual(value: &str) -> bool {
    value.contains(['\\', '"', '\'', '`']) || *decoded(value) != value
}

/// The value with percent-encoding, HTML entities and `\u` escapes decoded, as far as they are ASCII.
fn decoded(value: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(value.len()));
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let number = |prefix: &str, digits: usize, radix: u32| {
            let digits = rest.strip_prefix(prefix)?.get(..digits)?;
            let code = u8::from_str_radix(digits, radix).ok().filter(u8::is_ascii_graphic)?;
            Some((char::from(code), prefix.len() + digits.len()))
        };
        let entity = |name: &str, c: char| rest.starts_with(name).then_some((c, name.len()));
        let escape = number("%", 2, 16)
            .or_else(|| number("\\u00", 2, 16))
            .or_else(|| number("&#x", 2, 16).map(|(c, length)| (c, length + 1)))
            .or_else(|| number("&#", 3, 10).or_else(|| number("&#", 2, 10)).map(|(c, length)| (c, length + 1)))
            .or_else(|| entity("&amp;", '&'))
            .or_else(|| entity("&dollar;", '$'))
            .or_else(|| entity("&equals;", '='));
        let (c, length) = escape.unwrap_or((c, c.len_utf8()));
        out.push(c);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

fn unquoted(text: &str) -> &str {
    QUOTES.iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::key::service_key::shown;

    const SECRET: &str = "11111111-2222-4333-8444-555555555555$AbC_dEf-GhI0123456789AbC_dEf-GhI0123456789AbC=";

    #[test]
    fn what_is_around_a_secret_is_removed() {
        for (value, done) in [
            (SECRET.to_owned(), &[][..]),
            (format!("client_secret: {SECRET}"), &[Fact::LabelInside]),
            (format!("'{SECRET}'"), &[Fact::QuotesInside]),
            (format!("clientsecret=\"{SECRET}\""), &[Fact::LabelInside, Fact::QuotesInside]),
            (SECRET.replace("GhI", "\r\n GhI"), &[Fact::BreakInside]),
        ] {
            let (bare, taken) = bare(&value, shown::is_secret);
            assert_eq!((&*bare, &*taken), (SECRET, done), "{value}");
        }
        let cut = "11111111-2222-4333-8444-555555555555$AbC dEf";
        assert_eq!(bare(cut, shown::is_secret), (cut.into(), vec![]));
    }

    #[test]
    fn what_was_done_inside_a_secret_is_named() {
        for (value, code) in [
            (SECRET.to_owned(), None),
            (SECRET.replace('$', "%24"), Some(FindingCode::ValueEncoded)),
            (SECRET.replace('$', "&#36;"), Some(FindingCode::ValueEncoded)),
            (SECRET.replace('$', "\\u0024"), Some(FindingCode::ValueEncoded)),
            (SECRET.replace('=', "%3D"), Some(FindingCode::ValueEncoded)),
            (SECRET.replace('$', "\\$"), Some(FindingCode::ValueEscaped)),
            (SECRET.replace('$', "'$'"), Some(FindingCode::ValueQuoted)),
            ("a%24b".to_owned(), None),
        ] {
            assert_eq!(fault(&value, shown::is_secret), code, "{value}");
        }
    }
}
