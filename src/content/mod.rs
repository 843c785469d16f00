//! Embeds the content: facts and texts, joined by the build script (`assets/build/join.rs`), one string per part.

use crate::{
    domain::content::{Content, Part},
    words::{self, Words},
};

/// The content in one language, as JSON, one string per part.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of Content")]
pub struct Language {
    pub words: Words,
    pub roles: &'static str,
    pub purposes: &'static str,
    pub plans: &'static str,
    pub grant_types: &'static str,
    pub flow_roles: &'static str,
    pub authorities: &'static str,
    pub regions: &'static str,
    pub steps: &'static str,
    pub links: &'static str,
    pub probes: &'static str,
    pub findings: &'static str,
    pub sheet: &'static str,
    pub pages: &'static str,
    pub exports: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/content.rs"));

/// The content in English. Call it once and pass the result on; each part is parsed on first use.
pub fn load() -> Content {
    of(&EN)
}

/// The content in `language`.
pub fn of(language: &Language) -> Content {
    Content {
        words: language.words,
        catalogue: Part::embedded("roles", language.roles),
        purposes: Part::embedded("purposes", language.purposes),
        plans: Part::embedded("plans", language.plans),
        grant_types: Part::embedded("grant types", language.grant_types),
        flow_roles: Part::embedded("flow roles", language.flow_roles),
        authorities: Part::embedded("authorities", language.authorities),
        regions: Part::embedded("regions", language.regions),
        steps: Part::embedded("steps", language.steps),
        pages: Part::embedded("pages", language.pages),
        links: Part::embedded("links", language.links),
        probes: Part::embedded("probes", language.probes),
        findings: Part::embedded("findings", language.findings),
        sheet: Part::embedded("sheet", language.sheet),
        exports: Part::embedded("exports", language.exports),
    }
}
