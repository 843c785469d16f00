//! The command line: the same core as the wizard, for scripts and for terminals without full screen.
//!
//! Results go to standard output, messages to standard error, coloured on a terminal. Questions are asked at the
//! terminal.

mod args;
mod ask;
mod candidates;
mod cf;
mod choices;
mod commands;
mod complete;
mod doctor;
mod export;
mod guard;
mod guide;
mod help;
mod hosts;
mod input;
mod inspect;
mod interrupt;
mod key;
mod key_file;
mod key_params;
mod live_test;
mod meant;
mod network;
mod output;
mod params;
mod passphrase;
mod purposes;
mod roles;
mod sheet;
mod shell;
mod status;
mod style;
mod systems;
mod table;
mod test;

use std::{
    borrow::Cow,
    ffi::OsString,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use clap::{
    CommandFactory as _, FromArgMatches as _, ValueEnum as _,
    error::ErrorKind::{DisplayHelpOnMissingArgumentOrSubcommand, UnknownArgument},
};

pub use args::{Cli, Color, Command, Look, NetworkArgs, WizardOptions};
pub use key_file::read as read_key_file;
pub use output::Output;
pub use status::Status;
use style::Page;

use crate::{
    content,
    domain::{content::Content, problem::Problem, text::safe_text::SafeText, theme::ThemeChoice},
    platform::{env::Environment, terminal},
    words::Words,
};

/// What the arguments request.
#[derive(Debug)]
pub enum Asked {
    /// The wizard.
    Wizard(WizardOptions),
    /// A command.
    Command(Command, Look),
    /// Exit: help was printed, or the arguments are wrong.
    Nothing(ExitCode),
}

/// Reads the arguments, the program's name first. Prints help, version and usage errors itself.
pub fn parse(arguments: Vec<OsString>, environment: &Environment) -> Asked {
    // Nothing to parse.
    if arguments.len() <= 1 {
        return Asked::Wizard(WizardOptions::default());
    }
    let look = look_of(&arguments);
    if let Err(problem) = guard::refuse_secrets(&arguments, words()) {
        return Asked::Nothing(fail(&problem, look, environment));
    }
    let arguments = as_options(arguments);
    match args::of_wizard(&arguments) {
        Some(Ok(options)) => return Asked::Wizard(options),
        Some(Err(version)) => return Asked::Nothing(explain(version, &arguments, look, environment)),
        None => {}
    }
    let asks_help = arguments.iter().any(|argument| argument == "--help" || argument == "-h");
    let command = if asks_help { help::command(&arguments) } else { Cli::command() };
    let parsed = command.try_get_matches_from(&arguments).and_then(|matches| {
        if let Some(option) = args::look::misplaced(&matches) {
            let problem = words().input().only_for_wizard().fill(&[("option", &option)]).unusable();
            return Ok(Err(problem));
        }
        Cli::from_arg_matches(&matches).map(Ok)
    });
    match parsed {
        Ok(Ok(Cli { command: Some(command), wizard })) => Asked::Command(command, wizard.look()),
        Ok(Ok(Cli { wizard, .. })) => Asked::Wizard(wizard),
        Ok(Err(problem)) => Asked::Nothing(fail(&problem, look, environment)),
        Err(error) => Asked::Nothing(explain(error, &arguments, look, environment)),
    }
}

/// Prints the help, the version, or why the arguments make no sense.
fn explain(error: clap::Error, arguments: &[OsString], look: Look, environment: &Environment) -> ExitCode {
    let status = u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
    match refuse(error, arguments, look, environment) {
        Err(cause) if !output::reader_is_gone(&cause) => fail(&output::not_written(&cause, words()), look, environment),
        _ => status,
    }
}

/// `help test` is `test --help`, and `version` is `--version`, unless there is a key file with that name.
fn as_options(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let option = match arguments[1].to_str() {
        Some("help") => "--help",
        Some("version") => "--version",
        _ => return arguments,
    };
    if !Path::new(&arguments[1]).exists() {
        arguments.remove(1);
        arguments.push(option.into());
    }
    arguments
}

/// Prints what clap says instead of arguments, with what was probably meant.
fn refuse(mut error: clap::Error, arguments: &[OsString], look: Look, environment: &Environment) -> io::Result<()> {
    if error.kind() == DisplayHelpOnMissingArgumentOrSubcommand
        && let Err(help) = help::command(arguments).try_get_matches_from(arguments)
    {
        return print(&help, look, environment);
    }
    // Help and version: nothing is wrong.
    if !error.use_stderr() {
        return print(&error, look, environment);
    }
    // Anything that is not a command is treated as a file name, so clap reports the argument after it.
    let misread = || key_file::mistyped(arguments).or_else(|| guard::value_of_flag(arguments, words()));
    match (error.kind() == UnknownArgument).then(misread).flatten() {
        Some(problem) => {
            fail(&problem, look, environment);
            Ok(())
        }
        None => {
            meant::advise(&mut error, arguments);
            print(&error, look, environment)
        }
    }
}

/// The maximum length of a line of a usage error.
const ERROR_LINE: usize = 4096;

/// The prefix that clap adds to an error.
const CLAP_PREFIX: &str = "error: ";

/// The look options, in arguments that may otherwise be invalid.
fn look_of(arguments: &[OsString]) -> Look {
    let value = |name: &str| {
        let options = arguments.iter().map(|argument| argument.to_string_lossy());
        let values = arguments.iter().skip(1).map(|argument| argument.to_string_lossy()).chain([Cow::Borrowed("")]);
        options.zip(values).find_map(|(option, next)| match option.strip_prefix(name)? {
            "" => Some(next.into_owned()),
            value => value.strip_prefix('=').map(str::to_owned),
        })
    };
    Look {
        color: value("--color").and_then(|value| Color::from_str(&value, false).ok()).unwrap_or_default(),
        theme: value("--theme").and_then(|value| ThemeChoice::from_name(&value)).unwrap_or_default(),
        ascii: arguments.iter().any(|argument| argument == "--ascii"),
    }
}

/// The two streams of this process, with their colours and width.
fn pages(look: Look, environment: &Environment) -> (Page, Page) {
    let page = |columns| Page::new(columns, look, environment);
    (page(terminal::columns(&io::stdout())), page(terminal::columns(&io::stderr())))
}

/// Prints help, or a usage error in the style of the program. It repeats arguments, so its lines are sanitised.
///
/// # Errors
///
/// If standard output cannot be written. Failures of standard error are ignored.
fn print(error: &clap::Error, look: Look, environment: &Environment) -> io::Result<()> {
    let (results_page, messages_page) = pages(look, environment);
    if !error.use_stderr() {
        let help = error.render();
        let mut stdout = io::stdout();
        return match results_page.styled {
            true => write!(stdout, "{}", help.ansi()),
            false => write!(stdout, "{help}"),
        }
        .and_then(|()| stdout.flush());
    }
    // Help that is shown because the command is missing has columns; only error messages are wrapped.
    if error.kind() == DisplayHelpOnMissingArgumentOrSubcommand {
        let (help, mut stderr) = (error.render(), io::stderr());
        return match messages_page.styled {
            true => write!(stderr, "{}", help.ansi()),
            false => write!(stderr, "{help}"),
        };
    }
    let text = error.render().to_string();
    let (mut results, mut messages) = (io::sink(), io::stderr());
    let mut output = Output::new(&mut results, &mut messages, false, words()).on(Page::default(), messages_page);
    for line in text.lines() {
        let line = SafeText::capped(line, ERROR_LINE);
        match line.as_str().strip_prefix(CLAP_PREFIX) {
            Some(what) => output.remark(what),
            None => output.message(line.as_str()),
        }
    }
    Ok(())
}

/// Performs one command on the streams of this process.
pub fn run(command: Command, look: Look, environment: &Environment) -> ExitCode {
    let (mut results, mut messages) = (io::stdout(), io::stderr());
    let (results_page, messages_page) = pages(look, environment);
    let unicode = !look.ascii && environment.shows_unicode(results_page.columns.is_some());
    let output = Output::new(&mut results, &mut messages, unicode, words());
    let mut output = output.on(results_page, messages_page);
    let outcome = match command {
        Command::Roles(args) => roles::run(args, &mut output),
        Command::Purposes(args) => purposes::run(&args, &mut output),
        Command::Params(args) => params::run(args, &mut output),
        Command::KeyParams(args) => key_params::run(&args.key_parameters, args.output.as_deref(), &mut output),
        Command::Inspect(args) => inspect::run(args, &mut output),
        Command::Test(args) => test::run(args, environment, &mut output),
        Command::Export(args) => export::run(args, &mut output),
        Command::Systems(args) => systems::run(args, environment, &mut output),
        Command::Create(args) => cf::create(*args, environment, &mut output),
        Command::Instances(args) => cf::instances(&args, environment, &mut output),
        Command::UpdateRoles(args) => cf::update_roles(*args, environment, &mut output),
        Command::Rotate(args) => cf::rotate(&args, environment, &mut output),
        Command::Delete(args) => cf::delete(&args, environment, &mut output),
        Command::Login(args) => cf::login(&args, environment, &mut output),
        Command::Logout => cf::logout(&mut output),
        Command::Guide(args) => guide::run(args, &mut output),
        Command::Commands(args) => commands::run(*args, &mut output),
        Command::Sheet(args) => sheet::run(*args, &mut output),
        Command::Doctor(args) => doctor::run(args, environment, &mut output),
        Command::Completions { shell } => shell::completions(shell, &mut output),
        Command::Man => shell::manual(&mut output),
        Command::Complete(args) => complete::run(args, &mut output),
    };
    outcome.unwrap_or_else(|problem| output.problem(&problem)).into()
}

/// Prints a problem on standard error.
pub fn fail(problem: &Problem, look: Look, environment: &Environment) -> ExitCode {
    let (mut results, mut messages) = (io::sink(), io::stderr());
    let (_, page) = pages(look, environment);
    let unicode = !look.ascii && environment.shows_unicode(page.columns.is_some());
    let output = Output::new(&mut results, &mut messages, unicode, words());
    output.on(Page::default(), page).problem(problem).into()
}

/// The embedded content.
fn content() -> Content {
    content::load()
}

/// The language of the command line.
fn words() -> Words {
    Words::default()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[test]
    fn options_of_the_wizard_mean_the_same_with_and_without_a_look_at_the_commands() {
        for arguments in [
            &["--practice"][..],
            &["--fresh", "--theme=dark", "--ascii", "--no-motion"],
            &["--color=never", "--plain", "--mouse", "--timeout=5"],
            &["--accessible", "--proxy=http://proxy.example:8080"],
        ] {
            let all: Vec<OsString> = ["cpikey"].iter().chain(arguments).map(Into::into).collect();
            let alone = args::of_wizard(&all).expect("they need no command").expect("they are options of the wizard");
            let Cli { wizard, command: None } = Cli::try_parse_from(&all).expect("they are right") else {
                panic!("{arguments:?} is no command");
            };
            assert_eq!(format!("{alone:?}"), format!("{wizard:?}"));
        }
        for arguments in [&["--help"][..], &["--nonsense"], &["test"], &["--theme", "dark"], &["key.json"]] {
            let all: Vec<OsString> = ["cpikey"].iter().chain(arguments).map(Into::into).collect();
            assert!(args::of_wizard(&all).is_none(), "{arguments:?}");
        }
    }
    #[test]
    fn the_version_is_the_same_with_and_without_a_look_at_the_commands() {
        for option in ["--version", "-V"] {
            let all = ["cpikey".into(), option.into()];
            let alone = args::of_wizard(&all).expect("it needs no command").expect_err("it is no option of the wizard");
            let with_commands = Cli::try_parse_from(&all).expect_err("it is no command");
            assert_eq!(alone.to_string(), with_commands.to_string());
        }
    }
}
