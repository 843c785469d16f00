//! The terminal: the only file that sets modes.
//!
//! Modes are set in [`Screen::open`] and reset in [`restore_all`], which is used for return, error, panic, signal and
//! suspension and may be called any number of times from any thread. The terminal is not queried before the first
//! frame, and only for its background afterwards (`background.rs`): an answer has to pass the input thread.

use std::{
    cell::Cell,
    io::{self, IsTerminal as _, Write},
    mem::ManuallyDrop,
    rc::Rc,
    sync::atomic::{AtomicBool, AtomicU8, Ordering},
};

use crossterm::{
    cursor,
    event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange},
    queue, style,
    terminal::{
        BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
        disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{Frame, Terminal, layout::Rect};

use super::{delta::DeltaBackend, line_settings, surface::Surface, window::Signs};
use crate::{
    app::Window,
    jobs::test_systems::panic_is_a_result,
    platform::{
        console::{self, Standard},
        crash,
    },
    words::Words,
};

/// Tasks run on threads with this name. A panic there ends the wizard like one on the main thread.
pub(super) const TASK_THREAD: &str = "task";

/// Nothing is set.
const OUTSIDE: u8 = 0;
/// The wizard owns the whole screen.
const FULL: u8 = 1;
/// The plain view: the normal screen, but keys still arrive one by one.
const PLAIN: u8 = 2;

/// The terminal reports mouse events.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// Whether the window has a title and progress, as bits. Reset together with the modes.
static SIGNS: AtomicU8 = AtomicU8::new(0);
const TITLE: u8 = 1;
const PROGRESS: u8 = 2;
/// Plain mode: keys arrive one by one without echo; everything else is unchanged.
pub(super) const LINES: u8 = 3;

/// The current modes. A static, because signals and panics may occur anywhere.
pub(super) static MODES: AtomicU8 = AtomicU8::new(OUTSIDE);

/// Why the wizard cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Standard input or standard output is a file or a pipe.
    #[error("standard input or standard output is not a terminal")]
    NotATerminal,
    /// They pass for a terminal but deliver no keys.
    #[error("the window gives the program no keys")]
    NoKeys,
    /// The system refused to set a mode.
    #[error("the terminal refuses: {0}")]
    Refused(#[from] io::Error),
}

/// Whether lines are typed, not piped in.
pub(super) fn is_typed_at() -> bool {
    io::stdin().is_terminal()
}

/// Whether a wizard can be shown and keys can be read.
///
/// # Errors
/// The reason why not.
pub fn check() -> Result<(), OpenError> {
    match console::standard() {
        Standard::Terminal => Ok(()),
        Standard::Pretended => Err(OpenError::NoKeys),
        Standard::Other => Err(OpenError::NotATerminal),
    }
}

/// The terminal while the wizard owns it. Dropping it restores the terminal.
#[derive(Debug)]
pub struct Screen {
    /// Never dropped: ratatui's destructor prints, and panics if the terminal is gone.
    terminal: ManuallyDrop<Terminal<DeltaBackend<FrameWriter>>>,
    /// While set, flushing waits, so that a frame is one write.
    drawing: Rc<Cell<bool>>,
    words: Words,
    signs: Signs,
    /// The mouse is enabled.
    mouse: bool,
    /// The window's title and progress.
    said: Option<Window>,
}

impl Screen {
    /// Takes over the terminal.
    ///
    /// # Errors
    ///
    /// If there is no terminal, or setting a mode fails; the terminal is then restored.
    pub fn open(words: Words, signs: Signs) -> Result<Self, OpenError> {
        check()?;
        // The theme decides about colours. Under NO_COLOR, crossterm would turn each colour into a bare reset, which
        // clears the reverse video of the selected row.
        style::force_color_output(true);
        install_panic_hook();
        let drawing = Rc::new(Cell::new(false));
        let writer = FrameWriter { buffer: Vec::with_capacity(16 * 1024), drawing: Rc::clone(&drawing) };
        let terminal = Terminal::new(DeltaBackend::new(writer))?;
        let screen = Self { terminal: ManuallyDrop::new(terminal), drawing, words, signs, mouse: false, said: None };
        enter()?;
        Ok(screen)
    }

    /// Makes the next frame draw every cell. `Terminal::clear` would query the cursor position.
    fn forget_picture(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from(size))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore_all();
    }
}

