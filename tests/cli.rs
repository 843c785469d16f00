//! The real program: its output, streams and exit status.

#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers are such, though not marked so")]

mod schema;

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use cpikey::{
    content,
    domain::sap::purpose::CUSTOM,
    practice::{Latency, Practice},
    words::{Explanation, ExplanationTemplate, Words},
};
use serde_json::Value;

/// Part of every secret of these tests. No output may contain it.
const CANARY: &str = "canary7f3a";

/// The result of a run of the program.
struct Done {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Done {
    fn new(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let done =
            Self { status: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) };
        for stream in [&done.stdout, &done.stderr] {
            assert!(!stream.contains('\u{1b}'), "an escape sequence in {stream:?}");
            assert!(!stream.contains(CANARY), "the secret in {stream:?}");
        }
        done
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {:?}", self.stdout))
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpikey"));
    command.args(arguments).env("LANG", "C.UTF-8").env_remove("LC_ALL").env_remove("NO_COLOR");
    // Variables that would force colours.
    command.env("TERM", "xterm-256color").env("COLORTERM", "truecolor").env("CI", "1");
    command.env_remove("FORCE_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn cpikey(arguments: &[&str]) -> Done {
    Done::new(command(arguments).stdin(Stdio::null()).output().unwrap())
}

fn cpikey_reading(arguments: &[&str], input: &str) -> Done {
    let mut command = command(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program may end without reading everything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Done::new(child.wait_with_output().unwrap())
}

/// A key of the plan `api` with a made-up secret.
fn key() -> String {
    format!(
        r#"{{"oauth":{{"clientid":"sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45","clientsecret":"3f1c9a52-aaaa-4bbb-8ccc-0123456789ab${CANARY}0123456789ABCDEFGHIJKLMNOPQRSTUVW=","url":"https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com","createdate":"2025-07-17T16:39:46.446Z","tokenurl":"https://acme.authentication.eu10.hana.ondemand.com/oauth/token"}}}}"#
    )
}

/// A file that is gone with the directory.
fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("input.json");
    std::fs::write(&path, text).unwrap();
    (directory, path)
}

// --- params

#[test]
fn minimal_parameters_of_cpi_transporter_are_the_example_of_its_guide() {
    let done = cpikey(&["params", "--purpose", "cpi-transporter", "--minimal"]);
    let example = r#"{
  "roles": [
    "WorkspacePackagesEdit",
    "WorkspacePackagesConfigure",
    "WorkspaceArtifactsDeploy",
    "AccessAllAccessPoliciesArtifacts",
    "MonitoringDataRead"
  ]
}
"#;
    assert_eq!((done.stdout.as_str(), done.stderr.as_str(), done.status), (example, "", 0));
}

#[test]
fn the_parameters_of_every_purpose_satisfy_the_broker_and_the_check() {
    for purpose in content::load().purposes.iter().filter(|purpose| purpose.id != CUSTOM) {
        for extent in [&[][..], &["--minimal"]] {
            let done = cpikey(&[&["params", "--purpose", &purpose.id], extent].concat());
            assert_eq!(done.status, 0, "{}", done.stderr);
            let plan = purpose.plan.as_str();
            let faults = schema::faults(&schema::schema(&format!("{plan}-instance")), &done.json());
            assert_eq!(faults, [""; 0], "{}", purpose.id);
            let checked = cpikey_reading(&["params", "--plan", plan, "--check", "-"], &done.stdout);
            assert_eq!(checked.status, 0, "{}", checked.stdout);
        }
    }
}

#[test]
fn every_option_of_params_shows_in_the_json() {
    let done = cpikey(&[
        "params",
        "--role",
        "MonitoringDataRead",
        "--role",
        "MonitoringDataRead",
        "--grant-type",
        "client_credentials",
        "--grant-type",
        "authorization_code",
        "--redirect-uri",
        "https://app.example/cb",
        "--token-validity",
        "7200",
    ]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let expected = serde_json::json!({
        "roles": ["MonitoringDataRead"],
        "grant-types": ["client_credentials", "authorization_code"],
        "redirect-uris": ["https://app.example/cb"],
        "token-validity": 7200
    });
    assert_eq!(done.json(), expected);
    let keys: Vec<String> = done.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["roles", "grant-types", "redirect-uris", "token-validity"]);
}

#[test]
fn the_default_validity_is_left_out_for_each_plan() {
    let validity = |plan: &str, seconds: &str| {
        let done = cpikey(&["params", "--plan", plan, "--role", "MonitoringDataRead", "--token-validity", seconds]);
        done.json().get("token-validity").cloned()
    };
    assert_eq!(validity("api", "43200"), None);
    assert_eq!(validity("api", "3600"), Some(3600.into()));
    assert_eq!(validity("integration-flow", "3600"), None);
}

#[test]
fn parameters_that_the_broker_would_refuse_are_not_printed() {
    for arguments in [
        &["params"][..],
        &["params", "--purpose", "custom"],
        &["params", "--role", "MonitoringDataread"],
        &["params", "--role", "MonitoringDataRead", "--token-validity", "10"],
        &["params", "--role", "MonitoringDataRead", "--grant-type", "client_x509"],
        &["params", "--purpose", "ci-cd", "--plan", "integration-flow"],
        &["params", "--purpose", "nonsense"],
    ] {
        let done = cpikey(arguments);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!done.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_check_names_what_is_wrong_and_where() {
    let (_directory, path) = file("{\n  \"roles\": [\"MonitoringDataread\"],\n  \"token-validty\": 1\n}");
    let done = cpikey(&["params", "--check", path.to_str().unwrap()]);
    assert_eq!(done.status, 2);
    let words = content::load().words;
    let problem_at = |line, column, problem: ExplanationTemplate, facts: &[(&str, &dyn std::fmt::Display)]| {
        let Explanation { what, why, fix } = problem.fill(facts);
        words.parameters().problem_at("error", words.parameters().position(line, column), what, why, fix)
    };
    let role: [(&str, &dyn std::fmt::Display); 2] = [("role", &"MonitoringDataread"), ("meant", &"MonitoringDataRead")];
    let property: [(&str, &dyn std::fmt::Display); 2] = [("name", &"token-validty"), ("meant", &"token-validity")];
    for line in [
        problem_at(2, 13, words.problems().role_misspelled(), &role),
        problem_at(3, 3, words.problems().property_misspelled(), &property),
    ] {
        assert!(done.stdout.lines().any(|printed| printed == line), "{line} in {}", done.stdout);
    }
}

#[test]
fn the_check_as_json_has_codes_places_and_what_was_removed() {
    let text = "```json\n{\"roles\": [\"MonitoringDataread\"]}\n```\n";
    let done = cpikey_reading(&["params", "--check", "-", "--json"], text);
    assert_eq!(done.status, 2);
    let json = done.json();
    assert_eq!((json["schema"].as_u64(), json["valid"].as_bool()), (Some(1), Some(false)));
    assert_eq!(json["removed_wrappers"], serde_json::json!(["code-fence"]));
    assert_eq!(json["parameters"]["roles"], serde_json::json!(["MonitoringDataread"]));
    let problem = &json["problems"][0];
    assert_eq!(problem["code"], "role-misspelled");
    assert_eq!((&problem["severity"], &problem["property"]), (&"error".into(), &"roles".into()));
    assert_eq!((problem["line"].as_u64(), problem["column"].as_u64()), (Some(2), Some(12)));
    for field in ["value", "what", "why", "fix"] {
        assert!(problem[field].is_string(), "{field}");
    }
}

#[test]
fn a_service_key_given_to_the_check_is_recognized() {
    let done = cpikey_reading(&["params", "--check", "-"], &key());
    assert_eq!(done.status, 2);
    assert!(done.stdout.contains(content::load().words.problems().is_service_key().what), "{}", done.stdout);
}

// --- key-params

#[test]
fn key_parameters_leave_out_the_defaults() {
    assert_eq!(cpikey(&["key-params"]).stdout, "{}\n");
    assert_eq!(cpikey(&["key-params", "--type", "certificate"]).stdout, "{\n  \"key-type\": \"certificate\"\n}\n");
    let done = cpikey(&["key-params", "--type", "certificate", "--validity", "90", "--key-length", "4096"]);
    assert_eq!(done.json(), serde_json::json!({"key-type": "certificate", "validity": 90, "key-length": 4096}));
    assert_eq!(schema::faults(&schema::schema("api-key"), &done.json()), [""; 0]);
}

#[test]
fn key_parameters_that_do_not_fit_the_type_or_the_broker_are_refused() {
    for arguments in [
        &["key-params", "--validity", "90"][..],
        &["key-params", "--type", "certificate", "--validity", "366"],
        &["key-params", "--type", "certificate", "--key-length", "2047"],
        &["key-params", "--type", "external"],
        &["key-params", "--type", "jks"],
    ] {
        let done = cpikey(arguments);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
    }
}

#[test]
fn an_external_certificate_goes_in_and_a_private_key_does_not() {
    let own = rcgen::generate_simple_self_signed(vec!["client.example".to_owned()]).unwrap();
    let (_directory, path) = file(&own.cert.pem());
    let path = path.to_str().unwrap();
    let done = cpikey(&["key-params", "--type", "external", "--certificate", path]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(done.json()["X.509"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----\n"));

    let both = format!("{}-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n", own.cert.pem());
    let done = cpikey_reading(&["key-params", "--type", "external", "--certificate", "-"], &both);
    assert_eq!((done.status, done.stdout.as_str()), (2, ""));
    let problem = content::load().words.problems().key_private_key_given().what;
    assert!(done.stderr.contains(problem), "{}", done.stderr);
}

// --- roles

#[test]
fn roles_as_json_have_the_fields_of_the_contract() {
    let listing = cpikey(&["roles", "--json"]).json();
    let roles = listing["roles"].as_array().unwrap();
    assert_eq!(roles.len(), content::load().catalogue.roles.len());
    for role in roles {
        assert!(role["name"].is_string() && role["area"].is_string() && role["allows"].is_string(), "{role}");
        assert!(
            role["scopes"].is_array() && role["sensitive"].is_boolean() && role["everywhere"].is_boolean(),
            "{role}"
        );
    }
}

#[test]
fn roles_are_found_by_purpose_and_by_words() {
    let names = |arguments: &[&str]| -> Vec<String> {
        let listing = cpikey(&[&["roles", "--json"], arguments].concat()).json();
        listing["roles"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&["--purpose", "monitoring"])[0], "MonitoringDataRead");
    assert!(names(&["--search", "payload"]).contains(&"MessagePayloadsRead".to_owned()));
    assert!(names(&["--search", "zzzzzz"]).is_empty());
}

#[test]
fn every_role_can_be_explained_and_a_misspelled_one_gets_a_suggestion() {
    for role in &content::load().catalogue.roles {
        let done = cpikey(&["roles", "explain", &role.name]);
        assert_eq!(done.status, 0);
        assert!(done.stdout.starts_with(&role.name));
    }
    let content = content::load();
    let others = content.flow_roles.iter().map(|role| &role.name).chain(content.grant_types.iter().map(|g| &g.id));
    for name in others {
        let done = cpikey(&["roles", "explain", name]);
        assert_eq!(done.status, 0, "{name}");
        assert!(done.stdout.starts_with(name.as_str()) && done.stdout.lines().count() > 1, "{}", done.stdout);
    }
    let done = cpikey(&["roles", "explain", "WorkspacePackagesRead"]);
    let words = content.words.roles_command();
    for part in [words.persona(), "AuthGroup_ReadOnly", words.covered_by(), "WorkspacePackagesEdit"] {
        assert!(done.stdout.contains(part), "{part} in {}", done.stdout);
    }
    let done = cpikey(&["roles", "explain", "MonitoringRead"]);
    assert_eq!((done.status, done.stdout.as_str()), (2, ""));
    assert!(cpikey(&["roles", "explain", "monitoringdataread"]).stderr.contains("MonitoringDataRead"));
}

#[test]
fn two_purposes_are_compared_role_by_role() {
    let done = cpikey(&["roles", "--purpose", "ci-cd", "--compare", "ci-cd-target"]);
    assert_eq!((done.status, done.stderr.as_str()), (0, ""));
    let content = content::load();
    let words = content.words.roles_command();
    let title = |id: &str| content.purpose(id).unwrap().title.clone();
    let (before, after) = done.stdout.split_once(&words.only(title("ci-cd-target"))).unwrap();
    assert!(before.contains(words.both()) && before.contains("WorkspacePackagesEdit"), "{}", done.stdout);
    assert!(after.contains("WorkspacePackagesRead") && !after.contains("MonitoringDataRead"), "{}", done.stdout);
    assert!(after.contains(&words.covered("WorkspacePackagesEdit", title("ci-cd"))), "{}", done.stdout);
    let object = cpikey(&["roles", "--purpose", "ci-cd", "--compare", "monitoring", "--json"]).json();
    assert_eq!(object["both"][0]["name"], "MonitoringDataRead");
    assert_eq!(object["only_first"].as_array().map(Vec::len), Some(3));
    assert_eq!(object["only_second"], serde_json::json!([]));
    assert_eq!(cpikey(&["roles", "--compare", "ci-cd"]).status, 2);
}

#[test]
fn the_purposes_are_listed_with_what_they_are_for_and_their_roles() {
    let content = content::load();
    let object = cpikey(&["purposes", "--json"]).json();
    assert_eq!(object["schema"], 1);
    let rows = object["purposes"].as_array().unwrap();
    assert_eq!(rows.len(), content.purposes.len());
    for (row, purpose) in rows.iter().zip(content.purposes.iter()) {
        assert_eq!((&row["id"], &row["title"]), (&purpose.id.as_str().into(), &purpose.title.as_str().into()));
        assert_eq!(row["plan"], purpose.plan.as_str());
        assert_eq!(row["roles"], serde_json::json!(purpose.role_names()));
        assert!(["summary", "about", "warning"].iter().all(|field| row[field].is_string()), "{row}");
    }
    let printed = cpikey(&["purposes"]).stdout;
    assert!(printed.lines().all(|line| line.chars().count() <= 80), "{printed}");
    for purpose in content.purposes.iter() {
        let line = printed.lines().find(|line| line.split(' ').next() == Some(&purpose.id)).unwrap();
        assert_eq!(line.split_whitespace().nth(1).unwrap(), purpose.roles.len().to_string(), "{line}");
    }
    let listed = cpikey(&["roles", "--purpose", "guide-2021"]).stdout;
    assert!(listed.starts_with(&content.purpose("guide-2021").unwrap().title), "{listed}");
}

#[test]
fn colours_come_when_they_are_asked_for_and_never_into_json_and_scripts() {
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = command(arguments).envs(variables.iter().copied()).stdin(Stdio::null()).output().unwrap();
        [output.stdout, output.stderr].map(|bytes| bytes.contains(&0x1b))
    };
    let always = ["--color", "always"];
    let forced = [("FORCE_COLOR", "1")];
    for (arguments, coloured) in [
        (&["roles"][..], [true, false]),
        (&["purposes"], [true, false]),
        (&["--help"], [true, false]),
        (&["roles", "explain", "Nonsense"], [false, true]),
        (&["nonsense"], [false, true]),
        (&["roles", "--json"], [false, false]),
        (&["params", "--purpose", "ci-cd"], [false, false]),
        (&["guide"], [false, false]),
        (&["commands", "cf"], [false, false]),
        (&["completions", "bash"], [false, false]),
    ] {
        assert_eq!(run(arguments, &[]), [false, false], "{arguments:?}");
        assert_eq!(run(arguments, &forced), coloured, "{arguments:?}");
        assert_eq!(run(arguments, &[("CLICOLOR_FORCE", "1")]), coloured, "{arguments:?}");
        assert_eq!(run(arguments, &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]), [false, false], "{arguments:?}");
    }
    assert_eq!(run(&[&["roles"][..], &always].concat(), &[("NO_COLOR", "1")]), [true, false]);
    assert_eq!(run(&["roles", "--color=never"], &forced), [false, false]);
    assert_eq!(run(&["params", "--nonsense", "--color=always"], &[]), [false, true]);
}

#[test]
fn options_for_how_it_looks_stand_before_or_after_a_command() {
    let plain = cpikey(&["purposes"]);
    for options in [&["--color", "never"][..], &["--color=never"], &["--theme", "mono"], &["--no-motion"]] {
        for arguments in [[options, &["purposes"]].concat(), [&["purposes"], options].concat()] {
            let done = cpikey(&arguments);
            assert_eq!((done.status, &done.stdout), (0, &plain.stdout), "{arguments:?}: {}", done.stderr);
        }
    }
    for arguments in [["--ascii", "roles"], ["roles", "--ascii"]] {
        assert!(cpikey(&arguments).stdout.is_ascii());
    }
    let coloured = |arguments: &[&str]| command(arguments).stdin(Stdio::null()).output().unwrap().stdout;
    let dark = coloured(&["--color", "always", "--theme", "dark", "roles", "--purpose", "ci-cd"]);
    assert_eq!(dark, coloured(&["roles", "--purpose", "ci-cd", "--color", "always", "--theme", "dark"]));
    assert!(dark.contains(&0x1b));
}

#[test]
fn options_of_the_wizard_before_a_command_are_refused_by_name() {
    for (arguments, option) in [
        (&["--practice", "purposes"][..], "--practice"),
        (&["--color", "never", "--plain", "purposes"], "--plain"),
        (&["--timeout", "5", "test", "key.json"], "--timeout"),
        (&["--clipboard=off", "doctor"], "--clipboard"),
        (&["key.json", "inspect", "key.json"], "KEYFILE"),
    ] {
        let done = cpikey(arguments);
        assert_eq!(done.status, 2, "{arguments:?}");
        let said = Words::default().input().only_for_wizard().fill(&[("option", &option)]).what;
        assert!(done.stderr.contains(&said), "{}", done.stderr);
    }
    let done = cpikey(&["--color", "never", "insepct", "key.json"]);
    assert!(done.status == 2 && done.stderr.contains("Did you mean cpikey inspect?"), "{}", done.stderr);
}

// --- inspect

#[test]
fn inspect_shows_what_is_in_a_key_and_masks_its_secret() {
    let (_directory, path) = file(&key());
    let done = cpikey(&["inspect", path.to_str().unwrap()]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    for part in ["eu10", "it!b45", Words::default().quick_fill().client_secret(), "api", "************"] {
        assert!(done.stdout.contains(part), "{part} in {}", done.stdout);
    }
}

#[test]
fn inspect_as_json_is_one_object_without_the_parts_of_the_network() {
    for arguments in [&["inspect", "--json", "-"][..], &["inspect", "--json"]] {
        let done = cpikey_reading(arguments, &key());
        assert_eq!((done.status, done.stderr.as_str()), (0, ""));
        let report = done.json();
        assert_eq!(report["schema"], 1);
        assert_eq!(report["verdict"], "ready");
        assert_eq!(report["findings"], serde_json::json!([]));
        assert_eq!(report["key"]["form"], "oauth");
        assert_eq!(report["key"]["type"], "client-secret");
        assert_eq!(report["key"]["plan"], "api");
        assert!(["token", "roles", "probes"].iter().all(|part| report.get(part).is_none()));
    }
}

#[test]
fn an_unusable_key_ends_with_2_and_a_finding() {
    let runtime = key().replace("|it!b45", "|it-rt-acme!b45").replace("cpi018.", "cpi018-rt.");
    for (text, verdict) in [
        ("", "bad-key"),
        ("hello", "bad-key"),
        (r#"{"roles":["MonitoringDataRead"]}"#, "bad-key"),
        (&key()[..150], "bad-key"),
        (runtime.as_str(), "wrong-plan"),
    ] {
        let done = cpikey_reading(&["inspect", "--json"], text);
        assert_eq!((done.status, done.stderr.as_str()), (2, ""), "{text}");
        let report = done.json();
        assert_eq!(report["verdict"], verdict, "{text}");
        let finding = &report["findings"][0];
        assert_eq!(finding["severity"], "error");
        assert!(
            ["code", "stage", "title", "cause", "fix"].iter().all(|part| !finding[part].as_str().unwrap().is_empty())
        );
        assert_eq!(cpikey_reading(&["inspect"], text).status, 2, "{text}");
    }
}

// --- test

/// The keys of a practice tenant, which runs until the value is dropped.
fn practice() -> (Practice, impl Fn(&str) -> String) {
    let practice = Practice::start_on_own_thread(&content::load(), Latency::None).unwrap();
    let keys: Vec<(&str, String)> =
        practice.samples().iter().map(|sample| (sample.id(), sample.text.expose().to_owned())).collect();
    (practice, move |id: &str| keys.iter().find(|(known, _)| *known == id).unwrap().1.clone())
}

#[test]
fn a_test_as_json_is_the_object_of_the_contract() {
    let (_practice, key) = practice();
    let done = cpikey_reading(&["test", "--json", "--role", "MonitoringDataRead"], &key("works"));
    assert_eq!((done.status, done.stderr.as_str()), (0, "token server 127.0.0.1\n"), "{}", done.stdout);
    let report = done.json();
    assert_eq!((&report["schema"], &report["verdict"]), (&1.into(), &"ready".into()));
    assert_eq!(report["key"]["type"], "client-secret");
    assert!(report["token"]["expires_in"].is_u64() && report["token"]["scopes"].is_array());
    assert_eq!(report["roles"][0]["role"], "MonitoringDataRead");
    assert_eq!(report["roles"][0]["status"], "granted");
    let probe = &report["probes"][0];
    assert_eq!((&probe["method"], &probe["status"], &probe["outcome"]), (&"GET".into(), &200.into(), &"ok".into()));
    assert!(probe["path"].as_str().unwrap().starts_with("/MessageProcessingLogs"));
}

#[test]
fn every_practice_key_ends_with_the_status_of_its_verdict() {
    let (_practice, key) = practice();
    let purpose = ["--purpose", "cpi-transporter"];
    for (id, verdict, status) in [
        ("works", "ready", 0),
        ("role-missing", "limited", 3),
        ("wrong-secret", "rejected", 3),
        ("wrong-plan", "wrong-plan", 2),
        ("unavailable", "unavailable", 5),
    ] {
        let done = cpikey_reading(&[&["test", "--json"][..], &purpose].concat(), &key(id));
        assert_eq!((done.status, done.json()["verdict"].as_str().unwrap()), (status, verdict), "{}", done.stdout);
        let done = cpikey_reading(&[&["test"][..], &purpose].concat(), &key(id));
        assert_eq!(done.status, status, "{}", done.stdout);
        assert!(done.stdout.contains(verdict), "{}", done.stdout);
        let secret = key(id).split('$').nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(!done.stdout.contains(&secret) && !done.stderr.contains(&secret));
    }
}

#[test]
fn a_missing_role_is_named_with_its_fix() {
    let (_practice, key) = practice();
    let done = cpikey_reading(&["test", "--role", "WorkspacePackagesConfigure"], &key("role-missing"));
    assert_eq!(done.status, 3);
    let finding = done.stdout.split("error: ").nth(1).unwrap();
    assert!(finding.contains("WorkspacePackagesConfigure"), "{}", done.stdout);
}

#[test]
fn a_missing_role_gives_the_corrected_parameters_to_people_and_not_to_scripts() {
    let (_practice, key) = practice();
    let asked = ["--role", "WorkspacePackagesConfigure", "--role", "Nonsense"];
    let done = cpikey_reading(&[&["test"][..], &asked].concat(), &key("role-missing"));
    assert!(done.stdout.contains("evidence, not proof"), "{}", done.stdout);
    let (_, json) = done.stdout.split_once("\n{").unwrap();
    let (json, verdict) = json.split_once("\n}\n").unwrap();
    let parameters: Value = serde_json::from_str(&format!("{{{json}}}")).unwrap();
    // Before the explanation and after everything.
    assert!(verdict.trim_start().starts_with("! limited: "), "{}", done.stdout);
    assert_eq!(done.stdout.matches(verdict.trim()).count(), 2, "{}", done.stdout);
    assert_eq!(parameters["roles"], serde_json::json!(["WorkspacePackagesConfigure"]));
    assert_eq!(schema::faults(&schema::schema("api-instance"), &parameters), [""; 0]);
    let printed = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let done = cpikey_reading(&[&["test", "--json"][..], &asked].concat(), &key("role-missing"));
    for finding in done.json()["findings"].as_array().unwrap() {
        for part in ["title", "cause"] {
            assert!(printed.contains(finding[part].as_str().unwrap()), "{part} of {finding} in {printed}");
        }
    }
    assert!(done.json().get("parameters").is_none() && !done.stdout.contains("grant-types"), "{}", done.stdout);
    let done = cpikey_reading(&["test"], &key("works"));
    assert!(!done.stdout.contains("grant-types"), "{}", done.stdout);
}

#[test]
fn a_tenant_that_is_gone_is_reported_as_unreachable() {
    let (practice, key) = practice();
    let key = key("works");
    let gone = practice.address();
    drop(practice);
    // The port of a listener that is gone refuses connections as soon as the thread has released it.
    while std::net::TcpStream::connect(gone).is_ok() {
        std::thread::yield_now();
    }
    let done = cpikey_reading(&["test", "--json"], &key);
    assert_eq!((done.status, done.json()["verdict"].as_str().unwrap()), (4, "unreachable"));
}

#[test]
fn nothing_is_sent_to_an_unknown_host_unless_it_is_allowed() {
    // A port without a listener would end with another status.
    let key = key().replace("acme.authentication.eu10.hana.ondemand.com", "login.invalid");
    for arguments in [&["test"][..], &["test", "--json"], &["test", "--allow-host", "other.invalid"]] {
        let done = cpikey_reading(arguments, &key);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(done.stderr.starts_with("token server login.invalid\n"), "{}", done.stderr);
        assert!(done.stderr.contains("--allow-host login.invalid"), "{}", done.stderr);
    }
    let done = cpikey_reading(&["test", "--json", "--timeout", "3", "--allow-host", "LOGIN.invalid"], &key);
    assert_ne!(done.status, 2, "{}", done.stderr);
    assert_eq!(done.json()["token"], Value::Null);
}

#[test]
fn options_of_the_network_that_cannot_be_used_are_usage_errors() {
    let (_directory, path) = file(&key());
    let path = path.to_str().unwrap();
    for arguments in [
        &["test", path, "--ca-file", "/nowhere/ca.pem"][..],
        &["test", path, "--proxy", "ftp://proxy.example"],
        &["test", path, "--timeout", "soon"],
        &["test", path, "--client-key", "/nowhere/key.pem"],
        &["test", "-", "--client-key", "-"],
    ] {
        let done = cpikey(arguments);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!done.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn an_external_certificate_needs_its_own_private_key() {
    let own = rcgen::generate_simple_self_signed(vec!["client.example".to_owned()]).unwrap();
    let mut key: Value = serde_json::from_str(&key()).unwrap();
    let fields = key["oauth"].as_object_mut().unwrap();
    fields.remove("clientsecret");
    fields.insert("certificate".to_owned(), own.cert.pem().into());
    let code = |arguments: &[&str]| {
        let done = cpikey_reading(&[&["test", "--json", "-"], arguments].concat(), &key.to_string());
        assert_eq!(done.status, 2, "{}", done.stdout);
        done.json()["findings"][0]["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code(&[]), "private-key-missing");
    let (_directory, other) = file(&rcgen::KeyPair::generate().unwrap().serialize_pem());
    assert_eq!(code(&["--client-key", other.to_str().unwrap()]), "certificate-key-mismatch");
}

#[test]
fn a_text_without_a_key_is_not_sent_anywhere() {
    let done = cpikey_reading(&["test", "--json"], r#"{"roles":["MonitoringDataRead"]}"#);
    assert_eq!((done.status, done.json()["verdict"].as_str().unwrap()), (2, "bad-key"));
    assert!(done.json().get("probes").is_none());
}

// --- input and output

#[test]
fn a_secret_as_an_argument_is_refused_and_not_repeated() {
    for arguments in [
        &["test", &key()][..],
        &["inspect", &key()],
        &[&key()],
        &["test", "key.json", &format!("--secret={CANARY}")],
        &["test", "key.json", "--client-secret", CANARY],
        &["test", "key.json", "--proxy", &format!("http://me:{CANARY}@proxy.example:8080")],
    ] {
        let done = cpikey(arguments);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""));
        let words = content::load().words.guard();
        let said = [words.key(), words.option(), words.address()].map(|template| template.why);
        let printed = done.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.iter().any(|why| printed.contains(why)), "{}", done.stderr);
    }
}

#[test]
fn the_problem_of_an_unreadable_file_names_it() {
    let done = cpikey(&["inspect", "/nowhere/key.json"]);
    assert_eq!((done.status, done.stdout.as_str()), (2, ""));
    assert!(done.stderr.contains("/nowhere/key.json"));
    assert_eq!(cpikey(&["inspect", "/"]).status, 2);
}

#[test]
fn a_huge_input_is_refused() {
    let done = cpikey_reading(&["inspect", "--json"], &"x".repeat(300 * 1024));
    assert_eq!(done.status, 2);
    assert_eq!(done.json()["findings"][0]["code"], "key-too-large");
    // No more than the limit is read, so its size is unknown.
    assert_eq!(done.json()["findings"][0]["evidence"], content::load().words.facts().too_large(256));
}

// --- the rest

#[test]
fn without_a_terminal_the_wizard_names_the_commands() {
    let done = cpikey(&[]);
    assert_eq!((done.status, done.stdout.as_str()), (2, ""));
    for name in ["terminal", "params", "inspect", "test"] {
        assert!(done.stderr.contains(name), "{}", done.stderr);
    }
}

#[test]
fn usage_errors_end_with_2_and_help_with_0() {
    for arguments in [&["nonsense"][..], &["params", "--nonsense"], &["test", "a", "b"], &["test", "--timeout", "0"]] {
        assert_eq!(cpikey(arguments).status, 2, "{arguments:?}");
    }
    for arguments in [&["--help"][..], &["--version"], &["test", "--help"]] {
        let done = cpikey(arguments);
        assert_eq!((done.status, done.stderr.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn the_long_version_says_commit_and_features() {
    let said = cpikey(&["--version"]).stdout;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].ends_with(env!("CARGO_PKG_VERSION")) && lines[1].starts_with("commit: "), "{said}");
    assert_eq!(lines[2].contains("keyring"), cfg!(feature = "keyring"), "{said}");
    assert_eq!(cpikey(&["-V"]).stdout.lines().count(), 1);
}

#[test]
fn control_characters_in_arguments_are_not_repeated_to_the_terminal() {
    for control in ["\u{9b}31m", "\u{9d}0;title\u{9c}", "\u{85}", "\u{1b}[31m", "\u{7}", "\u{202e}"] {
        let bad = format!("x{control}y");
        let option = format!("--{bad}");
        for arguments in [&["test", "--purpose", &bad][..], &["test", &option], &[&bad], &["systems", &bad]] {
            let done = cpikey(arguments);
            assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
            let left = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!done.stderr.contains(left), "{:?}", done.stderr);
            assert!(done.stderr.contains("Usage: ") || done.stderr.contains("--help"), "{:?}", done.stderr);
        }
    }
}

#[test]
fn the_guide_is_markdown_with_the_chosen_values() {
    let all = cpikey(&["guide"]).stdout;
    assert!(all.contains("CPITransporter_API_Access") && all.contains("\"WorkspacePackagesEdit\""));
    let page = cpikey(&["guide", "create", "--purpose", "ci-cd", "--instance", "my-instance"]).stdout;
    assert!(page.starts_with("# ") && page.contains("`my-instance`"), "{page}");
    assert!(!page.contains("AccessAllAccessPoliciesArtifacts"));
    for step in ["purpose", "plan", "instance", "roles", "create", "key", "quick-fill", "test", "hand-over"] {
        assert_eq!(cpikey(&["guide", step]).status, 0, "{step}");
    }
    assert_eq!(cpikey(&["guide", "nonsense"]).status, 2);
    assert_eq!(cpikey(&["guide", "create", "--instance", "not a name"]).status, 2);
}

#[test]
fn the_guide_answers_a_question() {
    let done = cpikey(&["guide", "--search", "You have not provisioned a tenant for Process Integration service"]);
    assert_eq!(done.status, 0);
    assert!(done.stdout.starts_with("- **") && done.stdout.contains("cpikey guide create-instance"), "{}", done.stdout);
    let nothing = cpikey(&["guide", "--search", "zebra"]);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (0, ""));
    assert!(nothing.stderr.starts_with("cpikey: "), "{}", nothing.stderr);
}

#[test]
fn the_guide_leaves_no_variable_unfilled() {
    for purpose in content::PURPOSES {
        let guide = cpikey(&["guide", "--purpose", purpose]).stdout;
        for variable in cpikey::domain::sap::guide::Variable::ALL {
            let name = variable.as_str();
            assert!(!guide.contains(&format!("{{{name}}}")), "{name} in {purpose}");
        }
    }
}

#[test]
fn manual_and_completions_name_every_command() {
    let manual = cpikey(&["man"]).stdout;
    let offered = cpikey(&["complete", "1", "--", "cpikey", ""]).stdout;
    for name in
        ["roles", "purposes", "params", "key-params", "inspect", "test", "export", "guide", "completions", "man"]
    {
        assert!(manual.contains(&format!("CPIKEY {}", name.to_uppercase())), "{name}");
        assert!(offered.lines().any(|line| line.split('\t').next() == Some(name)), "{name} in {offered}");
    }
}

#[test]
fn help_and_version_are_words_too() {
    for (words, option) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "systems", "test"], &["systems", "test", "--help"]),
        (&["version"], &["--version"]),
    ] {
        let done = cpikey(words);
        assert_eq!((done.status, &done.stdout), (0, &cpikey(option).stdout), "{words:?}");
    }
}

#[test]
fn an_unknown_option_is_not_suggested_as_a_value() {
    for arguments in [["--foo"].as_slice(), &["guide", "--json"], &["roles", "explain", "MonitoringDataRead", "--json"]]
    {
        let done = cpikey(arguments);
        assert_eq!(done.status, 2);
        assert!(!done.stderr.contains("'-- --"), "{}", done.stderr);
    }
    assert!(cpikey(&["test", "--systm"]).stderr.contains("'--system'"));
}

#[test]
fn what_was_probably_meant_is_said_with_every_error_about_the_arguments() {
    for (arguments, tip) in [
        (&["roles", "MonitoringDataRead"][..], "cpikey roles explain MonitoringDataRead"),
        (&["systems", "dev"], "cpikey systems show dev"),
        (&["params", "monitoring"], "cpikey params --purpose monitoring"),
        (&["systems", "test"], "--all"),
    ] {
        let done = cpikey(arguments);
        assert_eq!(done.status, 2, "{arguments:?}");
        assert!(done.stderr.starts_with("cpikey: ") && done.stderr.contains(tip), "{}", done.stderr);
    }
}

#[test]
fn a_number_that_cannot_be_used_is_refused_with_what_can() {
    for (arguments, limits) in [
        (&["test", "--timeout", "0"][..], Some(["1", "3600"])),
        (&["test", "--timeout", "soon"], Some(["1", "3600"])),
        (&["systems", "test", "--all", "--warn-days", "x"], Some(["1", "3650"])),
        (&["create", "--wait", "x"], Some(["1", "86400"])),
        (&["params", "--token-validity", "x"], None),
    ] {
        let done = cpikey(arguments);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
        let words = Words::default().input();
        let said = limits.map_or(words.whole_number().to_owned(), |[least, most]| words.number_within(least, most));
        assert!(done.stderr.contains(&said), "{}", done.stderr);
    }
}

#[test]
fn the_manual_describes_what_every_command_has_only_once() {
    let page = cpikey(&["man"]).stdout;
    for option in ["color", "theme", "ascii", r"no\-motion"] {
        assert_eq!(
            page.lines().filter(|line| line.starts_with(&format!(r"\fB\-\-{option}\fR"))).count(),
            1,
            "{option}"
        );
    }
}
