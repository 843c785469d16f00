//! The linear form of the screen.

use super::{Mode, Row, State, draw, forms, pane, rows};
use crate::{
    domain::{key::service_key::Field, sap::guide::StepId, text::shown::Shown as _},
    keymap::Action,
    model::{Session, Tone},
    ui::page::{self, Choice, Fact, Page, fact, said},
};

pub fn page(state: &State, session: &Session) -> Page {
    let words = session.content.words.quick_fill();
    match &state.mode {
        Mode::File(field) => field.page(session),
        Mode::Fields(form) => {
            let remark = |index| forms::remark(form, index, session.content.words);
            form.page(vec![said(words.fields_about())], &remark)
        }
        Mode::View if session.key.reading.is_none() => empty(state, session),
        Mode::View => key(state, session),
    }
}

fn empty(state: &State, session: &Session) -> Page {
    let words = session.content.words;
    let mut facts = vec![
        said(&session.content.step(StepId::QuickFill).intro),
        said(words.quick_fill().no_key()),
        said(words.plain().how_to_give_a_key()),
    ];
    facts.extend(pane::example_facts(session));
    Page { choices: choices(session), focus: state.at(session), ..Page::new(facts) }
}

/// The focusable rows: practice keys and the link to the saved systems, or the keys of a text with several.
fn choices(session: &Session) -> Vec<Choice> {
    let (words, plain) = (session.content.words.quick_fill(), session.content.words.plain());
    let rows = rows(session);
    let choice = |(index, row): (usize, &Row)| match *row {
        Row::Sample(at) => {
            let text = session.samples.get(at).map(|sample| plain.fact(&sample.title, &sample.about));
            let heading = (index == 0).then(|| words.practice_keys().to_owned());
            Choice::new(text.unwrap_or_default(), Action::Toggle).below(heading)
        }
        Row::Systems => {
            let text = words.saved_systems(session.saved.systems().len());
            Choice::new(text, Action::Toggle).below(Some(words.or_saved().to_owned()))
        }
        Row::Key(at) => {
            let found = session.key.reading.as_ref().and_then(|reading| reading.keys.get(at));
            let name = found.map(|found| draw::name_of(found, at, words)).unwrap_or_default();
            let url = found.and_then(|found| found.summary.url.clone()).unwrap_or_default();
            Choice::to_look_at(plain.fact(name, url.as_str())).chosen(at == session.key.selected)
        }
    };
    rows.iter().enumerate().map(choice).collect()
}

fn key(state: &State, session: &Session) -> Page {
    let words = session.content.words;
    let choices = choices(session);
    let mut facts = Vec::new();
    if !choices.is_empty() {
        facts.push(said(words.quick_fill().several(choices.len())));
    }
    let (tone, headline) = draw::judgement(session);
    facts.push(Fact::Said(Some(tone), words.plain().fact(headline, draw::source(session))));
    if let Some(found) = session.key.found() {
        facts.push(said(draw::kind(found, words)));
        facts.extend(found.fields().iter().map(|field| of_field(field, state, session)));
        if session.key.usable().is_some() {
            facts.push(said(draw::what_is_sent(found, words)));
        }
    }
    let found = session.content.findings.explain_together(&session.key.findings(), words);
    facts.extend(page::findings(&found, words));
    if let Some(found) = session.key.usable().and(session.key.found()) {
        facts.extend(pane::facts(found, session));
    }
    if session.key.found().is_none() {
        facts.extend(pane::example_facts(session));
    }
    Page { choices, focus: state.at(session), ..Page::new(facts) }
}

fn of_field(field: &Field, state: &State, session: &Session) -> Fact {
    let words = session.content.words;
    let Some(value) = &field.value else {
        return Fact::Said(Some(Tone::Error), words.plain().fact(field.label, words.quick_fill().missing()));
    };
    let revealed = draw::revealed(field, state, session);
    let hidden = field.secret && revealed.is_none();
    let shown = match revealed {
        Some(secret) => secret,
        None if hidden => words.quick_fill().hidden().to_owned(),
        None => value.shown(words),
    };
    fact(field.label, &shown, words)
}
