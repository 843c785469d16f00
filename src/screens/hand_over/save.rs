//! Saving the key: a name, and a passphrase if there is no keyring.

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect, text::Line};

use super::State;
use crate::{
    domain::{
        sap::guide::StepId,
        systems::{
            passphrase::{self, PassphraseError, Strength},
            system::{NAME_LIMIT, SystemName},
            vault::Protection,
        },
        text::secret::Secret,
    },
    keymap::Action,
    model::{JobRequest, Notice, Session, saved::SaveRequest},
    screens::{Confirmed, Question, Update},
    ui::{
        Theme, layout,
        page::{Page, said},
        text,
        widget::{
            field::Field,
            form::{Form, FormField, FormResult, Remark},
            list,
        },
    },
    words::Words,
};

/// What the secret will be sealed with.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seal {
    /// A key in the keyring.
    Keyring,
    /// The passphrase that the saved systems have already.
    KnownPassphrase,
    /// A new passphrase, because there is no keyring, for this reason.
    NewPassphrase(String),
}

/// Number of the field for the name.
const NAME: usize = 0;
/// Number of the field for the passphrase.
const PASSPHRASE: usize = 1;
/// Number of the field for the same passphrase again.
const REPEAT: usize = 2;

/// The fields, and what the secret will be sealed with.
#[derive(Debug)]
pub struct SaveForm {
    form: Form,
    seal: Seal,
}

impl SaveForm {
    /// A form with a name made from the host of the key.
    pub fn of(session: &Session) -> Self {
        let words = session.content.words.hand_over();
        let name = FormField::new(words.form_name(), Field::new(&proposal(session))).width(NAME_LIMIT as u16);
        let mut form = Form::new(vec![name]);
        let seal = match session.saved.listing.protection {
            Some(Protection::Passphrase) => {
                form.push(FormField::new(words.form_passphrase(), Field::masked()));
                Seal::KnownPassphrase
            }
            Some(Protection::Keyring) | None => Seal::Keyring,
        };
        Self { form, seal }
    }

    /// Asks for a passphrase, because there is no keyring.
    pub fn without_keyring(&mut self, why: String, words: Words) {
        let words = words.hand_over();
        let missing = match self.seal {
            Seal::Keyring => vec![words.form_passphrase(), words.form_repeat()],
            Seal::KnownPassphrase => vec![words.form_repeat()],
            Seal::NewPassphrase(_) => Vec::new(),
        };
        missing.into_iter().for_each(|label| self.form.push(FormField::new(label, Field::masked())));
        self.seal = Seal::NewPassphrase(why);
        self.form.set_focus(PASSPHRASE);
    }

    /// Types into the field with the focus.
    pub fn key(&mut self, key: KeyEvent) {
        self.form.key(key);
    }

    /// Pastes into the field with the focus.
    pub fn paste(&mut self, text: &str) {
        self.form.paste(text);
    }

