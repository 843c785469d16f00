//! Why the clipboard cannot be used.

use std::io;

use crate::{
    domain::{key::service_key::SIZE_LIMIT, problem::Problem},
    words::{Explanation, Words},
};

/// Why the clipboard cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum ClipboardError {
    /// The user switched it off.
    Off,
    /// The user chose another method than the system clipboard.
    Excluded,
    /// Over SSH it would be the remote machine's clipboard.
    OverSsh,
    /// There is neither an X11 nor a Wayland display.
    NoDisplay,
    /// The program was built without it.
    NotBuilt,
    /// The desktop offers none to programs.
    NotSupported,
    /// Another program is using it.
    Occupied,
    /// The connection to the desktop failed.
    Unreachable,
    /// It did not answer before the deadline.
    NoAnswer,
    /// An earlier request has not been answered yet.
    Busy,
    /// Its thread ended unexpectedly.
    Failed,
    /// It does not contain text.
    NoText,
    /// It contains more text than any service key.
    TooLarge,
    /// tmux could not be started.
    TmuxNotStarted(io::ErrorKind),
    /// tmux did not answer before the deadline.
    TmuxNoAnswer,
    /// tmux refused, as versions before 3.2 do.
    TmuxRefused,
    /// The text is too long for the escape sequence.
    TooLongForTerminal,
}

impl ClipboardError {
    /// The problem to show.
    pub fn problem(self, words: Words) -> Problem {
        let mut explanation = self.explain(words);
        if self.is_about_surroundings() {
            explanation.fix = format!("{} {}", explanation.fix, words.doctor().see_clipboard());
        }
        explanation.unusable()
    }

    /// Whether `cpikey doctor` tells more.
    fn is_about_surroundings(self) -> bool {
        use ClipboardError::{Failed, NoAnswer, NoDisplay, NotBuilt, NotSupported, OverSsh, Unreachable};
        matches!(self, OverSsh | NoDisplay | NotBuilt | NotSupported | Unreachable | NoAnswer | Failed)
    }

    /// What is wrong.
    pub fn explain(self, words: Words) -> Explanation {
        let words = words.clipboard();
        let template = match self {
            Self::Off => words.off(),
            Self::Excluded => words.excluded(),
            Self::OverSsh => words.over_ssh(),
            Self::NoDisplay => words.no_display(),
            Self::NotBuilt => words.not_built(),
            Self::NotSupported => words.not_supported(),
            Self::Occupied => words.occupied(),
            Self::Unreachable => words.unreachable(),
            Self::NoAnswer => words.no_answer(),
            Self::Busy => words.busy(),
            Self::Failed => words.failed(),
            Self::NoText => words.no_text(),
            Self::TooLarge => return words.too_large().fill(&[("limit", &(SIZE_LIMIT / 1024))]),
            Self::TmuxNotStarted(cause) => return words.tmux_not_started().fill(&[("cause", &cause)]),
            Self::TmuxNoAnswer => words.tmux_no_answer(),
            Self::TmuxRefused => words.tmux_refused(),
            Self::TooLongForTerminal => words.too_long_for_terminal(),
        };
        template.fill(&[])
    }
}
