//! Cloud Foundry in the wizard, against the practice tenant's model: log in, choose the space, confirm the plan, watch
//! the progress.

use std::time::Duration;

use cpikey::{
    content,
    domain::{
        cf::{
            call::{Call, Method as CallMethod, Reply, Response},
            login::{self, CLIENT, Credentials, Servers},
            offer, place,
            resource::{self, Instance},
            run::{Ask, Event, Run},
        },
        finding::{Finding, FindingCode, Stage},
        key::address::Address,
        problem::Problem,
        sap::guide::StepId,
        systems::vault::Protection,
        text::{safe_text::SafeText, secret::Secret},
    },
    model::{
        CloudEvent, CloudRequest, Effect, JobEvent, JobId, JobRequest, KeySource, Msg, Place, Surroundings,
        cloud_job::{Account, EarlierLogin, Listed},
        saved::NotSaved,
    },
    practice::cf::{Config, Model, Pace, Request},
};
use hyper::Method;
use url::form_urlencoded;

use crate::{
    driver::{Driver, KEY},
    pictures::picture,
    plain::spoken,
};

/// The base URL of the model.
pub const API: &str = "https://api.cf.eu10-004.hana.ondemand.com";
/// When the model starts: a minute before the wizard does.
pub const NOW: Duration = Duration::from_secs(1_793_534_340);

/// Text that is the same in every language: names in the model, and messages of its broker.
pub const NAMES: &str = "practice practice-empty practice-new practice-suspended dev prod monitoring orders destinations \
                         Rate Limit Exceeded will-fail Service broker error failed with: Internal Server Error. There is no keyring.";

/// What happens instead of a normal response.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The request arrives, its response does not.
    AnswerLost,
    /// The request does not arrive.
    RequestLost,
    /// A response with this status and body.
    Answer(u16, &'static str),
    /// Too many requests; wait this many seconds.
    RateLimited(u64),
    /// The login has ended, and cannot be renewed.
    LoginEnded,
}

/// SAP and the wizard's runtime, without a network.
pub struct Sap {
    model: Model,
    now: Duration,
    access: String,
    /// How many of the wizard's jobs were handled.
    answered: usize,
    /// Unfinished runs.
    runs: Vec<(JobId, Run)>,
    /// The login of the cf CLI.
    cf: Option<EarlierLogin>,
    /// The newest refresh token.
    refresh: Option<Secret>,
    /// The stored login, its token, and its passphrase if the keyring does not seal it.
    pub kept: Option<(EarlierLogin, Secret, Option<Secret>)>,
    has_keyring: bool,
    /// Faults for the next request of a kind.
    faults: Vec<(Method, String, Fault)>,
}

impl Sap {
    pub fn new() -> Self {
        Self::with(Config::new("http://127.0.0.1:1", API, Pace::Looks(2), NOW))
    }

    /// With a login of the cf CLI.
    pub fn with_cf() -> Self {
        Self { cf: Some(cf_account()), ..Self::new() }
    }

    pub fn without_keyring() -> Self {
        Self { has_keyring: false, ..Self::new() }
    }

    pub fn with(config: Config) -> Self {
        let model = Model::new(&content::load(), config);
        Self {
            model,
            now: NOW,
            access: String::new(),
            answered: 0,
            runs: Vec::new(),
            cf: None,
            refresh: None,
            kept: None,
            has_keyring: true,
            faults: Vec::new(),
        }
    }

    fn send(&mut self, method: Method, path: &str, authorization: String, body: String) -> Response {
        let path_and_query = path.strip_prefix(API).unwrap_or(path).to_owned();
        let path_and_query = if path_and_query.is_empty() { "/".to_owned() } else { path_and_query };
        let accept = Some("application/json".to_owned());
        let request = Request { method, path_and_query, authorization: Some(authorization), accept, body };
        let answer = self.model.answer(&request, self.now);
        Response {
            status: answer.status,
            location: answer.header("Location").map(str::to_owned),
            retry_after: None,
            request_id: answer.header("X-Vcap-Request-Id").map(SafeText::line),
            body: Secret::new(answer.body),
        }
    }

    fn call(&mut self, call: &Call) -> Response {
        let method = Method::from_bytes(call.method.as_str().as_bytes()).unwrap();
        let body = call.body.as_ref().map(ToString::to_string).unwrap_or_default();
        self.send(method, &call.path, format!("bearer {}", self.access), body)
    }