impl Surface for Screen {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if MODES.load(Ordering::SeqCst) != FULL {
            return Ok(());
        }
        self.drawing.set(true);
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(paint).map(|_| ());
        self.drawing.set(false);
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        drawn.and(Write::flush(self.terminal.backend_mut()))
    }

    fn fits(&mut self) -> io::Result<bool> {
        Ok(self.terminal.size()? == self.terminal.current_buffer_mut().area.as_size())
    }

    fn redraw(&mut self) -> io::Result<()> {
        self.forget_picture()
    }

    fn show_plain(&mut self, text: &str) -> io::Result<()> {
        // Only from the full screen: the modes may already have been reset.
        if MODES.compare_exchange(FULL, PLAIN, Ordering::SeqCst, Ordering::SeqCst).is_err() {
            return Ok(());
        }
        let mut out = leave_mouse();
        out.extend(commands(|out| queue!(out, style::ResetColor, LeaveAlternateScreen, cursor::Show)));
        out.extend_from_slice(plain_lines(text, self.words).as_bytes());
        write_all(&out)
    }

    fn hide_plain(&mut self) -> io::Result<()> {
        if MODES.compare_exchange(PLAIN, FULL, Ordering::SeqCst, Ordering::SeqCst).is_err() {
            return Ok(());
        }
        write_all(&enter_sequence())?;
        self.take_mouse()?;
        self.forget_picture()
    }

    fn send(&mut self, sequence: &str) -> io::Result<bool> {
        if MODES.load(Ordering::SeqCst) == OUTSIDE {
            return Ok(false);
        }
        write_all(sequence.as_bytes()).map(|()| true)
    }

    fn announce(&mut self, window: Window) -> io::Result<()> {
        if MODES.load(Ordering::SeqCst) == OUTSIDE || self.said.as_ref() == Some(&window) {
            return Ok(());
        }
        let sequence = self.signs.sequence(self.said.as_ref(), &window);
        self.said = Some(window);
        if sequence.is_empty() {
            return Ok(());
        }
        let bits = if self.signs.title { TITLE } else { 0 } | if self.signs.progress { PROGRESS } else { 0 };
        let begun = SIGNS.swap(bits, Ordering::SeqCst) != 0;
        let begin = if begun { "" } else { self.signs.begin() };
        write_all(format!("{begin}{sequence}").as_bytes())
    }

    fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on { self.take_mouse() } else { write_all(&leave_mouse()) }
    }

    fn suspend(&mut self) -> io::Result<()> {
        #[cfg(unix)]
        {
            let plain = MODES.load(Ordering::SeqCst) == PLAIN;
            if stop()? {
                self.take_back(plain)?;
            }
        }
        Ok(())
    }

    fn resumed(&mut self) -> io::Result<()> {
        let plain = match MODES.load(Ordering::SeqCst) {
            OUTSIDE => return Ok(()),
            modes => modes == PLAIN,
        };
        // A program that ran in the meantime may have changed the modes.
        if !line_settings::is_quiet() {
            let _ = disable_raw_mode();
        }
        self.take_back(plain)
    }
}

/// Restores the terminal and stops the process until it is continued. Returns false if nothing could continue it.
#[cfg(unix)]
pub(super) fn stop() -> io::Result<bool> {
    use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
    // The session leader's process group has no parent shell that could ever continue it.
    if getsid(None)? == getpgrp() {
        return Ok(false);
    }
    restore_all();
    // The whole group, so that a wrapper such as `cargo run` stops too. The signal reaches this thread before the call
    // returns, because it is the main thread.
    kill_current_process_group(Signal::STOP)?;
    Ok(true)
}

