//! The search for secrets in everything the program emits, in every encoding.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose};

/// This many consecutive characters of a secret are a leak. The program masks from that length on.
pub const RUN: usize = 12;
/// What the program writes instead of a secret.
const MASK: &[u8] = b"************";
/// How many layers of escaping are decoded.
const LAYERS: usize = 5;

/// Secrets that must not appear.
pub struct Canaries {
    plain: Needles,
    letters: Needles,
    encoded: Needles,
    hexadecimal: Needles,
}

/// Texts, by their first bytes as a number.
#[derive(Default)]
struct Needles {
    /// Whether a part starts with these two bytes.
    begins: Vec<bool>,
    parts: HashMap<u64, Vec<(Vec<u8>, String)>>,
}

impl Needles {
    /// Every run of a text, to be reported under this name.
    fn add(&mut self, text: &[u8], run: usize, name: &str) {
        self.begins.resize(1 << 16, false);
        for part in text.windows(run) {
            self.begins[pair(part)] = true;
            let same = self.parts.entry(head(part)).or_default();
            if same.iter().all(|(known, _)| known != part) {
                same.push((part.to_vec(), name.to_owned()));
            }
        }
    }

    fn find(&self, bytes: &[u8]) -> Option<&str> {
        if self.parts.is_empty() {
            return None;
        }
        let at = |at: usize| bytes.get(at..).filter(|rest| rest.len() >= 8);
        (0..bytes.len()).filter_map(at).filter(|rest| self.begins[pair(rest)]).find_map(|rest| {
            let parts = self.parts.get(&head(rest))?;
            parts.iter().find(|(part, _)| rest.starts_with(part)).map(|(_, name)| name.as_str())
        })
    }
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

fn head(bytes: &[u8]) -> u64 {
    bytes[..8].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

impl Canaries {
    /// Looks for these secrets. One of fewer than [`RUN`] characters may occur by chance, and is not searched for.
    pub fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::of_runs(RUN, secrets)
    }

    /// The same for runs of this many characters, at least 8.
    pub fn of_runs<'a>(run: usize, secrets: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut all = Self {
            plain: Needles::default(),
            letters: Needles::default(),
            encoded: Needles::default(),
            hexadecimal: Needles::default(),
        };
        for (name, secret) in secrets {
            all.plain.add(secret.as_bytes(), run, name);
            all.letters.add(&letters(secret.as_bytes()), run + 4, &format!("{name}, interrupted"));
            let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            all.hexadecimal.add(hexadecimal.as_bytes(), run * 2, &format!("{name}, in hexadecimal"));
            for (before, foreign) in [(0, 0), (1, 2), (2, 3)] {
                let bytes = [&vec![0; before], secret.as_bytes()].concat();
                let end = bytes.len() * 8 / 6;
                for engine in [general_purpose::STANDARD_NO_PAD, general_purpose::URL_SAFE_NO_PAD] {
                    let encoded = engine.encode(&bytes);
                    let own = encoded.as_bytes().get(foreign..end).unwrap_or_default();
                    all.encoded.add(own, run * 3 / 2, &format!("{name}, in base64"));
                }
            }
        }
        all
    }

    /// The parts of secrets found in some bytes. Text on both sides of a mask is not joined.
    pub fn find(&self, bytes: &[u8]) -> Option<String> {
        let mut rest = bytes;
        while let Some(at) = rest.windows(MASK.len()).position(|part| part == MASK) {
            if let Some(found) = self.find_in_piece(&rest[..at]) {
                return Some(found);
            }
            rest = &rest[at + MASK.len()..];
        }
        self.find_in_piece(rest)
    }

    fn find_in_piece(&self, bytes: &[u8]) -> Option<String> {
        let mut layer = bytes.to_vec();
        for depth in 0..LAYERS {
            let found = self.find_in_layer(&layer);
            if let Some(name) = found {
                return Some(if depth == 0 { name } else { format!("{name}, escaped {depth} times") });
            }
            let next = decoded(&layer);
            if next == layer {
                break;
            }
            layer = next;
        }
        None
    }

    fn find_in_layer(&self, bytes: &[u8]) -> Option<String> {
        let as_is = self.plain.find(bytes);
        let found = as_is.or_else(|| {
            let letters = letters(bytes);
            let lower = letters.to_ascii_lowercase();
            self.letters
                .find(&letters)
                .or_else(|| self.hexadecimal.find(&lower))
                .map(|name| name.to_owned().leak() as &str)
        });
        let unwrapped = || bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<u8>>();
        found.map(str::to_owned).or_else(|| self.encoded.find(&unwrapped()).map(str::to_owned))
    }

    /// Asserts that none of the secrets is in some bytes.
    #[track_caller]
    pub fn assert_absent(&self, bytes: &[u8], place: &str) {
        if let Some(found) = self.find(bytes) {
            panic!("{place}: {found}, in\n{}", String::from_utf8_lossy(bytes));
        }
    }

    /// Asserts this for terminal output: as written, without the escape sequences between texts, and in the text that
    /// was copied to the clipboard.
    #[track_caller]
    pub fn assert_absent_in_terminal(&self, written: &[u8], place: &str) {
        self.assert_absent(written, place);
        self.assert_absent(&without_sequences(written), &format!("{place}, without its sequences"));
        for text in osc52(written) {
            self.assert_absent(&text, &format!("{place}, an OSC 52 sequence"));
        }
    }

    /// Asserts this for the names and contents of all files below a folder except these.
    #[track_caller]
    pub fn assert_absent_in_files(&self, folder: &Path, but: &[&str]) -> usize {
        let mut count = 0;
        for file in files(folder) {
            let place = file.display().to_string();
            self.assert_absent(place.as_bytes(), "the name of a file");
            if but.iter().all(|name| !place.ends_with(name)) {
                count += 1;
                self.assert_absent(&fs::read(&file).unwrap_or_default(), &place);
            }
        }
        count
    }
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The texts of all OSC 52 sequences, also of those wrapped for tmux and GNU screen.
pub fn osc52(written: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(written).replace("\x1b\\\x1bP", "").replace("\x1b\x1b]", "\x1b]");
    let payloads = text.split("\x1b]52;").skip(1).filter_map(|rest| rest.split(['\x07', '\x1b']).next());
    let encoded = payloads.filter_map(|payload| payload.split_once(';'));
    encoded.filter_map(|(_, encoded)| general_purpose::STANDARD.decode(encoded).ok()).collect()
}

