//! Step 9: what to do with the key now.
//!
//! ```text
//! verdict; what is stored where
//! save, hand over, report                    | what the focused row is about, in full
//! values to copy                             |
//! next steps at the consumer
//! replacing the key later
//! ```
//!
//! It can be covered by the list of exports (`exports`) or the form that saves the key (`save`).

mod draw;
mod exports;
mod linear;
mod rows;
mod save;

use std::{path::PathBuf, sync::Arc};

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::{
    draw::{LinesKey, RowLines},
    exports::Exports,
    rows::{Part, Row, RowsKey, Value, file_names, link, next_steps, preview, rows, step_at, step_tick},
    save::{SaveForm, save, stored},
};
use super::{Command, Confirmed, Enter, Navigation, Question, Screen, Update, command, copy, move_focus};
use crate::{
    domain::{
        check::report,
        handover::export::{ExportTarget, WithSecret},
        sap::guide::StepId,
        text::{markup, secret::MASK},
    },
    keymap::{Action, Context},
    model::{
        Effect, JobEvent, JobRequest, Pasted, Session,
        saved::{NotSaved, SaveRequest},
    },
    ui::{Theme, cache::Cache, page::Page, widget::form::Unfinished},
};

/// Name of the file for the report.
const REPORT: &str = "cpikey-report.md";

/// Which row has the focus, and what covers the rows.
#[derive(Debug, Default)]
pub struct State {
    focus: usize,
    /// Whether rarely needed values are shown.
    more: bool,
    /// The list of exports, while it is open.
    exports: Option<Exports>,
    form: Option<Box<SaveForm>>,
    unfinished: Unfinished<u32>,
    rows: Cache<RowsKey, Arc<[(Part, Row)]>>,
    lines: Cache<LinesKey, RowLines>,
}

impl State {
    fn rows(&self, session: &Session) -> Arc<[(Part, Row)]> {
        Arc::clone(&self.rows.get(RowsKey::of(session, self.more), |_| rows(session, self.more).into()))
    }

    fn focused(&self, session: &Session) -> Option<Row> {
        self.rows(session).get(self.focus).map(|(_, row)| *row)
    }

    /// Performs Enter on the focused row.
    fn choose(&mut self, session: &mut Session) -> Update {
        match self.focused(session) {
            Some(Row::Value(value)) => copy_value(value, session),
            Some(Row::More) => {
                self.more = !self.more;
                Update::none()
            }
            Some(Row::Step(at)) => {
                let id = step_tick(at, session);
                if !session.draft.ticks.remove(&id) {
                    session.draft.ticks.insert(id);
                    self.focus = (self.focus + 1).min(self.rows(session).len().saturating_sub(1));
                }
                Update::none()
            }
            Some(Row::HandOver) => self.open_exports(false),
            Some(Row::Others) => self.open_exports(true),
            Some(Row::Report) => write_report(session),
            Some(Row::Save) => self.open_form(session),
            Some(Row::Rotate) => {
                Update::go(Navigation::To(StepId::Key, Enter::PageFrom("rotate-key", StepId::HandOver)))
            }
            None => Update::none(),
        }
    }

    fn open_form(&mut self, session: &mut Session) -> Update {
        self.form = Some(Box::new(SaveForm::of(session).or_unfinished(&mut self.unfinished, session)));
        Update::none()
    }

    fn open_exports(&mut self, typing: bool) -> Update {
        self.exports = Some(Exports { typing, ..Exports::default() });
        Update::none()
    }

    fn act_in_exports(&mut self, action: Action, session: &mut Session) -> Update {
        let Some(list) = &mut self.exports else { return Update::none() };
        let hits = list.hits(session).len();
        if move_focus(&mut list.focus, hits, action) {
            return Update::none();
        }
        match action {
            // Moves from the filter to the list, where letters are commands again.
            Action::Primary | Action::NextField | Action::PreviousField if list.typing => list.typing = hits == 0,
            Action::Filter => list.typing = true,
            Action::Cancel | Action::Back => {
                if list.query.text().is_empty() {
                    self.exports = None;
                } else {
                    *list = Exports::default();
                }
            }
            Action::Primary | Action::Toggle => {
                if let Some(target) = list.focused(session) {
                    return Update::ask(ask_to_save(target, session));
                }
            }
            Action::Copy => {
                if let Some((target, text)) =
                    list.focused(session).and_then(|target| Some((target, preview(target, session)?)))
                {
                    return copy(session.content.words.hand_over().export_named(&target.consumer), text);
                }
            }
            Action::Save => return self.open_form(session),
            _ => {}
        }
        Update::none()
    }

