//! Something the outside world should do. Plain data: compared in tests, performed by `runtime::effects`.

use super::job::{JobId, JobRequest};
use crate::domain::{progress::Progress, text::secret::Secret};

/// How the wizard ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The person was done.
    Finished,
    /// The person left at this step (from 0) of the wizard.
    Left(usize),
    /// Ctrl+C.
    Interrupted,
}

/// Text for the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copyable {
    /// Anything but a secret.
    Public(String),
    /// Goes only to the system clipboard, and stays out of its history.
    Secret(Secret),
}

/// Something the outside world should do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an effect does nothing until the runtime performs it"]
pub enum Effect {
    /// Start a job and answer under this id.
    Start(JobId, JobRequest),
    /// Stop it. A run at Cloud Foundry answers once more, with what exists.
    Stop(JobId),
    /// Put text into the clipboard; the words name it in the answer.
    Copy {
        /// `the instance parameters`
        what: String,
        /// The text.
        text: Copyable,
    },
    /// Write this sequence to the terminal, between frames. It holds no secret.
    CopyByTerminal {
        /// What is copied, as in [`Effect::Copy`].
        what: String,
        /// The sequence.
        sequence: String,
    },
    /// Open the link of this id of `assets/facts/links.toml`.
    Open(String),
    /// Open the page of SAP's login server that shows a passcode.
    OpenPasscodePage(String),
    /// Leave the alternate screen and print this text, so that it can be selected with the mouse.
    ShowPlain(String),
    /// Start the practice tenant, and answer with its keys.
    StartPractice,
    /// Come back from the plain text.
    HidePlain,
    /// Remember how far the person has come, for the next start; or forget it.
    SaveProgress(Option<Box<Progress>>),
    /// Redraw everything.
    Redraw,
    /// Ring the terminal's bell: something that was waited for has happened.
    Bell,
    /// Take the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Go to the background.
    Suspend,
    /// End.
    Quit(Exit),
}
