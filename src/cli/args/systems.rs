//! The arguments of `systems`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{super::candidates, TestRunArgs, purpose_help};
use crate::content::PURPOSES;

/// Arguments of `systems`.
#[derive(Debug, Args)]
pub struct SystemsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: SystemsCommand,
}

/// Commands of `systems`.
#[derive(Debug, Subcommand)]
pub enum SystemsCommand {
    /// Save a key under a name
    ///
    /// The secret is sealed in a file, with a key in the keyring or with a passphrase.
    #[command(
        after_long_help = "Examples:\n  cpikey systems add dev key.json --purpose ci-cd\n  cpikey systems add dev new-key.json --replace\n  cpikey systems add dev key.json --passphrase"
    )]
    Add(AddArgs),
    /// List the saved systems
    ///
    /// With the result of the last test, and how long certificates are valid. Opens no secret.
    #[command(after_long_help = "Examples:\n  cpikey systems list\n  cpikey systems list --json")]
    List {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Show a saved system without its secret
    ///
    /// Opens no secret.
    #[command(after_long_help = "Examples:\n  cpikey systems show dev\n  cpikey systems show dev --json")]
    Show {
        /// Name of the system
        #[arg(add = candidates::systems())]
        name: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Rename a saved system
    ///
    /// Upper and lower case name the same system.
    #[command(after_long_help = "Example:\n  cpikey systems rename dev \"ACME development\"")]
    Rename {
        /// Name of the system
        #[arg(add = candidates::systems())]
        name: String,
        /// Its new name
        new: String,
    },
    /// Remove a saved system and its secret
    ///
    /// The service key itself still exists: delete it in the cockpit or with cf.
    #[command(after_long_help = "Example:\n  cpikey systems remove dev")]
    Remove {
        /// Name of the system
        #[arg(add = candidates::systems())]
        name: String,
    },
    /// Test one saved system, or all of them
    ///
    /// With --all, one line for each system, the worst first; the exit status is that of the worst.
    #[command(after_long_help = "Examples:\n  cpikey systems test dev\n  cpikey systems test --all --json")]
    Test(SystemsTestArgs),
}

/// Arguments of `systems add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Name of the system
    pub name: String,
    /// File with the key, - for standard input
    pub file: Option<PathBuf>,
    /// A one-line note
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    /// What the key is for: tests request the roles of this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES, hide_possible_values = true, add = candidates::purposes(), long_help = purpose_help("What the key is for: tests request the roles of this purpose"))]
    pub purpose: Option<String>,
    /// PEM file with the private key of an external certificate
    #[arg(long, value_name = "PEM")]
    pub client_key: Option<PathBuf>,
    /// Replace the saved system of this name
    #[arg(long)]
    pub replace: bool,
    /// Seal with a passphrase instead of the keyring
    ///
    /// Only for the first system; the others are sealed in the same way. It is asked for at the terminal.
    #[arg(long)]
    pub passphrase: bool,
}

/// Arguments of `systems test`.
#[derive(Debug, Args)]
pub struct SystemsTestArgs {
    /// Name of the system
    #[arg(required_unless_present = "all", conflicts_with = "all", add = candidates::systems())]
    pub name: Option<String>,
    /// Test all saved systems
    #[arg(long)]
    pub all: bool,
    /// How they are run and printed.
    #[command(flatten)]
    pub run: TestRunArgs,
}
