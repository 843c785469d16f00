//! Finds the parts of the guide that answer a question.

use super::guide::{Instruction, Page, Trouble};
use crate::{domain::text::query, words::Words};

/// The maximum number of answers.
const MOST: usize = 5;

/// A part of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// Its page.
    pub page: &'a Page,
    /// The part of the page.
    pub place: Place<'a>,
}

/// A part of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// Something to do.
    Instruction(&'a Instruction),
    /// What to do if it fails.
    Trouble(&'a Trouble),
}

impl Place<'_> {
    /// Its id, unique in its page.
    pub fn id(&self) -> &str {
        match self {
            Place::Instruction(step) => &step.id,
            Place::Trouble(trouble) => &trouble.id,
        }
    }

    /// Its texts in lower case, each with the weight of a word in it.
    fn texts(&self) -> [(usize, String); 3] {
        match self {
            Place::Instruction(step) => [
                (4, step.text.to_lowercase()),
                (6, step.keywords.join(" ").to_lowercase()),
                (2, step.why.to_lowercase()),
            ],
            Place::Trouble(trouble) => [
                (6, trouble.when.to_lowercase()),
                (6, trouble.keywords.join(" ").to_lowercase()),
                (2, trouble.then.to_lowercase()),
            ],
        }
    }
}

/// The parts that best match a question, best first. Rare words count more, so that a whole sentence or a message of
/// the broker can be searched for.
pub fn search<'a>(pages: &'a [Page], question: &str, words: Words) -> Vec<Answer<'a>> {
    let places: Vec<(Answer<'a>, [(usize, String); 3])> = pages
        .iter()
        .flat_map(|page| {
            let steps = page.steps.iter().map(Place::Instruction);
            let troubles = page.troubles.iter().map(Place::Trouble);
            steps.chain(troubles).map(move |place| (Answer { page, place }, place.texts()))
        })
        .collect();
    let mut scores = vec![0; places.len()];
    for word in query::words(question, words) {
        let worth = |texts: &[(usize, String)]| {
            texts.iter().filter(|(_, text)| has(text, &word)).map(|(worth, _)| *worth).max().unwrap_or_default()
        };
        let hits: Vec<usize> = places.iter().map(|(_, texts)| worth(texts)).collect();
        let having = hits.iter().filter(|hit| **hit > 0).count().max(1);
        scores.iter_mut().zip(hits).for_each(|(score, hit)| *score += hit * places.len() / having);
    }
    let best = scores.iter().copied().max().unwrap_or_default();
    let mut answers: Vec<(usize, Answer<'a>)> =
        scores.into_iter().zip(places.into_iter().map(|(answer, _)| answer)).collect();
    // Matches far below the best are not answers.
    answers.retain(|(score, _)| *score > 0 && *score * 2 >= best);
    answers.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    answers.into_iter().take(MOST).map(|(_, answer)| answer).collect()
}

/// Whether a word of the text begins with `word`.
fn has(text: &str, word: &str) -> bool {
    let begins = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric());
    text.match_indices(word).any(|(at, _)| begins(at))
}
