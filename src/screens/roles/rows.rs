//! The rows of the checklist.

use crate::{
    domain::sap::{
        parameters::{InstanceParameters, default_token_validity},
        plan::{AUTHORIZATION_CODE, PlanId},
    },
    model::Session,
};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Heading of a group.
    Heading(String),
    /// A role, by name.
    Role(String),
    /// Where a role of the plan `integration-flow` is typed.
    NewRole,
    /// A grant type, by id.
    Grant(String),
    /// The redirect URI at this place.
    RedirectUri(usize),
    /// Where a redirect URI is typed.
    NewRedirectUri,
    /// How long a token lasts.
    Validity,
}

impl Row {
    /// True for rows that can have the focus.
    pub fn selectable(&self) -> bool {
        !matches!(self, Row::Heading(_))
    }
}

/// A preset longer than this is no group of its own: the areas say more.
const LONGEST_GROUP: usize = 12;

/// The rows for a filter: the purpose's roles first, then the others by area, then grant types and validity. `own` are roles
/// of the plan `integration-flow` that were ticked at some time: unticked, they keep their row.
pub fn rows(session: &Session, filter: &str, own: &[String]) -> Vec<Row> {
    let content = &session.content;
    let chosen = &session.draft.parameters.roles;
    let mut rows = Vec::new();
    if session.draft.parameters.plan == PlanId::IntegrationFlow {
        rows.push(Row::Heading("Roles of the integration flows".to_owned()));
        let mut names: Vec<&String> = content.flow_roles.iter().map(|role| &role.name).collect();
        for name in own.iter().chain(chosen) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        rows.extend(names.into_iter().cloned().map(Row::Role));
        rows.push(Row::NewRole);
        push_settings(session, &mut rows);
        return rows;
    }
    if !filter.trim().is_empty() {
        let found = content.catalogue.search(filter);
        rows.push(Row::Heading(format!("{} of {} roles", found.len(), content.catalogue.roles.len())));
        rows.extend(found.into_iter().map(|role| Row::Role(role.name.clone())));
        return rows;
    }
    let purpose = session.draft.purpose(content).filter(|purpose| (1..=LONGEST_GROUP).contains(&purpose.roles.len()));
    if let Some(purpose) = purpose {
        rows.push(Row::Heading(format!("For {}", purpose.title)));
        rows.extend(purpose.role_names().into_iter().map(Row::Role));
    }
    for area in &content.catalogue.areas {
        let mut roles = content
            .catalogue
            .in_area(&area.id)
            .filter(|role| purpose.is_none_or(|purpose| purpose.why(&role.name).is_none()))
            .peekable();
        if roles.peek().is_some() {
            rows.push(Row::Heading(area.title.clone()));
            rows.extend(roles.map(|role| Row::Role(role.name.clone())));
        }
    }
    push_settings(session, &mut rows);
    rows
}

fn push_settings(session: &Session, rows: &mut Vec<Row>) {
    let parameters = &session.draft.parameters;
    rows.push(Row::Heading("Grant types".to_owned()));
    rows.extend(session.content.grant_types.iter().map(|grant| Row::Grant(grant.id.clone())));
    if parameters.has_grant_type(AUTHORIZATION_CODE) || !parameters.redirect_uris.is_empty() {
        rows.push(Row::Heading("Redirect URIs of authorization_code".to_owned()));
        rows.extend((0..parameters.redirect_uris.len()).map(Row::RedirectUri));
        rows.push(Row::NewRedirectUri);
    }
    rows.push(Row::Heading("Token".to_owned()));
    rows.push(Row::Validity);
}

/// The lifetimes that the row steps through, in seconds; any other one can be typed.
const LIFETIMES: [u32; 6] = [3600, 7200, 14400, 28800, 43200, 86400];

/// The next usual lifetime after the one that is set.
pub fn next_validity(parameters: &mut InstanceParameters) {
    let now = parameters.effective_token_validity();
    let next = LIFETIMES.iter().copied().find(|seconds| *seconds > now).unwrap_or(LIFETIMES[0]);
    parameters.token_validity = (next != default_token_validity(parameters.plan)).then_some(next);
}