    fn log_in(&mut self, credentials: &Credentials, servers: &Servers) -> Result<(), Finding> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(credentials.form()).finish();
        let query = credentials.query().map(|query| format!("?{query}")).unwrap_or_default();
        let endpoint = format!("{}{query}", servers.token_endpoint());
        let answer = self.send(Method::POST, &endpoint, CLIENT.to_owned(), form);
        let tokens = login::read_tokens(credentials, &answer)?;
        self.access = tokens.access.expose().to_owned();
        self.refresh = tokens.refresh;
        Ok(())
    }

    /// Instances with this name, in any space.
    pub fn instances_named(&mut self, name: &str) -> Vec<Instance> {
        let answer = self.call(&Call::get(format!("/v3/service_instances?names={name}")));
        resource::read_instances(&answer).unwrap().entries.into_iter().map(|listed| listed.instance).collect()
    }

    /// Someone else creates a key, without a label.
    pub fn makes_key(&mut self, instance: &str, name: &str) {
        let all = self.instances_named(instance);
        let here = all.iter().find(|there| there.space_name.as_deref() != Some("prod")).unwrap();
        let body = serde_json::json!({
            "type": "key", "name": name, "relationships": {"service_instance": {"data": {"guid": here.guid}}},
        });
        let answer = self.call(&Call::send(CallMethod::Post, "/v3/service_credential_bindings", body));
        assert_eq!(answer.status, 202);
    }

    /// The names of the keys of an instance in the space `dev`.
    pub fn keys_of(&mut self, instance: &str) -> Vec<String> {
        let all = self.instances_named(instance);
        let here = all.iter().find(|there| there.space_name.as_deref() != Some("prod")).unwrap();
        let answer = self.call(&resource::keys(&[&here.guid]));
        resource::read_keys(&answer).unwrap().entries.into_iter().map(|key| key.name).collect()
    }

    /// The page that shows a passcode.
    pub fn passcode(&mut self) -> String {
        self.model.passcode(self.now)
    }

    /// The next request of a run with this method and path prefix has no usable response.
    pub fn fails(&mut self, method: Method, path: &str, fault: Fault) {
        self.faults.push((method, path.to_owned(), fault));
    }

    /// Removes all faults.
    pub fn recovers(&mut self) {
        self.faults.clear();
    }

    /// The result of a request of a run.
    fn reply(&mut self, call: &Call) -> Reply {
        let is_it = |(method, path, _): &(Method, String, Fault)| {
            method.as_str() == call.method.as_str() && call.path.starts_with(path.as_str())
        };
        let Some(at) = self.faults.iter().position(is_it) else { return Reply::Answer(self.call(call)) };
        let answer = |status, retry_after: Option<u64>, body: &str| {
            Reply::Answer(Response {
                status,
                location: None,
                retry_after: retry_after.map(Duration::from_secs),
                request_id: None,
                body: Secret::new(body),
            })
        };
        let lost = || Reply::Lost(Finding::new(FindingCode::BrokenOff, Stage::CloudFoundry));
        match self.faults.remove(at).2 {
            Fault::AnswerLost => {
                self.call(call);
                lost()
            }
            Fault::RequestLost => lost(),
            Fault::Answer(status, body) => answer(status, None, body),
            Fault::RateLimited(seconds) => {
                let error =
                    r#"{"errors":[{"code":10013,"title":"CF-RateLimitExceeded","detail":"Rate Limit Exceeded"}]}"#;
                answer(429, Some(seconds), error)
            }
            Fault::LoginEnded => Reply::SessionEnded(Finding::cf(FindingCode::CfSessionEnded)),
        }
    }

    /// One step of a run.
    fn step(&mut self, run: &mut Run) -> bool {
        let event = match run.ask() {
            Ask::Send(call) => Event::Reply(self.reply(&call)),
            Ask::Wait(pause) => {
                self.now += pause;
                Event::Waited
            }
            _ => return false,
        };
        run.step(event);
        true
    }

    fn answer(&mut self, request: CloudRequest) -> CloudEvent {
        match request {
            CloudRequest::FindLogin(_) => {
                let answer = self.send(Method::GET, "/", String::new(), String::new());
                CloudEvent::Login(login::read_servers(&answer))
            }
            CloudRequest::LogIn { api, servers, credentials } => {
                let account = Account { api, user: Some("dev@example.com".into()), origin: None, has_ended_cf: false };
                CloudEvent::LoggedIn(self.log_in(&credentials, &servers).map(|()| account))
            }
            CloudRequest::Organizations => {
                let answer = self.call(&place::organizations(None));
                CloudEvent::Organizations(Ok(place::read_organizations(&answer).unwrap().entries))
            }
            CloudRequest::Spaces(org) => {
                let answer = self.call(&place::spaces(&org.guid, None));
                CloudEvent::Spaces(Ok(place::read_spaces(&answer).unwrap().entries))
            }
            CloudRequest::Offers(at) => {
                let answer = self.call(&offer::offers(&at.space.guid));
                CloudEvent::Offers(Ok(offer::read_offers(&answer).unwrap()))
            }
            CloudRequest::Instances { place: at, all_spaces } => {
                let space = (!all_spaces).then_some(at.space.guid.as_str());
                let answer = self.call(&resource::instances(&at.org.guid, space));
                let listed = resource::read_instances(&answer).unwrap().entries.into_iter();
                let ours: Vec<Listed> = listed
                    .filter(|listed| listed.offering.as_deref() == Some(resource::OFFERING))
                    .map(|listed| {
                        let answer = self.call(&resource::keys(&[&listed.instance.guid]));
                        (listed.instance, resource::read_keys(&answer).unwrap().entries)
                    })
                    .collect();
                CloudEvent::Instances(Ok(ours))
            }
            CloudRequest::ReadKept => {
                CloudEvent::Kept(self.kept.as_ref().map(|(.., passphrase)| sealed_with(passphrase)))
            }
            CloudRequest::OpenKept(passphrase) => CloudEvent::Opened(match &self.kept {
                Some((.., sealed)) if *sealed != passphrase => {
                    Err(Problem::unusable("The passphrase is wrong.", "", ""))
                }
                kept => Ok(kept.as_ref().map(|(login, ..)| login.clone())),
            }),
            CloudRequest::UseKept { api, servers } => {
                let token = self.kept.as_ref().map(|(_, token, _)| token.clone()).unwrap();
                let account = Account { api, user: Some("dev@example.com".into()), origin: None, has_ended_cf: false };
                CloudEvent::LoggedIn(self.log_in(&Credentials::Refresh(token), &servers).map(|()| account))
            }
            CloudRequest::Keep(None) if !self.has_keyring => {
                CloudEvent::Keeping(Err(NotSaved::NoKeyring(Problem::unusable("", "There is no keyring.", ""))))
            }
            CloudRequest::Keep(passphrase) => {
                let protection = sealed_with(&passphrase);
                let login = EarlierLogin { org: None, space: None, ..cf_account() };
                self.kept = Some((login, self.refresh.clone().unwrap(), passphrase));
                CloudEvent::Keeping(Ok(protection))
            }
            CloudRequest::LogOut { forgets_kept } => {
                self.kept.take_if(|_| forgets_kept);
                CloudEvent::LoggedOut(Ok(()))
            }
            CloudRequest::ReadCf => CloudEvent::Cf(self.cf.clone()),
            CloudRequest::UseCf { api, .. } => {
                let user = Some("dev@example.com".into());
                let passcode = self.passcode();
                let servers = login::read_servers(&self.send(Method::GET, "/", String::new(), String::new())).unwrap();
                let credentials = Credentials::Passcode(Secret::new(passcode));
                let account = Account { api, user, origin: None, has_ended_cf: false };
                CloudEvent::LoggedIn(self.log_in(&credentials, &servers).map(|()| account))
            }
            CloudRequest::PracticePasscode => CloudEvent::Passcode(Some(self.passcode())),
            CloudRequest::Advance(_) => unreachable!("a run has steps of its own"),
        }
    }

    /// The wizard is restarted.
    pub fn is_met_again(&mut self) {
        self.answered = 0;
        self.runs.clear();
    }

    /// Takes the new requests of the wizard.
    fn take_jobs(&mut self, driver: &mut Driver) {
        while let Some((id, request)) = driver.jobs.get(self.answered).cloned() {
            self.answered += 1;
            match request {
                JobRequest::Cloud(CloudRequest::Advance(run)) => self.runs.push((id, *run)),
                JobRequest::Cloud(request) => {
                    let event = self.answer(request);
                    driver.send(Msg::Job(id, JobEvent::Cloud(event)));
                }
                _ => {}
            }
        }
    }

    /// Handles the requests of the wizard, and lets its runs take this many steps.
    pub fn steps(&mut self, driver: &mut Driver, steps: usize) {
        self.take_jobs(driver);
        for _ in 0..steps {
            for (id, mut run) in std::mem::take(&mut self.runs) {
                let waits = match run.ask() {
                    Ask::Wait(pause) => pause,
                    _ => Duration::ZERO,
                };
                if self.step(&mut run) {
                    driver.wait(waits);
                    driver.send(Msg::Job(id, JobEvent::Cloud(CloudEvent::Step(Box::new(run.clone())))));
                    self.runs.push((id, run));
                } else {
                    driver.send(Msg::Job(id, JobEvent::Cloud(CloudEvent::Paused(Box::new(run)))));
                }
            }
            self.take_jobs(driver);
        }
    }

    /// Handles everything until the wizard waits for the user.
    pub fn answers(&mut self, driver: &mut Driver) {
        for _ in 0..200 {
            self.steps(driver, 1);
            if self.runs.is_empty() && self.answered == driver.jobs.len() {
                return;
            }
        }
        panic!("it goes on for ever");
    }

    /// The user stops waiting, and the runtime is informed.
    pub fn stop(&mut self, driver: &mut Driver) {
        for (id, mut run) in std::mem::take(&mut self.runs) {
            assert!(driver.take_effects().contains(&Effect::Stop(id)), "the runtime was told");
            run.step(Event::Stopped);
            driver.send(Msg::Job(id, JobEvent::Cloud(CloudEvent::Paused(Box::new(run)))));
        }
    }
}

