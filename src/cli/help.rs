//! The help: commands in groups, and common options described in full only once.

use std::{ffi::OsString, fmt::Write as _};

use clap::{
    Arg, Command, CommandFactory as _,
    builder::{PossibleValue, Resettable, StyledStr, styling::Style},
};

use super::{args::Cli, words};
use crate::{domain::text::columns::widest, words::CommandHelpLabels};

/// Columns before the name of a command, and between name and description.
const INDENT: usize = 2;

/// The commands by task, in order of the workflow.
fn groups(words: CommandHelpLabels) -> [(&'static str, &'static [&'static str]); 5] {
    [
        (words.choose(), &["purposes", "roles", "params", "key-params"]),
        (words.key(), &["inspect", "test", "export", "systems"]),
        (words.cloud(), &["create", "instances", "update-roles", "rotate", "delete", "login", "logout"]),
        (words.others(), &["guide", "commands", "sheet"]),
        (words.program(), &["doctor", "completions", "man"]),
    ]
}

/// The commands as the help that the arguments ask for describes them.
pub fn command(arguments: &[OsString]) -> Command {
    let command = Cli::command();
    let grouped = grouped(&command);
    // Commands with their own versions do not get those of the program. Only a command that is named shows its own.
    let is_named = |command: &Command| arguments.iter().any(|argument| argument == command.get_name());
    let everywhere: Vec<Arg> = command.get_arguments().filter(|arg| arg.is_global_set()).map(brief).collect();
    command
        .help_template(StyledStr::from(format!(
            "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{grouped}{{all-args}}{{after-help}}"
        )))
        .mut_subcommands(|command| {
            let command = if is_named(&command) { command.args(everywhere.iter().cloned()) } else { command };
            command.hide(true)
        })
}

/// An option with its values in its help line.
fn brief(arg: &Arg) -> Arg {
    let (values, arg) = (arg.get_possible_values(), arg.clone().long_help(Resettable::Reset));
    if values.is_empty() || arg.is_hide_possible_values_set() || !arg.get_action().takes_values() {
        return arg;
    }
    let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    arg.help(format!("{help}: {}", values.join(", "))).hide_possible_values(true)
}

/// The commands with descriptions, under the headings of their groups.
fn grouped(command: &Command) -> String {
    let heading = command.get_styles().get_header();
    let literal = command.get_styles().get_literal();
    let shown = |text: &str, style: &Style| format!("{style}{text}{style:#}");
    let groups = groups(words().command_help());
    let width = widest(groups.iter().flat_map(|(_, names)| names.iter().copied()));
    let mut text = String::new();
    for (title, names) in groups {
        let _ = writeln!(text, "{}", shown(&format!("{title}:"), heading));
        for name in names {
            let about = command.find_subcommand(name).and_then(Command::get_about).map(ToString::to_string);
            let gap = width - name.len() + INDENT;
            let name = shown(name, literal);
            let _ = writeln!(text, "{:INDENT$}{name}{:gap$}{}", "", "", about.unwrap_or_default());
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_one_group() {
        let command = Cli::command();
        let mut all: Vec<&str> =
            command.get_subcommands().filter(|command| !command.is_hide_set()).map(Command::get_name).collect();
        let groups = groups(words().command_help());
        let mut grouped: Vec<&str> = groups.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        all.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(grouped, all);
    }

    /// The help of all commands.
    fn all() -> Command {
        let names: Vec<OsString> = Cli::command().get_subcommands().map(|command| command.get_name().into()).collect();
        let mut all = command(&names);
        all.build();
        all
    }

    /// Calls `look` with every command and subcommand.
    fn each(command: &mut Command, look: &mut impl FnMut(&mut Command)) {
        look(command);
        command.get_subcommands_mut().for_each(|command| each(command, look));
    }

    #[test]
    fn every_line_of_every_help_fits_80_columns_and_can_be_copied() {
        each(&mut all(), &mut |command| {
            let mut command = command.clone().term_width(80);
            let name = command.get_name().to_owned();
            for help in [command.render_help(), command.render_long_help()] {
                let help = help.to_string();
                for line in help.lines() {
                    assert!(line.chars().count() <= 80, "{name}: {line}");
                }
            }
            // Clap would wrap the text after the options like everything else.
            let examples = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            for line in examples.lines() {
                assert!(line.chars().count() <= 80, "{name}: {line}");
            }
        });
    }

    #[test]
    fn every_command_has_an_example() {
        each(&mut Cli::command(), &mut |command| {
            let examples = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            let line = examples.lines().find(|line| line.starts_with("  cpikey") || line.contains("| cpikey"));
            assert!(command.is_hide_set() || line.is_some(), "{}", command.get_name());
        });
    }

    #[test]
    fn what_every_command_has_takes_a_line_each_in_the_help_of_a_command() {
        let mut command = all();
        let roles = command.find_subcommand_mut("roles").unwrap();
        let explain = roles.find_subcommand("explain").unwrap();
        for command in [&*roles, explain] {
            let common: Vec<&Arg> = command.get_arguments().filter(|arg| arg.is_global_set()).collect();
            assert_eq!(common.len(), 4, "{}", command.get_name());
            assert!(common.iter().all(|arg| arg.get_long_help().is_none()), "{}", command.get_name());
        }
    }
}
