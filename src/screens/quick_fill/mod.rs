//! Step 7: the key is pasted, parsed and checked. Nothing is sent here.
//!
//! ```text
//! what was read
//! url, tokenurl, clientid, clientsecret      | findings
//! plan, region
//! findings (below, if there is no room for them beside)
//! ```
//! Without a key: how to paste one, the keys of the practice tenant, the link to the saved systems.

mod draw;
mod file;
mod forms;
mod linear;
mod pane;

use std::{path::PathBuf, time::Duration};

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use self::file::{FileField, Outcome};
use super::{
    Command, Confirmed, Enter, Navigation, Question, Screen, Update, ask_to_send, command, move_focus, move_scroll,
};
use crate::{
    domain::{
        finding::{Finding, FindingCode, Severity},
        sap::guide::StepId,
    },
    keymap::{Action, Context},
    model::{JobEvent, JobRequest, KeySource, Notice, Pasted, Session},
    ui::{
        Theme,
        page::Page,
        widget::form::{Form, FormResult, Unfinished},
    },
};

/// How long a revealed secret is shown.
const REVEALED: Duration = Duration::from_secs(10);

/// What receives the keys.
#[derive(Debug, Default)]
enum Mode {
    /// Nothing to type.
    #[default]
    View,
    /// The name of a file.
    File(Box<FileField>),
    /// The fields by hand.
    Fields(Box<Form>),
}

/// A row that can have the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    /// A key of the practice tenant.
    Sample(usize),
    /// The saved systems.
    Systems,
    /// One of several keys in the text.
    Key(usize),
}

/// The state of the screen.
#[derive(Debug, Default)]
pub struct State {
    mode: Mode,
    focus: usize,
    scroll: usize,
    revealed_until: Option<Duration>,
    unfinished_file: Unfinished<()>,
    unfinished_fields: Unfinished<()>,
}

/// The rows that can have the focus.
fn rows(session: &Session) -> Vec<Row> {
    match &session.key.reading {
        None => {
            let systems = (!session.saved.systems().is_empty()).then_some(Row::Systems);
            (0..session.samples.len()).map(Row::Sample).chain(systems).collect()
        }
        Some(reading) if reading.keys.len() > 1 => (0..reading.keys.len()).map(Row::Key).collect(),
        Some(_) => Vec::new(),
    }
}

impl State {
    /// The row with the focus. The list may have become shorter.
    fn at(&self, session: &Session) -> usize {
        self.focus.min(rows(session).len().saturating_sub(1))
    }

    fn row(&self, session: &Session) -> Option<Row> {
        rows(session).get(self.at(session)).copied()
    }

    /// Whether the secret is shown.
    fn reveals(&self, session: &Session) -> bool {
        self.revealed_until.is_some_and(|until| session.now.since_start < until)
    }

    fn show_key(&mut self, session: &Session) {
        *self = Self { focus: session.key.selected, ..Self::default() };
    }

    fn load_sample(&mut self, index: usize, session: &mut Session) {
        if let Some(sample) = session.samples.get(index).cloned() {
            session.take_key(&sample.text, KeySource::Sample(sample.title));
            self.show_key(session);
        }
    }

    fn move_to(&mut self, row: usize, session: &mut Session) {
        self.focus = row;
        if let Some(Row::Key(key)) = self.row(session)
            && session.key.selected != key
        {
            session.key.selected = key;
            session.drop_run();
            self.revealed_until = None;
        }
    }

    fn act_on_file(&mut self, action: Action, session: &mut Session) -> Update {
        let Mode::File(field) = &mut self.mode else { return Update::none() };
        match field.act(action, session) {
            // The field stays open until the file has been read, so that a typo in its name can be corrected.
            Outcome::Read(name) => {
                return Update::effect(session.start(StepId::QuickFill, JobRequest::ReadFile(PathBuf::from(name))));
            }
            Outcome::Leave => {
                field.leave(&mut self.unfinished_file);
                self.mode = Mode::View;
            }
            Outcome::Stay => {}
        }
        Update::none()
    }

    fn act_on_fields(&mut self, action: Action, session: &mut Session) -> Update {
        let Mode::Fields(form) = &mut self.mode else { return Update::none() };
        match form.act(action) {
            FormResult::Submit => {
                session.take_typed_key(&forms::typed(form));
                self.show_key(session);
            }
            FormResult::Cancel => {
                self.unfinished_fields.keep((), form);
                self.mode = Mode::View;
            }
            FormResult::Stay => {}
        }
        Update::none()
    }

