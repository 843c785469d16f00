//! Responses of Cloud Foundry: whatever they are, nothing is changed before consent, no old key is deleted before the
//! new one was delivered, every run ends, and no credentials are shown.

use std::time::Duration;

use cpikey::domain::{
    cf::{
        call::{Method, Reply, Response},
        cf_cli,
        goal::{Create, Goal, Options, Rotate, Update, WantedKey, all_parameters},
        kept::KeptLogin,
        login::{self, Credentials},
        offer,
        place::{self, Organization, Place, Space},
        resource,
        run::{Ask, Event, Run},
    },
    finding::{Finding, FindingCode},
    sap::{key_parameters::KeyParameters, parameters::InstanceParameters, plan::PlanId},
    text::{safe_text::SafeText, secret::Secret},
};

use super::{SECRET, assert_harmless, assert_told, canary::Canaries, parts, text};

/// No run sends more requests for the few responses of an input.
const MOST: usize = 400;

/// The goal, then responses. The last one is repeated.
pub fn run(data: &[u8]) {
    let parts = parts(data);
    let Some((kind, answers)) = parts.split_first() else { return };
    match *kind {
        b"login" => answers.iter().for_each(|answer| log_in(&response(answer))),
        b"lists" => answers.iter().for_each(|answer| lists(&response(answer))),
        b"file" => answers.iter().for_each(|text| file(text)),
        kind => walk(goal(kind), kind, answers),
    }
}

/// `201 /v3/jobs/1 {"guid": ..}`: status, `Location` or a hyphen, body.
fn response(part: &[u8]) -> Response {
    let text = text(part);
    let mut words = text.splitn(3, ' ');
    let status = words.next().and_then(|word| word.parse().ok()).unwrap_or(200);
    let location = words.next().filter(|word| *word != "-").map(str::to_owned);
    let body = words.next().unwrap_or_default();
    Response {
        status,
        location,
        retry_after: (status == 429).then_some(Duration::from_secs(1)),
        request_id: Some(SafeText::line("id")),
        body: Secret::new(body),
    }
}

fn secret() -> Canaries {
    Canaries::new([("the secret", SECRET)])
}

fn log_in(response: &Response) {
    let canaries = secret();
    if let Err(finding) = login::read_servers(response) {
        assert_told(&[finding], &Canaries::new([]), "the servers");
    }
    let password = Credentials::Password { user: "dev".into(), password: Secret::new(SECRET), origin: None };
    for sent in [Credentials::Passcode(Secret::new(SECRET)), password, Credentials::Refresh(Secret::new(SECRET))] {
        match login::read_tokens(&sent, response) {
            Ok(tokens) => {
                for shown in [&tokens.user, &tokens.origin].into_iter().flatten() {
                    assert_harmless(shown.as_str(), "the user");
                }
                assert!(!format!("{tokens:?}").contains(tokens.access.expose()) || tokens.access.expose().len() < 40);
            }
            Err(finding) => assert_told(&[finding], &canaries, "the login"),
        }
    }
}

fn lists(response: &Response) {
    let organizations = place::read_organizations(response);
    let spaces = place::read_spaces(response);
    let refused = [
        organizations.and_then(|page| place::choose_organization(page.entries, Some("practice")).err()),
        spaces.and_then(|page| place::choose_space(page.entries, None).err()),
        offer::read_offers(response).and_then(|offers| offer::choose(&offers, PlanId::Api, None).err()),
    ];
    for finding in refused.into_iter().flatten() {
        assert_told(&[finding], &Canaries::new([]), "a list");
    }
    if let Some(page) = resource::read_instances(response) {
        page.entries.iter().for_each(|listed| assert_harmless(listed.instance.shown().as_str(), "an instance"));
    }
    let _ = (resource::read_instance(response), resource::read_keys(response), resource::read_key(response));
}

fn file(text: &[u8]) {
    match cf_cli::read(text) {
        Ok(login) => {
            let canaries = Canaries::new([("the refresh token", login.refresh_token.expose())]);
            let public = format!("{} {:?} {:?} {:?}", login.api, login.org, login.space, login.user);
            if canaries.find(public.as_bytes()).is_none() {
                canaries.assert_absent(format!("{login:?}").as_bytes(), "the debug form");
            }
        }
        Err(finding) => assert_told(&[finding], &Canaries::new([]), "the file of cf"),
    }
    if let Some(login) = KeptLogin::read(text) {
        assert_eq!(KeptLogin::read(&login.to_bytes()), Some(login));
    }
}

