//! The I/O of plain mode: lines come from a terminal or a pipe, sentences are printed. `plain` decides what is printed
//! and what a line means.

mod reader;
mod stage;

use std::{io, time::Duration};

use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::{Instant, sleep_until},
};

use self::{reader::Reader, stage::Stage};
use super::{
    clock::Clock,
    event_loop::{self, EffectHandler, End},
    lines,
    signals::{self, Control, mark_ending},
    surface::Surface as _,
    terminal,
};
use crate::{
    app::App,
    keymap::Action,
    model::{Copyable, Effect, Exit, Msg, msg::CopyOutcome},
    plain::{Heard, Line, Talk, Typed},
    ui::hits::Hits,
};

/// How long an answer may take before a terminal shows the next prompt.
const PATIENCE: Duration = Duration::from_millis(700);

/// The list of saved systems, and the saved progress.
const ANSWERS_AT_START: usize = 2;

/// How often the time is checked while waiting.
const LOOK: Duration = Duration::from_millis(500);

/// How output looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Tones are coloured.
    pub colour: bool,
    /// ASCII only.
    pub ascii: bool,
}

/// Runs the app until it or a signal asks to end, or input ends.
///
/// # Errors
/// If lines can no longer be read, or nothing can be printed.
pub async fn run(
    app: &mut App,
    look: Look,
    effects: &mut impl EffectHandler,
    messages: UnboundedReceiver<Vec<Msg>>,
    clock: Clock,
) -> io::Result<End> {
    let words = app.session().content.words;
    terminal::install_panic_hook();
    let by_hand = terminal::is_typed_at();
    let (control_slot, control) = unbounded_channel();
    signals::watch(&control_slot, by_hand)?;
    let _held = if by_hand { Some(lines::open()?) } else { None };
    let reader = Reader::start(by_hand, control_slot)?;
    let mut wires = Wires { messages, control };
    let mut loop_ = Loop {
        app,
        talk: Talk::new(words),
        stage: Stage::new(look, words),
        effects: Awaited { inner: effects, open: ANSWERS_AT_START, copied: None },
        reader,
        by_hand,
        clock,
        asked_at: Instant::now(),
    };
    loop_.stage.say(&[Line::new(words.plain().welcome())])?;
    let end = loop_.run(&mut wires).await;
    loop_.stage.leave_line()?;
    end
}

/// Where answers and signals come from.
struct Wires {
    messages: UnboundedReceiver<Vec<Msg>>,
    control: UnboundedReceiver<Control>,
}

/// Counts pending answers that do not belong to a job.
struct Awaited<'a, E> {
    inner: &'a mut E,
    open: usize,
    /// The last copied text, to be printed if no clipboard method works.
    copied: Option<String>,
}

impl<E: EffectHandler> EffectHandler for Awaited<'_, E> {
    fn started(&mut self) -> io::Result<()> {
        self.inner.started()
    }

    fn perform(&mut self, effect: Effect) -> io::Result<()> {
        self.open += match effect {
            Effect::Copy { .. } => 1,
            // Its keys, and the saved progress there.
            Effect::StartPractice => 2,
            _ => 0,
        };
        if let Effect::Copy { text: Copyable::Public(text), .. } = &effect {
            self.copied = Some(text.clone());
        }
        self.inner.perform(effect)
    }

    fn pause(&mut self) {
        self.inner.pause();
    }

    async fn supervise(&mut self) {
        self.inner.supervise().await;
    }
}

struct Loop<'a, E> {
    app: &'a mut App,
    talk: Talk,
    stage: Stage,
    effects: Awaited<'a, E>,
    reader: Reader,
    /// Lines are typed, not read from a pipe.
    by_hand: bool,
    clock: Clock,
    /// When the last line arrived.
    asked_at: Instant,
}

