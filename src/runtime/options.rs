//! What a person may say about a wizard before it starts.

use crate::{
    net::NetOptions,
    platform::{clipboard, env::Environment},
    ui::{Palette, Theme},
};

/// Which colours to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaletteChoice {
    /// As `NO_COLOR` says.
    #[default]
    Auto,
    /// Colours, whatever `NO_COLOR` says.
    Colours,
    /// None.
    Mono,
}

/// What a person may say about a wizard before it starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// Start with the practice tenant.
    pub practice: bool,
    /// How to reach the servers.
    pub net: NetOptions,
    /// Which colours to use.
    pub palette: PaletteChoice,
    /// ASCII only, whatever the locale says.
    pub ascii: bool,
    /// Spinners may turn.
    pub motion: bool,
    /// Which way to a clipboard to take.
    pub clipboard: clipboard::Choice,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            practice: false,
            net: NetOptions::default(),
            palette: PaletteChoice::Auto,
            ascii: false,
            motion: true,
            clipboard: clipboard::Choice::Auto,
        }
    }
}

impl Options {
    pub(super) fn theme(&self, environment: &Environment) -> Theme {
        let mono = match self.palette {
            PaletteChoice::Auto => environment.no_color,
            PaletteChoice::Colours => false,
            PaletteChoice::Mono => true,
        };
        // The console of Linux reads UTF-8, but its font has hardly any of the marks.
        let console = environment.term.as_deref() == Some("linux");
        Theme::new(if mono { Palette::Mono } else { Palette::Ansi }, environment.utf8 && !self.ascii && !console)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf8() -> Environment {
        Environment { utf8: true, ..Environment::default() }
    }

    #[test]
    fn no_color_takes_the_colours_away_unless_they_are_asked_for() {
        let environment = Environment { no_color: true, ..utf8() };
        let theme = |palette| Options { palette, ..Options::default() }.theme(&environment);
        assert_eq!(theme(PaletteChoice::Auto), Theme::new(Palette::Mono, true));
        assert_eq!(theme(PaletteChoice::Colours), Theme::new(Palette::Ansi, true));
    }

    #[test]
    fn the_linux_console_and_other_locales_get_ascii() {
        let console = Environment { term: Some("linux".to_owned()), ..utf8() };
        assert!(!Options::default().theme(&console).glyphs.unicode);
        assert!(!Options::default().theme(&Environment::default()).glyphs.unicode);
        assert!(Options::default().theme(&utf8()).glyphs.unicode);
    }
}
