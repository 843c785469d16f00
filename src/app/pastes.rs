//! Handles text that is pasted, typed by a terminal, or read from the clipboard: a key is accepted everywhere, and no
//! text is dropped silently.

use super::{App, overlay::Overlay};
use crate::{
    domain::{
        key::service_key::{self, Meant},
        sap::guide::StepId,
    },
    keymap::Context,
    model::{
        Effect, KeySource, Notice, Pasted, Place,
        capture::{BEGINNING, Capture, QUIET},
        job::JobKind,
        jobs::Job,
    },
    screens::{Confirmed, Enter, Navigation, Question, roles::editor},
    ui::widget::field,
};

/// A text that waits for the user's decision.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    text: Pasted,
    source: KeySource,
    meant: Meant,
    /// The overlay that was open when it arrived; it is restored if the text is discarded.
    below: Option<Overlay>,
}

impl App {
    /// Characters that arrived faster than anyone types. More may follow.
    pub(super) fn burst(&mut self, text: &Pasted) -> Vec<Effect> {
        if self.session.around.whole_lines {
            return self.paste(text, KeySource::Pasted);
        }
        if !self.takes_as_pasted(Some(&text.text())) && !self.shows_plain() {
            self.capture = Some(Capture::begin(&text.text(), self.session.now));
        }
        Vec::new()
    }

    /// Handles a key or burst that is the rest of a paste. Returns whether it was. `text` is what it types, if
    /// anything.
    pub(super) fn takes_as_pasted(&mut self, text: Option<&str>) -> bool {
        if self.session.around.whole_lines {
            return false;
        }
        let now = self.session.now;
        if let Some(capture) = &mut self.capture {
            match text {
                Some(text) => capture.add(text, now),
                None => capture.stay(now),
            }
            return true;
        }
        let quiet = self.pasted_at.is_some_and(|at| now.since_start < at + QUIET);
        if quiet && text.is_some() {
            self.pasted_at = Some(now.since_start);
        }
        quiet && !self.writes(text)
    }

    /// Whether this goes into a focused text field. The rest of a stalled paste belongs there too; only its line feeds
    /// would submit it.
    pub(super) fn writes(&self, text: Option<&str>) -> bool {
        let is_text = text.is_some_and(|text| !text.contains(char::is_control));
        is_text && matches!(self.context(), Context::Edit | Context::Editor)
    }

    /// Whether this character may start a service key typed by a terminal without bracketed paste.
    pub(super) fn begins_capture(&self, character: Option<char>) -> bool {
        !self.session.around.whole_lines
            && character == Some(BEGINNING)
            && matches!(self.context(), Context::Browse | Context::Help | Context::Confirm)
    }

    pub(super) fn paste(&mut self, text: &Pasted, source: KeySource) -> Vec<Effect> {
        self.session.notice = None;
        self.pasted_at = Some(self.session.now.since_start);
        let meant = service_key::recognise(text.bytes(), self.session.now.wall);
        if let Some(limit) = self.exceeded_limit(text, meant) {
            self.session.notice = Some(Notice::warning(self.session.content.words.app().paste_too_long(limit)));
            return Vec::new();
        }
        if self.is_for_screen(text, meant) {
            let update = match source {
                KeySource::Clipboard => self.screens.get_mut(self.place()).read(text, None, &mut self.session),
                _ => self.screens.get_mut(self.place()).paste(text, &mut self.session),
            };
            return self.apply(update);
        }
        match meant {
            Meant::Key | Meant::PartOfKey if self.loses_nothing() => {
                self.overlay = None;
                self.take_key(text, source)
            }
            Meant::Key | Meant::PartOfKey | Meant::Parameters => self.offer(text, source, meant),
            Meant::Other => {
                self.not_used(text);
                Vec::new()
            }
        }
    }

    /// Whether the text goes to the focused field, like typed text.
    fn is_for_screen(&self, text: &Pasted, meant: Meant) -> bool {
        if self.overlay.is_some() {
            return false;
        }
        let context = self.screens.get(self.place()).context(&self.session);
        match (self.place(), context) {
            // Its fields may be meant for part of a key, never for a whole one.
            (Place::Step(StepId::QuickFill), Context::Browse) => true,
            (Place::Step(StepId::QuickFill), _) => !matches!(meant, Meant::Key | Meant::Parameters),
            (Place::Step(StepId::Roles), Context::Browse | Context::Editor) => {
                matches!(meant, Meant::Parameters | Meant::Other)
            }
            // The user's own certificate, for the key form.
            (Place::Step(StepId::Key), Context::Browse) => meant != Meant::Key && text.text().contains("-----BEGIN"),
            (_, Context::Browse) => false,
            _ => meant == Meant::Other,
        }
    }