fn sealed_with(passphrase: &Option<Secret>) -> Protection {
    if passphrase.is_some() { Protection::Passphrase } else { Protection::Keyring }
}

/// The login of the cf CLI.
fn cf_account() -> EarlierLogin {
    EarlierLogin {
        api: Address::parse_cloud_api(API).unwrap(),
        user: Some("dev@example.com".into()),
        org: Some("practice".to_owned()),
        space: Some("dev".to_owned()),
    }
}

/// At step 5, with a region and names.
pub fn at_create() -> Driver {
    at_create_in(Surroundings::default())
}

/// The same, started in this environment.
pub fn at_create_in(around: Surroundings) -> Driver {
    let mut driver = Driver::with(around);
    driver.press("enter enter tab").type_text("eu10-004").press("enter enter");
    assert_eq!(driver.app.step(), StepId::Create);
    driver
}

/// Renames the instance; the name of the key stays.
pub fn named(driver: &mut Driver, name: &str) {
    driver.press("3 ctrl+u").type_text(name).press("enter 5");
}

/// Logs in with a passcode, up to the list of orgs.
pub fn log_in(driver: &mut Driver, sap: &mut Sap) {
    sap.answers(driver);
    driver.press("enter");
    sap.answers(driver);
    let passcode = sap.passcode();
    driver.paste(&passcode);
    driver.press("enter");
    sap.answers(driver);
}

