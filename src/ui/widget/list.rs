//! A list with one focused row. Its scroll position is derived from the focus, so drawing changes no state.

use std::borrow::Cow;

use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
};

use crate::ui::{hits::Target, text, theme::Theme};

/// An entry: its lines, and whether it is focusable.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it demonstrates.
    pub lines: Vec<Line<'static>>,
    /// Whether it is focusable; headings are not.
    pub selectable: bool,
    /// The width of the focus bar on its first line, in columns.
    bar: Option<u16>,
}

impl Entry {
    /// A focusable entry.
    pub fn item(lines: Vec<Line<'static>>) -> Self {
        Self { lines, selectable: true, bar: None }
    }

    /// A heading, a blank line, a remark.
    pub fn heading(lines: Vec<Line<'static>>) -> Self {
        Self { lines, selectable: false, bar: None }
    }
}

impl Entry {
    /// Limits the bar to this many columns: the name without the description after it. On a slow connection the
    /// description is then not resent each time the focus moves.
    pub fn with_bar(self, columns: u16) -> Self {
        Self { bar: Some(columns), ..self }
    }

    /// Whether it is a heading with a leading blank line.
    fn begins_blank(&self) -> bool {
        !self.selectable && self.lines.first().is_some_and(|line| line.width() == 0)
    }
}

/// Whether the entries fit in this many rows, if necessary without the blank lines above headings.
pub fn fits(entries: &[Entry], height: u16) -> bool {
    let rows: usize = entries.iter().map(|entry| entry.lines.len()).sum();
    rows - entries.iter().filter(|entry| entry.begins_blank()).count() <= usize::from(height)
}

/// The entries without as many of the blank lines above headings as necessary to fit in this many rows, dropping the
/// last ones first.
pub fn tightened(entries: &[Entry], height: u16) -> Cow<'_, [Entry]> {
    let rows: usize = entries.iter().map(|entry| entry.lines.len()).sum();
    let over = rows.saturating_sub(height.into());
    if over == 0 || !fits(entries, height) {
        return Cow::Borrowed(entries);
    }
    let mut entries = entries.to_vec();
    for entry in entries.iter_mut().rev().filter(|entry| entry.begins_blank()).take(over) {
        entry.lines.remove(0);
    }
    Cow::Owned(entries)
}

/// How the focused row is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Highlighted up to its remark, with the terminal's cursor.
    Here,
    /// Its mark in the first column, because something else has the cursor.
    Elsewhere,
}

