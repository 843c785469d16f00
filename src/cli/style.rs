//! The look of an output stream: styles by meaning, like those of the wizard, and the line width.

use clap::builder::styling::{Ansi256Color, AnsiColor, Style};

use super::args::Look;
use crate::{
    domain::{
        finding::Severity,
        theme::{Hues, ThemeChoice},
    },
    platform::env::{Colours, Environment},
};

/// Width of prose if the stream is not a terminal.
const WIDTH: usize = 80;
/// Longer lines of prose are hard to read; shorter ones break every word.
const READABLE: std::ops::RangeInclusive<usize> = 20..=100;

/// The meaning of a text. Only marks are coloured, because no colour is readable on every background (see
/// `ui/theme.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A heading or a name.
    Strong,
    /// Skippable details.
    Skip,
    /// A mark: good, or a severity.
    Mark(Option<Severity>),
}

/// A stream: a terminal with colours and a width, or a file or pipe with neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Whether styles may be used.
    pub styled: bool,
    /// Columns of the terminal; `None` if it is not a terminal.
    pub columns: Option<usize>,
    /// Whether a line can be erased.
    pub erasable: bool,
    /// The theme of the styles.
    pub theme: ThemeChoice,
}

impl Page {
    /// A stream that is a terminal of this many columns, or none.
    pub fn new(columns: Option<usize>, look: Look, environment: &Environment) -> Self {
        let asked = look.color.asked();
        let possible = asked.is_some() || columns.is_some() || environment.force_color.is_some();
        Self {
            styled: possible && environment.colours(asked) > Colours::None,
            columns,
            erasable: columns.is_some() && !environment.is_dumb(),
            theme: match look.theme {
                ThemeChoice::Mono => ThemeChoice::Mono,
                theme if environment.colours(asked) == Colours::Many => theme,
                _ => ThemeChoice::Auto,
            },
        }
    }

    /// The width at which prose is wrapped.
    pub fn width(&self) -> usize {
        self.columns.map_or(WIDTH, |columns| columns.clamp(*READABLE.start(), *READABLE.end()))
    }

    /// The text in the style of its meaning.
    pub fn paint(&self, text: &str, meaning: Meaning) -> String {
        if !self.styled || text.is_empty() {
            return text.to_owned();
        }
        let (hues, mono) = (self.theme.hues(), self.theme == ThemeChoice::Mono);
        let hue = |fixed: fn(Hues) -> u8, own: AnsiColor| match hues {
            Some(hues) => Ansi256Color(fixed(hues)).on_default(),
            None if mono => Style::new(),
            None => own.on_default(),
        };
        let style = match meaning {
            Meaning::Strong => Style::new().bold(),
            Meaning::Skip => hues.map_or(Style::new().dimmed(), |hues| Ansi256Color(hues.dim).on_default()),
            Meaning::Mark(None) => hue(|hues| hues.good, AnsiColor::Green),
            Meaning::Mark(Some(Severity::Warning)) => hue(|hues| hues.warning, AnsiColor::Yellow).bold(),
            Meaning::Mark(Some(Severity::Error)) => hue(|hues| hues.bad, AnsiColor::Red).bold(),
            Meaning::Mark(Some(Severity::Note)) => return text.to_owned(),
        };
        format!("{style}{text}{style:#}")
    }
}

#[cfg(test)]
mod tests {
    use super::{super::args::Color, *};

    #[test]
    fn colours_are_for_terminals_unless_they_are_asked_for() {
        let xterm = Environment { term: Some("xterm-256color".to_owned()), ..Environment::default() };
        let dumb = Environment { term: Some("dumb".to_owned()), ..Environment::default() };
        let no_color = Environment { no_color: true, ..xterm.clone() };
        let forced = Environment { force_color: Some(Colours::Sixteen), ..dumb.clone() };
        for (columns, asked, environment, styled) in [
            (Some(80), None, &xterm, true),
            (None, None, &xterm, false),
            (Some(80), Some(false), &xterm, false),
            (None, Some(true), &no_color, true),
            (Some(80), None, &no_color, false),
            (Some(80), None, &dumb, false),
            (None, None, &forced, true),
            (None, Some(false), &forced, false),
        ] {
            let color = asked.map_or(Color::Auto, |asked| if asked { Color::Always } else { Color::Never });
            let look = Look { color, ..Look::default() };
            assert_eq!(Page::new(columns, look, environment).styled, styled, "{columns:?} {asked:?} {environment:?}");
        }
    }

    #[test]
    fn lines_are_as_wide_as_the_terminal_and_never_too_wide_to_read() {
        let width = |columns| Page { columns, ..Page::default() }.width();
        assert_eq!([None, Some(60), Some(300), Some(3)].map(width), [80, 60, 100, 20]);
    }

    #[test]
    fn a_theme_changes_the_colours_and_mono_has_none() {
        let many = Environment { term: Some("xterm-256color".to_owned()), ..Environment::default() };
        let few = Environment { force_color: Some(Colours::Sixteen), ..Environment::default() };
        let mark = |theme, environment: &Environment| {
            let page = Page::new(Some(80), Look { theme, ..Look::default() }, environment);
            page.paint("x", Meaning::Mark(Some(Severity::Error)))
        };
        let auto = mark(ThemeChoice::Auto, &many);
        for theme in [ThemeChoice::Dark, ThemeChoice::Light, ThemeChoice::Contrast] {
            assert!(mark(theme, &many).contains("38;5;"), "{theme:?}");
            assert_eq!(mark(theme, &few), auto, "{theme:?}");
        }
        assert_eq!(mark(ThemeChoice::Mono, &many), "\u{1b}[1mx\u{1b}[0m");
    }

    #[test]
    fn a_style_ends_with_its_text() {
        let page = Page { styled: true, ..Page::default() };
        let painted = page.paint("x", Meaning::Mark(Some(Severity::Error)));
        assert!(painted.starts_with("\u{1b}[") && painted.ends_with("x\u{1b}[0m"), "{painted:?}");
        assert_eq!(Page::default().paint("x", Meaning::Strong), "x");
    }
}
