//! Every text is readable on the usual terminal backgrounds.

use cpikey::ui::{Palette, Theme};
use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

use crate::{driver::Driver, pictures, styles::fixed};

/// The contrast that WCAG requires for text.
const READABLE: f64 = 4.5;

/// The default colours of a terminal: text and background.
struct Terminals {
    name: &'static str,
    text: u32,
    back: u32,
}

const fn terminal(name: &'static str, text: u32, back: u32) -> Terminals {
    Terminals { name, text, back }
}

const DARK: [Terminals; 11] = [
    terminal("xterm, reversed", 0xe5e5e5, 0x000000),
    terminal("VGA, the Linux console", 0xaaaaaa, 0x000000),
    terminal("Tango", 0xd3d7cf, 0x2e3436),
    terminal("GNOME", 0xd0cfcc, 0x171421),
    terminal("Ubuntu", 0xffffff, 0x300a24),
    terminal("Solarized dark", 0x839496, 0x002b36),
    terminal("Windows, Campbell", 0xcccccc, 0x0c0c0c),
    terminal("Visual Studio Code dark", 0xcccccc, 0x1e1e1e),
    terminal("macOS dark", 0xffffff, 0x1e1e1e),
    terminal("Dracula", 0xf8f8f2, 0x282a36),
    terminal("One Half Dark", 0xdcdfe4, 0x282c34),
];

const LIGHT: [Terminals; 8] = [
    terminal("xterm", 0x000000, 0xffffff),
    terminal("Tango light", 0x2e3436, 0xeeeeec),
    terminal("GNOME light", 0x171421, 0xffffff),
    terminal("Solarized light", 0x657b83, 0xfdf6e3),
    terminal("Windows, light", 0x0c0c0c, 0xffffff),
    terminal("Visual Studio Code light", 0x333333, 0xffffff),
    terminal("macOS light", 0x000000, 0xffffff),
    terminal("One Half Light", 0x383a42, 0xfafafa),
];

fn luminance(rgb: u32) -> f64 {
    let part = |shift: u32| {
        let value = f64::from(rgb >> shift & 0xff) / 255.0;
        if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The contrast of a cell, if its colours are fixed or the terminal's default.
fn seen(cell: &Cell, terminal: &Terminals) -> Option<f64> {
    let colour = |colour: Color, own: u32| match colour {
        Color::Reset => Some(own),
        Color::Indexed(index) => Some(fixed(index)),
        _ => None,
    };
    Some(contrast(colour(cell.fg, terminal.text)?, colour(cell.bg, terminal.back)?))
}

/// Checks one cell of a picture that contains text. Returns what is wrong with it.
fn fault(palette: Palette, theme: &Theme, cell: &Cell) -> Option<String> {
    let readable = |terminals: &[&[Terminals]], wanted: f64| {
        if cell.modifier.intersects(Modifier::DIM | Modifier::HIDDEN) {
            return Some("nobody knows how dim it is".to_owned());
        }
        terminals.iter().copied().flatten().find_map(|terminal| {
            // Solarized's default text is slightly weaker; nothing may be weaker than the terminal's default text.
            let wanted = wanted.min(contrast(terminal.text, terminal.back));
            match seen(cell, terminal) {
                Some(seen) if seen >= wanted => None,
                Some(seen) => Some(format!("a contrast of {seen:.1} on {}", terminal.name)),
                None => Some("it depends on the terminal".to_owned()),
            }
        })
    };
    let own_colours = (cell.fg, cell.bg) == (Color::Reset, Color::Reset);
    let glyphs = theme.glyphs;
    let is_mark = [glyphs.good, glyphs.warning, glyphs.bad, glyphs.idle].contains(&cell.symbol());
    match palette {
        Palette::Dark => readable(&[&DARK], READABLE),
        Palette::Light => readable(&[&LIGHT], READABLE),
        Palette::Contrast => readable(&[&DARK, &LIGHT], 7.0),
        Palette::Ansi if is_mark => None,
        Palette::Ansi => (!own_colours).then(|| "a word in a colour that the terminal decides".to_owned()),
        Palette::Mono => (!own_colours).then(|| "a colour".to_owned()),
    }
}

#[test]
fn every_text_of_every_picture_can_be_read_in_every_theme() {
    let palettes = [Palette::Ansi, Palette::Dark, Palette::Light, Palette::Contrast, Palette::Mono];
    let themes = palettes.map(|palette| (palette, Theme::new(palette, true)));
    pictures::each(move |name: &str, driver: &Driver| {
        for (palette, theme) in &themes {
            let buffer = driver.buffer(120, 40, theme);
            for cell in buffer.content.iter().filter(|cell| cell.symbol() != " ") {
                if let Some(fault) = fault(*palette, theme, cell) {
                    panic!("{name} in {palette:?}: {fault}: {cell:?}");
                }
            }
        }
    });
}
