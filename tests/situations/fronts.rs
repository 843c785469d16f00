//! The two front ends that reach a verdict: the command line and the wizard.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use cpikey::{
    cli::NetworkArgs,
    domain::{
        check::{CheckEvent, diagnosis::assess_key},
        finding::Verdict,
    },
    model::{Effect, JobEvent, JobRequest, Msg, Pasted},
    net::{self, NetOptions},
    platform::env::Environment,
    words::Words,
};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{driver::Driver, scene::Scene};

/// The maximum memory of a run in KiB: 64 MiB.
const MEMORY: u32 = 64 * 1024;

/// The maximum time of a run; its own limit is 45 seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Variables that would route a test through the proxy of this machine.
const PROXIES: [&str; 8] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];

/// The result of a run of the program.
#[derive(Debug)]
pub struct Done {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// The program, with a memory limit if the system supports one: exceeding it ends the program.
fn program() -> Command {
    let binary = env!("CARGO_BIN_EXE_cpikey");
    if !cfg!(target_os = "linux") {
        return Command::new(binary);
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -d {MEMORY} && exec \"$0\" \"$@\""), binary]);
    shell
}

/// Runs the situation with `cpikey test`.
pub async fn command(scene: &Scene, json: bool) -> Done {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let mut command = program();
    command.arg("test").arg("-").env("LANG", "C.UTF-8").env_remove("LC_ALL");
    for name in PROXIES {
        command.env_remove(name);
    }
    if json {
        command.arg("--json");
    }
    // Hosts other than SAP's would be refused.
    for address in String::from_utf8_lossy(&scene.key).split("://").skip(1) {
        let host = address.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').next().unwrap_or_default();
        command.args(["--allow-host", host]);
    }
    for role in &scene.roles {
        command.args(["--role", role]);
    }
    if let Some(pem) = &scene.ca {
        command.arg("--ca-file").arg(file("ca.pem", pem));
    }
    if let Some(pem) = &scene.private_key {
        command.arg("--client-key").arg(file("key.pem", pem.as_bytes()));
    }
    match &scene.proxy {
        Some(proxy) if scene.proxy_by_environment => {
            command.env("HTTPS_PROXY", proxy).env("HTTP_PROXY", proxy);
        }
        Some(proxy) => {
            command.args(["--proxy", proxy]);
        }
        None => {}
    }
    if let Some(hosts) = scene.no_proxy {
        command.env("NO_PROXY", hosts);
    }
    if let Some(seconds) = scene.timeout {
        command.args(["--timeout", &seconds.to_string()]);
    }
    finish(command, scene.key.clone()).await
}

/// Inspects the key with `cpikey inspect --json`.
pub async fn inspect(scene: &Scene) -> Done {
    let mut command = program();
    command.args(["inspect", "--json", "-"]);
    finish(command, scene.key.clone()).await
}

/// Runs a command on a file, with the memory limit.
pub async fn on_file(command: &[&str], file: &std::path::Path) -> Done {
    let mut program = program();
    program.args(command).arg(file);
    finish(program, Vec::new()).await
}

/// Runs it to its end.
async fn finish(mut command: Command, key: Vec<u8>) -> Done {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        // The program may end without reading everything.
        let _ = child.stdin.take().unwrap().write_all(&key);
        child.wait_with_output().unwrap()
    });
    let output = tokio::time::timeout(PATIENCE, running).await.expect("the program outlives its limits").unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    let status = output.status.code().unwrap_or_else(|| panic!("{} {stdout} {stderr}", output.status));
    Done { status, stdout, stderr }
}

/// The result in the wizard.
pub struct Shown {
    pub verdict: Verdict,
    pub report: Value,
    /// Screens at several sizes, the plain view, and debug output.
    pub pictures: Vec<String>,
}

/// Whether a key is sent.
fn is_test(effect: &Effect) -> bool {
    matches!(effect, Effect::Start(_, JobRequest::Test(_)))
}

/// Runs the situation with the wizard: keys, pastes and the events of a real test.
pub async fn wizard(scene: &Scene) -> Shown {
    let mut driver = Driver::new();
    driver.at(jiff::Timestamp::now());
    if scene.roles.is_empty() {
        driver.press("end up enter");
    } else {
        driver.press("enter enter enter");
        driver.paste(&serde_json::json!({ "roles": scene.roles }).to_string()).press("ctrl+s");
        driver.press("enter enter enter");
    }
    driver.send(Msg::Paste(Pasted::new(scene.key.clone())));
    if let Some(pem) = &scene.private_key {
        driver.read_file("key.pem", Pasted::new(pem.clone()));
    }
    let mut pictures = vec![driver.screen(80, 24), driver.screen(140, 50)];
    if driver.app.session().key.usable().is_none() {
        let session = driver.app.session();
        let summary = session.key.found().map(|found| &found.summary);
        let report = assess_key(&session.content, summary, &session.key.findings());
        driver.press("enter");
        assert!(!driver.effects.iter().any(is_test), "an unusable key was sent: {:?}", driver.effects);
        pictures.extend([driver.screen(80, 24), debug(&driver)]);
        return Shown { verdict: report.verdict, report: serde_json::to_value(&report).unwrap(), pictures };
    }
    driver.press("enter");
    if !driver.effects.iter().any(is_test) {
        // A host other than SAP's needs one confirmation, with no as the default.
        pictures.push(driver.screen(80, 24));
        driver.press("right enter");
    }
    let (id, request) = driver.started();
    let (sink, mut events) = mpsc::unbounded_channel();
    let testing = net::run(request, options(scene), sink, CancellationToken::new());
    let follow = async {
        while let Some(event) = events.recv().await {
            let last = event == CheckEvent::Done;
            driver.send(Msg::Job(id, JobEvent::Test(event)));
            if last {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, async { tokio::join!(testing, follow) })
        .await
        .expect("the test outlives its limits");
    pictures.extend([driver.screen(80, 24), driver.screen(140, 50)]);
    driver.press("d");
    pictures.push(driver.screen(140, 50));
    driver.press("p");
    let plain = driver.effects.iter().find_map(|effect| match effect {
        Effect::ShowPlain(text) => Some(text.clone()),
        _ => None,
    });
    pictures.extend([plain.unwrap(), debug(&driver)]);
    let run = driver.app.session().run.as_ref().unwrap();
    let report = serde_json::to_value(&run.report).unwrap();
    Shown { verdict: run.verdict().unwrap(), report, pictures }
}

/// All state, as a debugger or a crash report would print it.
fn debug(driver: &Driver) -> String {
    format!("{:#?}\n{:#?}", driver.app, driver.effects)
}

/// The options that the command line derives from the same arguments.
fn options(scene: &Scene) -> NetOptions {
    let folder = tempfile::tempdir().unwrap();
    let ca_file: Option<PathBuf> = scene.ca.as_ref().map(|pem| {
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, pem).unwrap();
        path
    });
    let args = NetworkArgs { ca_file, proxy: scene.proxy.clone(), timeout: scene.timeout };
    let environment = Environment { no_proxy: scene.no_proxy.map(str::to_owned), ..Environment::default() };
    let options = args.options(&environment, Words::default()).unwrap_or_else(|failure| panic!("{failure:?}"));
    NetOptions { backoff: Duration::from_millis(1), ..options }
}
