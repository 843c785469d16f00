//! The arguments of the Cloud Foundry commands.

use std::path::PathBuf;

use clap::Args;

use super::{
    super::candidates, KeyParamsArgs, NETWORK, NameArgs, NetworkArgs, ParameterArgs, number_within, path::path,
};

/// Where to work, and with which login.
#[derive(Clone, Debug, Args)]
#[command(mut_arg("timeout", |timeout| timeout.help(TIMEOUT).long_help(format!("{TIMEOUT}\n\n{TIMEOUT_SCALES}"))))]
pub struct PlaceArgs {
    /// API endpoint of Cloud Foundry, or its landscape
    ///
    /// For example eu10-004 or api.cf.eu10-004.hana.ondemand.com. The subaccount overview shows it.
    #[arg(long, value_name = "URL|REGION", add = candidates::regions(), help_heading = PLACE)]
    pub api: Option<String>,
    /// Cloud Foundry org
    #[arg(long, value_name = "O", help_heading = PLACE)]
    pub org: Option<String>,
    /// Cloud Foundry space
    #[arg(long, value_name = "S", help_heading = PLACE)]
    pub space: Option<String>,
    /// Use the login of the cf CLI
    ///
    /// Its configuration file is only read. Org and space default to those that cf targets.
    #[arg(long, help_heading = PLACE, conflicts_with_all = ["passcode_stdin", "user", "practice"])]
    pub cf: bool,
    /// Read a passcode from standard input
    ///
    /// The passcode page of the API's login server shows one. It works once, within five minutes.
    #[arg(long, help_heading = PLACE, conflicts_with_all = ["user", "practice"])]
    pub passcode_stdin: bool,
    /// Log in as this user, with a password
    ///
    /// Not possible for an account with a second factor; use a passcode.
    #[arg(long, value_name = "U", help_heading = PLACE, conflicts_with = "practice")]
    pub user: Option<String>,
    /// Read the password from standard input
    #[arg(long, requires = "user", conflicts_with_all = OTHER_LOGINS, help_heading = PLACE)]
    pub password_stdin: bool,
    /// Origin key of the identity provider that knows the user
    #[arg(long, value_name = "KEY", requires = "user", conflicts_with_all = OTHER_LOGINS, help_heading = PLACE)]
    pub origin: Option<String>,
    /// Use a simulated Cloud Foundry inside the program
    ///
    /// Nothing leaves this machine, and everything is gone when the command ends.
    #[arg(long, conflicts_with = "api", help_heading = PLACE)]
    pub practice: bool,
    /// Allow this host, although it is not known to belong to SAP (repeatable)
    #[arg(long = "allow-host", value_name = "HOST", help_heading = NETWORK)]
    pub allowed_hosts: Vec<String>,
    /// How to reach the servers.
    #[command(flatten)]
    pub network: NetworkArgs,
}

/// The help of `--timeout`, which does not limit the whole command here.
const TIMEOUT: &str = "Time limit for the test of a key, in seconds [default: 45]";
/// The long help of `--timeout`.
const TIMEOUT_SCALES: &str = "From 1 to 3600. It also scales the limits of each request: by default a connection may take 5 seconds and an answer 15.";

/// The heading of those options in the help.
const PLACE: &str = "Place and login";

/// Options that conflict with user and password. Clap does not reject an option that requires `--user` next to one that
/// conflicts with `--user`.
const OTHER_LOGINS: [&str; 3] = ["cf", "passcode_stdin", "practice"];

/// How a change is made.
#[derive(Clone, Copy, Debug, Args)]
pub struct ChangeArgs {
    /// Only show the plan
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// How long to wait for SAP, in seconds [default: 900]
    ///
    /// After that the exit status is 6. SAP continues, and the same command resumes from there.
    #[arg(long, value_name = "S", value_parser = number_within::<u64>(1..=86_400))]
    pub wait: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Create without cpikey's labels
    ///
    /// Without the label, cpikey cannot tell later which parameters an instance has.
    #[arg(long)]
    pub no_labels: bool,
}

/// The help heading of the delivery options.
const DELIVERY: &str = "The new key";

