//! A stored Cloud Foundry login, sealed with a passphrase because there is no keyring.

use std::path::Path;

use cpikey::{
    content,
    domain::sap::guide::StepId,
    practice::{Latency, Practice},
    words::Words,
};
use rustix::process::Signal;

use super::{cloud::open_at_create, harness::Session, saved::type_hidden};

const PASSPHRASE: &str = "seven green bicycles climb";
const DOWN: &str = "\x1b[B";

/// A wizard with its files in `home` and no keyring.
fn wizard(home: &Path) -> Session {
    let home = home.to_str().unwrap();
    let bus = format!("unix:path={home}/no-bus");
    Session::wizard_with(&[], &[("HOME", home), ("DBUS_SESSION_BUS_ADDRESS", &bus)])
}

#[test]
fn a_wizard_that_was_killed_goes_on_at_the_next_start_with_the_kept_login() {
    let (content, words) = (content::load(), Words::default().cloud());
    let practice = Practice::start_on_own_thread(&content, Latency::Realistic).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut session = wizard(home.path());
    open_at_create(&mut session);
    session.send(format!("{DOWN}{DOWN}\r"));
    session.wait_for(words.take_address());
    let api = format!("http://{}", practice.cloud_foundry());
    // Key by key: a burst would be a paste, after which keys press no button for a moment.
    for (at, key) in api.char_indices() {
        session.send(key.to_string());
        session.wait_for(&api[..=at]);
    }
    session.send("\r");
    session.wait_for(words.log_in_title());
    session.send("\r");
    session.wait_for(&words.passcode_goes_to(&api));
    type_hidden(&mut session, &format!("› {}", words.passcode_field()), &practice.passcode());
    session.send("\r");
    session.wait_for("practice-suspended");
    session.send("s");
    // There is no keyring here.
    let repeat = Words::default().hand_over().form_repeat();
    session.wait_for(repeat);
    type_hidden(&mut session, &format!("› {}", words.passphrase_field()), PASSPHRASE);
    session.send("\r");
    session.wait_until("the second field", |screen| screen.contents().contains(&format!("› {repeat}")));
    type_hidden(&mut session, &format!("› {repeat}"), PASSPHRASE);
    session.send("\r");
    session.wait_for(words.is_kept_with_passphrase());
    session.send("\r");
    session.wait_for("prod");
    session.send("\r");
    session.wait_for(words.plan_title());
    session.send("\r");
    session.wait_for("Creating the OAuth client");
    session.signal(Signal::KILL);
    session.wait_for_end();

    let mut session = wizard(home.path());
    session.wait_for(&content.words.purpose().resume_row(5, &content.step(StepId::Create).rail));
    session.send("\r");
    session.wait_for(&content.step(StepId::Create).title);
    session.send("C");
    session.wait_for(words.as_kept());
    session.send("\r");
    session.wait_for(words.open_kept());
    type_hidden(&mut session, &format!("› {}", words.passphrase_field()), PASSPHRASE);
    session.send("\r");
    session.wait_for(words.plan_title_again());
    let plan = session.whole_picture().contents();
    assert!(plan.contains("= "), "what is there is used, not created again: {plan}");
    session.send("\r");
    session.wait_for(&content.step(StepId::Test).title);
}
