//! The plan: everything that will be done; nothing has been done yet.

use super::{
    run_parts::{replaces_key, tested, whereabouts},
    sheet::{Part, Sheet},
};
use crate::{
    domain::cf::{
        describe,
        goal::Goal,
        mark,
        plan::{Action, Item, Kind},
    },
    model::{Session, Tone, cloud::Provision},
};

pub fn sheet<'a>(provision: &Provision, session: &Session) -> Sheet<'a> {
    let words = session.content.words.cloud();
    let (goal, plan) = (provision.run.goal(), provision.run.plan());
    let intro = if plan.changes_something() { words.plan_will() } else { words.plan_nothing() };
    // After an attempt that failed, what it made is there.
    let made_some = matches!(goal, Goal::Create(_)) && provision.exists().iter().any(|thing| thing.made_by_us);
    let title = if made_some { words.plan_title_again() } else { words.plan_title() };
    let mut above = vec![Part::Title(title.to_owned()), Part::Text(intro.to_owned()), Part::Blank];
    for item in &plan.items {
        above.push(Part::Planned(item.action, describe::item(item, goal, session.content.words)));
        above.extend(more(item, goal, session));
    }
    above.push(Part::Blank);
    let place = whereabouts(provision, session);
    let ends = match goal {
        Goal::Create(_) if replaces_key(session) => {
            vec![Part::Text(words.then_test().to_owned()), Part::Marked(Tone::Warning, words.replaces_key().to_owned())]
        }
        Goal::Create(_) => vec![Part::Text(words.then_test().to_owned())],
        Goal::Update(_) => vec![Part::Text(words.keys_stay().to_owned())],
        Goal::Rotate(_) => {
            let lost = replaces_key(session).then(|| Part::Marked(Tone::Warning, words.replaces_key().to_owned()));
            tested(provision, session).into_iter().chain(lost).collect()
        }
        Goal::DeleteInstance { .. } | Goal::DeleteKey { .. } => {
            vec![Part::Marked(Tone::Warning, words.deletes_for_good().to_owned())]
        }
    };
    above.extend(place);
    above.push(Part::Blank);
    above.extend(ends);
    if session.around.practice {
        above.push(Part::Marked(Tone::Note, words.practice().to_owned()));
    }
    let mut beside = Vec::new();
    for item in &plan.items {
        let Some(parameters) = &item.parameters else { continue };
        let title = if item.kind == Kind::Instance { words.parameters() } else { words.key_parameters() };
        if !beside.is_empty() {
            beside.push(Part::Blank);
        }
        beside.push(Part::Title(title.to_owned()));
        beside.push(Part::Json(serde_json::to_string_pretty(parameters).unwrap_or_default()));
    }
    Sheet { above, beside, ..Sheet::default() }
}

/// Details of an item of the plan.
fn more(item: &Item, goal: &Goal, session: &Session) -> Vec<Part> {
    let words = session.content.words.cloud();
    let remarks = describe::remarks(item, session.content.words).into_iter();
    let mut parts: Vec<Part> = remarks.map(|said| Part::More(said.to_owned())).collect();
    let is_sent = item.kind == Kind::Instance && item.action != Action::Use;
    let roles = item.parameters.as_ref().filter(|_| is_sent && item.roles.is_none()).and_then(mark::roles);
    parts.extend(roles.map(|roles| Part::More(words.with_roles(roles.len()))));
    let change = item.roles.as_ref().filter(|_| matches!(goal, Goal::Update(_)) || item.action == Action::Update);
    if let Some(change) = change {
        parts.extend(change.added.iter().map(|role| Part::Role(true, role.clone())));
        parts.extend(change.removed.iter().map(|role| Part::Role(false, role.clone())));
        if !change.kept.is_empty() {
            parts.push(Part::More(words.roles_kept(change.kept.len())));
        }
    }
    parts
}
