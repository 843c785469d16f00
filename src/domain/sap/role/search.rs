//! Finds roles for a task or a failed request.
//!
//! The words of a search and those of the roles are normalised first: stop words are dropped, synonyms merged, endings
//! removed. The word lists are data, one set per language.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::OnceLock,
};

use serde::Deserialize;

use super::{Catalogue, KnownName, NameKind, Role, squeezed};

/// The word lists for searches in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchWords {
    /// Stop phrases, separated by commas.
    pub noise: String,
    /// Word endings, separated by spaces: `ed`, or `ies:y` with a replacement. The first match is removed.
    pub endings: String,
    /// Synonymous phrases, separated by commas, by the word that replaces them.
    pub same: BTreeMap<String, String>,
}

/// The weight of a word by where it is found: in the name, in the summary or as a keyword, in the description, in the
/// note or the heading. A complete keyword phrase has the highest weight.
const IN_PHRASE: f64 = 9.0;
const IN_NAME: f64 = 6.0;
const IN_SUMMARY: f64 = 5.0;
const IN_DESCRIPTION: f64 = 3.0;
const IN_NOTE: f64 = 1.0;
/// The factor for a prefix match.
const BEGINNING: f64 = 0.6;
/// The factor for read-only roles if the search contains no verb.
const READING: f64 = 1.1;
/// The factor for composite roles, because a single role is probably meant.
const COMPOSITE: f64 = 0.7;
/// Roles below this share of the best one are omitted.
const WORTH_SHOWING: f64 = 0.4;
/// The weight of an API resource.
const RESOURCE: f64 = 3.0;

/// The methods of HTTP that the API uses.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

impl Catalogue {
    /// The roles for a task or a failed request, best first: `download payload`, `POST /IntegrationPackages`, `403 on
    /// IntegrationPackages`. Without a meaningful word, all roles.
    pub fn search(&self, query: &str) -> Vec<&Role> {
        if let Some(role) = tokens(query).find_map(|token| self.named(token)) {
            return vec![role];
        }
        if let Some(name) = self.name_in_search(query) {
            return self.meant_by(name);
        }
        let index = self.index.0.get_or_init(|| Index::new(self));
        let query = Query::new(query, index);
        if query.words.is_empty() && query.resources.is_empty() {
            return self.roles.iter().collect();
        }
        let mut found: Vec<(f64, &Role)> =
            scores(&query, self, index).into_iter().zip(&self.roles).filter(|(score, _)| *score > 0.0).collect();
        // The sort is stable: equal roles stay in the order of the catalogue.
        found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let best = found.first().map_or(0.0, |(score, _)| *score);
        found.into_iter().filter(|(score, _)| *score >= WORTH_SHOWING * best).map(|(_, role)| role).collect()
    }

    /// A name in a search that is mistaken for a role: an invented name, a scope, a Neo role, a role collection,
    /// another service.
    pub fn name_in_search<'q>(&self, query: &'q str) -> Option<&'q str> {
        let mut names = tokens(query).filter(|token| looks_like_name(token) && self.named(token).is_none());
        let name = names.find(|token| {
            let known = self.known_name(token);
            known.is_some_and(|known| known.kind != NameKind::Resource) || !self.roles_with_scope(token).is_empty()
        });
        let is_service = |known: &KnownName| known.kind == NameKind::OtherService;
        name.or_else(|| Some(query.trim()).filter(|query| self.known_name(query).is_some_and(is_service)))
    }

    /// The role with that name, ignoring case.
    fn named(&self, token: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name.eq_ignore_ascii_case(token))
    }

    /// The roles that do what a non-role name suggests.
    fn meant_by(&self, name: &str) -> Vec<&Role> {
        let names = match self.known_name(name) {
            Some(known) => known.means.clone(),
            None => self.roles_with_scope(name),
        };
        names.iter().filter_map(|name| self.get(name)).collect()
    }
}

/// The words of a search without punctuation around them.
fn tokens(query: &str) -> impl Iterator<Item = &str> {
    query.split_whitespace().map(|token| token.trim_matches(is_punctuation))
}

fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric()
}

/// `MessageProcessingLogs.Read` and `PI_Administrator`, but not `Administrator`.
fn looks_like_name(token: &str) -> bool {
    token.contains(['.', '_']) || token.chars().skip(1).any(char::is_uppercase) && token.chars().any(char::is_lowercase)
}

