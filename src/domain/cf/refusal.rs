//! What an answer that is no success means. The place and the number decide, the words come second: a broker's sentence
//! about a user name, a route or parameters is not about what the person typed.

use std::time::Duration;

use super::call::{ApiError, Reply, Response};
use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    text::safe_text::SafeText,
};

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum During {
    /// Looking for places, plans, instances, keys.
    Looking,
    /// Making the instance.
    CreateInstance,
    /// Changing its roles.
    UpdateInstance,
    /// Making the key.
    CreateKey,
    /// Reading the key's credentials.
    ReadKey,
    /// Deleting an instance or a key.
    Delete,
}

/// What a refusal asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Something else is being done to it; the same request can work shortly. Nothing was made.
    Busy(Finding),
    /// Too many requests; with the pause that the API asks for.
    RateLimited(Finding, Option<Duration>),
    /// The name is taken.
    NameTaken(Finding),
    /// It is not there.
    Gone(Finding),
    /// A fault of the platform. What was asked may have been done.
    Unavailable(Finding),
    /// The access token is not accepted.
    SessionEnded(Finding),
    /// Nothing that passes by itself.
    Final(Finding),
}

impl Refusal {
    /// What was found.
    pub fn finding(self) -> Finding {
        match self {
            Refusal::Busy(finding)
            | Refusal::RateLimited(finding, _)
            | Refusal::NameTaken(finding)
            | Refusal::Gone(finding)
            | Refusal::Unavailable(finding)
            | Refusal::SessionEnded(finding)
            | Refusal::Final(finding) => finding,
        }
    }
}

/// Something else than the API answers: a success, or JSON, of another shape.
pub fn not_the_api(response: &Response) -> Finding {
    Finding::cf(FindingCode::CfNotAnApi).seen(response.seen())
}

/// Why a look has no usable answer although it may have one when it is repeated, with the pause that the API asks for.
///
/// # Errors
/// What does not pass by itself.
pub fn passing(during: During, reply: Reply) -> Result<(Finding, Option<Duration>), Finding> {
    match reply {
        Reply::Lost(finding) => Ok((finding, None)),
        Reply::SessionEnded(finding) => Err(finding),
        Reply::Answer(response) => match refusal(during, &response) {
            Refusal::RateLimited(finding, pause) => Ok((finding, pause)),
            Refusal::Unavailable(finding) | Refusal::Busy(finding) => Ok((finding, None)),
            other => Err(other.finding()),
        },
    }
}

/// The error of the access token.
const INVALID_TOKEN: u32 = 1000;
/// The organization is suspended.
const SUSPENDED: u32 = 10017;
/// The plan is visible because of another organization.
const NOT_VISIBLE: u32 = 60010;
/// Names that are taken, by the codes of the older API.
const TAKEN_BEFORE: [u32; 2] = [60002, 360_001];
/// Another operation is in progress.
const IN_PROGRESS: u32 = 60016;

/// What an answer means that is not a success.
pub fn refusal(during: During, response: &Response) -> Refusal {
    let error = response.error();
    let code = error.as_ref().map(|error| error.code);
    let seen = said(response, error.as_ref());
    let finding = |code: FindingCode| Finding::cf(code).seen(seen.clone());
    match (response.status, code) {
        (429, _) => {
            let limited = about_limit(finding(FindingCode::CfRateLimited), response.retry_after);
            Refusal::RateLimited(limited, response.retry_after)
        }
        (500.., _) => Refusal::Unavailable(finding(FindingCode::CfUnavailable)),
        (401, _) | (_, Some(INVALID_TOKEN)) => Refusal::SessionEnded(finding(FindingCode::CfSessionEnded)),
        // A proxy or another server answers: none of the API's answers is without its form of errors.
        (_, None) => Refusal::Final(finding(FindingCode::CfNotAnApi)),
        (403, Some(SUSPENDED)) => Refusal::Final(finding(FindingCode::CfOrgSuspended)),
        (403, Some(NOT_VISIBLE)) => Refusal::Final(finding(FindingCode::CfNotEntitled)),
        (403, _) => Refusal::Final(finding(FindingCode::CfNotDeveloper)),
        // Credentials that are not there yet, or that only a Space Developer can see.
        (404, _) if during == During::ReadKey => match error.as_ref().map_or("", |error| error.detail.as_str()) {
            detail if detail.contains("Creation of service key failed") => {
                Refusal::Gone(finding(FindingCode::CfKeyFailed))
            }
            detail if detail.contains("Creation of service key") => {
                Refusal::Busy(finding(FindingCode::CfKeyNotReadableYet))
            }
            _ => Refusal::Final(finding(FindingCode::CfNotDeveloper)),
        },
        (404, _) => Refusal::Gone(finding(FindingCode::CfVanished)),
        (409, _) | (_, Some(IN_PROGRESS)) => Refusal::Busy(finding(FindingCode::CfBusy)),
        (_, Some(code)) if TAKEN_BEFORE.contains(&code) => Refusal::NameTaken(finding(FindingCode::CfNameTaken)),
        _ => unprocessable(during, &error.unwrap_or_default().detail, finding),
    }
}

