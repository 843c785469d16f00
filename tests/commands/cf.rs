//! Scripts for sh: checked by shellcheck, and run with a fake `cf`.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use cpikey::domain::handover::{
    choices::Choices,
    commands::{Shell, Task, Tool, code::fold, render},
};
use serde_json::{Value, json};

use super::{bare, choices};

const CANARY: &str = "canary7f3a";

/// A folder with a fake `cf`, in which the scripts are run.
struct Bench {
    folder: tempfile::TempDir,
}

/// How a script ended.
struct Ended {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Bench {
    fn new(version: u8) -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["bin", "state/keys", "work", "tmp"] {
            fs::create_dir_all(bench.path(folder)).unwrap();
        }
        bench.program("cf", include_str!("fake_cf.sh"));
        // Waiting is not under test.
        bench.program("sleep", "#!/bin/sh\n");
        bench.write("state/version", &version.to_string());
        bench.write("state/api", "https://api.cf.eu10-003.hana.ondemand.com");
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn with_instance(self, state: &str, plan: &str) -> Self {
        self.write("state/instance", state);
        self.write("state/service", "it-rt");
        self.write("state/plan", plan);
        self
    }

    fn with_key(self, name: &str) -> Self {
        self.write(&format!("state/keys/{name}"), "3f1c9a52-0000-4000-8000-0123456789ab\n");
        self
    }

    fn run(&self, choices: &Choices, task: Task, typed: &str) -> Ended {
        self.run_script(&render(choices, Tool::Cf, Shell::Sh, task, cpikey::words::Words::default()), typed)
    }

