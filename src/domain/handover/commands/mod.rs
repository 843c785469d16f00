//! Commands in place of clicks: scripts for the cf command line, Terraform configurations, btp commands.
//!
//! The scripts themselves are data, one file each in `assets/commands`, in which `@name@` stands for a value. A value
//! arrives as a literal of its language (see [`super::quote`]), so that no name can become a command. There is no secret
//! in any of them: what they create, they save where only its owner reads it, or hand to `cpikey`.

mod templates;
mod values;

use crate::domain::{handover::choices::Choices, text::template::fill};

/// What the commands are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tool {
    /// A script for the command line of Cloud Foundry, version 6 or later.
    #[default]
    Cf,
    /// A configuration for the Terraform provider `cloudfoundry/cloudfoundry`.
    Terraform,
    /// A configuration for the Terraform provider `SAP/btp`. Marked: SAP documents the service for Cloud Foundry alone.
    TerraformBtp,
    /// Commands for the btp command line, to be run one by one. Marked in the same way.
    Btp,
}

impl Tool {
    /// All of them, the one that works everywhere first.
    pub const ALL: [Tool; 4] = [Tool::Cf, Tool::Terraform, Tool::TerraformBtp, Tool::Btp];

    /// What a person calls it.
    pub fn title(self) -> &'static str {
        match self {
            Tool::Cf => "cf",
            Tool::Terraform => "Terraform",
            Tool::TerraformBtp => "Terraform, SAP/btp",
            Tool::Btp => "btp",
        }
    }

    /// True where SAP does not document that the tool can create this service, so that it is worth a try only.
    pub fn is_uncertain(self) -> bool {
        matches!(self, Tool::TerraformBtp | Tool::Btp)
    }

    /// True where the text depends on the [`Shell`].
    pub fn has_shells(self) -> bool {
        matches!(self, Tool::Cf | Tool::Btp)
    }
}

/// What reads a script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Shell {
    /// Any POSIX shell.
    #[default]
    Sh,
    /// Windows PowerShell 5.1 and everything later.
    PowerShell,
    /// The Windows command prompt.
    Cmd,
}

impl Shell {
    /// All of them.
    pub const ALL: [Shell; 3] = [Shell::Sh, Shell::PowerShell, Shell::Cmd];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Shell::Sh => "sh",
            Shell::PowerShell => "powershell",
            Shell::Cmd => "cmd",
        }
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Task {
    /// Create instance and key. An instance that exists gets the parameters, and a key that exists stays.
    #[default]
    Create,
    /// Give the instance other parameters; its keys stay valid.
    Update,
    /// Create a second key ([`Choices::next_key`]), and delete the present one when its name is typed.
    Rotate,
    /// Name all keys of the instance, and delete it with them when its name is typed.
    Delete,
}

impl Task {
    /// All of them, in the order of a life.
    pub const ALL: [Task; 4] = [Task::Create, Task::Update, Task::Rotate, Task::Delete];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Task::Create => "create",
            Task::Update => "update",
            Task::Rotate => "rotate",
            Task::Delete => "delete",
        }
    }
}

/// The text for one task, with all that was chosen filled in. `shell` counts only where [`Tool::has_shells`].
///
/// Lines end with a line feed; in a batch file with carriage return and line feed, because the command prompt loses labels
/// without. Names are expected to have passed [`Choices::check`]; any text is quoted all the same.
pub fn render(choices: &Choices, tool: Tool, shell: Shell, task: Task) -> String {
    let values = values::of(choices, tool, shell, task);
    let text: String = templates::of(tool, shell, task).into_iter().map(|part| fill(part, &values)).collect();
    if tool.has_shells() && shell == Shell::Cmd { text.replace('\n', "\r\n") } else { text }
}

#[cfg(test)]
mod tests;
