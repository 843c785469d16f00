//! Saved systems: saving, opening, testing all of them.

use cpikey::{
    content,
    domain::{
        check::{diagnosis::assess_key, report::TestReport},
        finding::{Finding, FindingCode, Stage, Verdict},
        handover::export::{WithSecret, render},
        key::service_key,
        problem::Problem,
        sap::guide::StepId,
        systems::{
            result::SystemResult,
            system::{LastTest, NameError, System, SystemId, SystemName, Systems},
            vault::Protection,
        },
        text::{safe_text::SafeText, secret::Secret},
    },
    model::{
        Copyable, Effect, Exit, JobEvent, JobRequest, Msg, Place,
        saved::{Listing, NotSaved, SaveRequest, TestSystemsEvent},
        saved_systems::KEPT,
    },
    words::Words,
};

use cpikey::ui::{Palette, Theme};
use proptest::prelude::*;

use crate::{
    driver::{CANARY, Driver, KEY, ok},
    pictures::picture,
    sizes::{KEYS, at_step},
};

const PASSPHRASE: &str = "canary of four words";

/// Text that is the same in every language: a verdict, names of these systems, paths, reasons.
pub const NAMES: &str = "rejected dev, ACME test, prod: /home/me/.local/share/cpikey/secrets.sealed. The client is refused. A role is missing. No keyring answers.";

fn problem(what: &str) -> Problem {
    Problem::unusable(what, "", "")
}

pub fn id(number: u8) -> SystemId {
    SystemId::new([number; 16])
}

fn found() -> service_key::Found {
    service_key::read(KEY.as_bytes(), "2026-11-01T12:00:00Z".parse().unwrap()).keys.remove(0)
}

fn system(number: u8, name: &str) -> System {
    let found = found();
    let key = found.key.as_ref().unwrap();
    System::of(id(number), SystemName::new(name).unwrap(), "", Some("monitoring"), &found, key).unwrap()
}

fn listing(protection: Protection) -> Listing {
    let mut systems = Systems::default();
    let at = "2026-10-20T08:00:00Z".parse().unwrap();
    let test = |verdict| Some(LastTest { verdict, at });
    systems.add(System { last_test: test(Verdict::Ready), ..system(1, "dev") }).unwrap();
    let expires = Some("2026-11-13T12:00:00Z".parse().unwrap());
    systems.add(System { last_test: test(Verdict::Limited), expires, ..system(2, "ACME test") }).unwrap();
    systems.add(System { purpose: None, ..system(3, "prod") }).unwrap();
    let place = SafeText::line("/home/me/.local/share/cpikey/secrets.sealed");
    Listing { systems, protection: Some(protection), place, set_aside: Vec::new() }
}

/// The wizard at its first step with three saved systems.
pub fn with_systems(protection: Protection) -> Driver {
    let mut driver = Driver::new();
    driver.send(Msg::Systems(Ok(listing(protection))));
    driver
}

fn asked_to_save(driver: &mut Driver) -> SaveRequest {
    match driver.take_jobs().pop() {
        Some(JobRequest::SaveSystem(request)) => *request,
        other => panic!("not asked to save: {other:?}\n{}", driver.screen(80, 24)),
    }
}

fn words(driver: &Driver) -> cpikey::words::SavedSystemsLabels {
    driver.app.session().content.words.saved_systems()
}

fn says(driver: &Driver, words: &str) {
    // Without the rail beside it, so that a wrapped text stays together.
    let screen = driver.screen(99, 40);
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains(words), "{words} is not in\n{screen}");
}

