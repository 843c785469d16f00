//! The sealed content: a whole key as JSON, including the URLs, so that a changed `systems.toml` cannot send the secret
//! to another host.

use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::domain::key::service_key::{self, Credential, Found, ServiceKey};

/// The key in the form shown by the SAP BTP cockpit.
#[derive(Serialize)]
struct SealedKey<'a> {
    oauth: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    clientid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    clientsecret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    createdate: Option<&'a str>,
    tokenurl: &'a str,
}

/// The text to be sealed. `created` is the key's own creation date.
pub fn encode(key: &ServiceKey, created: Option<&str>) -> Zeroizing<Vec<u8>> {
    let (clientsecret, certificate, private_key) = match &key.credential {
        Credential::ClientSecret(secret) => (Some(secret.expose()), None, None),
        Credential::Certificate { chain, private_key } => (None, Some(chain.as_str()), Some(private_key.expose())),
    };
    let fields = Fields {
        clientid: &key.client_id,
        clientsecret,
        certificate,
        key: private_key,
        url: key.url.as_str(),
        createdate: created,
        tokenurl: key.token_url.as_str(),
    };
    let values = [Some(fields.clientid), clientsecret, certificate, private_key, Some(fields.url), created];
    let length: usize = values.into_iter().flatten().map(str::len).sum();
    // Room for the longest escapes: a growing buffer would leave copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(1024 + 6 * (length + fields.tokenurl.len())));
    // Writing strings to memory cannot fail; an empty text would be rejected when read.
    let _ = serde_json::to_writer(&mut *text, &SealedKey { oauth: fields });
    text
}

/// The sealed key, evaluated again as of `now`; `None` if the text is not a key.
pub fn decode(text: &[u8], now: Timestamp) -> Option<Found> {
    let mut reading = service_key::read(text, now);
    (reading.keys.len() == 1).then(|| reading.keys.remove(0))
}
