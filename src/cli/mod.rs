//! The command line: the same core as the wizard's, for scripts and for people who cannot use a full screen.
//!
//! Results go to standard output, messages to standard error, neither of them in colour. The only questions, for a
//! passphrase and whether to send to an unknown host, are asked at the terminal.

mod args;
mod choices;
mod commands;
mod export;
mod guard;
mod guide;
mod hosts;
mod input;
mod inspect;
mod key;
mod key_params;
mod live_test;
mod network;
mod output;
mod params;
mod passphrase;
mod roles;
mod sheet;
mod shell;
mod status;
mod systems;
mod test;

use std::{
    ffi::OsString,
    io::{self, ErrorKind, IsTerminal as _, Write as _},
    process::ExitCode,
};

use clap::Parser as _;

pub use args::{Cli, Color, Command, NetworkArgs, ThemeName, WizardOptions};
pub use output::Output;
pub use status::Status;

use crate::{
    content,
    domain::{content::Content, problem::Problem, text::safe_text::SafeText},
    platform::env::Environment,
    words::Words,
};

/// What the arguments ask for.
#[derive(Debug)]
pub enum Asked {
    /// The wizard.
    Wizard(WizardOptions),
    /// A command.
    Command(Command),
    /// Exit: help was printed, or the arguments are wrong.
    Nothing(ExitCode),
}

/// Reads the arguments, the program's name first. Prints help, version and usage errors itself.
pub fn parse(arguments: Vec<OsString>) -> Asked {
    // Nothing to parse: all options and commands take longer to describe than the first frame takes to draw.
    if arguments.len() <= 1 {
        return Asked::Wizard(WizardOptions::default());
    }
    if let Err(problem) = guard::refuse_secrets(&arguments, words()) {
        return Asked::Nothing(fail(&problem));
    }
    match Cli::try_parse_from(arguments) {
        Ok(Cli { command: Some(command), .. }) => Asked::Command(command),
        Ok(Cli { wizard, .. }) => Asked::Wizard(wizard),
        Err(error) => Asked::Nothing(match print(&error) {
            Err(cause) if cause.kind() != ErrorKind::BrokenPipe => fail(&output::not_written(&cause, words())),
            _ => u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
        }),
    }
}

/// How long a line of a usage error may be.
const ERROR_LINE: usize = 4096;

/// What clap puts before an error.
const CLAP_PREFIX: &str = "error: ";

/// Prints help, in colours only on a terminal, or a usage error, like every error of the program. It repeats arguments, so
/// its lines are cleaned.
///
/// # Errors
///
/// If standard output cannot be written. What standard error cannot show is lost.
fn print(error: &clap::Error) -> io::Result<()> {
    if !error.use_stderr() {
        return match io::stdout().is_terminal() {
            true => error.print(),
            false => write!(io::stdout(), "{}", error.render()).and_then(|()| io::stdout().flush()),
        };
    }
    let text = error.render().to_string();
    let (mut results, mut messages) = (io::sink(), io::stderr());
    let mut output = Output::new(&mut results, &mut messages, false, words());
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
pub fn run(command: Command, environment: &Environment) -> ExitCode {
    let (mut results, mut messages) = (io::stdout(), io::stderr());
    let mut output = Output::new(&mut results, &mut messages, environment.utf8, words());
    let outcome = match command {
        Command::Roles(args) => roles::run(args, &mut output),
        Command::Params(args) => params::run(args, &mut output),
        Command::KeyParams(args) => key_params::run(&args.key_parameters, args.output.as_deref(), &mut output),
        Command::Inspect(args) => inspect::run(args, &mut output),
        Command::Test(args) => test::run(args, environment, &mut output),
        Command::Export(args) => export::run(args, &mut output),
        Command::Systems(args) => systems::run(args, environment, &mut output),
        Command::Guide(args) => guide::run(args, &mut output),
        Command::Commands(args) => commands::run(*args, &mut output),
        Command::Sheet(args) => sheet::run(*args, &mut output),
        Command::Completions { shell } => shell::completions(shell, &mut output),
        Command::Man => shell::manual(&mut output),
    };
    outcome.unwrap_or_else(|problem| output.problem(&problem)).into()
}

/// Says on standard error why the program cannot do what it was asked for.
pub fn fail(problem: &Problem) -> ExitCode {
    let (mut results, mut messages) = (io::sink(), io::stderr());
    Output::new(&mut results, &mut messages, false, words()).problem(problem).into()
}

/// The embedded content.
fn content() -> Content {
    content::load()
}

/// The language of the command line.
fn words() -> Words {
    Words::default()
}
