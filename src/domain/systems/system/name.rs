//! Names of saved systems.

use std::fmt;

use crate::{
    domain::text::safe_text::SafeText,
    words::{Explanation, Words},
};

/// The longest name, in characters.
pub const NAME_LIMIT: usize = 64;

/// The name of a saved system: one line of up to [`NAME_LIMIT`] characters that can be typed and distinguished.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SystemName(String);

/// Why a name cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum NameError {
    /// Empty, or only spaces.
    Empty,
    /// By how many characters it is too long.
    TooLong(usize),
    /// It contains a control character or an invisible one.
    Hidden,
    /// It starts with a hyphen, like an option.
    Hyphen,
}

impl NameError {
    /// What is wrong with the name.
    pub fn explain(self, words: Words) -> Explanation {
        let words = words.saved_systems_problems();
        match self {
            NameError::Empty => words.name_empty().fill(&[("limit", &NAME_LIMIT)]),
            NameError::TooLong(by) => words.name_too_long().fill(&[("by", &by), ("limit", &NAME_LIMIT)]),
            NameError::Hidden => words.name_hidden().fill(&[]),
            NameError::Hyphen => words.name_hyphen().fill(&[]),
        }
    }
}

impl SystemName {
    /// A name without the spaces around it.
    ///
    /// # Errors
    ///
    /// The first [`NameError`] that applies.
    pub fn new(name: &str) -> Result<Self, NameError> {
        let name = name.trim();
        let length = name.chars().count();
        if name.is_empty() {
            Err(NameError::Empty)
        } else if length > NAME_LIMIT {
            Err(NameError::TooLong(length - NAME_LIMIT))
        } else if SafeText::line(name).as_str() != name {
            Err(NameError::Hidden)
        } else if name.starts_with('-') {
            Err(NameError::Hyphen)
        } else {
            Ok(Self(name.to_owned()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` names the same system; case-insensitive.
    pub fn is(&self, other: &str) -> bool {
        self.0.to_lowercase() == other.trim().to_lowercase()
    }
}

impl fmt::Display for SystemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_give_their_systems_are_accepted() {
        for name in ["dev", "ACME dev (EU10)", "Prüfsystem", "生産"] {
            assert_eq!(SystemName::new(&format!(" {name} ")).unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_name_that_cannot_be_read_or_typed_is_refused_with_the_reason() {
        assert_eq!(SystemName::new("  "), Err(NameError::Empty));
        assert_eq!(SystemName::new(&"n".repeat(66)), Err(NameError::TooLong(2)));
        assert_eq!(SystemName::new("a\u{1b}[2J"), Err(NameError::Hidden));
        assert_eq!(SystemName::new("a\u{202e}b"), Err(NameError::Hidden));
        assert_eq!(SystemName::new("--all"), Err(NameError::Hyphen));
    }

    #[test]
    fn upper_and_lower_case_mean_the_same_system() {
        assert!(SystemName::new("Dev").unwrap().is(" dEV "));
        assert!(!SystemName::new("Dev").unwrap().is("dev2"));
    }
}
