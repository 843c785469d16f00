//! Overlays: they cover the screen and receive the keys first.

use crate::{domain::doctor::Check, keymap::Context, screens::Question, ui::widget::field::Field};

/// An overlay of the screen.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The help panel.
    Help(Box<Help>),
    /// The command palette.
    Palette {
        /// The typed text.
        query: Box<Field>,
        /// The focused row.
        selected: usize,
    },
    /// The doctor panel.
    Doctor(Box<Doctor>),
    /// A question.
    Confirm {
        /// What is asked.
        question: Question,
        /// Whether yes has the focus. Initially no has it.
        yes: bool,
    },
    /// The plain view on the normal screen.
    Plain,
}

/// The help panel.
#[derive(Clone, Debug, Default)]
pub struct Help {
    /// The focused row: first the keys, then the paragraphs below them.
    pub selected: usize,
    /// The filter text.
    pub filter: Field,
    /// Whether key presses go into the filter.
    pub filters: bool,
}

/// The doctor panel.
#[derive(Clone, Debug, Default)]
pub struct Doctor {
    /// The results; `None` while the checks run.
    pub checks: Option<Vec<Check>>,
    /// The focused row.
    pub selected: usize,
}

impl PartialEq for Overlay {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Overlay {
    /// An empty palette.
    pub fn palette() -> Self {
        Self::Palette { query: Box::default(), selected: 0 }
    }

    /// A question with no as the preselected answer.
    pub fn confirm(question: Question) -> Self {
        Self::Confirm { question, yes: false }
    }

    /// The active context of the key table.
    pub fn context(&self) -> Context {
        match self {
            Overlay::Help(help) if help.filters => Context::Palette,
            Overlay::Help(_) | Overlay::Doctor(_) => Context::Help,
            Overlay::Palette { .. } => Context::Palette,
            Overlay::Confirm { .. } => Context::Confirm,
            Overlay::Plain => Context::Plain,
        }
    }
}
