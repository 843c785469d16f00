//! Real-world terminals: multiplexers, slow connections, small windows, other values of `TERM`, unusual pastes.

use std::path::Path;

use cpikey::{content, domain::sap::guide::StepId};
use rustix::process::Signal;

use super::harness::{PROGRAM, Session, has};

/// The heading of a step, as on the screen.
fn title(step: StepId) -> String {
    content::load().step(step).title.clone()
}

/// The wizard on a terminal with this many rows and columns.
fn wizard_at(size: (u16, u16), variables: &[(&str, &str)]) -> Session {
    Session::start_at(size, Path::new(PROGRAM), &[], variables)
}

/// Goes from the first screen to a step with Enter.
fn walk_to(session: &mut Session, goal: StepId) {
    for step in StepId::ALL.into_iter().take_while(|step| *step != goal) {
        session.wait_for(&title(step));
        session.send("\r");
    }
    session.wait_for(&title(goal));
}

/// The rows without trailing spaces, which are not drawn.
fn rows(screen: &vt100::Screen) -> Vec<String> {
    screen.contents().lines().map(|row| row.trim_end().to_owned()).collect()
}

/// Asserts that the screen, drawn incrementally so far, is the same after a complete redraw.
fn assert_nothing_torn(session: &mut Session, what: &str) {
    let before = session.whole_picture();
    let written = session.bytes_written();
    session.send("\x0c");
    session.wait_for_bytes(written);
    let after = session.whole_picture();
    assert_eq!(rows(&after), rows(&before), "{what}");
    assert_eq!(after.cursor_position(), before.cursor_position(), "{what}");
}

#[test]
fn a_signal_on_any_screen_restores_the_terminal() {
    let steps = [StepId::Plan, StepId::Instance, StepId::Roles, StepId::Create, StepId::Key, StepId::QuickFill];
    for (step, signal) in steps.into_iter().zip([Signal::TERM, Signal::HUP, Signal::INT].into_iter().cycle()) {
        let mut session = wizard_at((24, 80), &[]);
        walk_to(&mut session, step);
        session.signal(signal);
        session.wait_for_end().assert_restored();
    }
    // With an open overlay.
    for (keys, shown) in [("?", "?"), (":", ">"), ("/", "/")] {
        let mut session = wizard_at((24, 80), &[]);
        session.wait_for_wizard();
        let written = session.bytes_written();
        session.send(keys);
        session.wait_for_bytes(written);
        session.signal(Signal::TERM);
        let ended = session.wait_for_end();
        assert_eq!(ended.status, 143, "{shown}");
        ended.assert_restored();
    }
}

#[test]
fn two_hundred_resizes_end_with_a_whole_picture_of_the_last_size() {
    let reference = rows(&wizard_at((30, 100), &[]).wait_for_wizard());
    let mut session = wizard_at((24, 80), &[]);
    session.wait_for_wizard();
    for round in 0..200_u16 {
        session.resize(5 + (round * 7) % 40, 20 + (round * 13) % 120);
    }
    session.resize(30, 100);
    session.wait_until("the picture of the last size", |screen| rows(screen) == reference);
    assert_nothing_torn(&mut session, "after the storm");
    // Input still works.
    session.send("q");
    session.wait_for_end().assert_restored();
}

#[test]
fn the_smallest_terminals_are_survived_and_left_in_order() {
    for size in [(1, 1), (1, 200), (60, 2), (2, 10), (9, 39), (10, 40), (16, 60)] {
        let mut session = wizard_at(size, &[]);
        session.wait_until("the alternate screen", |screen| screen.alternate_screen());
        session.send("q");
        let ended = session.wait_for_end();
        assert_eq!(ended.status, 0, "{size:?}");
        assert!(ended.modes_restored && !ended.screen.alternate_screen(), "{size:?}");
    }
}

