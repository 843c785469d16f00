//! Masks secrets in foreign text, whatever the escaping or encoding: responses are quoted, and a server may echo what
//! it was sent, as text or as the base64 of a Basic header.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
    ops::Range,
};

use base64::{Engine as _, engine::general_purpose};
use zeroize::Zeroizing;

use super::{
    safe_text::SafeText,
    secret::{MASK, Secret},
};

/// This many consecutive characters of a secret are masked, even if the text contains no more of it.
pub const RUN: usize = 12;
/// A shorter secret appears in any text by chance and is not masked.
const LEAST: usize = 4;
/// A shorter encoded secret appears in any text by chance.
const LEAST_ENCODED: usize = 8;
/// More characters than any sanitised text has.
const UNCUT: usize = 1 << 20;
/// How many layers of escaping are decoded.
const LAYERS: usize = 6;

/// The secrets of one run, as hashes of their parts: it contains no secret text.
#[derive(Clone, Default)]
pub struct Mask {
    hasher: RandomState,
    /// For each length of a part, the hashes of all parts of that length.
    parts: Vec<(usize, HashSet<u64>)>,
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask")
    }
}

/// A decoded character and the range of text that it comes from.
#[derive(Clone)]
struct Unit {
    c: char,
    from: Range<usize>,
}

impl Mask {
    /// Masks this secret too. For PEM, only the encoded part counts, not its labels.
    pub fn add(&mut self, secret: &Secret) {
        self.add_runs(secret, RUN);
    }

    /// Masks this secret too, as a whole or in parts of at least `run` characters. For fields that may share a few
    /// characters with it by chance, as two GUIDs can.
    pub fn add_runs(&mut self, secret: &Secret, run: usize) {
        let text = without_pem_labels(secret.expose());
        for layer in layers(&text) {
            self.add_layer(&layer, run, LEAST);
        }
        for encoded in encodings(&text) {
            self.add_layer(&units(&encoded), run, LEAST_ENCODED);
        }
    }

    fn add_layer(&mut self, layer: &[Unit], run: usize, least: usize) {
        for view in [View::Whole, View::Dense, View::Alphanumeric] {
            let units = Zeroizing::new(numbers(&view.of(layer)));
            let length = units.len().min(run);
            if length >= least {
                let hashes = units.windows(length).map(|part| self.hasher.hash_one(part));
                match self.parts.iter_mut().find(|(known, _)| *known == length) {
                    Some((_, parts)) => parts.extend(hashes),
                    None => self.parts.push((length, hashes.collect())),
                }
            }
        }
    }

    /// Whether there is nothing to mask.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The text with each secret, and each part of one with at least [`RUN`] characters, replaced by [`MASK`]. Takes
    /// linear time.
    pub fn apply(&self, text: &str) -> String {
        let hidden = self.hidden(text);
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for range in hidden {
            out.push_str(&text[end..range.start]);
            out.push_str(MASK);
            end = range.end;
        }
        out.push_str(&text[end..]);
        out
    }

    /// Like [`Mask::apply`], for sanitised text.
    pub fn apply_safe(&self, text: &SafeText) -> SafeText {
        let hidden = self.hidden(text.as_str());
        if hidden.is_empty() { text.clone() } else { SafeText::capped(&self.apply(text.as_str()), UNCUT) }
    }

    /// The ranges to be masked, in order, without overlap.
    fn hidden(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if self.is_empty() {
            return found;
        }
        for layer in layers(text) {
            for view in [View::Whole, View::Dense, View::Alphanumeric] {
                let units = view.of(&layer);
                let chars = Zeroizing::new(numbers(&units));
                for (length, parts) in &self.parts {
                    for (at, part) in chars.windows(*length).enumerate() {
                        if parts.contains(&self.hasher.hash_one(part)) {
                            let range = units[at].from.start..units[at + length - 1].from.end;
                            match found.last_mut() {
                                Some(last) if range.start >= last.start && range.start <= last.end => {
                                    last.end = last.end.max(range.end);
                                }
                                _ => found.push(range),
                            }
                        }
                    }
                }
            }
        }
        found.sort_by_key(|range| range.start);
        found.dedup_by(|next, last| {
            let overlaps = next.start <= last.end;
            if overlaps {
                last.end = last.end.max(next.end);
            }
            overlaps
        });
        found
    }
}

