//! The screen as sentences.

use super::{Item, Mode, State, form, page::tick_id};
use crate::{
    domain::{guide::values::Values, text::markup},
    keymap::Action,
    model::Session,
    ui::page::{Choice, Fact, Page, fact, said, tone},
};

pub fn page(state: &State, session: &Session) -> Page {
    match &state.mode {
        Mode::Typing(typing) => typing.form.page(Vec::new(), &|_| typing.remark(session.content.words)),
        Mode::Text(view) => Page::new(vec![said(state.about(session)), Fact::Text(state.text(*view, session))]),
        Mode::Page => instructions(state, session),
    }
}

fn instructions(state: &State, session: &Session) -> Page {
    let words = session.content.words;
    let values = session.values();
    let mut facts = vec![said(state.about(session))];
    facts.extend(state.known_values(session).into_iter().map(|(label, value)| fact(label, value, words)));
    if state.part.has_form() {
        let refused = form::problems(session);
        facts.extend(refused.iter().map(|problem| Fact::Said(Some(tone(problem.severity())), problem.short(words))));
    }
    let items = state.items(session);
    let choice = |(index, item): (usize, &Item<'_>)| {
        let before = index.checked_sub(1).and_then(|before| items.get(before));
        let heading = match (before, item) {
            (None, Item::Form(_)) => Some(words.guide().form().to_owned()),
            (Some(Item::Trouble(_)), Item::Trouble(_)) | (_, Item::Form(_)) => None,
            (_, Item::Trouble(_)) => Some(words.guide().troubles().to_owned()),
            (Some(Item::Do(page, ..)), Item::Do(own, ..)) if page.id == own.id => None,
            (_, Item::Do(page, ..)) => Some(page.title.clone()),
        };
        let choice = match item {
            Item::Form(row) => Choice::new(row.said(session), Action::Toggle),
            Item::Do(page, _, step) => Choice::new(plain(&step.text, &values), Action::Toggle)
                .chosen(session.draft.ticks.contains(&tick_id(page, step))),
            Item::Trouble(trouble) => Choice::to_look_at(plain(&trouble.when, &values)),
        };
        choice.below(heading)
    };
    Page {
        choices: items.iter().enumerate().map(choice).collect(),
        focus: state.focus,
        details: items.get(state.focus).map(|item| details(item, session, &values)).unwrap_or_default(),
        ..Page::new(facts)
    }
}

/// The reason, what can be copied, and the link.
fn details(item: &Item<'_>, session: &Session, values: &Values<'_>) -> Vec<Fact> {
    let words = session.content.words;
    let (text, copied, link) = match item {
        Item::Form(row) => return vec![said(row.about(session))],
        Item::Do(_, _, step) => {
            let copied = step.copy.map(|variable| values.get(variable)).unwrap_or_default();
            (step.why.as_str(), copied, step.link.as_deref())
        }
        Item::Trouble(trouble) => (trouble.then.as_str(), String::new(), trouble.link.as_deref()),
    };
    let mut facts = Vec::new();
    if !text.is_empty() {
        facts.push(said(plain(text, values)));
    }
    if copied.contains('\n') {
        facts.extend([said(words.plain().copies_text()), Fact::Text(copied.clone())]);
    } else if !copied.is_empty() {
        facts.push(said(words.plain().copies(&copied)));
    }
    let link = link.and_then(|id| session.content.link(id)).filter(|link| link.url != copied);
    facts.extend(link.map(|link| fact(&link.title, &link.url, words)));
    facts
}

fn plain(text: &str, values: &Values<'_>) -> String {
    markup::plain(&values.spans(text))
}
