//! From bytes to keys.

use jiff::Timestamp;

use super::{
    Form, Reading, SIZE_LIMIT,
    fields::Raw,
    judge::{judge_all, mask_all},
    locate::locate,
    node::Node,
    repair::Repair,
    shape::{Unwrapped, by_shape, shape, worth_taking},
    stray,
    text::{Decoded, decode, windows_1252},
};
use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    text::{mask::Mask, safe_text::SafeText, secret::Secret},
};

/// The maximum number of keys in one text.
const KEY_LIMIT: usize = 100;

/// Reads keys from any pasted, piped or saved input. Never fails: errors are in the findings. `now` is used to check
/// certificates.
pub fn read(bytes: &[u8], now: Timestamp) -> Reading {
    let mut reading = Reading { bytes: bytes.len(), ..Reading::default() };
    if bytes.len() > SIZE_LIMIT {
        let seen = Fact::TooLarge { kilobytes: SIZE_LIMIT / 1024 };
        reading.findings.push(Finding::key(FindingCode::KeyTooLarge).seen(seen));
        return reading;
    }
    let Decoded { text, encoding } = match decode(bytes) {
        Ok(decoded) => decoded,
        Err(finding) => {
            // Any bytes are valid Windows-1252, so it only counts if the result contains a key.
            if let Some(text) = windows_1252(bytes) {
                let mut other = Reading { bytes: bytes.len(), ..Reading::default() };
                collect(&text, Some("Windows-1252"), now, &mut other);
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
    collect(&text, encoding, now, &mut reading);
    reading.findings.sort_by_key(Finding::severity);
    reading
}

fn collect(text: &str, encoding: Option<&'static str>, now: Timestamp, reading: &mut Reading) {
    let scan = locate(text, &by_shape(&worth_taking));
    let mut remarks = Remarks::default();
    remarks.unwrapped.extend(encoding.map(Fact::from).into_iter().chain(scan.unwrapped));
    let mut parameters = None;
    let mut seen = None;
    let mut raws: Vec<Raw> = Vec::new();
    for piece in &scan.pieces {
        remarks.repaired.extend(&piece.repaired);
        remarks.repaired.extend(piece.from_broken.then_some(Repair::End));
        seen = seen.or_else(|| Some(names(&piece.node)));
        let Unwrapped { mut keys, wrappers, left_out, runtime, parameters: found } = shape(&piece.node);
        if piece.named {
            keys.iter_mut().filter(|key| key.form != Form::KubernetesSecret).for_each(|key| key.form = Form::NameValue);
        } else {
            remarks.unwrapped.extend(wrappers.into_iter().map(Fact::from));
        }
        raws.extend(keys);
        remarks.left_out.extend(left_out);
        remarks.runtime.extend(runtime);
        remarks.state |= is_terraform_state(&piece.node);
        parameters = parameters.or(found);
    }
    raws.truncate(KEY_LIMIT);
    if scan.cf_text {
        for raw in raws.iter_mut().filter(|raw| matches!(raw.form, Form::Oauth | Form::Flat | Form::Credentials)) {
            raw.form = Form::CfText;
        }
    }
    if raws.is_empty() {
        reading.findings.push(nothing(scan.fault, parameters, seen));
    } else {
        reading.findings.extend(remarks.findings(raws.len()));
    }
    let is_own = |secret: &Secret| raws.iter().any(|raw| raw.secret.as_ref() == Some(secret));
    let stray: Vec<Secret> = stray::secrets(text).into_iter().filter(|secret| !is_own(secret)).collect();
    // The secret of the only key is masked in everything of this key anyway.
    let is_all = raws.len() == 1 && stray.is_empty() && reading.findings.is_empty();
    let mask = if is_all { Mask::default() } else { mask_all(&raws, &stray) };
    reading.findings.iter_mut().for_each(|finding| finding.mask(&mask));
    reading.keys = judge_all(raws, &mask, now);
}

/// The reason why there is no key.
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

/// The member names of an object: what the text contains instead of a key. Names are not secret, but values may be.
fn names(node: &Node) -> String {
    let names: Vec<&str> = node.members().iter().take(6).map(|(name, _)| name.as_str()).collect();
    names.join(", ")
}

/// A Terraform state, which contains every value in plain text.
fn is_terraform_state(node: &Node) -> bool {
    node.has("terraform_version") && (node.has("resources") || node.has("values"))
}

/// Findings about the text as a whole.
#[derive(Default)]
struct Remarks {
    unwrapped: Vec<Fact>,
    repaired: Vec<Repair>,
    left_out: Vec<String>,
    runtime: Vec<String>,
    state: bool,
}

impl Remarks {
    fn findings(mut self, keys: usize) -> Vec<Finding> {
        let mut findings = Vec::new();
        if keys > 1 {
            findings.push(Finding::key(FindingCode::SeveralKeys).about(keys.to_string()));
        }
        self.repaired.sort_unstable();
        self.repaired.dedup();
        let repaired = Fact::several(self.repaired.iter().map(|repair| repair.fact()).collect());
        findings.extend(repaired.map(|repaired| Finding::key(FindingCode::KeyMended).about(repaired)));
        if self.state {
            findings.push(Finding::key(FindingCode::KeyInState));
        } else if let Some(unwrapped) = Fact::several(self.unwrapped) {
            findings.push(Finding::key(FindingCode::KeyUnwrapped).about(unwrapped));
        }
        if let Some(names) = listed(self.left_out) {
            let seen = Fact::LeftOut { names };
            findings.push(Finding::key(FindingCode::KeyUnwrapped).about("VCAP_SERVICES").seen(seen));
        }
        if let Some(others) = listed(self.runtime) {
            findings.push(Finding::key(FindingCode::RuntimeKeyLeftOut).about(others));
        }
        findings
    }
}

/// Unique names on one line.
fn listed(mut names: Vec<String>) -> Option<SafeText> {
    names.sort_unstable();
    names.dedup();
    (!names.is_empty()).then(|| SafeText::line(&names.join(", ")))
}
