//! What is said about a copy, and how long a secret is still in the clipboard.

use std::time::Duration;

use cpikey::{
    model::{
        Effect, Msg,
        msg::{CopyOutcome, SecretGone},
    },
    ui::{Palette, Theme},
};

use crate::{driver::Driver, sizes::at_step};

fn lent(driver: &mut Driver, checked: bool) {
    let lasts = Duration::from_millis(44_700);
    driver.send(Msg::Copied("the client secret".to_owned(), CopyOutcome::SecretLent { checked, lasts }));
}

#[test]
fn the_words_for_a_copy_claim_only_what_is_known() {
    let known = [
        (CopyOutcome::Checked, "Copied it to the system clipboard (checked)."),
        (CopyOutcome::HandedOver, "Handed it to the system clipboard. If pasting gives nothing, press p."),
        (CopyOutcome::HandedToTmux, "Handed it to tmux, which passes it to your terminal."),
        (CopyOutcome::Sent, "Sent it to your terminal's clipboard. If pasting gives nothing, press p."),
        (CopyOutcome::Failed("No server.".to_owned()), "Not copied: it. No server. Press p"),
        (CopyOutcome::SecretFailed("No server.".to_owned()), "Not copied: it. No server. A secret goes nowhere but"),
    ];
    for (outcome, words) in known {
        let mut driver = at_step(9);
        driver.send(Msg::Copied("it".to_owned(), outcome.clone()));
        assert!(driver.screen(120, 40).contains(words), "{outcome:?}:\n{}", driver.screen(120, 40));
        let claims_success = driver.screen(120, 40).contains("Copied it");
        assert_eq!(claims_success, outcome == CopyOutcome::Checked, "{outcome:?}");
    }
}

#[test]
fn a_copy_that_is_left_to_the_terminal_is_asked_of_the_loop() {
    let mut driver = at_step(4);
    driver.send(Msg::CopyByTerminal("it".to_owned(), "sequence".to_owned()));
    let asked = Effect::CopyByTerminal { what: "it".to_owned(), sequence: "sequence".to_owned() };
    assert_eq!(driver.effects.last(), Some(&asked));
}

#[test]
fn a_secret_in_the_clipboard_is_counted_down_on_every_screen_until_it_is_out() {
    let mut driver = at_step(9);
    lent(&mut driver, true);
    assert!(driver.screen(80, 24).contains("Copied the client secret to the system clipboard (checked). It is taken"));
    assert!(driver.screen(80, 24).contains("secret in clipboard: 45 s"));
    assert_eq!(driver.app.wake_after(), Some(Duration::from_millis(700)));
    driver.wait(Duration::from_millis(700));
    assert!(driver.screen(80, 24).contains("secret in clipboard: 44 s"));
    assert_eq!(driver.app.wake_after(), Some(Duration::from_secs(1)));
    driver.wait(Duration::from_secs(41));
    driver.press("1");
    assert!(driver.screen(60, 16).contains("secret: 3 s"), "{}", driver.screen(60, 16));
    driver.wait(Duration::from_secs(9));
    assert!(driver.screen(80, 24).contains("secret in clipboard: 0 s"), "nobody said that it is out");
    assert_eq!(driver.app.wake_after(), None);
    driver.send(Msg::SecretGone(SecretGone::TakenOut));
    assert!(!driver.screen(80, 24).contains("secret in clipboard:"));
    assert!(driver.screen(80, 24).contains("The secret was taken out of the system clipboard (checked)."));
}

#[test]
fn a_clipboard_that_was_not_cleared_is_not_called_clear() {
    for (gone, words) in [
        (SecretGone::Replaced, "What is there now was left alone."),
        (SecretGone::Unknown, "may still be in it. Copy something else over it."),
    ] {
        let mut driver = at_step(9);
        lent(&mut driver, false);
        assert!(driver.screen(80, 24).contains("Handed the client secret to the system clipboard. It is taken"));
        driver.send(Msg::SecretGone(gone));
        assert!(driver.screen(120, 24).contains(words), "{gone:?}");
        assert_eq!(driver.app.wake_after(), None);
    }
}

#[test]
fn the_countdown_fits_beside_the_sign_of_the_practice_tenant() {
    let theme = Theme::new(Palette::Mono, false);
    for width in 40..140 {
        let mut driver = at_step(9);
        lent(&mut driver, true);
        let (picture, _) = driver.picture(width, 24, &theme);
        let first = picture.lines().next().unwrap_or_default();
        if width >= 60 {
            assert!(first.contains("secret") && first.contains("PRACTICE"), "{width}: {first}");
        }
        assert!(!first.contains("secret") || first.contains("45 s"), "{width}: {first}");
    }
}
