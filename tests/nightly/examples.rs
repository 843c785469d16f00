//! The files of `docs/nightly`: their commands work as written, without a home directory and without a keyring.

use std::{
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use clap::Parser as _;
use cpikey::cli::Cli;
use saphyr::{LoadableYamlNode as _, Yaml};

use crate::{
    created,
    harness::{practice, refuse_secrets},
    readers,
};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(docs().join(name)).unwrap()
}

/// A node of a document, addressed by names and indexes.
fn at<'a>(yaml: &'a Yaml<'a>, path: &str) -> &'a Yaml<'a> {
    path.split('/').fold(yaml, |node, step| {
        let found = match step.parse::<usize>() {
            Ok(index) => node.as_sequence().and_then(|items| items.get(index)),
            Err(_) => node.as_mapping_get(step),
        };
        found.unwrap_or_else(|| panic!("{step} of {path}"))
    })
}

fn string<'a>(yaml: &'a Yaml<'a>, path: &str) -> &'a str {
    at(yaml, path).as_str().unwrap_or_else(|| panic!("{path} is no text"))
}

/// A CI machine: `cpikey` on the path beside the system's programs, `curl` and `cargo` that only record that they
/// were run, no home directory, no keyring.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let bin = directory.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        symlink(env!("CARGO_BIN_EXE_cpikey"), bin.join("cpikey")).unwrap();
        for name in ["curl", "cargo"] {
            let path = bin.join(name);
            std::fs::write(&path, format!("#!/bin/sh\necho {name} \"$@\"\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self(directory)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Writes files with any names.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        self.path(name)
    }

    /// Runs a script like the CI runners: every line must succeed.
    fn run(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new("bash");
        command.args(["-e", "-c", script]).env_clear().current_dir(self.0.path());
        command.env("PATH", format!("{}:/usr/bin:/bin", self.path("bin"))).envs(variables.iter().copied());
        let output = command.output().unwrap();
        for stream in [&output.stdout, &output.stderr] {
            refuse_secrets(&String::from_utf8_lossy(stream));
        }
        output
    }
}

fn new(key: &str) -> String {
    created(key, &jiff::Timestamp::now().to_string())
}

#[test]
fn the_workflow_of_github_writes_the_keys_tests_them_and_deletes_them() {
    let (_practice, key) = practice();
    let (good, poor) = (new(&key("works")), new(&key("role-missing")));
    let workflow = text("nightly/github.yml");
    let workflow = Yaml::load_from_str(&workflow).unwrap();
    let steps = at(&workflow[0], "jobs/test/steps").as_sequence().unwrap();
    for (prod, status) in [(&good, 0), (&poor, 3)] {
        let machine = Machine::new();
        let summary = machine.file("summary.md", "");
        let (temp, mut seen) = (machine.path("temp"), Vec::new());
        std::fs::create_dir(&temp).unwrap();
        for step in steps {
            let mut variables = vec![
                ("RUNNER_TEMP", temp.as_str()),
                ("GITHUB_STEP_SUMMARY", summary.as_str()),
                ("GITHUB_ACTIONS", "true"),
            ];
            let secrets = step.as_mapping_get("env").and_then(|env| env.as_mapping());
            for (name, value) in secrets.into_iter().flatten() {
                let key = match value.as_str().unwrap() {
                    "${{ secrets.CPI_KEY_DEV }}" => &good,
                    "${{ secrets.CPI_KEY_PROD }}" => prod,
                    other => panic!("{other}"),
                };
                assert!(!string(step, "run").contains("cpikey"), "no secret is in the environment of cpikey");
                variables.push((name.as_str().unwrap(), key));
            }
            let output = machine.run(string(step, "run"), &variables);
            let is_test = string(step, "run").contains("cpikey systems test");
            assert_eq!(output.status.code(), Some(if is_test { status } else { 0 }), "{output:?}");
            seen.push(String::from_utf8(output.stdout).unwrap());
            let keys = Path::new(&temp).join("keys");
            if keys.exists() {
                assert_eq!(keys.metadata().unwrap().permissions().mode() & 0o077, 0, "for the owner only");
            }
        }
        assert!(!Path::new(&temp).join("keys").exists(), "the files are gone");
        assert_eq!(seen.concat().contains("::error title=prod"), status == 3, "{seen:?}");
        assert!(std::fs::read_to_string(&summary).unwrap().contains("| prod |"));
    }
}

#[test]
fn the_job_of_gitlab_makes_the_report_that_it_names() {
    let (_practice, key) = practice();
    let pipeline = text("nightly/gitlab.yml");
    let pipeline = Yaml::load_from_str(&pipeline).unwrap();
    let report = string(&pipeline[0], "api-keys/artifacts/reports/junit");
    let script = at(&pipeline[0], "api-keys/script").as_sequence().unwrap();
    for (prod, status) in [("works", 0), ("wrong-secret", 3)] {
        let machine = Machine::new();
        // The value of a variable of the type File is the path of a file.
        let (dev, prod) =
            (machine.file("tmp/CPI_KEY_DEV", &new(&key("works"))), machine.file("tmp/CPI_KEY_PROD", &new(&key(prod))));
        for command in script {
            let output = machine.run(command.as_str().unwrap(), &[("CPI_KEY_DEV", &dev), ("CPI_KEY_PROD", &prod)]);
            assert_eq!(output.status.code(), Some(status), "{output:?}");
        }
        let Some(read) = readers::junit(&std::fs::read_to_string(machine.path(report)).unwrap()) else { return };
        assert_eq!(read["failures"], i32::from(status == 3), "{read:#}");
    }
}

#[test]
fn the_job_of_kubernetes_pushes_what_it_has_found_and_ends_as_the_test() {
    let (_practice, key) = practice();
    let job = text("nightly/kubernetes.yaml");
    let job = Yaml::load_from_str(&job).unwrap();
    let pod = at(&job[0], "spec/jobTemplate/spec/template/spec");
    assert_eq!(at(pod, "securityContext/runAsNonRoot").as_bool(), Some(true));
    let container = at(pod, "containers/0");
    assert_eq!(at(container, "securityContext/readOnlyRootFilesystem").as_bool(), Some(true));
    assert_eq!(string(container, "command/0"), "/bin/sh");
    for (prod, status) in [("works", 0), ("unavailable", 5)] {
        let machine = Machine::new();
        machine.file("keys/dev.json", &new(&key("works")));
        machine.file("keys/prod.json", &new(&key(prod)));
        std::fs::create_dir(machine.path("metrics")).unwrap();
        let mut script = string(container, "args/0").to_owned();
        for mount in at(container, "volumeMounts").as_sequence().unwrap() {
            let path = string(mount, "mountPath");
            script = script.replace(&format!(" {path}"), &format!(" {}", machine.path(&path[1..])));
        }
        // The shell of this job continues after a failure, unlike the others.
        let output = machine.run(&format!("set +e\n{script}"), &[("PUSHGATEWAY", "http://pushgateway:9091")]);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        let pushed = String::from_utf8(output.stdout).unwrap();
        assert!(
            pushed.starts_with("curl ") && pushed.trim_end().ends_with("http://pushgateway:9091/metrics/job/cpikey")
        );
        let metrics = std::fs::read_to_string(machine.path("metrics/cpikey.prom")).unwrap();
        assert!(metrics.contains(&format!("cpikey_run_exit_status {status}\n")), "{metrics}");
        let rules = text("nightly/alerts.yml");
        let known: Vec<&str> =
            metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
        let named = rules.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| word.starts_with("cpikey_"));
        // No key of the practice tenant has a certificate.
        let unknown: Vec<&str> =
            named.filter(|name| !known.contains(name) && !name.contains("_certificate_")).collect();
        assert_eq!(unknown, [""; 0], "metrics in alerts.yml that do not exist");
    }
}

#[test]
fn every_command_in_the_page_can_be_parsed_and_no_file_holds_a_secret() {
    let page = text("nightly.md");
    let calls: Vec<&str> = page.lines().filter(|line| line.starts_with("cpikey ")).collect();
    assert!(calls.len() > 4, "{calls:?}");
    for call in calls {
        Cli::try_parse_from(call.split_whitespace()).unwrap_or_else(|error| panic!("{call}: {error}"));
    }
    for file in std::fs::read_dir(docs().join("nightly")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("clientsecret") && !text.contains("BEGIN"), "{path:?}");
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(page.contains(&format!("(nightly/{name})")), "{name} is not on the page");
    }
}

#[test]
fn without_a_home_directory_key_files_work_and_saved_systems_say_why_not() {
    let (_practice, key) = practice();
    let machine = Machine::new();
    machine.file("keys/dev.json", &new(&key("works")));
    let output = machine.run("cpikey systems test --key-dir keys", &[("HOME", "/nonexistent")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = machine.run("cpikey systems test dev", &[("HOME", "/nonexistent")]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}
