//! Something happened.

use std::time::Duration;

use crossterm::event::{Event, KeyEvent, KeyEventKind, MouseButton, MouseEventKind};
use jiff::tz::TimeZone;

use super::{
    cloud::PracticePeople,
    job::{JobEvent, JobId},
    pasted::Pasted,
    saved::Listing,
    session::PracticeSample,
    time::Now,
};
use crate::domain::{key::address::Address, problem::Problem, progress::Progress};

/// What became of a copy. It says only what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyOutcome {
    /// In the system's clipboard, and read back.
    Checked,
    /// Handed to the system's clipboard, not read back.
    HandedOver,
    /// tmux has it, and passes it to its terminal if that one listens.
    HandedToTmux,
    /// Sent to the terminal, which never answers.
    Sent,
    /// A secret, in the system's clipboard for so long.
    SecretLent {
        /// It was read back.
        checked: bool,
        /// How long until it is taken out.
        lasts: Duration,
    },
    /// Did not work, with the reason in words.
    Failed(String),
    /// Did not work with a secret, which has fewer ways.
    SecretFailed(String),
}

impl CopyOutcome {
    /// Whether it is known that the text arrived; `None` if it did not, or if it does not stay.
    pub fn confirmed(&self) -> Option<bool> {
        match self {
            CopyOutcome::Checked | CopyOutcome::HandedOver => Some(true),
            CopyOutcome::HandedToTmux | CopyOutcome::Sent => Some(false),
            CopyOutcome::SecretLent { .. } | CopyOutcome::Failed(_) | CopyOutcome::SecretFailed(_) => None,
        }
    }
}

/// What became of a secret that was in the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretGone {
    /// It was taken out.
    TakenOut,
    /// Something else was there by then, and was not touched.
    Replaced,
    /// The clipboard did not let itself be read or cleared.
    Unknown,
}

/// Handles the saved progress of an earlier start.
#[derive(Clone, Debug)]
pub struct EarlierProgress {
    /// Where the person stopped, or why nobody knows.
    pub found: Result<Option<Progress>, Problem>,
    /// A note about a file that could not be read and was quarantined.
    pub set_aside: Option<String>,
    /// The zone of the system's clock.
    pub zone: TimeZone,
}

/// The practice tenant, once it runs.
#[derive(Clone, Debug)]
pub struct PracticeTenant {
    /// Keys that can be loaded with one key press.
    pub samples: Vec<PracticeSample>,
    /// Where the API of its Cloud Foundry is.
    pub cloud_foundry: Address,
    /// Who can log in there.
    pub people: PracticePeople,
}

/// A press of the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// From the left, from 0.
    pub column: u16,
    /// From the top, from 0.
    pub row: u16,
    /// The wheel: whether it was turned down. `None` for the left button.
    pub wheel: Option<bool>,
}

/// Something happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// Time has passed. First in every batch.
    Tick(Now),
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted into the terminal.
    Paste(Pasted),
    /// Text keys that came faster than a person types: a paste without its frame, or a part of one.
    Burst(Pasted),
    /// The mouse was pressed, or its wheel turned.
    Press(Press),
    /// The terminal has another size now; the view asks for it when it draws.
    Resize,
    /// The terminal's window got or lost the focus.
    Focus(bool),
    /// A job reports.
    Job(JobId, JobEvent),
    /// A copy is done; the words say what was copied.
    Copied(String, CopyOutcome),
    /// A copy (the words say of what) is left to the terminal: this sequence has to reach it.
    CopyByTerminal(String, String),
    /// A secret's time in the clipboard is over.
    SecretGone(SecretGone),
    /// The current list of saved systems, or why it cannot be read.
    Systems(Result<Listing, Problem>),
    /// Where the person stopped at an earlier start, and the zone of the system's clock.
    Progress(Box<EarlierProgress>),
    /// Where the person is cannot be saved.
    ProgressNotSaved(Problem),
    /// A link could not be opened.
    OpenFailed(Problem),
    /// The practice tenant runs and offers these keys, or it could not start.
    Practice(Result<PracticeTenant, Problem>),
}

impl Msg {
    /// What a terminal event means, if anything: key releases mean nothing.
    pub fn from_terminal(event: Event) -> Option<Self> {
        match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => None,
            Event::Key(key) => Some(Msg::Key(key)),
            Event::Paste(text) => Some(Msg::Paste(Pasted::from_terminal(text))),
            Event::Resize(..) => Some(Msg::Resize),
            Event::FocusGained => Some(Msg::Focus(true)),
            Event::FocusLost => Some(Msg::Focus(false)),
            Event::Mouse(event) => {
                let wheel = match event.kind {
                    MouseEventKind::Down(MouseButton::Left) => None,
                    MouseEventKind::ScrollDown => Some(true),
                    MouseEventKind::ScrollUp => Some(false),
                    _ => return None,
                };
                Some(Msg::Press(Press { column: event.column, row: event.row, wheel }))
            }
        }
    }
}
