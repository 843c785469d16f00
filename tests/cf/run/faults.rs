//! Lost responses, busy objects, limits, proxy pages and expired logins, at each request in turn.

use cpikey::{
    domain::{
        cf::{
            call::{Call, Method},
            goal::{Goal, Rotate},
            run::{ExistingState, Outcome, RowState, StepName},
        },
        finding::FindingCode,
        text::shown::Shown,
    },
    practice::cf::{Act, Config, Outcome as HowItEnds, Rule},
    words::Words,
};

use super::driver::{Answer, Api, Fault, codes, creates, makes_instance, makes_key, rotates, through, updates};
use crate::person::{Person, config};

/// How many requests the run takes without a fault.
fn requests(goal: &Goal, prepare: impl Fn(&mut Api)) -> usize {
    let mut api = Api::new();
    prepare(&mut api);
    let before = api.sent.len();
    through(goal.clone(), &mut api);
    api.sent.len() - before
}

/// Brings the model into the state that a goal needs.
pub type Prepare = fn(&mut Api);

/// Every goal with what must be there before.
pub fn goals() -> Vec<(Goal, Prepare)> {
    let made = |api: &mut Api| {
        through(creates("new"), api);
    };
    vec![
        (creates("new"), |_| ()),
        (updates("new", &["WorkspacePackagesRead"]), made),
        (rotates("new", "new-key", "new-key-2"), made),
        (Goal::DeleteInstance { instance: "new".to_owned() }, made),
        (Goal::DeleteKey { instance: "new".to_owned(), key: "new-key".to_owned() }, made),
    ]
}

/// Runs each goal with `fault` at each of its requests, and the same goal again after that.
fn at_each_request(fault: impl Fn(&Call) -> Fault + Clone + 'static, check: impl Fn(&Goal, usize, Outcome, &mut Api)) {
    for (goal, prepare) in goals() {
        for at in 0..requests(&goal, prepare) {
            let mut api = Api::new();
            prepare(&mut api);
            let before = api.sent.len();
            let fault = fault.clone();
            api.fault = Box::new(move |number, call| (number == before + at).then(|| fault(call)));
            let run = through(goal.clone(), &mut api);
            check(&goal, at, run.end().unwrap().outcome, &mut api);
            let again = through(goal.clone(), &mut api);
            let outcome = again.end().unwrap().outcome;
            assert!(matches!(outcome, Outcome::Done | Outcome::NothingToDo), "{goal:?} at {at}: {:?}", again.end());
            as_wanted(&goal, &mut api);
        }
    }
}

/// Whether everything that the goal wants is there exactly once.
pub fn as_wanted(goal: &Goal, api: &mut Api) {
    match goal {
        Goal::Create(_) => assert_eq!(api.there("new", "new-key"), (1, 1)),
        Goal::Update(_) => assert_eq!(api.there("new", "new-key"), (1, 1)),
        Goal::Rotate(Rotate { keep_old: true, .. }) => {
            assert_eq!((api.there("new", "new-key"), api.there("new", "new-key-2")), ((1, 1), (1, 1)));
        }
        Goal::Rotate(_) => {
            assert_eq!((api.there("new", "new-key"), api.there("new", "new-key-2")), ((1, 0), (1, 1)));
        }
        Goal::DeleteInstance { .. } => assert_eq!(api.there("new", "new-key"), (0, 0)),
        Goal::DeleteKey { .. } => assert_eq!(api.there("new", "new-key"), (1, 0)),
    }
}

fn done(goal: &Goal, at: usize, outcome: Outcome, api: &mut Api) {
    assert_eq!(outcome, Outcome::Done, "{goal:?} at {at}");
    as_wanted(goal, api);
}

#[test]
fn a_lost_answer_is_followed_by_a_look() {
    at_each_request(|_| Fault::LoseAnswer, done);
}

#[test]
fn a_request_that_did_not_arrive_is_sent_again() {
    at_each_request(|_| Fault::Drop, done);
}

