//! PEM as found in practice: with literal `\n`, with spaces instead of line breaks, or on one line.

use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
/// Columns of a PEM line (RFC 7468).
const WIDTH: usize = 64;

/// One block, in canonical form.
pub(super) struct Block {
    /// `CERTIFICATE`, `RSA PRIVATE KEY`
    pub label: String,
    /// The complete block, with lines of 64 characters.
    pub pem: Zeroizing<String>,
    /// Whether the content is encrypted in the legacy OpenSSL format.
    pub encrypted: bool,
}

/// The blocks of a text, in order. Anything that is not base64 (line breaks, literal `\n`) is removed.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        rest = &rest[at + BEGIN.len()..];
        let Some((label, body)) = rest.split_once(DASHES) else { break };
        // SAP's own sample ends without the final dashes, so the beginning of the end marker terminates a block.
        let end = body.find(DASHES).unwrap_or(body.len());
        let closed = body[end..].trim_start_matches('-').starts_with("END");
        let inner = &body[..end];
        let encrypted = inner.contains("ENCRYPTED");
        if closed
            && label.len() <= 40
            && label.chars().all(|c| c.is_ascii_uppercase() || c == ' ' || c.is_ascii_digit())
        {
            blocks.push(Block { label: label.to_owned(), pem: written(label, inner), encrypted });
        }
        rest = &body[end..];
    }
    blocks
}

fn written(label: &str, inner: &str) -> Zeroizing<String> {
    let inner = Zeroizing::new(inner.replace("\\r", ""));
    let inner = Zeroizing::new(inner.replace("\\n", ""));
    let mut pem = Zeroizing::new(String::with_capacity(inner.len() + inner.len() / WIDTH + 2 * label.len() + 40));
    pem.push_str(&format!("{BEGIN}{label}{DASHES}\n"));
    let mut column = 0;
    for c in inner.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')) {
        if column == WIDTH {
            pem.push('\n');
            column = 0;
        }
        pem.push(c);
        column += 1;
    }
    pem.push_str(&format!("\n-----END {label}-----\n"));
    pem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_gives_the_same_result() {
        let good = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for text in [
            good.to_owned(),
            good.replace('\n', "\r\n"),
            good.replace('\n', "\\n"),
            good.replace('\n', "\\r\\n"),
            good.replace('\n', " "),
            good.replace('\n', ""),
            format!("Bag Attributes\n    friendlyName: x\n{good}"),
            good.trim_end().trim_end_matches('-').to_owned(),
        ] {
            let found = blocks(&text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(*found[0].pem, good, "{text}");
        }
    }

    #[test]
    fn a_chain_is_taken_apart_and_what_is_cut_off_is_left_out() {
        let one = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(blocks(&one.repeat(3)).len(), 3);
        assert_eq!(blocks(&format!("{one}-----BEGIN CERTIFICATE-----\nAAAA")).len(), 1);
        assert!(blocks("-----BEGIN ").is_empty());
    }
}
