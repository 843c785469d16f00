//! Instances and keys of a whole org, and the roles for which a new key is tested.

use cpikey::{
    domain::{
        cf::{describe, run::Hindrance},
        check::{CheckRequest, MONITORING_ROLE, PlannedProbe, ProbeFacts, ProbeOutcome, Seen},
        finding::{Finding, FindingCode, Stage},
        sap::guide::StepId,
    },
    model::{JobRequest, Place},
    practice::cf::{Config, Pace},
};

use crate::{
    cloud::{API, NOW, Sap, at_create, instances, instances_of, screen, up_to_the_plan, words},
    driver::{Driver, KEY, ok},
    plain::spoken,
};

/// Scopes that the monitoring API accepts.
const MONITORING: [&str; 3] = ["IntegrationOperationServer.read", "NodeManager.read", "Roles.Read"];

/// The test of a key with every scope.
fn answer_all(driver: &mut Driver) {
    let scopes: Vec<String> =
        driver.app.session().content.catalogue.roles.iter().flat_map(|role| role.scopes.clone()).collect();
    driver.answer(&scopes.iter().map(String::as_str).collect::<Vec<_>>(), |_| ok(1));
}

/// The result of a probe with a key that has only the monitoring role.
fn only_monitoring(probe: &PlannedProbe) -> Seen {
    if probe.roles.iter().all(|role| role == MONITORING_ROLE) { ok(1) } else { only_other(probe) }
}

/// The result of a probe whose roles the key lacks.
fn only_other(probe: &PlannedProbe) -> Seen {
    let role = probe.roles.first().cloned().unwrap_or_default();
    Seen::Probe(ProbeFacts {
        status: Some(403),
        outcome: ProbeOutcome::Forbidden,
        count: None,
        finding: Some(Finding::new(FindingCode::RoleMissing, Stage::Api).about(role.as_str())),
    })
}

/// The plan to rotate the key of `monitoring` was confirmed, and the new key exists.
fn rotated((mut driver, mut sap): (Driver, Sap)) -> (Driver, Sap) {
    driver.press("down down K");
    sap.answers(&mut driver);
    driver.take_jobs();
    driver.press("enter");
    sap.answers(&mut driver);
    (driver, sap)
}

/// The same, if the key's API is not a known SAP host.
fn rotated_at_a_foreign_host() -> (Driver, Sap) {
    rotated(instances_of(Sap::with(Config::new("https://keys.example.com", API, Pace::Looks(2), NOW)), "enter"))
}

/// The running test.
fn tested(driver: &Driver) -> CheckRequest {
    driver.started().1
}

#[test]
fn all_spaces_of_the_org_are_listed_and_the_space_is_named_where_it_is_another() {
    let (mut driver, mut sap) = instances();
    let prod = words(&driver).space_named("prod");
    assert!(!screen(&driver).contains(&prod));
    driver.press("A");
    sap.answers(&mut driver);
    let shown = screen(&driver);
    assert_eq!(shown.matches(&prod).count(), 1, "{shown}");
    assert!(!shown.contains(&words(&driver).space_named("dev")), "{shown}");
    // The chosen space comes first.
    assert!(shown.find(&prod) > shown.find("orders-key"), "{shown}");
    driver.press("A");
    sap.answers(&mut driver);
    assert!(!screen(&driver).contains(&prod));
}

#[test]
fn what_is_done_to_an_instance_is_done_in_its_own_space() {
    let (mut driver, mut sap) = instances_of(Sap::new(), "down enter");
    driver.press("A");
    sap.answers(&mut driver);
    // The chosen space has one instance with one key; those of dev follow.
    let rows = screen(&driver);
    let focus = driver.app.session().cloud.place.clone().unwrap();
    assert_eq!(focus.space.name, "prod");
    assert!(rows.contains(&words(&driver).space_named("dev")), "{rows}");
    driver.press("end up x");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains("practice / dev"), "{}", screen(&driver));
    driver.press("enter").type_text("orders").press("enter");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).end_done()), "{}", screen(&driver));
    driver.press("esc");
    sap.answers(&mut driver);
    let shown = screen(&driver);
    assert!(!shown.contains("orders") && shown.contains(&words(&driver).space_named("dev")), "{shown}");
    // Later instances are created in the space chosen before.
    assert_eq!(driver.app.session().cloud.place.as_ref().map(|place| place.space.name.as_str()), Some("prod"));
}

