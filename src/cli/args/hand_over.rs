//! The arguments of the commands that hand something over: `export`, `guide`, `commands`, `sheet`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{super::candidates, ChoiceArgs, NameArgs, one_of, path::path, purpose_help};
use crate::{
    content::PURPOSES,
    domain::handover::commands::{Shell, Task},
};

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Export target; see --list
    #[arg(value_name = "TARGET", required_unless_present = "list", add = candidates::exports())]
    pub consumer: Option<String>,
    /// File with the key, - for standard input
    #[arg(value_parser = path())]
    pub file: Option<PathBuf>,
    /// Export the key of this saved system
    #[arg(long, value_name = "NAME", conflicts_with = "file", add = candidates::systems())]
    pub system: Option<String>,
    /// Write to this new file, or into this directory
    ///
    /// An existing file is never replaced. A target with several files needs a directory.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub output: Option<PathBuf>,
    /// Include the secret instead of a placeholder
    ///
    /// Standard output must then not be a terminal. A new file with the secret is readable only by its owner.
    #[arg(long)]
    pub with_secret: bool,
    /// List the export targets
    #[arg(long, conflicts_with_all = ["consumer", "file", "system", "output", "with_secret"])]
    pub list: bool,
    /// With --list: print one JSON object
    // The conflicts are repeated, because clap does not report a missing requirement that conflicts with a given
    // option.
    #[arg(long, requires = "list", conflicts_with_all = ["consumer", "file", "system", "output", "with_secret"])]
    pub json: bool,
}

/// Arguments of `guide`.
#[derive(Debug, Args)]
pub struct GuideArgs {
    /// A guide page or wizard step [default: all pages]
    #[arg(add = candidates::pages())]
    pub step: Option<String>,
    /// Print only what answers a question or explains an error message
    #[arg(long, value_name = "TEXT", conflicts_with = "step")]
    pub search: Option<String>,
    /// Fill in the plan, roles and names for this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES, hide_possible_values = true, add = candidates::purposes(), long_help = purpose_help("Fill in the plan, roles and names for this purpose"), default_value = PURPOSES[0])]
    pub purpose: String,
    /// Names.
    #[command(flatten)]
    pub names: NameArgs,
}

/// Arguments of `commands`.
#[derive(Debug, Args)]
pub struct CommandsArgs {
    /// The tool that runs the commands
    #[arg(value_enum, default_value_t)]
    pub tool: ToolName,
    /// Terraform provider
    ///
    /// SAP documents the service only for cloudfoundry.
    #[arg(long, value_enum)]
    pub provider: Option<Provider>,
    /// The shell that runs the commands
    #[arg(long, value_name = "SHELL", default_value = "sh", value_parser = one_of(Shell::ALL.map(|shell| (shell.as_str(), shell))))]
    pub shell: Shell,
    /// Which step to generate
    #[arg(long = "step", value_name = "STEP", default_value = "create", value_parser = one_of(Task::ALL.map(|task| (task.as_str(), task))))]
    pub task: Task,
    /// The values to fill in.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// Write to this new file instead of standard output
    ///
    /// As UTF-8 without the byte order mark that PowerShell's > would add. An existing file is never replaced.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub output: Option<PathBuf>,
}

/// The tools of `commands`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ToolName {
    /// A script for the cf CLI
    #[default]
    Cf,
    /// A Terraform configuration
    Terraform,
    /// Commands for the btp CLI (experimental)
    Btp,
}

/// The Terraform providers of `commands terraform`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Provider {
    /// cloudfoundry/cloudfoundry
    Cloudfoundry,
    /// SAP/btp (experimental)
    Btp,
}

/// Arguments of `sheet`.
#[derive(Debug, Args)]
pub struct SheetArgs {
    /// The values to fill in.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// Write to this new file instead of standard output
    ///
    /// An existing file is never replaced.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub output: Option<PathBuf>,
}
