//! The saved systems: open one, rename it, remove it, test all of them. Not a step: the screen opens over the current
//! step, and Esc returns there.
//!
//! ```text
//! introduction, or how far the test of all systems is
//! name  last test  certificate  host         one row a system; what else is known below the focused one
//! ```

mod draw;
mod linear;
mod rename;
mod unlock;

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::{
    rename::Rename,
    unlock::{Target, Unlock},
};
use super::{Command, Confirmed, Enter, Navigation, Question, Screen, Update, command, move_focus};
use crate::{
    domain::{
        sap::guide::StepId,
        systems::system::{System, SystemId},
        text::secret::Secret,
    },
    keymap::{Action, Context},
    model::{
        JobEvent, JobRequest, KeySource, Pasted, Place, Session, saved::TestSystemsEvent, saved_systems::BatchTest,
    },
    ui::{Theme, page::Page, widget::form::Unfinished},
    words::Words,
};

/// What receives the keys.
#[derive(Debug, Default)]
enum Mode {
    /// The list.
    #[default]
    List,
    /// The test of all systems.
    Results,
    /// The passphrase input.
    Unlock(Box<Unlock>),
    /// The input of a new name.
    Rename(Box<Rename>),
}

/// The mode, and which row has the focus.
#[derive(Debug, Default)]
pub struct State {
    mode: Mode,
    focus: usize,
    unfinished: Unfinished<SystemId>,
}

