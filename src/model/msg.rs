//! Messages: something happened.

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

/// The outcome of a copy, stating only what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyOutcome {
    /// In the system clipboard, and read back.
    Checked,
    /// Sent to the system clipboard, not read back.
    HandedOver,
    /// In a tmux buffer; tmux passes it to its terminal if that supports it.
    HandedToTmux,
    /// Sent to the terminal, which never answers.
    Sent,
    /// A secret, temporarily in the system clipboard.
    SecretLent {
        /// It was read back.
        checked: bool,
        /// How long until it is cleared.
        lasts: Duration,
    },
    /// Failed, with the reason.
    Failed(String),
    /// Failed for a secret, for which fewer methods are allowed.
    SecretFailed(String),
}

impl CopyOutcome {
    /// Whether the text is known to have arrived; `None` if it did not, or if it is temporary.
    pub fn confirmed(&self) -> Option<bool> {
        match self {
            CopyOutcome::Checked | CopyOutcome::HandedOver => Some(true),
            CopyOutcome::HandedToTmux | CopyOutcome::Sent => Some(false),
            CopyOutcome::SecretLent { .. } | CopyOutcome::Failed(_) | CopyOutcome::SecretFailed(_) => None,
        }
    }
}

/// What happened to a secret in the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretGone {
    /// It was cleared.
    TakenOut,
    /// The clipboard had other content by then, which was not touched.
    Replaced,
    /// The clipboard could not be read or cleared.
    Unknown,
}

/// Handles the saved progress of an earlier start.
#[derive(Clone, Debug)]
pub struct EarlierProgress {
    /// Where the user stopped, or why that is unknown.
    pub found: Result<Option<Progress>, Problem>,
    /// A note about a file that could not be read and was quarantined.
    pub set_aside: Option<String>,
    /// The system's time zone.
    pub zone: TimeZone,
}

/// The practice tenant, once it is running.
#[derive(Clone, Debug)]
pub struct PracticeTenant {
    /// Keys that can be loaded with one key press.
    pub samples: Vec<PracticeSample>,
    /// The API of its Cloud Foundry.
    pub cloud_foundry: Address,
    /// Its users.
    pub people: PracticePeople,
}

/// A mouse click or a turn of the wheel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// From the left, from 0.
    pub column: u16,
    /// From the top, from 0.
    pub row: u16,
    /// For the wheel, whether it was turned down; `None` for the left button.
    pub wheel: Option<bool>,
}

/// Messages: something happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// Time has passed. The first message of every batch.
    Tick(Now),
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted into the terminal.
    Paste(Pasted),
    /// Text keys that arrived faster than anyone types: all or part of a paste without bracketed paste.
    Burst(Pasted),
    /// A mouse button was pressed, or the wheel was turned.
    Press(Press),
    /// The terminal was resized; the view gets the size when it draws.
    Resize,
    /// The terminal window gained or lost the focus.
    Focus(bool),
    /// A job reports.
    Job(JobId, JobEvent),
    /// A copy has finished; the text names what was copied.
    Copied(String, CopyOutcome),
    /// A copy (the first text names of what) is left to the terminal: it has to receive this sequence.
    CopyByTerminal(String, String),
    /// A secret was due to be cleared from the clipboard.
    SecretGone(SecretGone),
    /// The current list of saved systems, or why it cannot be read.
    Systems(Result<Listing, Problem>),
    /// The progress of an earlier session, and the system's time zone.
    Progress(Box<EarlierProgress>),
    /// The progress could not be saved.
    ProgressNotSaved(Problem),
    /// A link could not be opened.
    OpenFailed(Problem),
    /// The practice tenant is running and offers these keys, or it could not start.
    Practice(Result<PracticeTenant, Problem>),
}

impl Msg {
    /// The message for a terminal event; key releases have none.
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
