//! The input for the key file: suggestions are listed below it, and errors next to it.

use crossterm::event::KeyEvent;
use ratatui::{Frame, layout::Rect};

use super::forms;
use crate::{
    domain::{
        sap::guide::StepId,
        text::{safe_text::SafeText, when::when},
    },
    keymap::Action,
    model::{JobId, JobRequest, Notice, Session, job::FileCandidate},
    ui::{
        Theme, layout,
        page::{Fact, Page, said},
        text,
        widget::{
            form::{Form, FormResult, Remark, Unfinished},
            list,
        },
    },
};

/// The outcome of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The field stays open.
    Stay,
    /// The field is closed.
    Leave,
    /// Read this file.
    Read(String),
}

/// The field and its suggestions.
#[derive(Debug)]
pub struct FileField {
    form: Form,
    /// The job that lists the suggestions.
    listing: Option<JobId>,
    candidates: Vec<FileCandidate>,
    focus: Option<usize>,
    /// Why the file could not be used.
    error: Option<String>,
}

impl FileField {
    /// Opens the field, empty or with what was typed before Esc closed it. Files in the download folder are listed as
    /// soon as they are known.
    pub fn open(unfinished: &mut Unfinished<()>, session: &mut Session) -> Self {
        let mut form = forms::file_form(session.content.words);
        if unfinished.bring_back(&(), &mut form) {
            session.notice = Some(Notice::note(session.content.words.common().typed_before()));
        }
        let mut field = Self { form, listing: None, candidates: Vec::new(), focus: None, error: None };
        field.list(session);
        field
    }

    /// Keeps the input.
    pub fn leave(&self, unfinished: &mut Unfinished<()>) {
        unfinished.keep((), &self.form);
    }

    /// Requests suggestions for the current input.
    fn list(&mut self, session: &mut Session) {
        if let Some(listing) = self.listing.take() {
            session.jobs.stop(listing);
        }
        let request = JobRequest::ListFiles(self.form.text(0).to_owned());
        self.listing = Some(session.jobs.start_later(StepId::QuickFill, request));
    }

    fn set(&mut self, text: &str, session: &mut Session) {
        self.form.set(0, text);
        self.changed(session);
    }

    fn changed(&mut self, session: &mut Session) {
        (self.error, self.focus) = (None, None);
        self.list(session);
    }

    /// Receives the suggestions for `typed`, if that is still the input.
    pub fn listed(&mut self, typed: &str, candidates: &[FileCandidate]) {
        if typed == self.form.text(0) {
            self.candidates = candidates.to_vec();
            // Users who have typed nothing most likely want the newest file.
            self.focus = (typed.is_empty() && !candidates.is_empty()).then_some(0);
            self.listing = None;
        }
    }

    /// Shows why the file could not be used. The input is kept.
    pub fn fail(&mut self, why: String) {
        (self.error, self.focus) = (Some(why), None);
    }

    /// Types into the field.
    pub fn key(&mut self, key: KeyEvent, session: &mut Session) {
        if self.form.key(key) {
            self.changed(session);
        }
    }

    /// Pastes into the field.
    pub fn paste(&mut self, text: &str, session: &mut Session) {
        if self.form.paste(text) {
            self.changed(session);
        }
    }

    /// Enter accepts the focused suggestion or the input; Tab completes; the arrow keys choose.
    pub fn act(&mut self, action: Action, session: &mut Session) -> Outcome {
        match action {
            Action::Up | Action::PreviousField => self.step(false),
            Action::Down => self.step(true),
            Action::NextField => self.complete(session),
            Action::Field(_) => self.focus = None,
            _ => match self.form.act(action) {
                FormResult::Cancel => return Outcome::Leave,
                FormResult::Submit => return self.submit(session),
                FormResult::Stay => {}
            },
        }
        Outcome::Stay
    }

    /// Moves to the next or previous row; the field itself is between the last and the first.
    fn step(&mut self, forward: bool) {
        let last = self.candidates.len().checked_sub(1);
        self.focus = match (self.focus, forward) {
            (None, true) => last.map(|_| 0),
            (None, false) => last,
            (Some(at), true) => last.filter(|last| at < *last).map(|_| at + 1),
            (Some(at), false) => at.checked_sub(1),
        };
    }

