//! Repeats the test automatically until a missing role has arrived.

use std::time::Duration;

use cpikey::{
    domain::{
        check::CheckEvent,
        finding::{Finding, FindingCode, Stage, Verdict},
    },
    model::{
        Effect, JobRequest,
        watch::{LONGEST, PAUSE, WatchState},
    },
};

use crate::driver::{Driver, KEY, ok};

/// Scopes that lack some of the roles of the purpose.
pub const LIMITED: [&str; 4] =
    ["IntegrationOperationServer.read", "NodeManager.read", "Roles.Read", "WebToolingWorkspace.Read"];

/// The scopes of every role.
fn every_scope(driver: &Driver) -> Vec<String> {
    driver.app.session().content.catalogue.roles.iter().flat_map(|role| role.scopes.clone()).collect()
}

/// Answers with every role.
pub fn answer_all(driver: &mut Driver) {
    let scopes = every_scope(driver);
    driver.answer(&scopes.iter().map(String::as_str).collect::<Vec<_>>(), |_| ok(1));
}

/// A test with missing roles.
pub fn limited() -> Driver {
    let mut driver = Driver::new();
    driver.press("enter enter enter enter enter enter").paste(KEY).press("enter");
    driver.answer(&LIMITED, |_| ok(1));
    driver.take_effects();
    driver
}

/// A watch whose first test found the roles still missing.
pub fn watching() -> Driver {
    let mut driver = limited();
    driver.press("w");
    driver.answer(&LIMITED, |_| ok(1));
    driver
}

/// Whether a test was started since the last call.
fn tests(driver: &mut Driver) -> bool {
    driver.take_jobs().iter().any(|job| matches!(job, JobRequest::Test(_)))
}

fn state(driver: &Driver) -> WatchState {
    driver.app.session().watch.as_ref().unwrap().state
}

#[test]
fn it_tests_at_once_and_then_every_minute_until_the_roles_are_there() {
    let mut driver = limited();
    driver.press("w");
    driver.answer(&LIMITED, |_| ok(1));
    assert!(tests(&mut driver));
    driver.wait(PAUSE - Duration::from_secs(1));
    assert!(!tests(&mut driver));
    assert!(driver.app.wake_after().unwrap() <= Duration::from_secs(1), "the seconds are counted");
    driver.wait(Duration::from_secs(1));
    // The result on the screen stays there while the next test runs.
    assert_eq!(driver.app.session().run.as_ref().unwrap().verdict(), Some(Verdict::Limited));
    answer_all(&mut driver);
    assert_eq!(state(&driver), WatchState::Arrived);
    assert_eq!(driver.app.session().run.as_ref().unwrap().verdict(), Some(Verdict::Ready));
    assert!(driver.take_effects().contains(&Effect::Bell));
    assert!(driver.app.session().notice.is_some());
    driver.wait(2 * PAUSE);
    assert!(!tests(&mut driver));
    assert_eq!(driver.app.wake_after(), None);
}

#[test]
fn the_window_says_what_is_waited_for_and_that_it_is_there() {
    let mut driver = limited();
    let words = driver.app.session().content.words.window();
    let verdict = driver.app.session().run.as_ref().unwrap().verdict().unwrap();
    let said = |driver: &Driver| (driver.app.window().title, driver.app.window().progress);
    assert_eq!(said(&driver), (words.tested(verdict.shown(driver.app.session().content.words)), None));
    driver.press("w");
    let missing = driver.app.session().watch.as_ref().unwrap().missing.len();
    driver.connect();
    assert_eq!(said(&driver), (words.watching(missing), None), "while it tests too");
    driver.answer(&LIMITED, |_| ok(1));
    assert_eq!(said(&driver), (words.watching(missing), None));
    // Also behind another screen, which is the purpose of the title.
    driver.press("1");
    assert_eq!(said(&driver), (words.watching(missing), None));
    driver.wait(PAUSE);
    answer_all(&mut driver);
    let roles = driver.app.session().watch.as_ref().unwrap().roles.len();
    assert_eq!(said(&driver), (words.arrived(roles), None));
    driver.press("7").paste(KEY);
    assert_ne!(driver.app.window().title, words.arrived(roles));
}

