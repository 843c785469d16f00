//! Steps 5 and 6: pages, views, and the form of the key.

use cpikey::{
    domain::sap::{guide::StepId, key_parameters::KeyType},
    model::{Copyable, Effect, JobRequest, Msg, Pasted, msg::CopyOutcome},
    words::GuideLabels,
};

use crate::{driver::Driver, pictures::SIZES, sizes::at_step};

fn words(driver: &Driver) -> GuideLabels {
    driver.app.session().content.words.guide()
}

/// Step 6 with the form of the key open and the focus on the name.
fn key_form() -> Driver {
    let mut driver = at_step(6);
    driver.press("home down enter down");
    driver
}

/// Presses a key and returns the copied text.
fn copied(driver: &mut Driver, keys: &str) -> String {
    driver.take_effects();
    driver.press(keys);
    let text = driver.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Copy { text: Copyable::Public(text), .. } => Some(text),
        _ => None,
    });
    text.unwrap_or_else(|| panic!("nothing was copied:\n{}", driver.screen(80, 24)))
}

/// Presses a key and returns the saved file.
fn saved(driver: &mut Driver, keys: &str) -> (String, String) {
    driver.take_effects();
    driver.press(keys);
    let file = driver.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Start(_, JobRequest::WriteFile { path, text, .. }) => Some((path.display().to_string(), text)),
        _ => None,
    });
    file.unwrap_or_else(|| panic!("nothing was saved:\n{}", driver.screen(80, 24)))
}

