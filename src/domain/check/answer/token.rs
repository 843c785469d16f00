//! The token server's answer.

use std::collections::BTreeSet;

use base64::Engine as _;
use serde_json::Value;

use super::{Answer, body::Body};
use crate::domain::{
    finding::{Finding, FindingCode, Stage},
    text::{safe_text::SafeText, secret::Secret},
};

/// A token, and what the answer says about it.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The access token.
    pub token: Secret,
    /// Seconds until it expires.
    pub expires_in: Option<u64>,
    /// Its scopes without the client's prefix, sorted, each once.
    pub scopes: Vec<SafeText>,
}

/// Reads an answer to the token request. `prefix` is the client's scope prefix
/// ([`crate::domain::key::service_key::ServiceKey::scope_prefix`]).
///
/// # Errors
/// The finding that says why there is no token. The subject (the host) is for the caller to add.
pub fn token_answer(answer: &Answer<'_>, prefix: Option<&str>) -> Result<Granted, Finding> {
    let body = Body::of(answer.body);
    if answer.status == 200
        && let Some(granted) = granted(&body, prefix)
    {
        return granted.map_err(|why| {
            Finding::new(FindingCode::TokenUnexpected, Stage::Token).seen(format!("{}: {why}", answer.evidence()))
        });
    }
    let code = refusal(answer, &body);
    let finding = Finding::new(code, Stage::Token);
    Err(match code {
        FindingCode::TokenRedirected => answer.elsewhere(finding),
        FindingCode::TokenUnexpected => {
            answer.evident(finding, body.said().or_else(|| Some(SafeText::line(body.kind()))))
        }
        _ => answer.evident(finding, body.said()),
    })
}

/// The token of an answer, where the answer has one at all.
fn granted(body: &Body<'_>, prefix: Option<&str>) -> Option<Result<Granted, &'static str>> {
    let Body::Json(value) = body else { return None };
    let token = value.get("access_token")?;
    let Some(token) = token.as_str().filter(|token| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()))
    else {
        return Some(Err("the token is not usable"));
    };
    let kind = value.get("token_type").and_then(Value::as_str).unwrap_or("bearer");
    if !kind.eq_ignore_ascii_case("bearer") {
        return Some(Err("the token is not a bearer token"));
    }
    let scopes = match value.get("scope").and_then(Value::as_str) {
        Some(list) => list.split_whitespace().map(str::to_owned).collect(),
        None => scopes_of_token(token),
    };
    // A Neo sample carries 0, which would make every token expired as it comes.
    let expires_in = value.get("expires_in").and_then(Value::as_u64).filter(|seconds| *seconds > 0);
    Some(Ok(Granted { token: Secret::new(token), expires_in, scopes: without_prefix(scopes, prefix) }))
}

/// The scopes in the payload of a JWT, as they stand there; empty where it is none. The signature is not looked at:
/// the scopes are shown and compared, and nothing is allowed because of them.
pub fn scopes_of_token(token: &str) -> Vec<String> {
    let payload = token.split('.').nth(1).unwrap_or_default();
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let Ok(bytes) = engine.decode(payload.trim_end_matches('=')) else { return Vec::new() };
    let Ok(claims) = serde_json::from_slice::<Value>(&bytes) else { return Vec::new() };
    match claims.get("scope") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(list)) => list.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Takes `<prefix>.` off where it is the client's own.
fn without_prefix(scopes: Vec<String>, prefix: Option<&str>) -> Vec<SafeText> {
    let bare = |scope: &String| {
        let own = prefix.and_then(|prefix| scope.strip_prefix(prefix)).and_then(|rest| rest.strip_prefix('.'));
        SafeText::line(own.unwrap_or(scope))
    };
    scopes.iter().map(bare).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Why there is no token.
fn refusal(answer: &Answer<'_>, body: &Body<'_>) -> FindingCode {
    let said = match (body.oauth_error(), body) {
        (Some((error, description)), _) => format!("{error} {description}"),
        (None, Body::Text(text) | Body::Html(text)) => (*text).to_owned(),
        (None, Body::Json(value)) => value.get("message").and_then(Value::as_str).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
    .to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));

    if says(&["identity zone", "no tenant found", "subdomain does not"]) {
        return FindingCode::UnknownSubdomain;
    }
    match answer.status {
        300..=399 if answer.head.leads_to_login() => FindingCode::TokenNotAnEndpoint,
        300..=399 => FindingCode::TokenRedirected,
        400 | 401 | 403 if says(&["grant type", "grant_type", "unauthorized_client"]) => FindingCode::GrantNotAllowed,
        400 | 401 | 403 if says(&["locked"]) => FindingCode::ClientLocked,
        400 | 401 | 403 if says(&["requested id", "client not found", "no client with"]) => FindingCode::UnknownClient,
        _ if answer.head.router_error.as_deref() == Some("unknown_route") => FindingCode::RouteUnknown,
        401 if matches!(body, Body::Html(_)) => FindingCode::TokenNotAnEndpoint,
        401 => FindingCode::BadCredentials,
        400 if says(&["invalid_client", "bad credentials"]) => FindingCode::BadCredentials,
        // UAA answers `{}` for a subdomain that it does not know.
        404 if matches!(body, Body::Empty) || matches!(body, Body::Json(value) if value == &serde_json::json!({})) => {
            FindingCode::UnknownSubdomain
        }
        404 | 405 => FindingCode::TokenNotAnEndpoint,
        407 => FindingCode::ProxyLogin,
        429 => FindingCode::TokenRateLimited,
        500..=599 => FindingCode::TokenUnavailable,
        _ if matches!(body, Body::Html(_)) => FindingCode::TokenNotAnEndpoint,
        _ => FindingCode::TokenUnexpected,
    }
}
