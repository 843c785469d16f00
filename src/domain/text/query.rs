//! The words of a search query.

use crate::words::Words;

/// The words of a query in lower case: without filler words, without the path before a resource and the parameters
/// after it, and without suffixes, so that `policy` finds `policies` and `deploying` finds `deploy`.
pub fn words(query: &str, words: Words) -> Vec<String> {
    let labels = words.search();
    query
        .split_whitespace()
        .filter_map(|word| word.trim_end_matches('/').rsplit('/').next()?.split(['?', '(']).next())
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|word| !labels.noise().split_whitespace().any(|noise| noise == word))
        .map(|word| stem(&word, labels.endings()).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// `word` without the first suffix that leaves at least four letters.
fn stem<'a>(word: &'a str, endings: &str) -> &'a str {
    let stems = endings.split_whitespace().filter_map(|ending| word.strip_suffix(ending));
    stems.into_iter().find(|stem| stem.len() >= 4).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_paths_and_endings_are_left_out() {
        for (query, expected) in [
            ("How do I delete the policies?", &["delet", "polic"][..]),
            ("POST /api/v1/IntegrationPackages", &["post", "integrationpackag"]),
            ("GET /MessageProcessingLogs?$top=1", &["get", "messageprocessinglog"]),
            ("  ", &[]),
        ] {
            assert_eq!(words(query, Words::default()), expected, "{query}");
        }
    }
}
