//! `cpikey export`: what it writes where, and what it never shows.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use cpikey::{content, words::Words};
use serde_json::Value;

/// Part of the secret of these tests and of nothing else.
const CANARY: &str = "canary7f3a";

/// A key whose secret has the characters that are special to some reader. Quotes and backslashes are refused: no secret
/// from SAP has one.
fn key() -> String {
    let secret = format!("3f1c9a52-aaaa-4bbb-8ccc-0123456789ab${CANARY}!|#%{{}}+=;");
    serde_json::json!({"oauth": {
        "clientid": super::CLIENT_ID, "clientsecret": secret, "url": super::URL, "tokenurl": super::TOKEN_URL,
    }})
    .to_string()
}

/// Status, standard output and standard error.
fn export(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cpikey"))
        .arg("export")
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may end without reading everything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (results, messages) = (text(output.stdout), text(output.stderr));
    assert!(!messages.contains(CANARY), "the secret in the messages: {messages}");
    assert!(!format!("{results}{messages}").contains('\u{1b}'));
    (output.status.code().unwrap(), results, messages)
}

#[test]
fn without_the_option_no_output_contains_the_secret() {
    for target in content::load().exports.iter() {
        let (status, results, messages) = export(&[&target.id], &key());
        assert_eq!((status, messages.as_str()), (0, ""), "{}", target.id);
        assert!(!results.contains(CANARY) && results.contains("acme"), "{results}");

        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().to_str().unwrap();
        assert_eq!(export(&[&target.id, "--output", place], &key()).0, 0);
        let files: Vec<String> = std::fs::read_dir(place)
            .unwrap()
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        assert_eq!(files.len(), target.files.len());
        assert!(files.iter().all(|file| !file.contains(CANARY)));
    }
}

#[test]
fn with_the_option_the_secret_goes_into_the_pipe_and_into_files_of_its_owner() {
    for target in content::load().exports.iter() {
        let (status, results, messages) = export(&[&target.id, "--with-secret"], &key());
        match target.files.len() {
            1 => assert!((status, messages.as_str()) == (0, "") && results.contains(CANARY), "{}", target.id),
            _ => {
                assert_eq!((status, results.as_str()), (2, ""), "{}", target.id);
                assert!(messages.contains("--output DIRECTORY"), "{messages}");
            }
        }
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().to_str().unwrap();
        let (status, results, messages) = export(&[&target.id, "--with-secret", "--output", place], &key());
        assert_eq!((status, results.as_str()), (0, ""), "{messages}");
        assert!(messages.contains(&target.about), "{messages}");
        let mut with_secret = 0;
        for file in std::fs::read_dir(place).unwrap() {
            let path = file.unwrap().path();
            let secret = std::fs::read_to_string(&path).unwrap().contains(CANARY);
            with_secret += usize::from(secret);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = path.metadata().unwrap().permissions().mode() & 0o777;
                assert!(!secret || mode == 0o600, "{mode:o} {}", path.display());
            }
        }
        assert_eq!(with_secret, target.files.iter().filter(|file| file.secret).count(), "{}", target.id);
    }
}

#[test]
fn an_existing_file_is_not_replaced_and_a_link_is_not_followed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key.json");
    std::fs::write(&path, "mine").unwrap();
    let (status, results, messages) = export(&["service-key", "--output", path.to_str().unwrap()], &key());
    assert_eq!((status, results.as_str()), (2, ""));
    let taken = Words::default().files().name_taken().fill(&[("name", &path.display())]).what;
    assert!(messages.contains(&taken), "{messages}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    #[cfg(unix)]
    {
        let (link, aim) = (directory.path().join("link"), directory.path().join("aim"));
        std::os::unix::fs::symlink(&aim, &link).unwrap();
        assert_eq!(export(&["service-key", "--output", link.to_str().unwrap()], &key()).0, 2);
        assert!(!aim.exists());
    }
}

#[test]
fn of_several_files_all_are_written_or_none() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().to_str().unwrap();
    std::fs::write(directory.path().join("cpi.http"), "mine").unwrap();
    assert_eq!(export(&["jetbrains", "--output", place], &key()).0, 2);
    assert_eq!(std::fs::read_dir(place).unwrap().count(), 1);
    let (status, _, messages) = export(&["jetbrains", "--output", "/nowhere/at/all"], &key());
    assert_eq!(status, 2);
    let words = Words::default().export_command();
    assert!(messages.contains(&words.not_a_directory().fill(&[("name", &"/nowhere/at/all")]).what), "{messages}");
}

