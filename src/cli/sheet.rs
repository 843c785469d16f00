//! `sheet`: the request sheet for the team that creates instances and keys.

use super::{
    args::SheetArgs,
    choices, content,
    output::Output,
    status::{Outcome, Status},
};
use crate::{
    domain::{guide::request_sheet, text::safe_text::SafeText},
    jobs::write_files::{NewFile, write_new},
    platform::files::Readers,
};

pub fn run(args: SheetArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let Some((choices, purpose)) = choices::chosen(args.choices, "sheet", &content, output)? else {
        return Ok(Status::Unusable);
    };
    let text = request_sheet::render(&content, &choices, Some(purpose));
    match &args.output {
        None => output.bytes(text.as_bytes())?,
        Some(path) => {
            write_new(&[NewFile { path, text: &text, readers: Readers::Everyone }], content.words)?;
            output.message(format!("cpikey: The sheet is in {}.", SafeText::line(&path.to_string_lossy())));
        }
    }
    Ok(Status::Done)
}
