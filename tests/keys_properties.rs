//! Properties of every text and every key.
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

/// The forms of a key, by number.
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

/// A key as text, apart from the notation.
#[derive(Clone, Debug)]
struct Values {
    id: String,
    secret: String,
    url: String,
    token_url: String,
}

impl Values {
    fn new(number: u32, sub: &str, tail: &str) -> Self {
        Self {
            id: format!("sb-0a1b2c3d-0000-4000-8000-{number:012}!b{number}|it!b{number}"),
            secret: format!("11111111-2222-4333-8444-{number:012}${tail}"),
            url: format!("https://{sub}.it-cpi018.cfapps.eu10-003.hana.ondemand.com"),
            token_url: format!("https://{sub}.authentication.eu10.hana.ondemand.com/oauth/token"),
        }
    }

    fn are_those_of(&self, key: &ServiceKey) -> bool {
        key.client_id == self.id
            && key.credential == Credential::ClientSecret(Secret::new(self.secret.as_str()))
            && key.url.as_str() == self.url
            && key.token_url.as_str() == self.token_url
    }

    /// One line for each value, with the names of one tool.
    fn lines(&self, names: [&str; 4], line: impl Fn(&str, &str) -> String) -> String {
        let values = [&self.id, &self.secret, &self.url, &self.token_url];
        names.iter().zip(values).map(|(name, value)| format!("{}\n", line(name, value))).collect()
    }
}

const SNAKE: [&str; 4] = ["CPI_CLIENT_ID", "CPI_CLIENT_SECRET", "CPI_API_URL", "CPI_TOKEN_URL"];
const CAMEL: [&str; 4] = ["clientId", "clientSecret", "apiBaseUrl", "accessTokenUrl"];
const LOWER: [&str; 4] = ["client_id", "client_secret", "base_url", "oauth_url"];
const LABELS: [&str; 4] = ["Client ID", "Client Secret", "API URL", "Token URL"];
const DASHED: [&str; 4] = ["oauth-client-id", "oauth-client-secret", "tmn-host", "oauth-host"];

/// Names and values line by line, in the style of each of these tools.
fn by_lines(key: &Values, notation: usize) -> String {
    let json = |text: &str| json!(text).to_string();
    let properties = |text: &str| text.replace(':', "\\:").replace('=', "\\=");
    match notation {
        0 => key.lines(SNAKE, |name, value| format!("{name}={value}")),
        1 => key.lines(SNAKE, |name, value| format!("export {name}='{value}'")),
        2 => key.lines(SNAKE, |name, value| format!("cf set-env my-app {name} '{value}'")),
        3 => key.lines(LOWER, |name, value| format!("{name}: \"{value}\"")),
        4 => format!("sap:\n  cpi:\n{}", key.lines(LOWER, |name, value| format!("    {name}: '{value}'"))),
        5 => key.lines(SNAKE, |name, value| format!("{}={}", name.to_lowercase().replace('_', "."), properties(value))),
        6 => key.lines(LOWER, |name, value| format!("{name:<14} = \"{value}\"")),
        7 => format!("const cpi = {{\n{}}};\n", key.lines(CAMEL, |name, value| format!("  {name}: '{value}',"))),
        8 => key.lines(SNAKE, |name, value| format!("{name} = \"{value}\"")),
        9 => format!("Hello,\n\n{}\nBest regards\n", key.lines(LABELS, |name, value| format!("{name}: {value}"))),
        10 => format!("Hello,\n\n{}\n", key.lines(LABELS, |name, value| format!("{name}:\n{value}"))),
        11 => key.lines(SNAKE, |name, value| format!("$env:{name} = '{value}'")),
        12 => key.lines(SNAKE, |name, value| format!("setx {name} \"{value}\"")),
        13 => {
            let doubled = |name: &str, value: &str| format!("      {name}: {}", value.replace('$', "$$"));
            format!("services:\n  app:\n    environment:\n{}", key.lines(SNAKE, doubled))
        }
        14 => format!("cfg = {{\n{}}}\n", key.lines(LOWER, |name, value| format!("    '{name}': '{value}',"))),
        15 => format!(
            "curl -u '{}:{}' \\\n  -d grant_type=client_credentials \\\n  {}\ncurl -H \"Authorization: Bearer $T\" {}/api/v1/\n",
            key.id, key.secret, key.token_url, key.url
        ),
        16 => format!(
            "curl -X POST {} -H 'Authorization: Basic {}'\nurl: {}\n",
            key.token_url,
            STANDARD.encode(format!("{}:{}", key.id, key.secret)),
            key.url
        ),
        17 => key.lines(LABELS, |name, value| format!("| {name} | {} |", value.replace('|', "\\|"))),
        18 => key.lines(DASHED, |name, value| format!("{name}: {}", json(value))),
        _ => key.lines(SNAKE, |name, value| format!("<{name}>{value}</{name}>")),
    }
}
const BY_LINES: usize = 20;

