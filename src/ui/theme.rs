//! Styles by meaning. The only place that names a colour.
//!
//! The sixteen ANSI colours and the terminal's own background, so that a person's palette decides and light terminals
//! need no detection. Every state has a mark and a word besides its colour.

use ratatui::style::{Color, Modifier, Style};

use super::glyphs::{self, Glyphs};
use crate::{domain::finding::Severity, model::Tone};

/// Which colours there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// The sixteen colours of the terminal.
    #[default]
    Ansi,
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
    /// Text of less weight.
    pub dim: Style,
    /// The name of a key in the footer.
    pub key: Style,
    /// The focused row.
    pub selected: Style,
    /// A value that the person chose or that came from outside.
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
    /// JSON and other code.
    pub code: Style,
    /// Lines between parts.
    pub rule: Style,
    /// The word PRACTICE.
    pub practice: Style,
}

impl Theme {
    /// The theme of a palette and a set of marks.
    pub fn new(palette: Palette, unicode: bool) -> Self {
        let glyphs = if unicode { glyphs::UNICODE } else { glyphs::ASCII };
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        let reverse = plain.add_modifier(Modifier::REVERSED);
        let underlined = plain.add_modifier(Modifier::UNDERLINED);
        let coloured = |color: Color| match palette {
            Palette::Ansi => plain.fg(color),
            Palette::Mono => plain,
        };
        Self {
            glyphs,
            text: plain,
            title: bold,
            accent: coloured(Color::Cyan).add_modifier(Modifier::BOLD),
            dim,
            key: coloured(Color::Cyan),
            // One even bar, whatever colours the row had.
            selected: reverse.fg(Color::Reset).remove_modifier(Modifier::DIM | Modifier::BOLD | Modifier::UNDERLINED),
            value: bold,
            field: underlined,
            field_focused: coloured(Color::Cyan).add_modifier(Modifier::UNDERLINED),
            good: coloured(Color::Green),
            warning: coloured(Color::Magenta).add_modifier(Modifier::BOLD),
            bad: coloured(Color::Red).add_modifier(Modifier::BOLD),
            code: plain,
            rule: dim,
            practice: reverse.add_modifier(Modifier::BOLD),
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
