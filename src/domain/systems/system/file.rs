//! `systems.toml`: the list of saved systems as text.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{LastTest, System, SystemId, SystemName, Systems};
use crate::{
    domain::{
        finding::Verdict,
        key::{address::Address, service_key::CredentialType},
        sap::plan::PlanId,
        systems::system::ListError,
        text::safe_text::SafeText,
    },
    words::{Explanation, Words},
};

/// Version of the file. A new field needs a new version: an older program would drop it when saving.
pub const VERSION: i64 = 2;
/// The oldest version that is read. It has no `saved`.
const OLDEST: i64 = 1;

/// Why a text is not a list of systems, or why a list cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum SystemsFileError {
    /// A newer version wrote it.
    Newer {
        /// The version in the file.
        version: i64,
    },
    /// Not a list of systems.
    Damaged(ListDamage),
    /// The TOML writer rejects a value, which cannot happen with these types.
    Unwritable(SafeText),
}

/// What is wrong with a damaged list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListDamage {
    /// It has no version, or one below 1.
    NoVersion,
    /// It is not UTF-8.
    NotUtf8,
    /// The TOML parser rejects it.
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// In the parser's words.
        cause: SafeText,
    },
    /// A field of a system is invalid.
    Field {
        /// Its name in the file.
        field: &'static str,
        /// Which system, counted from 1.
        number: usize,
    },
    /// Two systems have this name.
    NameTwice(SystemName),
    /// Two systems have the same id.
    IdTwice,
}

impl SystemsFileError {
    /// What is wrong with the file.
    pub fn explain(&self, words: Words) -> Explanation {
        let labels = words.saved_systems_problems();
        match self {
            Self::Newer { version } => labels.list_newer().fill(&[("version", version), ("known", &VERSION)]),
            Self::Damaged(damage) => labels.list_damaged().fill(&[("damage", &damage.text(words))]),
            Self::Unwritable(cause) => labels.list_unwritable().fill(&[("cause", cause)]),
        }
    }
}

impl ListDamage {
    /// The damage as one sentence.
    pub fn text(&self, words: Words) -> String {
        let words = words.saved_systems_problems();
        match self {
            Self::NoVersion => words.list_no_version().to_owned(),
            Self::NotUtf8 => words.list_not_utf8().to_owned(),
            Self::Syntax { line, cause } => words.list_syntax(line, cause),
            Self::Field { field, number } => words.list_field(number, field),
            Self::NameTwice(name) => words.list_name_twice(name),
            Self::IdTwice => words.list_id_twice().to_owned(),
        }
    }
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    version: i64,
    #[serde(default, rename = "system", skip_serializing_if = "Vec::is_empty")]
    systems: Vec<Row>,
}

/// One system in the file.
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
    saved: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_test: Option<TestRow>,
}

/// The latest test in the file.
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
    /// If the text is damaged or has an unsupported version. Nothing is dropped silently.
    pub fn from_toml(text: &str) -> Result<Self, SystemsFileError> {
        let table: toml::Table = text.parse().map_err(|error| unreadable(text, &error))?;
        match table.get("version").and_then(toml::Value::as_integer) {
            Some(OLDEST..=VERSION) => {}
            Some(version) if version > VERSION => return Err(SystemsFileError::Newer { version }),
            _ => return Err(SystemsFileError::Damaged(ListDamage::NoVersion)),
        }
        let whole: Whole = toml::from_str(text).map_err(|error| unreadable(text, &error))?;
        let mut systems = Systems::default();
        for (number, row) in (1..).zip(whole.systems) {
            let damaged = |damage| SystemsFileError::Damaged(damage);
            let system = row.read().map_err(|field| damaged(ListDamage::Field { field, number }))?;
            systems.add(system).map_err(|error| match error {
                ListError::NameTaken(name) => damaged(ListDamage::NameTwice(name)),
                ListError::IdTaken | ListError::Unknown => damaged(ListDamage::IdTwice),
            })?;
        }
        Ok(systems)
    }

    /// Writes `systems.toml`.
    ///
    /// # Errors
    ///
    /// [`SystemsFileError::Unwritable`].
    pub fn to_toml(&self) -> Result<String, SystemsFileError> {
        let whole = Whole { version: VERSION, systems: self.iter().map(Row::of).collect() };
        let text = toml::to_string(&whole)
            .map_err(|error| SystemsFileError::Unwritable(SafeText::line(&error.to_string())))?;
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
            saved: system.saved.map(|at| at.to_string()),
            last_test: system.last_test.map(|test| TestRow { verdict: test.verdict, at: test.at.to_string() }),
        }
    }

    /// The system, or the name of the invalid field.
    fn read(self) -> Result<System, &'static str> {
        let at = |text: &str| text.parse::<Timestamp>();
        let expires = self.expires.as_deref().map(at).transpose().map_err(|_| "expires")?;
        let saved = self.saved.as_deref().map(at).transpose().map_err(|_| "saved")?;
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
            saved,
            last_test,
            expires,
        })
    }
}