/// How a layer is compared, always ignoring case.
#[derive(Clone, Copy)]
enum View {
    /// The whole state.
    Whole,
    /// Without blanks and control characters, which may be hidden in between.
    Dense,
    /// Only letters and digits of ASCII, so that separators, unknown escapes and foreign letters hide nothing.
    Alphanumeric,
}

impl View {
    fn of(self, layer: &[Unit]) -> Vec<Unit> {
        let counts = |c: char| match self {
            View::Whole => true,
            View::Dense => !c.is_whitespace() && !c.is_control(),
            View::Alphanumeric => c.is_ascii_alphanumeric(),
        };
        let units = layer.iter().filter(|unit| counts(unit.c));
        units.map(|unit| Unit { c: unit.c.to_ascii_lowercase(), from: unit.from.clone() }).collect()
    }
}

/// The characters as numbers, so that a run is hashed at once. Hashing them one by one took most of the time of testing
/// many systems.
fn numbers(units: &[Unit]) -> Vec<u32> {
    units.iter().map(|unit| u32::from(unit.c)).collect()
}

fn units(text: &str) -> Vec<Unit> {
    text.char_indices().map(|(at, c)| Unit { c, from: at..at + c.len_utf8() }).collect()
}

/// The text in hexadecimal, and in base64 of both alphabets at each offset in a group of three bytes: in a Basic
/// header, the client id precedes it. Characters that depend on the surrounding bytes are omitted.
fn encodings(text: &str) -> Vec<Zeroizing<String>> {
    let mut hexadecimal = Zeroizing::new(String::with_capacity(text.len() * 2));
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    hexadecimal.extend(text.bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]));
    let mut all = vec![hexadecimal];
    for (before, foreign) in [(0, 0), (1, 2), (2, 3)] {
        let mut bytes = Zeroizing::new(Vec::with_capacity(before + text.len()));
        bytes.resize(before, 0);
        bytes.extend_from_slice(text.as_bytes());
        let end = bytes.len() * 8 / 6;
        for engine in [general_purpose::STANDARD_NO_PAD, general_purpose::URL_SAFE_NO_PAD] {
            let encoded = Zeroizing::new(engine.encode(&bytes));
            all.extend(encoded.get(foreign..end).map(|own| Zeroizing::new(own.to_owned())));
        }
    }
    all
}

/// The text unchanged, then with each layer of escapes decoded. If there is a caret, once more with carets as
/// characters: `^C` is indistinguishable from the control character that is displayed like that.
fn layers(text: &str) -> Vec<Vec<Unit>> {
    let mut all: Vec<Vec<Unit>> = vec![units(text)];
    for carets in [Caret::Escapes, Caret::IsText] {
        if carets == Caret::IsText && !text.contains('^') {
            break;
        }
        let mut last: Option<Vec<Unit>> = None;
        for _ in 1..LAYERS {
            let Some(next) = decoded(last.as_ref().unwrap_or(&all[0]), carets) else { break };
            all.extend(last.replace(next));
        }
        all.extend(last);
    }
    all
}

/// What a caret before an upper-case letter means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caret {
    /// A displayed control character.
    Escapes,
    /// An ordinary character.
    IsText,
}

/// The layer with its escapes decoded once; `None` if it contains none.
fn decoded(layer: &[Unit], carets: Caret) -> Option<Vec<Unit>> {
    let mut out = Vec::with_capacity(layer.len());
    let mut at = 0;
    let mut changed = false;
    while let Some(unit) = layer.get(at) {
        match escape(&layer[at..]).filter(|_| carets == Caret::Escapes || unit.c != '^') {
            Some((c, length)) => {
                changed = true;
                let end = layer[at + length - 1].from.end;
                out.push(Unit { c, from: unit.from.start..end });
                at += length;
            }
            None => {
                out.push(unit.clone());
                at += 1;
            }
        }
    }
    changed.then_some(out)
}

