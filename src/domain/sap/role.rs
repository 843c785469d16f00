//! The roles of the `api` plan: what each allows and how it shows in a token.

use serde::{Deserialize, Serialize};

use crate::{domain::text::query, words::Words};

/// A group of roles, in the order of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Short name, used by [`Role::area`].
    pub id: String,
    /// Heading of the group.
    pub title: String,
}

/// One role template of Cloud Integration on Cloud Foundry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The name as SAP writes it, case sensitive.
    pub name: String,
    /// Id of the [`Area`] it is listed under.
    pub area: String,
    /// Six words or fewer for a list row, at most 34 characters.
    pub brief: String,
    /// What it allows, one or two sentences.
    pub allows: String,
    /// What a person should know besides: overlaps, traps, where it is documented badly. May be empty.
    #[serde(default)]
    pub note: String,
    /// Words that people search for and that stand in none of the other texts.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Scopes expected in the token, without the `<xsappname>.` prefix. Empty where nobody documents them. Inferred
    /// from SAP's table of tasks and permissions, so they are evidence and not proof.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Endpoints it opens, `GET /MessageProcessingLogs`. May be empty.
    #[serde(default)]
    pub endpoints: Vec<String>,
    /// Ids of the read-only [`super::check::ProbeSpec`]s that tell whether it is granted. Mostly none or one; all of
    /// them have to go through.
    #[serde(default)]
    pub probes: Vec<String>,
    /// Roles that a composite (`AuthGroup_...`) contains. Empty for single roles.
    #[serde(default)]
    pub contains: Vec<String>,
    /// True where it opens payloads, secrets or security material, changes content or data, gets around a protection,
    /// or is a persona with wide rights.
    pub sensitive: bool,
    /// Whether every landscape offers it; otherwise the broker of some landscapes refuses it.
    pub everywhere: bool,
    /// The landscapes without it, by the number of roles that they list. SAP publishes three lists of roles and does not
    /// say which landscape has which, so only their length tells them apart. Empty if it is offered everywhere.
    #[serde(default)]
    pub missing_in: Vec<u32>,
    /// Id of the link to the page that describes it.
    pub source: String,
}

/// What a name is that people take for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameKind {
    /// Made up; it circulates in guides and generated text.
    Invented,
    /// A role of the Neo environment.
    Neo,
    /// A scope.
    Scope,
    /// A role collection.
    Collection,
    /// A resource of the API.
    Resource,
    /// A role template that is offered to people only.
    People,
    /// A role of another service.
    OtherService,
}

/// A name that people take for a role of the plan `api`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KnownName {
    /// The name. A `*` at its end stands for anything.
    pub name: String,
    /// What it is.
    pub kind: NameKind,
    /// The roles that do what it promises.
    #[serde(default)]
    pub means: Vec<String>,
    /// The service it belongs to, for [`NameKind::OtherService`].
    #[serde(default)]
    pub service: String,
}

/// All roles, in the order of the checklist.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Names that people take for roles.
    #[serde(rename = "name")]
    pub names: Vec<KnownName>,
    /// The groups.
    #[serde(rename = "area")]
    pub areas: Vec<Area>,
    /// The roles, grouped by area in the order of `areas`.
    #[serde(rename = "role")]
    pub roles: Vec<Role>,
}

impl Catalogue {
    /// The role of that exact name.
    pub fn get(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// The roles of one area.
    pub fn in_area<'a>(&'a self, area: &'a str) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(move |role| role.area == area)
    }

