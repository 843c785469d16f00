//! Ctrl+C or SIGTERM at every stage of every command: the program reports what exists with the command to continue, and
//! that command works.

use std::{
    io::Write as _,
    net::TcpListener,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use cpikey::words::Words;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::{
    DEV, Done, World, each,
    faults::{DETAILS, INSTANCE, INSTANCES, KEY, KEYS, assert_once, create},
    in_own_session,
    support::cloud::{Cloud, Fault},
};

/// Runs a command and stops it at a given point.
fn stopped(world: &World, cloud: &Cloud, arguments: &[&str], signal: Signal, so_far: impl FnOnce()) -> Done {
    let (api, (command, rest)) = (cloud.url(), arguments.split_first().unwrap());
    let arguments = [&[*command, "--api", &api, "--passcode-stdin"], rest, &["--yes", "--json"], &DEV].concat();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpikey"));
    command.args(arguments).env_clear().envs(world.variables()).current_dir(world.home.path());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", world.practice.passcode()).unwrap();
    so_far();
    kill_process(Pid::from_child(&child), signal).unwrap();
    world.done(child.wait_with_output().unwrap(), "")
}

/// Runs the command to continue, as printed by the program.
fn goes_on(world: &World, done: &Done) -> Done {
    let json = done.json();
    let next = json["next"].as_str().unwrap_or_else(|| panic!("nothing goes on: {}", done.stdout));
    let script = format!("{next} --json").replacen("cpikey", env!("CARGO_BIN_EXE_cpikey"), 1);
    let mut command = in_own_session("sh");
    command.args(["-c", &script]).env_clear().envs(world.variables()).current_dir(world.home.path());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", world.practice.passcode()).unwrap();
    world.done(child.wait_with_output().unwrap(), "")
}

fn assert_stopped(done: &Done, stage: &str) {
    assert_eq!((done.status, &done.json()["outcome"]), (130, &json!("unfinished")), "{stage}: {}", done.stderr);
}

const CREATE: [&str; 9] =
    ["create", "--purpose", "monitoring", "--instance", "cpi-a", "--key", "k", "--output", "new.json"];

#[test]
fn a_creation_that_is_stopped_at_any_stage_goes_on_to_one_instance_and_one_key() {
    type Held = fn() -> Fault;
    let stages: [(&str, &str, Held, usize); 6] = [
        ("the instance is asked for, and arrives", INSTANCES, || Fault::LoseAnswer, 0),
        ("the instance is asked for, and does not arrive", INSTANCES, || Fault::Stall, 0),
        ("the instance is being created", INSTANCE, || Fault::Stall, 1),
        ("the key is asked for", KEYS, || Fault::Stall, 1),
        ("the key is being created", KEY, || Fault::Stall, 2),
        ("the key is read", DETAILS, || Fault::Stall, 2),
    ];
    each(stages.into_iter().enumerate(), |(index, (stage, request, held, least)), world, cloud| {
        cloud.once(request, held());
        let signal = if index % 2 == 0 { Signal::INT } else { Signal::TERM };
        let done = stopped(world, cloud, &CREATE, signal, || cloud.wait_for(1, request));
        assert_stopped(&done, stage);
        let exists = done.json()["exists"].as_array().unwrap().len();
        assert!(exists >= least, "{stage}: {}", done.stdout);
        // A request that changes something gets a moment for its response; a lost response may be noticed before the
        // signal arrives.
        let waits = done.stderr.contains(Words::default().cf_command().stopping());
        if matches!(held(), Fault::Stall) {
            assert_eq!(waits, stage.ends_with("does not arrive") || request == KEYS, "{stage}: {}", done.stderr);
        }
        assert!(!world.path("new.json").exists());
        cloud.heal();
        let again = goes_on(world, &done);
        assert_eq!((again.status, &again.json()["test"]["verdict"]), (0, &json!("ready")), "{stage}: {}", again.stderr);
        assert_once(world, "cpi-a", &["k"]);
        assert!(world.path("new.json").exists(), "{stage}");
    });
}

/// A server that accepts connections, reports each and never answers.
fn deaf() -> (String, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            open.push(stream);
            let _ = tell.send(());
        }
    });
    (address, told)
}

/// The token server of a key never answers.
pub fn without_token_server(cloud: &Cloud) -> mpsc::Receiver<()> {
    let (address, told) = deaf();
    let change = move |response: &mut cpikey::practice::cf::Response| {
        let mut body: Value = serde_json::from_str(&response.body).unwrap();
        body["credentials"]["oauth"]["tokenurl"] = json!(format!("{address}/oauth/token"));
        response.body = body.to_string();
    };
    cloud.once(DETAILS, Fault::Change(Box::new(change)));
    told
}

