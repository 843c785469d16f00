//! What there is to say about the focused row: the details.

use ratatui::text::Line;

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

    fn quiet(&mut self, words: &str) {
        if !words.is_empty() {
            self.marked(self.theme.glyphs.idle, self.theme.dim, words);
        }
    }

    fn warning(&mut self, words: &str) {
        self.marked(self.theme.glyphs.warning, self.theme.warning, words);
    }

    fn bad(&mut self, words: &str) {
        self.marked(self.theme.glyphs.bad, self.theme.bad, words);
    }

    fn marked(&mut self, mark: &str, style: ratatui::style::Style, words: &str) {
        self.lines.extend(text::wrap_bullet(mark, style, words, self.theme.text, self.width));
    }

    /// A fact: what it is, and its values. Nothing where there are none.
    fn fact(&mut self, title: &str, values: &[&str]) {
        if !values.is_empty() {
            let spans = [(format!("{title}: "), self.theme.dim), (values.join(", "), self.theme.text)];
            self.lines.extend(text::wrap_spans(&spans, self.width));
        }
    }
}

/// The lines about the focused row, then what the broker would refuse.
pub fn lines(state: &State, session: &Session, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let mut to = Lines { lines: Vec::new(), theme, width };
    match state.focused(session) {
        Some(Row::Role(name)) => match session.content.catalogue.get(&name) {
            Some(role) if session.draft.parameters.plan == PlanId::Api => api_role(role, session, &mut to),
            _ => flow_role(&name, session, &mut to),
        },
        Some(Row::Grant(id)) => {
            if let Some(grant) = session.content.grant_type(&id) {
                to.title(&grant.title);
                to.text(&grant.about);
                to.fact("In the JSON", &[grant.id.as_str()]);
            }
        }
        Some(Row::RedirectUri(_) | Row::NewRedirectUri) => {
            to.title("Redirect URIs");
            to.text(
                "Where the login of authorization_code may send its answer: the address of your application. \
                 Space opens it; emptied, it is taken out.",
            );
        }
        Some(Row::NewRole) => {
            to.title("A role of your own");
            to.text(
                "A user role that was made in Integration Suite, Monitor > User Roles, and that a flow asks for. \
                 a-z, A-Z, 0-9, underscore and dot.",
            );
        }
        Some(Row::Validity) => {
            to.title("Token validity");
            to.text(
                "How long a token lasts, 3600 to 86400 seconds (1 to 24 hours). Space steps through the usual values, \
                 e lets you type one.",
            );
        }
        Some(Row::Heading(_)) | None => to.lines.push(Line::styled("No role has these words.", theme.dim)),
    }
    for problem in problems(session).into_iter().filter(|problem| problem.is_error()) {
        to.bad(&problem.short(session.content.words));
    }
    to.lines
}

/// Id of the link to the page that describes the focused row.
pub fn source<'a>(state: &State, session: &'a Session) -> Option<&'a str> {
    let Row::Role(name) = state.focused(session)? else { return None };
    let of_api = session.content.catalogue.get(&name).map(|role| role.source.as_str());
    of_api.or_else(|| session.content.flow_role(&name).map(|role| role.source.as_str()))
}

fn api_role(role: &Role, session: &Session, to: &mut Lines<'_>) {
    let content = &session.content;
    let chosen = &session.draft.parameters;
    let purpose = session.draft.purpose(content).filter(|purpose| !purpose.roles.is_empty());
    to.title(&role.name);
    to.text(&role.allows);
    match purpose.map(|purpose| purpose.why(&role.name)) {
        Some(Some(why)) => to.good(why),
        Some(None) if chosen.has_role(&role.name) => to.quiet("More than this purpose needs."),
        _ => {}
    }
    if let Some(other) = content.catalogue.covered_by(&role.name, &chosen.roles) {
        to.quiet(&format!("Covered by {}, which is ticked.", other.name));
    }
    if role.sensitive {
        to.warning("Sensitive: opens payloads, secrets or a wide part of the tenant.");
    }
    if let Some(problem) = role.not_everywhere() {
        let said = problem.explain(content.words);
        to.warning(&said.why);
        to.warning(&said.fix);
    }
    to.quiet(&role.note);
    let names = |roles: Vec<&Role>| -> Vec<String> { roles.into_iter().map(|role| role.name.clone()).collect() };
    let catalogue = &content.catalogue;
    for (title, values) in [
        ("In the persona", names(catalogue.personas_with(&role.name).collect())),
        ("Contains", role.contains.clone()),
        ("Covers", names(catalogue.covered_roles(role).collect())),
        ("Covered by", names(catalogue.wider_roles(role).collect())),
        ("Opens", role.endpoints.clone()),
        ("Source", content.link(&role.source).map(|link| link.url.clone()).into_iter().collect()),
    ] {
        to.fact(title, &values.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

fn flow_role(name: &str, session: &Session, to: &mut Lines<'_>) {
    to.title(name);
    let Some(role) = session.content.flow_role(name) else {
        to.text("A user role of your own. It opens the flows whose sender channel asks for exactly this name.");
        return;
    };
    to.text(&role.allows);
    if role.everywhere {
        to.quiet(&role.note);
    } else {
        to.warning(&role.note);
    }
    to.fact(
        "Source",
        &session.content.link(&role.source).map(|link| link.url.as_str()).into_iter().collect::<Vec<_>>(),
    );
}
