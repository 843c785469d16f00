//! The only URLs that the program may open in a browser.

use serde::Deserialize;

/// One link (`assets/facts/links.toml` and its words).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Short name.
    pub id: String,
    /// Title of the page.
    pub title: String,
    /// The complete URL, https.
    pub url: String,
    /// A remark: renamed, about another plan, needs a login. May be empty.
    #[serde(default)]
    pub note: String,
}
