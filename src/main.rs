//! The entry point: parses the arguments and runs what they ask for.

use std::process::ExitCode;

use cpikey::{
    cli::{self, Asked, WizardOptions},
    domain::problem::Problem,
    model::Pasted,
    platform::{crash, env::Environment, files, hardening},
    runtime::{self, KeyFile, Options},
    words::Words,
};

fn main() -> ExitCode {
    hardening::protect_memory();
    files::fail_at_size_limit();
    crash::guarded(run)
}

fn run() -> ExitCode {
    let environment = Environment::read();
    match cli::parse(std::env::args_os().collect(), &environment) {
        Asked::Wizard(options) => {
            wizard(&options, &environment).unwrap_or_else(|problem| cli::fail(&problem, options.look(), &environment))
        }
        Asked::Command(command, look) => cli::run(command, look, &environment),
        Asked::Nothing(status) => status,
    }
}

/// Starts the wizard.
fn wizard(asked: &WizardOptions, environment: &Environment) -> Result<ExitCode, Problem> {
    let key = match &asked.key_file {
        Some(path) => {
            // Takes the bytes themselves, so that no unwiped copy is left.
            let text = Pasted::new(std::mem::take(&mut *cli::read_key_file(path)?));
            Some(KeyFile { name: path.display().to_string(), text })
        }
        None => None,
    };
    let options = Options {
        practice: asked.practice,
        key,
        fresh: asked.fresh,
        net: asked.network.options(environment, Words::default())?,
        reach: asked.network.reach(),
        colours: asked.color.asked(),
        theme: asked.theme,
        ascii: asked.ascii,
        plain: asked.plain,
        motion: !asked.no_motion,
        mouse: asked.mouse,
        clipboard: asked.clipboard,
    };
    runtime::wizard(&options, environment)
}
