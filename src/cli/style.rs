//! How a stream of a command looks: styles by meaning, as those of the wizard, and how wide its lines are.

use clap::builder::styling::{AnsiColor, Style};

use crate::{
    domain::finding::Severity,
    platform::env::{Colours, Environment},
};

/// Columns of running text if the stream is no terminal.
const WIDTH: usize = 80;
/// Longer lines of running text are hard to read; shorter ones break every word.
const READABLE: std::ops::RangeInclusive<usize> = 20..=100;

/// What a text is. Hues are on marks only, because none of them can be read on every background (see `ui/theme.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A heading or a name.
    Strong,
    /// What a reader can skip.
    Skip,
    /// The mark of something good, or of something that is not.
    Mark(Option<Severity>),
}

/// A stream: a terminal with colours and a width, or a file or pipe with neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Styles may be used.
    pub styled: bool,
    /// Columns of the terminal; `None` if it is none.
    pub columns: Option<usize>,
    /// A line can be erased.
    pub erasable: bool,
}

impl Page {
    /// A stream that is a terminal of this many columns, or none. `asked` is what an option says about colours.
    pub fn new(columns: Option<usize>, asked: Option<bool>, environment: &Environment) -> Self {
        let possible = asked.is_some() || columns.is_some() || environment.force_color.is_some();
        Self {
            styled: possible && environment.colours(asked) > Colours::None,
            columns,
            erasable: columns.is_some() && !environment.is_dumb(),
        }
    }

    /// Columns that running text is broken at.
    pub fn width(&self) -> usize {
        self.columns.map_or(WIDTH, |columns| columns.clamp(*READABLE.start(), *READABLE.end()))
    }

    /// The text in the style of its meaning.
    pub fn paint(&self, text: &str, meaning: Meaning) -> String {
        if !self.styled || text.is_empty() {
            return text.to_owned();
        }
        let style = match meaning {
            Meaning::Strong => Style::new().bold(),
            Meaning::Skip => Style::new().dimmed(),
            Meaning::Mark(None) => AnsiColor::Green.on_default(),
            Meaning::Mark(Some(Severity::Warning)) => AnsiColor::Yellow.on_default().bold(),
            Meaning::Mark(Some(Severity::Error)) => AnsiColor::Red.on_default().bold(),
            Meaning::Mark(Some(Severity::Note)) => return text.to_owned(),
        };
        format!("{style}{text}{style:#}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(Page::new(columns, asked, environment).styled, styled, "{columns:?} {asked:?} {environment:?}");
        }
    }

    #[test]
    fn lines_are_as_wide_as_the_terminal_and_never_too_wide_to_read() {
        let width = |columns| Page { columns, ..Page::default() }.width();
        assert_eq!([None, Some(60), Some(300), Some(3)].map(width), [80, 60, 100, 20]);
    }

    #[test]
    fn a_style_ends_with_its_text() {
        let page = Page { styled: true, ..Page::default() };
        let painted = page.paint("x", Meaning::Mark(Some(Severity::Error)));
        assert!(painted.starts_with("\u{1b}[") && painted.ends_with("x\u{1b}[0m"), "{painted:?}");
        assert_eq!(Page::default().paint("x", Meaning::Strong), "x");
    }
}
