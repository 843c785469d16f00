//! Judges the fields of one key: what is missing, what cannot be used, what a person should look at.

use jiff::Timestamp;

use super::{
    Credential, CredentialType, Field, Form, Found, KeySummary, ServiceKey,
    certificate::{self, Checked},
    fields::Raw,
    foreign, shown,
};
use crate::domain::{
    finding::{Finding, FindingCode, Severity},
    key::address::Address,
    text::{
        safe_text::SafeText,
        secret::{MASK, Secret},
    },
};

/// A finding and the field it is shown beside.
type Noted = (Option<&'static str>, Finding);

/// Judges `raw` as of `now`.
pub(super) fn judge(raw: Raw, now: Timestamp) -> Found {
    let mut noted: Vec<Noted> = Vec::new();
    let foreign = foreign::classify(&raw);
    for name in &raw.twice {
        noted.push((label(name), Finding::key(FindingCode::KeyFieldTwice).about(SafeText::line(name))));
    }
    let url = address(&raw, "url", &mut noted);
    let token_url = address(&raw, "tokenurl", &mut noted);
    let client_id = client_id(&raw, &mut noted);
    let proof = proof(&raw, now, &mut noted);
    if let Some(foreign) = foreign {
        // One plain reason; what else is missing in a key of something else does not matter.
        noted.clear();
        let beside = foreign.subject().and_then(|subject| label(subject.as_str()));
        noted.push((beside, foreign));
    } else if let (Some(url), Some(token_url)) = (&url, &token_url)
        && let Some(finding) = Address::disagreement(url, token_url)
    {
        noted.push((Some("tokenurl"), finding));
    }
    noted.sort_by_key(|(_, finding)| finding.severity());
    let blocked = noted.iter().any(|(_, finding)| finding.severity() == Severity::Error);
    let summary = summary(&raw, url.as_ref(), token_url.as_ref(), &proof);
    let fields = rows(&raw, &proof, &noted);
    let key = match (client_id, proof.credential, url, token_url) {
        (Some(client_id), Some(credential), Some(url), Some(token_url)) if !blocked => {
            Some(ServiceKey { client_id, credential, url, token_url })
        }
        _ => None,
    };
    let findings = noted.into_iter().map(|(_, finding)| finding).collect();
    Found { name: raw.name.as_deref().map(SafeText::line), summary, key, findings, fields, raw }
}

/// The label of the row that a field's name belongs to.
fn label(name: &str) -> Option<&'static str> {
    ["url", "tokenurl", "clientid", "clientsecret", "certificate", "key"]
        .into_iter()
        .find(|label| name.eq_ignore_ascii_case(label))
}

fn missing(raw: &Raw, field: &'static str) -> Noted {
    let code = match raw.not_text.contains(&field) {
        true => FindingCode::KeyFieldUnusable,
        false => FindingCode::KeyFieldMissing,
    };
    let finding = Finding::key(code).about(field);
    (Some(field), if code == FindingCode::KeyFieldUnusable { finding.seen("not a text") } else { finding })
}

fn address(raw: &Raw, field: &'static str, noted: &mut Vec<Noted>) -> Option<Address> {
    let (value, parse): (_, fn(&str) -> _) = match field {
        "url" => (&raw.url, Address::parse_api),
        _ => (&raw.token_url, Address::parse_token),
    };
    let Some(value) = value else {
        noted.push(missing(raw, field));
        return None;
    };
    match parse(value) {
        Ok((address, findings)) => {
            noted.extend(findings.into_iter().map(|finding| (Some(field), finding)));
            Some(address)
        }
        Err(finding) => {
            noted.push((Some(field), finding));
            None
        }
    }
}

fn client_id(raw: &Raw, noted: &mut Vec<Noted>) -> Option<String> {
    let Some(id) = raw.client_id.as_deref().map(str::trim) else {
        noted.push(missing(raw, "clientid"));
        return None;
    };
    let swapped = shown::is_secret(id).then_some("it looks like a client secret");
    match swapped.or_else(|| odd_character(id)) {
        Some(what) => {
            noted.push((Some("clientid"), Finding::key(FindingCode::KeyFieldUnusable).about("clientid").seen(what)));
            None
        }
        None => Some(id.to_owned()),
    }
}

/// What a client proves itself with, as far as the fields tell.
#[derive(Default)]
struct Proof {
    kind: Option<CredentialType>,
    credential: Option<Credential>,
    expires: Option<String>,
}

