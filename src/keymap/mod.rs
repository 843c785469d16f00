//! Key bindings: one table for dispatch, footer, help, palette and `docs/keys.md`.

pub mod key;
pub mod table;

pub use key::Key;
pub use table::{Action, BINDINGS, Binding, Context, Label};

use std::iter::repeat_n;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::words::Words;

/// What a key does in a context, if anything.
pub fn resolve(context: Context, event: &KeyEvent) -> Option<Action> {
    let key = Key::from_event(event);
    BINDINGS
        .iter()
        .filter(|binding| binding.contexts.contains(&context))
        .find(|binding| binding.keys.contains(&key))
        .map(|binding| match (binding.action, key.digit()) {
            (Action::Jump(_), Some(digit)) => Action::Jump(digit),
            (action, _) => action,
        })
}

/// The key with this name, if it does something in a context: `esc`, `ctrl+p`, `y`. In text fields, no character is the
/// name of a key. Digits are numbers of choices, not keys. An empty name is Enter, or the key used instead of it.
pub fn called(context: Context, name: &str, words: Words) -> Option<KeyEvent> {
    let is_called = |key: &&Key| {
        let label = key.label(words, false);
        key.digit().is_none() && (label == name || (label.chars().count() > 1 && label.eq_ignore_ascii_case(name)))
    };
    if name.trim().is_empty() {
        let enter = KeyEvent::from(KeyCode::Enter);
        return resolve(context, &enter).map(|_| enter).or_else(|| press(context, Action::Primary));
    }
    let here = BINDINGS.iter().filter(|binding| binding.contexts.contains(&context));
    here.flat_map(|binding| binding.keys).find(is_called).map(|key| key.event())
}

/// The action for the words of the key table in a context: `quit`, `back`.
pub fn worded(context: Context, text: &str, words: Words) -> Option<Action> {
    let here = BINDINGS.iter().filter(|binding| binding.contexts.contains(&context));
    here.into_iter()
        .find(|binding| (binding.help)(words.keys()).eq_ignore_ascii_case(text))
        .map(|binding| binding.action)
}

/// The key for an action in a context.
pub fn press(context: Context, action: Action) -> Option<KeyEvent> {
    if let Action::Jump(step) = action {
        let digit = char::from_digit(u32::from(step), 10)?;
        return Some(KeyEvent::from(KeyCode::Char(digit))).filter(|event| resolve(context, event) == Some(action));
    }
    binding(context, action)?.keys.first().map(|key| key.event())
}

/// The keys that replace the text of a field.
pub fn retype(text: &str) -> impl Iterator<Item = KeyEvent> {
    let wipe = [KeyEvent::from(KeyCode::End), KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL)];
    wipe.into_iter().chain(text.chars().map(|c| KeyEvent::from(KeyCode::Char(c))))
}

/// The keys that move the caret this many lines down, and there after this many characters.
pub fn caret(lines: i16, characters: u16) -> impl Iterator<Item = KeyEvent> {
    let vertical = if lines < 0 { KeyCode::Up } else { KeyCode::Down };
    let there = repeat_n(vertical, lines.unsigned_abs().into()).chain([KeyCode::Home]);
    there.chain(repeat_n(KeyCode::Right, characters.into())).map(KeyEvent::from)
}

/// The bytes that a Unix terminal sends for a key; none for cursor keys.
pub fn bytes(event: &KeyEvent) -> Vec<u8> {
    match event.code {
        KeyCode::Enter => b"\r".to_vec(),
        KeyCode::Backspace => b"\x7f".to_vec(),
        KeyCode::Esc => b"\x1b".to_vec(),
        KeyCode::Char(c) if event.modifiers == KeyModifiers::CONTROL && c.is_ascii() => vec![c as u8 & 0x1f],
        KeyCode::Char(c) => c.to_string().into_bytes(),
        _ => Vec::new(),
    }
}

/// The name of the key for an action in a context; empty if there is none.
pub fn shown(context: Context, action: Action, words: Words) -> String {
    let key = binding(context, action).and_then(|binding| binding.keys.first());
    key.map(|key| key.label(words, false)).unwrap_or_default()
}

/// The binding of an action in a context: its first key is the one to show.
pub fn binding(context: Context, action: Action) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| binding.action == action && binding.contexts.contains(&context))
}
