//! The fields of a template.

use serde_json::json;
use zeroize::Zeroizing;

use crate::domain::{
    key::{
        address::Address,
        service_key::{Credential, ServiceKey},
    },
    named::named,
};

/// The path of the API.
const API_PATH: &str = "/api/v1";
/// The path of the transport module, which Content Agent calls (SAP tutorial btp-transport-management-cpi-02).
const TRANSPORT_PATH: &str = "/api/1.0/transportmodule/Transport";
/// The maximum length of a name derived from a host.
const NAME_LIMIT: usize = 40;

named! {
    /// A value of a key in one format.
    #[derive(PartialOrd, Ord)]
    pub enum Field {
        /// A name for files and environments, derived from the subdomain: `cpi-acme-dev`.
        Name = "name",
        /// Host of the API, with its port unless it is the default.
        Host = "host",
        /// `url` as in the key: scheme and host.
        Url = "url",
        /// `url` and `/api/v1`.
        ApiUrl = "api_url",
        /// `url` and the path of the transport module.
        TransportUrl = "transport_url",
        /// The complete token URL.
        TokenUrl = "token_url",
        /// Its host, with its port unless it is the default.
        TokenHost = "token_host",
        /// Its scheme and host: the XSUAA URL.
        TokenBase = "token_base",
        /// Its path: `/oauth/token`.
        TokenPath = "token_path",
        /// Client id.
        ClientId = "client_id",
        /// Client secret; empty if the key has a certificate.
        ClientSecret = "client_secret",
        /// The whole key in the form `{"oauth":{..}}`, on one line.
        KeyJson = "key_json",
    }
}

impl Field {
    /// Whether the secret is the value or a part of it.
    pub fn is_secret(self) -> bool {
        matches!(self, Field::ClientSecret | Field::KeyJson)
    }

    /// Its value for `key`; `placeholder`, if given, replaces the secret.
    pub(super) fn value(self, key: &ServiceKey, placeholder: Option<&str>) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Field::Name => name(&key.url),
            Field::Host => authority(&key.url),
            Field::Url => key.url.as_str().to_owned(),
            Field::ApiUrl => format!("{}{API_PATH}", key.url),
            Field::TransportUrl => format!("{}{TRANSPORT_PATH}", key.url),
            Field::TokenUrl => key.token_url.as_str().to_owned(),
            Field::TokenHost => authority(&key.token_url),
            Field::TokenBase => key.token_url.origin(),
            Field::TokenPath => key.token_url.url().path().to_owned(),
            Field::ClientId => key.client_id.clone(),
            Field::ClientSecret => match &key.credential {
                Credential::ClientSecret(secret) => placeholder.unwrap_or(secret.expose()).to_owned(),
                Credential::Certificate { .. } => String::new(),
            },
            Field::KeyJson => key_json(key, placeholder),
        })
    }
}

/// The key as the cockpit shows it, on one line, because build servers mask secrets line by line.
fn key_json(key: &ServiceKey, placeholder: Option<&str>) -> String {
    let (url, token_url, id) = (key.url.as_str(), key.token_url.as_str(), &key.client_id);
    // Assembled by hand, because a JSON value would leave copies of the secret behind.
    let text = |text: &str| Zeroizing::new(json!(text).to_string());
    let proof = match &key.credential {
        Credential::ClientSecret(secret) => {
            Zeroizing::new(format!("\"clientsecret\":{}", *text(placeholder.unwrap_or(secret.expose()))))
        }
        Credential::Certificate { chain, private_key } => Zeroizing::new(format!(
            "\"certificate\":{},\"key\":{}",
            *text(chain),
            *text(placeholder.unwrap_or(private_key.expose()))
        )),
    };
    format!(
        "{{\"oauth\":{{\"clientid\":{},{},\"tokenurl\":{},\"url\":{}}}}}",
        *text(id),
        *proof,
        *text(token_url),
        *text(url)
    )
}

/// Host and port; without the default port.
fn authority(address: &Address) -> String {
    match address.url().port() {
        Some(port) => format!("{}:{port}", address.host()),
        None => address.host().to_owned(),
    }
}

/// `cpi-` and the subdomain, else the host; lower-case letters, digits and hyphens, which are valid in names of files,
/// environments and Kubernetes objects.
fn name(api: &Address) -> String {
    let own = api.subdomain().unwrap_or(api.host());
    let plain: String =
        own.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let cut: String = plain.trim_matches('-').chars().take(NAME_LIMIT).collect();
    format!("cpi-{}", cut.trim_end_matches('-')).trim_end_matches('-').to_owned()
}
