//! Parses a terminal's answer, and the keys typed before it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{model::Msg, platform::env::Background};

/// No answer is longer.
const LONGEST: usize = 64;

/// The input from the terminal so far.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// An incomplete escape sequence or character.
    open: Vec<u8>,
    background: Option<Background>,
    keys: Vec<Msg>,
    /// The last query was answered.
    pub(super) complete: bool,
}

impl Answer {
    /// Processes the next byte.
    pub(super) fn take(&mut self, byte: u8) {
        self.open.push(byte);
        let over = match self.open.as_slice() {
            [0x1b] => false,
            [0x1b, b'[', rest @ ..] => rest.last().is_some_and(|last| (0x40..=0x7e).contains(last)),
            [0x1b, b']' | b'P', rest @ ..] => rest.ends_with(b"\x07") || rest.ends_with(b"\x1b\\"),
            [0x1b, b'O'] => false,
            [0x1b, ..] => true,
            bytes => std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_some(), |_| true),
        };
        if over || self.open.len() >= LONGEST {
            let sequence = std::mem::take(&mut self.open);
            self.understand(&sequence);
        }
    }

    fn understand(&mut self, sequence: &[u8]) {
        match sequence {
            [0x1b, b']', rest @ ..] => self.background = background(rest).or(self.background),
            [0x1b, b'[', b'?', .., b'c'] => self.complete = true,
            _ => self.keys.extend(key(sequence).map(Msg::Key)),
        }
    }

    /// The background, and what was typed.
    pub(super) fn finish(mut self) -> (Option<Background>, Vec<Msg>) {
        if self.open == [0x1b] {
            self.keys.push(Msg::Key(KeyCode::Esc.into()));
        }
        (self.background, self.keys)
    }
}

/// `11;rgb:RRRR/GGGG/BBBB`, with one to four digits per colour.
fn background(answer: &[u8]) -> Option<Background> {
    let answer = std::str::from_utf8(answer).ok()?.trim_end_matches(['\x07', '\x1b', '\\']);
    let colours = answer.strip_prefix("11;rgb:").or_else(|| answer.strip_prefix("11;rgba:"))?;
    let mut shares = colours.split('/').map(|digits| {
        let full = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)?.checked_sub(1)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        (full > 0 && digits.len() <= 4).then(|| f64::from(value) / f64::from(full))
    });
    let mut next = || shares.next().flatten();
    // The weights of ITU-R BT.709; gamma does not matter for telling light from dark.
    let light = 0.2126 * next()? + 0.7152 * next()? + 0.0722 * next()?;
    Some(if light > 0.5 { Background::Light } else { Background::Dark })
}

/// The key for a sequence, if it is one that users may press immediately.
fn key(sequence: &[u8]) -> Option<KeyEvent> {
    let code = match sequence {
        b"\r" | b"\n" => KeyCode::Enter,
        b"\t" => KeyCode::Tab,
        b"\x7f" => KeyCode::Backspace,
        [0x1b, b'[' | b'O', b'A'] => KeyCode::Up,
        [0x1b, b'[' | b'O', b'B'] => KeyCode::Down,
        [0x1b, b'[' | b'O', b'C'] => KeyCode::Right,
        [0x1b, b'[' | b'O', b'D'] => KeyCode::Left,
        [0x1b, b'[' | b'O', b'H'] => KeyCode::Home,
        [0x1b, b'[' | b'O', b'F'] => KeyCode::End,
        [control @ 0x01..=0x1a] => {
            return Some(KeyEvent::new(KeyCode::Char(char::from(control + 0x60)), KeyModifiers::CONTROL));
        }
        text => {
            let mut characters = std::str::from_utf8(text).ok()?.chars();
            let character = characters.next().filter(|character| !character.is_control())?;
            return characters.next().is_none().then(|| KeyCode::Char(character).into());
        }
    };
    Some(code.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(bytes: &str) -> (Option<Background>, Vec<KeyCode>, bool) {
        let mut answer = Answer::default();
        for byte in bytes.bytes() {
            answer.take(byte);
        }
        let complete = answer.complete;
        let (background, keys) = answer.finish();
        let codes = keys.into_iter().filter_map(|msg| match msg {
            Msg::Key(key) => Some(key.code),
            _ => None,
        });
        (background, codes.collect(), complete)
    }

    #[test]
    fn the_colour_decides_in_every_form_that_terminals_give_it() {
        for (bytes, expected) in [
            ("\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1b[?62;22c", Some(Background::Dark)),
            ("\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[?1;2c", Some(Background::Light)),
            ("\x1b]11;rgb:fd/f6/e3\x07\x1b[?6c", Some(Background::Light)),
            ("\x1b]11;rgba:0000/2b2b/3636/ffff\x07\x1b[?6c", Some(Background::Dark)),
            ("\x1b[?62;22c", None),
            ("\x1b]11;rgb:/g/\x07\x1b[?6c", None),
            ("\x1b]11;rgb:fffff/0/0\x07\x1b[?6c", None),
        ] {
            assert_eq!(answer(bytes), (expected, Vec::new(), true), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_typed_before_the_answer_stays_keys() {
        let typed = "y\r\x1b[Bé\x1b]11;rgb:0/0/0\x07\x1b[?6c";
        let keys = vec![KeyCode::Char('y'), KeyCode::Enter, KeyCode::Down, KeyCode::Char('é')];
        assert_eq!(answer(typed), (Some(Background::Dark), keys, true));
        assert_eq!(answer("q\x1b"), (None, vec![KeyCode::Char('q'), KeyCode::Esc], false));
    }

    #[test]
    fn no_bytes_make_it_wait_or_panic() {
        for bytes in ["\x1b]11;", "\x1b[", "\x1bP+r\x1b\\", "\u{0}", "\x1b\x1b[?6c"] {
            answer(bytes);
            answer(&bytes.repeat(100));
        }
    }
}
