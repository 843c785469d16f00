//! Org and space: given, known from the login, the only ones, or chosen.

use std::fmt::Display;

use super::{Stop, access::Access};
use crate::{
    cli::{args::cloud::PlaceArgs, ask, output::Output},
    domain::{
        cf::place::{Choice, Organization, Place, Space, choose_organization, choose_space},
        problem::Problem,
        text::safe_text::SafeText,
    },
    jobs::cf,
};

/// Chooses the org and space of the command.
pub fn choose(args: &PlaceArgs, access: &mut Access, output: &mut Output<'_>) -> Result<Place, Stop> {
    let chosen = org(args, access, output).and_then(|org| {
        let space = space(args, &org, access, output)?;
        Ok(Place { api: access.api().to_owned(), org, space })
    });
    chosen.map_err(|stop| with_notes(stop, access))
}

/// Adds the findings about the login.
fn with_notes(stop: Stop, access: &Access) -> Stop {
    match stop {
        Stop::Findings(mut findings) => {
            findings.extend(access.notes.iter().cloned());
            Stop::Findings(findings)
        }
        problem => problem,
    }
}

/// An org, whatever its spaces.
pub fn whole_org(args: &PlaceArgs, access: &mut Access, output: &mut Output<'_>) -> Result<Place, Stop> {
    let org = org(args, access, output).map_err(|stop| with_notes(stop, access))?;
    let space = Space { guid: String::new(), name: String::new() };
    Ok(Place { api: access.api().to_owned(), org, space })
}

/// The org.
fn org(args: &PlaceArgs, access: &mut Access, output: &mut Output<'_>) -> Result<Organization, Stop> {
    let words = output.words().cf_command();
    let Access { runtime, session, usual, .. } = access;
    let name = args.org.as_deref().or(usual.0.as_deref());
    let all = runtime.block_on(cf::organizations(session, None))?;
    let chosen = match choose_organization(all, name)? {
        Choice::One(org) => return Ok(org),
        Choice::Several(orgs) => {
            let row = |org: &Organization| (org.name.clone(), org.is_suspended);
            let rows: Vec<_> = orgs.iter().map(row).collect();
            let index = number(&rows, words.choose_org(), output)?.ok_or_else(|| {
                let names = names(orgs.iter().map(|org| org.name.as_str()));
                words.several_orgs().fill(&[("names", &names)]).unusable()
            })?;
            orgs.into_iter().nth(index)
        }
    };
    // Same rule as for a given org: it may be suspended.
    match choose_organization(chosen.into_iter().collect(), None)? {
        Choice::One(org) => Ok(org),
        Choice::Several(_) => Err(words.no_answer().fill(&[]).unusable().into()),
    }
}

fn space(args: &PlaceArgs, org: &Organization, access: &mut Access, output: &mut Output<'_>) -> Result<Space, Stop> {
    let words = output.words().cf_command();
    let Access { runtime, session, usual, .. } = access;
    // The login's target space only applies to its target org.
    let usual = usual.1.as_deref().filter(|_| usual.0.as_deref() == Some(org.name.as_str()));
    let all = runtime.block_on(cf::spaces(session, &org.guid, None))?;
    match choose_space(all, args.space.as_deref().or(usual))? {
        Choice::One(space) => Ok(space),
        Choice::Several(mut spaces) => {
            let rows: Vec<_> = spaces.iter().map(|space| (space.name.clone(), false)).collect();
            let index = number(&rows, words.choose_space(), output)?.ok_or_else(|| {
                let names = names(spaces.iter().map(|space| space.name.as_str()));
                let facts: [(&str, &dyn Display); 2] = [("org", &SafeText::line(&org.name)), ("names", &names)];
                words.several_spaces().fill(&facts).unusable()
            })?;
            Ok(spaces.swap_remove(index))
        }
    }
}

/// The index of the chosen row; `None` if there is no terminal to ask at.
fn number(rows: &[(String, bool)], question: &str, output: &mut Output<'_>) -> Result<Option<usize>, Problem> {
    let words = output.words().cf_command();
    if !ask::can_ask() {
        return Ok(None);
    }
    let choice = |(index, (name, is_suspended)): (usize, &(String, bool))| {
        let (number, name) = (index + 1, SafeText::line(name));
        if *is_suspended { words.choice_suspended(number, name) } else { words.choice(number, name) }
    };
    let choices: Vec<String> = rows.iter().enumerate().map(choice).collect();
    ask::one_of(question, &choices, output).map(Some)
}

/// Names as a list.
pub fn names<'a>(names: impl Iterator<Item = &'a str>) -> SafeText {
    SafeText::line(&names.collect::<Vec<_>>().join(", "))
}
