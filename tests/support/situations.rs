//! Situations of a key, for the documentation and for the tests that create them.

use serde::Deserialize;

use cpikey::domain::finding::{FindingCode, Verdict};

const SITUATIONS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/situations/situations.toml"));

/// A situation of a key (`tests/situations/situations.toml`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// Short name, used by the test that creates it.
    pub id: String,
    /// What happens, one sentence.
    pub title: String,
    /// The first finding; `None` if there is none.
    #[serde(default)]
    pub code: Option<FindingCode>,
}

impl Situation {
    /// The resulting verdict.
    pub fn verdict(&self) -> Verdict {
        self.code.and_then(FindingCode::verdict).unwrap_or(Verdict::Ready)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Situations {
    situation: Vec<Situation>,
}

/// All situations, in order from the key to the API.
pub fn all() -> Vec<Situation> {
    toml::from_str::<Situations>(SITUATIONS).expect("the table of situations can be read").situation
}
