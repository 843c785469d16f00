//! Divides the terminal into regions.
//!
//! ```text
//! header                                        always
//! step line                                     below 200 columns
//! rail | body                                   from 200 columns
//! notice                                        always
//! footer                                        always
//! ```

use ratatui::layout::{Margin, Rect};

/// The minimum size for the wizard.
pub const MINIMUM: (u16, u16) = (40, 10);
/// Width of the step rail.
pub const RAIL: u16 = 17;
/// A terminal this wide shows the steps in a column. In narrower ones the body needs the columns more: next to a rail,
/// list and pane would both wrap text that fits without one.
const WITH_RAIL: u16 = 200;
/// A body this wide has a column of details: that of a terminal with 100 columns.
pub const DETAILS: u16 = 98;
/// A body this wide has room for two columns of long values.
pub const WIDE: u16 = 120;
/// The maximum width of prose.
pub const PROSE: u16 = 76;

/// The parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regions {
    /// Program, step, status.
    pub header: Rect,
    /// The steps on one line; empty if the rail is shown.
    pub step_line: Rect,
    /// The steps in a column; empty if the step line is shown.
    pub rail: Rect,
    /// What the screen draws.
    pub body: Rect,
    /// The message line.
    pub notice: Rect,
    /// The keys.
    pub footer: Rect,
}

/// Divides the terminal. `notice_rows` is how many rows the message has.
pub fn regions(area: Rect, notice_rows: u16) -> Regions {
    // The nine steps need nine rows.
    let wide = area.width >= WITH_RAIL && area.height >= 13;
    let (header, rest) = top(area, 1);
    let (step_line, rest) = top(rest, u16::from(!wide));
    let (_, rest) = top(rest, u16::from(area.height >= 20));
    let (footer, rest) = bottom(rest, 1);
    let (notice, middle) = bottom(rest, notice_rows);
    let (rail, body) = if wide { left(middle, RAIL) } else { (Rect::ZERO, middle) };
    Regions { header, step_line, rail, body: body.inner(Margin::new(1, 0)), notice, footer }
}

/// Divides a body into a main part and a column of details at the right, if there is room for one.
pub fn with_details(body: Rect) -> (Rect, Option<Rect>) {
    if body.width < DETAILS {
        return (body, None);
    }
    let (main, rest) = left(body, body.width * 3 / 5);
    (main, Some(left(rest, 2).1))
}

/// The first `columns` columns of an area, and the rest.
pub fn left(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    (Rect { width: columns, ..area }, Rect { x: area.x + columns, width: area.width - columns, ..area })
}

/// The first `rows` rows of an area, and the rest.
pub fn top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// The last `rows` rows of an area, and what is above.
pub fn bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let (above, below) = top(area, area.height.saturating_sub(rows));
    (below, above)
}

/// A panel in the middle of an area.
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}
