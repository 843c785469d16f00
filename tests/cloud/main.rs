//! The commands that work with Cloud Foundry: the real program against the practice tenant's.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers are such, though not marked so")]

#[path = "../support/at_terminal.rs"]
mod at_terminal;
mod certificates;
mod contract;
mod faults;
mod interrupted;
mod logins;
mod output;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
mod terminal;

use std::{
    fs,
    io::{Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use cpikey::{
    content,
    domain::cf::login::Credentials,
    domain::text::secret::Secret,
    jobs::cf,
    net::NetOptions,
    practice::{
        Latency, Practice,
        cf::{PASSWORD, USER, USER_WITH_SECOND_FACTOR},
    },
    words::Words,
};
use serde_json::{Value, json};
use support::cloud::Cloud;

/// The result of a run of the program.
struct Done {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Done {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in {:?} {}", self.stdout, self.stderr))
    }

    fn codes(&self) -> Vec<String> {
        let json = self.json();
        json["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    }
}

/// Starts a program in its own session and exits with its status. macOS has no `setsid`.
const STARTER: &[&str] = if cfg!(target_os = "macos") { PERL } else { &["/usr/bin/setsid", "--wait"] };
const PERL: &[&str] = &["/usr/bin/perl", "-e", "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV; exit 127"];

/// Away from the terminal in which the tests run.
fn in_own_session(program: &str) -> Command {
    let mut command = Command::new(STARTER[0]);
    command.args(&STARTER[1..]).arg(program);
    command
}

/// What starts programs on macOS works the same here.
#[cfg(target_os = "linux")]
#[test]
fn every_starter_leads_a_session_of_its_own() {
    for starter in [STARTER, PERL].into_iter().filter(|starter| Path::new(starter[0]).exists()) {
        let script = "set -- $(ps -o pid= -o sid= -p $$); [ $1 = $2 ] && exit 7";
        let status = Command::new(starter[0]).args(&starter[1..]).args(["sh", "-c", script]).status().unwrap();
        assert_eq!(status.code(), Some(7), "{starter:?}");
    }
}

/// A Cloud Foundry with instances in it, and a home directory.
struct World {
    practice: Practice,
    home: tempfile::TempDir,
}

/// The default org and space.
const DEV: [&str; 4] = ["--org", "practice", "--space", "dev"];

impl World {
    fn new() -> Self {
        let practice = Practice::start_on_own_thread(&content::load(), Latency::None).unwrap();
        Self { practice, home: tempfile::tempdir().unwrap() }
    }

    fn api(&self) -> String {
        format!("http://{}", self.practice.cloud_foundry())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The file of a stored login.
    fn kept_login(&self) -> PathBuf {
        let macos = cfg!(target_os = "macos");
        self.path(if macos { "Library/Application Support" } else { "data" }).join("cpikey/login.sealed")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = in_own_session(env!("CARGO_BIN_EXE_cpikey"));
        command.args(arguments);
        command.env_clear().envs(self.variables());
        command.current_dir(self.home.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::piped());
        command
    }

    /// The variables that the program runs with.
    fn variables(&self) -> Vec<(&'static str, String)> {
        let path = |name: &str| self.path(name).to_str().unwrap().to_owned();
        vec![
            ("PATH", std::env::var("PATH").unwrap()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
            ("HOME", path("")),
            ("XDG_DATA_HOME", path("data")),
            ("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", path("no-bus"))),
        ]
    }

    fn raw(&self, arguments: &[&str], input: &str) -> Done {
        self.fed(self.command(arguments), input)
    }

    fn fed(&self, mut command: Command, input: &str) -> Done {
        let mut child = command.spawn().unwrap();
        // The program may end without reading everything.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        self.done(child.wait_with_output().unwrap(), input)
    }

    /// Also checks that no secret was written.
    fn done(&self, output: Output, input: &str) -> Done {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let done = Done {
            status: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        for stream in [&done.stdout, &done.stderr] {
            assert!(!stream.contains('\u{1b}'), "an escape sequence in {stream:?}");
            assert!(input.trim().len() < 9 || !stream.contains(input.trim()), "the login in {stream:?}");
            assert!(!stream.contains("eyJ") && !has_refresh_token(stream), "a token in {stream:?}");
        }
        done
    }

    /// Logs in with a passcode.
    fn run(&self, arguments: &[&str]) -> Done {
        let api = self.api();
        let (command, rest) = arguments.split_first().unwrap();
        let arguments = [&[*command, "--api", &api, "--passcode-stdin"], rest].concat();
        let passcode = self.practice.passcode();
        let done = self.raw(&arguments, &format!("{passcode}\n"));
        assert!(!done.stderr.contains(&passcode) && !done.stdout.contains(&passcode));
        done
    }

    /// In the default org and space.
    fn dev(&self, arguments: &[&str]) -> Done {
        self.run(&[arguments, &DEV].concat())
    }

    /// A refresh token of a login.
    fn refresh_token(&self) -> String {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (api, options) = (self.api().parse().unwrap(), NetOptions::default());
        runtime.block_on(async {
            let servers = cf::servers(&api, &options).await.unwrap();
            let credentials = Credentials::Passcode(Secret::new(self.practice.passcode()));
            let session = cf::log_in(&api, &servers, &credentials, &options).await.unwrap();
            session.refresh_token().unwrap().expose().to_owned()
        })
    }

    /// Writes the configuration of the cf CLI.
    fn log_in_with_cf(&self, changes: &Value) -> PathBuf {
        let mut config = json!({
            "ConfigVersion": 5, "Target": self.api(), "AccessToken": "bearer x", "RefreshToken": self.refresh_token(),
            "UAAOAuthClient": "cf", "UAAOAuthClientSecret": "", "UAAGrantType": "", "SSLDisabled": false,
            "OrganizationFields": {"GUID": "o", "Name": "practice"}, "SpaceFields": {"GUID": "s", "Name": "dev"},
            "CFOnK8s": {"Enabled": false}
        });
        for (name, value) in changes.as_object().unwrap() {
            config[name] = value.clone();
        }
        fs::create_dir_all(self.path(".cf")).unwrap();
        fs::write(self.path(".cf/config.json"), config.to_string()).unwrap();
        self.path(".cf/config.json")
    }

    /// Names of instances with their keys.
    fn there(&self) -> Vec<(String, Vec<String>)> {
        let json = self.dev(&["instances", "--json"]).json();
        let names = |value: &Value| -> Vec<String> {
            value.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        let instances = json["instances"].as_array().unwrap();
        names(&json["instances"]).into_iter().zip(instances.iter().map(|one| names(&one["keys"]))).collect()
    }

    fn keys_of(&self, instance: &str) -> Option<Vec<String>> {
        self.there().into_iter().find(|(name, _)| name == instance).map(|(_, keys)| keys)
    }
}

/// All cases in parallel: most of the time is spent waiting.
fn at_once<Case: Send>(cases: impl IntoIterator<Item = Case>, test: impl Fn(Case) + Sync) {
    std::thread::scope(|scope| {
        for case in cases {
            let test = &test;
            scope.spawn(move || test(case));
        }
    });
}

/// Each case in its own world, all in parallel.
fn each<Case: Send>(cases: impl IntoIterator<Item = Case>, test: impl Fn(Case, &World, &Cloud) + Sync) {
    at_once(cases, |case| {
        let world = World::new();
        let cloud = Cloud::before(&world.practice);
        test(case, &world, &cloud);
    });
}

/// 32 hexadecimal digits and `-r`.
fn has_refresh_token(text: &str) -> bool {
    text.match_indices("-r")
        .any(|(at, _)| at >= 32 && text.as_bytes()[at - 32..at].iter().all(|byte| byte.is_ascii_hexdigit()))
}

fn client_secret(file: &Path) -> String {
    let key: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    key["oauth"]["clientsecret"].as_str().unwrap().to_owned()
}

// --- a new user's path

#[test]
fn a_key_is_made_tested_written_rotated_and_deleted() {
    let world = World::new();
    let file = world.path("key.json");
    let create =
        ["create", "--instance", "cpi-a", "--key", "k", "--purpose", "monitoring", "--output", "key.json", "--yes"];
    let made = world.dev(&[&create[..], &["--json"]].concat());
    assert_eq!(made.status, 0, "{}", made.stderr);
    let json = made.json();
    assert_eq!((&json["schema"], &json["outcome"], &json["next"]), (&json!(1), &json!("done"), &Value::Null));
    assert_eq!(json["place"], json!({"api": world.api(), "org": "practice", "space": "dev"}));
    let item = |kind: &str, name: &str| json!({"action": "create", "kind": kind, "name": name});
    assert_eq!(json["plan"], json!([item("instance", "cpi-a"), item("key", "k")]));
    assert_eq!(json["test"]["verdict"], "ready");
    let exists: Vec<_> =
        json["exists"].as_array().unwrap().iter().map(|one| (&one["state"], &one["made_by_us"])).collect();
    assert_eq!(exists, [(&json!("ready"), &json!(true)); 2]);
    let secret = client_secret(&file);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!made.stdout.contains(&secret) && !made.stderr.contains(&secret));

    // Again: everything exists, and the file already contains this key.
    let again = world.dev(&[&create[..], &["--json"]].concat());
    assert_eq!((again.status, &again.json()["outcome"]), (0, &json!("nothing-to-do")), "{}", again.stderr);
    assert_eq!(client_secret(&file), secret);

    let update = ["update-roles", "--instance", "cpi-a", "--add-role", "WorkspacePackagesRead", "--json"];
    let shown = world.dev(&[&update[..], &["--dry-run"]].concat());
    assert_eq!((shown.status, &shown.json()["outcome"]), (0, &json!("done")), "{}", shown.stderr);
    assert_eq!(shown.json()["plan"][0]["roles"], json!({"added": ["WorkspacePackagesRead"], "removed": []}));
    let updated = world.dev(&[&update[..], &["--yes"]].concat());
    assert_eq!((updated.status, &updated.json()["outcome"]), (0, &json!("done")), "{}", updated.stderr);
    assert_eq!(updated.codes(), ["cf-keys-stay"]);
    let updated = world.dev(&[&update[..], &["--yes"]].concat());
    assert_eq!((updated.status, &updated.json()["outcome"]), (0, &json!("nothing-to-do")), "{}", updated.stderr);

    let rotate = ["rotate", "--instance", "cpi-a", "--key", "k", "--output", "new.json", "--yes", "--json"];
    let rotated = world.dev(&rotate);
    assert_eq!((rotated.status, &rotated.json()["outcome"]), (0, &json!("done")), "{}", rotated.stderr);
    assert_eq!(rotated.json()["test"]["roles"][0]["status"], "granted");
    assert_ne!(client_secret(&world.path("new.json")), secret);
    assert_eq!(world.keys_of("cpi-a").unwrap(), ["k-2"]);

    let deleted = world.dev(&["delete", "--instance", "cpi-a", "--yes", "--json"]);
    assert_eq!((deleted.status, &deleted.json()["outcome"]), (0, &json!("done")), "{}", deleted.stderr);
    let actions: Vec<_> = deleted.json()["plan"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(actions, ["cpi-a", "k-2"]);
    assert_eq!(world.keys_of("cpi-a"), None);
    let again = world.dev(&["delete", "--instance", "cpi-a", "--yes", "--json"]);
    assert_eq!((again.status, &again.json()["outcome"]), (0, &json!("nothing-to-do")));
}

#[test]
fn the_text_says_the_plan_the_progress_and_what_the_test_showed() {
    let world = World::new();
    let arguments = ["create", "--instance", "cpi-b", "--key", "k", "--role", "MonitoringDataRead", "--yes"];
    let made = world.dev(&[&arguments[..], &["--output", "key.json"]].concat());
    assert_eq!(made.status, 0, "{}", made.stderr);
    let words = Words::default().cf();
    for said in
        [&words.creates_instance("cpi-b", cpikey::domain::sap::plan::SERVICE_TITLE, "api"), &words.creates_key("k")]
    {
        assert!(made.stdout.contains(&format!("+ {said}")), "{}", made.stdout);
    }
    assert!(made.stdout.contains("ready") && made.stdout.contains(Words::default().cf_command().finished()));
    let row = words.row(words.make_instance("cpi-b"), words.done());
    assert!(made.stderr.contains(&row), "{}", made.stderr);
    assert!(!made.stdout.contains(&client_secret(&world.path("key.json"))));
    let key = world.dev(&["delete", "--instance", "cpi-b", "--key", "k", "--yes"]);
    assert!(key.status == 0 && key.stdout.contains(&format!("- {}", words.deletes_key("k"))), "{}", key.stdout);
    assert_eq!(world.keys_of("cpi-b").unwrap(), [""; 0]);
    let list = world.dev(&["instances"]);
    assert!(list.stdout.lines().any(|line| line.starts_with("cpi-b ")), "{}", list.stdout);
    let all = world.run(&["instances", "--org", "practice", "--all-spaces", "--json"]);
    assert!(all.status == 0 && all.json()["place"]["space"].is_null(), "{}", all.stderr);
}

#[test]
fn on_request_standard_output_is_the_key_and_nothing_else() {
    let world = World::new();
    let done = world.dev(&[
        "create",
        "--instance",
        "cpi-c",
        "--key",
        "k",
        "--purpose",
        "monitoring",
        "--output",
        "-",
        "--yes",
    ]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let secret = done.json()["oauth"]["clientsecret"].as_str().unwrap().to_owned();
    assert!(!secret.is_empty() && !done.stderr.contains(&secret));
    let both = world.dev(&["create", "--instance", "cpi-c", "--output", "-", "--json", "--yes"]);
    assert_eq!((both.status, both.stdout.as_str()), (2, ""));
}

#[test]
fn a_dry_run_changes_nothing_and_needs_no_destination() {
    let world = World::new();
    let before = world.there();
    let shown = world.dev(&["create", "--purpose", "monitoring", "--dry-run", "--json"]);
    assert_eq!((shown.status, &shown.json()["outcome"]), (0, &json!("done")), "{}", shown.stderr);
    let shown = world.dev(&["delete", "--instance", "monitoring", "--dry-run"]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    let shown = world.dev(&["rotate", "--instance", "monitoring", "--key", "monitoring-key", "--dry-run"]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    assert_eq!(world.there(), before);
}

// --- the login

#[test]
fn a_login_is_checked_with_passcode_password_and_the_login_of_cf() {
    let world = World::new();
    let checked = world.run(&["login", "--json"]);
    assert_eq!(checked.status, 0, "{}", checked.stderr);
    assert_eq!((&checked.json()["user"], &checked.json()["kept"]), (&json!(USER), &json!(false)));
    let api = world.api();
    let with = |user: &str, password: &str| {
        let arguments = ["login", "--api", &api, "--user", user, "--password-stdin", "--json"];
        world.raw(&arguments, password)
    };
    assert_eq!(with(USER, PASSWORD).status, 0);
    let refused = with(USER_WITH_SECOND_FACTOR, PASSWORD);
    assert_eq!((refused.status, refused.codes()), (3, vec!["cf-second-factor".to_owned()]));
    let refused = with(USER, "wrong-password");
    assert_eq!((refused.status, refused.codes()), (3, vec!["cf-login-refused".to_owned()]));
    let refused = world.raw(&["login", "--api", &api, "--passcode-stdin", "--json"], "-not-a-passcode\n");
    assert_eq!((refused.status, refused.codes()), (3, vec!["cf-passcode-refused".to_owned()]));
    assert_eq!(refused.json()["outcome"], "refused");
}

#[test]
fn the_file_of_cf_is_read_and_stays_as_it_is() {
    let world = World::new();
    let config = world.log_in_with_cf(&json!({"SSLDisabled": true}));
    let before = (fs::read(&config).unwrap(), fs::metadata(&config).unwrap().modified().unwrap());
    let done = world.raw(
        &[
            "create",
            "--cf",
            "--instance",
            "cpi-d",
            "--key",
            "k",
            "--purpose",
            "monitoring",
            "--output",
            "k.json",
            "--yes",
            "--json",
        ],
        "",
    );
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert_eq!(done.json()["place"]["space"], "dev");
    assert_eq!(done.codes(), ["cf-tls-check-off"]);
    assert_eq!((fs::read(&config).unwrap(), fs::metadata(&config).unwrap().modified().unwrap()), before);
}

#[test]
fn a_login_of_cf_that_cannot_be_used_is_refused_before_anything_is_sent() {
    let world = World::new();
    for changes in [
        json!({"RefreshToken": ""}),
        json!({"UAAGrantType": "client_credentials"}),
        json!({"UAAOAuthClient": "other"}),
        json!({"ConfigVersion": 3}),
        json!({"CFOnK8s": {"Enabled": true}}),
    ] {
        world.log_in_with_cf(&changes);
        let done = world.raw(&["instances", "--cf", "--json"], "");
        assert_eq!((done.status, done.codes()), (3, vec!["cf-login-unusable".to_owned()]), "{changes}");
    }
    world.log_in_with_cf(&json!({}));
    let done = world.raw(&["instances", "--cf", "--api", "eu10-004", "--json"], "");
    assert_eq!((done.status, done.codes()), (3, vec!["cf-login-unusable".to_owned()]), "another API");
    world.log_in_with_cf(&json!({"RefreshToken": "0123456789abcdef0123456789abcdef-r"}));
    let done = world.raw(&["instances", "--cf", "--json"], "");
    assert_eq!((done.status, done.codes()), (3, vec!["cf-session-ended".to_owned()]));
}

#[test]
fn without_a_terminal_what_is_missing_is_said_with_status_2() {
    let world = World::new();
    let api = world.api();
    let output = ["--output", "key.json"];
    for (arguments, input) in [
        (vec!["instances", "--api", &api], ""),
        (vec!["instances", "--passcode-stdin"], "x"),
        (vec!["instances", "--api", "eu10", "--passcode-stdin"], "x"),
        (vec!["instances", "--api", "nowhere", "--passcode-stdin"], "x"),
        (vec!["instances", "--api", &api, "--passcode-stdin"], ""),
        (vec!["instances", "--api", &api, "--user", "u"], ""),
        ([&["create", "--api", &api, "--passcode-stdin"][..], &output].concat(), "x"),
        (vec!["create", "--api", &api, "--passcode-stdin", "--yes"], "x"),
        (vec!["rotate", "--api", &api, "--passcode-stdin", "--instance", "i", "--key", "k", "--yes"], "x"),
        (vec!["delete", "--api", &api, "--passcode-stdin", "--instance", "i"], "x"),
        (vec!["update-roles", "--api", &api, "--passcode-stdin", "--instance", "i", "--yes"], "x"),
    ] {
        let done = world.raw(&arguments, input);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}: {}", done.stderr);
    }
    assert_eq!(world.run(&["instances"]).status, 2, "several orgs");
    assert_eq!(world.run(&["instances", "--org", "practice"]).status, 2, "several spaces");
}

#[test]
fn a_host_that_is_not_saps_gets_nothing() {
    let world = World::new();
    // Nothing listens there, and no request is sent.
    for api in ["https://api.cf.example.invalid", "https://api.cf.eu10.hana.ondemand.com.example.invalid"] {
        let done = world.raw(&["instances", "--api", api, "--passcode-stdin", "--json"], "not-a-passcode");
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{}", done.stderr);
        assert!(done.stderr.contains("--allow-host"), "{}", done.stderr);
    }
    let plain = world.raw(&["instances", "--api", "http://api.cf.eu10.hana.ondemand.com", "--passcode-stdin"], "x");
    assert_eq!(plain.status, 2, "{}", plain.stderr);
}

// The macOS Keychain always exists.
#[cfg(not(target_os = "macos"))]
#[test]
fn without_a_keyring_no_login_is_kept_and_logout_says_so() {
    let world = World::new();
    let refused = world.run(&["login", "--keep"]);
    assert_eq!(refused.status, 2, "{}", refused.stderr);
    assert!(!world.kept_login().exists());
    assert_eq!(world.raw(&["logout"], "").status, 0);
}

// --- refusals

#[test]
fn what_keeps_it_from_being_done_is_a_finding_with_its_status() {
    const IN_DEV: &[&str] = &["--org", "practice", "--space", "dev", "--instance"];
    type Case<'a> = (&'a [&'a str], &'a [&'a str], i32, &'a str, &'a str);
    let cases: [Case<'_>; 12] = [
        (&["--org", "nowhere", "--space", "dev"], &[], 3, "cf-org-not-here", "refused"),
        (&["--org", "practice", "--space", "nowhere"], &[], 3, "cf-no-space", "refused"),
        (&["--org", "practice-empty"], &[], 3, "cf-no-space", "refused"),
        (&["--org", "practice-suspended", "--space", "dev"], &[], 3, "cf-org-suspended", "refused"),
        (&["--org", "practice-new", "--space", "dev"], &[], 3, "cf-not-entitled", "refused"),
        (&["--org", "practice", "--space", "prod"], &[], 3, "cf-not-developer", "refused"),
        (IN_DEV, &["orders"], 2, "cf-name-other-plan", "refused"),
        (IN_DEV, &["monitoring"], 2, "cf-parameters-unknown", "refused"),
        (IN_DEV, &["quota-x"], 5, "cf-quota", "failed"),
        (IN_DEV, &["fail-x"], 5, "cf-broker-failed", "failed"),
        (IN_DEV, &["slow-x", "--wait", "1"], 6, "cf-still-going", "unfinished"),
        (IN_DEV, &["cpi-k", "--key", "fail-k"], 6, "cf-broker-unreachable", "unfinished"),
    ];
    each(cases, |(place, name, status, code, outcome), world, _| {
        let create = ["create", "--purpose", "monitoring", "--output", "key.json", "--yes", "--json"];
        let done = world.run(&[&create, place, name].concat());
        let json = done.json();
        assert_eq!((done.status, json["outcome"].as_str()), (status, Some(outcome)), "{code}: {}", done.stderr);
        assert_eq!(done.codes()[0], code, "{}", done.stdout);
        let goes_on = json["next"].as_str().is_some_and(|next| next.starts_with("cpikey create --api http://127"));
        // The command is correct, so the same one continues or retries.
        let planned = json["plan"].as_array().is_some_and(|plan| !plan.is_empty());
        assert_eq!(goes_on, planned && status != 2, "{}", done.stdout);
        assert!(!world.path("key.json").exists());
        if outcome == "unfinished" {
            let name: Vec<&str> = name.iter().copied().filter(|word| !["--wait", "1"].contains(word)).collect();
            let again = world.run(&[&create, place, &name].concat());
            assert_eq!(again.status, 0, "{code}: {}", again.stderr);
        }
    });
}

#[test]
fn what_is_not_there_cannot_be_changed_and_need_not_be_deleted() {
    let world = World::new();
    let missing = world.dev(&["delete", "--instance", "monitoring", "--key", "nothing", "--yes", "--json"]);
    assert_eq!((missing.status, &missing.json()["outcome"]), (0, &json!("nothing-to-do")));
    let rotate = ["rotate", "--instance", "monitoring", "--key", "x", "--output", "x.json", "--yes", "--json"];
    let missing = world.dev(&rotate);
    assert_eq!((missing.status, missing.codes()), (2, vec!["cf-no-key".to_owned()]));
    let missing = world.dev(&["update-roles", "--instance", "x", "--role", "MonitoringDataRead", "--yes", "--json"]);
    assert_eq!((missing.status, missing.codes()), (2, vec!["cf-no-instance".to_owned()]));
    assert!(missing.json()["findings"][0]["evidence"].as_str().unwrap().contains("monitoring"));
}

#[test]
fn a_command_that_would_go_on_is_one_that_does() {
    let world = World::new();
    let begun = world.dev(&[
        "create",
        "--purpose",
        "monitoring",
        "--instance",
        "slow-y",
        "--key",
        "k",
        "--output",
        "a key.json",
        "--yes",
        "--json",
        "--wait",
        "2",
    ]);
    assert_eq!(begun.status, 6, "{}", begun.stderr);
    let json = begun.json();
    assert_eq!(json["exists"][0]["state"], "creating");
    let next = json["next"].as_str().unwrap().replace(" --wait 2", "");
    let script = next.replacen("cpikey", env!("CARGO_BIN_EXE_cpikey"), 1);
    let mut child = in_own_session("sh")
        .args(["-c", &script])
        .env("HOME", world.home.path())
        .current_dir(world.home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", world.practice.passcode()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(!client_secret(&world.path("a key.json")).is_empty());
}

#[test]
fn nothing_is_made_for_a_destination_that_cannot_be_written() {
    let world = World::new();
    let before = world.there();
    fs::write(world.path("taken.json"), "mine").unwrap();
    for output in ["taken.json", "no-directory/key.json"] {
        let done = world.dev(&["create", "--purpose", "monitoring", "--output", output, "--yes"]);
        assert_eq!(done.status, 2, "{output}: {}", done.stderr);
    }
    assert_eq!(fs::read_to_string(world.path("taken.json")).unwrap(), "mine");
    // The macOS Keychain always exists.
    if !cfg!(target_os = "macos") {
        let done = world.dev(&["create", "--purpose", "monitoring", "--save", "dev", "--yes"]);
        assert_eq!(done.status, 2, "without a keyring: {}", done.stderr);
    }
    assert_eq!(world.there(), before);
}

#[test]
fn an_api_that_cannot_be_reached_is_status_4() {
    let world = World::new();
    let done = world.raw(&["instances", "--api", "http://127.0.0.1:9", "--passcode-stdin", "--json"], "not-a-passcode");
    assert_eq!((done.status, done.codes()), (4, vec!["connection-refused".to_owned()]), "{}", done.stderr);
    assert_eq!(done.json()["findings"][0]["stage"], "cf");
}

#[test]
fn ctrl_c_stops_waiting_and_says_what_exists_and_what_goes_on() {
    let world = World::new();
    let api = world.api();
    let mut child = Command::new(env!("CARGO_BIN_EXE_cpikey"))
        .args([
            "create",
            "--api",
            &api,
            "--passcode-stdin",
            "--purpose",
            "monitoring",
            "--instance",
            "slow-z",
            "--key",
            "k",
        ])
        .args(DEV)
        .args(["--output", "key.json", "--yes"])
        .env("HOME", world.home.path())
        .current_dir(world.home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", world.practice.passcode()).unwrap();
    let (mut seen, mut byte) = (Vec::new(), [0]);
    let stderr = child.stderr.as_mut().unwrap();
    let row = Words::default().cf().make_instance("slow-z");
    while !String::from_utf8_lossy(&seen).contains(&format!("{row}: in progress (")) {
        assert_eq!(stderr.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&seen));
        seen.push(byte[0]);
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    let words = Words::default();
    let thing = words.cf().instance_is("slow-z", words.cf().creating());
    assert!(said.contains(&words.cf_command().there_is(thing)), "{said}");
    assert!(
        said.contains(&format!(
            "cpikey create --api {api} --org practice --space dev --passcode-stdin --instance slow-z"
        )),
        "{said}"
    );
    assert!(!world.path("key.json").exists());
}
