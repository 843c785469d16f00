//! Possible values of arguments, for completion.
//!
//! Names of saved systems come from the list without secrets. Nothing is opened, asked or repaired for them.

use clap::builder::StyledStr;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use super::content;
use crate::{domain::sap::guide::StepId, platform::store::Store};

/// A value with its description.
fn candidate(value: &str, help: &str) -> CompletionCandidate {
    CompletionCandidate::new(value).help(Some(StyledStr::from(help.to_owned())).filter(|_| !help.is_empty()))
}

/// The purposes.
pub fn purposes() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        content().purposes.iter().map(|purpose| candidate(&purpose.id, &purpose.summary)).collect()
    })
}

/// The roles of the plan api.
pub fn roles() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        content().catalogue.roles.iter().map(|role| candidate(&role.name, &role.brief)).collect()
    })
}

/// The roles of both plans, and the grant types.
pub fn explained() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let content = content();
        let roles = content.catalogue.roles.iter().map(|role| candidate(&role.name, &role.brief));
        let flow_roles = content.flow_roles.iter().map(|role| candidate(&role.name, ""));
        let grants = content.grant_types.iter().map(|grant| candidate(&grant.id, &grant.title));
        roles.chain(flow_roles).chain(grants).collect()
    })
}

/// The grant types.
pub fn grant_types() -> ArgValueCandidates {
    ArgValueCandidates::new(|| content().grant_types.iter().map(|grant| candidate(&grant.id, &grant.title)).collect())
}

/// The export targets.
pub fn exports() -> ArgValueCandidates {
    ArgValueCandidates::new(|| content().exports.iter().map(|target| candidate(&target.id, &target.title)).collect())
}

/// The pages of the guide and the steps of the wizard.
pub fn pages() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let content = content();
        let pages = content.pages.iter().map(|page| candidate(&page.id, &page.title));
        let steps = StepId::ALL.into_iter().map(|id| candidate(id.as_str(), &content.step(id).title));
        let mut all: Vec<_> = pages.collect();
        for step in steps {
            if all.iter().all(|known| known.get_value() != step.get_value()) {
                all.push(step);
            }
        }
        all
    })
}

/// The regions.
pub fn regions() -> ArgValueCandidates {
    ArgValueCandidates::new(|| content().regions.iter().map(|region| candidate(&region.id, &region.name)).collect())
}

/// The saved systems.
pub fn systems() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let systems = Store::of_user().map(|store| store.peek()).unwrap_or_default();
        systems.iter().map(|system| candidate(system.name.as_str(), system.url.host())).collect()
    })
}
