//! Step 1: what will use the key, or that one exists.
//!
//! ```text
//! what the program does
//! purposes, with the number of their roles   | what enter gives: the purpose, its roles, the JSON that y copies
//! a key that exists: paste it, saved systems
//! ```
//! In a window that is too narrow for both, the pane is below the list if there is room.

mod compare;
mod draw;
mod linear;

use std::sync::Arc;

use ratatui::{Frame, layout::Rect};

use super::{Command, Enter, Navigation, Screen, Update, command, copy, move_focus};
use crate::{
    domain::sap::{
        guide::StepId,
        parameters::{Extent, InstanceParameters, JsonStyle, ParameterProblem},
        plan::PlanId,
        purpose::Purpose,
    },
    keymap::Action,
    model::{Effect, Notice, Session, session::Resumable},
    ui::{Theme, page::Page},
};

/// Which row has the focus.
#[derive(Debug, Default)]
pub struct State {
    focus: usize,
    /// Whether the focused purpose is compared with the chosen one.
    comparing: bool,
}

/// A row that can have the focus.
#[derive(Clone, Copy)]
enum Row<'a> {
    /// The progress of an earlier session.
    Resume(&'a Resumable),
    Purpose(&'a Purpose),
    /// "Paste it, on any screen."
    Key,
    /// Saved systems.
    Saved,
    /// The practice tenant, for users without a key and saved systems.
    Practice,
}

fn rows(session: &Session) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = session.resume.iter().map(Row::Resume).collect();
    rows.extend(session.content.purposes.iter().map(Row::Purpose));
    rows.push(Row::Key);
    if !session.saved.systems().is_empty() {
        rows.push(Row::Saved);
    } else if !session.around.practice {
        rows.push(Row::Practice);
    }
    rows
}

fn is_chosen(purpose: &Purpose, session: &Session) -> bool {
    session.draft.purpose.as_ref() == Some(&purpose.id)
}

/// The parameters of a purpose: those of the draft, including changes, if it is the chosen one.
fn parameters(purpose: &Purpose, session: &Session) -> InstanceParameters {
    if is_chosen(purpose, session) {
        session.draft.parameters.clone()
    } else {
        InstanceParameters::new(purpose.plan).with_roles(purpose.role_names())
    }
}

/// The number of roles.
fn count_roles(purpose: &Purpose, session: &Session) -> usize {
    if is_chosen(purpose, session) { session.draft.parameters.roles.len() } else { purpose.roles.len() }
}

/// Why the cockpit would refuse them. An unchanged purpose is never refused (checked by `tests/content`); checking it
/// here would load all roles before the first frame.
fn refused(purpose: &Purpose, session: &Session) -> Option<ParameterProblem> {
    if !is_chosen(purpose, session) && !purpose.roles.is_empty() {
        return None;
    }
    parameters(purpose, session).refused(&session.content.catalogue)
}

impl State {
    /// A row may have disappeared since the focus was set.
    fn focus(&self, session: &Session) -> usize {
        self.focus.min(rows(session).len() - 1)
    }

    fn focused<'a>(&self, session: &'a Session) -> Row<'a> {
        rows(session).get(self.focus).copied().unwrap_or(Row::Key)
    }

    /// The focused purpose and the chosen one, while they are compared.
    fn compared<'a>(&self, session: &'a Session) -> Option<(&'a Purpose, &'a Purpose)> {
        let Row::Purpose(purpose) = self.focused(session) else { return None };
        let chosen = session.draft.purpose(&session.content).filter(|chosen| chosen.id != purpose.id);
        chosen.filter(|_| self.comparing).map(|chosen| (purpose, chosen))
    }

    fn toggle_comparison(&mut self, session: &mut Session) {
        self.comparing = !self.comparing;
        if self.comparing && self.compared(session).is_none() {
            session.notice = Some(Notice::note(session.content.words.purpose().compare_hint()));
        }
    }

    /// Chooses the focused purpose, or follows the focused row.
    fn choose(&self, then: Navigation, session: &mut Session) -> Update {
        let content = Arc::clone(&session.content);
        match rows(session).get(self.focus).copied() {
            Some(Row::Purpose(focused)) => {
                // Choosing the same purpose again must not undo later changes.
                if session.draft.purpose.as_ref() != Some(&focused.id)
                    && let Some(purpose) = content.purpose(&focused.id.clone())
                {
                    session.draft.choose_purpose(purpose, &content);
                    session.notice =
                        Some(purpose.warning.as_str()).filter(|words| !words.is_empty()).map(Notice::warning);
                }
                Update::go(then)
            }
            Some(Row::Resume(_)) => Update::go(Navigation::Resume),
            Some(Row::Saved) => Update::go(Navigation::Systems(Enter::Plain)),
            Some(Row::Practice) => {
                session.notice = Some(Notice::note(content.words.purpose().practice_starting()));
                Update::effect(Effect::StartPractice)
            }
            Some(Row::Key) | None => Update::go(Navigation::To(StepId::QuickFill, Enter::Plain)),
        }
    }

    /// Copies the parameters of the focused purpose, so that the instance can be created immediately.
    fn copy(&self, session: &mut Session) -> Update {
        let Row::Purpose(purpose) = self.focused(session) else { return Update::none() };
        let what = session.content.words.purpose().copied(&purpose.title);
        copy(what, parameters(purpose, session).to_json(JsonStyle::Pretty, Extent::Full))
    }
}

