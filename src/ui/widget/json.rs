//! JSON with nothing at its left, cut hard at the width, so that text selected with the mouse is JSON again.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    ui::{text, theme::Theme},
    words::Words,
};

/// Draws JSON from line `scroll` on. Returns how many lines there are in all.
pub fn draw(json: &str, scroll: u16, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let lines = text::wrap_exact(json, area.width);
    let total = lines.len();
    let visible = area.height as usize;
    for (row, line) in lines.into_iter().skip(scroll as usize).take(visible).enumerate() {
        let area = Rect { y: area.y + row as u16, height: 1, ..area };
        text::draw_line(&Line::styled(line, theme.code), area, frame);
    }
    if total > visible + scroll as usize && visible > 0 {
        let note = words.widgets().more_lines(total - visible - scroll as usize + 1);
        let area = Rect { y: area.y + area.height - 1, height: 1, ..area };
        frame.render_widget(ratatui::widgets::Clear, area);
        frame.render_widget(
            Line::from(Span::styled(text::truncate(&note, area.width, theme.glyphs.ellipsis), theme.dim)),
            area,
        );
    }
    total
}
