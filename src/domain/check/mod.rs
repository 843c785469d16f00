//! The live test as data: requests and results.

pub mod answer;
pub mod describe;
pub mod diagnosis;
pub mod report;
pub mod waiting;

pub use crate::domain::sap::probe::{OtherStatus, Pace, ProbeSpec};

use std::{sync::Arc, time::Duration};

use serde::Serialize;

use super::finding::Finding;
use crate::{
    domain::{
        key::service_key::{Credential, ServiceKey},
        sap::parameters::readable_seconds,
        text::{mask::Mask, safe_text::SafeText},
    },
    words::Words,
};

/// The probe that every test makes: message processing logs.
pub const MONITORING_PROBE: &str = "message-processing-logs";
/// The role that a test checks by default.
pub const MONITORING_ROLE: &str = "MonitoringDataRead";

/// A probe of one test with the requested roles that it checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedProbe {
    /// What is read.
    pub spec: ProbeSpec,
    /// The requested roles whose probe this is. May be empty for the monitoring probe.
    pub roles: Vec<String>,
}

/// One test: a key and the roles to check. Cheap to clone; two are equal only if they are the same object.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    /// The key.
    pub key: Arc<ServiceKey>,
    /// The requested roles, in their order.
    pub roles: Vec<String>,
    /// The probes; the monitoring probe is the first.
    pub probes: Vec<PlannedProbe>,
}

impl PartialEq for CheckRequest {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.roles == other.roles && self.probes == other.probes
    }
}
impl Eq for CheckRequest {}

impl CheckRequest {
    /// A mask for the secret.
    pub fn mask(&self) -> Mask {
        let mut mask = Mask::default();
        match &self.key.credential {
            Credential::ClientSecret(secret) | Credential::Certificate { private_key: secret, .. } => mask.add(secret),
        }
        mask
    }
}

/// One of the two hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Site {
    /// The token server.
    Token,
    /// The API.
    Api,
}

/// One row of the test.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CheckStep {
    /// Resolving, connecting and verifying a host. Reported once per host, by the first request that opens a
    /// connection.
    Connect(Site),
    /// The token request.
    Token,
    /// The probe with that id.
    Probe(String),
}

/// The details of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TokenFacts {
    /// Seconds until the token expires, from the response.
    pub expires_in: Option<u64>,
    /// Scopes without the client's own prefix, sorted, each once.
    pub scopes: Vec<SafeText>,
    /// Milliseconds from the request to the complete response.
    pub elapsed_ms: u64,
}

impl TokenFacts {
    /// The lifetime of the token, if known: `12 hours`. SAP subtracts the second that has passed, so 43199 means 12
    /// hours.
    pub fn lifetime(&self, words: Words) -> Option<String> {
        let seconds = u32::try_from(self.expires_in?).ok()?;
        let rounded = if seconds < 60 { seconds } else { seconds.saturating_add(30) / 60 * 60 };
        Some(readable_seconds(rounded, words))
    }
}

/// The outcome of a probe. The names are part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProbeOutcome {
    /// Read.
    Ok,
    /// 403: the role is missing.
    Forbidden,
    /// 401: the token is not accepted.
    Unauthorized,
    /// 400, 404, 500 or 501 from the API itself: allowed, but the feature or the data does not exist.
    NotOnTenant,
    /// Anything else; see the finding.
    Failed,
    /// Not requested, because an earlier step failed or the test was stopped.
    Skipped,
}

impl ProbeOutcome {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            ProbeOutcome::Ok => "ok",
            ProbeOutcome::Forbidden => "forbidden",
            ProbeOutcome::Unauthorized => "unauthorized",
            ProbeOutcome::NotOnTenant => "not-on-tenant",
            ProbeOutcome::Failed => "failed",
            ProbeOutcome::Skipped => "skipped",
        }
    }
}

/// What one probe showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeFacts {
    /// HTTP status, if there was a response.
    pub status: Option<u16>,
    /// Its outcome.
    pub outcome: ProbeOutcome,
    /// The number of entries in the response, if it is a list.
    pub count: Option<u64>,
    /// The finding, for every outcome except `Ok`.
    pub finding: Option<Finding>,
}

/// The result of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Connected.
    Connected {
        /// `TLS 1.3`; `None` for plain HTTP.
        tls: Option<SafeText>,
        /// The proxy it went through, without user and password.
        proxy: Option<SafeText>,
    },
    /// A token.
    Token(TokenFacts),
    /// A response of the API.
    Probe(ProbeFacts),
    /// A failure: no connection, no token.
    Fault(Finding),
}

