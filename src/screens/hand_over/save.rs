//! Saving the key: a name, and a passphrase if there is no keyring.

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect, text::Line};

use super::State;
use crate::{
    domain::{
        sap::guide::StepId,
        systems::{
            passphrase::{self, PassphraseError},
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
            form::{Form, FormField, FormResult, Remark, Unfinished},
            list,
            passphrase::strength,
        },
    },
    words::Words,
};

/// How the secret will be sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seal {
    /// A key in the keyring.
    Keyring,
    /// The existing passphrase of the saved systems.
    KnownPassphrase,
    /// A new passphrase, because the keyring is unavailable for this reason.
    NewPassphrase(String),
}

/// Number of the field for the name.
const NAME: usize = 0;
/// Number of the field for the passphrase.
const PASSPHRASE: usize = 1;
/// Number of the field for the repeated passphrase.
const REPEAT: usize = 2;

/// The fields, and how the secret will be sealed.
#[derive(Debug)]
pub struct SaveForm {
    form: Form,
    seal: Seal,
    /// Whether Enter was pressed on a passphrase that is too weak.
    refused: bool,
}

impl SaveForm {
    /// A form with a name derived from the host of the key.
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
        Self { form, seal, refused: false }
    }

    /// Restores what was typed for this key before, if Esc closed the form.
    pub fn or_unfinished(mut self, unfinished: &mut Unfinished<u32>, session: &mut Session) -> Self {
        if unfinished.bring_back(&session.key_changes, &mut self.form) {
            session.notice = Some(Notice::note(session.content.words.common().typed_before()));
        }
        self
    }

    /// Asks for a passphrase, because the keyring is unavailable.
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

    /// The request, or which field is wrong and why.
    pub fn request(&self, session: &Session) -> Result<SaveRequest, (usize, String)> {
        let words = session.content.words.hand_over();
        let name = SystemName::new(self.form.text(NAME))
            .map_err(|error| (NAME, error.explain(session.content.words).unusable().to_string()))?;
        let found = session.key.found().filter(|found| found.key.is_some());
        let found = found.ok_or_else(|| (NAME, words.no_key().to_owned()))?;
        let typed = self.form.exact_text(PASSPHRASE);
        let passphrase = match self.seal {
            Seal::Keyring => None,
            Seal::KnownPassphrase if typed.is_empty() => {
                return Err((PASSPHRASE, words.passphrase_missing().to_owned()));
            }
            Seal::NewPassphrase(_) => {
                passphrase::check(typed)
                    .map_err(|error| (PASSPHRASE, error.explain(session.content.words).unusable().to_string()))?;
                if typed != self.form.exact_text(REPEAT) {
                    return Err((REPEAT, words.passphrases_differ().to_owned()));
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

    /// The linear form of the form.
    pub fn page(&self, session: &Session) -> Page {
        let words = session.content.words;
        let facts = vec![said(words.hand_over().form_title()), said(self.about(words))];
        self.form.page(facts, &|index| self.remark(index, session))
    }

    /// Draws the words and the fields.
    pub fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let words = session.content.words;
        let width = area.width.min(layout::PROSE);
        let mut lines = vec![Line::styled(words.hand_over().form_title(), theme.title)];
        lines.extend(text::wrap(&self.about(words), width, theme.text));
        let (above, below) = layout::top(area, lines.len() as u16 + 1);
        list::draw_lines(&lines, 0, theme, frame, above);
        self.form.draw(&|index| self.remark(index, session), theme, frame, below);
    }

    /// The problem of a field, or the strength of a new passphrase.
    fn remark(&self, index: usize, session: &Session) -> Option<Remark> {
        let words = session.content.words;
        let (typed, repeated) = (self.form.exact_text(PASSPHRASE), self.form.exact_text(REPEAT));
        let is_new = matches!(self.seal, Seal::NewPassphrase(_));
        match index {
            NAME => {
                let name = self.form.text(NAME);
                let taken = || session.saved.systems().get(name).is_some();
                match SystemName::new(name) {
                    _ if name.is_empty() => None,
                    Err(error) => Some(Remark::Bad(error.explain(words).what)),
                    Ok(_) => taken().then(|| Remark::Warning(words.hand_over().name_taken().to_owned())),
                }
            }
            PASSPHRASE if is_new => Some(strength(typed, self.refused, words)),
            REPEAT if is_new && !typed.starts_with(repeated) => {
                Some(Remark::Bad(words.passphrase().repeat_differs().to_owned()))
            }
            _ => None,
        }
    }

    /// Whether the remark at a field already says this.
    pub fn says(&self, text: &str, words: Words) -> bool {
        let (typed, repeated) = (self.form.exact_text(PASSPHRASE), self.form.exact_text(REPEAT));
        let refused = passphrase::check(typed).err().filter(|_| self.refused);
        let differ = !typed.starts_with(repeated) && text == words.hand_over().passphrases_differ();
        differ || refused.is_some_and(|why| why.explain(words).what == text)
    }

    /// Why a new passphrase is rejected, if an action would submit it. The field shows it immediately.
    fn refused(&mut self, action: Action) -> Option<PassphraseError> {
        let leaves = action == Action::Primary;
        let at_passphrase = matches!(self.seal, Seal::NewPassphrase(_)) && self.form.focus() == PASSPHRASE;
        let refused = passphrase::check(self.form.exact_text(PASSPHRASE)).err().filter(|_| leaves && at_passphrase);
        self.refused = refused.is_some();
        refused
    }
}

impl State {
    /// Handles an action on the form.
    pub(super) fn act_on_form(&mut self, action: Action, session: &mut Session) -> Update {
        let Some(form) = &mut self.form else { return Update::none() };
        if let Some(why) = form.refused(action) {
            session.notice = Some(Notice::error(why.explain(session.content.words).what));
            return Update::none();
        }
        match form.form.act(action) {
            FormResult::Stay => {}
            FormResult::Submit => match form.request(session) {
                Ok(request) if session.saved.systems().get(request.name.as_str()).is_some() => {
                    return Update::ask(ask_to_replace(&request.name, session));
                }
                Ok(request) => return save(request, session),
                Err((field, why)) => {
                    form.form.set_focus(field);
                    session.notice = Some(Notice::error(why));
                }
            },
            FormResult::Cancel => {
                self.unfinished.keep(session.key_changes, &form.form);
                self.form = None;
            }
        }
        Update::none()
    }
}

/// Starts saving, unless a save is already pending.
pub fn save(request: SaveRequest, session: &mut Session) -> Update {
    session.notice = Some(Notice::note(session.content.words.hand_over().saving(&request.name)));
    if session.jobs.saves() {
        return Update::none();
    }
    let (job, effect) = session.jobs.start(StepId::HandOver, JobRequest::SaveSystem(Box::new(request)));
    session.key.saving = Some(job);
    Update::effect(effect)
}

/// What was stored since the start, and where this key's secret is.
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

/// A name derived from the host of the key: the tenant.
fn proposal(session: &Session) -> String {
    match session.key.usable().map(|key| &key.url) {
        Some(url) if url.is_loopback() && session.around.practice => "practice".to_owned(),
        Some(url) => url.subdomain().or_else(|| url.host().split('.').next()).unwrap_or_default().to_owned(),
        None => String::new(),
    }
}
