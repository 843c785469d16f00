//! The passphrase of the saved systems.

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect, text::Line};

use super::{Mode, State, read_clipboard};
use crate::{
    domain::{systems::system::SystemId, text::secret::Secret},
    keymap::Action,
    model::{Session, saved_systems::KEPT},
    screens::Update,
    ui::{
        Theme, layout,
        page::{Page, said},
        text,
        widget::{
            field::Field,
            form::{Form, FormField, FormResult},
            list,
        },
    },
    words::Words,
};

/// What needs secrets from the sealed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Opening this system.
    One(SystemId),
    /// Testing all of them.
    All,
}

/// The passphrase that is being typed.
#[derive(Debug)]
pub struct Unlock {
    /// What it is needed for.
    pub target: Target,
    form: Form,
}

impl Unlock {
    /// An empty field.
    pub fn new(target: Target, words: Words) -> Self {
        let label = words.saved_systems().passphrase();
        Self { target, form: Form::new(vec![FormField::new(label, Field::masked())]) }
    }

    /// Types into the field.
    pub fn key(&mut self, key: KeyEvent) {
        self.form.key(key);
    }

    /// Pastes into the field.
    pub fn paste(&mut self, text: &str) {
        self.form.paste(text);
    }

    /// The prompt and the field.
    pub fn page(&self, session: &Session) -> Page {
        let words = session.content.words.saved_systems();
        let facts = vec![
            said(words.unlock_title()),
            said(words.unlock_about(&session.saved.listing.place, KEPT.as_secs() / 60)),
        ];
        self.form.page(facts, &|_| None)
    }

    /// Draws the prompt and the field.
    pub fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let words = session.content.words.saved_systems();
        let mut lines = vec![Line::styled(words.unlock_title(), theme.title)];
        let about = words.unlock_about(&session.saved.listing.place, KEPT.as_secs() / 60);
        lines.extend(text::wrap(&about, area.width.min(layout::PROSE), theme.text));
        let (above, below) = layout::top(area, lines.len() as u16 + 1);
        list::draw_lines(&lines, 0, theme, frame, above);
        self.form.draw(&|_| None, theme, frame, below);
    }
}

impl State {
    /// Handles an action while the passphrase is being typed.
    pub(super) fn act_on_unlock(&mut self, action: Action, session: &mut Session) -> Update {
        let Mode::Unlock(unlock) = &mut self.mode else { return Update::none() };
        if action == Action::Paste {
            return read_clipboard(session);
        }
        match unlock.form.act(action) {
            FormResult::Submit if !unlock.form.exact_text(0).is_empty() => {
                let (target, passphrase) = (unlock.target, Secret::new(unlock.form.exact_text(0)));
                self.start(target, Some(passphrase), session)
            }
            FormResult::Cancel => {
                session.stop_opening();
                self.mode = Mode::List;
                Update::none()
            }
            FormResult::Submit | FormResult::Stay => Update::none(),
        }
    }
}
