//! A key can be pasted anywhere, and no pasted text disappears silently.

use std::time::Duration;

use cpikey::{
    domain::sap::guide::StepId,
    model::{Effect, JobEvent, JobRequest, Msg, Pasted, Place, Tone},
};
use crossterm::event::{Event, KeyCode, KeyEvent};

use crate::{
    driver::{CANARY, Driver, KEY, ok},
    pictures::SIZES,
    sizes::at_step,
};

const PARAMETERS: &str = "{\"roles\":[\"QueuesRetry\"],\"grant-types\":[\"client_credentials\"]}";

fn has_key(driver: &Driver) -> bool {
    driver.app.session().key.usable().is_some()
}

/// Whether a question is open.
fn asks(driver: &Driver) -> bool {
    let words = driver.app.session().content.words;
    driver.screen(100, 30).contains(words.app().key_yes())
}

/// Asserts that no part of the secret is on the screen or in the editor.
fn shows_no_secret(driver: &mut Driver) {
    for (width, height) in [(80, 24), (120, 40)] {
        assert!(!driver.screen(width, height).contains(CANARY));
    }
}

#[test]
fn a_key_that_is_pasted_on_any_step_leads_to_quick_fill() {
    for step in 1..=7 {
        let mut driver = at_step(step);
        driver.paste(KEY);
        if asks(&driver) {
            driver.press("enter");
        }
        assert_eq!(driver.app.place(), Place::Step(StepId::QuickFill), "step {step}");
        assert!(has_key(&driver), "step {step}");
        shows_no_secret(&mut driver);
    }
}

#[test]
fn after_a_verdict_the_next_key_is_asked_about_and_nothing_is_lost_by_no() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    driver.answer(&[], |_| ok(1));
    driver.paste(&KEY.replace("acme-dev.it", "other.it"));
    assert!(asks(&driver));
    driver.press("esc");
    let url = |driver: &Driver| driver.app.session().key.usable().unwrap().url.as_str().to_owned();
    assert!(!asks(&driver) && url(&driver).contains("acme-dev"));
    assert!(driver.app.session().run.is_some());
    driver.paste(&KEY.replace("acme-dev.it", "other.it")).press("enter");
    assert!(url(&driver).contains("other"));
    assert_eq!(driver.app.step(), StepId::QuickFill);
}

#[test]
fn a_key_is_recognised_over_help_palette_and_question() {
    for keys in ["?", "ctrl+p"] {
        let mut driver = at_step(4);
        driver.press(keys).paste(KEY);
        assert!(has_key(&driver), "{keys}");
    }
    let mut driver = at_step(7);
    driver.paste(KEY).press("q");
    let words = driver.app.session().content.words.app();
    assert!(driver.screen(100, 30).contains(words.quit_yes()));
    driver.paste("hello");
    assert!(driver.app.session().notice.is_some(), "a paste is not dropped in silence");
    driver.paste(KEY);
    assert!(asks(&driver));
    driver.press("esc");
    assert!(!asks(&driver));
    let screen = driver.screen(100, 30);
    assert!(screen.contains(&words.quit_with_key()[..30]), "the question is back:\n{screen}");
}

#[test]
fn the_secret_of_a_key_never_reaches_a_field_or_the_editor_or_its_undo() {
    let part = KEY.split_once("\"clientsecret\"").unwrap().1;
    let part = format!("\"clientsecret\"{part}");
    for text in [KEY, part.as_str(), &KEY.replace('\n', "\r\n")] {
        for keys in ["", "tab", "/", "e", "ctrl+p"] {
            let mut driver = at_step(4);
            driver.press(keys).paste(text);
            shows_no_secret(&mut driver);
            driver.press("esc 4 tab ctrl+u ctrl+r");
            shows_no_secret(&mut driver);
            driver.wait(Duration::from_secs(1));
            for saved in driver.saved.iter().flatten() {
                assert!(!saved.to_json().contains(CANARY));
            }
        }
        let mut driver = at_step(3);
        driver.paste(text);
        shows_no_secret(&mut driver);
        driver.press("esc").wait(Duration::from_secs(1));
        assert!(!format!("{:?}", driver.app.session().draft).contains(CANARY));
    }
}

#[test]
fn a_key_that_is_typed_by_the_terminal_is_recognised_on_any_step() {
    for step in 1..=6 {
        for keys in ["", "?"] {
            let mut driver = at_step(step);
            driver.press(keys);
            driver.wait(Duration::from_secs(1));
            // The first character alone, the rest in bursts, as over a slow connection.
            let text = KEY.replace('\n', "\r\n");
            let parts: Vec<char> = text.chars().collect();
            let first = if step == 3 { 0 } else { 1 };
            for c in &parts[..first] {
                driver.send(Msg::Key(KeyEvent::from(KeyCode::Char(*c))));
            }
            for part in parts[first..].chunks(100) {
                driver.send(Msg::Burst(Pasted::new(part.iter().collect::<String>())));
            }
            driver.wait(Duration::from_secs(1));
            driver.wait(Duration::from_secs(1));
            if asks(&driver) {
                driver.press("enter");
            }
            assert!(has_key(&driver), "step {step} {keys}:\n{}", driver.screen(80, 24));
        }
    }
}

