//! Tests all saved systems side by side.

use std::{collections::BTreeSet, sync::Arc};

use tokio_util::sync::CancellationToken;

use super::{Context, list_systems::list_systems, test_key::requested_roles};
use crate::{
    domain::{
        check::{
            CheckRequest,
            diagnosis::{Progress, assess, assess_key, plan_checks},
        },
        content::Content,
        key::{
            hosts::hosts_to_ask_for,
            service_key::{Found, ServiceKey},
        },
        problem::Problem,
        systems::{
            result::{SystemResult, urgency},
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

/// A report about the test of all saved systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SystemTestEvent {
    /// The test of one system started.
    Started(SystemId),
    /// The test of one system finished, or there was none.
    Finished(SystemId, Box<SystemResult>),
}

/// The saved systems with their keys.
#[derive(Debug)]
pub struct OpenedSystems(Vec<(System, Result<Found, Problem>)>);

tokio::task_local! {
    /// Set while a panic makes one result and ends nothing else.
    static PANIC_IS_A_RESULT: ();
}

/// Whether a panic at this place becomes the result of a test, so that the program goes on.
pub fn panic_is_a_result() -> bool {
    PANIC_IS_A_RESULT.try_with(|()| ()).is_ok()
}

/// Opens the keys of all systems of `state` in one go. A key that cannot be opened is the result of its system.
///
/// # Errors
///
/// If the files cannot be read, or no secret can be opened because the keyring or the passphrase is missing.
pub fn open_systems<K: Keyring>(
    context: &Context<K>,
    state: &State,
    passphrase: Option<&Secret>,
) -> Result<OpenedSystems, Problem> {
    let opened = context.saved.open(state, passphrase).map_err(|error| context.problem(error))?;
    let now = (context.clock)();
    let key = |system: &System| opened.key_to_test(system, now).map_err(|error| context.problem(error));
    Ok(OpenedSystems(state.systems.iter().map(|system| (system.clone(), key(system))).collect()))
}

/// [`open_systems`] of what is saved now.
///
/// # Errors
///
/// As there.
pub fn open_all_systems<K: Keyring>(
    context: &Context<K>,
    passphrase: Option<&Secret>,
) -> Result<OpenedSystems, Problem> {
    let state = list_systems(context)?.value;
    open_systems(context, &state, passphrase)
}

impl OpenedSystems {
    /// The systems that can be tested, with their keys.
    pub fn usable(&self) -> impl Iterator<Item = (&System, &ServiceKey)> {
        self.0.iter().filter_map(|(system, found)| Some((system, found.as_ref().ok()?.key.as_ref()?)))
    }

    /// Tests all of them, each for the roles of its purpose, and returns the results, the worst first. Nothing is sent to a
    /// host that is neither SAP's, nor this machine, nor one of `agreed`.
    pub async fn test(
        self,
        content: Arc<Content>,
        options: NetOptions,
        agreed: &BTreeSet<String>,
        cancel: CancellationToken,
        on_event: impl Fn(SystemTestEvent) + Clone + Send + 'static,
    ) -> Vec<(System, SystemResult)> {
        let test = move |request| follow(request, options.clone(), cancel.clone());
        self.test_by(test, content, agreed, on_event).await
    }

    async fn test_by<F: Future<Output = Progress> + Send + 'static>(
        self,
        test: impl Fn(CheckRequest) -> F,
        content: Arc<Content>,
        agreed: &BTreeSet<String>,
        on_event: impl Fn(SystemTestEvent) + Clone + Send + 'static,
    ) -> Vec<(System, SystemResult)> {
        let finished = |id, result: &SystemResult| SystemTestEvent::Finished(id, Box::new(result.clone()));
        let (mut results, mut planned) = (Vec::new(), Vec::new());
        for (place, (system, found)) in self.0.into_iter().enumerate() {
            match plan(&content, agreed, &system, found) {
                Plan::Known(result) => {
                    on_event(finished(system.id, &result));
                    results.push((place, system, *result));
                }
                Plan::Test(request, found) => planned.push((place, system, request, found)),
            }
        }
        let jobs = planned.iter().map(|(_, system, request, found)| {
            let (id, host) = (system.id, request.key.token_url.host().to_owned());
            let (content, on_event) = (Arc::clone(&content), on_event.clone());
            let (test, request, found) = (test(request.clone()), request.clone(), found.clone());
            let job = async move {
                on_event(SystemTestEvent::Started(id));
                let progress = test.await;
                let report = assess(&content, &request, &found.summary, &found.findings, &progress);
                let result = SystemResult::tested(report);
                on_event(finished(id, &result));
                result
            };
            (host, PANIC_IS_A_RESULT.scope((), job))
        });
        let tested = side_by_side(jobs.collect::<Vec<_>>().into_iter()).await;
        for ((place, system, ..), result) in planned.into_iter().zip(tested) {
            let result = result.unwrap_or_else(|| {
                let result = SystemResult::failed(content.words.systems().test_failed().to_owned());
                on_event(finished(system.id, &result));
                result
            });
            results.push((place, system, result));
        }
        results.sort_by_key(|(place, system, result)| (urgency(result.verdict, system.expires), *place));
        results.into_iter().map(|(_, system, result)| (system, result)).collect()
    }
}

/// What is to be done with one system.
enum Plan {
    Test(CheckRequest, Box<Found>),
    Known(Box<SystemResult>),
}

fn plan(content: &Content, agreed: &BTreeSet<String>, system: &System, found: Result<Found, Problem>) -> Plan {
    let known = |result| Plan::Known(Box::new(result));
    let found = match found {
        Ok(found) => found,
        Err(problem) => return known(SystemResult::unopened(reason(&problem))),
    };
    let Some(key) = found.key.clone() else {
        return known(SystemResult::tested(assess_key(content, Some(&found.summary), &found.findings)));
    };
    let hosts = hosts_to_ask_for(&key, agreed);
    if !hosts.is_empty() {
        return known(SystemResult::not_agreed(not_agreed(&hosts, content.words)));
    }
    let purpose = system.purpose.as_ref().map(SafeText::as_str);
    let roles = requested_roles(content, purpose, Vec::new());
    Plan::Test(plan_checks(content, Arc::new(key), &roles), Box::new(found))
}

fn not_agreed(hosts: &[String], words: Words) -> String {
    words.systems().not_agreed(SafeText::line(&hosts.join(", ")))
}

/// What happened and why; what to do has no room in a row.
fn reason(problem: &Problem) -> String {
    Problem { fix: String::new(), ..problem.clone() }.to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use jiff::Timestamp;

    use super::*;
    use crate::domain::{
        check::{CheckEvent, Seen},
        finding::{Finding, FindingCode, Stage, Verdict},
        key::service_key,
        systems::system::SystemName,
    };

    const SAP: &str = "https://acme.authentication.eu10.hana.ondemand.com/oauth/token";
    const ELSEWHERE: &str = "https://login.example.com/oauth/token";

    /// A system with that token server.
    fn system(number: u8, token_url: &str, purpose: Option<&str>) -> (System, Result<Found, Problem>) {
        let typed = service_key::KeyForm {
            url: "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com".to_owned(),
            token_url: token_url.to_owned(),
            client_id: "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45".to_owned(),
            secret: Secret::new("11111111-2222-4333-8444-555555555555$canary="),
        };
        let found = service_key::from_form(&typed, Timestamp::UNIX_EPOCH);
        let name = SystemName::new(&format!("system {number}")).unwrap();
        let id = SystemId::new([number; 16]);
        (System::of(id, name, "", purpose, &found, found.key.as_ref().unwrap()).unwrap(), Ok(found))
    }

    /// The results of systems whose tests all end with wrong credentials, and the requests that were made.
    fn results(
        systems: Vec<(System, Result<Found, Problem>)>,
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
        let tested = runtime.block_on(OpenedSystems(systems).test_by(test, content, &agreed, on_event));
        let results = tested.into_iter().map(|(_, result)| result).collect();
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
        let unopened = (system(1, SAP, None).0, Err(Problem::unusable("What.", "Why.", "Fix.")));
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
