//! `systems.toml`: the list of saved systems as text.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{LastTest, System, SystemId, SystemName, Systems};
use crate::domain::{
    finding::Verdict,
    key::{address::Address, service_key::CredentialType},
    sap::plan::PlanId,
    systems::system::ListProblem,
    text::safe_text::SafeText,
};

/// Version of the file. A new field needs a new number: an older program would lose it while saving.
pub const VERSION: i64 = 1;

/// Why a text is not a list of systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SystemsFault {
    /// A version that this program does not know; a newer one has written it.
    Newer {
        /// The number in the file.
        version: i64,
    },
    /// Not a list of systems.
    Damaged {
        /// What does not fit and where, as a part of a sentence.
        why: SafeText,
    },
}

impl fmt::Display for SystemsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SystemsFault::Newer { version } => {
                write!(f, "It has version {version}; this program knows version {VERSION}.")
            }
            SystemsFault::Damaged { why } => write!(f, "It is damaged: {why}."),
        }
    }
}

impl std::error::Error for SystemsFault {}

/// The file as it stands.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    version: i64,
    #[serde(default, rename = "system", skip_serializing_if = "Vec::is_empty")]
    systems: Vec<Row>,
}

/// One system as it stands.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    url: String,
    token_url: String,
    client_id: String,
    credential: CredentialType,
    plan: PlanId,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_test: Option<TestRow>,
}

/// The latest test as it stands.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TestRow {
    verdict: Verdict,
    at: String,
}

impl Systems {
    /// Reads `systems.toml`.
    ///
    /// # Errors
    ///
    /// Where the text is damaged or of another version. Nothing is left out silently.
    pub fn from_toml(text: &str) -> Result<Self, SystemsFault> {
        let table: toml::Table = text.parse().map_err(|error| unreadable(text, &error))?;
        match table.get("version").and_then(toml::Value::as_integer) {
            None => return Err(damaged("it names no version")),
            Some(version) if version > VERSION => return Err(SystemsFault::Newer { version }),
            Some(VERSION) => {}
            Some(_) => return Err(damaged("it names no version")),
        }
        let whole: Whole = toml::from_str(text).map_err(|error| unreadable(text, &error))?;
        let mut systems = Systems::default();
        for (number, row) in (1..).zip(whole.systems) {
            let system = row.read().map_err(|what| damaged(&format!("{what} of system {number} cannot be used")))?;
            systems.add(system).map_err(|problem| match problem {
                ListProblem::NameTaken(name) => damaged(&format!("two systems are called {name}")),
                ListProblem::IdTaken | ListProblem::Unknown => damaged("two systems have the same id"),
            })?;
        }
        Ok(systems)
    }

    /// Writes `systems.toml`.
    ///
    /// # Errors
    ///
    /// Where the writer of TOML refuses, which none of these values makes it do.
    pub fn to_toml(&self) -> Result<String, SystemsFault> {
        let whole = Whole { version: VERSION, systems: self.iter().map(Row::of).collect() };
        let text = toml::to_string(&whole).map_err(|error| damaged(&error.to_string()))?;
        Ok(format!("# Systems saved by cpikey. The secrets are in secrets.sealed, not here.\n{text}"))
    }
}

impl Row {
    fn of(system: &System) -> Self {
        Self {
            id: system.id.to_string(),
            name: system.name.to_string(),
            note: system.note.to_string(),
            url: system.url.as_str().to_owned(),
            token_url: system.token_url.as_str().to_owned(),
            client_id: system.client_id.to_string(),
            credential: system.credential,
            plan: system.plan,
            purpose: system.purpose.as_ref().map(SafeText::to_string),
            expires: system.expires.map(|at| at.to_string()),
            last_test: system.last_test.map(|test| TestRow { verdict: test.verdict, at: test.at.to_string() }),
        }
    }

    /// The system; else the name of the field that cannot be used.
    fn read(self) -> Result<System, &'static str> {
        let at = |text: &str| text.parse::<Timestamp>();
        let expires = self.expires.as_deref().map(at).transpose().map_err(|_| "expires")?;
        let last_test = match self.last_test {
            None => None,
            Some(row) => Some(LastTest { verdict: row.verdict, at: at(&row.at).map_err(|_| "last_test")? }),
        };
        Ok(System {
            id: SystemId::parse(&self.id).ok_or("id")?,
            name: SystemName::new(&self.name).map_err(|_| "name")?,
            note: SafeText::line(&self.note),
            url: Address::parse_api(&self.url).map_err(|_| "url")?.0,
            token_url: Address::parse_token(&self.token_url).map_err(|_| "token_url")?.0,
            client_id: SafeText::line(&self.client_id),
            credential: self.credential,
            plan: self.plan,
            purpose: self.purpose.as_deref().map(SafeText::line),
            last_test,
            expires,
        })
    }
}

