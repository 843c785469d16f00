//! Sends the app's requests to Cloud Foundry. The login is kept only here.

use std::{io, panic::resume_unwind, sync::Arc};

use tokio::sync::{Mutex, mpsc::UnboundedSender};
use tokio_util::sync::CancellationToken;

use super::{Effects, systems};
use crate::{
    domain::{
        cf::{
            call::Reply,
            kept::KeptLogin,
            login::Credentials,
            run::{Ask, Event, Run},
        },
        content::Content,
        finding::{Finding, FindingCode},
        key::address::Address,
        problem::Problem,
        systems::vault::Protection,
        text::{safe_text::SafeText, secret::Secret},
    },
    jobs::{
        Context,
        cf::{self, Session},
        keep_login::{forget_login, keep_login, keep_login_anew, kept_login, open_login},
    },
    model::{
        CloudEvent, CloudRequest, JobEvent, JobId, Msg,
        cloud_job::{Account, EarlierLogin},
        saved::NotSaved,
    },
    net::NetOptions,
    platform::{cf_config, env::Environment, keyring::OsKeyring},
};

/// The login, if any. Only one request at a time uses it.
#[derive(Clone, Default)]
pub(super) struct Login(Arc<Mutex<Held>>);

/// The logins in memory.
#[derive(Default)]
struct Held {
    session: Option<Session>,
    /// The stored login to which the session belongs.
    kept: Option<Kept>,
    /// The stored login that was opened and not used yet.
    opened: Option<Kept>,
    /// Whether the session uses the token of the cf CLI, and its revocation has not been reported yet.
    is_of_cf: bool,
}

/// A stored login, and its passphrase unless the keyring seals it.
#[derive(Clone)]
struct Kept {
    login: KeptLogin,
    passphrase: Option<Secret>,
}

impl Held {
    /// Replaces the previous login.
    fn take(&mut self, session: Session, api: Address) -> Account {
        let account = account(&session, api);
        *self = Self { session: Some(session), ..Self::default() };
        account
    }

    fn session(&mut self) -> Result<&mut Session, Finding> {
        self.session.as_mut().ok_or_else(|| Finding::cf(FindingCode::CfSessionEnded))
    }
}

/// Tokens are not shown.
impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login")
    }
}

/// A Cloud Foundry job.
struct Job {
    id: JobId,
    content: Arc<Content>,
    login: Login,
    options: NetOptions,
    environment: Environment,
    cancel: CancellationToken,
    answers: UnboundedSender<Vec<Msg>>,
}