#[test]
fn a_saved_system_is_opened_and_tested_and_its_verdict_is_recorded() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end");
    driver.press("enter");
    assert_eq!(driver.app.place(), Place::Systems);
    assert!(driver.take_jobs().is_empty(), "the list needs no keyring");
    driver.press("down");
    driver.press("enter");
    assert_eq!(driver.take_jobs(), [JobRequest::OpenSystem { id: id(2), passphrase: None }]);
    says(&driver, "Opening ACME test");
    driver.report(JobEvent::KeyringIsSlow);
    says(&driver, "Waiting for the keyring");
    driver.report(JobEvent::Opened(Ok(Box::new(found()))));
    assert_eq!(driver.app.place(), Place::Step(StepId::QuickFill));
    says(&driver, "Key read saved as ACME test");
    assert_eq!(driver.app.session().draft.purpose.as_deref(), Some("monitoring"));
    driver.press("enter");
    driver.answer(&[], |_| ok(3));
    let verdict = driver.app.session().run.as_ref().and_then(|run| run.verdict()).unwrap();
    let at = "2026-11-01T12:00:00Z".parse().unwrap();
    let recorded = JobRequest::RecordTests(vec![(id(2), LastTest { verdict, at })]);
    assert_eq!(driver.take_jobs().last(), Some(&recorded));
    driver.press("enter q");
    assert_eq!(driver.effects.last(), Some(&Effect::Quit(Exit::Finished)));
}

#[test]
fn a_key_that_is_saved_is_not_lost_by_quitting() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end enter enter");
    driver.report(JobEvent::Opened(Ok(Box::new(found()))));
    driver.take_effects();
    driver.press("q");
    assert_eq!(driver.effects, [Effect::Quit(Exit::Left(6))]);
}

#[test]
fn a_system_that_opens_too_late_does_not_replace_a_key_that_was_pasted_meanwhile() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end enter enter");
    driver.paste(KEY);
    assert_eq!(driver.app.place(), Place::Step(StepId::QuickFill), "a key is taken wherever it is pasted");
    driver.report(JobEvent::Opened(Ok(Box::new(found()))));
    assert_eq!(driver.app.session().key.saved, None);
    says(&driver, "pasted");
}

#[test]
fn a_system_that_is_being_opened_is_not_wanted_by_someone_who_leaves_the_list() {
    for leave in ["esc", "left", "1"] {
        let mut driver = with_systems(Protection::Keyring);
        driver.press("end enter enter");
        let opening = driver.jobs.last().unwrap().0;
        driver.press(leave);
        assert_eq!(driver.effects.last(), Some(&Effect::Stop(opening)), "{leave}");
        driver.send(Msg::Job(opening, JobEvent::Opened(Ok(Box::new(found())))));
        assert_eq!(driver.app.place(), Place::Step(StepId::Purpose), "{leave}");
        assert_eq!(driver.app.session().key.reading, None, "{leave}");
    }
}

#[test]
fn a_system_that_is_being_opened_interrupts_nothing_that_was_begun_since() {
    for begun in ["n", "x", "t"] {
        let mut driver = with_systems(Protection::Keyring);
        driver.press("end enter enter");
        let opening = driver.jobs.last().unwrap().0;
        driver.press(begun);
        driver.send(Msg::Job(opening, JobEvent::Opened(Ok(Box::new(found())))));
        assert_eq!(driver.app.place(), Place::Systems, "{begun}");
        assert_eq!(driver.app.session().key.reading, None, "{begun}");
    }
}

#[test]
fn the_saved_systems_open_over_every_step_and_close_back_to_it() {
    for step in [1, 4, 7, 9] {
        for way in ["S", "ctrl+p"] {
            let mut driver = at_step(step);
            driver.send(Msg::Systems(Ok(listing(Protection::Keyring))));
            let from = driver.app.place();
            driver.press(way);
            if way == "ctrl+p" {
                let label = words(&driver).open_list();
                // On step 1 the same words also find the test of all systems.
                driver.type_text(label).press(if step == 1 { "down enter" } else { "enter" });
            }
            assert_eq!(driver.app.place(), Place::Systems, "{way} on step {step}");
            driver.press("S down esc");
            assert_eq!(driver.app.place(), from, "{way} on step {step}");
            assert!(driver.take_jobs().iter().all(|job| !matches!(job, JobRequest::OpenSystem { .. })));
        }
    }
}