fn goal(kind: &[u8]) -> Goal {
    let key = |name: &str| WantedKey::new(name, &KeyParameters::default());
    let parameters = all_parameters(
        &InstanceParameters::new(PlanId::Api).with_roles(["MonitoringDataRead", "WorkspacePackagesRead"]),
    );
    let instance = "cpi-api".to_owned();
    match kind {
        b"update" => Goal::Update(Update { instance, plan: PlanId::Api, parameters }),
        b"rotate" => Goal::Rotate(Rotate { instance, old: "old".into(), new: key("new"), keep_old: false }),
        b"delete-instance" => Goal::DeleteInstance { instance },
        b"delete-key" => Goal::DeleteKey { instance, key: "old".into() },
        _ => Goal::Create(Create {
            instance,
            plan: PlanId::Api,
            broker: None,
            parameters,
            key: key("new"),
            reuse: false,
        }),
    }
}

fn walk(goal: Goal, kind: &[u8], answers: &[&[u8]]) {
    let name = |name: &str| name.to_owned();
    let place = Place {
        api: name("https://api.cf.eu10-004.hana.ondemand.com"),
        org: Organization { guid: name("o"), name: name("practice"), is_suspended: false },
        space: Space { guid: name("s"), name: name("dev") },
    };
    let mut run = Run::new(goal, place, Options { wait: Duration::from_secs(60), ..Options::default() });
    let mut answers = answers.iter();
    let (mut last, mut confirmed, mut handed_over): (&[u8], _, _) = (b"500 - ", false, false);
    for _ in 0..MOST {
        let event = match run.ask() {
            Ask::Nothing => break,
            Ask::Wait(_) => Event::Waited,
            Ask::Confirm => {
                assert!(!confirmed, "asked twice");
                confirmed = true;
                Event::Confirmed
            }
            Ask::Test => {
                let passed = answers.len() % 2 == 0;
                Event::Tested { passed, may_pass_later: !passed && answers.len() % 3 == 0 }
            }
            Ask::HandOver => {
                assert!(run.credentials().is_some(), "there is nothing to hand over");
                handed_over = true;
                Event::HandedOver(answers.len() % 5 != 4)
            }
            Ask::Send(call) => {
                assert!(call.only_reads() || confirmed, "{call:?} without consent");
                let deletes = call.method == Method::Delete;
                assert!(!deletes || kind != b"rotate" || handed_over, "{call:?} before the new key was handed over");
                last = answers.next().unwrap_or(&last);
                match last {
                    b"lost" => Event::Reply(Reply::Lost(Finding::cf(FindingCode::BrokenOff))),
                    b"ended" => Event::Reply(Reply::SessionEnded(Finding::cf(FindingCode::CfSessionEnded))),
                    b"stop" => Event::Stopped,
                    answer => Event::Reply(Reply::Answer(response(answer))),
                }
            }
        };
        run.step(event);
    }
    assert_shown(&run);
    if run.end().is_none() {
        run.step(Event::Stopped);
        // The changes requested from the platform are reported; the run is over.
        assert!(matches!(run.ask(), Ask::Nothing) || run.end().is_some(), "it does not let itself be stopped");
    }
}

fn assert_shown(run: &Run) {
    let credentials = run.credentials().map(|secret| secret.expose().to_owned()).unwrap_or_default();
    // Names of other things in the same response are not secrets.
    let is_of_corpus = credentials.contains(SECRET);
    let canaries = if is_of_corpus { secret() } else { Canaries::new([]) };
    for row in run.rows() {
        assert_harmless(row.name.as_str(), "a row");
        canaries.assert_absent(format!("{row:?}").as_bytes(), "a row");
    }
    for thing in run.exists() {
        assert_harmless(&cpikey::domain::cf::describe::existing(thing, cpikey::words::Words::default()), "what exists");
    }
    assert_told(run.remarks(), &canaries, "a remark");
    if let Some(end) = run.end() {
        assert_told(&end.findings, &canaries, "the end");
    }
    for item in &run.plan().items {
        let text = cpikey::domain::cf::describe::item(item, run.goal(), cpikey::words::Words::default());
        assert_harmless(&text, "the plan");
    }
}
