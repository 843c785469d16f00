//! The pane next to or below a list: the meaning of the focused row, and the resulting text.
//!
//! Next to the list if the list keeps all its columns, otherwise below it in two halves, so that a wider window never
//! shows less.

use ratatui::{Frame, layout::Rect, text::Line};

use crate::{
    domain::sap::parameters::JsonStyle,
    ui::{
        Theme,
        hits::Target,
        layout, text,
        widget::{json, list},
    },
    words::Words,
};

/// The narrowest pane next to a list: a role with a long name fits as a line of JSON.
const NARROWEST: u16 = 39;
/// Columns between list and pane.
const GAP: u16 = 2;
/// A pane below a list is divided into halves from this width on.
pub const HALVES: u16 = 76;
/// A pane with fewer rows is useless.
const FEWEST_ROWS: u16 = 4;

/// Where the pane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// At the right.
    Beside(Rect),
    /// Below, with a line above it.
    Below(Rect),
}

/// Divides an area into a list that needs these columns and rows, and a pane, if there is room for one.
pub fn divide(area: Rect, columns: u16, rows: u16) -> (Rect, Option<Pane>) {
    if area.width >= columns + GAP + NARROWEST {
        // The pane needs no more than prose does; the list gets the rest.
        let width = columns.max(area.width * 3 / 5).min(area.width - GAP - NARROWEST);
        let list = Rect { width, ..area };
        let x = area.x + width + GAP;
        return (list, Some(Pane::Beside(Rect { x, width: area.right() - x, ..area })));
    }
    let (list, below) = layout::top(area, rows);
    if below.height > FEWEST_ROWS { (list, Some(Pane::Below(layout::top(below, 1).1))) } else { (area, None) }
}

/// What a pane shows.
pub struct Preview<'a> {
    /// The title of the explanation.
    pub title: &'a str,
    /// The explanation for this many columns and rows.
    pub about: &'a dyn Fn(u16, u16) -> Vec<Line<'static>>,
    /// The title of the JSON.
    pub json_title: &'a str,
    /// The JSON, if there is any.
    pub json: Option<&'a dyn Fn(JsonStyle) -> String>,
}

/// Draws the contents of a pane.
pub fn draw(preview: &Preview<'_>, pane: Pane, words: Words, theme: &Theme, frame: &mut Frame<'_>) {
    let (Pane::Beside(area) | Pane::Below(area)) = pane;
    theme.hits.note(area, Target::Still);
    match pane {
        Pane::Beside(area) => draw_beside(preview, words, theme, frame, area),
        Pane::Below(area) if area.width >= HALVES && preview.json.is_some() => {
            let (left, right) = halves(area);
            draw_about(preview, theme, frame, left);
            draw_json(preview, words, theme, frame, right);
        }
        Pane::Below(area) => draw_about(preview, theme, frame, area),
    }
}

/// Two halves of an area that is at least [`HALVES`] wide.
pub fn halves(area: Rect) -> (Rect, Rect) {
    let (left, rest) = layout::left(area, area.width.saturating_sub(GAP) / 2);
    (left, layout::left(rest, GAP).1)
}

fn draw_beside(preview: &Preview<'_>, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let rows = preview.json.map_or(0, |json| {
        // It may use more lines if the explanation leaves them.
        let rows = json::lines(&json(JsonStyle::Compact), theme, area.width).len() as u16 + 2;
        // JSON that is too long for any pane leaves the rows to the explanation.
        if has_room_beside(rows - 1, area.height) { rows } else { area.height / 4 }
    });
    let room = area.height - rows;
    let mut about = vec![Line::styled(text::truncate(preview.title, area.width, theme.glyphs.ellipsis), theme.title)];
    about.extend((preview.about)(area.width, room.saturating_sub(1)));
    let (above, below) = layout::top(area, if rows == 0 { area.height } else { room.min(about.len() as u16 + 1) });
    list::draw_lines(&about, 0, theme, frame, above);
    draw_json(preview, words, theme, frame, below);
}

/// Whether JSON of this many rows, including the line above it, fits in a pane of this height.
pub fn has_room_beside(rows: u16, height: u16) -> bool {
    rows < height * 3 / 5
}

fn draw_about(preview: &Preview<'_>, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let (line, rest) = layout::top(area, 1);
    rule(preview.title, theme, frame, line);
    let lines = (preview.about)(rest.width.min(layout::PROSE), rest.height);
    list::draw_lines(&lines, 0, theme, frame, rest);
}

fn draw_json(preview: &Preview<'_>, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(json) = preview.json.filter(|_| area.height > 1) else { return };
    let (line, rest) = layout::top(area, 1);
    rule(preview.json_title, theme, frame, line);
    json::draw(&fitting(json, rest.width, rest.height), 0, words, theme, frame, rest);
}

/// JSON on several lines if each of them fits, otherwise on one line that is split anywhere.
pub fn fitting(json: &dyn Fn(JsonStyle) -> String, columns: u16, rows: u16) -> String {
    let pretty = json(JsonStyle::Pretty);
    let fits = pretty.lines().count() <= usize::from(rows)
        && pretty.lines().all(|line| text::width(line) <= usize::from(columns));
    if fits { pretty } else { json(JsonStyle::Compact) }
}

/// A horizontal line that starts with a title.
pub fn rule(title: &str, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mark = theme.glyphs.rule;
    let title = text::truncate(title, area.width.saturating_sub(3), theme.glyphs.ellipsis);
    let fill = mark.repeat(usize::from(area.width).saturating_sub(text::width(&title) + 3));
    let line = Line::from_iter([
        ratatui::text::Span::styled(format!("{mark} "), theme.rule),
        ratatui::text::Span::styled(title, theme.title),
        ratatui::text::Span::styled(format!(" {fill}"), theme.rule),
    ]);
    text::draw_line(&line, area, frame);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_never_has_fewer_columns_than_it_needs_because_of_the_pane() {
        for width in 10..200 {
            let (list, pane) = divide(Rect::new(0, 0, width, 30), 66, 20);
            assert!(list.width == width || list.width >= 66, "{width}: {list:?}");
            let pane = match pane.expect("30 rows have room for one") {
                Pane::Beside(area) | Pane::Below(area) => area,
            };
            assert!(pane.width >= NARROWEST.min(width), "{width}: {pane:?}");
        }
    }

    #[test]
    fn a_pane_without_rows_is_left_out() {
        assert_eq!(divide(Rect::new(0, 0, 78, 20), 66, 17), (Rect::new(0, 0, 78, 20), None));
    }
}
