//! A line typed at a terminal without echo: what the bytes mean, and what is echoed.

use std::fmt;

use zeroize::Zeroizing;

use crate::domain::text::safe_text::is_invisible;

/// What may be echoed of a line while it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Echo {
    /// Nothing: a secret is typed.
    Nothing,
    /// Only while it looks like a command: a key may be pasted here.
    Command,
    /// The whole state.
    Text,
}

impl From<u8> for Echo {
    fn from(number: u8) -> Self {
        match number {
            1 => Echo::Command,
            2 => Echo::Text,
            _ => Echo::Nothing,
        }
    }
}

impl Echo {
    /// Whether a whole line may be shown.
    pub fn shows(self, line: &str) -> bool {
        match self {
            Echo::Nothing => false,
            // It could be a sequence for the terminal.
            _ if line.chars().any(is_invisible) => false,
            Echo::Command => line.len() <= LONGEST_COMMAND && line.bytes().all(is_of_command),
            Echo::Text => !line.contains('{'),
        }
    }
}

/// The result of some input bytes. A line may contain a secret, so there is no `Debug`.
#[derive(PartialEq, Eq)]
pub enum Typed {
    /// A line is complete.
    Line {
        /// Its text.
        text: Zeroizing<String>,
        /// Not all of it was echoed.
        hidden: bool,
    },
    /// Esc was pressed on an empty line.
    Escape,
    /// Ctrl+C.
    Interrupt,
    /// Ctrl+Z.
    Suspend,
    /// Ctrl+D on an empty line.
    End,
    /// Ctrl+L: say everything again.
    Again,
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Typed::Line { .. } => "Line",
            Typed::Escape => "Escape",
            Typed::Interrupt => "Interrupt",
            Typed::Suspend => "Suspend",
            Typed::End => "End",
            Typed::Again => "Again",
        })
    }
}

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const CTRL_L: u8 = 0x0c;
const CTRL_U: u8 = 0x15;
const CTRL_W: u8 = 0x17;
const CTRL_Z: u8 = 0x1a;
const ESC: u8 = 0x1b;
const DELETE: u8 = 0x7f;

/// This many bytes at once are a paste.
const PASTED: usize = 8;
/// Commands are not longer. Anything beyond may be a secret.
const LONGEST_COMMAND: usize = 32;
/// More than any key; the rest is dropped, so that parsing reports that it is too long.
pub const LINE_LIMIT: usize = 300 * 1024;

/// The line so far.
pub struct Typing {
    bytes: Zeroizing<Vec<u8>>,
    /// How many of its first characters are on the screen; hidden ones stay hidden.
    shown: usize,
    /// Part of the line is hidden.
    hidden: bool,
    /// An escape sequence is being skipped.
    sequence: Sequence,
    /// The previous line ended with CR: an LF belongs to it.
    after_cr: bool,
}

