//! The results of key presses, pastes and responses.

use std::time::Duration;

use cpikey::{
    domain::{
        check::{CheckEvent, CheckStep, MONITORING_ROLE, ProbeFacts, ProbeOutcome, Seen},
        finding::{Finding, FindingCode, Stage, Verdict},
        sap::guide::StepId,
    },
    model::{Copyable, Effect, Exit, JobEvent, JobId, JobRequest, Msg, Pasted, job::Exported, msg::CopyOutcome},
};

use crate::{
    driver::{CANARY, Driver, KEY, ok},
    sizes::at_step,
};

/// The last copied text.
fn copied(driver: &Driver) -> String {
    let found = driver.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy { text: Copyable::Public(text), .. } => Some(text.clone()),
        _ => None,
    });
    found.expect("something was copied")
}

#[test]
fn the_whole_way_goes_with_arrows_space_enter_and_paste() {
    let mut driver = Driver::new();
    driver.press("down down enter enter enter space space enter enter enter");
    assert_eq!(driver.app.step(), StepId::QuickFill);
    driver.paste(KEY).press("enter");
    assert_eq!(driver.app.step(), StepId::Test);
    driver.answer(&[], |_| ok(3));
    assert_eq!(driver.app.session().run.as_ref().and_then(|run| run.verdict()), Some(Verdict::Ready));
    driver.press("enter tab tab up enter down down down down enter");
    assert_eq!(driver.app.step(), StepId::HandOver);
    assert!(copied(&driver).contains("WorkspaceArtifactsDeploy"));
    // The key was neither saved nor copied.
    driver.press("q y");
    assert_eq!(driver.effects.last(), Some(&Effect::Quit(Exit::Finished)));
}

#[test]
fn going_back_loses_nothing() {
    let mut driver = at_step(5);
    driver.press("space left left");
    assert_eq!(driver.app.step(), StepId::Instance);
    driver.press("esc left");
    assert_eq!(driver.app.step(), StepId::Purpose);
    driver.press("5");
    assert_eq!(driver.app.step(), StepId::Create);
    assert!(driver.screen(80, 24).contains("1 of "), "the tick is kept");
}

#[test]
fn a_step_that_was_not_reached_cannot_be_entered() {
    let mut driver = Driver::new();
    driver.press("9");
    assert_eq!(driver.app.step(), StepId::Purpose);
    let words = driver.app.session().content.words.app();
    let title = &driver.app.session().content.step(StepId::HandOver).rail;
    assert!(driver.screen(100, 24).contains(&words.step_not_reached(title)));
}

#[test]
fn an_existing_key_is_pasted_in_quick_fill_and_tested_at_once() {
    let mut driver = Driver::new();
    driver.press("end up enter").paste(KEY).press("enter");
    let (_, request) = driver.started();
    assert_eq!(request.roles, [MONITORING_ROLE]);
}

#[test]
fn the_recommended_parameters_of_the_first_guide_are_copied_with_one_key() {
    let mut driver = at_step(4);
    driver.press("y");
    let json: serde_json::Value = serde_json::from_str(&copied(&driver)).unwrap();
    let roles = [
        "WorkspacePackagesEdit",
        "WorkspacePackagesConfigure",
        "WorkspaceArtifactsDeploy",
        "AccessAllAccessPoliciesArtifacts",
        "MonitoringDataRead",
    ];
    assert_eq!(json["roles"], serde_json::json!(roles));
    driver.send(Msg::Copied("the instance parameters".to_owned(), CopyOutcome::Checked));
    assert!(driver.screen(80, 24).contains("Copied the instance parameters to the system clipboard (checked)."));
    driver.send(Msg::Copied(
        "the instance parameters".to_owned(),
        CopyOutcome::Failed("there is no display.".to_owned()),
    ));
    assert!(driver.screen(80, 24).contains("Press p"), "a way that needs no clipboard is named");
}

#[test]
fn ticking_changes_the_json_and_editing_the_json_changes_the_ticks() {
    let mut driver = at_step(4);
    driver.press("space");
    assert!(!driver.app.session().draft.parameters.has_role("WorkspacePackagesEdit"));
    driver.paste("{\"roles\":[\"CredentialsRead\"],\"token-validity\":7200}");
    assert_eq!(driver.app.session().draft.parameters.roles, ["CredentialsRead"]);
    assert_eq!(driver.app.session().draft.parameters.token_validity, Some(7200));
    driver.press("ctrl+s");
    assert!(driver.screen(120, 40).contains("7200"));
}

