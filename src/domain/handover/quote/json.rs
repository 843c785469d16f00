//! JSON that any script can contain.

use serde_json::Value;

/// The pretty JSON text of `value` in printable ASCII, without a line break at its end.
///
/// Quotes and backslashes inside a string are written as `\u0022` and `\u005c`, so that the quotes on every line are
/// balanced, and percent signs as `\u0025`: they would be special to the command prompt, and are equivalent in JSON.
pub fn ascii(value: &Value) -> String {
    let mut out = String::new();
    let text = format!("{value:#}");
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('"') => out.push_str("\\u0022"),
                Some('\\') => out.push_str("\\u005c"),
                other => out.extend(['\\'].into_iter().chain(other)),
            },
            '%' => out.push_str("\\u0025"),
            '\n' | ' '..='~' => out.push(c),
            c => super::push_utf16(&mut out, c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    proptest::proptest! {
        #[test]
        fn it_means_the_same_and_its_quotes_come_in_pairs(text in ".*|[a%\"\\\\\n/ü\u{1f511}\u{7f}]{0,12}") {
            let value = json!({ "roles": [text], "n": 1 });
            let written = ascii(&value);
            proptest::prop_assert_eq!(serde_json::from_str::<Value>(&written).ok(), Some(value));
            for line in written.lines() {
                proptest::prop_assert!(line.chars().all(|c| (' '..='~').contains(&c) && c != '%'));
                proptest::prop_assert!(line.matches('"').count() % 2 == 0);
            }
        }
    }
}
