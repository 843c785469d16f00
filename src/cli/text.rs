//! Text in columns: how wide it is, and where its lines are broken.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// A space that no line ends at.
pub const NO_BREAK: char = '\u{a0}';

/// Columns of the widest text.
pub fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.width()).max().unwrap_or_default()
}

/// `text` filled up to `width` columns. A character may be two columns wide, or none.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{:fill$}", "", fill = width.saturating_sub(text.width()))
}

/// Breaks `text` into lines of at most `width` columns: at spaces, and beside characters that are two columns wide, as
/// those of Chinese and Japanese, which has no spaces. Anything else stays whole, for example an address.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() && c != NO_BREAK).filter(|word| !word.is_empty()) {
        for (index, piece) in pieces(word).into_iter().enumerate() {
            let gap = usize::from(index == 0 && !line.is_empty());
            if !line.is_empty() && line.width() + gap + piece.width() > width {
                lines.push(std::mem::take(&mut line));
            } else if gap == 1 {
                line.push(' ');
            }
            line.push_str(piece);
        }
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines
}

/// Parts of a word that are never broken: wide characters one by one, with the punctuation after them, and the rest.
fn pieces(word: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut was_wide = false;
    for (at, character) in word.grapheme_indices(true) {
        let is_wide = character.width() > 1;
        let may_begin = !CLOSING.contains(character);
        if at > 0 && (is_wide || was_wide) && may_begin {
            starts.push(at);
        }
        was_wide = is_wide;
    }
    let ends = starts.iter().skip(1).copied().chain([word.len()]);
    starts.iter().zip(ends).map(|(start, end)| &word[*start..end]).collect()
}

/// Punctuation that does not begin a line.
const CLOSING: &str = "、。，．：；！？」』）】》〉.,:;!?)]}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_words_stay_whole() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("https://a-long-address.example x", 5), ["https://a-long-address.example", "x"]);
        assert!(wrap("  ", 5).is_empty());
    }

    #[test]
    fn wide_characters_count_twice_and_lines_may_end_between_them() {
        assert_eq!(wrap("ab 密钥 cd", 7), ["ab 密钥", "cd"]);
        assert_eq!(wrap("服务密钥已失效。", 6), ["服务密", "钥已失", "效。"]);
        assert_eq!(wrap("服务密钥。", 8), ["服务密", "钥。"]);
        // A letter with a combining accent is one column wide.
        assert_eq!(wrap("e\u{301}e\u{301} e\u{301}", 4), ["e\u{301}e\u{301} e\u{301}"]);
    }

    proptest::proptest! {
        #[test]
        fn wrapping_loses_no_character_and_only_whole_words_are_wider(text in "[a-d密钥。, ]{0,80}", width in 2_usize..30) {
            let lines = wrap(&text, width);
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(letters(&lines.concat()), letters(&text));
            for line in &lines {
                proptest::prop_assert!(line.width() <= width || (!line.contains(' ') && pieces(line).len() == 1), "{:?}", line);
            }
        }
    }
}