    /// Roles that fit what somebody wants to do or has seen fail, best first: `download payload`, `POST
    /// /IntegrationPackages`, `403 on IntegrationPackages`. A role fits where every word of `query` stands somewhere in
    /// its texts; where none does, those that fit most words. Without a word that says anything, all roles.
    pub fn search<'a>(&'a self, query: &str, words: Words) -> Vec<&'a Role> {
        let words = search_words(query, words);
        let mut hits: Vec<(usize, u32, &Role)> = self
            .roles
            .iter()
            .map(|role| {
                let area = self.areas.iter().find(|area| area.id == role.area).map_or("", |area| &area.title);
                let texts = role.search_texts(area);
                let weights = words.iter().filter_map(|word| weight(&texts, word));
                let (fits, sum) = weights.fold((0, 0), |(fits, sum), weight| (fits + 1, sum + weight));
                (fits, sum, role)
            })
            .collect();
        let most = hits.iter().map(|(fits, ..)| *fits).max().unwrap_or_default();
        if most == 0 && !words.is_empty() {
            return Vec::new();
        }
        hits.retain(|(fits, ..)| *fits == most);
        hits.sort_by_key(|(_, sum, _)| std::cmp::Reverse(*sum));
        hits.into_iter().map(|(_, _, role)| role).collect()
    }

    /// The one in `chosen` that contains `name` as part of a composite, or whose scopes include all of its scopes.
    pub fn covered_by<'a>(&'a self, name: &str, chosen: &[String]) -> Option<&'a Role> {
        let role = self.get(name)?;
        chosen.iter().filter_map(|other| self.get(other)).find(|other| other.covers(role))
    }

    /// The composites that contain `name`.
    pub fn personas_with<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(move |other| other.contains.iter().any(|part| part == name))
    }

    /// The single roles whose scopes `role` has all of, itself left out. What a composite contains is in its own list.
    pub fn covered_roles<'a>(&'a self, role: &'a Role) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(|other| role.covers(other) && !role.contains.contains(&other.name))
    }

    /// The single roles that have all scopes of `role`, itself left out.
    pub fn wider_roles<'a>(&'a self, role: &'a Role) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(|other| other.covers(role) && !other.contains.contains(&role.name))
    }

    /// What is known of a name that is not a role. Case, and the separators `.`, `_` and `-`, do not matter.
    pub fn known_name(&self, typed: &str) -> Option<&KnownName> {
        let typed = squeezed(typed);
        self.names.iter().find(|known| match known.name.strip_suffix('*') {
            Some(start) => typed.starts_with(&squeezed(start)),
            None => squeezed(&known.name) == typed,
        })
    }

    /// The roles that have this scope, single ones before personas.
    pub fn roles_with_scope(&self, scope: &str) -> Vec<String> {
        let scope = scope.rsplit_once('!').and_then(|(_, rest)| Some(rest.split_once('.')?.1)).unwrap_or(scope);
        let has = |role: &&Role| role.scopes.iter().any(|other| other.eq_ignore_ascii_case(scope));
        let mut found: Vec<&Role> = self.roles.iter().filter(has).collect();
        found.sort_by_key(|role| (!role.contains.is_empty(), role.scopes.len()));
        found.into_iter().take(3).map(|role| role.name.clone()).collect()
    }

    /// A name of the catalogue that `typed` probably means: the same letters in another case, or at most three edits
    /// that leave the words of the name what they mean.
    pub fn did_you_mean(&self, typed: &str) -> Option<&str> {
        let lower = typed.to_lowercase();
        self.roles
            .iter()
            .map(|role| (strsim::levenshtein(&lower, &role.name.to_lowercase()), role.name.as_str()))
            .filter(|(distance, name)| *distance <= 3 && same_words(typed, name))
            .min()
            .map(|(_, name)| name)
    }
}

/// Without separators, in lower case.
fn squeezed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether each word of `name` is in `typed`, perhaps with a slip. `Logs` is not a slip of `Locks`: the words must begin
/// alike, and more than half of a word's letters decide what it means.
fn same_words(typed: &str, name: &str) -> bool {
    if squeezed(typed) == squeezed(name) {
        return true;
    }
    let (typed, name) = (words_of(typed), words_of(name));
    let is_slip = |one: &str, other: &str| {
        let longest = one.chars().count().max(other.chars().count());
        let cut = one.len().min(other.len()) >= 5 && (one.starts_with(other) || other.starts_with(one));
        let slip = strsim::osa_distance(one, other) <= longest / 4;
        slip || cut || one.trim_end_matches('s') == other.trim_end_matches('s')
    };
    // A name without capitals cannot be split, so that its distance alone must do.
    typed.len() <= 1 || (typed.len() == name.len() && typed.iter().zip(&name).all(|(one, other)| is_slip(one, other)))
}

/// `WorkspacePackagesEdit` consists of `workspace`, `packages` and `edit`.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut begin = true;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            begin = true;
            continue;
        }
        if begin || c.is_uppercase() {
            words.push(String::new());
        }
        begin = false;
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words
}

impl Role {
    /// True where whoever has this role needs `other` no more: it is part of this one, or this one has all of its scopes.
    /// Inferred from scopes, so it is evidence and not proof.
    pub fn covers(&self, other: &Role) -> bool {
        self.name != other.name
            && (self.contains.contains(&other.name)
                || (!other.scopes.is_empty() && other.scopes.iter().all(|scope| self.scopes.contains(scope))))
    }

    /// Its texts in lower case, each with what a hit in it is worth.
    fn search_texts(&self, area: &str) -> [(u32, String); 6] {
        [
            (6, self.name.to_lowercase()),
            (5, self.brief.to_lowercase()),
            (4, self.endpoints.join(" ").to_lowercase()),
            (4, self.keywords.join(" ").to_lowercase()),
            (3, self.allows.to_lowercase()),
            (1, format!("{area} {} {} {}", self.note, self.scopes.join(" "), self.contains.join(" ")).to_lowercase()),
        ]
    }
}

