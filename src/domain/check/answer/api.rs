//! Responses of the API.

use serde_json::Value;

use super::Answer;
use crate::domain::{
    body::Body,
    check::{MONITORING_PROBE, ProbeFacts, ProbeOutcome, ProbeSpec},
    finding::{Finding, FindingCode, Stage},
};

/// Evaluates a response to a probe. The caller adds the finding's subject (host or role).
pub fn api_answer(spec: &ProbeSpec, answer: &Answer<'_>) -> ProbeFacts {
    let body = Body::of(answer.body);
    let monitoring = spec.id == MONITORING_PROBE;
    let (outcome, code) = if answer.status == 200 { read(&body) } else { refused(answer, &body, monitoring) };
    let finding = code.map(|code| {
        let finding = Finding::new(code, Stage::Api);
        match code {
            FindingCode::ApiRedirected | FindingCode::LoginPage if answer.head.location.is_some() => {
                answer.elsewhere(finding)
            }
            FindingCode::ApiUnexpected | FindingCode::AnsweredInBetween => {
                finding.seen(answer.evidence(Some(body.said_or_kind())))
            }
            // Tomcat's error page adds nothing to the status.
            FindingCode::RoleMissing => answer.evident(finding, body.odata_error()),
            _ => answer.evident(finding, body.said()),
        }
    });
    ProbeFacts {
        status: Some(answer.status),
        outcome,
        count: (outcome == ProbeOutcome::Ok).then(|| count(&body)).flatten(),
        finding,
    }
}

/// A response with status 200.
fn read(body: &Body<'_>) -> (ProbeOutcome, Option<FindingCode>) {
    match body {
        Body::Json(value) if value.get("d").is_some() || value.get("value").is_some() => (ProbeOutcome::Ok, None),
        Body::Xml(text) if is_odata_xml(text) => (ProbeOutcome::Ok, None),
        Body::Html(_) if body.is_login() => (ProbeOutcome::Failed, Some(FindingCode::LoginPage)),
        Body::Html(_) => (ProbeOutcome::Failed, Some(FindingCode::ApiNotFound)),
        _ => (ProbeOutcome::Failed, Some(FindingCode::ApiUnexpected)),
    }
}

/// A response with any other status.
fn refused(answer: &Answer<'_>, body: &Body<'_>, monitoring: bool) -> (ProbeOutcome, Option<FindingCode>) {
    use ProbeOutcome::{Failed, Forbidden, NotOnTenant, Unauthorized};
    // A response from the API itself is about this resource; anything else shows that this is not the API.
    let of_the_api = body.odata_error().is_some() || body.is_tomcat();
    let (outcome, code) = match answer.status {
        _ if answer.head.router_error.as_deref() == Some("unknown_route") => (Failed, FindingCode::RouteUnknown),
        300..=399 if answer.head.leads_to_login() => (Failed, FindingCode::LoginPage),
        300..=399 => (Failed, FindingCode::ApiRedirected),
        403 if body.is_login() => (Failed, FindingCode::LoginPage),
        // Responses from anything else are no evidence about the token or a role.
        401 | 403 if body.is_foreign() => (Failed, FindingCode::AnsweredInBetween),
        451 | 511 => (Failed, FindingCode::AnsweredInBetween),
        401 => (Unauthorized, FindingCode::TokenNotAccepted),
        403 => (Forbidden, FindingCode::RoleMissing),
        407 => (Failed, FindingCode::ProxyLogin),
        429 => (Failed, FindingCode::ApiRateLimited),
        // Every tenant has message processing logs, so their absence is always a failure.
        404 if monitoring && body.odata_error().is_none() => (Failed, FindingCode::ApiNotFound),
        400 | 404 | 501 if monitoring => (Failed, FindingCode::ApiUnexpected),
        400 | 404 | 500 | 501 if !monitoring && of_the_api => (NotOnTenant, FindingCode::ProbeNotOnTenant),
        // The monitoring probe has shown the API on this host, so an empty refusal is the API's too.
        400 | 404 | 501 if matches!(body, Body::Empty) => (NotOnTenant, FindingCode::ProbeNotOnTenant),
        404 => (Failed, FindingCode::ApiNotFound),
        500..=599 => (Failed, FindingCode::ApiUnavailable),
        _ if body.is_login() => (Failed, FindingCode::LoginPage),
        400 | 402 | 405..=499 if matches!(body, Body::Html(_)) && body.is_foreign() => {
            (Failed, FindingCode::AnsweredInBetween)
        }
        _ => (Failed, FindingCode::ApiUnexpected),
    };
    (outcome, Some(code))
}

/// Atom (the API's default format) and the service document.
fn is_odata_xml(text: &str) -> bool {
    ["http://www.w3.org/2005/Atom", "http://www.w3.org/2007/app", "schemas.microsoft.com/ado"]
        .iter()
        .any(|namespace| text.contains(namespace))
}

/// Entries in a list: OData v2 (`d.results`, or `d` itself), v4 (`value`), Atom.
fn count(body: &Body<'_>) -> Option<u64> {
    let list = match body {
        Body::Json(value) => {
            let data = value.get("d");
            data.and_then(|data| data.get("results")).or(data).or_else(|| value.get("value"))
        }
        Body::Xml(text) if text.contains("<feed") || text.contains(":feed") => {
            return u64::try_from(text.matches("<entry").count()).ok();
        }
        _ => None,
    };
    list.and_then(Value::as_array).and_then(|list| u64::try_from(list.len()).ok())
}
