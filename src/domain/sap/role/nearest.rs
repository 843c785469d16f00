//! Suggestions for a search without results.

use super::{Catalogue, Role, words_of};

/// The maximum number of suggestions.
const MOST: usize = 5;
/// Shorter words are similar to too many others.
const SHORTEST: usize = 3;
/// The maximum share of a word that may differ.
const MOST_DIFFERENT: f64 = 0.4;

impl Catalogue {
    /// The roles whose names or short texts contain words similar to those of `query`, most similar first.
    pub fn nearest(&self, query: &str) -> Vec<&Role> {
        let typed: Vec<String> = query.split(|c: char| !c.is_alphanumeric()).flat_map(words_of).collect();
        let typed: Vec<&String> = typed.iter().filter(|word| word.chars().count() >= SHORTEST).collect();
        let distance = |role: &Role| {
            let mut known = words_of(&role.name);
            known.extend(role.brief.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase));
            let pairs = typed.iter().flat_map(|word| known.iter().map(move |other| difference(word, other)));
            pairs.fold(1.0, f64::min)
        };
        let mut near: Vec<(f64, &Role)> = self.roles.iter().map(|role| (distance(role), role)).collect();
        near.retain(|(distance, _)| *distance <= MOST_DIFFERENT);
        near.sort_by(|one, other| one.0.total_cmp(&other.0));
        near.into_iter().take(MOST).map(|(_, role)| role).collect()
    }
}

/// The share of differing letters. An incompletely typed word differs little.
fn difference(typed: &str, known: &str) -> f64 {
    let longest = typed.chars().count().max(known.chars().count());
    let beginning: String = known.chars().take(typed.chars().count()).collect();
    let whole = strsim::osa_distance(typed, known) as f64 / longest as f64;
    let begun = strsim::osa_distance(typed, &beginning) as f64 / typed.chars().count() as f64;
    if typed.chars().count() > SHORTEST { whole.min(begun) } else { whole }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_slip_leads_to_the_role_that_was_meant_and_nonsense_to_none() {
        let catalogue = crate::content::load().catalogue;
        for (typed, meant) in [
            ("monitorng", "MonitoringDataRead"),
            ("credntials", "CredentialsRead"),
            ("pakcage", "WorkspacePackagesRead"),
        ] {
            let near: Vec<&str> = catalogue.nearest(typed).iter().map(|role| role.name.as_str()).collect();
            assert!(near.contains(&meant), "{typed}: {near:?}");
        }
        assert!(catalogue.nearest("qqqqqq").is_empty());
        assert!(catalogue.nearest("").is_empty());
    }
}
