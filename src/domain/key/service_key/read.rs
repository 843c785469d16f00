//! The way from bytes to keys.

use jiff::Timestamp;

use super::{
    Form, Found, Reading, SIZE_LIMIT,
    fields::Raw,
    judge::judge,
    locate::{Located, locate},
    shape::{Shaped, shape, worth_taking},
    text::{Decoded, decode, windows_1252},
};
use crate::domain::{
    finding::{Finding, FindingCode},
    text::safe_text::SafeText,
};

/// How many keys of one text are looked at.
const KEY_LIMIT: usize = 100;

/// Reads keys from whatever a person pasted, piped or saved. Never fails: what is wrong is in the findings. `now` decides
/// about certificates.
pub fn read(bytes: &[u8], now: Timestamp) -> Reading {
    let mut reading = Reading { bytes: bytes.len(), ..Reading::default() };
    if bytes.len() > SIZE_LIMIT {
        let seen = format!("{} bytes, at most {SIZE_LIMIT}", bytes.len());
        reading.findings.push(Finding::key(FindingCode::KeyTooLarge).seen(seen));
        return reading;
    }
    let Decoded { text, encoding } = match decode(bytes) {
        Ok(decoded) => decoded,
        Err(finding) => {
            // Any bytes can be read as Windows-1252, so it counts only where a key comes of it.
            if let Some(text) = windows_1252(bytes) {
                let mut other = Reading { bytes: bytes.len(), ..Reading::default() };
                collect(locate(&text, &worth_taking), Some("Windows-1252"), now, &mut other);
                if !other.keys.is_empty() {
                    other.findings.sort_by_key(Finding::severity);
                    return other;
                }
            }
            reading.findings.push(finding);
            return reading;
        }
    };
    if text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')) {
        reading.findings.push(Finding::key(FindingCode::KeyEmpty));
        return reading;
    }
    let located = locate(&text, &worth_taking);
    collect(located, encoding, now, &mut reading);
    reading.findings.sort_by_key(Finding::severity);
    reading
}

fn collect(located: Located, encoding: Option<&'static str>, now: Timestamp, reading: &mut Reading) {
    let mut unwrapped: Vec<String> = encoding.into_iter().chain(located.unwrapped).map(str::to_owned).collect();
    let mut mended: Vec<&'static str> = Vec::new();
    let mut left_out = Vec::new();
    let mut parameters = None;
    let mut seen = None;
    let mut raws: Vec<Raw> = Vec::new();
    for piece in &located.pieces {
        let shaped = shape(&piece.node);
        mended.extend(piece.mended.iter().map(|mend| mend.words()));
        if piece.from_broken {
            mended.push(super::mend::Mend::End.words());
        }
        seen = seen.or_else(|| Some(names(&piece.node)));
        let Shaped { keys, wrappers, left_out: others, parameters: found } = shaped;
        raws.extend(keys);
        unwrapped.extend(wrappers);
        left_out.extend(others);
        parameters = parameters.or(found);
    }
    raws.truncate(KEY_LIMIT);
    if located.cf_text {
        for raw in raws.iter_mut().filter(|raw| matches!(raw.form, Form::Oauth | Form::Flat | Form::Credentials)) {
            raw.form = Form::CfText;
        }
    }
    if raws.is_empty() {
        reading.findings.push(nothing(located.fault, parameters, seen));
        return;
    }
    reading.keys = raws.into_iter().map(|raw| judge(raw, now)).collect();
    reading.findings.extend(remarks(unwrapped, mended, left_out, &reading.keys));
}

/// Why there is no key.
fn nothing(fault: Option<Finding>, parameters: Option<String>, seen: Option<String>) -> Finding {
    match (fault, parameters) {
        (_, Some(parameters)) => Finding::key(FindingCode::KeyIsParameters).seen(SafeText::line(&parameters)),
        (Some(fault), None) => fault,
        (None, None) => {
            let finding = Finding::key(FindingCode::KeyNotAKey);
            match seen.filter(|seen| !seen.is_empty()) {
                Some(seen) => finding.seen(SafeText::capped(&seen, 80)),
                None => finding,
            }
        }
    }
}

/// The names of an object's members: what the text holds instead of a key. Names are no secrets, values may be.
fn names(node: &super::node::Node) -> String {
    let names: Vec<&str> = node.members().iter().take(6).map(|(name, _)| name.as_str()).collect();
    names.join(", ")
}

fn remarks(
    unwrapped: Vec<String>,
    mut mended: Vec<&'static str>,
    mut left_out: Vec<String>,
    keys: &[Found],
) -> Vec<Finding> {
    let mut remarks = Vec::new();
    if keys.len() > 1 {
        remarks.push(Finding::key(FindingCode::SeveralKeys).about(keys.len().to_string()));
    }
    mended.sort_unstable();
    mended.dedup();
    if !mended.is_empty() {
        remarks.push(Finding::key(FindingCode::KeyMended).about(mended.join(", ")));
    }
    if !unwrapped.is_empty() {
        remarks.push(Finding::key(FindingCode::KeyUnwrapped).about(SafeText::line(&unwrapped.join(", "))));
    }
    left_out.sort_unstable();
    left_out.dedup();
    if !left_out.is_empty() {
        let others = SafeText::line(&left_out.join(", "));
        remarks
            .push(Finding::key(FindingCode::KeyUnwrapped).about("VCAP_SERVICES").seen(format!("left out: {others}")));
    }
    remarks
}