#[test]
fn a_new_key_is_tested_for_the_roles_that_its_instance_has_and_not_for_those_that_were_chosen() {
    let readable = Config { retrievable: true, ..Config::new("http://127.0.0.1:1", API, Pace::Looks(2), NOW) };
    let (mut driver, mut sap) = instances_of(Sap::with(readable), "enter");
    driver.press("down down K");
    sap.answers(&mut driver);
    let roles = ["MonitoringDataRead", "WorkspacePackagesRead"];
    assert!(spoken(&driver.app).contains(&words(&driver).tested_for(roles.join(", "))), "{}", screen(&driver));
    driver.press("enter");
    sap.answers(&mut driver);
    assert_eq!(tested(&driver).roles, roles);
    assert_ne!(driver.app.session().requested_roles(), roles);
    // With monitoring roles only, the key is not equivalent to the old one.
    for _ in 0..9 {
        driver.answer(&MONITORING, only_monitoring);
        sap.answers(&mut driver);
        if driver.app.session().cloud.provision.as_ref().unwrap().run.end().is_some() {
            break;
        }
    }
    let shown = screen(&driver);
    assert!(shown.contains(words(&driver).end_unfinished()), "{shown}");
    assert!(shown.contains(words(&driver).untested_row()), "{shown}");
}

#[test]
fn where_the_roles_are_not_known_it_is_said_what_is_tested() {
    let (mut driver, mut sap) = instances();
    driver.press("down down K");
    sap.answers(&mut driver);
    let said = words(&driver).tested_for_unknown("MonitoringDataRead");
    assert!(spoken(&driver.app).contains(&said), "{}", screen(&driver));
    driver.press("enter");
    sap.answers(&mut driver);
    assert_eq!(tested(&driver).roles, ["MonitoringDataRead"]);
    driver.answer(&MONITORING, |_| ok(1));
    sap.answers(&mut driver);
    let shown = screen(&driver);
    assert!(shown.contains(words(&driver).rotated_title()) && spoken(&driver.app).contains(&said), "{shown}");
}

#[test]
fn a_key_that_fails_its_test_can_be_taken_without_it_and_the_person_decides() {
    let (mut driver, mut sap) = rotated(instances());
    driver.answer_fault(Finding::new(FindingCode::BadCredentials, Stage::Token));
    sap.answers(&mut driver);
    let shown = screen(&driver);
    assert!(spoken(&driver.app).contains(words(&driver).new_key_fails("|").split('|').next().unwrap()), "{shown}");
    driver.take_jobs();
    driver.press("down enter");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    assert!(!driver.take_jobs().iter().any(|job| matches!(job, JobRequest::Test(_))));
    let shown = screen(&driver);
    assert!(spoken(&driver.app).contains(words(&driver).rotated_untested_title()), "{shown}");
    driver.press("down enter");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).end_done()), "{}", screen(&driver));
}

#[test]
fn a_key_for_flows_is_not_tested_against_the_api() {
    let (mut driver, mut sap) = instances();
    driver.press("end K");
    sap.answers(&mut driver);
    let said = words(&driver).flows_not_tested();
    assert!(spoken(&driver.app).contains(said), "{}", screen(&driver));
    driver.take_jobs();
    driver.press("enter");
    sap.answers(&mut driver);
    assert!(!driver.take_jobs().iter().any(|job| matches!(job, JobRequest::Test(_))));
    assert!(spoken(&driver.app).contains(said), "{}", screen(&driver));
}

#[test]
fn no_secret_of_a_new_key_goes_to_a_host_that_nobody_agreed_to() {
    let (mut driver, mut sap) = rotated_at_a_foreign_host();
    let tests = |driver: &mut Driver| driver.take_jobs().iter().any(|job| matches!(job, JobRequest::Test(_)));
    assert!(!tests(&mut driver));
    // The same question as in step 7, with no as the default.
    let asked = driver.app.session().content.words.quick_fill();
    assert!(screen(&driver).contains(asked.send_title()), "{}", screen(&driver));
    driver.press("enter");
    let said = spoken(&driver.app);
    assert!(!tests(&mut driver) && said.contains(words(&driver).not_tested_title()), "{said}");
    assert!(said.contains("keys.example.com"), "{said}");
    assert!(sap.keys_of("monitoring").contains(&"monitoring-key".to_owned()), "the old key is as it was");
    // The choice must be confirmed again before the test.
    driver.press("enter");
    assert!(screen(&driver).contains(asked.send_title()), "{}", screen(&driver));
    driver.press("y");
    assert_eq!(tested(&driver).roles, ["MonitoringDataRead"]);
    driver.answer(&MONITORING, |_| ok(1));
    sap.answers(&mut driver);
    assert!(spoken(&driver.app).contains(words(&driver).rotated_title()), "{}", screen(&driver));
}

