//! Many systems: the real program and a local server that counts and delays requests.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
};

use crate::{harness::Home, key_directory};

/// What the server observed.
#[derive(Default)]
struct Seen {
    /// Token requests that are being answered, by host.
    now: HashMap<String, usize>,
    /// The maximum at a time, and the maximum per host.
    most: usize,
    most_at_one: usize,
    answered: usize,
}

/// The condition for answering a token request.
#[derive(Clone, Copy)]
enum Hold {
    /// As soon as this many were pending at a time.
    Until(usize),
    /// Requests to this host, as soon as this many others were answered.
    Host(&'static str, usize),
}

/// A tenant at every address of this machine.
struct Server {
    port: u16,
    state: Arc<(Mutex<Seen>, Condvar)>,
}

impl Server {
    fn start(hold: Hold) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state: Arc<(Mutex<Seen>, Condvar)> = Arc::default();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                thread::spawn(move || converse(&stream, hold, &state));
            }
        });
        Self { port, state }
    }

    /// A key for this host.
    fn key(&self, host: &str) -> String {
        let base = format!("http://{host}:{}", self.port);
        serde_json::json!({"oauth": {
            "clientid": "sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678",
            "clientsecret": "11111111-2222-4333-8444-000000000001$Practice-0123456789_AbCdEfGhIjKlMnOpQrStUvWx=",
            "url": base,
            "tokenurl": format!("{base}/oauth/token"),
            "createdate": "2026-11-01T00:00:00Z",
        }})
        .to_string()
    }

    /// The results of the program for keys at these hosts, and what the server observed.
    fn test(&self, hosts: &[String]) -> (serde_json::Value, std::sync::MutexGuard<'_, Seen>) {
        let home = Home::new();
        let names: Vec<String> = (0..hosts.len()).map(|number| format!("{number:03}")).collect();
        let keys = names.iter().zip(hosts).map(|(name, host)| (name.as_str(), self.key(host)));
        let directory = key_directory(&home, &keys.collect::<Vec<_>>());
        let json = home.run(&["systems", "test", "--key-dir", &directory, "--json"]).json();
        (json, self.state.0.lock().unwrap())
    }
}

/// Answers the requests of one connection.
fn converse(stream: &TcpStream, hold: Hold, state: &(Mutex<Seen>, Condvar)) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut first, mut host, mut length) = (String::new(), String::new(), 0);
        if reader.read_line(&mut first).ok()? == 0 {
            return None;
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "host" => value.split(':').next()?.clone_into(&mut host),
                "content-length" => length = value.parse().ok()?,
                _ => {}
            }
        }
        reader.read_exact(&mut vec![0; length]).ok()?;
        let body = if first.starts_with("POST") {
            token(&host, hold, state);
            r#"{"access_token":"a.b.c","token_type":"bearer","expires_in":43199,"scope":"it!b5678.MonitoringDataRead"}"#
        } else {
            r#"{"d":{"__count":"1","results":[{"MessageGuid":"x"}]}}"#
        };
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length";
        let mut stream = stream;
        write!(stream, "{head}: {}\r\n\r\n{body}", body.len()).ok()?;
    }
}

/// Counts a token request while it is delayed.
fn token(host: &str, hold: Hold, (state, changed): &(Mutex<Seen>, Condvar)) {
    let mut seen = state.lock().unwrap();
    let here = seen.now.entry(host.to_owned()).or_default();
    *here += 1;
    let (here, all) = (*here, seen.now.values().sum());
    seen.most_at_one = seen.most_at_one.max(here);
    seen.most = seen.most.max(all);
    changed.notify_all();
    let mut seen = match hold {
        Hold::Until(count) => changed.wait_while(seen, |seen| seen.most < count).unwrap(),
        Hold::Host(slow, others) if slow == host => changed.wait_while(seen, |seen| seen.answered < others).unwrap(),
        Hold::Host(..) => seen,
    };
    *seen.now.get_mut(host).unwrap() -= 1;
    seen.answered += 1;
    changed.notify_all();
}

fn ready(json: &serde_json::Value) -> usize {
    json["systems"].as_array().unwrap().iter().filter(|row| row["verdict"] == "ready").count()
}

#[test]
fn eight_systems_are_tested_at_a_time_and_four_at_one_token_server() {
    // If fewer ran at a time, no request would be answered.
    let server = Server::start(Hold::Until(8));
    let hosts: Vec<String> = (0..24).map(|number| format!("127.0.0.{}", 1 + number / 8)).collect();
    let (json, seen) = server.test(&hosts);
    assert_eq!(ready(&json), 24, "{json:#}");
    assert_eq!((seen.most, seen.answered), (8, 24));
    assert!(seen.most_at_one <= 4);
}

#[test]
fn systems_that_do_not_answer_hold_back_none_at_another_host() {
    // These are answered only when all others are done.
    let server = Server::start(Hold::Host("127.0.0.1", 20));
    let stuck = std::iter::repeat_n("127.0.0.1".to_owned(), 6);
    let hosts: Vec<String> = stuck.chain((0..20).map(|number| format!("127.0.0.{}", 2 + number % 3))).collect();
    let (json, seen) = server.test(&hosts);
    assert_eq!(ready(&json), 26, "{json:#}");
    assert_eq!(seen.answered, 26);
}