    fn run_script(&self, script: &str, typed: &str) -> Ended {
        self.write("script.sh", script);
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let mut child = Command::new("sh")
            .arg(self.path("script.sh"))
            .current_dir(self.path("work"))
            .env("PATH", path)
            .env("FAKE_CF", self.path("state"))
            .env("TMPDIR", self.path("tmp"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A script that does not prompt does not read it.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ended =
            Ended { status: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) };
        assert!(!ended.stdout.contains(CANARY) && !ended.stderr.contains(CANARY), "the secret was printed");
        assert_eq!(fs::read_dir(self.path("tmp")).unwrap().count(), 0, "files are left behind");
        ended
    }

    /// The calls of cf that change something.
    fn changes(&self) -> Vec<String> {
        let log = fs::read_to_string(self.path("state/log")).unwrap_or_default();
        let words = ["create-", "update-", "delete-"];
        log.lines()
            .filter(|line| words.iter().any(|word| line.starts_with(word)))
            .map(|line| {
                // The location of temporary files depends on the system.
                let word = |word: &str| word.rsplit('/').next().map(str::to_owned);
                line.split(' ').filter_map(word).collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path(name)).unwrap()).unwrap()
    }
}

#[test]
fn shellcheck_finds_nothing_in_any_script() {
    if Command::new("shellcheck").arg("--version").stdout(Stdio::null()).status().is_err() {
        assert!(std::env::var_os("CPIKEY_REQUIRE_ALL").is_none(), "shellcheck is not installed");
        eprintln!("skipped: shellcheck is not installed");
        return;
    }
    for choices in [choices(), bare()] {
        for tool in [Tool::Cf, Tool::Btp] {
            for task in Task::ALL {
                // SC2016 warns about every dollar sign in single quotes; those in the name of the space are intended.
                let mut shellcheck = Command::new("shellcheck");
                let mut child = shellcheck
                    .args([
                        "--shell=sh",
                        "--enable=quote-safe-variables,check-extra-masked-returns",
                        "--exclude=SC2016",
                        "-",
                    ])
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .spawn()
                    .unwrap();
                let text = render(&choices, tool, Shell::Sh, task, cpikey::words::Words::default());
                child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
                let output = child.wait_with_output().unwrap();
                let found = String::from_utf8_lossy(&output.stdout);
                assert!(output.status.success(), "{tool:?} {task:?}: {found}");
            }
        }
    }
}

#[test]
fn an_instance_and_its_key_are_created_and_the_key_is_json() {
    for version in [6, 8] {
        let bench = Bench::new(version);
        let ended = bench.run(&choices(), Task::Create, "");
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""), "cf {version}: {}", ended.stdout);
        let wait = if version == 6 { "" } else { " --wait" };
        assert_eq!(
            bench.changes(),
            [
                format!("create-service it-rt api cpi-api -c parameters.json{wait}"),
                format!("create-service-key cpi-api cpi-key -c key.json{wait}")
            ]
        );
        assert_eq!(
            bench.json("state/sent-parameters.json"),
            json!({
                "roles": ["MonitoringDataRead", "WorkspacePackagesRead"],
                "grant-types": ["client_credentials"],
                "redirect-uris": []
            })
        );
        assert_eq!(bench.json("state/sent-key.json"), json!({}));
        assert_eq!(bench.json("work/cpi-key.json")["oauth"]["clientid"], "sb-cpi-key", "cf {version}");
        let mode = fs::metadata(bench.path("work/cpi-key.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

/// A script as it is selected on a screen of this width.
fn selected(script: &str, width: usize) -> String {
    let lines = fold(script, Tool::Cf.language(Shell::Sh), width);
    lines.into_iter().map(|line| line.text.trim_end().to_owned() + "\n").collect()
}

#[test]
fn a_script_that_is_selected_on_the_screen_does_the_same() {
    for (task, typed) in
        [(Task::Create, ""), (Task::Update, ""), (Task::Rotate, "cpi-key\n"), (Task::Delete, "cpi-api\n")]
    {
        let bench = || {
            let bench = Bench::new(8);
            if task == Task::Create {
                bench
            } else {
                bench.with_instance("create succeeded", "api").with_key("cpi-key")
            }
        };
        let script = render(&choices(), Tool::Cf, Shell::Sh, task, cpikey::words::Words::default());
        let whole = bench();
        let expected = whole.run_script(&script, typed);
        assert_eq!(expected.status, 0, "{task:?}: {}", expected.stderr);
        for width in [76, 96, 116] {
            let folded = selected(&script, width);
            let wide: Vec<&str> = folded.lines().filter(|line| line.chars().count() > width).collect();
            assert!(wide.is_empty(), "{task:?} {width}: {wide:#?}");
            let bench = bench();
            let ended = bench.run_script(&folded, typed);
            assert_eq!((ended.status, &ended.stdout), (0, &expected.stdout), "{task:?} {width}: {}", ended.stderr);
            assert_eq!(bench.changes(), whole.changes(), "{task:?} {width}");
        }
    }
}

#[test]
fn org_and_space_reach_cf_unchanged() {
    let bench = Bench::new(8);
    bench.run(&choices(), Task::Create, "");
    let log = fs::read_to_string(bench.path("state/log")).unwrap();
    assert!(log.contains("target -o R&D -s it's \"dev\" $HOME `id` ${x}\n"), "{log}");
}

#[test]
fn a_certificate_is_asked_for_with_its_parameters() {
    let bench = Bench::new(8);
    assert_eq!(bench.run(&bare(), Task::Create, "").status, 0);
    assert_eq!(bench.json("state/sent-key.json"), json!({"key-type": "certificate", "validity": 90}));
}

#[test]
fn an_old_cf_is_waited_for() {
    let bench = Bench::new(6);
    bench.write("state/busy", "3");
    // The instance exists and is busy when the script starts, and for a while after its update.
    let bench = bench.with_instance("create succeeded", "api");
    let ended = bench.run(&choices(), Task::Update, "");
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    assert_eq!(fs::read_to_string(bench.path("state/busy")).unwrap().trim(), "0");
}

#[test]
fn an_instance_that_exists_gets_the_roles_instead_of_a_silent_ok() {
    for version in [6, 8] {
        let bench = Bench::new(version).with_instance("create succeeded", "api").with_key("other");
        let ended = bench.run(&choices(), Task::Create, "");
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        let changes = bench.changes();
        assert!(changes[0].starts_with("update-service cpi-api -c parameters.json"), "{changes:?}");
        assert!(changes[1].starts_with("create-service-key cpi-api cpi-key"), "{changes:?}");
        assert!(ended.stdout.contains("already exists"), "{}", ended.stdout);
        assert!(bench.json("state/sent-parameters.json")["roles"].is_array());
    }
}

#[test]
fn a_key_that_exists_is_read_and_not_made_again() {
    let bench = Bench::new(8).with_instance("create succeeded", "api").with_key("cpi-key");
    assert_eq!(bench.run(&choices(), Task::Create, "").status, 0);
    assert!(!bench.changes().iter().any(|line| line.starts_with("create-service-key")));
    assert!(bench.path("work/cpi-key.json").exists());
}

/// Runs that must end before anything is changed.
#[track_caller]
fn refused(bench: &Bench, choices: &Choices, task: Task, said: &str) {
    let ended = bench.run(choices, task, "");
    assert_eq!(ended.status, 1, "{}", ended.stdout);
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
    assert_eq!(bench.changes(), [""; 0]);
}

#[test]
fn nothing_is_changed_if_something_is_not_as_expected() {
    let wrong_plan = Bench::new(8).with_instance("create succeeded", "integration-flow");
    for task in [Task::Create, Task::Update, Task::Delete] {
        refused(&wrong_plan, &choices(), task, "with the plan api");
    }
    let empty = Bench::new(8);
    for task in [Task::Update, Task::Delete] {
        refused(&empty, &choices(), task, "There is no instance cpi-api");
    }
    refused(&empty, &choices(), Task::Rotate, "There is no key cpi-key");
    refused(&empty, &Choices { org: "Other".to_owned(), ..choices() }, Task::Create, "no such org");
    empty.write("work/cpi-key.json", "{}");
    refused(&empty, &choices(), Task::Create, "The file cpi-key.json already exists");

    let elsewhere = Bench::new(8);
    elsewhere.write("state/api", "https://api.cf.eu10.hana.ondemand.com");
    refused(&elsewhere, &choices(), Task::Create, "cf login --sso -a https://api.cf.eu10-003.hana.ondemand.com");
    let logged_out = Bench::new(8);
    logged_out.write("state/logged-out", "");
    refused(&logged_out, &bare(), Task::Create, "cf login --sso");
}

#[test]
fn an_instance_whose_creation_failed_is_created_again() {
    let bench = Bench::new(8).with_instance("create failed", "api");
    let ended = bench.run(&choices(), Task::Create, "");
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("created again"), "{}", ended.stdout);
    let changes = bench.changes().join("\n");
    assert!(changes.contains("create-service it-rt api cpi-api") && !changes.contains("delete"), "{changes}");
    assert!(changes.contains("create-service-key"), "{changes}");
    // An older Cloud Foundry keeps the failed instance, and then there is no key.
    let older = Bench::new(6).with_instance("create failed", "api");
    let ended = older.run(&choices(), Task::Create, "");
    assert!(ended.status == 1 && ended.stderr.contains("could not be created"), "{}", ended.stderr);
    assert!(!older.changes().join("\n").contains("create-service-key"));
}

#[test]
fn a_creation_that_fails_makes_no_key() {
    for version in [6, 8] {
        let bench = Bench::new(version);
        bench.write("state/broker-refuses", "");
        let ended = bench.run(&choices(), Task::Create, "");
        assert_eq!(ended.status, 1);
        assert!(ended.stderr.contains("could not be created"), "{}", ended.stderr);
        assert_eq!(bench.changes().len(), 1);
    }
}

#[test]
fn updating_changes_nothing_but_the_instance() {
    let bench = Bench::new(8).with_instance("create succeeded", "api").with_key("cpi-key");
    let ended = bench.run(&choices(), Task::Update, "");
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    assert_eq!(bench.changes(), ["update-service cpi-api -c parameters.json --wait"]);
}

#[test]
fn the_old_key_is_deleted_only_when_its_name_is_typed() {
    for version in [6, 8] {
        let bench = Bench::new(version).with_instance("create succeeded", "api").with_key("cpi-key");
        for typed in ["", "\n", "yes\n", "cpi-key-2\n"] {
            let ended = bench.run(&choices(), Task::Rotate, typed);
            assert_eq!(ended.status, 0, "{}", ended.stderr);
            assert!(bench.path("state/keys/cpi-key").exists() && bench.path("state/keys/cpi-key-2").exists());
        }
        assert_eq!(bench.json("work/cpi-key-2.json")["oauth"]["clientid"], "sb-cpi-key-2");
        assert_eq!(bench.changes().len(), 1, "the second key is made once");
        assert_eq!(bench.run(&choices(), Task::Rotate, "cpi-key\n").status, 0);
        assert!(!bench.path("state/keys/cpi-key").exists() && bench.path("state/keys/cpi-key-2").exists());
    }
}

#[test]
fn deleting_lists_every_key_that_is_lost_and_asks_for_the_name() {
    for version in [7, 8] {
        let bench = Bench::new(version).with_instance("create succeeded", "api").with_key("cpi-key").with_key("other");
        for typed in ["", "y\n", "cpi\n"] {
            let ended = bench.run(&choices(), Task::Delete, typed);
            assert_eq!(ended.status, 1);
            assert!(ended.stdout.contains("cpi-key\nother\n"), "{}", ended.stdout);
            assert!(ended.stderr.contains("Nothing was deleted"), "{}", ended.stderr);
            assert_eq!(bench.changes(), [""; 0]);
        }
        assert_eq!(bench.run(&choices(), Task::Delete, "cpi-api\n").status, 0);
        assert!(!bench.path("state/instance").exists());
    }
    let old = Bench::new(6).with_instance("create succeeded", "api").with_key("cpi-key").with_key("other");
    let ended = old.run(&choices(), Task::Delete, "cpi-api\n");
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.contains("refuses while there are keys"), "{}", ended.stderr);
    assert!(Path::new(&old.path("state/instance")).exists() && old.path("state/keys/other").exists());
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn every_name_reaches_the_shell_unchanged(names in proptest::collection::vec("[-a '\"$`\\\\!;&|()\n\t\u{e4}]{1,12}", 4)) {
        let choices = Choices {
            instance: names[0].clone(),
            key: names[1].clone(),
            org: names[2].clone(),
            space: names[3].clone(),
            ..choices()
        };
        let script = render(&choices, Tool::Cf, Shell::Sh, Task::Create, cpikey::words::Words::default());
        // The assignments, and the call of cf that has the place in it, with a cf that prints its arguments.
        let assigned = |start: &str, end: &str| {
            let at = script.find(start).unwrap();
            script[at..].split(end).next().unwrap().to_owned()
        };
        let test = format!(
            "cf() {{ printf '%s\\0' \"$@\"; }}\n{}\n{}\n{}\ncf \"$instance\" \"$key\"",
            assigned("instance=", "\nendpoints="),
            assigned("key=", "\ncat >"),
            assigned("cf target -o", " || stop \"$lost\"")
        );
        let output = Command::new("sh").args(["-c", &test]).output().unwrap();
        proptest::prop_assert!(output.stderr.is_empty(), "{:?}", output);
        let text = String::from_utf8(output.stdout).unwrap();
        let seen: Vec<&str> = text.split_terminator('\0').collect();
        proptest::prop_assert_eq!(seen, ["target", "-o", &names[2], "-s", &names[3], &names[0], &names[1]]);
    }
}
