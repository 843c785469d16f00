//! Step 7: the key is pasted, read and judged. Nothing is sent here.
//!
//! ```text
//! what was read
//! url, tokenurl, clientid, clientsecret      | findings
//! plan, region
//! findings (below 76 columns)
//! ```
//! Where there is no key: what to do, samples of the practice tenant, saved systems.

mod draw;
mod forms;
mod saved;

use std::{path::PathBuf, time::Duration};

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::{
    forms::Form,
    saved::{Locked, Unlock},
};
use super::{Command, Confirmed, Enter, Navigation, Question, Screen, Update, command, move_focus};
use crate::{
    domain::{
        finding::{Finding, Severity},
        sap::guide::StepId,
        systems::system::SystemName,
        text::secret::Secret,
    },
    keymap::{Action, Context},
    model::{JobEvent, JobRequest, KeySource, Notice, Pasted, Session},
    ui::{Theme, widget::field::Field},
};

/// How long a revealed secret stays.
const REVEALED: Duration = Duration::from_secs(10);

/// What has the keys.
#[derive(Debug, Default)]
enum Mode {
    /// Nothing to type.
    #[default]
    View,
    /// The name of a file.
    File(Box<Field>),
    /// The fields by hand.
    Typing(Box<Form>),
    /// The list of saved systems, although there is a key.
    Choosing,
    /// The passphrase of the saved systems.
    Unlocking(Box<Unlock>),
    /// Another name for a saved system.
    Renaming(Box<(SystemName, Field)>),
    /// All saved systems tested side by side.
    Round,
}

/// The panel.
#[derive(Debug, Default)]
pub struct State {
    mode: Mode,
    focus: usize,
    scroll: usize,
    revealed_until: Option<Duration>,
}

impl State {
    /// How many rows can have the focus: samples of the practice tenant and saved systems, or the keys of one text.
    fn rows(&self, session: &Session) -> usize {
        if let Some(round) = self.round(session) {
            return round.rows.len();
        }
        match session.key.reading.as_ref().filter(|_| !self.lists(session)) {
            None => session.samples.len() + session.saved.systems().len(),
            Some(reading) if reading.keys.len() > 1 => reading.keys.len(),
            Some(_) => 0,
        }
    }

    /// True while samples and saved systems are listed.
    fn lists(&self, session: &Session) -> bool {
        match self.mode {
            Mode::View | Mode::Round => session.key.reading.is_none(),
            Mode::Choosing => true,
            Mode::File(_) | Mode::Typing(_) | Mode::Unlocking(_) | Mode::Renaming(_) => false,
        }
    }

    /// The row with the focus; systems may be gone meanwhile.
    fn at(&self, session: &Session) -> usize {
        self.focus.min(self.rows(session).saturating_sub(1))
    }

    /// True while the secret may be seen.
    fn reveals(&self, session: &Session) -> bool {
        self.revealed_until.is_some_and(|until| session.now.since_start < until)
    }

    fn after_reading(&mut self, session: &mut Session) {
        self.mode = Mode::View;
        self.focus = session.key.selected;
        self.scroll = 0;
        self.revealed_until = None;
    }

    fn load_sample(&mut self, session: &mut Session) {
        if let Some(sample) = session.samples.get(self.at(session)).cloned() {
            session.take_key(&sample.text, KeySource::Sample(sample.title));
            self.after_reading(session);
        }
    }

