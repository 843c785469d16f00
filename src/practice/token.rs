//! The tokens of the practice tenant: in SAP's format, unsigned.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

use super::{clients::API_CLIENT, sample::Scenario};
use crate::domain::sap::role::{Catalogue, Role};

/// Lifetime of a token in seconds: the default of the plan `api`.
pub(super) const LIFETIME: u32 = 43_199;

/// Prefixes of the scopes that the role-missing sample does not get: every purpose except monitoring has a role that
/// has no other scope, or whose read is refused without them.
const LACKING: [&str; 3] = ["WebTooling", "TransportModule.", "TenantPartnerDirectory."];

/// The scopes of one role. A role without documented scopes is in the token under its own name.
pub(super) fn scopes_of(role: &Role) -> Vec<String> {
    if role.scopes.is_empty() { vec![role.name.clone()] } else { role.scopes.clone() }
}

/// The scopes of a client, without prefix, sorted, before or after the role that it waits for has arrived.
pub(super) fn granted(scenario: Scenario, has_arrived: bool, catalogue: &Catalogue) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = match scenario {
        Scenario::WrongPlan => BTreeSet::from(["ESBMessaging.send".to_owned()]),
        _ => catalogue.roles.iter().flat_map(scopes_of).collect(),
    };
    if scenario == Scenario::RoleMissing || scenario == Scenario::RoleArrives && !has_arrived {
        all.retain(|scope| !LACKING.iter().any(|start| scope.starts_with(start)));
    }
    all
}

/// The contents of a token.
pub(super) struct Claim<'a> {
    /// The client.
    pub(super) client: &'a str,
    /// Its scopes, without prefix.
    pub(super) scopes: &'a BTreeSet<String>,
    /// The lifetime of the token in seconds.
    pub(super) lifetime: u32,
    /// The suffix of its id.
    pub(super) number: u64,
}

/// The token server's response with a token.
pub(super) fn answer(claim: &Claim) -> Value {
    let Claim { client, lifetime, .. } = claim;
    let prefix = client.split_once('|').map_or("", |(_, prefix)| prefix);
    let mut scopes: Vec<String> = claim.scopes.iter().map(|scope| format!("{prefix}.{scope}")).collect();
    scopes.push("uaa.resource".to_owned());
    let jti = format!("6f0e1d2c3b4a{:020}", claim.number);
    let claims = json!({
        "jti": jti, "sub": client, "client_id": client, "cid": client, "azp": client,
        "grant_type": "client_credentials", "zid": "practice", "iss": "practice",
        "ext_attr": {"enhancer": "XSUAA", "zdn": "practice"},
        "scope": scopes, "authorities": scopes, "aud": ["uaa", prefix],
    });
    let head = json!({"alg": "none", "typ": "JWT"});
    let token = format!("{}.{}.{}", encode(&head), encode(&claims), BASE64.encode("practice"));
    json!({"access_token": token, "token_type": "bearer", "expires_in": lifetime, "scope": scopes.join(" "), "jti": jti})
}

/// The contents of a parsed token: its client, and its scopes without prefix.
pub(super) struct Holder {
    /// The sample to which it was issued; none for a key created here.
    pub(super) scenario: Option<Scenario>,
    /// Whether the client is one of the plan `api`.
    pub(super) is_of_api: bool,
    /// The client's scopes.
    pub(super) scopes: BTreeSet<String>,
}

/// Parses a token.
pub(super) fn holder(token: &str) -> Option<Holder> {
    let mut parts = token.split('.');
    let (_, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if signature != BASE64.encode("practice") {
        return None;
    }
    let claims: Value = serde_json::from_slice(&BASE64.decode(claims).ok()?).ok()?;
    let scopes = claims.get("scope")?.as_array()?.iter().filter_map(Value::as_str);
    let scopes = scopes.filter_map(|scope| Some(scope.split_once('.')?.1.to_owned())).collect();
    let client = claims.get("cid")?.as_str()?;
    Some(Holder { scenario: Scenario::of_client(client), is_of_api: client.ends_with(API_CLIENT), scopes })
}

/// One part of a token.
fn encode(part: &Value) -> String {
    BASE64.encode(part.to_string())
}
