//! The linear form of the screen.

use super::{Row, State, compare, count_roles, draw, parameters, refused, rows};
use crate::{
    domain::sap::{
        guide::StepId,
        parameters::{Extent, JsonStyle},
        purpose::Purpose,
    },
    keymap::Action,
    model::{Session, Tone},
    ui::page::{Choice, Fact, Page, fact, said},
};

pub fn page(state: &State, session: &Session) -> Page {
    let words = session.content.words.purpose();
    let first = usize::from(session.resume.is_some());
    let choice = |(index, row): (usize, Row<'_>)| {
        let heading = match row {
            Row::Purpose(_) => (index == first).then(|| words.new_key().to_owned()),
            Row::Key => Some(words.existing_key().to_owned()),
            Row::Resume(_) | Row::Saved | Row::Practice => None,
        };
        choice(row, session).below(heading)
    };
    Page {
        choices: rows(session).into_iter().enumerate().map(choice).collect(),
        focus: state.focus(session),
        details: details(state, session),
        ..Page::new(session.content.step(StepId::Purpose).intro.lines().map(said).collect())
    }
}

fn choice(row: Row<'_>, session: &Session) -> Choice {
    let (words, plain) = (session.content.words.purpose(), session.content.words.plain());
    let text = match row {
        Row::Purpose(purpose) => {
            let count = words.roles(count_roles(purpose, session));
            let is_chosen = session.draft.purpose.as_ref() == Some(&purpose.id);
            let text = plain.fact(&purpose.title, plain.pair(&purpose.short, count));
            return Choice::new(text, Action::Toggle).chosen(is_chosen);
        }
        Row::Resume(resumable) => {
            plain.fact(draw::resume_title(resumable, session), draw::resume_text(resumable, session))
        }
        Row::Key => plain.fact(words.key_row(), words.key_row_hint()),
        Row::Saved => plain.fact(words.saved_row(), draw::latest(session)),
        Row::Practice => plain.fact(words.practice_row(), words.practice_row_hint()),
    };
    Choice::new(text, Action::Toggle)
}

fn details(state: &State, session: &Session) -> Vec<Fact> {
    let words = session.content.words.purpose();
    if let Some((purpose, chosen)) = state.compared(session) {
        let lists = compare::lists(purpose, chosen, session).into_iter();
        let lists = lists.map(|(heading, names)| fact(&heading, &names.join(", "), session.content.words));
        return [said(words.compared(&purpose.title, &chosen.title))].into_iter().chain(lists).collect();
    }
    match state.focused(session) {
        Row::Resume(_) => vec![said(words.resume_about())],
        Row::Key => vec![said(words.key_about())],
        Row::Saved => vec![said(words.saved_about(session.saved.systems().len()))],
        Row::Practice => vec![said(words.practice_about())],
        Row::Purpose(purpose) => about(purpose, session),
    }
}

/// What a purpose means, its roles, and its JSON to copy.
fn about(purpose: &Purpose, session: &Session) -> Vec<Fact> {
    let words = session.content.words.purpose();
    let parameters = parameters(purpose, session);
    let mut facts = vec![said(&purpose.about)];
    if !purpose.warning.is_empty() {
        facts.push(Fact::Said(Some(Tone::Warning), purpose.warning.clone()));
    }
    if !parameters.roles.is_empty() {
        facts.push(fact(&words.roles(parameters.roles.len()), &parameters.roles.join(", "), session.content.words));
    }
    if refused(purpose, session).is_none() {
        facts.push(Fact::Heading(words.copies().to_owned()));
        facts.push(Fact::Text(parameters.to_json(JsonStyle::Pretty, Extent::Full)));
    }
    facts
}
