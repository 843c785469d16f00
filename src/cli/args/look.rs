//! The look of the output, and where its options are allowed.

use clap::{
    Arg, ArgMatches, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
    parser::ValueSource,
};

use super::{super::words, WizardOptions};
use crate::domain::theme::ThemeChoice;

/// The look of a command's output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// When to use colours.
    pub color: Color,
    /// The theme.
    pub theme: ThemeChoice,
    /// ASCII only.
    pub ascii: bool,
}

impl WizardOptions {
    /// The part that also applies to commands.
    pub fn look(&self) -> Look {
        Look { color: self.color, theme: self.theme, ascii: self.ascii }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Colours, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// The explicit choice; `None` if the terminal and the environment decide.
    pub fn asked(self) -> Option<bool> {
        match self {
            Color::Auto => None,
            Color::Always => Some(true),
            Color::Never => Some(false),
        }
    }
}

/// A wizard option before a command, as it was typed: a mistake.
pub fn misplaced(matches: &ArgMatches) -> Option<String> {
    matches.subcommand_name()?;
    let command = super::without_commands();
    let own = command.get_arguments().filter(|arg| !arg.is_global_set());
    let given = |arg: &&Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    let written = |arg: &Arg| match arg.get_long() {
        Some(long) => format!("--{long}"),
        None => arg.get_value_names().and_then(|names| names.first()).map_or_else(String::new, ToString::to_string),
    };
    own.into_iter().find(given).map(written)
}

/// Parses a theme by its name.
pub fn theme() -> impl TypedValueParser<Value = ThemeChoice> {
    let values = ThemeChoice::ALL.map(|theme| PossibleValue::new(theme.as_str()).help(theme.about(words())));
    PossibleValuesParser::new(values).map(|name| ThemeChoice::from_name(&name).unwrap_or_default())
}
