//! The program: reads the arguments and starts what they ask for.

use std::process::ExitCode;

use cpikey::{
    cli::{self, Asked, Color as When, WizardOptions},
    domain::problem::Problem,
    platform::{env::Environment, files, hardening},
    runtime::{self, Options, PaletteChoice},
    words::Words,
};

fn main() -> ExitCode {
    hardening::protect_memory();
    files::fail_at_size_limit();
    match cli::parse(std::env::args_os().collect()) {
        Asked::Wizard(options) => wizard(&options).unwrap_or_else(|problem| cli::fail(&problem)),
        Asked::Command(command) => cli::run(command, &Environment::read()),
        Asked::Nothing(status) => status,
    }
}

/// Starts the wizard.
fn wizard(asked: &WizardOptions) -> Result<ExitCode, Problem> {
    let environment = Environment::read();
    let options = Options {
        practice: asked.practice,
        net: asked.network.options(&environment, Words::default())?,
        palette: match asked.color {
            When::Auto => PaletteChoice::Auto,
            When::Always => PaletteChoice::Colours,
            When::Never => PaletteChoice::Mono,
        },
        ascii: asked.ascii,
        motion: !asked.no_motion,
        clipboard: asked.clipboard,
    };
    runtime::wizard(&options, &environment)
}
