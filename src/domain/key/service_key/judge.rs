//! Validates the fields of one key: missing ones, unusable ones, and ones that need attention.

use jiff::Timestamp;

use super::{
    Credential, CredentialType, Field, Form, Found, KeySummary, ServiceKey,
    certificate::{self, Checked},
    fields::Raw,
    foreign, mangled, shown,
};
use crate::domain::{
    finding::{Fact, Finding, FindingCode, Severity},
    key::address::Address,
    text::{
        mask::Mask,
        safe_text::SafeText,
        secret::{MASK, Secret},
        shown::Shown as _,
        when::DayText,
    },
};

/// A finding and the field it is shown next to.
type Placed = (Option<&'static str>, Finding);

/// Validates the keys of one text as of `now`. `others` masks what is secret in the text as a whole: the secret of one key
/// may be in a field of another, where nobody expects it.
pub(super) fn judge_all(raws: Vec<Raw>, others: &Mask, now: Timestamp) -> Vec<Found> {
    raws.into_iter().map(|raw| judge_beside(raw, others, now)).collect()
}

/// Masks the secrets of all keys of one text, and those in `stray`, which may be anywhere in it.
pub(super) fn mask_all(raws: &[Raw], stray: &[Secret]) -> Mask {
    let mut all = Mask::default();
    raws.iter().for_each(|raw| add_secrets(&mut all, raw));
    stray.iter().for_each(|secret| all.add_runs(secret, SHORTEST_RUN));
    all
}

/// Validates the only key of a text as of `now`.
pub(super) fn judge(raw: Raw, now: Timestamp) -> Found {
    judge_beside(raw, &Mask::default(), now)
}

/// Validates `raw`. `others` masks what else is secret in the text.
fn judge_beside(raw: Raw, others: &Mask, now: Timestamp) -> Found {
    let mut placed: Vec<Placed> = Vec::new();
    let original = raw.clone();
    let raw = bare(raw, &mut placed);
    let foreign = foreign::classify(&raw);
    for name in &raw.twice {
        placed.push((label(name), Finding::key(FindingCode::KeyFieldTwice).about(SafeText::line(name))));
    }
    let url = address(&raw, "url", &mut placed);
    let token_url = address(&raw, "tokenurl", &mut placed);
    let client_id = client_id(&raw, &mut placed);
    let proof = proof(&raw, now, &mut placed);
    if let Some(foreign) = foreign {
        // Give one clear reason; other findings do not matter for a key of another service.
        placed.clear();
        let beside = foreign.subject().and_then(|subject| label(subject.as_text()?));
        placed.push((beside, foreign));
    } else if let (Some(url), Some(token_url)) = (&url, &token_url)
        && let Some(finding) = Address::disagreement(url, token_url)
    {
        placed.push((Some("tokenurl"), finding));
    }
    placed.sort_by_key(|(_, finding)| finding.severity());
    let blocked = placed.iter().any(|(_, finding)| finding.severity() == Severity::Error);
    let mut summary = summary(&raw, url.as_ref(), token_url.as_ref(), &proof);
    let mut fields = rows(&raw, &proof, &placed, now);
    let key = match (client_id, proof.credential, url, token_url) {
        (Some(client_id), Some(credential), Some(url), Some(token_url)) if !blocked => {
            Some(ServiceKey { client_id, credential, url, token_url })
        }
        _ => None,
    };
    let mut findings: Vec<Finding> = placed.into_iter().map(|(_, finding)| finding).collect();
    let mut name = raw.name.as_deref().map(SafeText::line);
    let mut own = Mask::default();
    add_secrets(&mut own, &raw);
    for mask in [&own, others].into_iter().filter(|mask| !mask.is_empty()) {
        findings.iter_mut().for_each(|finding| finding.mask(mask));
        let shown = [&mut name, &mut summary.client_id, &mut summary.url, &mut summary.token_url];
        let dates = [&mut summary.created, &mut summary.expires];
        for text in shown.into_iter().chain(dates).flatten() {
            *text = mask.apply_safe(text);
        }
        let values = fields.iter_mut().filter(|field| !field.secret).flat_map(|field| &mut field.value);
        values.for_each(|value| value.mask(mask));
    }
    Found { name, summary, key, findings, fields, raw: original }
}

/// Masks the secrets of a key, which may also appear in other fields and names.
fn add_secrets(mask: &mut Mask, raw: &Raw) {
    // Of one that is far too long the beginning is enough: it is not used.
    let beginning = |secret: &Secret| Secret::new(secret.expose().chars().take(LONGEST).collect::<String>());
    let secrets = [&raw.secret, &raw.private_key].into_iter().flatten().map(beginning);
    // A shorter one may occur in a host by chance.
    secrets
        .filter(|secret| secret.expose().trim().len() >= SHORTEST_MASKED)
        .for_each(|secret| mask.add_runs(&secret, SHORTEST_RUN));
}

/// Shorter parts of a secret are not masked in other fields of the key: the client id is a GUID, like the beginning of
/// the secret, and invented ones share groups.
const SHORTEST_RUN: usize = 24;

/// Shorter secrets are masked only in their own field.
const SHORTEST_MASKED: usize = 8;

/// No client id and no client secret has more bytes; SAP's have about a hundred. Looking for a secret of the size of a
/// whole file in texts would take seconds.
const LONGEST: usize = 16 * 1024;

/// Removes characters around client id and secret that do not belong to them.
fn bare(mut raw: Raw, placed: &mut Vec<Placed>) -> Raw {
    let mut place = |field: &'static str, done: Vec<Fact>| {
        placed.extend(done.into_iter().map(|done| (Some(field), Finding::key(FindingCode::KeyMended).about(done))));
    };
    if let Some(id) = &raw.client_id {
        let (bare, done) = mangled::bare(id, shown::is_client_id);
        if !done.is_empty() {
            raw.client_id = Some(bare.into_owned());
            place("clientid", done);
        }
    }
    if let Some(secret) = &raw.secret {
        let (bare, done) = mangled::bare(secret.expose(), shown::is_secret);
        if !done.is_empty() {
            raw.secret = Some(Secret::new(bare));
            place("clientsecret", done);
        }
    }
    raw
}

