//! Does what the app asks about saved systems. Reading the list asks nobody; what takes a secret may ask the keyring,
//! which has a thread and a deadline of its own.

use std::{collections::BTreeSet, io, panic::resume_unwind, sync::Arc, thread};

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use super::effects::Performer;
use crate::{
    domain::{
        check::{
            CheckRequest,
            diagnosis::{assess, assess_key, plan_checks},
            report::TestReport,
        },
        content::Content,
        key::{
            hosts::hosts_to_ask_for,
            service_key::{Found, ServiceKey},
        },
        problem::Problem,
        systems::system::{System, SystemId, SystemName},
        text::{safe_text::SafeText, secret::Secret},
    },
    model::{
        JobEvent, JobId, JobRequest, Msg,
        saved::{Listing, NotSaved, Outcome, SaveRequest, TestSystemsEvent},
    },
    net::{
        NetOptions,
        many::{follow, side_by_side},
    },
    platform::{
        keyring::OsKeyring,
        saved::{self, Saved, SavedFault},
        store::{SECRETS_FILE, SetAside, State, Store},
    },
};

/// Where answers go.
type Answers = UnboundedSender<Vec<Msg>>;

/// Reads the list, on a thread that ends with it.
pub(super) fn list_on_own_thread(answers: &Answers) -> io::Result<()> {
    let answers = answers.clone();
    thread::Builder::new().name("systems".to_owned()).spawn(move || {
        // Without a home directory there is nothing saved, and nothing wrong.
        if let Ok(store) = Store::of_user() {
            let _ = answers.send(vec![Msg::Systems(listing(&store))]);
        }
    })?;
    Ok(())
}

impl Performer {
    /// Begins to do it.
    pub(super) fn systems(&mut self, job: JobId, request: JobRequest) -> io::Result<()> {
        let answers = self.answers.clone();
        match request {
            JobRequest::OpenSystem { id, passphrase } => self.answer(job, move || {
                JobEvent::Opened(open_one(id, passphrase.as_ref(), job, &answers).map(Box::new).map_err(Problem::from))
            }),
            JobRequest::SaveSystem(request) => self.change(job, move || {
                let (outcome, set_aside) = told(save(*request, job, &answers));
                let outcome = outcome.map_err(|fault| match fault {
                    fault @ SavedFault::NoKeyring(_) => NotSaved::NoKeyring(fault.into()),
                    fault => NotSaved::Other(fault.into()),
                });
                (JobEvent::Saved(outcome), set_aside)
            }),
            JobRequest::RenameSystem { name, new } => self.change(job, move || {
                let outcome = saved_systems(job, &answers).and_then(|saved| saved.rename(name.as_str(), new));
                let (outcome, set_aside) = told(outcome.map(|set_aside| ((), set_aside)));
                (JobEvent::Renamed(outcome.map_err(Problem::from)), set_aside)
            }),
            JobRequest::RemoveSystem(name) => self.change(job, move || {
                let outcome = saved_systems(job, &answers).and_then(|saved| saved.remove(name.as_str()));
                let (outcome, set_aside) = told(outcome.map(|set_aside| ((), set_aside)));
                (JobEvent::Removed(outcome.map_err(Problem::from)), set_aside)
            }),
            JobRequest::RecordTests(tests) => self.change(job, move || {
                let outcome = saved_systems(job, &answers).and_then(|saved| saved.record(&tests));
                let (outcome, set_aside) = told(outcome.map(|set_aside| ((), set_aside)));
                let outcome = outcome.map_err(|fault| not_recorded(fault.into()));
                (JobEvent::Recorded(outcome), set_aside)
            }),
            _ => Ok(()),
        }
    }

    /// Changes the saved systems; the answer is followed by the list as it is then.
    fn change(
        &mut self,
        job: JobId,
        work: impl FnOnce() -> (JobEvent, Vec<SetAside>) + Send + 'static,
    ) -> io::Result<()> {
        let answers = self.answers.clone();
        self.blocking(move || {
            let (event, set_aside) = work();
            let listed = list().map(|list| with_set_aside(list, &set_aside));
            // If nobody listens any more the program is ending.
            let _ = answers.send(vec![Msg::Job(job, event), Msg::Systems(listed)]);
            None
        })
    }

    pub(super) fn test_all(
        &mut self,
        id: JobId,
        agreed: BTreeSet<String>,
        passphrase: Option<Secret>,
    ) -> io::Result<()> {
        let workers = self.workers()?;
        let cancel = self.token(id);
        let (answers, content, options) = (self.answers.clone(), Arc::clone(&self.content), self.net.clone());
        let task = async move {
            let round = Round { id, content, options, cancel: cancel.clone(), answers };
            let opening = {
                let (answers, content) = (round.answers.clone(), Arc::clone(&round.content));
                tokio::task::spawn_blocking(move || open_all(&content, &agreed, passphrase.as_ref(), id, &answers))
            };
            let opened = match opening.await {
                Ok(opened) => opened,
                // The panic hook has given the terminal back; the wizard ends with this task.
                Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
                Err(_) => return,
            };
            match opened {
                Ok(systems) => {
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        () = round.perform(systems) => {}
                    }
                }
                Err(fault) => round.report(TestSystemsEvent::Failed(fault.into())),
            }
        };
        self.tasks.spawn_on(task, &workers);
        Ok(())
    }
}

