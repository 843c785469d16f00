//! The mouse: rows, steps, keys, buttons, tabs, and the fields of every form.

use std::{cell::RefCell, rc::Rc};

use cpikey::{
    app::Over,
    domain::sap::guide::StepId,
    model::{Copyable, Effect, Surroundings, msg::Press},
    ui::{Palette, Theme},
};

use crate::{
    driver::{Driver, KEY},
    files, pictures,
    sizes::at_step,
    tools::run,
};

/// Clicks on a text.
fn click(driver: &mut Driver, text: &str) -> Vec<Effect> {
    click_at((80, 24), driver, text)
}

fn click_at(size: (u16, u16), driver: &mut Driver, text: &str) -> Vec<Effect> {
    press_at(size, driver, text, 0, None)
}

/// The same this many columns after the start of the text; or turns the wheel there.
fn press_at(
    (width, height): (u16, u16),
    driver: &mut Driver,
    text: &str,
    after: u16,
    wheel: Option<bool>,
) -> Vec<Effect> {
    let theme = Theme::new(Palette::Mono, true);
    let drawn = driver.drawn(width, height, &theme);
    let buffer = drawn.buffer();
    let found = (0..height).find_map(|row| {
        let line: Vec<&str> = (0..width).map(|column| buffer[(column, row)].symbol()).collect();
        let column = (0..line.len()).find(|column| line[*column..].concat().starts_with(text))?;
        Some((u16::try_from(column).unwrap(), row))
    });
    let (column, row) = found.unwrap_or_else(|| panic!("no {text} in\n{}", driver.screen(width, height)));
    cpikey::app::press(&mut driver.app, Press { column: column + after, row, wheel }, &theme.hits)
}

fn with_mouse() -> Driver {
    Driver::with(Surroundings { mouse: true, ..Surroundings::default() })
}

#[test]
fn a_click_focuses_a_row_and_a_second_one_takes_it() {
    let mut driver = with_mouse();
    click(&mut driver, "Monitoring only");
    assert_eq!(driver.app.step(), StepId::Purpose);
    click(&mut driver, "Monitoring only");
    assert_eq!(driver.app.step(), StepId::Plan);
    assert_eq!(driver.app.session().draft.purpose.as_deref(), Some("monitoring"));
}

#[test]
fn steps_keys_of_the_footer_and_buttons_can_be_clicked() {
    let mut driver = with_mouse();
    let words = driver.app.session().content.words;
    driver.press("enter enter");
    click(&mut driver, "1 Purpose");
    assert_eq!(driver.app.step(), StepId::Purpose);
    click(&mut driver, words.keys().commands());
    assert!(driver.screen(80, 24).contains(words.app().commands_title()));
    let mut driver = at_step(7);
    run(&mut driver, "use the mouse");
    driver.paste(KEY);
    driver.press("q");
    click(&mut driver, words.app().quit_no());
    assert!(!driver.screen(80, 24).contains(words.app().quit_with_key()));
    driver.press("q");
    let effects = click(&mut driver, &format!("{}  ", words.app().quit_yes()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Quit(_))), "{effects:?}");
}

#[test]
fn tabs_values_and_both_plans_can_be_clicked() {
    let mut driver = at_step(2);
    run(&mut driver, "use the mouse");
    let words = driver.app.session().content.words;
    click_at((120, 40), &mut driver, "( ) integration-flow");
    let use_it = words.plan().use_plan("integration-flow");
    assert!(driver.screen(120, 40).contains(&use_it), "{}", driver.screen(120, 40));
    driver.press("up enter enter");
    click(&mut driver, words.roles().tab_options());
    assert!(driver.screen(80, 24).contains("client_credentials                  Client"), "{}", driver.screen(80, 24));
    driver.press("enter");
    let (guide, sheet) = (words.guide(), "Request: an API key for Cloud Integration");
    for size in [(80, 24), (60, 16)] {
        click_at(size, &mut driver, guide.sheet());
        assert!(driver.screen(80, 24).contains(sheet), "{}", driver.screen(80, 24));
        click_at(size, &mut driver, guide.cf());
        click_at(size, &mut driver, guide.shell_cmd());
        assert!(driver.screen(80, 24).contains("@echo off"), "{}", driver.screen(80, 24));
        click_at(size, &mut driver, guide.shell_sh());
        click_at(size, &mut driver, guide.cockpit());
    }
    for size in [(80, 24), (100, 30), (120, 40)] {
        driver.take_effects();
        let effects = click_at(size, &mut driver, guide.value_instance());
        let name = &driver.app.session().draft.instance;
        let is_copy =
            |effect: &Effect| matches!(effect, Effect::Copy { text: Copyable::Public(text), .. } if text == name);
        assert!(effects.iter().any(is_copy), "{size:?} {effects:?}");
    }
}

#[test]
fn the_wheel_moves_the_focus_and_stops_at_the_ends() {
    let mut driver = with_mouse();
    let theme = Theme::new(Palette::Mono, true);
    for (down, focused) in [(false, 0), (true, 3), (false, 0)] {
        driver.drawn(80, 24, &theme);
        let _ = cpikey::app::press(&mut driver.app, Press { column: 5, row: 8, wheel: Some(down) }, &theme.hits);
        driver.press("space");
        let session = driver.app.session();
        assert_eq!(session.draft.purpose.as_deref(), Some(session.content.purposes[focused].id.as_str()));
    }
}

