//! A key with its modifiers, and what it is called.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key press reduced to what the table knows: code and Ctrl.
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
    /// Reduces an event. Shift is part of the character; Alt makes another key, which the table does not know.
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

    /// The digit that it types.
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
    pub fn label(self, unicode: bool) -> String {
        let name = match self.code {
            KeyCode::Char(' ') => "space".to_owned(),
            KeyCode::Char(c) if self.ctrl => c.to_ascii_uppercase().to_string(),
            KeyCode::Char(c) => c.to_string(),
            KeyCode::Enter => "enter".to_owned(),
            KeyCode::Esc => "esc".to_owned(),
            KeyCode::Tab => "tab".to_owned(),
            KeyCode::BackTab => "shift+tab".to_owned(),
            KeyCode::Backspace => "backspace".to_owned(),
            KeyCode::Up => if unicode { "↑" } else { "up" }.to_owned(),
            KeyCode::Down => if unicode { "↓" } else { "down" }.to_owned(),
            KeyCode::Left => if unicode { "←" } else { "left" }.to_owned(),
            KeyCode::Right => if unicode { "→" } else { "right" }.to_owned(),
            KeyCode::PageUp => "pgup".to_owned(),
            KeyCode::PageDown => "pgdn".to_owned(),
            KeyCode::Home => "home".to_owned(),
            KeyCode::End => "end".to_owned(),
            KeyCode::F(n) => format!("F{n}"),
            _ => "?".to_owned(),
        };
        if self.ctrl { format!("Ctrl+{name}") } else { name }
    }
}
