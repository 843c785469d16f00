//! One request and its whole answer, within the limits, repeated where that can help.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{RequestBuilder, Response, header};
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use super::{NetOptions, client::Line, fault, reporter::Reporter, reporter::stage, witness};
use crate::domain::{
    check::{CheckStep, Seen, answer::Head},
    finding::{Finding, FindingCode},
    text::{
        safe_text::SafeText,
        secret::{MASK, Secret},
    },
};

/// How often a request is sent again at most.
const REPETITIONS: u32 = 2;
/// The longest pause that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A whole answer.
#[derive(Debug)]
pub(super) struct Reply {
    /// HTTP status.
    pub(super) status: u16,
    /// The telling headers.
    pub(super) head: Head,
    /// What `Retry-After` asks for.
    retry_after: Option<Duration>,
    /// The server's clock.
    pub(super) date: Option<Timestamp>,
    /// The decoded body.
    pub(super) body: Vec<u8>,
    /// From the last sending to the whole answer, without the time to connect.
    pub(super) elapsed: Duration,
}

impl Reply {
    /// Takes a secret out of the answer. What a server says is quoted, and a server may repeat what it was sent.
    pub(super) fn forget(&mut self, secret: &Secret) {
        let encoded: String = url::form_urlencoded::byte_serialize(secret.expose().as_bytes()).collect();
        for secret in [secret.expose(), &Zeroizing::new(encoded)] {
            replace(&mut self.body, secret.as_bytes());
            if let Some(location) = &mut self.head.location {
                *location = location.replace(secret, MASK);
            }
        }
    }
}

/// Puts the mask in the place of every `part`.
fn replace(text: &mut Vec<u8>, part: &[u8]) {
    let mut from = 0;
    while let Some(at) = text[from..].windows(part.len().max(1)).position(|window| window == part) {
        let start = from + at;
        text.splice(start..start + part.len(), MASK.bytes());
        from = start + MASK.len();
    }
}

/// Why there is no answer, and whose step it was.
#[derive(Debug)]
pub(super) enum Failure {
    /// No connection: reported already, at the host's own step.
    Connect(Finding),
    /// After the connection stood: for the caller to report.
    Step(Finding),
}

/// Sends what `make` builds as part of `step`, and reports the connection to the host where this is the first request.
///
/// Repeats on faults of the connection and on 429, 502, 503, 504, never on other answers: a 401 repeated locks a
/// client.
pub(super) async fn fetch(
    line: &Line,
    step: &CheckStep,
    options: &NetOptions,
    reporter: &Reporter,
    make: impl Fn() -> RequestBuilder,
) -> Result<Reply, Failure> {
    let connect = CheckStep::Connect(line.site);
    let first = !*line.open.borrow();
    if first {
        reporter.start(&connect);
    } else {
        reporter.start(step);
    }
    let mut opened = !first;
    let open = || {
        let tls = witness::lock(&line.sight).version();
        reporter.finish(&connect, Seen::Connected { tls, proxy: line.proxy.clone() });
        reporter.start(step);
    };
    let mut repetition = 0;
    loop {
        let mut began = Instant::now();
        let mut waiting = line.open.clone();
        let sending = within(line, options, make());
        tokio::pin!(sending);
        let outcome = if opened {
            sending.await
        } else {
            tokio::select! {
                biased;
                () = async { drop(waiting.wait_for(|open| *open).await) } => {
                    opened = true;
                    open();
                    began = Instant::now();
                    sending.await
                }
                outcome = &mut sending => outcome,
            }
        };
        // Connection and answer can come within one look; then nobody has heard of the connection yet.
        if !opened && (outcome.is_ok() || *line.open.borrow()) {
            opened = true;
            open();
        }
        let current = if opened { step } else { &connect };
        let (pause, reason) = match &outcome {
            Ok(reply) => (pause_after(reply, repetition, options.backoff), status_line(reply.status)),
            Err(finding) if may_repeat(finding.code) => {
                (Some(doubled(options.backoff, repetition)), SafeText::line(&finding.code.as_str().replace('-', " ")))
            }
            Err(_) => (None, SafeText::default()),
        };
        if let Some(pause) = pause.filter(|_| repetition < REPETITIONS) {
            reporter.wait(current, pause, reason);
            tokio::time::sleep(pause).await;
            repetition += 1;
            continue;
        }
        return match outcome {
            Ok(mut reply) => {
                reply.elapsed = began.elapsed();
                Ok(reply)
            }
            Err(finding) if !opened => {
                reporter.finish(&connect, Seen::Fault(finding.clone()));
                Err(Failure::Connect(finding))
            }
            Err(finding) => Err(Failure::Step(finding)),
        };
    }
}

