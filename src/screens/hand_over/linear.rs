//! The screen as sentences.

use super::{
    Part, Row, State, draw, link,
    rows::{export_at, file_names, step_at},
    stored,
};
use crate::{
    domain::{finding::Verdict, text::markup},
    keymap::Action,
    model::{Session, Tone},
    ui::page::{Choice, Fact, Page, fact, said},
};

pub fn page(state: &State, session: &Session) -> Page {
    let words = session.content.words;
    if let Some(form) = &state.form {
        return form.page(words);
    }
    let mut facts = vec![tested(session), said(stored(session))];
    facts.extend(link(session).map(|link| fact(&link.title, &link.url, words)));
    let rows = state.rows(session);
    let choice = |(index, (part, row)): (usize, &(Part, Row))| {
        let begins = index == 0 || rows[index - 1].0 != *part;
        let heading = begins.then(|| draw::title(*part, session));
        Choice::new(text(row, session), Action::Toggle).below(heading)
    };
    Page {
        choices: rows.iter().enumerate().map(choice).collect(),
        focus: state.focus,
        details: details(state, session),
        ..Page::new(facts)
    }
}

/// The outcome of the test.
fn tested(session: &Session) -> Fact {
    let words = session.content.words.hand_over();
    match session.run.as_ref().and_then(|run| run.verdict()) {
        Some(Verdict::Ready) => Fact::Said(Some(Tone::Good), words.tested_ready().to_owned()),
        Some(verdict) => Fact::Said(Some(Tone::Warning), words.tested(verdict.shown(session.content.words))),
        None => Fact::Said(Some(Tone::Warning), words.untested().to_owned()),
    }
}

fn text(row: &Row, session: &Session) -> String {
    let plain = session.content.words.plain();
    let label = draw::label(row, session).unwrap_or_default();
    match row {
        Row::Step(at) => markup::plain(&step_at(*at, session)),
        Row::Export(at) => match export_at(*at, session) {
            Some(target) => plain.fact(label, file_names(target, session)),
            None => label.to_owned(),
        },
        row => plain.fact(label, draw::said(row, session)),
    }
}

/// What the export with the focus is for.
fn details(state: &State, session: &Session) -> Vec<Fact> {
    match state.focused(session) {
        Some(Row::Export(at)) => export_at(at, session).map(|target| said(&target.about)).into_iter().collect(),
        _ => Vec::new(),
    }
}