#[test]
fn quick_fill_leads_to_the_saved_systems_using_only_arrows_and_enter() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end up enter");
    assert_eq!(driver.app.place(), Place::Step(StepId::QuickFill));
    driver.press("enter");
    assert_eq!(driver.app.place(), Place::Systems);
    driver.press("esc");
    assert_eq!(driver.app.place(), Place::Step(StepId::QuickFill));
}

#[test]
fn opening_a_system_whose_row_was_changed_by_hand_warns() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end enter enter");
    let text = KEY.replace("acme-dev.it-cpi018", "other.it-cpi018");
    let other = service_key::read(text.as_bytes(), "2026-11-01T12:00:00Z".parse().unwrap()).keys.remove(0);
    driver.report(JobEvent::Opened(Ok(Box::new(other))));
    says(&driver, "systems.toml was changed");
    assert_eq!(driver.app.session().key.saved, None, "a test of that key is not recorded for this system");
}

#[test]
fn systems_with_a_passphrase_ask_for_it_and_show_stars() {
    let mut driver = with_systems(Protection::Passphrase);
    driver.press("end enter enter");
    assert!(driver.take_jobs().is_empty());
    driver.type_text(PASSPHRASE);
    assert!(!driver.screen(120, 40).contains("canary"));
    assert!(!format!("{:?}", driver.app).contains("canary"));
    driver.press("enter");
    assert!(!format!("{:?}", driver.effects).contains("canary"));
    let passphrase = Some(Secret::new(PASSPHRASE));
    assert_eq!(driver.take_jobs(), [JobRequest::OpenSystem { id: id(1), passphrase }]);
    driver.report(JobEvent::Opened(Err(problem("The passphrase is wrong."))));
    says(&driver, "The passphrase is wrong.");
    driver.press("backspace enter");
    let passphrase = Some(Secret::new(&PASSPHRASE[..PASSPHRASE.len() - 1]));
    let again = JobRequest::OpenSystem { id: id(1), passphrase };
    assert_eq!(driver.take_jobs(), [again], "what was typed can be corrected");
    driver.report(JobEvent::Opened(Ok(Box::new(found()))));
    assert_eq!(driver.app.place(), Place::Step(StepId::QuickFill));
}

#[test]
fn a_system_is_removed_only_after_a_question() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end enter x");
    assert!(driver.take_jobs().is_empty());
    driver.press("y");
    assert_eq!(driver.take_jobs(), [JobRequest::RemoveSystem(SystemName::new("dev").unwrap())]);
    driver.report(JobEvent::Removed(Ok(())));
    says(&driver, "The service key itself still exists.");
}

#[test]
fn a_system_is_renamed() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end enter n").type_text("-2");
    driver.press("enter");
    let name = |name| SystemName::new(name).unwrap();
    assert_eq!(driver.take_jobs(), [JobRequest::RenameSystem { name: name("dev"), new: name("dev-2") }]);
    driver.press("enter");
    assert!(driver.take_jobs().is_empty(), "asked once");
    driver.report(JobEvent::Renamed(Err(problem("The disk is full."))));
    says(&driver, "The disk is full.");
    driver.press("enter");
    assert_eq!(driver.take_jobs(), [JobRequest::RenameSystem { name: name("dev"), new: name("dev-2") }]);
    driver.report(JobEvent::Renamed(Ok(())));
    says(&driver, &words(&driver).renamed("dev-2"));
    driver.press("x");
    says(&driver, &words(&driver).remove_title("dev"));
}