#[test]
fn a_key_that_nobody_wants_to_be_tested_replaces_the_old_one_only_if_that_is_said() {
    let (mut driver, mut sap) = rotated_at_a_foreign_host();
    driver.press("esc down enter");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    assert!(spoken(&driver.app).contains(words(&driver).rotated_untested_title()), "{}", screen(&driver));
    assert_eq!(sap.keys_of("monitoring"), ["monitoring-key", "monitoring-key-2"]);
    // A second Enter opens saving, and deletes nothing.
    driver.press("enter esc I");
    assert_eq!(sap.keys_of("monitoring"), ["monitoring-key", "monitoring-key-2"]);
    driver.press("home down enter");
    sap.answers(&mut driver);
    assert_eq!(sap.keys_of("monitoring"), ["monitoring-key-2"], "{}", screen(&driver));
}

#[test]
fn both_keys_stay_if_the_new_one_is_not_tested() {
    let (mut driver, mut sap) = rotated_at_a_foreign_host();
    driver.press("esc down down enter");
    sap.answers(&mut driver);
    assert_eq!(sap.keys_of("monitoring"), ["monitoring-key", "monitoring-key-2"], "{}", screen(&driver));
    assert!(screen(&driver).contains("monitoring-key-2"), "{}", screen(&driver));
}

#[test]
fn a_new_key_has_a_name_that_no_key_of_somebody_else_has() {
    let (mut driver, mut sap) = instances();
    sap.makes_key("monitoring", "monitoring-key-2");
    driver.press("r");
    sap.answers(&mut driver);
    driver.press("home down down K");
    sap.answers(&mut driver);
    let cf = driver.app.session().content.words.cf();
    assert!(spoken(&driver.app).contains(&cf.creates_key("monitoring-key-3")), "{}", screen(&driver));
}

#[test]
fn a_new_key_that_not_all_servers_know_is_tested_again_and_that_is_said() {
    let (mut driver, mut sap) = rotated(instances());
    driver.answer(&[], only_other);
    let said = describe::hindered(Hindrance::NewKey, driver.app.session().content.words);
    assert!(spoken(&driver.app).contains(said), "{}", screen(&driver));
    sap.answers(&mut driver);
    driver.answer(&MONITORING, |_| ok(1));
    sap.answers(&mut driver);
    assert!(spoken(&driver.app).contains(words(&driver).rotated_title()), "{}", screen(&driver));
}

#[test]
fn a_test_of_another_key_says_nothing_about_the_new_one() {
    let (mut driver, _sap) = rotated_at_a_foreign_host();
    driver.press("esc 7");
    driver.paste(KEY);
    driver.press("enter");
    answer_all(&mut driver);
    driver.press("I");
    assert!(spoken(&driver.app).contains(words(&driver).not_tested_title()), "{}", screen(&driver));
}

#[test]
fn a_test_that_was_stopped_can_be_started_again() {
    let (mut driver, mut sap) = rotated(instances());
    driver.press("8 ctrl+c I");
    assert!(spoken(&driver.app).contains(words(&driver).not_tested_title()), "{}", screen(&driver));
    driver.press("enter");
    driver.answer(&MONITORING, |_| ok(1));
    sap.answers(&mut driver);
    assert!(spoken(&driver.app).contains(words(&driver).rotated_title()), "{}", screen(&driver));
}

#[test]
fn a_new_key_whose_roles_have_not_arrived_is_tested_again_by_itself() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    driver.press("enter");
    sap.answers(&mut driver);
    assert_eq!(driver.app.place(), Place::Step(StepId::Test));
    driver.answer(&MONITORING, |_| ok(1));
    assert!(driver.app.session().is_watching());
    assert!(spoken(&driver.app).contains(words(&driver).just_made_watched()), "{}", screen(&driver));
    let tests = |driver: &mut Driver| driver.take_jobs().iter().any(|job| matches!(job, JobRequest::Test(_)));
    driver.take_jobs();
    driver.wait(std::time::Duration::from_secs(5));
    assert!(!tests(&mut driver), "not at once");
    driver.wait(std::time::Duration::from_secs(60));
    let again = driver.jobs.last().cloned().unwrap();
    assert!(matches!(again.1, JobRequest::Test(_)));
    answer_all(&mut driver);
    assert!(!driver.app.session().is_watching());
}