#[test]
fn while_the_json_is_not_valid_the_list_keeps_its_last_state_and_the_fault_is_named() {
    let mut driver = at_step(4);
    let before = driver.app.session().draft.parameters.clone();
    driver.paste("{\"roles\":[\"MonitorDataRead\"]}");
    assert_eq!(driver.app.session().draft.parameters, before);
    let screen = driver.screen(80, 24);
    assert!(screen.contains("MonitoringDataRead"), "did you mean:\n{screen}");
    driver.press("esc");
    assert!(driver.screen(80, 24).contains("last valid state"));
}

#[test]
fn without_a_role_the_next_step_does_not_open() {
    let mut driver = at_step(4);
    driver.press("N enter");
    assert_eq!(driver.app.step(), StepId::Roles);
    driver.press("a enter");
    assert_eq!(driver.app.step(), StepId::Create);
}

#[test]
fn filtering_finds_roles_by_what_they_are_for() {
    let mut driver = at_step(4);
    driver.press("/").type_text("credentials").press("enter");
    assert!(driver.screen(80, 24).contains("CredentialsRead"));
    driver.press("esc");
    assert!(driver.screen(80, 24).contains("For CPI Transporter"));
}

#[test]
fn a_text_that_is_not_a_key_does_not_replace_a_key_that_was_read() {
    let mut driver = at_step(7);
    driver.paste(KEY);
    for text in ["", "hello", "{", "\u{1b}]52;c;evil\u{7}", "\0\0\0"] {
        driver.paste(text);
        assert!(driver.app.session().key.usable().is_some(), "{text:?}");
        assert!(driver.app.session().notice.is_some(), "{text:?}");
    }
    driver.send(Msg::Paste(Pasted::new(vec![b'x'; 10_000_000])));
    driver.send(Msg::Paste(Pasted::new(vec![0xff, 0xfe, 0x00])));
    assert!(driver.app.session().key.usable().is_some());
}

#[test]
fn a_paste_that_breaks_out_of_its_frame_presses_nothing() {
    let mut driver = at_step(7);
    driver.paste(KEY);
    driver.send(Msg::Key(crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Enter)));
    driver.send(Msg::Key(crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char('q'))));
    assert_eq!(driver.app.step(), StepId::QuickFill);
    assert!(driver.effects.is_empty(), "{:?}", driver.effects);
    driver.press("enter");
    assert_eq!(driver.app.step(), StepId::Test);
}