#[test]
fn a_name_that_cannot_be_used_is_refused_while_it_is_typed() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end enter n ctrl+u").type_text("PROD");
    says(&driver, &words(&driver).name_taken("prod"));
    driver.press("enter ctrl+u").type_text("-x");
    says(&driver, &NameError::Hyphen.explain(Words::default()).what);
    driver.press("enter ctrl+u").type_text(&"x".repeat(66)).press("enter");
    says(&driver, &NameError::TooLong(2).explain(Words::default()).what);
    assert!(driver.take_jobs().is_empty());
    driver.press("esc esc");
    assert_eq!(driver.app.place(), Place::Step(StepId::Purpose));
}

#[test]
fn a_key_that_is_being_saved_is_not_left_behind_unasked() {
    let mut driver = at_step(9);
    driver.press("enter enter esc");
    driver.take_effects();
    driver.press("q");
    says(&driver, "The key is still being saved.");
    assert!(driver.take_effects().is_empty());
}

#[test]
fn every_picture_of_saved_systems_draws_itself_at_every_size_and_in_ascii() {
    let ascii = Theme::new(Palette::Mono, false);
    let ways =
        ["end", "end enter", "end enter n", "end enter x", "end enter ?", "t", "t ?", "t esc", "end enter enter"];
    for protection in [Protection::Keyring, Protection::Passphrase] {
        for way in ways {
            let mut driver = with_systems(protection);
            driver.press(way);
            for (width, height) in [(0, 0), (2, 1), (40, 10), (41, 11), (60, 16), (120, 40)] {
                let (text, _) = driver.picture(width, height, &ascii);
                assert!(text.is_ascii(), "{way}\n{text}");
            }
        }
    }
    let mut driver = at_step(9);
    driver.press("enter enter");
    driver.report(JobEvent::Saved(Err(NotSaved::NoKeyring(problem("None.")))));
    for (width, height) in [(2, 1), (40, 10), (60, 13), (120, 40)] {
        assert!(driver.picture(width, height, &ascii).0.is_ascii());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_order_of_keys_breaks_the_wizard_with_saved_systems(
        keys in proptest::collection::vec(0..KEYS.len(), 1..80),
        answer_at in 0usize..80,
    ) {
        let mut driver = with_systems(Protection::Keyring);
        driver.press("end enter");
        for (index, key) in keys.iter().enumerate() {
            if index == answer_at {
                driver.send(Msg::Systems(Ok(Listing::default())));
                let opened = driver.jobs.iter().find(|(_, request)| matches!(request, JobRequest::OpenSystem { .. }));
                if let Some((job, _)) = opened {
                    driver.send(Msg::Job(*job, JobEvent::Opened(Ok(Box::new(found())))));
                }
            }
            driver.press(KEYS[*key]);
            if index % 7 == 0 {
                driver.screen(60, 16);
            }
        }
        driver.press("ctrl+c ctrl+c ctrl+c");
        let quits = driver.take_effects().iter().any(|effect| matches!(effect, Effect::Quit(_)));
        prop_assert!(quits);
    }
}

#[test]
fn nothing_about_saved_systems_is_offered_if_none_is_saved() {
    let mut driver = Driver::new();
    driver.press("end up t S ?");
    assert!(!driver.screen(120, 40).contains("saved system"));
    driver.press("esc enter t S");
    assert_eq!(driver.app.place(), Place::Step(StepId::QuickFill));
    assert!(driver.take_effects().is_empty());
}

/// The form that saves the tested key as a system, with all its messages.
pub fn pictures_of_the_form() {
    let mut driver = at_step(9);
    driver.press("s");
    picture("saved_name", &driver);
    driver.press("enter");
    let mut list = listing(Protection::Keyring);
    list.systems.add(system(9, "acme-dev")).unwrap();
    driver.send(Msg::Systems(Ok(list)));
    driver.report(JobEvent::Saved(Ok(id(9))));
    picture("saved_done", &driver);
    let mut driver = at_step(9);
    driver.press("s enter");
    driver.report(JobEvent::Saved(Err(NotSaved::NoKeyring(Problem::unusable("", "No keyring answers.", "")))));
    picture("saved_no_keyring", &driver);
    driver.type_text("short").press("enter");
    picture("saved_passphrase_short", &driver);
    driver.press("ctrl+u").type_text(PASSPHRASE).press("down").type_text("canary of x");
    picture("saved_passphrases_differ", &driver);
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end enter x");
    picture("saved_remove", &driver);
}

#[test]
fn a_key_is_saved_with_the_result_of_its_test() {
    let mut driver = at_step(9);
    says(&driver, "Nothing has been saved yet.");
    driver.press("enter");
    driver.press("enter");
    assert!(!format!("{:?} {:?}", driver.effects, driver.app).contains(CANARY));
    let request = asked_to_save(&mut driver);
    assert_eq!((request.name.as_str(), request.passphrase, request.replace), ("acme-dev", None, false));
    assert!(request.last_test.is_some());
    driver.press("enter");
    assert!(driver.take_jobs().is_empty(), "asked once");
    let mut list = listing(Protection::Keyring);
    list.systems.add(system(9, "acme-dev")).unwrap();
    driver.send(Msg::Systems(Ok(list)));
    driver.report(JobEvent::Saved(Ok(id(9))));
    says(&driver, "Saved as acme-dev: the secret is in /home/me/.local/share/cpikey/secrets.sealed, sealed with a key");
    // The row and the key bar name the same thing.
    let words = driver.app.session().content.words;
    let label = words.hand_over().save_under_another_name();
    says(&driver, label);
    assert_eq!(label.to_lowercase(), words.hand_over().save_again().to_lowercase());
    let test_again = "cpikey test --system acme-dev";
    let last_words = cpikey::app::outro(&driver.app, cpikey::model::Exit::Left(9));
    assert!(!last_words.contains(test_again), "the practice tenant ends with the wizard:\n{last_words}");
    driver.press("end");
    says(&driver, "rotate-key");
}

#[test]
fn without_a_keyring_nothing_is_stored_unless_a_passphrase_is_chosen() {
    let mut driver = at_step(9);
    driver.press("enter enter");
    asked_to_save(&mut driver);
    let why = Problem::unusable("Nothing was saved.", "No keyring answers: there is no session bus.", "");
    driver.report(JobEvent::Saved(Err(NotSaved::NoKeyring(why))));
    let labels = driver.app.session().content.words.passphrase();
    says(&driver, labels.advice());
    driver.type_text("short");
    says(&driver, &labels.missing(7));
    driver.press("enter");
    says(&driver, &labels.missing(7));
    assert_eq!(driver.app.session().notice.as_ref().unwrap().text, labels.too_short().what);
    driver.press("ctrl+u").type_text("passwordpassword").press("enter");
    says(&driver, labels.too_simple().what);
    driver.press("ctrl+u").type_text("canary-of-words");
    says(&driver, labels.acceptable());
    driver.press("down").type_text("canary-of-w");
    assert!(!driver.screen(99, 40).contains(labels.repeat_differs()), "right so far");
    driver.type_text("x");
    says(&driver, labels.repeat_differs());
    driver.press("ctrl+u up ctrl+u down");
    driver.press("up").type_text(PASSPHRASE).press("down").type_text("canary of other words").press("enter");
    says(&driver, labels.repeat_differs());
    assert!(driver.take_jobs().is_empty());
    assert!(!driver.screen(120, 40).contains("canary"));
    driver.press("ctrl+u").type_text("x");
    for _ in 0..40 {
        driver.press("backspace");
    }
    driver.press("up");
    for _ in 0..40 {
        driver.press("backspace");
    }
    driver.type_text(PASSPHRASE).press("enter").type_text(PASSPHRASE).press("enter");
    assert!(!format!("{:?}", driver.effects).contains("canary"));
    assert_eq!(asked_to_save(&mut driver).passphrase, Some(Secret::new(PASSPHRASE)));
}

#[test]
fn a_name_that_is_taken_is_asked_about() {
    let mut driver = at_step(9);
    driver.take_effects();
    driver.send(Msg::Systems(Ok(listing(Protection::Keyring))));
    driver.press("enter");
    for _ in 0..20 {
        driver.press("backspace");
    }
    driver.press("enter");
    assert!(driver.take_jobs().is_empty(), "a name is needed");
    driver.type_text("DEV").press("enter");
    assert!(driver.take_jobs().is_empty());
    says(&driver, "Replace DEV");
    driver.press("y");
    assert!(asked_to_save(&mut driver).replace);
}

fn starts_testing_all(driver: &mut Driver) {
    let asked = driver.take_jobs();
    assert!(matches!(asked.last(), Some(JobRequest::TestSystems { .. })), "{asked:?}");
}

pub fn outcome(verdict: Verdict, reason: &str) -> Box<SystemResult> {
    let report = TestReport { verdict, ..assess_key(&content::load(), None, &[]) };
    Box::new(SystemResult { reason: reason.to_owned(), ..SystemResult::tested(report) })
}

#[test]
fn all_saved_systems_are_tested_side_by_side_and_the_worst_result_comes_first() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("t");
    starts_testing_all(&mut driver);
    assert!(driver.app.wake_after().is_some(), "something turns");
    let report = |driver: &mut Driver, event| driver.report(JobEvent::TestSystems(event));
    report(&mut driver, TestSystemsEvent::Started(id(1)));
    report(&mut driver, TestSystemsEvent::Started(id(2)));
    report(&mut driver, TestSystemsEvent::Finished(id(1), outcome(Verdict::Ready, "")));
    report(&mut driver, TestSystemsEvent::Finished(id(3), outcome(Verdict::Rejected, "The client is refused.")));
    report(&mut driver, TestSystemsEvent::Finished(id(2), outcome(Verdict::Limited, "A role is missing.")));
    report(&mut driver, TestSystemsEvent::Done);
    assert_eq!(driver.app.wake_after(), None);
    let noted = driver.take_jobs();
    let [JobRequest::RecordTests(tests)] = noted.as_slice() else { panic!("{noted:?}") };
    let order: Vec<SystemId> = tests.iter().map(|(id, _)| *id).collect();
    assert_eq!(order, [id(3), id(2), id(1)]);
    driver.press("enter");
    assert_eq!(driver.take_jobs(), [JobRequest::OpenSystem { id: id(3), passphrase: None }]);
}

