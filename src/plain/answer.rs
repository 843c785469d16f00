//! Interprets a typed line.

use crate::{
    app::Described,
    keymap::{self, Action, Context},
    model::Msg,
    words::Words,
};

/// What to do with a line.
#[derive(Debug)]
pub enum Heard {
    /// Send these messages to the app.
    Do(Vec<Msg>),
    /// Say everything again.
    Repeat,
    /// Move to a choice and read its details.
    LookAt(Vec<Msg>),
    /// Continue reading: a text is not complete.
    More,
    /// It has no meaning here; say this.
    Nothing(String),
}

/// A line and its side effects on the output.
pub struct Answer {
    /// What to do.
    pub heard: Heard,
    /// A field was filled in.
    pub fills: bool,
    /// A choice was pressed.
    pub presses: bool,
}

impl From<Heard> for Answer {
    fn from(heard: Heard) -> Self {
        Self { heard, fills: false, presses: false }
    }
}

/// Interprets `line` on the described screen.
pub fn hear(line: &str, now: &Described, words: Words) -> Answer {
    let text = line.trim();
    let types = matches!(now.context, Context::Edit | Context::Palette | Context::Editor);
    if text == "." || (!types && text.eq_ignore_ascii_case(words.plain().again())) {
        return Heard::Repeat.into();
    }
    // A leading blank turns the name of a key into text.
    let name = if types { line } else { text };
    if let Some(key) = keymap::called(now.context, name, words) {
        // A key of another screen would do nothing visible.
        let is_idle = now.context == Context::Browse
            && keymap::resolve(now.context, &key).is_some_and(|action| !offers(action, now));
        return if is_idle { nothing(text, words) } else { Heard::Do(vec![Msg::Key(key)]) }.into();
    }
    let numbered = number(text, now, words);
    match now.context {
        Context::Edit => Answer { heard: fill(line), fills: true, presses: false },
        Context::Palette => numbered.unwrap_or_else(|| fill(text).into()),
        _ => numbered.or_else(|| command(text, now, words)).unwrap_or_else(|| nothing(text, words).into()),
    }
}

/// Whether a command exists, even if it cannot run now.
fn offers(action: Action, now: &Described) -> bool {
    now.commands.iter().any(|command| command.action == action)
}

fn fill(text: &str) -> Heard {
    Heard::Do(keymap::retype(text).map(Msg::Key).collect())
}

/// The key of an action in a context.
pub fn press(action: Action, context: Context) -> Option<Msg> {
    keymap::press(context, action).map(Msg::Key)
}

/// A number presses a choice; `go 7` moves there and reads its details; `step 7` goes to a step.
fn number(text: &str, now: &Described, words: Words) -> Option<Answer> {
    let plain = words.plain();
    let after = |word: &str| {
        let (first, rest) = text.split_once(char::is_whitespace)?;
        first.eq_ignore_ascii_case(word).then(|| rest.trim().parse::<usize>().ok())?
    };
    if let Some(step) = after(plain.step_word()).and_then(|step| u8::try_from(step).ok()) {
        return Some(Heard::Do(press(Action::Jump(step), now.context).into_iter().collect()).into());
    }
    let moved = after(plain.go_word());
    let number = moved.or_else(|| text.parse().ok())?;
    let at = number.checked_sub(1)?;
    let Some(choice) = now.page.choices.get(at) else {
        let said = match now.page.choices.len() {
            0 => plain.no_choices().to_owned(),
            count => plain.no_choice(count, number),
        };
        return Some(Heard::Nothing(said).into());
    };
    let focus = now.page.focus;
    let direction = if at > focus { Action::Down } else { Action::Up };
    let mut messages: Vec<Msg> = (0..at.abs_diff(focus)).filter_map(|_| press(direction, now.context)).collect();
    match choice.press.filter(|_| moved.is_none()) {
        Some(action) => {
            messages.extend(press(action, now.context));
            Some(Answer { heard: Heard::Do(messages), fills: false, presses: true })
        }
        None => Some(Heard::LookAt(messages).into()),
    }
}

/// `/words` filters; the words of a command run it; a file name is read.
fn command(text: &str, now: &Described, words: Words) -> Option<Answer> {
    let offers = |action: Action| offers(action, now);
    if let Some(query) = text.strip_prefix('/').filter(|_| offers(Action::Filter)) {
        return Some(typed(Action::Filter, query, now));
    }
    let named = |command: &&crate::app::BoundCommand| command.label.eq_ignore_ascii_case(text);
    let named = now.commands.iter().find(named).map(|command| command.action);
    if let Some(action) = named.or_else(|| keymap::worded(now.context, text, words).filter(|action| offers(*action))) {
        return Some(Heard::Do(press(action, now.context).into_iter().collect()).into());
    }
    let is_path = text.contains(['/', '\\', '.']) && !text.contains(['{', '"', '=']);
    (is_path && offers(Action::File)).then(|| typed(Action::File, text, now))
}

/// Opens a field, fills it in, and submits it.
fn typed(action: Action, text: &str, now: &Described) -> Answer {
    let open = press(action, now.context);
    let submit = press(Action::Primary, Context::Edit);
    Heard::Do(open.into_iter().chain(keymap::retype(text).map(Msg::Key)).chain(submit).collect()).into()
}

fn nothing(text: &str, words: Words) -> Heard {
    let shown = crate::domain::text::safe_text::SafeText::capped(text, 24);
    Heard::Nothing(words.plain().not_understood(shown))
}