impl Screen for State {
    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.purpose();
        let row = self.focused(session);
        let label = match row {
            Row::Resume(_) => words.go_on(),
            Row::Purpose(_) => words.use_purpose(),
            Row::Key => words.to_quick_fill(),
            Row::Saved => words.choose_saved(),
            Row::Practice => words.start_practice(),
        };
        let mut commands =
            vec![command(Action::Primary, label), command(Action::Toggle, words.choose()).hidden_from_footer()];
        if let Row::Purpose(purpose) = row {
            let why_not = refused(purpose, session).map(|problem| problem.short(session.content.words));
            let is_complete = why_not.is_none();
            let copies = command(Action::Copy, words.copy_parameters());
            commands.push(copies.only_if(is_complete, why_not.unwrap_or_default()));
        }
        if !session.saved.systems().is_empty() {
            let test_all = command(Action::TestAll, words.test_all());
            commands.push(if matches!(row, Row::Saved) { test_all } else { test_all.hidden_from_footer() });
        }
        if matches!(row, Row::Purpose(_)) {
            let view = if self.comparing { words.stop_comparing() } else { words.compare() };
            let has_chosen = session.draft.purpose(&session.content).is_some();
            commands.push(command(Action::View, view).only_if(has_chosen, words.choose_first()));
            if self.comparing {
                commands.push(command(Action::Cancel, words.stop_comparing()).hidden_from_footer());
            }
        }
        commands
    }

    fn enter(&mut self, why: Enter, session: &mut Session) -> Update {
        if why == Enter::NewParameters {
            let content = Arc::clone(&session.content);
            session.draft.choose_plan(PlanId::Api, &content);
        }
        let chosen = session.draft.purpose.as_ref();
        let position = |wanted: &dyn Fn(&Purpose) -> bool| {
            rows(session).iter().position(|row| matches!(row, Row::Purpose(purpose) if wanted(purpose)))
        };
        let mut found = position(&|purpose| Some(&purpose.id) == chosen);
        if why == Enter::NewParameters {
            // A purpose without roles has nothing to copy.
            found = found.or_else(|| position(&|purpose| !purpose.roles.is_empty()));
        }
        if let Some(index) = found {
            self.focus = index;
        }
        if why == Enter::NewParameters {
            session.notice = Some(Notice::note(session.content.words.purpose().new_parameters()));
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        self.focus = self.focus(session);
        if move_focus(&mut self.focus, rows(session).len(), action) {
            return Update::none();
        }
        match action {
            Action::View => self.toggle_comparison(session),
            Action::Cancel => self.comparing = false,
            Action::TestAll => return Update::go(Navigation::Systems(Enter::TestSystems)),
            Action::Copy => return self.copy(session),
            Action::Primary => return self.choose(Navigation::Next, session),
            Action::Toggle => return self.choose(Navigation::Stay, session),
            _ => {}
        }
        Update::none()
    }

    fn linear(&self, session: &Session) -> Page {
        linear::page(self, session)
    }

    fn is_done(&self, session: &Session) -> bool {
        session.draft.purpose.is_some()
    }

    fn plain(&self, session: &Session) -> String {
        let words = session.content.words.purpose();
        let purpose = |purpose: &Purpose| words.plain(&purpose.title, &purpose.about, purpose.role_names().join(", "));
        session.content.purposes.iter().map(purpose).collect()
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        draw::draw(self, session, theme, frame, area);
    }
}
