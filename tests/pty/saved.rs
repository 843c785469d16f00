//! Saving a system without a keyring, and finding it again.

use std::{fs, path::Path};

use cpikey::words::Words;

use super::harness::Session;

const PASSPHRASE: &str = "canary-of-words";

/// The wizard on the practice tenant, with its files in `folder` and no keyring.
fn wizard(folder: &Path) -> Session {
    let folder = folder.to_str().unwrap();
    let bus = format!("unix:path={folder}/no-bus");
    let variables = [
        ("XDG_DATA_HOME", folder),
        ("XDG_RUNTIME_DIR", folder),
        ("DBUS_SESSION_BUS_ADDRESS", bus.as_str()),
        ("HOME", folder),
    ];
    let session = Session::wizard_with(&["--practice"], &variables);
    session.wait_for_wizard();
    session.wait_for("PRACTICE");
    session
}

/// Types stars one by one: a burst would be a paste, after which keys press no button for a moment.
pub fn type_hidden(session: &mut Session, label: &str, text: &str) {
    for (index, character) in text.char_indices() {
        session.send(character.to_string());
        session.wait_until("the stars", |screen| {
            let contents = screen.contents();
            let after = if label.is_empty() { contents.as_str() } else { contents.split(label).nth(1).unwrap_or("") };
            after.lines().any(|line| line.trim().ends_with(&"*".repeat(index + 1)))
        });
    }
}

#[test]
fn a_system_saved_with_a_passphrase_is_found_and_opened_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = wizard(folder.path());
    session.send("G");
    session.wait_for(Words::default().purpose().to_quick_fill());
    session.send("\r");
    session.wait_for("A key that works");
    session.send("\r");
    session.wait_for("Key read");
    session.send("\r");
    session.wait_for("enter hand over");
    session.send("\r");
    session.wait_for("Nothing has been saved yet");
    session.wait_for("enter save this system");
    session.send("\r");
    session.wait_for("goes into a sealed file");
    session.send("\r");
    session.wait_for("Repeat passphrase");
    let data = folder.path().join("cpikey");
    assert!(!data.join("secrets.sealed").exists(), "nothing is stored before the passphrase");
    type_hidden(&mut session, "Passphrase", PASSPHRASE);
    session.send("\r");
    session.wait_until("the third field", |screen| screen.contents().contains("› Repeat passphrase"));
    type_hidden(&mut session, "Repeat passphrase", PASSPHRASE);
    session.send("\r");
    session.wait_for("sealed with your passphrase");
    session.send("q");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 0);
    ended.assert_restored();
    assert!(ended.screen.contents().contains(Words::default().runtime().done()), "{}", ended.screen.contents());
    let screen = String::from_utf8_lossy(&ended.bytes).into_owned();
    for secret in [PASSPHRASE, "$Practice-"] {
        assert!(!screen.contains(secret), "{secret} was on the screen");
        for name in ["systems.toml", "secrets.sealed"] {
            let bytes = fs::read(data.join(name)).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{secret} is in {name}");
        }
    }
    assert!(fs::read_to_string(data.join("systems.toml")).unwrap().contains("ready"), "the verdict is noted");

    let words = Words::default();
    let labels = words.saved_systems();
    let mut session = wizard(folder.path());
    session.send("G");
    session.wait_for(words.purpose().saved_row());
    session.send("G");
    session.wait_for(words.purpose().choose_saved());
    session.send("\r");
    session.wait_for(labels.intro());
    session.send("\r");
    session.wait_for(labels.unlock_title());
    type_hidden(&mut session, "", PASSPHRASE);
    session.send("\r");
    session.wait_for("saved as practice");
    session.wait_for("enter test the connection");
    // Tests all of them: only this one, at a tenant that no longer exists.
    session.send("1");
    session.wait_for_wizard();
    // The passphrase was already entered.
    session.send("t");
    let screen = session.wait_for(&labels.finished(1));
    assert!(screen.contents().contains(words.check().short_unreachable()), "{}", screen.contents());
    session.send("q");
    let ended = session.wait_for_end();
    ended.assert_restored();
    assert!(!String::from_utf8_lossy(&ended.bytes).contains(PASSPHRASE));
}
