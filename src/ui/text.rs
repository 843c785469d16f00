//! Text fitted to a width: wrapped by words, truncated with a mark, markup turned into styles.

use std::borrow::Cow;

use ratatui::{
    Frame,
    layout::{HorizontalAlignment, Rect},
    style::Style,
    text::{Line, Span},
    widgets::Widget as _,
};
use unicode_segmentation::UnicodeSegmentation as _;

use super::theme::Theme;
pub use crate::domain::text::{columns::width, wrap::SEPARATOR};
use crate::domain::text::{
    columns::{self, is_plain, prefix},
    markup,
    wrap::{self, LongWord, Part},
};

/// Draws a line in the first row of an area. ratatui's own method looks up the width of every grapheme three times.
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

/// Wraps styled spans by words to `width` columns; a word wider than a line is split. A word may have several styles.
pub fn wrap_spans(spans: &[(String, Style)], width: u16) -> Vec<Line<'static>> {
    let joined: String;
    let text = match spans {
        [(text, _)] => text,
        spans => {
            joined = spans.iter().map(|(text, _)| text.as_str()).collect();
            &joined
        }
    };
    let mut wrapped: Vec<Line<'static>> = Vec::new();
    // Parts are in order, so the span of one is that of the previous part or a later one.
    let (mut span, mut span_start) = (0, 0);
    for parts in wrap::lines(text, width.into(), LongWord::Cut) {
        let mut line: Vec<Span<'static>> = Vec::with_capacity(spans.len().min(parts.len()));
        let mut parts = parts.into_iter().peekable();
        while let Some(Part { mut range, mut gap }) = parts.next() {
            while range.start < range.end {
                while range.start >= span_start + spans[span].0.len() {
                    span_start += spans[span].0.len();
                    span += 1;
                }
                let (span_end, style) = (span_start + spans[span].0.len(), spans[span].1);
                // Most words have one space between them in the text, too: they are taken together.
                let follows = |end: usize, next: &Part| {
                    next.gap && next.range.start < span_end && &text[end..next.range.start] == " "
                };
                while let Some(next) = parts.next_if(|next| follows(range.end, next)) {
                    range.end = next.range.end;
                }
                let end = range.end.min(span_end);
                let space = if std::mem::take(&mut gap) { " " } else { "" };
                let shown = unbroken(&text[range.start..end]);
                match line.last_mut().filter(|last| last.style == style) {
                    Some(last) => last.content.to_mut().extend([space, &*shown]),
                    None => line.push(Span::styled([space, &*shown].concat(), style)),
                }
                range.start = end;
            }
        }
        wrapped.push(Line::from(line));
    }
    if wrapped.is_empty() {
        wrapped.push(Line::default());
    }
    wrapped
}

/// A part of a line with spaces for what must not be broken.
fn unbroken(text: &str) -> Cow<'_, str> {
    if text.contains(wrap::NO_BREAK) { text.replace(wrap::NO_BREAK, " ").into() } else { text.into() }
}

/// Facts on one line, separated by dots. Empty facts are dropped, so no dot is left over.
pub fn facts<T: AsRef<str>>(facts: impl IntoIterator<Item = T>) -> String {
    let mut line = String::new();
    for fact in facts {
        let fact = fact.as_ref().trim();
        if !fact.is_empty() {
            if !line.is_empty() {
                line.extend([" ", SEPARATOR, " "]);
            }
            line.push_str(fact);
        }
    }
    line
}

/// Wraps plain text.
pub fn wrap(text: &str, width: u16, style: Style) -> Vec<Line<'static>> {
    wrap_spans(&[(text.to_owned(), style)], width)
}

/// Wraps text that starts with a mark: continuation lines are indented to the text.
pub fn wrap_bullet(mark: &str, mark_style: Style, text: &str, style: Style, width: u16) -> Vec<Line<'static>> {
    wrap_indented(mark, mark_style, &[(text.to_owned(), style)], width)
}

/// Like [`wrap_bullet`], for styled spans.
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
    // Only then do positions in one match those in the other.
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

/// Splits every `columns` columns, without any mark or indent, so that text selected across lines joins to the original
/// text.
pub fn wrap_exact(text: &str, columns: u16) -> Vec<String> {
    let columns = usize::from(columns.max(1));
    let mut lines = Vec::new();
    for mut rest in text.lines() {
        loop {
            // A grapheme wider than a line must still go somewhere.
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

/// Splits a value, such as a URL, at its joints, without changing it.
pub fn cut(text: &str, columns: u16, style: Style) -> Vec<Line<'static>> {
    let parts = wrap::cut(text, usize::from(columns.max(1)));
    parts.into_iter().map(|part| Line::from(Span::styled(part.to_owned(), style))).collect()
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
