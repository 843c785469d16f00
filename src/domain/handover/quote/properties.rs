//! Java properties.

/// The value after `Key=`, in ASCII: older parsers read the file as Latin-1.
pub fn value(text: &str) -> String {
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        match c {
            '\\' | ':' | '=' | '#' | '!' => out.extend(['\\', c]),
            // Spaces between key and value are skipped.
            ' ' if at == 0 => out.push_str("\\ "),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            c => super::push_utf16(&mut out, c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_key_or_begin_a_comment_is_escaped() {
        assert_eq!(value("https://acme:443/a=b"), "https\\://acme\\:443/a\\=b");
        assert_eq!(value("  a#!\\"), "\\  a\\#\\!\\\\");
        assert_eq!(value("ü\u{1f511}\n"), "\\u00fc\\ud83d\\udd11\\n");
    }
}