/// A fixture file.
fn fixture(name: &str) -> Pasted {
    Pasted::new(std::fs::read(format!("{}/tests/fixtures/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap())
}

#[test]
fn an_external_certificate_is_completed_with_the_file_of_its_private_key() {
    let mut driver = at_step(7);
    driver.at("2027-06-01T12:00:00Z".parse().unwrap());
    driver.send(Msg::Paste(fixture("certificate-external.json")));
    driver.press("enter");
    let words = driver.app.session().content.words.quick_fill();
    assert!(driver.screen(80, 24).contains(words.private_key_missing()), "{}", driver.screen(80, 24));
    driver.press("f");
    assert!(driver.screen(80, 24).contains(words.private_key_file_title()));
    driver.press("esc");

    // Whatever is wrong with the file, the key stays and the next file is read.
    for (file, said) in [
        ("pem/rsa-other.pem", "do not match"),
        ("pem/chain.pem", "private key cannot be read"),
        ("parameters.json", "private key cannot be read"),
    ] {
        driver.read_file(file, fixture(file));
        let screen = driver.screen(120, 40);
        assert!(screen.contains(said), "{file}:\n{screen}");
        assert!(driver.app.session().key.usable().is_none(), "{file}");
    }
    driver.read_file("key.pem", fixture("pem/rsa-pkcs8.pem"));
    assert!(driver.app.session().key.usable().is_some(), "{}", driver.screen(120, 40));
    assert!(!format!("{:?}{:?}", driver.app, driver.effects).contains("MIIE"));
    driver.press("enter");
    driver.started();
}

#[test]
fn a_private_key_can_be_pasted_and_another_key_still_takes_its_place() {
    let mut driver = at_step(7);
    driver.at("2027-06-01T12:00:00Z".parse().unwrap());
    driver.send(Msg::Paste(fixture("certificate-external.json")));
    driver.send(Msg::Paste(fixture("pem/rsa-pkcs1.pem")));
    assert!(driver.app.session().key.usable().is_some());
    driver.send(Msg::Paste(fixture("certificate-external.json")));
    driver.wait(std::time::Duration::from_millis(300));
    driver.read_file("other.json", fixture("oauth.json"));
    assert!(driver.app.session().key.usable().is_some());
    assert!(driver.screen(120, 40).contains("client id and secret"));
}

#[test]
fn the_secret_is_shown_only_on_request_and_hides_again() {
    let mut driver = at_step(7);
    driver.paste(KEY);
    assert!(!driver.screen(200, 50).contains(CANARY));
    driver.press("v");
    assert!(driver.screen(200, 50).contains(CANARY));
    assert!(driver.app.wake_after().is_some(), "it hides by itself");
    driver.wait(Duration::from_secs(11));
    assert!(!driver.screen(200, 50).contains(CANARY));
    assert_eq!(driver.app.wake_after(), None);
    driver.press("v");
    driver.send(Msg::Focus(false));
    assert!(!driver.screen(200, 50).contains(CANARY));
}

#[test]
fn a_host_that_is_not_saps_is_asked_about_once_before_anything_is_sent() {
    let mut driver = at_step(7);
    driver.paste(&KEY.replace("acme-dev.authentication.eu10.hana.ondemand.com", "login.example.com")).press("enter");
    assert!(driver.effects.is_empty());
    assert!(driver.screen(80, 24).contains("login.example.com"));
    driver.press("enter");
    assert!(driver.effects.is_empty(), "the marked answer is no");
    driver.press("enter right enter");
    assert_eq!(driver.app.step(), StepId::Test);
    driver.started();
    driver.answer_fault(Finding::new(FindingCode::BadCredentials, Stage::Token));
    driver.take_effects();
    driver.press("r");
    driver.started();
}

#[test]
fn a_test_can_be_stopped_and_repeated() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    let (first, _) = driver.started();
    driver.press("esc");
    assert_eq!(driver.effects.last(), Some(&Effect::Stop(first)));
    assert!(driver.screen(80, 24).contains("The test was stopped"));
    driver.press("y");
    assert!(copied(&driver).contains("You stopped the test"), "no report calls an unfinished test a success");
    assert!(copied(&driver).contains("unexpected"), "{}", copied(&driver));
    driver.press("r");
    let (second, _) = driver.started();
    assert_ne!(first, second);
}

#[test]
fn ctrl_c_stops_a_running_test_first_and_then_ends_the_wizard() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter ctrl+c");
    assert!(matches!(driver.effects.last(), Some(Effect::Stop(_))));
    driver.press("ctrl+c");
    assert_eq!(driver.effects.last(), Some(&Effect::Quit(Exit::Interrupted)));
}

#[test]
fn a_late_answer_of_an_old_test_changes_nothing() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    let (old, _) = driver.started();
    driver.press("esc r");
    let before = driver.screen(80, 24);
    driver.finish(old, CheckStep::Token, 1, Seen::Fault(Finding::new(FindingCode::BadCredentials, Stage::Token)));
    driver.send(Msg::Job(old, JobEvent::Test(CheckEvent::Done)));
    driver.send(Msg::Job(JobId(99), JobEvent::Test(CheckEvent::Done)));
    assert_eq!(driver.screen(80, 24), before);
}

#[test]
fn only_files_with_results_are_private_to_their_owner() {
    let private = |driver: &mut Driver, key: &str| match driver.press(key).take_jobs().pop() {
        Some(JobRequest::WriteFile { private, .. }) => private,
        other => panic!("nothing was saved: {other:?}"),
    };
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    driver.answer(&[], |_| ok(1));
    assert!(private(&mut driver, "R"));
    assert!(!private(&mut at_step(4), "s"));
}

