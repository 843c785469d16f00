//! Tests several systems in parallel: saved ones, or keys from files.

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{Context, list_systems::list_systems, test_key::requested_roles};
use crate::{
    domain::{
        check::{
            CheckRequest,
            diagnosis::{Progress, assess, assess_key, plan_checks},
        },
        content::Content,
        finding::{Explained, Finding},
        key::{
            hosts::hosts_to_ask_for,
            service_key::{Found, ServiceKey},
        },
        problem::Problem,
        systems::{
            limits::AgeLimits,
            result::SystemResult,
            run::{Subject, Tested},
            system::{System, SystemId},
        },
        text::{safe_text::SafeText, secret::Secret},
    },
    net::{
        NetOptions,
        many::{follow, side_by_side},
    },
    platform::{keyring::Keyring, store::State},
    words::Words,
};

/// An event of the test of all saved systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SystemTestEvent {
    /// The test of one system started.
    Started(SystemId),
    /// The test of one system finished, or there was none.
    Finished(SystemId, Box<SystemResult>),
}

/// The key of a system before anything is sent.
#[derive(Clone, Debug)]
pub enum Opened {
    /// A key was found, usable or not.
    Found(Box<Found>),
    /// A text without a key; the findings explain why.
    NoKey(Vec<Finding>),
    /// The text cannot be read.
    Failed(Problem),
}

impl Opened {
    fn found(&self) -> Option<&Found> {
        match self {
            Opened::Found(found) => Some(found),
            Opened::NoKey(_) | Opened::Failed(_) => None,
        }
    }
}

/// The systems of a run with their keys.
#[derive(Debug, Default)]
pub struct OpenedSystems(Vec<Candidate>);

/// One system, and the limits that it exceeds.
#[derive(Debug)]
struct Candidate {
    subject: Subject,
    opened: Opened,
    due: Vec<Explained>,
}

tokio::task_local! {
    /// Set while a panic becomes the result of one test and ends nothing else.
    static PANIC_IS_A_RESULT: ();
}

/// Whether a panic here becomes the result of a test, so that the program continues.
pub fn panic_is_a_result() -> bool {
    PANIC_IS_A_RESULT.try_with(|()| ()).is_ok()
}

/// Decrypts the keys of some `systems` of `state` in one go. If a key cannot be decrypted, that is the result of its
/// system.
///
/// # Errors
///
/// If the files cannot be read, or no secret can be decrypted because the keyring or the passphrase is missing.
pub fn open_systems<'a, K: Keyring>(
    context: &Context<K>,
    state: &State,
    systems: impl IntoIterator<Item = &'a System>,
    passphrase: Option<&Secret>,
) -> Result<OpenedSystems, Problem> {
    let opened = context.saved.open(state, passphrase).map_err(|error| context.problem(error))?;
    let now = (context.clock)();
    let keys = systems.into_iter().map(|system| match opened.key_to_test(system, now) {
        Ok(found) => (Subject::of(system), Opened::Found(Box::new(found))),
        Err(error) => (Subject::of(system), Opened::Failed(context.problem(error))),
    });
    Ok(OpenedSystems::new(keys))
}

/// [`open_systems`] for everything saved now.
///
/// # Errors
///
/// As for [`open_systems`].
pub fn open_all_systems<K: Keyring>(
    context: &Context<K>,
    passphrase: Option<&Secret>,
) -> Result<OpenedSystems, Problem> {
    let state = list_systems(context)?.value;
    open_systems(context, &state, state.systems.iter(), passphrase)
}

impl OpenedSystems {
    /// Systems with their keys.
    pub fn new(systems: impl IntoIterator<Item = (Subject, Opened)>) -> Self {
        let candidate = |(mut subject, opened): (Subject, Opened)| {
            if let Some(found) = opened.found() {
                subject.learn(found);
            }
            Candidate { subject, opened, due: Vec::new() }
        };
        Self(systems.into_iter().map(candidate).collect())
    }

    /// Checks the keys against these limits as of `now`.
    #[must_use]
    pub fn limited(mut self, limits: AgeLimits, now: Timestamp, content: &Content) -> Self {
        for Candidate { subject, opened, due } in &mut self.0 {
            if let Opened::Found(found) = opened {
                limits.apply(found, subject.since, now);
            }
            let findings = limits.due(subject.expires, subject.since, now);
            *due = findings.iter().map(|finding| content.findings.explain(finding, content.words)).collect();
        }
        self
    }

