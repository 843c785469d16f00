//! Width of texts in terminal columns.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// How many columns a text takes. Nearly all texts are plain ASCII, which needs no lookup.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.width() }
}

/// Whether every byte is one character that takes one column.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The width of the widest text in columns.
pub fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(width).max().unwrap_or_default()
}

/// `text` padded to `columns` columns. A character may be zero or two columns wide.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{:fill$}", "", fill = columns.saturating_sub(width(text)))
}

/// Truncates `text` to `columns` columns, ending with `mark` if there is room for it.
pub fn truncate(text: &str, columns: usize, mark: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = prefix(text, columns.saturating_sub(width(mark))).to_owned();
    if width(mark) <= columns {
        out.push_str(mark);
    }
    out
}

/// The longest prefix that fits.
pub fn prefix(text: &str, columns: usize) -> &str {
    if is_plain(text) {
        return &text[..text.len().min(columns)];
    }
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_truncated_says_so() {
        assert_eq!(truncate("abcdef", 6, "…"), "abcdef");
        assert_eq!(truncate("abcdef", 4, "…"), "abc…");
        assert_eq!(truncate("服务密钥", 5, "…"), "服务…");
    }
}
