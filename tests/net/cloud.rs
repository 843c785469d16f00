//! The port with faults behaves as configured.

use cpikey::practice::{
    Latency, Practice,
    cf::{Config, Pace, Request, Response},
};
use hyper::Method;
use serde_json::{Value, json};

use super::support::{
    cloud::{Cloud, Fault, forward, say},
    content,
};

const TOKEN: &str = "POST /uaa/oauth/token";
const SPACES: &str = "GET /v3/spaces";

struct Person<'a> {
    cloud: &'a Cloud,
    access: String,
    refresh: String,
}

impl<'a> Person<'a> {
    fn new(cloud: &'a Cloud) -> Self {
        let mut person = Self { cloud, access: String::new(), refresh: String::new() };
        let answer = person.log_in(&format!("grant_type=password&passcode={}", cloud.passcode()));
        assert_eq!(answer.status, 200, "{}", answer.body);
        person
    }

    fn send(&self, name: &str, authorization: String, body: &str) -> Response {
        let (method, path) = name.split_once(' ').unwrap();
        let request = Request {
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            path_and_query: path.to_owned(),
            authorization: Some(authorization),
            accept: None,
            body: body.to_owned(),
        };
        forward(self.cloud.address, &request)
    }

    /// Requests tokens, and stores them.
    fn log_in(&mut self, form: &str) -> Response {
        let answer = self.send(TOKEN, "Basic Y2Y6".to_owned(), form);
        let tokens: Value = serde_json::from_str(&answer.body).unwrap();
        for (kept, name) in [(&mut self.access, "access_token"), (&mut self.refresh, "refresh_token")] {
            tokens[name].as_str().unwrap_or(kept).to_owned().clone_into(kept);
        }
        answer
    }

    fn refresh(&mut self) -> Response {
        self.log_in(&format!("grant_type=refresh_token&refresh_token={}", self.refresh))
    }

    fn ask(&self, name: &str) -> Response {
        self.send(name, format!("bearer {}", self.access), "")
    }
}

fn cloud() -> Cloud {
    Cloud::around(&content(), |here| Config::new("http://127.0.0.1:1", here, Pace::Looks(2), std::time::Duration::ZERO))
}

/// Whether the connection was closed without a response.
fn breaks_off(person: &Person, name: &str, body: &str) -> bool {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(person.cloud.address).unwrap();
    let (token, length) = (&person.access, body.len());
    write!(stream, "{name} HTTP/1.1\r\nAuthorization: bearer {token}\r\nContent-Length: {length}\r\n\r\n{body}")
        .unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer.is_empty()
}

#[test]
fn an_answer_is_lost_after_or_before_the_work_is_done() {
    let cloud = cloud();
    let person = Person::new(&cloud);
    let resources = |answer: &Response| {
        let list: Value = serde_json::from_str(&answer.body).unwrap();
        list["resources"][0]["guid"].as_str().unwrap().to_owned()
    };
    let instance = resources(&person.ask("GET /v3/service_instances?names=monitoring"));
    let path = format!("PATCH /v3/service_instances/{instance}");
    let labels = |person: &Person| {
        let shown: Value = serde_json::from_str(&person.ask(&path.replace("PATCH", "GET")).body).unwrap();
        shown["metadata"]["labels"].clone()
    };
    let body = json!({"metadata": {"labels": {"a": "b"}}}).to_string();
    cloud.once("PATCH /v3/service_instances/*", Fault::Drop);
    assert!(breaks_off(&person, &path, &body));
    assert_eq!(labels(&person), json!({}));
    cloud.once("PATCH /v3/service_instances/*", Fault::LoseAnswer);
    assert!(breaks_off(&person, &path, &body));
    assert_eq!(labels(&person), json!({"a": "b"}));
    assert_eq!(cloud.changes().len(), 2);
}

#[test]
fn a_fault_comes_at_its_number_or_always_until_it_is_healed() {
    let cloud = cloud();
    let person = Person::new(&cloud);
    cloud.nth(2, SPACES, Fault::Answer(say::rate_limited(3)));
    let statuses: Vec<u16> = (0..3).map(|_| person.ask(SPACES).status).collect();
    assert_eq!(statuses, [200, 429, 200]);
    cloud.always("* **", Fault::Answer(say::bad_gateway()));
    assert_eq!((person.ask(SPACES).status, person.ask("GET /v3/organizations").status), (502, 502));
    cloud.heal();
    assert_eq!(person.ask(SPACES).status, 200);
    assert_eq!(cloud.count(SPACES), 5);
    let limited = say::rate_limited(3);
    assert_eq!((limited.header("retry-after"), limited.status), (Some("3"), 429));
    assert!(limited.header("content-type").unwrap().starts_with("text/plain"));
}

#[test]
fn tokens_die_and_others_take_their_place() {
    let cloud = cloud();
    let mut person = Person::new(&cloud);
    cloud.once(SPACES, Fault::ExpireToken);
    assert_eq!((person.ask(SPACES).status, person.ask(SPACES).status), (401, 401));
    assert_eq!((person.refresh().status, person.ask(SPACES).status), (200, 200));
    let first = person.refresh.clone();
    cloud.once("POST /uaa/oauth/token refresh_token", Fault::OtherRefreshToken);
    assert_eq!(person.refresh().status, 200);
    let second = std::mem::replace(&mut person.refresh, first.clone());
    assert_ne!(second, first);
    assert_eq!(person.refresh().status, 401);
    person.refresh = second;
    assert_eq!((person.refresh().status, person.ask(SPACES).status), (200, 200));
    cloud.once(SPACES, Fault::EndSession);
    assert_eq!((person.ask(SPACES).status, person.refresh().status, person.ask(SPACES).status), (401, 401, 401));
    let person = Person::new(&cloud);
    assert_eq!(person.ask(SPACES).status, 200);
}

#[test]
fn in_front_of_a_practice_tenant_all_links_lead_back_and_answers_can_stand_still() {
    let practice = Practice::start_on_own_thread(&content(), Latency::None).unwrap();
    let cloud = Cloud::before(&practice);
    let person = Person::new(&cloud);
    let root = person.ask("GET /").body;
    assert!(root.contains(&cloud.url()) && !root.contains(&practice.cloud_foundry().to_string()), "{root}");
    cloud.always(SPACES, Fault::Repeat);
    let first = person.ask(SPACES);
    assert_eq!(person.ask(SPACES), first);
    cloud.heal();
    cloud.once(SPACES, Fault::Change(Box::new(|response| response.status = 418)));
    assert_eq!(person.ask(SPACES).status, 418);
}
