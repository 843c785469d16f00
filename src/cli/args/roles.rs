//! The arguments of `roles`.

use clap::{Args, Subcommand};

use super::{super::candidates, purpose_help};
use crate::content::PURPOSES;

/// Arguments of `roles`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RolesArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Only the roles for this purpose, with the reasons
    #[arg(long, value_name = "P", value_parser = PURPOSES, hide_possible_values = true, add = candidates::purposes(), long_help = purpose_help("Only the roles for this purpose, with the reasons"))]
    pub purpose: Option<String>,
    /// Compare with this purpose: roles in both, and roles in only one
    #[arg(long, value_name = "P", value_parser = PURPOSES, hide_possible_values = true, add = candidates::purposes(), long_help = purpose_help("Compare with this purpose: roles in both, and roles in only one"), requires = "purpose", conflicts_with = "search")]
    pub compare: Option<String>,
    /// Search roles by words
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<RolesCommand>,
}

/// Commands of `roles`.
#[derive(Debug, Subcommand)]
pub enum RolesCommand {
    /// Explain one role
    ///
    /// Roles of both plans, and grant types.
    #[command(
        after_long_help = "Examples:\n  cpikey roles explain MonitoringDataRead\n  cpikey roles explain ESBMessaging.send"
    )]
    Explain {
        /// Name of a role or of a grant type
        #[arg(value_name = "ROLE", add = candidates::explained())]
        role: String,
    },
}