/// What the best hit of `word` is worth. A whole resource of the API says more than a part of its name.
fn weight(texts: &[(u32, String)], word: &str) -> Option<u32> {
    let resource = format!("/{word}");
    texts
        .iter()
        .filter(|(_, text)| text.contains(word))
        .map(|(worth, text)| if text.contains(&resource) { worth + 2 } else { *worth })
        .max()
}

/// The words of a query that say something about a role: no status codes either.
fn search_words(query: &str, words: Words) -> Vec<String> {
    let noise = words.search().role_noise();
    let mut found = query::words(query, words);
    found.retain(|word| !is_status(word) && !noise.split_whitespace().any(|noise| noise == word));
    found
}

fn is_status(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str, brief: &str, scopes: &[&str], contains: &[&str]) -> Role {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Role {
            name: name.to_owned(),
            area: "all".to_owned(),
            brief: brief.to_owned(),
            allows: String::new(),
            note: String::new(),
            keywords: Vec::new(),
            scopes: owned(scopes),
            endpoints: Vec::new(),
            probes: Vec::new(),
            contains: owned(contains),
            sensitive: false,
            everywhere: true,
            missing_in: Vec::new(),
            source: String::new(),
        }
    }

    fn catalogue() -> Catalogue {
        Catalogue {
            names: Vec::new(),
            areas: vec![Area { id: "all".to_owned(), title: "All".to_owned() }],
            roles: vec![
                role("QueuesRead", "view queues", &["Store.read"], &[]),
                role("QueuesRetry", "retry messages in queues", &["Store.read", "Store.retry"], &[]),
                role("Undocumented", "nobody knows", &[], &[]),
                role("Group", "a persona", &["Group.All"], &["QueuesRetry"]),
            ],
        }
    }

    fn found(query: &str) -> Vec<String> {
        catalogue().search(query, Words::default()).iter().map(|role| role.name.clone()).collect()
    }

    #[test]
    fn a_search_wants_every_word_and_puts_the_best_first() {
        // The persona has the role in it, so it fits as well, but last.
        assert_eq!(found("retry queue"), ["QueuesRetry", "Group"]);
        assert_eq!(found("queues"), ["QueuesRead", "QueuesRetry", "Group"]);
    }

    #[test]
    fn a_search_overlooks_noise_and_falls_back_to_most_words() {
        assert_eq!(found("403 on QueuesRetry"), ["QueuesRetry", "Group"]);
        assert_eq!(found("I want to retry my zebras"), ["QueuesRetry", "Group"]);
        assert_eq!(found("how to"), ["QueuesRead", "QueuesRetry", "Undocumented", "Group"]);
        assert!(found("zebra").is_empty());
    }

    #[test]
    fn a_role_is_covered_by_a_persona_or_by_wider_scopes() {
        let catalogue = catalogue();
        let covering = |name: &str, chosen: &[&str]| {
            let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
            catalogue.covered_by(name, &chosen).map(|role| role.name.clone())
        };
        assert_eq!(covering("QueuesRead", &["QueuesRead", "QueuesRetry"]).as_deref(), Some("QueuesRetry"));
        assert_eq!(covering("QueuesRetry", &["QueuesRead", "Group"]).as_deref(), Some("Group"));
        assert_eq!(covering("QueuesRetry", &["QueuesRead", "QueuesRetry"]), None);
        assert_eq!(covering("Undocumented", &["QueuesRetry"]), None);
    }

    #[test]
    fn what_a_role_covers_is_said_in_both_directions() {
        let catalogue = catalogue();
        let names = |roles: Vec<&Role>| roles.into_iter().map(|role| role.name.clone()).collect::<Vec<_>>();
        let (narrow, wide) = (catalogue.get("QueuesRead").unwrap(), catalogue.get("QueuesRetry").unwrap());
        assert_eq!(names(catalogue.covered_roles(wide).collect()), ["QueuesRead"]);
        assert_eq!(names(catalogue.wider_roles(narrow).collect()), ["QueuesRetry"]);
        assert_eq!(names(catalogue.personas_with("QueuesRetry").collect()), ["Group"]);
        assert_eq!(names(catalogue.wider_roles(wide).collect()), [""; 0]);
    }

    #[test]
    fn a_slip_of_the_pen_leads_to_the_role_that_was_meant() {
        assert_eq!(catalogue().did_you_mean("queuesread"), Some("QueuesRead"));
        assert_eq!(catalogue().did_you_mean("QueusRetri"), Some("QueuesRetry"));
        assert_eq!(catalogue().did_you_mean("SomethingElse"), None);
        assert_eq!(catalogue().did_you_mean("QueuesRead2"), Some("QueuesRead"));
        assert_eq!(catalogue().did_you_mean("QuotasRead"), None);
    }
}
