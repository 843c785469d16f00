//! The arguments. Names and meaning are the contract (`docs/contract.md`): add, never change.

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser as _},
};

use super::systems::SystemsArgs;
use crate::content::PURPOSES;
use crate::domain::{
    handover::commands::{Shell, Task},
    sap::{key_parameters::KeyType, plan::PlanId},
};

/// From an SAP BTP subaccount to a Cloud Integration API key that is proven to work.
///
/// Without a command it starts the wizard. The commands do the same things one at a time, for scripts and for terminals
/// that cannot show a full screen. No command takes a secret as an argument: a key is read from a file or from standard
/// input.
#[derive(Debug, Parser)]
#[command(
    name = "cpikey",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Exit status: 0 done, 1 the program failed, 2 usage or unusable input, 3 rejected or a role missing,\n\
                  4 no connection, 5 the service answers, but not as it should."
)]
pub struct Cli {
    /// Options of the wizard.
    #[command(flatten)]
    pub wizard: WizardOptions,
    /// What to do instead of starting the wizard.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How the wizard looks and reaches the network.
#[derive(Clone, Debug, Default, Args)]
pub struct WizardOptions {
    /// Practice on a small tenant that runs inside the program
    #[arg(long)]
    pub practice: bool,
    /// How to reach the servers.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub color: Color,
    /// Use ASCII only
    #[arg(long)]
    pub ascii: bool,
    /// Disable animation
    #[arg(long)]
    pub no_motion: bool,
    /// How to copy text; secrets only ever use the native clipboard
    #[arg(long, value_enum, value_name = "WAY", default_value_t)]
    pub clipboard: ClipboardWay,
}

/// How to copy text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ClipboardWay {
    /// The first of native, tmux and osc52 that works here
    #[default]
    Auto,
    /// The clipboard of this system
    Native,
    /// tmux, which passes the text to its terminal
    Tmux,
    /// An escape sequence to the terminal
    Osc52,
    /// Never copy
    Off,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Colours, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How to reach the servers.
#[derive(Clone, Debug, Default, Args)]
pub struct NetworkArgs {
    /// Also trust the certificates in this PEM file
    #[arg(long, value_name = "PEM")]
    pub ca_file: Option<PathBuf>,
    /// Use this proxy instead of HTTPS_PROXY; put a password in HTTPS_PROXY, never here
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
    /// Time limit for the whole test, in seconds [default: 45]
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: Option<u64>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the roles, or explain one
    #[command(
        after_long_help = "Examples:\n  cpikey roles --purpose ci-cd\n  cpikey roles --search \"message payload\"\n  cpikey roles explain WorkspacePackagesEdit"
    )]
    Roles(RolesArgs),
    /// Print instance parameters as JSON, or check existing ones
    #[command(
        after_long_help = "Examples:\n  cpikey params --purpose ci-cd\n  cpikey params --role MonitoringDataRead --minimal\n  cpikey params --check parameters.json"
    )]
    Params(ParamsArgs),
    /// Print service key parameters as JSON
    #[command(after_long_help = "Examples:\n  cpikey key-params\n  cpikey key-params --type certificate --validity 90")]
    KeyParams(KeyParamsArgs),
    /// Show what is in a service key, offline
    #[command(
        after_long_help = "Examples:\n  cpikey inspect key.json\n  cf service-key my-instance my-key | cpikey inspect -"
    )]
    Inspect(InspectArgs),
    /// Test a service key: token, monitoring, roles
    #[command(
        after_long_help = "Examples:\n  cpikey test key.json --purpose ci-cd\n  cpikey test key.json --role MonitoringDataRead --json\n  cpikey test --system dev"
    )]
    Test(TestArgs),
    /// Write a service key in the format your tool expects
    #[command(
        after_long_help = "Examples:\n  cpikey export --list\n  cpikey export flashpipe key.json\n  cpikey export env key.json --with-secret --output cpi.env"
    )]
    Export(ExportArgs),
    /// Manage and test saved systems
    #[command(after_long_help = "Examples:\n  cpikey systems list\n  cpikey systems test --all")]
    Systems(SystemsArgs),
    /// Print the guide as Markdown
    #[command(
        after_long_help = "Examples:\n  cpikey guide --purpose ci-cd\n  cpikey guide create-instance\n  cpikey guide --search \"not provisioned a tenant\""
    )]
    Guide(GuideArgs),
    /// Print cf, Terraform or btp commands for the same steps
    #[command(
        after_long_help = "Examples:\n  cpikey commands cf --purpose ci-cd --org my-org --space dev\n  cpikey commands terraform --step rotate"
    )]
    Commands(Box<CommandsArgs>),
    /// Print the request sheet for the team that creates keys, as Markdown
    #[command(after_long_help = "Examples:\n  cpikey sheet --purpose monitoring --output request.md")]
    Sheet(Box<SheetArgs>),
    /// Print a completion script for a shell
    #[command(
        after_long_help = "Example:\n  cpikey completions bash > ~/.local/share/bash-completion/completions/cpikey"
    )]
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(after_long_help = "Example:\n  cpikey man > cpikey.1")]
    Man,
}

