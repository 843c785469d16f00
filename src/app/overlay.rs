//! Overlays: they cover the screen and receive the keys first.

use super::{App, commands};
use crate::{
    keymap::{Action, Context},
    model::Effect,
    screens::{Question, move_focus, move_scroll},
    ui::widget::field::Field,
};

/// An overlay of the screen.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The help panel.
    Help {
        /// First line shown.
        scroll: u16,
    },
    /// The command palette.
    Palette {
        /// What was typed.
        query: Box<Field>,
        /// Row with the focus.
        selected: usize,
    },
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
            Overlay::Help { .. } => Context::Help,
            Overlay::Palette { .. } => Context::Palette,
            Overlay::Confirm { .. } => Context::Confirm,
            Overlay::Plain => Context::Plain,
        }
    }
}

impl App {
    /// Does what a key asks of the overlay.
    pub(super) fn act_in_overlay(&mut self, action: Action) -> Vec<Effect> {
        let Some(overlay) = &mut self.overlay else { return Vec::new() };
        match overlay {
            Overlay::Help { scroll } => match action {
                Action::Cancel | Action::Help => self.overlay = None,
                action => {
                    let mut at = usize::from(*scroll);
                    if move_scroll(&mut at, usize::from(u16::MAX), action) {
                        *scroll = at as u16;
                    }
                }
            },
            Overlay::Palette { query, selected } => match action {
                Action::Cancel | Action::Palette => self.overlay = None,
                Action::Primary => {
                    let (query, selected) = (query.text().to_owned(), *selected);
                    self.overlay = None;
                    let chosen = commands::matching(self, &query).into_iter().nth(selected);
                    return chosen.map(|command| self.act(command.action)).unwrap_or_default();
                }
                action => {
                    let (query, mut at) = (query.text().to_owned(), *selected);
                    let count = commands::matching(self, &query).len();
                    if move_focus(&mut at, count, action)
                        && let Some(Overlay::Palette { selected, .. }) = &mut self.overlay
                    {
                        *selected = at;
                    }
                }
            },
            Overlay::Confirm { question, yes } => match action {
                Action::Up | Action::Down | Action::NextField | Action::PreviousField => *yes = !*yes,
                Action::Yes => {
                    let then = question.then.clone();
                    self.overlay = None;
                    return self.confirm(then);
                }
                Action::Primary if *yes => {
                    let then = question.then.clone();
                    self.overlay = None;
                    return self.confirm(then);
                }
                Action::Primary | Action::No => {
                    let otherwise = question.otherwise.clone();
                    self.overlay = None;
                    return otherwise.map(|confirmed| self.confirm(confirmed)).unwrap_or_default();
                }
                Action::Cancel => self.overlay = None,
                _ => {}
            },
            Overlay::Plain => {
                if action == Action::Cancel {
                    self.overlay = None;
                    return vec![Effect::HidePlain];
                }
            }
        }
        Vec::new()
    }
}
