//! Esc closes the innermost element first, one at a time, and no input is lost.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use cpikey::{
    domain::systems::vault::Protection,
    keymap::Context,
    model::{JobEvent, Place},
};

use crate::{
    cloud::{self, Sap},
    driver::{CANARY, Driver, KEY},
    pictures,
    saved::with_systems,
    sizes::at_step,
};

/// Where the user is: the screen, its overlay, and what receives the keys.
fn place(driver: &Driver) -> String {
    let now = driver.app.describe();
    let over = format!("{:?}", now.over);
    let context = format!("{:?}", now.context);
    let parts = [now.name, over, context].into_iter();
    parts.filter(|part| !["Nothing", "Browse"].contains(&part.as_str())).collect::<Vec<_>>().join(", ")
}

/// The picture without its message, which any key may remove.
fn body(driver: &Driver) -> String {
    let screen = driver.screen(160, 50);
    let rows: Vec<&str> = screen.lines().collect();
    rows[..rows.len() - 3].join("\n")
}

/// The places reached by Esc, one after another, until nothing changes. A tilde marks the same place with less
/// on it.
fn way_out(driver: &mut Driver) -> Result<String, String> {
    let mut places = vec![place(driver)];
    let draft = driver.app.session().draft.clone();
    for _ in 0..20 {
        let (before, step) = (body(driver), driver.app.step());
        let in_systems = matches!(driver.app.place(), Place::Systems);
        driver.press("esc");
        if driver.app.session().draft != draft {
            return Err("changes what was chosen".to_owned());
        }
        let steps = step as usize - driver.app.step() as usize;
        if steps > 1 || (steps == 1 && in_systems) {
            return Err(format!("goes {steps} steps back at once"));
        }
        if body(driver) == before {
            return Ok(places.join(" > "));
        }
        let now = place(driver);
        let same = places.iter().rev().find(|place| *place != "~") == Some(&now);
        places.push(if same { "~".to_owned() } else { now });
        // Something is running: Esc asks whether to stop it, and then cancels the question.
        let last: Vec<&String> = places.iter().rev().take(4).collect();
        let asks = last.len() == 4 && last[0] == last[2] && last[1] == last[3];
        if asks {
            return Ok(format!("{} ...", places.join(" > ")));
        }
    }
    Err(format!("never ends: {}", places.join(" > ")))
}

