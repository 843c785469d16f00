//! Names of service instances and service keys.

use crate::{domain::text::safe_text::SafeText, words::Words};

/// The maximum length of a name, in characters. The cockpit requires a "CLI-friendly name" of up to 32 characters.
pub const NAME_LIMIT: usize = 32;

/// Why a name cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// Nothing was typed.
    Empty,
    /// A character that the cockpit does not accept.
    BadCharacter {
        /// The first such character.
        character: char,
        /// Its position, counted from 1.
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
/// An invalid character is reported before the length, because removing it may make the name short enough.
///
/// # Errors
///
/// The first [`NameProblem`].
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

impl NameProblem {
    /// The problem as one sentence.
    pub fn shown(self, words: Words) -> String {
        let words = words.names();
        match self {
            NameProblem::Empty => words.empty(NAME_LIMIT),
            NameProblem::BadCharacter { character: ' ', position } => words.space(position),
            NameProblem::BadCharacter { character, position } if is_hidden(character) => {
                words.invisible(position, format!("{:04X}", character as u32))
            }
            NameProblem::BadCharacter { character, position } => words.bad_character(position, character),
            NameProblem::TooLong { by } => words.too_long(by, NAME_LIMIT),
        }
    }
}

impl std::fmt::Display for NameProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown(Words::default()))
    }
}

impl std::error::Error for NameProblem {}

/// Whether the character is invisible, or affects its neighbours.
fn is_hidden(c: char) -> bool {
    c.is_whitespace() || SafeText::line(c.encode_utf8(&mut [0; 4])).as_str() != c.to_string()
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
        let bad = |character, position| Err(NameProblem::BadCharacter { character, position });
        for (name, character, position) in [
            ("my key", ' ', 3),
            ("schl\u{fc}ssel", '\u{fc}', 5),
            ("a/b", '/', 2),
            ("ab\u{1b}", '\u{1b}', 3),
            ("ab\u{202e}", '\u{202e}', 3),
            ("ab\u{a0}", '\u{a0}', 3),
        ] {
            assert_eq!(check_name(name), bad(character, position), "{name:?}");
        }
    }

    #[test]
    fn an_invisible_character_is_shown_as_its_number() {
        let words = Words::default();
        for (name, number) in [("ab\u{1b}", "U+001B"), ("ab\u{202e}", "U+202E"), ("ab\u{a0}", "U+00A0")] {
            let problem = check_name(name).unwrap_err();
            assert!(problem.shown(words).contains(number), "{problem:?}");
        }
    }

    #[test]
    fn a_name_too_long_says_by_how_much() {
        assert_eq!(check_name(&"n".repeat(33)), Err(NameProblem::TooLong { by: 1 }));
        assert_eq!(check_name(&"n".repeat(40)), Err(NameProblem::TooLong { by: 8 }));
        assert_eq!(check_name(""), Err(NameProblem::Empty));
    }

    proptest::proptest! {
        #[test]
        fn what_passes_is_exactly_what_the_cockpit_takes(name in "[A-Za-z0-9._-]{1,32}") {
            proptest::prop_assert!(check_name(&name).is_ok());
        }

        #[test]
        fn any_text_gives_one_line_without_control_characters(name in ".*|[\\x00-\\xff]*") {
            if let Err(problem) = check_name(&name) {
                proptest::prop_assert!(!problem.shown(Words::default()).chars().any(char::is_control));
            }
        }
    }
}
