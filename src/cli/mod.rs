//! The command line: the same core as the wizard's, for scripts and for people who cannot use a full screen.
//!
//! Results go to standard output, messages to standard error, and neither ever has colours or prompts. The one question,
//! for a passphrase, goes to the terminal itself.

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
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use clap::Parser as _;

pub use args::{Cli, ClipboardWay, Color, Command, NetworkArgs, WizardOptions};
pub use output::Output;
pub use status::Status;

use crate::{
    content,
    domain::{content::Content, problem::Problem, text::safe_text::SafeText},
    platform::env::Environment,
};

/// What the arguments ask for.
#[derive(Debug)]
pub enum Asked {
    /// The wizard.
    Wizard(WizardOptions),
    /// A command.
    Command(Command),
    /// Nothing more: help was printed, or what is wrong with the arguments.
    Nothing(ExitCode),
}

/// Reads the arguments, the program's name first. Prints help, version and usage errors itself.
pub fn parse(arguments: Vec<OsString>) -> Asked {
    // Nothing to parse: all options and commands take longer to describe than the first frame takes to draw.
    if arguments.len() <= 1 {
        return Asked::Wizard(WizardOptions::default());
    }
    if let Err(failure) = guard::refuse_secrets(&arguments) {
        return Asked::Nothing(fail(&failure));
    }
    let harmless = arguments.iter().all(|argument| is_harmless(&argument.to_string_lossy()));
    match Cli::try_parse_from(arguments) {
        Ok(Cli { command: Some(command), .. }) => Asked::Command(command),
        Ok(Cli { wizard, .. }) => Asked::Wizard(wizard),
        Err(error) => {
            print(&error, harmless);
            Asked::Nothing(u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from))
        }
    }
}

/// How long a line of a usage error may be.
const ERROR_LINE: usize = 4096;

/// Whether nothing in `text` would move a terminal's cursor or hide something.
fn is_harmless(text: &str) -> bool {
    SafeText::capped(text, ERROR_LINE).as_str() == text
}

/// Prints help or a usage error, in colours only where a terminal shows it, whatever the environment asks for. Errors
/// repeat arguments: unless those are `harmless`, the text is cleaned, which takes the colours with it.
fn print(error: &clap::Error, harmless: bool) {
    let is_terminal = if error.use_stderr() { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
    let plain = error.render();
    // Help that nobody reads to its end is no failure.
    let _ = match (is_terminal, error.use_stderr()) {
        (_, true) if !harmless => {
            let plain = plain.to_string();
            plain.lines().try_for_each(|line| writeln!(io::stderr(), "{}", SafeText::capped(line, ERROR_LINE)))
        }
        (true, _) => error.print(),
        (false, true) => write!(io::stderr(), "{plain}"),
        (false, false) => write!(io::stdout(), "{plain}"),
    };
}

/// Performs one command on the streams of this process.
pub fn run(command: Command, environment: &Environment) -> ExitCode {
    let (mut results, mut messages) = (io::stdout(), io::stderr());
    let mut output = Output::new(&mut results, &mut messages, environment.utf8);
    let outcome = match command {
        Command::Roles(args) => roles::run(args, &mut output),
        Command::Params(args) => params::run(args, &mut output),
        Command::KeyParams(args) => key_params::run(args, &mut output),
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
    outcome.unwrap_or_else(|failure| output.problem(&failure)).into()
}

/// Says on standard error why the program cannot do what it was asked for.
pub fn fail(failure: &Problem) -> ExitCode {
    let (mut results, mut messages) = (io::sink(), io::stderr());
    Output::new(&mut results, &mut messages, false).problem(failure).into()
}

/// The embedded content.
fn content() -> Content {
    content::load()
}