fn damaged(why: &str) -> SystemsFault {
    SystemsFault::Damaged { why: SafeText::line(why) }
}

/// What the reader of TOML says, with the line.
fn unreadable(text: &str, error: &toml::de::Error) -> SystemsFault {
    let line =
        error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
    damaged(&format!("line {line}: {}", error.message().trim_end_matches('.')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::systems::system::tests::system;

    fn fault(text: &str) -> String {
        Systems::from_toml(text).unwrap_err().to_string()
    }

    fn sample() -> Systems {
        let mut systems = Systems::default();
        let tested = LastTest { verdict: Verdict::Limited, at: "2026-11-22T10:00:00Z".parse().unwrap() };
        systems.add(System { last_test: Some(tested), ..system(1, "ACME dev") }).unwrap();
        let expires = Some("2027-01-01T00:00:00Z".parse().unwrap());
        let credential = CredentialType::ExternalCertificate;
        systems.add(System { expires, credential, purpose: None, ..system(2, "prod") }).unwrap();
        systems
    }

    #[test]
    fn the_file_is_plain_to_read_and_holds_no_secret() {
        let text = sample().to_toml().unwrap();
        assert!(text.starts_with("# Systems saved by cpikey."), "{text}");
        assert!(text.contains("version = 1\n") && text.contains("name = \"ACME dev\"\n"), "{text}");
        assert!(text.contains("credential = \"external-certificate\"\n") && text.contains("verdict = \"limited\"\n"));
        assert!(!text.contains("canary"));
    }

    #[test]
    fn what_was_written_is_read_again() {
        assert_eq!(Systems::from_toml(&sample().to_toml().unwrap()), Ok(sample()));
        assert_eq!(Systems::from_toml(&Systems::default().to_toml().unwrap()), Ok(Systems::default()));
    }

    #[test]
    fn a_newer_file_is_told_from_a_damaged_one() {
        assert_eq!(Systems::from_toml("version = 2\n[future]\n"), Err(SystemsFault::Newer { version: 2 }));
        for none in ["", "version = 0", "version = -1"] {
            assert_eq!(fault(none), "It is damaged: it names no version.", "{none}");
        }
        assert!(fault("version = 1\nx").starts_with("It is damaged: line 2: "), "{}", fault("version = 1\nx"));
        assert!(fault("version = 1\nfuture = 1").starts_with("It is damaged: line 2: unknown field"));
    }

    #[test]
    fn a_system_that_cannot_be_used_is_named_with_its_field() {
        let text = sample().to_toml().unwrap();
        let with = |from: &str, to: &str| fault(&text.replacen(from, to, 1));
        assert_eq!(with("https://acme.it", "ftp://acme.it"), "It is damaged: url of system 1 cannot be used.");
        assert_eq!(with("name = \"prod\"", "name = \"\""), "It is damaged: name of system 2 cannot be used.");
        assert_eq!(with("name = \"prod\"", "name = \"acme DEV\""), "It is damaged: two systems are called ACME dev.");
        assert_eq!(with(&"02".repeat(16), &"01".repeat(16)), "It is damaged: two systems have the same id.");
        assert_eq!(with("2027-01-01T00", "2027-13-01T00"), "It is damaged: expires of system 2 cannot be used.");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_in_one_line(text in "(version = 1\n)?(\\PC|\n){0,200}") {
            if let Err(fault) = Systems::from_toml(&text) {
                prop_assert!(!fault.to_string().chars().any(char::is_control));
            }
        }

        #[test]
        fn whatever_names_and_notes_people_take_survive_the_file(names in proptest::collection::vec("\\PC{1,64}", 0..6), note in "\\PC{0,80}") {
            let mut systems = Systems::default();
            for (number, name) in (1..).zip(&names) {
                if let Ok(name) = SystemName::new(name) {
                    // Names that are taken are no part of this.
                    let _ = systems.add(System { name, note: SafeText::line(&note), ..system(number, "x") });
                }
            }
            prop_assert_eq!(Systems::from_toml(&systems.to_toml().unwrap()), Ok(systems));
        }
    }
}