    fn export_commands(list: &Exports, session: &Session) -> Vec<Command> {
        let words = session.content.words.hand_over();
        let close = if list.query.text().is_empty() { words.close() } else { words.clear_filter() };
        let close = command(Action::Cancel, close);
        if list.typing {
            let next = command(Action::NextField, words.to_list()).hidden_from_footer();
            return vec![command(Action::Primary, words.to_list()), next, close];
        }
        let label = words.write_file();
        vec![
            command(Action::Primary, label),
            command(Action::Toggle, label).hidden_from_footer(),
            command(Action::Copy, words.copy_without_secret()),
            command(Action::Filter, words.filter()),
            command(Action::Save, words.save_this_system()),
            close,
        ]
    }
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        let typing = self.form.is_some() || self.exports.as_ref().is_some_and(|list| list.typing);
        if typing { Context::Edit } else { Context::Browse }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.hand_over();
        if self.form.is_some() {
            let fields = command(Action::NextField, words.next_field()).hidden_from_footer();
            return vec![command(Action::Primary, words.save()), fields, command(Action::Cancel, words.cancel())];
        }
        if let Some(list) = &self.exports {
            return State::export_commands(list, session);
        }
        let rows = self.rows(session);
        let focused = self.focused(session);
        let has = |row: Row| rows.iter().any(|(_, other)| *other == row);
        let save = match session.saved_system() {
            Some(_) => words.save_under_another_name(),
            None => words.save_this_system(),
        };
        let label = match focused {
            Some(Row::Save) => save,
            Some(Row::Rotate) => words.show_how(),
            Some(Row::HandOver) => words.hand_over(),
            Some(Row::Others) => words.consumers(),
            Some(Row::Report) => words.write_report(),
            Some(Row::More) => {
                if self.more {
                    words.less()
                } else {
                    words.more()
                }
            }
            Some(Row::Step(_)) => words.tick(),
            Some(Row::Value(_)) | None => words.copy(),
        };
        let mut commands = vec![command(Action::Primary, label), command(Action::Toggle, label).hidden_from_footer()];
        if let Some(Row::Value(_) | Row::Step(_)) = focused {
            commands.push(command(Action::Copy, words.copy()).hidden_from_footer());
        }
        let mut offer = |row: Row, action: Action, label: &str| {
            if has(row) {
                // The footer shows it once.
                let command = command(action, label);
                commands.push(if focused == Some(row) { command.hidden_from_footer() } else { command });
            }
        };
        offer(Row::Save, Action::Save, save);
        offer(Row::HandOver, Action::Edit, words.hand_over());
        offer(Row::Others, Action::Filter, words.consumers());
        offer(Row::Report, Action::Report, words.write_report());
        if !session.saved.systems().is_empty() {
            let open = command(Action::Systems, session.content.words.saved_systems().open_list());
            commands.push(open.hidden_from_footer());
        }
        if rows.last().is_some_and(|(part, _)| *part != Part::Steps) {
            commands.push(command(Action::NextField, words.next_part()));
        }
        if let Some(link) = link(session) {
            let open = command(Action::Open, words.open_link(&link.title)).hidden_from_footer();
            commands.push(open.only_if(session.around.can_open_links, session.content.words.common().no_browser()));
        }
        commands
    }

    fn enter(&mut self, why: Enter, session: &mut Session) -> Update {
        // A key loaded since then has another name.
        if !session.jobs.saves() {
            self.form = None;
        }
        match why {
            Enter::Save if self.form.is_none() && session.key.usable().is_some() => return self.open_form(session),
            Enter::Export(place) => {
                let mut list = Exports::default();
                list.focus = list.hits(session).iter().position(|hit| hit.place == place).unwrap_or_default();
                self.exports = Some(list);
            }
            _ => {}
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if self.form.is_some() {
            return self.act_on_form(action, session);
        }
        if self.exports.is_some() {
            return self.act_in_exports(action, session);
        }
        let rows = self.rows(session);
        if matches!(action, Action::NextField | Action::PreviousField) {
            self.focus = next_part(&rows, self.focus, action);
            return Update::none();
        }
        if move_focus(&mut self.focus, rows.len(), action) {
            return Update::none();
        }
        match (action, rows.get(self.focus)) {
            (Action::Primary | Action::Toggle, _) => self.choose(session),
            (Action::Copy, Some((_, Row::Value(value)))) => copy_value(*value, session),
            (Action::Copy, Some((_, Row::Step(at)))) => {
                copy(session.content.words.hand_over().step_named(), markup::plain(&step_at(*at, session)))
            }
            (Action::Save, _) => self.open_form(session),
            (Action::Edit, _) => self.open_exports(false),
            (Action::Filter, _) => self.open_exports(true),
            (Action::Report, _) => write_report(session),
            (Action::Open, _) => match link(session) {
                Some(link) => Update::effect(Effect::Open(link.id.clone())),
                None => Update::none(),
            },
            (Action::Cancel, _) if self.more => {
                self.more = false;
                self.focus = self.rows(session).iter().position(|(_, row)| *row == Row::More).unwrap_or_default();
                Update::none()
            }
            (Action::Back | Action::Cancel, _) => Update::go(Navigation::Back),
            _ => Update::none(),
        }
    }

    fn key(&mut self, key: KeyEvent, _session: &mut Session) {
        if let Some(form) = &mut self.form {
            form.key(key);
        } else if let Some(list) = &mut self.exports
            && list.query.key(key)
        {
            list.focus = 0;
        }
    }

    fn paste(&mut self, text: &Pasted, _session: &mut Session) -> Update {
        if let Some(form) = &mut self.form {
            form.paste(&text.text());
        } else if let Some(list) = self.exports.as_mut().filter(|list| list.typing) {
            list.query.paste(&text.text());
            list.focus = 0;
        }
        Update::none()
    }

    fn on_confirmed(&mut self, _confirmed: &Confirmed, session: &mut Session) -> Update {
        match self.form.as_ref().map(|form| form.request(session)) {
            Some(Ok(request)) => save(SaveRequest { replace: true, ..request }, session),
            _ => Update::none(),
        }
    }

    fn answered(&mut self, event: &JobEvent, session: &mut Session) -> Update {
        match (event, &mut self.form) {
            (JobEvent::Saved(Ok(_)), form) => *form = None,
            (JobEvent::Saved(Err(NotSaved::NoKeyring(why))), Some(form)) => {
                form.without_keyring(why.why.clone(), session.content.words)
            }
            _ => {}
        }
        Update::none()
    }

    fn says(&self, text: &str, session: &Session) -> bool {
        self.form.as_ref().is_some_and(|form| form.says(text, session.content.words))
    }

    fn linear(&self, session: &Session) -> Page {
        linear::page(self, session)
    }

    fn plain(&self, session: &Session) -> String {
        let words = session.content.words.hand_over();
        let mut out = format!("{}\n\n", stored(session));
        for (_, row) in self.rows(session).iter() {
            if let Row::Value(value) = row {
                let text = value.text(session).unwrap_or_else(|| words.secret_on_request(MASK));
                out.push_str(&format!("{}: {text}\n", value.label(session.content.words)));
            }
        }
        out.push('\n');
        for at in 0..next_steps(session).len() {
            out.push_str(&format!("{}. {}\n", at + 1, markup::plain(&step_at(at, session))));
        }
        if let Some(link) = link(session) {
            out.push_str(&format!("\n{}: {}\n", link.title, link.url));
        }
        out.push_str(&format!("\n{}: {}\n", words.rotate(), words.rotate_about()));
        out
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        self.draw(session, theme, frame, area);
    }
}