    /// What can be done with the key, or in place of one.
    fn act_on_key(&mut self, action: Action, session: &mut Session) -> Update {
        match action {
            Action::Primary => return self.test(session),
            Action::Paste => return Update::effect(session.start(StepId::QuickFill, JobRequest::ReadClipboard)),
            Action::File => self.mode = Mode::File(Box::default()),
            Action::Edit => self.mode = Mode::Typing(Box::new(Form::of(session))),
            Action::View => {
                self.revealed_until =
                    if self.reveals(session) { None } else { Some(session.now.since_start + REVEALED) };
            }
            Action::Clear
                if session.key.saved.is_some() || matches!(session.key.source, Some(KeySource::Sample(_))) =>
            {
                session.forget_key();
                self.focus = 0;
            }
            Action::Clear => {
                return Update::ask(Question {
                    title: "Forget the key".to_owned(),
                    text: "The key is kept in memory only. Forget it?".to_owned(),
                    yes: "Forget it".to_owned(),
                    no: "Keep it".to_owned(),
                    then: Confirmed::ForgetKey,
                    otherwise: None,
                });
            }
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    fn test(&self, session: &mut Session) -> Update {
        if let Some(error) = first_error(session) {
            let words = session.content.findings.explain(&error);
            session.notice = Some(Notice::error(format!("{} {}", words.title, words.fix.unwrap_or_default())));
            return Update::none();
        }
        let hosts = session.hosts_to_ask_for();
        if !hosts.is_empty() {
            let named = hosts.join(" and ");
            return Update::ask(Question {
                title: "Send the secret there?".to_owned(),
                text: format!(
                    "{named}: this is not an SAP address as far as is known. The test sends the secret to the token host and \
                     the token to the API host. Nothing was sent yet."
                ),
                yes: "Send it".to_owned(),
                no: "Do not send".to_owned(),
                then: Confirmed::SendTo(hosts),
                otherwise: None,
            });
        }
        Update { navigation: Navigation::Next, effects: session.start_test().into_iter().collect(), question: None }
    }
}

/// The first finding that keeps the key from being tested.
fn first_error(session: &Session) -> Option<Finding> {
    session.key.findings().into_iter().find(|finding| finding.severity() == Severity::Error)
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        match self.mode {
            Mode::View | Mode::Choosing | Mode::Round => Context::Browse,
            Mode::File(_) | Mode::Typing(_) | Mode::Unlocking(_) | Mode::Renaming(_) => Context::Edit,
        }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        match self.mode {
            Mode::File(_) => return vec![command(Action::Primary, "read the file"), command(Action::Cancel, "leave")],
            Mode::Typing(_) => {
                return vec![
                    command(Action::Primary, "take these values"),
                    command(Action::NextField, "next field"),
                    command(Action::Cancel, "leave"),
                ];
            }
            Mode::Renaming(_) => return vec![command(Action::Primary, "rename"), command(Action::Cancel, "leave")],
            Mode::Unlocking(_) => return vec![command(Action::Primary, "open"), command(Action::Cancel, "leave")],
            Mode::Round if self.round(session).is_some() => {
                let running = session.is_testing_all();
                let mut commands = Vec::new();
                if running {
                    commands.push(command(Action::Cancel, "stop"));
                } else {
                    commands.push(command(Action::Primary, "open this system"));
                    commands.push(command(Action::Retry, "test all again"));
                }
                return commands;
            }
            Mode::View | Mode::Choosing | Mode::Round => {}
        }
        let wants_private_key = session.key.wants_private_key();
        let mut commands = Vec::new();
        if self.lists(session) {
            commands = self.list_offers(session);
        } else {
            let usable = session.key.usable().is_some();
            if usable {
                commands.push(command(Action::Primary, "test the connection"));
            } else {
                let reason = if wants_private_key {
                    "The private key of the certificate is missing. Read it from its file."
                } else {
                    "There is no key to test yet. Paste another one."
                };
                commands.push(command(Action::Primary, "test").hidden_from_footer().only_if(false, reason));
            }
            if wants_private_key {
                commands.push(command(Action::File, "file of the private key"));
            }
            commands.push(command(Action::Paste, "paste another"));
            commands.push(
                command(Action::View, "show the secret")
                    .hidden_from_footer()
                    .only_if(draw::secret(session).is_some(), "There is no client secret to show."),
            );
            commands.push(command(Action::Clear, "clear"));
        }
        if !wants_private_key {
            commands.push(command(Action::File, "file"));
        }
        commands.push(command(Action::Edit, "type the fields"));
        commands
    }

    fn enter(&mut self, why: Enter, session: &mut Session) -> Update {
        self.revealed_until = None;
        match why {
            Enter::ChooseSystem => (self.mode, self.focus) = (Mode::Choosing, session.samples.len()),
            Enter::TestSystems => return self.unlock(Locked::All, None, session),
            _ if session.key.reading.is_some() && matches!(self.mode, Mode::View) => {
                self.focus = session.key.selected;
            }
            _ => {}
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        match &mut self.mode {
            Mode::File(field) => {
                match action {
                    Action::Primary if !field.text().trim().is_empty() => {
                        let path = PathBuf::from(field.text().trim());
                        self.mode = Mode::View;
                        return Update::effect(session.start(StepId::QuickFill, JobRequest::ReadFile(path)));
                    }
                    Action::Cancel => self.mode = Mode::View,
                    Action::Paste => {
                        return Update::effect(session.start(StepId::QuickFill, JobRequest::ReadClipboard));
                    }
                    _ => {}
                }
                return Update::none();
            }
            Mode::Typing(form) => {
                match action {
                    Action::Primary => {
                        if form.at_last() {
                            let typed = form.typed();
                            session.take_typed_key(&typed);
                            self.after_reading(session);
                        } else {
                            form.move_focus(Action::NextField);
                        }
                    }
                    Action::Cancel => self.mode = Mode::View,
                    Action::Paste => {
                        return Update::effect(session.start(StepId::QuickFill, JobRequest::ReadClipboard));
                    }
                    action => form.move_focus(action),
                }
                return Update::none();
            }
            Mode::Unlocking(unlock) => {
                match action {
                    Action::Primary if !unlock.field.text().is_empty() => {
                        let (locked, passphrase) = (unlock.locked, Secret::new(unlock.field.text()));
                        return self.unlock(locked, Some(passphrase), session);
                    }
                    Action::Cancel => {
                        (self.mode, self.focus) = (Mode::Choosing, session.samples.len());
                    }
                    _ => {}
                }
                return Update::none();
            }
            Mode::Renaming(renaming) => {
                match action {
                    Action::Primary => match SystemName::new(renaming.1.text()) {
                        Ok(new) => {
                            let name = renaming.0.clone();
                            self.mode = Mode::Choosing;
                            return Update::effect(
                                session.start(StepId::QuickFill, JobRequest::RenameSystem { name, new }),
                            );
                        }
                        Err(problem) => session.notice = Some(Notice::error(problem.to_string())),
                    },
                    Action::Cancel => self.mode = Mode::Choosing,
                    _ => {}
                }
                return Update::none();
            }
            Mode::View | Mode::Choosing | Mode::Round => {}
        }
        let rows = self.rows(session);
        self.focus = self.at(session);
        let shows_key = self.round(session).is_none() && !self.lists(session);
        if rows > 0 && move_focus(&mut self.focus, rows, action) {
            if shows_key && session.key.selected != self.focus {
                session.key.selected = self.focus;
                session.drop_run();
                self.revealed_until = None;
            }
            return Update::none();
        }
        if move_focus(&mut self.scroll, 200, action) {
            return Update::none();
        }
        if self.round(session).is_some() {
            return self.act_on_round(action, session);
        }
        if self.lists(session) {
            return self.act_on_list(action, session);
        }
        self.act_on_key(action, session)
    }

    fn key(&mut self, key: KeyEvent, _session: &mut Session) {
        match &mut self.mode {
            Mode::File(field) => {
                field.key(key);
            }
            Mode::Typing(form) => form.key(key),
            Mode::Unlocking(unlock) => {
                unlock.field.key(key);
            }
            Mode::Renaming(renaming) => {
                renaming.1.key(key);
            }
            Mode::View | Mode::Choosing | Mode::Round => {}
        }
    }
    fn paste(&mut self, text: &Pasted, session: &mut Session) -> Update {
        match &mut self.mode {
            Mode::File(field) => {
                field.paste(&text.text());
            }
            Mode::Unlocking(unlock) => {
                unlock.field.paste(&text.text());
            }
            Mode::Renaming(renaming) if !text.text().contains('{') => {
                renaming.1.paste(&text.text());
            }
            // A whole key pasted into one of the fields is meant as a key.
            Mode::Typing(form) if !text.text().contains('{') => form.paste(&text.text()),
            _ => {
                session.take_key(text, KeySource::Pasted);
                self.after_reading(session);
            }
        }
        Update::none()
    }

    fn read(&mut self, text: &Pasted, file: Option<String>, session: &mut Session) -> Update {
        let source = match file {
            Some(name) => KeySource::File(name),
            None if self.context(session) != Context::Browse => return self.paste(text, session),
            None => KeySource::Clipboard,
        };
        if session.take_key(text, source) {
            self.after_reading(session);
        }
        Update::none()
    }

    fn answered(&mut self, event: &JobEvent, session: &mut Session) -> Update {
        if matches!(event, JobEvent::Opened(Ok(_))) {
            self.after_reading(session);
        }
        Update::none()
    }

    fn on_confirmed(&mut self, session: &mut Session) -> Update {
        self.test(session)
    }

    fn focus_changed(&mut self, gained: bool) {
        if !gained {
            self.revealed_until = None;
        }
    }

    fn wake_after(&self, session: &Session) -> Option<Duration> {
        self.revealed_until.and_then(|until| until.checked_sub(session.now.since_start)).filter(|left| !left.is_zero())
    }

    fn needs_attention(&self, session: &Session) -> bool {
        session.done.contains(&StepId::QuickFill) && session.key.usable().is_none()
    }

    fn plain(&self, session: &Session) -> String {
        draw::plain(self, session)
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        draw::draw(self, session, theme, frame, area);
    }
}
