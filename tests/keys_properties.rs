//! What holds for every text and every key.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cpikey::domain::{
    finding::Severity,
    key::service_key::{Credential, ServiceKey, read},
    text::secret::Secret,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_800_000_000).unwrap()
}

/// The ways to hold a key, by number.
fn render(key: &Value, wrapper: usize) -> Vec<u8> {
    let oauth = json!({ "oauth": key });
    let text = match wrapper {
        0 => oauth.to_string(),
        1 => key.to_string(),
        2 => json!({ "credentials": oauth }).to_string(),
        3 => format!("Getting key k for service instance i as u...\n\n{:#}\n", json!({ "credentials": oauth })),
        4 => json!({"name": "k", "ready": true, "service_instance_id": "i", "credentials": oauth}).to_string(),
        5 => json!({"num_items": 1, "items": [{"name": "k", "ready": true, "credentials": oauth}]}).to_string(),
        6 => json!({"VCAP_SERVICES": {"it-rt": [{"label": "it-rt", "plan": "api", "credentials": oauth}]}}).to_string(),
        7 => json!({"kind": "Secret", "data": {"credentials": STANDARD.encode(oauth.to_string())}}).to_string(),
        8 => json!(oauth.to_string()).to_string(),
        9 => STANDARD.encode(oauth.to_string()),
        10 => format!("see below\n```json\n{oauth:#}\n```\nbye"),
        11 => format!("\u{feff}{oauth:#}").replace('\n', "\r\n"),
        12 => {
            let units = format!("\u{feff}{oauth}");
            return units.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        13 => format!("{oauth:#}").replace("\n}", ",\n}").replace("  ", "\u{a0}\u{a0}"),
        14 => {
            let text: Vec<char> = oauth.to_string().chars().collect();
            text.chunks(61).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
        }
        _ => format!("{oauth:#}").replace('"', "\u{201d}"),
    };
    text.into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_key_reads_back_the_same_from_every_wrapper(
        sub in "[a-z][a-z0-9-]{0,20}[a-z0-9]", tail in "[A-Za-z0-9_-]{20,44}=", number in 1u32..99_999, wrapper in 0usize..16,
    ) {
        let id = format!("sb-0a1b2c3d-0000-4000-8000-000000000001!b{number}|it!b{number}");
        let secret = format!("11111111-2222-4333-8444-555555555555${tail}");
        let key = json!({
            "clientid": id, "clientsecret": secret,
            "url": format!("https://{sub}.it-cpi018.cfapps.eu10-003.hana.ondemand.com"),
            "tokenurl": format!("https://{sub}.authentication.eu10.hana.ondemand.com/oauth/token"),
        });
        let reading = read(&render(&key, wrapper), now());
        prop_assert_eq!(reading.keys.len(), 1, "{}: {:?}", wrapper, reading.findings);
        let Some(ServiceKey { client_id, credential, url, token_url }) = &reading.keys[0].key else {
            return Err(TestCaseError::fail(format!("{wrapper}: {:?}", reading.keys[0].findings)));
        };
        prop_assert_eq!(client_id, &id);
        prop_assert_eq!(credential, &Credential::ClientSecret(Secret::new(secret)));
        prop_assert_eq!(Some(url.as_str()), key["url"].as_str());
        prop_assert_eq!(Some(token_url.as_str()), key["tokenurl"].as_str());
        let shown = format!("{:?}", reading);
        prop_assert!(!shown.contains(&tail));
    }

    #[test]
    fn no_bytes_make_the_reader_panic_or_fall_silent(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let reading = read(&bytes, now());
        prop_assert!(!reading.keys.is_empty() || !reading.findings.is_empty());
    }

    #[test]
    fn no_text_near_a_key_makes_the_reader_panic_or_fall_silent(
        parts in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "\"", ":", ",", "\\", "\\\"", "\n", " ", "\u{a0}", "“", "”", "'", "```", "\"oauth\"", "\"credentials\"",
            "\"clientid\"", "\"clientsecret\"", "\"url\"", "\"tokenurl\"", "\"certificate\"", "\"key\"", "\"kind\":\"Secret\"",
            "\"data\"", "\"items\"", "\"it-rt\"", "null", "1", "\"sb-1!b1|it!b2\"", "\"https://a.b\"", "ey", "kind: Secret\n", "data:\n",
            "\"-----BEGIN CERTIFICATE-----\"", "-----BEGIN ", "-----", "\\n", "\u{e9}", "\"uaa\"", "\"roles\"",
        ]), 0..40),
    ) {
        let reading = read(parts.concat().as_bytes(), now());
        prop_assert!(!reading.keys.is_empty() || !reading.findings.is_empty());
        for found in &reading.keys {
            prop_assert_eq!(found.key.is_none(), found.findings.iter().any(|finding| finding.severity() == Severity::Error));
            prop_assert!(found.fields().len() >= 4);
        }
    }

    #[test]
    fn a_key_cut_anywhere_is_never_taken_for_a_whole_one(at in 1usize..260) {
        let key = json!({"oauth": {
            "clientid": "sb-1!b1|it!b2", "clientsecret": "11111111-2222-4333-8444-555555555555$AbC=",
            "url": "https://a.it-cpi018.cfapps.eu10.hana.ondemand.com",
            "tokenurl": "https://a.authentication.eu10.hana.ondemand.com/oauth/token",
        }})
        .to_string();
        let cut = &key[..at.min(key.len() - 2)];
        let reading = read(cut.as_bytes(), now());
        prop_assert!(reading.keys.iter().all(|found| found.key.is_none()), "{}", cut);
    }
}