/// Has a limit of requests say how long the server asks to wait, if it does.
pub fn about_limit(finding: Finding, pause: Option<Duration>) -> Finding {
    match pause.filter(|_| finding.code == FindingCode::CfRateLimited) {
        Some(pause) => finding.about(Fact::Pause { seconds: pause.as_secs() }),
        None => finding,
    }
}

/// Refusals of one code, which only the words tell apart.
fn unprocessable(during: During, detail: &str, finding: impl Fn(FindingCode) -> Finding) -> Refusal {
    let has = |part: &str| detail.contains(part);
    if has("getting deleted or its deletion failed") {
        Refusal::Final(finding(FindingCode::CfKeyNameDeleted))
    } else if has("name is taken") || has("names must be unique") {
        Refusal::NameTaken(finding(FindingCode::CfNameTaken))
    } else if has("removed from the service broker") {
        Refusal::Final(finding(FindingCode::CfBrokerRefused))
    } else if has("in progress") {
        Refusal::Busy(finding(FindingCode::CfBusy))
    } else if has("Invalid service plan") || has("not visible") {
        Refusal::Final(finding(FindingCode::CfNotEntitled))
    } else if has("exceeded your") || has("paid service plans are not allowed") {
        Refusal::Final(finding(FindingCode::CfQuota))
    } else if has("Service instance not found") && during == During::CreateKey {
        Refusal::Gone(finding(FindingCode::CfVanished))
    } else if during == During::Delete {
        Refusal::Final(finding(FindingCode::CfDeleteFailed))
    } else {
        Refusal::Final(finding(FindingCode::CfUnexpected))
    }
}

/// What the answer says, with its status and the id that support asks for.
fn said(response: &Response, error: Option<&ApiError>) -> Fact {
    let detail = match error {
        Some(error) if error.detail.is_empty() => error.code.to_string(),
        Some(error) => format!("{}: {}", error.code, without_ids(without_stop(&error.detail))),
        None => return with_id(response.seen(), response),
    };
    with_id(sentence(&format!("{} {detail}", response.status)).into(), response)
}

fn with_id(seen: Fact, response: &Response) -> Fact {
    match &response.request_id {
        Some(id) => Fact::WithRequestId { seen: Box::new(seen), id: id.clone() },
        None => seen,
    }
}

/// What the failure of an operation means: `description` is the broker's or the platform's sentence.
pub fn operation_failed(during: During, description: &str) -> Finding {
    let words = BrokerWords::read(description);
    let code = match during {
        During::Delete if waits_for_key(description) => FindingCode::CfBusy,
        During::Delete => FindingCode::CfDeleteFailed,
        _ => words.code(),
    };
    let mut finding = Finding::cf(code);
    if let Some(broker) = &words.broker {
        finding = finding.about(SafeText::line(broker));
    }
    match words.text.as_str() {
        "" => finding,
        text => finding.seen(sentence(text)),
    }
}

