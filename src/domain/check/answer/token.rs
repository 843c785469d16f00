//! Responses of the token server.

use std::collections::BTreeSet;

use base64::Engine as _;
use serde_json::Value;

use super::Answer;
use crate::domain::{
    body::Body,
    finding::{Fact, Finding, FindingCode, Stage},
    text::{safe_text::SafeText, secret::Secret, token::is_token},
};

/// A token with its details in the response.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The access token.
    pub token: Secret,
    /// Seconds until it expires.
    pub expires_in: Option<u64>,
    /// Its scopes without the client's prefix, sorted, each once.
    pub scopes: Vec<SafeText>,
}

/// Evaluates a response to the token request. `prefix` is the client's scope prefix
/// ([`crate::domain::key::service_key::ServiceKey::scope_prefix`]).
///
/// # Errors
///
/// The finding that explains why there is no token. The caller adds the subject (the host).
pub fn token_answer(answer: &Answer<'_>, prefix: Option<&str>) -> Result<Granted, Finding> {
    let body = Body::of(answer.body);
    if answer.status == 200
        && let Some(granted) = granted(&body, prefix)
    {
        return granted
            .map_err(|why| Finding::new(FindingCode::TokenUnexpected, Stage::Token).seen(answer.evidence(Some(why))));
    }
    let code = refusal(answer, &body);
    let finding = Finding::new(code, Stage::Token);
    Err(match code {
        FindingCode::TokenRedirected => answer.elsewhere(finding),
        // Text that is no refusal may be a token in a form that is not read here.
        FindingCode::TokenUnexpected if matches!((answer.status, &body), (200..=299, Body::Text(_))) => {
            finding.seen(answer.evidence(Some(body.kind())))
        }
        FindingCode::TokenUnexpected | FindingCode::AnsweredInBetween => {
            finding.seen(answer.evidence(Some(body.said_or_kind())))
        }
        _ => answer.evident(finding, body.said()),
    })
}

/// The token of a response, if it has one.
fn granted(body: &Body<'_>, prefix: Option<&str>) -> Option<Result<Granted, Fact>> {
    let Body::Json(value) = body else { return None };
    let token = value.get("access_token")?;
    let Some(token) = token.as_str().filter(|token| is_token(token)) else {
        return Some(Err(Fact::TokenUnusable));
    };
    let kind = value.get("token_type").and_then(Value::as_str).unwrap_or("bearer");
    if !kind.eq_ignore_ascii_case("bearer") {
        return Some(Err(Fact::TokenNotBearer));
    }
    let scopes = match value.get("scope").and_then(Value::as_str) {
        Some(list) => list.split_whitespace().map(str::to_owned).collect(),
        None => scopes_of_token(token),
    };
    // A sample from Neo contains 0, which would make every token expired from the start.
    let expires_in = value.get("expires_in").and_then(Value::as_u64).filter(|seconds| *seconds > 0);
    Some(Ok(Granted { token: Secret::new(token), expires_in, scopes: without_prefix(scopes, prefix) }))
}

/// The scopes in the payload of a JWT, unchanged; empty if it is not a JWT. The signature is not verified: the scopes
/// are only shown and compared, and nothing is authorized by them.
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

/// Removes `<prefix>.` if it is the client's own.
fn without_prefix(scopes: Vec<String>, prefix: Option<&str>) -> Vec<SafeText> {
    let bare = |scope: &String| {
        let own = prefix.and_then(|prefix| scope.strip_prefix(prefix)).and_then(|rest| rest.strip_prefix('.'));
        SafeText::line(own.unwrap_or(scope))
    };
    scopes.iter().map(bare).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Why there is no token.
fn refusal(answer: &Answer<'_>, body: &Body<'_>) -> FindingCode {
    let said = body.oauth_error();
    if let Some(code) = said.as_ref().and_then(|(error, description)| of_uaa(answer.status, error, description)) {
        return code;
    }
    let is_empty = matches!(body, Body::Empty) || matches!(body, Body::Json(value) if value == &serde_json::json!({}));
    match answer.status {
        300..=399 if answer.head.leads_to_login() => FindingCode::TokenNotAnEndpoint,
        300..=399 => FindingCode::TokenRedirected,
        _ if answer.head.router_error.as_deref() == Some("unknown_route") => FindingCode::RouteUnknown,
        407 => FindingCode::ProxyLogin,
        429 => FindingCode::TokenRateLimited,
        511 => FindingCode::AnsweredInBetween,
        500..=599 => FindingCode::TokenUnavailable,
        // UAA answers `{}` for a subdomain that it does not know.
        404 if is_empty || matches!(body, Body::Text(text) if names_no_zone(text)) => FindingCode::UnknownSubdomain,
        404 | 405 => FindingCode::TokenNotAnEndpoint,
        _ if body.is_form_refusal() || body.is_login() || body.is_tomcat() => FindingCode::TokenNotAnEndpoint,
        200 if matches!(body, Body::Html(_)) => FindingCode::TokenNotAnEndpoint,
        200..=299 => FindingCode::TokenUnexpected,
        400 | 406 | 411..=415 if body.is_framework_error() => FindingCode::RequestChanged,
        _ if body.is_foreign() => FindingCode::AnsweredInBetween,
        401 => FindingCode::BadCredentials,
        _ => FindingCode::TokenUnexpected,
    }
}

/// The meaning of an OAuth error object.
fn of_uaa(status: u16, error: &str, description: &str) -> Option<FindingCode> {
    let description = description.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| description.contains(word));
    if names_no_zone(&description) {
        return Some(FindingCode::UnknownSubdomain);
    }
    if !matches!(status, 400 | 401 | 403) {
        return None;
    }
    if error == "unauthorized_client" || (says(&["grant type", "grant_type"]) && says(&["unauthorized", "credentials"]))
    {
        return Some(FindingCode::GrantNotAllowed);
    }
    // The request has a grant type, a client and a secret, so they were lost in transit.
    let lost =
        ["grant type", "full authentication is required", "authentication object was not found", "missing credentials"];
    if matches!(error, "invalid_request" | "unsupported_grant_type") || says(&lost) {
        return Some(FindingCode::RequestChanged);
    }
    if description.split(|c: char| !c.is_alphanumeric()).any(|word| word == "locked") {
        return Some(FindingCode::ClientLocked);
    }
    if says(&["requested id", "client not found", "no client with"]) {
        return Some(FindingCode::UnknownClient);
    }
    (status == 401 || error == "invalid_client" || says(&["bad credentials"])).then_some(FindingCode::BadCredentials)
}

/// Whether UAA reports that there is no tenant with this subdomain.
fn names_no_zone(text: &str) -> bool {
    let text = text.to_lowercase();
    ["identity zone", "no tenant found", "subdomain does not"].iter().any(|words| text.contains(words))
}
