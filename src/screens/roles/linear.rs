//! The linear form of the screen.

use super::{Mode, Row, State, about, draw, problems, row, words};
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
            Row::Note(note) => facts.push(said(note)),
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
    let count = labels.tab_roles(parameters.roles.len(), session.content.catalogue.roles.len());
    session.content.words.plain().pair(count, draw::compared_with_purpose(session))
}

fn choice(row: &Row<'_>, session: &Session) -> Choice {
    let (labels, plain) = (words(session), session.content.words.plain());
    let parameters = &session.draft.parameters;
    match *row {
        Row::Role(name) => {
            let said = row::sentences(name, session);
            let text = if said.is_empty() { name.to_owned() } else { plain.fact(name, said.join(", ")) };
            Choice::new(text, Action::Toggle).chosen(parameters.has_role(name))
        }
        Row::Grant(id) => {
            let title = session.content.grant_type(id).map_or("", |grant| &grant.title);
            let name = id.rsplit(':').next().unwrap_or(id);
            Choice::new(plain.fact(name, title), Action::Toggle).chosen(parameters.has_grant_type(id))
        }
        Row::Validity => Choice::new(plain.fact("token-validity", row::validity(session)), Action::Toggle),
        Row::RedirectUri(index) => {
            let uri = parameters.redirect_uris.get(index).map_or("", String::as_str);
            Choice::new(SafeText::line(uri).as_str(), Action::Toggle)
        }
        Row::NewRedirectUri => Choice::new(labels.new_redirect_uri(), Action::Toggle),
        Row::NewRole => Choice::new(labels.new_role(), Action::Toggle),
        // None of them is focusable.
        Row::Heading(_) | Row::Remark(_) | Row::Note(_) => Choice::to_look_at(""),
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
