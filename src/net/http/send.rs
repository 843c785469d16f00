//! One request and its complete response, within the limits, retried if that can help.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{RequestBuilder, Response, header};
use tokio::time::{Instant, timeout};

use super::{NetOptions, classify, error::HttpError, host::HostClient};
use crate::domain::{
    check::{RetryReason, Try, answer::Head},
    finding::{Fact, FindingCode},
    text::safe_text::SafeText,
};

/// Maximum number of retries.
const RETRIES: u32 = 2;
/// Statuses of temporary failures.
const RETRIED: [u16; 4] = [429, 502, 503, 504];
/// The longest pause that a server may request.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A complete response.
#[derive(Debug)]
pub(in crate::net) struct Reply {
    /// HTTP status.
    pub(in crate::net) status: u16,
    /// Response headers used for diagnosis.
    pub(in crate::net) head: Head,
    /// The pause requested by `Retry-After`.
    retry_after: Option<Duration>,
    /// `X-Vcap-Request-Id`, with which SAP support can find the request.
    pub(in crate::net) request_id: Option<String>,
    /// The server's clock.
    pub(in crate::net) date: Option<Timestamp>,
    /// The decoded body.
    pub(in crate::net) body: Vec<u8>,
    /// From the last attempt to the complete response, excluding the time to connect.
    pub(in crate::net) elapsed: Duration,
}

impl Reply {
    /// The pause that the server requests before the next request.
    pub(in crate::net) fn asks_to_wait(&self) -> Option<Duration> {
        self.retry_after.filter(|_| RETRIED.contains(&self.status))
    }
}

/// What happens to a request before its response arrives.
pub(in crate::net) enum SendEvent {
    /// Connected.
    Connected,
    /// The request will be retried after a pause.
    Retry {
        /// How long.
        pause: Duration,
        /// Why.
        reason: RetryReason,
        /// The next attempt.
        next: Try,
        /// Whether there was a connection.
        connected: bool,
    },
}

/// Why there is no response.
#[derive(Debug)]
pub(in crate::net) struct SendError {
    /// What happened.
    pub(in crate::net) error: HttpError,
    /// Whether there was a connection.
    pub(in crate::net) connected: bool,
}

/// Sends the request that `make` builds and reads the complete response.
///
/// Retries after connection errors and after 429, 502, 503 and 504, never after other responses: repeated 401s lock a
/// client.
pub(in crate::net) async fn send(
    host: &HostClient,
    options: &NetOptions,
    make: impl Fn() -> RequestBuilder,
    on_event: impl Fn(SendEvent),
) -> Result<Reply, SendError> {
    let mut connected = host.is_connected();
    let mut retries = 0;
    loop {
        let outcome = attempt(host, options, make(), &mut connected, || on_event(SendEvent::Connected)).await;
        match retry(&outcome, retries, options.backoff) {
            Some((pause, reason)) => {
                retries += 1;
                let next = Try { number: retries + 1, of: RETRIES + 1 };
                on_event(SendEvent::Retry { pause, reason, next, connected });
                tokio::time::sleep(pause).await;
            }
            None => return outcome.map_err(|error| SendError { error, connected }),
        }
    }
}

/// Sends a request once and reports the connection.
async fn attempt(
    host: &HostClient,
    options: &NetOptions,
    request: RequestBuilder,
    connected: &mut bool,
    on_connected: impl Fn(),
) -> Result<Reply, HttpError> {
    let mut began = Instant::now();
    let sending = send_once(host, options, request);
    tokio::pin!(sending);
    let outcome = if *connected {
        sending.await
    } else {
        tokio::select! {
            biased;
            () = host.wait_connected() => {
                *connected = true;
                on_connected();
                began = Instant::now();
                sending.await
            }
            outcome = &mut sending => outcome,
        }
    };
    // Connection and response can arrive within one poll; then the connection has not been reported yet.
    if !*connected && (outcome.is_ok() || host.is_connected()) {
        *connected = true;
        on_connected();
    }
    outcome.map(|reply| Reply { elapsed: began.elapsed(), ..reply })
}

/// Sends a request once and reads its response, within the time limit of one request.
pub(in crate::net) async fn send_once(
    host: &HostClient,
    options: &NetOptions,
    request: RequestBuilder,
) -> Result<Reply, HttpError> {
    let limits = options.limits;
    timeout(limits.request, exchange(host, limits.body, request)).await.unwrap_or_else(|_| {
        let code = if host.is_connected() { FindingCode::TimeoutAnswer } else { FindingCode::TimeoutConnect };
        let late = HttpError::new(code)
            .about(host.name.as_str())
            .seen(Fact::NotCompleteWithin { seconds: limits.request.as_secs_f32().to_string() });
        Err(classify::scripted(late, host.proxy_script.as_ref()))
    })
}

