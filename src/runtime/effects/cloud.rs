//! Asks Cloud Foundry what the app wants to know. The login lives here, and nowhere else.

use std::{io, sync::Arc};

use tokio::sync::{Mutex, mpsc::UnboundedSender};
use tokio_util::sync::CancellationToken;

use super::Effects;
use crate::{
    domain::{
        cf::{
            login::Credentials,
            run::{Event, Run},
        },
        finding::{Finding, FindingCode},
        key::address::Address,
    },
    jobs::cf::{self, Session},
    model::{
        CloudEvent, CloudRequest, JobEvent, JobId, Msg,
        cloud_job::{Account, CfAccount},
    },
    net::NetOptions,
    platform::{cf_config, env::Environment},
};

/// The login, while there is one. One request at a time uses it.
#[derive(Clone, Default)]
pub(super) struct Login(Arc<Mutex<Option<Session>>>);

/// Tokens are not shown.
impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login")
    }
}

/// One job at Cloud Foundry.
struct Job {
    id: JobId,
    login: Login,
    options: NetOptions,
    environment: Environment,
    cancel: CancellationToken,
    answers: UnboundedSender<Vec<Msg>>,
}

impl Effects {
    /// Starts a job at Cloud Foundry.
    pub(super) fn ask_cloud(&mut self, id: JobId, request: CloudRequest) -> io::Result<()> {
        if request == CloudRequest::ReadCf {
            let environment = self.surroundings.environment.clone();
            return self.answer(id, move || JobEvent::Cloud(CloudEvent::Cf(read_cf(&environment))));
        }
        if request == CloudRequest::PracticePasscode {
            let passcode = self.tenant.as_ref().map(crate::practice::Practice::passcode);
            let _ = self.answers.send(vec![Msg::Job(id, JobEvent::Cloud(CloudEvent::Passcode(passcode)))]);
            return Ok(());
        }
        let workers = self.workers()?;
        let job = Job {
            id,
            login: self.login.clone(),
            options: self.net.clone(),
            environment: self.surroundings.environment.clone(),
            cancel: self.token(id),
            answers: self.answers.clone(),
        };
        self.tasks.spawn_on(job.run(request), &workers);
        Ok(())
    }
}

impl Job {
    fn report(&self, event: CloudEvent) {
        // If nobody listens any more the program is ending.
        let _ = self.answers.send(vec![Msg::Job(self.id, JobEvent::Cloud(event))]);
    }

    async fn run(self, request: CloudRequest) {
        match request {
            // A run says how far it has come, even if it is stopped.
            CloudRequest::Advance(run) => self.advance(*run).await,
            request => {
                let answer = tokio::select! {
                    biased;
                    () = self.cancel.cancelled() => None,
                    answer = self.ask(request) => answer,
                };
                if let Some(answer) = answer {
                    self.report(answer);
                }
            }
        }
    }

    async fn ask(&self, request: CloudRequest) -> Option<CloudEvent> {
        let mut login = self.login.0.lock().await;
        let ended = || Finding::cf(FindingCode::CfSessionEnded);
        Some(match request {
            CloudRequest::FindLogin(api) => CloudEvent::Login(cf::servers(api.url(), &self.options).await),
            CloudRequest::LogIn { api, servers, credentials } => {
                let session = cf::log_in(api.url(), &servers, &credentials, &self.options).await;
                CloudEvent::LoggedIn(session.map(|session| {
                    let account = account(&session, api);
                    *login = Some(session);
                    account
                }))
            }
            CloudRequest::UseCf { api, servers } => {
                let environment = self.environment.clone();
                let read = tokio::task::spawn_blocking(move || cf_config::read(&environment)).await;
                let session = match read.unwrap_or_else(|_| Err(ended())) {
                    Ok(cf) => {
                        let credentials = Credentials::Refresh(cf.refresh_token);
                        cf::log_in(api.url(), &servers, &credentials, &self.options).await
                    }
                    Err(finding) => Err(finding),
                };
                CloudEvent::LoggedIn(session.map(|session| {
                    let account = account(&session, api);
                    *login = Some(session);
                    account
                }))
            }
            CloudRequest::Organizations => CloudEvent::Organizations(match login.as_mut() {
                Some(session) => cf::organizations(session, None).await,
                None => Err(ended()),
            }),
            CloudRequest::Spaces(org) => CloudEvent::Spaces(match login.as_mut() {
                Some(session) => cf::spaces(session, &org.guid, None).await,
                None => Err(ended()),
            }),
            CloudRequest::Offers(place) => CloudEvent::Offers(match login.as_mut() {
                Some(session) => cf::offers(session, &place.space.guid).await,
                None => Err(ended()),
            }),
            CloudRequest::Instances(place) => CloudEvent::Instances(match login.as_mut() {
                Some(session) => cf::instances(session, &place, false).await,
                None => Err(ended()),
            }),
            CloudRequest::Advance(_) | CloudRequest::PracticePasscode | CloudRequest::ReadCf => return None,
        })
    }

    async fn advance(&self, mut run: Run) {
        let mut login = self.login.0.lock().await;
        match login.as_mut() {
            Some(session) => {
                let report = |run: &Run| self.report(CloudEvent::Step(Box::new(run.clone())));
                cf::advance(&mut run, session, &self.cancel, report).await;
            }
            None => run.step(Event::Stopped),
        }
        self.report(CloudEvent::Paused(Box::new(run)));
    }
}

fn account(session: &Session, api: Address) -> Account {
    Account {
        api,
        user: session.user().cloned(),
        origin: session.origin().cloned(),
        has_ended_cf: session.replaced_refresh_token(),
    }
}

/// The login of the cf CLI, if it can be used.
fn read_cf(environment: &Environment) -> Option<CfAccount> {
    let cf = cf_config::read(environment).ok()?;
    Some(CfAccount { api: Address::parse_cloud_api(&cf.api).ok()?, user: cf.user, org: cf.org, space: cf.space })
}
