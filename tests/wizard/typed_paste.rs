//! A key that arrives as typed keys, because the terminal has no bracketed paste: it is text and triggers nothing.

use std::time::Duration;

use cpikey::{
    domain::sap::guide::StepId,
    model::{JobRequest, Msg, Pasted, coalesce::coalesce, console_keys::ConsoleKeys},
};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::{
    driver::{Driver, KEY},
    sizes::at_step,
};

/// The input that the terminal delivers for a text.
fn keys(text: &str) -> Vec<Msg> {
    let code = |c| if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
    text.chars().map(|c| Msg::Key(KeyEvent::from(code(c)))).collect()
}

/// Delivers a text in batches of this many keys, `pause` apart.
fn arrive(driver: &mut Driver, text: &str, size: usize, pause: Duration) {
    let characters: Vec<char> = text.chars().collect();
    for part in characters.chunks(size) {
        driver.wait(pause);
        for msg in coalesce(keys(&part.iter().collect::<String>())) {
            driver.send(msg);
        }
    }
}

/// Lets the time pass after which a capture ends, like the loop: it wakes up when the app requests it.
fn settle(driver: &mut Driver) {
    for _ in 0..10 {
        let Some(pause) = driver.app.wake_after() else { return };
        driver.wait(pause.max(Duration::from_millis(10)));
    }
}

#[test]
fn a_key_that_is_typed_in_parts_of_any_size_is_read_whole() {
    for size in [1, 2, 7, 8, 9, 100, 10_000] {
        for pause in [1, 40, 149] {
            let mut driver = at_step(7);
            arrive(&mut driver, KEY, size, Duration::from_millis(pause));
            settle(&mut driver);
            assert!(driver.app.session().key.usable().is_some(), "parts of {size}, {pause} ms apart");
            assert_eq!(driver.app.step(), StepId::QuickFill);
            assert!(driver.effects.is_empty(), "{:?}", driver.effects);
        }
    }
}

#[test]
fn a_stall_in_the_middle_of_a_paste_does_not_end_it() {
    let mut driver = at_step(7);
    for (index, part) in KEY.as_bytes().chunks(100).enumerate() {
        let pause = if index == 0 { 1 } else { 900 };
        arrive(&mut driver, std::str::from_utf8(part).unwrap(), 100, Duration::from_millis(pause));
    }
    settle(&mut driver);
    assert!(driver.app.session().key.usable().is_some());
}

#[test]
fn a_path_that_arrives_with_stalls_reaches_the_field_whole() {
    let path = r"C:\Users\M\target\downloads\keys\key.json";
    for (size, pause) in [(1, 5), (7, 100), (9, 160), (12, 149), (12, 170), (30, 300)] {
        let mut driver = at_step(7);
        driver.press("f");
        driver.wait(Duration::from_millis(200));
        arrive(&mut driver, path, size, Duration::from_millis(pause));
        settle(&mut driver);
        driver.press("enter");
        let jobs = driver.take_jobs();
        assert!(jobs.contains(&JobRequest::ReadFile(path.into())), "parts of {size}, {pause} ms apart: {jobs:?}");
    }
}

#[test]
fn what_follows_the_last_brace_presses_nothing() {
    for after in ["\n", "\nq", "\n\ny\nq\n", "\nq and whatever else stood below the key in the cockpit\n"] {
        for size in [1, 30, 10_000] {
            let mut driver = at_step(7);
            arrive(&mut driver, &format!("{KEY}{after}"), size, Duration::from_millis(20));
            settle(&mut driver);
            assert!(driver.app.session().key.usable().is_some(), "{after:?}");
            assert_eq!(driver.app.step(), StepId::QuickFill, "{after:?}");
            assert!(driver.effects.is_empty(), "{after:?}: {:?}", driver.effects);
            assert!(!driver.screen(80, 24).contains("Quit anyway?"), "{after:?}");
        }
    }
}

#[test]
fn a_key_that_is_cut_off_is_judged_after_the_quiet_time() {
    let mut driver = at_step(7);
    arrive(&mut driver, &KEY[..200], 3, Duration::from_millis(5));
    assert!(driver.app.session().key.reading.is_none());
    settle(&mut driver);
    assert!(driver.app.session().key.reading.is_some());
    assert!(driver.app.session().key.usable().is_none());
    assert_eq!(driver.app.wake_after(), None, "nothing is waited for any more");
}

