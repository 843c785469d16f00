//! Programs and libraries that read the files as their consumers do.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use saphyr::{LoadableYamlNode as _, Yaml};
use serde_json::Value;

use super::missing;

/// The reader of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// serde_json; places are JSON pointers.
    Json,
    /// saphyr and PyYAML; places are JSON pointers.
    Yaml,
    /// The same, then `$` as interpreted by compose.
    Compose,
    /// The npm package dotenv; places are names.
    Dotenv,
    /// The PyPI package javaproperties; places are keys.
    Properties,
    /// sh; places are names of exported variables, followed by a JSON pointer if the value is JSON.
    Sh,
    /// hcl-rs; places are JSON pointers.
    Hcl,
    /// A person; places are labels.
    Form,
}

/// A file and the requested places in it.
pub struct Job {
    /// The contents of the file.
    pub text: String,
    /// The places to read.
    pub places: Vec<&'static str>,
}

impl Reader {
    /// The values of each job, `None` if the reader is missing. Programs are started once for all jobs.
    pub fn read(self, jobs: &[Job]) -> Option<Vec<Vec<String>>> {
        let each = |read: &dyn Fn(&Job) -> Vec<String>| Some(jobs.iter().map(read).collect());
        match self {
            Reader::Json => each(&|job| pointed(&serde_json::from_str(&job.text).unwrap(), &job.places)),
            Reader::Hcl => each(&|job| {
                let found = hcl::eval::from_str(&job.text, &hcl::eval::Context::new());
                pointed(&found.unwrap(), &job.places)
            }),
            Reader::Yaml => Some(yaml(jobs)),
            Reader::Compose => {
                Some(yaml(jobs).iter().map(|found| found.iter().map(|value| interpolated(value)).collect()).collect())
            }
            Reader::Form => each(&|job| job.places.iter().map(|label| line_of(&job.text, label)).collect()),
            Reader::Sh => jobs.iter().map(variables).collect(),
            Reader::Dotenv => {
                let dotenv = readers().join("node_modules/dotenv");
                const SCRIPT: &str = "const [dotenv, jobs] = process.argv.slice(1).map(path => require(path));
                    const read = file => dotenv.parse(require('fs').readFileSync(file));
                    console.log(JSON.stringify(jobs.map(([file, places]) => places.map(place => read(file)[place]))));";
                run("npm dotenv", Command::new("node").args(["-e", SCRIPT]).arg(dotenv), jobs)
            }
            Reader::Properties => {
                const SCRIPT: &str = "import json, sys, javaproperties
read = lambda file: javaproperties.load(open(file, encoding='latin-1'))
print(json.dumps([[read(file)[place] for place in places] for file, places in json.load(open(sys.argv[1]))]))";
                run("PyPI javaproperties", python().args(["-c", SCRIPT]), jobs)
            }
        }
    }
}

fn pointed(value: &Value, places: &[&str]) -> Vec<String> {
    places.iter().map(|place| value.pointer(place).unwrap().as_str().unwrap().to_owned()).collect()
}

/// Where `.ci/readers` puts what it installs.
fn readers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/readers")
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", readers().join("python")).env("PYTHONIOENCODING", "utf-8");
    command
}

/// Runs a reader on the jobs; it receives a file with `[[file, places], ..]` and prints a list of values for each.
fn run<T: serde::de::DeserializeOwned>(what: &str, command: &mut Command, jobs: &[Job]) -> Option<T> {
    let directory = tempfile::tempdir().unwrap();
    let mut list = Vec::new();
    for (number, job) in jobs.iter().enumerate() {
        let path = directory.path().join(number.to_string());
        std::fs::write(&path, &job.text).unwrap();
        list.push(serde_json::json!([path, job.places]));
    }
    let path = directory.path().join("jobs.json");
    std::fs::write(&path, Value::from(list).to_string()).unwrap();
    match command.arg(&path).output() {
        Ok(output) if output.status.success() => Some(serde_json::from_slice(&output.stdout).unwrap()),
        // Node or Python does not find its module. On Windows a program with that name may only open the store.
        Ok(output) if !["odule", "Microsoft Store"].iter().any(|why| said(&output).contains(why)) => {
            panic!("{what}: {output:?}")
        }
        _ => {
            missing(what);
            None
        }
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What saphyr reads; PyYAML must read the same.
fn yaml(jobs: &[Job]) -> Vec<Vec<String>> {
    fn value(yaml: &Yaml<'_>) -> Value {
        match (yaml.as_mapping(), yaml.as_str()) {
            (Some(mapping), _) => {
                mapping.iter().map(|(name, item)| (name.as_str().unwrap().to_owned(), value(item))).collect()
            }
            (None, Some(text)) => text.into(),
            _ => panic!("not a text: {yaml:?}"),
        }
    }
    let found: Vec<Value> = jobs.iter().map(|job| value(&Yaml::load_from_str(&job.text).unwrap()[0])).collect();
    const SCRIPT: &str = "import json, sys, yaml
print(json.dumps([yaml.safe_load(open(file, encoding='utf-8')) for file, places in json.load(open(sys.argv[1]))]))";
    if let Some(also) = run::<Vec<Value>>("PyPI PyYAML", python().args(["-c", SCRIPT]), jobs) {
        assert_eq!(also, found);
    }
    found.iter().zip(jobs).map(|(value, job)| pointed(value, &job.places)).collect()
}

/// How compose interprets a value: two dollar signs are one, and a single one starts a variable.
/// <https://docs.docker.com/reference/compose-file/interpolation/>
fn interpolated(value: &str) -> String {
    let pairs: Vec<&str> = value.split("$$").collect();
    assert!(pairs.iter().all(|part| !part.contains('$')), "compose would look for a variable in {value}");
    pairs.join("$")
}

/// The rest of the line that starts with `label`.
fn line_of(text: &str, label: &str) -> String {
    let lead = format!("{label}: ");
    text.lines().find_map(|line| line.strip_prefix(&lead)).unwrap().to_owned()
}

/// The variables seen by a program that the shell starts; `None` if there is no shell.
fn variables(job: &Job) -> Option<Vec<String>> {
    let places = &job.places;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file.sh");
    std::fs::write(&path, &job.text).unwrap();
    let names = places.iter().map(|place| place.split('/').next().unwrap());
    const SCRIPT: &str = ". \"$0\"; for name; do printenv \"$name\" || exit; done";
    // The dot command searches PATH for a name without a slash.
    let path = path.to_str().unwrap().replace('\\', "/");
    let Ok(output) = Command::new("sh").args(["-c", SCRIPT]).arg(path).args(names).output() else {
        missing("sh");
        return None;
    };
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let values = String::from_utf8(output.stdout).unwrap();
    let value = |(place, value): (&&str, &str)| match place.find('/') {
        Some(at) => {
            serde_json::from_str::<Value>(value).unwrap().pointer(&place[at..]).unwrap().as_str().unwrap().to_owned()
        }
        None => value.to_owned(),
    };
    Some(places.iter().zip(values.lines()).map(value).collect())
}
