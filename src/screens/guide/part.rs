//! The parts of the two guide steps: pages of the guide that are shown together, and the task of their commands.

use crate::{
    domain::{handover::commands::Task, sap::guide::StepId},
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

    /// The part `by` places further on, round the ends.
    pub fn turned(self, by: isize) -> Part {
        let parts = Part::of(self.step());
        let at = parts.iter().position(|part| *part == self).unwrap_or_default();
        let index = (at as isize + by).rem_euclid(parts.len() as isize);
        parts[index as usize]
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

    /// Whether it contains the form of the key.
    pub fn has_form(self) -> bool {
        self == Part::CreateKey
    }

    /// Its tab.
    pub const fn title(self, words: Words) -> &'static str {
        let words = words.guide();
        match self {
            Part::CreateInstance | Part::CreateKey => words.create(),
            Part::UpdateInstance => words.update(),
            Part::RotateKey => words.rotate(),
            Part::Delete => words.delete(),
        }
    }

    /// The command that turns to it.
    pub const fn command(self, words: Words) -> &'static str {
        let words = words.guide();
        match self {
            Part::CreateInstance | Part::CreateKey => words.go_to_create(),
            Part::UpdateInstance => words.go_to_update(),
            Part::RotateKey => words.go_to_rotate(),
            Part::Delete => words.go_to_delete(),
        }
    }
}