#[test]
fn a_missing_role_gives_the_corrected_parameters() {
    let mut driver = at_step(4);
    driver.press("space enter enter enter").paste(KEY).press("enter");
    driver.answer(&[], |probe| {
        if probe.roles.iter().any(|role| role == MONITORING_ROLE) {
            Seen::Probe(ProbeFacts {
                status: Some(403),
                outcome: ProbeOutcome::Forbidden,
                count: None,
                finding: Some(Finding::new(FindingCode::RoleMissing, Stage::Api).about(MONITORING_ROLE)),
            })
        } else {
            ok(1)
        }
    });
    assert_eq!(driver.app.session().run.as_ref().and_then(|run| run.verdict()), Some(Verdict::Limited));
    driver.press("y");
    let json: serde_json::Value = serde_json::from_str(&copied(&driver)).unwrap();
    assert!(json["roles"].as_array().unwrap().iter().any(|role| role == MONITORING_ROLE));
}

#[test]
fn the_secret_goes_to_the_clipboard_only_after_a_question() {
    let mut driver = at_step(9);
    for _ in 0..12 {
        driver.press("down");
    }
    driver.press("home");
    for _ in 0..12 {
        driver.press("y");
        if driver.screen(80, 24).contains("Copy the client secret") {
            break;
        }
        driver.press("down");
    }
    assert!(!driver.effects.iter().any(|effect| matches!(effect, Effect::Copy { text: Copyable::Secret(_), .. })));
    driver.press("y");
    assert!(driver.effects.iter().any(|effect| matches!(effect, Effect::Copy { text: Copyable::Secret(_), .. })));
    assert!(!format!("{:?}", driver.effects).contains(CANARY), "effects can be printed");
}

#[test]
fn quitting_asks_only_if_something_would_be_lost() {
    let mut driver = at_step(4);
    driver.press("q");
    assert_eq!(driver.effects.last(), Some(&Effect::Quit(Exit::Left(3))));
    let mut driver = at_step(7);
    driver.paste(KEY).press("q");
    assert!(driver.effects.is_empty());
    driver.press("y");
    assert_eq!(driver.effects.last(), Some(&Effect::Quit(Exit::Left(6))));
}

#[test]
fn the_plain_view_gives_the_json_and_comes_back() {
    let mut driver = at_step(4);
    driver.press("p");
    let Some(Effect::ShowPlain(text)) = driver.effects.last() else { panic!("{:?}", driver.effects) };
    assert!(serde_json::from_str::<serde_json::Value>(text).is_ok());
    assert!(driver.app.shows_plain());
    driver.press("enter");
    assert_eq!(driver.effects.last(), Some(&Effect::HidePlain));
    assert!(!driver.app.shows_plain());
}

#[test]
fn nothing_moves_while_nothing_happens() {
    for step in 1..=9 {
        assert_eq!(at_step(step).app.wake_after(), None, "step {step}");
    }
}

#[test]
fn no_state_that_can_be_printed_holds_the_secret() {
    let mut driver = at_step(7);
    driver.paste(KEY);
    driver.press("v e");
    driver.type_text("typed").press("esc enter");
    assert!(!format!("{:?}", driver.app).contains(CANARY));
    assert!(!format!("{:?}", Msg::Paste(Pasted::new(KEY))).contains(CANARY));
}

#[test]
fn an_export_is_copied_without_the_secret_and_saved_as_the_person_says() {
    let mut driver = at_step(9);
    driver.press("e y");
    assert!(!copied(&driver).contains(CANARY));
    for (answer, with_secret) in [("enter enter", false), ("enter esc", false), ("enter right enter", true)] {
        driver.take_effects();
        driver.press(answer);
        let saved = driver.effects.iter().find_map(|effect| match effect {
            Effect::Start(_, JobRequest::WriteExport(files)) => Some(files.iter().any(|file| file.is_secret())),
            _ => None,
        });
        let expected = if answer == "enter esc" { None } else { Some(with_secret) };
        assert_eq!(saved, expected, "{answer}");
        assert!(!format!("{:?}", driver.effects).contains(CANARY));
    }
    let files = vec![".env".to_owned()];
    let exported = Exported { exposed: files.clone(), files, with_secret: true, ..Exported::default() };
    driver.report(JobEvent::Exported(Ok(exported)));
    assert!(driver.screen(80, 24).contains(".gitignore"));
}

#[test]
fn the_way_to_replace_the_key_is_one_row_away_from_its_hand_over() {
    let mut driver = at_step(9);
    driver.press("end enter");
    assert_eq!(driver.app.step(), StepId::Key);
    assert!(driver.screen(80, 24).contains("Replace a key"));
    driver.press("esc");
    assert_eq!(driver.app.step(), StepId::HandOver, "it was left for a page, and not to start again");
}
