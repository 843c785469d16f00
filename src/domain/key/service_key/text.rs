//! From bytes to text.

use zeroize::Zeroizing;

use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    text::position::{LineIndex, Position},
};

/// A decoded text, without its byte order mark.
pub(super) struct Decoded {
    /// The characters.
    pub text: Zeroizing<String>,
    /// `UTF-16`, if it was not UTF-8.
    pub encoding: Option<&'static str>,
}

/// Decodes UTF-8 or UTF-16, with or without a byte order mark (PowerShell redirection writes UTF-16).
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Finding> {
    let decoded = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest)?,
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        // Without a mark, the zero bytes of the first two characters reveal it: JSON begins with ASCII.
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => utf16(bytes, u16::from_le_bytes)?,
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => utf16(bytes, u16::from_be_bytes)?,
        _ => utf8(bytes)?,
    };
    match decoded.text.find('\0') {
        Some(at) => {
            let position = position(&decoded.text, at);
            Err(Finding::key(FindingCode::KeyNotText).seen(Fact::NulByte { position }))
        }
        None => Ok(decoded),
    }
}

fn utf8(bytes: &[u8]) -> Result<Decoded, Finding> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: Zeroizing::new(text.to_owned()), encoding: None }),
        Err(error) => {
            let good = error.valid_up_to();
            let before = String::from_utf8_lossy(&bytes[..good]);
            let byte = bytes.get(good).copied().unwrap_or_default();
            let seen = Fact::NotUtf8 { byte: format!("{byte:02x}"), position: position(&before, before.len()) };
            Err(Finding::key(FindingCode::KeyNotText).seen(seen))
        }
    }
}

/// Bytes 0x80 to 0x9f of Windows-1252, with a replacement character for undefined ones.
const UPPER: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";

/// The text in Windows-1252, which some Windows editors still write; `None` if it contains bytes that do not occur in
/// text.
pub(super) fn windows_1252(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let character = |byte: &u8| match byte {
        b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0xa0..=0xff => Some(char::from(*byte)),
        0x80..=0x9f => UPPER.chars().nth(usize::from(byte - 0x80)).filter(|c| *c != '\u{fffd}'),
        _ => None,
    };
    // Allocated at full size: a growing string leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3));
    for byte in bytes {
        text.push(character(byte)?);
    }
    Some(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Decoded, Finding> {
    let pairs = bytes.chunks_exact(2);
    let whole = pairs.remainder().is_empty();
    let damaged = || Finding::key(FindingCode::KeyNotText).seen(Fact::DamagedUtf16);
    // Allocated at full size: a growing string leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() / 2 * 3));
    for (at, c) in char::decode_utf16(pairs.map(|pair| unit([pair[0], pair[1]]))).enumerate() {
        match c.map_err(|_| damaged())? {
            '\u{feff}' if at == 0 => {}
            c => text.push(c),
        }
    }
    if whole { Ok(Decoded { text, encoding: Some("UTF-16") }) } else { Err(damaged()) }
}

/// The position of a byte in a text.
pub(super) fn position(text: &str, offset: usize) -> Position {
    LineIndex::new(text).position(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes).map(|decoded| decoded.text.to_string()).unwrap_or_else(|finding| format!("{finding:?}"))
    }

    #[test]
    fn byte_order_marks_are_removed() {
        assert_eq!(text(b"\xef\xbb\xbf{}"), "{}");
        assert_eq!(text(b"\xff\xfe{\0}\0"), "{}");
        assert_eq!(text(b"\xfe\xff\0{\0}"), "{}");
    }

    #[test]
    fn utf_16_without_a_mark_is_recognised() {
        assert_eq!(text(b"{\0}\0"), "{}");
        assert_eq!(text(b"\0{\0}"), "{}");
    }

    #[test]
    fn bytes_that_are_not_text_are_named_with_their_place() {
        let seen = |bytes: &[u8]| decode(bytes).err().and_then(|finding| finding.evidence);
        let position = Position { line: 2, column: 2 };
        for line_break in ["\n", "\r\n", "\r"] {
            let text = |end: &[u8]| [b"{", line_break.as_bytes(), end].concat();
            assert_eq!(seen(&text(b" \xff")), Some(Fact::NotUtf8 { byte: "ff".into(), position }));
            assert_eq!(seen(&text(b"\"\0\"}")), Some(Fact::NulByte { position }));
        }
        assert_eq!(seen(b"\xff\xfe{\0}"), Some(Fact::DamagedUtf16));
    }
}