/// Up to the plan in the space `dev` of the org `practice`.
pub fn up_to_the_plan(driver: &mut Driver, sap: &mut Sap) {
    driver.press("C");
    log_in(driver, sap);
    driver.press("enter");
    sap.answers(driver);
    driver.press("enter");
    sap.answers(driver);
}

pub fn screen(driver: &Driver) -> String {
    driver.screen(120, 40)
}

pub fn words(driver: &Driver) -> cpikey::words::CloudLabels {
    driver.app.session().content.words.cloud()
}

#[test]
fn the_whole_way_leads_to_a_key_in_quick_fill_and_its_test() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    assert!(screen(&driver).contains(words(&driver).plan_title()), "{}", screen(&driver));
    assert!(!driver.app.session().is_making());
    driver.press("enter");
    assert!(driver.app.session().is_making());
    sap.answers(&mut driver);
    assert_eq!(driver.app.place(), Place::Step(StepId::Test));
    assert!(driver.app.session().is_testing());
    assert!(driver.app.session().key.usable().is_some());
    // From now on, the commands of the guide contain the place.
    let draft = &driver.app.session().draft;
    assert_eq!([&draft.org, &draft.space, &draft.region].map(String::as_str), ["practice", "dev", "eu10-004"]);
}

#[test]
fn a_key_that_is_pasted_while_another_is_made_is_said_to_be_replaced() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter").paste(KEY);
    let warning = words(&driver).another_key_comes();
    let notice = driver.app.session().notice.as_ref().map(|notice| notice.text.clone());
    assert_eq!(notice.as_deref(), Some(warning), "{}", screen(&driver));
    sap.answers(&mut driver);
    let session = driver.app.session();
    assert!(matches!(session.key.source, Some(KeySource::Made(_))), "{}", screen(&driver));
}

