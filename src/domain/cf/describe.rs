//! A run in words: its plan, its progress, what exists.

use super::{
    goal::Goal,
    plan::{Action, Compared, Item, Kind},
    run::{Existing, ExistingState, Hindrance, Row, RowState, StepName},
};
use crate::{
    domain::{sap::plan::SERVICE_TITLE, text::safe_text::SafeText},
    words::Words,
};

/// The sign before an item of a plan.
pub fn sign(action: Action) -> &'static str {
    match action {
        Action::Create => "+",
        Action::Use => "=",
        Action::Update => "~",
        Action::Delete => "-",
    }
}

/// The action on a resource.
pub fn item(item: &Item, goal: &Goal, words: Words) -> String {
    let words = words.cf();
    let name = SafeText::line(&item.name);
    let has_same_roles = item.roles.as_ref().is_some_and(|change| change.added.is_empty() && change.removed.is_empty());
    match (item.kind, item.action) {
        (Kind::Instance, Action::Create) => {
            words.creates_instance(&name, SERVICE_TITLE, goal.plan().unwrap_or_default().as_str())
        }
        (Kind::Key, Action::Create) => words.creates_key(&name),
        (Kind::Instance, Action::Use) if item.is_under_way => words.awaits_instance(&name),
        (Kind::Instance, Action::Use) => words.uses_instance(&name),
        (Kind::Key, Action::Use) if item.is_under_way => words.awaits_key(&name),
        (Kind::Key, Action::Use) => words.uses_key(&name),
        (_, Action::Update) if has_same_roles => words.updates_instance(&name),
        (_, Action::Update) => words.updates_roles(&name),
        (Kind::Instance, Action::Delete) => words.deletes_instance(&name),
        (Kind::Key, Action::Delete) if matches!(goal, Goal::Rotate(_)) => words.deletes_key_after(&name),
        (Kind::Key, Action::Delete) => words.deletes_key(&name),
    }
}

/// Additional remarks on a resource.
pub fn remarks(item: &Item, words: Words) -> Vec<&'static str> {
    let words = words.cf();
    let failed = item.replaces_failed.then(|| words.replaces_failed());
    let known = match (item.action, &item.compared) {
        (Action::Use, Some(Compared::Same)) => Some(words.same_parameters()),
        (Action::Use, Some(Compared::Unknown)) => Some(words.unknown_parameters()),
        (Action::Use, Some(Compared::Other)) => Some(words.other_parameters()),
        (Action::Update, _) if item.roles.is_none() => Some(words.unknown_roles()),
        _ => None,
    };
    failed.into_iter().chain(known).collect()
}

/// The step of a row, in words.
pub fn step(row: &Row, words: Words) -> String {
    let (words, name) = (words.cf(), &row.name);
    match row.step {
        StepName::Look => words.look().to_owned(),
        StepName::MakeInstance => words.make_instance(name),
        StepName::UpdateInstance => words.update_instance(name),
        StepName::MakeKey => words.make_key(name),
        StepName::ReadKey => words.read_key().to_owned(),
        StepName::Test => words.test().to_owned(),
        StepName::HandOver => words.hand_over().to_owned(),
        StepName::DeleteKey => words.delete_key(name),
        StepName::DeleteInstance => words.delete_instance(name),
    }
}

/// The state of a row, in words.
pub fn state(row: &Row, words: Words) -> &'static str {
    if let (RowState::Running, Some(hindrance)) = (row.state, row.hindrance) {
        return hindered(hindrance, words);
    }
    let words = words.cf();
    match row.state {
        RowState::Waiting => words.waiting(),
        RowState::Running if row.step == StepName::Test => words.tested(),
        RowState::Running => words.running(),
        RowState::Done => words.done(),
        RowState::Failed => words.failed(),
        RowState::Stopped => words.stopped(),
    }
}

/// Why a row is waiting.
pub fn hindered(hindrance: Hindrance, words: Words) -> &'static str {
    let words = words.cf();
    match hindrance {
        Hindrance::NoAnswer => words.hindered_no_answer(),
        Hindrance::Limit => words.hindered_limit(),
        Hindrance::Busy => words.hindered_busy(),
        Hindrance::Unavailable => words.hindered_unavailable(),
        Hindrance::NewKey => words.hindered_new_key(),
    }
}

/// A row of the progress on one line, with what the broker says.
pub fn row(row: &Row, words: Words) -> String {
    let (step, state) = (step(row, words), state(row, words));
    match &row.said {
        Some(said) => words.cf().row_said(step, state, said),
        None => words.cf().row(step, state),
    }
}

/// The state of a resource.
pub fn existing_state(state: ExistingState, words: Words) -> &'static str {
    let words = words.cf();
    match state {
        ExistingState::Ready => words.ready(),
        ExistingState::Creating => words.creating(),
        ExistingState::CreateFailed => words.create_failed(),
        ExistingState::Updating => words.updating(),
        ExistingState::UpdateFailed => words.update_failed(),
        ExistingState::Deleting => words.deleting(),
        ExistingState::DeleteFailed => words.delete_failed(),
        ExistingState::Unknown => words.unknown(),
    }
}

/// An existing resource with its state.
pub fn existing(thing: &Existing, words: Words) -> String {
    let (name, state) = (SafeText::line(&thing.name), existing_state(thing.state, words));
    match thing.kind {
        Kind::Instance => words.cf().instance_is(&name, state),
        Kind::Key => words.cf().key_is(&name, state),
    }
}
