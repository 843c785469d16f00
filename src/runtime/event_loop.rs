//! The loop: take messages, change the app, draw once.
//!
//! Nothing here ticks. While nothing happens and nothing moves, the loop sleeps until a message comes.

use std::{collections::VecDeque, io, iter::once, time::Duration};

use ratatui::Frame;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, sleep_until, timeout},
};

use super::{
    clock::Clock,
    signals::{Control, acknowledge_end},
};
use crate::{
    app::{self, App},
    model::{Effect, Exit, Msg, coalesce::coalesce, msg::CopyOutcome},
    ui::Theme,
};

/// From so many messages on, the batch may be the head of a burst, whose rest is waited for.
const HEAD: usize = 4;

/// A burst is over when nothing came for so long.
const QUIET: Duration = Duration::from_millis(10);

/// A burst is cut off here. More than the largest key that is read has characters.
const BURST_LIMIT: usize = 300 * 1024;

/// The shortest pause between two frames that nobody asked for.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// Where the picture is drawn.
pub trait Stage {
    /// Draws a frame, unless the screen is not ours at the moment.
    ///
    /// # Errors
    /// Where the terminal takes no bytes.
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;

    /// Forgets what stands on the screen, so that the next frame draws all of it.
    ///
    /// # Errors
    /// Where the terminal takes no bytes.
    fn redraw(&mut self) -> io::Result<()>;

    /// Prints text on the normal screen, until [`Stage::hide_plain`].
    ///
    /// # Errors
    /// Where the terminal takes no bytes.
    fn show_plain(&mut self, text: &str) -> io::Result<()>;

    /// Comes back from there.
    ///
    /// # Errors
    /// Where the terminal takes no bytes.
    fn hide_plain(&mut self) -> io::Result<()>;

    /// Writes a sequence that is no part of a picture. False where the screen is not ours at the moment.
    ///
    /// # Errors
    /// Where the terminal takes no bytes.
    fn send(&mut self, sequence: &str) -> io::Result<bool>;

    /// Gives the terminal back, stops the process, and takes the terminal again when it is continued.
    ///
    /// # Errors
    /// Where the terminal takes no bytes.
    fn suspend(&mut self) -> io::Result<()>;

    /// The process was stopped and continued by somebody else: takes the terminal again.
    ///
    /// # Errors
    /// Where the terminal takes no bytes.
    fn resumed(&mut self) -> io::Result<()>;
}

/// Whoever does what the app asks for, apart from the screen.
pub trait Perform {
    /// Called once, after the first frame.
    ///
    /// # Errors
    /// Where the system has no threads.
    fn started(&mut self) -> io::Result<()>;

    /// Begins to do it. Answers come as messages.
    ///
    /// # Errors
    /// Where the system has no threads.
    fn perform(&mut self, effect: Effect) -> io::Result<()>;

    /// The process is about to be stopped, and what runs on a clock with it.
    fn pause(&mut self) {}

    /// Returns when a task is over, and panics where the task did. Never returns while there is none. May be dropped
    /// and called again at any time.
    fn supervise(&mut self) -> impl Future<Output = ()>;

    /// Starts a task that panics, for the tests of what happens then.
    #[cfg(debug_assertions)]
    fn start_panicking_task(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The app asked for it.
    Exit(Exit),
    /// A signal of this number did.
    Signal(i32),
}

/// What the loop reads. One inbox for all messages: keys, answers of tests, answers of the clipboard.
#[derive(Debug)]
pub struct Inbox {
    messages: UnboundedReceiver<Vec<Msg>>,
    control: UnboundedReceiver<Control>,
    /// What came in the middle of a burst, and waits for its end.
    held: Option<Control>,
}

impl Inbox {
    /// An inbox with its two slots.
    pub fn new() -> (Self, UnboundedSender<Vec<Msg>>, UnboundedSender<Control>) {
        let (message_slot, messages) = unbounded_channel();
        let (control_slot, control) = unbounded_channel();
        (Self { messages, control, held: None }, message_slot, control_slot)
    }