#[test]
fn a_test_that_is_stopped_says_what_exists_and_the_key_is_handed_over_the_next_time() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    let told = without_token_server(&cloud);
    let done = stopped(&world, &cloud, &CREATE, Signal::INT, || told.recv().unwrap());
    assert_stopped(&done, "the test");
    assert_eq!((done.json()["exists"].as_array().unwrap().len(), &done.json()["test"]), (2, &json!(null)));
    assert_eq!(goes_on(&world, &done).status, 0);
    assert_once(&world, "cpi-a", &["k"]);
}

#[test]
fn a_change_of_roles_that_is_stopped_goes_on() {
    each([Fault::Stall, Fault::LoseAnswer], |held, world, cloud| {
        assert_eq!(create(world, cloud, "cpi-a").status, 0);
        cloud.once("PATCH /v3/service_instances/*", held);
        let before = cloud.count("PATCH /v3/service_instances/*");
        let arguments = ["update-roles", "--instance", "cpi-a", "--purpose", "ci-cd"];
        let wait = || cloud.wait_for(before + 1, "PATCH /v3/service_instances/*");
        let done = stopped(world, cloud, &arguments, Signal::TERM, wait);
        assert_stopped(&done, "the change");
        cloud.heal();
        assert_eq!(goes_on(world, &done).status, 0);
        let again = goes_on(world, &done);
        assert_eq!((again.status, &again.json()["outcome"]), (0, &json!("nothing-to-do")), "{}", again.stderr);
    });
}

#[test]
fn a_rotation_that_is_stopped_at_any_stage_leaves_a_key_that_works_and_goes_on_to_the_new_one() {
    const OLD: &str = "DELETE /v3/service_credential_bindings/*";
    let stages = [("asked for", KEYS), ("read", DETAILS), ("tested", ""), ("deleted", OLD)];
    each(stages, |(stage, request), world, cloud| {
        assert_eq!(create(world, cloud, "cpi-a").status, 0);
        let told = request.is_empty().then(|| without_token_server(cloud));
        let before = cloud.count(request);
        if told.is_none() {
            cloud.once(request, Fault::Stall);
        }
        let arguments = ["rotate", "--instance", "cpi-a", "--key", "k", "--output", "new.json"];
        let done = stopped(world, cloud, &arguments, Signal::INT, || match told {
            Some(told) => told.recv().unwrap(),
            None => cloud.wait_for(before + 1, request),
        });
        assert_stopped(&done, stage);
        assert!(world.keys_of("cpi-a").unwrap().contains(&"k".to_owned()), "{stage}");
        cloud.heal();
        let again = goes_on(world, &done);
        assert_eq!((again.status, &again.json()["outcome"]), (0, &json!("done")), "{stage}: {}", again.stderr);
        assert_once(world, "cpi-a", &["k-2"]);
        assert!(world.path("new.json").exists());
    });
}

#[test]
fn a_deletion_that_is_stopped_goes_on() {
    each([Fault::Stall, Fault::LoseAnswer], |held, world, cloud| {
        assert_eq!(create(world, cloud, "cpi-a").status, 0);
        let before = cloud.count("DELETE /v3/service_instances/*");
        cloud.once("DELETE /v3/service_instances/*", held);
        let wait = || cloud.wait_for(before + 1, "DELETE /v3/service_instances/*");
        let done = stopped(world, cloud, &["delete", "--instance", "cpi-a"], Signal::INT, wait);
        assert_eq!(done.status, 130, "{}", done.stderr);
        cloud.heal();
        if done.json()["outcome"] == "unfinished" {
            assert_eq!(goes_on(world, &done).status, 0);
        }
        assert_eq!(world.keys_of("cpi-a"), None);
    });
}

#[test]
fn before_the_first_change_a_signal_ends_the_program_and_nothing_is_made() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    for request in ["GET /", "POST /uaa/oauth/token", "GET /v3/organizations", "GET /v3/service_plans"] {
        let before = cloud.count(request);
        cloud.once(request, Fault::Stall);
        let done = stopped(&world, &cloud, &CREATE, Signal::INT, || cloud.wait_for(before + 1, request));
        // The status is that of shells: 130. The hosts were shown before anything was sent to them.
        let words = Words::default().cf_command();
        assert!(done.stderr.contains(&words.api_server("127.0.0.1")), "{request}: {}", done.stderr);
        let named = done.stderr.contains(&words.login_servers("127.0.0.1", "127.0.0.1"));
        assert_eq!(named, request != "GET /", "{}", done.stderr);
        assert_eq!((done.status, done.stdout.as_str()), (-1, ""), "{request}: {}", done.stderr);
        cloud.heal();
    }
    assert!(cloud.changes().is_empty());
}