/// Arguments of `roles`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RolesArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Only the roles for this purpose, with the reasons
    #[arg(long, value_name = "P", value_parser = PURPOSES)]
    pub purpose: Option<String>,
    /// Compare with this purpose: roles in both, and roles in only one
    #[arg(long, value_name = "P", value_parser = PURPOSES, requires = "purpose", conflicts_with = "search")]
    pub compare: Option<String>,
    /// Search roles by words
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// What else to do with roles.
    #[command(subcommand)]
    pub command: Option<RolesCommand>,
}

/// Commands of `roles`.
#[derive(Debug, Subcommand)]
pub enum RolesCommand {
    /// Explain one role
    Explain {
        /// Name of a role or of a grant type
        #[arg(value_name = "ROLE")]
        role: String,
    },
}

/// The instance parameters.
#[derive(Clone, Debug, Default, Args)]
pub struct ParameterArgs {
    /// Use the plan and roles for this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES)]
    pub purpose: Option<String>,
    /// Add a role (repeatable)
    #[arg(long = "role", value_name = "R")]
    pub roles: Vec<String>,
    /// Service plan [default: the plan of the purpose, or api]
    #[arg(long, value_parser = plan_parser())]
    pub plan: Option<PlanId>,
    /// Use this grant type instead of client_credentials (repeatable)
    #[arg(long = "grant-type", value_name = "G")]
    pub grant_types: Vec<String>,
    /// Add a redirect URI, for authorization_code (repeatable)
    #[arg(long = "redirect-uri", value_name = "U")]
    pub redirect_uris: Vec<String>,
    /// Lifetime of a token in seconds, 3600 to 86400
    #[arg(long, value_name = "S")]
    pub token_validity: Option<u32>,
}

/// Names of instance and key.
#[derive(Clone, Debug, Default, Args)]
pub struct NameArgs {
    /// Name of the service instance
    #[arg(long, value_name = "NAME")]
    pub instance: Option<String>,
    /// Name of the service key
    #[arg(long, value_name = "NAME")]
    pub key: Option<String>,
}

/// All that can be chosen for one instance and its key.
#[derive(Clone, Debug, Args)]
pub struct ChoiceArgs {
    /// Roles and the like.
    #[command(flatten)]
    pub parameters: ParameterArgs,
    /// Names.
    #[command(flatten)]
    pub names: NameArgs,
    /// What kind of key.
    #[command(flatten)]
    pub key_parameters: KeyParamsArgs,
    /// Region (eu10), landscape (eu10-003) or API endpoint of Cloud Foundry
    #[arg(long, value_name = "R")]
    pub region: Option<String>,
    /// Cloud Foundry org
    #[arg(long, value_name = "O")]
    pub org: Option<String>,
    /// Cloud Foundry space
    #[arg(long, value_name = "S")]
    pub space: Option<String>,
}

/// Arguments of `params`.
#[derive(Debug, Args)]
pub struct ParamsArgs {
    /// Which parameters.
    #[command(flatten)]
    pub parameters: ParameterArgs,
    /// Omit values that equal the broker's defaults
    #[arg(long)]
    pub minimal: bool,
    /// Check the parameters in this file (- for standard input) instead of printing any
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["purpose", "roles", "grant_types", "redirect_uris", "token_validity", "minimal"]
    )]
    pub check: Option<PathBuf>,
    /// Print the result of --check as one JSON object
    #[arg(long, requires = "check")]
    pub json: bool,
}

