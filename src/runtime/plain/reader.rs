//! Lines, read on a separate thread: byte by byte from a terminal, whole from a pipe.

use std::{
    io::{self, BufRead as _, Read as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
        mpsc,
    },
    thread,
};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zeroize::Zeroizing;

use super::super::{
    lines,
    signals::{Control, HANG_UP},
    terminal,
};
use crate::plain::{Echo, LINE_LIMIT, Typed, Typing};
#[cfg(unix)]
use crate::platform::ready;

/// How long the rest of an escape sequence may take to arrive.
#[cfg(unix)]
const REST_OF_SEQUENCE: std::time::Duration = std::time::Duration::from_millis(60);

/// Reads a line on request. Until then, input waits in the terminal without echo.
#[derive(Debug)]
pub struct Reader {
    go: mpsc::Sender<()>,
    typed: UnboundedReceiver<Typed>,
    line: Arc<Line>,
    is_reading: bool,
}

/// The line being typed.
#[derive(Debug)]
struct Line {
    /// How much of it may be echoed.
    echo: AtomicU8,
    /// The part of it on the screen, until it is complete.
    shown: Mutex<Vec<u8>>,
}

impl Line {
    fn echo(&self) -> Echo {
        Echo::from(self.echo.load(Ordering::SeqCst))
    }

    /// Echoes a byte and records what is then shown.
    fn show(&self, show: &[u8], typing: &Typing) -> io::Result<()> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.clear();
        shown.extend_from_slice(typing.shown());
        // While it is locked, no prompt is printed that would repeat it.
        if show.is_empty() { Ok(()) } else { terminal::write_all(show) }
    }
}

impl Reader {
    /// Starts the thread.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn start(by_hand: bool, control: UnboundedSender<Control>) -> io::Result<Self> {
        let (go, told) = mpsc::channel();
        let (slot, typed) = unbounded_channel();
        let line = Arc::new(Line { echo: AtomicU8::new(Echo::Nothing as u8), shown: Mutex::default() });
        let shared = Arc::clone(&line);
        thread::Builder::new().name("input".to_owned()).spawn(move || {
            let read = if by_hand { read_by_hand(&told, &slot, &shared) } else { read_pipe(&told, &slot) };
            match read {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => drop(control.send(Control::End(HANG_UP))),
                Err(error) => drop(control.send(Control::InputLost(error))),
            }
        })?;
        Ok(Self { go, typed, line, is_reading: false })
    }

    /// Requests the next line, and sets how much of it may be echoed.
    pub fn read(&mut self, echo: Echo) {
        self.line.echo.store(echo as u8, Ordering::SeqCst);
        if !std::mem::replace(&mut self.is_reading, true) {
            // A reader that has ended has reported why.
            let _ = self.go.send(());
        }
    }

    /// Prints a prompt with `print`, which receives what was typed so far, to be shown after the prompt.
    ///
    /// # Errors
    /// Those of `print`.
    pub fn with_line(&self, print: impl FnOnce(&str) -> io::Result<()>) -> io::Result<()> {
        let shown = self.line.shown.lock().unwrap_or_else(PoisonError::into_inner);
        print(&String::from_utf8_lossy(&shown))
    }

    /// What was typed. May be dropped and called again at any time.
    pub async fn next(&mut self) -> Typed {
        match self.typed.recv().await {
            Some(typed) => {
                self.is_reading = false;
                typed
            }
            None => std::future::pending().await,
        }
    }
}

/// Reads whole lines until the end of input.
fn read_pipe(told: &mpsc::Receiver<()>, slot: &UnboundedSender<Typed>) -> io::Result<()> {
    let mut input = io::stdin().lock();
    while told.recv().is_ok() {
        let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
        let count = input.by_ref().take(LINE_LIMIT as u64).read_until(b'\n', &mut bytes)?;
        let line = String::from_utf8_lossy(&bytes);
        let text = Zeroizing::new(line.trim_end_matches(['\n', '\r']).to_owned());
        let typed = if count == 0 { Typed::End } else { Typed::Line { text, hidden: false } };
        if slot.send(typed).is_err() {
            break;
        }
    }
    Ok(())
}

/// Reads byte by byte.
fn read_by_hand(told: &mpsc::Receiver<()>, slot: &UnboundedSender<Typed>, line: &Line) -> io::Result<()> {
    let (mut typing, mut input) = (Typing::default(), lines::Input::default());
    let mut chunk = Zeroizing::new([0; 4096]);
    let (mut at, mut length) = (0, 0);
    while told.recv().is_ok() {
        let typed = loop {
            let mut show = Vec::new();
            let typed = if at < length {
                at += 1;
                typing.byte(chunk[at - 1], length, line.echo(), &mut show)
            } else if typing.waits() && !comes_soon()? {
                typing.pause(&mut show)
            } else {
                (at, length) = (0, input.read(chunk.as_mut_slice())?);
                continue;
            };
            line.show(&show, &typing)?;
            if let Some(typed) = typed {
                break typed;
            }
        };
        if slot.send(typed).is_err() {
            break;
        }
    }
    Ok(())
}

/// Whether another byte follows immediately.
#[cfg(unix)]
fn comes_soon() -> io::Result<bool> {
    ready::ready(rustix::stdio::stdin(), REST_OF_SEQUENCE)
}

/// Console keys are always complete.
#[cfg(not(unix))]
fn comes_soon() -> io::Result<bool> {
    Ok(false)
}
