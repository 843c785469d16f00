//! The message line.

use ratatui::{Frame, layout::Rect, text::Line};

use crate::{
    model::Notice,
    ui::{text, theme::Theme},
};

/// The maximum height of a message.
pub const MOST_ROWS: u16 = 3;

fn lines(notice: &Notice, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let (style, mark) = theme.tone(notice.tone);
    text::wrap_bullet(mark, style, &notice.text, theme.text, width.saturating_sub(2))
}

/// The height of a message at this width: at least one row, so that short ones do not move the screen.
pub fn rows(notice: Option<&Notice>, theme: &Theme, width: u16) -> u16 {
    notice.map_or(1, |notice| (lines(notice, theme, width).len() as u16).clamp(1, MOST_ROWS))
}

/// Draws the message.
pub fn draw(notice: Option<&Notice>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(notice) = notice else { return };
    for (row, line) in lines(notice, theme, area.width).into_iter().take(area.height as usize).enumerate() {
        let area = Rect { x: area.x + 1, y: area.y + row as u16, width: area.width.saturating_sub(1), height: 1 };
        text::draw_line(&line, area, frame);
    }
}
