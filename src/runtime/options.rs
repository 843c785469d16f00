//! The options of the wizard.

use crate::{
    domain::{handover::commands::again::Reach, theme::ThemeChoice},
    model::Pasted,
    net::NetOptions,
    platform::{
        clipboard,
        env::{Background, Colours, Environment},
    },
    ui::{Palette, Theme},
};

/// A key file named as an argument.
#[derive(Clone, Debug)]
pub struct KeyFile {
    /// Its name.
    pub name: String,
    /// Its contents.
    pub text: Pasted,
}

/// The options of the wizard.
#[derive(Clone, Debug)]
pub struct Options {
    /// Start with the practice tenant.
    pub practice: bool,
    /// The key to open with.
    pub key: Option<KeyFile>,
    /// Discard the progress of earlier sessions.
    pub fresh: bool,
    /// How to reach the servers.
    pub net: NetOptions,
    /// The network options as specified, for equivalent commands.
    pub reach: Reach,
    /// Whether to use colours, whatever the environment says.
    pub colours: Option<bool>,
    /// The colour theme.
    pub theme: ThemeChoice,
    /// ASCII only, whatever the locale says.
    pub ascii: bool,
    /// Plain mode: line by line, for screen readers and dumb terminals.
    pub plain: bool,
    /// Spinners are animated.
    pub motion: bool,
    /// The mouse is enabled.
    pub mouse: bool,
    /// The clipboard method to use.
    pub clipboard: clipboard::Choice,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            practice: false,
            key: None,
            fresh: false,
            net: NetOptions::default(),
            reach: Reach::default(),
            colours: None,
            theme: ThemeChoice::Auto,
            ascii: false,
            plain: false,
            motion: true,
            mouse: false,
            clipboard: clipboard::Choice::Auto,
        }
    }
}

impl Options {
    /// Whether colours were requested, which is the only way to get them in plain mode.
    pub(super) fn asks_for_colours(&self, environment: &Environment) -> bool {
        let asked = self.colours == Some(true) || environment.force_color.is_some();
        asked && environment.colours(self.colours) != Colours::None
    }

    /// Whether the colours depend on the terminal's background and it has to be queried.
    pub(super) fn asks_for_background(&self, environment: &Environment) -> bool {
        self.theme == ThemeChoice::Auto
            && environment.colours(self.colours) == Colours::Many
            && environment.background.is_none()
            && environment.tells_background
    }

    pub(super) fn theme(&self, environment: &Environment) -> Theme {
        self.theme_of(self.theme, environment.background, environment)
    }

    /// Whether the themes look different: the terminal has enough colours, and they are allowed.
    pub(super) fn has_themes(&self, environment: &Environment) -> bool {
        environment.colours(self.colours) == Colours::Many
    }

    /// The chosen theme on a terminal with this background, if known.
    pub(super) fn theme_of(
        &self,
        choice: ThemeChoice,
        background: Option<Background>,
        environment: &Environment,
    ) -> Theme {
        let choice = match (choice, background) {
            (ThemeChoice::Auto, Some(Background::Dark)) => ThemeChoice::Dark,
            (ThemeChoice::Auto, Some(Background::Light)) => ThemeChoice::Light,
            (choice, _) => choice,
        };
        let palette = match (environment.colours(self.colours), choice) {
            (Colours::None, _) | (_, ThemeChoice::Mono) => Palette::Mono,
            (Colours::Sixteen, _) | (_, ThemeChoice::Auto) => Palette::Ansi,
            (Colours::Many, ThemeChoice::Dark) => Palette::Dark,
            (Colours::Many, ThemeChoice::Light) => Palette::Light,
            (Colours::Many, ThemeChoice::Contrast) => Palette::Contrast,
        };
        // The Linux console accepts UTF-8, but its font lacks most of the marks.
        let console = environment.term.as_deref() == Some("linux");
        Theme::new(palette, environment.utf8 && !self.ascii && !console)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf8() -> Environment {
        Environment { utf8: true, term: Some("xterm-256color".to_owned()), ..Environment::default() }
    }

    #[test]
    fn no_color_takes_the_colours_of_every_theme_away_unless_they_are_asked_for() {
        let environment = Environment { no_color: true, ..utf8() };
        for (theme, palette) in [
            (ThemeChoice::Auto, Palette::Ansi),
            (ThemeChoice::Dark, Palette::Dark),
            (ThemeChoice::Light, Palette::Light),
            (ThemeChoice::Contrast, Palette::Contrast),
            (ThemeChoice::Mono, Palette::Mono),
        ] {
            let with = |colours| Options { colours, theme, ..Options::default() };
            assert_eq!(with(None).theme(&utf8()), Theme::new(palette, true));
            assert_eq!(with(None).theme(&environment), Theme::new(Palette::Mono, true));
            assert_eq!(with(Some(true)).theme(&environment), Theme::new(palette, true));
            assert_eq!(with(Some(false)).theme(&utf8()), Theme::new(Palette::Mono, true));
        }
    }

    #[test]
    fn sixteen_colours_are_those_of_the_terminal() {
        let environment = Environment { force_color: Some(Colours::Sixteen), ..utf8() };
        let options = Options { theme: ThemeChoice::Dark, ..Options::default() };
        assert_eq!(options.theme(&environment), Theme::new(Palette::Ansi, true));
    }

    #[test]
    fn a_known_background_decides_about_the_colours_if_no_theme_was_asked_for() {
        let environment = Environment { term: Some("xterm".to_owned()), ..utf8() };
        let palette = |choice, background| Options::default().theme_of(choice, background, &environment);
        let theme = |palette| Theme::new(palette, true);
        assert_eq!(palette(ThemeChoice::Auto, Some(Background::Dark)), theme(Palette::Dark));
        assert_eq!(palette(ThemeChoice::Auto, Some(Background::Light)), theme(Palette::Light));
        assert_eq!(palette(ThemeChoice::Auto, None), theme(Palette::Ansi));
        assert_eq!(palette(ThemeChoice::Dark, Some(Background::Light)), theme(Palette::Dark));
        assert_eq!(palette(ThemeChoice::Mono, Some(Background::Light)), theme(Palette::Mono));
    }

    #[test]
    fn the_linux_console_and_other_locales_get_ascii() {
        let console = Environment { term: Some("linux".to_owned()), ..utf8() };
        assert!(!Options::default().theme(&console).glyphs.unicode);
        assert!(!Options::default().theme(&Environment::default()).glyphs.unicode);
        assert!(Options::default().theme(&utf8()).glyphs.unicode);
    }
}
