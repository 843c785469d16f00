//! `inspect`: shows the content of a key, offline.

use super::{
    args::InspectArgs,
    content,
    key::{KeyInput, write_findings, write_summary},
    output::Output,
    status::{Outcome, Status},
};
use crate::domain::{check::diagnosis::assess_key, finding::Verdict};

pub fn run(args: InspectArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let input = KeyInput::read(args.file.as_deref(), None, "inspect")?;
    let report = assess_key(&content, input.found().map(|found| &found.summary), &input.findings());
    if args.json {
        output.json(&report)?;
        return Ok(Status::Verdict(report.verdict));
    }
    write_summary(&input, &content, output)?;
    write_findings(&report.together, output)?;
    if report.verdict == Verdict::Ready {
        output.line("")?;
        let testable = content.words.key_summary().testable(report.verdict.as_str());
        output.signed(None, &testable)?;
    }
    Ok(Status::Verdict(report.verdict))
}
