//! The order of a test: token, monitoring, everything else.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::{
    sync::{Mutex, OnceCell, Semaphore},
    time::{Instant, sleep},
};
use url::Url;

use super::{
    NetOptions,
    client::Line,
    exchange::{self, Failure, Reply},
    mutual_tls,
    reporter::Reporter,
};
use crate::domain::{
    check::{
        CheckRequest, CheckStep, Pace, PlannedProbe, ProbeFacts, ProbeOutcome, Seen, Site, TokenFacts,
        answer::{self, Answer, Granted},
    },
    finding::{Finding, FindingCode, Stage},
    key::service_key::Credential,
    text::secret::Secret,
};

/// The pause between requests that SAP limits to ten a second.
const PACED_PAUSE: Duration = Duration::from_millis(150);
/// Probes of no strict limit that run side by side.
const SIDE_BY_SIDE: usize = 4;
/// How far two clocks may be apart before it is worth saying.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// A token with its age.
struct Token {
    secret: Secret,
    taken: Instant,
    lives: Option<Duration>,
    /// True for a token that replaced one that expired during the test.
    second: bool,
}

impl Token {
    fn is_expired(&self) -> bool {
        self.lives.is_some_and(|lives| self.taken.elapsed() >= lives)
    }
}

/// One run of a test.
pub(super) struct Session<'a> {
    request: &'a CheckRequest,
    options: &'a NetOptions,
    reporter: &'a Reporter,
    skew_said: OnceCell<()>,
}

impl<'a> Session<'a> {
    /// A run that has not begun.
    pub(super) fn new(request: &'a CheckRequest, options: &'a NetOptions, reporter: &'a Reporter) -> Self {
        Self { request, options, reporter, skew_said: OnceCell::new() }
    }

    /// Runs the test to its end.
    pub(super) async fn run(&self) {
        let Some((gate, token)) = self.sign_in().await else { return };
        let line = match Line::new(Site::Api, self.request.key.url.url(), None, self.options) {
            Ok(line) => line,
            Err(finding) => return self.refuse(&CheckStep::Connect(Site::Api), finding),
        };
        let token = Mutex::new(token);
        let probing = Probing { session: self, gate: &gate, line: &line, token: &token };
        let Some((first, rest)) = self.request.probes.split_first() else { return };
        // The first read tells whether this is the API at all. Where it is not, the others would all say the same.
        if !matches!(probing.ask(first).await, ProbeOutcome::Ok | ProbeOutcome::Forbidden | ProbeOutcome::NotOnTenant) {
            return;
        }
        let of = |pace: Pace| rest.iter().filter(move |probe| probe.spec.pace == pace).collect::<Vec<_>>();
        let (free, design, security) = (of(Pace::Free), of(Pace::DesignTime), of(Pace::Security));
        tokio::join!(probing.side_by_side(&free), probing.one_by_one(&design), probing.one_by_one(&security));
    }

    /// A step that cannot even begin.
    fn refuse(&self, step: &CheckStep, finding: Finding) {
        self.reporter.start(step);
        self.reporter.finish(step, Seen::Fault(finding));
    }

    /// Takes the first token.
    async fn sign_in(&self) -> Option<(Gate<'a>, Token)> {
        let key = &self.request.key;
        // Asking for the host of a certificate is part of finding the host.
        self.reporter.start(&CheckStep::Connect(Site::Token));
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
        let line = match Line::new(Site::Token, &url, Some(&key.credential), self.options) {
            Ok(line) => line,
            Err(finding) => {
                self.refuse(&CheckStep::Connect(Site::Token), finding);
                return None;
            }
        };
        let gate = Gate { request: self.request, options: self.options, line, url };
        let step = CheckStep::Token;
        match gate.pass(self.reporter).await {
            Ok((granted, reply)) => {
                self.compare_clocks(&reply);
                let elapsed_ms = u64::try_from(reply.elapsed.as_millis()).unwrap_or(u64::MAX);
                let facts = TokenFacts { expires_in: granted.expires_in, scopes: granted.scopes.clone(), elapsed_ms };
                self.reporter.finish(&step, Seen::Token(facts));
                Some((gate, token(granted, false)))
            }
            Err(Failure::Step(finding)) => {
                self.reporter.finish(&step, Seen::Fault(finding));
                None
            }
            Err(Failure::Connect(_)) => None,
        }
    }

    /// Says once that the clocks differ.
    fn compare_clocks(&self, reply: &Reply) {
        let Some(theirs) = reply.date else { return };
        let ours = (self.options.clock)();
        if ours.duration_since(theirs).abs() > SKEW && self.skew_said.set(()).is_ok() {
            let seen = format!("the server says {theirs:.0}, this machine {ours:.0}");
            self.reporter.remark(Finding::new(FindingCode::ClockSkew, Stage::Token).seen(seen));
        }
    }
}

/// The token server.
struct Gate<'a> {
    request: &'a CheckRequest,
    options: &'a NetOptions,
    line: Line,
    url: Url,
}