/// Sends a request and reads its response, up to `limit` bytes after decoding.
async fn exchange(host: &HostClient, limit: usize, request: RequestBuilder) -> Result<Reply, HttpError> {
    let mut response = request.send().await.map_err(|source| classify::name(&source, host))?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|source| classify::name(&source, host))? {
        if body.len() + chunk.len() > limit {
            // For a refusal, the status and the start of the body are enough.
            if !response.status().is_success() {
                body.extend_from_slice(&chunk[..limit - body.len()]);
                break;
            }
            return Err(HttpError::new(FindingCode::AnswerTooLarge)
                .about(host.name.as_str())
                .seen(Fact::MoreThanBytes { limit }));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply {
        status: response.status().as_u16(),
        head: head(&response),
        retry_after: retry_after(&response),
        request_id: text(&response, "x-vcap-request-id"),
        date: text(&response, header::DATE.as_str())
            .and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(&date).ok()),
        body,
        elapsed: Duration::ZERO,
    })
}

/// The pause before the next attempt and its reason, if a retry is allowed.
fn retry(outcome: &Result<Reply, HttpError>, retries: u32, backoff: Duration) -> Option<(Duration, RetryReason)> {
    if retries >= RETRIES {
        return None;
    }
    match outcome {
        Ok(reply) => Some((pause_after(reply, retries, backoff)?, RetryReason::Answer(status_line(reply.status)))),
        Err(error) => Some((doubled(backoff, retries), transient(error.code)?)),
    }
}

/// One header as text.
fn text(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn head(response: &Response) -> Head {
    Head { location: text(response, header::LOCATION.as_str()), router_error: text(response, "x-cf-routererror") }
}

/// `Retry-After` in seconds. A date is treated as absent: throttling servers send seconds.
fn retry_after(response: &Response) -> Option<Duration> {
    text(response, header::RETRY_AFTER.as_str())?.trim().parse().ok().map(Duration::from_secs)
}

/// The pause before the same request may be retried, or `None` if the response is final.
fn pause_after(reply: &Reply, retries: u32, backoff: Duration) -> Option<Duration> {
    if !RETRIED.contains(&reply.status) {
        return None;
    }
    match reply.retry_after {
        Some(asked) => (asked <= LONGEST_PAUSE).then_some(asked),
        None => Some(doubled(backoff, retries)),
    }
}

/// Transient errors, as the reason for a retry.
fn transient(code: FindingCode) -> Option<RetryReason> {
    match code {
        FindingCode::ConnectionRefused => Some(RetryReason::ConnectionRefused),
        FindingCode::NotReachable => Some(RetryReason::NotReachable),
        FindingCode::ProxyUnreachable => Some(RetryReason::ProxyUnreachable),
        _ => None,
    }
}

fn doubled(backoff: Duration, retries: u32) -> Duration {
    backoff * 2u32.pow(retries)
}

/// `429 Too Many Requests`
fn status_line(status: u16) -> SafeText {
    let reason = reqwest::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    SafeText::line(format!("{status} {}", reason.unwrap_or_default()).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, retry_after: Option<u64>) -> Reply {
        Reply {
            status,
            head: Head::default(),
            retry_after: retry_after.map(Duration::from_secs),
            request_id: None,
            date: None,
            body: Vec::new(),
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn only_answers_that_can_change_are_retried() {
        let backoff = Duration::from_millis(500);
        for status in [200, 302, 400, 401, 403, 404, 407, 500, 501] {
            assert_eq!(pause_after(&reply(status, Some(1)), 0, backoff), None, "{status}");
        }
        for status in [429, 502, 503, 504] {
            assert_eq!(pause_after(&reply(status, None), 0, backoff), Some(backoff), "{status}");
            assert_eq!(pause_after(&reply(status, None), 1, backoff), Some(backoff * 2), "{status}");
        }
    }

    #[test]
    fn the_pause_that_a_server_asks_for_is_respected_up_to_half_a_minute() {
        let backoff = Duration::from_millis(500);
        assert_eq!(pause_after(&reply(429, Some(30)), 0, backoff), Some(Duration::from_secs(30)));
        assert_eq!(pause_after(&reply(429, Some(31)), 0, backoff), None);
    }

    #[test]
    fn a_status_is_named_with_its_reason() {
        assert_eq!(status_line(429).as_str(), "429 Too Many Requests");
        assert_eq!(status_line(599).as_str(), "599");
    }
}
