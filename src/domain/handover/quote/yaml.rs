//! YAML.

/// A scalar that every parser reads as this text: in single quotes, in which only the single quote itself is special,
/// or in double quotes if a character has to be escaped.
pub fn scalar(text: &str) -> String {
    if text.chars().all(is_printable) { format!("'{}'", text.replace('\'', "''")) } else { escaped(text) }
}

/// Characters that every version of YAML allows inside a line. YAML 1.0 also breaks lines at U+0085, U+2028 and U+2029.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
        || c >= '\u{10000}'
}

fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            // Every character that is not printable is below U+10000.
            c => out.push_str(&format!("\\u{:04x}", c as u32)),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_looks_like_something_else_stays_a_text() {
        for (text, scalar_text) in [
            ("no", "'no'"),
            ("1e3", "'1e3'"),
            ("it's # not: a comment", "'it''s # not: a comment'"),
            ("a\\nb", "'a\\nb'"),
            ("a\n\"b\"\\", "\"a\\n\\\"b\\\"\\\\\""),
            ("a\u{85}b\u{feff}", "\"a\\u0085b\\ufeff\""),
        ] {
            assert_eq!(scalar(text), scalar_text);
        }
    }
}
