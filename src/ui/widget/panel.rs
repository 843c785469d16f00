//! A framed panel over the screen.

use ratatui::{
    Frame,
    layout::Rect,
    symbols::border,
    text::Line,
    widgets::{Block, Clear},
};

use crate::ui::{layout, theme::Theme};

/// Clears a panel in the middle of `area`, frames it, and returns its inside with a column of air at both sides.
pub fn open(title: &str, width: u16, height: u16, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let area = layout::centred(area, width, height);
    frame.render_widget(Clear, area);
    let block = Block::bordered()
        .border_set(border::PLAIN)
        .border_style(theme.rule)
        .title(Line::styled(format!(" {title} "), theme.accent));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}
