//! PowerShell: Windows PowerShell 5.1 and all later versions.

use std::fmt::Write as _;

/// One expression of type string.
///
/// PowerShell also ends a string at a typographic quote, and version 5.1 reads a script without a byte order mark in
/// the machine's code page. Everything except printable ASCII is therefore written as a character code.
pub fn expression(text: &str) -> String {
    if text.chars().all(is_printable) {
        return quoted(text);
    }
    let mut out = String::from("(''");
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|c| !is_printable(c)).unwrap_or(rest.len());
        // Writing to a string cannot fail.
        if run > 0 {
            let _ = write!(out, " + {}", quoted(&rest[..run]));
            rest = &rest[run..];
        } else {
            for unit in first.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, " + [char]{unit}");
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    out.push(')');
    out
}

fn is_printable(c: char) -> bool {
    (' '..='~').contains(&c)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_string_whatever_is_in_it() {
        for (text, literal) in [
            ("cpi-api", "'cpi-api'"),
            ("", "''"),
            ("it's", "'it''s'"),
            ("$env:PATH `n $(Get-Date) \"x\" @{}", "'$env:PATH `n $(Get-Date) \"x\" @{}'"),
            ("a\nb", "('' + 'a' + [char]10 + 'b')"),
            ("it\u{2019}s", "('' + 'it' + [char]8217 + 's')"),
            ("\u{dc}ber", "('' + [char]220 + 'ber')"),
            ("\u{1f511}", "('' + [char]55357 + [char]56593)"),
        ] {
            assert_eq!(expression(text), literal);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_leaves_its_quotes(text in ".*|[a'\"\u{2018}\u{2019}\u{201c}$`\n]{0,12}") {
            let literal = expression(&text);
            proptest::prop_assert!(literal.chars().all(is_printable));
            // Outside the strings there are only concatenations.
            let outside: String = literal.replace("''", "").split('\'').step_by(2).collect();
            proptest::prop_assert!(
                outside.chars().all(|c| c.is_ascii_digit() || "()+ [char]".contains(c)),
                "{}", literal
            );
        }
    }
}
