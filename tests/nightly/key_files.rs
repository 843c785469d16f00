//! Keys from files, as in a pipeline: no home directory, no keyring, nothing saved.

use cpikey::words::Words;

use crate::{
    created,
    harness::{Done, Home, practice},
    key_directory,
};

/// Text on one line, without its line breaks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn verdicts(done: &Done) -> Vec<(String, String)> {
    let json = done.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("not tested").to_owned();
    json["systems"].as_array().unwrap().iter().map(|row| (text(&row["name"]), text(&row["verdict"]))).collect()
}

#[test]
fn all_files_of_a_directory_are_tested_and_nothing_is_saved() {
    let home = Home::new();
    let (_practice, key) = practice();
    let directory = key_directory(&home, &[("dev", key("works")), ("prod", key("wrong-secret")), ("qa", key("works"))]);
    let done = home.run(&["systems", "test", "--key-dir", &directory, "--json"]);
    assert_eq!(done.status, 3, "{}", done.stderr);
    let expected = [("prod", "rejected"), ("dev", "ready"), ("qa", "ready")];
    assert_eq!(verdicts(&done), expected.map(|(name, verdict)| (name.to_owned(), verdict.to_owned())));
    assert_eq!(done.json()["exit_status"], 3);
    assert!(!home.data().exists(), "nothing is saved");
}

#[test]
fn a_mounted_secret_is_read_through_its_links() {
    let home = Home::new();
    let (_practice, key) = practice();
    // The directory layout of kubelet.
    let directory = home.path().join("mounted");
    std::fs::create_dir_all(directory.join("..2026_11_27")).unwrap();
    std::fs::write(directory.join("..2026_11_27/dev.json"), key("works")).unwrap();
    std::os::unix::fs::symlink("..2026_11_27", directory.join("..data")).unwrap();
    std::os::unix::fs::symlink("..data/dev.json", directory.join("dev.json")).unwrap();
    let done = home.run(&["systems", "test", "--key-dir", directory.to_str().unwrap(), "--format", "json"]);
    assert_eq!((done.status, verdicts(&done)), (0, vec![("dev".to_owned(), "ready".to_owned())]), "{}", done.stderr);
}

#[test]
fn files_and_standard_input_have_the_names_that_they_are_given() {
    let home = Home::new();
    let (_practice, key) = practice();
    let file = format!("ACME dev={}", home.file("variable-4711", &key("works")));
    let arguments = ["systems", "test", "--key-file", &file, "--key-file", "piped=-", "--format", "json"];
    let done = home.run_reading(&arguments, &key("role-missing"));
    assert_eq!(done.status, 0, "{}", done.stderr);
    let names: Vec<String> = verdicts(&done).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["ACME dev", "piped"]);
    let purpose = [&arguments[..], &["--purpose", "ci-cd"]].concat();
    let done = home.run_reading(&purpose, &key("role-missing"));
    assert_eq!((done.status, verdicts(&done)[0].1.as_str()), (3, "limited"), "the purpose is asked for");
}

#[test]
fn a_file_that_is_no_key_is_the_result_of_its_system_and_the_others_are_tested() {
    let home = Home::new();
    let (_practice, key) = practice();
    let (empty, good) = (home.file("empty.json", ""), home.file("good.json", &key("works")));
    let arguments = ["systems", "test", "--key-file", &empty, "--key-file", "/nowhere/gone.json", "--key-file", &good];
    let done = home.run(&[&arguments[..], &["--format", "json"]].concat());
    let expected = [("empty", "bad-key"), ("gone", "bad-key"), ("good", "ready")];
    assert_eq!(verdicts(&done), expected.map(|(name, verdict)| (name.to_owned(), verdict.to_owned())));
    assert_eq!(done.status, 2);
    assert!(done.json()["systems"][1]["reason"].as_str().unwrap().contains("gone.json"), "{}", done.stdout);
}

#[test]
fn names_that_say_nothing_and_directories_without_keys_are_refused() {
    let home = Home::new();
    let (empty, file) = (home.path().join("none"), home.file("dev.json", "{}"));
    std::fs::create_dir(&empty).unwrap();
    let labels = Words::default().systems();
    for (arguments, what) in [
        (&["--key-dir", empty.to_str().unwrap()][..], labels.no_keys().fill(&[("directory", &empty.display())]).what),
        (&["--key-dir", &file], labels.no_directory().fill(&[("directory", &file)]).what),
        (&["--key-file", "-"], labels.key_name().fill(&[("name", &"-"), ("why", &"")]).what),
        (&["--key-file", &file, "--key-file", "DEV=-"], labels.key_name_twice().fill(&[("name", &"DEV")]).what),
        (&["--key-file", &file, "--output", "x"], labels.output_needs_format().fill(&[]).what),
    ] {
        let done = home.run(&[&["systems", "test"], arguments].concat());
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(flat(&done.stderr).contains(&flat(&what)), "{what} not in {}", done.stderr);
    }
}

