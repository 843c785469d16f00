//! Completion of a command line that is being typed: the scripts of `completions` run `complete`, which is hidden.

use clap::CommandFactory as _;
use clap_complete::engine::complete;

use super::{
    args::{Cli, CompleteArgs},
    output::Output,
    status::{Outcome, Status},
};
use crate::domain::text::safe_text::SafeText;

/// `complete INDEX -- WORDS`: completions of the word, one per line, with a tab before the description.
pub fn run(args: CompleteArgs, output: &mut Output<'_>) -> Outcome {
    let mut words = args.words;
    // Not every shell passes the empty word that is about to be typed.
    if words.len() <= args.index {
        words.resize(args.index + 1, "".into());
    }
    let here = std::env::current_dir().ok();
    // Having no completions is not an error while typing.
    let candidates = complete(&mut Cli::command(), words, args.index, here.as_deref()).unwrap_or_default();
    for candidate in candidates {
        let Some(value) = candidate.get_value().to_str() else { continue };
        // File names can contain anything. Names with control characters are not offered.
        if SafeText::line(value).as_str() != value {
            continue;
        }
        let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
        match help.lines().next() {
            Some(help) => output.line(format!("{value}\t{help}"))?,
            None => output.line(value)?,
        }
    }
    Ok(Status::Done)
}
