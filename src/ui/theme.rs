//! Styles by meaning. The only place that names a colour.
//!
//! The default colour is content, bold is a name or a heading, one accent is focus and keys, three hues are states.
//! `dim` is for secondary text. Every state has a mark and a word in addition to its colour.
//!
//! No hue of the sixteen ANSI colours is readable on all common backgrounds, so if the background is unknown, hues stay
//! on marks, and words have the terminal's own colour. `Dark` and `Light` have fixed colours of the 256 that reach a
//! contrast of 4.5 on all common backgrounds of their kind; `Contrast` paints its own background.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Color, Modifier, Style},
};

use super::{
    glyphs::{self, Glyphs},
    hits::Hits,
};
use crate::{
    domain::{finding::Severity, theme::ThemeChoice},
    model::Tone,
};

/// The colour palettes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// The sixteen colours of the terminal, only on marks.
    #[default]
    Ansi,
    /// Light colours on the terminal's dark background.
    Dark,
    /// Dark colours on the terminal's light background.
    Light,
    /// Strong colours on black.
    Contrast,
    /// Bold, dim, reverse and underline only (`NO_COLOR`).
    Mono,
}

/// Styles by meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Marks and lines.
    pub glyphs: Glyphs,
    /// Plain text.
    pub text: Style,
    /// Headings.
    pub title: Style,
    /// The program's name, the current step.
    pub accent: Style,
    /// Skippable details.
    pub dim: Style,
    /// The name of a key in the footer.
    pub key: Style,
    /// The focused row.
    pub selected: Style,
    /// A value that the user chose or that is foreign text.
    pub value: Style,
    /// A text field without focus.
    pub field: Style,
    /// A text field with focus.
    pub field_focused: Style,
    /// Good.
    pub good: Style,
    /// Look here.
    pub warning: Style,
    /// Bad.
    pub bad: Style,
    /// What matches the words of a filter.
    pub matched: Style,
    /// Code that is not JSON.
    pub code: Style,
    /// The name of a member in JSON.
    pub json_name: Style,
    /// A string in JSON.
    pub json_string: Style,
    /// A number, `true`, `false` or `null` in JSON.
    pub json_number: Style,
    /// Brackets, colons and commas in JSON.
    pub json_punctuation: Style,
    /// Lines between parts.
    pub rule: Style,
    /// The word PRACTICE.
    pub practice: Style,
    /// The clickable areas.
    pub hits: Hits,
    palette: Palette,
}

/// The colours of a palette.
struct Colours {
    accent: Style,
    good: Style,
    warning: Style,
    bad: Style,
    dim: Style,
    selected: Style,
    json_name: Style,
    json_string: Style,
    json_number: Style,
}

const PLAIN: Style = Style::new();

impl Colours {
    /// Only the hues of a theme.
    fn with_hues(theme: ThemeChoice) -> Self {
        let plain = Self::of(Palette::Mono);
        let Some(hues) = theme.hues() else { return plain };
        let hue = |index: u8| PLAIN.fg(Color::Indexed(index));
        Self { good: hue(hues.good), warning: hue(hues.warning), bad: hue(hues.bad), dim: hue(hues.dim), ..plain }
    }

    fn of(palette: Palette) -> Self {
        let hue = |index: u8| PLAIN.fg(Color::Indexed(index));
        let bar = |text: u8, back: u8| PLAIN.fg(Color::Indexed(text)).bg(Color::Indexed(back));
        match palette {
            Palette::Ansi => Self {
                good: PLAIN.fg(Color::Green),
                warning: PLAIN.fg(Color::Yellow),
                bad: PLAIN.fg(Color::Red),
                ..Self::of(Palette::Mono)
            },
            Palette::Dark => Self {
                accent: hue(80),
                selected: bar(231, 24),
                json_name: hue(146),
                json_string: PLAIN,
                json_number: hue(180),
                ..Self::with_hues(ThemeChoice::Dark)
            },
            Palette::Light => Self {
                accent: hue(25),
                selected: bar(231, 25),
                json_name: hue(61),
                json_string: PLAIN,
                json_number: hue(95),
                ..Self::with_hues(ThemeChoice::Light)
            },
            Palette::Contrast => Self {
                accent: hue(51),
                selected: bar(16, 226),
                json_name: hue(159),
                json_string: PLAIN,
                json_number: hue(229),
                ..Self::with_hues(ThemeChoice::Contrast)
            },
            Palette::Mono => Self {
                accent: PLAIN,
                good: PLAIN,
                warning: PLAIN,
                bad: PLAIN,
                dim: PLAIN.add_modifier(Modifier::DIM),
                selected: PLAIN.add_modifier(Modifier::REVERSED).fg(Color::Reset),
                json_name: PLAIN.add_modifier(Modifier::BOLD),
                json_string: PLAIN,
                json_number: PLAIN,
            },
        }
    }
}