#[test]
fn a_plan_is_shown_once_it_can_be_agreed_to() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("C");
    log_in(&mut driver, &mut sap);
    driver.press("enter");
    sap.answers(&mut driver);
    driver.press("enter");
    let mut seen = false;
    for _ in 0..20 {
        sap.steps(&mut driver, 1);
        let said = spoken(&driver.app);
        let words = words(&driver);
        if said.contains(words.plan_title()) {
            seen = true;
            assert!(said.contains(words.do_row()), "{said}");
        }
        assert!(!said.contains(words.doing()), "{said}");
    }
    assert!(seen);
}

#[test]
fn nothing_secret_is_sent_before_the_login_was_asked_for_and_a_passcode_is_sent_once() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("C");
    let asked = driver.take_jobs();
    let files = [CloudRequest::ReadKept, CloudRequest::ReadCf].map(JobRequest::Cloud);
    assert_eq!(asked, files, "opening the screen asks nobody outside");
    driver.press("enter");
    assert!(matches!(driver.take_jobs()[..], [JobRequest::Cloud(CloudRequest::FindLogin(_))]));
    sap.answers(&mut driver);
    driver.paste("-Pass_code1");
    assert!(!screen(&driver).contains("Pass_code1") && !spoken(&driver.app).contains("Pass_code1"));
    driver.press("enter");
    let sent = driver.take_jobs();
    let [JobRequest::Cloud(CloudRequest::LogIn { credentials, .. })] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(*credentials, Credentials::Passcode(Secret::new("-Pass_code1")));
    sap.answers(&mut driver);
    let refused = driver.app.session().content.findings.clone();
    let refused = refused.explain(&Finding::cf(FindingCode::CfPasscodeRefused), driver.app.session().content.words);
    assert!(screen(&driver).contains(&refused.title), "{}", screen(&driver));
    // The field is empty again: nothing is sent a second time by mistake.
    driver.press("enter");
    assert!(driver.take_jobs().is_empty());
}

#[test]
fn a_host_that_is_not_saps_is_asked_about() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("C down down enter ctrl+u").type_text("https://api.cf.example.com").press("enter");
    driver.take_jobs();
    driver.press("up up up enter");
    sap.answers(&mut driver);
    // Before the first byte.
    assert!(driver.take_jobs().is_empty());
    let question = words(&driver).foreign_title().to_owned();
    assert!(screen(&driver).contains(&question), "{}", screen(&driver));
    driver.press("esc");
    assert!(!screen(&driver).contains(words(&driver).passcode_title()));
    driver.press("enter");
    sap.answers(&mut driver);
    driver.press("y");
    assert!(matches!(driver.take_jobs()[..], [JobRequest::Cloud(CloudRequest::FindLogin(_))]));
    sap.answers(&mut driver);
    assert!(screen(&driver).contains("api.cf.eu10-004"), "{}", screen(&driver));
}

#[test]
fn waiting_can_be_stopped_and_coming_again_goes_on() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.steps(&mut driver, 4);
    driver.press("esc");
    assert!(screen(&driver).contains(words(&driver).stop_title()));
    driver.press("y");
    sap.stop(&mut driver);
    assert!(screen(&driver).contains(words(&driver).end_stopped()), "{}", screen(&driver));
    let outro = cpikey::app::outro(&driver.app, cpikey::model::Exit::Left(4));
    assert!(outro.contains("CPITransporter_API_Access"), "{outro}");
    driver.press("r");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    assert_eq!(driver.app.place(), Place::Step(StepId::Test));
}

#[test]
fn what_was_made_is_remembered_without_the_login() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.steps(&mut driver, 4);
    let saved = driver.saved.last().unwrap().clone().unwrap();
    let cloud = saved.cloud.clone().unwrap();
    assert_eq!((cloud.place.org.name.as_str(), cloud.place.space.name.as_str()), ("practice", "dev"));
    assert_eq!(cloud.things[0].name, "CPITransporter_API_Access");
    assert!(!saved.to_json().contains(&sap.access));
    // The next start continues there.
    let mut again = crate::resume::started_again(saved);
    again.press("enter");
    again.press("C");
    sap.is_met_again();
    log_in(&mut again, &mut sap);
    assert!(screen(&again).contains(words(&again).plan_title_again()), "{}", screen(&again));
    again.press("enter");
    sap.answers(&mut again);
    assert_eq!(again.app.place(), Place::Step(StepId::Test));
}

