//! Cells as numbers, so that comparing two takes one instruction.

use crossterm::style::{Color, Colored};
use ratatui::{
    backend::IntoCrossterm as _,
    buffer::Cell,
    style::{Color as CellColor, Modifier},
};
use unicode_width::UnicodeWidthStr as _;

/// The content of a cell: the character in the lower half (its bytes, or a number), above it the style and the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(u64);

/// A cell that shows nothing.
pub(super) const BLANK: Code = Code::new(b' ' as u32, 0, 1, false);

impl Code {
    const fn new(symbol: u32, style: usize, columns: u16, is_long: bool) -> Self {
        let columns = if columns > 3 { 3 } else { columns as u64 };
        Self(symbol as u64 | (style as u64) << 32 | columns << 60 | (is_long as u64) << 62)
    }

    /// The number that represents it in checksums.
    pub(super) fn number(self) -> u64 {
        self.0
    }

    /// How many columns it takes.
    pub(super) fn columns(self) -> u16 {
        (self.0 >> 60 & 3) as u16
    }

    /// The number of its style; 0 is the plain one.
    pub(super) fn style(self) -> usize {
        (self.0 >> 32 & 0xff_ffff) as usize
    }

    fn symbol(self) -> u32 {
        self.0 as u32
    }

    fn is_long(self) -> bool {
        self.0 >> 62 & 1 == 1
    }
}

/// The attributes that are visible on a blank cell.
const SHOWS_ON_BLANK: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// The styles and the long characters that were drawn.
#[derive(Debug)]
pub(super) struct Alphabet {
    styles: Vec<Style>,
    /// Characters of more than four bytes.
    long: Vec<String>,
    newest: usize,
}

impl Default for Alphabet {
    fn default() -> Self {
        Self { styles: vec![Style::of(&Cell::EMPTY)], long: Vec::new(), newest: 0 }
    }
}

impl Alphabet {
    /// The number for a cell, without the invisible part of its style.
    pub(super) fn code(&mut self, cell: &Cell) -> Code {
        let bytes = cell.symbol().as_bytes();
        if let [byte] = bytes {
            let style = self.style(cell);
            let shows = *byte != b' ' || !self.hides_on_blank(style);
            return Code::new(u32::from(*byte), if shows { style } else { 0 }, 1, false);
        }
        let (style, columns) = (self.style(cell), cell.symbol().width() as u16);
        let mut packed = [0; 4];
        match packed.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                Code::new(u32::from_le_bytes(packed), style, columns, false)
            }
            None => Code::new(self.long(cell.symbol()), style, columns, true),
        }
    }

    fn style(&mut self, cell: &Cell) -> usize {
        let style = Style::of(cell);
        if self.styles[self.newest] != style {
            self.newest = self.styles.iter().position(|known| *known == style).unwrap_or_else(|| {
                self.styles.push(style);
                self.styles.len() - 1
            });
        }
        self.newest
    }

    fn long(&mut self, symbol: &str) -> u32 {
        let at = self.long.iter().position(|known| known == symbol).unwrap_or_else(|| {
            self.long.push(symbol.to_owned());
            self.long.len() - 1
        });
        at as u32
    }

    /// Whether a style is invisible on a blank cell.
    pub(super) fn hides_on_blank(&self, style: usize) -> bool {
        let style = &self.styles[style];
        style.ground == self.styles[0].ground && !style.modifier.intersects(SHOWS_ON_BLANK)
    }

    /// The parameters of the sequence that turns a style on.
    pub(super) fn sequence(&self, style: usize) -> String {
        self.styles[style].codes(&self.styles[0]).join(";")
    }

    /// Writes the character.
    pub(super) fn write(&self, code: Code, out: &mut Vec<u8>) {
        if code.is_long() {
            out.extend_from_slice(self.long[code.symbol() as usize].as_bytes());
            return;
        }
        let bytes = code.symbol().to_le_bytes();
        let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        out.extend_from_slice(&bytes[..length]);
    }
}

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Style {
    text: CellColor,
    ground: CellColor,
    modifier: Modifier,
}

impl Style {
    fn of(cell: &Cell) -> Self {
        Self { text: cell.fg, ground: cell.bg, modifier: cell.modifier }
    }

    /// The codes that turn it on.
    fn codes(self, plain: &Self) -> Vec<String> {
        const CODES: [(Modifier, &str); 9] = [
            (Modifier::BOLD, "1"),
            (Modifier::DIM, "2"),
            (Modifier::ITALIC, "3"),
            (Modifier::UNDERLINED, "4"),
            (Modifier::SLOW_BLINK, "5"),
            (Modifier::RAPID_BLINK, "6"),
            (Modifier::REVERSED, "7"),
            (Modifier::HIDDEN, "8"),
            (Modifier::CROSSED_OUT, "9"),
        ];
        let modifiers = CODES.iter().filter(|(modifier, _)| self.modifier.contains(*modifier));
        let mut codes: Vec<String> = modifiers.map(|(_, code)| (*code).to_owned()).collect();
        if self.text != plain.text {
            codes.push(colour(self.text, Colored::ForegroundColor, "38;5;", 30));
        }
        if self.ground != plain.ground {
            codes.push(colour(self.ground, Colored::BackgroundColor, "48;5;", 40));
        }
        codes
    }
}

/// The code of a colour. The first eight have dedicated codes, which every terminal supports.
fn colour(colour: CellColor, part: fn(Color) -> Colored, palette: &str, first: u8) -> String {
    let code = part(colour.into_crossterm()).to_string();
    match code.strip_prefix(palette).and_then(|number| number.parse::<u8>().ok()) {
        Some(number) if number < 8 => (first + number).to_string(),
        _ => code,
    }
}