#[test]
fn esc_stops_the_tests_and_keeps_the_results_so_far() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("ctrl+p").type_text("test all").press("enter");
    starts_testing_all(&mut driver);
    let testing = driver.jobs.last().unwrap().0;
    driver.report(JobEvent::TestSystems(TestSystemsEvent::Finished(id(1), outcome(Verdict::Ready, ""))));
    driver.press("q");
    says(&driver, "The test is still running.");
    driver.press("esc esc");
    let effects = driver.take_effects();
    let [Effect::Start(_, JobRequest::RecordTests(tests)), Effect::Stop(stopped)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!((tests.len(), *stopped), (1, testing));
    says(&driver, &words(&driver).stopped(3, 1));
    let late = TestSystemsEvent::Finished(id(2), outcome(Verdict::Ready, ""));
    driver.send(Msg::Job(testing, JobEvent::TestSystems(late)));
    says(&driver, &words(&driver).stopped(3, 1));
    assert_eq!(driver.app.wake_after(), None);
    driver.press("esc");
    says(&driver, words(&driver).intro());
    driver.press("esc");
    assert_eq!(driver.app.place(), Place::Step(StepId::Purpose));
}

#[test]
fn testing_all_systems_fails_with_a_wrong_passphrase() {
    let mut driver = with_systems(Protection::Passphrase);
    driver.press("t");
    assert!(driver.take_jobs().is_empty());
    driver.type_text(PASSPHRASE).press("enter");
    assert!(!format!("{:?}", driver.effects).contains("canary"));
    starts_testing_all(&mut driver);
    driver.report(JobEvent::TestSystems(TestSystemsEvent::Failed(problem("The passphrase is wrong."))));
    says(&driver, "The passphrase is wrong.");
    says(&driver, words(&driver).intro());
    assert_eq!(driver.app.wake_after(), None);
}

