//! The login of the cf CLI, from its configuration file. It is only read.

use serde::Deserialize;

use super::login::holder;
use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    text::{safe_text::SafeText, secret::Secret},
};

/// The last version of the file that the current cf CLI does not migrate.
const OLD: u32 = 3;
/// The default OAuth client of the cf CLI.
const CLIENT: &str = "cf";

/// A usable login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CfLogin {
    /// The URL of the API.
    pub api: String,
    /// The refresh token.
    pub refresh_token: Secret,
    /// The user, if the file contains it.
    pub user: Option<SafeText>,
    /// The targeted org.
    pub org: Option<String>,
    /// The targeted space.
    pub space: Option<String>,
    /// Whether cf is configured to skip certificate verification. This program verifies them anyway.
    pub skips_tls_check: bool,
}

/// The finding about an unusable login, with the reason.
pub fn unusable(why: Fact) -> Finding {
    Finding::cf(FindingCode::CfLoginUnusable).seen(why)
}

/// Reads the text of the configuration file.
///
/// # Errors
/// `cf-login-unusable` with the reason.
pub fn read(text: &[u8]) -> Result<CfLogin, Finding> {
    let config: Config = serde_json::from_slice(text).map_err(|_| unusable(Fact::CfFileDamaged))?;
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let refresh_token = Secret::new(config.refresh_token);
    let access_token = Secret::new(config.access_token);
    if config.config_version.is_some_and(|version| version <= OLD) {
        return Err(unusable(Fact::CfFileOld));
    }
    if config.kubernetes.enabled {
        return Err(unusable(Fact::CfOnKubernetes));
    }
    if config.grant_type == "client_credentials" {
        return Err(unusable(Fact::CfLoggedInAsClient));
    }
    if ![CLIENT, ""].contains(&config.client.as_str()) || !config.client_secret.is_empty() {
        return Err(unusable(Fact::CfOtherClient));
    }
    if config.target.is_empty() || refresh_token.is_empty() {
        return Err(unusable(Fact::CfLoggedOut));
    }
    Ok(CfLogin {
        api: config.target,
        user: holder(access_token.expose()).0,
        refresh_token,
        org: some(config.org.name),
        space: some(config.space.name),
        skips_tls_check: config.skips_tls_check,
    })
}

/// The relevant fields of the file.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    config_version: Option<u32>,
    #[serde(default)]
    target: String,
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    refresh_token: String,
    #[serde(default, rename = "UAAOAuthClient")]
    client: String,
    #[serde(default, rename = "UAAOAuthClientSecret")]
    client_secret: String,
    #[serde(default, rename = "UAAGrantType")]
    grant_type: String,
    #[serde(default, rename = "SSLDisabled")]
    skips_tls_check: bool,
    #[serde(default, rename = "OrganizationFields")]
    org: Named,
    #[serde(default, rename = "SpaceFields")]
    space: Named,
    #[serde(default, rename = "CFOnK8s")]
    kubernetes: Kubernetes,
}

#[derive(Default, Deserialize)]
struct Named {
    #[serde(default, rename = "Name")]
    name: String,
}

#[derive(Default, Deserialize)]
struct Kubernetes {
    #[serde(default, rename = "Enabled")]
    enabled: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn config(changes: &Value) -> Result<CfLogin, Finding> {
        let mut config = json!({
            "ConfigVersion": 5, "Target": "https://api.cf.eu10-004.hana.ondemand.com", "RefreshToken": "canary-r",
            "AccessToken": "bearer x", "UAAOAuthClient": "cf", "UAAOAuthClientSecret": "", "UAAGrantType": "",
            "SSLDisabled": false, "OrganizationFields": {"GUID": "o", "Name": "acme-dev"},
            "SpaceFields": {"GUID": "", "Name": ""}, "CFOnK8s": {"Enabled": false}
        });
        for (name, value) in changes.as_object().unwrap() {
            config[name] = value.clone();
        }
        read(config.to_string().as_bytes())
    }

    #[test]
    fn a_login_of_a_person_can_be_used() {
        let login = config(&json!({})).unwrap();
        assert_eq!(login.api, "https://api.cf.eu10-004.hana.ondemand.com");
        assert_eq!((login.org.as_deref(), login.space), (Some("acme-dev"), None));
        assert!(!format!("{:?}", config(&json!({})).unwrap()).contains("canary"));
        assert!(config(&json!({"SSLDisabled": true})).unwrap().skips_tls_check);
    }

    #[test]
    fn every_other_login_is_refused_with_its_reason() {
        for (changes, why) in [
            (json!({"ConfigVersion": 3}), Fact::CfFileOld),
            (json!({"CFOnK8s": {"Enabled": true}}), Fact::CfOnKubernetes),
            (json!({"UAAGrantType": "client_credentials"}), Fact::CfLoggedInAsClient),
            (json!({"UAAOAuthClient": "ci"}), Fact::CfOtherClient),
            (json!({"UAAOAuthClientSecret": "s"}), Fact::CfOtherClient),
            (json!({"RefreshToken": ""}), Fact::CfLoggedOut),
            (json!({"Target": ""}), Fact::CfLoggedOut),
            (json!({"Target": 1}), Fact::CfFileDamaged),
        ] {
            assert_eq!(config(&changes).unwrap_err().evidence, Some(why), "{changes}");
        }
        assert!(read(b"{").is_err());
    }
}
