//! Service keys: their formats, their content, and what is wrong with them.

mod certificate;
mod fields;
mod foreign;
mod group;
mod judge;
mod lines;
mod locate;
mod mangled;
mod names;
mod node;
mod pem;
mod read;
mod recognise;
mod repair;
mod services;
mod shape;
mod shown;
mod stray;
mod text;
mod yaml;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use read::read;
pub use recognise::{Meant, recognise};

use crate::{
    domain::{
        finding::{Fact, Finding, FindingCode, Severity},
        key::address::Address,
        sap::plan::PlanId,
        text::{safe_text::SafeText, secret::Secret},
    },
    words::Words,
};

/// The maximum size of a text that is read as a key, in bytes. A key with a certificate chain is about 9 kB.
pub const SIZE_LIMIT: usize = 256 * 1024;

/// The format of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `{"oauth":{..}}`, as shown by the cockpit.
    Oauth,
    /// The fields at the top level.
    Flat,
    /// `{"credentials":{"oauth":{..}}}`.
    Credentials,
    /// The text that `cf service-key` prints.
    CfText,
    /// A response of the btp CLI or Service Manager.
    Binding,
    /// `VCAP_SERVICES` or `default-env.json`.
    VcapServices,
    /// A Kubernetes secret.
    KubernetesSecret,
    /// Named values, line by line: `.env`, YAML, an email.
    NameValue,
    /// Typed in field by field.
    Typed,
}

/// The kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialType {
    /// Client id and secret.
    ClientSecret,
    /// Certificate and private key, both in the key.
    Certificate,
    /// An external certificate; its private key is not in the key.
    ExternalCertificate,
}

impl CredentialType {
    /// Its display name.
    pub fn title(self, words: Words) -> &'static str {
        let words = words.quick_fill();
        match self {
            CredentialType::ClientSecret => words.client_secret(),
            CredentialType::Certificate => words.certificate(),
            CredentialType::ExternalCertificate => words.external_certificate(),
        }
    }
}

/// The credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A client secret.
    ClientSecret(Secret),
    /// A client certificate for mutual TLS.
    Certificate {
        /// The complete chain, PEM, leaf first.
        chain: String,
        /// The private key, PEM (PKCS#1 or PKCS#8).
        private_key: Secret,
    },
}

/// A key that can be tested: all fields are present and usable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceKey {
    /// `sb-<guid>!b<n>|it!b<m>`
    pub client_id: String,
    /// Secret or certificate.
    pub credential: Credential,
    /// Base URL of the API: scheme, host and port, no path. The caller adds `/api/v1`.
    pub url: Address,
    /// The complete token URL.
    pub token_url: Address,
}

impl ServiceKey {
    /// The prefix of the scopes in the token: the client id after the bar.
    pub fn scope_prefix(&self) -> Option<&str> {
        self.client_id.split_once('|').map(|(_, prefix)| prefix)
    }
}

/// The public part of a key; the `key` object of `--json`. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeySummary {
    /// Its format.
    pub form: Form,
    /// The kind of credential, if known.
    #[serde(rename = "type")]
    pub credential: Option<CredentialType>,
    /// The plan it belongs to, if known.
    pub plan: Option<PlanId>,
    /// Client id.
    pub client_id: Option<SafeText>,
    /// URL of the API as used.
    pub url: Option<SafeText>,
    /// Token URL as used.
    pub token_url: Option<SafeText>,
    /// Region of the API host, `eu10`.
    pub region: Option<String>,
    /// When the key was created, according to the key.
    pub created: Option<SafeText>,
    /// When its certificate expires, RFC 3339; `None` for a client secret, which is valid until it is deleted.
    pub expires: Option<SafeText>,
}

/// One key found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name, if the format contains one.
    pub name: Option<SafeText>,
    /// The displayable part.
    pub summary: KeySummary,
    /// The key, if it can be tested. `None` if and only if `findings` contains an error.
    pub key: Option<ServiceKey>,
    /// The findings about it, errors first.
    pub findings: Vec<Finding>,
    fields: Vec<Field>,
    raw: fields::Raw,
}

/// One field of a key for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name as SAP writes it: `url`, `tokenurl`, `clientid`, `clientsecret`, `certificate`, `key`.
    pub label: &'static str,
    /// The displayable value: unchanged, masked, or the expiry of a certificate. `None` if it is missing.
    pub value: Option<Fact>,
    /// Whether the value is the mask.
    pub secret: bool,
    /// The most severe finding about it, if there is any.
    pub finding: Option<FindingCode>,
}

/// The fields of a form, typed by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyForm {
    /// `url`; a host without `https://` is accepted.
    pub url: String,
    /// `tokenurl`; a host is accepted.
    pub token_url: String,
    /// `clientid`
    pub client_id: String,
    /// `clientsecret`
    pub secret: Secret,
}

/// Validates the fields of a form as of `now`, like a pasted key.
pub fn from_form(fields: &KeyForm, now: Timestamp) -> Found {
    judge::judge(judge::form_fields(fields), now)
}

impl Found {
    /// One row per field, in the order `url`, `tokenurl`, `clientid`, then the credential.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The same key with the private key of its external certificate (PEM), validated again.
    #[must_use]
    pub fn with_private_key(&self, pem: Secret, now: Timestamp) -> Found {
        let raw = fields::Raw { private_key: Some(pem), key_given: true, ..self.raw.clone() };
        judge::judge(raw, now)
    }

    /// Whether only the private key of an external certificate is missing.
    pub fn needs_private_key(&self) -> bool {
        let mut errors =
            self.findings.iter().filter(|finding| finding.severity() == Severity::Error).map(|finding| finding.code);
        errors.next() == Some(FindingCode::PrivateKeyMissing) && errors.next().is_none()
    }
}

/// The content of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Size of the text in bytes.
    pub bytes: usize,
    /// The keys in it, in order. Empty if there are none.
    pub keys: Vec<Found>,
    /// The findings about the text as a whole, errors first.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// The findings about the text and about key number `index`, errors first.
    pub fn findings_for(&self, index: usize) -> Vec<Finding> {
        let mut all = self.findings.clone();
        all.extend(self.keys.get(index).into_iter().flat_map(|found| found.findings.clone()));
        all
    }
}