/// Whether a deletion failed only because the deletion of a key takes time. An older platform does that; the next deletion
/// succeeds.
pub fn waits_for_key(description: &str) -> bool {
    description.contains("operation for a service binding") && description.contains("in progress")
}

/// The sentence of a failed operation, without what the platform puts around it.
#[derive(Debug, PartialEq, Eq)]
struct BrokerWords {
    /// The broker's name, if the sentence is the broker's.
    broker: Option<String>,
    /// What it says; empty if it gives no reason.
    text: String,
}

impl BrokerWords {
    fn read(description: &str) -> Self {
        let description = description.trim();
        let of_broker = description.split_once(" failed with: ").and_then(|(before, text)| {
            let (_, broker) = before.rsplit_once("Service broker ")?;
            (!broker.contains(char::is_whitespace)).then_some((broker, text))
        });
        let (broker, text) = match of_broker {
            Some((broker, text)) => (Some(broker.to_owned()), text),
            None => (None, description),
        };
        let text = without_stop(text);
        let text = if ["null", "{}", "\"\""].contains(&text) { "" } else { text };
        Self { broker, text: without_ids(text) }
    }

    /// What it means. Only sentences that were seen decide; all others are shown as they are.
    fn code(&self) -> FindingCode {
        let has = |part: &str| self.text.contains(part);
        let any = |parts: &[&str]| parts.iter().any(|part| has(part));
        if has("not provisioned a tenant") {
            FindingCode::CfNotActive
        } else if has("sufficient entitlements") {
            FindingCode::CfNotEntitled
        } else if has("parameters are invalid") {
            if has("propertyPath") { FindingCode::CfParametersRefused } else { FindingCode::CfBrokerRefused }
        } else if any(&["Quota", "limit exceeded", "Pool for plan", "trial pool"]) {
            FindingCode::CfQuota
        } else if any(&["within the required time", "job execution has timed out"]) {
            FindingCode::CfTookTooLong
        } else if any(&[
            "Requested route",
            "Authentication with the service broker failed",
            "to the service broker timed out",
            "service broker could not be reached",
            "returned an invalid response",
            "responded with invalid JSON",
        ]) {
            FindingCode::CfBrokerUnreachable
        } else {
            FindingCode::CfBrokerFailed
        }
    }
}

/// The longest sentence of a broker or of the API. What SAP writes about a tenant that is not there has 250 characters.
const SENTENCE: usize = 800;

/// What a broker or the API says, whole.
fn sentence(text: &str) -> SafeText {
    SafeText::capped(text, SENTENCE)
}

/// A sentence to be quoted within another.
fn without_stop(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}

/// Ids are of no use to the reader and make a sentence too long for a line.
fn without_ids(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match rest.get(..36).filter(|id| is_id(id)) {
            Some(id) => {
                out.push('…');
                rest = &rest[id.len()..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

/// Whether this has the form of a GUID.
fn is_id(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_is_quoted_whole_and_a_page_of_text_is_cut() {
        let long = "activate the capability, ".repeat(20);
        let finding = operation_failed(During::CreateInstance, &format!("Service broker b failed with: {long}end"));
        assert!(finding.evidence.unwrap().as_text().unwrap().ends_with("end"));
        let finding = operation_failed(During::CreateInstance, &"x".repeat(100_000));
        assert!(finding.evidence.unwrap().as_text().unwrap().len() < 1_000);
    }

    #[test]
    fn the_brokers_name_and_words_are_taken_out_of_the_sentence() {
        let words = BrokerWords::read(
            "provision could not be completed: Service broker error: Service broker it-broker-rt failed with: Internal Server Error.\n",
        );
        assert_eq!(words.broker.as_deref(), Some("it-broker-rt"));
        assert_eq!(words.text, "Internal Server Error");
        for nothing in ["", "null", "{}", " {} \n"] {
            assert_eq!(BrokerWords::read(nothing).text, "", "{nothing:?}");
        }
        let words = BrokerWords::read("The request to https://b/v2/1b0a7c1e-0000-4000-8000-0123456789ab timed out");
        assert_eq!(words.text, "The request to https://b/v2/… timed out");
    }
}