impl Default for Typing {
    fn default() -> Self {
        // Larger than most keys: reallocation would leave an unwiped copy behind.
        let bytes = Zeroizing::new(Vec::with_capacity(32 * 1024));
        Self { bytes, shown: 0, hidden: false, sequence: Sequence::None, after_cr: false }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Sequence {
    #[default]
    None,
    /// ESC was received.
    Begun,
    /// ESC and `[` or `O` were received.
    Inside,
}

impl Typing {
    /// Processes one byte. `burst`: how many bytes arrived at once. Echo is appended to `show`.
    pub fn byte(&mut self, byte: u8, burst: usize, echo: Echo, show: &mut Vec<u8>) -> Option<Typed> {
        if std::mem::take(&mut self.after_cr) && byte == b'\n' {
            return None;
        }
        match self.sequence {
            Sequence::None => {}
            Sequence::Begun => {
                self.sequence = if matches!(byte, b'[' | b'O') { Sequence::Inside } else { Sequence::None };
                return None;
            }
            Sequence::Inside => {
                if (0x40..=0x7e).contains(&byte) {
                    self.sequence = Sequence::None;
                }
                return None;
            }
        }
        match byte {
            b'\r' | b'\n' => {
                self.after_cr = byte == b'\r';
                show.push(b'\n');
                return Some(self.take());
            }
            ESC => self.sequence = Sequence::Begun,
            CTRL_C => return Some(Typed::Interrupt),
            CTRL_Z => return Some(Typed::Suspend),
            CTRL_L => return Some(Typed::Again),
            CTRL_D if self.bytes.is_empty() => return Some(Typed::End),
            DELETE | BACKSPACE => drop(self.delete_one(show)),
            CTRL_U => while self.delete_one(show) {},
            CTRL_W => {
                while self.bytes.last() == Some(&b' ') && self.delete_one(show) {}
                while self.bytes.last().is_some_and(|byte| *byte != b' ') && self.delete_one(show) {}
            }
            b'\t' => self.push(b' ', burst, echo, show),
            byte if byte.is_ascii_control() => {}
            byte => self.push(byte, burst, echo, show),
        }
        None
    }

    /// Nothing followed an ESC: the key was pressed.
    pub fn pause(&mut self, show: &mut Vec<u8>) -> Option<Typed> {
        if std::mem::take(&mut self.sequence) != Sequence::Begun {
            return None;
        }
        if self.bytes.is_empty() {
            return Some(Typed::Escape);
        }
        while self.delete_one(show) {}
        None
    }

    /// The part of the line that is on the screen.
    pub fn shown(&self) -> &[u8] {
        &self.bytes[..self.shown]
    }

    /// Whether an ESC is waiting for what follows.
    pub fn waits(&self) -> bool {
        self.sequence == Sequence::Begun
    }

    fn push(&mut self, byte: u8, burst: usize, echo: Echo, show: &mut Vec<u8>) {
        if self.bytes.len() > LINE_LIMIT {
            return;
        }
        self.bytes.push(byte);
        let harmless = match echo {
            Echo::Nothing => false,
            _ if ends_invisibly(&self.bytes) => false,
            Echo::Text => burst < PASTED && !self.bytes.contains(&b'{'),
            Echo::Command => {
                burst < PASTED && self.bytes.len() <= LONGEST_COMMAND && self.bytes.iter().copied().all(is_of_command)
            }
        };
        if harmless && !self.hidden {
            show.push(byte);
            self.shown = self.bytes.len();
        } else {
            self.hidden = true;
        }
    }

    /// Deletes the last character, which may have several bytes. Returns false if there was none.
    fn delete_one(&mut self, show: &mut Vec<u8>) -> bool {
        if self.bytes.is_empty() {
            return false;
        }
        while self.bytes.pop().is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {}
        if self.shown > self.bytes.len() {
            self.shown = self.bytes.len();
            show.extend_from_slice(b"\x08 \x08");
        }
        self.hidden = self.hidden && self.shown < self.bytes.len();
        true
    }

    fn take(&mut self) -> Typed {
        let text = Zeroizing::new(String::from_utf8_lossy(&self.bytes).into_owned());
        let hidden = std::mem::take(&mut self.hidden);
        self.shown = 0;
        zeroize::Zeroize::zeroize(&mut *self.bytes);
        Typed::Line { text, hidden }
    }
}

/// Bytes that occur in commands, numbers and searches.
fn is_of_command(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" ./+?:-".contains(&byte) || !byte.is_ascii()
}

/// Whether the last character is one that shows nothing or moves others.
fn ends_invisibly(bytes: &[u8]) -> bool {
    let begin = bytes.iter().rposition(|byte| byte & 0b1100_0000 != 0b1000_0000).unwrap_or_default();
    std::str::from_utf8(&bytes[begin..]).is_ok_and(|last| last.contains(is_invisible))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The echo and the lines of some typed pieces.
    fn typed(pieces: &[&[u8]], echo: Echo) -> (String, Vec<Typed>) {
        let mut typing = Typing::default();
        let (mut show, mut lines) = (Vec::new(), Vec::new());
        for piece in pieces {
            for byte in *piece {
                lines.extend(typing.byte(*byte, piece.len(), echo, &mut show));
            }
        }
        (String::from_utf8(show).unwrap(), lines)
    }

    fn line(text: &str, hidden: bool) -> Typed {
        Typed::Line { text: Zeroizing::new(text.to_owned()), hidden }
    }

    #[test]
    fn a_typed_line_is_shown_and_corrected_character_by_character() {
        let (shown, lines) = typed(&[b"1", "ß".as_bytes(), b"\x7f", b"2", b"\r"], Echo::Text);
        assert_eq!(shown, "1ß\x08 \x082\n");
        assert_eq!(lines, [line("12", false)]);
    }

    #[test]
    fn a_paste_is_not_shown_and_one_that_comes_in_small_pieces_ends_at_its_first_brace() {
        let (shown, lines) = typed(&[b"clientsecret abc", b"\n"], Echo::Command);
        assert_eq!((shown.as_str(), lines), ("\n", vec![line("clientsecret abc", true)]));
        let (shown, _) = typed(&[b"a", b"{", b"s", b"e", b"c", b"\n"], Echo::Text);
        assert_eq!(shown, "a\n");
    }

    #[test]
    fn what_could_move_the_cursor_of_the_terminal_is_not_shown_whether_it_is_typed_or_comes_from_a_pipe() {
        for hostile in ["a\u{9b}31m", "a\u{202e}b", "\u{feff}", "\u{e0041}"] {
            for echo in [Echo::Text, Echo::Command] {
                assert!(!echo.shows(hostile), "{hostile:?}");
                let bytes = hostile.as_bytes();
                let pieces: Vec<&[u8]> = bytes.chunks(1).chain([&b"\n"[..]]).collect();
                let mut typing = Typing::default();
                let mut show = Vec::new();
                for piece in pieces {
                    typing.byte(piece[0], 1, echo, &mut show);
                }
                // At most the beginning of a character, which a terminal ignores.
                let shown = String::from_utf8_lossy(&show);
                assert!(!shown.trim_end().contains(is_invisible), "{shown:?}");
            }
        }
        assert!(!Echo::Text.shows("a\u{1b}[31m"));
        assert!(Echo::Text.shows("Zoë's instance"));
    }

    #[test]
    fn a_secret_is_not_shown_at_all_and_deleting_shows_nothing_either() {
        let (shown, lines) = typed(&[b"a", b"b", b"\x7f", b"c", b"\r"], Echo::Nothing);
        assert_eq!((shown.as_str(), lines), ("\n", vec![line("ac", true)]));
    }

    #[test]
    fn carriage_return_and_line_feed_together_are_one_end_of_line() {
        let (_, lines) = typed(&[b"a\r\nb\n\rc\r"], Echo::Text);
        let texts = ["a", "b", "", "c"];
        assert_eq!(lines, texts.map(|text| line(text, !text.is_empty())));
    }

    #[test]
    fn arrows_and_other_sequences_type_nothing_and_esc_alone_is_a_key() {
        let (_, lines) = typed(&[b"\x1b[A", b"\x1bOB", b"\x1b[200~", b"x", b"\x1b[201~", b"\r"], Echo::Text);
        assert_eq!(lines, [line("x", false)]);
        let mut typing = Typing::default();
        assert_eq!(typing.byte(ESC, 1, Echo::Text, &mut Vec::new()), None);
        assert_eq!(typing.pause(&mut Vec::new()), Some(Typed::Escape));
    }

    #[test]
    fn the_keys_of_a_terminal_line_work() {
        for (byte, typed_as) in
            [(CTRL_C, Typed::Interrupt), (CTRL_D, Typed::End), (CTRL_L, Typed::Again), (CTRL_Z, Typed::Suspend)]
        {
            assert_eq!(typed(&[&[byte]], Echo::Text).1, [typed_as]);
        }
        assert_eq!(typed(&[b"ab cd", &[CTRL_W], &[CTRL_U], b"e\r"], Echo::Text).1, [line("e", false)]);
        assert_eq!(typed(&[b"a", &[CTRL_D], b"\r"], Echo::Text).1, [line("a", false)], "only an empty line ends");
    }

    #[test]
    fn a_line_of_any_length_is_read_up_to_a_limit() {
        let long = vec![b'x'; LINE_LIMIT + 100];
        let (_, lines) = typed(&[&long, b"\r"], Echo::Text);
        let [Typed::Line { text, .. }] = lines.as_slice() else { panic!("{lines:?}") };
        assert_eq!(text.len(), LINE_LIMIT + 1);
    }
}