impl Screen {
    /// Captures the mouse, if it is enabled and the wizard owns the whole screen.
    fn take_mouse(&self) -> io::Result<()> {
        if !self.mouse || MODES.load(Ordering::SeqCst) != FULL {
            return Ok(());
        }
        MOUSE.store(true, Ordering::SeqCst);
        write_all(&mouse_sequence(true))
    }

    /// Sets the modes again after a pause.
    fn take_back(&mut self, plain: bool) -> io::Result<()> {
        self.said = None;
        if plain {
            enable_raw_mode()?;
            MODES.store(PLAIN, Ordering::SeqCst);
            return write_all(&commands(|out| queue!(out, EnableBracketedPaste, EnableFocusChange)));
        }
        enter()?;
        self.take_mouse()?;
        self.forget_picture()
    }
}

/// Restores the terminal: all modes off, the cursor visible, unread input discarded.
///
/// Unread input is the rest of a paste that ended the wizard. The shell must not run it.
pub fn restore_all() {
    let modes = MODES.swap(OUTSIDE, Ordering::SeqCst);
    if modes == OUTSIDE {
        return;
    }
    if modes == LINES {
        #[cfg(windows)]
        discard_input();
        line_settings::restore();
        return;
    }
    // Raw mode first, since it needs nothing from the terminal and a write may block. Errors can no longer be shown.
    #[cfg(unix)]
    let _ = rustix::termios::tcflush(rustix::stdio::stdin(), rustix::termios::QueueSelector::IFlush);
    #[cfg(windows)]
    discard_input();
    let _ = disable_raw_mode();
    let mut out = leave_mouse();
    out.extend(leave_sequence(modes == FULL));
    let signs = SIGNS.swap(0, Ordering::SeqCst);
    let signs = Signs { title: signs & TITLE != 0, progress: signs & PROGRESS != 0 };
    out.extend_from_slice(signs.end().as_bytes());
    let _ = write_all(&out);
}

/// Discards unread input. The thread that reads keys may read one more event ([`is_over`]), and reading blocks if there
/// is none, so the last one is kept.
#[cfg(windows)]
fn discard_input() {
    use crossterm_winapi::{Console, Handle, HandleType};

    let Ok(console) = Handle::new(HandleType::CurrentInputHandle).map(Console::from) else { return };
    while console.number_of_console_input_events().is_ok_and(|count| count > 1) {
        if console.read_console_input().is_err() {
            return;
        }
    }
}

/// Whether the terminal has been restored, after which no more keys are read.
pub(super) fn is_over() -> bool {
    cfg!(windows) && MODES.load(Ordering::SeqCst) == OUTSIDE
}

/// Sets the modes of the full screen.
fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    MODES.store(FULL, Ordering::SeqCst);
    write_all(&enter_sequence()).inspect_err(|_| restore_all())
}

fn enter_sequence() -> Vec<u8> {
    commands(|out| {
        queue!(out, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, cursor::Hide, Clear(ClearType::All))
    })
}

/// The alternate screen is cleared before leaving it, because some terminals keep its content.
fn leave_sequence(full: bool) -> Vec<u8> {
    commands(|out| {
        queue!(out, EndSynchronizedUpdate, style::SetAttribute(style::Attribute::Reset))?;
        if full {
            queue!(out, Clear(ClearType::All), LeaveAlternateScreen)?;
        }
        queue!(out, DisableBracketedPaste, cursor::Show, DisableFocusChange)
    })
}

/// The sequence that releases the mouse, if the wizard has captured it.
fn leave_mouse() -> Vec<u8> {
    if MOUSE.swap(false, Ordering::SeqCst) { mouse_sequence(false) } else { Vec::new() }
}

