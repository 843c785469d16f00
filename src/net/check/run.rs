//! The order of a test: the token, then all reads in parallel, as far as their limits allow. The monitoring read
//! decides whether the others count: if the server is not the API, they would all report the same.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use jiff::SignedDuration;
use reqwest::RequestBuilder;
use tokio::{
    sync::{Mutex, OnceCell, Semaphore, watch},
    time::{Instant, sleep},
};
use url::Url;

use super::{finding, mutual_tls, reporter::Reporter};
use crate::{
    domain::{
        check::{
            CheckRequest, CheckStep, Pace, PlannedProbe, ProbeFacts, ProbeOutcome, Seen, Site, TokenFacts,
            answer::{self, Answer, Granted},
        },
        finding::{Fact, Finding, FindingCode, Stage},
        key::service_key::Credential,
        text::{mask::Mask, safe_text::SafeText, secret::Secret},
    },
    net::http::{HostClient, NetOptions, Reply, SendEvent, send},
};

/// The pause between requests that SAP limits to ten per second.
const PACED_PAUSE: Duration = Duration::from_millis(150);
const _: () = assert!(PACED_PAUSE.as_millis() * 10 > 1_000, "at most ten a second");
/// How many reads without a strict limit run in parallel.
const SIDE_BY_SIDE: usize = 8;
/// The clock difference above which it is reported.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// A token with its age.
struct Token {
    secret: Secret,
    taken: Instant,
    lives: Option<Duration>,
    /// Whether it replaced a token that expired during the test.
    is_second: bool,
}

impl Token {
    fn is_expired(&self) -> bool {
        self.lives.is_some_and(|lives| self.taken.elapsed() >= lives)
    }
}

/// Why a step has no response.
enum Failure {
    /// No connection: already reported at the host's own step.
    Connect(Finding),
    /// A failure after connecting, for the caller to report.
    Step(Finding),
}

/// One run of a test.
pub(super) struct TestRun<'a> {
    request: &'a CheckRequest,
    options: &'a NetOptions,
    reporter: &'a Reporter,
    skew_reported: OnceCell<()>,
}

impl<'a> TestRun<'a> {
    /// A run that has not started.
    pub(super) fn new(request: &'a CheckRequest, options: &'a NetOptions, reporter: &'a Reporter) -> Self {
        Self { request, options, reporter, skew_reported: OnceCell::new() }
    }

    /// Runs the test to its end.
    pub(super) async fn run(&self) {
        let Some((endpoint, token)) = self.sign_in().await else { return };
        let host = match HostClient::to(self.request.key.url.url(), None, self.options) {
            Ok(host) => host,
            Err(error) => return self.refuse(Site::Api, finding(error, Site::Api)),
        };
        let token = Mutex::new(token);
        let is_api = watch::Sender::new(false);
        let prober = Prober { run: self, endpoint: &endpoint, host: &host, token: &token, is_api: &is_api };
        let Some((first, rest)) = self.request.probes.split_first() else { return };
        let of = |pace: Pace| rest.iter().filter(move |probe| probe.spec.pace == pace).collect::<Vec<_>>();
        let (free, design, security) = (of(Pace::Free), of(Pace::DesignTime), of(Pace::Security));
        let others = async {
            // The first connection is reported and proves that the host can be reached; then the others open theirs.
            host.wait_connected().await;
            tokio::join!(prober.side_by_side(&free), prober.paced(&design), prober.paced(&security));
            prober.first_counts().await;
        };
        tokio::pin!(others);
        let outcome = tokio::select! {
            biased;
            outcome = prober.probe(first) => outcome,
            // They cannot finish before the first one: they wait for it.
            () = &mut others => return,
        };
        if !matches!(outcome, ProbeOutcome::Ok | ProbeOutcome::Forbidden | ProbeOutcome::NotOnTenant) {
            return self.reporter.drop_running();
        }
        is_api.send_replace(true);
        others.await;
    }

    /// Reports a host that cannot even be tried.
    fn refuse(&self, site: Site, finding: Finding) {
        let step = CheckStep::Connect(site);
        self.reporter.start(&step, self.options.limits.connect);
        self.reporter.finish(&step, Seen::Fault(finding));
    }