/// The character that the leading escape stands for, and the length of the escape in characters.
fn escape(rest: &[Unit]) -> Option<(char, usize)> {
    let at = |index: usize| rest.get(index).map(|unit| unit.c);
    let hex = |from: usize, digits: usize| {
        let mut value = 0;
        for index in from..from + digits {
            value = value * 16 + at(index)?.to_digit(16)?;
        }
        char::from_u32(value)
    };
    match at(0)? {
        '%' => match at(1)? {
            // The form of `escape()` in JavaScript.
            'u' | 'U' => Some((hex(2, 4)?, 6)),
            _ => Some((hex(1, 2)?, 3)),
        },
        // Quoted-printable.
        '=' => Some((hex(1, 2).filter(char::is_ascii_graphic)?, 3)),
        '\\' => match at(1)? {
            'u' | 'U' if at(2) == Some('{') => {
                let length = (3..10).find(|index| at(*index) == Some('}'))?;
                Some((hex(3, length - 3)?, length + 1))
            }
            'u' => Some((hex(2, 4)?, 6)),
            'U' => Some((hex(2, 8)?, 10)),
            'x' | 'X' => Some((hex(2, 2)?, 4)),
            'n' | 'r' | 't' | 'f' | 'b' => Some((' ', 2)),
            c if !c.is_alphanumeric() => Some((c, 2)),
            _ => None,
        },
        // A displayed control character.
        '^' => at(1).filter(|c| ('@'..='_').contains(c)).map(|_| (' ', 2)),
        '&' => entity(rest),
        _ => None,
    }
}

/// An HTML entity: numeric, or a named one for characters that secrets contain. The semicolon may be missing.
fn entity(rest: &[Unit]) -> Option<(char, usize)> {
    let name: String = rest.iter().skip(1).take(10).map(|unit| unit.c).collect();
    let ends = |length: usize| length + usize::from(rest.get(length).is_some_and(|unit| unit.c == ';'));
    if let Some(number) = name.strip_prefix('#') {
        let (digits, radix, skipped) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits.chars().take_while(|c| c.is_digit(radix)).count();
        let c = char::from_u32(u32::from_str_radix(&digits[..length], radix).ok()?)?;
        return Some((c, ends(skipped + length)));
    }
    const NAMED: [(&str, char); 21] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("equals", '='),
        ("dollar", '$'),
        ("sol", '/'),
        ("bsol", '\\'),
        ("plus", '+'),
        ("lowbar", '_'),
        ("UnderBar", '_'),
        ("hyphen", '-'),
        ("dash", '-'),
        ("excl", '!'),
        ("verbar", '|'),
        ("percnt", '%'),
        ("period", '.'),
        ("colon", ':'),
        ("commat", '@'),
        ("nbsp", ' '),
    ];
    NAMED.iter().find(|(known, _)| name.starts_with(known)).map(|(known, c)| (*c, ends(1 + known.len())))
}

