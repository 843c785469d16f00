//! The screen as sentences.

use super::{Mode, Row, State, about, draw, problems, words};
use crate::{
    domain::{
        sap::{parameters::ParameterProblem, plan::PlanId},
        text::safe_text::SafeText,
    },
    keymap::Action,
    model::{Session, Tone},
    ui::page::{Choice, Fact, Page, PageField, said, tone},
};

pub fn page(state: &State, session: &Session) -> Page {
    match &state.mode {
        Mode::Editor => editor(state, session),
        Mode::Typing(typing) => typing.form.page(Vec::new(), &|_| typing.remark(session)),
        Mode::Filter => {
            let field = PageField {
                label: session.content.words.plain().filter().to_owned(),
                text: state.filter.text().to_owned(),
                masked: false,
                optional: true,
                remark: None,
            };
            Page { fields: vec![field], field: Some(0), ..Page::default() }
        }
        Mode::List => list(state, session),
    }
}

fn list(state: &State, session: &Session) -> Page {
    let mut facts = vec![said(count(session))];
    let mut choices = Vec::new();
    let mut heading = None;
    for row in state.rows(session) {
        match row {
            Row::Heading(title) => heading = Some(title.into_owned()),
            Row::Remark(remark) => facts.push(Fact::Said(Some(Tone::Warning), remark)),
            row => choices.push(choice(&row, session).below(heading.take())),
        }
    }
    if !state.filter.is_empty() {
        facts.push(said(session.content.words.plain().filtered(choices.len(), state.filter.text())));
    }
    let refused = problems(session).into_iter().filter(ParameterProblem::is_error);
    facts.extend(refused.map(|problem| Fact::Said(Some(Tone::Error), problem.short(session.content.words))));
    Page { choices, focus: state.focus, details: about::facts(state, session), ..Page::new(facts) }
}

/// How many roles are ticked, and how that differs from what the purpose needs.
fn count(session: &Session) -> String {
    let (labels, parameters) = (words(session), &session.draft.parameters);
    if parameters.plan == PlanId::IntegrationFlow {
        return labels.for_flows().to_owned();
    }
    let count = labels.ticked(parameters.roles.len(), session.content.catalogue.roles.len());
    session.content.words.plain().pair(count, draw::compared_with_purpose(session))
}

fn choice(row: &Row<'_>, session: &Session) -> Choice {
    let (labels, plain) = (words(session), session.content.words.plain());
    let parameters = &session.draft.parameters;
    match *row {
        Row::Role(name) => {
            let (hint, tags) = match parameters.plan {
                PlanId::Api => {
                    let hint = session.content.catalogue.get(name).map_or("", |role| role.brief.as_str());
                    (hint, draw::api_tags(name, session))
                }
                PlanId::IntegrationFlow => {
                    let hint = session.content.flow_role(name).map_or(labels.own_role(), |role| &role.brief);
                    (hint, draw::flow_tags(name, session))
                }
            };
            let said: Vec<&str> = [hint].into_iter().chain(tags).filter(|part| !part.is_empty()).collect();
            let text = if said.is_empty() { name.to_owned() } else { plain.fact(name, said.join(", ")) };
            Choice::new(text, Action::Toggle).chosen(parameters.has_role(name))
        }
        Row::Grant(id) => {
            let title = session.content.grant_type(id).map_or("", |grant| &grant.title);
            let name = id.rsplit(':').next().unwrap_or(id);
            Choice::new(plain.fact(name, title), Action::Toggle).chosen(parameters.has_grant_type(id))
        }
        Row::Validity => Choice::new(plain.fact("token-validity", draw::validity(session)), Action::Toggle),
        Row::RedirectUri(index) => {
            let uri = parameters.redirect_uris.get(index).map_or("", String::as_str);
            Choice::new(SafeText::line(uri).as_str(), Action::Toggle)
        }
        Row::NewRedirectUri => Choice::new(labels.new_redirect_uri(), Action::Toggle),
        Row::NewRole => Choice::new(labels.new_role(), Action::Toggle),
        // Neither can have the focus.
        Row::Heading(_) | Row::Remark(_) => Choice::to_look_at(""),
    }
}

/// The JSON that is being edited, and what the broker would refuse in it.
fn editor(state: &State, session: &Session) -> Page {
    let plain = session.content.words.plain();
    let mut facts = vec![said(plain.replace_json()), Fact::Text(state.editor.text())];
    let said_of = |problem: &ParameterProblem| {
        Fact::Said(Some(tone(problem.severity())), state.editor.said(problem, session.content.words))
    };
    facts.extend(state.editor.problems().iter().map(said_of));
    Page::new(facts)
}
