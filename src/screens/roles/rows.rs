//! The rows of the checklist.

use std::borrow::Cow;

use super::filter::Filter;
use crate::{
    domain::sap::{
        parameters::{InstanceParameters, default_token_validity},
        plan::{AUTHORIZATION_CODE, PlanId},
    },
    model::Session,
    words::Explanation,
};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row<'a> {
    /// Heading of a group.
    Heading(Cow<'a, str>),
    /// Why the searched name is not a role.
    Remark(String),
    /// Information.
    Note(&'static str),
    /// A role, by name.
    Role(&'a str),
    /// Opens a field for a role of the plan `integration-flow`.
    NewRole,
    /// A grant type, by id.
    Grant(&'a str),
    /// The redirect URI with this index.
    RedirectUri(usize),
    /// Opens a field for another redirect URI.
    NewRedirectUri,
    /// How long a token is valid.
    Validity,
}

impl Row<'_> {
    /// Whether it can have the focus.
    pub fn selectable(&self) -> bool {
        !matches!(self, Row::Heading(_) | Row::Remark(_) | Row::Note(_))
    }
}

/// A longer preset does not get its own group: the areas are more helpful.
const LONGEST_GROUP: usize = 12;

/// Which rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The roles.
    #[default]
    Roles,
    /// Grant types, redirect URIs, token validity.
    Options,
}

/// The rows of the chosen plan. `own` are the roles of the plan `integration-flow` that have been ticked at any time:
/// they keep their rows when unticked.
pub fn rows<'a>(session: &'a Session, tab: Tab, filter: &'a Filter, own: &'a [String]) -> Vec<Row<'a>> {
    match (tab, session.draft.parameters.plan) {
        (Tab::Options, _) => options(session),
        (Tab::Roles, PlanId::IntegrationFlow) => flow_roles(session, own),
        (Tab::Roles, PlanId::Api) if !filter.is_empty() => found(session, filter),
        (Tab::Roles, PlanId::Api) => roles_by_area(session),
    }
}

fn flow_roles<'a>(session: &'a Session, own: &'a [String]) -> Vec<Row<'a>> {
    let known = session.content.flow_roles.iter().map(|role| role.name.as_str());
    let mut names: Vec<&str> = known.collect();
    for name in own.iter().chain(&session.draft.parameters.roles) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut rows = vec![Row::Heading(session.content.words.roles().flow_roles().into())];
    rows.extend(names.into_iter().map(Row::Role));
    rows.push(Row::NewRole);
    rows
}

/// The search results, best first.
fn found<'a>(session: &'a Session, filter: &'a Filter) -> Vec<Row<'a>> {
    let words = session.content.words;
    let catalogue = &session.content.catalogue;
    let heading = match (filter.found(), filter.nearest()) {
        ([], []) => words.roles().no_match().to_owned(),
        ([], _) => words.roles().no_match_nearest().to_owned(),
        (found, _) => words.roles().found(found.len(), catalogue.roles.len()),
    };
    let mut rows = vec![Row::Heading(heading.into())];
    if let Some(problem) = filter.mistaken().and_then(|name| catalogue.why_not_a_role(name)) {
        let Explanation { what, why, .. } = problem.explain(words);
        rows.push(Row::Remark(words.roles().no_role(what, why)));
    }
    rows.extend(filter.found().iter().chain(filter.nearest()).map(|name| Row::Role(name)));
    if filter.found().is_empty() {
        rows.push(Row::Note(words.roles().esc_clears()));
    }
    rows
}

/// The roles of the purpose, then the others by area.
fn roles_by_area(session: &Session) -> Vec<Row<'_>> {
    let content = &session.content;
    let purpose = session.draft.purpose(content).filter(|purpose| (1..=LONGEST_GROUP).contains(&purpose.roles.len()));
    let mut rows = Vec::new();
    if let Some(purpose) = purpose {
        rows.push(Row::Heading(content.words.roles().for_purpose(&purpose.title).into()));
        rows.extend(purpose.roles.iter().map(|entry| Row::Role(&entry.role)));
    }
    for area in &content.catalogue.areas {
        let mut roles = content
            .catalogue
            .in_area(&area.id)
            .filter(|role| purpose.is_none_or(|purpose| purpose.why(&role.name).is_none()))
            .peekable();
        if roles.peek().is_some() {
            rows.push(Row::Heading(area.title.as_str().into()));
            rows.extend(roles.map(|role| Row::Role(&role.name)));
        }
    }
    rows
}

fn options(session: &Session) -> Vec<Row<'_>> {
    let parameters = &session.draft.parameters;
    let words = session.content.words.roles();
    let mut rows = vec![Row::Heading(words.grant_types().into())];
    rows.extend(session.content.grant_types.iter().map(|grant| Row::Grant(&grant.id)));
    if parameters.has_grant_type(AUTHORIZATION_CODE) || !parameters.redirect_uris.is_empty() {
        rows.push(Row::Heading(words.redirect_uris().into()));
        rows.extend((0..parameters.redirect_uris.len()).map(Row::RedirectUri));
        rows.push(Row::NewRedirectUri);
    }
    rows.push(Row::Heading(words.token().into()));
    rows.push(Row::Validity);
    rows
}

/// The values to step through, in seconds; any other one can be typed.
const USUAL_VALIDITIES: [u32; 6] = [3600, 7200, 14400, 28800, 43200, 86400];

/// Sets the next usual token validity.
pub fn next_validity(parameters: &mut InstanceParameters) {
    let now = parameters.effective_token_validity();
    let next = USUAL_VALIDITIES.iter().copied().find(|seconds| *seconds > now).unwrap_or(USUAL_VALIDITIES[0]);
    parameters.token_validity = (next != default_token_validity(parameters.plan)).then_some(next);
}
