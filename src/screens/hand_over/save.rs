//! Saving the key: a name, and a passphrase where there is no keyring.

use crossterm::event::KeyEvent;
use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::State;
use crate::{
    domain::{
        systems::{
            system::{NAME_LIMIT, SystemName},
            vault::{Protection, SHORTEST_PASSPHRASE},
        },
        text::secret::Secret,
    },
    keymap::Action,
    model::{
        Effect, Notice, Session,
        saved::{SaveRequest, Saving, SystemsTask},
    },
    screens::{Confirmed, Question, Update, move_between},
    ui::{
        Theme, layout, text,
        widget::{field::Field, list},
    },
};

/// What the secret will be sealed with.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seal {
    /// A key in the keyring.
    Keyring,
    /// The passphrase that the saved systems have already.
    KnownPassphrase,
    /// A new passphrase, since there is no keyring for this reason.
    NewPassphrase(String),
}

/// The fields and which has the focus.
#[derive(Debug)]
pub struct SaveForm {
    name: Field,
    passphrase: Field,
    again: Field,
    focus: usize,
    seal: Seal,
}

impl SaveForm {
    /// A form with a name made from the host of the key.
    pub fn of(session: &Session) -> Self {
        let seal = match session.saved.listing.protection {
            Some(Protection::Passphrase) => Seal::KnownPassphrase,
            Some(Protection::Keyring) | None => Seal::Keyring,
        };
        let name = Field::new(&proposal(session));
        Self { name, passphrase: Field::masked(), again: Field::masked(), focus: 0, seal }
    }

    /// There is no keyring: a passphrase is asked for.
    pub fn without_keyring(&mut self, why: String) {
        (self.seal, self.focus) = (Seal::NewPassphrase(why), 1);
    }

    fn fields(&self) -> Vec<(&'static str, &Field)> {
        let mut fields = vec![("Name", &self.name)];
        if self.seal != Seal::Keyring {
            fields.push(("Passphrase", &self.passphrase));
        }
        if matches!(self.seal, Seal::NewPassphrase(_)) {
            fields.push(("The same again", &self.again));
        }
        fields
    }

    fn focused(&mut self) -> &mut Field {
        match self.focus {
            0 => &mut self.name,
            1 => &mut self.passphrase,
            _ => &mut self.again,
        }
    }

    /// True on the last field.
    pub fn at_last(&self) -> bool {
        self.focus + 1 == self.fields().len()
    }

    /// Moves between the fields.
    pub fn move_focus(&mut self, action: Action) {
        self.focus = move_between(self.focus, self.fields().len(), action);
    }

    /// Types into the field with the focus.
    pub fn key(&mut self, key: KeyEvent) {
        self.focused().key(key);
    }

    /// Pastes into the field with the focus.
    pub fn paste(&mut self, text: &str) {
        self.focused().paste(text);
    }

    /// The request, or what is wrong with the fields.
    pub fn request(&self, session: &Session) -> Result<SaveRequest, String> {
        let name = SystemName::new(self.name.text()).map_err(|problem| problem.to_string())?;
        let found = session.key.found().filter(|found| found.key.is_some()).ok_or("There is no key to save.")?;
        let passphrase = match self.seal {
            Seal::Keyring => None,
            Seal::KnownPassphrase if self.passphrase.text().is_empty() => {
                return Err("The passphrase of the saved systems is missing.".to_owned());
            }
            Seal::NewPassphrase(_) if self.passphrase.text().chars().count() < SHORTEST_PASSPHRASE => {
                return Err(format!(
                    "The passphrase has fewer than {SHORTEST_PASSPHRASE} characters. Take several words that do not belong \
                     together."
                ));
            }
            Seal::NewPassphrase(_) if self.passphrase.text() != self.again.text() => {
                return Err("The two passphrases differ.".to_owned());
            }
            Seal::KnownPassphrase | Seal::NewPassphrase(_) => Some(Secret::new(self.passphrase.text())),
        };
        Ok(SaveRequest {
            name,
            purpose: session.draft.purpose.clone(),
            found: found.clone(),
            last_test: session.last_test(),
            passphrase,
            replace: false,
        })
    }

