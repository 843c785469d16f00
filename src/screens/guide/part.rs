//! The parts of the two guide steps: pages of the guide that are shown together, and the task of their commands.

use crate::{
    domain::{handover::commands::Task, sap::guide::StepId},
    keymap::Action,
    model::Session,
    screens::Enter,
    words::Words,
};

/// A part of a guide step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Creating the instance.
    #[default]
    CreateInstance,
    /// Changing the roles of an instance.
    UpdateInstance,
    /// Creating the key.
    CreateKey,
    /// Replacing the key.
    RotateKey,
    /// Deleting key and instance.
    Delete,
}

impl Part {
    /// The parts of a step; the first is what the step is about.
    pub const fn of(step: StepId) -> &'static [Part] {
        match step {
            StepId::Key => &[Part::CreateKey, Part::RotateKey, Part::Delete],
            _ => &[Part::CreateInstance, Part::UpdateInstance],
        }
    }

    /// The step that it belongs to.
    pub const fn step(self) -> StepId {
        match self {
            Part::CreateInstance | Part::UpdateInstance => StepId::Create,
            Part::CreateKey | Part::RotateKey | Part::Delete => StepId::Key,
        }
    }

    /// Whether it is what its step is about.
    pub fn is_first(self) -> bool {
        Part::of(self.step()).first() == Some(&self)
    }

    /// Ids of its pages.
    pub const fn pages(self) -> &'static [&'static str] {
        match self {
            Part::CreateInstance => &["subaccount", "create-instance"],
            Part::UpdateInstance => &["update-instance"],
            Part::CreateKey => &["create-key"],
            Part::RotateKey => &["rotate-key"],
            Part::Delete => &["delete"],
        }
    }

    /// What its commands do.
    pub const fn task(self) -> Task {
        match self {
            Part::CreateInstance | Part::CreateKey => Task::Create,
            Part::UpdateInstance => Task::Update,
            Part::RotateKey => Task::Rotate,
            Part::Delete => Task::Delete,
        }
    }

    /// The action that opens the screen on which cpikey does it, and the reason for entering it.
    pub const fn do_it(self) -> (Action, Enter) {
        match self {
            Part::CreateInstance | Part::CreateKey => (Action::Cloud, Enter::Make),
            Part::UpdateInstance | Part::RotateKey | Part::Delete => (Action::Instances, Enter::Instances),
        }
    }

    /// The description of that action.
    pub fn do_it_about(self, words: Words) -> &'static str {
        match self.do_it().1 {
            Enter::Make => words.cloud().do_it_about(),
            _ => words.cloud().do_it_change(),
        }
    }

    /// Whether it contains the form of the key.
    pub fn has_form(self) -> bool {
        self == Part::CreateKey
    }

    /// The title of what it shows.
    pub fn page_title(self, session: &Session) -> String {
        let page = self.pages().last().and_then(|id| session.content.page(id));
        page.map(|page| page.title.clone()).unwrap_or_default()
    }
}
