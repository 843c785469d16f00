//! Service keys: the forms people hold them in, what is in them, and what is wrong with them.

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

/// The largest text that is read as a key, in bytes. A key with a certificate chain has about 9 kB.
pub const SIZE_LIMIT: usize = 256 * 1024;

/// The form that the key came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `{"oauth":{..}}`, what the cockpit shows.
    Oauth,
    /// The fields at the top level.
    Flat,
    /// `{"credentials":{"oauth":{..}}}`.
    Credentials,
    /// The text that `cf service-key` prints.
    CfText,
    /// An answer of the btp CLI or of Service Manager.
    Binding,
    /// `VCAP_SERVICES` or `default-env.json`.
    VcapServices,
    /// A Kubernetes secret.
    KubernetesSecret,
    /// Values with names before them, line by line: `.env`, YAML, a mail.
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
    /// What people call it.
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
        /// The whole chain, PEM, leaf first.
        chain: String,
        /// The private key, PEM (PKCS#1 or PKCS#8).
        private_key: Secret,
    },
}

/// A key that can be tested: every field is there and usable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceKey {
    /// `sb-<guid>!b<n>|it!b<m>`
    pub client_id: String,
    /// Secret or certificate.
    pub credential: Credential,
    /// Base of the API: scheme, host and port, no path. `/api/v1` is added by the code that calls.
    pub url: Address,
    /// The whole token URL.
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
    /// The form it came in.
    pub form: Form,
    /// The kind of credential, if known.
    #[serde(rename = "type")]
    pub credential: Option<CredentialType>,
    /// The plan it belongs to, if known.
    pub plan: Option<PlanId>,
    /// Client id.
    pub client_id: Option<SafeText>,
    /// Address of the API as it will be used.
    pub url: Option<SafeText>,
    /// Token URL as it will be used.
    pub token_url: Option<SafeText>,
    /// Region of the API host, `eu10`.
    pub region: Option<String>,
    /// When the key was created, as the key states it.
    pub created: Option<SafeText>,
    /// When its certificate expires, RFC 3339; `None` for a client secret, which lives until it is deleted.
    pub expires: Option<SafeText>,
}

/// One key found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name, if the form carries one.
    pub name: Option<SafeText>,
    /// What may be shown.
    pub summary: KeySummary,
    /// The key, if it can be tested. `None` exactly if there is an error in `findings`.
    pub key: Option<ServiceKey>,
    /// The findings about it, errors first.
    pub findings: Vec<Finding>,
    fields: Vec<Field>,
    raw: fields::Raw,
}

/// One field of a key as a row of a panel shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name as SAP writes it: `url`, `tokenurl`, `clientid`, `clientsecret`, `certificate`, `key`.
    pub label: &'static str,
    /// What may be shown: the value as it came, the mask, or until when a certificate is valid. `None` if it is missing.
    pub value: Option<Fact>,
    /// Whether the value is the mask.
    pub secret: bool,
    /// The most severe finding about it, if there is any.
    pub finding: Option<FindingCode>,
}

/// The fields of a form, each typed by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyForm {
    /// `url`; a host without `https://` will do.
    pub url: String,
    /// `tokenurl`; a host will do.
    pub token_url: String,
    /// `clientid`
    pub client_id: String,
    /// `clientsecret`
    pub secret: Secret,
}

/// Judges the fields of a form as of `now`, like a pasted key.
pub fn from_form(fields: &KeyForm, now: Timestamp) -> Found {
    judge::judge(judge::form_fields(fields), now)
}

impl Found {
    /// One row a field, in the order `url`, `tokenurl`, `clientid`, then the credential.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The same key with the private key of its external certificate (PEM), judged again.
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

/// What a text contains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Size of the text in bytes.
    pub bytes: usize,
    /// The keys in it, in their order. Empty if there is none.
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
