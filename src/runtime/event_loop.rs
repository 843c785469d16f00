//! The loop: take messages, change the app, draw once.
//!
//! There is no ticking. While nothing happens and nothing is animated, the loop sleeps until a message arrives.

use std::{collections::VecDeque, io, iter::once, time::Duration};

use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, sleep_until, timeout},
};

use super::{
    background,
    clock::Clock,
    signals::{Control, mark_ending},
    surface::Surface,
};
use crate::{
    app::{self, App},
    domain::theme::ThemeChoice,
    model::{
        Effect, Exit, Msg,
        coalesce::{coalesce, size},
        msg::CopyOutcome,
    },
    platform::env::Background,
    ui::{Theme, hits::Hits},
};

/// From this many messages or characters on, the batch may be the start of a burst, and the loop waits for the rest.
const HEAD: usize = 4;

/// A burst has ended when nothing has arrived for this long.
const QUIET: Duration = Duration::from_millis(10);

/// Maximum length of a burst in characters. The largest accepted key is shorter.
const BURST_LIMIT: usize = 300 * 1024;

/// The shortest pause between two frames without input.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// Rings, and shows nothing.
pub(super) const BELL: &str = "\x07";

/// Runs effects other than terminal output.
pub trait EffectHandler {
    /// Called once, after the first frame.
    ///
    /// # Errors
    /// If no thread can be started.
    fn started(&mut self) -> io::Result<()>;

    /// Starts an effect. Answers come as messages.
    ///
    /// # Errors
    /// If no thread can be started.
    fn perform(&mut self, effect: Effect) -> io::Result<()>;

    /// The process is about to be stopped along with its timers.
    fn pause(&mut self) {}

    /// Returns when a task has finished, and panics if the task did. Never returns while there are no tasks. May be
    /// dropped and called again at any time.
    fn supervise(&mut self) -> impl Future<Output = ()>;

    /// Whether text was copied to the system clipboard, which on Linux is lost when the program ends.
    fn has_copied(&self) -> bool {
        false
    }
}

/// Why the loop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The app asked for it.
    Exit(Exit),
    /// A signal with this number.
    Signal(i32),
}

/// The loop's inbox for all messages: keys, test events, clipboard answers.
#[derive(Debug)]
pub struct Inbox {
    messages: UnboundedReceiver<Vec<Msg>>,
    control: UnboundedReceiver<Control>,
    /// Arrived in the middle of a burst and waits for its end.
    held: Option<Control>,
}

impl Inbox {
    /// An inbox for these messages, with its slot for controls.
    pub fn new(messages: UnboundedReceiver<Vec<Msg>>) -> (Self, UnboundedSender<Control>) {
        let (control_slot, control) = unbounded_channel();
        (Self { messages, control, held: None }, control_slot)
    }

    /// Waits until there is something to do: messages, time for a frame (no messages), a control, or a finished task.
    async fn next(&mut self, wake: Option<Instant>, effects: &mut impl EffectHandler) -> io::Result<Wake> {
        if let Some(control) = self.held.take() {
            return Ok(Wake::Control(control));
        }
        let mut parcels = Vec::new();
        tokio::select! {
            biased;
            control = self.control.recv() => return control.map(Wake::Control).ok_or_else(closed),
            () = effects.supervise() => return Ok(Wake::TaskDone),
            count = self.messages.recv_many(&mut parcels, 64) => if count == 0 { return Err(closed()) },
            () = sleep_till(wake) => return Ok(Wake::Batch(Vec::new())),
        }
        let mut batch: Vec<Msg> = parcels.drain(..).flatten().collect();
        let mut length = size(&batch);
        while (HEAD..BURST_LIMIT).contains(&length) {
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
                    Ok(Some(parcel)) => {
                        length += size(&parcel);
                        batch.extend(parcel);
                    }
                    Ok(None) | Err(_) => break,
                },
            }
        }
        Ok(Wake::Batch(coalesce(batch)))
    }
}

/// What ended the wait.
enum Wake {
    Batch(Vec<Msg>),
    Control(Control),
    TaskDone,
}

/// Cannot happen while the loop's caller holds the senders.
fn closed() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "nobody sends messages any more")
}