impl Effects {
    /// Starts a Cloud Foundry job.
    pub(super) fn ask_cloud(&mut self, id: JobId, request: CloudRequest) -> io::Result<()> {
        if request == CloudRequest::ReadCf {
            let environment = self.surroundings.environment.clone();
            return self.answer(id, move || JobEvent::Cloud(CloudEvent::Cf(read_cf(&environment))));
        }
        if request == CloudRequest::ReadKept {
            let content = Arc::clone(&self.content);
            return self.answer(id, move || JobEvent::Cloud(CloudEvent::Kept(kept(content))));
        }
        if request == CloudRequest::PracticePasscode {
            let passcode = self.tenant.as_ref().map(crate::practice::Practice::passcode);
            let _ = self.answers.send(vec![Msg::Job(id, JobEvent::Cloud(CloudEvent::Passcode(passcode)))]);
            return Ok(());
        }
        let workers = self.workers()?;
        let job = Job {
            id,
            content: Arc::clone(&self.content),
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
        // If the receiver is gone, the program is ending.
        let _ = self.answers.send(vec![Msg::Job(self.id, JobEvent::Cloud(event))]);
    }

    async fn run(self, request: CloudRequest) {
        match request {
            // A run reports its state even if it is stopped.
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
        let mut held = self.login.0.lock().await;
        let event = self.answer(request, &mut held).await;
        self.settle(&mut held).await;
        event
    }

    async fn answer(&self, request: CloudRequest, held: &mut Held) -> Option<CloudEvent> {
        Some(match request {
            CloudRequest::FindLogin(api) => CloudEvent::Login(cf::servers(api.url(), &self.options).await),
            CloudRequest::LogIn { api, servers, credentials } => {
                let session = cf::log_in(api.url(), &servers, &credentials, &self.options).await;
                CloudEvent::LoggedIn(session.map(|session| held.take(session, api)))
            }
            CloudRequest::UseCf { api, servers } => {
                let environment = self.environment.clone();
                let session = match self.blocking(move || cf_config::read(&environment)).await? {
                    Ok(cf) => {
                        let credentials = Credentials::Refresh(cf.refresh_token);
                        cf::log_in(api.url(), &servers, &credentials, &self.options).await
                    }
                    Err(finding) => Err(finding),
                };
                CloudEvent::LoggedIn(session.map(|session| {
                    // The account already tells if the login has ended it.
                    let is_of_cf = !session.replaced_refresh_token();
                    let account = held.take(session, api);
                    held.is_of_cf = is_of_cf;
                    account
                }))
            }
            CloudRequest::OpenKept(passphrase) => {
                let (context, given) = (self.context(), passphrase.clone());
                let opened = self.blocking(move || open_login(&context?, given.as_ref())).await?;
                let known = opened.map(|login| login.and_then(|login| Some((earlier(&login)?, login))));
                CloudEvent::Opened(known.map(|known| {
                    known.map(|(earlier, login)| {
                        held.opened = Some(Kept { login, passphrase });
                        earlier
                    })
                }))
            }
            CloudRequest::UseKept { api, servers } => {
                let session = match held.opened.clone() {
                    Some(kept) => {
                        let credentials = Credentials::Refresh(kept.login.refresh_token.clone());
                        let session = cf::log_in(api.url(), &servers, &credentials, &self.options).await;
                        session.map(|session| (session, kept))
                    }
                    None => Err(Finding::cf(FindingCode::CfSessionEnded)),
                };
                CloudEvent::LoggedIn(session.map(|(session, kept)| {
                    let account = held.take(session, api);
                    held.kept = Some(kept);
                    account
                }))
            }
            CloudRequest::Keep(passphrase) => CloudEvent::Keeping(self.keep(passphrase, held).await?),
            CloudRequest::LogOut { forgets_kept } => {
                *held = Held::default();
                let context = forgets_kept.then(|| self.context());
                let forget = move || context.map_or(Ok(()), |context| forget_login(&context?).map(drop));
                CloudEvent::LoggedOut(self.blocking(forget).await?)
            }
            CloudRequest::Organizations => CloudEvent::Organizations(match held.session() {
                Ok(session) => cf::organizations(session, None).await,
                Err(ended) => Err(ended),
            }),
            CloudRequest::Spaces(org) => CloudEvent::Spaces(match held.session() {
                Ok(session) => cf::spaces(session, &org.guid, None).await,
                Err(ended) => Err(ended),
            }),
            CloudRequest::Offers(place) => CloudEvent::Offers(match held.session() {
                Ok(session) => cf::offers(session, &place.space.guid).await,
                Err(ended) => Err(ended),
            }),
            CloudRequest::Instances { place, all_spaces } => CloudEvent::Instances(match held.session() {
                Ok(session) => cf::instances(session, &place, all_spaces).await,
                Err(ended) => Err(ended),
            }),
            CloudRequest::Advance(_)
            | CloudRequest::PracticePasscode
            | CloudRequest::ReadCf
            | CloudRequest::ReadKept => return None,
        })
    }

    /// Seals the refresh token of the session.
    async fn keep(&self, passphrase: Option<Secret>, held: &mut Held) -> Option<Result<Protection, NotSaved>> {
        let session = held.session.as_ref()?;
        let Some(refresh_token) = session.refresh_token().cloned() else {
            let words = self.content.words.cf_command();
            return Some(Err(NotSaved::Other(words.login_not_renewable().fill(&[]).unusable())));
        };
        let login = KeptLogin {
            api: session.api().as_str().trim_end_matches('/').to_owned(),
            user: session.user().map(SafeText::to_string),
            org: None,
            space: None,
            refresh_token,
        };
        let kept = Kept { login, passphrase };
        let (context, sealed) = (self.context(), kept.clone());
        let sealing = move || keep_login_anew(&context?, &sealed.login, sealed.passphrase.as_ref());
        let protection = self.blocking(sealing).await?;
        if protection.is_ok() {
            held.kept = Some(kept);
        }
        Some(protection.map_err(systems::not_saved))
    }

    /// Handles a replaced refresh token: that of the cf CLI is then revoked, and a stored one is replaced.
    async fn settle(&self, held: &mut Held) {
        let Some(session) = &held.session else { return };
        if held.is_of_cf && session.replaced_refresh_token() {
            held.is_of_cf = false;
            self.report(CloudEvent::CfEnded);
        }
        let (Some(kept), Some(token)) = (&mut held.kept, session.refresh_token()) else { return };
        if *token == kept.login.refresh_token {
            return;
        }
        kept.login.refresh_token = token.clone();
        let (context, kept) = (self.context(), kept.clone());
        let sealing = move || keep_login(&context?, &kept.login, kept.passphrase.as_ref());
        if let Some(Err(error)) = self.blocking(sealing).await {
            self.report(CloudEvent::NotKept(error.into_problem()));
        }
    }

    /// The files and the keyring.
    fn context(&self) -> Result<Context, Problem> {
        systems::context(self.id, &self.content, &self.answers)
    }

    /// Runs blocking work: files and the keyring. `None` if the program is ending.
    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => Some(done),
            // The panic hook has restored the terminal; the wizard ends with this task.
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(_) => None,
        }
    }

    async fn advance(&self, mut run: Run) {
        let mut held = self.login.0.lock().await;
        match held.session() {
            Ok(session) => {
                let report = |run: &Run| self.report(CloudEvent::Step(Box::new(run.clone())));
                cf::advance(&mut run, session, &self.cancel, report).await;
            }
            Err(ended) if matches!(run.ask(), Ask::Send(_)) => run.step(Event::Reply(Reply::SessionEnded(ended))),
            Err(_) => run.step(Event::Stopped),
        }
        self.settle(&mut held).await;
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

/// The login of the cf CLI, if usable.
fn read_cf(environment: &Environment) -> Option<EarlierLogin> {
    let cf = cf_config::read(environment).ok()?;
    Some(EarlierLogin { api: Address::parse_cloud_api(&cf.api).ok()?, user: cf.user, org: cf.org, space: cf.space })
}

/// How the stored login is sealed. An unreadable file is replaced by the next stored login.
fn kept(content: Arc<Content>) -> Option<Protection> {
    Context::of_user(content, OsKeyring::quiet()).and_then(|context| kept_login(&context)).unwrap_or_default()
}

/// The part of the stored login that may be shown.
fn earlier(login: &KeptLogin) -> Option<EarlierLogin> {
    Some(EarlierLogin {
        api: Address::parse_cloud_api(&login.api).ok()?,
        user: login.user.as_deref().map(SafeText::line),
        org: login.org.clone(),
        space: login.space.clone(),
    })
}