#[test]
fn faults_of_the_platform_pass_whether_or_not_the_request_was_done() {
    for body in ["502 Bad Gateway: Registered endpoint failed to handle the request.\n", "<html>Bad Gateway</html>"] {
        at_each_request(move |_| Fault::Answer(Answer::new(502, body)), done);
        at_each_request(move |_| Fault::DoneBut(Answer::new(503, body)), done);
    }
    at_each_request(|_| Fault::Answer(Answer::error(500, 10001, "An unknown error occurred.")), done);
}

#[test]
fn a_limit_is_waited_for_as_long_as_it_says() {
    let limited = |pause| Answer { retry_after: Some(pause), ..Answer::error(429, 10013, "Rate Limit Exceeded") };
    at_each_request(
        move |_| Fault::Answer(limited(7)),
        |goal, at, outcome, api| {
            done(goal, at, outcome, api);
            // Parameters are not worth waiting for.
            let asked_for_parameters = api.sent.iter().any(|call| call.path.ends_with("/parameters"));
            assert!(asked_for_parameters || api.pauses.iter().any(|pause| pause.as_secs() == 7));
        },
    );
}

#[test]
fn what_a_limit_asks_for_is_said_in_seconds_or_minutes() {
    let said = |pause: Option<u64>| {
        let mut api = Api::with(move |_, call| {
            let limited = Answer { retry_after: pause, ..Answer::error(429, 10013, "Rate Limit Exceeded") };
            makes_key(call).then_some(Fault::Answer(limited))
        });
        let run = through(creates("new"), &mut api);
        let content = cpikey::content::load();
        content.findings.explain(&run.end().unwrap().findings[0], content.words).fix.unwrap()
    };
    assert!(said(Some(600)).contains("10 minutes"), "{}", said(Some(600)));
    assert!(said(Some(90)).contains("90 seconds"), "{}", said(Some(90)));
    // Not the name of the thing instead of a time.
    assert!(!said(None).contains("new"), "{}", said(None));
}

#[test]
fn what_the_platform_goes_on_with_has_not_failed() {
    let mut api = Api::with(|_, call| {
        let watches = call.only_reads() && call.path.starts_with("/v3/service_instances/");
        watches.then(|| Fault::Answer(Answer::new(503, "<html>Service Unavailable</html>")))
    });
    let run = through(creates("new"), &mut api);
    let state = run.rows().into_iter().find(|row| row.step == StepName::MakeInstance).unwrap().state;
    assert_eq!((run.end().unwrap().outcome, state), (Outcome::Unfinished, RowState::Stopped));
}

#[test]
fn a_limit_of_an_hour_ends_the_run_and_the_same_run_goes_on() {
    let mut api = Api::with(|_, call| {
        let limited = Answer { retry_after: Some(3_600), ..Answer::error(429, 10013, "Rate Limit Exceeded") };
        makes_key(call).then_some(Fault::Answer(limited))
    });
    let run = through(creates("new"), &mut api);
    assert_eq!((run.end().unwrap().outcome, codes(&run)[0]), (Outcome::Unfinished, FindingCode::CfRateLimited));
    api.fault = Box::new(|_, _| None);
    assert_eq!(through(creates("new"), &mut api).end().unwrap().outcome, Outcome::Done);
    assert_eq!(api.there("new", "new-key"), (1, 1));
}

#[test]
fn a_login_that_ends_in_the_middle_says_what_exists_and_the_same_run_goes_on() {
    at_each_request(
        |_| Fault::SessionEnds,
        |goal, at, outcome, api| {
            let changed = api.changes().len() > 2 || matches!(goal, Goal::Create(_)) && !api.changes().is_empty();
            // A session that ends before the first change leaves everything as it was.
            let expected: &[Outcome] = if changed {
                &[Outcome::Unfinished, Outcome::Failed, Outcome::Refused, Outcome::Done]
            } else {
                &[Outcome::Refused, Outcome::Unfinished, Outcome::Done]
            };
            assert!(expected.contains(&outcome), "{goal:?} at {at}: {outcome:?}");
        },
    );
}

