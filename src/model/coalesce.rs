//! Merges bursts of typed keys into one text.
//!
//! Terminals without bracketed paste (and crossterm on Windows) deliver a paste as single keys, including Enter.
//! Without this, a `q` in a key would quit and a line break would press a button.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{msg::Msg, pasted::Pasted};

/// How many text keys in one batch count as a paste. Nobody types eight keys between two frames.
pub const BURST: usize = 8;

/// Merges each run of at least [`BURST`] text keys of one batch into one [`Msg::Burst`], including adjacent earlier
/// bursts; everything else is unchanged.
pub fn coalesce(batch: Vec<Msg>) -> Vec<Msg> {
    let mut out = Vec::new();
    let mut run: Vec<Msg> = Vec::new();
    for msg in batch {
        if text_of(&msg).is_some() || matches!(msg, Msg::Burst(_)) {
            run.push(msg);
        } else {
            flush(&mut run, &mut out);
            out.push(msg);
        }
    }
    flush(&mut run, &mut out);
    out
}

/// The size of a batch in characters or messages: typed keys count like merged text.
pub fn size(batch: &[Msg]) -> usize {
    batch.iter().map(|msg| if let Msg::Burst(text) = msg { text.bytes().len() } else { 1 }).sum()
}

fn flush(run: &mut Vec<Msg>, out: &mut Vec<Msg>) {
    if size(run) < BURST || is_held_key(run) {
        return out.append(run);
    }
    // Reserved up front: a growing string leaves unwiped copies behind.
    let mut text = Vec::with_capacity(size(run) + run.len() * (MAX_LEN_UTF8 - 1));
    for msg in run.drain(..) {
        match msg {
            Msg::Burst(part) => text.extend_from_slice(part.bytes()),
            msg => text.extend(text_of(&msg).into_iter().flat_map(|c| {
                let mut bytes = [0; MAX_LEN_UTF8];
                let length = c.encode_utf8(&mut bytes).len();
                bytes.into_iter().take(length)
            })),
        }
    }
    out.push(Msg::Burst(Pasted::new(text)));
}

/// A held key repeats about thirty times a second, and no connection delays it for more than a few seconds. More of one
/// character at once is text and stored compactly: a key event takes hundreds of bytes.
const LONGEST_HELD: usize = 1000;

/// Bytes of the longest character.
const MAX_LEN_UTF8: usize = 4;

/// Whether it is one repeated key: the user holds it down, and a slow connection delivers the repeats all at once.
fn is_held_key(run: &[Msg]) -> bool {
    let first = run.first().and_then(text_of).filter(|c| !c.is_control());
    first.is_some() && run.len() <= LONGEST_HELD && run.iter().all(|msg| text_of(msg) == first)
}

fn text_of(msg: &Msg) -> Option<char> {
    let Msg::Key(key) = msg else { return None };
    typed(key)
}

/// The character that a key types, if it types one. Line breaks stay as the terminal sent them:
/// [`Pasted::from_terminal`] normalises whole texts.
pub fn typed(key: &KeyEvent) -> Option<char> {
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SUPER) {
        // A pasted line feed arrives as Ctrl+J, and from some Windows terminals as Ctrl+Enter.
        let feeds = matches!(key.code, KeyCode::Char('j') | KeyCode::Enter) && key.modifiers == KeyModifiers::CONTROL;
        return feeds.then_some('\n');
    }
    match key.code {
        KeyCode::Char(c) => Some(c),
        KeyCode::Enter => Some('\r'),
        KeyCode::Tab => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Msg> {
        text.chars()
            .map(|c| match c {
                '\n' => KeyCode::Enter,
                c => KeyCode::Char(c),
            })
            .map(|code| Msg::Key(KeyEvent::from(code)))
            .collect()
    }

    #[test]
    fn a_burst_of_keys_is_one_paste_with_its_line_breaks() {
        let batch = coalesce(keys("{\n \"url\": 1 }q"));
        let [Msg::Burst(pasted)] = batch.as_slice() else { panic!("{batch:?}") };
        assert_eq!(pasted.bytes(), b"{\r \"url\": 1 }q");
    }

    #[test]
    fn line_feeds_of_every_form_stay_in_the_paste() {
        let feed = |code| Msg::Key(KeyEvent::new(code, KeyModifiers::CONTROL));
        for code in [KeyCode::Char('j'), KeyCode::Enter] {
            let mut batch = keys("{\"url\":");
            batch.push(feed(code));
            batch.extend(keys("1}"));
            let batch = coalesce(batch);
            let [Msg::Burst(pasted)] = batch.as_slice() else { panic!("{batch:?}") };
            assert_eq!(pasted.bytes(), b"{\"url\":\n1}");
        }
    }

    #[test]
    fn a_few_quick_keys_stay_keys() {
        assert_eq!(coalesce(keys("jjj q")).len(), 5);
    }

    #[test]
    fn a_key_held_down_on_a_slow_line_stays_keys() {
        assert_eq!(coalesce(keys(&"j".repeat(40))).len(), 40);
        assert_eq!(coalesce(keys(&"\n".repeat(40))).len(), 1, "nobody wants to confirm forty times");
    }

    #[test]
    fn far_more_of_one_character_than_a_held_key_gives_is_a_text() {
        assert_eq!(coalesce(keys(&"x".repeat(1024))).len(), 1);
    }

    #[test]
    fn parts_that_were_joined_before_are_joined_with_what_is_beside_them() {
        let mut batch = keys("{\"é");
        batch.extend(coalesce(keys("url\": 1, ")));
        batch.extend(coalesce(keys("\"b\": \"cdefg")));
        batch.extend(keys("\"}"));
        let length = "{\"éurl\": 1, \"b\": \"cdefg\"}".len();
        assert_eq!(size(&coalesce(batch.clone())), length);
        let [Msg::Burst(pasted)] = &coalesce(batch)[..] else { panic!("not one text") };
        assert_eq!(pasted.bytes(), "{\"éurl\": 1, \"b\": \"cdefg\"}".as_bytes());
    }

    #[test]
    fn keys_around_an_arrow_are_not_joined_across_it() {
        let mut batch = keys("abcd");
        batch.push(Msg::Key(KeyEvent::from(KeyCode::Down)));
        batch.extend(keys("efgh"));
        assert_eq!(coalesce(batch).len(), 9);
    }
}
