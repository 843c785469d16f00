//! Drives a run against the model, with faults where a test wants them. Time passes only in the waits that the run
//! requests.

use std::time::Duration;

use cpikey::domain::{
    cf::{
        call::{Call, Method, Reply, Response},
        goal::{Create, Goal, Options, Rotate, Update, WantedKey, all_parameters},
        place::{Organization, Place, Space},
        run::{Ask, Event, Run},
    },
    finding::{Finding, FindingCode, Stage},
    sap::{key_parameters::KeyParameters, parameters::InstanceParameters, plan::PlanId},
    text::{safe_text::SafeText, secret::Secret},
};

use crate::person::{BASE, Person, config};

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It is performed, and the response is lost.
    LoseAnswer,
    /// It does not arrive.
    Drop,
    /// Another response is returned; nothing is done.
    Answer(Answer),
    /// It is performed, and another response is returned.
    DoneBut(Answer),
    /// The login has ended.
    SessionEnds,
}

/// A response that the model never returns.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<u64>,
    pub body: String,
}

impl Answer {
    pub fn new(status: u16, body: &str) -> Self {
        Self { status, retry_after: None, body: body.to_owned() }
    }

    /// An error in the API's form.
    pub fn error(status: u16, code: u32, detail: &str) -> Self {
        let body = serde_json::json!({"errors": [{"code": code, "title": "CF-Error", "detail": detail}]});
        Self::new(status, &body.to_string())
    }
}

/// What happens to the request of that number.
type Faults = Box<dyn FnMut(usize, &Call) -> Option<Fault>>;

/// The API with faults.
pub struct Api {
    pub person: Person,
    pub fault: Faults,
    /// The requests so far, including lost ones.
    pub sent: Vec<Call>,
    /// The pauses so far.
    pub pauses: Vec<Duration>,
}

impl Api {
    pub fn new() -> Self {
        Self::of(Person::new())
    }

    pub fn of(person: Person) -> Self {
        Self { person, fault: Box::new(|_, _| None), sent: Vec::new(), pauses: Vec::new() }
    }

    pub fn with(fault: impl FnMut(usize, &Call) -> Option<Fault> + 'static) -> Self {
        Self { fault: Box::new(fault), ..Self::new() }
    }

    /// The requests that change something.
    pub fn changes(&self) -> Vec<(Method, &str)> {
        let changing = self.sent.iter().filter(|call| !call.only_reads());
        changing.map(|call| (call.method, call.path.as_str())).collect()
    }

    fn reply(&mut self, call: &Call) -> Reply {
        let fault = (self.fault)(self.sent.len(), call);
        self.sent.push(call.clone());
        let lost = || Reply::Lost(Finding::new(FindingCode::BrokenOff, Stage::CloudFoundry));
        match fault {
            None => Reply::Answer(self.perform(call)),
            Some(Fault::LoseAnswer) => {
                self.perform(call);
                lost()
            }
            Some(Fault::Drop) => lost(),
            Some(Fault::Answer(answer)) => Reply::Answer(response(answer)),
            Some(Fault::DoneBut(answer)) => {
                self.perform(call);
                Reply::Answer(response(answer))
            }
            Some(Fault::SessionEnds) => {
                Reply::SessionEnded(Finding::new(FindingCode::CfSessionEnded, Stage::CloudFoundry))
            }
        }
    }

    fn perform(&mut self, call: &Call) -> Response {
        let path = call.path.strip_prefix(BASE).unwrap_or(&call.path);
        let answer = self.person.ask(call.method.as_str(), path, call.body.as_ref());
        Response {
            status: answer.status,
            location: answer.header("location").map(str::to_owned),
            retry_after: None,
            request_id: answer.header("x-vcap-request-id").map(SafeText::line),
            body: Secret::new(answer.body),
        }
    }

    /// Instances and keys of these names in the space `dev`, with how many of each there are.
    pub fn there(&mut self, instance: &str, key: &str) -> (usize, usize) {
        let space = self.person.space("practice", "dev");
        let path = format!("/v3/service_instances?names={instance}&space_guids={space}");
        let instances = self.person.list(&path);
        let ready = |one: &&serde_json::Value| one["last_operation"]["state"] == "succeeded";
        let guids: Vec<String> =
            instances.iter().filter(ready).map(|one| one["guid"].as_str().unwrap().to_owned()).collect();
        let keys = guids.iter().map(|guid| {
            let path = format!("/v3/service_credential_bindings?type=key&names={key}&service_instance_guids={guid}");
            self.person.list(&path).iter().filter(ready).count()
        });
        let keys = keys.sum();
        (instances.len(), keys)
    }

