//! Side effects as plain data: compared in tests, performed by `runtime::effects`.

use super::job::{JobId, JobRequest};
use crate::domain::{progress::Progress, text::secret::Secret};

/// How the wizard ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The user finished.
    Finished,
    /// The user left at this step (from 0) of the wizard.
    Left(usize),
    /// Ctrl+C.
    Interrupted,
}

/// Text for the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copyable {
    /// Anything but a secret.
    Public(String),
    /// Goes only to the system clipboard and stays out of its history.
    Secret(Secret),
}

/// A side effect to perform.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an effect does nothing until the runtime performs it"]
pub enum Effect {
    /// Start a job and answer under this id.
    Start(JobId, JobRequest),
    /// Stop it. A Cloud Foundry run answers once more, with what exists.
    Stop(JobId),
    /// Copy text to the clipboard; `what` names it in the answer.
    Copy {
        /// `the instance parameters`
        what: String,
        /// The text.
        text: Copyable,
    },
    /// Write this sequence to the terminal, between frames. It contains no secret.
    CopyByTerminal {
        /// What is copied, as in [`Effect::Copy`].
        what: String,
        /// The sequence.
        sequence: String,
    },
    /// Open the link with this id in `assets/facts/links.toml`.
    Open(String),
    /// Open the page of SAP's login server that shows a passcode.
    OpenPasscodePage(String),
    /// Leave the alternate screen and print this text, so that it can be selected with the mouse.
    ShowPlain(String),
    /// Start the practice tenant, and answer with its keys.
    StartPractice,
    /// Return from the plain text.
    HidePlain,
    /// Save the user's progress for the next start, or delete it.
    SaveProgress(Option<Box<Progress>>),
    /// Redraw everything.
    Redraw,
    /// Ring the terminal bell: something the user was waiting for has happened.
    Bell,
    /// Capture the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Suspend to the background.
    Suspend,
    /// End.
    Quit(Exit),
}
