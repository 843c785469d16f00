//! Text fitted to a width: wrapped by words, truncated with a mark, markup turned into styles.

use std::ops::Range;

use ratatui::{
    Frame,
    layout::{HorizontalAlignment, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget as _,
};
use unicode_segmentation::UnicodeSegmentation as _;

use super::theme::Theme;
pub use crate::domain::text::columns::width;
use crate::domain::text::{
    columns::{self, is_plain, prefix},
    markup,
};

/// Draws a line in the first row of an area. ratatui's own drawing looks up the width of every grapheme three times.
pub fn draw_line(line: &Line<'_>, area: Rect, frame: &mut Frame<'_>) {
    let buffer = frame.buffer_mut();
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    if !matches!(line.alignment, None | Some(HorizontalAlignment::Left)) {
        return line.render(area, buffer);
    }
    if line.style != Style::new() && !line.spans.is_empty() {
        buffer.set_style(Rect { height: 1, ..area }, line.style);
    }
    let mut x = area.x;
    for span in &line.spans {
        let room = area.right() - x;
        if !is_plain(&span.content) {
            span.render(Rect { x, width: room, ..area }, buffer);
            x += span.width().min(room.into()) as u16;
            continue;
        }
        let start = buffer.index_of(area.x, area.y) + usize::from(x - area.x);
        let shown = span.content.len().min(room.into());
        for (cell, index) in buffer.content[start..start + shown].iter_mut().zip(0..) {
            cell.set_symbol(&span.content[index..=index]).set_style(span.style);
        }
        x += shown as u16;
    }
}

/// Wraps styled spans by words to `width` columns. A line breaks only at white space, so that punctuation stays with its
/// word and an address stays whole; a word wider than a line is cut at its joints, or hard.
pub fn wrap_spans(spans: &[(String, Style)], width: u16) -> Vec<Line<'static>> {
    let mut wrapped = Wrapped { width: width.max(1).into(), lines: Vec::new(), line: Vec::new(), column: 0 };
    // A word may have several styles.
    let mut word: Vec<Piece<'_>> = Vec::new();
    for (text, style) in spans {
        let is_plain = is_plain(text);
        let columns = |part: &str| if is_plain { part.len() } else { self::width(part) };
        let mut start = 0;
        while let Some(space) = next_space(&text[start..], is_plain) {
            let end = start + space.start;
            if start < end {
                let part = &text[start..end];
                word.push(Piece { text: part, columns: columns(part), style: *style });
            }
            wrapped.push_word(&mut word);
            if text[end..].starts_with('\n') {
                wrapped.end_line();
            }
            start += space.end;
        }
        if start < text.len() {
            let part = &text[start..];
            word.push(Piece { text: part, columns: columns(part), style: *style });
        }
    }
    wrapped.push_word(&mut word);
    if !wrapped.line.is_empty() || wrapped.lines.is_empty() {
        wrapped.end_line();
    }
    wrapped.lines
}

/// Where the next white space is.
fn next_space(text: &str, is_plain: bool) -> Option<Range<usize>> {
    if is_plain {
        return text.bytes().position(|byte| byte == b' ').map(|at| at..at + 1);
    }
    text.char_indices().find(|(_, c)| c.is_whitespace()).map(|(at, c)| at..at + c.len_utf8())
}

/// A word, or the part of one that has one style.
struct Piece<'a> {
    text: &'a str,
    columns: usize,
    style: Style,
}

/// A word that is wider than a line is best cut after one of these: most such words are addresses.
const JOINTS: [char; 8] = ['/', '.', '-', '_', '|', '!', '=', '&'];

/// Lines in the making.
struct Wrapped {
    width: usize,
    lines: Vec<Line<'static>>,
    line: Vec<Span<'static>>,
    column: usize,
}

impl Wrapped {
    fn push_word(&mut self, word: &mut Vec<Piece<'_>>) {
        let Some(first) = word.first() else { return };
        let needed: usize = word.iter().map(|piece| piece.columns).sum();
        if self.column > 0 && self.column + 1 + needed > self.width {
            self.end_line();
        } else if self.column > 0 {
            self.push(" ", 1, first.style);
        }
        let whole = self.column + needed <= self.width;
        for piece in word.drain(..) {
            if whole {
                self.push(piece.text, piece.columns, piece.style);
                continue;
            }
            for part in piece.text.split_inclusive(JOINTS) {
                let columns = width(part);
                if self.column > 0 && self.column + columns > self.width && columns <= self.width {
                    self.end_line();
                }
                for grapheme in part.graphemes(true) {
                    let columns = width(grapheme);
                    if self.column + columns > self.width {
                        self.end_line();
                    }
                    self.push(grapheme, columns, piece.style);
                }
            }
        }
    }

    /// Appends to the last span if the style is the same.
    fn push(&mut self, text: &str, columns: usize, style: Style) {
        self.column += columns;
        match self.line.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(text),
            _ => {
                let mut content = String::with_capacity(text.len().max(self.width));
                content.push_str(text);
                self.line.push(Span::styled(content, style));
            }
        }
    }

    fn end_line(&mut self) {
        self.lines.push(Line::from(std::mem::take(&mut self.line)));
        self.column = 0;
    }
}