/// Draws the entries; `focused` counts the selectable ones. If there is more above or below, the last column of the
/// first or last row shows a mark.
pub fn draw(entries: &[Entry], focused: usize, focus: Focus, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let height = area.height as usize;
    let mut rows: Vec<(&Line<'static>, Option<&Entry>, Option<usize>)> = Vec::new();
    let mut focus_row = (0, 1);
    let mut selectable = 0;
    for entry in entries {
        let mine = entry.selectable && selectable == focused;
        if mine {
            focus_row = (rows.len(), entry.lines.len().max(1));
        }
        let own = entry.selectable.then_some(selectable);
        selectable += usize::from(entry.selectable);
        for (index, line) in entry.lines.iter().enumerate() {
            rows.push((line, (mine && index == 0).then_some(entry), own));
        }
    }
    let offset = offset(rows.len(), height, focus_row);
    let last = selectable.saturating_sub(1);
    for (row, (line, has_focus, own)) in rows.iter().skip(offset).take(height).enumerate() {
        let area = Rect { y: area.y + row as u16, height: 1, ..area };
        text::draw_line(line, area, frame);
        if let Some(row) = *own {
            theme.hits.note(area, Target::Row { focused: focused.min(last), row, last });
        }
        if let Some(entry) = has_focus {
            match focus {
                Focus::Here => {
                    let columns = entry.bar.unwrap_or_else(|| bar(line, theme));
                    let bar = Rect { width: columns.min(area.width), ..area };
                    frame.buffer_mut().set_style(bar, theme.selected);
                    frame.set_cursor_position(Position::new(area.x, area.y));
                }
                Focus::Elsewhere => {
                    frame.render_widget(Span::styled(theme.glyphs.cursor, theme.accent), Rect { width: 1, ..area });
                }
            }
        }
    }
    let mark = |frame: &mut Frame<'_>, y: u16, sign: &'static str| {
        let area = Rect { x: area.x + area.width.saturating_sub(1), y, width: 1.min(area.width), height: 1 };
        frame.render_widget(Span::styled(sign, theme.key), area);
    };
    if offset > 0 {
        mark(frame, area.y, theme.glyphs.more_up);
    }
    if offset + height < rows.len() {
        mark(frame, area.y + area.height - 1, theme.glyphs.more_down);
    }
}

/// The default width of the focus bar: the whole row without a trailing dim remark.
fn bar(line: &Line<'_>, theme: &Theme) -> u16 {
    let remark = line.spans.iter().rev().take_while(|span| span.style == theme.dim).count();
    let named = &line.spans[..line.spans.len() - remark];
    if remark == 0 || named.is_empty() {
        return u16::MAX;
    }
    named.iter().map(Span::width).sum::<usize>().try_into().unwrap_or(u16::MAX)
}

/// The first row to show, so that the focused entry is completely visible and near the middle.
fn offset(total: usize, height: usize, (row, lines): (usize, usize)) -> usize {
    if total <= height {
        return 0;
    }
    let middle = row.saturating_sub(height.saturating_sub(lines.min(height)) / 2);
    middle.min(total - height)
}

/// Draws lines from `scroll` on, with the same scroll marks. Returns the largest useful `scroll`.
pub fn draw_lines(lines: &[Line<'static>], scroll: u16, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> u16 {
    let most = (lines.len() as u16).saturating_sub(area.height);
    if area.is_empty() {
        return most;
    }
    let scroll = scroll.min(most);
    for (row, line) in lines.iter().skip(scroll as usize).take(area.height as usize).enumerate() {
        text::draw_line(line, Rect { y: area.y + row as u16, height: 1, ..area }, frame);
    }
    let mark = |frame: &mut Frame<'_>, y: u16, sign: &'static str| {
        let area = Rect { x: area.x + area.width - 1, y, width: 1, height: 1 };
        frame.render_widget(Span::styled(sign, theme.key), area);
    };
    if scroll > 0 {
        mark(frame, area.y, theme.glyphs.more_up);
    }
    if scroll < most {
        mark(frame, area.y + area.height - 1, theme.glyphs.more_down);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::Palette;

    #[test]
    fn the_bar_leaves_out_the_remark_at_the_end_of_a_row() {
        let theme = Theme::new(Palette::Ansi, true);
        let (mark, name) = (Span::styled("[ ] ", theme.dim), Span::styled("name  ", theme.text));
        let remark = Span::styled("what it is for", theme.dim);
        assert_eq!(bar(&Line::from(vec![mark.clone(), name.clone(), remark.clone()]), &theme), 10);
        for whole in [vec![mark, name], vec![remark], Vec::new()] {
            assert_eq!(bar(&Line::from(whole), &theme), u16::MAX);
        }
    }

    #[test]
    fn blank_lines_go_only_if_all_rows_fit_then() {
        let blank = || Entry::heading(vec![Line::default(), Line::raw("heading")]);
        let entries = [blank(), Entry::item(vec![Line::raw("one")]), blank(), Entry::item(vec![Line::raw("two")])];
        let lines = |height| tightened(&entries, height).iter().map(|entry| entry.lines.len()).collect::<Vec<_>>();
        assert_eq!(lines(6), [2, 1, 2, 1]);
        assert_eq!(lines(5), [2, 1, 1, 1]);
        assert_eq!(lines(4), [1, 1, 1, 1]);
        assert_eq!(lines(3), [2, 1, 2, 1]);
    }

    #[test]
    fn the_focused_entry_is_always_inside() {
        for total in 0..30 {
            for height in 1..12 {
                for row in 0..total {
                    let first = offset(total, height, (row, 1));
                    assert!(first <= row && row < first + height, "{total} {height} {row} -> {first}");
                }
            }
        }
    }
}
