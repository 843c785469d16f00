//! Passphrase prompt on the Unix terminal device.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read as _, Write as _},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use signal_hook::{
    consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP},
    flag, low_level,
};
use zeroize::Zeroizing;

use super::{super::ready::ready, LIMIT, PromptError, Secret};

/// The signals that end the program once the terminal has been restored.
const ENDING: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];
/// How long a signal may go unnoticed.
const PATIENCE: Duration = Duration::from_millis(200);
/// A paste has ended if nothing arrives for this long.
const PAUSE_AFTER_PASTE: Duration = Duration::from_millis(50);
/// More than this cannot be one paste.
const MOST_PIECES: usize = 1024;

/// Whether something else handles signals while no prompt is shown.
static HANDLED_ELSEWHERE: AtomicBool = AtomicBool::new(false);

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const CTRL_H: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const CTRL_W: u8 = 0x17;
const CTRL_Z: u8 = 0x1a;
const CTRL_BACKSLASH: u8 = 0x1c;
const DELETE: u8 = 0x7f;

/// How a prompt ends.
enum Outcome {
    Line(Zeroizing<Vec<u8>>),
    /// A signal arrived, or the key for it was pressed.
    Signal(i32),
}

pub(super) fn leave_signals_to_others() {
    HANDLED_ELSEWHERE.store(true, Ordering::SeqCst);
    if let Some(guard) = GUARD.get() {
        guard.idle.store(false, Ordering::SeqCst);
    }
}

pub(super) fn read_passphrase(question: &str) -> Result<Secret, PromptError> {
    let mut tty = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(PromptError::NoTerminal)?;
    let guard = SignalGuard::installed()?;
    loop {
        match ask(question, &mut tty, guard)? {
            Outcome::Line(line) => return passphrase(&line),
            // Handled separately: the system does not stop a program that nobody could continue.
            Outcome::Signal(SIGTSTP) => low_level::raise(SIGTSTP)?,
            // The program was stopped. The shell may have changed the terminal, so the prompt is shown again.
            Outcome::Signal(SIGCONT) => {}
            Outcome::Signal(signal) => low_level::emulate_default_handler(signal)?,
        }
    }
}

/// Prompts once. The terminal is restored when this returns.
fn ask(question: &str, tty: &mut File, guard: &'static SignalGuard) -> Result<Outcome, PromptError> {
    let _deferred = guard.defer();
    let echo_off = EchoOff::new(tty.try_clone()?)?;
    tty.write_all(question.as_bytes())?;
    let outcome = read_line(tty, guard);
    drop(echo_off);
    // The typed line break was not echoed either. A terminal that is gone needs none.
    let _ = tty.write_all(b"\n");
    match guard.take() {
        Some(signal) => Ok(Outcome::Signal(signal)),
        None => outcome,
    }
}

fn passphrase(line: &[u8]) -> Result<Secret, PromptError> {
    let text = std::str::from_utf8(line).map_err(|_| PromptError::NotText)?;
    if text.contains(char::is_control) { Err(PromptError::ControlCharacter) } else { Ok(Secret::new(text)) }
}

fn read_line(mut tty: &File, guard: &SignalGuard) -> Result<Outcome, PromptError> {
    // Reserved up front: a growing buffer leaves unwiped copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(LIMIT));
    let mut byte = Zeroizing::new([0]);
    // Errors are reported at the end of the line: input until then must not be echoed.
    let mut wrong = None;
    loop {
        if let Some(signal) = wait(tty, guard)? {
            return Ok(Outcome::Signal(signal));
        }
        if tty.read(byte.as_mut_slice())? == 0 {
            return Err(io::Error::from(ErrorKind::UnexpectedEof).into());
        }
        match byte[0] {
            b'\r' | b'\n' => break,
            CTRL_C => return Ok(Outcome::Signal(SIGINT)),
            CTRL_BACKSLASH => return Ok(Outcome::Signal(SIGQUIT)),
            CTRL_Z => return Ok(Outcome::Signal(SIGTSTP)),
            CTRL_D => return Err(PromptError::Cancelled),
            CTRL_U => {
                line.clear();
                wrong = None;
            }
            CTRL_W => delete_word(&mut line),
            DELETE | CTRL_H => delete_character(&mut line),
            byte if byte.is_ascii_control() => wrong = Some(PromptError::ControlCharacter),
            _ if line.len() == LIMIT => wrong = Some(PromptError::TooLong),
            byte => line.push(byte),
        }
    }
    discard_rest(tty)?;
    match wrong {
        Some(error) => Err(error),
        None => Ok(Outcome::Line(line)),
    }
}