/// Arguments of `key-params`.
#[derive(Clone, Debug, Args)]
pub struct KeyParamsArgs {
    /// What the key holds: client id and secret, a certificate issued by SAP, or one of your own
    #[arg(long = "type", visible_alias = "key-type", value_name = "TYPE", default_value = "secret", value_parser = key_type_parser())]
    pub key_type: KeyType,
    /// Validity in days, 1 to 365, for --type certificate
    #[arg(long, value_name = "DAYS")]
    pub validity: Option<u32>,
    /// Length of the key in bits, 1024, 2048, 3072 or 4096, for --type certificate
    #[arg(long, value_name = "N")]
    pub key_length: Option<u32>,
    /// PEM file (- for standard input) with your certificate, for --type external
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Also accept a renewed certificate with the same subject and issuer (--type external, plan integration-flow)
    #[arg(long)]
    pub no_pinning: bool,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// File with the key, - for standard input
    pub file: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// File with the key, - for standard input
    pub file: Option<PathBuf>,
    /// Test this saved system, by default for the purpose it was saved with
    #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "client_key"])]
    pub system: Option<String>,
    /// Check for this role (repeatable) [default: MonitoringDataRead]
    #[arg(long = "role", value_name = "R")]
    pub roles: Vec<String>,
    /// Check for the roles of this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES)]
    pub purpose: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Send to this host although it is not known as SAP's (repeatable)
    #[arg(long = "allow-host", value_name = "HOST")]
    pub allowed_hosts: Vec<String>,
    /// How to reach the servers.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// PEM file with the private key of an external certificate
    #[arg(long, value_name = "PEM")]
    pub client_key: Option<PathBuf>,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Export target; see --list
    #[arg(required_unless_present = "list")]
    pub consumer: Option<String>,
    /// File with the key, - for standard input
    pub file: Option<PathBuf>,
    /// Write to this new file or directory instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Include the secret; without this option a placeholder is written
    #[arg(long)]
    pub with_secret: bool,
    /// List the export targets
    #[arg(long, conflicts_with_all = ["consumer", "file", "output", "with_secret"])]
    pub list: bool,
    /// With --list: print one JSON object
    // The conflicts are repeated, because a requirement that conflicts with what is there is not asked for.
    #[arg(long, requires = "list", conflicts_with_all = ["consumer", "file", "output", "with_secret"])]
    pub json: bool,
}

/// Arguments of `guide`.
#[derive(Debug, Args)]
pub struct GuideArgs {
    /// A page or a step of the wizard [default: all pages]
    pub step: Option<String>,
    /// Print only what answers a question or an error message
    #[arg(long, value_name = "TEXT", conflicts_with = "step")]
    pub search: Option<String>,
    /// Fill in the plan, roles and names for this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES, default_value = PURPOSES[0])]
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
    /// Terraform provider; SAP documents the service only for cloudfoundry
    #[arg(long, value_enum)]
    pub provider: Option<Provider>,
    /// The shell that runs the commands
    #[arg(long, value_name = "SHELL", default_value = "sh", value_parser = shell_parser())]
    pub shell: Shell,
    /// Which step to generate
    #[arg(long = "step", value_name = "STEP", default_value = "create", value_parser = task_parser())]
    pub task: Task,
    /// What is filled in.
    #[command(flatten)]
    pub choices: ChoiceArgs,
}

/// The tools of `commands`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ToolName {
    /// A script for the command line of Cloud Foundry
    #[default]
    Cf,
    /// A Terraform configuration
    Terraform,
    /// Commands for the btp command line (experimental)
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
    /// What is filled in.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// Write to this file, which must not exist yet
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

fn shell_parser() -> impl clap::builder::TypedValueParser<Value = Shell> {
    PossibleValuesParser::new(Shell::ALL.map(Shell::as_str))
        .map(|name| Shell::ALL.into_iter().find(|shell| shell.as_str() == name).unwrap_or_default())
}

fn task_parser() -> impl clap::builder::TypedValueParser<Value = Task> {
    PossibleValuesParser::new(Task::ALL.map(Task::as_str))
        .map(|name| Task::ALL.into_iter().find(|task| task.as_str() == name).unwrap_or_default())
}

fn plan_parser() -> impl clap::builder::TypedValueParser<Value = PlanId> {
    PossibleValuesParser::new(PlanId::ALL.map(PlanId::as_str))
        .map(|name| PlanId::ALL.into_iter().find(|plan| plan.as_str() == name).unwrap_or_default())
}

/// The names of the key types on the command line.
const KEY_TYPES: [(&str, KeyType); 3] = [
    ("secret", KeyType::ClientSecret),
    ("certificate", KeyType::Certificate),
    ("external", KeyType::ExternalCertificate),
];

fn key_type_parser() -> impl clap::builder::TypedValueParser<Value = KeyType> {
    PossibleValuesParser::new(KEY_TYPES.map(|(name, _)| name)).map(|name| {
        KEY_TYPES.into_iter().find(|(known, _)| *known == name).map(|(_, key_type)| key_type).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_of_the_arguments_is_sound() {
        Cli::command().debug_assert();
    }
}