fn unreadable(text: &str, error: &toml::de::Error) -> SystemsFileError {
    let line =
        error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
    let cause = SafeText::line(error.message().trim_end_matches('.'));
    SystemsFileError::Damaged(ListDamage::Syntax { line, cause })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::systems::system::tests::system;

    fn damage(text: &str) -> ListDamage {
        match Systems::from_toml(text) {
            Err(SystemsFileError::Damaged(damage)) => damage,
            other => panic!("{other:?}"),
        }
    }

    fn sample() -> Systems {
        let mut systems = Systems::default();
        let tested = LastTest { verdict: Verdict::Limited, at: "2026-11-22T10:00:00Z".parse().unwrap() };
        systems.add(System { last_test: Some(tested), ..system(1, "ACME dev") }).unwrap();
        let expires = Some("2027-01-01T00:00:00Z".parse().unwrap());
        let credential = CredentialType::ExternalCertificate;
        systems.add(System { expires, credential, purpose: None, saved: expires, ..system(2, "prod") }).unwrap();
        systems
    }

    #[test]
    fn the_file_is_readable_and_contains_no_secret() {
        let text = sample().to_toml().unwrap();
        assert!(text.starts_with("# Systems saved by cpikey."), "{text}");
        assert!(text.contains("version = 2\n") && text.contains("name = \"ACME dev\"\n"), "{text}");
        assert!(text.contains("credential = \"external-certificate\"\n") && text.contains("verdict = \"limited\"\n"));
        assert!(!text.contains("canary"));
    }

    #[test]
    fn a_list_is_read_back_as_it_was_written() {
        assert_eq!(Systems::from_toml(&sample().to_toml().unwrap()), Ok(sample()));
        assert_eq!(Systems::from_toml(&Systems::default().to_toml().unwrap()), Ok(Systems::default()));
    }

    #[test]
    fn a_file_of_the_first_version_is_read_and_written_as_the_second() {
        let text = sample().to_toml().unwrap();
        let first: String = text
            .replace("version = 2", "version = 1")
            .lines()
            .filter(|line| !line.starts_with("saved ="))
            .map(|line| format!("{line}\n"))
            .collect();
        let systems = Systems::from_toml(&first).unwrap();
        assert!(systems.iter().all(|system| system.saved.is_none()));
        assert_eq!(systems.len(), 2);
        assert!(systems.to_toml().unwrap().contains("version = 2\n"));
    }

    #[test]
    fn a_newer_file_is_distinguished_from_a_damaged_one() {
        assert_eq!(Systems::from_toml("version = 3\n[future]\n"), Err(SystemsFileError::Newer { version: 3 }));
        for text in ["", "version = 0", "version = -1"] {
            assert_eq!(damage(text), ListDamage::NoVersion, "{text}");
        }
        for text in ["version = 1\nx", "version = 1\nfuture = 1"] {
            assert!(matches!(damage(text), ListDamage::Syntax { line: 2, .. }), "{text}");
        }
    }

    #[test]
    fn a_system_that_cannot_be_used_is_named_with_its_field() {
        let text = sample().to_toml().unwrap();
        let with = |from: &str, to: &str| damage(&text.replacen(from, to, 1));
        let field = |field, number| ListDamage::Field { field, number };
        assert_eq!(with("https://acme.it", "ftp://acme.it"), field("url", 1));
        assert_eq!(with("name = \"prod\"", "name = \"\""), field("name", 2));
        assert_eq!(with("2027-01-01T00", "2027-13-01T00"), field("expires", 2));
        let taken = SystemName::new("ACME dev").unwrap();
        assert_eq!(with("name = \"prod\"", "name = \"acme DEV\""), ListDamage::NameTwice(taken));
        assert_eq!(with(&"02".repeat(16), &"01".repeat(16)), ListDamage::IdTwice);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_control_characters(text in "(version = 1\n)?(\\PC|\n){0,200}") {
            if let Err(error) = Systems::from_toml(&text) {
                prop_assert!(!error.explain(Words::default()).why.chars().any(char::is_control));
            }
        }

        #[test]
        fn all_names_and_notes_survive_the_file(names in proptest::collection::vec("\\PC{1,64}", 0..6), note in "\\PC{0,80}") {
            let mut systems = Systems::default();
            for (number, name) in (1..).zip(&names) {
                if let Ok(name) = SystemName::new(name) {
                    // Duplicate names are not part of this test.
                    let _ = systems.add(System { name, note: SafeText::line(&note), ..system(number, "x") });
                }
            }
            prop_assert_eq!(Systems::from_toml(&systems.to_toml().unwrap()), Ok(systems));
        }
    }
}