/// The row label for a field name.
fn label(name: &str) -> Option<&'static str> {
    ["url", "tokenurl", "clientid", "clientsecret", "certificate", "key"]
        .into_iter()
        .find(|label| name.eq_ignore_ascii_case(label))
}

fn missing(raw: &Raw, field: &'static str) -> Placed {
    let code = match raw.not_text.contains(&field) {
        true => FindingCode::KeyFieldUnusable,
        false => FindingCode::KeyFieldMissing,
    };
    let finding = Finding::key(code).about(field);
    (Some(field), if code == FindingCode::KeyFieldUnusable { finding.seen(Fact::NotText) } else { finding })
}

fn address(raw: &Raw, field: &'static str, placed: &mut Vec<Placed>) -> Option<Address> {
    let (value, parse): (_, fn(&str) -> _) = match field {
        "url" => (&raw.url, Address::parse_api),
        _ => (&raw.token_url, Address::parse_token),
    };
    let Some(value) = value else {
        placed.push(missing(raw, field));
        return None;
    };
    match parse(value) {
        Ok((address, findings)) => {
            placed.extend(findings.into_iter().map(|finding| (Some(field), finding)));
            Some(address)
        }
        Err(finding) => {
            placed.push((Some(field), finding));
            None
        }
    }
}

fn client_id(raw: &Raw, placed: &mut Vec<Placed>) -> Option<String> {
    let Some(id) = raw.client_id.as_deref().map(str::trim) else {
        placed.push(missing(raw, "clientid"));
        return None;
    };
    if let Some(code) = mangled::fault(id, shown::is_client_id) {
        placed.push((Some("clientid"), Finding::key(code).about("clientid")));
        return None;
    }
    let swapped = shown::is_secret(id).then_some(Fact::LooksLikeSecret);
    match swapped.or_else(|| odd_value(id)) {
        Some(what) => {
            placed.push((Some("clientid"), Finding::key(FindingCode::KeyFieldUnusable).about("clientid").seen(what)));
            None
        }
        None => Some(id.to_owned()),
    }
}

/// The credential, as far as known from the fields.
#[derive(Default)]
struct Proof {
    kind: Option<CredentialType>,
    credential: Option<Credential>,
    expires: Option<String>,
}

fn proof(raw: &Raw, now: Timestamp, placed: &mut Vec<Placed>) -> Proof {
    if let Some(secret) = &raw.secret {
        let credential = client_secret(secret, placed).map(Credential::ClientSecret);
        return Proof { kind: Some(CredentialType::ClientSecret), credential, expires: None };
    }
    let Some(chain) = &raw.certificate else {
        if raw.private_key.is_some() {
            placed.push(missing(raw, "certificate"));
            return Proof { kind: Some(CredentialType::Certificate), ..Proof::default() };
        }
        placed.push(missing(raw, "clientsecret"));
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
        placed.push((Some(beside), finding));
    }
    Proof { kind: Some(kind), credential, expires: expires.or_else(|| raw.valid_until.clone()) }
}