#[test]
fn a_page_of_a_proxy_is_never_taken_for_an_answer() {
    let pages =
        [(200, "<html>Please log in</html>"), (403, "<html>Blocked</html>"), (404, "<html>?</html>"), (302, "")];
    for (status, body) in pages {
        at_each_request(
            move |_| Fault::Answer(Answer::new(status, body)),
            |goal, at, outcome, api| {
                // A page instead of the response to a request that changes something: the run checks the outcome.
                assert_ne!(outcome, Outcome::NothingToDo, "{goal:?} at {at}");
                if outcome == Outcome::Done {
                    as_wanted(goal, api);
                }
            },
        );
    }
}

#[test]
fn something_that_is_busy_is_tried_again_and_nothing_is_made_twice() {
    let mut left = 3;
    let mut api = Api::with(move |_, call| {
        let busy = "An operation for service instance new is in progress.";
        (makes_key(call) && left > 0).then(|| {
            left -= 1;
            Fault::Answer(Answer::error(422, 10008, busy))
        })
    });
    assert_eq!(through(creates("new"), &mut api).end().unwrap().outcome, Outcome::Done);
    assert_eq!(api.there("new", "new-key"), (1, 1));
    let mut api = Api::with(|_, call| {
        makes_instance(call).then(|| {
            Fault::Answer(Answer::error(422, 10008, "The service instance cannot be created because there is an operation in progress for the service broker."))
        })
    });
    let run = through(creates("new"), &mut api);
    assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Unfinished, vec![FindingCode::CfBusy]));
}

#[test]
fn a_key_that_cannot_be_made_leaves_the_instance_and_says_so() {
    let mut api = Api::with(|_, call| {
        let quota = "You have exceeded your organization's limit for service binding of type key.";
        makes_key(call).then(|| Fault::Answer(Answer::error(422, 10008, quota)))
    });
    let run = through(creates("new"), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Unfinished);
    assert_eq!(codes(&run), [FindingCode::CfQuota, FindingCode::CfKeyFailed]);
    assert_eq!(run.exists().len(), 1);
}

#[test]
fn a_request_that_never_gets_an_answer_is_sent_three_times_at_most() {
    let mut api = Api::with(|_, call| makes_instance(call).then_some(Fault::Drop));
    let run = through(creates("new"), &mut api);
    // What happened to the last of them: nobody answered, so nobody reported an error.
    assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Failed, vec![FindingCode::BrokenOff]));
    assert_eq!(api.sent.iter().filter(|call| makes_instance(call)).count(), 3);
    assert!(run.exists().is_empty());
}

#[test]
fn an_error_of_the_router_is_quoted() {
    let mut api = Api::with(|_, call| {
        let text = "502 Bad Gateway: Registered endpoint failed to handle the request.\n";
        makes_instance(call).then(|| Fault::Answer(Answer::new(502, text)))
    });
    let run = through(creates("new"), &mut api);
    let finding = &run.end().unwrap().findings[0];
    assert_eq!(finding.code, FindingCode::CfUnavailable);
    let seen = finding.evidence.as_ref().unwrap().shown(Words::default());
    assert!(seen.contains("502") && seen.contains("Registered endpoint failed"), "{seen}");
}

#[test]
fn a_refusal_names_the_place_that_it_comes_from() {
    let subject = |answer: fn() -> Answer| {
        let mut api = Api::with(move |_, call| makes_instance(call).then(|| Fault::Answer(answer())));
        let run = through(creates("new"), &mut api);
        let finding = &run.end().unwrap().findings[0];
        (finding.code, finding.subject().map(|subject| subject.shown(Words::default())))
    };
    let place = Api::new().place();
    let not_a_developer = || Answer::error(403, 10003, "You are not authorized to perform the requested action");
    assert_eq!(subject(not_a_developer), (FindingCode::CfNotDeveloper, Some(place.space.name)));
    let suspended = || Answer::error(403, 10017, "The organization is suspended");
    assert_eq!(subject(suspended), (FindingCode::CfOrgSuspended, Some(place.org.name)));
    let page = || Answer::new(403, "<html><title>Blocked</title></html>");
    assert_eq!(subject(page), (FindingCode::CfNotAnApi, None));
}