impl State {
    /// The test of all systems, while it is shown.
    fn batch<'a>(&self, session: &'a Session) -> Option<&'a BatchTest> {
        session.saved.batch.as_ref().filter(|_| matches!(self.mode, Mode::Results))
    }

    fn rows(&self, session: &Session) -> usize {
        self.batch(session).map_or(session.saved.systems().len(), |batch| batch.rows.len())
    }

    /// The row with the focus. The list may have become shorter.
    fn at(&self, session: &Session) -> usize {
        self.focus.min(self.rows(session).saturating_sub(1))
    }

    /// The system with the focus.
    fn system<'a>(&self, session: &'a Session) -> Option<&'a System> {
        match self.batch(session) {
            Some(batch) => session.saved.by_id(batch.rows.get(self.at(session))?.0),
            None => session.saved.systems().iter().nth(self.at(session)),
        }
    }

    /// Opens or tests, after asking for the passphrase if there is one.
    fn start(&mut self, target: Target, passphrase: Option<Secret>, session: &mut Session) -> Update {
        if target == Target::All && session.is_testing_all() {
            self.mode = Mode::Results;
            return Update::none();
        }
        let passphrase = passphrase.or_else(|| session.saved.passphrase(session.now.since_start).cloned());
        if passphrase.is_none() && session.saved.wants_passphrase() {
            self.mode = Mode::Unlock(Box::new(Unlock::new(target, session.content.words)));
            return Update::none();
        }
        match target {
            // The form stays open until the answer arrives, so that a wrong passphrase can be corrected.
            Target::One(id) => Update::effect(session.open_saved(id, passphrase)),
            Target::All => {
                (self.mode, self.focus) = (Mode::Results, 0);
                Update { effects: session.test_all(passphrase), ..Update::none() }
            }
        }
    }

    fn open_focused(&mut self, session: &mut Session) -> Update {
        match self.focused_id(session) {
            Some(id) => self.start(Target::One(id), None, session),
            None => Update::none(),
        }
    }

    fn focused_id(&self, session: &Session) -> Option<SystemId> {
        self.system(session).map(|system| system.id)
    }

    fn act_on_list(&mut self, action: Action, session: &mut Session) -> Update {
        // An answer must not interrupt what the user is doing by then.
        session.stop_opening();
        match action {
            Action::Primary | Action::Toggle => return self.open_focused(session),
            Action::TestAll => return self.start(Target::All, None, session),
            Action::Rename => {
                if let Some(rename) = self.system(session).map(|system| Rename::of(system, session.content.words)) {
                    self.mode = Mode::Rename(Box::new(rename.or_unfinished(&mut self.unfinished, session)));
                }
            }
            Action::Clear => {
                if let Some(system) = self.system(session) {
                    return Update::ask(ask_to_remove(system, session.content.words));
                }
            }
            Action::Paste => return read_clipboard(session),
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    fn act_on_results(&mut self, action: Action, session: &mut Session) -> Update {
        let running = session.is_testing_all();
        match action {
            Action::Cancel if running => {
                Update { effects: session.stop_batch().into_iter().collect(), ..Update::none() }
            }
            // The tests continue, and opening this screen again shows them.
            Action::Back if running => Update::go(Navigation::Back),
            Action::Back | Action::Cancel => {
                (self.mode, self.focus) = (Mode::List, 0);
                Update::none()
            }
            Action::TestAll => self.start(Target::All, None, session),
            Action::Primary | Action::Toggle if !running => self.open_focused(session),
            _ => Update::none(),
        }
    }

    fn list_commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.saved_systems();
        let paste = command(Action::Paste, words.paste()).hidden_from_footer();
        if session.saved.systems().is_empty() {
            return vec![paste];
        }
        vec![
            command(Action::Primary, words.open()),
            command(Action::Toggle, words.open()).hidden_from_footer(),
            command(Action::TestAll, words.test_all()),
            command(Action::Rename, words.rename()),
            command(Action::Clear, words.remove()),
            paste,
        ]
    }
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        match self.mode {
            Mode::List | Mode::Results => Context::Browse,
            Mode::Unlock(_) | Mode::Rename(_) => Context::Edit,
        }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.saved_systems();
        let form = |submit| {
            let paste = command(Action::Paste, words.paste()).hidden_from_footer();
            vec![command(Action::Primary, submit), command(Action::Cancel, words.cancel()), paste]
        };
        match &self.mode {
            Mode::Unlock(unlock) if unlock.target == Target::All => form(words.test_all()),
            Mode::Unlock(_) => form(words.unlock()),
            Mode::Rename(_) => form(words.rename()),
            Mode::Results if session.is_testing_all() => vec![command(Action::Cancel, words.stop())],
            Mode::Results if self.batch(session).is_some() => {
                let open = command(Action::Toggle, words.open()).hidden_from_footer();
                let again = command(Action::TestAll, words.test_all_again());
                vec![command(Action::Primary, words.open()), open, again]
            }
            Mode::Results | Mode::List => self.list_commands(session),
        }
    }

    fn enter(&mut self, why: Enter, session: &mut Session) -> Update {
        self.focus = 0;
        self.mode = if session.is_testing_all() { Mode::Results } else { Mode::List };
        match why {
            Enter::TestSystems => self.start(Target::All, None, session),
            Enter::System(id) => {
                self.mode = Mode::List;
                self.focus = session.saved.systems().iter().position(|system| system.id == id).unwrap_or_default();
                self.start(Target::One(id), None, session)
            }
            _ => Update::none(),
        }
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        match &self.mode {
            Mode::Unlock(_) => return self.act_on_unlock(action, session),
            Mode::Rename(_) => return self.act_on_rename(action, session),
            Mode::List | Mode::Results => {}
        }
        let rows = self.rows(session);
        self.focus = self.at(session);
        if move_focus(&mut self.focus, rows, action) {
            return Update::none();
        }
        if self.batch(session).is_some() {
            self.act_on_results(action, session)
        } else {
            self.act_on_list(action, session)
        }
    }

    fn key(&mut self, key: KeyEvent, _session: &mut Session) {
        match &mut self.mode {
            Mode::Unlock(unlock) => unlock.key(key),
            Mode::Rename(rename) => rename.key(key),
            Mode::List | Mode::Results => {}
        }
    }

    fn paste(&mut self, text: &Pasted, session: &mut Session) -> Update {
        match &mut self.mode {
            Mode::Unlock(unlock) => unlock.paste(&text.text()),
            Mode::Rename(rename) if !text.text().contains('{') => rename.paste(&text.text()),
            // A whole key is treated as a key wherever it is pasted.
            _ => return take_key(text, KeySource::Pasted, session),
        }
        Update::none()
    }

    fn read(&mut self, text: &Pasted, _file: Option<String>, session: &mut Session) -> Update {
        match self.mode {
            Mode::List | Mode::Results => take_key(text, KeySource::Clipboard, session),
            Mode::Unlock(_) | Mode::Rename(_) => self.paste(text, session),
        }
    }

    fn answered(&mut self, event: &JobEvent, session: &mut Session) -> Update {
        if matches!(event, JobEvent::Opened(Err(_)) | JobEvent::TestSystems(TestSystemsEvent::Failed(_))) {
            // The passphrase may have been wrong.
            session.saved.forget_passphrase();
        }
        match (event, &mut self.mode) {
            (JobEvent::Opened(Ok(_)), _) => {
                self.mode = Mode::List;
                return Update::go(Navigation::To(StepId::QuickFill, Enter::Key));
            }
            (JobEvent::Renamed(Ok(())), Mode::Rename(_))
            | (JobEvent::TestSystems(TestSystemsEvent::Failed(_)), Mode::Results) => self.mode = Mode::List,
            (JobEvent::Renamed(Err(_)), Mode::Rename(rename)) => rename.answered(),
            _ => {}
        }
        Update::none()
    }

    fn linear(&self, session: &Session) -> Page {
        linear::page(self, session)
    }

    fn plain(&self, session: &Session) -> String {
        draw::plain(self, session)
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        draw::draw(self, session, theme, frame, area);
    }
}

/// Takes a pasted key and shows it.
fn take_key(text: &Pasted, source: KeySource, session: &mut Session) -> Update {
    if session.take_key(text, source) {
        Update::go(Navigation::To(StepId::QuickFill, Enter::Key))
    } else {
        Update::none()
    }
}

fn read_clipboard(session: &mut Session) -> Update {
    Update::effect(session.start(Place::Systems, JobRequest::ReadClipboard))
}

fn ask_to_remove(system: &System, words: Words) -> Question {
    let words = words.saved_systems();
    Question {
        title: words.remove_title(&system.name),
        text: words.remove_text().to_owned(),
        yes: words.remove_yes().to_owned(),
        no: words.remove_no().to_owned(),
        then: Confirmed::RemoveSystem(system.name.clone()),
        otherwise: None,
    }
}