fn client_secret(secret: &Secret, placed: &mut Vec<Placed>) -> Option<Secret> {
    const FIELD: &str = "clientsecret";
    let mut push = |code, seen: Option<Fact>| {
        placed.push((Some(FIELD), Finding { evidence: seen, ..Finding::key(code).about(FIELD) }));
    };
    let trimmed = secret.expose().trim();
    if let Some(code) = mangled::fault(trimmed, shown::is_secret) {
        push(code, None);
        return None;
    }
    if shown::is_secret(trimmed) && trimmed.contains(char::is_whitespace) {
        push(FindingCode::ValueBroken, None);
        return None;
    }
    let swapped = (trimmed.starts_with("sb-") && trimmed.contains('!')).then_some(Fact::LooksLikeClientId);
    if let Some(what) = swapped.or_else(|| odd_value(trimmed)) {
        push(FindingCode::KeyFieldUnusable, Some(what));
        return None;
    }
    if is_truncated(trimmed) {
        push(FindingCode::SecretTruncated, None);
        return None;
    }
    if shown::after_guid(trimmed).is_some_and(|rest| rest.starts_with("$$")) {
        push(FindingCode::SecretDollarDoubled, None);
    } else if mangled::is_unusual(trimmed) {
        push(FindingCode::SecretUnusual, None);
    }
    if trimmed.len() == secret.expose().len() {
        return Some(secret.clone());
    }
    push(FindingCode::SecretTrimmed, None);
    Some(Secret::new(trimmed))
}

/// Secrets look like `<guid>$<base64>=`. A shell that expands `$` as a variable leaves the GUID, the GUID and `$`, or
/// the GUID and everything from the first character that is not valid in a variable name.
fn is_truncated(secret: &str) -> bool {
    shown::after_guid(secret).is_some_and(|rest| rest.strip_prefix('$').is_none_or(str::is_empty))
}

/// What in a value is not possible: neither client ids nor secrets have white space, control characters or anything but
/// ASCII, and they are short.
fn odd_value(value: &str) -> Option<Fact> {
    if value.len() > LONGEST {
        return Some(Fact::TooManyBytes { bytes: value.len(), limit: LONGEST });
    }
    value.chars().find_map(|c| match c {
        _ if c.is_whitespace() => Some(Fact::WhiteSpaceInside),
        _ if c.is_control() => Some(Fact::ControlCharacterInside),
        _ if !c.is_ascii() => Some(Fact::NotAscii),
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
        created: raw.created.as_deref().filter(|text| is_date(text)).map(SafeText::line),
        expires: proof.expires.as_deref().map(SafeText::line),
    }
}

/// Whether a text is written like a time. Anything else in its place may be a part of a secret, in a text of several keys
/// that was mixed up.
fn is_date(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:TZ.+ ".contains(&byte))
}

/// One row per field, in display order.
fn rows(raw: &Raw, proof: &Proof, placed: &[Placed], now: Timestamp) -> Vec<Field> {
    let mask = |there: bool| there.then(|| Fact::from(MASK));
    let text = |text: Option<SafeText>| text.map(Fact::Text);
    let mut rows = vec![
        ("url", text(raw.url.as_deref().map(shown::address)), false),
        ("tokenurl", text(raw.token_url.as_deref().map(shown::address)), false),
        ("clientid", text(raw.client_id.as_deref().map(shown::client_id)), false),
    ];
    match proof.kind {
        Some(CredentialType::Certificate | CredentialType::ExternalCertificate) => {
            let until = proof
                .expires
                .as_ref()
                .map(|until| Fact::ValidUntil { time: DayText::new(SafeText::line(until)).seen_at(now) });
            let there = || raw.certificate.as_ref().map(|_| Fact::from("PEM"));
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
            finding: placed.iter().find(|(field, _)| *field == Some(label)).map(|(_, finding)| finding.code),
        })
        .collect()
}

/// The fields of a form.
pub(super) fn form_fields(form: &super::KeyForm) -> Raw {
    let some = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
    Raw {
        url: some(&form.url),
        token_url: some(&form.token_url),
        client_id: some(&form.client_id),
        secret: (!form.secret.expose().trim().is_empty()).then(|| form.secret.clone()),
        ..Raw::empty(Form::Typed)
    }
}