#[test]
fn options_that_contradict_each_other_are_usage_errors() {
    let home = Home::new();
    for arguments in [
        &["dev", "--all"][..],
        &["dev", "--key-file", "x"],
        &["--all", "--key-dir", "x"],
        &["--all", "--purpose", "ci-cd"],
        &["--all", "--json", "--format", "junit"],
        &["--all", "--json", "--format", "json"],
        &["--all", "--format", "yaml"],
        &["--all", "--replace"],
        &["--all", "--warn-days", "0"],
        &["--all", "--max-age", "-1"],
        &["--warn-days", "30"],
    ] {
        let done = home.run(&[&["systems", "test"], arguments].concat());
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{arguments:?}");
    }
}

#[test]
fn a_key_that_passes_a_limit_ends_the_run_with_3_only_if_a_limit_is_set() {
    let home = Home::new();
    let (_practice, key) = practice();
    let old = home.file("old.json", &created(&key("works"), "2025-07-17T16:39:46.446Z"));
    let new = home.file("new.json", &created(&key("works"), &jiff::Timestamp::now().to_string()));
    let both = ["systems", "test", "--key-file", &new, "--key-file", &old];
    assert_eq!(home.run(&both).status, 0);
    assert_eq!(home.run(&[&both[..], &["--max-age", "36500"]].concat()).status, 0);
    let limited = [&both[..], &["--max-age", "90"]].concat();
    let done = home.run(&limited);
    assert_eq!(done.status, 3, "{}", done.stderr);
    let first = done.stdout.lines().next().unwrap();
    assert!(first.starts_with("! old") && first.contains(" days old"), "what is due comes first: {}", done.stdout);
    let json = home.run(&[&limited[..], &["--json"]].concat()).json();
    assert_eq!((&json["verdict"], &json["exit_status"]), (&"ready".into(), &3.into()));
    let row = &json["systems"][0];
    assert_eq!((&row["name"], &row["due"][0]["code"]), (&"old".into(), &"key-too-old".into()), "{row:#}");
    assert_eq!(row["report"]["findings"][0], row["due"][0]);
    assert_eq!(json["systems"][1]["due"], serde_json::json!([]));
    // A worse verdict keeps its own status.
    let unusable = [&limited[..], &["--key-file", "gone=/nowhere"]].concat();
    assert_eq!(home.run(&unusable).status, 2);
}

/// A certificate key with ten days left, for an unconfirmed host.
fn ten_days_left() -> String {
    let pair = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["acme".to_owned()]).unwrap();
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    params.not_before = (std::time::SystemTime::now() - day).into();
    params.not_after = (std::time::SystemTime::now() + 10 * day + day / 2).into();
    let certificate = params.self_signed(&pair).unwrap();
    serde_json::json!({"oauth": {
        "clientid": "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45",
        "certificate": certificate.pem(),
        "key": pair.serialize_pem(),
        "url": "https://api.example.com",
        "tokenurl": "https://login.example.com/oauth/token",
    }})
    .to_string()
}

#[test]
fn a_certificate_that_expires_within_the_limit_is_due_even_if_nothing_was_sent() {
    let home = Home::new();
    let file = home.file("dev.json", &ten_days_left());
    for (limit, due) in [(None, false), (Some("10"), false), (Some("11"), true), (Some("400"), true)] {
        let mut arguments = vec!["systems", "test", "--key-file", &file, "--json"];
        arguments.extend(limit.into_iter().flat_map(|days| ["--warn-days", days]));
        let done = home.run(&arguments);
        let row = &done.json()["systems"][0];
        assert_eq!((done.status, &row["verdict"], &row["days_left"]), (2, &serde_json::Value::Null, &10.into()));
        assert_eq!(row["due"][0]["code"] == "certificate-expires-soon", due, "{limit:?} {row:#}");
    }
    let annotated = home.run(&["systems", "test", "--key-file", &file, "--warn-days", "30", "--format", "github"]);
    let kinds: Vec<&str> = annotated.stdout.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(kinds[..2], ["::error", "::warning"], "{}", annotated.stdout);
}

#[test]
fn a_key_in_an_argument_is_refused_and_not_repeated() {
    let home = Home::new();
    for argument in ["dev={\"oauth\":{\"clientsecret\":\"canary7f3a\"}}", "{\"clientsecret\":\"canary7f3a\"}"] {
        let done = home.run(&["systems", "test", "--key-file", argument]);
        assert_eq!(done.status, 2);
        let done = home.run(&["systems", "test", &format!("--key-file={argument}")]);
        assert_eq!(done.status, 2);
    }
}