    /// Gets the first token.
    async fn sign_in(&self) -> Option<(TokenEndpoint<'a>, Token)> {
        let key = &self.request.key;
        // Discovering which host accepts the certificate is part of finding the host.
        let limits = self.options.limits;
        let within = match &key.credential {
            Credential::ClientSecret(_) => limits.connect,
            Credential::Certificate { .. } => limits.request + limits.connect,
        };
        self.reporter.start(&CheckStep::Connect(Site::Token), within);
        let url = match &key.credential {
            Credential::ClientSecret(_) => key.token_url.url().clone(),
            Credential::Certificate { .. } => {
                let (url, remark) = mutual_tls::token_url(key, self.options).await;
                if let Some(remark) = remark {
                    self.reporter.remark(remark);
                }
                url
            }
        };
        let host = match HostClient::to(&url, Some(&key.credential), self.options) {
            Ok(host) => host,
            Err(error) => {
                self.refuse(Site::Token, finding(error, Site::Token));
                return None;
            }
        };
        let endpoint = TokenEndpoint { request: self.request, options: self.options, host, url };
        let step = CheckStep::Token;
        match endpoint.request(self.reporter).await {
            Ok((granted, reply)) => {
                self.compare_clocks(&reply);
                self.reporter.mask(&granted.token);
                let elapsed_ms = u64::try_from(reply.elapsed.as_millis()).unwrap_or(u64::MAX);
                let facts = TokenFacts { expires_in: granted.expires_in, scopes: granted.scopes.clone(), elapsed_ms };
                self.reporter.finish(&step, Seen::Token(facts));
                Some((endpoint, token(granted, false)))
            }
            Err(Failure::Step(finding)) => {
                self.reporter.finish(&step, Seen::Fault(finding));
                None
            }
            Err(Failure::Connect(_)) => None,
        }
    }

    /// Reports once that the clocks differ.
    fn compare_clocks(&self, reply: &Reply) {
        let Some(theirs) = reply.date else { return };
        let ours = (self.options.clock)();
        if ours.duration_since(theirs).abs() > SKEW && self.skew_reported.set(()).is_ok() {
            let shown = |time: jiff::Timestamp| SafeText::line(&format!("{time:.0}"));
            let seen = Fact::Clocks { theirs: shown(theirs), ours: shown(ours) };
            self.reporter.remark(Finding::new(FindingCode::ClockSkew, Stage::Token).seen(seen));
        }
    }
}

/// Sends a request as part of `step`; the first request to a host reports the connection too.
async fn exchange(
    host: &HostClient,
    (site, step): (Site, &CheckStep),
    options: &NetOptions,
    reporter: &Reporter,
    make: impl Fn() -> RequestBuilder,
) -> Result<Reply, Failure> {
    let connect = CheckStep::Connect(site);
    let limits = options.limits;
    if host.is_connected() {
        reporter.start(step, limits.request);
    } else {
        reporter.start(&connect, limits.connect);
    }
    // The time limit of a request starts here and includes connecting.
    let began = Instant::now();
    let on_event = |event| match event {
        SendEvent::Connected => {
            reporter.finish(&connect, Seen::Connected { tls: host.tls_version(), proxy: host.proxy.clone() });
            reporter.start(step, limits.request.saturating_sub(began.elapsed()));
        }
        SendEvent::Retry { pause, reason, next, connected: true } => {
            reporter.wait(step, pause, reason, next, limits.request);
        }
        SendEvent::Retry { pause, reason, next, connected: false } => {
            reporter.wait(&connect, pause, reason, next, limits.connect);
        }
    };
    let sent = send(host, options, make, on_event).await;
    if let Some(pause) = sent.as_ref().ok().and_then(Reply::asks_to_wait) {
        reporter.asked_to_wait(pause);
    }
    sent.map_err(|error| {
        let finding = finding(error.error, site);
        if error.connected {
            return Failure::Step(finding);
        }
        reporter.finish(&connect, Seen::Fault(finding.clone()));
        Failure::Connect(finding)
    })
}

/// The finding about a response, with the host (or proxy) that sent it.
fn of_host(finding: Finding, host: &HostClient) -> Finding {
    match &host.proxy {
        Some(proxy) if finding.code == FindingCode::ProxyLogin => finding.about(proxy.clone()),
        _ => finding.about(host.name.as_str()),
    }
}

/// The token endpoint of the key.
struct TokenEndpoint<'a> {
    request: &'a CheckRequest,
    options: &'a NetOptions,
    host: HostClient,
    url: Url,
}

impl TokenEndpoint<'_> {
    /// Requests a token, as the step [`CheckStep::Token`]. Does not finish that step.
    async fn request(&self, reporter: &Reporter) -> Result<(Granted, Reply), Failure> {
        let key = &self.request.key;
        // In the body: URLs end up in logs, and a `+` only survives in a body.
        let mut form = vec![("grant_type", "client_credentials"), ("client_id", key.client_id.as_str())];
        if let Credential::ClientSecret(secret) = &key.credential {
            form.push(("client_secret", secret.expose()));
        }
        let make = || self.host.post(self.url.clone()).header("accept", "application/json").form(&form);
        let step = (Site::Token, &CheckStep::Token);
        let reply = exchange(&self.host, step, self.options, reporter, make).await?;
        let shown = format!("POST {}", self.url.path());
        let answer = Answer { status: reply.status, head: &reply.head, body: &reply.body, request: &shown };
        let granted = answer::token_answer(&answer, key.scope_prefix())
            .map_err(|finding| Failure::Step(of_host(finding, &self.host)))?;
        Ok((granted, reply))
    }
}

/// The current token.
fn token(granted: Granted, is_second: bool) -> Token {
    let lives = granted.expires_in.map(Duration::from_secs);
    Token { secret: granted.token, taken: Instant::now(), lives, is_second }
}

