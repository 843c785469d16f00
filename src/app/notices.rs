//! Messages about performed effects. They state only what is known.

use crate::{
    domain::text::countdown::seconds_left,
    model::{
        Notice,
        job::Exported,
        msg::{CopyOutcome, SecretGone},
    },
    words::AppLabels,
};

/// The result of copying.
pub(super) fn copied(what: &str, outcome: CopyOutcome, words: AppLabels) -> Notice {
    match outcome {
        CopyOutcome::Checked => Notice::good(words.copied(what)),
        CopyOutcome::HandedOver => Notice::good(words.sent(what)),
        CopyOutcome::HandedToTmux => Notice::good(words.sent_to_tmux(what)),
        CopyOutcome::Sent => Notice::good(words.sent_to_terminal(what)),
        CopyOutcome::SecretLent { checked: true, lasts } => {
            Notice::good(words.secret_copied(what, seconds_left(lasts)))
        }
        CopyOutcome::SecretLent { checked: false, lasts } => Notice::good(words.secret_sent(what, seconds_left(lasts))),
        CopyOutcome::SecretFailed(why) => Notice::warning(words.secret_not_copied(what, why)),
        CopyOutcome::Failed(why) => Notice::warning(words.not_copied(what, why)),
    }
}

/// The result of clearing a secret from the clipboard.
pub(super) fn secret_gone(gone: SecretGone, words: AppLabels) -> Notice {
    match gone {
        SecretGone::TakenOut => Notice::note(words.secret_cleared()),
        SecretGone::Replaced => Notice::note(words.secret_replaced()),
        SecretGone::Unknown => Notice::warning(words.secret_maybe_there()),
    }
}

/// The written files of an export.
pub(super) fn exported(exported: &Exported, words: AppLabels) -> Notice {
    let files = exported.files.join(", ");
    if !exported.exposed.is_empty() {
        Notice::warning(words.saved_files_exposed(files, exported.exposed.join(", ")))
    } else if exported.for_others {
        Notice::warning(words.saved_files_for_others(files))
    } else {
        Notice::good(words.saved_files(files))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    #[test]
    fn a_secret_that_others_may_read_is_a_warning() {
        let words = Words::default().app();
        let files = vec![".env".to_owned()];
        let written = Exported { files: files.clone(), with_secret: true, ..Exported::default() };
        let exposed = Exported { exposed: files, ..written.clone() };
        for (written, expected) in [
            (written.clone(), Notice::good(words.saved_files(".env"))),
            (Exported { for_others: true, ..written }, Notice::warning(words.saved_files_for_others(".env"))),
            (Exported { for_others: true, ..exposed }, Notice::warning(words.saved_files_exposed(".env", ".env"))),
        ] {
            assert_eq!(exported(&written, words), expected);
        }
    }
}