    /// The request, or what is wrong with the fields.
    pub fn request(&self, session: &Session) -> Result<SaveRequest, String> {
        let words = session.content.words.hand_over();
        let name = SystemName::new(self.form.text(NAME))
            .map_err(|error| error.explain(session.content.words).unusable().to_string())?;
        let found = session.key.found().filter(|found| found.key.is_some()).ok_or(words.no_key())?;
        let typed = self.form.exact_text(PASSPHRASE);
        let passphrase = match self.seal {
            Seal::Keyring => None,
            Seal::KnownPassphrase if typed.is_empty() => {
                return Err(words.passphrase_missing().to_owned());
            }
            Seal::NewPassphrase(_) => {
                passphrase::check(typed)
                    .map_err(|error| error.explain(session.content.words).unusable().to_string())?;
                if typed != self.form.exact_text(REPEAT) {
                    return Err(words.passphrases_differ().to_owned());
                }
                Some(Secret::new(typed))
            }
            Seal::KnownPassphrase => Some(Secret::new(typed)),
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

    fn about(&self, words: Words) -> String {
        let words = words.hand_over();
        match &self.seal {
            Seal::Keyring => words.form_about_keyring().to_owned(),
            Seal::KnownPassphrase => words.form_about_known_passphrase().to_owned(),
            Seal::NewPassphrase(why) => words.form_about_new_passphrase(why, passphrase::SHORTEST),
        }
    }

    /// The form as sentences and fields.
    pub fn page(&self, words: Words) -> Page {
        let facts = vec![said(words.hand_over().form_title()), said(self.about(words))];
        self.form.page(facts, &|index| self.remark(index, words))
    }

    /// Draws the words and the fields.
    pub fn draw(&self, words: Words, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let width = area.width.min(layout::PROSE);
        let mut lines = vec![Line::styled(words.hand_over().form_title(), theme.title)];
        lines.extend(text::wrap(&self.about(words), width, theme.text));
        let (above, below) = layout::top(area, lines.len() as u16 + 1);
        list::draw_lines(&lines, 0, theme, frame, above);
        self.form.draw(&|index| self.remark(index, words), theme, frame, below);
    }

    /// How strong a new passphrase is, and whether it was repeated correctly so far.
    fn remark(&self, index: usize, words: Words) -> Option<Remark> {
        let Seal::NewPassphrase(_) = self.seal else { return None };
        let (typed, repeated) = (self.form.exact_text(PASSPHRASE), self.form.exact_text(REPEAT));
        match index {
            PASSPHRASE => Some(strength(typed, words)),
            REPEAT if !typed.starts_with(repeated) => Some(Remark::Bad(words.passphrase().repeat_differs().to_owned())),
            _ => None,
        }
    }
}

fn strength(typed: &str, words: Words) -> Remark {
    let labels = words.passphrase();
    match passphrase::check(typed) {
        _ if typed.is_empty() => Remark::Hint(labels.advice().to_owned()),
        Err(PassphraseError::TooShort { missing }) => Remark::Hint(labels.missing(missing)),
        Err(error @ PassphraseError::TooSimple) => {
            let said = error.explain(words);
            Remark::Bad(format!("{} {}", said.what, said.why))
        }
        Ok(Strength::Acceptable) => Remark::Warning(labels.acceptable().to_owned()),
        Ok(Strength::Strong) => Remark::Good(labels.strong().to_owned()),
    }
}

impl State {
    /// What can be done with the form.
    pub(super) fn act_on_form(&mut self, action: Action, session: &mut Session) -> Update {
        let Some(form) = &mut self.form else { return Update::none() };
        match form.form.act(action) {
            FormResult::Stay => {}
            FormResult::Submit => match form.request(session) {
                Ok(request) if session.saved.systems().get(request.name.as_str()).is_some() => {
                    return Update::ask(ask_to_replace(&request.name, session));
                }
                Ok(request) => return save(request, session),
                Err(why) => session.notice = Some(Notice::error(why)),
            },
            FormResult::Cancel => self.form = None,
        }
        Update::none()
    }
}

/// Asks to save, unless the answer to the same is still out.
pub fn save(request: SaveRequest, session: &mut Session) -> Update {
    session.notice = Some(Notice::note(session.content.words.hand_over().saving(&request.name)));
    if session.jobs.saves() {
        return Update::none();
    }
    let (job, effect) = session.jobs.start(StepId::HandOver, JobRequest::SaveSystem(Box::new(request)));
    session.key.saving = Some(job);
    Update::effect(effect)
}

/// What was stored since the start, and where the secret of this key is.
pub fn stored(session: &Session) -> String {
    let words = session.content.words.hand_over();
    let system = session.saved_system().map(|system| {
        let place = &session.saved.listing.place;
        match session.saved.listing.protection {
            Some(Protection::Passphrase) => words.stored_with_passphrase(&system.name, place),
            Some(Protection::Keyring) | None => words.stored_with_keyring(&system.name, place),
        }
    });
    let files = (!session.files.is_empty()).then(|| words.files_written(session.files.join(", ")));
    let said: Vec<String> = [system, files].into_iter().flatten().collect();
    if said.is_empty() { words.nothing_stored().to_owned() } else { said.join(" ") }
}

fn ask_to_replace(name: &SystemName, session: &Session) -> Question {
    let words = session.content.words.hand_over();
    Question {
        title: words.replace_title(name),
        text: words.replace_text().to_owned(),
        yes: words.replace_yes().to_owned(),
        no: words.replace_no().to_owned(),
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
