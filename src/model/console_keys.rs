//! Text from the Windows console, which delivers it as key presses of the current keyboard layout.

use std::collections::BTreeSet;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::coalesce::{BURST, typed};

/// The two modifiers that the Windows console reports for AltGr.
const ALT_GR: KeyModifiers = KeyModifiers::CONTROL.union(KeyModifiers::ALT);

/// Interprets console events: text becomes plain keys.
#[derive(Clone, Debug, Default)]
pub struct ConsoleKeys {
    /// Keys that were pressed and not released yet.
    held: Vec<char>,
    /// The last events were more text than anyone types at once, and the rest may follow.
    is_pasted: bool,
}

impl ConsoleKeys {
    /// Whether text was pasted, until it [`rests`](Self::rests).
    pub fn is_pasted(&self) -> bool {
        self.is_pasted
    }

    /// Nothing has arrived for a while: further input is typed by hand.
    pub fn rests(&mut self) {
        self.is_pasted = false;
    }

    /// Whether the next event decides if all these events, which were available together, are text.
    pub fn doubts(&self, batch: &[Event]) -> bool {
        let (codes, is_pasted) = self.clone().codes(batch);
        !codes.is_empty() && !is_pasted
    }

    /// The same events, with all text as key presses without modifiers.
    pub fn understood(&mut self, batch: Vec<Event>) -> Vec<Event> {
        let (codes, is_pasted) = self.codes(&batch);
        self.is_pasted = is_pasted;
        let mut events = batch;
        for (at, event) in events.iter_mut().enumerate() {
            let Event::Key(key) = event else { continue };
            *key = without_alt_gr(*key);
            if is_pasted && codes.contains(&at) {
                key.kind = KeyEventKind::Press;
            }
        }
        events
    }

    /// The positions of Alt codes if these events are pasted, and whether they are.
    fn codes(&mut self, batch: &[Event]) -> (BTreeSet<usize>, bool) {
        let codes: BTreeSet<usize> = (0..batch.len()).filter(|at| self.is_code(&batch[*at])).collect();
        let pressed = |event: &&Event| matches!(event, Event::Key(key) if key.is_press() && typed(&without_alt_gr(*key)).is_some());
        let is_pasted = self.is_pasted || codes.len() + batch.iter().filter(pressed).count() >= BURST;
        (codes, is_pasted)
    }

    /// Whether a character arrives as an Alt code: the console pastes characters without a key on the current keyboard,
    /// such as `{` on a Russian or Bulgarian one, as Alt with their number on the number pad, and the character is that
    /// of the released Alt key. All that arrives here is the release of a key that was never pressed.
    ///
    /// When typing, that also happens with other keys (if the terminal has handled the press), so it counts only within
    /// more text than anyone types at once. ASCII letters and digits never count as Alt codes.
    fn is_code(&mut self, event: &Event) -> bool {
        let Event::Key(KeyEvent { code: KeyCode::Char(c), kind, modifiers, .. }) = event else { return false };
        let known = self.held.iter().position(|held| held == c);
        match (kind, known) {
            (KeyEventKind::Release, Some(at)) => {
                self.held.swap_remove(at);
            }
            (KeyEventKind::Release, None) if self.held.is_empty() => {
                return !modifiers.intersects(ALT_GR) && !c.is_ascii_alphanumeric();
            }
            // A key can have another character when released, because Shift was released first.
            (KeyEventKind::Release, None) => self.held.clear(),
            (_, None) => self.held.push(*c),
            (_, Some(_)) => {}
        }
        false
    }
}

/// The key without AltGr, if its character was typed with it.
///
/// `{ } [ ] \ @ | ~` need AltGr on German, French, Spanish, Swiss and Nordic keyboards, and with such a keyboard the
/// console reports pasted ones as if typed that way. No keyboard has an ASCII letter or digit there: with one of those
/// it really is Ctrl and Alt.
fn without_alt_gr(key: KeyEvent) -> KeyEvent {
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

    fn stroke(c: char) -> [Event; 2] {
        let key = KeyEvent::from(KeyCode::Char(c));
        [Event::Key(key), released(c)]
    }

    fn released(c: char) -> Event {
        let key = KeyEvent::new_with_kind(KeyCode::Char(c), KeyModifiers::NONE, KeyEventKind::Release);
        Event::Key(key)
    }

    /// The text of consecutive batches of events.
    fn text(batches: Vec<Vec<Event>>) -> String {
        let mut keys = ConsoleKeys::default();
        let events = batches.into_iter().flat_map(|batch| keys.understood(batch));
        let pressed = events.filter_map(|event| event.as_key_press_event());
        pressed.filter_map(|key| typed(&key)).collect()
    }

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

    #[test]
    fn what_the_keyboard_has_no_key_for_is_pasted_as_alt_codes() {
        let pasted = "{\"a\": [\"b@c|d~\\\\\"], \"e\": \"§…\"}";
        let events: Vec<Event> = pasted
            .chars()
            .flat_map(|c| if "{}[]@|~§…".contains(c) { vec![released(c)] } else { stroke(c).to_vec() })
            .collect();
        for size in [events.len(), events.len() - 1, 17, 30] {
            let parts = events.chunks(size).map(<[Event]>::to_vec).collect();
            assert_eq!(text(parts), pasted, "parts of {size}");
        }
    }

    #[test]
    fn a_stroke_that_is_cut_in_two_types_one_character() {
        let events: Vec<Event> = "--------------".chars().flat_map(stroke).collect();
        let (first, second) = events.split_at(13);
        assert_eq!(text(vec![first.to_vec(), second.to_vec()]).len(), 14);
    }

    #[test]
    fn an_alt_code_is_in_doubt_until_enough_text_follows() {
        let mut keys = ConsoleKeys::default();
        assert!(!keys.doubts(&stroke('{')));
        let mut batch = vec![released('{')];
        for c in "\"oauth".chars() {
            assert!(keys.doubts(&batch), "{batch:?}");
            batch.extend(stroke(c));
        }
        batch.extend(stroke('"'));
        assert!(!keys.doubts(&batch), "{batch:?}");
        assert_eq!(keys.understood(batch).iter().filter_map(Event::as_key_press_event).count(), 8);
        assert!(!keys.doubts(&[released('}')]), "the rest of the paste");
    }

    #[test]
    fn after_a_rest_a_released_key_types_nothing_again() {
        let mut keys = ConsoleKeys::default();
        let pressed = |events: Vec<Event>| events.iter().filter_map(Event::as_key_press_event).count();
        assert_eq!(pressed(keys.understood("nine keys".chars().flat_map(stroke).collect())), 9);
        assert_eq!(pressed(keys.understood(vec![released('}')])), 1);
        assert!(keys.is_pasted());
        keys.rests();
        assert_eq!(pressed(keys.understood(vec![released('}')])), 0);
    }

    #[test]
    fn a_released_key_types_nothing() {
        // The terminal handled Ctrl and +, and Ctrl was released first; Shift was released first; a key was held.
        let shifted = [Event::Key(KeyEvent::new(KeyCode::Char('{'), KeyModifiers::SHIFT)), released('[')];
        let text_before: Vec<Event> = "nine keys".chars().flat_map(stroke).collect();
        assert_eq!(text(vec![vec![released('+')]]), "");
        assert_eq!(text(vec![[text_before.clone(), shifted.to_vec()].concat()]), "nine keys{");
        let held = [stroke('-')[0].clone(), stroke('-')[0].clone(), released('-')];
        assert_eq!(text(vec![[text_before, held.to_vec()].concat()]), "nine keys--");
    }
}
