//! `commands`: scripts and configurations for the same steps.

use super::{
    args::hand_over::{CommandsArgs, Provider, ToolName},
    choices, content,
    output::Output,
    status::{Outcome, Status},
};
use crate::{
    domain::{
        handover::commands::{Tool, render},
        problem::Problem,
    },
    words::Words,
};

pub fn run(args: CommandsArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let tool = tool(&args, content.words)?;
    let (place, shell, task) = (args.output, args.shell, args.task);
    let Some((choices, _)) = choices::chosen(args.choices, "commands", &content, output)? else {
        return Ok(Status::Unusable);
    };
    output.whole(&render(&choices, tool, shell, task, content.words), place.as_deref())?;
    Ok(Status::Done)
}

fn tool(args: &CommandsArgs, words: Words) -> Result<Tool, Problem> {
    match (args.tool, args.provider) {
        (ToolName::Cf, None) => Ok(Tool::Cf),
        (ToolName::Btp, None) => Ok(Tool::Btp),
        (ToolName::Terraform, None | Some(Provider::Cloudfoundry)) => Ok(Tool::Terraform),
        (ToolName::Terraform, Some(Provider::Btp)) => Ok(Tool::TerraformBtp),
        (ToolName::Cf | ToolName::Btp, Some(_)) => Err(words.choices().provider_of_terraform().fill(&[]).unusable()),
    }
}
