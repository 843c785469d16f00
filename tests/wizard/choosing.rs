//! Steps 1 to 3: the choices, the number of key presses, and the questions.

use cpikey::{
    domain::sap::{guide::StepId, plan::PlanId},
    model::{Copyable, Effect, Msg, msg::PracticeTenant},
};

use crate::{
    driver::{Driver, KEY, cloud_of_practice, practice_people},
    sizes::at_step,
};

/// The last copied text, parsed as JSON.
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
    driver.send(Msg::Practice(Ok(PracticeTenant {
        samples: Vec::new(),
        cloud_foundry: cloud_of_practice(),
        people: practice_people(),
    })));
    assert!(driver.app.session().around.practice);
    let words = driver.app.session().content.words.purpose();
    let screen = driver.screen(120, 40);
    assert!(screen.contains("PRACTICE") && !screen.contains(words.practice_row()), "{screen}");
    // Its keys are in Quick Fill, and the row for it has the focus.
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

#[test]
fn a_plan_that_the_purpose_cannot_use_is_warned_of_before_it_is_taken_and_asked_for_once() {
    let mut driver = at_step(2);
    let words = driver.app.session().content.words.plan();
    driver.press("down");
    let warning = words.needs_api("CPI Transporter", "api", "integration-flow");
    for (width, height) in [(60, 16), (80, 24), (100, 30), (120, 40)] {
        let start: String = warning.split_whitespace().take(5).collect::<Vec<_>>().join(" ");
        assert!(driver.screen(width, height).contains(&start), "{}", driver.screen(width, height));
    }
    for refusal in ["enter n", "enter esc"] {
        driver.press(refusal);
        assert_eq!(driver.app.step(), StepId::Plan);
        assert_eq!(driver.app.session().draft.parameters.plan, PlanId::Api);
    }
    driver.press("enter");
    assert!(driver.screen(80, 24).contains(words.contradiction_title()));
    driver.press("y");
    assert_eq!(driver.app.step(), StepId::Instance);
    assert_eq!(driver.app.session().draft.parameters.plan, PlanId::IntegrationFlow);
    driver.press("esc enter");
    assert_eq!(driver.app.step(), StepId::Instance, "it is asked for once");
}

#[test]
fn a_region_is_completed_from_its_first_letters_and_down_to_its_landscape() {
    let mut driver = at_step(3);
    driver.press("tab").type_text("eu1");
    let screen = driver.screen(80, 24);
    assert!(screen.contains("eu10") && screen.contains("Frankfurt"), "{screen}");
    driver.press("tab");
    assert_eq!(driver.app.session().draft.region, "eu10");
    driver.press("down");
    assert!(driver.screen(80, 24).contains("eu10-002"), "{}", driver.screen(80, 24));
    driver.press("down enter");
    assert_eq!(driver.app.session().draft.region, "eu10-003");
    driver.press("tab").type_text("my-org");
    assert_eq!(driver.app.session().draft.org, "my-org");
}

#[test]
fn a_region_that_is_not_in_the_list_is_no_obstacle() {
    let mut driver = at_step(3);
    driver.press("tab").type_text("eu99");
    driver.press("tab").type_text("my-org");
    assert_eq!(driver.app.session().draft.org, "my-org");
    assert_eq!(driver.app.session().draft.region, "eu99");
}

#[test]
fn what_the_name_is_used_for_is_shown_while_it_is_typed() {
    let mut driver = at_step(3);
    driver.type_text("_2").press("tab").type_text("eu10-003");
    let screen = driver.screen(160, 50);
    for part in ["cf api https://api.cf.eu10-003.hana.ondemand.com", "'CPITransporter_API_Access_2'"] {
        assert!(screen.contains(part), "{part}\n{screen}");
    }
}

#[test]
fn a_key_of_the_wrong_plan_leads_to_the_right_parameters_in_two_keys() {
    let wrong = KEY.replace("|it!b", "|it-rt-acme-dev!b").replace(".it-cpi018.", ".it-cpi018-rt.");
    for flow_was_chosen in [false, true] {
        let mut driver = if flow_was_chosen { at_step(2) } else { Driver::new() };
        driver.press(if flow_was_chosen { "down enter y esc esc end enter" } else { "end up enter" });
        assert_eq!(driver.app.step(), StepId::QuickFill);
        driver.paste(&wrong);
        driver.take_effects();
        driver.press("enter y");
        let json = copied_json(&driver);
        assert!(json["roles"].as_array().is_some_and(|roles| roles.len() > 1), "{json}");
        assert_eq!(driver.app.session().draft.parameters.plan, PlanId::Api);
    }
}

#[test]
fn the_focused_purpose_is_said_in_full_in_the_smallest_window() {
    let mut driver = Driver::new();
    let purposes = driver.app.session().content.purposes.clone();
    for purpose in purposes.iter() {
        let screen = driver.screen(60, 16);
        let last = purpose.short.split_whitespace().next_back().unwrap();
        assert!(screen.contains(&purpose.title) && screen.contains(last), "{purpose:?}:\n{screen}");
        driver.press("down");
    }
}
