//! Names of service instances and service keys.

use std::fmt;

/// The longest name, in characters. The cockpit asks for a "CLI-friendly name" and takes up to 32 characters.
pub const NAME_LIMIT: usize = 32;

/// Why a name cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// Nothing was typed.
    Empty,
    /// A character that the cockpit does not take.
    BadCharacter {
        /// The first such character.
        character: char,
        /// Where it stands, counted from 1.
        position: usize,
    },
    /// Longer than [`NAME_LIMIT`].
    TooLong {
        /// By how many characters.
        by: usize,
    },
}

/// Checks the name of a service instance or a service key: 1 to 32 of `A-Z a-z 0-9 . _ -`.
///
/// A wrong character is reported before the length, because taking it out may make the name short enough.
///
/// # Errors
///
/// The first [`NameProblem`], as one sentence through `Display`.
pub fn check_name(name: &str) -> Result<(), NameProblem> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() {
        return Err(NameProblem::Empty);
    }
    if let Some((index, character)) = name.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        return Err(NameProblem::BadCharacter { character, position: index + 1 });
    }
    match name.chars().count().checked_sub(NAME_LIMIT) {
        Some(by) if by > 0 => Err(NameProblem::TooLong { by }),
        _ => Ok(()),
    }
}

impl fmt::Display for NameProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ALLOWED: &str = "a name may hold A-Z, a-z, 0-9, dot, underscore and hyphen";
        match self {
            NameProblem::Empty => write!(f, "A name has 1 to {NAME_LIMIT} characters."),
            NameProblem::BadCharacter { character: ' ', position } => {
                write!(f, "Character {position} is a space; {ALLOWED}.")
            }
            NameProblem::BadCharacter { character, position } if is_hidden(*character) => {
                write!(f, "Character {position} cannot be seen (U+{:04X}); {ALLOWED}.", *character as u32)
            }
            NameProblem::BadCharacter { character, position } => {
                write!(f, "Character {position}, \"{character}\", is not allowed; {ALLOWED}.")
            }
            NameProblem::TooLong { by: 1 } => {
                write!(f, "The name is 1 character too long; {NAME_LIMIT} is the limit.")
            }
            NameProblem::TooLong { by } => {
                write!(f, "The name is {by} characters too long; {NAME_LIMIT} is the limit.")
            }
        }
    }
}

impl std::error::Error for NameProblem {}

/// True for characters that would not show, or would move what stands beside them.
fn is_hidden(c: char) -> bool {
    c.is_whitespace()
        || crate::domain::text::safe_text::SafeText::line(c.encode_utf8(&mut [0; 4])).as_str() != c.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_pass() {
        for name in ["CPITransporter_API_Access", "cpi-api", "a", "x.y", &"n".repeat(NAME_LIMIT)] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn the_wrong_character_and_its_place_are_named() {
        let said = |name: &str| check_name(name).unwrap_err().to_string();
        assert!(said("my key").starts_with("Character 3 is a space;"));
        assert!(said("schlüssel").starts_with("Character 5, \"ü\", is not allowed;"));
        assert!(said("a/b").starts_with("Character 2, \"/\","));
        assert!(said("ab\u{1b}").starts_with("Character 3 cannot be seen (U+001B);"));
        assert!(said("ab\u{202e}").starts_with("Character 3 cannot be seen (U+202E);"));
        assert!(said("ab\u{a0}").starts_with("Character 3 cannot be seen (U+00A0);"));
    }

    #[test]
    fn a_name_too_long_says_by_how_much() {
        assert_eq!(check_name(&"n".repeat(33)), Err(NameProblem::TooLong { by: 1 }));
        assert_eq!(
            check_name(&"n".repeat(40)).unwrap_err().to_string(),
            "The name is 8 characters too long; 32 is the limit."
        );
    }

    #[test]
    fn no_name_at_all_says_how_long_one_is() {
        assert_eq!(check_name("").unwrap_err().to_string(), "A name has 1 to 32 characters.");
    }

    proptest::proptest! {
        #[test]
        fn what_passes_is_exactly_what_the_cockpit_takes(name in "[A-Za-z0-9._-]{1,32}") {
            proptest::prop_assert!(check_name(&name).is_ok());
        }

        #[test]
        fn any_text_gives_one_line_without_control_characters(name in ".*|[\\x00-\\xff]*") {
            if let Err(problem) = check_name(&name) {
                proptest::prop_assert!(!problem.to_string().chars().any(char::is_control));
            }
        }
    }
}