    /// The systems that can be tested, with their keys.
    pub fn usable(&self) -> impl Iterator<Item = (&Subject, &ServiceKey)> {
        self.0.iter().filter_map(|candidate| Some((&candidate.subject, candidate.opened.found()?.key.as_ref()?)))
    }

    /// Tests all of them, each for the roles of its purpose, and returns the results, the worst first. Nothing is sent
    /// to a host unless it is SAP's, this machine, or one of `agreed`.
    pub async fn test(
        self,
        content: Arc<Content>,
        options: NetOptions,
        agreed: &BTreeSet<String>,
        cancel: CancellationToken,
        on_event: impl Fn(SystemTestEvent) + Clone + Send + 'static,
    ) -> Vec<Tested> {
        let test = move |request| follow(request, options.clone(), cancel.clone());
        self.test_by(test, content, agreed, on_event).await
    }

    async fn test_by<F: Future<Output = Progress> + Send + 'static>(
        self,
        test: impl Fn(CheckRequest) -> F,
        content: Arc<Content>,
        agreed: &BTreeSet<String>,
        on_event: impl Fn(SystemTestEvent) + Clone + Send + 'static,
    ) -> Vec<Tested> {
        let finished = |id, result: &SystemResult| SystemTestEvent::Finished(id, Box::new(result.clone()));
        let (mut results, mut planned) = (Vec::new(), Vec::new());
        for (place, Candidate { subject, opened, due }) in self.0.into_iter().enumerate() {
            match plan(&content, agreed, &subject, opened) {
                Plan::Known(result) => {
                    on_event(finished(subject.id, &result));
                    results.push((place, Tested { subject, result: *result, due, elapsed: None }));
                }
                Plan::Test(request, found) => planned.push((place, subject, due, request, found)),
            }
        }
        let jobs = planned.iter().map(|(_, subject, _, request, found)| {
            let (id, host) = (subject.id, request.key.token_url.host().to_owned());
            let (content, on_event) = (Arc::clone(&content), on_event.clone());
            let (test, request, found) = (test(request.clone()), request.clone(), found.clone());
            let job = async move {
                on_event(SystemTestEvent::Started(id));
                let began = Instant::now();
                let progress = test.await;
                let elapsed = began.elapsed();
                let report = assess(&content, &request, &found.summary, &found.findings, &progress);
                let result = SystemResult::tested(report);
                on_event(finished(id, &result));
                (result, elapsed)
            };
            (host, PANIC_IS_A_RESULT.scope((), job))
        });
        let tested = side_by_side(jobs.collect::<Vec<_>>().into_iter()).await;
        for ((place, subject, due, ..), done) in planned.into_iter().zip(tested) {
            let (result, elapsed) = match done {
                Some((result, elapsed)) => (result, Some(elapsed)),
                None => {
                    let result = SystemResult::failed(content.words.systems().test_failed().to_owned());
                    on_event(finished(subject.id, &result));
                    (result, None)
                }
            };
            results.push((place, Tested { subject, result, due, elapsed }));
        }
        results.sort_by_key(|(place, tested)| (tested.urgency(), *place));
        results.into_iter().map(|(_, tested)| tested).collect()
    }
}

/// What to do with one system.
enum Plan {
    Test(CheckRequest, Box<Found>),
    Known(Box<SystemResult>),
}

fn plan(content: &Content, agreed: &BTreeSet<String>, subject: &Subject, opened: Opened) -> Plan {
    let known = |result| Plan::Known(Box::new(result));
    let found = match opened {
        Opened::Found(found) => found,
        Opened::NoKey(findings) => return known(SystemResult::tested(assess_key(content, None, &findings))),
        Opened::Failed(problem) => return known(SystemResult::unopened(reason(&problem))),
    };
    let Some(key) = found.key.clone() else {
        return known(SystemResult::tested(assess_key(content, Some(&found.summary), &found.findings)));
    };
    let hosts = hosts_to_ask_for(&key, agreed);
    if !hosts.is_empty() {
        return known(SystemResult::not_agreed(not_agreed(&hosts, content.words)));
    }
    let purpose = subject.purpose.as_ref().map(SafeText::as_str);
    let roles = requested_roles(content, purpose, Vec::new());
    Plan::Test(plan_checks(content, Arc::new(key), &roles), found)
}

fn not_agreed(hosts: &[String], words: Words) -> String {
    words.systems().not_agreed(SafeText::line(&hosts.join(", ")))
}

