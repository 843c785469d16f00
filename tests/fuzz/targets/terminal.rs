//! Terminal input: bytes go through a real pseudo terminal and crossterm's own reader, become messages as in the
//! program, and reach the wizard. A paste arrives complete, as one text, and triggers nothing.

use std::{
    fs::File,
    io::Write,
    os::fd::AsFd,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

use cpikey::{
    model::{Msg, coalesce::coalesce},
    runtime::background,
};
use crossterm::event::{self, KeyCode, KeyEvent, KeyModifiers};
use portable_pty::{MasterPty, PtySize, native_pty_system};
use rustix::termios::{OptionalActions, QueueSelector, tcflush, tcgetattr, tcsetattr};

use super::{parts, wizard::Wizard};

/// Ends any incomplete input: a paste, a mouse report, a response of the terminal, any other sequence, a character.
const END: &[u8] = b"\x1b[201~mcu\x1b[A~";
/// Sent after it: proves that every earlier key was read.
const LAST: KeyCode = KeyCode::F(12);
const LAST_BYTES: &[u8] = b"\x1b[24~";
/// crossterm parses what it has read, without waiting.
const POLL: Duration = Duration::from_micros(50);
/// Longer than a busy system takes to deliver bytes.
const PATIENCE: Duration = Duration::from_millis(50);
/// There are never more events than bytes.
const MOST_EVENTS: usize = 2 * MOST;
/// The number of bytes that a pseudo terminal accepts at once.
const MOST: usize = 2000;

/// Standard input, as the program sees it.
struct Terminal {
    keys: Box<dyn Write + Send>,
    own: File,
    _master: Box<dyn MasterPty + Send>,
}

static TERMINAL: LazyLock<Mutex<Option<Terminal>>> = LazyLock::new(|| Mutex::new(Terminal::open()));

impl Terminal {
    /// `None` if there are no pseudo terminals.
    fn open() -> Option<Self> {
        let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).ok()?;
        let own = File::options().read(true).write(true).open(pair.master.tty_name()?).ok()?;
        let mut modes = tcgetattr(&own).ok()?;
        modes.make_raw();
        tcsetattr(&own, OptionalActions::Now, &modes).ok()?;
        // Otherwise crossterm waits for the rest of an incomplete sequence.
        rustix::io::ioctl_fionbio(&own, true).ok()?;
        rustix::stdio::dup2_stdin(own.as_fd()).ok()?;
        let keys = pair.master.take_writer().ok()?;
        Some(Self { keys, own, _master: pair.master })
    }

    /// The events that the program receives for these bytes.
    fn read(&mut self, bytes: &[u8]) -> Vec<Msg> {
        let _ = self.keys.write_all(bytes).and_then(|()| self.keys.flush());
        let mut messages = Vec::new();
        while event::poll(POLL).unwrap_or(false) {
            let Ok(event) = event::read() else { break };
            messages.extend(Msg::from_terminal(event));
        }
        messages
    }

    /// The same, including the end of incomplete input. A busy system may delay bytes, so it waits for the last key.
    fn read_all(&mut self, bytes: &[u8]) -> Vec<Msg> {
        let mut messages = self.read(&[bytes, END, LAST_BYTES].concat());
        let is_last = |msg: &Msg| matches!(msg, Msg::Key(key) if key.code == LAST);
        for _ in 0..MOST_EVENTS {
            if messages.iter().any(is_last) {
                return messages;
            }
            if event::poll(PATIENCE).unwrap_or(false)
                && let Ok(event) = event::read()
            {
                messages.extend(Msg::from_terminal(event));
            }
        }
        panic!("the last key never came: {messages:?}");
    }
}

pub fn run(data: &[u8]) {
    let mut terminal = TERMINAL.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(terminal) = terminal.as_mut() else { return };
    let parts = parts(data);
    let Some((kind, parts)) = parts.split_first() else { return };
    let first = kind.first().copied().unwrap_or_default();
    match first % 3 {
        0 => pasted(terminal, parts.first().copied().unwrap_or_default()),
        1 => answered(terminal, parts.first().copied().unwrap_or_default()),
        _ => typed(terminal, parts, first),
    }
}

/// A paste is one text, whatever it contains.
fn pasted(terminal: &mut Terminal, text: &[u8]) {
    let text = &text[..text.len().min(MOST)];
    if text.windows(6).any(|six| six == b"\x1b[201~") {
        return;
    }
    let messages = terminal.read_all(&[b"\x1b[200~", text, b"\x1b[201~"].concat());
    let expected = String::from_utf8_lossy(text).into_owned();
    let found = messages.iter().find_map(|msg| if let Msg::Paste(pasted) = msg { Some(pasted) } else { None });
    let expected = cpikey::model::Pasted::from_terminal(expected);
    assert!(found == Some(&expected), "{:?} became {:?}", String::from_utf8_lossy(text), messages);
}

/// A terminal's response to the background query, in the middle of typed input.
fn answered(terminal: &mut Terminal, text: &[u8]) {
    // Enough to end the longest awaited sequence.
    let bytes = [&text[..text.len().min(MOST)], &[b'z'; 70], b"\x1b[?6c"].concat();
    let _ = terminal.keys.write_all(&bytes).and_then(|()| terminal.keys.flush());
    let (_, keys) = background::read_answer();
    for msg in keys {
        let Msg::Key(KeyEvent { code, .. }) = msg else { panic!("{msg:?}") };
        assert!(!matches!(code, KeyCode::Char(c) if c.is_control()), "{code:?}");
    }
    let _ = tcflush(&terminal.own, QueueSelector::IFlush);
}

/// Arbitrary input, in batches, for the wizard.
fn typed(terminal: &mut Terminal, parts: &[&[u8]], first: u8) {
    let mut wizard = Wizard::start(first / 3);
    let (mut left, mut typed) = (MOST, Vec::new());
    for part in parts {
        let part = &part[..part.len().min(left)];
        left -= part.len();
        let messages = terminal.read(part);
        wizard.wait(Duration::from_millis(200));
        send(coalesce(messages), &mut typed, &mut wizard);
    }
    send(coalesce(terminal.read_all(&[])), &mut typed, &mut wizard);
    wizard.end();
}

/// Passes messages to the wizard. `typed` is everything typed before: a secret typed in pieces into a visible field is
/// shown.
fn send(messages: Vec<Msg>, typed: &mut Vec<u8>, wizard: &mut Wizard) {
    for msg in messages {
        match &msg {
            Msg::Paste(text) | Msg::Burst(text) => {
                wizard.given(text.bytes());
                typed.extend_from_slice(text.bytes());
            }
            // With Ctrl or Alt no text is entered.
            Msg::Key(KeyEvent {
                code: KeyCode::Char(c), modifiers: KeyModifiers::NONE | KeyModifiers::SHIFT, ..
            }) => {
                typed.extend(c.encode_utf8(&mut [0; 4]).bytes());
            }
            _ => {}
        }
        wizard.given(typed);
        wizard.send(msg);
    }
}
