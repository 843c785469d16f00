//! The arguments. Names and meaning are part of the contract (`docs/contract.md`): add, never change.

pub mod cloud;
pub mod hand_over;
pub mod look;
mod path;
pub mod roles;
pub mod systems;

use std::{ffi::OsString, fmt::Display, ops::RangeInclusive, path::PathBuf, str::FromStr};

use clap::{
    Args, FromArgMatches as _, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
    error::ErrorKind::DisplayVersion,
};

use crate::{
    content::PURPOSES,
    domain::{
        sap::{key_parameters::KeyType, plan::PlanId},
        theme::ThemeChoice,
    },
    platform::clipboard,
};
use cloud::{CreateArgs, DeleteArgs, InstancesArgs, LoginArgs, RotateArgs, UpdateArgs};
use hand_over::{CommandsArgs, ExportArgs, GuideArgs, SheetArgs};
pub use look::{Color, Look};
use path::path;
use roles::RolesArgs;
use systems::SystemsArgs;

use super::{candidates, words};

/// Version, commit and features.
const LONG_VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), "\ncommit: ", env!("CPIKEY_COMMIT"), "\nfeatures: ", env!("CPIKEY_FEATURES"));

/// The long help of an option that takes a purpose.
pub(super) fn purpose_help(help: &str) -> String {
    format!("{help}\n\n\"cpikey purposes\" lists the purposes.")
}

/// From an SAP BTP subaccount to a Cloud Integration API key that is proven to work.
///
/// Without a command it starts the wizard. The commands do the same things one at a time, for scripts and for terminals
/// that cannot show a full screen. No command takes a secret as an argument: a key is read from a file or from standard
/// input. "cpikey COMMAND --help" shows details and examples.
#[derive(Debug, Parser)]
#[command(
    name = "cpikey",
    version,
    long_version = LONG_VERSION,
    override_usage = "cpikey [OPTIONS] [KEYFILE]\n       cpikey [OPTIONS] <COMMAND>",
    disable_help_subcommand = true,
    after_long_help = "Examples:\n  cpikey\n  cpikey key.json\n  cpikey --practice\n  cpikey test key.json --purpose ci-cd\n  cpikey purposes\n\n\
                       Exit status:\n  0  done\n  1  the program failed\n  2  usage error, or unusable input\n  \
                       3  rejected, a role is missing, or a limit is passed\n  4  no connection\n  \
                       5  the service answers, but not as it should\n  \
                       6  unfinished: the same command continues\n  130  interrupted"
)]
pub struct Cli {
    /// Options of the wizard.
    #[command(flatten)]
    pub wizard: WizardOptions,
    /// What to do instead of starting the wizard.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Heading of the options that every command has, also before the command.
const EVERYWHERE: &str = "Options everywhere";

/// Heading of the network options.
const NETWORK: &str = "Network";
/// Heading of the parameters of an instance.
const INSTANCE: &str = "Instance parameters";
/// Heading of the parameters of a key.
const KEY: &str = "Key parameters";

/// The program without its commands. Describing them takes longer than drawing the first frame.
fn without_commands() -> clap::Command {
    let command = clap::Command::new("cpikey").version(env!("CARGO_PKG_VERSION")).long_version(LONG_VERSION);
    WizardOptions::augment_args(command)
}

/// The options of the wizard, or the version as an error to print. `None` if the arguments need the commands, or are wrong.
pub fn of_wizard(arguments: &[OsString]) -> Option<Result<WizardOptions, clap::Error>> {
    if !arguments.iter().skip(1).all(|argument| argument.as_encoded_bytes().starts_with(b"-")) {
        return None;
    }
    match without_commands().try_get_matches_from(arguments) {
        Ok(matches) => WizardOptions::from_arg_matches(&matches).ok().map(Ok),
        Err(version) if version.kind() == DisplayVersion => Some(Err(version)),
        Err(_) => None,
    }
}

/// The options of the wizard.
#[derive(Clone, Debug, Default, Args)]
pub struct WizardOptions {
    /// Open the wizard with the service key in this file
    ///
    /// It is read and shown; nothing is sent until you start the test.
    #[arg(value_name = "KEYFILE", value_parser = path())]
    pub key_file: Option<PathBuf>,
    /// Use a practice tenant inside the program
    ///
    /// Nothing leaves this machine, and no key is needed.
    #[arg(long)]
    pub practice: bool,
    /// Discard the saved progress
    ///
    /// The wizard saves choices and ticks, never a secret, and offers to continue with them.
    #[arg(long)]
    pub fresh: bool,
    /// How to reach the servers.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// When to use colours: auto, always or never
    ///
    /// With auto, only on a terminal and unless NO_COLOR is set. JSON and scripts are never coloured.
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        global = true,
        hide_possible_values = true,
        help_heading = EVERYWHERE
    )]
    pub color: Color,
    /// Which colours to use
    ///
    /// Colours only appear if --color and NO_COLOR allow them.
    #[arg(long, value_name = "THEME", default_value = ThemeChoice::Auto.as_str(), value_parser = look::theme(), global = true, help_heading = EVERYWHERE)]
    pub theme: ThemeChoice,
    /// Line by line, without a full screen
    ///
    /// For screen readers and very simple terminals. Numbered choices, no cursor movement. Also enabled by ACCESSIBLE=1
    /// and TERM=dumb. Also reads a script from standard input.
    #[arg(long, visible_alias = "accessible")]
    pub plain: bool,
    /// Use ASCII only
    ///
    /// Default if the locale is not UTF-8.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub ascii: bool,
    /// Disable animation
    ///
    /// Only the wizard is animated.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub no_motion: bool,
    /// Use the mouse
    ///
    /// Click rows, steps and keys, and scroll with the wheel. Without it, the mouse selects text as usual.
    #[arg(long)]
    pub mouse: bool,
    /// How to copy text
    ///
    /// Secrets only ever use the native clipboard.
    #[arg(long, value_enum, value_name = "WAY", default_value_t)]
    pub clipboard: clipboard::Choice,
}