#[test]
fn what_an_earlier_start_has_asked_for_is_named_on_the_way_out() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.steps(&mut driver, 4);
    let mut again = crate::resume::started_again(driver.saved.last().unwrap().clone().unwrap());
    again.press("enter C");
    sap.is_met_again();
    log_in(&mut again, &mut sap);
    let unchanged = cpikey::app::outro(&again.app, cpikey::model::Exit::Left(4));
    assert!(!unchanged.contains("cpikey create"), "nothing was agreed to: {unchanged}");
    again.press("enter");
    sap.steps(&mut again, 1);
    again.press("esc y");
    sap.stop(&mut again);
    let outro = cpikey::app::outro(&again.app, cpikey::model::Exit::Left(4));
    assert!(outro.contains("practice / dev") && outro.contains("cpikey create"), "{outro}");
}

#[test]
fn a_failed_creation_can_be_tried_again_under_the_same_name() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    named(&mut driver, "will-fail");
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.answers(&mut driver);
    let cf = driver.app.session().content.words.cf();
    assert!(screen(&driver).contains(&cf.instance_is("will-fail", cf.create_failed())), "{}", screen(&driver));
    driver.press("r");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(driver.app.session().content.words.cf().replaces_failed()), "{}", screen(&driver));
    let (first, again) = (words(&driver).plan_title(), words(&driver).plan_title_again());
    assert!(screen(&driver).contains(again) && !screen(&driver).contains(first), "{}", screen(&driver));
    driver.press("enter");
    sap.answers(&mut driver);
    assert_eq!(driver.app.place(), Place::Step(StepId::Test));
}

#[test]
fn a_key_that_is_not_saved_is_replaced_by_a_new_one_only_after_a_yes() {
    for answer in ["y", "n"] {
        let (mut driver, mut sap) = (at_create(), Sap::new());
        driver.paste(KEY);
        driver.press("5");
        up_to_the_plan(&mut driver, &mut sap);
        driver.press("enter");
        assert!(screen(&driver).contains(words(&driver).replace_title()), "{}", screen(&driver));
        driver.press(answer);
        sap.answers(&mut driver);
        let was_made = driver.app.place() == Place::Step(StepId::Test);
        assert_eq!(was_made, answer == "y", "{}", screen(&driver));
        let url = driver.app.session().key.usable().unwrap().url.host().to_owned();
        assert_eq!(url.contains("acme-dev"), answer == "n", "{url}");
    }
}

#[test]
fn other_names_can_be_taken_before_anything_is_done() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    named(&mut driver, "monitoring");
    up_to_the_plan(&mut driver, &mut sap);
    // Someone else's instance with this name.
    assert!(screen(&driver).contains(words(&driver).reuse_row()), "{}", screen(&driver));
    driver.press("n ctrl+u").type_text("another").press("enter");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains("another"), "{}", screen(&driver));
    assert!(screen(&driver).contains(words(&driver).plan_title()));
    assert_eq!(driver.app.session().draft.instance, "another");
}

#[test]
fn roles_that_are_not_offered_here_are_marked_and_can_be_left_out() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("4 /").type_text("SecurityArtifactTransport").press("enter space 5");
    assert!(driver.app.session().draft.parameters.has_role("SecurityArtifactTransport"));
    up_to_the_plan(&mut driver, &mut sap);
    let not_offered = driver.app.session().roles_not_offered();
    assert!(!not_offered.is_empty());
    driver.press("esc 4");
    let here = driver.app.session().content.words.roles().not_here();
    assert!(driver.screen(160, 50).contains(here), "{}", driver.screen(160, 50));
    driver.press("D");
    assert!(driver.app.session().roles_not_offered().is_empty());
    driver.press("5 C");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).plan_title()), "{}", screen(&driver));
}

#[test]
fn the_login_of_the_cf_cli_is_offered_with_its_place_and_used_on_request() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    sap.cf = Some(cf_account());
    driver.press("C");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).as_cf()), "{}", screen(&driver));
    driver.press("enter");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).plan_title()), "{}", screen(&driver));
}

/// The list of instances in the space `dev`.
pub fn instances() -> (Driver, Sap) {
    instances_of(Sap::new(), "enter")
}

