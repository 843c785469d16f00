//! How a value is written so that a parser reads it back unchanged.

use crate::domain::{handover::quote, named::named};

named! {
    /// The format of a file. A value is written as a complete literal, including quotes, unless stated otherwise.
    pub enum Format {
        /// The value unchanged, for reading and for files with a single value.
        Text = "text",
        /// JSON.
        Json = "json",
        /// YAML.
        Yaml = "yaml",
        /// YAML of docker compose, which expands variables.
        Compose = "compose",
        /// `.env`
        Dotenv = "dotenv",
        /// Java properties.
        Properties = "properties",
        /// POSIX shells.
        Sh = "sh",
        /// HCL, the language of Terraform and steampipe.
        Hcl = "hcl",
        /// The configuration of curl; a field is written between double quotes.
        Curl = "curl",
    }
}

impl Format {
    /// `value` as a literal, `None` if the format cannot represent it.
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
