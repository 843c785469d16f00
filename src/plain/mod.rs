//! The wizard line by line: output and interpretation of typed lines. Pure.
//!
//! [`Talk`] compares the app's current description with the last output and returns the lines to print; it also turns
//! typed lines into messages for the app. App, actions and keys are the same as in full-screen mode; only "move to the
//! seventh row and press it" is shorter: `7`.

mod answer;
mod gather;
mod speech;
mod typing;

use self::gather::Gather;
pub use self::{
    answer::Heard,
    speech::{Line, print},
    typing::{Echo, LINE_LIMIT, Typed, Typing},
};
use crate::{
    app::{App, Described, Over},
    keymap::{Action, Context},
    model::{Msg, Tone},
    ui::page::Fact,
    words::Words,
};

/// The last output, and the lines of an incomplete text.
#[derive(Debug)]
pub struct Talk {
    words: Words,
    last: Option<Described>,
    /// The last description of a screen without a form or overlay, to which the user returns.
    below: Option<Described>,
    gather: Option<Gather>,
    /// A field was filled in: unless it is invalid, the next one is prompted for.
    filled: bool,
    /// The last line pressed a choice, so its details are not wanted.
    pressed: bool,
}

impl Talk {
    /// Nothing has been said yet.
    pub fn new(words: Words) -> Self {
        Self { words, last: None, below: None, gather: None, filled: false, pressed: false }
    }

    /// What is new since the last call. `after_line`: a line was typed, so a message counts as new even if it is the
    /// same.
    pub fn tell(&mut self, app: &App, after_line: bool) -> Vec<Line> {
        let now = app.describe();
        if now.over == Over::Reading {
            return speech::whole(&now, self.words);
        }
        let is_list = is_list(&now);
        let known = if is_list { self.below.as_ref() } else { self.last.as_ref() };
        let mut lines = match known.filter(|known| speech::is_same_page(known, &now)) {
            None if speech::is_long_palette(&now) => speech::count(&now, self.words),
            None => speech::whole(&now, self.words),
            Some(known) => speech::changes(known, &now, after_line, self.pressed, self.words),
        };
        let returned = self.last.as_ref().is_some_and(|last| last.context != now.context || last.over != now.over);
        if is_list && returned && lines.first().is_none_or(|line| line.text != now.title) {
            lines.insert(0, Line::new(now.title.as_str()));
        }
        self.remember(now);
        lines
    }

    /// Everything again.
    pub fn repeat(&mut self, app: &App) -> Vec<Line> {
        let now = app.describe();
        let mut lines = speech::whole(&now, self.words);
        let at = 1.min(lines.len());
        lines.splice(at..at, speech::facts(&now.so_far, self.words));
        self.remember(now);
        lines
    }

    /// The details of the focused choice.
    pub fn look(&mut self, app: &App) -> Vec<Line> {
        let now = app.describe();
        let lines = speech::about(&now, self.words);
        self.remember(now);
        lines
    }

    fn remember(&mut self, now: Described) {
        if is_list(&now) {
            self.below = Some(now.clone());
        }
        self.last = Some(now);
    }

    /// Interprets a typed line.
    pub fn hear(&mut self, line: &str, app: &App) -> Heard {
        let now = app.describe();
        (self.filled, self.pressed) = (false, false);
        if let Some(gather) = self.gather.take() {
            return self.add_to(gather, line, now.context);
        }
        let answer = answer::hear(line, &now, self.words);
        if (answer.fills || matches!(answer.heard, Heard::Nothing(_))) && gather::begins(line, &now) {
            return self.add_to(Gather::new(line), line, now.context);
        }
        (self.filled, self.pressed) = (answer.fills, answer.presses);
        answer.heard
    }

    fn add_to(&mut self, mut gather: Gather, line: &str, context: Context) -> Heard {
        match gather.add(line) {
            Some(text) => Heard::Do(gather::messages(text, context)),
            None => {
                self.gather = Some(gather);
                Heard::More
            }
        }
    }

    /// End of input: the text collected so far is complete.
    pub fn end(&mut self, app: &App) -> Vec<Msg> {
        let text = self.gather.take().map(|mut gather| gather.take());
        text.map(|text| gather::messages(text, app.describe().context)).unwrap_or_default()
    }

    /// After a field was filled in: moves to the next one, or does what Enter does in the last; nothing if the text is
    /// invalid.
    pub fn go_on(&mut self, app: &App) -> Vec<Msg> {
        if !std::mem::take(&mut self.filled) {
            return Vec::new();
        }
        let now = app.describe();
        let Some(at) = now.page.field.filter(|_| now.context == Context::Edit) else { return Vec::new() };
        let remark = now.page.fields.get(at).and_then(|field| field.remark.as_ref());
        if matches!(remark, Some(Fact::Said(Some(Tone::Error), _))) {
            return Vec::new();
        }
        let is_last = at + 1 == now.page.fields.len();
        self.press(if is_last { Action::Primary } else { Action::NextField }, app)
    }

    /// The key of an action.
    pub fn press(&self, action: Action, app: &App) -> Vec<Msg> {
        answer::press(action, app.describe().context).into_iter().collect()
    }

    /// Whether a question is waiting for an answer.
    pub fn is_asking(&self, app: &App) -> bool {
        app.describe().over == Over::Question
    }

    /// The prompt of the input line.
    pub fn prompt(&self, app: &App) -> String {
        match &self.gather {
            // Shown once, not for each line of a paste.
            Some(gather) if gather.has_one_line() => self.words.plain().more_lines().to_owned(),
            Some(_) => String::new(),
            None => speech::prompt(&app.describe(), self.words),
        }
    }

    /// What may be echoed of the next line while it is typed.
    pub fn echo(&self, app: &App) -> Echo {
        let now = app.describe();
        let field = now.page.field.and_then(|at| now.page.fields.get(at));
        match (now.context, field) {
            _ if self.gather.is_some() => Echo::Nothing,
            (Context::Edit, Some(field)) if field.masked => Echo::Nothing,
            (Context::Edit | Context::Palette, _) => Echo::Text,
            _ => Echo::Command,
        }
    }

    /// Whether the last output was only to be read and is finished.
    pub fn is_reading(&self, app: &App) -> bool {
        app.describe().over == Over::Reading
    }
}

fn is_list(now: &Described) -> bool {
    now.over == Over::Nothing && now.context == Context::Browse
}
