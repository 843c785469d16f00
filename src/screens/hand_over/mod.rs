//! Step 9: what to do with the key now.
//!
//! ```text
//! verdict; what is stored where
//! save, exports of the purpose               | the focused row in full
//! values to copy                             |
//! next steps at the consumer
//! all other exports
//! replacing the key later
//! ```

mod draw;
mod linear;
mod rows;
mod save;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::{
    draw::{LinesKey, RowLines},
    rows::{Part, Row, RowsKey, export_at, file_names, link, next_steps, preview, rows, step_at},
    save::{SaveForm, save, stored},
};
use super::{Command, Confirmed, Enter, Navigation, Question, Screen, Update, command, copy, move_focus};
use crate::{
    domain::{
        handover::export::{ExportTarget, WithSecret},
        sap::guide::StepId,
        text::{markup, secret::MASK},
    },
    keymap::{Action, Context},
    model::{
        Effect, JobEvent, Pasted, Session,
        saved::{NotSaved, SaveRequest},
    },
    ui::{Theme, cache::Cache, page::Page},
};

/// Which row has the focus, and what is being typed.
#[derive(Debug, Default)]
pub struct State {
    focus: usize,
    form: Option<Box<SaveForm>>,
    rows: Cache<RowsKey, Arc<[(Part, Row)]>>,
    lines: Cache<LinesKey, RowLines>,
}

impl State {
    fn rows(&self, session: &Session) -> Arc<[(Part, Row)]> {
        Arc::clone(&self.rows.get(RowsKey::of(session), |_| rows(session).into()))
    }

    fn focused(&self, session: &Session) -> Option<Row> {
        self.rows(session).get(self.focus).map(|(_, row)| *row)
    }

    /// Does what enter does on the focused row.
    fn choose(&mut self, session: &mut Session) -> Update {
        let words = session.content.words;
        match self.focused(session) {
            Some(Row::Value(value)) => match value.text(session) {
                Some(text) => copy(value.named(words), text),
                None => Update::ask(ask_for_secret(session)),
            },
            Some(Row::Step(at)) => copy(words.hand_over().step_named(), markup::plain(&step_at(at, session))),
            Some(Row::Export(at)) => {
                match export_at(at, session).and_then(|target| Some((target, preview(target, session)?))) {
                    Some((target, text)) => copy(words.hand_over().export_named(&target.consumer), text),
                    None => Update::none(),
                }
            }
            Some(Row::Save) => self.open_form(session),
            Some(Row::Rotate) => Update::go(Navigation::To(StepId::Key, Enter::Page("rotate-key"))),
            None => Update::none(),
        }
    }

    fn open_form(&mut self, session: &Session) -> Update {
        self.form = Some(Box::new(SaveForm::of(session)));
        Update::none()
    }
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        if self.form.is_some() { Context::Edit } else { Context::Browse }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.hand_over();
        if self.form.is_some() {
            let fields = command(Action::NextField, words.next_field()).hidden_from_footer();
            return vec![command(Action::Primary, words.save()), fields, command(Action::Cancel, words.cancel())];
        }
        let rows = self.rows(session);
        let focused = self.focused(session);
        let label = match focused {
            Some(Row::Save) => words.save_this_system(),
            Some(Row::Rotate) => words.show_how(),
            _ => words.copy(),
        };
        let mut commands = vec![command(Action::Primary, label), command(Action::Toggle, label).hidden_from_footer()];
        if !matches!(focused, Some(Row::Save | Row::Rotate)) {
            commands.push(command(Action::Copy, label).hidden_from_footer());
        }
        match focused {
            Some(Row::Export(_)) => commands.push(command(Action::Save, words.save_as_file())),
            Some(Row::Save) => commands.push(command(Action::Save, label).hidden_from_footer()),
            _ if session.key.usable().is_some() => commands.push(command(Action::Save, words.save_this_system())),
            _ => {}
        }
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
        // A key that was chosen since then has another name.
        if !session.jobs.saves() {
            self.form = None;
        }
        match why {
            Enter::Save if self.form.is_none() && session.key.usable().is_some() => return self.open_form(session),
            Enter::Export(place) => {
                let place = self.rows(session).iter().position(|(_, row)| *row == Row::Export(place));
                self.focus = place.unwrap_or(self.focus);
            }
            _ => {}
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if self.form.is_some() {
            return self.act_on_form(action, session);
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
            (Action::Primary | Action::Copy | Action::Toggle, _) => self.choose(session),
            (Action::Save, Some((_, Row::Export(at)))) => match export_at(*at, session) {
                Some(target) => Update::ask(ask_to_save(target, session)),
                None => Update::none(),
            },
            (Action::Save, _) => self.open_form(session),
            (Action::Open, _) => match link(session) {
                Some(link) => Update::effect(Effect::Open(link.id.clone())),
                None => Update::none(),
            },
            (Action::Back | Action::Cancel, _) => Update::go(Navigation::Back),
            _ => Update::none(),
        }
    }

    fn key(&mut self, key: KeyEvent, _session: &mut Session) {
        if let Some(form) = &mut self.form {
            form.key(key);
        }
    }

    fn paste(&mut self, text: &Pasted, _session: &mut Session) -> Update {
        if let Some(form) = &mut self.form {
            form.paste(&text.text());
        }
        Update::none()
    }

    fn on_confirmed(&mut self, session: &mut Session) -> Update {
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

/// The first row of the next part, or of the one before; round the ends.
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