/// How to reach the servers.
#[derive(Clone, Debug, Default, Args)]
pub struct NetworkArgs {
    /// Also trust the certificates in this PEM file
    ///
    /// For networks that inspect TLS: the certificate of their certificate authority.
    #[arg(long, value_name = "PEM", value_parser = path(), help_heading = NETWORK)]
    pub ca_file: Option<PathBuf>,
    /// Use this proxy instead of HTTPS_PROXY
    ///
    /// Put a password in HTTPS_PROXY, never here. Hosts in NO_PROXY are reached without a proxy.
    #[arg(long, value_name = "URL", help_heading = NETWORK)]
    pub proxy: Option<String>,
    /// Time limit for the whole test, in seconds [default: 45]
    ///
    /// From 1 to 3600. The limits of the individual steps are scaled with it.
    #[arg(long, value_name = "S", value_parser = number_within::<u64>(1..=3600), help_heading = NETWORK)]
    pub timeout: Option<u64>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the roles, or explain one
    ///
    /// Without options, all roles of the plan api by area.
    #[command(
        after_long_help = "Examples:\n  cpikey roles --purpose ci-cd\n  cpikey roles --search \"message payload\"\n  cpikey roles explain WorkspacePackagesEdit"
    )]
    Roles(RolesArgs),
    /// List the purposes of a key, with their roles
    ///
    /// The ids are the values of --purpose.
    #[command(after_long_help = "Examples:\n  cpikey purposes\n  cpikey purposes --json")]
    Purposes(PurposesArgs),
    /// Print instance parameters as JSON, or check existing ones
    ///
    /// Parameters that the broker would refuse are not printed. --check reads JSON and YAML, also inside commands,
    /// configurations and documents, and reports what the broker would refuse and where.
    #[command(
        after_long_help = "Examples:\n  cpikey params --purpose ci-cd\n  cpikey params --role MonitoringDataRead --minimal --output parameters.json\n  cpikey params --check parameters.json\n  cpikey params --check mta.yaml --json"
    )]
    Params(ParamsArgs),
    /// Print service key parameters as JSON
    ///
    /// Values that equal the broker's defaults are omitted: a key with client id and secret has the parameters {}.
    #[command(
        after_long_help = "Examples:\n  cpikey key-params\n  cpikey key-params --type certificate --validity 90 --output key-params.json\n  cpikey key-params --type external --certificate client.pem"
    )]
    KeyParams(KeyParamsCommandArgs),
    /// Show the content of a service key, offline
    ///
    /// Reads JSON, cf output, env files, Terraform state and other texts that contain a key. The secret is masked.
    #[command(
        after_long_help = "Examples:\n  cpikey inspect key.json\n  cf service-key my-instance my-key | cpikey inspect -"
    )]
    Inspect(InspectArgs),
    /// Test a service key: token, monitoring, roles
    ///
    /// Requests a token and reads from the API, once for each role. Changes nothing on the tenant. Shows the token
    /// server before the secret is sent.
    #[command(
        after_long_help = "Examples:\n  cpikey test key.json\n  cpikey test key.json --purpose ci-cd\n  cpikey test key.json --role MonitoringDataRead --json\n  cpikey test --system dev"
    )]
    Test(TestArgs),
    /// Write a service key in the format your tool expects
    ///
    /// Without --with-secret, a placeholder is written instead of the secret.
    #[command(
        after_long_help = "Examples:\n  cpikey export --list\n  cpikey export flashpipe key.json\n  cpikey export env key.json --with-secret --output cpi.env\n  cpikey export kubernetes --system dev"
    )]
    Export(ExportArgs),
    /// Manage and test saved systems
    ///
    /// A saved system is a key with a name. Its secret is sealed in a file, with a key in the keyring or a passphrase.
    #[command(after_long_help = "Examples:\n  cpikey systems list\n  cpikey systems test --all")]
    Systems(SystemsArgs),
    /// Create an instance and a key in Cloud Foundry, and test the key
    ///
    /// First shows the plan and asks. Reuses existing resources, so the same command continues after an interruption.
    /// The key is tested, then written to a file or saved as a system; it is only shown on request.
    #[command(
        after_long_help = "Examples:\n  cpikey create --cf --purpose ci-cd --dry-run\n  cpikey create --cf --purpose ci-cd --output key.json\n  cpikey create --api eu10-004 --org acme --space dev --purpose ci-cd --save dev\n  cpikey create --practice --purpose monitoring --output practice-key.json"
    )]
    Create(Box<CreateArgs>),
    /// List the instances of a space and their keys
    ///
    /// Lists instances of Process Integration Runtime with plan, state and age. Reads no credentials.
    #[command(
        after_long_help = "Examples:\n  cpikey instances --cf\n  cpikey instances --api eu10-004 --org acme-dev --all-spaces --json"
    )]
    Instances(Box<InstancesArgs>),
    /// Change the roles of an instance
    ///
    /// First shows which roles are added and removed, and asks. The keys of the instance do not change; new tokens have the
    /// new roles within an hour.
    #[command(
        after_long_help = "Examples:\n  cpikey update-roles --cf --instance cpi-api --purpose ci-cd\n  cpikey update-roles --cf --instance cpi-api --add-role QueuesRetry --dry-run"
    )]
    UpdateRoles(Box<UpdateArgs>),
    /// Replace a key with a new one, without downtime
    ///
    /// Creates the new key, tests it, hands it over, and only then deletes the old one.
    #[command(
        after_long_help = "Examples:\n  cpikey rotate --cf --instance cpi-api --key key --output new-key.json\n  cpikey rotate --cf --instance cpi-api --key key --save dev --yes"
    )]
    Rotate(Box<RotateArgs>),
    /// Delete an instance with its keys, or one key
    ///
    /// Shows what will be deleted, and asks you to type the name.
    #[command(
        after_long_help = "Examples:\n  cpikey delete --cf --instance cpi-api --dry-run\n  cpikey delete --cf --instance cpi-api --key old-key"
    )]
    Delete(Box<DeleteArgs>),
    /// Check a login to Cloud Foundry, or store it for later commands
    ///
    /// Without --keep, nothing is stored and each command logs in again.
    #[command(
        after_long_help = "Examples:\n  cpikey login --api eu10-004\n  cpikey login --api eu10-004 --org acme-dev --space dev --keep"
    )]
    Login(Box<LoginArgs>),
    /// Delete the stored login
    #[command(after_long_help = "Example:\n  cpikey logout")]
    Logout,
    /// Print the guide as Markdown
    ///
    /// The plan, roles and names for the purpose are filled in.
    #[command(
        after_long_help = "Examples:\n  cpikey guide --purpose ci-cd\n  cpikey guide create-instance\n  cpikey guide --search \"not provisioned a tenant\""
    )]
    Guide(GuideArgs),
    /// Print cf, Terraform or btp commands for the same steps
    ///
    /// The output never contains a secret.
    #[command(
        after_long_help = "Examples:\n  cpikey commands cf --purpose ci-cd --org my-org --space dev\n  cpikey commands terraform --step rotate --output rotate.tf"
    )]
    Commands(Box<CommandsArgs>),
    /// Print a request for the team that creates keys, as Markdown
    ///
    /// It contains what is needed and why, the parameters, the steps, and how to send the key back.
    #[command(after_long_help = "Examples:\n  cpikey sheet --purpose monitoring --output request.md")]
    Sheet(Box<SheetArgs>),
    /// Check terminal, clipboard, keyring, proxy and certificates
    ///
    /// Also colours, clock, directories and cf. Explains each result and what to do. Makes no connections and changes
    /// nothing. The exit status is 1 only if something that every test needs is broken.
    #[command(after_long_help = "Examples:\n  cpikey doctor\n  cpikey doctor --json")]
    Doctor(DoctorArgs),
    /// Print a completion script for a shell
    ///
    /// It completes commands, options, purposes, roles, export targets, names of saved systems and files. Save it where the
    /// shell looks for completions.
    #[command(
        after_long_help = "Examples:\n  cpikey completions bash > ~/.local/share/bash-completion/completions/cpikey\n  cpikey completions zsh > ~/.zfunc/_cpikey\n  cpikey completions fish > ~/.config/fish/completions/cpikey.fish\n  cpikey completions powershell >> $PROFILE"
    )]
    Completions {
        /// The shell to complete for
        #[arg(value_enum)]
        shell: ShellName,
    },
    /// Print the manual page
    ///
    /// One page with all commands, for man and groff.
    #[command(after_long_help = "Examples:\n  cpikey man > cpikey.1\n  man ./cpikey.1")]
    Man,
    /// Complete a word of a command line
    #[command(hide = true)]
    Complete(CompleteArgs),
}