#[test]
fn a_test_of_a_key_that_is_not_saved_is_recorded_nowhere() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    driver.answer_fault(Finding::new(FindingCode::BadCredentials, Stage::Token));
    assert!(matches!(driver.take_jobs().as_slice(), [JobRequest::Test(_)]));
}

#[test]
fn from_the_last_step_a_key_is_saved_with_s_its_name_and_enter() {
    for place in ["", "down down", "end", "tab", "e", "e down down"] {
        let mut driver = at_step(9);
        driver.press(place).press("s ctrl+u").type_text("mine").press("enter");
        assert_eq!(asked_to_save(&mut driver).name.as_str(), "mine", "after {place:?}");
    }
}

#[test]
fn the_name_that_is_proposed_is_that_of_the_tenant() {
    let mut driver = at_step(9);
    driver.press("s enter");
    assert_eq!(asked_to_save(&mut driver).name.as_str(), "acme-dev");
}

#[test]
fn a_consumer_is_found_by_a_few_letters_and_esc_goes_back_one_thing_at_a_time() {
    let mut driver = at_step(9);
    let words = driver.app.session().content.words.hand_over();
    driver.press("/").type_text("kube");
    says(&driver, "Kubernetes");
    assert!(!driver.screen(80, 24).contains("Postman"), "{}", driver.screen(80, 24));
    driver.press("enter enter");
    says(&driver, words.export_secret_no());
    driver.press("esc");
    driver.press("/ ctrl+u").type_text("nobody at all");
    says(&driver, "Esc clears the filter.");
    driver.press("esc");
    says(&driver, words.other_exports());
    driver.press("esc");
    says(&driver, words.values());
    assert_eq!(driver.app.step(), StepId::HandOver);
}