#[test]
fn a_name_that_turns_out_to_be_taken_is_never_used_by_mistake() {
    let mut first = true;
    let mut api = Api::with(move |_, call| {
        let is_first = makes_instance(call) && std::mem::take(&mut first);
        is_first.then(|| Fault::Answer(Answer::error(422, 10008, "The service instance name is taken: new.")))
    });
    let run = through(creates("new"), &mut api);
    assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Refused, vec![FindingCode::CfNameTaken]));
    assert_eq!(api.there("new", "new-key").0, 0);
}

#[test]
fn a_thing_that_vanishes_while_it_is_waited_for_is_said() {
    let gone = |what: &str| Fault::Answer(Answer::error(404, 10010, what));
    let watches = |call: &Call, list: &str| call.only_reads() && call.path.starts_with(&format!("/v3/{list}/"));
    let mut api =
        Api::with(move |_, call| watches(call, "service_instances").then(|| gone("Service instance not found")));
    let run = through(creates("new"), &mut api);
    assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Failed, vec![FindingCode::CfVanished]));
    assert!(run.exists().is_empty());
    let mut api = Api::with(move |_, call| {
        let is_key = watches(call, "service_credential_bindings") && !call.path.ends_with("/details");
        is_key.then(|| gone("Service credential binding not found"))
    });
    let run = through(creates("new"), &mut api);
    let expected = vec![FindingCode::CfVanished, FindingCode::CfKeyFailed];
    assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Unfinished, expected));
    api.fault = Box::new(|_, _| None);
    assert!(through(creates("new"), &mut api).end().unwrap().findings.is_empty());
    assert_eq!(api.there("new", "new-key"), (1, 1));
}

#[test]
fn a_key_whose_credentials_never_come_is_unfinished() {
    let mut api = Api::with(|_, call| {
        let early = Answer::error(404, 10010, "Creation of service key in progress");
        call.path.ends_with("/details").then_some(Fault::Answer(early))
    });
    let run = through(creates("new"), &mut api);
    let expected = vec![FindingCode::CfKeyNotReadableYet];
    assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Unfinished, expected));
    api.fault = Box::new(|_, _| None);
    assert_eq!(through(creates("new"), &mut api).end().unwrap().outcome, Outcome::NothingToDo);
    assert_eq!(api.there("new", "new-key"), (1, 1));
}

#[test]
fn an_update_that_the_broker_refuses_leaves_the_roles_as_they_were() {
    let words = "Service broker error: Service broker it-broker-rt failed with: Internal Server Error.";
    let refuses = Rule {
        act: Act::UpdateInstance,
        name: "new".to_owned(),
        outcome: HowItEnds::Fails(words.to_owned()),
        once: true,
    };
    let mut api = Api::of(Person::with(Config { rules: vec![refuses], retrievable: true, ..config() }));
    through(creates("new"), &mut api);
    let goal = updates("new", &["WorkspacePackagesRead"]);
    let run = through(goal.clone(), &mut api);
    assert_eq!(codes(&run), [FindingCode::CfBrokerFailed, FindingCode::CfUpdateFailed]);
    assert_eq!((run.end().unwrap().outcome, run.exists()[0].state), (Outcome::Failed, ExistingState::UpdateFailed));
    // They are unchanged, and the next attempt changes them.
    let again = through(goal, &mut api);
    let change = again.plan().items[0].roles.clone().unwrap();
    assert_eq!(
        (change.added, change.removed),
        (vec!["WorkspacePackagesRead".to_owned()], vec!["MonitoringDataRead".to_owned()])
    );
    assert_eq!(again.end().unwrap().outcome, Outcome::Done);
}

#[test]
fn a_deletion_that_waits_for_a_key_is_repeated_and_another_failure_is_said() {
    let mut api = Api::new();
    through(creates("new"), &mut api);
    api.fault = Box::new(|_, call| {
        (call.method == Method::Delete)
            .then(|| Fault::Answer(Answer::error(422, 10008, "Service instance new: an operation is in progress.")))
    });
    let run = through(Goal::DeleteInstance { instance: "new".to_owned() }, &mut api);
    assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Unfinished, vec![FindingCode::CfBusy]));
}
