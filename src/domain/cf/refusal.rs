//! The meaning of unsuccessful responses. The operation and the error code decide, the message is secondary: a broker's
//! message about a user name, a route or parameters does not refer to the user's input.

use std::time::Duration;

use super::call::{ApiError, Reply, Response};
use crate::domain::{
    finding::{Fact, Finding, FindingCode},
    text::safe_text::SafeText,
};

/// The operation in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum During {
    /// Reading places, plans, instances or keys.
    Looking,
    /// Creating the instance.
    CreateInstance,
    /// Changing its roles.
    UpdateInstance,
    /// Creating the key.
    CreateKey,
    /// Reading the key's credentials.
    ReadKey,
    /// Deleting an instance or a key.
    Delete,
}

/// What to do about a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Another operation is in progress; the same request can work shortly. Nothing was created.
    Busy(Finding),
    /// Too many requests; with the pause that the API requests.
    RateLimited(Finding, Option<Duration>),
    /// The name is taken.
    NameTaken(Finding),
    /// It is missing.
    Gone(Finding),
    /// A failure of the platform. The request may have been performed.
    Unavailable(Finding),
    /// The access token is not accepted.
    SessionEnded(Finding),
    /// A permanent failure.
    Final(Finding),
}

impl Refusal {
    /// The finding.
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

/// A response that does not come from the API: a success or JSON of another shape.
pub fn not_the_api(response: &Response) -> Finding {
    Finding::cf(FindingCode::CfNotAnApi).seen(response.seen())
}

/// The finding of a read that failed temporarily, with the pause that the API requests.
///
/// # Errors
/// A refusal that does not pass by itself.
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
/// The plan is visible only because of another organization.
const NOT_VISIBLE: u32 = 60010;
/// Names that are taken, in the older API.
const TAKEN_BEFORE: [u32; 2] = [60002, 360_001];
/// Another operation is in progress.
const IN_PROGRESS: u32 = 60016;

/// The meaning of an unsuccessful response.
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
        // A proxy or another server responded: the API always uses its error format.
        (_, None) => Refusal::Final(finding(FindingCode::CfNotAnApi)),
        (403, Some(SUSPENDED)) => Refusal::Final(finding(FindingCode::CfOrgSuspended)),
        (403, Some(NOT_VISIBLE)) => Refusal::Final(finding(FindingCode::CfNotEntitled)),
        (403, _) => Refusal::Final(finding(FindingCode::CfNotDeveloper)),
        // The credentials do not exist yet, or only a Space Developer can see them.
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

/// Adds the waiting time requested by the server to a rate limit finding.
pub fn about_limit(finding: Finding, pause: Option<Duration>) -> Finding {
    match pause.filter(|_| finding.code == FindingCode::CfRateLimited) {
        Some(pause) => finding.about(Fact::Pause { seconds: pause.as_secs() }),
        None => finding,
    }
}

/// Refusals with the same code, which only differ in their message.
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

/// The message of the response, with its status and the request id for support.
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

/// The meaning of a failed operation: `description` is the message of the broker or the platform.
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

/// Whether a deletion failed only because deleting a key takes time, as on older platforms; the next deletion succeeds.
pub fn waits_for_key(description: &str) -> bool {
    description.contains("operation for a service binding") && description.contains("in progress")
}

/// The message of a failed operation, without the text that the platform adds.
#[derive(Debug, PartialEq, Eq)]
struct BrokerWords {
    /// The broker's name, if the message is from the broker.
    broker: Option<String>,
    /// The message; empty if it gives no reason.
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

    /// Its meaning. Only known messages decide; all others are shown unchanged.
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

/// The maximum length of a message. SAP's message about a missing tenant has 250 characters.
const SENTENCE: usize = 800;

/// The complete message of a broker or the API.
fn sentence(text: &str) -> SafeText {
    SafeText::capped(text, SENTENCE)
}

/// A sentence to quote inside another.
fn without_stop(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}

/// IDs are useless to the reader and make a sentence too long for a line.
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
