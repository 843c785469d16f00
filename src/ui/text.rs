//! Text fitted to a width: wrapped by words, cut with a sign, markup turned into styles.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::theme::Theme;
use crate::domain::text::markup;

/// Wraps styled spans by words to `width` columns. A line breaks at white space alone, so that punctuation stays with its
/// word and an address stays whole; a word wider than a line is cut hard.
pub fn wrap_spans(spans: &[(String, Style)], width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width.max(1));
    let mut lines = Vec::new();
    let mut line: Vec<(String, Style)> = Vec::new();
    let mut column = 0;
    for piece in pieces(spans) {
        match piece {
            Piece::Break => {
                lines.push(joined(&mut line));
                column = 0;
            }
            Piece::Word(word) => {
                let needed: usize = word.iter().map(|(text, _)| text.width()).sum();
                if column > 0 && column + 1 + needed > width {
                    lines.push(joined(&mut line));
                    column = 0;
                } else if column > 0 {
                    let style = word.first().map_or_else(Style::new, |(_, style)| *style);
                    line.push((" ".to_owned(), style));
                    column += 1;
                }
                for (text, style) in word {
                    for grapheme in text.graphemes(true) {
                        if column + grapheme.width() > width {
                            lines.push(joined(&mut line));
                            column = 0;
                        }
                        column += grapheme.width();
                        line.push((grapheme.to_owned(), style));
                    }
                }
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(joined(&mut line));
    }
    lines
}

/// What a wrapped text is made of.
enum Piece {
    /// Text without white space, possibly in several styles.
    Word(Vec<(String, Style)>),
    /// A line break that was written.
    Break,
}

fn pieces(spans: &[(String, Style)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut word: Vec<(String, Style)> = Vec::new();
    for (text, style) in spans {
        for grapheme in text.graphemes(true) {
            if grapheme.chars().all(char::is_whitespace) {
                if !word.is_empty() {
                    pieces.push(Piece::Word(std::mem::take(&mut word)));
                }
                if grapheme.contains('\n') {
                    pieces.push(Piece::Break);
                }
                continue;
            }
            match word.last_mut() {
                Some((text, last)) if last == style => text.push_str(grapheme),
                _ => word.push((grapheme.to_owned(), *style)),
            }
        }
    }
    if !word.is_empty() {
        pieces.push(Piece::Word(word));
    }
    pieces
}

/// One line of as few spans as its styles allow.
fn joined(line: &mut Vec<(String, Style)>) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (text, style) in line.drain(..) {
        match spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(&text),
            _ => spans.push(Span::styled(text, style)),
        }
    }
    Line::from(spans)
}

/// Wraps plain text.
pub fn wrap(text: &str, width: u16, style: Style) -> Vec<Line<'static>> {
    wrap_spans(&[(text.to_owned(), style)], width)
}

/// Wraps text that begins with a mark: continuation lines stand below the text, not below the mark.
pub fn wrap_bullet(mark: &str, mark_style: Style, text: &str, style: Style, width: u16) -> Vec<Line<'static>> {
    wrap_indented(mark, mark_style, &[(text.to_owned(), style)], width)
}

/// The same for styled spans.
pub fn wrap_indented(lead: &str, lead_style: Style, spans: &[(String, Style)], width: u16) -> Vec<Line<'static>> {
    let indent = lead.width() as u16 + 1;
    let mut lines = wrap_spans(spans, width.saturating_sub(indent));
    for (index, line) in lines.iter_mut().enumerate() {
        let first = if index == 0 {
            Span::styled(format!("{lead} "), lead_style)
        } else {
            Span::raw(" ".repeat(usize::from(indent)))
        };
        line.spans.insert(0, first);
    }
    lines
}

/// Markup as styled spans.
pub fn styled(spans: &[markup::Span], theme: &Theme, base: Style) -> Vec<(String, Style)> {
    spans
        .iter()
        .map(|span| match span {
            markup::Span::Text(text) => (theme.glyphs.fit(text.clone()), base),
            markup::Span::Strong(text) => (theme.glyphs.fit(text.clone()), base.patch(theme.title)),
            markup::Span::Code(text) => (text.clone(), base.patch(theme.value)),
            markup::Span::Ui(text) => (theme.glyphs.fit(text.clone()), base.patch(theme.accent)),
        })
        .collect()
}

/// Cuts `text` to `width` columns; a cut is marked.
pub fn truncate(text: &str, width: u16, mark: &str) -> String {
    let width = usize::from(width);
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(mark.width());
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        if out.width() + grapheme.width() > room {
            break;
        }
        out.push_str(grapheme);
    }
    if mark.width() <= width {
        out.push_str(mark);
    }
    out
}

/// Cuts hard every `width` columns, without any mark or indent, so that text selected across lines joins to the same text.
pub fn wrap_exact(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width.max(1));
    let mut lines = Vec::new();
    for source in text.lines() {
        let mut line = String::new();
        for grapheme in source.graphemes(true) {
            if line.width() + grapheme.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(grapheme);
        }
        lines.push(line);
    }
    lines
}

/// Pads `text` with spaces to `width` columns, or cuts it.
pub fn pad(text: &str, width: u16, mark: &str) -> String {
    let mut out = truncate(text, width, mark);
    let missing = usize::from(width).saturating_sub(out.width());
    out.push_str(&" ".repeat(missing));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(|line| line.spans.iter().map(|span| span.content.as_ref()).collect()).collect()
    }

    #[test]
    fn words_stay_whole_and_no_line_is_too_wide() {
        let lines = plain(&wrap("The roles belong to the instance, never to the key.", 20, Style::new()));
        assert_eq!(lines, ["The roles belong to", "the instance, never", "to the key."]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut_and_nothing_is_lost() {
        let lines = plain(&wrap("AccessAllAccessPoliciesArtifacts", 10, Style::new()));
        assert_eq!(lines.concat(), "AccessAllAccessPoliciesArtifacts");
        assert!(lines.iter().all(|line| line.width() <= 10));
    }

    #[test]
    fn text_below_a_mark_is_indented_to_the_text() {
        let lines = plain(&wrap_bullet("1.", Style::new(), "Open the cockpit and log in", Style::new(), 14));
        assert_eq!(lines, ["1. Open the", "   cockpit and", "   log in"]);
    }

    #[test]
    fn hard_cut_lines_join_to_the_same_text() {
        let text = "{\"roles\":[\"MonitoringDataRead\",\"WorkspacePackagesRead\"]}";
        assert_eq!(wrap_exact(text, 13).concat(), text);
    }

    proptest::proptest! {
        #[test]
        fn wrapping_never_exceeds_the_width_and_loses_no_word(text in "[a-zA-Z\u{e4}\u{4e2d} .,/-]{0,200}", width in 2u16..60) {
            let lines = plain(&wrap(&text, width, Style::new()));
            for line in &lines {
                proptest::prop_assert!(line.trim_end().width() <= usize::from(width), "{line:?}");
            }
            let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
