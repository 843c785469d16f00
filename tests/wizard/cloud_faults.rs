//! Failures during Cloud Foundry runs of the wizard: responses that are lost, refused, delayed, or from something else.

use std::time::Duration;

use cpikey::{
    domain::{
        cf::{
            describe,
            run::{ExistingState, Hindrance, Outcome},
        },
        finding::FindingCode,
        sap::guide::StepId,
    },
    model::Place,
};
use hyper::Method;

use crate::{
    cloud::{Fault, Sap, at_create, log_in, named, screen, up_to_the_plan, words},
    driver::Driver,
    pictures::picture,
    plain::spoken,
};

const INSTANCES: &str = "/v3/service_instances";
const KEYS: &str = "/v3/service_credential_bindings";
const INSTANCE: &str = "CPITransporter_API_Access";

/// The plan was confirmed, and nothing was sent yet.
fn agreed(faults: impl FnOnce(&mut Sap)) -> (Driver, Sap) {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    up_to_the_plan(&mut driver, &mut sap);
    faults(&mut sap);
    driver.press("enter");
    (driver, sap)
}

fn outcome(driver: &Driver) -> Option<(Outcome, Option<FindingCode>)> {
    let end = driver.app.session().cloud.provision.as_ref()?.run.end()?.clone();
    Some((end.outcome, end.findings.first().map(|finding| finding.code)))
}

/// Whether the current row shows this hindrance.
fn says(driver: &Driver, hindrance: Hindrance) -> bool {
    spoken(&driver.app).contains(describe::hindered(hindrance, driver.app.session().content.words))
}

/// Asserts that instance and key exist once, and that the key is being tested.
fn has_made_both_once(driver: &Driver, sap: &mut Sap) {
    assert_eq!(driver.app.place(), Place::Step(StepId::Test), "{}", screen(driver));
    assert_eq!(sap.instances_named(INSTANCE).len(), 1);
    assert_eq!(sap.keys_of(INSTANCE), ["CPITransporter_API_Key"]);
}

#[test]
fn an_answer_that_is_lost_is_followed_by_a_look_and_nothing_is_made_twice() {
    for (path, fault) in [(INSTANCES, Fault::AnswerLost), (KEYS, Fault::AnswerLost), (INSTANCES, Fault::RequestLost)] {
        let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, path, fault.clone()));
        sap.answers(&mut driver);
        has_made_both_once(&driver, &mut sap);
    }
}

#[test]
fn while_no_answer_came_the_screen_says_that_it_looks() {
    let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, INSTANCES, Fault::AnswerLost));
    sap.steps(&mut driver, 2);
    let provision = driver.app.session().cloud.provision.clone().unwrap();
    assert_eq!(provision.exists()[0].state, ExistingState::Unknown);
    assert!(says(&driver, Hindrance::NoAnswer), "{}", screen(&driver));
    // A user who stops now is told that SAP may have received it.
    driver.press("esc y");
    sap.stop(&mut driver);
    let cf = driver.app.session().content.words.cf();
    let shown = screen(&driver);
    assert!(shown.contains(&cf.instance_is(INSTANCE, cf.unknown())), "{shown}");
    driver.press("r");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    has_made_both_once(&driver, &mut sap);
}

#[test]
fn a_limit_of_requests_is_waited_for_as_long_as_the_api_asks_with_the_seconds_on_the_screen() {
    let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, INSTANCES, Fault::RateLimited(7)));
    sap.steps(&mut driver, 2);
    assert!(screen(&driver).contains(&words(&driver).next_look(7)), "{}", screen(&driver));
    assert!(says(&driver, Hindrance::Limit), "{}", screen(&driver));
    driver.wait(Duration::from_secs(3));
    assert!(screen(&driver).contains(&words(&driver).next_look(4)), "{}", screen(&driver));
    sap.answers(&mut driver);
    has_made_both_once(&driver, &mut sap);
}

#[test]
fn a_long_limit_of_requests_is_not_waited_for() {
    let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, KEYS, Fault::RateLimited(600)));
    sap.answers(&mut driver);
    assert_eq!(outcome(&driver), Some((Outcome::Unfinished, Some(FindingCode::CfRateLimited))));
    let said = spoken(&driver.app);
    assert!(said.contains(words(&driver).key_missing()), "{said}");
    driver.press("r");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    has_made_both_once(&driver, &mut sap);
}

#[test]
fn a_page_of_the_router_while_it_waits_is_looked_past() {
    let (mut driver, mut sap) = agreed(|sap| {
        for _ in 0..3 {
            sap.fails(
                Method::GET,
                &format!("{INSTANCES}/"),
                Fault::Answer(502, "502 Bad Gateway: Registered endpoint failed to handle the request.\n"),
            );
        }
    });
    sap.steps(&mut driver, 5);
    assert!(says(&driver, Hindrance::Unavailable), "{}", screen(&driver));
    sap.answers(&mut driver);
    has_made_both_once(&driver, &mut sap);
}

#[test]
fn something_else_that_is_done_to_it_is_waited_for_and_said() {
    let busy = r#"{"errors":[{"code":10008,"title":"CF-UnprocessableEntity","detail":"The service instance cannot be created because there is an operation in progress for the service broker."}]}"#;
    let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, INSTANCES, Fault::Answer(422, busy)));
    sap.steps(&mut driver, 2);
    assert!(says(&driver, Hindrance::Busy), "{}", screen(&driver));
    sap.answers(&mut driver);
    has_made_both_once(&driver, &mut sap);
}