    fn words(&self) -> String {
        const LISTED: &str = "Name, addresses, client ID, purpose and verdict go into a list that can be read.";
        match &self.seal {
            Seal::Keyring => format!(
                "{LISTED} The secret goes into a sealed file beside it; the key to that file goes into the keyring of this \
                 machine."
            ),
            Seal::KnownPassphrase => format!(
                "{LISTED} The secret goes into the sealed file beside it, which has a passphrase: that of the systems saved \
                 before."
            ),
            Seal::NewPassphrase(why) => format!(
                "{why} Nothing was stored. With a passphrase of {SHORTEST_PASSPHRASE} characters or more the secret goes \
                 into a sealed file all the same. Nobody can find out a forgotten one."
            ),
        }
    }

    /// Draws the words and the fields.
    pub fn draw(&self, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let width = area.width.min(layout::PROSE);
        let mut lines = vec![Line::styled("Save this system", theme.title)];
        lines.extend(text::wrap(&theme.glyphs.fit(self.words()), width, theme.text));
        let (above, below) = layout::top(area, lines.len() as u16 + 1);
        list::draw_lines(&lines, 0, theme, frame, above);
        for (index, (label, field)) in self.fields().into_iter().enumerate() {
            let y = below.y + index as u16;
            if y >= below.bottom() {
                break;
            }
            let focused = index == self.focus;
            let mark = if focused { theme.glyphs.cursor } else { " " };
            let style = if focused { theme.title } else { theme.text };
            let row = Rect { y, height: 1, ..below };
            let label = vec![Span::styled(format!("{mark} "), theme.accent), Span::styled(label, style)];
            frame.render_widget(Line::from(label), row);
            let room = Rect { x: below.x + 18, width: below.width.saturating_sub(19).min(NAME_LIMIT as u16), ..row };
            field.draw(focused, theme, frame, room);
        }
    }
}

impl State {
    /// What can be done with the form.
    pub(super) fn act_on_form(&mut self, action: Action, session: &mut Session) -> Update {
        let Some(form) = &mut self.form else { return Update::none() };
        match action {
            Action::Primary if !form.at_last() => form.move_focus(Action::NextField),
            Action::Primary => match form.request(session) {
                Ok(request) if session.saved.systems().get(request.name.as_str()).is_some() => {
                    return Update::ask(ask_to_replace(&request.name));
                }
                Ok(request) => return save(request, session),
                Err(why) => session.notice = Some(Notice::error(why)),
            },
            Action::Cancel => {
                self.form = None;
                if session.saved.saving != Saving::Asked {
                    session.saved.saving = Saving::Idle;
                }
            }
            action => form.move_focus(action),
        }
        Update::none()
    }
}

/// Asks to save, unless the answer to the same is still out.
pub fn save(request: SaveRequest, session: &mut Session) -> Update {
    session.notice = Some(Notice::note(format!("Saving {} …", request.name)));
    if session.saved.saving == Saving::Asked {
        return Update::none();
    }
    session.saved.saving = Saving::Asked;
    Update::effect(Effect::Systems(SystemsTask::Save(Box::new(request))))
}

/// What is stored where since the start, and of this key.
pub fn stored(session: &Session) -> String {
    let system = session.saved_system().map(|system| {
        let seal = match session.saved.listing.protection {
            Some(Protection::Passphrase) => "your passphrase",
            Some(Protection::Keyring) | None => "a key in the keyring",
        };
        format!("Saved as {}: the secret is in {}, sealed with {seal}.", system.name, session.saved.listing.place)
    });
    let files = (!session.files.is_empty()).then(|| format!("Files written: {}.", session.files.join(", ")));
    let said: Vec<String> = [system, files].into_iter().flatten().collect();
    match (said.is_empty(), session.key.usable()) {
        (true, Some(_)) => "Nothing is stored yet. The last row saves this system.".to_owned(),
        (true, None) => "Nothing is stored yet.".to_owned(),
        (false, _) => said.join(" "),
    }
}

fn ask_to_replace(name: &SystemName) -> Question {
    Question {
        title: format!("Replace {name}"),
        text: "A saved system has this name already. Its key and its secret are replaced by this one.".to_owned(),
        yes: "Replace it".to_owned(),
        no: "Keep it".to_owned(),
        then: Confirmed::ReplaceSystem,
        otherwise: None,
    }
}

/// A name from the host of the key: its first label.
fn proposal(session: &Session) -> String {
    match session.key.usable().map(|key| &key.url) {
        Some(url) if url.is_loopback() => "practice".to_owned(),
        Some(url) => url.host().split('.').next().unwrap_or_default().to_owned(),
        None => String::new(),
    }
}
