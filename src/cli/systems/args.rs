//! The arguments of `systems`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::super::args::NetworkArgs;
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
    /// Save a system with its key; the secret is sealed
    Add(AddArgs),
    /// List what is saved
    List {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Say all that is known of a saved system, without its secret
    Show {
        /// Name of the system
        name: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Give a saved system another name
    Rename {
        /// Name of the system
        name: String,
        /// Its new name
        new: String,
    },
    /// Remove a saved system with its secret
    Remove {
        /// Name of the system
        name: String,
    },
    /// Test one saved system, or all of them
    Test(SystemsTestArgs),
}

/// Arguments of `systems add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Name of the system
    pub name: String,
    /// File with the key, - for standard input
    pub file: Option<PathBuf>,
    /// What to remember of it, one line
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    /// What the key is for: its tests ask for the roles of this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES)]
    pub purpose: Option<String>,
    /// PEM file with the private key of an external certificate
    #[arg(long, value_name = "PEM")]
    pub client_key: Option<PathBuf>,
    /// Replace the saved system of this name
    #[arg(long)]
    pub replace: bool,
    /// For the first system: seal with a passphrase, asked for at the terminal, instead of the keyring
    #[arg(long)]
    pub passphrase: bool,
}

/// Arguments of `systems test`.
#[derive(Debug, Args)]
pub struct SystemsTestArgs {
    /// Name of the system
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub name: Option<String>,
    /// Test all, one line each, the worst first
    #[arg(long)]
    pub all: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Send to this host although it is not known as SAP's (repeatable)
    #[arg(long = "allow-host", value_name = "HOST")]
    pub allowed_hosts: Vec<String>,
    /// How to reach the servers.
    #[command(flatten)]
    pub network: NetworkArgs,
}