#[test]
fn a_typed_brace_is_not_a_paste_and_the_next_key_works() {
    let mut driver = at_step(7);
    driver.type_text("{");
    settle(&mut driver);
    assert!(driver.app.session().key.reading.is_none());
    driver.press("?");
    assert!(driver.screen(80, 24).contains("Help"));
}

#[test]
fn ctrl_c_works_in_the_middle_of_it() {
    let mut driver = at_step(7);
    driver.type_text("{\"oauth\"");
    let key = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    driver.send(Msg::Key(key));
    assert_eq!(driver.effects.len(), 1);
}

#[test]
fn the_rest_of_a_paste_that_broke_out_of_its_frame_presses_nothing_however_long_it_takes() {
    let mut driver = at_step(7);
    driver.paste(KEY);
    for _ in 0..50 {
        driver.wait(Duration::from_millis(100));
        for msg in keys("\nqyx") {
            driver.send(msg);
        }
        driver.send(Msg::Burst(Pasted::new("more than eight characters\n")));
    }
    assert_eq!(driver.app.step(), StepId::QuickFill);
    assert!(driver.effects.is_empty(), "{:?}", driver.effects);
    assert!(driver.app.session().key.usable().is_some());
    driver.press("enter");
    assert_eq!(driver.app.step(), StepId::Test);
}

/// The input that the Windows console delivers for a pasted text on a German keyboard: `{ } [ ] \ @ | ~` as AltGr,
/// which is Ctrl with Alt there, each with the press and the release of the key, and line feeds as some of its
/// terminals send them.
fn console(text: &str, feed: KeyEvent) -> Vec<Msg> {
    let events = text.chars().flat_map(|c| {
        let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
        let key = match c {
            '\n' => feed,
            '{' | '}' | '[' | ']' | '\\' | '@' | '|' | '~' => KeyEvent::new(KeyCode::Char(c), alt_gr),
            c if c.is_uppercase() || "\"!:".contains(c) => KeyEvent::new(KeyCode::Char(c), KeyModifiers::SHIFT),
            c => KeyEvent::from(KeyCode::Char(c)),
        };
        [Event::Key(key), Event::Key(KeyEvent { kind: KeyEventKind::Release, ..key })]
    });
    understood(events.collect())
}

/// The resulting input of the wizard.
fn understood(events: Vec<Event>) -> Vec<Msg> {
    ConsoleKeys::default().understood(events).into_iter().filter_map(Msg::from_terminal).collect()
}

#[test]
fn a_key_pasted_into_the_console_of_windows_with_a_german_keyboard_is_read_whole() {
    let pretty = KEY.replace(",\"", ",\n  \"");
    for feed in [KeyEvent::from(KeyCode::Enter), KeyEvent::new(KeyCode::Enter, KeyModifiers::CONTROL)] {
        for size in [1, 7, 100, 10_000] {
            let mut driver = at_step(7);
            for part in console(&pretty, feed).chunks(size) {
                driver.wait(Duration::from_millis(10));
                for msg in coalesce(part.to_vec()) {
                    driver.send(msg);
                }
            }
            settle(&mut driver);
            assert!(driver.app.session().key.usable().is_some(), "parts of {size}, {feed:?}");
            assert_eq!(driver.app.step(), StepId::QuickFill);
            assert!(driver.effects.is_empty(), "{:?}", driver.effects);
        }
    }
}

#[test]
fn a_key_pasted_into_the_console_of_windows_with_a_russian_keyboard_is_read_whole() {
    // That keyboard has none of these characters: each arrives as an Alt code, which is only the release of a key.
    let events = KEY.chars().flat_map(|c| {
        let key = KeyEvent::from(KeyCode::Char(c));
        let released = Event::Key(KeyEvent { kind: KeyEventKind::Release, ..key });
        if "{}[]@#$^&|~'".contains(c) { vec![released] } else { vec![Event::Key(key), released] }
    });
    let mut driver = at_step(7);
    for msg in coalesce(understood(events.collect())) {
        driver.send(msg);
    }
    settle(&mut driver);
    assert!(driver.app.session().key.usable().is_some());
}

#[test]
fn a_path_of_windows_is_typed_on_a_german_keyboard() {
    let mut driver = at_step(7);
    driver.press("f");
    driver.wait(Duration::from_millis(200));
    for msg in console(r"C:\Users\M\key.json", KeyEvent::from(KeyCode::Enter)) {
        driver.send(msg);
    }
    driver.press("enter");
    let read = driver.take_jobs();
    assert!(read.contains(&JobRequest::ReadFile(r"C:\Users\M\key.json".into())), "{read:?}");
}
