//! The explanation of the focused row.

use ratatui::{style::Style, text::Line};

use super::{State, problems, rows::Row};
use crate::{
    domain::sap::{plan::PlanId, role::Role},
    model::Session,
    ui::{Theme, text},
};

/// Writes lines of one width.
struct Lines<'a> {
    lines: Vec<Line<'static>>,
    theme: &'a Theme,
    width: u16,
}

impl Lines<'_> {
    fn title(&mut self, words: &str) {
        self.lines.extend(text::wrap(words, self.width, self.theme.accent));
    }

    fn text(&mut self, words: &str) {
        if !words.is_empty() {
            self.lines.extend(text::wrap(words, self.width, self.theme.text));
        }
    }

    fn good(&mut self, words: &str) {
        self.marked(self.theme.glyphs.good, self.theme.good, words);
    }

    fn note(&mut self, words: &str) {
        self.marked(self.theme.glyphs.idle, self.theme.dim, words);
    }

    fn warning(&mut self, words: &str) {
        self.marked(self.theme.glyphs.warning, self.theme.warning, words);
    }

    fn bad(&mut self, words: &str) {
        self.marked(self.theme.glyphs.bad, self.theme.bad, words);
    }

    fn marked(&mut self, mark: &str, style: Style, words: &str) {
        if !words.is_empty() {
            self.lines.extend(text::wrap_bullet(mark, style, words, self.theme.text, self.width));
        }
    }

    /// A label and its values; nothing if there are none.
    fn fact<'a>(&mut self, label: &str, values: impl IntoIterator<Item = &'a str>) {
        let values: Vec<&str> = values.into_iter().collect();
        if !values.is_empty() {
            let spans = [(format!("{label} "), self.theme.dim), (values.join(", "), self.theme.text)];
            self.lines.extend(text::wrap_spans(&spans, self.width));
        }
    }
}

/// The lines about the focused row, then what the broker would refuse.
pub fn lines(state: &State, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let words = super::words(session);
    let mut to = Lines { lines: Vec::new(), theme, width };
    match state.focused(session) {
        Some(Row::Role(name)) => match session.content.catalogue.get(name) {
            Some(role) if session.draft.parameters.plan == PlanId::Api => api_role(role, session, &mut to),
            _ => flow_role(name, session, &mut to),
        },
        Some(Row::Grant(id)) => grant_type(id, session, &mut to),
        Some(Row::RedirectUri(_) | Row::NewRedirectUri) => {
            to.title(words.redirect_uris_title());
            to.text(words.redirect_uris_about());
        }
        Some(Row::NewRole) => {
            to.title(words.own_role_title());
            to.text(words.own_role_about());
        }
        Some(Row::Validity) => {
            to.title(words.validity_title());
            to.text(words.validity_about());
        }
        Some(Row::Heading(_) | Row::Remark(_)) | None => to.lines.push(Line::styled(words.no_match(), theme.dim)),
    }
    for problem in problems(session).into_iter().filter(|problem| problem.is_error()) {
        to.bad(&problem.short(session.content.words));
    }
    to.lines
}

/// Id of the link to the page that describes the focused row.
pub fn source<'a>(state: &State, session: &'a Session) -> Option<&'a str> {
    let Row::Role(name) = state.focused(session)? else { return None };
    let of_api = session.content.catalogue.get(name).map(|role| role.source.as_str());
    of_api.or_else(|| session.content.flow_role(name).map(|role| role.source.as_str()))
}

fn api_role(role: &Role, session: &Session, to: &mut Lines<'_>) {
    to.title(&role.name);
    to.text(&role.allows);
    need_of(role, session, to);
    risks_of(role, session, to);
    to.note(&role.note);
    let words = super::words(session);
    let catalogue = &session.content.catalogue;
    to.fact(words.personas(), catalogue.personas_with(&role.name).map(|other| other.name.as_str()));
    to.fact(words.contains(), role.contains.iter().map(String::as_str));
    to.fact(words.covers(), catalogue.covered_roles(role).map(|other| other.name.as_str()));
    to.fact(words.covered_by(), catalogue.wider_roles(role).map(|other| other.name.as_str()));
    to.fact(words.endpoints(), role.endpoints.iter().map(String::as_str));
    page(&role.source, session, to);
}

/// Why the purpose needs the role, or that something else already makes it unnecessary.
fn need_of(role: &Role, session: &Session, to: &mut Lines<'_>) {
    let words = super::words(session);
    let content = &session.content;
    let chosen = &session.draft.parameters;
    let purpose = session.draft.purpose(content).filter(|purpose| !purpose.roles.is_empty());
    match purpose.map(|purpose| purpose.why(&role.name)) {
        Some(Some(why)) => to.good(why),
        Some(None) if chosen.has_role(&role.name) => to.note(words.beyond_purpose()),
        _ => {}
    }
    if let Some(other) = content.catalogue.covered_by(&role.name, &chosen.roles) {
        to.note(&words.covered_by_ticked(&other.name));
    }
}

fn risks_of(role: &Role, session: &Session, to: &mut Lines<'_>) {
    if role.sensitive {
        to.warning(super::words(session).sensitive_about());
    }
    if let Some(problem) = role.not_everywhere() {
        let said = problem.explain(session.content.words);
        to.warning(&said.why);
        to.warning(&said.fix);
    }
}

fn flow_role(name: &str, session: &Session, to: &mut Lines<'_>) {
    to.title(name);
    let Some(role) = session.content.flow_role(name) else {
        to.text(super::words(session).unknown_flow_role());
        return;
    };
    to.text(&role.allows);
    if role.everywhere {
        to.note(&role.note);
    } else {
        to.warning(&role.note);
    }
    page(&role.source, session, to);
}

fn grant_type(id: &str, session: &Session, to: &mut Lines<'_>) {
    let Some(grant) = session.content.grant_type(id) else { return };
    to.title(&grant.title);
    to.text(&grant.about);
    to.fact(super::words(session).in_json(), [grant.id.as_str()]);
}

/// The address of the page that describes it.
fn page(link: &str, session: &Session, to: &mut Lines<'_>) {
    to.fact(super::words(session).source(), session.content.link(link).map(|link| link.url.as_str()));
}
