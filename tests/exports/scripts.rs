//! The scripts, run as they are.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    process::Command,
    thread,
};

use cpikey::domain::{
    handover::export::WithSecret,
    key::{address::Address, service_key::ServiceKey},
};

use super::{CLIENT_ID, TOKEN_URL, URL, key, missing, render};

const SECRET: &str = "canary-a$b!c|d'e\"f\\g%h{i}j+k=l`m";

/// Runs `script` with sh; `path` comes first in its search path.
fn run(script: &str, path: &Path) -> std::process::Output {
    let file = path.join("script.sh");
    std::fs::write(&file, script).unwrap();
    let search = format!("{}:{}", path.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .arg(&file)
        .env("PATH", search)
        .env("no_proxy", "*")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    output
}

#[test]
fn the_secret_goes_to_gh_through_standard_input_and_never_as_an_argument() {
    use std::os::unix::fs::PermissionsExt as _;
    const GH: &str = "#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"${0%/*}/arguments\"\ncat >> \"${0%/*}/input\"\n";
    for (with_secret, input) in [(WithSecret::Yes, SECRET), (WithSecret::No, "")] {
        let directory = tempfile::tempdir().unwrap();
        let gh = directory.path().join("gh");
        std::fs::write(&gh, GH).unwrap();
        std::fs::set_permissions(&gh, std::fs::Permissions::from_mode(0o755)).unwrap();
        run(render("sap-cicd-actions", &key(SECRET), with_secret)[0].expose(), directory.path());
        let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).unwrap();
        assert_eq!(read("input"), input);
        let expected = [
            format!("variable set BTP_API_URL --env DEV --body {URL}"),
            format!("variable set BTP_TOKEN_URL --env DEV --body {TOKEN_URL}"),
            format!("variable set BTP_API_USER --env DEV --body {CLIENT_ID}"),
            "secret set BTP_API_PASSWORD --env DEV".to_owned(),
        ];
        assert_eq!(read("arguments").lines().collect::<Vec<_>>(), expected);
    }
}

/// The command lines of all processes.
fn command_lines() -> String {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).into_owned() + "\n").collect()
}

#[test]
fn curl_sends_the_secret_unchanged_and_has_nothing_of_it_in_its_arguments() {
    if Command::new("curl").arg("--version").output().is_err() {
        return missing("curl");
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let token_url = format!("http://{}/oauth/token", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut request, mut part) = (String::new(), [0; 4096]);
        let body = loop {
            let count = stream.read(&mut part).unwrap();
            request.push_str(std::str::from_utf8(&part[..count]).unwrap());
            let Some((head, body)) = request.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
            if count == 0 || body.len() >= length.parse::<usize>().unwrap() {
                break body.to_owned();
            }
        };
        // curl waits for the response and is still running.
        let lines = command_lines();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}").unwrap();
        (body, lines)
    });
    let key = ServiceKey { token_url: Address::trusted(token_url.parse().unwrap()), ..key(SECRET) };
    let directory = tempfile::tempdir().unwrap();
    let output = run(render("curl", &key, WithSecret::Yes)[0].expose(), directory.path());
    assert_eq!(output.stdout, b"{}");
    let (body, lines) = server.join().unwrap();
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let expected = [("grant_type", "client_credentials"), ("client_id", CLIENT_ID), ("client_secret", SECRET)];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(!lines.contains("canary-a") && !lines.contains(&CLIENT_ID[..20]), "{lines}");
    assert!(!cfg!(target_os = "linux") || lines.contains("curl"));
}
