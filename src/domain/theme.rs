//! The colour themes. Each front end decides how they look.

use super::named::named;

named! {
    /// The themes to choose from.
    #[derive(Default)]
    pub enum ThemeChoice {
        /// Readable on any background.
        #[default]
        Auto = "auto",
        /// For a dark background.
        Dark = "dark",
        /// For a light background.
        Light = "light",
        /// White on black, with strong colours.
        Contrast = "contrast",
        /// No colours.
        Mono = "mono",
    }
}

/// The hues of a theme by their numbers in the 256-colour palette, with enough contrast on the backgrounds it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hues {
    /// Good.
    pub good: u8,
    /// Look here.
    pub warning: u8,
    /// Bad.
    pub bad: u8,
    /// Skippable details.
    pub dim: u8,
}

impl ThemeChoice {
    /// Its fixed hues; none if it uses the colours of the terminal, or no colours.
    pub fn hues(self) -> Option<Hues> {
        match self {
            Self::Auto | Self::Mono => None,
            Self::Dark => Some(Hues { good: 114, warning: 221, bad: 210, dim: 248 }),
            Self::Light => Some(Hues { good: 22, warning: 94, bad: 124, dim: 241 }),
            Self::Contrast => Some(Hues { good: 120, warning: 226, bad: 217, dim: 252 }),
        }
    }

    /// What it is for.
    pub fn about(self, words: crate::words::Words) -> &'static str {
        let words = words.themes();
        match self {
            Self::Auto => words.auto(),
            Self::Dark => words.dark(),
            Self::Light => words.light(),
            Self::Contrast => words.contrast(),
            Self::Mono => words.mono(),
        }
    }
}