/// Discards what was pasted after the end of the line: it would be echoed, and run by the shell.
fn discard_rest(mut tty: &File) -> io::Result<()> {
    let mut rest = Zeroizing::new([0; 4096]);
    for _ in 0..MOST_PIECES {
        match ready(tty, PAUSE_AFTER_PASTE) {
            Ok(true) if tty.read(rest.as_mut_slice())? > 0 => {}
            _ => break,
        }
    }
    Ok(())
}

/// Deletes the last character, which may have several bytes.
fn delete_character(line: &mut Vec<u8>) {
    while line.pop().is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {}
}

/// Deletes the last word and the blanks after it.
fn delete_word(line: &mut Vec<u8>) {
    while line.pop_if(|byte| *byte == b' ').is_some() {}
    while line.pop_if(|byte| *byte != b' ').is_some() {}
}

/// Waits for a byte, or returns the signal that arrived first.
fn wait(tty: &File, guard: &SignalGuard) -> io::Result<Option<i32>> {
    loop {
        let comes = ready(tty, PATIENCE)?;
        match guard.take() {
            Some(signal) => return Ok(Some(signal)),
            None if comes => return Ok(None),
            None => {}
        }
    }
}

/// A terminal without echo, until this is dropped.
struct EchoOff {
    tty: File,
    before: Termios,
}

impl EchoOff {
    fn new(tty: File) -> io::Result<Self> {
        let before = tcgetattr(&tty)?;
        let mut quiet = before.clone();
        // Byte by byte, so that a line may be longer than the terminal's buffer, and without signals from the keyboard,
        // so that the terminal is restored before the program ends or stops.
        quiet.local_modes &= !(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&tty, OptionalActions::Flush, &quiet)?;
        Ok(Self { tty, before })
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing. Unread input is part of the passphrase.
        let _ = tcsetattr(&self.tty, OptionalActions::Flush, &self.before);
    }
}

/// Defers terminating signals while echo is off.
struct SignalGuard {
    /// The pending signal; 0 for none.
    pending: Arc<AtomicUsize>,
    /// Whether no prompt is shown, so that signals have their default effect.
    idle: Arc<AtomicBool>,
}

/// The installed guard.
static GUARD: OnceLock<SignalGuard> = OnceLock::new();

impl SignalGuard {
    /// Installs itself once per process.
    fn installed() -> io::Result<&'static Self> {
        if let Some(guard) = GUARD.get() {
            return Ok(guard);
        }
        let guard = Self { pending: Arc::default(), idle: Arc::new(AtomicBool::new(is_idle())) };
        for signal in ENDING {
            flag::register_conditional_default(signal, Arc::clone(&guard.idle))?;
            flag::register_usize(signal, Arc::clone(&guard.pending), signal as usize)?;
        }
        flag::register_usize(SIGCONT, Arc::clone(&guard.pending), SIGCONT as usize)?;
        Ok(GUARD.get_or_init(|| guard))
    }

    /// Defers signals until the result is dropped.
    fn defer(&'static self) -> Deferred {
        self.pending.store(0, Ordering::Relaxed);
        self.idle.store(false, Ordering::Relaxed);
        Deferred(self)
    }

    /// The pending signal.
    fn take(&self) -> Option<i32> {
        i32::try_from(self.pending.swap(0, Ordering::Relaxed)).ok().filter(|signal| *signal != 0)
    }
}

/// Whether signals have their default effect while no prompt is shown.
fn is_idle() -> bool {
    !HANDLED_ELSEWHERE.load(Ordering::SeqCst)
}

/// Signals are deferred while this exists.
struct Deferred(&'static SignalGuard);

impl Drop for Deferred {
    fn drop(&mut self) {
        self.0.idle.store(is_idle(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_deleted_whole() {
        let mut line = "aß生".as_bytes().to_vec();
        delete_character(&mut line);
        assert_eq!(line, "aß".as_bytes());
        for _ in 0..3 {
            delete_character(&mut line);
        }
        assert_eq!(line, b"");
    }

    #[test]
    fn a_word_is_deleted_with_the_blanks_after_it() {
        let mut line = b"battery staple  ".to_vec();
        delete_word(&mut line);
        assert_eq!(line, b"battery ");
        delete_word(&mut line);
        delete_word(&mut line);
        assert_eq!(line, b"");
    }

    #[test]
    fn a_line_that_cannot_be_a_passphrase_is_refused() {
        assert_eq!(passphrase("Käse 生".as_bytes()).unwrap(), Secret::new("Käse 生"));
        assert!(matches!(passphrase(b"\xff"), Err(PromptError::NotText)));
        assert!(matches!(passphrase("a\u{9b}b".as_bytes()), Err(PromptError::ControlCharacter)));
    }
}
