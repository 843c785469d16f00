//! Overlays: they cover the screen and receive the keys first.

use crate::{domain::doctor::Check, keymap::Context, screens::Question, ui::widget::field::Field};

/// An overlay of the screen.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The help panel.
    Help(Box<Help>),
    /// The command palette.
    Palette {
        /// What was typed.
        query: Box<Field>,
        /// Row with the focus.
        selected: usize,
    },
    /// What is around the program.
    Doctor(Box<Doctor>),
    /// A question.
    Confirm {
        /// What is asked.
        question: Question,
        /// Whether yes has the focus. No has it at first.
        yes: bool,
    },
    /// The plain view on the normal screen.
    Plain,
}

/// The help panel.
#[derive(Clone, Debug, Default)]
pub struct Help {
    /// Row with the focus: the keys first, then the paragraphs below them.
    pub selected: usize,
    /// What was typed to filter the keys.
    pub filter: Field,
    /// Whether keys go into the filter.
    pub filters: bool,
}

/// What is around the program.
#[derive(Clone, Debug, Default)]
pub struct Doctor {
    /// What was found; `None` while it is looked for.
    pub checks: Option<Vec<Check>>,
    /// Row with the focus.
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

    /// A question with no as the marked answer.
    pub fn confirm(question: Question) -> Self {
        Self::Confirm { question, yes: false }
    }

    /// Which rows of the key table hold.
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
