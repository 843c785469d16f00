//! A framed panel over the dimmed screen.

use ratatui::{
    Frame,
    layout::Rect,
    symbols::border,
    text::Line,
    widgets::{Block, Clear},
};

use crate::ui::{hits::Target, layout, theme::Theme};

/// Columns of the screen on both sides of a panel; if there would be fewer, the panel takes the full width.
const BESIDE: u16 = 6;

/// Clears a panel in the middle of `area`, frames it, and returns its inside with a column of padding on both sides.
/// The rest of the screen is dimmed, so that it is not mistaken for part of the panel.
pub fn open(title: &str, width: u16, height: u16, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Rect {
    theme.step_back(frame.buffer_mut(), area);
    theme.hits.note(area, Target::Nothing);
    let width = if area.width < width + 2 * BESIDE { area.width } else { width };
    let area = layout::centred(area, width, height);
    // Padding, so that no letter of the screen touches the frame.
    let air = Rect { x: area.x.saturating_sub(2), width: area.width + 4, ..area };
    let air = air.intersection(frame.area());
    clear_remains(air, theme, frame);
    frame.render_widget(Clear, air);
    let block = Block::bordered()
        .border_set(border::PLAIN)
        .border_style(theme.key)
        .title(Line::styled(format!(" {title} "), theme.accent));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}

/// Clears the remains of texts that the panel covers partly, up to the steps: partial texts are useless.
fn clear_remains(air: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    let screen = frame.area();
    let buffer = frame.buffer_mut();
    for y in air.y..air.bottom() {
        let left = (screen.x..air.x).rev().map_while(|x| (buffer[(x, y)].symbol() != theme.glyphs.bar).then_some(x));
        let left: Vec<u16> = left.collect();
        for x in left.into_iter().chain(air.right()..screen.right()) {
            buffer[(x, y)].set_symbol(" ");
        }
    }
}