impl Theme {
    /// The theme of a palette and a set of marks.
    pub fn new(palette: Palette, unicode: bool) -> Self {
        let colours = Colours::of(palette);
        let bold = PLAIN.add_modifier(Modifier::BOLD);
        let has_accent = colours.accent.fg.is_some();
        Self {
            glyphs: if unicode { glyphs::UNICODE } else { glyphs::ASCII },
            text: PLAIN,
            title: bold,
            accent: colours.accent.patch(bold),
            dim: colours.dim,
            key: if has_accent { colours.accent } else { bold },
            // A uniform bar, whatever styles the row had.
            selected: colours.selected.remove_modifier(Modifier::DIM | Modifier::BOLD | Modifier::UNDERLINED),
            value: bold,
            field: PLAIN.add_modifier(Modifier::UNDERLINED),
            field_focused: if has_accent { colours.accent } else { bold }.add_modifier(Modifier::UNDERLINED),
            good: colours.good,
            warning: colours.warning.patch(bold),
            bad: colours.bad.patch(bold),
            matched: bold.add_modifier(Modifier::UNDERLINED),
            code: PLAIN,
            json_name: colours.json_name,
            json_string: colours.json_string,
            json_number: colours.json_number,
            json_punctuation: colours.dim,
            rule: colours.dim,
            practice: bold.add_modifier(Modifier::REVERSED),
            hits: Hits::default(),
            palette,
        }
    }

    /// Makes a drawn frame readable, cell by cell, so that no text can be missed: if the background is unknown, hues
    /// stay on marks; the background of `Contrast` is applied everywhere.
    pub fn finish(&self, buffer: &mut Buffer) {
        match self.palette {
            Palette::Ansi => {
                let glyphs = self.glyphs;
                let marks = [glyphs.good, glyphs.warning, glyphs.bad, glyphs.idle];
                let is_hue = |color| matches!(color, Color::Green | Color::Yellow | Color::Red);
                for cell in buffer.content.iter_mut().filter(|cell| is_hue(cell.fg)) {
                    if !marks.contains(&cell.symbol()) {
                        cell.fg = Color::Reset;
                        cell.modifier.insert(Modifier::BOLD);
                    }
                }
            }
            Palette::Contrast => {
                for cell in &mut buffer.content {
                    let (text, back) = (Color::Indexed(231), Color::Indexed(16));
                    if cell.fg == Color::Reset {
                        cell.fg = text;
                    }
                    if cell.bg == Color::Reset {
                        cell.bg = back;
                    }
                }
            }
            Palette::Dark | Palette::Light | Palette::Mono => {}
        }
    }

    /// Dims an area uniformly, because something covers it.
    pub fn step_back(&self, buffer: &mut Buffer, area: Rect) {
        for row in area.intersection(buffer.area).rows() {
            for cell in row.columns().map(Position::from) {
                buffer[cell].set_style(Style::reset().patch(self.dim));
            }
        }
    }

    /// The style and the mark of a severity.
    pub fn severity(&self, severity: Severity) -> (Style, &'static str) {
        match severity {
            Severity::Error => (self.bad, self.glyphs.bad),
            Severity::Warning => (self.warning, self.glyphs.warning),
            Severity::Note => (self.dim, self.glyphs.idle),
        }
    }

    /// The style and the mark of a notice.
    pub fn tone(&self, tone: Tone) -> (Style, &'static str) {
        match tone {
            Tone::Good => (self.good, self.glyphs.good),
            Tone::Note => (self.text, self.glyphs.idle),
            Tone::Warning => (self.warning, self.glyphs.warning),
            Tone::Error => (self.bad, self.glyphs.bad),
        }
    }
}