    /// Where everything happens.
    pub fn place(&mut self) -> Place {
        self.place_of("practice", "dev")
    }

    pub fn place_of(&mut self, org: &str, space: &str) -> Place {
        let org_guid = self.person.guid(&format!("/v3/organizations?names={org}"));
        let guid = self.person.space(org, space);
        Place {
            api: BASE.to_owned(),
            org: Organization { guid: org_guid, name: org.to_owned(), is_suspended: false },
            space: Space { guid, name: space.to_owned() },
        }
    }
}

fn response(answer: Answer) -> Response {
    Response {
        status: answer.status,
        location: None,
        retry_after: answer.retry_after.map(Duration::from_secs),
        request_id: None,
        body: Secret::new(answer.body),
    }
}

/// The actions of the user and of the parts outside the run.
#[derive(Clone, Debug)]
pub struct Behaviour {
    pub confirms: bool,
    /// The outcomes of the tests, in order: passed, may pass later. After the last all pass.
    pub tests: Vec<(bool, bool)>,
    pub takes_key: bool,
    /// After how many events the user stops.
    pub stops_after: Option<usize>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { confirms: true, tests: Vec::new(), takes_key: true, stops_after: None }
    }
}

/// A run to its end.
pub fn drive(run: &mut Run, api: &mut Api, person: &Behaviour) {
    let mut tests = person.tests.iter();
    for events in 0.. {
        assert!(events < 5_000, "the run does not end: {:?}", run.ask());
        if person.stops_after == Some(events) {
            run.step(Event::Stopped);
        }
        let event = match run.ask() {
            Ask::Send(call) => Event::Reply(api.reply(&call)),
            Ask::Wait(pause) => {
                api.pauses.push(pause);
                api.person.now += pause;
                Event::Waited
            }
            Ask::Confirm if person.confirms => Event::Confirmed,
            Ask::Confirm => Event::Stopped,
            Ask::Test => {
                let (passed, may_pass_later) = tests.next().copied().unwrap_or((true, false));
                Event::Tested { passed, may_pass_later }
            }
            Ask::HandOver => Event::HandedOver(person.takes_key),
            Ask::Nothing => return,
        };
        run.step(event);
    }
}

/// What the tests create: `new` with the key `new-key`.
pub fn creates(instance: &str) -> Goal {
    Goal::Create(Create {
        instance: instance.to_owned(),
        plan: PlanId::Api,
        broker: None,
        parameters: parameters(&["MonitoringDataRead"]),
        key: key("new-key"),
        reuse: false,
    })
}

pub fn key(name: &str) -> WantedKey {
    WantedKey::new(name, &KeyParameters::default())
}

pub fn parameters(roles: &[&str]) -> serde_json::Value {
    all_parameters(&InstanceParameters::new(PlanId::Api).with_roles(roles.iter().copied()))
}

pub fn updates(instance: &str, roles: &[&str]) -> Goal {
    Goal::Update(Update { instance: instance.to_owned(), plan: PlanId::Api, parameters: parameters(roles) })
}

pub fn rotates(instance: &str, old: &str, new: &str) -> Goal {
    Goal::Rotate(Rotate { instance: instance.to_owned(), old: old.to_owned(), new: key(new), keep_old: false })
}

/// The same run from start to end, with a user who confirms everything.
pub fn through(goal: Goal, api: &mut Api) -> Run {
    through_with(goal, api, &Behaviour::default())
}

pub fn through_with(goal: Goal, api: &mut Api, person: &Behaviour) -> Run {
    let mut run = Run::new(goal, api.place(), Options::default());
    drive(&mut run, api, person);
    run
}

/// The codes of the findings at the end.
pub fn codes(run: &Run) -> Vec<FindingCode> {
    run.end().unwrap().findings.iter().map(|finding| finding.code).collect()
}

/// Whether this is the request that creates an instance.
pub fn makes_instance(call: &Call) -> bool {
    call.method == Method::Post && call.path == "/v3/service_instances"
}

/// Whether this is the request that creates a key.
pub fn makes_key(call: &Call) -> bool {
    call.method == Method::Post && call.path == "/v3/service_credential_bindings"
}

/// A model whose parameters can be read.
pub fn readable() -> Api {
    Api::of(Person::with(cpikey::practice::cf::Config { retrievable: true, ..config() }))
}
