//! What the program claims about SAP (`claims.toml`): every claim has a source and a certainty, and every fact a claim.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use cpikey::domain::finding::FindingCode;
use serde::Deserialize;

use super::loaded;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    source: BTreeMap<String, Source>,
    claim: Vec<Claim>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    title: String,
    url: String,
    /// When the source was read: a year, a month or a day.
    as_of: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    id: String,
    text: String,
    certainty: Certainty,
    sources: Vec<String>,
    covers: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Certainty {
    Documented,
    Catalog,
    Source,
    Observed,
    Inferred,
    Contradictory,
}

impl Certainty {
    fn as_str(self) -> &'static str {
        match self {
            Certainty::Documented => "documented",
            Certainty::Catalog => "catalog",
            Certainty::Source => "source",
            Certainty::Observed => "observed",
            Certainty::Inferred => "inferred",
            Certainty::Contradictory => "contradictory",
        }
    }
}

fn claims() -> Claims {
    toml::from_str(include_str!("claims.toml")).expect("the claims can be read")
}

/// Everything in the assets that says something about SAP, as `KIND/ID`.
fn facts() -> BTreeSet<String> {
    let content = loaded();
    let mut facts = BTreeSet::new();
    let mut add = |kind: &str, id: &str| {
        facts.insert(format!("{kind}/{id}"));
    };
    content.catalogue.roles.iter().for_each(|role| add("role", &role.name));
    content.catalogue.names.iter().for_each(|name| add("name", &name.name));
    content.plans.iter().for_each(|plan| add("plan", plan.id.as_str()));
    content.grant_types.iter().for_each(|grant| add("grant-type", &grant.id));
    content.authorities.iter().for_each(|authority| add("authority", &authority.name));
    content.flow_roles.iter().for_each(|role| add("flow-role", &role.name));
    content.purposes.iter().for_each(|purpose| add("purpose", &purpose.id));
    content.regions.iter().for_each(|region| add("region", &region.id));
    content.probes.iter().for_each(|probe| add("probe", &probe.id));
    content.exports.iter().for_each(|export| add("export", &export.id));
    content.links.iter().for_each(|link| add("link", &link.id));
    for page in content.pages.iter() {
        page.steps.iter().for_each(|step| add("guide", &format!("{}/{}", page.id, step.id)));
        page.troubles.iter().for_each(|trouble| add("guide", &format!("{}/{}", page.id, trouble.id)));
    }
    facts
}

/// Whether a claim covers this fact.
fn covers(pattern: &str, fact: &str) -> bool {
    pattern == fact || pattern.strip_suffix('*').is_some_and(|kind| fact.starts_with(kind))
}

#[test]
fn every_fact_is_covered_by_a_claim() {
    let claims = claims();
    let patterns: Vec<&String> = claims.claim.iter().flat_map(|claim| &claim.covers).collect();
    let open: Vec<String> =
        facts().into_iter().filter(|fact| !patterns.iter().any(|pattern| covers(pattern, fact))).collect();
    assert_eq!(open, [""; 0], "facts without a claim in tests/content/claims.toml");
}

#[test]
fn every_claim_has_a_source_and_is_about_something() {
    let Claims { source, claim } = claims();
    let facts = facts();
    let (mut ids, mut used) = (BTreeSet::new(), BTreeSet::new());
    for claim in &claim {
        assert!(ids.insert(&claim.id), "{} is there twice", claim.id);
        assert!(!claim.sources.is_empty() && !claim.covers.is_empty(), "{}", claim.id);
        for id in &claim.sources {
            assert!(source.contains_key(id), "{}: there is no source {id}", claim.id);
            used.insert(id.clone());
        }
        for covered in &claim.covers {
            let exists = match covered.split_once('/') {
                Some(("code", path)) => Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(),
                Some(("finding", code)) => FindingCode::ALL.iter().any(|known| known.as_str() == code),
                _ => facts.iter().any(|fact| covers(covered, fact)),
            };
            assert!(exists, "{}: there is no {covered}", claim.id);
        }
    }
    for (id, source) in &source {
        assert!(used.contains(id), "nothing uses the source {id}");
        assert!(source.url.starts_with("https://") && source.as_of.starts_with("20"), "{id}");
    }
}

const HEAD: &str = "\
# What cpikey claims about SAP

Nothing here was tried on an SAP tenant: the sources are SAP's published documentation, the catalog of the service
broker, source code, and what others have published. The certainty of a claim is one of:

- *documented*: SAP, or the maker of the tool, says so.
- *catalog*: it is in the schemas of the service broker, which the cockpit uses.
- *source*: it is in the source code of the program in question.
- *observed*: it can be seen in public keys, tokens, hosts or questions, but no page says so.
- *inferred*: it follows from other facts. The program treats it as likely, not as certain.
- *contradictory*: sources disagree; the program mentions both or uses the safer one.

This file is generated from `tests/content/claims.toml`: `UPDATE_DOCS=1 cargo test --test content`.

| claim | certainty | sources | used in |
|---|---|---|---|
";

/// The document made of the claims.
pub fn document() -> String {
    let Claims { source, claim } = claims();
    let mut out = HEAD.to_owned();
    for Claim { text, certainty, sources, covers, .. } in &claim {
        let sources: Vec<String> = sources.iter().map(|id| format!("[{id}](#{id})")).collect();
        let covers: Vec<String> = covers.iter().map(|covered| format!("`{covered}`")).collect();
        let text = text.replace('|', "\\|");
        let (sources, covers) = (sources.join(", "), covers.join(", "));
        let _ = writeln!(out, "| {text} | {} | {sources} | {covers} |", certainty.as_str());
    }
    out.push_str("\n## Sources\n\n| id | source | as of |\n|---|---|---|\n");
    for (id, Source { title, url, as_of }) in &source {
        let _ = writeln!(out, "| <a id=\"{id}\"></a>{id} | [{title}]({url}) | {as_of} |");
    }
    out
}