/// The list of instances in the space that these keys choose.
pub fn instances_of(mut sap: Sap, space: &str) -> (Driver, Sap) {
    let mut driver = at_create();
    driver.press("I");
    log_in(&mut driver, &mut sap);
    driver.press("enter");
    sap.answers(&mut driver);
    driver.press(space);
    sap.answers(&mut driver);
    (driver, sap)
}

#[test]
fn the_roles_of_an_instance_are_changed_with_the_difference_before() {
    let (mut driver, mut sap) = instances();
    assert!(screen(&driver).contains("monitoring-key"), "{}", screen(&driver));
    driver.press("down U");
    sap.answers(&mut driver);
    assert!(
        screen(&driver).contains(&driver.app.session().content.words.cf().updates_roles("monitoring")),
        "{}",
        screen(&driver)
    );
    driver.press("enter");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).end_done()), "{}", screen(&driver));
}

#[test]
fn a_key_is_rotated_and_the_old_one_goes_only_after_the_new_one_passed() {
    let (mut driver, mut sap) = instances();
    driver.press("down down K");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    assert!(driver.app.session().is_testing(), "{}", screen(&driver));
    let scopes = ["IntegrationOperationServer.read", "NodeManager.read", "Roles.Read"];
    driver.answer(&scopes, |_| crate::driver::ok(1));
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).rotated_title()), "{}", screen(&driver));
    driver.press("down enter");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).end_done()), "{}", screen(&driver));
    driver.press("esc");
    sap.answers(&mut driver);
    let shown = screen(&driver);
    assert!(shown.contains("monitoring-key-2") && !shown.contains("monitoring-key "), "{shown}");
}

#[test]
fn an_instance_is_deleted_only_if_its_name_is_typed() {
    let (mut driver, mut sap) = instances();
    driver.press("down x");
    sap.answers(&mut driver);
    driver.press("enter").type_text("monitorin").press("enter");
    assert!(!driver.app.session().is_making());
    driver.type_text("g").press("enter");
    sap.steps(&mut driver, 3);
    // The message after the wizard is also correct for a deletion.
    assert!(spoken(&driver.app).contains(words(&driver).leave_deletion_safely()), "{}", screen(&driver));
    assert!(!spoken(&driver.app).contains(words(&driver).leave_safely()), "{}", screen(&driver));
    driver.press("esc");
    assert!(spoken(&driver.app).contains(words(&driver).stop_deletion_text()), "{}", spoken(&driver.app));
    driver.press("esc");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).end_done()), "{}", screen(&driver));
    driver.press("esc");
    sap.answers(&mut driver);
    assert!(!screen(&driver).contains("monitoring"), "{}", screen(&driver));
}

/// The pictures of creation.
pub fn pictures_of_the_way() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("C");
    picture("cloud_ways", &driver);
    sap.cf = Some(cf_account());
    sap.answers(&mut driver);
    picture("cloud_ways_cf", &driver);
    driver.press("down");
    driver.press("enter");
    picture("cloud_asking", &driver);
    sap.answers(&mut driver);
    driver.paste("0123456789");
    picture("cloud_passcode", &driver);
    driver.press("enter");
    sap.answers(&mut driver);
    picture("cloud_passcode_refused", &driver);
    driver.press("esc down enter");
    sap.answers(&mut driver);
    picture("cloud_password", &driver);
    driver.press("esc down enter");
    picture("cloud_address", &driver);
    driver.press("esc home down enter");
    sap.answers(&mut driver);
    let passcode = sap.passcode();
    driver.paste(&passcode).press("enter");
    sap.answers(&mut driver);
    picture("cloud_orgs", &driver);
    driver.press("/").type_text("sus");
    picture("cloud_orgs_filtered", &driver);
    driver.press("enter");
    picture("cloud_org_suspended", &driver);
    driver.press("esc home enter");
    sap.answers(&mut driver);
    picture("cloud_spaces", &driver);
    driver.press("enter");
    sap.steps(&mut driver, 1);
    picture("cloud_looking", &driver);
    sap.answers(&mut driver);
    picture("cloud_plan", &driver);
    driver.press("n");
    picture("cloud_names", &driver);
    driver.press("esc enter");
    sap.steps(&mut driver, 5);
    picture("cloud_doing", &driver);
    driver.press("esc");
    picture("cloud_stop", &driver);
    driver.press("y");
    sap.stop(&mut driver);
    picture("cloud_stopped", &driver);
}

