//! The roles of the `api` plan: what each allows and how it appears in a token.

mod nearest;
mod search;

use serde::{Deserialize, Serialize};

pub use search::{Prepared, SearchWords};

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
    /// Other things to know: overlaps, pitfalls, gaps in the documentation. May be empty.
    #[serde(default)]
    pub note: String,
    /// Words and phrases that people search for and that are in none of the other texts, separated by commas.
    #[serde(default)]
    pub keywords: String,
    /// Scopes expected in the token, without the `<xsappname>.` prefix. Empty if they are not documented. Inferred from
    /// SAP's table of tasks and permissions, so they are evidence, not proof.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Endpoints it gives access to, `GET /MessageProcessingLogs`. May be empty.
    #[serde(default)]
    pub endpoints: Vec<String>,
    /// Ids of the read-only probes that show whether it is granted. Usually none or one; all of them must succeed.
    #[serde(default)]
    pub probes: Vec<String>,
    /// Roles that a composite (`AuthGroup_...`) contains. Empty for single roles.
    #[serde(default)]
    pub contains: Vec<String>,
    /// Whether it gives access to payloads, secrets or security material, changes content or data, bypasses a
    /// protection, or is a persona with broad permissions.
    pub sensitive: bool,
    /// Whether every landscape offers it. If not, the broker of some landscapes refuses it.
    pub everywhere: bool,
    /// The landscapes without it, by the number of roles that they list. SAP publishes three lists of roles and does
    /// not say which landscape has which, so they are distinguished by their length. Empty if it is offered everywhere.
    #[serde(default)]
    pub missing_in: Vec<u32>,
    /// Id of the link to the page that describes it.
    pub source: String,
}

/// The kind of a name that is mistaken for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameKind {
    /// Invented; found in guides and generated text.
    Invented,
    /// A role of the Neo environment.
    Neo,
    /// A scope.
    Scope,
    /// A role collection.
    Collection,
    /// A resource of the API.
    Resource,
    /// A role template only for users.
    People,
    /// A role of another service.
    OtherService,
}

/// A name that is mistaken for a role of the plan `api`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KnownName {
    /// The name. A `*` at its end matches anything.
    pub name: String,
    /// What it is.
    pub kind: NameKind,
    /// The roles that do what it suggests.
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
    /// The language data for searches.
    #[serde(default)]
    pub search: SearchWords,
    /// Names that are mistaken for roles.
    #[serde(rename = "name")]
    pub names: Vec<KnownName>,
    /// The groups.
    #[serde(rename = "area")]
    pub areas: Vec<Area>,
    /// The roles, grouped by area in the order of `areas`.
    #[serde(rename = "role")]
    pub roles: Vec<Role>,
    /// What searches compare with.
    #[serde(skip)]
    pub index: Prepared,
}

impl Catalogue {
    /// The role with that exact name.
    pub fn get(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// The roles of one area.
    pub fn in_area<'a>(&'a self, area: &'a str) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(move |role| role.area == area)
    }

    /// The role in `chosen` that contains `name` as part of a composite, or has all of its scopes.
    pub fn covered_by<'a>(&'a self, name: &str, chosen: &[String]) -> Option<&'a Role> {
        let role = self.get(name)?;
        chosen.iter().filter_map(|other| self.get(other)).find(|other| other.covers(role))
    }

    /// The composites that contain `name`.
    pub fn personas_with<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(move |other| other.contains.iter().any(|part| part == name))
    }

    /// The other single roles whose scopes `role` has. The content of a composite is a separate list.
    pub fn covered_roles<'a>(&'a self, role: &'a Role) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(|other| role.covers(other) && !role.contains.contains(&other.name))
    }

    /// The other single roles that have all scopes of `role`.
    pub fn wider_roles<'a>(&'a self, role: &'a Role) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(|other| other.covers(role) && !other.contains.contains(&role.name))
    }

    /// What is known about a name that is not a role. Case and separators do not matter.
    pub fn known_name(&self, typed: &str) -> Option<&KnownName> {
        let typed = squeezed(typed);
        self.names.iter().find(|known| match known.name.strip_suffix('*') {
            Some(start) => typed.starts_with(&squeezed(start)),
            None => squeezed(&known.name) == typed,
        })
    }

    /// The roles that have this scope, single roles before personas.
    pub fn roles_with_scope(&self, scope: &str) -> Vec<String> {
        let scope = scope.rsplit_once('!').and_then(|(_, rest)| Some(rest.split_once('.')?.1)).unwrap_or(scope);
        let has = |role: &&Role| role.scopes.iter().any(|other| other.eq_ignore_ascii_case(scope));
        let mut found: Vec<&Role> = self.roles.iter().filter(has).collect();
        found.sort_by_key(|role| (!role.contains.is_empty(), role.scopes.len()));
        found.into_iter().take(3).map(|role| role.name.clone()).collect()
    }

    /// The role that `typed` probably means: it differs only in case, or by at most three edits that do not change the
    /// meaning of a word.
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

/// Whether the words of `typed` are those of `name`, possibly misspelled. `Logs` is not a misspelling of `Locks`: at
/// most a quarter of the letters of a word may differ.
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
    // A name without capitals cannot be split; only its distance counts.
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
    /// Whether this role makes `other` unnecessary: it contains it, or has all of its scopes. Inferred from scopes, so it is
    /// evidence, not proof.
    pub fn covers(&self, other: &Role) -> bool {
        self.name != other.name
            && (self.contains.contains(&other.name)
                || (!other.scopes.is_empty() && other.scopes.iter().all(|scope| self.scopes.contains(scope))))
    }
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
            keywords: String::new(),
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
            areas: vec![Area { id: "all".to_owned(), title: "All".to_owned() }],
            roles: vec![
                role("QueuesRead", "view queues", &["Store.read"], &[]),
                role("QueuesRetry", "retry messages in queues", &["Store.read", "Store.retry"], &[]),
                role("Undocumented", "nobody knows", &[], &[]),
                role("Group", "a persona", &["Group.All"], &["QueuesRetry"]),
            ],
            ..Catalogue::default()
        }
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
    fn narrower_and_wider_roles_are_listed() {
        let catalogue = catalogue();
        let names = |roles: Vec<&Role>| roles.into_iter().map(|role| role.name.clone()).collect::<Vec<_>>();
        let (narrow, wide) = (catalogue.get("QueuesRead").unwrap(), catalogue.get("QueuesRetry").unwrap());
        assert_eq!(names(catalogue.covered_roles(wide).collect()), ["QueuesRead"]);
        assert_eq!(names(catalogue.wider_roles(narrow).collect()), ["QueuesRetry"]);
        assert_eq!(names(catalogue.personas_with("QueuesRetry").collect()), ["Group"]);
        assert_eq!(names(catalogue.wider_roles(wide).collect()), [""; 0]);
    }

    #[test]
    fn a_misspelled_name_leads_to_the_role_that_was_meant() {
        assert_eq!(catalogue().did_you_mean("queuesread"), Some("QueuesRead"));
        assert_eq!(catalogue().did_you_mean("QueusRetri"), Some("QueuesRetry"));
        assert_eq!(catalogue().did_you_mean("SomethingElse"), None);
        assert_eq!(catalogue().did_you_mean("QueuesRead2"), Some("QueuesRead"));
        assert_eq!(catalogue().did_you_mean("QuotasRead"), None);
    }
}
