//! Recognises what a pasted text is.

use jiff::Timestamp;

use super::read;
use crate::domain::finding::FindingCode;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// A service key, whole.
    Key,
    /// A part of a key, a damaged key, or a private key: it may contain a secret.
    PartOfKey,
    /// Instance or service key parameters.
    Parameters,
    /// Something else.
    Other,
}

/// Names that occur in keys, and in hardly anything else that is pasted here.
const NAMES: [&str; 5] = ["clientsecret", "client_secret", "clientid", "private key-----", "privatekey"];

/// What a text is.
pub fn recognise(bytes: &[u8], now: Timestamp) -> Meant {
    let reading = read(bytes, now);
    if !reading.keys.is_empty() {
        return Meant::Key;
    }
    if reading.findings.iter().any(|finding| finding.code == FindingCode::KeyIsParameters) {
        return Meant::Parameters;
    }
    let names = |name: &&str| bytes.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name.as_bytes()));
    if NAMES.iter().any(names) { Meant::PartOfKey } else { Meant::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = r#"{"oauth":{"clientid":"sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678","clientsecret":"c$x","url":"https://a.it-cpi018.cfapps.eu10-003.hana.ondemand.com","tokenurl":"https://a.authentication.eu10.hana.ondemand.com/oauth/token"}}"#;

    #[test]
    fn keys_parts_of_keys_parameters_and_other_texts_are_told_apart() {
        for (text, meant) in [
            (KEY, Meant::Key),
            (&KEY.replace('{', "{\r\n"), Meant::Key),
            ("  \"ClientSecret\": \"abc", Meant::PartOfKey),
            ("-----BEGIN RSA PRIVATE KEY-----\nabc", Meant::PartOfKey),
            (r#"{"roles":["MonitoringDataRead"],"grant-types":["client_credentials"]}"#, Meant::Parameters),
            ("hello", Meant::Other),
            ("", Meant::Other),
            ("{ \"a\": 1 }", Meant::Other),
            ("https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com", Meant::Other),
        ] {
            assert_eq!(recognise(text.as_bytes(), Timestamp::UNIX_EPOCH), meant, "{text}");
        }
    }
}
