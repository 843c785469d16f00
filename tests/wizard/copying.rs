//! Messages about copying, and how long a secret stays in the clipboard.

use std::time::Duration;

use cpikey::{
    model::{
        Effect, Msg,
        msg::{CopyOutcome, SecretGone},
    },
    ui::{Palette, Theme},
    words::{AppLabels, Words},
};

use crate::{driver::Driver, sizes::at_step};

fn words() -> AppLabels {
    Words::default().app()
}

/// The text of the message line.
fn said(driver: &Driver) -> &str {
    driver.app.session().notice.as_ref().map_or("", |notice| notice.text.as_str())
}

fn lent(driver: &mut Driver, checked: bool) {
    let lasts = Duration::from_millis(44_700);
    driver.send(Msg::Copied("the client secret".to_owned(), CopyOutcome::SecretLent { checked, lasts }));
}

#[test]
fn the_words_for_a_copy_claim_only_what_is_known() {
    let known = [
        (CopyOutcome::Checked, words().copied("it")),
        (CopyOutcome::HandedOver, words().sent("it")),
        (CopyOutcome::HandedToTmux, words().sent_to_tmux("it")),
        (CopyOutcome::Sent, words().sent_to_terminal("it")),
        (CopyOutcome::Failed("No server.".to_owned()), words().not_copied("it", "No server.")),
        (CopyOutcome::SecretFailed("No server.".to_owned()), words().secret_not_copied("it", "No server.")),
    ];
    for (outcome, expected) in known {
        let mut driver = at_step(9);
        driver.send(Msg::Copied("it".to_owned(), outcome.clone()));
        assert_eq!(said(&driver), expected, "{outcome:?}");
        assert!(driver.screen(120, 40).contains(&expected[..60.min(expected.len())]), "{outcome:?}");
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
    assert_eq!(said(&driver), words().secret_copied("the client secret", 45));
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
    assert_eq!(said(&driver), words().secret_cleared());
}

#[test]
fn a_clipboard_that_was_not_cleared_is_not_called_clear() {
    for (gone, expected) in
        [(SecretGone::Replaced, words().secret_replaced()), (SecretGone::Unknown, words().secret_maybe_there())]
    {
        let mut driver = at_step(9);
        lent(&mut driver, false);
        assert_eq!(said(&driver), words().secret_sent("the client secret", 45));
        driver.send(Msg::SecretGone(gone));
        assert_eq!(said(&driver), expected, "{gone:?}");
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
