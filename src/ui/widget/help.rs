//! The lines of the help panel.

use ratatui::text::{Line, Span};

use super::keybar::Hint;
use crate::ui::{text, theme::Theme};

/// Lines for a group of keys, in two aligned columns.
pub fn keys(title: &str, hints: &[Hint], theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let column = hints.iter().map(|hint| text::width(&hint.key)).max().unwrap_or_default().min(24) as u16;
    let mut lines = vec![Line::styled(title.to_owned(), theme.title)];
    for hint in hints {
        let key = text::pad(&hint.key, column, theme.glyphs.ellipsis);
        for (row, line) in text::wrap(&hint.label, width.saturating_sub(column + 4), theme.text).into_iter().enumerate()
        {
            let lead = if row == 0 { key.clone() } else { " ".repeat(column as usize) };
            let mut spans = vec![Span::raw("  "), Span::styled(lead, theme.key), Span::raw("  ")];
            spans.extend(line.spans);
            lines.push(Line::from(spans));
        }
    }
    lines.push(Line::default());
    lines
}
