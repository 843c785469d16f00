//! What remains of a Cloud Foundry run: a text for a ticket, and the command to continue after the wizard has ended.

use cpikey::{
    app::outro,
    domain::{cf::resource::OFFERING, handover::commands::again::Reach},
    model::{Copyable, Effect, Exit, Surroundings},
};

use crate::{
    cloud::{API, Sap, at_create, at_create_in, instances, named, screen, up_to_the_plan, words},
    driver::Driver,
    guide::certificate,
    plain::spoken,
};

/// The last copied text.
fn copied(driver: &mut Driver) -> String {
    let copies = driver.take_effects().into_iter().filter_map(|effect| match effect {
        Effect::Copy { text: Copyable::Public(text), .. } => Some(text),
        _ => None,
    });
    copies.last().unwrap_or_default()
}

/// The command in the message after the wizard.
fn command(driver: &Driver) -> String {
    let said = outro(&driver.app, Exit::Left(4));
    let line =
        said.lines().find_map(|line| line.find("cpikey create").or(line.find("cpikey rotate")).map(|at| &line[at..]));
    line.unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[test]
fn what_failed_is_named_for_a_ticket_and_copied_with_place_and_request() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    named(&mut driver, "will-fail");
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.answers(&mut driver);
    let cf = driver.app.session().content.words.cf();
    let provision = driver.app.session().cloud.provision.clone().unwrap();
    let failed = provision.exists()[0].clone();
    let (guid, at) = (failed.guid.unwrap(), failed.updated.unwrap());
    let request = failed.request_id.unwrap();
    let said = spoken(&driver.app);
    for part in [words(&driver).ticket_title(), &guid, &at, request.as_str()] {
        assert!(said.contains(part), "{part}: {said}");
    }
    driver.take_effects();
    driver.press("y");
    let text = copied(&mut driver);
    let title = &driver
        .app
        .session()
        .content
        .findings
        .explain(&provision.run.end().unwrap().findings[0], driver.app.session().content.words)
        .title;
    let place = provision.run.place();
    let parts = [
        title,
        "Internal Server Error",
        &guid,
        &at,
        request.as_str(),
        OFFERING,
        API,
        &place.org.guid,
        &place.space.guid,
    ];
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(text.matches(cf.ticket_request()).count(), 1, "{text}");
    assert!(!text.contains('|'), "no markup: {text}");
}

#[test]
fn nothing_is_offered_for_a_ticket_where_nothing_failed() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    named(&mut driver, "monitoring");
    up_to_the_plan(&mut driver, &mut sap);
    driver.take_effects();
    driver.press("y");
    assert_eq!(copied(&mut driver), "");
    assert!(!screen(&driver).contains(words(&driver).ticket_title()));
}

#[test]
fn the_last_words_name_the_command_that_goes_on_with_the_same_way_to_the_servers() {
    let reach = Reach {
        ca_file: Some("my ca.pem".to_owned()),
        proxy: Some("http://proxy.example.com:8080".to_owned()),
        timeout: Some(90),
    };
    let (mut driver, mut sap) = (at_create_in(Surroundings { reach, ..Surroundings::default() }), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.steps(&mut driver, 4);
    let line = command(&driver);
    let reach = "--ca-file 'my ca.pem' --proxy http://proxy.example.com:8080 --timeout 90";
    assert!(line.contains(reach), "{line}");
    assert!(line.ends_with("--output key.json"), "{line}");
    assert!(!line.contains("--cf") && !line.contains("--user") && !line.contains("--allow-host"), "{line}");
}

#[test]
fn the_command_that_goes_on_logs_in_as_the_wizard_did() {
    // Logged in with a password.
    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("C");
    sap.answers(&mut driver);
    driver.press("down enter");
    sap.answers(&mut driver);
    driver.type_text(cpikey::practice::cf::USER_OF_TWO_ORIGINS).press("tab");
    driver
        .type_text(cpikey::practice::cf::PASSWORD)
        .press("tab")
        .type_text(cpikey::practice::cf::ORIGIN)
        .press("enter");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.steps(&mut driver, 4);
    let line = command(&driver);
    let login =
        format!("--user {} --origin {}", cpikey::practice::cf::USER_OF_TWO_ORIGINS, cpikey::practice::cf::ORIGIN);
    assert!(line.contains(&login), "{line}");
    assert!(!line.contains("password"), "{line}");
    // With the login of the cf CLI.
    let (mut driver, mut sap) = (at_create(), Sap::with_cf());
    driver.press("C");
    sap.answers(&mut driver);
    driver.press("home enter");
    sap.answers(&mut driver);
    sap.steps(&mut driver, 1);
    driver.press("enter");
    sap.steps(&mut driver, 4);
    let line = command(&driver);
    assert!(line.contains(" --cf "), "{line}");
}

#[test]
fn the_command_that_goes_on_names_a_file_for_the_certificate_that_was_pasted() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    driver.press("enter").paste(&certificate().0);
    assert!(!driver.app.session().draft.key_parameters.certificate.is_empty(), "{}", screen(&driver));
    driver.press("5");
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.steps(&mut driver, 4);
    let line = command(&driver);
    assert!(line.contains("--certificate certificate.pem"), "{line}");
}

#[test]
fn the_command_that_goes_on_has_the_parameters_that_were_agreed_to() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.steps(&mut driver, 4);
    let before = command(&driver);
    // Another role is chosen for later; the request that SAP received stays.
    driver.press("4 down down down down down down down down space");
    assert_eq!(command(&driver), before);
}

#[test]
fn a_rotation_that_is_not_finished_goes_on_with_a_file_for_the_key() {
    let (mut driver, mut sap) = instances();
    driver.press("down down K");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    let line = command(&driver);
    assert!(line.contains("cpikey rotate") && line.contains("--key monitoring-key"), "{line}");
    assert!(line.ends_with("--output key.json"), "nobody would receive the key: {line}");
}
