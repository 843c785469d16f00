//! Sanitises foreign text. The only sanitiser.

use std::fmt;

use unicode_width::UnicodeWidthChar as _;

/// Maximum number of characters of foreign text in one line.
pub const LINE_LIMIT: usize = 200;

/// One line of text that came from outside (a key, a server, a file name, a certificate) and may be shown.
///
/// Control characters are shown as `^[`-style pairs or `\x9b`, line breaks become a space, bidirectional controls and
/// zero-width characters are removed, and the length is limited. No `SafeText` contains a character that moves a
/// terminal's cursor or hides adjacent text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SafeText(String);

impl SafeText {
    /// Sanitises `text` to one line of at most [`LINE_LIMIT`] characters; truncation is marked with `…`.
    pub fn line(text: &str) -> Self {
        Self::capped(text, LINE_LIMIT)
    }

    /// Sanitises `text` to one line of at most `limit` characters; truncation is marked with `…`.
    pub fn capped(text: &str, limit: usize) -> Self {
        let mut out = String::with_capacity(text.len().min(limit * 4));
        let mut length = 0;
        for c in text.chars() {
            let before = out.len();
            length += push_clean(&mut out, c);
            if length > limit {
                out.truncate(before);
                out.push('…');
                break;
            }
        }
        Self(out)
    }

    /// The sanitised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a character is invisible or changes where others are displayed. Combining marks do not count: names in some
/// languages need them.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
        || ('\u{e0000}'..='\u{e0fff}').contains(&c)
}

/// Appends the sanitised form of `c` and returns how many characters that took.
fn push_clean(out: &mut String, c: char) -> usize {
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => {
            out.push(' ');
            1
        }
        '\0'..='\x1f' => {
            out.push('^');
            out.push(char::from(b'@' + c as u8));
            2
        }
        '\x7f' => {
            out.push_str("^?");
            2
        }
        '\u{80}'..='\u{9f}' => {
            let shown = format!("\\x{:02x}", c as u32);
            out.push_str(&shown);
            shown.len()
        }
        // Bidirectional controls, joiners, variation selectors, tags, combining marks: nothing of zero width is kept.
        _ if c.width() == Some(0) || c.width().is_none() || ('\u{e0000}'..='\u{e0fff}').contains(&c) => 0,
        _ => {
            out.push(c);
            1
        }
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for SafeText {
    fn from(text: &str) -> Self {
        Self::line(text)
    }
}

impl From<String> for SafeText {
    fn from(text: String) -> Self {
        Self::line(&text)
    }
}

impl serde::Serialize for SafeText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_become_visible_and_harmless() {
        assert_eq!(SafeText::line("a\x1b[31mred\x07").as_str(), "a^[[31mred^G");
        assert_eq!(SafeText::line("c1 \u{9b}2J").as_str(), "c1 \\x9b2J");
    }

    #[test]
    fn text_that_hides_or_turns_other_text_is_dropped() {
        assert_eq!(SafeText::line("safe\u{202e}live\u{200b}\u{2066}x").as_str(), "safelivex");
    }

    #[test]
    fn one_line_stays_one_line_and_says_that_it_was_cut() {
        assert_eq!(SafeText::line("a\r\nb\tc").as_str(), "a  b c");
        let long = SafeText::line(&"x".repeat(500));
        assert_eq!(long.as_str().chars().count(), LINE_LIMIT + 1);
        assert!(long.as_str().ends_with('…'));
    }

    /// Found by fuzzing: a sequence of several characters started before the limit and ended after it.
    #[test]
    fn a_control_character_at_the_limit_does_not_exceed_it() {
        for c in ['\u{9b}', '\u{1b}'] {
            for before in 5..=10 {
                let text = format!("{}{c}{c}", "x".repeat(before));
                let safe = SafeText::capped(&text, 10);
                assert!(safe.as_str().chars().count() <= 11, "{safe}");
                assert_eq!(SafeText::capped(safe.as_str(), 100), safe);
            }
        }
        assert_eq!(SafeText::capped("0123456789", 10).as_str(), "0123456789");
    }

    proptest::proptest! {
        #[test]
        fn no_input_leaves_a_control_or_zero_width_character(text in "\\PC*|[\\x00-\\xff]*|.*") {
            let clean = SafeText::line(&text);
            for c in clean.as_str().chars() {
                proptest::prop_assert!(!c.is_control());
                proptest::prop_assert!(c.width().unwrap_or(0) > 0);
            }
        }
    }
}
