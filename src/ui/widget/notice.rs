//! The message line.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    model::Notice,
    ui::{text, theme::Theme},
};

/// A message may always have this many rows.
const ROWS: u16 = 3;

/// Long messages, with a path for example, may have one row of this many rows of the terminal.
const SHARE: u16 = 4;

fn lines(notice: &Notice, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let (style, mark) = theme.tone(notice.tone);
    text::wrap_bullet(mark, style, &notice.text, theme.text, width.saturating_sub(2))
}

/// The height of a message in a terminal: at least one row, so that short ones do not move the screen.
pub fn rows(notice: Option<&Notice>, theme: &Theme, terminal: Rect) -> u16 {
    let most = ROWS.max(terminal.height / SHARE);
    notice.map_or(1, |notice| (lines(notice, theme, terminal.width).len() as u16).clamp(1, most))
}

/// Draws the message. One that does not fit ends with a mark.
pub fn draw(notice: Option<&Notice>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(notice) = notice else { return };
    let mut lines = lines(notice, theme, area.width);
    if lines.len() > usize::from(area.height) {
        lines.truncate(area.height.into());
        if let Some(last) = lines.last_mut() {
            // The margin at the right has room for it.
            last.push_span(Span::styled(theme.glyphs.ellipsis, theme.text));
        }
    }
    for (row, line) in lines.iter().enumerate() {
        let area = Rect { x: area.x + 1, y: area.y + row as u16, width: area.width.saturating_sub(1), height: 1 };
        text::draw_line(line, area, frame);
    }
}
