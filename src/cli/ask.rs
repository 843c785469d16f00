//! Questions at the terminal: yes or no, one of several, a line.

use std::io::{self, BufRead as _, IsTerminal as _};

use super::output::Output;
use crate::domain::problem::Problem;

/// Whether there is a terminal to ask at.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The typed line, trimmed; `None` at the end of the input.
fn answer(question: &str, output: &mut Output<'_>) -> Option<String> {
    let mut answer = String::new();
    let read = output.question(question).and_then(|()| io::stdin().lock().read_line(&mut answer));
    matches!(read, Ok(1..)).then(|| answer.trim().to_owned())
}

/// Asks a yes/no question; anything but yes is no.
pub fn says_yes(question: &str, output: &mut Output<'_>) -> bool {
    answer(question, output).is_some_and(|answer| is_yes(&answer))
}

/// Asks a yes/no question; an empty line is also yes.
pub fn agrees(question: &str, output: &mut Output<'_>) -> bool {
    answer(question, output).is_some_and(|answer| answer.is_empty() || is_yes(&answer))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer, "y" | "Y" | "yes")
}

/// Asks for a non-empty line.
///
/// # Errors
///
/// If the input ends.
pub fn line(question: &str, output: &mut Output<'_>) -> Result<String, Problem> {
    loop {
        match answer(question, output) {
            Some(answer) if !answer.is_empty() => return Ok(answer),
            Some(_) => {}
            None => return Err(no_answer(output)),
        }
    }
}

/// Asks for one of several choices by its number.
///
/// # Errors
///
/// If the input ends.
pub fn one_of(question: &str, choices: &[String], output: &mut Output<'_>) -> Result<usize, Problem> {
    let words = output.words().cf_command();
    output.message(question);
    for choice in choices {
        output.whole_line(choice);
    }
    loop {
        let number: Option<usize> = line(words.ask_number(), output)?.parse().ok();
        match number.filter(|number| (1..=choices.len()).contains(number)) {
            Some(number) => return Ok(number - 1),
            None => output.message(words.no_number(choices.len())),
        }
    }
}

fn no_answer(output: &Output<'_>) -> Problem {
    output.words().cf_command().no_answer().fill(&[]).unusable()
}
