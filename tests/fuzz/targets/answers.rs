//! Responses of the token server and of the API: each is diagnosed, and no part of the secret or token that a server
//! repeats is shown to the user.

use cpikey::domain::{
    check::{
        CheckEvent, CheckStep, OtherStatus, Pace, ProbeSpec, Seen, Site,
        answer::{Answer, Head, api_answer, scopes_of_token, token_answer},
    },
    finding::Finding,
    text::{mask::Mask, secret::Secret},
};

use super::{SECRET, assert_harmless, assert_told, canary::Canaries, parts, text};

const PREFIX: &str = "it!b5678";

/// A kind, the status, `Location`, `X-Cf-RouterError`, the body.
pub fn run(data: &[u8]) {
    let [kind, status, location, router_error, body] = parts(data)[..] else { return };
    let some = |part: &[u8]| (!part.is_empty()).then(|| text(part).into_owned());
    let head = Head { location: some(location), router_error: some(router_error) };
    let status = text(status).parse().unwrap_or(200);
    let secret = Secret::new(SECRET);
    let mut mask = Mask::default();
    mask.add(&secret);
    let mut secrets = vec![("the client secret", SECRET.to_owned())];
    let mut scopes = Vec::new();
    let seen = if kind == b"token" {
        let answer = Answer { status, head: &head, body, request: "POST /oauth/token" };
        match token_answer(&answer, Some(PREFIX)) {
            Ok(granted) => {
                mask.add(&granted.token);
                secrets.push(("the token", granted.token.expose().to_owned()));
                let _ = scopes_of_token(granted.token.expose());
                scopes = granted.scopes;
                None
            }
            Err(finding) => Some(finding),
        }
    } else {
        let answer = Answer { status, head: &head, body, request: "GET /MessageProcessingLogs" };
        let spec = ProbeSpec {
            id: text(kind).into_owned(),
            title: "message processing logs".into(),
            path: "/MessageProcessingLogs?$top=1".into(),
            pace: Pace::Free,
            other_status: OtherStatus::Unknown,
            documented: true,
        };
        let facts = api_answer(&spec, &answer);
        assert_eq!(facts.status, Some(status));
        facts.finding
    };
    let canaries = Canaries::new(secrets.iter().map(|(name, secret)| (*name, secret.as_str())));
    for scope in &scopes {
        assert_harmless(scope.as_str(), "a scope");
        canaries.assert_absent(mask.apply_safe(scope).as_str().as_bytes(), "a scope");
    }
    if let Some(finding) = seen {
        assert_told(&[masked(finding, &mask)], &canaries, "an answer");
    }
    // The mask itself, on any text.
    canaries.assert_absent(mask.apply(&text(body)).as_bytes(), "a masked text");
}

/// Masks like the live test masks its report.
fn masked(finding: Finding, mask: &Mask) -> Finding {
    let event = CheckEvent::Finished {
        step: CheckStep::Connect(Site::Api),
        elapsed: std::time::Duration::ZERO,
        seen: Seen::Fault(finding),
    };
    match event.masked(mask) {
        CheckEvent::Finished { seen: Seen::Fault(finding), .. } => finding,
        other => panic!("{other:?}"),
    }
}
