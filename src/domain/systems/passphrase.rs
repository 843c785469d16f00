//! Whether a new passphrase is strong enough.
//!
//! Anyone who has the sealed file can try passphrases offline. Argon2id makes each attempt slow; only length makes the
//! number of attempts infeasible. Characters that are easy to guess do not count: repetitions, sequences, keyboard
//! rows, the most common passwords. A crate with whole dictionaries (zxcvbn) would add 2.5 MB.

use zeroize::Zeroizing;

use crate::words::{Explanation, Words};

/// The minimum length of a new passphrase.
pub const SHORTEST: usize = 12;

/// The minimum number of counted characters, of at least [`SHORTEST`].
const FEWEST_COUNTED: usize = 8;

/// The number of counted characters of a strong passphrase: four ordinary words.
const STRONG: usize = 20;

/// Neighbours on a keyboard, English and German.
const ROWS: [&str; 6] = ["1234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm"];

/// Parts that every list of common passwords starts with. Each counts as one character.
const COMMON: [&str; 16] = [
    "password",
    "passwort",
    "passphrase",
    "qwerty",
    "qwertz",
    "letmein",
    "welcome",
    "willkommen",
    "admin",
    "secret",
    "login",
    "iloveyou",
    "dragon",
    "monkey",
    "football",
    "cpikey",
];

/// How strong an accepted passphrase is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Long enough; a longer one is better.
    Acceptable,
    /// Long enough to resist guessing.
    Strong,
}

/// Why a passphrase is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassphraseError {
    /// It is too short by this many characters.
    TooShort {
        /// How many more characters it needs.
        missing: usize,
    },
    /// It consists mostly of repetitions, sequences and very common words.
    TooSimple,
}

impl PassphraseError {
    /// What is wrong, why that matters, what to do.
    pub fn explain(self, words: Words) -> Explanation {
        let words = words.passphrase();
        match self {
            Self::TooShort { .. } => words.too_short().fill(&[("shortest", &SHORTEST)]),
            Self::TooSimple => words.too_simple().fill(&[]),
        }
    }
}

/// Checks a new passphrase.
///
/// # Errors
///
/// Returns why it is refused: clearly too short or too simple.
pub fn check(passphrase: &str) -> Result<Strength, PassphraseError> {
    let length = passphrase.chars().count();
    if length < SHORTEST {
        return Err(PassphraseError::TooShort { missing: SHORTEST - length });
    }
    match counted(passphrase) {
        0..FEWEST_COUNTED => Err(PassphraseError::TooSimple),
        FEWEST_COUNTED..STRONG => Ok(Strength::Acceptable),
        _ => Ok(Strength::Strong),
    }
}

/// How many characters an attacker who knows the usual patterns has to guess.
fn counted(passphrase: &str) -> usize {
    let chars = Zeroizing::new(passphrase.to_lowercase().chars().collect::<Vec<char>>());
    let once = &chars[..period(&chars)];
    let mut count = 0;
    let mut at = 0;
    while at < once.len() {
        let common = COMMON.iter().find(|word| once[at..].iter().copied().take(word.len()).eq(word.chars()));
        count += usize::from(common.is_some() || !continues_a_sequence(once, at));
        at += common.map_or(1, |word| word.len());
    }
    count
}

/// The length of the part that the text repeats throughout, or of the whole text.
fn period(chars: &[char]) -> usize {
    let repeats = |length: &usize| chars.iter().zip(&chars[*length..]).all(|(a, b)| a == b);
    (1..=chars.len() / 2).find(repeats).unwrap_or(chars.len())
}

/// Whether a character continues the sequence of the two before it: `aaa`, `abc`, `321`, `qwe`.
fn continues_a_sequence(chars: &[char], at: usize) -> bool {
    let Some([first, second, third]) = at.checked_sub(2).and_then(|from| chars.get(from..=at)) else { return false };
    let step = i64::from(u32::from(*second)) - i64::from(u32::from(*first));
    let next = i64::from(u32::from(*third)) - i64::from(u32::from(*second));
    let along_a_row = |row: &&str| {
        let place = |c: &char| row.find(*c);
        let (Some(a), Some(b), Some(c)) = (place(first), place(second), place(third)) else { return false };
        a.abs_diff(b) == 1 && b.abs_diff(c) == 1 && a != c
    };
    (step == next && step.abs() <= 1) || ROWS.iter().any(along_a_row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_passphrase_is_refused_with_the_number_of_missing_characters() {
        assert_eq!(check(""), Err(PassphraseError::TooShort { missing: SHORTEST }));
        assert_eq!(check("elevenchars"), Err(PassphraseError::TooShort { missing: 1 }));
        assert_eq!(check("Grüße äöü ß"), Err(PassphraseError::TooShort { missing: 1 }), "characters, not bytes");
    }

    #[test]
    fn repetitions_sequences_and_very_common_words_are_refused_at_any_length() {
        for weak in [
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "1234567890123456",
            "abcdefghijklmnopqrstuvwxyz",
            "zyxwvutsrqponmlkjihgfedcba",
            "qwertyuiop123456",
            "asdfghjkl;asdfghjkl;",
            "passwordpassword",
            "Password12345678",
            "LetMeInLetMeIn1",
            "            ",
        ] {
            assert_eq!(check(weak), Err(PassphraseError::TooSimple), "{weak}");
        }
    }

    #[test]
    fn several_unrelated_words_are_strong_and_fewer_are_accepted() {
        for strong in
            ["correct horse battery staple", "Kaffee Zaun Mond Brücke", "生産 管理 検査 出荷 受入 保管 返品 確認"]
        {
            assert_eq!(check(strong), Ok(Strength::Strong), "{strong}");
        }
        for acceptable in ["battery staple", "canary-of-words", "fJ3$kw9!pQzt"] {
            assert_eq!(check(acceptable), Ok(Strength::Acceptable), "{acceptable}");
        }
    }

    #[test]
    fn every_refusal_says_what_to_do() {
        for error in [PassphraseError::TooShort { missing: 3 }, PassphraseError::TooSimple] {
            let said = error.explain(Words::default());
            assert!([said.what, said.why, said.fix].iter().all(|text| !text.is_empty() && !text.contains('{')));
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_typed_panics(text in ".{0,64}") {
            let _ = check(&text);
        }
    }
}
