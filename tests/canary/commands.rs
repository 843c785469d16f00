//! All commands, on good and bad keys, against servers that echo what they were sent.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

use clap::CommandFactory as _;
use cpikey::{cli::Cli, content};
use serde_json::{Value, json};

use crate::{
    echo,
    harness::PROGRAM,
    world::{PASSPHRASE, PASSWORD, PROXY_PASSWORD, SECRET, TOKEN, World, certificate},
};

/// The minimum number of command runs. Fewer would make the sweep useless.
const RUNS: usize = 250;

/// Covered by tests/cloud, against the practice tenant.
const OF_CLOUD_FOUNDRY: [&str; 7] = ["create", "instances", "update-roles", "rotate", "delete", "login", "logout"];

#[derive(Default)]
struct Sweep {
    world: World,
    runs: usize,
    /// The commands that ran.
    commands: BTreeSet<String>,
}

impl Sweep {
    /// Runs a command and checks all its output and the files it leaves behind.
    fn run(&mut self, arguments: &[&str], input: &str) {
        self.run_with(arguments, input, &[]);
    }

    fn run_with(&mut self, arguments: &[&str], input: &str, variables: &[(&str, &str)]) {
        // In a separate session, so that the terminal of the tests is out of reach.
        let mut command = Command::new("setsid");
        command.args(["--wait", PROGRAM]).args(arguments).env_clear().envs(self.world.variables());
        command.envs(variables.iter().copied()).current_dir(self.world.path("work"));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        // The program may end without reading everything.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let names =
            arguments.iter().take_while(|argument| argument.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
        let names: Vec<&str> = names.copied().collect();
        self.commands.extend((1..=names.len()).map(|length| names[..length].join(" ")));
        let shown = arguments.join(" ").replace(SECRET, "SECRET");
        for stream in [&output.stdout, &output.stderr] {
            self.world.canaries.assert_absent(stream, &format!("cpikey {shown}"));
            assert!(!stream.contains(&0x1b), "cpikey {shown}: an escape sequence");
        }
        assert!(output.status.code().is_some(), "cpikey {shown}: {:?}", output.status);
        self.runs += 1;
    }
}

fn key(url: &str, token_url: &str) -> Value {
    json!({"oauth": {
        "clientid": "sb-0a1b2c3d-0000-4000-8000-000000000001!b1|it!b2", "clientsecret": SECRET, "url": url, "tokenurl": token_url,
    }})
}

/// Keys in the variations that users produce, by name.
fn mistaken(server: &str) -> Vec<(String, String)> {
    let whole = key(server, &format!("{server}/grant/oauth/token"));
    let text = whole.to_string();
    let with = |field: &str, value: &str| {
        let mut key = whole.clone();
        key["oauth"][field] = value.into();
        key.to_string()
    };
    let (certificate, private_key) = certificate();
    let mut external = whole.clone();
    let fields = external["oauth"].as_object_mut().unwrap();
    fields.remove("clientsecret");
    fields.extend([("certificate".into(), certificate.into()), ("key".into(), private_key.as_str().into())]);
    let all = [
        ("cut", text[..text.len() - 20].to_owned()),
        ("no-comma", text.replacen(",\"", "\"", 2)),
        ("no-quote", text.replacen(&format!("{SECRET}\""), SECRET, 1)),
        ("secret-as-id", with("clientid", SECRET)),
        ("secret-in-url", with("url", &format!("https://me:{SECRET}@acme.it-cpi018.cfapps.eu10.hana.ondemand.com"))),
        ("secret-as-url", with("url", SECRET)),
        ("secret-in-query", with("tokenurl", &format!("{server}/grant/oauth/token?client_secret={SECRET}"))),
        ("foreign", with("url", "https://acme.example").replace(server, "https://acme.example")),
        ("twice", text.replacen("\"oauth\"", &format!("\"clientsecret\":\"{SECRET}\",\"oauth\""), 1)),
        ("two", format!("{text}\n{}", text.replace("0001!b1", "0002!b1"))),
        ("lines", format!("CPI_CLIENT_ID=sb-1!b1|it!b2\nCPI_CLIENT_SECRET={SECRET}\nCPI_API_URL={server}\n")),
        ("bare", SECRET.to_owned()),
        ("certificate", external.to_string()),
        ("private-key", private_key),
    ];
    all.into_iter().map(|(name, text)| (format!("{name}.json"), text)).collect()
}

#[test]
fn no_command_emits_a_secret_whatever_key_and_server_it_meets() {
    let server = echo::start();
    let mut sweep = Sweep::default();
    let content = content::load();
    let mut keys = mistaken(&server);
    for way in echo::WAYS {
        let text = key(&server, &format!("{server}/{way}/oauth/token")).to_string();
        keys.push((format!("{way}.json"), text));
    }
    let given: Vec<String> = keys.iter().map(|(name, text)| sweep.world.given(name, text)).collect();
    let good = sweep.world.given("good.json", &key(&server, &format!("{server}/grant/oauth/token")).to_string());
    for file in &given {
        for arguments in [
            &["inspect", file][..],
            &["inspect", "--json", file],
            &["test", file, "--timeout", "10", "--role", "MonitoringDataRead", "--role", "AccessPoliciesRead"],
            &["test", "--json", file, "--timeout", "10", "--purpose", "ci-cd"],
            &["export", "env", file],
            &["export", "service-key", file],
            &["params", "--check", file],
            &["params", "--check", file, "--json"],
            &["test", &good, "--client-key", file],
            &["test", &good, "--ca-file", file],
            &["systems", "add", "acme", file],
            &["systems", "test", "--key-file", file, "--key-file", &good, "--timeout", "10"],
            &["key-params", "--type", "external", "--certificate", file],
            &["sheet", "--type", "external", "--certificate", file],
            &["commands", "cf", "--type", "external", "--certificate", file],
        ] {
            sweep.run(arguments, "");
        }
        sweep.run(&["inspect", "-"], &fs::read_to_string(file).unwrap());
    }
    let keys = sweep.world.text("given");
    let work = sweep.world.path("work");
    for format in ["text", "json", "junit", "prometheus", "github"] {
        let summary = work.join("summary").to_str().unwrap().to_owned();
        let together = ["systems", "test", "--key-dir", &keys, "--max-age", "1", "--timeout", "10", "--format", format];
        sweep.run_with(&together, "", &[("GITHUB_STEP_SUMMARY", &summary)]);
        let file = work.join(format);
        sweep.run(&[&together[..], &["--output", file.to_str().unwrap()]].concat(), "");
    }
    for target in content.exports.iter() {
        sweep.run(&["export", &target.id, &good], "");
        let output = sweep.world.text("work");
        sweep.run(&["export", &target.id, &good, "--output", &output], "");
    }
    // The exception: explicitly requested output. It is where it was requested, and nowhere else.
    let asked = sweep.world.text("asked");
    sweep.run(&["export", "env", &good, "--with-secret", "--output", &asked], "");
    assert!(sweep.world.canaries.find(&fs::read(sweep.world.path("asked").join(".env")).unwrap()).is_some());
    // Secrets where none belong.
    for arguments in [
        &["test", SECRET][..],
        &["test", &good, "--secret", SECRET],
        &["export", "env", SECRET],
        &["systems", "add", SECRET, &good],
        &["systems", "add", "acme", &good, "--note", SECRET],
        &["systems", "add", "acme", &good, "--passphrase", PASSPHRASE],
        &["systems", "rename", "acme", SECRET],
        &["create", "--password", PASSWORD],
        &["login", &format!("--passcode={PASSWORD}")],
        &["test", &good, "--proxy", &format!("http://me:{PROXY_PASSWORD}@127.0.0.1:1")],
    ] {
        sweep.run(arguments, "");
    }
    let proxy = format!("http://me:{PROXY_PASSWORD}@127.0.0.1:1");
    let behind = [("HTTPS_PROXY", proxy.as_str()), ("HTTP_PROXY", &proxy), ("ALL_PROXY", &proxy)];
    let foreign = given.iter().find(|file| file.ends_with("/foreign.json")).unwrap();
    sweep.run_with(&["test", foreign, "--allow-host", "acme.example", "--timeout", "5"], "", &behind);
    sweep.run_with(&["doctor"], "", &behind);
    sweep.run_with(&["doctor", "--json"], "", &behind);
    for arguments in [
        &["systems", "list"][..],
        &["systems", "list", "--json"],
        &["systems", "test", "--all"],
        &["systems", "show", "acme"],
        &["systems", "rename", "acme", "other"],
        &["systems", "remove", "acme"],
        &["guide"],
        &["sheet"],
        &["purposes"],
        &["roles"],
        &["roles", "explain", "MonitoringDataRead"],
        &["params", "--purpose", "ci-cd"],
        &["key-params"],
        &["export", "--list"],
        &["commands", "cf"],
        &["commands", "btp"],
        &["commands", "terraform"],
        &["man"],
        &["help"],
        &["version"],
        &["completions", "bash"],
        &["complete", "2", "--", "cpikey", "test", ""],
        &["systems", "unlock", PASSPHRASE],
    ] {
        sweep.run(arguments, PASSPHRASE);
    }
    sweep.world.assert_clean();
    println!("{} runs", sweep.runs);
    assert!(sweep.runs >= RUNS, "{} runs", sweep.runs);
    let missing: Vec<String> = commands()
        .into_iter()
        .map(|(path, _)| path.join(" "))
        .filter(|path| !OF_CLOUD_FOUNDRY.contains(&path.as_str()) && !sweep.commands.contains(path))
        .collect();
    assert!(missing.is_empty(), "not swept: {missing:?}");
}

/// All commands that have no subcommands, with their options that take a value.
fn commands() -> Vec<(Vec<String>, Vec<String>)> {
    fn collect(command: &clap::Command, path: &[String], all: &mut Vec<(Vec<String>, Vec<String>)>) {
        let options = command.get_arguments().filter(|option| option.get_action().takes_values());
        let options = options.filter_map(|option| Some(format!("--{}", option.get_long()?))).collect();
        if !command.has_subcommands() || command.get_name() == "roles" {
            all.push((path.to_vec(), options));
        }
        for inner in command.get_subcommands() {
            collect(inner, &[path, &[inner.get_name().to_owned()]].concat(), all);
        }
    }
    let mut all = Vec::new();
    collect(&Cli::command(), &[], &mut all);
    all
}

#[test]
fn no_option_of_any_command_repeats_a_secret_that_it_is_given() {
    let mut sweep = Sweep::default();
    let json = key("https://acme.example", "https://acme.example/oauth/token").to_string();
    let (_, private_key) = certificate();
    // Also with a dollar sign that the shell took for a variable.
    let shell = SECRET.replacen("$Zq7", "", 1);
    let (user, url) = (format!("sb-1!b1|it!b2:{SECRET}"), format!("https://me:{SECRET}@acme.example"));
    let bearer = format!("Bearer {TOKEN}");
    let secrets = [SECRET, &shell, &json, &private_key, TOKEN, &bearer, &user, &url, &SECRET[37..]];
    let mut forms = secrets.iter().cycle();
    let commands = commands();
    assert!(commands.len() > 25, "{commands:?}");
    for (path, options) in &commands {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let mut give = |given: &[&str]| sweep.run(&[&path, given].concat(), "");
        for secret in secrets {
            give(&[secret]);
            give(&[&format!("--{secret}")]);
        }
        for option in options {
            give(&[option, forms.next().unwrap()]);
            give(&[&format!("{option}={}", forms.next().unwrap())]);
        }
    }
    println!("{} runs of {} commands", sweep.runs, commands.len());
    sweep.world.assert_clean();
}
