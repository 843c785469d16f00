//! A key with its modifiers and its name.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::words::Words;

/// A key press reduced to what the table uses: code and Ctrl.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// With Ctrl.
    pub ctrl: bool,
}

/// A key that types `c`.
pub const fn ch(c: char) -> Key {
    Key { code: KeyCode::Char(c), ctrl: false }
}

/// Ctrl with a letter.
pub const fn ctrl(c: char) -> Key {
    Key { code: KeyCode::Char(c), ctrl: true }
}

/// A key that types nothing.
pub const fn named(code: KeyCode) -> Key {
    Key { code, ctrl: false }
}

impl Key {
    /// Reduces an event. Shift is part of the character; a key with Alt is another key, which the table does not
    /// contain.
    pub fn from_event(event: &KeyEvent) -> Self {
        if event.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META) {
            return Self { code: KeyCode::Null, ctrl: false };
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match event.code {
            // With Caps Lock or Shift held, Ctrl+C arrives as Ctrl+Shift+C.
            KeyCode::Char(c) if ctrl => KeyCode::Char(c.to_ascii_lowercase()),
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            code => code,
        };
        Self { code, ctrl }
    }

    /// The corresponding terminal event.
    pub fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, if self.ctrl { KeyModifiers::CONTROL } else { KeyModifiers::NONE })
    }

    /// The digit it types.
    pub fn digit(self) -> Option<u8> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl => c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()),
            _ => None,
        }
    }

    /// Whether the key puts a character into a text field.
    pub fn types(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && !self.ctrl
    }

    /// What it is called: `Ctrl+P`, `space`, `↑` (or `up` without Unicode).
    pub fn label(self, words: Words, unicode: bool) -> String {
        let words = words.keys();
        let name = match self.code {
            KeyCode::Char(' ') => words.key_space(),
            KeyCode::Char(c) if self.ctrl => return words.with_ctrl(c.to_ascii_uppercase()),
            KeyCode::Char(c) => return c.to_string(),
            KeyCode::Enter => words.key_enter(),
            KeyCode::Esc => words.key_esc(),
            KeyCode::Tab => words.key_tab(),
            KeyCode::BackTab => words.key_back_tab(),
            KeyCode::Backspace => words.key_backspace(),
            KeyCode::Up if unicode => "↑",
            KeyCode::Up => words.key_up(),
            KeyCode::Down if unicode => "↓",
            KeyCode::Down => words.key_down(),
            KeyCode::Left if unicode => "←",
            KeyCode::Left => words.key_left(),
            KeyCode::Right if unicode => "→",
            KeyCode::Right => words.key_right(),
            KeyCode::PageUp => words.key_page_up(),
            KeyCode::PageDown => words.key_page_down(),
            KeyCode::Home => words.key_home(),
            KeyCode::End => words.key_end(),
            KeyCode::F(n) => return format!("F{n}"),
            _ => "?",
        };
        if self.ctrl { words.with_ctrl(name) } else { name.to_owned() }
    }
}
