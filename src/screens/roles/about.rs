//! The explanation of the focused row.

use ratatui::text::Line;

use super::{State, problems, rows::Row};
use crate::{
    domain::{
        sap::{plan::PlanId, role::Role},
        text::wrap::NO_BREAK,
    },
    model::{Session, Tone},
    ui::{
        Theme,
        page::{self, Fact},
        text,
    },
};

/// A statement about the row.
enum Said {
    Title(String),
    Text(String),
    Marked(Tone, String),
    /// A label and its values.
    Fact(&'static str, String),
}

/// The statements, in order. Empty ones are dropped.
#[derive(Default)]
struct Explained(Vec<Said>);

impl Explained {
    fn title(&mut self, words: &str) {
        self.0.push(Said::Title(words.to_owned()));
    }

    fn text(&mut self, words: &str) {
        if !words.is_empty() {
            self.0.push(Said::Text(words.to_owned()));
        }
    }

    fn good(&mut self, words: &str) {
        self.marked(Tone::Good, words);
    }

    fn note(&mut self, words: &str) {
        self.marked(Tone::Note, words);
    }

    fn warning(&mut self, words: &str) {
        self.marked(Tone::Warning, words);
    }

    fn bad(&mut self, words: &str) {
        self.marked(Tone::Error, words);
    }

    fn marked(&mut self, tone: Tone, words: &str) {
        if !words.is_empty() {
            self.0.push(Said::Marked(tone, words.to_owned()));
        }
    }

    fn fact<'a>(&mut self, label: &'static str, values: impl IntoIterator<Item = &'a str>) {
        let values: Vec<&str> = values.into_iter().collect();
        if !values.is_empty() {
            self.0.push(Said::Fact(label, values.join(", ")));
        }
    }
}

/// The lines about the focused row, then what the broker would refuse.
pub fn lines(state: &State, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let mut to = Explained::default();
    explain(state, session, &mut to);
    for problem in problems(session).into_iter().filter(|problem| problem.is_error()) {
        to.bad(&problem.short(session.content.words));
    }
    let glyphs = theme.glyphs;
    let lines = to.0.into_iter().flat_map(|said| match said {
        Said::Title(words) => text::wrap(&words, width, theme.title),
        Said::Text(words) => text::wrap(&words, width, theme.text),
        Said::Marked(tone, words) => {
            let (mark, style) = match tone {
                Tone::Good => (glyphs.good, theme.good),
                Tone::Note => (glyphs.idle, theme.dim),
                Tone::Warning => (glyphs.warning, theme.warning),
                Tone::Error => (glyphs.bad, theme.bad),
            };
            text::wrap_bullet(mark, style, &words, theme.text, width)
        }
        Said::Fact(label, values) => {
            // No line breaks within a value, for example between the method and path of a request.
            let values = values.replace(' ', &NO_BREAK.to_string()).replace(&format!(",{NO_BREAK}"), ", ");
            text::wrap_spans(&[(format!("{label} "), theme.title), (values, theme.text)], width)
        }
    });
    lines.collect()
}

/// The same content as sentences, without what the broker would refuse.
pub fn facts(state: &State, session: &Session) -> Vec<Fact> {
    let mut to = Explained::default();
    explain(state, session, &mut to);
    let facts = to.0.into_iter().map(|said| match said {
        Said::Title(words) | Said::Text(words) => page::said(words),
        Said::Marked(tone, words) => Fact::Said(Some(tone), words),
        Said::Fact(label, values) => page::fact(label, &values, session.content.words),
    });
    facts.collect()
}

fn explain(state: &State, session: &Session, to: &mut Explained) {
    let words = super::words(session);
    match state.focused(session) {
        Some(Row::Role(name)) => match session.content.catalogue.get(name) {
            Some(role) if session.draft.parameters.plan == PlanId::Api => api_role(role, session, to),
            _ => flow_role(name, session, to),
        },
        Some(Row::Grant(id)) => grant_type(id, session, to),
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
        // The list already says that nothing matches.
        Some(Row::Heading(_) | Row::Remark(_) | Row::Note(_)) | None => {}
    }
}

/// Id of the link to the page that describes the focused row.
pub fn source<'a>(state: &State, session: &'a Session) -> Option<&'a str> {
    let Row::Role(name) = state.focused(session)? else { return None };
    let of_api = session.content.catalogue.get(name).map(|role| role.source.as_str());
    of_api.or_else(|| session.content.flow_role(name).map(|role| role.source.as_str()))
}

fn api_role(role: &Role, session: &Session, to: &mut Explained) {
    to.title(&role.name);
    to.text(&role.allows);
    let is_known = offered(&role.name, session, to);
    need_of(role, session, to);
    risks_of(role, is_known, session, to);
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

/// Why the purpose needs the role, or why it is unnecessary.
fn need_of(role: &Role, session: &Session, to: &mut Explained) {
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

/// The risks of a role; its availability in this landscape may already be known.
fn risks_of(role: &Role, is_known: bool, session: &Session, to: &mut Explained) {
    if role.sensitive {
        to.warning(super::words(session).sensitive_about());
    }
    if let Some(problem) = role.not_everywhere().filter(|_| !is_known) {
        let said = problem.explain(session.content.words);
        to.warning(&said.why);
        to.warning(&said.fix);
    }
}

/// Whether this landscape offers the role, if known.
fn offered(name: &str, session: &Session, to: &mut Explained) -> bool {
    let words = super::words(session);
    let place = session.cloud.place.as_ref().map(|place| place.shown().to_string()).unwrap_or_default();
    match session.is_offered(name) {
        Some(true) => to.good(&words.offered_here(&place)),
        Some(false) => to.bad(&words.not_offered_here(&place)),
        None => return false,
    }
    true
}

fn flow_role(name: &str, session: &Session, to: &mut Explained) {
    to.title(name);
    let Some(role) = session.content.flow_role(name) else {
        to.text(super::words(session).unknown_flow_role());
        return;
    };
    to.text(&role.allows);
    match offered(name, session, to) {
        false if !role.everywhere => to.warning(&role.note),
        _ => to.note(&role.note),
    }
    page(&role.source, session, to);
}

fn grant_type(id: &str, session: &Session, to: &mut Explained) {
    let Some(grant) = session.content.grant_type(id) else { return };
    to.title(&grant.title);
    to.text(&grant.about);
    to.fact(super::words(session).in_json(), [grant.id.as_str()]);
}

/// The URL of the page that describes it.
fn page(link: &str, session: &Session, to: &mut Explained) {
    to.fact(super::words(session).source(), session.content.link(link).map(|link| link.url.as_str()));
}
