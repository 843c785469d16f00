//! Something the outside world should do. Plain data: compared in tests, performed by `runtime::effects`.

use std::path::PathBuf;

use super::{run::RunId, saved::SystemsTask};
use crate::domain::{check::CheckRequest, handover::export::ExportedFile, text::secret::Secret};

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
    /// Goes to the system clipboard alone, kept out of its history.
    Secret(Secret),
}

/// Something the outside world should do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an effect does nothing until the runtime performs it"]
pub enum Effect {
    /// Run a test and report under this id.
    StartCheck(RunId, CheckRequest),
    /// Stop it.
    CancelCheck(RunId),
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
    /// Read the clipboard.
    ReadClipboard,
    /// Read a file that may hold a key.
    ReadKeyFile(PathBuf),
    /// Write a new file that holds no secret. Never over one that exists.
    SaveNew {
        /// Proposed path; a number is added where it exists.
        path: PathBuf,
        /// Contents.
        text: String,
    },
    /// Write the files of an export into the current directory, those with a secret readable by their owner alone. Never
    /// over one that exists.
    SaveExport(Vec<ExportedFile>),
    /// Something to do with saved systems.
    Systems(SystemsTask),
    /// Open the link of this id of `assets/links.toml`.
    Open(String),
    /// Leave the alternate screen and print this text, so that it can be selected with the mouse.
    ShowPlain(String),
    /// Come back from the plain text.
    HidePlain,
    /// Draw everything anew.
    Redraw,
    /// Go to the background.
    Suspend,
    /// End.
    Quit(Exit),
}