#[test]
fn a_key_in_the_clipboard_is_read_on_any_step() {
    for step in 1..=7 {
        let mut driver = at_step(step);
        driver.press("ctrl+v");
        assert!(matches!(driver.jobs.last(), Some((_, JobRequest::ReadClipboard))), "step {step}");
        driver.report(JobEvent::Read(Ok(Pasted::new(KEY))));
        if asks(&driver) {
            driver.press("enter");
        }
        assert!(has_key(&driver), "step {step}");
        shows_no_secret(&mut driver);
    }
}

#[test]
fn parameters_are_offered_to_the_step_of_the_roles() {
    for step in [1, 2, 5, 7] {
        let mut driver = at_step(step);
        driver.paste(PARAMETERS);
        if step != 7 {
            let words = driver.app.session().content.words.app();
            assert!(driver.screen(100, 30).contains(words.parameters_yes()), "step {step}");
            driver.press("enter");
            assert_eq!(driver.app.step(), StepId::Roles);
            assert_eq!(driver.app.session().draft.parameters.roles, ["QueuesRetry"]);
        }
    }
}

#[test]
fn a_text_that_is_neither_says_why_nothing_happened() {
    for step in [1, 2, 5, 6, 8] {
        let mut driver = at_step(step);
        driver.paste("hello");
        let notice = driver.app.session().notice.clone().unwrap_or_else(|| panic!("step {step} is silent"));
        assert!(notice.text.contains('5'), "{notice:?}");
    }
}

#[test]
fn a_field_takes_an_ordinary_paste() {
    let mut driver = at_step(3);
    driver.paste("-x");
    assert!(driver.app.session().draft.instance.ends_with("-x"));
    assert_eq!(driver.app.session().notice, None);
}

#[test]
fn a_text_that_is_too_long_for_a_field_is_not_cut_but_refused_with_a_sentence() {
    let long = "x1y2 ".repeat(40_000);
    for (step, keys) in [(3, ""), (4, "/"), (4, "tab"), (4, ""), (4, "ctrl+p"), (7, "f")] {
        for typed in [false, true] {
            let mut driver = at_step(step);
            driver.press(keys).wait(Duration::from_secs(1));
            let before = format!("{:?}", driver.app.describe().page);
            if typed {
                driver.send(Msg::Burst(Pasted::new(long.as_str())));
                driver.wait(Duration::from_secs(1));
                driver.wait(Duration::from_secs(1));
            } else {
                driver.paste(&long);
            }
            let notice = driver.app.session().notice.clone();
            assert!(notice.is_some_and(|notice| notice.tone == Tone::Warning), "step {step} {keys}, typed: {typed}");
            assert_eq!(format!("{:?}", driver.app.describe().page), before, "step {step} {keys}: a part was inserted");
        }
    }
}

#[test]
fn the_place_of_a_fault_is_the_same_whatever_ends_the_lines() {
    let broken = "{\n  \"oauth\": {\n    \"clientid\": \"sb-1!b1|it!b1\",\n    \"clientsecret\": 'x'y\n";
    let mut places = Vec::new();
    for end in ["\n", "\r", "\r\n"] {
        let mut driver = at_step(7);
        let event = Event::Paste(broken.replace('\n', end));
        driver.send(Msg::from_terminal(event).unwrap());
        places.push(driver.app.session().key.findings());
    }
    assert!(!places[0].is_empty());
    assert_eq!(places[0], places[1]);
    assert_eq!(places[0], places[2]);
}

#[test]
fn a_useless_text_is_cleared_without_a_question() {
    let mut driver = at_step(7);
    driver.paste("hello, this is no key at all");
    assert!(driver.app.session().key.reading.is_some());
    driver.press("x");
    assert!(driver.app.session().key.reading.is_none());
}

#[test]
fn stray_keys_answer_no_question() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("q q q q ctrl+q ctrl+q");
    assert!(driver.effects.is_empty(), "{:?}", driver.effects);
    driver.press("esc enter");
    driver.answer(&[], |_| ok(1));
    driver.press("enter q q ctrl+q");
    assert!(!driver.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
    assert!(has_key(&driver));
}

#[test]
fn the_question_about_a_running_test_changes_when_the_test_is_over() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter q");
    let words = driver.app.session().content.words.app();
    let shown = |driver: &Driver, text: &str| driver.screen(120, 40).contains(&text[..20]);
    assert!(shown(&driver, words.quit_testing()));
    driver.answer(&[], |_| ok(1));
    assert!(!shown(&driver, words.quit_testing()));
    assert!(shown(&driver, words.quit_with_tested_key()));
}

#[test]
fn what_is_wrong_with_a_text_is_said_once() {
    let wrong_plan = KEY.replace("|it!b", "|it-rt-acme-dev!b").replace(".it-cpi018.", ".it-cpi018-rt.");
    for text in [&KEY[..200], "{\"roles\":[\"MonitoringDataRead\"]}", &wrong_plan] {
        let mut driver = at_step(7);
        driver.paste(text);
        for (width, height) in SIZES {
            let screen = driver.screen(width, height);
            assert_eq!(screen.matches('✗').count(), 1, "{width}x{height}:\n{screen}");
        }
    }
}

#[test]
fn a_test_that_was_stopped_says_so_once() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    driver.connect();
    driver.press("esc");
    for (width, height) in SIZES {
        let screen = driver.screen(width, height);
        let title = &driver.app.session().run.as_ref().unwrap().report.together[0].title;
        assert!(!screen.contains(title.as_str()), "{width}x{height}:\n{screen}");
        assert!(screen.contains(driver.app.session().content.words.test().stopped_headline()), "{screen}");
    }
}