#[test]
fn as_text_the_last_lines_say_what_there_is_and_what_goes_on() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    cloud.once(DETAILS, Fault::Stall);
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpikey"));
    command.args(CREATE).args(["--api", &cloud.url(), "--passcode-stdin", "--yes"]).args(DEV);
    command.env_clear().envs(world.variables()).current_dir(world.home.path());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", world.practice.passcode()).unwrap();
    cloud.wait_for(1, DETAILS);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let done = world.done(child.wait_with_output().unwrap(), "");
    let words = Words::default();
    let ready = words.cf().ready();
    let things = [words.cf().instance_is("cpi-a", ready), words.cf().key_is("k", ready)].join(", ");
    let lines: Vec<&str> = done.stderr.lines().rev().take(2).collect();
    assert_eq!(done.status, 130, "{}", done.stderr);
    assert!(lines[1].contains(&words.cf_command().there_is(things)), "{}", done.stderr);
    assert!(lines[0].contains("cpikey create --api http://127.0.0.1:"), "{}", done.stderr);
}

#[test]
fn a_second_signal_does_not_wait_for_an_answer() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    cloud.once(INSTANCES, Fault::Stall);
    let (api, passcode) = (cloud.url(), world.practice.passcode());
    let mut command = Command::new(env!("CARGO_BIN_EXE_cpikey"));
    command.args(CREATE).args(["--api", &api, "--passcode-stdin", "--yes"]).args(DEV);
    command.env_clear().envs(world.variables()).current_dir(world.home.path());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{passcode}").unwrap();
    cloud.wait_for(1, INSTANCES);
    let pid = Pid::from_child(&child);
    // The same signal twice could be taken for one.
    kill_process(pid, Signal::INT).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    let output = child.wait_with_output().unwrap();
    let ended = std::os::unix::process::ExitStatusExt::signal(&output.status);
    assert!(ended.is_some_and(|signal| [2, 15].contains(&signal)), "{output:?}");
}

#[test]
fn a_key_that_cannot_be_written_any_more_is_not_lost() {
    each(["folder", "pipe"], |gone, world, cloud| {
        assert_eq!(create(world, cloud, "cpi-a").status, 0);
        let folder = world.path("keys");
        std::fs::create_dir(&folder).unwrap();
        let removed = folder.clone();
        cloud.once(DETAILS, Fault::Change(Box::new(move |_| std::fs::remove_dir(&removed).unwrap())));
        let output = if gone == "pipe" { "-" } else { "keys/new.json" };
        let rotate = ["rotate", "--instance", "cpi-a", "--key", "k", "--output", output, "--yes"];
        let mut command = world.command(&[&rotate[..], &["--api", &cloud.url(), "--passcode-stdin"], &DEV].concat());
        let mut child = command.spawn().unwrap();
        // Nobody reads the pipe.
        drop(child.stdout.take());
        writeln!(child.stdin.take().unwrap(), "{}", world.practice.passcode()).unwrap();
        let done = world.done(child.wait_with_output().unwrap(), "");
        assert_eq!(done.status, 6, "{gone}: {}", done.stderr);
        assert!(done.stderr.contains("cpikey rotate --api"), "{}", done.stderr);
        assert_once(world, "cpi-a", &["k", "k-2"]);
        std::fs::create_dir_all(&folder).unwrap();
        let place = ["--api", &cloud.url(), "--passcode-stdin"];
        let again = world.raw(&[&rotate[..], &place, &DEV].concat(), &format!("{}\n", world.practice.passcode()));
        assert_eq!(again.status, 0, "{gone}: {}", again.stderr);
        assert_once(world, "cpi-a", &["k-2"]);
    });
}

#[test]
fn two_at_the_same_time_make_one_instance_and_one_key() {
    let world = World::new();
    let cloud = Cloud::before(&world.practice);
    world.log_in_with_cf(&json!({"Target": cloud.url()}));
    let both = ["a.json", "b.json"].map(|file| {
        let create =
            ["create", "--cf", "--purpose", "monitoring", "--instance", "cpi-a", "--key", "k", "--output", file];
        world.command(&[&create[..], &["--yes", "--json"]].concat()).spawn().unwrap()
    });
    let both = both.map(|child| world.done(child.wait_with_output().unwrap(), ""));
    for done in &both {
        assert_eq!(done.status, 0, "{} {}", done.stdout, done.stderr);
    }
    assert_once(&world, "cpi-a", &["k"]);
    let secret = |file: &str| super::client_secret(&world.path(file));
    assert_eq!(secret("a.json"), secret("b.json"));
}