async fn sleep_till(wake: Option<Instant>) {
    match wake {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// How frames are drawn.
pub struct Appearance<'a> {
    /// The theme for a choice on a background, if known.
    pub theme: &'a dyn Fn(ThemeChoice, Option<Background>) -> Theme,
    /// The terminal's background, as far as it is known.
    pub background: Option<Background>,
    /// Whether the terminal is asked for its background.
    pub asks: bool,
}

/// Runs the app until it asks to end or a signal does.
///
/// # Errors
///
/// If keys can no longer be read, or writing to the terminal fails.
pub async fn run(
    app: &mut App,
    appearance: Appearance<'_>,
    surface: &mut impl Surface,
    effects: &mut impl EffectHandler,
    inbox: &mut Inbox,
    clock: Clock,
) -> io::Result<End> {
    let mut batch = Vec::new();
    let mut first = true;
    let mut drawn_with = (app.theme(), appearance.background);
    let mut theme = (appearance.theme)(drawn_with.0, drawn_with.1);
    let mut background = appearance.background;
    loop {
        let mut is_stale = first || is_news(app, &batch, surface)?;
        if let Some(exit) = update(app, batch, &theme.hits, surface, effects, clock)? {
            return Ok(End::Exit(exit));
        }
        if drawn_with != (app.theme(), background) {
            drawn_with = (app.theme(), background);
            theme = (appearance.theme)(app.theme(), background);
            is_stale = true;
        }
        if is_stale && !app.shows_plain() {
            surface.draw(|frame| app::view(app, &theme, frame))?;
        }
        surface.announce(app.window())?;
        if std::mem::take(&mut first) {
            if appearance.asks {
                surface.send(background::QUESTION)?;
            }
            effects.started()?;
            if app.has_mouse() {
                surface.mouse(true)?;
            }
        }
        let pause = app.wake_after().filter(|_| !app.shows_plain());
        let wake = pause.map(|pause| Instant::now() + pause.max(SHORTEST_PAUSE));
        batch = loop {
            match inbox.next(wake, effects).await? {
                Wake::Batch(batch) => break batch,
                Wake::TaskDone => {}
                Wake::Control(Control::End(signal)) => {
                    mark_ending();
                    return Ok(End::Signal(signal));
                }
                Wake::Control(Control::InputLost(error)) => return Err(error),
                Wake::Control(Control::Background(answer)) => {
                    background = Some(answer);
                    break Vec::new();
                }
                Wake::Control(Control::Suspend) => {
                    effects.pause();
                    surface.suspend()?;
                    break Vec::new();
                }
                Wake::Control(Control::Continued) => {
                    surface.resumed()?;
                    break Vec::new();
                }
            }
        };
    }
}

/// Whether the frame has to be redrawn. Most messages at startup change nothing: there are no saved systems, and the
/// terminal has the same size.
fn is_news(app: &App, batch: &[Msg], surface: &mut impl Surface) -> io::Result<bool> {
    // Time for a frame, or an animation.
    if batch.is_empty() || app.wake_after().is_some() {
        return Ok(true);
    }
    for msg in batch {
        let is_news = match msg {
            Msg::Resize => !surface.fits()?,
            msg => app.is_news(msg),
        };
        if is_news {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Processes messages and starts their effects. Returns how the app ended, if it did.
pub(super) fn update(
    app: &mut App,
    batch: Vec<Msg>,
    hits: &Hits,
    surface: &mut impl Surface,
    effects: &mut impl EffectHandler,
    clock: Clock,
) -> io::Result<Option<Exit>> {
    let mut messages: VecDeque<Msg> = once(Msg::Tick(clock.now())).chain(batch).collect();
    while let Some(msg) = messages.pop_front() {
        let caused = match msg {
            Msg::Press(press) => app::press(app, press, hits),
            msg => app::update(app, msg),
        };
        for effect in caused {
            match effect {
                Effect::Quit(exit) => return Ok(Some(exit)),
                Effect::Mouse(on) => surface.mouse(on)?,
                Effect::Redraw => surface.redraw()?,
                Effect::Bell => drop(surface.send(BELL)?),
                Effect::ShowPlain(text) => surface.show_plain(&text)?,
                Effect::HidePlain => surface.hide_plain()?,
                Effect::Suspend => {
                    effects.pause();
                    surface.suspend()?;
                }
                Effect::CopyByTerminal { what, sequence } => {
                    let outcome = match surface.send(&sequence)? {
                        true => CopyOutcome::Sent,
                        false => CopyOutcome::Failed(app.session().content.words.runtime().no_screen().to_owned()),
                    };
                    messages.push_back(Msg::Copied(what, outcome));
                }
                effect => effects.perform(effect)?,
            }
        }
    }
    Ok(None)
}