#[test]
fn every_usual_kind_of_terminal_gets_the_wizard_and_its_modes_back() {
    let kinds = [
        "xterm",
        "xterm-256color",
        "xterm-kitty",
        "tmux-256color",
        "screen",
        "screen-256color",
        "linux",
        "vt100",
        "foot",
    ];
    for kind in kinds {
        let mut session = wizard_at((24, 80), &[("TERM", kind)]);
        session.wait_for_wizard();
        session.send("\r");
        session.wait_for(&title(StepId::Plan));
        assert_nothing_torn(&mut session, kind);
        session.send("q");
        let ended = session.wait_for_end();
        assert_eq!(ended.status, 0, "{kind}");
        ended.assert_restored();
    }
}

#[test]
fn the_console_of_linux_gets_only_characters_of_its_font() {
    let screen = wizard_at((24, 80), &[("TERM", "linux")]).wait_for_wizard();
    assert!(screen.contents().is_ascii(), "{}", screen.contents());
}

#[test]
fn a_terminal_that_answers_no_question_gets_its_first_picture_all_the_same() {
    // The test terminal answers no query. The screen must still appear, and input must be read.
    let mut session = wizard_at((24, 80), &[("COLORTERM", "truecolor"), ("TERM_PROGRAM", "WezTerm")]);
    session.wait_for_wizard();
    session.send("\r");
    session.wait_for(&title(StepId::Plan));
}

#[test]
fn a_terminal_that_does_answer_does_not_have_its_answers_taken_for_keys() {
    let mut session = wizard_at((24, 80), &[]);
    session.wait_for_wizard();
    // Device attributes and cursor position: late responses to another program's queries.
    session.send("\x1b[?62;22c\x1b[1;1R");
    session.send("\r");
    session.wait_for(&title(StepId::Plan));
    assert_nothing_torn(&mut session, "after the answers");
}

#[test]
fn a_slow_line_gets_the_newest_picture_and_not_every_one_between() {
    let mut session = wizard_at((24, 80), &[]);
    walk_to(&mut session, StepId::Roles);
    let before = session.bytes_written();
    session.send("j");
    session.wait_for_bytes(before);
    let one_move = session.bytes_written() - before;
    session.stop_output();
    // Key repeat while no output gets through.
    session.send("j".repeat(300));
    session.send("\x1b[A".repeat(300));
    let before = session.bytes_written();
    session.resume_output();
    session.send("q");
    let ended = session.wait_for_end();
    ended.assert_restored();
    let written = ended.bytes.len() - before;
    assert!(written < one_move * 300, "{written} bytes for 600 keys, {one_move} for one");
}

/// One key at a time, with the resulting change: several at once would be a paste.
fn press(session: &mut Session, key: &str) {
    let written = session.bytes_written();
    session.send(key);
    session.wait_for_bytes(written);
    session.whole_picture();
}

#[test]
fn wide_characters_in_a_field_leave_nothing_torn() {
    let mut session = wizard_at((24, 80), &[]);
    walk_to(&mut session, StepId::Instance);
    // From the name to region, org and space, which accept any characters.
    for text in ["会社の組織", "조직-서울", "e\u{301}quipe-👩"] {
        press(&mut session, "\t");
        for character in text.chars() {
            press(&mut session, &character.to_string());
        }
        session.wait_for(text.trim_start_matches("e\u{301}"));
    }
    for key in ["\x1b[D", "\x7f", "\x1b[Z", "\x7f", "\x1b[H", "x"] {
        press(&mut session, key);
    }
    assert_nothing_torn(&mut session, "after wide characters");
    session.resize(24, 61);
    session.resize(16, 60);
    session.wait_until("the keys in the last row", |screen| {
        rows(screen).get(15).is_some_and(|row| row.contains(cpikey::words::Words::default().keys().help()))
    });
    assert_nothing_torn(&mut session, "after wide characters in a narrow window");
}