/// The score of each role, in the order of the catalogue.
fn scores(query: &Query, catalogue: &Catalogue, index: &Index) -> Vec<f64> {
    let texts = index.texts.as_slice();
    let words = query.words.iter().map(|word| Hits::of_word(word, &query.words, texts));
    let words: Vec<Hits> = words.filter(|hits| hits.count() > 0).collect();
    let unknown = query.words.len() - words.len();
    let all_common = words.iter().all(|hits| hits.count() * 4 > texts.len());
    if query.resources.is_empty() && unknown > words.len() && all_common {
        return Vec::new();
    }
    let resources = query.resources.iter().map(|path| Hits::of_resource(&query.method, path, catalogue));
    let hits: Vec<Hits> = words.into_iter().chain(resources).collect();
    let total: f64 = hits.iter().map(|hits| hits.rarity).sum();
    let has_verb = !query.resources.is_empty() || texts.iter().any(|texts| query.words.contains(&texts.verb));
    let score = |(index, texts): (usize, &Texts)| {
        let fitting = hits.iter().filter(|hits| hits.worth[index] > 0.0).map(|hits| hits.rarity).sum::<f64>();
        let sum: f64 = hits.iter().map(|hits| hits.worth[index] * hits.rarity).sum();
        let composite = if texts.is_composite { COMPOSITE } else { 1.0 };
        let reading = if !has_verb && texts.reads { READING } else { 1.0 };
        sum * composite * reading * fitting / total
    };
    texts.iter().enumerate().map(score).collect()
}

/// What every search compares with. Preparing it costs a hundred times as much as a search, and a person searches with every
/// letter.
struct Index {
    language: Language,
    /// The texts of each role, in the order of the catalogue.
    texts: Vec<Texts>,
    /// The segments that begin an API resource.
    resources: HashSet<String>,
}

impl Index {
    fn new(catalogue: &Catalogue) -> Self {
        let language = Language::new(&catalogue.search);
        let texts = catalogue.roles.iter().map(|role| Texts::new(role, catalogue, &language)).collect();
        Self { language, texts, resources: resources(catalogue) }
    }
}

/// The index of a catalogue, made for its first search. It follows from the rest, so it is neither compared nor copied.
#[derive(Default)]
pub struct Prepared(OnceLock<Index>);

impl Clone for Prepared {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Prepared {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Prepared {}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prepared")
    }
}

/// The weight of one word or resource of a search for each role.
struct Hits {
    /// Rare words count more.
    rarity: f64,
    worth: Vec<f64>,
}

impl Hits {
    fn of_word(word: &String, all: &[String], texts: &[Texts]) -> Self {
        let mut hits = Self { rarity: 0.0, worth: texts.iter().map(|texts| texts.worth(word, all)).collect() };
        hits.rarity = (1.0 + texts.len() as f64 / hits.count().max(1) as f64).ln();
        hits
    }

    fn of_resource(method: &str, path: &[String], catalogue: &Catalogue) -> Self {
        Self { rarity: RESOURCE, worth: catalogue.roles.iter().map(|role| opens(role, method, path)).collect() }
    }

    /// The number of roles that contain it.
    fn count(&self) -> usize {
        self.worth.iter().filter(|worth| **worth > 0.0).count()
    }
}

/// The searchable texts of a role.
struct Texts {
    words: Vec<(f64, Vec<String>)>,
    /// Keywords of several words.
    phrases: Vec<Vec<String>>,
    name: String,
    /// Its verb, the last word of its name.
    verb: String,
    /// Whether it only reads.
    reads: bool,
    /// Whether it consists of other roles.
    is_composite: bool,
}

impl Texts {
    fn new(role: &Role, catalogue: &Catalogue, language: &Language) -> Self {
        let area = catalogue.areas.iter().find(|area| area.id == role.area).map_or("", |area| &area.title);
        let keywords = role.keywords.split(',').map(|keyword| language.words(keyword));
        let (phrases, keywords): (Vec<_>, Vec<_>) = keywords.partition(|keyword| keyword.len() > 1);
        let endpoints = role.endpoints.join(" ");
        let name = language.words(&role.name);
        Self {
            words: vec![
                (IN_SUMMARY, language.words(&role.brief)),
                (IN_SUMMARY, keywords.into_iter().flatten().collect()),
                (IN_DESCRIPTION, language.words(&role.allows)),
                (IN_NOTE, language.words(&format!("{area} {endpoints} {}", role.note))),
                (IN_NAME, name.clone()),
            ],
            phrases,
            name: squeezed(&role.name),
            reads: role.name.ends_with("Read"),
            is_composite: !role.contains.is_empty(),
            verb: name.into_iter().next_back().unwrap_or_default(),
        }
    }

