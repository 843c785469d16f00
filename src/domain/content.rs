//! The content of `assets/`: facts and texts.

use std::{fmt, ops::Deref, sync::OnceLock};

use serde::de::DeserializeOwned;

use super::finding::FindingTexts;
use crate::domain::{
    handover::export::ExportTarget,
    sap::{
        authority::Authority,
        guide::{Page, Sheet, Step, StepId},
        link::Link,
        plan::{FlowRole, GrantType, Plan, PlanId},
        probe::ProbeSpec,
        purpose::Purpose,
        region::Region,
        role::Catalogue,
    },
};
use crate::words::Words;

/// A part of the content, parsed from its embedded JSON on first use.
pub struct Part<T> {
    name: &'static str,
    json: &'static str,
    value: OnceLock<T>,
}

impl<T> Part<T> {
    /// A part that is not parsed yet.
    pub const fn embedded(name: &'static str, json: &'static str) -> Self {
        Self { name, json, value: OnceLock::new() }
    }
}

impl<T: DeserializeOwned> Deref for Part<T> {
    type Target = T;

    /// # Panics
    ///
    /// If the embedded JSON does not match, which is a build error: `tests/content` reads every part.
    fn deref(&self) -> &T {
        self.value.get_or_init(|| match serde_json::from_str(self.json) {
            Ok(value) => value,
            Err(error) => panic!("internal error: the embedded data ({}) is invalid: {error}", self.name),
        })
    }
}

impl<T> From<T> for Part<T> {
    fn from(value: T) -> Self {
        Self { name: "", json: "", value: OnceLock::from(value) }
    }
}

impl<T: Default> Default for Part<T> {
    fn default() -> Self {
        T::default().into()
    }
}

impl<T: Clone> Clone for Part<T> {
    fn clone(&self) -> Self {
        Self { name: self.name, json: self.json, value: self.value.clone() }
    }
}

impl<T: DeserializeOwned + PartialEq> PartialEq for Part<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: DeserializeOwned + Eq> Eq for Part<T> {}

impl<T: fmt::Debug> fmt::Debug for Part<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// What SAP offers, and the program's texts. Created once (`crate::content::load`) and passed on; each part is parsed
/// on first use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The labels.
    pub words: Words,
    /// Roles of the `api` plan.
    pub catalogue: Part<Catalogue>,
    /// Purposes in the order of the first screen.
    pub purposes: Part<Vec<Purpose>>,
    /// The plans, in the order of [`PlanId::ALL`].
    pub plans: Part<[Plan; PlanId::ALL.len()]>,
    /// The six grant types.
    pub grant_types: Part<Vec<GrantType>>,
    /// The predefined roles of the plan `integration-flow`.
    pub flow_roles: Part<Vec<FlowRole>>,
    /// The authorities whose client certificates the token server accepts.
    pub authorities: Part<Vec<Authority>>,
    /// Regions.
    pub regions: Part<Vec<Region>>,
    /// The steps of the wizard, in the order of [`StepId::ALL`].
    pub steps: Part<[Step; StepId::ALL.len()]>,
    /// Pages of the guide.
    pub pages: Part<Vec<Page>>,
    /// Links.
    pub links: Part<Vec<Link>>,
    /// Read-only checks.
    pub probes: Part<Vec<ProbeSpec>>,
    /// Texts of the findings.
    pub findings: Part<FindingTexts>,
    /// The request sheet.
    pub sheet: Part<Sheet>,
    /// The export targets, in the order of `cpikey export --list`.
    pub exports: Part<Vec<ExportTarget>>,
}

