//! The live test against slow local servers, compared with curl.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use cpikey::{content, domain::sap::probe::Pace};
use serde_json::{Value, json};

use crate::{
    harness::has,
    programs::Programs,
    report::{Report, millis},
};

/// Response times of the servers.
const DELAYS: [u64; 3] = [0, 50, 200];

/// How much longer a test may take than its requests alone.
const SLACK: f64 = 1.15;

/// The time between two requests to a part of the API that SAP limits to ten per second (`net/check/run.rs`).
const PAUSE: Duration = Duration::from_millis(150);

const RUNS: usize = 7;

/// How long the server of many systems takes, and how many are tested at a time (`net/check/many.rs`).
const MANY_DELAY: Duration = Duration::from_millis(50);
const SYSTEMS: usize = 200;
const AT_A_TIME: usize = 8;
const AT_ONE_HOST: usize = 4;

const JSON: &str = "content-type: application/json";

/// A test of one key with more and more to look at, then tests of many keys.
pub fn measure(programs: &Programs, report: &mut Report) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("key.json");
    let has_curl = has("curl");
    if !has_curl {
        report.skip("curl beside the live test: it is missing");
    }
    for delay in DELAYS {
        let server = Server::start(Duration::from_millis(delay));
        fs::write(&file, key(&server.url()).to_string()).expect("a temporary file");
        for (what, asked) in [
            ("one role", ["--role", "MonitoringDataRead"]),
            ("ten roles", ["--purpose", "cpi-explorer"]),
            ("all roles", ["--purpose", "everything"]),
        ] {
            let mut reads = Vec::new();
            let ours = median(|| {
                server.forget();
                let mut command = Command::new(&programs.cpikey);
                let time = run(command.arg("test").arg(&file).arg("--json").args(asked), folder.path());
                reads = server.reads();
                time
            });
            let needed = 2 * Duration::from_millis(delay) + pacing(&reads);
            let beside =
                if has_curl { format!(", curl {:.0} ms", median(|| curl(&server, &reads))) } else { String::new() };
            report.figure_with(
                format!("test of {what}, {delay} ms per response"),
                ours,
                "ms",
                // Without any delay, this is the time of the program itself.
                Some(millis(needed) * SLACK).filter(|_| !needed.is_zero() && delay > 0),
                &format!("({} reads need {:.0} ms{beside})", reads.len(), millis(needed)),
            );
        }
    }
    many(programs, report);
}

/// How long the pauses between reads take: the first read waits for none, and each kind waits only for itself.
fn pacing(reads: &[String]) -> Duration {
    let probes = content::load().probes;
    let mut of: HashMap<&str, u32> = HashMap::new();
    for probe in probes.iter().filter(|probe| probe.pace != Pace::Free) {
        if reads.iter().any(|read| read == &probe.path) {
            *of.entry(if probe.pace == Pace::Security { "security" } else { "design time" }).or_default() += 1;
        }
    }
    PAUSE * of.values().max().map_or(0, |count| count - 1)
}

/// The same requests by curl without pauses: a token, then all reads in parallel.
fn curl(server: &Server, reads: &[String]) -> Duration {
    let folder = std::env::temp_dir();
    let mut token = Command::new("curl");
    token.args(["-sS", "-o", "/dev/null", "-d", "grant_type=client_credentials"]);
    let token = run(token.arg(format!("{}/oauth/token", server.url())), &folder);
    let mut rest = Command::new("curl");
    rest.args(["-sS", "--parallel", "--parallel-immediate"]);
    for read in reads {
        rest.args(["-o", "/dev/null", &format!("{}/api/v1{read}", server.url())]);
    }
    token + run(&mut rest, &folder)
}

/// The number of the host of a system.
type Place = fn(usize) -> usize;

