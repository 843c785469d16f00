//! Fuzzy search by a few letters: `wped` finds `WorkspacePackagesEdit`.

/// Score of a matched letter.
const LETTER: i32 = 16;
/// Bonus at the start of a word.
const WORD_START: i32 = 10;
/// Bonus directly after the previous match.
const NEXT: i32 = 8;
/// Penalty for a gap between two letters, by its length; longer gaps cost as much as the last.
const GAPS: [i32; 4] = [3, 5, 7, 10];
/// Below this score per letter, the letters are only there by chance.
const WORTH_SHOWING: i32 = 17;

/// Where the letters were found, and how well they match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Higher is better. Comparable between texts for one search.
    pub score: i32,
    /// The positions of the matched characters, in characters, ascending.
    pub places: Vec<usize>,
}

/// How well a word matches a text: its letters in order, in any case, preferably at word starts or adjacent.
pub fn fits(word: &str, text: &str) -> Option<Match> {
    let letters: Vec<char> = word.chars().map(folded).collect();
    // Most texts do not even have the letters in order, and need no scores.
    if letters.is_empty() || !in_order(&letters, text) {
        return None;
    }
    let text: Vec<char> = text.chars().collect();
    let folds: Vec<char> = text.iter().copied().map(folded).collect();
    // For each letter: the best score of the prefix that ends with it here, and where the previous letter then is.
    let mut rows: Vec<Vec<Option<(i32, usize)>>> = Vec::with_capacity(letters.len());
    for letter in &letters {
        let mut row = vec![None; text.len()];
        let before = rows.last();
        // The best position so far away that the length of the gap no longer matters.
        let mut far: Option<(i32, usize)> = None;
        for at in 0..text.len() {
            if let Some(before) = before
                && let Some(place) = at.checked_sub(GAPS.len() + 1)
            {
                far = far.max(before[place].map(|(score, _)| (score, place)));
            }
            if folds[at] != *letter {
                continue;
            }
            let own = LETTER + if starts_word(&text, at) { WORD_START } else { 0 };
            row[at] = match before {
                None => Some((own, at)),
                Some(before) => {
                    let near = (1..=GAPS.len()).filter_map(|back| {
                        let place = at.checked_sub(back)?;
                        let gain = if back == 1 { NEXT } else { -GAPS[back - 2] };
                        before[place].map(|(score, _)| (score + gain, place))
                    });
                    let far = far.map(|(score, place)| (score - GAPS[GAPS.len() - 1], place));
                    near.chain(far).max().map(|(score, place)| (score + own, place))
                }
            };
        }
        rows.push(row);
    }
    let last = rows.last()?.iter().enumerate();
    let (mut at, score) =
        last.filter_map(|(at, found)| Some((at, (*found)?.0))).max_by_key(|(at, score)| (*score, usize::MAX - at))?;
    if score < WORTH_SHOWING * i32::try_from(letters.len()).ok()? {
        return None;
    }
    let mut places = Vec::with_capacity(letters.len());
    for row in rows.iter().rev() {
        places.push(at);
        at = row[at]?.1;
    }
    places.reverse();
    Some(Match { score, places })
}

/// How well all words of a search match a text, or one of the texts around it, which count less and are not highlighted.
/// `None` if a word is found in none of them.
pub fn fits_all(search: &str, text: &str, around: &[&str]) -> Option<Match> {
    let mut all = Match { score: 0, places: Vec::new() };
    for word in search.split_whitespace() {
        if let Some(found) = fits(word, text) {
            all.score += found.score;
            all.places.extend(found.places);
        } else {
            let lower = word.to_lowercase();
            around.iter().find(|text| text.to_lowercase().contains(&lower))?;
            all.score += i32::try_from(word.len()).ok()?;
        }
    }
    all.places.sort_unstable();
    all.places.dedup();
    Some(all)
}

/// Whether the text has all letters in this order.
fn in_order(letters: &[char], text: &str) -> bool {
    let mut rest = text.chars().map(folded);
    letters.iter().all(|letter| rest.any(|c| c == *letter))
}

fn folded(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) }
}

/// At the beginning, after a non-letter, and at an upper-case letter after a lower-case one.
fn starts_word(text: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| text[before]) else { return true };
    !before.is_alphanumeric() || (before.is_lowercase() && text[at].is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_at_beginnings_of_words_and_parts_of_words_are_found() {
        for (word, text, places) in [
            ("wped", "WorkspacePackagesEdit", &[0, 9, 17, 18][..]),
            ("EDIT", "WorkspacePackagesEdit", &[17, 18, 19, 20]),
            ("flpipe", "FlashPipe", &[0, 1, 5, 6, 7, 8]),
            ("trnsport", "Official transport", &[9, 10, 12, 13, 14, 15, 16, 17]),
            ("c", "cf script", &[0]),
            ("ü", "ein Übergang", &[4]),
        ] {
            assert_eq!(fits(word, text).map(|found| found.places).as_deref(), Some(places), "{word}");
        }
    }

    #[test]
    fn letters_that_are_there_by_chance_are_not() {
        for (word, text) in [
            ("rotate", "WorkspaceArtifactsDeploy"),
            ("practice", "Official transport, with certificates"),
            ("save", "WorkspacePackagesTransport approve"),
            ("xy", "x"),
            ("", "x"),
            ("a", ""),
        ] {
            assert_eq!(fits(word, text), None, "{word}");
        }
    }

    #[test]
    fn a_whole_word_fits_better_than_its_letters() {
        let score = |text| fits("test", text).map_or(0, |found| found.score);
        assert!(score("test again") > score("latest"));
        assert!(score("latest") > score("to export systems"));
    }

    #[test]
    fn every_word_has_to_be_found_in_the_text_or_around_it() {
        assert_eq!(
            fits_all("edit role", "WorkspacePackagesEdit", &["A role"]).map(|found| found.places.len()),
            Some(4)
        );
        assert_eq!(fits_all("edit purpose", "WorkspacePackagesEdit", &["A role"]), None);
        assert_eq!(fits_all("", "x", &[]).map(|found| found.score), Some(0));
    }

    #[test]
    fn a_long_search_in_a_long_text_stays_cheap_and_finds_each_letter_in_order() {
        let text = "ab".repeat(500);
        let found = fits(&"ab".repeat(200), &text).unwrap();
        assert!(found.places.is_sorted_by(|one, other| one < other));
    }
}
