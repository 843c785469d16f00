//! Keys with a certificate, end to end: created, read, presented to the token server, written, rotated. The practice
//! tenant uses plain HTTP and issues none, so TLS servers run in front of it.

use std::{
    fs,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use cpikey::practice::cf::Request;
use hyper::Method;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{
    DEV, Done, World,
    support::{
        cloud::{Cloud, Fault, forward},
        server::{Asked, Canned, Server},
        tls::{Authority, BOTH, Identity, client, config, server},
    },
};

/// What happened to the keys.
#[derive(Default)]
struct Keys {
    /// The parameters with which each was requested.
    asked: Vec<Value>,
    /// The issued certificates.
    given: Vec<Identity>,
}

/// A TLS landscape in front of the practice tenant.
struct Secure {
    world: World,
    cloud: Arc<Cloud>,
    keys: Arc<Mutex<Keys>>,
    api: Server,
    token: Server,
    _runtime: Runtime,
}

impl Secure {
    fn new() -> Self {
        let world = World::new();
        let cloud = Arc::new(Cloud::before(&world.practice));
        let keys = Arc::new(Mutex::new(Keys::default()));
        let authority = Authority::new("Authority of the landscape");
        fs::write(world.path("ca.pem"), authority.pem()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
        let identity = authority.sign(&server("localhost"));
        let tenant = |asked: &Asked| if asked.path == "/oauth/token" { Canned::token() } else { Canned::entries() };
        let (api, token) = runtime.block_on(async {
            let token = Server::https(config(&identity, BOTH, Some(&authority)), tenant).await;
            let tenant = Server::https(config(&identity, BOTH, None), tenant).await;
            let (behind, keys) = (cloud.address, Arc::clone(&keys));
            let (token_url, tenant_url) = (token.token_url(), tenant.url());
            // The tenant must live as long as the API in front of it.
            let api = Server::https(config(&identity, BOTH, None), move |asked| {
                let _ = &tenant;
                let mut keys = keys.lock().unwrap();
                answer(asked, behind, &mut keys, &authority, &token_url, &tenant_url)
            })
            .await;
            (api, token)
        });
        Self { world, cloud, keys, api, token, _runtime: runtime }
    }

    fn run(&self, arguments: &[&str]) -> Done {
        let (api, (command, rest)) = (self.api.url(), arguments.split_first().unwrap());
        let place = [*command, "--api", &api, "--passcode-stdin", "--ca-file", "ca.pem"];
        let arguments = [&place, rest, &["--yes", "--json"], &DEV].concat();
        self.world.raw(&arguments, &format!("{}\n", self.world.practice.passcode()))
    }
}

/// Forwards a request, and adds a certificate to keys that were requested with one.
fn answer(asked: &Asked, behind: SocketAddr, keys: &mut Keys, authority: &Authority, token: &str, api: &str) -> Canned {
    let header = |name: &str| asked.header(name).map(str::to_owned);
    let here = format!("https://{}", asked.header("host").unwrap_or_default());
    let mut body = asked.body.clone();
    if asked.method == "POST" && asked.path == "/v3/service_credential_bindings" {
        let mut wanted: Value = serde_json::from_str(&body).unwrap();
        keys.asked.push(wanted["parameters"].take());
        wanted["parameters"] = json!({});
        body = wanted.to_string();
    }
    let request = Request {
        method: Method::from_bytes(asked.method.as_bytes()).unwrap(),
        path_and_query: asked.path.clone(),
        authorization: header("authorization"),
        accept: header("accept"),
        body,
    };
    let answer = forward(behind, &request);
    let mut text = answer.body.replace(&format!("http://{behind}"), &here);
    if asked.path.ends_with("/details") && answer.status == 200 {
        let mut details: Value = serde_json::from_str(&text).unwrap();
        let identity = authority.sign(&client("sb-client"));
        let oauth = &mut details["credentials"]["oauth"];
        oauth.as_object_mut().unwrap().remove("clientsecret");
        oauth["certificate"] = json!(identity.pem);
        oauth["key"] = json!(identity.key_pem);
        oauth["tokenurl"] = json!(token);
        oauth["url"] = json!(api);
        keys.given.push(identity);
        text = details.to_string();
    }
    let canned = Canned::new(answer.status, text);
    match answer.header("location") {
        Some(location) => canned.header("location", location.replace(&format!("http://{behind}"), &here)),
        None => canned,
    }
}

#[test]
fn a_certificate_key_is_asked_for_read_tested_with_its_certificate_written_and_rotated() {
    let secure = Secure::new();
    let create = ["create", "--role", "MonitoringDataRead", "--instance", "cpi-c", "--key", "k"];
    let kind = ["--key-type", "certificate", "--validity", "30", "--key-length", "4096"];
    let made = secure.run(&[&create[..], &kind, &["--output", "key.json"]].concat());
    assert_eq!((made.status, &made.json()["outcome"]), (0, &json!("done")), "{} {}", made.stdout, made.stderr);
    let report = made.json();
    assert_eq!((&report["test"]["verdict"], &report["findings"]), (&json!("ready"), &json!([])));
    assert_eq!(report["test"]["key"]["type"], "certificate");
    let asked = secure.keys.lock().unwrap().asked.clone();
    assert_eq!(asked, [json!({"key-type": "certificate", "validity": 30, "key-length": 4096})]);
    // The token server accepted the certificate, and no secret was sent.
    let tokens = secure.token.asked();
    assert!(!tokens.is_empty() && tokens.iter().all(|one| !one.body.contains("client_secret")), "{tokens:?}");
    let written = fs::read_to_string(secure.world.path("key.json")).unwrap();
    assert!(written.contains("BEGIN CERTIFICATE") && written.contains("PRIVATE KEY"));
    let private_key = secure.keys.lock().unwrap().given[0].key_pem.clone();
    let line = private_key.lines().nth(1).unwrap();
    assert!(!made.stdout.contains(line) && !made.stderr.contains(line));

    let rotate = ["rotate", "--instance", "cpi-c", "--key", "k", "--key-type", "certificate", "--output", "new.json"];
    let rotated = secure.run(&rotate);
    assert_eq!((rotated.status, &rotated.json()["outcome"]), (0, &json!("done")), "{}", rotated.stderr);
    assert_eq!((&rotated.json()["test"]["verdict"], &rotated.json()["findings"]), (&json!("ready"), &json!([])));
    assert_eq!(secure.keys.lock().unwrap().asked[1]["key-type"], "certificate");
    assert_eq!(secure.world.keys_of("cpi-c").unwrap(), ["k-2"]);
}

#[test]
fn a_rotation_to_a_certificate_that_is_cut_short_goes_on_with_the_same_type() {
    let secure = Secure::new();
    let create =
        ["create", "--role", "MonitoringDataRead", "--instance", "cpi-c", "--key", "k", "--output", "key.json"];
    assert_eq!(secure.run(&[&create[..], &["--no-test"]].concat()).status, 0);
    let rotate = ["rotate", "--instance", "cpi-c", "--key", "k", "--key-type", "certificate", "--output", "new.json"];
    secure.cloud.always("GET /v3/service_credential_bindings/*/details", Fault::EndSession);
    let cut = secure.run(&rotate);
    assert_eq!(cut.status, 6, "{} {}", cut.stdout, cut.stderr);
    let next = cut.json()["next"].as_str().unwrap().to_owned();
    assert!(next.contains("--type certificate") && next.contains("--ca-file ca.pem"), "{next}");
    secure.cloud.heal();
    let done = secure.run(&rotate);
    assert_eq!((done.status, &done.json()["outcome"]), (0, &json!("done")), "{}", done.stderr);
    assert_eq!(secure.world.keys_of("cpi-c").unwrap(), ["k-2"]);
}

#[test]
fn an_api_with_an_unknown_certificate_gets_nothing_although_cf_was_told_to_skip_the_check() {
    let secure = Secure::new();
    secure.world.log_in_with_cf(&json!({"Target": secure.api.url(), "SSLDisabled": true}));
    let done = secure.world.raw(&["instances", "--cf", "--json"], "");
    assert_eq!((done.status, done.codes()[0].as_str()), (4, "tls-unknown-authority"), "{}", done.stdout);
    assert!(secure.api.asked().is_empty());
    let done = secure.world.raw(&["instances", "--cf", "--json", "--ca-file", "ca.pem"], "");
    assert_eq!((done.status, done.codes()), (0, vec!["cf-tls-check-off".to_owned()]), "{}", done.stderr);
}

#[test]
fn the_practice_tenant_says_that_it_makes_no_keys_with_a_certificate() {
    let world = World::new();
    let kind = ["create", "--instance", "cpi-c", "--key", "k", "--key-type", "certificate", "--output", "key.json"];
    let done = world.dev(&[&kind[..], &["--yes", "--json"]].concat());
    assert_eq!((done.status, done.codes()[0].as_str()), (6, "cf-broker-failed"), "{}", done.stderr);
    let said = done.json()["findings"][0]["evidence"].as_str().unwrap().to_owned();
    assert!(said.contains("client_id_secret only"), "{said}");
}
