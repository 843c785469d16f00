//! Choices are restored at the next start, however the program ended, and a key file named as an argument is opened
//! immediately.

use std::{fs, path::Path};

use cpikey::{content, domain::sap::guide::StepId, words::Words};
use rustix::process::Signal;

use super::harness::Session;

/// Part of the secret that must not be on any screen or in any file.
const CANARY: &str = "canary-canary-canary";

fn key() -> String {
    format!(
        r#"{{"oauth":{{"clientid":"sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678","clientsecret":"11111111-2222-4333-8444-555555555555${CANARY}=","tokenurl":"https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token","url":"https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com"}}}}"#
    )
}

fn wizard(home: &Path, arguments: &[&str]) -> Session {
    Session::wizard_with(arguments, &[("HOME", home.to_str().unwrap())])
}

fn title(step: StepId) -> String {
    content::load().step(step).title.clone()
}

/// Goes from the first screen to step 3.
fn walk_to_instance(session: &mut Session) {
    for step in [StepId::Purpose, StepId::Plan] {
        session.wait_for(&title(step));
        session.send("\r");
    }
    session.wait_for(&title(StepId::Instance));
}

/// The saved progress, once it contains this.
fn saved(home: &Path, wanted: &str) -> String {
    let path = home.join(if cfg!(target_os = "macos") {
        "Library/Application Support/cpikey/progress.json"
    } else {
        ".local/state/cpikey/progress.json"
    });
    for _ in 0..6000 {
        match fs::read_to_string(&path) {
            // Complete at any moment.
            Ok(text) => {
                assert!(text.ends_with("}\n"), "{text}");
                if text.contains(wanted) {
                    return text;
                }
            }
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound),
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("{wanted} was not saved")
}

#[test]
fn killed_at_any_step_it_has_saved_that_step() {
    let home = tempfile::tempdir().unwrap();
    for _ in 0..5 {
        let mut session = wizard(home.path(), &["--fresh"]);
        walk_to_instance(&mut session);
        saved(home.path(), "\"step\": \"instance\"");
        session.signal(Signal::KILL);
        session.wait_for_end();
    }
    let mut session = wizard(home.path(), &[]);
    session.wait_for_wizard();
    session.send("q");
    assert_eq!(session.wait_for_end().status, 0);
    saved(home.path(), "\"step\": \"instance\"");
}

#[test]
fn a_signal_and_a_vanished_terminal_save_what_was_typed_last() {
    for hang_up in [false, true] {
        let home = tempfile::tempdir().unwrap();
        let mut session = wizard(home.path(), &[]);
        walk_to_instance(&mut session);
        session.send("X");
        session.wait_for("AccessX");
        if hang_up {
            session.hang_up();
        } else {
            session.signal(Signal::TERM);
            session.wait_for_end();
        }
        saved(home.path(), "AccessX");
    }
}

#[test]
fn two_wizards_at_once_leave_a_whole_file() {
    let home = tempfile::tempdir().unwrap();
    // Otherwise the second one may offer to continue at the step of the first one.
    let mut both = [wizard(home.path(), &["--fresh"]), wizard(home.path(), &["--fresh"])];
    for session in &mut both {
        walk_to_instance(session);
    }
    for round in 0..5 {
        for session in &mut both {
            session.send(round.to_string());
        }
        saved(home.path(), "\"version\": 1");
    }
    for session in &both {
        session.wait_for("Access01234");
    }
    for session in both {
        session.signal(Signal::TERM);
        session.wait_for_end();
    }
    saved(home.path(), "Access01234");
}

#[test]
fn a_file_that_is_damaged_is_renamed_and_named() {
    let home = tempfile::tempdir().unwrap();
    let mut session = wizard(home.path(), &[]);
    walk_to_instance(&mut session);
    saved(home.path(), "\"step\": \"instance\"");
    session.signal(Signal::KILL);
    session.wait_for_end();
    let folder = home.path().join(".local/state/cpikey");
    if !folder.exists() {
        return;
    }
    fs::write(folder.join("progress.json"), "{\"version\":99}").unwrap();
    let mut session = wizard(home.path(), &[]);
    session.wait_for("progress.json.bad-1");
    walk_to_instance(&mut session);
    saved(home.path(), "\"step\": \"instance\"");
    session.signal(Signal::TERM);
    session.wait_for_end();
}

#[test]
fn a_key_file_is_opened_at_quick_fill_and_nothing_of_it_is_saved() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("key.json");
    fs::write(&path, key()).unwrap();
    for arguments in [vec![path.to_str().unwrap()], vec!["--practice", path.to_str().unwrap()]] {
        let mut session = wizard(home.path(), &arguments);
        let screen = session.wait_for("acme-dev.it-cpi018");
        assert!(screen.contents().contains(&title(StepId::QuickFill)));
        session.send("1");
        session.wait_for(&title(StepId::Purpose));
        session.send("\r");
        session.wait_for(&title(StepId::Plan));
        session.send("q");
        let ended = session.wait_for_end();
        assert_eq!(ended.status, 0);
        assert!(!String::from_utf8_lossy(&ended.bytes).contains(CANARY));
    }
    let text = saved(home.path(), "\"step\": \"plan\"");
    assert!(!text.contains(CANARY) && !text.contains("sb-0a1b"), "{text}");
}

#[test]
fn a_key_file_that_cannot_be_read_is_named_before_anything_is_drawn() {
    let home = tempfile::tempdir().unwrap();
    for name in ["/nowhere/key.json", "/dev/null", "/", "-"] {
        let ended = wizard(home.path(), &[name]).wait_for_end();
        assert_eq!(ended.status, 2, "{name}");
        assert!(!String::from_utf8_lossy(&ended.bytes).contains("\x1b[?1049h"), "{name}");
    }
}

#[test]
fn the_last_words_name_the_commands_that_do_the_same() {
    let home = tempfile::tempdir().unwrap();
    let mut session = wizard(home.path(), &[]);
    walk_to_instance(&mut session);
    session.send("\x11");
    let ended = session.wait_for_end();
    ended.assert_restored();
    let said = ended.screen.contents();
    assert!(said.contains(&Words::default().runtime().left(3, 9)), "{said}");
    assert!(said.contains("cpikey params --purpose cpi-transporter"), "{said}");
}