#[test]
fn every_export_can_be_reached_and_is_shown_as_it_is_exported_without_the_secret() {
    let content = content::load();
    let driver = at_step(9);
    let key = driver.app.session().key.usable().unwrap().clone();
    for target in content.exports.iter().filter(|target| target.takes(&key)) {
        let mut driver = at_step(9);
        driver.press("/").type_text(&target.title);
        driver.press("enter y");
        let copied = driver.take_effects().into_iter().find_map(|effect| match effect {
            Effect::Copy { text: Copyable::Public(text), .. } => Some(text),
            _ => None,
        });
        let copied = copied.unwrap_or_else(|| panic!("{}\n{}", target.id, driver.screen(80, 24)));
        for file in render(target, &key, WithSecret::No).unwrap() {
            assert!(copied.contains(file.expose().trim()), "{}", target.id);
        }
        assert!(!copied.contains(CANARY) && !driver.screen(120, 60).contains(CANARY), "{}", target.id);
    }
}

#[test]
fn a_passphrase_is_asked_for_once_and_again_after_a_while() {
    let mut driver = with_systems(Protection::Passphrase);
    driver.press("t").type_text(PASSPHRASE).press("enter");
    driver.report(JobEvent::TestSystems(TestSystemsEvent::Done));
    driver.take_jobs();
    driver.press("enter");
    let opened = |job: &JobRequest| matches!(job, JobRequest::OpenSystem { passphrase: Some(_), .. });
    assert!(driver.take_jobs().iter().any(opened));
    driver.wait(KEPT);
    driver.press("esc t");
    assert_eq!(driver.take_jobs(), []);
}
