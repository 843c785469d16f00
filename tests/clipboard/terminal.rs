//! The terminal itself: OSC 52, and malformed bracketed pastes.

use crate::{
    ask_for_secret, copy_parameters, parameters,
    sweep::{Sweep, osc52},
    walk_to_hand_over, wizard,
};

/// A key as the cockpit shows it. Made up.
const KEY: &str = r#"{ "oauth": {
  "clientid": "sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678",
  "clientsecret": "11111111-2222-4333-8444-555555555555$invented-invented-invented-invented-invented=",
  "tokenurl": "https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token",
  "url": "https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com" } }"#;

#[test]
fn without_any_other_way_the_text_is_sent_to_the_terminal_and_not_called_copied() {
    for (arguments, variables) in [(&["--clipboard", "osc52"][..], &[("DISPLAY", ":0")][..]), (&[], &[])] {
        let sweep = Sweep::new();
        let mut session = wizard(arguments, variables, &sweep);
        copy_parameters(&mut session);
        session.wait_for("Sent the instance parameters to your terminal's clipboard (not verified).");
        session.send("q");
        let ended = session.wait_for_end();
        ended.assert_restored();
        let sent: Vec<serde_json::Value> =
            osc52(&ended.bytes).iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        assert_eq!(sent, [parameters()]);
    }
}

#[test]
fn inside_gnu_screen_the_sequence_is_wrapped_so_that_it_comes_through() {
    let sweep = Sweep::new();
    let mut session = wizard(&[], &[("STY", "1.pts-0.here")], &sweep);
    copy_parameters(&mut session);
    session.wait_for("Sent the instance parameters");
    session.wait_for_output(b"\x1bP\x1b]52;c;");
    session.send("q");
    let ended = session.wait_for_end();
    let sent = osc52(&ended.bytes);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&sent[0]).unwrap(), parameters());
}

#[test]
fn a_secret_is_never_sent_to_a_terminal() {
    let sweep = Sweep::new();
    let mut session = wizard(&["--practice", "--clipboard", "osc52"], &[], &sweep);
    walk_to_hand_over(&mut session);
    ask_for_secret(&mut session);
    session.send("y");
    session.wait_for("Not copied: the client secret.");
    sweep.process(session.pid());
    session.send("q");
    let ended = session.wait_for_end();
    assert!(osc52(&ended.bytes).is_empty());
    sweep.end(&ended.bytes);
}

#[test]
fn a_clipboard_that_is_switched_off_gets_nothing() {
    let sweep = Sweep::new();
    let mut session = wizard(&["--clipboard", "off"], &[("TMUX", "/nowhere,1,0")], &sweep);
    copy_parameters(&mut session);
    session.wait_for("Not copied: the instance parameters.");
    session.send("q");
    assert!(osc52(&session.wait_for_end().bytes).is_empty());
}

#[test]
fn a_paste_that_holds_its_own_end_mark_presses_nothing() {
    let sweep = Sweep::new();
    let mut session = wizard(&[], &[], &sweep);
    session.send("\x1b[F\x1b[A\r");
    session.wait_for("›7 ");
    session.send(format!("\x1b[200~{KEY}\x1b[201~\rq\ry\r\x1b[201~"));
    session.wait_for("test the connection");
    session.send("\x03");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 130, "q has ended it");
    let text = String::from_utf8_lossy(&ended.bytes);
    assert!(!text.contains("Test the connection") && !text.contains("Quit anyway?"));
}

#[test]
fn a_key_that_is_typed_without_a_frame_is_read_and_presses_nothing() {
    let sweep = Sweep::new();
    let mut session = wizard(&[], &[], &sweep);
    session.send("\x1b[F\x1b[A\r");
    session.wait_for("›7 ");
    let (first, rest) = KEY.split_at(100);
    // A single key press, which is not a burst, and then all the others.
    session.send(&first[..1]);
    session.send(&first[1..]);
    session.send(format!("{}\rq\r", rest.replace('\n', "\r")));
    session.wait_for("test the connection");
    session.send("\x03");
    let ended = session.wait_for_end();
    assert_eq!(ended.status, 130, "q has ended it");
    let text = String::from_utf8_lossy(&ended.bytes);
    assert!(!text.contains("Test the connection") && !text.contains("Quit anyway?"));
}