/// An external certificate with its private key, valid at the driver's time.
pub fn certificate() -> (String, String) {
    let mut params = rcgen::CertificateParams::new(vec!["client.example".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    // An authority trusted by the token server.
    params.distinguished_name.push(rcgen::DnType::OrganizationName, "DigiCert Inc");
    let key = rcgen::KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

#[test]
fn every_page_of_the_guide_can_be_read_in_the_wizard() {
    let content = cpikey::content::load();
    let shown: String = [(5, 2), (6, 3)]
        .into_iter()
        .flat_map(|(step, parts)| {
            let mut driver = at_step(step);
            (0..parts).map(move |_| {
                driver.take_effects();
                driver.press("p");
                let text = driver.take_effects().into_iter().find_map(|effect| match effect {
                    Effect::ShowPlain(text) => Some(text),
                    _ => None,
                });
                // The last rows open the other pages.
                driver.press("esc end enter");
                text.unwrap()
            })
        })
        .collect();
    for page in content.pages.iter() {
        assert!(shown.contains(&page.title), "{}", page.id);
    }
}

#[test]
fn the_commands_are_another_view_and_are_copied_and_saved_whole() {
    let mut driver = at_step(5);
    let sheet = copied(&mut driver, "V y");
    assert!(sheet.starts_with("# ") && sheet.contains("CPITransporter_API_Access"), "{sheet}");
    assert!(sheet.contains("|---|---|"), "a copy is Markdown: {sheet}");
    assert!(!driver.screen(80, 60).contains("|--"), "a table is drawn as one:\n{}", driver.screen(80, 60));
    driver.press("v");
    let script = copied(&mut driver, "v y");
    assert!(script.starts_with("#!/bin/sh") && script.contains("WorkspaceArtifactsDeploy"), "{script}");
    let (name, text) = saved(&mut driver, "s");
    assert_eq!((name.as_str(), text), ("CPITransporter_API_Access-create.sh", script));
    let (name, _) = saved(&mut driver, "space s");
    assert_eq!(name, "CPITransporter_API_Access-create.ps1");
    let (name, text) = saved(&mut driver, "v s");
    assert_eq!(name, "CPITransporter_API_Access-create.tf");
    assert!(text.contains("cloudfoundry_service_instance"), "{text}");
    assert!(saved(&mut driver, "v s").1.contains("Only if your account offers it"));
    assert!(saved(&mut driver, "tab s").0.ends_with("-create.txt"));
    driver.press("tab tab");
    let cockpit = words(&driver).progress(0, 6);
    assert!(driver.screen(80, 24).contains(&cockpit), "the cockpit again:\n{}", driver.screen(80, 24));
}

#[test]
fn each_page_has_the_commands_of_its_own_task() {
    let mut driver = at_step(5);
    assert!(saved(&mut driver, "end enter v s").0.ends_with("-update.sh"));
    let mut driver = at_step(6);
    assert!(saved(&mut driver, "end up enter v s").0.ends_with("-rotate.sh"));
    assert!(saved(&mut driver, "esc end enter v s").0.ends_with("-delete.sh"));
    driver.press("esc esc");
    assert_eq!(driver.app.step(), StepId::Key);
    assert!(driver.screen(80, 24).contains(words(&driver).form()), "{}", driver.screen(80, 24));
}

#[test]
fn what_the_commands_say_is_what_was_chosen_in_the_form_of_the_key() {
    let mut driver = key_form();
    driver.press("down space down e ctrl+u").type_text("90");
    driver.press("enter down space");
    let chosen = &driver.app.session().draft.key_parameters;
    assert_eq!((chosen.key_type, chosen.validity, chosen.key_length), (KeyType::Certificate, 90, 3072));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&copied(&mut driver, "y")).unwrap(),
        serde_json::json!({"key-type": "certificate", "validity": 90, "key-length": 3072})
    );
    assert!(driver.screen(120, 60).contains("Key type Certificate,"), "{}", driver.screen(120, 60));
    let script = copied(&mut driver, "v y");
    assert!(script.contains("\"validity\": 90"), "{script}");
}

#[test]
fn a_validity_that_sap_does_not_issue_is_not_taken() {
    let mut driver = key_form();
    driver.press("down space down e ctrl+u").type_text("400");
    driver.press("enter");
    assert!(driver.screen(80, 24).contains(&words(&driver).validity_range(365)));
    driver.press("esc");
    assert_eq!(driver.app.session().draft.key_parameters.validity, 365);
}

#[test]
fn an_external_certificate_is_pasted_or_read_from_a_file_and_a_private_key_is_refused() {
    let (pem, private_key) = certificate();
    let mut driver = at_step(6);
    driver.paste(&format!("{pem}{private_key}"));
    assert!(driver.screen(80, 24).contains("private key"), "{}", driver.screen(80, 24));
    assert_eq!(driver.app.session().draft.key_parameters.certificate, "");
    driver.paste(&pem.repeat(2));
    assert!(driver.screen(80, 24).contains("more than one certificate"), "{}", driver.screen(80, 24));
    driver.wait(std::time::Duration::from_millis(300));
    // A certificate chain cannot be used, so there are no commands with it.
    driver.press("v");
    assert!(driver.screen(80, 24).contains(words(&driver).no_commands()), "{}", driver.screen(80, 24));
    driver.press("esc");
    driver.read_file("client.pem", Pasted::new(pem.clone()));
    assert_eq!(driver.app.step(), StepId::Key);
    assert_eq!(driver.app.session().draft.key_parameters.to_value()["X.509"], pem.replace("\r\n", "\n"));
    assert!(driver.screen(80, 24).contains(words(&driver).certificate_taken()), "{}", driver.screen(80, 24));
}

#[test]
fn certificate_pinning_is_offered_only_if_the_plan_has_it() {
    let mut driver = key_form();
    driver.press("down space space");
    assert!(!driver.screen(80, 40).contains("Certificate Pinning"));
    let mut driver = at_step(2);
    driver.press("down enter y enter enter enter home down enter down down space space");
    assert_eq!(driver.app.step(), StepId::Key);
    assert!(driver.screen(80, 40).contains("Certificate Pinning"), "{}", driver.screen(80, 40));
}

#[test]
fn a_certificate_key_is_refused_for_an_instance_without_client_credentials() {
    let mut driver = at_step(4);
    driver.paste("{\"roles\":[\"MonitoringDataRead\"],\"grant-types\":[\"password\"]}");
    driver.press("ctrl+s enter enter home down enter down down space");
    assert!(driver.screen(80, 40).contains("needs the grant type client_credentials"), "{}", driver.screen(80, 40));
}

#[test]
fn the_request_sheet_is_saved_from_the_page_itself() {
    let mut driver = at_step(5);
    let (name, text) = saved(&mut driver, "s");
    assert_eq!(name, "CPITransporter_API_Access-request.md");
    assert!(text.contains("WorkspaceArtifactsDeploy") && text.contains("CPITransporter_API_Key"));
}

#[test]
fn roles_changed_after_the_instance_was_created_lead_to_the_page_that_updates_it() {
    let mut driver = at_step(7);
    driver.press("4 space enter");
    assert_eq!(driver.app.step(), StepId::Create);
    assert!(driver.screen(80, 24).contains("Change the roles of the instance"), "{}", driver.screen(80, 24));
}

#[test]
fn the_focused_purpose_is_compared_with_the_chosen_one() {
    let mut driver = Driver::new();
    driver.press("v");
    let words = driver.app.session().content.words.purpose();
    assert!(driver.screen(80, 24).contains(words.choose_first()), "{}", driver.screen(80, 24));
    driver.press("down down space down v");
    let screen = driver.screen(120, 40);
    for part in [words.more(1), words.left_out(1), words.same(3)] {
        assert!(screen.contains(&part), "{part}:\n{screen}");
    }
}

#[test]
fn from_step_5_each_value_is_copied_with_one_key_and_marked() {
    let mut driver = at_step(5);
    assert!(copied(&mut driver, "y").contains("WorkspaceArtifactsDeploy"));
    assert_eq!(copied(&mut driver, "u"), "Process Integration Runtime");
    assert_eq!(copied(&mut driver, "l"), "api");
    assert_eq!(copied(&mut driver, "i"), "CPITransporter_API_Access");
    assert!(copied(&mut driver, "h").starts_with("https://cockpit."));
    let mark = |driver: &Driver| {
        let screen = driver.screen(80, 24);
        screen.lines().find(|line| line.contains("  i  ")).unwrap().to_owned()
    };
    let said = words(&driver).copied();
    assert!(!mark(&driver).contains(said), "nobody has answered yet");
    let named = words(&driver).quoted("CPITransporter_API_Access");
    driver.send(Msg::Copied(named, CopyOutcome::Checked));
    assert!(mark(&driver).ends_with(said), "{}", driver.screen(80, 24));
    driver.press("3 end").type_text("_2").press("enter enter");
    assert_eq!(driver.app.step(), StepId::Create);
    assert!(!mark(&driver).contains(said), "another name was copied:\n{}", driver.screen(80, 24));
    let mut driver = at_step(6);
    assert_eq!(copied(&mut driver, "m"), "CPITransporter_API_Key");
    assert_eq!(copied(&mut driver, "y"), "{}");
}

#[test]
fn space_is_done_and_on_and_enter_on_a_fold_opens_it() {
    let mut driver = at_step(5);
    driver.press("space space");
    let progress = words(&driver).progress(2, 6);
    assert!(driver.screen(80, 24).contains(&progress), "{}", driver.screen(80, 24));
    assert!(driver.app.session().draft.ticks.contains("create-instance/open"));
    let title = "You are Space Developer in it";
    assert!(!driver.screen(80, 40).contains(title));
    driver.press("home down enter");
    assert!(driver.screen(80, 40).contains(title), "{}", driver.screen(80, 40));
    driver.press("esc");
    assert!(!driver.screen(80, 40).contains(title));
    assert_eq!(driver.app.step(), StepId::Create, "esc has closed the fold first");
    driver.press("6 5");
    let screen = driver.screen(80, 24);
    assert!(screen.contains(words(&driver).prepare()), "the top is shown again:\n{screen}");
}

#[test]
fn esc_closes_the_reasons_before_it_goes_back() {
    let mut driver = at_step(5);
    driver.press("d");
    assert!(driver.screen(80, 24).contains("A key belongs to one subaccount"), "{}", driver.screen(80, 24));
    driver.press("esc");
    assert_eq!(driver.app.step(), StepId::Create);
    driver.press("esc");
    assert_eq!(driver.app.step(), StepId::Roles);
}

#[test]
fn all_ways_are_named_at_80_columns() {
    let driver = at_step(5);
    let screen = driver.screen(80, 24);
    let words = words(&driver);
    for way in [words.cf(), words.terraform(), words.terraform_btp(), words.btp(), words.sheet()] {
        assert!(screen.contains(way), "{way}:\n{screen}");
    }
}

#[test]
fn from_the_smallest_size_on_cpikey_offers_to_do_it_itself() {
    for step in [5, 6] {
        let driver = at_step(step);
        let row = driver.app.session().content.words.cloud().do_it_row();
        for (width, height) in SIZES {
            let screen = driver.screen(width, height);
            assert!(screen.contains(row), "{width}x{height}:\n{screen}");
        }
    }
}

#[test]
fn with_100_columns_the_values_have_the_json_beside_them_and_no_row_is_wrapped() {
    for (width, height) in [(100, 30), (116, 30), (117, 30), (120, 40), (139, 40), (140, 40)] {
        let driver = at_step(5);
        let screen = driver.screen(width, height);
        for part in [
            "Choose service and plan, runtime Cloud Foundry, your space",
            "Choose JSON and replace everything with the parameters",
            "\"AccessAllAccessPoliciesArtifacts\"",
        ] {
            assert!(screen.contains(part), "{width}x{height} {part}:\n{screen}");
        }
    }
}

#[test]
fn in_a_low_window_a_wider_one_shows_as_many_of_the_parameters() {
    let mut driver = at_step(5);
    // The message also takes rows.
    driver.press("y");
    driver.send(Msg::Copied(words(&driver).parameters_named().to_owned(), CopyOutcome::Sent));
    let shown = |width| {
        let screen = driver.screen(width, 16);
        let roles = driver.app.session().draft.parameters.roles.iter();
        roles.filter(|role| screen.contains(role.as_str())).count()
    };
    assert!(shown(119) >= shown(110) && shown(110) > 0, "{}\n{}", driver.screen(110, 16), driver.screen(119, 16));
}