/// A round of tests.
struct Round {
    id: JobId,
    content: Arc<Content>,
    options: NetOptions,
    cancel: CancellationToken,
    answers: Answers,
}

/// A system on its way to the test.
enum Prepared {
    Planned { id: SystemId, request: CheckRequest, found: Box<Found> },
    Known(SystemId, Outcome),
}

impl Round {
    fn report(&self, event: TestSystemsEvent) {
        report(&self.answers, self.id, event);
    }

    /// Tests all of them to their end.
    async fn perform(&self, systems: Vec<Prepared>) {
        let mut jobs = Vec::new();
        for prepared in systems {
            match prepared {
                Prepared::Known(id, outcome) => self.report(TestSystemsEvent::Finished(id, outcome)),
                Prepared::Planned { id, request, found } => {
                    let host = request.key.token_url.host().to_owned();
                    let (content, options, cancel) =
                        (Arc::clone(&self.content), self.options.clone(), self.cancel.clone());
                    let (round, answers) = (self.id, self.answers.clone());
                    jobs.push((host, async move {
                        report(&answers, round, TestSystemsEvent::Started(id));
                        let progress = follow(request.clone(), options, cancel).await;
                        let assessed = assess(&content, &request, &found.summary, &found.findings, &progress);
                        let finished = TestSystemsEvent::Finished(id, outcome(&assessed));
                        report(&answers, round, finished);
                    }));
                }
            }
        }
        if side_by_side(jobs.into_iter()).await.contains(&None) {
            resume_unwind(Box::new("a test of a round panicked"));
        }
        self.report(TestSystemsEvent::Done);
    }
}

fn outcome(report: &TestReport) -> Outcome {
    Outcome { verdict: Some(report.verdict), reason: report.reason().to_owned() }
}

fn untested(reason: String) -> Outcome {
    Outcome { verdict: None, reason }
}

/// The keys of all systems, each with the test that it takes.
fn open_all(
    content: &Content,
    agreed: &BTreeSet<String>,
    passphrase: Option<&Secret>,
    job: JobId,
    answers: &Answers,
) -> Result<Vec<Prepared>, SavedFault> {
    let saved = saved_systems(job, answers)?;
    let state = saved.read()?.0;
    let opened = saved.open(&state, passphrase)?;
    let now = Timestamp::now();
    Ok(state.systems.iter().map(|system| prepare(content, agreed, system, opened.key_to_test(system, now))).collect())
}

fn prepare(
    content: &Content,
    agreed: &BTreeSet<String>,
    system: &System,
    found: Result<Found, SavedFault>,
) -> Prepared {
    let found = match found {
        Ok(found) => found,
        Err(fault) => {
            let Problem { what, why, .. } = fault.into();
            return Prepared::Known(system.id, untested(format!("{what} {why}")));
        }
    };
    let Some(key) = found.key.clone() else {
        let report = assess_key(content, Some(&found.summary), &found.findings);
        return Prepared::Known(system.id, outcome(&report));
    };
    if let Some(host) = hosts_to_ask_for(&key, agreed).first() {
        let host = SafeText::line(host);
        let reason = format!("{host} is not an SAP address as far as is known: open this system and test it alone.");
        return Prepared::Known(system.id, untested(reason));
    }
    let purpose = system.purpose.as_ref().and_then(|id| content.purpose(id.as_str()));
    let roles = purpose.map(|purpose| purpose.role_names()).unwrap_or_default();
    let request = plan_checks(content, Arc::new(key), &roles);
    Prepared::Planned { id: system.id, request, found: Box::new(found) }
}

fn open_one(id: SystemId, passphrase: Option<&Secret>, job: JobId, answers: &Answers) -> Result<Found, SavedFault> {
    let saved = saved_systems(job, answers)?;
    let state: State = saved.read()?.0;
    let gone = || Problem::failed("This system is not saved any more.", "Another cpikey has removed it.", "");
    let system = state.systems.iter().find(|system| system.id == id).ok_or_else(gone)?;
    saved.open(&state, passphrase)?.key_of(system, Timestamp::now())
}

fn save(request: SaveRequest, job: JobId, answers: &Answers) -> Result<(SystemId, Vec<SetAside>), SavedFault> {
    let SaveRequest { name, purpose, found, last_test, passphrase, replace } = request;
    let unusable = || Problem::failed("Nothing was saved.", "This is not a usable key.", "");
    let key = found.key.as_ref().ok_or_else(unusable)?;
    let id = saved::new_id()?;
    let mut system = system_of(id, name, purpose.as_deref(), &found, key)?;
    system.last_test = last_test;
    let created = found.summary.created.as_ref().map(SafeText::as_str);
    let set_aside = saved_systems(job, answers)?.add(system, key, created, passphrase.as_ref(), replace)?;
    Ok((id, set_aside))
}

