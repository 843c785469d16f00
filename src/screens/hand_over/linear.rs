//! The linear form of the screen.

use super::{
    Part, Row, State, draw,
    exports::Exports,
    link,
    rows::{Value, export_at, file_names, preview, step_at, step_tick},
    stored,
};
use crate::{
    domain::{finding::Verdict, handover::export::ExportTarget, sap::parameters::JsonStyle, text::markup},
    keymap::Action,
    model::{Session, Tone},
    ui::page::{Choice, Fact, Page, fact, said},
};

pub fn page(state: &State, session: &Session) -> Page {
    let words = session.content.words;
    if let Some(form) = &state.form {
        return form.page(session);
    }
    if let Some(list) = &state.exports {
        return exports(list, session);
    }
    let mut facts = vec![tested(session), said(stored(session))];
    facts.extend(link(session).map(|link| fact(&link.title, &link.url, words)));
    let rows = state.rows(session);
    let choice = |(index, (part, row)): (usize, &(Part, Row))| {
        let begins = index == 0 || rows[index - 1].0 != *part;
        let heading = draw::heading(*part, session).filter(|_| begins);
        let choice = Choice::new(text(row, session), Action::Toggle).below(heading);
        match row {
            Row::Step(at) => choice.chosen(session.draft.ticks.contains(&step_tick(*at, session))),
            _ => choice,
        }
    };
    Page { choices: rows.iter().enumerate().map(choice).collect(), focus: state.focus, ..Page::new(facts) }
}

/// The exports that match the filter, and the files of the focused one.
fn exports(list: &Exports, session: &Session) -> Page {
    let words = session.content.words;
    let hits = list.hits(session);
    let targets = hits.iter().filter_map(|hit| export_at(hit.place, session));
    let choice = |target: &ExportTarget| {
        Choice::new(words.plain().fact(&target.title, file_names(target, session)), Action::Toggle)
    };
    let focused = list.focused(session);
    let details = focused
        .into_iter()
        .flat_map(|target| [Some(said(&target.about)), preview(target, session).map(Fact::Text)].into_iter().flatten());
    let search = list.query.text();
    let mut facts = vec![fact(words.hand_over().consumer(), search, words)];
    if hits.is_empty() {
        facts.push(said(words.hand_over().no_export()));
    }
    Page { choices: targets.map(choice).collect(), focus: list.focus, details: details.collect(), ..Page::new(facts) }
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
    match row {
        Row::Step(at) => markup::plain(&step_at(*at, session)),
        Row::Value(Value::Parameters) => {
            let json = session.parameters_json(JsonStyle::Pretty);
            let on_one_line = json.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            session.content.words.plain().fact(draw::label(row, session), on_one_line)
        }
        Row::Value(value) if value.text(session).is_none() => {
            // Asterisks are not read out.
            let asks = session.content.words.hand_over().asks_before_copying("");
            session.content.words.plain().fact(draw::label(row, session), asks.trim())
        }
        row => session.content.words.plain().fact(draw::label(row, session), draw::said(row, session)),
    }
}