    /// The weight of the best match of `word`.
    fn worth(&self, word: &String, all: &[String]) -> f64 {
        let is_found = |phrase: &&Vec<String>| phrase.iter().all(|word| all.contains(word));
        if self.phrases.iter().filter(is_found).any(|phrase| phrase.contains(word)) {
            return IN_PHRASE;
        }
        let share = |other: &String| match other {
            other if other == word => 1.0,
            other if word.len() >= 3 && other.starts_with(word.as_str()) => BEGINNING,
            _ => 0.0,
        };
        let in_words = self.words.iter().map(|(worth, words)| worth * words.iter().map(share).fold(0.0, f64::max));
        // A name may be typed in lower case.
        let in_name = if word.len() >= 5 && self.name.contains(word.as_str()) { IN_SUMMARY } else { 0.0 };
        in_words.fold(in_name, f64::max)
    }
}

/// The score of the role's endpoints for a request.
fn opens(role: &Role, method: &str, resource: &[String]) -> f64 {
    let fit = |endpoint: &String| {
        let (methods, path) = endpoint.split_once(' ').unwrap_or_default();
        let path = segments(path);
        let is_last = path.iter().rfind(|segment| !segment.starts_with('$')) == resource.last();
        let fit = match resource.last() {
            _ if path == resource => 8.0,
            Some(_) if is_last => 5.0,
            Some(last) if path.contains(last) => 3.0,
            _ => return 0.0,
        };
        let specific = 1.0 / role.endpoints.len() as f64;
        specific + if methods.split('|').any(|other| other == method) { fit } else { fit * 0.4 }
    };
    role.endpoints.iter().map(fit).fold(0.0, f64::max)
}

/// The segments of a path in lower case, without keys and without a query.
fn segments(path: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut depth = 0_usize;
    for c in path.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '?' if depth == 0 => break,
            c if depth == 0 => plain.extend(c.to_lowercase()),
            _ => {}
        }
    }
    plain.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// A search in parts.
struct Query {
    method: String,
    /// Requested resources: the segments from the first known one.
    resources: Vec<Vec<String>>,
    words: Vec<String>,
}

impl Query {
    fn new(text: &str, index: &Index) -> Self {
        let is_known = |segment: &String| index.resources.contains(segment);
        let mut query = Self { method: METHODS[0].to_owned(), resources: Vec::new(), words: Vec::new() };
        let mut rest: Vec<&str> = Vec::new();
        let mut method = None;
        for token in text.split_whitespace() {
            let path = segments(token);
            if METHODS.contains(&token) {
                method = Some(token);
            } else if path.iter().any(is_known) {
                query.resources.push(path.into_iter().skip_while(|segment| !is_known(segment)).collect());
            } else if token.starts_with('/') || token.contains("://") {
                rest.extend(
                    token.split(['?', '(']).next().and_then(|path| path.trim_end_matches('/').rsplit('/').next()),
                );
            } else if !is_status(token) {
                rest.push(token);
            }
        }
        if let Some(method) = method {
            method.clone_into(&mut query.method);
            // Without a path it is an ordinary word: "get message logs".
            rest.extend(query.resources.is_empty().then_some(method));
        }
        for word in index.language.words(&rest.join(" ")) {
            if !query.words.contains(&word) {
                query.words.push(word);
            }
        }
        query
    }
}

/// The API resources of the roles.
fn resources(catalogue: &Catalogue) -> HashSet<String> {
    let endpoints = catalogue.roles.iter().flat_map(|role| &role.endpoints);
    let paths = endpoints.filter_map(|endpoint| endpoint.split_once(' ')).map(|(_, path)| segments(path));
    paths.flatten().filter(|segment| !segment.starts_with('$')).collect()
}

