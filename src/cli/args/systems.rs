//! The arguments of `systems`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{super::candidates, TestRunArgs, number_within, path::path, purpose_help};
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
    /// Shows the result of the last test and the expiry of certificates. Opens no secret.
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
    /// Names are case-insensitive.
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
    /// Test saved systems, or keys from files
    ///
    /// With --all, one line for each system, worst first; the exit status is that of the worst. With --warn-days or
    /// --max-age it is 3 if all keys work but at least one exceeds a limit.
    #[command(
        after_long_help = "Examples:\n  cpikey systems test dev\n  cpikey systems test --all --warn-days 30 --max-age 180\n  cpikey systems test --all --format prometheus --output cpikey.prom --replace\n  cpikey systems test --key-file dev=dev.json --purpose ci-cd --format junit\n  cpikey systems test --key-dir /run/secrets/cpikey --format json"
    )]
    Test(SystemsTestArgs),
}

/// Arguments of `systems add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Name of the system
    pub name: String,
    /// File with the key, - for standard input
    #[arg(value_parser = path())]
    pub file: Option<PathBuf>,
    /// A one-line note
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub note: String,
    /// What the key is for: tests request the roles of this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES, hide_possible_values = true, add = candidates::purposes(), long_help = purpose_help("What the key is for: tests request the roles of this purpose"))]
    pub purpose: Option<String>,
    /// PEM file with the private key of an external certificate
    #[arg(long, value_name = "PEM", value_parser = path())]
    pub client_key: Option<PathBuf>,
    /// Replace the saved system with this name
    #[arg(long)]
    pub replace: bool,
    /// Seal with a passphrase instead of the keyring
    ///
    /// Only for the first system; the others are sealed in the same way. cpikey asks for it at the terminal.
    #[arg(long)]
    pub passphrase: bool,
}

/// Arguments of `systems test`.
#[derive(Debug, Args)]
pub struct SystemsTestArgs {
    /// Names of saved systems
    #[arg(
        value_name = "NAME",
        required_unless_present_any = ["all", "key_files", "key_dir"],
        conflicts_with_all = ["all", "key_files", "key_dir"],
        add = candidates::systems()
    )]
    pub names: Vec<String>,
    /// Test all saved systems
    #[arg(long, conflicts_with_all = ["key_files", "key_dir"])]
    pub all: bool,
    /// Test the key in this file (repeatable)
    ///
    /// Nothing is saved, and no keyring is needed. The name defaults to that of the file. FILE can be - for standard
    /// input.
    #[arg(long = "key-file", value_name = "[NAME=]FILE", value_parser = path())]
    pub key_files: Vec<PathBuf>,
    /// Test the keys in all files of this directory
    ///
    /// Each is named after its file, without the extension. Names that begin with a dot are skipped.
    #[arg(long, value_name = "DIR", value_parser = path())]
    pub key_dir: Option<PathBuf>,
    /// What the keys in files are for: the test requests the roles of this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES, hide_possible_values = true, add = candidates::purposes(), long_help = purpose_help("What the keys in files are for: the test requests the roles of this purpose"), conflicts_with_all = ["names", "all"])]
    pub purpose: Option<String>,
    /// Status 3 if a certificate has fewer days left
    ///
    /// Without it, a certificate with fewer than 30 days left is a warning that does not change the status.
    #[arg(long, value_name = "DAYS", value_parser = number_within::<u32>(1..=3650))]
    pub warn_days: Option<u32>,
    /// Status 3 if a key is older than this many days
    ///
    /// Measured from its creation. If a saved key has no creation date, from when it was saved.
    #[arg(long, value_name = "DAYS", value_parser = number_within::<u32>(1..=36500))]
    pub max_age: Option<u32>,
    /// How to print the results [default: text]
    ///
    /// json is the same as --json, junit is XML for CI servers, prometheus is for the textfile collector of node
    /// exporter, github prints workflow commands and, if GITHUB_STEP_SUMMARY is set, writes a job summary.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "json", hide_possible_values = true)]
    pub format: Option<Format>,
    /// Write to this new file instead of standard output
    ///
    /// Not with --format text. An existing file is only replaced with --replace.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub output: Option<PathBuf>,
    /// Replace the file of --output atomically
    #[arg(long, requires = "output")]
    pub replace: bool,
    /// How the tests are run and printed.
    #[command(flatten)]
    pub run: TestRunArgs,
}

impl SystemsTestArgs {
    /// How the results are printed.
    pub fn format(&self) -> Format {
        self.format.unwrap_or(if self.run.json { Format::Json } else { Format::Text })
    }
}

/// How the results of several systems are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for reading
    Text,
    /// One JSON object
    Json,
    /// XML for CI servers
    Junit,
    /// Metrics for the textfile collector of node exporter
    Prometheus,
    /// GitHub workflow commands
    Github,
}