/// Arguments of `complete`, which the scripts of `completions` run.
#[derive(Debug, Args)]
pub struct CompleteArgs {
    /// Index of the word to complete
    pub index: usize,
    /// The command line, the program's name first
    #[arg(last = true)]
    pub words: Vec<OsString>,
}

/// The shells of `completions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShellName {
    /// Bash
    Bash,
    /// Elvish
    Elvish,
    /// Fish
    Fish,
    /// PowerShell
    Powershell,
    /// Zsh
    Zsh,
}

/// Arguments of `purposes`.
#[derive(Debug, Args)]
pub struct PurposesArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// The instance parameters.
#[derive(Clone, Debug, Default, Args)]
pub struct ParameterArgs {
    /// Use the plan and roles for this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES, hide_possible_values = true, add = candidates::purposes(), long_help = purpose_help("Use the plan and roles for this purpose"), help_heading = INSTANCE)]
    pub purpose: Option<String>,
    /// Add a role (repeatable)
    #[arg(long = "role", value_name = "R", add = candidates::roles(), help_heading = INSTANCE)]
    pub roles: Vec<String>,
    /// Service plan [default: the plan of the purpose, or api]
    #[arg(long, value_parser = one_of(PlanId::ALL.map(|plan| (plan.as_str(), plan))), help_heading = INSTANCE)]
    pub plan: Option<PlanId>,
    /// Use this grant type instead of client_credentials (repeatable)
    #[arg(long = "grant-type", value_name = "G", add = candidates::grant_types(), help_heading = INSTANCE)]
    pub grant_types: Vec<String>,
    /// Add a redirect URI, for authorization_code (repeatable)
    #[arg(long = "redirect-uri", value_name = "U", help_heading = INSTANCE)]
    pub redirect_uris: Vec<String>,
    /// Lifetime of a token in seconds, 3600 to 86400
    #[arg(long, value_name = "S", value_parser = whole_number(), help_heading = INSTANCE)]
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

/// All choices for one instance and its key.
#[derive(Clone, Debug, Args)]
pub struct ChoiceArgs {
    /// Parameters of the instance.
    #[command(flatten)]
    pub parameters: ParameterArgs,
    /// Names.
    #[command(flatten)]
    pub names: NameArgs,
    /// Parameters of the key.
    #[command(flatten)]
    pub key_parameters: KeyParamsArgs,
    /// Region, landscape or API endpoint of Cloud Foundry
    ///
    /// For example eu10, eu10-003 or api.cf.eu10-003.hana.ondemand.com.
    #[arg(long, value_name = "R", add = candidates::regions())]
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
    /// The parameters.
    #[command(flatten)]
    pub parameters: ParameterArgs,
    /// Omit values that equal the broker's defaults
    #[arg(long)]
    pub minimal: bool,
    /// Check the parameters in this file, - for standard input
    ///
    /// JSON or YAML, also inside a command, a configuration or a document. Nothing else is printed.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["purpose", "roles", "grant_types", "redirect_uris", "token_validity", "minimal", "output"],
        value_parser = path()
    )]
    pub check: Option<PathBuf>,
    /// Print the result of --check as one JSON object
    #[arg(long, requires = "check")]
    pub json: bool,
    /// Write to this new file instead of standard output
    ///
    /// As UTF-8 without the byte order mark that PowerShell's > would add. An existing file is never replaced.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub output: Option<PathBuf>,
}

