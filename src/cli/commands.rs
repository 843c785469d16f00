//! `commands`: what does the same as the clicks of the guide.

use super::{
    args::{CommandsArgs, Provider, ToolName},
    choices, content,
    output::Output,
    status::{Outcome, Status},
};
use crate::domain::handover::commands::{Tool, render};
use crate::domain::problem::Problem;

pub fn run(args: CommandsArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let tool = tool(&args)?;
    let Some((choices, _)) = choices::chosen(args.choices, "commands", &content, output)? else {
        return Ok(Status::Unusable);
    };
    output.bytes(render(&choices, tool, args.shell, args.task, content.words).as_bytes())?;
    Ok(Status::Done)
}

fn tool(args: &CommandsArgs) -> Result<Tool, Problem> {
    match (args.tool, args.provider) {
        (ToolName::Cf, None) => Ok(Tool::Cf),
        (ToolName::Btp, None) => Ok(Tool::Btp),
        (ToolName::Terraform, None | Some(Provider::Cloudfoundry)) => Ok(Tool::Terraform),
        (ToolName::Terraform, Some(Provider::Btp)) => Ok(Tool::TerraformBtp),
        (ToolName::Cf | ToolName::Btp, Some(_)) => Err(Problem::unusable(
            "--provider is for terraform only.",
            "cf and btp have no providers.",
            "Leave it out, or write cpikey commands terraform.",
        )),
    }
}