#[test]
fn each_esc_takes_one_thing_away() {
    let found = Rc::new(RefCell::new(BTreeMap::new()));
    let all = found.clone();
    pictures::each(move |name: &str, driver: &Driver| {
        let way = way_out(&mut driver.again());
        all.borrow_mut().insert(name.to_owned(), way);
    });
    let found = found.borrow();
    let faults: Vec<String> =
        found.iter().filter_map(|(name, way)| Some(format!("{name} {}", way.as_ref().err()?))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let table: Vec<String> =
        found.iter().filter_map(|(name, way)| Some(format!("{name}: {}", way.as_ref().ok()?))).collect();
    insta::assert_snapshot!("escape", table.join("\n"));
}

/// Opens a form, types, leaves it with Esc and opens it again.
fn typed_again(mut driver: Driver, open: &str, text: &str) {
    driver.press(open);
    assert_eq!(driver.app.describe().context, Context::Edit, "{open}");
    driver.type_text(text).press("esc");
    assert_ne!(driver.app.describe().context, Context::Edit, "{open}");
    let words = driver.app.session().content.words.common();
    driver.press(open.split_whitespace().last().unwrap());
    assert!(driver.screen(120, 40).contains(text), "{open}: {}", driver.screen(120, 40));
    let notice = driver.app.session().notice.as_ref().map(|notice| notice.text.as_str());
    assert_eq!(notice, Some(words.typed_before()), "{open}");
}

#[test]
fn what_was_typed_before_esc_is_there_when_the_form_is_opened_again() {
    typed_again(at_step(6), "home down enter down e", "-of-mine");
    typed_again(at_step(4), "tab end e", "77");
    typed_again(at_step(7), "f", "keys/dev.json");
    typed_again(at_step(7), "e", "https://acme.example");
    typed_again(at_step(9), "s", "-acme");
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end enter");
    typed_again(driver, "n", "-renamed");
}

#[test]
fn what_was_typed_for_cloud_foundry_comes_back_too() {
    let at_ways = |keys: &str| {
        let (mut driver, mut sap) = (cloud::at_create(), Sap::new());
        driver.press("C").press(keys);
        sap.answers(&mut driver);
        (driver, sap)
    };
    typed_again(at_ways("down down").0, "enter", "-of-mine");
    // User and origin are restored; password and passcode are not.
    let (mut driver, mut sap) = at_ways("down enter");
    driver.type_text("me@example.com").press("tab").type_text(CANARY).press("tab").type_text("my-idp");
    for leave in ["esc", "ctrl+p"] {
        driver.press(leave);
        match leave {
            "esc" => driver.press("enter"),
            // To another screen and back.
            _ => driver.type_text("purpose").press("enter 5 C down enter"),
        };
        sap.answers(&mut driver);
        let fields: Vec<String> = driver.app.describe().page.fields.iter().map(|field| field.text.clone()).collect();
        assert_eq!(fields, ["me@example.com", "", "my-idp"], "{leave}");
        assert!(!format!("{:?}", driver.app).contains(CANARY), "{leave}");
        driver.press("tab").type_text(CANARY);
    }
    let (mut driver, mut sap) = at_ways("enter");
    driver.type_text(CANARY).press("esc enter");
    sap.answers(&mut driver);
    assert_eq!(driver.app.describe().page.fields[0].text, "");
    assert!(!format!("{:?}", driver.app).contains(CANARY));
}

#[test]
fn other_names_come_back_and_a_deletion_has_to_be_confirmed_again() {
    let (mut driver, mut sap) = (cloud::at_create(), Sap::new());
    cloud::up_to_the_plan(&mut driver, &mut sap);
    typed_again(driver, "n", "-of-mine");
    let (mut driver, mut sap) = cloud::instances();
    driver.press("down x");
    sap.answers(&mut driver);
    driver.press("enter").type_text("monitoring").press("esc enter");
    assert_eq!(driver.app.describe().page.fields[0].text, "");
}

#[test]
fn a_form_for_something_else_begins_as_always() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end enter n").type_text("-renamed").press("esc down n");
    assert!(!driver.screen(120, 40).contains("-renamed"));
    let mut driver = at_step(9);
    driver.press("s").type_text("-acme").press("esc");
    driver.paste(&KEY.replace("acme-dev", "other-dev")).press("enter enter");
    driver.answer(&[], |_| crate::driver::ok(1));
    driver.press("enter s");
    assert!(!driver.screen(120, 40).contains("-acme"), "{}", driver.screen(120, 40));
}

#[test]
fn a_secret_that_was_typed_is_not_kept() {
    let mut driver = at_step(7);
    driver.press("e tab tab tab").type_text(CANARY).press("esc e");
    assert!(!format!("{:?}", driver.app).contains(CANARY));
    let page = driver.app.describe().page;
    assert_eq!(page.fields.last().unwrap().text, "");
    let mut driver = with_systems(Protection::Passphrase);
    driver.press("end enter enter").type_text(CANARY).press("esc");
    assert!(!format!("{:?}", driver.app).contains(CANARY));
}

#[test]
fn a_file_that_is_read_after_esc_is_taken_all_the_same() {
    let mut driver = at_step(7);
    driver.press("f").type_text("k.json").press("enter");
    driver.report(JobEvent::Read(Ok(cpikey::model::Pasted::new(KEY))));
    assert!(driver.app.session().key.usable().is_some());
    driver.press("f");
    assert!(!driver.screen(120, 40).contains("k.json"), "it was used");
}
