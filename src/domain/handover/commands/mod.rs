//! Commands instead of clicks: scripts for the cf CLI, Terraform configurations, btp commands.
//!
//! The scripts themselves are data, one file each in `assets/commands`, with `@name@` for each value. A value is
//! written as a literal of its language (see [`super::quote`]), so that no name can become a command. None of them
//! contains a secret: the key they create is saved so that only its owner can read it, or piped to `cpikey`.

pub mod again;
pub mod cloud;
pub mod code;
mod templates;
mod values;

use self::code::Language;
use crate::{
    domain::{
        handover::choices::Choices,
        named::named,
        text::template::{Marks, fill},
    },
    words::Words,
};

/// The target tool of the commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tool {
    /// A script for the cf CLI, version 6 or later.
    #[default]
    Cf,
    /// A configuration for the Terraform provider `cloudfoundry/cloudfoundry`.
    Terraform,
    /// A configuration for the Terraform provider `SAP/btp`. Experimental: SAP documents the service for Cloud Foundry only.
    TerraformBtp,
    /// Commands for the btp CLI, to be run one by one. Experimental for the same reason.
    Btp,
}

impl Tool {
    /// All, the most portable first.
    pub const ALL: [Tool; 4] = [Tool::Cf, Tool::Terraform, Tool::TerraformBtp, Tool::Btp];

    /// Whether the text depends on the [`Shell`].
    pub fn has_shells(self) -> bool {
        matches!(self, Tool::Cf | Tool::Btp)
    }

    /// The language of the text.
    pub fn language(self, shell: Shell) -> Language {
        match (self, shell) {
            (Tool::Terraform | Tool::TerraformBtp, _) => Language::Hcl,
            (_, Shell::Sh) => Language::Sh,
            (_, Shell::PowerShell) => Language::PowerShell,
            (_, Shell::Cmd) => Language::Cmd,
        }
    }
}

named! {
    /// The shell that runs a script.
    #[derive(Default)]
    pub enum Shell {
        /// Any POSIX shell.
        #[default]
        Sh = "sh",
        /// Windows PowerShell 5.1 and later.
        PowerShell = "powershell",
        /// The Windows command prompt.
        Cmd = "cmd",
    }
}

named! {
    /// The task.
    #[derive(Default)]
    pub enum Task {
        /// Create instance and key. An existing instance gets the parameters, an existing key is kept.
        #[default]
        Create = "create",
        /// Give the instance other parameters; its keys stay valid.
        Update = "update",
        /// Create a second key ([`Choices::next_key`]), and delete the current one after its name is typed.
        Rotate = "rotate",
        /// List all keys of the instance, and delete it with them after its name is typed.
        Delete = "delete",
    }
}

/// The text for one task, with all choices filled in. `shell` matters only if [`Tool::has_shells`].
///
/// Lines end with a line feed; in a batch file with carriage return and line feed, because otherwise the command prompt
/// does not find labels. Names should have passed [`Choices::check`]; every text is quoted anyway.
pub fn render(choices: &Choices, tool: Tool, shell: Shell, task: Task, words: Words) -> String {
    let values = values::of(choices, tool, shell, task, words);
    let value = |name: &str| {
        let (_, value) = values.iter().find(|(known, _)| *known == name)?;
        Some(value.as_str().into())
    };
    let parts = templates::of(tool, shell, task).into_iter();
    let text: String = parts.map(|part| fill(part, Marks::Ats, value)).collect();
    if tool.has_shells() && shell == Shell::Cmd { text.replace('\n', "\r\n") } else { text }
}

#[cfg(test)]
mod tests;
