//! No size, however small, and no sequence of keys breaks anything.

use cpikey::ui::{Palette, Theme};
use proptest::prelude::*;

use crate::driver::{Driver, KEY, ok};

/// Walks to a step, only through keys and messages.
pub fn at_step(step: usize) -> Driver {
    let mut driver = Driver::practice();
    for number in 1..step {
        match number {
            7 => {
                driver.paste(KEY);
                driver.press("enter");
                driver.answer(&["IntegrationOperationServer.read", "NodeManager.read", "Roles.Read"], |_| ok(137));
            }
            _ => {
                driver.press("enter");
            }
        }
    }
    assert_eq!(cpikey::app::route::position(driver.app.step()) + 1, step);
    driver
}

#[test]
fn every_screen_draws_itself_at_every_size() {
    let themes = [Theme::new(Palette::Ansi, true), Theme::new(Palette::Mono, false)];
    for step in 1..=9 {
        let mut driver = at_step(step);
        for overlay in ["", "?", "esc ctrl+p", "esc q"] {
            driver.press(overlay);
            for theme in &themes {
                for width in [0, 1, 2, 39, 40, 41, 60] {
                    for height in [0, 1, 2, 9, 10, 11, 13, 16] {
                        driver.picture(width, height, theme);
                    }
                }
            }
        }
    }
}

#[test]
fn a_terminal_that_is_too_small_says_so_and_can_be_left() {
    let mut driver = at_step(4);
    assert!(driver.screen(38, 9).contains("Terminal too small: 38x9"));
    driver.press("q");
    assert!(!driver.take_effects().is_empty());
}

pub const KEYS: &[&str] = &[
    "enter",
    "esc",
    "left",
    "right",
    "up",
    "down",
    "pgup",
    "pgdn",
    "home",
    "end",
    "tab",
    "shift+tab",
    "space",
    "backspace",
    "y",
    "c",
    "p",
    "o",
    "/",
    "a",
    "A",
    "N",
    "v",
    "s",
    "S",
    "t",
    "f",
    "e",
    "x",
    "r",
    "d",
    "?",
    "ctrl+p",
    ":",
    "1",
    "4",
    "7",
    "8",
    "9",
    "q",
    "n",
    "b",
    "ctrl+v",
    "ctrl+l",
    "ctrl+s",
    "z",
    "{",
    "ctrl+u",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_order_of_keys_and_pastes_breaks_the_wizard(
        keys in proptest::collection::vec(0..KEYS.len(), 1..120),
        paste_at in 0usize..120,
        pasted in prop_oneof![Just(KEY.to_owned()), ".{0,80}", Just("\u{1b}[201~q\r\n{\"oauth\"".to_owned())],
    ) {
        let mut driver = Driver::practice();
        for (index, key) in keys.iter().enumerate() {
            if index == paste_at {
                driver.paste(&pasted);
            }
            driver.press(KEYS[*key]);
        }
        for (width, height) in [(80, 24), (40, 10)] {
            let screen = driver.screen(width, height);
            prop_assert!(!screen.contains('\x1b'), "an escape");
        }
        // Ctrl+C ends it anywhere, at the latest the second time.
        driver.take_effects();
        driver.press("ctrl+c ctrl+c");
        let quits = driver.take_effects().iter().any(|effect| matches!(effect, cpikey::model::Effect::Quit(_)));
        prop_assert!(quits);
    }
}
