//! Which colours a person asks for. What they look like is up to each front end.

use super::named::named;

named! {
    /// What a person may ask for.
    #[derive(Default)]
    pub enum ThemeChoice {
        /// What can be read on any background.
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

impl ThemeChoice {
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
