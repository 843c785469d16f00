//! `.env` files, as the package dotenv of Node.js reads them.
//!
//! There is no standard. Single quotes mean the same to every parser; the other forms are for the few values that
//! cannot be in single quotes, and parsers other than dotenv may interpret those differently.

/// The value after `NAME=`, or `None` if it cannot be represented: dotenv has three kinds of quotes and no escapes for
/// them.
pub fn value(text: &str) -> Option<String> {
    // A backslash before the closing quote would keep it from closing.
    let quoted = |quote: char| {
        (!text.contains(quote) && !text.ends_with('\\') && !text.contains('\r'))
            .then(|| format!("{quote}{text}{quote}"))
    };
    let in_double_quotes = || if text.contains("\\n") || text.contains("\\r") { None } else { quoted('"') };
    let bare = || is_bare(text).then(|| text.to_owned());
    quoted('\'').or_else(|| quoted('`')).or_else(in_double_quotes).or_else(bare)
}

/// Whether the value is read back unchanged without quotes.
fn is_bare(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(['\'', '"', '`'])
        && !text.contains(['#', '\n', '\r', '\u{2028}', '\u{2029}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_quotes_come_first_and_keep_everything() {
        assert_eq!(value("3f1c$AbC=").as_deref(), Some("'3f1c$AbC='"));
        assert_eq!(value("").as_deref(), Some("''"));
        assert_eq!(value("a\\n #b").as_deref(), Some("'a\\n #b'"));
    }

    #[test]
    fn a_value_that_one_pair_of_quotes_cannot_hold_is_put_in_another() {
        assert_eq!(value("it's").as_deref(), Some("`it's`"));
        assert_eq!(value("it's `so`").as_deref(), Some("\"it's `so`\""));
        assert_eq!(value("a'`\"b").as_deref(), Some("a'`\"b"));
        assert_eq!(value("a\\").as_deref(), Some("a\\"));
    }

    #[test]
    fn a_value_that_would_come_back_changed_is_refused() {
        for text in ["a'`\"#b", "'`\"", "a'`\\n\n\"", "#\\"] {
            assert_eq!(value(text), None, "{text:?}");
        }
    }
}
