//! Suggestions for invalid arguments, added to the error.

use std::ffi::OsString;

use clap::{
    Arg, Command, CommandFactory as _, Error,
    builder::StyledStr,
    error::{
        ContextKind::{self, InvalidArg, InvalidSubcommand, Suggested, SuggestedSubcommand},
        ContextValue,
        ErrorKind::{self, MissingRequiredArgument, UnknownArgument},
    },
};

use super::{args::Cli, content, words};
use crate::domain::content::Content;

/// Adds a suggestion to an error.
pub fn advise(error: &mut Error, arguments: &[OsString]) {
    let arguments: Vec<String> =
        arguments.iter().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    if let Some(tip) = tip(error, &arguments) {
        error.insert(Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
    } else if is_unknown_option(error) {
        // Clap suggests to pass it as a value, which nobody means who writes two hyphens.
        error.insert(Suggested, ContextValue::None);
    }
}

fn is_unknown_option(error: &Error) -> bool {
    let word = error.get(InvalidArg);
    error.kind() == UnknownArgument && matches!(word, Some(ContextValue::String(word)) if word.starts_with("--"))
}

fn tip(error: &Error, arguments: &[String]) -> Option<String> {
    let command = Cli::command();
    let (path, command) = path(&command, arguments);
    let stray = |kind: ContextKind| match error.get(kind)? {
        ContextValue::String(word) => Some(word.as_str()),
        _ => None,
    };
    match error.kind() {
        MissingRequiredArgument => where_to_look(&path).map(str::to_owned),
        // Clap already suggests a similar command.
        ErrorKind::InvalidSubcommand if error.get(SuggestedSubcommand).is_some() => None,
        ErrorKind::InvalidSubcommand => {
            let word = stray(InvalidSubcommand)?;
            let meant = match path.as_slice() {
                ["roles"] => of_roles(word, &content()),
                ["systems"] => vec!["show".to_owned(), word.to_owned()],
                _ => return None,
            };
            Some(perhaps(arguments, word, &meant, &path))
        }
        UnknownArgument => {
            let word = stray(InvalidArg).filter(|word| !word.starts_with('-'))?;
            let meant = match path.as_slice() {
                ["purposes"] => return content().purpose(word).map(|_| said("cpikey roles --purpose", word)),
                ["guide"] => page(arguments, &content())?,
                _ => vec![option_for(word, command, &content())?.to_owned(), word.to_owned()],
            };
            Some(perhaps(arguments, word, &meant, &path))
        }
        _ => None,
    }
}

/// The command that the arguments name, and its path.
fn path<'a>(command: &'a Command, arguments: &[String]) -> (Vec<&'a str>, &'a Command) {
    let start = (Vec::new(), command);
    arguments.iter().fold(start, |(mut path, command), argument| match command.find_subcommand(argument) {
        Some(inner) => {
            path.push(inner.get_name());
            (path, inner)
        }
        None => (path, command),
    })
}

/// The command that lists the values of a required argument.
fn where_to_look(path: &[&str]) -> Option<&'static str> {
    let words = words().input();
    match path {
        ["systems", "test"] => Some(words.all_systems()),
        ["systems", "show" | "rename" | "remove"] => Some(words.list_systems()),
        ["export"] => Some(words.list_exports()),
        ["roles", "explain"] => Some(words.list_roles()),
        ["update-roles" | "rotate" | "delete"] => Some(words.list_instances()),
        _ => None,
    }
}

/// The `roles` command for a word.
fn of_roles(word: &str, content: &Content) -> Vec<String> {
    if content.purpose(word).is_some() {
        return vec!["--purpose".to_owned(), word.to_owned()];
    }
    if let Some(name) = role(word, content) {
        return vec!["explain".to_owned(), name];
    }
    vec!["--search".to_owned(), word.to_owned()]
}

/// The role or grant type that a word names, perhaps misspelled.
fn role(word: &str, content: &Content) -> Option<String> {
    let is_other = content.flow_roles.iter().any(|role| role.name == word)
        || content.grant_types.iter().any(|grant| grant.id == word);
    let known = content.catalogue.get(word).map(|role| role.name.as_str());
    let name = known.or_else(|| is_other.then_some(word)).or_else(|| content.catalogue.did_you_mean(word));
    name.map(str::to_owned)
}

/// The guide page whose name was typed as several words.
fn page(arguments: &[String], content: &Content) -> Option<Vec<String>> {
    let rest: Vec<&str> =
        arguments.iter().map(String::as_str).skip_while(|argument| *argument != "guide").skip(1).collect();
    let page = content.page(&rest.join("-").to_lowercase())?;
    Some(vec![page.id.clone()])
}

