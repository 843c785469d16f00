//! Renames a saved system.

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect, text::Line};

use super::{Mode, State, read_clipboard};
use crate::{
    domain::systems::system::{NAME_LIMIT, System, SystemId, SystemName},
    keymap::Action,
    model::{JobRequest, Notice, Place, Session},
    screens::Update,
    ui::{
        Theme, layout,
        page::{Page, said},
        widget::{
            field::Field,
            form::{Form, FormField, FormResult, Remark, Unfinished},
            list,
        },
    },
    words::Words,
};

/// The name that is being typed.
#[derive(Debug)]
pub struct Rename {
    id: SystemId,
    name: SystemName,
    form: Form,
    /// Whether the name was sent and the answer is pending.
    sent: bool,
}

impl Rename {
    /// A form with the current name.
    pub fn of(system: &System, words: Words) -> Self {
        let field = Field::new(system.name.as_str());
        let field = FormField::new(words.saved_systems().new_name(), field).width(NAME_LIMIT as u16);
        Self { id: system.id, name: system.name.clone(), form: Form::new(vec![field]), sent: false }
    }

    /// Restores what was typed before, if Esc closed the form.
    pub fn or_unfinished(mut self, unfinished: &mut Unfinished<SystemId>, session: &mut Session) -> Self {
        if unfinished.bring_back(&self.id, &mut self.form) {
            session.notice = Some(Notice::note(session.content.words.common().typed_before()));
        }
        self
    }

    /// Types into the field.
    pub fn key(&mut self, key: KeyEvent) {
        self.form.key(key);
    }

    /// Pastes into the field.
    pub fn paste(&mut self, text: &str) {
        self.form.paste(text);
    }

    /// The name was refused; it can be sent again.
    pub fn answered(&mut self) {
        self.sent = false;
    }

    /// The new name, or its problem.
    fn new_name(&self, session: &Session) -> Result<SystemName, String> {
        let words = session.content.words;
        let name = SystemName::new(self.form.text(0)).map_err(|error| error.explain(words).what)?;
        match session.saved.systems().get(name.as_str()) {
            Some(other) if other.id != self.id => Err(words.saved_systems().name_taken(&other.name)),
            _ => Ok(name),
        }
    }

    /// The field, with the problem of the name.
    pub fn page(&self, session: &Session) -> Page {
        let title = session.content.words.saved_systems().rename_title(&self.name);
        self.form.page(vec![said(title)], &|_| self.new_name(session).err().map(Remark::Bad))
    }

    /// Draws the field, with the problem of the name.
    pub fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let title = Line::styled(session.content.words.saved_systems().rename_title(&self.name), theme.title);
        let (above, below) = layout::top(area, 2);
        list::draw_lines(&[title], 0, theme, frame, above);
        let remark = |_| self.new_name(session).err().map(Remark::Bad);
        self.form.draw(&remark, theme, frame, below);
    }
}

impl State {
    /// Handles an action while a name is being typed.
    pub(super) fn act_on_rename(&mut self, action: Action, session: &mut Session) -> Update {
        let Mode::Rename(rename) = &mut self.mode else { return Update::none() };
        if action == Action::Paste {
            return read_clipboard(session);
        }
        match rename.form.act(action) {
            FormResult::Submit if !rename.sent => match rename.new_name(session) {
                Ok(new) => {
                    rename.sent = true;
                    let request = JobRequest::RenameSystem { name: rename.name.clone(), new };
                    return Update::effect(session.start(Place::Systems, request));
                }
                Err(why) => session.notice = Some(Notice::error(why)),
            },
            FormResult::Cancel => {
                self.unfinished.keep(rename.id, &rename.form);
                self.mode = Mode::List;
            }
            FormResult::Submit | FormResult::Stay => {}
        }
        Update::none()
    }
}