fn is_status(token: &str) -> bool {
    let digits = token.trim_matches(is_punctuation);
    digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Prepared [`SearchWords`].
struct Language {
    /// Endings, and what replaces each.
    endings: Vec<(String, String)>,
    /// By the stem of their first word, the longest first.
    phrases: HashMap<String, Vec<Phrase>>,
}

struct Phrase {
    words: Vec<String>,
    stems: Vec<String>,
    /// Its replacement; `None` for stop words.
    meaning: Option<String>,
}

impl Language {
    fn new(words: &SearchWords) -> Self {
        let ending = |ending: &str| {
            let (ending, other) = ending.split_once(':').unwrap_or((ending, ""));
            (ending.to_owned(), other.to_owned())
        };
        let endings = words.endings.split_whitespace().map(ending).collect();
        let mut language = Self { endings, phrases: HashMap::new() };
        for (meaning, phrases) in &words.same {
            phrases.split(',').for_each(|phrase| language.add(phrase, Some(meaning)));
        }
        words.noise.split(',').for_each(|phrase| language.add(phrase, None));
        for phrases in language.phrases.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
        }
        language
    }

    fn add(&mut self, phrase: &str, meaning: Option<&str>) {
        let words = split(phrase);
        let stems: Vec<String> = words.iter().map(|word| self.stem(word)).collect();
        if let Some(first) = stems.first() {
            self.phrases.entry(first.clone()).or_default().push(Phrase {
                words,
                stems,
                meaning: meaning.map(str::to_owned),
            });
        }
    }

    /// `word` without an ending, so that `policy` finds `policies` and `deploying` finds `deploy`.
    fn stem(&self, word: &str) -> String {
        let stems =
            self.endings.iter().filter_map(|(ending, other)| Some((word.strip_suffix(ending.as_str())?, other)));
        let mut long = stems.filter(|(stem, _)| stem.chars().count() >= 3);
        long.next().map_or_else(|| word.to_owned(), |(stem, other)| format!("{stem}{other}"))
    }

    /// The normalised words of a text.
    fn words(&self, text: &str) -> Vec<String> {
        let words = split(text);
        let stems: Vec<String> = words.iter().map(|word| self.stem(word)).collect();
        let mut out = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.phrase_at(&words[at..], &stems[at..]) {
                Some(phrase) => {
                    out.extend(phrase.meaning.clone());
                    at += phrase.words.len();
                }
                None => {
                    out.push(stems[at].clone());
                    at += 1;
                }
            }
        }
        out
    }

    /// The longest phrase at the beginning of the words. Stop words only match in the listed form.
    fn phrase_at(&self, words: &[String], stems: &[String]) -> Option<&Phrase> {
        let phrases = self.phrases.get(stems.first()?)?;
        let is_exact = |phrase: &&Phrase| words.starts_with(&phrase.words);
        let exact = phrases.iter().find(is_exact);
        let has_stems = |phrase: &&Phrase| stems.starts_with(&phrase.stems);
        let similar = phrases.iter().filter(|phrase| phrase.meaning.is_some()).find(has_stems);
        match (exact, similar) {
            (Some(exact), Some(similar)) if similar.words.len() > exact.words.len() => Some(similar),
            (Some(exact), _) => Some(exact),
            (None, similar) => similar,
        }
    }
}

/// The words of a text in lower case. `WorkspacePackagesEdit` consists of three.
fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in text.chars() {
        if c.is_alphanumeric() {
            let is_start = !before.is_alphanumeric() || c.is_uppercase() && !before.is_uppercase();
            if is_start || words.is_empty() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> SearchWords {
        let same = [
            ("read", "read, view"),
            ("flow", "flow, integration flow"),
            ("deploy", "deploy"),
            ("deployed", "deployed"),
        ];
        SearchWords {
            noise: "the, access to, key for".to_owned(),
            endings: "ies:y ing ed s".to_owned(),
            same: same.into_iter().map(|(word, phrases)| (word.to_owned(), phrases.to_owned())).collect(),
        }
    }

    #[test]
    fn words_lose_noise_and_endings_and_synonyms_become_one() {
        let words = words();
        let language = Language::new(&words);
        assert_eq!(language.words("Viewing the Policies"), ["read", "policy"]);
        assert_eq!(language.words("access to integration flows"), ["flow"]);
        assert_eq!(language.words("IntegrationFlow"), ["flow"]);
        assert_eq!(language.words("deployed, deploying"), ["deployed", "deploy"]);
        assert_eq!(language.words("the key"), ["key"]);
    }

    #[test]
    fn a_path_is_reduced_to_its_resources() {
        assert_eq!(segments("/Things('a/b')/Parts(1)/$value?$top=1"), ["things", "parts", "$value"]);
        assert_eq!(segments("Things("), ["things"]);
        assert_eq!(segments(")))/((("), [""; 0]);
    }

    #[test]
    fn a_name_differs_from_a_word() {
        for name in ["MonitoringRead", "esb.read", "PI_Read_Only"] {
            assert!(looks_like_name(name), "{name}");
        }
        for word in ["Monitoring", "TPM", "payload", ""] {
            assert!(!looks_like_name(word), "{word}");
        }
    }
}
