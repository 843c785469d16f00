//! Exports: whatever the secret looks like, the target reads it unchanged, and it appears nowhere else.

#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers are such, though not marked so")]

mod command_line;
mod readers;
mod round_trip;
#[cfg(unix)]
mod scripts;

use cpikey::{
    content,
    domain::{
        handover::export::{self, ExportedFile, WithSecret},
        key::{
            address::Address,
            service_key::{Credential, ServiceKey},
        },
        text::secret::Secret,
    },
};

const URL: &str = "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com";
const HOST: &str = "acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com";
const API_URL: &str = "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com/api/v1";
const TRANSPORT_URL: &str =
    "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com/api/1.0/transportmodule/Transport";
const TOKEN_URL: &str = "https://acme.authentication.eu10.hana.ondemand.com/oauth/token";
const TOKEN_HOST: &str = "acme.authentication.eu10.hana.ondemand.com";
const TOKEN_BASE: &str = "https://acme.authentication.eu10.hana.ondemand.com";
const CLIENT_ID: &str = "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45";

fn key(secret: &str) -> ServiceKey {
    ServiceKey {
        client_id: CLIENT_ID.to_owned(),
        credential: Credential::ClientSecret(Secret::new(secret)),
        url: Address::trusted(URL.parse().unwrap()),
        token_url: Address::trusted(TOKEN_URL.parse().unwrap()),
    }
}

/// The files of a target with `key` in them.
fn render(id: &str, key: &ServiceKey, with_secret: WithSecret) -> Vec<ExportedFile> {
    let content = content::load();
    export::render(content.export(id).unwrap(), key, with_secret).unwrap()
}

/// Prints that a part of a test is skipped because something is missing, and fails if nothing may be missing.
fn missing(what: &str) {
    assert!(std::env::var_os("CPIKEY_REQUIRE_ALL").is_none(), "{what} is missing; .ci/readers installs the readers");
    eprintln!("left out: {what} is missing");
}
