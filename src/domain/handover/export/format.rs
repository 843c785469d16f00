//! How a value is written so that the reader of a file gets it back as it is.

use serde::Deserialize;

use crate::domain::handover::quote;

/// The language of a file. What stands for a field in a template is a whole literal, its quotes included, unless said
/// otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// The value as it is, for people and for files that hold one value.
    Text,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// YAML of docker compose, which replaces variables.
    Compose,
    /// `.env`
    Dotenv,
    /// Java properties.
    Properties,
    /// POSIX shells.
    Sh,
    /// HCL, the language of Terraform and steampipe.
    Hcl,
    /// The configuration of curl; a field stands between double quotes.
    Curl,
}

impl Format {
    /// The name in the assets.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Yaml => "yaml",
            Format::Compose => "compose",
            Format::Dotenv => "dotenv",
            Format::Properties => "properties",
            Format::Sh => "sh",
            Format::Hcl => "hcl",
            Format::Curl => "curl",
        }
    }

    /// `value` as a literal, `None` where the format cannot hold it.
    pub(super) fn literal(self, value: &str) -> Option<String> {
        Some(match self {
            Format::Text => value.to_owned(),
            Format::Json => serde_json::Value::from(value).to_string(),
            Format::Yaml => quote::yaml::scalar(value),
            Format::Compose => quote::compose::scalar(value),
            Format::Dotenv => return quote::dotenv::value(value),
            Format::Properties => quote::properties::value(value),
            Format::Sh => quote::sh::word(value),
            Format::Hcl => quote::hcl::string(value),
            Format::Curl => quote::curl::inside_quotes(value),
        })
    }
}
