//! The configuration file of curl.

/// The text between the double quotes of an option's value.
pub fn inside_quotes(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | '"' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_cannot_leave_its_quotes_or_its_line() {
        assert_eq!(inside_quotes("a\"\nurl = \"b\\"), "a\\\"\\nurl = \\\"b\\\\");
        assert_eq!(inside_quotes("$`!'%"), "$`!'%");
    }
}
