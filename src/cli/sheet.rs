//! `sheet`: the request sheet for the team that creates instances and keys.

use std::{
    fs::OpenOptions,
    io::{self, ErrorKind, Write as _},
    path::Path,
};

use super::{
    args::SheetArgs,
    choices, content,
    output::Output,
    status::{Outcome, Status},
};
use crate::domain::problem::Problem;
use crate::domain::{handover::sheet, text::safe_text::SafeText};

pub fn run(args: SheetArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let Some((choices, purpose)) = choices::chosen(args.choices, "sheet", &content, output)? else {
        return Ok(Status::Unusable);
    };
    let text = sheet::render(&content, &choices, Some(purpose));
    match &args.output {
        None => output.bytes(text.as_bytes())?,
        Some(path) => {
            write_new(path, text.as_bytes())?;
            output.message(format!("cpikey: The sheet is in {}.", SafeText::line(&path.to_string_lossy())));
        }
    }
    Ok(Status::Done)
}

/// Writes a file that did not exist before.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let name = SafeText::line(&path.to_string_lossy());
    let failed = |error: &io::Error| match error.kind() {
        ErrorKind::AlreadyExists => Problem::unusable(
            format!("There is a file {name} already."),
            "No file is ever overwritten.",
            "Take another name, or move that file away.",
        ),
        _ => Problem::unusable(
            format!("{name} cannot be written."),
            format!("The system says: {error}."),
            "Look whether the directory exists and whether you may write to it.",
        ),
    };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| failed(&error))?;
    file.write_all(bytes).map_err(|error| failed(&error))
}
