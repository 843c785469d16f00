//! OSC 52, the escape sequence that asks a terminal to copy text to its clipboard.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::backends::Wrap;

/// Terminals silently truncate or drop longer texts. In bytes of Base64.
const LIMIT: usize = 74_994;

/// GNU screen passes on strings of at most this many bytes, including their beginning and end.
const SCREEN_LIMIT: usize = 768;

/// The sequence for a text, or `None` if the text is too long.
///
/// It ends with BEL: the alternative, `ESC \`, would end the wrapping of GNU screen.
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
    fn the_text_goes_to_the_clipboard_selection_as_base64() {
        assert_eq!(sequence("{\"a\":1}", Wrap::Plain).unwrap(), "\x1b]52;c;eyJhIjoxfQ==\x07");
    }

    #[test]
    fn text_that_a_terminal_would_truncate_is_not_sent() {
        let longest = LIMIT / 4 * 3;
        assert!(sequence(&"x".repeat(longest), Wrap::Plain).is_some());
        assert_eq!(sequence(&"x".repeat(longest + 3), Wrap::Plain), None);
    }

    #[test]
    fn screen_gets_pieces_that_it_passes_on_and_that_make_the_same_sequence() {
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
