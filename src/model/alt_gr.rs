//! AltGr on the console of Windows.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The two modifiers by which the console of Windows says AltGr.
const ALT_GR: KeyModifiers = KeyModifiers::CONTROL.union(KeyModifiers::ALT);

/// The key without AltGr, if that is how its character was typed.
///
/// `{ } [ ] \ @ | ~` need AltGr on German, French, Spanish, Swiss and Nordic keyboards, and with such a keyboard the console
/// gives each pasted one as if it had been typed so. No keyboard has a letter or digit of ASCII there: with one of
/// those it is Ctrl and Alt.
pub fn without_alt_gr(key: KeyEvent) -> KeyEvent {
    match key.code {
        KeyCode::Char(c) if key.modifiers.contains(ALT_GR) && !c.is_ascii_alphanumeric() => {
            KeyEvent { modifiers: key.modifiers.difference(ALT_GR), ..key }
        }
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(c: char, modifiers: KeyModifiers) -> KeyModifiers {
        without_alt_gr(KeyEvent::new(KeyCode::Char(c), modifiers)).modifiers
    }

    #[test]
    fn signs_and_foreign_letters_of_alt_gr_are_plain_text() {
        for c in "{}[]\\@|~€µ²ąß".chars() {
            assert_eq!(resolved(c, ALT_GR), KeyModifiers::NONE, "{c}");
            assert_eq!(resolved(c, ALT_GR | KeyModifiers::SHIFT), KeyModifiers::SHIFT, "{c}");
        }
    }

    #[test]
    fn ctrl_alone_alt_alone_and_both_with_a_letter_stay_what_they_are() {
        for (c, modifiers) in [
            ('v', KeyModifiers::CONTROL),
            ('{', KeyModifiers::ALT),
            ('{', KeyModifiers::CONTROL),
            ('q', ALT_GR),
            ('7', ALT_GR),
        ] {
            assert_eq!(resolved(c, modifiers), modifiers, "{c}");
        }
        assert_eq!(without_alt_gr(KeyEvent::new(KeyCode::Enter, ALT_GR)).modifiers, ALT_GR);
    }
}
