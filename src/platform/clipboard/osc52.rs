//! The escape sequence that asks a terminal to take text into its clipboard: OSC 52.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::ladder::Wrap;

/// Longer texts are cut or dropped by terminals without a word. In bytes of Base64.
const LIMIT: usize = 74_994;

/// GNU screen passes strings of at most so many bytes on, with their beginning and end.
const SCREEN_LIMIT: usize = 768;

/// The sequence for a text, or `None` where the text is too long for one.
///
/// It ends with BEL: the other end, `ESC \`, would end the wrapping of GNU screen.
pub fn sequence(text: &str, wrap: Wrap) -> Option<String> {
    let encoded = STANDARD.encode(text);
    if encoded.len() > LIMIT {
        return None;
    }
    let bare = format!("\x1b]52;c;{encoded}\x07");
    Some(match wrap {
        Wrap::Plain => bare,
        Wrap::Screen => {
            let mut wrapped = String::with_capacity(bare.len() + bare.len() / 100);
            let mut rest = bare.as_str();
            while !rest.is_empty() {
                let (part, after) = rest.split_at(rest.len().min(SCREEN_LIMIT - "\x1bP\x1b\\".len()));
                wrapped.extend(["\x1bP", part, "\x1b\\"]);
                rest = after;
            }
            wrapped
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_goes_as_base64_into_the_clipboard_selection() {
        assert_eq!(sequence("{\"a\":1}", Wrap::Plain).unwrap(), "\x1b]52;c;eyJhIjoxfQ==\x07");
    }

    #[test]
    fn text_that_a_terminal_would_cut_is_not_sent_at_all() {
        let longest = LIMIT / 4 * 3;
        assert!(sequence(&"x".repeat(longest), Wrap::Plain).is_some());
        assert_eq!(sequence(&"x".repeat(longest + 3), Wrap::Plain), None);
    }

    #[test]
    fn screen_gets_pieces_that_it_passes_on_and_that_come_to_the_same() {
        let text = "roles ".repeat(500);
        let wrapped = sequence(&text, Wrap::Screen).unwrap();
        let pieces: Vec<&str> = wrapped.split_inclusive("\x1b\\").collect();
        assert!(pieces.len() > 5);
        let mut joined = String::new();
        for piece in pieces {
            assert!(piece.len() <= SCREEN_LIMIT);
            joined.push_str(piece.strip_prefix("\x1bP").unwrap().strip_suffix("\x1b\\").unwrap());
        }
        assert_eq!(Some(joined), sequence(&text, Wrap::Plain));
    }
}
