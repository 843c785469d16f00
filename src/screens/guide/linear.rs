//! The linear form of the screen.

use super::{
    Item, Mode, State, form,
    page::{Fold, tick_id},
    values,
    view::TextView,
};
use crate::{
    domain::{sap::guide::Instruction, text::markup},
    keymap::Action,
    model::Session,
    ui::page::{Choice, Fact, Page, fact, said, tone},
};

pub fn page(state: &State, session: &Session) -> Page {
    match &state.mode {
        Mode::Typing(typing) => typing.form.page(Vec::new(), &|_| typing.remark(session.content.words)),
        Mode::Text(view) => {
            Page::new(vec![ways(state, session), said(view.about(session)), Fact::Text(state.text(*view, session))])
        }
        Mode::Page => instructions(state, session),
    }
}

/// The methods for the part, and which one is shown.
fn ways(state: &State, session: &Session) -> Fact {
    let words = session.content.words;
    let titles = TextView::ways(state.part.task()).into_iter().map(|way| {
        let title = TextView::title(way, words);
        if way == state.text_view() { words.plain().marked(title) } else { title.to_owned() }
    });
    fact(words.guide().with(), &titles.collect::<Vec<_>>().join(", "), words)
}

fn instructions(state: &State, session: &Session) -> Page {
    let words = session.content.words;
    let labels = words.guide();
    let mut facts = vec![ways(state, session)];
    if let Some(page) = state.pages(session).last() {
        facts.extend([Fact::Heading(page.title.clone()), said(plain(&page.intro, session))]);
    }
    facts.push(Fact::Heading(labels.values().to_owned()));
    facts.extend(values::of(state.part, session).iter().map(|value| fact(value.label, value.shown(), words)));
    facts.extend(values::place(session).map(|(label, value)| fact(label, value, words)));
    if state.part.has_form() {
        let refused = form::problems(session);
        facts.extend(refused.iter().map(|problem| Fact::Said(Some(tone(problem.severity())), problem.short(words))));
    }
    let (done, all) = state.progress(session);
    facts.push(fact(labels.steps(), &labels.progress(done, all), words));
    let choice = |item: &Item<'_>| match item {
        Item::Form(row) => Choice::new(row.said(session), Action::Toggle),
        Item::DoIt => Choice::new(words.cloud().do_it_row(), Action::Toggle),
        Item::Fold(fold) => {
            let (title, remark) = state.fold_said(*fold, session);
            Choice::new(words.plain().fact(title, remark), Action::Toggle)
        }
        Item::Do(page, _, tick) => Choice::new(plain(&tick.text, session), Action::Toggle)
            .chosen(session.draft.ticks.contains(&tick_id(page, tick))),
        Item::Trouble(trouble) => Choice::to_look_at(plain(&trouble.when, session)),
        Item::Part(part) => Choice::new(part.page_title(session), Action::Toggle),
    };
    let items = state.items(session);
    Page {
        choices: items.iter().map(choice).collect(),
        focus: state.focus,
        details: items.get(state.focus).map(|item| details(state, item, session)).unwrap_or_default(),
        ..Page::new(facts)
    }
}

/// Details: full instructions, solutions, the meaning of a value.
fn details(state: &State, item: &Item<'_>, session: &Session) -> Vec<Fact> {
    let words = session.content.words;
    let link = |id: Option<&str>| {
        let link = id.and_then(|id| session.content.link(id));
        link.map(|link| fact(&link.title, &link.url, words))
    };
    match item {
        Item::DoIt => vec![said(state.part.do_it_about(words))],
        Item::Form(row) => vec![said(row.about(session))],
        Item::Do(page, _, tick) => {
            let step = |step: &Instruction| {
                let texts = [&step.text, &step.why].into_iter().filter(|text| !text.is_empty());
                let link = link(step.link.as_deref());
                texts.map(|text| said(plain(text, session))).chain(link).collect::<Vec<_>>()
            };
            page.covered(tick).flat_map(step).collect()
        }
        Item::Trouble(trouble) => {
            [said(plain(&trouble.then, session))].into_iter().chain(link(trouble.link.as_deref())).collect()
        }
        Item::Fold(Fold::Prepare) => vec![said(words.guide().about_prepare())],
        Item::Fold(Fold::Key) => vec![said(words.guide().about_key())],
        Item::Fold(Fold::Troubles) | Item::Part(_) => Vec::new(),
    }
}

fn plain(text: &str, session: &Session) -> String {
    markup::plain(&session.values().spans(text))
}
