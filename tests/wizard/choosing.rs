//! Steps 1 to 3: what is chosen, with how many keys, and what is asked on the way.

use cpikey::{
    domain::sap::guide::StepId,
    model::{Copyable, Effect, Msg},
};

use crate::{driver::Driver, sizes::at_step};

/// What was copied last, read as JSON.
fn copied_json(driver: &Driver) -> serde_json::Value {
    let text = driver.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy { text: Copyable::Public(text), .. } => Some(text),
        _ => None,
    });
    serde_json::from_str(text.expect("something was copied")).expect("it is JSON")
}

#[test]
fn the_parameters_of_the_first_purpose_are_one_key_away_and_those_of_the_third_three() {
    let mut driver = Driver::new();
    driver.press("y");
    let roles_of = |driver: &Driver, index: usize| {
        let purpose = driver.app.session().content.purposes[index].clone();
        serde_json::json!(purpose.role_names())
    };
    assert_eq!(copied_json(&driver)["roles"], roles_of(&driver, 0));
    let mut driver = Driver::new();
    driver.press("down down y");
    assert_eq!(copied_json(&driver)["roles"], roles_of(&driver, 2));
    assert_eq!(driver.app.step(), StepId::Purpose, "copying does not leave the screen");
}

#[test]
fn the_first_screen_copies_what_was_changed_since_the_purpose_was_chosen() {
    let mut driver = at_step(4);
    driver.press("space 1 y");
    let roles = &driver.app.session().draft.parameters.roles;
    assert_eq!(roles.len(), 4);
    assert_eq!(copied_json(&driver)["roles"], serde_json::json!(roles));
}

#[test]
fn a_purpose_without_roles_says_why_nothing_is_copied() {
    let mut driver = Driver::new();
    driver.press("up up up y");
    assert!(driver.take_effects().is_empty());
    assert!(driver.app.session().notice.is_some());
}

#[test]
fn the_practice_tenant_starts_on_the_first_screen() {
    let mut driver = Driver::new();
    driver.press("up enter");
    assert_eq!(driver.take_effects(), [Effect::StartPractice]);
    driver.send(Msg::Practice(Ok(Vec::new())));
    assert!(driver.app.session().around.practice);
    let words = driver.app.session().content.words.purpose();
    let screen = driver.screen(120, 40);
    assert!(screen.contains("PRACTICE") && !screen.contains(words.practice_row()), "{screen}");
    // Its keys are in Quick Fill, and the row that leads there has the focus.
    driver.press("enter");
    assert_eq!(driver.app.step(), StepId::QuickFill);
}

#[test]
fn up_on_the_first_row_leads_to_the_last_and_down_back_to_the_first() {
    let mut driver = Driver::practice();
    driver.press("up down enter");
    let first = driver.app.session().content.purposes[0].id.clone();
    assert_eq!(driver.app.session().draft.purpose, Some(first));
}
