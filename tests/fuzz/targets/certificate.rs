//! Certificates and private keys, as PEM and as DER, in a key, in a separate file and in the parameters: never a panic,
//! never a private key on the screen.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cpikey::{
    domain::{
        key::service_key,
        sap::key_parameters::{KeyParameters, KeyType},
        text::secret::Secret,
    },
    words::Words,
};
use serde_json::json;

use super::{assert_harmless, assert_told, canary::Canaries, content, now, text};

/// Certificate, then private key, after `CERT`: each is PEM, or DER if it does not start with a hyphen.
pub fn run(data: &[u8]) {
    let at = data.windows(4).position(|four| four == b"\xff\xff\xff\xff").unwrap_or(data.len());
    let (certificate, key) =
        (pem("CERTIFICATE", &data[..at]), pem("PRIVATE KEY", data.get(at + 4..).unwrap_or_default()));
    let canaries = private(&key, &certificate);
    for fields in [json!({"certificate": certificate, "key": key}), json!({"certificate": certificate})] {
        let mut oauth = json!({
            "clientid": "sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678",
            "url": "https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com",
            "tokenurl": "https://acme-dev.authentication.cert.eu10.hana.ondemand.com/oauth/token",
        });
        let fields = fields.as_object().cloned().unwrap_or_default();
        oauth.as_object_mut().into_iter().for_each(|all| all.extend(fields.clone()));
        let reading = service_key::read(json!({ "oauth": oauth }).to_string().as_bytes(), now());
        for (index, found) in reading.keys.iter().enumerate() {
            let given = found.with_private_key(Secret::new(key.as_str()), now());
            for found in [found, &given] {
                assert_told(&found.findings, &canaries, "a certificate");
                canaries.assert_absent(format!("{:?}", found.fields()).as_bytes(), "a field");
                canaries.assert_absent(format!("{:?}", found.summary).as_bytes(), "the summary");
            }
            assert_told(&reading.findings_for(index), &canaries, "a certificate");
        }
    }
    let mut parameters = KeyParameters::new(KeyType::ExternalCertificate);
    let taken = parameters.set_certificate(&certificate).is_ok();
    assert!(taken || certificate.contains("PRIVATE KEY-----"));
    for problem in parameters.check(now(), &content().authorities) {
        assert_harmless(&problem.line(Words::default()), "a problem");
    }
    assert!(!parameters.certificate.contains("PRIVATE KEY-----"));
}

fn pem(label: &str, bytes: &[u8]) -> String {
    if bytes.first().is_none_or(|byte| *byte == b'-') {
        return text(bytes).into_owned();
    }
    let lines: Vec<String> = STANDARD.encode(bytes).as_bytes().chunks(64).map(|line| text(line).into_owned()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The private key, unless parts of it are in the certificate, as in inputs with the same bytes in both.
fn private(key: &str, certificate: &str) -> Canaries {
    let encoded: String = key.lines().filter(|line| !line.contains("-----")).collect();
    // Checking every substring would cost a hundred times as much as the program itself.
    let ends = |from: usize, to: usize| encoded.get(from..to).unwrap_or_default();
    let (head, tail) = (ends(0, 160), ends(encoded.len().saturating_sub(160), encoded.len()));
    let canaries = Canaries::of_runs(24, [("the private key", head), ("the private key", tail)]);
    let repeats = canaries.find(certificate.as_bytes()).is_some();
    if repeats || encoded.len() < 200 { Canaries::new([]) } else { canaries }
}