    /// Enter: the focused row while there is no key, otherwise the test.
    fn choose(&mut self, session: &mut Session) -> Update {
        match self.row(session) {
            Some(Row::Sample(index)) => self.load_sample(index, session),
            Some(Row::Systems) => return Update::go(Navigation::Systems(Enter::Plain)),
            Some(Row::Key(_)) | None => return test(session),
        }
        Update::none()
    }

    fn act_on_key(&mut self, action: Action, session: &mut Session) -> Update {
        match action {
            Action::Primary => return self.choose(session),
            Action::Toggle if session.key.reading.is_none() => return self.choose(session),
            Action::Paste => return read_clipboard(session),
            Action::File => self.mode = Mode::File(Box::new(FileField::open(&mut self.unfinished_file, session))),
            Action::Edit => {
                let mut form = forms::fields_form(session);
                if self.unfinished_fields.bring_back(&(), &mut form) {
                    session.notice = Some(Notice::note(session.content.words.common().typed_before()));
                }
                self.mode = Mode::Fields(Box::new(form));
            }
            Action::View => {
                self.revealed_until = (!self.reveals(session)).then(|| session.now.since_start + REVEALED);
            }
            Action::Clear if !session.key_would_be_lost() && !session.key.wants_private_key() => {
                session.forget_key();
                self.focus = 0;
            }
            Action::Clear => return Update::ask(ask_to_forget(session)),
            Action::Cancel if self.reveals(session) => self.revealed_until = None,
            Action::Back | Action::Cancel => return Update::go(Navigation::Back),
            _ => {}
        }
        Update::none()
    }

    fn commands_without_key(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.quick_fill();
        let choose = |label| [command(Action::Primary, label), command(Action::Toggle, label).hidden_from_footer()];
        let mut commands = Vec::new();
        match self.row(session) {
            Some(Row::Sample(_)) => commands.extend(choose(words.load_sample())),
            Some(Row::Systems) => commands.extend(choose(words.open_systems())),
            Some(Row::Key(_)) | None => {}
        }
        commands.push(command(Action::Paste, words.paste()));
        commands.push(command(Action::File, words.file()));
        commands
    }

    fn commands_for_key(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.quick_fill();
        let wants_private_key = session.key.wants_private_key();
        let why_not = if wants_private_key { words.private_key_missing() } else { words.nothing_to_test() };
        let usable = session.key.usable().is_some();
        let test = command(Action::Primary, words.test()).only_if(usable, why_not);
        let show = if self.reveals(session) { words.hide_secret() } else { words.show_secret() };
        let show = command(Action::View, show).hidden_from_footer();
        let show = show.only_if(draw::secret(session).is_some(), words.nothing_to_show());
        let file = if wants_private_key { words.private_key_file() } else { words.file() };
        let file = command(Action::File, file);
        let rest = [command(Action::Paste, words.paste_another()), show, command(Action::Clear, words.clear())];
        let test = match has_wrong_plan(session) {
            true => command(Action::Primary, words.make_parameters()),
            false if usable => test,
            false => test.hidden_from_footer(),
        };
        let mut commands = vec![test];
        if wants_private_key {
            commands.push(file);
            commands.extend(rest);
        } else {
            commands.extend(rest);
            commands.push(file);
        }
        commands
    }
}

fn read_clipboard(session: &mut Session) -> Update {
    Update::effect(session.start(StepId::QuickFill, JobRequest::ReadClipboard))
}

/// Starts the test, after confirming non-SAP hosts.
fn test(session: &mut Session) -> Update {
    if has_wrong_plan(session) {
        return Update::go(Navigation::To(StepId::Purpose, Enter::NewParameters));
    }
    if let Some(error) = first_error(session) {
        let words = session.content.findings.explain(&error, session.content.words);
        session.notice = Some(Notice::error(format!("{} {}", words.title, words.fix.unwrap_or_default())));
        return Update::none();
    }
    let hosts = session.hosts_to_ask_for();
    if !hosts.is_empty() {
        return Update::ask(ask_to_send(hosts, session));
    }
    Update { navigation: Navigation::Next, effects: session.start_test().into_iter().collect(), question: None }
}

/// Whether the key cannot do what it is for, because its instance has another plan.
fn has_wrong_plan(session: &Session) -> bool {
    first_error(session).is_some_and(|error| error.code == FindingCode::WrongPlan)
}

/// The first finding that prevents a test of the key.
fn first_error(session: &Session) -> Option<Finding> {
    session.key.findings().into_iter().find(|finding| finding.severity() == Severity::Error)
}

fn ask_to_forget(session: &Session) -> Question {
    let words = session.content.words.quick_fill();
    Question {
        title: words.forget_title().to_owned(),
        text: words.forget_text().to_owned(),
        yes: words.forget_yes().to_owned(),
        no: words.forget_no().to_owned(),
        then: Confirmed::ForgetKey,
        otherwise: None,
    }
}

