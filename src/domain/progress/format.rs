//! The file format (`docs/progress-format.md`).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CloudProgress, Progress, Thing};
use crate::{
    domain::{
        cf::{
            place::{Organization, Place, Space},
            plan::Kind,
        },
        draft::Draft,
        sap::{
            guide::StepId,
            key_parameters::{KeyParameters, KeyType},
            parameters::InstanceParameters,
            plan::PlanId,
        },
        text::safe_text::SafeText,
    },
    words::Words,
};

/// The version that is written, and the latest that is read.
pub const VERSION: u32 = 1;

/// Longer names are truncated: the broker accepts 32 characters, Cloud Foundry 255.
const NAME: usize = 255;

/// Longer values are truncated.
const VALUE: usize = 4096;

/// Why a file is not a valid progress file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgressDamage {
    /// It is not UTF-8, not JSON, or invalid, as found at this line.
    Unreadable(usize),
    /// It has no valid time.
    Undated,
    /// It has no version, so it was written by another program.
    Foreign,
    /// A newer version wrote it.
    Newer(u64),
}

impl ProgressDamage {
    /// In one sentence.
    pub fn text(&self, words: Words) -> String {
        let words = words.progress();
        match self {
            Self::Unreadable(line) => words.unreadable(line.to_string()),
            Self::Undated => words.undated().to_owned(),
            Self::Foreign => words.foreign().to_owned(),
            Self::Newer(version) => words.newer(version.to_string(), VERSION.to_string()),
        }
    }
}

/// The whole file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    saved_at: String,
    step: String,
    reached: String,
    #[serde(default)]
    visited: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    plan: PlanId,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    grant_types: Vec<String>,
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token_validity: Option<u32>,
    #[serde(default)]
    instance: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    org: String,
    #[serde(default)]
    space: String,
    key: Key,
    #[serde(default)]
    ticks: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cloud: Option<Cloud>,
}

/// What was created, and where.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cloud {
    api: String,
    org: Named,
    space: Named,
    #[serde(default)]
    things: Vec<ThingEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    guid: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThingEntry {
    kind: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guid: Option<String>,
}

impl From<&CloudProgress> for Cloud {
    fn from(CloudProgress { place, things }: &CloudProgress) -> Self {
        let thing = |thing: &Thing| ThingEntry {
            kind: thing.kind.as_str().to_owned(),
            name: thing.name.clone(),
            guid: thing.guid.clone(),
        };
        Self {
            api: place.api.clone(),
            org: Named { name: place.org.name.clone(), guid: place.org.guid.clone() },
            space: Named { name: place.space.name.clone(), guid: place.space.guid.clone() },
            things: things.iter().map(thing).collect(),
        }
    }
}

impl From<Cloud> for CloudProgress {
    fn from(file: Cloud) -> Self {
        let name = |text: &str| SafeText::capped(text, NAME).to_string();
        let thing = |thing: ThingEntry| Thing {
            kind: if thing.kind == Kind::Key.as_str() { Kind::Key } else { Kind::Instance },
            name: name(&thing.name),
            guid: thing.guid.map(|guid| name(&guid)),
        };
        Self {
            place: Place {
                api: name(&file.api),
                org: Organization { guid: name(&file.org.guid), name: name(&file.org.name), is_suspended: false },
                space: Space { guid: name(&file.space.guid), name: name(&file.space.name) },
            },
            things: file.things.into_iter().map(thing).collect(),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    #[serde(default)]
    name: String,
    r#type: String,
    validity: u32,
    key_length: u32,
    #[serde(default)]
    certificate: String,
    pinning: bool,
}

/// Only the version. Everything else may differ in other versions.
#[derive(Deserialize)]
struct Versioned {
    version: Option<u64>,
}

impl Progress {
    /// The text of the file.
    pub fn to_json(&self) -> String {
        let draft = &self.draft;
        let (parameters, key) = (&draft.parameters, &draft.key_parameters);
        let file = File {
            version: VERSION,
            saved_at: self.saved_at.to_string(),
            step: self.step.as_str().to_owned(),
            reached: self.reached.as_str().to_owned(),
            visited: self.visited.iter().map(|step| step.as_str().to_owned()).collect(),
            purpose: draft.purpose.clone(),
            plan: parameters.plan,
            roles: parameters.roles.clone(),
            grant_types: parameters.grant_types.clone(),
            redirect_uris: parameters.redirect_uris.clone(),
            token_validity: parameters.token_validity,
            instance: draft.instance.clone(),
            region: draft.region.clone(),
            org: draft.org.clone(),
            space: draft.space.clone(),
            key: Key {
                name: draft.key_name.clone(),
                r#type: key.key_type.as_str().to_owned(),
                validity: key.validity,
                key_length: key.key_length,
                certificate: key.certificate.clone(),
                pinning: key.pinning,
            },
            ticks: draft.ticks.clone(),
            cloud: self.cloud.as_ref().map(Cloud::from),
        };
        // Serializing strings, numbers and lists cannot fail.
        serde_json::to_string_pretty(&file).map(|text| text + "\n").unwrap_or_default()
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// If it is not a valid progress file, or from a newer version.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ProgressDamage> {
        let unreadable = |error: serde_json::Error| ProgressDamage::Unreadable(error.line());
        match serde_json::from_slice::<Versioned>(bytes).map_err(unreadable)?.version {
            None => return Err(ProgressDamage::Foreign),
            Some(version) if version > u64::from(VERSION) => return Err(ProgressDamage::Newer(version)),
            Some(_) => {}
        }
        let file: File = serde_json::from_slice(bytes).map_err(unreadable)?;
        let saved_at = file.saved_at.parse::<Timestamp>();
        let saved_at = saved_at.map_err(|_| ProgressDamage::Undated)?;
        Ok(Self { saved_at, ..file.into() })
    }
}

/// Unknown steps and kinds become the first ones: nothing else in the file depends on them.
impl From<File> for Progress {
    fn from(file: File) -> Self {
        let name = |text: &str| SafeText::capped(text, NAME).to_string();
        let values = |texts: Vec<String>| {
            let cleaned = texts.iter().map(|text| SafeText::capped(text, VALUE).to_string());
            cleaned.collect::<Vec<_>>()
        };
        let step = |name: &str| StepId::from_name(name).unwrap_or_default();
        let mut parameters = InstanceParameters::new(file.plan).with_roles(values(file.roles));
        parameters.set_grant_types(values(file.grant_types));
        parameters.set_redirect_uris(values(file.redirect_uris));
        if let Some(seconds) = file.token_validity {
            parameters.set_token_validity(seconds);
        }
        let kind = KeyType::ALL.into_iter().find(|kind| kind.as_str() == file.key.r#type).unwrap_or_default();
        let mut key_parameters = KeyParameters::new(kind);
        (key_parameters.validity, key_parameters.key_length) = (file.key.validity, file.key.key_length);
        key_parameters.pinning = file.key.pinning;
        // A private key in its place is rejected.
        let _ = key_parameters.set_certificate(&file.key.certificate);
        Self {
            saved_at: Timestamp::UNIX_EPOCH,
            step: step(&file.step),
            reached: step(&file.reached),
            visited: file.visited.iter().filter_map(|name| StepId::from_name(name)).collect(),
            draft: Draft {
                purpose: file.purpose,
                parameters,
                instance: name(&file.instance),
                region: name(&file.region),
                org: name(&file.org),
                space: name(&file.space),
                key_name: name(&file.key.name),
                key_parameters,
                ticks: file.ticks,
            },
            cloud: file.cloud.map(CloudProgress::from),
        }
    }
}
