//! Service keys: any pasted text is read or refused with a reason, no secret in it is shown, and a usable key
//! survives sealing, the form and Quick Fill's recognition unchanged.

use cpikey::{
    domain::{
        finding::Severity,
        handover::export::{self, WithSecret},
        key::service_key::{self, Credential, Found, KeyForm, Meant, SIZE_LIMIT, ServiceKey},
        systems::vault,
    },
    words::Words,
};

use super::{SECRET, assert_harmless, assert_told, canary::Canaries, content, now};

/// Fewer characters of a secret may occur in other fields of its key, like the groups of a GUID.
const RUN: usize = 24;

pub fn run(data: &[u8]) {
    let reading = service_key::read(data, now());
    assert!(!reading.keys.is_empty() || !reading.findings.is_empty(), "no key and no reason");
    assert!(reading.bytes == data.len());
    let meant = service_key::recognise(data, now());
    assert_eq!(meant == Meant::Key, !reading.keys.is_empty());
    let named = names_secret(data);
    for (index, found) in reading.keys.iter().enumerate() {
        let wrong = found.findings.iter().any(|finding| finding.severity() == Severity::Error);
        assert_eq!(found.key.is_none(), wrong, "{:?}", found.findings);
        let own = found.key.as_ref().map(canaries);
        let canaries = match own {
            Some(own) => own,
            None if named && reading.keys.len() == 1 => Canaries::of_runs(RUN, [("the secret", SECRET)]),
            None => Canaries::new([]),
        };
        assert_told(&reading.findings_for(index), &canaries, "a finding");
        assert_shown(found, &canaries);
        if let Some(key) = &found.key {
            assert_round_trips(key);
            assert_exports(key, &canaries);
        }
    }
}

/// Whether the secret of the corpus occurs once, as the secret of a key.
fn names_secret(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let mut found = text.match_indices(SECRET);
    let first = found.next().map(|(at, _)| text[..at].ends_with("\"clientsecret\": \""));
    first == Some(true) && found.next().is_none()
}

/// The secret of a key, unless it contains fields that are shown.
fn canaries(key: &ServiceKey) -> Canaries {
    let secret = match &key.credential {
        Credential::ClientSecret(secret) => secret.expose().to_owned(),
        Credential::Certificate { private_key, .. } => {
            private_key.expose().lines().filter(|line| !line.contains("-----")).collect()
        }
    };
    let canaries = Canaries::of_runs(RUN, [("the secret", secret.as_str())]);
    let chain = match &key.credential {
        Credential::Certificate { chain, .. } => chain.as_str(),
        Credential::ClientSecret(_) => "",
    };
    let public = format!("{} {} {} {chain}", key.client_id, key.url, key.token_url);
    if canaries.find(public.as_bytes()).is_some() { Canaries::new([]) } else { canaries }
}

fn assert_shown(found: &Found, canaries: &Canaries) {
    let words = Words::default();
    let summary = serde_json::to_string(&found.summary).unwrap_or_default();
    canaries.assert_absent(summary.as_bytes(), "the summary");
    canaries.assert_absent(format!("{found:?}").as_bytes(), "the debug form");
    for text in
        [&found.name, &found.summary.client_id, &found.summary.url, &found.summary.token_url].into_iter().flatten()
    {
        assert_harmless(text.as_str(), "the summary");
    }
    for field in found.fields() {
        use cpikey::domain::text::shown::Shown as _;
        let value = field.value.as_ref().map(|value| value.shown(words).to_string()).unwrap_or_default();
        assert_harmless(&value, field.label);
        canaries.assert_absent(value.as_bytes(), field.label);
    }
}

fn assert_round_trips(key: &ServiceKey) {
    let sealed = vault::encode(key, None);
    // A text near the limit may grow when it is escaped.
    if sealed.len() <= SIZE_LIMIT {
        let opened = vault::decode(&sealed, now()).and_then(|found| found.key);
        assert_eq!(opened.as_ref(), Some(key), "sealing changed it");
    }
    if let Credential::ClientSecret(secret) = &key.credential {
        let form = KeyForm {
            url: key.url.as_str().to_owned(),
            token_url: key.token_url.as_str().to_owned(),
            client_id: key.client_id.clone(),
            secret: secret.clone(),
        };
        assert_eq!(service_key::from_form(&form, now()).key.as_ref(), Some(key), "the form changed it");
    }
}

fn assert_exports(key: &ServiceKey, canaries: &Canaries) {
    for target in content().exports.iter() {
        let Ok(files) = export::render(target, key, WithSecret::No) else { continue };
        for file in files {
            assert!(!file.is_secret());
            let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
            assert!(file.name.chars().all(plain) && !file.name.contains(".."), "{}", file.name);
            canaries.assert_absent(file.expose().as_bytes(), &target.id);
        }
    }
}
