//! The remark on a new passphrase while it is typed.

use super::form::Remark;
use crate::{
    domain::systems::passphrase::{self, PassphraseError, Strength},
    words::Words,
};

/// Its strength so far. `refused` if it was submitted and is too weak.
pub fn strength(typed: &str, refused: bool, words: Words) -> Remark {
    let labels = words.passphrase();
    let missing = |text: String| if refused { Remark::Bad(text) } else { Remark::Hint(text) };
    match passphrase::check(typed) {
        _ if typed.is_empty() && !refused => Remark::Hint(labels.advice().to_owned()),
        Err(PassphraseError::TooShort { missing: left }) => missing(labels.missing(left)),
        Err(error @ PassphraseError::TooSimple) => {
            let said = error.explain(words);
            Remark::Bad(format!("{} {}", said.what, said.why))
        }
        Ok(Strength::Acceptable) => Remark::Warning(labels.acceptable().to_owned()),
        Ok(Strength::Strong) => Remark::Good(labels.strong().to_owned()),
    }
}
