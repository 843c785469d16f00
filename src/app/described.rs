//! The screen described in text for plain mode: the frame, the screen or its overlay, and the available commands.

use super::{
    App,
    commands::{self, BoundCommand},
    drawing,
    overlay::{Doctor, Overlay},
    palette, route,
};
use crate::{
    domain::{
        doctor,
        text::{countdown::seconds_left, markup},
    },
    keymap::{Action, Context},
    model::{Notice, Place},
    screens::Question,
    ui::page::{Choice, Fact, Page, PageField, fact, said},
};

/// A description of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The screen.
    pub place: Place,
    /// Its overlay.
    pub over: Over,
    /// Its title with the number of the step.
    pub title: String,
    /// Its number and short name.
    pub name: String,
    /// The choices so far, and the completed steps.
    pub so_far: Vec<Fact>,
    /// The message.
    pub notice: Option<Notice>,
    /// What it demonstrates.
    pub page: Page,
    /// The active context of the key table.
    pub context: Context,
    /// Commands with a key, most important first.
    pub commands: Vec<BoundCommand>,
}

/// The kind of overlay over a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Nothing.
    Nothing,
    /// A question.
    Question,
    /// The palette.
    Palette,
    /// Content that is still loading.
    Waiting,
    /// Text to read. It closes by itself afterwards.
    Reading,
}

impl App {
    /// Describes the screen.
    pub fn describe(&self) -> Described {
        let over = match &self.overlay {
            None => Over::Nothing,
            Some(Overlay::Confirm { .. }) => Over::Question,
            Some(Overlay::Palette { .. }) => Over::Palette,
            // Until there is something to read, describe what it waits for.
            Some(Overlay::Doctor(doctor)) if doctor.checks.is_none() => Over::Waiting,
            Some(Overlay::Help(_) | Overlay::Doctor(_) | Overlay::Plain) => Over::Reading,
        };
        Described {
            place: self.place(),
            over,
            title: self.spoken_title(),
            name: self.spoken_name(),
            so_far: self.so_far(),
            notice: self.session.notice.clone(),
            page: self.page(),
            context: self.context(),
            commands: commands::at_hand(self),
        }
    }

    fn spoken_title(&self) -> String {
        let title = drawing::title(self);
        if self.beside.is_some() {
            return title;
        }
        self.session.content.words.plain().step(route::position(self.step) + 1, route::length(), title)
    }

    fn spoken_name(&self) -> String {
        if self.beside.is_some() {
            return drawing::title(self);
        }
        let rail = &self.session.content.step(self.step).rail;
        self.session.content.words.plain().step_name(route::position(self.step) + 1, rail)
    }

    fn so_far(&self) -> Vec<Fact> {
        let session = &self.session;
        let words = session.content.words;
        let chosen: Vec<String> = drawing::head(self).status.into_iter().map(|(_, text)| text).collect();
        let done = route::numbers().filter(|(_, id)| session.done.contains(id));
        let done: Vec<&str> = done.map(|(_, id)| session.content.step(id).rail.as_str()).collect();
        let left = session.secret_left().map(seconds_left);
        let facts = [
            session.around.practice.then(|| said(words.plain().practice())),
            (!chosen.is_empty()).then(|| fact(words.plain().so_far(), &chosen.join(", "), words)),
            (!done.is_empty()).then(|| fact(words.plain().done(), &done.join(", "), words)),
            left.map(|seconds| said(words.widgets().secret_in_clipboard(seconds))),
        ];
        facts.into_iter().flatten().collect()
    }

    fn page(&self) -> Page {
        match &self.overlay {
            None => self.screens.get(self.place()).linear(&self.session),
            Some(Overlay::Confirm { question, yes }) => asked(question, *yes),
            Some(Overlay::Palette { query, selected }) => self.palette(query.text(), *selected),
            Some(Overlay::Help(_)) => Page::new(self.help()),
            Some(Overlay::Doctor(doctor)) => Page::new(self.examined(doctor)),
            Some(Overlay::Plain) => Page::default(),
        }
    }

    /// What the screen is about, then every key.
    fn help(&self) -> Vec<Fact> {
        let words = self.session.content.words;
        let values = self.session.values();
        let paragraphs = self.help_text().lines().map(|text| said(markup::plain(&values.spans(text))));
        let mut facts: Vec<Fact> = paragraphs.collect();
        facts.push(said(words.plain().how_to_type()));
        for (title, rows) in commands::help(self, "", false) {
            facts.push(Fact::Heading(title.to_owned()));
            facts.extend(rows.iter().map(|row| said(words.plain().typed(&row.keys, &row.label))));
        }
        facts
    }

    /// The checks of the doctor, and what to do about them.
    fn examined(&self, doctor: &Doctor) -> Vec<Fact> {
        let words = self.session.content.words;
        let Some(checks) = &doctor.checks else { return vec![said(words.doctor().examining())] };
        let mut facts = vec![said(doctor::summary(checks, words))];
        for check in checks {
            let state = words.plain().fact(check.id.title(words), check.state.word(words));
            facts.push(fact(&state, &check.found, words));
            let sentences = [&check.means, &check.fix].into_iter().filter(|sentence| !sentence.is_empty());
            facts.extend(sentences.map(said));
        }
        facts
    }

    fn palette(&self, query: &str, selected: usize) -> Page {
        let words = self.session.content.words;
        let choice = |row: palette::Row| {
            let text = match (&row.disabled_because, &row.key) {
                (Some(why), _) => words.plain().fact(&row.label, why),
                (None, Some(key)) => words.plain().pair(&row.label, key),
                (None, None) => row.label,
            };
            Choice::new(text, Action::Primary)
        };
        let choices: Vec<Choice> = palette::rows(self, query).into_iter().map(choice).collect();
        let none = choices.is_empty().then(|| said(words.palette().nothing_found()));
        let field = PageField {
            label: words.plain().filter().to_owned(),
            text: query.to_owned(),
            masked: false,
            optional: true,
            remark: None,
        };
        let facts = [said(words.app().commands_title())].into_iter().chain(none).collect();
        Page { choices, focus: selected, fields: vec![field], field: Some(0), ..Page::new(facts) }
    }
}

/// A question with the answer that Enter selects.
fn asked(question: &Question, yes: bool) -> Page {
    let choice = |label: &str, action, marked| {
        let choice = Choice::new(label, action);
        if marked { choice.chosen(true) } else { choice }
    };
    Page {
        choices: vec![choice(&question.yes, Action::Yes, yes), choice(&question.no, Action::No, !yes)],
        focus: usize::from(!yes),
        ..Page::new(vec![said(&question.title), said(&question.text)])
    }
}