impl<E: EffectHandler> Loop<'_, E> {
    async fn run(&mut self, wires: &mut Wires) -> io::Result<End> {
        if let Some(exit) = self.take(Vec::new(), false)? {
            return Ok(End::Exit(exit));
        }
        // The keys of the practice tenant, if used.
        self.effects.open += usize::from(self.app.session().around.practice);
        self.effects.started()?;
        loop {
            self.ask()?;
            let wake = self.wake();
            tokio::select! {
                biased;
                control = wires.control.recv() => match control.ok_or(io::ErrorKind::BrokenPipe)? {
                    Control::End(signal) => {
                        mark_ending();
                        return Ok(End::Signal(signal));
                    }
                    Control::InputLost(error) => return Err(error),
                    // Never queried, because that takes an escape sequence.
                    Control::Background(_) => {}
                    Control::Suspend => self.suspend()?,
                    Control::Continued => lines::resume()?,
                },
                () = self.effects.supervise() => {}
                messages = wires.messages.recv() => {
                    let batch = messages.ok_or(io::ErrorKind::BrokenPipe)?;
                    if let Some(exit) = self.answered(batch)? {
                        return Ok(End::Exit(exit));
                    }
                }
                typed = self.reader.next() => {
                    if let Some(exit) = self.typed(typed)? {
                        return Ok(End::Exit(exit));
                    }
                }
                () = sleep(wake) => {
                    if let Some(exit) = self.take(Vec::new(), false)? {
                        return Ok(End::Exit(exit));
                    }
                }
            }
        }
    }

    /// Whether nothing is pending.
    fn is_settled(&self) -> bool {
        self.effects.open == 0 && self.app.session().jobs.is_idle()
    }

    /// Requests the next line. From a pipe it is read only once all answers to the previous one have arrived, because
    /// its meaning may depend on them. A user may type at any time and is prompted when nothing is pending, or when it
    /// takes long.
    fn ask(&mut self) -> io::Result<()> {
        let is_settled = self.is_settled();
        if self.by_hand || is_settled {
            self.reader.read(self.talk.echo(self.app));
        }
        let is_long = self.asked_at.elapsed() >= PATIENCE && !self.app.session().jobs.are_testing();
        if is_settled || (self.by_hand && is_long) {
            let prompt = self.talk.prompt(self.app);
            self.reader.with_line(|typed| self.stage.prompt(&prompt, typed))?;
        }
        Ok(())
    }

    fn wake(&self) -> Option<Instant> {
        let asks =
            (!self.stage.has_prompted() && self.by_hand && !self.app.session().jobs.are_testing()).then_some(PATIENCE);
        let waits = self.app.session().jobs.are_testing().then_some(LOOK);
        let moves = self.app.wake_after().map(|pause| pause.max(LOOK));
        [asks, waits, moves].into_iter().flatten().min().map(|pause| Instant::now() + pause)
    }

    /// Handles answers. Text that could not be copied is printed.
    fn answered(&mut self, batch: Vec<Msg>) -> io::Result<Option<Exit>> {
        let words = self.app.session().content.words.plain();
        let mut copies = false;
        let mut messages = Vec::with_capacity(batch.len());
        for msg in batch {
            let msg = match msg {
                Msg::CopyByTerminal(what, _) => {
                    Msg::Copied(what, CopyOutcome::Failed(words.no_terminal_clipboard().to_owned()))
                }
                msg => msg,
            };
            copies |= matches!(msg, Msg::Copied(_, CopyOutcome::Failed(_)));
            let is_awaited = matches!(msg, Msg::Copied(..) | Msg::Systems(_) | Msg::Practice(_) | Msg::Progress(_));
            self.effects.open = self.effects.open.saturating_sub(usize::from(is_awaited));
            messages.push(msg);
        }
        let exit = self.take(messages, false)?;
        match self.effects.copied.take_if(|_| copies) {
            Some(text) if exit.is_none() => self.stage.show_plain(&text)?,
            _ => {}
        }
        Ok(exit)
    }

    /// Passes messages to the app and prints what is new.
    fn take(&mut self, batch: Vec<Msg>, after_line: bool) -> io::Result<Option<Exit>> {
        let exit =
            event_loop::update(self.app, batch, &Hits::default(), &mut self.stage, &mut self.effects, self.clock)?;
        let lines = self.talk.tell(self.app, after_line);
        // An overlay at the end is the question that was just answered.
        if exit.is_none() {
            self.stage.say(&lines)?;
        }
        if exit.is_none() && self.talk.is_reading(self.app) {
            return self.take(self.talk.press(Action::Cancel, self.app), false);
        }
        Ok(exit)
    }

    fn typed(&mut self, typed: Typed) -> io::Result<Option<Exit>> {
        self.asked_at = Instant::now();
        match typed {
            Typed::Line { text, hidden } => self.line(&text, hidden),
            Typed::Escape => self.take(self.talk.press(Action::Cancel, self.app), true),
            Typed::Interrupt => self.take(self.talk.press(Action::Interrupt, self.app), true),
            Typed::Again => self.again(),
            Typed::Suspend => {
                self.suspend()?;
                self.again()
            }
            Typed::End => self.end(),
        }
    }

    fn again(&mut self) -> io::Result<Option<Exit>> {
        let lines = self.talk.repeat(self.app);
        self.stage.say(&lines)?;
        Ok(None)
    }

    fn line(&mut self, line: &str, hidden: bool) -> io::Result<Option<Exit>> {
        self.stage.typed(line, hidden, self.talk.echo(self.app), self.by_hand)?;
        match self.talk.hear(line, self.app) {
            Heard::Do(messages) => {
                if let Some(exit) = self.take(messages, true)? {
                    return Ok(Some(exit));
                }
                match self.talk.go_on(self.app) {
                    next if next.is_empty() => Ok(None),
                    next => self.take(next, true),
                }
            }
            Heard::LookAt(messages) => {
                let exit = event_loop::update(
                    self.app,
                    messages,
                    &Hits::default(),
                    &mut self.stage,
                    &mut self.effects,
                    self.clock,
                )?;
                self.stage.say(&self.talk.look(self.app))?;
                Ok(exit)
            }
            Heard::Repeat => self.again(),
            Heard::More => Ok(None),
            Heard::Nothing(why) => {
                self.stage.say(&[Line::new(why)])?;
                Ok(None)
            }
        }
    }

    /// End of input. At a terminal it asks to quit, like `q`; after a script it quits.
    fn end(&mut self) -> io::Result<Option<Exit>> {
        let rest = self.talk.end(self.app);
        if !rest.is_empty() {
            return self.take(rest, true);
        }
        let action = if self.talk.is_asking(self.app) { Action::Yes } else { Action::Quit };
        let exit = self.take(self.talk.press(action, self.app), true)?;
        if exit.is_some() || self.by_hand {
            return Ok(exit);
        }
        Ok(self.take(self.talk.press(Action::Yes, self.app), true)?.or(Some(Exit::Interrupted)))
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.effects.pause();
        self.stage.leave_line()?;
        lines::suspend()
    }
}

async fn sleep(until: Option<Instant>) {
    match until {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