#[test]
fn without_a_usable_home_the_wizard_works_all_the_same() {
    for home in ["", "/dev/null/nowhere", "/proc"] {
        // Without HOME the account's home directory is used, in which a test must not leave anything.
        let state = tempfile::tempdir().unwrap();
        let elsewhere = ("XDG_STATE_HOME", if home.is_empty() { state.path().to_str().unwrap() } else { "" });
        let mut session = wizard_at((24, 80), &[("HOME", home), elsewhere]);
        session.wait_for_wizard();
        walk_to(&mut session, StepId::Roles);
        session.send("q");
        let ended = session.wait_for_end();
        assert_eq!(ended.status, 0, "{home:?}");
        ended.assert_restored();
    }
}

#[test]
fn inside_tmux_the_whole_way_works() {
    if !has("tmux") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("tmux");
    let socket = socket.to_str().unwrap();
    let arguments = ["-f", "/dev/null", "-S", socket, "new-session", PROGRAM];
    inside(Path::new("tmux"), &arguments);
}

#[test]
fn inside_screen_the_whole_way_works() {
    if !has("screen") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sockets = folder.path().to_str().unwrap();
    // Otherwise it refuses to use the folder.
    std::fs::set_permissions(sockets, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    inside_with(Path::new("screen"), &["-c", "/dev/null", "-U", PROGRAM], &[("SCREENDIR", sockets)]);
}

fn inside(multiplexer: &Path, arguments: &[&str]) {
    inside_with(multiplexer, arguments, &[]);
}

/// Walks a few steps inside a multiplexer, with a resize and a redraw, and quits.
fn inside_with(multiplexer: &Path, arguments: &[&str], variables: &[(&str, &str)]) {
    let mut variables = variables.to_vec();
    variables.push(("SHELL", "/bin/sh"));
    let mut session = Session::start_at((26, 90), multiplexer, arguments, &variables);
    session.wait_for(&title(StepId::Purpose));
    walk_to(&mut session, StepId::Roles);
    session.resize(40, 130);
    session.wait_for("\"WorkspacePackagesEdit\"");
    session.send("?");
    session.wait_for(cpikey::words::Words::default().app().help_title());
    // tmux delays a single Esc for half a second.
    session.send("\x1b");
    session.wait_until("the help is closed", |screen| {
        !screen.contents().contains(cpikey::words::Words::default().app().help_title())
    });
    session.send("\x1b[D");
    session.wait_for(&title(StepId::Instance));
    session.send("\x11");
    let ended = session.wait_for_end();
    assert!(ended.modes_restored && !ended.screen.alternate_screen(), "{}", ended.screen.contents());
}

#[test]
fn a_terminal_that_is_known_to_say_its_background_gets_colours_that_fit_it() {
    let accented = |screen: &vt100::Screen| {
        let colour = screen.cell(0, 1).map(vt100::Cell::fgcolor);
        matches!(colour, Some(vt100::Color::Idx(16..)))
    };
    for answer in ["\x1b]11;rgb:1e1e/1e1e/1e1e\x07", "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"] {
        let mut session = wizard_at((24, 80), &[("KITTY_WINDOW_ID", "1")]);
        session.wait_for_output(b"\x1b]11;?\x1b\\\x1b[c");
        // Input before the response is not lost; input after it is handled as usual.
        session.send(format!("\x1b[B{answer}\x1b[?62;22c"));
        let screen = session.wait_until("the colours", accented);
        assert!(screen.contents().contains("cpikey"), "{answer:?}");
        session.send("\r");
        session.wait_for(&title(StepId::Plan));
        session.send("q");
        session.wait_for_end().assert_restored();
    }
    // A terminal that is expected to answer and does not.
    let mut session = wizard_at((24, 80), &[("KITTY_WINDOW_ID", "1")]);
    session.wait_for_wizard();
    session.send("\r");
    session.wait_for(&title(StepId::Plan));
    session.send("q");
    assert!(!session.wait_for_end().bytes.is_empty());
}