fn system_of(
    id: SystemId,
    name: SystemName,
    purpose: Option<&str>,
    found: &Found,
    key: &ServiceKey,
) -> Result<System, Problem> {
    System::of(id, name, "", purpose, found, key).map_err(|_| {
        Problem::failed("The secret stands in the name.", "Names are kept in plain text.", "Take another name.")
    })
}

/// The files and the keyring. The person hears when the keyring takes its time.
fn saved_systems(job: JobId, answers: &Answers) -> Result<Saved<OsKeyring>, SavedFault> {
    let answers = answers.clone();
    let keyring = OsKeyring::patient(move || drop(answers.send(vec![Msg::Job(job, JobEvent::KeyringIsSlow)])));
    Ok(Saved::new(Store::of_user()?, keyring))
}

fn list() -> Result<Listing, Problem> {
    listing(&Store::of_user()?)
}

fn listing(store: &Store) -> Result<Listing, Problem> {
    let (state, set_aside) = store.read()?;
    let listing = Listing {
        protection: state.vault.as_ref().map(|vault| vault.protection()),
        systems: state.systems,
        place: SafeText::line(&store.root().join(SECRETS_FILE).to_string_lossy()),
        set_aside: Vec::new(),
    };
    Ok(with_set_aside(listing, &set_aside))
}

fn with_set_aside(mut listing: Listing, set_aside: &[SetAside]) -> Listing {
    listing.set_aside.extend(set_aside.iter().map(ToString::to_string));
    listing
}

/// What came of a change, apart from the files that were put aside for it.
fn told<T>(outcome: Result<(T, Vec<SetAside>), SavedFault>) -> (Result<T, SavedFault>, Vec<SetAside>) {
    match outcome {
        Ok((value, set_aside)) => (Ok(value), set_aside),
        Err(fault) => (Err(fault), Vec::new()),
    }
}

/// That a result could not be recorded comes first, then why.
fn not_recorded(fault: Problem) -> Problem {
    Problem { what: format!("The result could not be noted with the saved systems. {}", fault.what), ..fault }
}

fn report(answers: &Answers, job: JobId, event: TestSystemsEvent) {
    // If nobody listens any more the program is ending.
    let _ = answers.send(vec![Msg::Job(job, JobEvent::TestSystems(event))]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::key::service_key;

    const CANARY: &str = "11111111-2222-4333-8444-555555555555$canary=";

    fn prepared(token_url: &str, agreed: &[&str], purpose: Option<&str>) -> Prepared {
        let content = crate::content::load();
        let typed = service_key::KeyForm {
            url: "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com".to_owned(),
            token_url: token_url.to_owned(),
            client_id: "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45".to_owned(),
            secret: Secret::new(CANARY),
        };
        let found = service_key::from_form(&typed, Timestamp::UNIX_EPOCH);
        let key = found.key.as_ref().unwrap();
        let name = SystemName::new("dev").unwrap();
        let system = System::of(SystemId::new([1; 16]), name, "", purpose, &found, key).unwrap();
        let agreed = agreed.iter().map(|host| (*host).to_owned()).collect();
        prepare(&content, &agreed, &system, Ok(found))
    }

    #[test]
    fn in_a_round_no_secret_goes_to_a_host_that_is_not_saps_unless_that_was_agreed_to() {
        match prepared("https://login.example.com/oauth/token", &[], None) {
            Prepared::Known(_, Outcome { verdict: None, reason }) => assert!(reason.contains("login.example.com")),
            _ => panic!("it would be tested"),
        }
        let agreed = prepared("https://login.example.com/oauth/token", &["login.example.com"], None);
        assert!(matches!(agreed, Prepared::Planned { .. }));
    }

    #[test]
    fn a_round_asks_for_the_roles_of_the_purpose() {
        let sap = "https://acme.authentication.eu10.hana.ondemand.com/oauth/token";
        let Prepared::Planned { request, .. } = prepared(sap, &[], Some("cpi-transporter")) else {
            panic!("it would not be tested")
        };
        assert!(request.roles.iter().any(|role| role == "WorkspaceArtifactsDeploy"), "{:?}", request.roles);
    }

    #[test]
    fn a_name_that_is_the_secret_is_refused_without_being_repeated() {
        let typed = service_key::KeyForm {
            url: "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com".to_owned(),
            token_url: "https://acme.authentication.eu10.hana.ondemand.com/oauth/token".to_owned(),
            client_id: "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45".to_owned(),
            secret: Secret::new(CANARY),
        };
        let found = service_key::from_form(&typed, Timestamp::UNIX_EPOCH);
        let name = SystemName::new(CANARY).unwrap();
        let refused = system_of(SystemId::new([1; 16]), name, None, &found, found.key.as_ref().unwrap()).unwrap_err();
        assert!(!refused.to_string().contains("canary"));
    }
}