#[test]
fn without_the_mouse_nothing_can_be_clicked_and_the_palette_switches_it_on() {
    let mut driver = Driver::new();
    click(&mut driver, "Monitoring only");
    click(&mut driver, "Monitoring only");
    assert_eq!(driver.app.step(), StepId::Purpose);
    run(&mut driver, "use the mouse");
    assert_eq!(driver.take_effects().last(), Some(&Effect::Mouse(true)));
    assert!(driver.app.has_mouse());
    run(&mut driver, "leave the mouse");
    assert_eq!(driver.take_effects().last(), Some(&Effect::Mouse(false)));
}

#[test]
fn a_click_in_a_paste_that_breaks_out_presses_nothing() {
    let mut driver = with_mouse();
    driver.paste("{");
    click(&mut driver, "Monitoring only");
    let before = driver.screen(80, 24);
    click(&mut driver, "Monitoring only");
    assert_eq!((driver.app.step(), driver.screen(80, 24)), (StepId::Purpose, before));
}

/// The fields of the form on the screen: their text, and which has the focus.
fn fields(driver: &Driver) -> (Vec<String>, Option<usize>) {
    let page = driver.app.describe().page;
    (page.fields.into_iter().map(|field| field.text).collect(), page.field)
}

#[test]
fn every_field_of_every_form_takes_a_click() {
    let forms = Rc::new(RefCell::new(0));
    let seen = forms.clone();
    pictures::each(move |name: &str, driver: &Driver| {
        let described = driver.app.describe();
        let waits = driver.app.session().cloud.waiting.is_some();
        // The filter of the roles has a different label on the screen; other tests click it.
        let is_filter = described.place == StepId::Roles.into() && !name.contains("typing");
        if described.page.fields.is_empty() || described.over != Over::Nothing || waits || is_filter {
            return;
        }
        *seen.borrow_mut() += 1;
        for (index, field) in described.page.fields.iter().enumerate() {
            let mut driver = driver.again();
            run(&mut driver, "use the mouse");
            // The label, and not a step or a title of the same name.
            let label = ["› ", "  "].map(|mark| format!(" {mark}{}  ", field.label));
            let shown = driver.screen(80, 24);
            let label = label.iter().find(|label| shown.contains(*label)).unwrap_or(&field.label);
            press_at((80, 24), &mut driver, label, 4, None);
            assert_eq!(fields(&driver).1, Some(index), "{name} {}\n{shown}", field.label);
            driver.type_text("x");
            let typed = &fields(&driver).0[index];
            assert!(field.masked || typed.len() == field.text.len() + 1 && typed.ends_with('x'), "{name} {typed}");
        }
    });
    assert!(*forms.borrow() > 20, "{}", forms.borrow());
}

#[test]
fn a_click_puts_the_caret_where_it_was_clicked() {
    let mut driver = at_step(3);
    run(&mut driver, "use the mouse");
    driver.press("ctrl+u").type_text("acme-dev").press("tab").type_text("eu10-00").press("tab");
    // In a field without the focus, and then in the same one.
    press_at((80, 24), &mut driver, "Instance name  ", 15 + 4, None);
    driver.type_text("1");
    press_at((80, 24), &mut driver, "Instance name  ", 15, None);
    driver.type_text("2");
    assert_eq!((fields(&driver).0[0].as_str(), fields(&driver).1), ("2acme1-dev", Some(0)));
    // A click after the end moves to the end.
    press_at((80, 24), &mut driver, "Region  ", 15 + 20, None);
    driver.type_text("4");
    assert_eq!((fields(&driver).0[1].as_str(), fields(&driver).1), ("eu10-004", Some(1)));
}

#[test]
fn what_a_field_offers_and_the_button_below_can_be_clicked() {
    let mut driver = at_step(3);
    run(&mut driver, "use the mouse");
    driver.press("tab ctrl+u").type_text("eu1");
    let place = fields(&driver).0;
    click(&mut driver, "eu11 ");
    assert_eq!(fields(&driver).0, place, "it has the focus only");
    click(&mut driver, "eu11 ");
    assert_eq!(fields(&driver).0[1], "eu11");
    let button = driver.app.session().content.words.instance().continue_button();
    click(&mut driver, button);
    assert_eq!(driver.app.step(), StepId::Roles);

    let mut driver = at_step(7);
    run(&mut driver, "use the mouse");
    driver.press("f");
    files::list(&mut driver, &["~/Downloads/key.json", "~/Downloads/api.json"]);
    click(&mut driver, "~/Downloads/api.json");
    click(&mut driver, "~/Downloads/api.json");
    assert_eq!(fields(&driver).0, ["~/Downloads/api.json"]);
}

#[test]
fn the_filter_the_json_and_the_search_of_the_palette_take_clicks() {
    let mut driver = at_step(4);
    run(&mut driver, "use the mouse");
    driver.press("/").type_text("packages").press("enter");
    press_at((120, 40), &mut driver, "packages", 2, None);
    driver.type_text("X");
    assert!(driver.screen(120, 40).contains("paXckages"), "{}", driver.screen(120, 40));
    driver.press("esc e");
    let json = "\"grant-types\"";
    press_at((120, 40), &mut driver, json, 1, None);
    driver.type_text("Y");
    assert!(driver.screen(120, 40).contains("\"Ygrant-types"), "{}", driver.screen(120, 40));
    driver.press("esc ctrl+p").type_text("theme");
    press_at((120, 40), &mut driver, "theme", 3, None);
    driver.type_text("Z");
    assert!(driver.screen(120, 40).contains("theZme"), "{}", driver.screen(120, 40));
}

#[test]
fn the_wheel_moves_nothing_over_what_is_only_looked_at() {
    let mut driver = with_mouse();
    let json = driver.app.session().content.words.purpose().copies();
    let before = driver.screen(120, 40);
    press_at((120, 40), &mut driver, json, 3, Some(true));
    assert_eq!(driver.screen(120, 40), before);
}