/// The pictures of failures.
pub fn pictures_of_refusals() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    named(&mut driver, "will-fail");
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.answers(&mut driver);
    picture("cloud_failed", &driver);
    driver.press("r");
    sap.answers(&mut driver);
    picture("cloud_plan_again", &driver);

    let (mut driver, mut sap) = (at_create(), Sap::new());
    named(&mut driver, "monitoring");
    up_to_the_plan(&mut driver, &mut sap);
    picture("cloud_unknown", &driver);

    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("4 N /").type_text("SecurityArtifactTransport").press("enter space 5");
    up_to_the_plan(&mut driver, &mut sap);
    picture("cloud_role_not_offered", &driver);
    driver.press("esc 4");
    picture("roles_offered_here", &driver);

    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("C down down enter ctrl+u").type_text("https://api.cf.example.com").press("enter");
    driver.press("enter");
    sap.answers(&mut driver);
    picture("cloud_foreign", &driver);
    driver.press("esc enter y");
    driver.report(JobEvent::Cloud(CloudEvent::Login(Err(Finding::cf(FindingCode::NameNotFound)))));
    picture("cloud_unreachable", &driver);

    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("C");
    log_in(&mut driver, &mut sap);
    driver.press("down enter");
    sap.answers(&mut driver);
    picture("cloud_no_space", &driver);

    let (mut driver, mut sap) = (at_create(), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.steps(&mut driver, 4);
    driver.press("esc y");
    picture("cloud_stopping", &driver);
    sap.stop(&mut driver);
    driver.press("r");
    sap.access.clear();
    sap.answers(&mut driver);
    picture("cloud_session_ended", &driver);
}

/// The pictures of instances and keys.
pub fn pictures_of_instances() {
    let (mut driver, mut sap) = instances();
    picture("instances", &driver);
    driver.press("A");
    sap.answers(&mut driver);
    driver.press("end");
    picture("instances_of_all_spaces", &driver);
    driver.press("A home");
    sap.answers(&mut driver);
    driver.press("down down");
    picture("instances_key", &driver);
    driver.press("K");
    sap.answers(&mut driver);
    picture("instances_rotate", &driver);
    driver.press("enter");
    sap.answers(&mut driver);
    picture("instances_rotate_testing", &driver);
    let scopes = ["IntegrationOperationServer.read", "NodeManager.read", "Roles.Read"];
    driver.answer(&scopes, |_| crate::driver::ok(1));
    sap.answers(&mut driver);
    picture("instances_rotated", &driver);
    driver.press("down enter");
    sap.answers(&mut driver);
    picture("instances_rotated_done", &driver);
    driver.press("esc");
    sap.answers(&mut driver);
    driver.press("home down U");
    sap.answers(&mut driver);
    picture("instances_update", &driver);
    driver.press("enter");
    sap.answers(&mut driver);
    picture("instances_updated", &driver);
    driver.press("esc");
    sap.answers(&mut driver);
    // The labels set by cpikey contain the roles, which are shown as a difference.
    driver.press("4 down space down space down down down down down space I");
    sap.answers(&mut driver);
    driver.press("home down U");
    sap.answers(&mut driver);
    picture("instances_difference", &driver);
    driver.press("esc");
    sap.answers(&mut driver);
    driver.press("home down x");
    sap.answers(&mut driver);
    picture("instances_delete", &driver);
    driver.press("enter").type_text("mon");
    picture("instances_delete_typed", &driver);
    driver.type_text("itoring").press("enter");
    sap.answers(&mut driver);
    picture("instances_deleted", &driver);

    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("I");
    picture("instances_ways", &driver);
    log_in(&mut driver, &mut sap);
    driver.press("end up enter");
    sap.answers(&mut driver);
    picture("instances_none", &driver);

    let (mut driver, mut sap) = instances();
    driver.press("down down K");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    driver.answer_fault(Finding::new(FindingCode::BadCredentials, Stage::Token));
    sap.answers(&mut driver);
    picture("instances_rotation_fails", &driver);

    let foreign = Sap::with(Config::new("https://keys.example.com", API, Pace::Looks(2), NOW));
    let (mut driver, mut sap) = instances_of(foreign, "enter");
    driver.press("down down K");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    picture("instances_rotation_asks", &driver);
    driver.press("esc");
    picture("instances_rotation_waits", &driver);
}