    /// Waits until there is something to do: messages, time for a frame (no messages), a control, or a finished task.
    async fn next(&mut self, wake: Option<Instant>, performer: &mut impl Perform) -> io::Result<Wake> {
        if let Some(control) = self.held.take() {
            return Ok(Wake::Control(control));
        }
        let mut parcels = Vec::new();
        tokio::select! {
            biased;
            control = self.control.recv() => return control.map(Wake::Control).ok_or_else(closed),
            () = performer.supervise() => return Ok(Wake::TaskDone),
            count = self.messages.recv_many(&mut parcels, 64) => if count == 0 { return Err(closed()) },
            () = sleep_till(wake) => return Ok(Wake::Batch(Vec::new())),
        }
        let mut batch: Vec<Msg> = parcels.drain(..).flatten().collect();
        while (HEAD..BURST_LIMIT).contains(&batch.len()) {
            tokio::select! {
                biased;
                control = self.control.recv() => match control.ok_or_else(closed)? {
                    control @ (Control::End(_) | Control::InputLost(_)) => return Ok(Wake::Control(control)),
                    control => {
                        self.held = Some(control);
                        break;
                    }
                },
                more = timeout(QUIET, self.messages.recv()) => match more {
                    Ok(Some(parcel)) => batch.extend(parcel),
                    Ok(None) | Err(_) => break,
                },
            }
        }
        Ok(Wake::Batch(coalesce(batch)))
    }
}

/// Why the loop goes round.
enum Wake {
    Batch(Vec<Msg>),
    Control(Control),
    TaskDone,
}

/// Cannot happen while the one who runs the loop holds the slots.
fn closed() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "nobody sends messages any more")
}

async fn sleep_till(wake: Option<Instant>) {
    match wake {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Runs the app until it asks to end or a signal does.
///
/// # Errors
/// Where keys can no longer be read, or the terminal takes no bytes.
pub async fn run(
    app: &mut App,
    theme: &Theme,
    stage: &mut impl Stage,
    performer: &mut impl Perform,
    inbox: &mut Inbox,
    clock: Clock,
) -> io::Result<End> {
    let mut batch = Vec::new();
    let mut first = true;
    loop {
        let mut messages: VecDeque<Msg> = once(Msg::Tick(clock.now())).chain(batch).collect();
        while let Some(msg) = messages.pop_front() {
            #[cfg(debug_assertions)]
            super::provoke::panic_if_asked(&msg, performer)?;
            for effect in app::update(app, msg) {
                match effect {
                    Effect::Quit(exit) => return Ok(End::Exit(exit)),
                    Effect::Redraw => stage.redraw()?,
                    Effect::ShowPlain(text) => stage.show_plain(&text)?,
                    Effect::HidePlain => stage.hide_plain()?,
                    Effect::Suspend => {
                        performer.pause();
                        stage.suspend()?;
                    }
                    Effect::CopyByTerminal { what, sequence } => {
                        let outcome = match stage.send(&sequence)? {
                            true => CopyOutcome::Sent,
                            false => CopyOutcome::Failed("The wizard does not have the terminal.".to_owned()),
                        };
                        messages.push_back(Msg::Copied(what, outcome));
                    }
                    effect => performer.perform(effect)?,
                }
            }
        }
        if !app.shows_plain() {
            stage.draw(|frame| app::view(app, theme, frame))?;
        }
        if std::mem::take(&mut first) {
            performer.started()?;
        }
        let pause = app.wake_after().filter(|_| !app.shows_plain());
        let wake = pause.map(|pause| Instant::now() + pause.max(SHORTEST_PAUSE));
        batch = loop {
            match inbox.next(wake, performer).await? {
                Wake::Batch(batch) => break batch,
                Wake::TaskDone => {}
                Wake::Control(Control::End(signal)) => {
                    acknowledge_end();
                    return Ok(End::Signal(signal));
                }
                Wake::Control(Control::InputLost(error)) => return Err(error),
                Wake::Control(Control::Suspend) => {
                    performer.pause();
                    stage.suspend()?;
                    break Vec::new();
                }
                Wake::Control(Control::Continued) => {
                    stage.resumed()?;
                    break Vec::new();
                }
            }
        };
    }
}