/// A PEM text without the lines that start with dashes; any other text unchanged.
fn without_pem_labels(text: &str) -> Zeroizing<String> {
    if !text.contains("-----BEGIN") {
        return Zeroizing::new(text.to_owned());
    }
    let text = text.replace("\\n", "\n");
    Zeroizing::new(text.lines().filter(|line| !line.trim_start().starts_with("-----")).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "0a1b2c3d-1111-4222-8333-444455556666$Zz_9/Yx8Wv7+Ut6Sr5Qp4On3Ml2Kj1Ih0GgFfEeDd=";

    fn mask(secret: &str) -> Mask {
        let mut mask = Mask::default();
        mask.add(&Secret::new(secret));
        mask
    }

    /// Whether that many consecutive characters of the secret can be read in the text once its escapes are decoded.
    fn leaks(secret: &str, text: &str) -> bool {
        let chars: Vec<char> = secret.chars().collect();
        chars.windows(RUN.min(chars.len())).any(|run| text.contains(&run.iter().collect::<String>()))
    }

    fn json(text: &str) -> String {
        text.chars().map(|c| format!("\\u{:04x}", c as u32)).collect()
    }

    fn percent(text: &str) -> String {
        text.bytes().map(|b| format!("%{b:02x}")).collect()
    }

    fn entities(text: &str) -> String {
        text.chars().map(|c| format!("&#{};", c as u32)).collect()
    }

    fn symbols(text: &str, escape: impl Fn(char) -> String) -> String {
        text.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { escape(c) }).collect()
    }

    /// Every tested way of writing a secret.
    fn forms(secret: &str) -> Vec<String> {
        vec![
            secret.to_owned(),
            secret.to_uppercase(),
            json(secret),
            percent(secret),
            percent(secret).to_uppercase(),
            percent(&percent(secret)),
            entities(secret),
            entities(&entities(secret)).replace("&#38;", "&amp;"),
            json(&percent(secret)),
            json(&json(secret)),
            symbols(secret, |c| format!("\\u{:04X}", c as u32)),
            symbols(secret, |c| format!("\\{c}")),
            symbols(secret, |c| format!("\\\\{c}")),
            symbols(secret, |c| format!("%{:02X}", c as u32)),
            symbols(secret, |c| format!("%25{:02x}", c as u32)),
            symbols(secret, |c| format!("&#x{:x};", c as u32)),
            symbols(secret, |c| format!("\\x{:02x}", c as u32)),
            symbols(secret, |c| match c {
                '=' => "&equals;".into(),
                '$' => "&dollar;".into(),
                c => c.to_string(),
            }),
            secret.chars().map(|c| format!("{c} ")).collect(),
            secret.chars().map(|c| format!("{c}-")).collect(),
            secret.chars().map(|c| format!("{c}\n")).collect(),
            format!("{}\u{1b}{}", &secret[..secret.len() / 2], &secret[secret.len() / 2..]),
        ]
    }

    #[test]
    fn a_secret_is_masked_however_it_is_escaped() {
        for form in forms(SECRET) {
            let text = mask(SECRET).apply(&format!("Bad secret '{form}' for client x"));
            assert!(text.starts_with("Bad secret '") && text.ends_with("' for client x"), "{form}: {text}");
            let rest = text.replace(MASK, "");
            assert!(rest.len() < "Bad secret '' for client x".len() + RUN, "{form}: {text}");
        }
    }

    #[test]
    fn a_part_of_a_secret_is_masked_from_twelve_characters_on() {
        let mask = mask(SECRET);
        assert_eq!(mask.apply(&format!("{}…", &SECRET[..RUN])), format!("{MASK}…"));
        assert_eq!(mask.apply(&SECRET[..RUN - 4]), &SECRET[..RUN - 4]);
        assert_eq!(
            mask.apply(&format!("a {} b {} c", &SECRET[3..40], &SECRET[20..60])),
            format!("a {MASK} b {MASK} c")
        );
    }

    #[test]
    fn a_caret_hides_no_letter_behind_it() {
        for text in ["444455556666\\u0024^Zz_9/Yx8", "444455556666$^Zz_9/Yx8", "444455556666^C\\u0024Zz_9/Yx8"] {
            assert_eq!(mask(SECRET).apply(text), MASK, "{text}");
        }
    }

    #[test]
    fn letters_of_another_alphabet_hide_nothing_between_them() {
        for text in ["44445555\u{418}6666$Zz_9/Yx8", "444455556666\\u0418Zz_9/Yx8", "4444漢55556666$Z\u{e9}z_9/Yx8"] {
            assert_eq!(mask(SECRET).apply(text), MASK, "{text}");
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        let mask = mask(SECRET);
        for text in ["", "Bad credentials", "100 % of it=20 &c; \\ \\u12 %zz &#; &#x110000; ^", "ä€𝄞 \\ud800"] {
            assert_eq!(mask.apply(text), text);
        }
        assert_eq!(Mask::default().apply(SECRET), SECRET);
    }

    #[test]
    fn of_a_private_key_the_encoded_lines_count_and_not_the_labels() {
        let pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----\n";
        let mask = mask(pem);
        assert_eq!(mask.apply("no -----BEGIN PRIVATE KEY----- here"), "no -----BEGIN PRIVATE KEY----- here");
        assert_eq!(mask.apply("x MIIEvQIBADANBgkqhkiG9w0B\\nAQEFAASCBKcwggSjAgEAAoIB y"), format!("x {MASK} y"));
    }

    #[test]
    fn a_short_secret_is_masked_as_a_whole_and_a_very_short_one_is_not() {
        assert_eq!(mask("hunter2").apply("no hunter2, hunter"), format!("no {MASK}, hunter"));
        assert_eq!(mask("q").apply("request"), "request");
    }

    /// How servers may echo a secret that was sent in a Basic header, or as bytes.
    fn encoded_forms(secret: &str, before: &str) -> Vec<(String, String)> {
        let with_id = format!("{before}:{secret}");
        let lines = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            chars.chunks(19).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\r\n ")
        };
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let spaced: Vec<String> = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
        let standard = general_purpose::STANDARD.encode(&with_id);
        let own = standard[(before.len() + 1).div_ceil(3) * 4..].trim_end_matches('=').to_owned();
        let url_safe = general_purpose::URL_SAFE.encode(&with_id);
        let own_url_safe = url_safe[(before.len() + 1).div_ceil(3) * 4..].trim_end_matches('=').to_owned();
        vec![
            (format!("Basic {standard}"), own.clone()),
            (url_safe, own_url_safe),
            (lines(&standard), own.clone()),
            (percent(&standard), own.clone()),
            (symbols(&standard, |c| format!("\\u{:04x}", c as u32)), own),
            (hex.clone(), hex.clone()),
            (hex.to_uppercase(), hex.to_uppercase()),
            (spaced.join(":"), spaced.concat()),
            (spaced.join(" "), spaced.concat()),
        ]
    }

    #[test]
    fn a_secret_in_base64_or_hexadecimal_is_masked_and_what_is_around_it_stays() {
        for before in ["", "i", "id", "sb-0a1b2c3d!b1|it!b2"] {
            for (form, _) in encoded_forms(SECRET, before) {
                let text = mask(SECRET).apply(&format!("Invalid header '{form}' for client x"));
                assert!(text.starts_with("Invalid header '") && text.ends_with("' for client x"), "{form}: {text}");
                assert!(text.contains(MASK), "{form}: {text}");
            }
        }
        assert_eq!(
            mask(SECRET).apply("SGVsbG8sIHdvcmxkIQ== 48656c6c6f2c20776f"),
            "SGVsbG8sIHdvcmxkIQ== 48656c6c6f2c20776f"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_encoded_secret_survives_at_any_place(
            secret in "[ -~]{16,80}", id in "[ -~]{0,20}", before in "[ -~]{0,30}", after in "[ -~]{0,30}", cut in 0usize..40,
        ) {
            let mask = mask(&secret);
            for (form, own) in encoded_forms(&secret, &id) {
                let rest: String = form.chars().skip(cut.min(form.chars().count() / 4)).collect();
                let text = mask.apply(&format!("{before}{rest}{after}"));
                let dense: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
                // The last character may contain bits of what follows the secret.
                let own = &own[..own.len() - 1];
                prop_assert!(!leaks(own, &text) && !leaks(own, &dense), "{} in {}", form, text);
            }
        }

        #[test]
        fn no_secret_of_any_kind_survives_in_any_escaping_at_any_place(
            secret in "[ -~]{16,80}", before in "[ -~]{0,30}", after in "[ -~]{0,30}", cut in 0usize..40,
        ) {
            let mask = mask(&secret);
            for form in forms(&secret) {
                let kept: String = form.chars().skip(cut.min(form.chars().count() / 4)).collect();
                let text = mask.apply(&format!("{before}{kept}{after}"));
                prop_assert!(!leaks(&secret, &text), "{form} in {text}");
                for layer in layers(&text) {
                    let decoded: String = layer.iter().map(|unit| unit.c).collect();
                    prop_assert!(!leaks(&secret, &decoded), "{form} in {decoded}");
                }
            }
        }

        #[test]
        fn no_text_breaks_the_mask(text in "\\PC*", secret in "\\PC{0,40}") {
            let _ = mask(&secret).apply(&text);
        }
    }
}