#[test]
fn a_secret_in_a_git_work_tree_causes_a_warning_unless_it_is_ignored() {
    let directory = tempfile::tempdir().unwrap();
    if !Command::new("git").args(["init", "-q"]).current_dir(directory.path()).status().is_ok_and(|done| done.success())
    {
        return super::missing("git");
    }
    let write = |name: &str, arguments: &[&str]| {
        let path = directory.path().join(name);
        export(&[&["env", "--output", path.to_str().unwrap()], arguments].concat(), &key()).2
    };
    let warning = format!("cpikey: {}", Words::default().output().warning(""));
    assert!(write("a.env", &["--with-secret"]).contains(&warning));
    assert!(!write("b.env", &[]).contains(&warning));
    std::fs::write(directory.path().join(".gitignore"), "*.env\n").unwrap();
    assert!(!write("c.env", &["--with-secret"]).contains(&warning));
}

#[cfg(windows)]
#[test]
fn a_secret_in_a_folder_of_all_accounts_causes_a_warning_and_none_in_the_profile() {
    let write = |directory: tempfile::TempDir| {
        let path = directory.path().join("key.env");
        export(&["env", "--with-secret", "--output", path.to_str().unwrap()], &key()).2
    };
    let warning = format!("cpikey: {}", Words::default().output().warning(""));
    let public = write(tempfile::tempdir_in(std::env::var_os("PUBLIC").unwrap()).unwrap());
    assert!(public.contains(&warning) && public.contains("other accounts"), "{public}");
    let own = write(tempfile::tempdir_in(cpikey::platform::paths::home().unwrap()).unwrap());
    assert!(!own.contains(&warning), "{own}");
}

#[test]
fn an_unusable_key_or_target_ends_with_2_and_says_why() {
    let runtime = key().replace("|it!b45", "|it-rt-acme!b45").replace("cpi018.", "cpi018-rt.");
    let words = Words::default().export_command();
    let misspelled = words.misspelled().fill(&[("similar", &"kubernetes")]).fix;
    let unknown = words.unknown().fill(&[("id", &"nobody")]).what;
    for (arguments, input, said) in [
        (&["env"][..], "hello", "key"),
        (&["env"], runtime.as_str(), "integration-flow"),
        (&["kubernete"], "{}", &misspelled),
        (&["nobody"], "{}", &unknown),
        (&["env", "/nowhere/key.json"], "", "/nowhere/key.json"),
        (&[], "", "TARGET"),
        (&["--json", "env"], "", "--json"),
    ] {
        let (status, results, messages) = export(arguments, input);
        assert_eq!((status, results.as_str()), (2, ""), "{arguments:?}");
        assert!(messages.contains(said), "{messages}");
    }
}

#[test]
fn a_certificate_key_is_exported_only_for_tools_that_accept_one() {
    let key = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keys/certificate.json");
    let (status, results, messages) = export(&["service-key", key.to_str().unwrap()], "");
    assert_eq!(status, 0, "{messages}");
    assert!(results.contains("BEGIN CERTIFICATE") && !results.contains("PRIVATE KEY"), "{results}");
    let (status, _, messages) = export(&["env", key.to_str().unwrap()], "");
    assert_eq!(status, 2);
    let content = content::load();
    let template = content.words.export().needs_client_secret();
    let problem = template.fill(&[("consumer", &content.export("env").unwrap().consumer)]);
    assert!(messages.contains(&problem.what), "{messages}");
}

#[test]
fn the_list_names_every_target_as_text_and_as_json() {
    let exports = content::load().exports;
    let (status, results, _) = export(&["--list"], "");
    assert_eq!((status, results.lines().count()), (0, exports.len()));
    let listing: Value = serde_json::from_str(&export(&["--list", "--json"], "").1).unwrap();
    assert_eq!(listing["schema"], 1);
    for (row, target) in listing["exports"].as_array().unwrap().iter().zip(exports.iter()) {
        assert_eq!(row["id"], target.id.as_str());
        assert_eq!(row["files"].as_array().unwrap().len(), target.files.len());
        assert!(row["title"].is_string() && row["about"].is_string() && row["files"][0]["secret"].is_boolean());
    }
}

#[cfg(unix)]
#[test]
fn a_terminal_never_shows_the_secret_and_says_why() {
    use portable_pty::{CommandBuilder, PtySize, native_pty_system};
    use std::io::Read as _;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key.json");
    std::fs::write(&path, key()).unwrap();
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cpikey"));
    command.args(["export", "env", path.to_str().unwrap(), "--with-secret"]);
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut shown = Vec::new();
    // Linux reports as an error that the other side was closed.
    let _ = pair.master.try_clone_reader().unwrap().read_to_end(&mut shown);
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert_eq!(child.wait().unwrap().exit_code(), 2);
    assert!(shown.contains(Words::default().export_command().terminal().what), "{shown}");
    assert!(!shown.contains(CANARY), "{shown}");
}
