//! Batch files of the Windows command prompt, with delayed expansion disabled.

/// One argument for a program that parses its command line like Microsoft's C library, as nearly all do.
///
/// A text without double quotes is put in double quotes, in which only the percent sign is special to the command
/// prompt. A text with a double quote would leave them, so every character that could be special gets a caret. Control
/// characters cannot be represented in a batch file: each becomes a space.
pub fn argument(text: &str) -> String {
    if super::is_plain(text) {
        return text.to_owned();
    }
    let quoted = quoted(&text.replace(char::is_control, " "));
    let carets = text.contains('"');
    let mut out = String::with_capacity(quoted.len() + 8);
    for c in quoted.chars() {
        match c {
            '%' => out.push_str("%%"),
            '(' | ')' | '!' | '^' | '"' | '<' | '>' | '&' | '|' if carets => out.extend(['^', c]),
            _ => out.push(c),
        }
    }
    out
}

/// A text without control characters for the right side of `set "name=..."`; a double quote in it becomes a single one.
pub fn value(text: &str) -> String {
    text.replace(char::is_control, " ").replace('"', "'").replace('%', "%%")
}

/// The text in double quotes: backslashes matter only before a double quote, and each has to be doubled there.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut backslashes = 0;
    for c in text.chars() {
        if c == '"' {
            out.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        out.push(c);
    }
    out.extend(std::iter::repeat_n('\\', backslashes));
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_reaches_the_program_as_it_is() {
        for (text, literal) in [
            ("cpi-api", "cpi-api"),
            ("", "\"\""),
            ("My org", "\"My org\""),
            ("-f", "\"-f\""),
            ("R&D | <x> ^ (y)", "\"R&D | <x> ^ (y)\""),
            ("100%PATH%", "\"100%%PATH%%\""),
            ("C:\\dir\\", "\"C:\\dir\\\\\""),
            ("a\"b", "^\"a\\^\"b^\""),
            ("a\"&calc&\"", "^\"a\\^\"^&calc^&\\^\"^\""),
            ("a\\\"b", "^\"a\\\\\\^\"b^\""),
            ("%x\"", "^\"%%x\\^\"^\""),
            ("a\r\ncalc", "\"a  calc\""),
        ] {
            assert_eq!(argument(text), literal);
        }
    }

    #[test]
    fn a_value_stays_inside_its_quotes() {
        assert_eq!(value("R&D \"x\" 5%\n"), "R&D 'x' 5%% ");
    }

    proptest::proptest! {
        #[test]
        fn no_special_character_is_left_without_a_caret(text in "[ab \"^%&|<>()\\\\\n]{0,16}") {
            // Parses a line like the command prompt: a caret escapes, quotes toggle.
            let literal = argument(&text);
            let (mut inside, mut characters) = (false, literal.chars());
            while let Some(c) = characters.next() {
                match c {
                    '^' if !inside => { characters.next(); }
                    '"' => inside = !inside,
                    '%' => proptest::prop_assert_eq!(characters.next(), Some('%')),
                    _ => proptest::prop_assert!(inside || !"&|<>()\n".contains(c), "{}", literal),
                }
            }
            proptest::prop_assert!(!inside);
        }
    }
}