#[test]
fn the_window_shows_how_much_of_a_test_is_done() {
    let mut driver = Driver::new();
    driver.press("enter enter enter enter enter enter").paste(KEY).press("enter");
    let words = driver.app.session().content.words.window();
    let run = driver.app.session().run.as_ref().unwrap();
    let (_, all) = run.progress.count();
    assert_eq!(driver.app.window().progress, Some(0));
    assert_eq!(driver.app.window().title, words.testing(0, all));
    driver.answer(&LIMITED, |_| ok(1));
    assert_eq!(driver.app.window().progress, None);
}

#[test]
fn it_goes_on_behind_other_screens_and_another_key_ends_it() {
    let mut driver = watching();
    driver.take_effects();
    driver.press("1");
    driver.wait(PAUSE);
    assert!(tests(&mut driver));
    driver.press("7").paste(KEY);
    assert!(driver.app.session().watch.is_none());
    driver.wait(2 * PAUSE);
    assert!(!tests(&mut driver));
}

#[test]
fn esc_stops_it_before_it_leaves_the_screen_and_so_does_ctrl_c() {
    for key in ["esc", "w", "ctrl+c"] {
        let mut driver = watching();
        driver.take_effects();
        let step = driver.app.step();
        driver.press(key);
        assert_eq!((state(&driver), driver.app.step()), (WatchState::Stopped, step), "{key}");
        assert!(driver.take_effects().iter().all(|effect| !matches!(effect, Effect::Quit(_))));
        driver.wait(2 * PAUSE);
        assert!(!tests(&mut driver));
    }
}

#[test]
fn a_server_in_trouble_is_given_the_time_that_it_asks_for() {
    let mut driver = limited();
    driver.press("w");
    driver.check(CheckEvent::AskedToWait(Duration::from_secs(300)));
    driver.answer_fault(Finding::new(FindingCode::TokenUnavailable, Stage::Token));
    assert!(driver.app.session().is_watching());
    driver.take_effects();
    driver.wait(Duration::from_secs(299));
    assert!(!tests(&mut driver));
    driver.wait(Duration::from_secs(1));
    assert!(tests(&mut driver));
}

#[test]
fn a_key_that_is_refused_in_another_way_ends_it() {
    let mut driver = limited();
    driver.press("w");
    driver.answer_fault(Finding::new(FindingCode::BadCredentials, Stage::Token));
    assert_eq!(state(&driver), WatchState::Refused);
    assert_eq!(driver.app.session().run.as_ref().unwrap().verdict(), Some(Verdict::Rejected));
    driver.take_effects();
    driver.wait(2 * PAUSE);
    assert!(!tests(&mut driver));
}

#[test]
fn it_ends_by_itself_when_the_roles_should_long_be_there() {
    let mut driver = watching();
    driver.take_effects();
    driver.wait(LONGEST);
    assert_eq!(state(&driver), WatchState::TimeOver);
    assert!(!tests(&mut driver));
    assert_eq!(driver.app.wake_after(), None);
}

#[test]
fn a_test_by_hand_is_the_next_test_of_the_watch() {
    let mut driver = watching();
    driver.take_effects();
    driver.press("r");
    assert!(tests(&mut driver));
    assert!(driver.app.session().is_watching());
}

#[test]
fn what_the_screen_says_is_not_repeated_in_the_message_line() {
    let mut driver = watching();
    driver.wait(LONGEST);
    let message = driver.app.session().notice.as_ref().unwrap().text.clone();
    let screen = driver.screen(80, 24);
    let said = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(said.matches(&message).count(), 1, "{message}\n{screen}");
}

#[test]
fn the_watch_takes_no_column_away() {
    let mut driver = limited();
    let words = driver.app.session().content.words;
    // The steps of the test on the left, the findings on the right.
    let columns = |driver: &Driver| {
        let shown = driver.screen(100, 30);
        let row = shown.lines().find(|row| row.contains(words.test().token_host())).map(str::to_owned);
        row.unwrap_or_else(|| panic!("{shown}")).chars().skip(62).collect::<String>()
    };
    let before = columns(&driver);
    assert!(!before.trim().is_empty(), "{}", driver.screen(100, 30));
    driver.press("w");
    assert_eq!(columns(&driver), before, "{}", driver.screen(100, 30));
    driver.wait(PAUSE);
    assert!(!columns(&driver).trim().is_empty(), "{}", driver.screen(100, 30));
    // There is room for the lifetime of the token beside it.
    let driver = limited();
    let token = words.test().issued_valid(LIMITED.len(), "12 hours");
    assert!(driver.screen(100, 30).contains(&token), "{}", driver.screen(100, 30));
}
