//! The program: reads the arguments and starts what they ask for.

use std::process::ExitCode;

use cpikey::{
    cli::{self, Asked, Color as When, ThemeName, WizardOptions},
    domain::problem::Problem,
    platform::{env::Environment, files, hardening},
    runtime::{self, Options},
    ui::ThemeChoice,
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
        fresh: asked.fresh,
        net: asked.network.options(&environment, Words::default())?,
        colours: match asked.color {
            When::Auto => None,
            When::Always => Some(true),
            When::Never => Some(false),
        },
        theme: match asked.theme {
            ThemeName::Auto => ThemeChoice::Auto,
            ThemeName::Dark => ThemeChoice::Dark,
            ThemeName::Light => ThemeChoice::Light,
            ThemeName::Contrast => ThemeChoice::Contrast,
            ThemeName::Mono => ThemeChoice::Mono,
        },
        ascii: asked.ascii,
        motion: !asked.no_motion,
        clipboard: asked.clipboard,
    };
    runtime::wizard(&options, &environment)
}