/// Many systems: no longer than the slowest of as many as run at a time, one after the other.
fn many(programs: &Programs, report: &mut Report) {
    let server = Server::start(MANY_DELAY);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let test = |systems: usize, host: &dyn Fn(usize) -> String| {
        let keys = folder.path().join("keys");
        let _ = fs::remove_dir_all(&keys);
        fs::create_dir(&keys).expect("a temporary folder");
        for number in 0..systems {
            let text = key(&format!("http://{}:{}", host(number), server.port)).to_string();
            fs::write(keys.join(format!("{number:03}.json")), text).expect("a temporary file");
        }
        let mut command = Command::new(&programs.cpikey);
        let began = Instant::now();
        let output = command
            .args(["systems", "test", "--json", "--key-dir"])
            .arg(&keys)
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let time = began.elapsed();
        let json: Value = serde_json::from_slice(&output.stdout).expect("the results are JSON");
        let ready = json["systems"].as_array().into_iter().flatten().filter(|row| row["verdict"] == "ready").count();
        assert_eq!(ready, systems, "{json:#}");
        let slowest = json["systems"].as_array().into_iter().flatten().filter_map(|row| row["elapsed_ms"].as_u64());
        (time, Duration::from_millis(slowest.max().unwrap_or_default()))
    };
    let delay = MANY_DELAY.as_millis();
    let (one, _) = test(1, &|_| "127.0.0.1".to_owned());
    report.figure(format!("one system of a folder, {delay} ms per response"), millis(one), "ms", None);
    let cases: [(&str, Place, usize); 4] = [
        ("at 200 hosts", |number| number, AT_A_TIME),
        ("at 3 hosts", |number| number % 3, AT_A_TIME),
        ("half of them at one host", |number| number.min(SYSTEMS / 2), AT_A_TIME),
        ("all at one host", |_| 0, AT_ONE_HOST),
    ];
    for (what, host, places) in cases {
        let (all, slowest) = test(SYSTEMS, &|number| format!("127.0.1.{}", 1 + host(number)));
        let rounds = (SYSTEMS / places) as u32;
        let remark = format!("({rounds} rounds of {:.0} ms; the slowest took {:.0} ms)", millis(one), millis(slowest));
        let target = Some(millis(one * rounds) * SLACK);
        report.figure_with(format!("{SYSTEMS} systems, {what}"), millis(all), "ms", target, &remark);
    }
}

/// A key for a server; its secret is made up.
pub fn key(url: &str) -> Value {
    json!({"oauth": {
        "clientid": "sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678",
        "clientsecret": "11111111-2222-4333-8444-000000000001$Practice-0123456789_AbCdEfGhIjKlMnOpQrStUvWx=",
        "url": url,
        "tokenurl": format!("{url}/oauth/token"),
        "createdate": "2026-11-01T00:00:00Z",
    }})
}

fn run(command: &mut Command, home: &Path) -> Duration {
    let command = command.env("HOME", home).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    command.status().expect("the program runs");
    began.elapsed()
}

fn median(mut once: impl FnMut() -> Duration) -> f64 {
    let mut times: Vec<Duration> = (0..RUNS).map(|_| once()).collect();
    times.sort();
    millis(times[RUNS / 2])
}

/// A tenant at every address of this machine.
pub struct Server {
    port: u16,
    /// The URLs of all requests since the last reset.
    asked: Arc<(Mutex<Vec<String>>, Condvar)>,
}

impl Server {
    /// A server that takes this long for each response. It ends with the process.
    pub fn start(delay: Duration) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").expect("a port");
        let port = listener.local_addr().expect("a port").port();
        let asked: Arc<(Mutex<Vec<String>>, Condvar)> = Arc::default();
        let shared = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let asked = Arc::clone(&shared);
                thread::spawn(move || converse(&stream, delay, &asked));
            }
        });
        Self { port, asked }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits for one more request.
    pub fn wait_for_request(&self) {
        let mut asked = self
            .asked
            .1
            .wait_while(self.asked.0.lock().expect("no thread failed"), |asked| asked.is_empty())
            .expect("no thread failed");
        asked.clear();
    }

    fn forget(&self) {
        self.asked.0.lock().expect("no thread failed").clear();
    }

    /// What was read, below the address of the API.
    fn reads(&self) -> Vec<String> {
        let asked = self.asked.0.lock().expect("no thread failed");
        asked.iter().filter_map(|path| path.strip_prefix("/api/v1").map(str::to_owned)).collect()
    }
}

/// Answers the requests of one connection.
fn converse(stream: &TcpStream, delay: Duration, asked: &(Mutex<Vec<String>>, Condvar)) -> Option<()> {
    // Otherwise a short response waits until the peer has acknowledged the previous one.
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if reader.read_line(&mut first).ok()? == 0 {
            return None;
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim().split_once(": ") else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().ok()?;
            }
        }
        reader.read_exact(&mut vec![0; length]).ok()?;
        asked.0.lock().ok()?.push(first.split(' ').nth(1)?.to_owned());
        asked.1.notify_all();
        thread::sleep(delay);
        let body = if first.starts_with("POST") {
            r#"{"access_token":"a.b.c","token_type":"bearer","expires_in":43199,"scope":"it!b5678.MonitoringDataRead"}"#
        } else {
            r#"{"d":{"__count":"1","results":[{"MessageGuid":"x"}]}}"#
        };
        let mut stream = stream;
        let length = body.len();
        stream
            .write_all(format!("HTTP/1.1 200 OK\r\n{JSON}\r\ncontent-length: {length}\r\n\r\n{body}").as_bytes())
            .ok()?;
    }
}