/// The API reads.
struct Prober<'a> {
    run: &'a TestRun<'a>,
    endpoint: &'a TokenEndpoint<'a>,
    host: &'a HostClient,
    token: &'a Mutex<Token>,
    /// Whether the first read has shown that this is the API.
    is_api: &'a watch::Sender<bool>,
}

impl Prober<'_> {
    /// Runs several at a time.
    async fn side_by_side(&self, probes: &[&PlannedProbe]) {
        let places = Arc::new(Semaphore::new(SIDE_BY_SIDE));
        let reads = probes.iter().map(|probe| {
            let places = Arc::clone(&places);
            async move {
                // The semaphore is never closed; a read without a permit would be one too many at worst.
                let _place = places.acquire().await;
                self.other(probe).await;
            }
        });
        // On this task, so that cancelling the test also ends them.
        join_all(reads).await;
    }

    /// Starts one after another, with a pause in between: the limit counts requests, not their duration.
    async fn paced(&self, probes: &[&PlannedProbe]) {
        let reads = (0..).zip(probes).map(|(number, probe)| async move {
            sleep(PACED_PAUSE * number).await;
            self.other(probe).await;
        });
        join_all(reads).await;
    }

    /// Sends one read and reports it.
    async fn probe(&self, probe: &PlannedProbe) -> ProbeOutcome {
        let step = CheckStep::Probe(probe.spec.id.clone());
        let facts = self.facts(probe, &step).await;
        self.report(&step, facts)
    }

    /// Reports what a read showed.
    fn report(&self, step: &CheckStep, facts: Result<ProbeFacts, Failure>) -> ProbeOutcome {
        let reporter = self.run.reporter;
        let facts = match facts {
            Ok(facts) => facts,
            Err(Failure::Connect(_)) => return ProbeOutcome::Failed,
            Err(Failure::Step(finding)) => {
                reporter.finish(step, Seen::Fault(finding));
                return ProbeOutcome::Failed;
            }
        };
        let outcome = facts.outcome;
        reporter.finish(step, Seen::Probe(facts));
        outcome
    }

    /// Sends one of the other reads, and reports it once the first has shown that this is the API.
    async fn other(&self, probe: &PlannedProbe) {
        let step = CheckStep::Probe(probe.spec.id.clone());
        let facts = self.facts(probe, &step).await;
        self.first_counts().await;
        self.report(&step, facts);
    }

    /// Waits until the first read has shown that this is the API.
    async fn first_counts(&self) {
        // Fails only if the test is over, when the result no longer matters.
        let _ = self.is_api.subscribe().wait_for(|is_api| *is_api).await;
    }

    /// The response to one probe; an expired token is replaced once per test.
    async fn facts(&self, probe: &PlannedProbe, step: &CheckStep) -> Result<ProbeFacts, Failure> {
        let facts = self.send(probe, step).await?;
        if facts.outcome == ProbeOutcome::Unauthorized && self.renewed().await? {
            return self.send(probe, step).await;
        }
        Ok(facts)
    }

    /// Gets a second token if the first has expired. Returns whether there is a new one.
    async fn renewed(&self) -> Result<bool, Failure> {
        let mut held = self.token.lock().await;
        if held.is_second || !held.is_expired() {
            return Ok(false);
        }
        // Its row is already finished: only the result counts here.
        let (unheard, _) = tokio::sync::mpsc::unbounded_channel();
        let (granted, _) =
            self.endpoint.request(&Reporter::new(unheard, Mask::default())).await.map_err(|failure| match failure {
                Failure::Connect(finding) | Failure::Step(finding) => Failure::Step(finding),
            })?;
        self.run.reporter.mask(&granted.token);
        *held = token(granted, true);
        Ok(true)
    }

    /// Sends one probe.
    async fn send(&self, probe: &PlannedProbe, step: &CheckStep) -> Result<ProbeFacts, Failure> {
        let TestRun { request, options, reporter, .. } = *self.run;
        let address = format!("{}/api/v1{}", request.key.url.as_str(), probe.spec.path);
        let address = Url::parse(&address).map_err(|error| {
            Failure::Step(Finding::new(FindingCode::ApiUnexpected, Stage::Api).seen(error.to_string()))
        })?;
        let bearer = self.token.lock().await.secret.clone();
        let make = || {
            let request = self.host.get(address.clone()).header("accept", "application/json");
            request.bearer_auth(bearer.expose())
        };
        let reply = exchange(self.host, (Site::Api, step), options, reporter, make).await?;
        let shown = format!("GET {}", probe.spec.path.split('?').next().unwrap_or_default());
        let answer = Answer { status: reply.status, head: &reply.head, body: &reply.body, request: &shown };
        let mut facts = answer::api_answer(&probe.spec, &answer);
        facts.finding = facts.finding.map(|finding| match finding.code {
            // These are about a role, not a host; the diagnosis knows which one.
            FindingCode::RoleMissing | FindingCode::ProbeNotOnTenant => finding,
            _ => of_host(finding, self.host),
        });
        Ok(facts)
    }
}