impl Screen for State {
    fn context(&self, _session: &Session) -> Context {
        match self.mode {
            Mode::View => Context::Browse,
            Mode::File(_) | Mode::Fields(_) => Context::Edit,
        }
    }

    fn commands(&self, session: &Session) -> Vec<Command> {
        let words = session.content.words.quick_fill();
        let paste = command(Action::Paste, words.paste()).hidden_from_footer();
        let cancel = command(Action::Cancel, words.cancel());
        match self.mode {
            Mode::File(_) => {
                let complete = command(Action::NextField, words.complete());
                vec![command(Action::Primary, words.read_file()), complete, cancel, paste]
            }
            Mode::Fields(_) => {
                let next = command(Action::NextField, words.next_field());
                vec![command(Action::Primary, words.use_values()), next, cancel, paste]
            }
            Mode::View => {
                let mut commands = match session.key.reading {
                    None => self.commands_without_key(session),
                    Some(_) => self.commands_for_key(session),
                };
                commands.push(command(Action::Edit, words.type_fields()));
                if !session.saved.systems().is_empty() {
                    let open = command(Action::Systems, words.open_systems());
                    let focused = self.row(session) == Some(Row::Systems);
                    commands.push(if focused { open.hidden_from_footer() } else { open });
                }
                commands
            }
        }
    }

    fn enter(&mut self, why: Enter, session: &mut Session) -> Update {
        self.revealed_until = None;
        if why == Enter::Key {
            self.show_key(session);
        } else if session.key.reading.is_some() && matches!(self.mode, Mode::View) {
            self.focus = session.key.selected;
        }
        Update::none()
    }

    fn act(&mut self, action: Action, session: &mut Session) -> Update {
        if action == Action::Paste {
            return read_clipboard(session);
        }
        match self.mode {
            Mode::File(_) => return self.act_on_file(action, session),
            Mode::Fields(_) => return self.act_on_fields(action, session),
            Mode::View => {}
        }
        let (mut row, count) = (self.at(session), rows(session).len());
        if count > 0 && move_focus(&mut row, count, action) {
            self.move_to(row, session);
            return Update::none();
        }
        if move_scroll(&mut self.scroll, 200, action) {
            return Update::none();
        }
        self.act_on_key(action, session)
    }

    fn key(&mut self, key: KeyEvent, session: &mut Session) {
        match &mut self.mode {
            Mode::File(field) => field.key(key, session),
            Mode::Fields(form) => drop(form.key(key)),
            Mode::View => {}
        }
    }

    fn paste(&mut self, text: &Pasted, session: &mut Session) -> Update {
        match &mut self.mode {
            // A whole key pasted here is meant as a key.
            Mode::File(field) if !text.text().contains('{') => field.paste(&text.text(), session),
            // A whole key pasted into one of the fields is meant as a key.
            Mode::Fields(form) if !text.text().contains('{') => {
                form.paste(&text.text());
            }
            Mode::View | Mode::File(_) | Mode::Fields(_) => {
                session.take_key(text, KeySource::Pasted);
                self.show_key(session);
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
            self.show_key(session);
        } else if let (Mode::File(field), Some(notice)) = (&mut self.mode, session.notice.take()) {
            field.fail(notice.text);
        }
        Update::none()
    }

    fn answered(&mut self, event: &JobEvent, session: &mut Session) -> Update {
        let Mode::File(field) = &mut self.mode else { return Update::none() };
        match event {
            JobEvent::Files(typed, candidates) => field.listed(typed, candidates),
            JobEvent::Read(Err(why)) => {
                session.notice = None;
                field.fail(why.to_string());
            }
            _ => {}
        }
        Update::none()
    }

    fn on_confirmed(&mut self, _confirmed: &Confirmed, session: &mut Session) -> Update {
        test(session)
    }

    fn focus_changed(&mut self, gained: bool) {
        if !gained {
            self.revealed_until = None;
        }
    }

    fn wake_after(&self, session: &Session) -> Option<Duration> {
        self.revealed_until.and_then(|until| until.checked_sub(session.now.since_start)).filter(|left| !left.is_zero())
    }

    fn is_done(&self, session: &Session) -> bool {
        session.key.usable().is_some()
    }

    fn needs_attention(&self, session: &Session) -> bool {
        session.done.contains(&StepId::QuickFill) && session.key.usable().is_none()
    }

    fn linear(&self, session: &Session) -> Page {
        linear::page(self, session)
    }

    fn plain(&self, session: &Session) -> String {
        draw::plain(session)
    }

    fn view(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        draw::draw(self, session, theme, frame, area);
    }
}