/// Clicks and the wheel with their positions, but no movement: that would be an event for each cell.
#[cfg(unix)]
fn mouse_sequence(on: bool) -> Vec<u8> {
    if on { b"\x1b[?1000h\x1b[?1006h".to_vec() } else { b"\x1b[?1006l\x1b[?1000l".to_vec() }
}

/// The Windows console has a separate mode, which the command sets.
#[cfg(not(unix))]
fn mouse_sequence(on: bool) -> Vec<u8> {
    use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
    commands(|out| if on { queue!(out, EnableMouseCapture) } else { queue!(out, DisableMouseCapture) })
}

/// The bytes of some commands. Writing to memory cannot fail.
fn commands(queue: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<u8> {
    let mut out = Vec::new();
    let _ = queue(&mut out);
    out
}

/// The plain view as printed. In raw mode a line feed does not return to the first column.
fn plain_lines(text: &str, words: Words) -> String {
    let mut out = String::from("\r\n");
    for line in text.lines() {
        out.extend(line.chars().filter(|c| !c.is_control()));
        out.push_str("\r\n");
    }
    out.push_str(&format!("\r\n{}\r\n", words.runtime().plain_hint()));
    out
}

/// Collects a frame and writes it at once.
#[derive(Debug)]
struct FrameWriter {
    buffer: Vec<u8>,
    drawing: Rc<Cell<bool>>,
}

impl Write for FrameWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.drawing.get() || self.buffer.is_empty() {
            return Ok(());
        }
        let written = write_all(&self.buffer);
        self.buffer.clear();
        written
    }
}

/// Writes to the terminal without the lock of `std::io::stdout`, which a blocked write may hold forever.
#[cfg(unix)]
pub(super) fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    use rustix::{
        event::{PollFd, PollFlags, poll},
        io::Errno,
    };
    let out = rustix::stdio::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(out, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            // Another program that shares the terminal has made it non-blocking.
            Err(Errno::AGAIN) => drop(poll(&mut [PollFd::new(&out, PollFlags::OUT)], None)?),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn write_all(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout();
    Write::write_all(&mut out, bytes)?;
    out.flush()
}

/// Restores the terminal and prints where the program failed: version and location, never values.
///
/// Panics on other threads (the clipboard's, the practice tenant's) print nothing: the screen stays, and the code that
/// waits for the thread shows the failure there. The same applies to a panic that becomes the result of a test.
pub(super) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        let ends_the_wizard = matches!(std::thread::current().name(), Some("main" | TASK_THREAD));
        if !ends_the_wizard || panic_is_a_result() {
            return;
        }
        restore_all();
        crash::report(info.location());
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_turns_off_every_mode_that_entering_turned_on() {
        let on = String::from_utf8(enter_sequence()).unwrap();
        let off = String::from_utf8(leave_sequence(true)).unwrap();
        for mode in ["?1049", "?2004", "?1004"] {
            assert!(on.contains(&format!("\x1b[{mode}h")), "{on:?}");
            assert!(off.contains(&format!("\x1b[{mode}l")), "{off:?}");
        }
        assert!(on.contains("\x1b[?25l") && off.contains("\x1b[?25h"));
        assert!(off.find("\x1b[2J") < off.find("\x1b[?1049l"));
    }

    #[test]
    fn leaving_the_plain_view_does_not_leave_the_alternate_screen_a_second_time() {
        assert!(!String::from_utf8(leave_sequence(false)).unwrap().contains("?1049l"));
    }

    #[test]
    fn plain_text_goes_back_to_the_left_and_carries_no_escape_sequence() {
        let text = plain_lines("a\u{1b}[31m\tb\n{\n", Words::default());
        assert!(text.starts_with("\r\na[31mb\r\n{\r\n"), "{text:?}");
        assert!(!text.contains('\u{1b}') && !text.replace("\r\n", "").contains('\n'));
    }
}
