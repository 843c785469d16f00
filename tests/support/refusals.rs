//! Cloud Foundry's refusals and their meaning: `tests/cf/refusals.toml`, which explains the fields.

use serde::Deserialize;

use cpikey::domain::finding::FindingCode;

const REFUSALS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cf/refusals.toml"));

/// The operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum During {
    Login,
    Place,
    Plan,
    CreateInstance,
    Wait,
    CreateKey,
    Details,
    Update,
    Delete,
}

/// Where the response is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Login,
    Api,
    Job,
    LastOperation,
    List,
    Parameters,
}

/// The kind of login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum With {
    Password,
    Passcode,
    Refresh,
}

/// The source of the wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Known {
    Reported,
    Elsewhere,
    Recorded,
    Source,
    Invented,
}

/// One response and its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Its event in `tests/cf/rows.toml`.
    pub row: String,
    pub during: During,
    pub place: Place,
    pub with: Option<With>,
    pub status: Option<u16>,
    pub code: Option<u32>,
    pub error: Option<String>,
    pub asked: Option<String>,
    pub found: Option<Vec<String>>,
    pub text: String,
    pub finding: FindingCode,
    pub known: Known,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusals {
    refusal: Vec<Refusal>,
}

/// All responses, in order from login to deletion.
pub fn all() -> Vec<Refusal> {
    toml::from_str::<Refusals>(REFUSALS).expect("the table of refusals can be read").refusal
}
