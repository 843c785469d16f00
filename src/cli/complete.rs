//! Completion of a command line that is being typed: the scripts of `completions` run `complete`, which is hidden.
//!
//! Names of saved systems come from the list without secrets. Nothing is opened, asked or repaired for them.

use clap::{CommandFactory as _, builder::StyledStr};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate, complete};

use super::{
    args::{Cli, CompleteArgs},
    content,
    output::Output,
    status::{Outcome, Status},
};
use crate::{
    domain::{sap::guide::StepId, text::safe_text::SafeText},
    platform::store::Store,
};

/// `complete INDEX -- WORDS`: what the word can become, one a line, with a tab before what it means.
pub fn run(args: CompleteArgs, output: &mut Output<'_>) -> Outcome {
    let mut words = args.words;
    // Not every shell can hand down the empty word that is about to be typed.
    if words.len() <= args.index {
        words.resize(args.index + 1, "".into());
    }
    let here = std::env::current_dir().ok();
    // Nothing to offer is not a failure that a person who types should hear of.
    let candidates = complete(&mut Cli::command(), words, args.index, here.as_deref()).unwrap_or_default();
    for candidate in candidates {
        let Some(value) = candidate.get_value().to_str() else { continue };
        // A file may have any name. One that a terminal would take for a command is not offered.
        if SafeText::line(value).as_str() != value {
            continue;
        }
        let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
        match help.lines().next() {
            Some(help) => output.line(format!("{value}\t{help}"))?,
            None => output.line(value)?,
        }
    }
    Ok(Status::Done)
}

/// A value with what it means.
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