/// Sends one request and reads its answer, within the time for one request.
pub(super) async fn within(line: &Line, options: &NetOptions, request: RequestBuilder) -> Result<Reply, Finding> {
    let limits = options.limits;
    timeout(limits.request, whole(line, limits.body, request)).await.unwrap_or_else(|_| {
        let code = if *line.open.borrow() { FindingCode::TimeoutAnswer } else { FindingCode::TimeoutConnect };
        Err(Finding::new(code, stage(line.site))
            .about(line.host.as_str())
            .seen(format!("nothing whole within {} s", limits.request.as_secs_f32())))
    })
}

/// Sends one request and reads its answer up to `limit` bytes after decoding.
async fn whole(line: &Line, limit: usize, request: RequestBuilder) -> Result<Reply, Finding> {
    let mut response = request.send().await.map_err(|error| fault::finding(&error, line))?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| fault::finding(&error, line))? {
        if body.len() + chunk.len() > limit {
            return Err(Finding::new(FindingCode::AnswerTooLarge, stage(line.site))
                .about(line.host.as_str())
                .seen(format!("more than {limit} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply {
        status: response.status().as_u16(),
        head: head(&response),
        retry_after: retry_after(&response),
        date: text(&response, header::DATE.as_str())
            .and_then(|date| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(&date).ok()),
        body,
        elapsed: Duration::ZERO,
    })
}

/// One header as text.
fn text(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// The headers that are kept.
fn head(response: &Response) -> Head {
    Head { location: text(response, header::LOCATION.as_str()), router_error: text(response, "x-cf-routererror") }
}

/// `Retry-After` in seconds. A date is treated as absent: servers that throttle send seconds.
fn retry_after(response: &Response) -> Option<Duration> {
    text(response, header::RETRY_AFTER.as_str())?.trim().parse().ok().map(Duration::from_secs)
}

/// The pause before the same request may be sent again, or `None` where the answer stands.
fn pause_after(reply: &Reply, repetition: u32, backoff: Duration) -> Option<Duration> {
    if !matches!(reply.status, 429 | 502 | 503 | 504) {
        return None;
    }
    match reply.retry_after {
        Some(asked) => (asked <= LONGEST_PAUSE).then_some(asked),
        None => Some(doubled(backoff, repetition)),
    }
}

/// True for faults that go away by themselves.
fn may_repeat(code: FindingCode) -> bool {
    matches!(code, FindingCode::ConnectionRefused | FindingCode::NotReachable | FindingCode::ProxyUnreachable)
}

fn doubled(backoff: Duration, repetition: u32) -> Duration {
    backoff * 2u32.pow(repetition)
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
            date: None,
            body: Vec::new(),
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn only_answers_that_can_change_are_asked_for_again() {
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
    fn the_pause_that_a_server_asks_for_is_kept_up_to_half_a_minute() {
        let backoff = Duration::from_millis(500);
        assert_eq!(pause_after(&reply(429, Some(30)), 0, backoff), Some(Duration::from_secs(30)));
        assert_eq!(pause_after(&reply(429, Some(31)), 0, backoff), None);
    }

    #[test]
    fn a_secret_that_a_server_repeats_is_taken_out_as_it_is_and_as_it_was_sent() {
        let mut reply = reply(401, None);
        reply.body = b"a$b+c= and a%24b%2Bc%3D, a$b+c=".to_vec();
        reply.head.location = Some("https://x.example/a$b+c=".into());
        reply.forget(&Secret::new("a$b+c="));
        assert_eq!(reply.body, format!("{MASK} and {MASK}, {MASK}").as_bytes());
        assert_eq!(reply.head.location.unwrap(), format!("https://x.example/{MASK}"));
    }

    #[test]
    fn a_status_is_named_with_its_reason() {
        assert_eq!(status_line(429).as_str(), "429 Too Many Requests");
        assert_eq!(status_line(599).as_str(), "599");
    }
}