/// JSON of tools other than SAP's.
fn as_json(key: &Values, notation: usize) -> Value {
    let named = |names: [&str; 4]| -> serde_json::Map<String, Value> {
        let values = [&key.id, &key.secret, &key.url, &key.token_url];
        names.iter().zip(values).map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
    };
    match notation {
        0 => Value::Object(named(CAMEL)),
        1 => {
            let values: Vec<Value> = named(SNAKE)
                .into_iter()
                .map(|(name, value)| json!({"key": name, "value": value, "enabled": true}))
                .collect();
            json!({"name": "CPI", "values": values, "_postman_variable_scope": "environment"})
        }
        2 => json!({"mcpServers": {"cpi": {"command": "npx", "args": ["-y", "x"], "env": named(SNAKE)}}}),
        3 => {
            let args: Vec<String> = ["--client-id", "--client-secret", "--api-url", "--token-url"]
                .into_iter()
                .zip([&key.id, &key.secret, &key.url, &key.token_url])
                .flat_map(|(name, value)| [name.to_owned(), value.clone()])
                .collect();
            json!({"mcpServers": {"cpi": {"command": "npx", "args": args}}})
        }
        4 => json!({"tenants": [named(CAMEL)]}),
        5 => {
            json!({"version": 4, "terraform_version": "1.9.0", "resources": [{"type": "btp_subaccount_service_binding",
            "instances": [{"attributes": {"credentials": json!({"oauth": {"clientid": key.id, "clientsecret": key.secret,
                "url": key.url, "tokenurl": key.token_url}}).to_string()}}]}]})
        }
        _ => {
            json!({"client_id": {"value": key.id}, "client_secret": {"value": key.secret}, "api_url": {"value": key.url},
            "token_url": {"value": key.token_url}})
        }
    }
}
const AS_JSON: usize = 7;

/// What editors, shells and chats do to a whole text.
fn carried(text: &str, way: usize) -> Vec<u8> {
    let utf_16 = |to_bytes: fn(u16) -> [u8; 2]| format!("\u{feff}{text}").encode_utf16().flat_map(to_bytes).collect();
    match way {
        0 => text.into(),
        1 => text.replace('\n', "\r\n").into(),
        2 => text.replace('\n', "\r").into(),
        3 => format!("\u{feff}{text}").into(),
        4 => utf_16(u16::to_le_bytes),
        5 => utf_16(u16::to_be_bytes),
        _ => format!("```\n{text}```\n").into(),
    }
}
const WAYS: usize = 7;

/// Changes to JSON as a whole.
fn wrapped(json: &Value, way: usize) -> String {
    let once = Value::String(json.to_string()).to_string();
    match way {
        0 => format!("{json:#}\n"),
        1 => once,
        2 => Value::String(once).to_string(),
        3 => STANDARD.encode(json.to_string()),
        4 => STANDARD.encode(STANDARD.encode(json.to_string())),
        5 => format!("CONFIG='{json}'\n"),
        _ => once.trim_matches('"').to_owned(),
    }
}
const WRAPPERS: usize = 7;

/// The only key in a text, complete.
fn only_key(bytes: &[u8]) -> Result<ServiceKey, String> {
    let reading = read(bytes, now());
    match reading.keys.as_slice() {
        [found] => found.key.clone().ok_or_else(|| format!("{:?}", found.findings)),
        keys => Err(format!("{} keys: {:?}", keys.len(), reading.findings)),
    }
}

#[test]
fn every_notation_gives_the_same_key_however_it_is_carried() {
    let key = Values::new(7, "acme-dev", "AbC_dEf-GhI0123456789AbC_dEf-GhI0123456789AbC=");
    let mut wrong = Vec::new();
    let mut check = |what: String, bytes: &[u8]| match only_key(bytes) {
        Ok(found) if key.are_those_of(&found) => {}
        Ok(found) => wrong.push(format!("{what}: {found:?}")),
        Err(why) => wrong.push(format!("{what}: {why}")),
    };
    for way in 0..WAYS {
        for notation in 0..BY_LINES {
            check(format!("lines {notation}, way {way}"), &carried(&by_lines(&key, notation), way));
        }
        for (notation, wrapper) in
            (0..AS_JSON).flat_map(|notation| (0..WRAPPERS).map(move |wrapper| (notation, wrapper)))
        {
            let text = wrapped(&as_json(&key, notation), wrapper);
            check(format!("JSON {notation}, wrapper {wrapper}, way {way}"), &carried(&text, way));
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
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
    fn a_key_reads_back_the_same_from_every_notation(
        sub in "[a-z][a-z0-9-]{0,20}[a-z0-9]", tail in "[A-Za-z0-9_-]{43}=", number in 1u32..99_999,
        lines in 0..BY_LINES, json in 0..AS_JSON, wrapper in 0..WRAPPERS, way in 0..WAYS,
    ) {
        let key = Values::new(number, &sub, &tail);
        for text in [by_lines(&key, lines), wrapped(&as_json(&key, json), wrapper)] {
            match only_key(&carried(&text, way)) {
                Ok(found) => prop_assert!(key.are_those_of(&found), "{}: {:?}", text, found),
                Err(why) => prop_assert!(false, "{}: {}", text, why),
            }
        }
    }

    #[test]
    fn fields_of_two_systems_are_never_mixed(
        tails in ["[A-Za-z0-9_-]{43}=", "[A-Za-z0-9_-]{43}="], first in 0..BY_LINES, second in 0..BY_LINES, way in 0..WAYS,
    ) {
        let [one, other] = [Values::new(1, "acme-dev", &tails[0]), Values::new(2, "acme-prod", &tails[1])];
        let text = format!("{}\n{}", by_lines(&one, first), by_lines(&other, second));
        for found in read(&carried(&text, way), now()).keys.iter().filter_map(|found| found.key.as_ref()) {
            prop_assert!(one.are_those_of(found) || other.are_those_of(found), "{}: {:?}", text, found);
        }
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