fn proof(raw: &Raw, now: Timestamp, noted: &mut Vec<Noted>) -> Proof {
    if let Some(secret) = &raw.secret {
        let credential = client_secret(secret, noted).map(Credential::ClientSecret);
        return Proof { kind: Some(CredentialType::ClientSecret), credential, expires: None };
    }
    let Some(chain) = &raw.certificate else {
        if raw.private_key.is_some() {
            noted.push(missing(raw, "certificate"));
            return Proof { kind: Some(CredentialType::Certificate), ..Proof::default() };
        }
        noted.push(missing(raw, "clientsecret"));
        return Proof::default();
    };
    let kind = match raw.private_key {
        Some(_) if !raw.key_given => CredentialType::Certificate,
        _ => CredentialType::ExternalCertificate,
    };
    let Checked { credential, expires, findings } = certificate::check(chain, raw.private_key.as_ref(), now);
    for finding in findings {
        let beside = match finding.code {
            FindingCode::PrivateKeyMissing | FindingCode::PrivateKeyUnreadable => "key",
            _ => "certificate",
        };
        noted.push((Some(beside), finding));
    }
    Proof { kind: Some(kind), credential, expires: expires.or_else(|| raw.valid_until.clone()) }
}

fn client_secret(secret: &Secret, noted: &mut Vec<Noted>) -> Option<Secret> {
    const FIELD: &str = "clientsecret";
    let mut push = |code, seen: Option<&str>| {
        let finding = Finding::key(code).about(FIELD);
        noted.push((Some(FIELD), seen.map_or(finding.clone(), |seen| finding.seen(seen))));
    };
    let trimmed = secret.expose().trim();
    let swapped = (trimmed.starts_with("sb-") && trimmed.contains('!')).then_some("it looks like a client id");
    if let Some(what) = swapped.or_else(|| odd_character(trimmed)) {
        push(FindingCode::KeyFieldUnusable, Some(what));
        return None;
    }
    if is_truncated(trimmed) {
        push(FindingCode::SecretTruncated, None);
        return None;
    }
    if trimmed.len() == secret.expose().len() {
        return Some(secret.clone());
    }
    push(FindingCode::SecretTrimmed, None);
    Some(Secret::new(trimmed))
}

/// Secrets look like `<guid>$<base64>=`. A shell that takes `$` for a variable leaves the guid, the guid and `$`, or the guid
/// and what stands after the first character that no variable name has.
fn is_truncated(secret: &str) -> bool {
    shown::after_guid(secret).is_some_and(|rest| rest.strip_prefix('$').is_none_or(str::is_empty))
}

/// What in a client id or a secret cannot be: neither has white space, control characters or anything but ASCII.
fn odd_character(value: &str) -> Option<&'static str> {
    value.chars().find_map(|c| match c {
        _ if c.is_whitespace() => Some("white space inside"),
        _ if c.is_control() => Some("a control character inside"),
        _ if !c.is_ascii() => Some("a character that is not ASCII"),
        _ => None,
    })
}

fn summary(raw: &Raw, url: Option<&Address>, token_url: Option<&Address>, proof: &Proof) -> KeySummary {
    let used = |address: Option<&Address>, raw: &Option<String>| {
        address.map(|address| SafeText::line(address.as_str())).or_else(|| raw.as_deref().map(shown::address))
    };
    KeySummary {
        form: raw.form,
        credential: proof.kind,
        plan: foreign::plan(raw),
        client_id: raw.client_id.as_deref().map(shown::client_id),
        url: used(url, &raw.url),
        token_url: used(token_url, &raw.token_url),
        region: url.or(token_url).and_then(Address::region).map(str::to_owned),
        created: raw.created.as_deref().map(SafeText::line),
        expires: proof.expires.as_deref().map(SafeText::line),
    }
}

/// One row a field, in the order of the panel.
fn rows(raw: &Raw, proof: &Proof, noted: &[Noted]) -> Vec<Field> {
    let mask = |there: bool| there.then(|| SafeText::line(MASK));
    let mut rows = vec![
        ("url", raw.url.as_deref().map(shown::address), false),
        ("tokenurl", raw.token_url.as_deref().map(shown::address), false),
        ("clientid", raw.client_id.as_deref().map(shown::client_id), false),
    ];
    match proof.kind {
        Some(CredentialType::Certificate | CredentialType::ExternalCertificate) => {
            let until = proof.expires.as_ref().map(|until| SafeText::line(&format!("valid until {until}")));
            let there = || raw.certificate.as_ref().map(|_| SafeText::line("PEM"));
            rows.push(("certificate", until.or_else(there), false));
            rows.push(("key", mask(raw.private_key.is_some()), true));
        }
        _ => rows.push(("clientsecret", mask(raw.secret.is_some()), true)),
    }
    rows.into_iter()
        .map(|(label, value, secret)| Field {
            label,
            value,
            secret,
            finding: noted.iter().find(|(field, _)| *field == Some(label)).map(|(_, finding)| finding.code),
        })
        .collect()
}

/// A key of typed fields.
pub(super) fn typed(typed: &super::Typed) -> Raw {
    let some = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    Raw {
        url: some(&typed.url),
        token_url: some(&typed.token_url),
        client_id: some(&typed.client_id),
        secret: (!typed.secret.expose().trim().is_empty()).then(|| typed.secret.clone()),
        ..Raw::empty(Form::Typed)
    }
}
