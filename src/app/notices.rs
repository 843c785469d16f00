//! What the message line says after something was done outside. Only what is known.

use std::time::Duration;

use crate::{
    model::{
        Notice,
        job::Exported,
        msg::{CopyOutcome, SecretGone},
    },
    words::AppLabels,
};

/// What became of a copy.
pub(super) fn copied(what: &str, outcome: CopyOutcome, words: AppLabels) -> Notice {
    match outcome {
        CopyOutcome::Checked => Notice::good(words.copied(what)),
        CopyOutcome::HandedOver => Notice::good(words.sent(what)),
        CopyOutcome::HandedToTmux => Notice::good(words.sent_to_tmux(what)),
        CopyOutcome::Sent => Notice::good(words.sent_to_terminal(what)),
        CopyOutcome::SecretLent { checked: true, lasts } => {
            Notice::good(words.secret_copied(what, whole_seconds(lasts)))
        }
        CopyOutcome::SecretLent { checked: false, lasts } => {
            Notice::good(words.secret_sent(what, whole_seconds(lasts)))
        }
        CopyOutcome::SecretFailed(why) => Notice::warning(words.secret_not_copied(what, why)),
        CopyOutcome::Failed(why) => Notice::warning(words.not_copied(what, why)),
    }
}

/// What became of a secret whose time in the clipboard is over.
pub(super) fn secret_gone(gone: SecretGone, words: AppLabels) -> Notice {
    match gone {
        SecretGone::TakenOut => Notice::note(words.secret_cleared()),
        SecretGone::Replaced => Notice::note(words.secret_replaced()),
        SecretGone::Unknown => Notice::warning(words.secret_maybe_there()),
    }
}

/// The files of an export that were written.
pub(super) fn exported(exported: &Exported, words: AppLabels) -> Notice {
    let files = exported.files.join(", ");
    if exported.exposed.is_empty() {
        return Notice::good(words.saved_files(files));
    }
    Notice::warning(words.saved_files_exposed(files, exported.exposed.join(", ")))
}

/// Seconds as a countdown shows them: the last one is 1.
pub(super) fn whole_seconds(left: Duration) -> u64 {
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// How long until [`whole_seconds`] changes.
pub(super) fn until_next_second(left: Duration) -> Duration {
    match left.subsec_nanos() {
        0 => Duration::from_secs(1),
        rest => Duration::from_nanos(rest.into()),
    }
}