/// The option of the command that accepts this word.
fn option_for(word: &str, command: &Command, content: &Content) -> Option<&'static str> {
    let takes =
        |option: &str| command.get_arguments().any(|arg| arg.get_long() == Some(option.trim_start_matches('-')));
    let values = |id: &str| -> Vec<String> {
        let arg = command.get_arguments().find(|arg| arg.get_id() == id);
        let values = arg.map(Arg::get_possible_values).unwrap_or_default();
        values.iter().map(|value| value.get_name().to_owned()).collect()
    };
    let is_value = |id: &str| values(id).iter().any(|value| value == word);
    let is_region = || content.region(word.split('-').next().unwrap_or(word)).is_some();
    let meant = [
        ("--purpose", content.purpose(word).is_some()),
        ("--role", role(word, content).is_some()),
        ("--type", is_value("key_type")),
        ("--plan", is_value("plan")),
        ("--step", is_value("task")),
        ("--api", is_region()),
        ("--region", is_region()),
        ("--check", std::path::Path::new(word).is_file()),
        ("--certificate", std::path::Path::new(word).is_file()),
        ("--instance", true),
    ];
    meant.into_iter().find(|(option, fits)| *fits && takes(option)).map(|(option, _)| option)
}

/// The corrected command. Other arguments are kept if a shell would read them unchanged.
fn perhaps(arguments: &[String], stray: &str, meant: &[String], path: &[&str]) -> String {
    let is_guide = path == ["guide"];
    let all = arguments.iter().map(String::as_str);
    let typed: Vec<&str> = match arguments.iter().all(|argument| is_plain(argument)) && !is_guide {
        true => all.flat_map(|word| if word == stray { words_of(meant) } else { vec![word] }).collect(),
        false => path.iter().copied().chain(words_of(meant)).collect(),
    };
    said("cpikey", &typed.join(" "))
}

fn words_of(meant: &[String]) -> Vec<&str> {
    meant.iter().map(String::as_str).collect()
}

fn said(command: &str, rest: &str) -> String {
    words().input().perhaps(format!("{command} {rest}"))
}

/// Whether a shell leaves a word unchanged.
fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./:=@,+".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The suggestion for these arguments.
    fn tip_for(line: &str) -> Option<String> {
        let arguments: Vec<OsString> = line.split(' ').map(Into::into).collect();
        let mut error = Cli::command().try_get_matches_from(&arguments).expect_err("they make no sense");
        advise(&mut error, &arguments);
        let text = error.render().to_string();
        text.lines().find_map(|line| line.trim().strip_prefix("tip: ").map(str::to_owned))
    }

    #[test]
    fn a_word_that_needs_a_command_or_an_option_before_it_is_named_with_it() {
        for (typed, meant) in [
            ("cpikey roles MonitoringDataRead", "cpikey roles explain MonitoringDataRead"),
            ("cpikey roles WorkspacePackagesEdti", "cpikey roles explain WorkspacePackagesEdit"),
            ("cpikey roles client_credentials", "cpikey roles explain client_credentials"),
            ("cpikey roles ci-cd", "cpikey roles --purpose ci-cd"),
            ("cpikey roles queue", "cpikey roles --search queue"),
            ("cpikey systems dev", "cpikey systems show dev"),
            ("cpikey purposes monitoring", "cpikey roles --purpose monitoring"),
            ("cpikey params ci-cd --minimal", "cpikey params --purpose ci-cd --minimal"),
            ("cpikey params MonitoringDataRead", "cpikey params --role MonitoringDataRead"),
            ("cpikey params Cargo.toml", "cpikey params --check Cargo.toml"),
            ("cpikey key-params certificate", "cpikey key-params --type certificate"),
            ("cpikey sheet monitoring", "cpikey sheet --purpose monitoring"),
            ("cpikey commands cf rotate", "cpikey commands cf --step rotate"),
            ("cpikey create --cf ci-cd", "cpikey create --cf --purpose ci-cd"),
            ("cpikey login eu10-004", "cpikey login --api eu10-004"),
            ("cpikey delete --cf cpi-api", "cpikey delete --cf --instance cpi-api"),
            ("cpikey guide create instance", "cpikey guide create-instance"),
        ] {
            assert_eq!(tip_for(typed), Some(words().input().perhaps(meant)), "{typed}");
        }
    }

    #[test]
    fn what_is_missing_comes_with_the_command_that_lists_it() {
        for typed in [
            "systems test",
            "systems show",
            "systems remove",
            "export",
            "roles explain",
            "rotate",
            "delete",
            "update-roles",
        ] {
            let path: Vec<&str> = typed.split(' ').collect();
            assert_eq!(tip_for(&format!("cpikey {typed}")).as_deref(), where_to_look(&path), "{typed}");
            assert!(where_to_look(&path).is_some(), "{typed}");
        }
    }

    #[test]
    fn an_option_that_does_not_exist_and_a_command_that_is_almost_right_keep_the_tip_of_clap() {
        for typed in ["cpikey systems lst", "cpikey test --purpos ci-cd", "cpikey purposes --bogus"] {
            let tip = tip_for(typed);
            assert!(tip.is_none_or(|tip| tip.contains("similar")), "{typed}");
        }
    }
}
