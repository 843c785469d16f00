//! The help and the reference, compared with the program's arguments.

use clap::{Arg, Command, CommandFactory as _, Parser as _};
use cpikey::{cli::Cli, content::PURPOSES};

const REFERENCE: &str = include_str!("../../docs/contract.md");

/// Every command with its full name, including nested ones.
fn commands() -> Vec<(String, Command)> {
    fn collect(prefix: &str, command: &Command, all: &mut Vec<(String, Command)>) {
        for inner in command.get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = format!("{prefix} {}", inner.get_name());
            collect(&name, inner, all);
            all.push((name, inner.clone()));
        }
    }
    let (mut all, program) = (Vec::new(), Cli::command());
    collect("cpikey", &program, &mut all);
    all.push(("cpikey".to_owned(), program));
    all
}

/// The words of a line as a shell splits it; what comes after a pipe or `>` is not an argument.
fn words(line: &str) -> Vec<String> {
    let line = line.split([';', '>']).next().unwrap_or_default();
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.trim().chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The examples of a command: the parts of its lines that call cpikey.
fn examples(command: &Command) -> Vec<String> {
    let text = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let parts = text.lines().flat_map(|line| line.split(" | ")).map(str::trim);
    parts.filter(|part| part.split(' ').next() == Some("cpikey")).map(str::to_owned).collect()
}

#[test]
fn every_command_has_short_help_long_help_and_examples_that_parse() {
    for (name, command) in commands() {
        let about = command.get_about().unwrap_or_else(|| panic!("{name} has no help")).to_string();
        assert!(about.len() < 90 && !about.contains('\n') && !about.ends_with('.'), "{name}: {about}");
        if command.has_subcommands() && name != "cpikey" && name != "cpikey roles" {
            continue;
        }
        let examples = examples(&command);
        assert!(!examples.is_empty(), "{name} has no examples");
        for example in examples {
            Cli::try_parse_from(words(&example)).unwrap_or_else(|error| panic!("{example}: {error}"));
        }
    }
}

/// The options available to users, except help and version.
fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| arg.get_long().is_some_and(|long| !["help", "version"].contains(&long)))
}

#[test]
fn the_help_of_every_option_is_one_short_line_and_details_for_the_long_help() {
    for (name, command) in commands() {
        for option in options(&command) {
            let help = option.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty() && help.len() <= 80, "{name} {}: {help}", option.get_id());
            assert!(!help.contains('\n') && !help.ends_with('.'), "{name} {}: {help}", option.get_id());
            if option.get_long() == Some("purpose") {
                let long = option.get_long_help().unwrap().to_string();
                assert!(long.contains("cpikey purposes") && long.starts_with(&help), "{name}: {long}");
                assert!(option.get_possible_values().iter().map(|value| value.get_name()).eq(PURPOSES), "{name}");
            }
        }
    }
}

#[test]
fn the_reference_names_every_command_and_every_option() {
    for (name, command) in
        commands().iter().filter(|(_, command)| !command.has_subcommands() || command.get_name() == "roles")
    {
        let rows: String = REFERENCE.lines().filter(|line| line.starts_with(&format!("| `{name}"))).collect();
        assert!(!rows.is_empty(), "{name} is not in the reference");
        let text = if rows.contains("Choices: see below") { REFERENCE } else { &rows };
        for option in options(command) {
            let long = format!("--{}", option.get_long().unwrap());
            assert!(text.contains(&long) || rows.contains("The same"), "{name}: the reference lacks {long}");
            for value in option.get_possible_values().iter().filter(|_| option.get_action().takes_values()) {
                assert!(
                    REFERENCE.contains(value.get_name()),
                    "{name} {long}: the reference lacks {}",
                    value.get_name()
                );
            }
        }
    }
}

#[test]
fn the_reference_names_only_options_that_exist() {
    let commands = commands();
    let known: Vec<String> = commands
        .iter()
        .flat_map(|(_, command)| options(command))
        .map(|option| {
            let aliases = option.get_all_aliases().unwrap_or_default().join(" --");
            format!("--{} --{aliases}", option.get_long().unwrap())
        })
        .collect();
    // An option of cf, and those of every program.
    let foreign = ["--params", "--version", "--help"];
    for word in REFERENCE.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|word| word.len() > 3) {
        if word.starts_with("--") && word.contains(|c: char| c.is_ascii_alphabetic()) && !foreign.contains(&word) {
            assert!(known.iter().any(|names| names.split(' ').any(|name| name == word)), "{word} does not exist");
        }
    }
}

/// The manual page.
fn manual() -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_cpikey")).arg("man").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// One section of the manual page.
fn section<'a>(manual: &'a str, name: &str) -> &'a str {
    let (_, section) = [format!(".SH {name}\n"), format!(".SH \"{name}\"\n")]
        .iter()
        .find_map(|heading| manual.split_once(heading.as_str()))
        .unwrap_or_else(|| panic!("no section {name}"));
    section.split("\n.SH ").next().unwrap_or_default()
}

#[test]
fn the_manual_has_examples_that_parse_files_variables_and_statuses() {
    let manual = manual();
    let examples = section(&manual, "EXAMPLES").replace("\\-", "-");
    let calls = examples.lines().map(|line| line.split(" &&").next().unwrap_or_default().trim());
    let calls: Vec<&str> = calls.filter(|line| line.starts_with("cpikey ")).collect();
    assert!(calls.len() > 5, "{examples}");
    for call in calls {
        Cli::try_parse_from(words(call)).unwrap_or_else(|error| panic!("{call}: {error}"));
    }
    for file in ["systems.toml", "secrets.sealed", "progress.json"] {
        assert!(section(&manual, "FILES").contains(file), "{file}");
    }
    for status in 0..=5 {
        assert!(section(&manual, "EXIT STATUS").contains(&format!("\\fB{status}\\fR")), "{status}");
    }
}

#[test]
fn the_manual_names_every_variable_that_the_program_reads() {
    let manual = manual();
    let variables = section(&manual, "ENVIRONMENT");
    let source = include_str!("../../src/platform/env.rs").split("#[cfg(test)]").next().unwrap();
    let quoted = source.split('"').skip(1).step_by(2);
    let is_name = |text: &&str| text.len() > 2 && text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let names: Vec<&str> = quoted.filter(is_name).collect();
    assert!(names.contains(&"NO_COLOR"), "{names:?}");
    for name in names {
        assert!(variables.contains(&format!("\\fB{name}\\fR")), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn the_manual_is_what_groff_expects() {
    use std::{io::Write as _, process::Stdio};
    let mut groff = std::process::Command::new("groff");
    groff.args(["-man", "-Tutf8", "-ww"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Without groff there is nothing to compare with.
    let Ok(mut groff) = groff.spawn() else { return };
    groff.stdin.take().unwrap().write_all(manual().as_bytes()).unwrap();
    let output = groff.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(String::from_utf8_lossy(&output.stdout).contains("cpikey"));
}