/// Arguments of `key-params`.
#[derive(Debug, Args)]
pub struct KeyParamsCommandArgs {
    /// The parameters.
    #[command(flatten)]
    pub key_parameters: KeyParamsArgs,
    /// Write to this new file instead of standard output
    ///
    /// As UTF-8 without the byte order mark that PowerShell's > would add. An existing file is never replaced.
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub output: Option<PathBuf>,
}

/// The service key parameters.
#[derive(Clone, Debug, Args)]
pub struct KeyParamsArgs {
    /// Client secret, certificate issued by SAP, or your own certificate
    #[arg(long = "type", visible_alias = "key-type", value_name = "TYPE", default_value = "secret", value_parser = one_of(KEY_TYPES), help_heading = KEY)]
    pub key_type: KeyType,
    /// Validity in days, 1 to 365, for --type certificate
    #[arg(long, value_name = "DAYS", value_parser = whole_number(), help_heading = KEY)]
    pub validity: Option<u32>,
    /// Length of the key in bits, 1024, 2048, 3072 or 4096, for --type certificate
    #[arg(long, value_name = "N", value_parser = whole_number(), help_heading = KEY)]
    pub key_length: Option<u32>,
    /// PEM file with your certificate, - for standard input, for --type external
    #[arg(long, value_name = "FILE", value_parser = path(), help_heading = KEY)]
    pub certificate: Option<PathBuf>,
    /// Also accept a renewed certificate with the same subject and issuer
    ///
    /// For --type external and the plan integration-flow.
    #[arg(long, help_heading = KEY)]
    pub no_pinning: bool,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// File with the key, - for standard input
    #[arg(value_parser = path())]
    pub file: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// File with the key, - for standard input
    #[arg(value_parser = path())]
    pub file: Option<PathBuf>,
    /// Test this saved system
    ///
    /// Without --role and --purpose, the roles of its saved purpose are requested.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["file", "client_key"], add = candidates::systems())]
    pub system: Option<String>,
    /// Check for this role (repeatable) [default: MonitoringDataRead]
    #[arg(long = "role", value_name = "R", add = candidates::roles())]
    pub roles: Vec<String>,
    /// Check for the roles of this purpose
    #[arg(long, value_name = "P", value_parser = PURPOSES, hide_possible_values = true, add = candidates::purposes(), long_help = purpose_help("Check for the roles of this purpose"))]
    pub purpose: Option<String>,
    /// How the test is run and printed.
    #[command(flatten)]
    pub run: TestRunArgs,
    /// PEM file with the private key of an external certificate
    #[arg(long, value_name = "PEM", value_parser = path())]
    pub client_key: Option<PathBuf>,
}

