//! The raw fields of one key, before validation.

use std::fmt;

use super::{Form, node::Node};
use crate::domain::{key::address::Address, text::secret::Secret};

/// The raw fields of a key.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Raw {
    pub form: Form,
    pub name: Option<String>,
    /// Name of the member that contains it, which identifies it among several.
    pub section: Option<String>,
    /// Name of the service, if the wrapper contains it.
    pub service: Option<String>,
    /// Name of the plan, if the wrapper contains it.
    pub plan: Option<String>,
    pub url: Option<String>,
    pub token_url: Option<String>,
    pub client_id: Option<String>,
    pub secret: Option<Secret>,
    pub certificate: Option<String>,
    pub private_key: Option<Secret>,
    /// Whether the private key was added later and is not part of the key.
    pub key_given: bool,
    /// `certificatedetails.validuntil`
    pub valid_until: Option<String>,
    pub created: Option<String>,
    /// Names of all fields, to recognise other services.
    pub names: Vec<String>,
    /// `uri`, which only keys of other services have.
    pub uri: Option<String>,
    /// Whether client and secret are in an object `uaa`.
    pub uaa: bool,
    /// Names of fields that appear twice.
    pub twice: Vec<String>,
    /// Known fields that contain a number, a list or an object instead of a string.
    pub not_text: Vec<&'static str>,
}

/// Prints no fields, because any of them may contain a secret.
impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Raw").field("form", &self.form).finish_non_exhaustive()
    }
}

impl Raw {
    /// A key without any field.
    pub fn empty(form: Form) -> Self {
        Self {
            form,
            name: None,
            section: None,
            service: None,
            plan: None,
            url: None,
            token_url: None,
            client_id: None,
            secret: None,
            certificate: None,
            private_key: None,
            key_given: false,
            valid_until: None,
            created: None,
            names: Vec::new(),
            uri: None,
            uaa: false,
            twice: Vec::new(),
            not_text: Vec::new(),
        }
    }

    /// Reads the fields of an object, or `None` if it contains nothing of a key. Names match in any case and with or
    /// without `_` and `-` (`clientid`, `clientId`, `client_id`).
    pub fn from_node(node: &Node) -> Option<Self> {
        let mut raw = Self::empty(Form::Flat);
        let mut known = false;
        if let Some(uaa) = node.get("uaa").filter(|uaa| !uaa.members().is_empty()) {
            raw = Self::from_node(uaa)?;
            // Inside `uaa`, `url` is the address of the token server; outside it is that of the API.
            raw.token_url = raw.token_url.or(raw.url.take());
            raw.uaa = true;
            known = true;
        }
        for (name, value) in node.members() {
            raw.names.push(name.clone());
            known |= raw.take(&canonical(name), value);
        }
        known |= ["sm_url", "endpoints", "hostname", "uri", "user", "username"].iter().any(|name| node.has(name));
        // URLs without a client may belong to anything.
        let has_client = raw.has_client();
        let has_addresses = raw.url.is_some() && raw.token_url.is_some();
        let of_service =
            raw.uaa || raw.names.len() > 1 && raw.names.iter().any(|name| SERVICE_MARKS.contains(&name.as_str()));
        (known && (has_client || has_addresses || of_service || raw.only_url())).then_some(raw)
    }

    /// Whether there is a credential or a client id.
    pub fn has_client(&self) -> bool {
        self.client_id.is_some() || self.secret.is_some() || self.certificate.is_some()
    }

    /// How many of url, tokenurl, client id and credential are present.
    pub fn fields(&self) -> usize {
        let proof = self.secret.is_some() || self.certificate.is_some();
        [self.url.is_some(), self.token_url.is_some(), self.client_id.is_some(), proof]
            .into_iter()
            .filter(|is| *is)
            .count()
    }

    /// Whether all fields are present.
    pub fn is_whole(&self) -> bool {
        self.fields() == 4
    }

    /// Whether the object is only `{"url":..}`, which is probably the beginning of a key.
    fn only_url(&self) -> bool {
        self.names.len() == 1 && self.url.is_some()
    }

    fn take(&mut self, name: &str, value: &Node) -> bool {
        let label = match name {
            "url" => "url",
            "tokenurl" | "tokenserviceurl" => "tokenurl",
            "clientid" => "clientid",
            "clientsecret" => "clientsecret",
            "certificate" => "certificate",
            "key" | "privatekey" => "key",
            "createdate" => "createdate",
            "uri" => "uri",
            "certificatedetails" => {
                self.valid_until = value.get("validuntil").and_then(Node::text).map(str::to_owned);
                return true;
            }
            _ => return false,
        };
        let text = match value {
            Node::Text(text) if text.trim().is_empty() => return true,
            Node::Text(text) => text.to_string(),
            Node::Null => return true,
            _ => {
                self.not_text.push(label);
                return true;
            }
        };
        match label {
            "url" => self.url = Some(text),
            "tokenurl" => self.token_url = Some(text),
            "clientid" => self.client_id = Some(text),
            "clientsecret" => self.secret = Some(Secret::new(text)),
            "certificate" => self.certificate = Some(text),
            "key" => self.private_key = Some(Secret::new(text)),
            "uri" => self.uri = Some(text),
            _ => self.created = Some(text),
        }
        true
    }

    /// The client id after the bar, without the number of the broker: `it`, `it-rt-acme`, `api-portal-xsuaa`.
    pub fn application(&self) -> Option<&str> {
        let tail = self.client_id.as_deref()?.trim().rsplit_once('|')?.1;
        Some(tail.split_once('!').map_or(tail, |(name, _)| name))
    }

    /// The URL in a field, `None` if it is not one.
    pub fn host_of(field: Option<&str>) -> Option<Address> {
        Address::recognise(field?)
    }
}

/// Fields that identify a key of another service even without a client.
const SERVICE_MARKS: [&str; 7] = ["sm_url", "endpoints", "hostname", "uri", "username", "user", "password"];

fn canonical(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}
