//! `sheet`: the request sheet for the team that creates instances and keys.

use super::{
    args::hand_over::SheetArgs,
    choices, content,
    output::Output,
    status::{Outcome, Status},
};
use crate::domain::guide::request_sheet;

pub fn run(args: SheetArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let Some((choices, purpose)) = choices::chosen(args.choices, "sheet", &content, output)? else {
        return Ok(Status::Unusable);
    };
    output.whole(&request_sheet::render(&content, &choices, Some(purpose)), args.output.as_deref())?;
    Ok(Status::Done)
}