impl Gate<'_> {
    /// Asks for a token, as the step [`CheckStep::Token`]. Does not finish that step.
    async fn pass(&self, reporter: &Reporter) -> Result<(Granted, Reply), Failure> {
        let key = &self.request.key;
        // In the body: in the address it would stand in logs, and a `+` only survives there.
        let mut form = vec![("grant_type", "client_credentials"), ("client_id", key.client_id.as_str())];
        if let Credential::ClientSecret(secret) = &key.credential {
            form.push(("client_secret", secret.expose()));
        }
        let make = || self.line.client.post(self.url.clone()).header("accept", "application/json").form(&form);
        let mut reply = exchange::fetch(&self.line, &CheckStep::Token, self.options, reporter, make).await?;
        if let Credential::ClientSecret(secret) = &key.credential {
            reply.forget(secret);
        }
        let shown = format!("POST {}", self.url.path());
        let answer = Answer { status: reply.status, head: &reply.head, body: &reply.body, request: &shown };
        let granted = answer::token_answer(&answer, key.scope_prefix())
            .map_err(|finding| Failure::Step(self.line.place(finding)))?;
        Ok((granted, reply))
    }
}

/// The token in use.
fn token(granted: Granted, second: bool) -> Token {
    let lives = granted.expires_in.map(Duration::from_secs);
    Token { secret: granted.token, taken: Instant::now(), lives, second }
}

/// The reads of the API.
struct Probing<'a> {
    session: &'a Session<'a>,
    gate: &'a Gate<'a>,
    line: &'a Line,
    token: &'a Mutex<Token>,
}

impl Probing<'_> {
    /// Several at a time.
    async fn side_by_side(&self, probes: &[&PlannedProbe]) {
        let places = Arc::new(Semaphore::new(SIDE_BY_SIDE));
        let asked = probes.iter().map(|probe| {
            let places = Arc::clone(&places);
            async move {
                // The semaphore is never closed; a read without a place would be one too many at worst.
                let _place = places.acquire().await;
                self.ask(probe).await;
            }
        });
        all(asked).await;
    }

    /// One after the other, with a pause.
    async fn one_by_one(&self, probes: &[&PlannedProbe]) {
        for (number, probe) in probes.iter().enumerate() {
            if number > 0 {
                sleep(PACED_PAUSE).await;
            }
            self.ask(probe).await;
        }
    }

    /// Asks once and reports it.
    async fn ask(&self, probe: &PlannedProbe) -> ProbeOutcome {
        let step = CheckStep::Probe(probe.spec.id.clone());
        let reporter = self.session.reporter;
        let facts = match self.facts(probe, &step).await {
            Ok(facts) => facts,
            Err(Failure::Connect(_)) => return ProbeOutcome::Failed,
            Err(Failure::Step(finding)) => {
                reporter.finish(&step, Seen::Fault(finding));
                return ProbeOutcome::Failed;
            }
        };
        let outcome = facts.outcome;
        reporter.finish(&step, Seen::Probe(facts));
        outcome
    }

    /// The answer to one probe; a token that expired on the way is replaced once in a test.
    async fn facts(&self, probe: &PlannedProbe, step: &CheckStep) -> Result<ProbeFacts, Failure> {
        let facts = self.read(probe, step).await?;
        if facts.outcome == ProbeOutcome::Unauthorized && self.renewed().await? {
            return self.read(probe, step).await;
        }
        Ok(facts)
    }

    /// Takes a second token where the first has expired. True where there is another one now.
    async fn renewed(&self) -> Result<bool, Failure> {
        let mut held = self.token.lock().await;
        if held.second || !held.is_expired() {
            return Ok(false);
        }
        // Its row is finished: only what comes of it counts here.
        let (unheard, _) = tokio::sync::mpsc::unbounded_channel();
        let (granted, _) = self.gate.pass(&Reporter::new(unheard)).await.map_err(|failure| match failure {
            Failure::Connect(finding) | Failure::Step(finding) => Failure::Step(finding),
        })?;
        *held = token(granted, true);
        Ok(true)
    }

    /// Sends one probe.
    async fn read(&self, probe: &PlannedProbe, step: &CheckStep) -> Result<ProbeFacts, Failure> {
        let Session { request, options, reporter, .. } = *self.session;
        let address = format!("{}/api/v1{}", request.key.url.as_str(), probe.spec.path);
        let bearer = self.token.lock().await.secret.clone();
        let make = || {
            let request = self.line.client.get(address.as_str()).header("accept", "application/json");
            request.bearer_auth(bearer.expose())
        };
        let mut reply = exchange::fetch(self.line, step, options, reporter, make).await?;
        reply.forget(&bearer);
        let shown = format!("GET {}", probe.spec.path.split('?').next().unwrap_or_default());
        let answer = Answer { status: reply.status, head: &reply.head, body: &reply.body, request: &shown };
        let mut facts = answer::api_answer(&probe.spec, &answer);
        facts.finding = facts.finding.map(|finding| match finding.code {
            // A role, not a host; which one, the diagnosis knows.
            FindingCode::RoleMissing | FindingCode::ProbeNotOnTenant => finding,
            _ => self.line.place(finding),
        });
        Ok(facts)
    }
}

/// Drives all of them to their end, on this task: cancelling the test then ends them with it.
async fn all<F: Future<Output = ()>>(futures: impl Iterator<Item = F>) {
    let mut running: Vec<_> = futures.map(Box::pin).collect();
    std::future::poll_fn(|cx| {
        running.retain_mut(|future| future.as_mut().poll(cx).is_pending());
        if running.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}
