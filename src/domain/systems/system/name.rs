//! Names of saved systems.

use std::fmt;

use crate::domain::text::safe_text::SafeText;

/// The longest name, in characters.
pub const NAME_LIMIT: usize = 64;

/// The name of a saved system: one line of up to [`NAME_LIMIT`] characters that can be typed and told apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SystemName(String);

/// Why a name cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// Nothing but spaces.
    Empty,
    /// By how many characters it is too long.
    TooLong(usize),
    /// A control character, or one that does not show.
    Hidden,
    /// It begins with a hyphen, like an option.
    Hyphen,
}

impl SystemName {
    /// Takes a name; spaces around it do not count.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a sentence through `Display`.
    pub fn new(name: &str) -> Result<Self, NameProblem> {
        let name = name.trim();
        let length = name.chars().count();
        if name.is_empty() {
            Err(NameProblem::Empty)
        } else if length > NAME_LIMIT {
            Err(NameProblem::TooLong(length - NAME_LIMIT))
        } else if SafeText::line(name).as_str() != name {
            Err(NameProblem::Hidden)
        } else if name.starts_with('-') {
            Err(NameProblem::Hyphen)
        } else {
            Ok(Self(name.to_owned()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True where `other` names the same system; upper and lower case do not count.
    pub fn is(&self, other: &str) -> bool {
        self.0.to_lowercase() == other.trim().to_lowercase()
    }
}

impl fmt::Display for SystemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for NameProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameProblem::Empty => write!(f, "A name has 1 to {NAME_LIMIT} characters."),
            NameProblem::TooLong(by) => write!(f, "{NAME_LIMIT} characters are the limit; take {by} off."),
            NameProblem::Hidden => f.write_str("It holds a control character, or one that cannot be seen."),
            NameProblem::Hyphen => f.write_str("A name that begins with a hyphen would be read as an option."),
        }
    }
}

impl std::error::Error for NameProblem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_what_people_call_their_systems() {
        for name in ["dev", "ACME dev (EU10)", "Prüfsystem", "生産"] {
            assert_eq!(SystemName::new(&format!(" {name} ")).unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_name_that_cannot_be_read_or_typed_says_why() {
        assert_eq!(SystemName::new("  "), Err(NameProblem::Empty));
        assert_eq!(SystemName::new(&"n".repeat(66)), Err(NameProblem::TooLong(2)));
        assert_eq!(SystemName::new("a\u{1b}[2J"), Err(NameProblem::Hidden));
        assert_eq!(SystemName::new("a\u{202e}b"), Err(NameProblem::Hidden));
        assert_eq!(SystemName::new("--all"), Err(NameProblem::Hyphen));
    }

    #[test]
    fn upper_and_lower_case_name_the_same_system() {
        assert!(SystemName::new("Dev").unwrap().is(" dEV "));
        assert!(!SystemName::new("Dev").unwrap().is("dev2"));
    }
}