/// Why a step is retried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryReason {
    /// The server's status: `429 Too Many Requests`.
    Answer(SafeText),
    /// The host refuses the connection.
    ConnectionRefused,
    /// The host or network cannot be reached.
    NotReachable,
    /// The proxy cannot be reached.
    ProxyUnreachable,
}

impl RetryReason {
    /// In the language of `words`.
    pub fn shown(&self, words: Words) -> &str {
        let words = words.check();
        match self {
            RetryReason::Answer(status) => status.as_str(),
            RetryReason::ConnectionRefused => words.connection_refused(),
            RetryReason::NotReachable => words.not_reachable(),
            RetryReason::ProxyUnreachable => words.proxy_unreachable(),
        }
    }
}

/// An attempt of a step, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// Its number.
    pub number: u32,
    /// The maximum number of attempts.
    pub of: u32,
}

/// An event of a running test. Each event contains its time limits, so that the remaining time can be shown without
/// knowing the settings of the test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckEvent {
    /// The test starts.
    Began {
        /// Its time limit.
        within: Duration,
    },
    /// The step begins.
    Started {
        /// The step.
        step: CheckStep,
        /// Its time limit.
        within: Duration,
    },
    /// The step pauses before a retry.
    Waiting {
        /// The step.
        step: CheckStep,
        /// How long.
        pause: Duration,
        /// Why.
        reason: RetryReason,
        /// The next attempt.
        next: Try,
        /// The time limit of that attempt.
        within: Duration,
    },
    /// The step was started, but its response does not count.
    Dropped {
        /// The step.
        step: CheckStep,
    },
    /// The step has finished.
    Finished {
        /// The step.
        step: CheckStep,
        /// From its start, including pauses.
        elapsed: Duration,
        /// The result.
        seen: Seen,
    },
    /// The server requests a longer pause than a test waits.
    AskedToWait(Duration),
    /// A finding that belongs to no row: clock skew, the token host that was used.
    Remark(Finding),
    /// The test has ended.
    Done,
}

/// Limits of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For establishing a connection.
    pub connect: Duration,
    /// From the request to the complete response.
    pub request: Duration,
    /// The whole test.
    pub total: Duration,
    /// Bytes of a response after decoding.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(15),
            total: Duration::from_secs(45),
            body: 1024 * 1024,
        }
    }
}

impl Limits {
    /// The limits of a test that may take `total`: the limits of the individual steps scale with it and are always
    /// shorter, so that the slow step can be named.
    pub fn within(total: Duration) -> Self {
        let default = Self::default();
        // In a short test, a step gets a larger share: name resolution and handshakes always take the same time.
        let part = |of: Duration, least: Duration, most: u32| {
            let share = total.mul_f64(of.as_secs_f64() / default.total.as_secs_f64());
            share.max(least.min(total / 3 * most))
        };
        Self {
            connect: part(default.connect, Duration::from_secs(2), 1),
            request: part(default.request, Duration::from_secs(5), 2),
            total,
            ..default
        }
    }
}

impl CheckEvent {
    /// The event with all foreign text masked.
    #[must_use]
    pub fn masked(mut self, mask: &Mask) -> Self {
        match &mut self {
            CheckEvent::Began { .. } | CheckEvent::Started { .. } | CheckEvent::Waiting { .. } => {}
            CheckEvent::Dropped { .. } | CheckEvent::AskedToWait(_) | CheckEvent::Done => {}
            CheckEvent::Remark(finding) => finding.mask(mask),
            CheckEvent::Finished { seen, .. } => match seen {
                Seen::Connected { .. } => {}
                Seen::Token(facts) => facts.scopes.iter_mut().for_each(|scope| *scope = mask.apply_safe(scope)),
                Seen::Probe(facts) => facts.finding.iter_mut().for_each(|finding| finding.mask(mask)),
                Seen::Fault(finding) => finding.mask(mask),
            },
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_of_the_steps_scale_with_the_limit_of_the_test() {
        assert_eq!(Limits::within(Duration::from_secs(45)), Limits::default());
        let seconds = |total: u64| {
            let limits = Limits::within(Duration::from_secs(total));
            (limits.connect.as_secs_f32().round() as u64, limits.request.as_secs_f32().round() as u64)
        };
        assert_eq!(seconds(3), (1, 2));
        assert_eq!(seconds(12), (2, 5));
        assert_eq!(seconds(90), (10, 30));
    }

    #[test]
    fn a_step_ends_before_the_whole_test_does() {
        for total in [1, 2, 3, 5, 10, 45, 3600].map(Duration::from_secs) {
            let limits = Limits::within(total);
            assert!(limits.connect < limits.request && limits.request < total, "{limits:?}");
        }
    }
}
