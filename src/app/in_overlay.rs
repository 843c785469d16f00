//! Key handling while an overlay is open.

use super::{
    App,
    commands::{self, HelpRow},
    overlay::{Help, Overlay},
    palette,
};
use crate::{
    keymap::Action,
    model::{Effect, Place},
    screens::move_focus,
};

impl App {
    /// Applies an action to the overlay.
    pub(super) fn act_in_overlay(&mut self, action: Action) -> Vec<Effect> {
        let Some(overlay) = &mut self.overlay else { return Vec::new() };
        match overlay {
            Overlay::Help(_) => return self.act_in_help(action),
            Overlay::Palette { query, selected } => match action {
                Action::Cancel | Action::Palette => self.overlay = None,
                Action::Primary => {
                    let (query, selected) = (query.text().to_owned(), *selected);
                    // If there is nothing to run, it stays open for another search.
                    let Some(row) = palette::rows(self, &query).into_iter().nth(selected) else { return Vec::new() };
                    self.overlay = None;
                    return self.run(row);
                }
                action => {
                    let (query, mut at) = (query.text().to_owned(), *selected);
                    let count = palette::rows(self, &query).len();
                    if move_focus(&mut at, count, action)
                        && let Some(Overlay::Palette { selected, .. }) = &mut self.overlay
                    {
                        *selected = at;
                    }
                }
            },
            Overlay::Doctor(doctor) => match action {
                Action::Cancel | Action::Help => self.overlay = None,
                Action::Palette => self.overlay = Some(Overlay::palette()),
                action => {
                    let count = doctor.checks.as_ref().map_or(0, Vec::len);
                    move_focus(&mut doctor.selected, count, action);
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
                    self.close_question();
                    return otherwise.map(|confirmed| self.confirm(confirmed)).unwrap_or_default();
                }
                Action::Cancel => self.close_question(),
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

    fn act_in_help(&mut self, action: Action) -> Vec<Effect> {
        let Some(Overlay::Help(help)) = &self.overlay else { return Vec::new() };
        let mut help = (**help).clone();
        let rows: Vec<HelpRow> =
            commands::help(self, help.filter.text(), true).into_iter().flat_map(|(_, rows)| rows).collect();
        match action {
            Action::Cancel if help.filters => help = Help::default(),
            Action::Cancel | Action::Help => {
                self.overlay = None;
                return Vec::new();
            }
            Action::Palette => {
                self.overlay = Some(Overlay::palette());
                return Vec::new();
            }
            Action::Filter => help.filters = true,
            Action::Primary => {
                // A paragraph of the help does nothing.
                let Some(row) = rows.into_iter().nth(help.selected) else { return Vec::new() };
                self.overlay = None;
                return row.action.map(|action| self.act(action)).unwrap_or_default();
            }
            action => {
                let paragraphs = if help.filters { 0 } else { self.help_text().lines().count() };
                move_focus(&mut help.selected, rows.len() + paragraphs, action);
            }
        }
        self.overlay = Some(Overlay::Help(Box::new(help)));
        Vec::new()
    }

    /// The help text of the screen.
    pub(super) fn help_text(&self) -> &str {
        let content = &self.session.content;
        match self.place() {
            Place::Step(step) => &content.step(step).help,
            Place::Systems => content.words.saved_systems().help(),
            Place::Cloud => content.words.cloud().help(),
        }
    }
}
