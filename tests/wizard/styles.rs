//! A drawn frame as text, and its styles by their names in the theme.

use cpikey::ui::Theme;
use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier, Style},
};

/// The rows, without trailing spaces.
pub fn text(buffer: &Buffer) -> String {
    rows(buffer).into_iter().map(|row| format!("{}\n", row.trim_end())).collect()
}

/// The rows with all their columns.
pub fn rows(buffer: &Buffer) -> Vec<String> {
    let cells = buffer.content.chunks(buffer.area.width.max(1).into());
    cells.map(|row| row.iter().map(Cell::symbol).collect()).collect()
}

/// The styles of the columns of each row, except plain text.
pub fn runs(buffer: &Buffer, theme: &Theme) -> String {
    let mut lines = String::new();
    for (y, row) in buffer.content.chunks(buffer.area.width.max(1).into()).enumerate() {
        let mut runs: Vec<(String, usize, usize)> = Vec::new();
        for (x, cell) in row.iter().enumerate() {
            let name = name(cell, theme);
            match runs.last_mut() {
                Some((last, _, to)) if *last == name && *to + 1 == x => *to = x,
                _ if name.is_empty() => {}
                _ => runs.push((name, x, x)),
            }
        }
        let runs: Vec<String> = runs.iter().map(|(name, from, to)| format!("{name} {from}-{to}")).collect();
        if !runs.is_empty() {
            lines.push_str(&format!("{y}: {}\n", runs.join(", ")));
        }
    }
    lines
}

/// The named styles. Of those that look the same, the first name is used.
fn named(theme: &Theme) -> [(&'static str, Style); 18] {
    [
        ("", theme.text),
        ("bold", theme.title),
        ("accent", theme.accent),
        ("key", theme.key),
        ("dim", theme.dim),
        ("selected", theme.selected),
        ("field", theme.field),
        ("focused field", theme.field_focused),
        ("good", theme.good),
        ("warning", theme.warning),
        ("bad", theme.bad),
        ("matched", theme.matched),
        ("json name", theme.json_name),
        ("json string", theme.json_string),
        ("json number", theme.json_number),
        ("json punctuation", theme.json_punctuation),
        ("rule", theme.rule),
        ("badge", theme.practice),
    ]
}

type Look = (Color, Color, Modifier);

fn look(cell: &Cell) -> Look {
    (cell.fg, cell.bg, cell.modifier)
}

/// The name of a cell's style; `None` for plain text.
pub fn name(cell: &Cell, theme: &Theme) -> String {
    let is_it = |style: Style| {
        let mut blank = Cell::EMPTY;
        blank.set_style(style);
        look(&blank) == look(cell)
    };
    let known = named(theme).into_iter().find(|(_, style)| is_it(*style));
    known.map_or_else(|| format!("{:?}", look(cell)), |(name, _)| name.to_owned())
}

/// The fixed ones of the 256 colours: a cube, and greys.
pub fn fixed(index: u8) -> u32 {
    if index >= 232 {
        return (8 + 10 * u32::from(index - 232)) * 0x010101;
    }
    let step = |part: u8| if part == 0 { 0 } else { 55 + 40 * u32::from(part) };
    let index = index.checked_sub(16).expect("a colour that no terminal may change");
    step(index / 36) << 16 | step(index / 6 % 6) << 8 | step(index % 6)
}