    /// Completes the common prefix of the suggestions; if there is nothing to add, moves to the next one.
    fn complete(&mut self, session: &mut Session) {
        let typed = self.form.text(0).to_owned();
        let texts: Vec<&str> = self.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
        let target = match (texts.first(), typed.is_empty()) {
            (Some(newest), true) => Some((*newest).to_owned()),
            (Some(_), false) => Some(common_start(&texts)).filter(|common| common.len() > typed.len()),
            (None, _) => None,
        };
        match target {
            Some(target) => self.set(&target, session),
            None => self.step(true),
        }
    }

    fn submit(&mut self, session: &mut Session) -> Outcome {
        let chosen = self.focus.and_then(|at| self.candidates.get(at)).cloned();
        match chosen {
            Some(folder) if folder.is_directory => {
                self.set(&folder.text, session);
                Outcome::Stay
            }
            Some(file) => {
                self.form.set(0, &file.text);
                Outcome::Read(file.text)
            }
            None if self.form.text(0).is_empty() => Outcome::Stay,
            None => Outcome::Read(self.form.text(0).to_owned()),
        }
    }

    fn remark(&self) -> Option<Remark> {
        self.error.clone().map(Remark::Bad)
    }

    fn shown(candidate: &FileCandidate, session: &Session) -> String {
        let words = session.content.words;
        let name = SafeText::line(&candidate.text);
        match candidate.modified.filter(|_| !candidate.is_directory) {
            Some(at) => words.quick_fill().file_of(name, when(at, session.now.wall, &session.zone, words)),
            None => name.to_string(),
        }
    }

    fn heading(&self, session: &Session) -> &'static str {
        let words = session.content.words.quick_fill();
        if self.form.text(0).is_empty() { words.newest_files() } else { words.files_meant() }
    }

    /// The field as sentences.
    pub fn page(&self, session: &Session) -> Page {
        let mut page = self.form.page(vec![said(forms::file_title(session))], &|_| self.remark());
        let offered = self.candidates.iter().map(|candidate| Self::shown(candidate, session));
        let heading = (!self.candidates.is_empty()).then(|| Fact::Heading(self.heading(session).to_owned()));
        page.facts.extend(heading.into_iter().chain(offered.map(said)));
        page
    }

    /// Draws the field, its error and its suggestions.
    pub fn draw(&self, session: &Session, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
        let about = text::wrap(forms::file_title(session), area.width.min(layout::PROSE), theme.title);
        let (above, below) = layout::top(area, about.len() as u16 + 1);
        list::draw_lines(&about, 0, theme, frame, above);
        let remark = |_| self.remark();
        let rows = self.form.height(&remark, theme, below.width);
        let (field, rest) = layout::top(below, rows + 1);
        if !self.candidates.is_empty() {
            let mut lines = text::wrap(self.heading(session), rest.width, theme.title);
            let headings = lines.len();
            let mut rows = vec![None; headings];
            for (index, candidate) in self.candidates.iter().enumerate() {
                let has_focus = self.focus == Some(index);
                let (mark, style) = if has_focus { (theme.glyphs.cursor, theme.value) } else { (" ", theme.text) };
                lines.extend(text::wrap_bullet(
                    mark,
                    theme.accent,
                    &Self::shown(candidate, session),
                    style,
                    rest.width,
                ));
                rows.resize(lines.len(), Some(index));
            }
            let first = self.focus.map_or(0, |at| (at + headings + 1).saturating_sub(rest.height.into()));
            list::draw_lines(&lines, first as u16, theme, frame, rest);
            for (row, y) in rows.iter().skip(first).zip(rest.y..rest.bottom()) {
                if let Some(row) = *row {
                    theme.hits.note_choice(Rect { y, height: 1, ..rest }, row, self.focus);
                }
            }
        }
        // Last, so that the cursor stays in the field.
        self.form.draw(&remark, theme, frame, field);
    }
}

/// The common prefix.
fn common_start(texts: &[&str]) -> String {
    let Some((first, others)) = texts.split_first() else { return String::new() };
    let common = others.iter().fold(first.chars().count(), |length, text| {
        first.chars().zip(text.chars()).take(length).take_while(|(a, b)| a == b).count()
    });
    first.chars().take(common).collect()
}