/// What happened and why; a row has no room for what to do.
fn reason(problem: &Problem) -> String {
    Problem { fix: String::new(), ..problem.clone() }.to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::domain::{
        check::{CheckEvent, Seen},
        finding::{FindingCode, Stage, Verdict},
        key::service_key,
        systems::system::SystemName,
    };

    const SAP: &str = "https://acme.authentication.eu10.hana.ondemand.com/oauth/token";
    const ELSEWHERE: &str = "https://login.example.com/oauth/token";

    /// A system with that token server.
    fn system(number: u8, token_url: &str, purpose: Option<&str>) -> (Subject, Opened) {
        let typed = service_key::KeyForm {
            url: "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com".to_owned(),
            token_url: token_url.to_owned(),
            client_id: "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45".to_owned(),
            secret: Secret::new("11111111-2222-4333-8444-555555555555$canary="),
        };
        let found = service_key::from_form(&typed, Timestamp::UNIX_EPOCH);
        let name = SystemName::new(&format!("system {number}")).unwrap();
        let id = SystemId::new([number; 16]);
        let system = System::of(id, name, "", purpose, &found, found.key.as_ref().unwrap()).unwrap();
        (Subject::of(&system), Opened::Found(Box::new(found)))
    }

    /// The results of systems whose tests all end with wrong credentials, and the requests that were sent.
    fn results(
        systems: Vec<(Subject, Opened)>,
        agreed: &[&str],
        panics: bool,
    ) -> (Vec<SystemResult>, Vec<CheckRequest>, usize) {
        let agreed: BTreeSet<String> = agreed.iter().map(|host| (*host).to_owned()).collect();
        let (requests, finished) = (Mutex::new(Vec::new()), Arc::new(Mutex::new(0)));
        let test = |request: CheckRequest| {
            requests.lock().unwrap().push(request.clone());
            async move {
                assert!(!panics || !panic_is_a_result(), "this test fails by itself");
                let mut progress = Progress::new(&request);
                let seen = Seen::Fault(Finding::new(FindingCode::BadCredentials, Stage::Token));
                let step = crate::domain::check::CheckStep::Token;
                progress.record(CheckEvent::Finished { step, elapsed: std::time::Duration::ZERO, seen });
                progress
            }
        };
        let count = Arc::clone(&finished);
        let on_event = move |event| {
            *count.lock().unwrap() += usize::from(matches!(event, SystemTestEvent::Finished(..)));
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let content = Arc::new(crate::content::load());
        let tested = runtime.block_on(OpenedSystems::new(systems).test_by(test, content, &agreed, on_event));
        let results = tested.into_iter().map(|tested| tested.result).collect();
        (results, requests.into_inner().unwrap(), *finished.lock().unwrap())
    }

    #[test]
    fn nothing_is_sent_to_a_host_that_nobody_agreed_to_and_the_other_systems_are_tested() {
        let systems = || vec![system(1, ELSEWHERE, None), system(2, SAP, None)];
        let (found, requests, finished) = results(systems(), &[], false);
        assert_eq!((found[0].verdict, found[1].verdict), (None, Some(Verdict::Rejected)));
        assert!(found[0].reason.contains("login.example.com") && found[0].recorded().is_none());
        assert_eq!((requests.len(), finished), (1, 2));
        let (found, requests, _) = results(systems(), &["login.example.com"], false);
        assert!(found.iter().all(|result| result.recorded() == Some(Verdict::Rejected)));
        assert_eq!(requests.len(), 2);
    }

    #[test]
    fn a_test_asks_for_the_roles_of_the_purpose() {
        let (_, requests, _) = results(vec![system(1, SAP, Some("cpi-transporter"))], &[], false);
        assert!(requests[0].roles.iter().any(|role| role == "WorkspaceArtifactsDeploy"), "{:?}", requests[0].roles);
    }

    #[test]
    fn a_secret_that_cannot_be_opened_is_a_bad_key_with_its_reason_and_is_not_recorded() {
        let unopened = (system(1, SAP, None).0, Opened::Failed(Problem::unusable("What.", "Why.", "Fix.")));
        let (found, requests, finished) = results(vec![system(2, SAP, None), unopened], &[], false);
        assert_eq!(found[0], SystemResult::unopened("What. Why.".to_owned()));
        assert_eq!((found[0].verdict, found[0].recorded()), (Some(Verdict::BadKey), None));
        assert_eq!((requests.len(), finished), (1, 2));
    }

    #[test]
    fn a_test_that_panics_is_an_unexpected_result_of_its_system() {
        let (found, _, finished) = results(vec![system(1, SAP, None)], &[], true);
        assert_eq!((found[0].verdict, found[0].recorded(), finished), (Some(Verdict::Unexpected), None, 1));
    }
}
