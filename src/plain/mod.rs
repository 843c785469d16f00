//! The wizard line by line: what is said, and what a typed line means. Pure.
//!
//! [`Talk`] compares what the app describes now with what it said last and gives the lines to print; and it turns a typed line
//! into messages for the app. The same app, the same actions and the same keys as on the full screen; only the words for
//! "move to the seventh row and press it" are shorter: `7`.

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

/// What was said last, and the lines of a text that is not complete.
#[derive(Debug)]
pub struct Talk {
    words: Words,
    last: Option<Described>,
    /// What was said last of a screen without a form and with nothing over it: what one comes back to.
    below: Option<Described>,
    gather: Option<Gather>,
    /// A field was filled in: unless something is wrong with it, the next one is asked for.
    filled: bool,
    /// The newest line pressed a choice, so that more about it is not asked for.
    pressed: bool,
}

impl Talk {
    /// Nothing was said yet.
    pub fn new(words: Words) -> Self {
        Self { words, last: None, below: None, gather: None, filled: false, pressed: false }
    }

    /// What is new since the last call. `after_line`: a line was typed, so that a message is new even if it says the same.
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

    /// Everything once more.
    pub fn repeat(&mut self, app: &App) -> Vec<Line> {
        let now = app.describe();
        let mut lines = speech::whole(&now, self.words);
        let at = 1.min(lines.len());
        lines.splice(at..at, speech::facts(&now.so_far, self.words));
        self.remember(now);
        lines
    }

    /// All about the choice that has the focus.
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

    /// What a typed line means.
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

    /// No further line will come: what was collected so far is the text.
    pub fn end(&mut self, app: &App) -> Vec<Msg> {
        let text = self.gather.take().map(|mut gather| gather.take());
        text.map(|text| gather::messages(text, app.describe().context)).unwrap_or_default()
    }

    /// After a field was filled in: on to the next one, or what Enter does in the last; nothing if the text is wrong.
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

    /// Whether a question waits for its answer.
    pub fn is_asking(&self, app: &App) -> bool {
        app.describe().over == Over::Question
    }

    /// The prompt of the line that is typed.
    pub fn prompt(&self, app: &App) -> String {
        match &self.gather {
            // Said once, not for each line of a paste.
            Some(gather) if gather.has_one_line() => self.words.plain().more_lines().to_owned(),
            Some(_) => String::new(),
            None => speech::prompt(&app.describe(), self.words),
        }
    }

    /// What may be shown of the next line while it is typed.
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

    /// Whether the newest thing that was said is only to be read, and is over now.
    pub fn is_reading(&self, app: &App) -> bool {
        app.describe().over == Over::Reading
    }
}

fn is_list(now: &Described) -> bool {
    now.over == Over::Nothing && now.context == Context::Browse
}