/// Wraps plain text.
pub fn wrap(text: &str, width: u16, style: Style) -> Vec<Line<'static>> {
    wrap_spans(&[(text.to_owned(), style)], width)
}

/// Wraps text that begins with a mark: continuation lines are indented to the text.
pub fn wrap_bullet(mark: &str, mark_style: Style, text: &str, style: Style, width: u16) -> Vec<Line<'static>> {
    wrap_indented(mark, mark_style, &[(text.to_owned(), style)], width)
}

/// The same for styled spans.
pub fn wrap_indented(lead: &str, lead_style: Style, spans: &[(String, Style)], columns: u16) -> Vec<Line<'static>> {
    let indent = width(lead) as u16 + 1;
    let mut lines = wrap_spans(spans, columns.saturating_sub(indent));
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
            markup::Span::Text(text) => (text.clone(), base),
            markup::Span::Strong(text) => (text.clone(), base.patch(theme.title)),
            markup::Span::Code(text) => (text.clone(), base.patch(theme.value)),
            markup::Span::Ui(text) => (text.clone(), base.patch(theme.title)),
        })
        .collect()
}

/// A text with `terms`, which are in lower case, highlighted wherever they occur. None of them may be empty.
pub fn highlighted(text: &str, terms: &[String], style: Style, theme: &Theme) -> Vec<Span<'static>> {
    let lower = text.to_lowercase();
    // Only then a place in one is a place in the other.
    let terms = if lower.len() == text.len() { terms } else { &[] };
    let mut spans = Vec::new();
    let mut done = 0;
    loop {
        let find = |term: &String| Some((done + lower.get(done..)?.find(term.as_str())?, term.len()));
        let found = terms.iter().filter_map(find).min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)));
        let Some((at, length)) = found else { break };
        let (Some(before), Some(hit)) = (text.get(done..at), text.get(at..at + length)) else { break };
        if !before.is_empty() {
            spans.push(Span::styled(before.to_owned(), style));
        }
        spans.push(Span::styled(hit.to_owned(), style.patch(theme.matched)));
        done = at + length;
    }
    let rest = text.get(done..).unwrap_or_default();
    if !rest.is_empty() || spans.is_empty() {
        spans.push(Span::styled(rest.to_owned(), style));
    }
    spans
}

/// Truncates `text` to `columns` columns, with a mark.
pub fn truncate(text: &str, columns: u16, mark: &str) -> String {
    columns::truncate(text, columns.into(), mark)
}

/// Cuts hard every `columns` columns, without any mark or indent, so that text selected across lines joins to the same
/// text.
pub fn wrap_exact(text: &str, columns: u16) -> Vec<String> {
    let columns = usize::from(columns.max(1));
    let mut lines = Vec::new();
    for mut rest in text.lines() {
        loop {
            // A grapheme wider than a line still goes somewhere.
            let line = match prefix(rest, columns) {
                "" => rest.graphemes(true).next().unwrap_or_default(),
                line => line,
            };
            lines.push(line.to_owned());
            rest = &rest[line.len()..];
            if rest.is_empty() {
                break;
            }
        }
    }
    lines
}

/// Pads `text` with spaces to `columns` columns, or truncates it.
pub fn pad(text: &str, columns: u16, mark: &str) -> String {
    let mut out = truncate(text, columns, mark);
    let missing = usize::from(columns).saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// A heading, with a remark at the right end if there is room.
pub fn beside(heading: &str, style: Style, remark: &str, theme: &Theme, columns: u16) -> Line<'static> {
    let gap = usize::from(columns).saturating_sub(width(heading) + width(remark));
    let mut spans = vec![Span::styled(truncate(heading, columns, theme.glyphs.ellipsis), style)];
    if gap >= 2 {
        spans.push(Span::raw(" ".repeat(gap)));
        spans.push(Span::styled(remark.to_owned(), theme.dim));
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use ratatui::{Terminal, backend::TestBackend};

    use super::*;

    #[test]
    fn lines_are_drawn_as_ratatui_draws_them() {
        let styled = |text: &'static str, style| Span::styled(text, style);
        let bold = Style::new().bold();
        for spans in [
            vec![styled("plain", Style::new()), styled(" and bold", bold)],
            vec![styled("a\tb\u{7}c", bold), styled("\u{4e2d}\u{6587}, wide", Style::new())],
            vec![styled("e\u{301}", bold), styled(" twenty columns and then some more", bold)],
            vec![],
        ] {
            let line = Line::from(spans).style(Style::new().reversed());
            for line in [line.clone(), line.clone().right_aligned(), line.centered()] {
                for columns in 0..30 {
                    let area = Rect::new(1, 1, columns, 2);
                    let mut terminal = Terminal::new(TestBackend::new(24, 4)).unwrap();
                    terminal.draw(|frame| draw_line(&line, area, frame)).unwrap();
                    let ours = terminal.backend().buffer().clone();
                    let mut terminal = Terminal::new(TestBackend::new(24, 4)).unwrap();
                    terminal.draw(|frame| frame.render_widget(&line, area)).unwrap();
                    assert_eq!(&ours, terminal.backend().buffer(), "{line:?} in {columns}");
                }
            }
        }
    }

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