impl Content {
    /// The purpose of that id.
    pub fn purpose(&self, id: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.id == id)
    }

    /// The description of a plan.
    pub fn plan(&self, id: PlanId) -> &Plan {
        &self.plans[id as usize]
    }

    /// The grant type of that id, or of the last part of its id (`jwt-bearer`).
    pub fn grant_type(&self, id: &str) -> Option<&GrantType> {
        self.grant_types.iter().find(|grant| grant.id == id || grant.id.rsplit(':').next() == Some(id))
    }

    /// The role of the plan `integration-flow` of that name.
    pub fn flow_role(&self, name: &str) -> Option<&FlowRole> {
        self.flow_roles.iter().find(|role| role.name == name)
    }

    /// The texts of a step.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id as usize]
    }

    /// The page of that id.
    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// The link of that id.
    pub fn link(&self, id: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.id == id)
    }

    /// The probe with that id.
    pub fn probe(&self, id: &str) -> Option<&ProbeSpec> {
        self.probes.iter().find(|probe| probe.id == id)
    }

    /// The region of that id.
    pub fn region(&self, id: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.id == id)
    }

    /// The export target of that id.
    pub fn export(&self, id: &str) -> Option<&ExportTarget> {
        self.exports.iter().find(|target| target.id == id)
    }

    /// The export targets: first those for the purpose with that id, then those for all purposes, then the rest.
    pub fn exports_for(&self, purpose: &str) -> Vec<&ExportTarget> {
        let mut targets: Vec<&ExportTarget> = self.exports.iter().collect();
        targets.sort_by_key(|target| match target.purposes.as_slice() {
            purposes if purposes.iter().any(|id| id == purpose) => 0,
            [] => 1,
            _ => 2,
        });
        targets
    }

    /// The Cloud Foundry API URLs that `place` may refer to: a region (`eu10`, several if it has several landscapes), a
    /// landscape (`eu10-003`), or the endpoint itself with or without scheme. SAP adds landscapes and regions from time
    /// to time, so names that look like known ones are accepted too. Empty if `place` does not look like one.
    pub fn endpoints(&self, place: &str) -> Vec<String> {
        let place = place.trim().to_ascii_lowercase();
        let host = place.strip_prefix("https://").unwrap_or(&place).trim_end_matches('/');
        let label = host.strip_prefix("api.cf.").map_or(host, |rest| rest.split('.').next().unwrap_or(rest));
        let (id, landscape) = label.split_once('-').map_or((label, None), |(id, rest)| (id, Some(rest)));
        if landscape.is_some_and(|landscape| !is_number(landscape, 3)) {
            return Vec::new();
        }
        let region = self.region(id);
        match region {
            Some(region) if host == region.id => {
                region.endpoints.iter().map(|endpoint| format!("https://{endpoint}")).collect()
            }
            _ => {
                let endpoint = region.or_else(|| self.sibling(id)).and_then(|region| region.endpoints.first());
                let domain = endpoint.and_then(|endpoint| endpoint.splitn(4, '.').nth(3));
                domain.map(|domain| format!("https://api.cf.{label}.{domain}")).into_iter().collect()
            }
        }
    }

    /// A known region in the same area as an unlisted one, such as `eu12`.
    fn sibling(&self, id: &str) -> Option<&Region> {
        let (area, _) = id.split_at_checked(2).filter(|(_, number)| is_number(number, 2))?;
        self.regions.iter().find(|region| region.id.starts_with(area))
    }
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Content {
        let region = |id: &str, endpoints: &[&str]| Region {
            id: id.to_owned(),
            name: String::new(),
            provider: String::new(),
            endpoints: endpoints.iter().map(|endpoint| (*endpoint).to_owned()).collect(),
            cockpit: String::new(),
            offered: crate::domain::sap::region::Offered::Yes,
            trial: false,
        };
        let regions = vec![
            region("eu10", &["api.cf.eu10.hana.ondemand.com", "api.cf.eu10-003.hana.ondemand.com"]),
            region("us21", &["api.cf.us21.hana.ondemand.com"]),
        ];
        Content { regions: regions.into(), ..Content::default() }
    }

    #[test]
    fn a_place_is_a_region_a_landscape_or_an_endpoint() {
        let (first, third) = ("https://api.cf.eu10.hana.ondemand.com", "https://api.cf.eu10-003.hana.ondemand.com");
        for (place, endpoints) in [
            ("eu10", &[first, third][..]),
            ("EU10-003", &[third]),
            ("api.cf.eu10.hana.ondemand.com", &[first]),
            ("https://api.cf.eu10-003.hana.ondemand.com/", &[third]),
            ("us21", &["https://api.cf.us21.hana.ondemand.com"]),
            ("eu10-006", &["https://api.cf.eu10-006.hana.ondemand.com"]),
            ("eu12", &["https://api.cf.eu12.hana.ondemand.com"]),
            ("us99-001", &["https://api.cf.us99-001.hana.ondemand.com"]),
            ("eu10-prod", &[]),
            ("eu1", &[]),
            ("xx99", &[]),
            ("", &[]),
        ] {
            assert_eq!(content().endpoints(place), endpoints, "{place}");
        }
    }
}