/// How tests are run and printed.
#[derive(Debug, Args)]
pub struct TestRunArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Allow this host, although it is not known to belong to SAP (repeatable)
    #[arg(long = "allow-host", value_name = "HOST", help_heading = NETWORK)]
    pub allowed_hosts: Vec<String>,
    /// How to reach the servers.
    #[command(flatten)]
    pub network: NetworkArgs,
}

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Clipboard method to check
    #[arg(long, value_enum, value_name = "WAY", default_value_t)]
    pub clipboard: clipboard::Choice,
    /// The proxy to check instead of HTTPS_PROXY
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
}

/// Parses a whole number; the allowed range depends on other options.
fn whole_number() -> impl TypedValueParser<Value = u32> {
    |text: &str| text.parse().map_err(|_| words().input().whole_number())
}

/// Parses a whole number within limits.
fn number_within<N>(limits: RangeInclusive<N>) -> impl TypedValueParser<Value = N>
where
    N: Copy + Display + FromStr + PartialOrd + Send + Sync + 'static,
{
    move |text: &str| {
        let number = text.parse().ok().filter(|number| limits.contains(number));
        number.ok_or_else(|| words().input().number_within(limits.start(), limits.end()))
    }
}

/// The names of the key types on the command line.
const KEY_TYPES: [(&str, KeyType); 3] = [
    ("secret", KeyType::ClientSecret),
    ("certificate", KeyType::Certificate),
    ("external", KeyType::ExternalCertificate),
];

/// Parses one of `values` by its name.
fn one_of<T, const N: usize>(values: [(&'static str, T); N]) -> impl TypedValueParser<Value = T>
where
    T: Copy + Default + Send + Sync + 'static,
{
    PossibleValuesParser::new(values.map(|(name, _)| name)).map(move |name| {
        values.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value).unwrap_or_default()
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