/// Terminal output without its escape sequences, so that a text drawn in parts is complete.
pub fn without_sequences(written: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(written.len());
    let mut at = 0;
    while let Some(&byte) = written.get(at) {
        at += 1;
        match (byte, written.get(at)) {
            (0x1b, Some(b'[')) => {
                let length = written[at + 1..].iter().position(|byte| (0x40..=0x7e).contains(byte));
                at = length.map_or(written.len(), |length| at + length + 2);
            }
            // Its content is read unchanged.
            (0x1b, Some(_)) => at += 1,
            (0x1b, None) => {}
            _ => out.push(byte),
        }
    }
    out
}

fn letters(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(u8::is_ascii_alphanumeric).collect()
}

/// The bytes with one layer of escaping decoded.
fn decoded(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match escape(&bytes[at..]) {
            Some((c, length)) => {
                out.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
                at += length;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// The character encoded by the escape at the beginning, and the length of the escape.
fn escape(rest: &[u8]) -> Option<(char, usize)> {
    let number = |from: usize, digits: usize, radix: u32| {
        let text = std::str::from_utf8(rest.get(from..from + digits)?).ok()?;
        char::from_u32(u32::from_str_radix(text, radix).ok()?)
    };
    match (rest.first()?, rest.get(1)?) {
        (b'%', _) => Some((number(1, 2, 16)?, 3)),
        (b'=', _) => Some((number(1, 2, 16).filter(char::is_ascii_graphic)?, 3)),
        (b'\\', b'u') => Some((number(2, 4, 16)?, 6)),
        (b'\\', b'x') => Some((number(2, 2, 16)?, 4)),
        (b'\\', b'n' | b'r' | b't') => Some((' ', 2)),
        (b'\\', c) if c.is_ascii_punctuation() => Some((char::from(*c), 2)),
        (b'&', b'#') => {
            let (from, radix) = if rest.get(2) == Some(&b'x') { (3, 16) } else { (2, 10) };
            let digits = rest[from..].iter().take(7).take_while(|byte| char::from(**byte).is_digit(radix)).count();
            let end = from + digits;
            Some((number(from, digits, radix)?, end + usize::from(rest.get(end) == Some(&b';'))))
        }
        (b'&', _) => {
            const NAMED: [(&str, char); 8] = [
                ("&amp;", '&'),
                ("&lt;", '<'),
                ("&gt;", '>'),
                ("&quot;", '"'),
                ("&apos;", '\''),
                ("&equals;", '='),
                ("&dollar;", '$'),
                ("&sol;", '/'),
            ];
            NAMED.iter().find(|(name, _)| rest.starts_with(name.as_bytes())).map(|(name, c)| (*c, name.len()))
        }
        _ => None,
    }
}

/// The forms in which [`Canaries`] must find a secret; a missed form would make the tests worthless.
#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0a1b2c3d-1111-4222-8333-444455556666$Zz_9/Yx8Wv7+Ut6Sr5Qp4On3Ml2Kj1Ih0GgFfEeDd=";

    #[test]
    fn a_canary_is_found_in_every_form() {
        let canaries = Canaries::new([("secret", SECRET)]);
        let each = |form: &dyn Fn(char) -> String| SECRET.chars().map(form).collect::<String>();
        let json = each(&|c| format!("\\u{:04x}", u32::from(c)));
        let forms = [
            SECRET.to_owned(),
            SECRET[30..30 + RUN].to_owned(),
            json.clone(),
            json.replace('\\', "\\\\"),
            each(&|c| format!("%{:02X}", u32::from(c))),
            each(&|c| format!("%25{:02x}", u32::from(c))),
            each(&|c| format!("&#{};", u32::from(c))),
            each(&|c| format!("&#x{:x};", u32::from(c))),
            each(&|c| if c.is_alphanumeric() { c.to_string() } else { format!("\\{c}") }),
            each(&|c| format!("{:02X}", u32::from(c))),
            each(&|c| format!("{c}\n")),
            general_purpose::STANDARD.encode(SECRET),
            general_purpose::STANDARD.encode(format!("a:{SECRET}")),
            general_purpose::URL_SAFE.encode(format!("ab:{SECRET}")),
        ];
        for form in forms {
            assert!(canaries.find(format!("a text with {form} in it").as_bytes()).is_some(), "{form}");
        }
        assert_eq!(canaries.find(b"0a1b2c3d-11 and $Zz_9/Yx8Wv: too short"), None);
        let drawn = each(&|c| format!("\x1b[1;31m{c}\x1b[m"));
        assert!(canaries.find(&without_sequences(drawn.as_bytes())).is_some());
    }
}