    /// The length limit of the target if the text exceeds it: inserting part of it would be worse than nothing.
    fn exceeded_limit(&self, text: &Pasted, meant: Meant) -> Option<usize> {
        let whole = text.text();
        let line = whole.trim().lines().next().unwrap_or_default();
        let (limit, taken) = match self.context() {
            Context::Palette if meant == Meant::Other => (field::LIMIT, line),
            _ if !self.is_for_screen(text, meant) => return None,
            Context::Edit => (field::LIMIT, line),
            Context::Editor => (editor::LIMIT, whole.as_str()),
            // The parameters in a long document are taken out of it.
            Context::Browse
                if self.place() == Place::Step(StepId::Roles) && (meant == Meant::Other || line.starts_with('{')) =>
            {
                (editor::LIMIT, whole.as_str())
            }
            _ => return None,
        };
        taken.chars().nth(limit).map(|_| limit)
    }

    /// Whether a key can be loaded without a question: no other key is lost, nothing is stopped, nothing is being
    /// typed.
    fn loses_nothing(&self) -> bool {
        let typing = self.screens.get(self.place()).context(&self.session) != Context::Browse;
        let typing = typing && self.place() != Place::Step(StepId::QuickFill);
        let asked = matches!(self.overlay, Some(Overlay::Confirm { .. } | Overlay::Plain));
        let jobs = &self.session.jobs;
        !typing && !asked && !self.session.key_would_be_lost() && !jobs.are_testing() && !jobs.saves()
    }

    fn take_key(&mut self, text: &Pasted, source: KeySource) -> Vec<Effect> {
        if self.session.take_key(text, source) {
            return self.go(Navigation::To(StepId::QuickFill, Enter::Key));
        }
        Vec::new()
    }

    /// Loads the key file that was named at startup.
    pub fn open_key(&mut self, text: &Pasted, file: String) -> Vec<Effect> {
        self.take_key(text, KeySource::File(file))
    }

    fn offer(&mut self, text: &Pasted, source: KeySource, meant: Meant) -> Vec<Effect> {
        let words = self.session.content.words.app();
        let jobs = &self.session.jobs;
        let key = if meant == Meant::PartOfKey {
            words.part_text()
        } else if jobs.are_testing() || jobs.saves() {
            words.key_text_stops()
        } else if self.session.key_would_be_lost() {
            words.key_text_replaces()
        } else {
            words.key_text()
        };
        let [title, text_of, yes, no] = match meant {
            Meant::Parameters => {
                [words.parameters_title(), words.parameters_text(), words.parameters_yes(), words.parameters_no()]
            }
            _ => [words.key_title(), key, words.key_yes(), words.key_no()],
        };
        let question = Question {
            title: title.to_owned(),
            text: text_of.to_owned(),
            yes: yes.to_owned(),
            no: no.to_owned(),
            then: Confirmed::TakeOffered,
            otherwise: None,
        };
        // A second paste replaces the first, not the overlay below it.
        let below = match self.offer.take() {
            Some(offer) => offer.below,
            None => self.overlay.take(),
        };
        let (effects, below) = match below {
            Some(Overlay::Plain) => (vec![Effect::HidePlain], None),
            below => (Vec::new(), below),
        };
        self.offer = Some(Offer { text: text.clone(), source, meant, below });
        self.overlay = Some(Overlay::Confirm { question, yes: true });
        effects
    }

    /// Accepts the offered text.
    pub(super) fn take_offered(&mut self) -> Vec<Effect> {
        let Some(Offer { text, source, meant, .. }) = self.offer.take() else { return Vec::new() };
        if meant != Meant::Parameters {
            let mut effects = self.session.stop_tests().unwrap_or_default();
            effects.extend(self.take_key(&text, source));
            return effects;
        }
        let mut effects = self.go(Navigation::To(StepId::Roles, Enter::Plain));
        let update = self.screens.get_mut(StepId::Roles).paste(&text, &mut self.session);
        effects.extend(self.apply(update));
        effects
    }

    /// Closes a question without an answer and restores what an offered text had covered.
    pub(super) fn close_question(&mut self) {
        self.overlay = self.offer.take().and_then(|offer| offer.below);
    }

    /// Text that is neither a key nor parameters goes into a field; otherwise the user is told that it was ignored.
    fn not_used(&mut self, text: &Pasted) {
        let words = self.session.content.words.app();
        match &mut self.overlay {
            Some(Overlay::Palette { query, selected }) => {
                query.paste(&text.text());
                *selected = 0;
            }
            Some(Overlay::Confirm { .. }) => self.session.notice = Some(Notice::note(words.paste_while_asked())),
            Some(Overlay::Plain) => {}
            Some(Overlay::Help(help)) if help.filters => {
                help.filter.paste(&text.text());
                help.selected = 0;
            }
            Some(Overlay::Help(_) | Overlay::Doctor(_)) | None => {
                self.session.notice = Some(Notice::note(words.paste_not_used(text.bytes().len())));
            }
        }
    }

    /// A file goes to the screen that requested it, clipboard text where a paste would go now.
    pub(super) fn read(&mut self, job: &Job, text: &Pasted) -> Vec<Effect> {
        let JobKind::ReadFile(path) = &job.kind else { return self.paste(text, KeySource::Clipboard) };
        self.session.notice = None;
        self.pasted_at = Some(self.session.now.since_start);
        let file = path.display().to_string();
        let update = self.screens.get_mut(job.owner).read(text, Some(file), &mut self.session);
        self.apply(update)
    }
}