/// Copies a value; the secret only after confirmation.
fn copy_value(value: Value, session: &Session) -> Update {
    match value.text(session) {
        Some(text) => copy(value.named(session.content.words), text),
        None => Update::ask(ask_for_secret(session)),
    }
}

/// Writes the test report, without the secret.
fn write_report(session: &mut Session) -> Update {
    let Some(run) = &session.run else { return Update::none() };
    let text = report::markdown(&run.report, session.content.words);
    let write = JobRequest::WriteFile { path: PathBuf::from(REPORT), text, private: true };
    Update::effect(session.start(StepId::HandOver, write))
}

/// The first row of the next or previous part, wrapping around.
fn next_part(rows: &[(Part, Row)], focus: usize, action: Action) -> usize {
    let begins = |at: &usize| *at == 0 || rows[*at].0 != rows[at - 1].0;
    let starts: Vec<usize> = (0..rows.len()).filter(begins).collect();
    let found = match action {
        Action::NextField => starts.iter().find(|start| **start > focus).or(starts.first()),
        _ => starts.iter().rev().find(|start| **start < focus).or(starts.last()),
    };
    found.copied().unwrap_or(focus)
}

fn ask_for_secret(session: &Session) -> Question {
    let words = session.content.words.hand_over();
    Question {
        title: words.copy_secret_title().to_owned(),
        text: words.copy_secret_text().to_owned(),
        yes: words.copy_secret_yes().to_owned(),
        no: words.copy_secret_no().to_owned(),
        then: Confirmed::CopySecret,
        otherwise: None,
    }
}

fn ask_to_save(target: &ExportTarget, session: &Session) -> Question {
    let words = session.content.words.hand_over();
    let files = file_names(target, session);
    let title = words.export_title(&target.consumer);
    let export = |with_secret| Confirmed::Export(target.id.clone(), with_secret);
    if target.holds_secret() {
        Question {
            title,
            text: words.export_secret_text(files),
            yes: words.export_secret_yes().to_owned(),
            no: words.export_secret_no().to_owned(),
            then: export(WithSecret::Yes),
            otherwise: Some(export(WithSecret::No)),
        }
    } else {
        Question {
            title,
            text: words.export_text(files),
            yes: words.export_yes().to_owned(),
            no: words.export_no().to_owned(),
            then: export(WithSecret::No),
            otherwise: None,
        }
    }
}