#[test]
fn a_look_before_the_plan_says_that_sap_does_not_answer() {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    sap.fails(Method::GET, INSTANCES, Fault::Answer(502, "502 Bad Gateway"));
    driver.press("C");
    log_in(&mut driver, &mut sap);
    driver.press("enter");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.steps(&mut driver, 2);
    assert!(says(&driver, Hindrance::Unavailable), "{}", screen(&driver));
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).plan_title()), "{}", screen(&driver));
}

/// The platform answers no more polls until the wizard gives up.
fn that_stays_away() -> (Driver, Sap) {
    let (mut driver, mut sap) = agreed(|sap| {
        for _ in 0..40 {
            sap.fails(
                Method::GET,
                &format!("{INSTANCES}/"),
                Fault::Answer(503, "<html><h1>Service Unavailable</h1></html>"),
            );
        }
    });
    sap.answers(&mut driver);
    (driver, sap)
}

#[test]
fn a_platform_that_stays_away_ends_it_with_what_exists_and_the_way_on() {
    let (mut driver, mut sap) = that_stays_away();
    assert_eq!(outcome(&driver), Some((Outcome::Unfinished, Some(FindingCode::CfUnavailable))));
    let cf = driver.app.session().content.words.cf();
    let shown = spoken(&driver.app);
    assert!(shown.contains(&cf.instance_is(INSTANCE, cf.creating())), "{shown}");
    assert!(!shown.contains("<h1>"), "{shown}");
    sap.recovers();
    driver.press("r");
    sap.answers(&mut driver);
    driver.press("enter");
    sap.answers(&mut driver);
    has_made_both_once(&driver, &mut sap);
}

#[test]
fn a_page_of_a_proxy_is_no_answer_of_the_api() {
    let page = Fault::Answer(200, "<html><body><h1>Blocked by ACME proxy</h1></body></html>");
    let (mut driver, mut sap) = (at_create(), Sap::new());
    sap.fails(Method::GET, INSTANCES, page.clone());
    up_to_the_plan(&mut driver, &mut sap);
    assert_eq!(outcome(&driver), Some((Outcome::Refused, Some(FindingCode::CfNotAnApi))));
    assert!(spoken(&driver.app).contains(words(&driver).end_refused()), "{}", screen(&driver));
    // If the response to a create request is unusable, it is unknown what SAP received.
    let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, INSTANCES, page));
    sap.answers(&mut driver);
    has_made_both_once(&driver, &mut sap);
}

#[test]
fn a_login_that_ends_in_the_middle_is_asked_for_and_then_it_goes_on() {
    let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, KEYS, Fault::LoginEnded));
    sap.answers(&mut driver);
    assert_eq!(outcome(&driver), Some((Outcome::Unfinished, Some(FindingCode::CfSessionEnded))));
    let said = spoken(&driver.app);
    assert!(said.contains(words(&driver).log_in_row()) && said.contains(words(&driver).key_missing()), "{said}");
    driver.press("enter");
    log_in(&mut driver, &mut sap);
    assert!(screen(&driver).contains(words(&driver).plan_title_again()), "{}", screen(&driver));
    driver.press("enter");
    sap.answers(&mut driver);
    has_made_both_once(&driver, &mut sap);
}

#[test]
fn who_stops_after_any_answer_and_goes_on_has_each_thing_once() {
    for steps in 0..24 {
        let (mut driver, mut sap) = agreed(|_| {});
        sap.steps(&mut driver, steps);
        if driver.app.place() != Place::Cloud {
            assert!(steps > 8, "it was stopped in each row");
            return;
        }
        driver.press("esc y");
        sap.stop(&mut driver);
        assert!(spoken(&driver.app).contains(words(&driver).end_stopped()), "{steps}: {}", screen(&driver));
        driver.press("r");
        sap.answers(&mut driver);
        driver.press("enter");
        sap.answers(&mut driver);
        has_made_both_once(&driver, &mut sap);
    }
    panic!("it never ended");
}

/// The pictures of faults.
pub fn pictures() {
    let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, INSTANCES, Fault::AnswerLost));
    sap.steps(&mut driver, 2);
    picture("cloud_answer_lost", &driver);
    driver.press("esc y");
    sap.stop(&mut driver);
    picture("cloud_stopped_without_an_answer", &driver);

    let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, INSTANCES, Fault::RateLimited(40)));
    sap.steps(&mut driver, 2);
    picture("cloud_rate_limited", &driver);

    let (mut driver, mut sap) = agreed(|sap| sap.fails(Method::POST, KEYS, Fault::RateLimited(600)));
    sap.answers(&mut driver);
    picture("cloud_rate_limited_for_long", &driver);

    let (mut driver, mut sap) = (at_create(), Sap::new());
    named(&mut driver, INSTANCE);
    sap.fails(Method::GET, INSTANCES, Fault::Answer(200, "<html><body><h1>Blocked by ACME proxy</h1></body></html>"));
    up_to_the_plan(&mut driver, &mut sap);
    picture("cloud_page_of_a_proxy", &driver);

    let (driver, _) = that_stays_away();
    picture("cloud_unavailable", &driver);
}
