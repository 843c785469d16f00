//! The files in `assets/commands`. They are compiled in here rather than loaded, so that none can be missing.

use super::{Shell, Task, Tool};

macro_rules! template {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/commands/", $name))
    };
}

/// The parts of the text for one task, in order.
pub(super) fn of(tool: Tool, shell: Shell, task: Task) -> Vec<&'static str> {
    match tool {
        Tool::Cf => cf(shell, task),
        Tool::Btp => vec![template!("btp/common.txt"), btp(task)],
        Tool::Terraform | Tool::TerraformBtp if task == Task::Delete => vec![template!("terraform/delete.tf")],
        Tool::Terraform if task == Task::Rotate => {
            vec![template!("terraform/cloudfoundry.tf"), template!("terraform/cloudfoundry-rotate.tf")]
        }
        Tool::Terraform => vec![template!("terraform/cloudfoundry.tf")],
        Tool::TerraformBtp if task == Task::Rotate => {
            vec![template!("terraform/btp.tf"), template!("terraform/btp-rotate.tf")]
        }
        Tool::TerraformBtp => vec![template!("terraform/btp.tf")],
    }
}

fn cf(shell: Shell, task: Task) -> Vec<&'static str> {
    match shell {
        Shell::Sh => {
            let (common, keys) = (template!("cf/common.sh"), template!("cf/keys.sh"));
            match task {
                Task::Create => vec![common, keys, template!("cf/create.sh")],
                Task::Update => vec![common, template!("cf/update.sh")],
                Task::Rotate => vec![common, keys, template!("cf/rotate.sh")],
                Task::Delete => vec![common, keys, template!("cf/delete.sh")],
            }
        }
        Shell::PowerShell => {
            let step = match task {
                Task::Create => template!("cf/create.ps1"),
                Task::Update => template!("cf/update.ps1"),
                Task::Rotate => template!("cf/rotate.ps1"),
                Task::Delete => template!("cf/delete.ps1"),
            };
            vec![template!("cf/common.ps1"), step, template!("cf/end.ps1")]
        }
        Shell::Cmd => {
            let step = match task {
                Task::Create => template!("cf/create.cmd"),
                Task::Update => template!("cf/update.cmd"),
                Task::Rotate => template!("cf/rotate.cmd"),
                Task::Delete => template!("cf/delete.cmd"),
            };
            vec![template!("cf/common.cmd"), step]
        }
    }
}

fn btp(task: Task) -> &'static str {
    match task {
        Task::Create => template!("btp/create.txt"),
        Task::Update => template!("btp/update.txt"),
        Task::Rotate => template!("btp/rotate.txt"),
        Task::Delete => template!("btp/delete.txt"),
    }
}
