//! Saved systems: the data stored about a key so that it can be found and tested again. No field here can contain a
//! secret; the secrets are in [`super::vault`].

mod file;
mod list;
mod name;

use jiff::Timestamp;

pub use file::{ListDamage, SystemsFileError, VERSION};
pub use list::{ListError, Systems};
pub use name::{NAME_LIMIT, NameError, SystemName};

use crate::{
    domain::{
        finding::Verdict,
        key::{
            address::Address,
            service_key::{Credential, CredentialType, Found, ServiceKey},
        },
        sap::plan::PlanId,
        text::safe_text::SafeText,
    },
    words::{Explanation, Words},
};

/// Identifies a system and its sealed secret, independent of its name. Random, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SystemId([u8; 16]);

impl SystemId {
    /// An id from random bytes.
    pub const fn new(random: [u8; 16]) -> Self {
        Self(random)
    }

    /// The bytes to which the secret is bound.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads the 32 hexadecimal digits that `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 32 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(|number| Self(number.to_be_bytes()))
    }
}

impl std::fmt::Display for SystemId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// The result of the latest test of a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastTest {
    /// The verdict.
    pub verdict: Verdict,
    /// When it ended, to the second.
    pub at: Timestamp,
}

/// One saved system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// The id under which its secret is stored.
    pub id: SystemId,
    /// Its name, unique among all systems.
    pub name: SystemName,
    /// A note of one line; may be empty.
    pub note: SafeText,
    /// Base address of the API.
    pub url: Address,
    /// The complete token URL.
    pub token_url: Address,
    /// The client id.
    pub client_id: SafeText,
    /// The kind of credential.
    pub credential: CredentialType,
    /// The plan of the key.
    pub plan: PlanId,
    /// Id of the purpose whose roles a test checks; without one, only monitoring is checked.
    pub purpose: Option<SafeText>,
    /// When it was saved; `None` if an older program saved it without recording the time.
    pub saved: Option<Timestamp>,
    /// The latest test.
    pub last_test: Option<LastTest>,
    /// When the client certificate expires; `None` for a client secret, which is valid until it is deleted.
    pub expires: Option<Timestamp>,
}

/// The name or the note of a system contains its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub struct SecretInPlainTextError;

impl SecretInPlainTextError {
    /// Why such a system is not saved.
    pub fn explain(self, words: Words) -> Explanation {
        words.saved_systems_problems().secret_in_plain_text().fill(&[])
    }
}

impl System {
    /// The system of a usable key.
    ///
    /// # Errors
    ///
    /// If the name or the note contains the secret: both are stored in plain text.
    pub fn of(
        id: SystemId,
        name: SystemName,
        note: &str,
        purpose: Option<&str>,
        found: &Found,
        key: &ServiceKey,
    ) -> Result<Self, SecretInPlainTextError> {
        let secret = match &key.credential {
            Credential::ClientSecret(secret) => secret,
            Credential::Certificate { private_key, .. } => private_key,
        };
        let certificate = match key.credential {
            Credential::ClientSecret(_) => CredentialType::ClientSecret,
            Credential::Certificate { .. } => CredentialType::Certificate,
        };
        if !secret.is_empty() && [name.as_str(), note].iter().any(|text| text.contains(secret.expose())) {
            return Err(SecretInPlainTextError);
        }
        Ok(Self {
            id,
            name,
            note: SafeText::line(note.trim()),
            url: key.url.clone(),
            token_url: key.token_url.clone(),
            client_id: SafeText::line(&key.client_id),
            credential: found.summary.credential.unwrap_or(certificate),
            plan: found.summary.plan.unwrap_or_default(),
            purpose: purpose.map(SafeText::line),
            saved: None,
            last_test: None,
            expires: found.summary.expires.as_ref().and_then(|expires| expires.as_str().parse().ok()),
        })
    }

    /// Whether this row describes that key, which it does unless the list was edited by hand. Fields that an unusable
    /// key lacks are not compared.
    pub fn is_row_of(&self, found: &Found) -> bool {
        match &found.key {
            Some(key) => {
                key.url == self.url && key.token_url == self.token_url && key.client_id == self.client_id.as_str()
            }
            None => found.summary.client_id.as_ref().is_none_or(|client_id| *client_id == self.client_id),
        }
    }

    /// Whole days until the client certificate expires; negative if it has expired. `None` for a client secret.
    pub fn days_left(&self, now: Timestamp) -> Option<i64> {
        self.expires.map(|expires| days_between(now, expires))
    }
}

/// Whole days from `now` to `then`, rounded down.
pub fn days_between(now: Timestamp, then: Timestamp) -> i64 {
    then.duration_since(now).as_secs().div_euclid(24 * 60 * 60)
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use super::*;
    use crate::domain::{key::service_key, text::secret::Secret};

    /// A key with a made-up secret, and what was found in it.
    pub(in crate::domain) fn found(secret: &str) -> Found {
        let typed = service_key::KeyForm {
            url: "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com".into(),
            token_url: "https://acme.authentication.eu10.hana.ondemand.com/oauth/token".into(),
            client_id: "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45".into(),
            secret: Secret::new(secret),
        };
        service_key::from_form(&typed, Timestamp::UNIX_EPOCH)
    }

    /// A system of that name.
    pub(in crate::domain) fn system(number: u8, name: &str) -> System {
        let found = found("3f1c9a52-aaaa-4bbb-8ccc-0123456789ab$canary=");
        let key = found.key.as_ref().unwrap();
        let name = SystemName::new(name).unwrap();
        System::of(SystemId::new([number; 16]), name, "of the team", Some("monitoring"), &found, key).unwrap()
    }

    #[test]
    fn an_id_is_read_back_as_it_was_written() {
        let id = SystemId::new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]);
        assert_eq!(id.to_string(), "000102030405060708090a0b0c0d0eff");
        assert_eq!(SystemId::parse(&id.to_string()), Some(id));
        assert_eq!(SystemId::parse("+00102030405060708090a0b0c0d0eff"), None);
        assert_eq!(SystemId::parse("00"), None);
    }

    #[test]
    fn a_name_or_a_note_that_contains_the_secret_is_refused() {
        let found = found("canary-secret");
        let key = found.key.as_ref().unwrap();
        let make = |name: &str, note: &str| {
            System::of(SystemId::new([1; 16]), SystemName::new(name).unwrap(), note, None, &found, key)
        };
        assert!(make("dev", "of the team").is_ok());
        assert_eq!(make("canary-secret", ""), Err(SecretInPlainTextError));
        assert_eq!(make("dev", "it is canary-secret"), Err(SecretInPlainTextError));
    }

    #[test]
    fn days_are_counted_down_to_the_expiry_and_are_negative_after_it() {
        let expires: Timestamp = "2026-12-01T12:00:00Z".parse().unwrap();
        let system = System { expires: Some(expires), ..system(1, "dev") };
        let left = |now: &str| system.days_left(now.parse().unwrap());
        assert_eq!(left("2026-11-01T12:00:00Z"), Some(30));
        assert_eq!(left("2026-12-01T11:00:00Z"), Some(0));
        assert_eq!(left("2026-12-01T12:00:01Z"), Some(-1));
    }

    #[test]
    fn debug_output_of_a_system_does_not_contain_its_secret() {
        assert!(!format!("{:?}", system(1, "dev")).contains("canary"));
    }
}
