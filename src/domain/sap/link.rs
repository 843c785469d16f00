//! The only addresses that the program may open in a browser.

use serde::Deserialize;

/// One link (`assets/facts/links.toml` and its words).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Short name.
    pub id: String,
    /// Title of the page.
    pub title: String,
    /// The whole address, https.
    pub url: String,
    /// Worth saying: renamed, about another plan, needs a login. May be empty.
    #[serde(default)]
    pub note: String,
}