/// The delivery of a new key.
#[derive(Clone, Debug, Args)]
pub struct DeliveryArgs {
    /// Do not test the key
    #[arg(long, help_heading = DELIVERY)]
    pub no_test: bool,
    /// Save the key as a system
    ///
    /// Its secret is sealed in a file, with a key in the keyring or with the passphrase of the saved systems.
    #[arg(long, value_name = "SYSTEM", add = candidates::systems(), help_heading = DELIVERY)]
    pub save: Option<String>,
    /// With --save: seal with a passphrase instead of the keyring
    ///
    /// Only for the first saved system. cpikey asks for it at the terminal.
    #[arg(long, requires = "save", help_heading = DELIVERY)]
    pub passphrase: bool,
    /// Write the key to this new file, - for standard output
    ///
    /// Only its owner can read it. An existing file is never replaced.
    #[arg(long, value_name = "FILE", value_parser = path(), help_heading = DELIVERY)]
    pub output: Option<PathBuf>,
}

/// Arguments of `login`.
#[derive(Debug, Args)]
pub struct LoginArgs {
    /// Store the login for later commands
    ///
    /// Its refresh token is sealed in a file, with a key in the keyring or with a passphrase. "cpikey logout" deletes it.
    #[arg(long, conflicts_with = "practice")]
    pub keep: bool,
    /// With --keep: seal with a passphrase instead of the keyring
    ///
    /// cpikey asks for it at the terminal.
    #[arg(long, requires = "keep")]
    pub passphrase: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// API, org, space and login.
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Arguments of `create`.
#[derive(Debug, Args)]
pub struct CreateArgs {
    /// Names.
    #[command(flatten)]
    pub names: NameArgs,
    /// Parameters of the instance.
    #[command(flatten)]
    pub parameters: ParameterArgs,
    /// Parameters of the key.
    #[command(flatten)]
    pub key_parameters: KeyParamsArgs,
    /// Service broker, if several offer the plan
    #[arg(long, value_name = "B")]
    pub broker: Option<String>,
    /// Use an existing instance with this name although its parameters cannot be read
    #[arg(long)]
    pub reuse: bool,
    /// The delivery of the key.
    #[command(flatten)]
    pub delivery: DeliveryArgs,
    /// How the change is made.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// API, org, space and login.
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Arguments of `instances`.
#[derive(Debug, Args)]
pub struct InstancesArgs {
    /// All spaces of the org
    #[arg(long, conflicts_with = "space")]
    pub all_spaces: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// API, org, space and login.
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Arguments of `update-roles`.
#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// Name of the service instance
    #[arg(long, value_name = "NAME")]
    pub instance: String,
    /// The new parameters.
    #[command(flatten)]
    pub parameters: ParameterArgs,
    /// Add this role to those that the instance has (repeatable)
    #[arg(long = "add-role", value_name = "R", conflicts_with_all = ["purpose", "roles"], add = candidates::roles())]
    pub added: Vec<String>,
    /// Remove this role from those that the instance has (repeatable)
    #[arg(long = "remove-role", value_name = "R", conflicts_with_all = ["purpose", "roles"], add = candidates::roles())]
    pub removed: Vec<String>,
    /// How the change is made.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// API, org, space and login.
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Arguments of `rotate`.
#[derive(Debug, Args)]
pub struct RotateArgs {
    /// Name of the service instance
    #[arg(long, value_name = "NAME")]
    pub instance: String,
    /// Name of the key to replace
    #[arg(long, value_name = "OLD")]
    pub key: String,
    /// Name of the new key [default: the next number]
    #[arg(long, value_name = "NAME")]
    pub new_key: Option<String>,
    /// Keep the old key
    #[arg(long)]
    pub keep_old: bool,
    /// Parameters of the new key.
    #[command(flatten)]
    pub key_parameters: KeyParamsArgs,
    /// The delivery of the new key.
    #[command(flatten)]
    pub delivery: DeliveryArgs,
    /// How the change is made.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// API, org, space and login.
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Arguments of `delete`.
#[derive(Debug, Args)]
pub struct DeleteArgs {
    /// Name of the service instance
    #[arg(long, value_name = "NAME")]
    pub instance: String,
    /// Delete only this key
    #[arg(long, value_name = "NAME")]
    pub key: Option<String>,
    /// How the change is made.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// API, org, space and login.
    #[command(flatten)]
    pub place: PlaceArgs,
}
