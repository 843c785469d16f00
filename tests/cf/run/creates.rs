//! Creating an instance and a key.

use std::time::Duration;

use cpikey::domain::{
    cf::{
        call::Method,
        goal::{Create, Goal, Options},
        plan::{Action, Compared, Kind},
        run::{Ask, ExistingState, Outcome, RowState, Run, StepName},
    },
    finding::FindingCode,
};

use super::driver::{Api, Behaviour, codes, creates, drive, key, makes_instance, readable, through, through_with};

fn reusing(goal: Goal) -> Goal {
    let Goal::Create(create) = goal else { return goal };
    Goal::Create(Create { reuse: true, ..create })
}

#[test]
fn instance_and_key_are_made_once_and_the_key_is_read_tested_and_handed_over() {
    let mut api = Api::new();
    let run = through(creates("new"), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    assert_eq!(
        api.changes(),
        [(Method::Post, "/v3/service_instances"), (Method::Post, "/v3/service_credential_bindings")]
    );
    assert_eq!(api.there("new", "new-key"), (1, 1));
    assert!(run.credentials().unwrap().expose().contains("clientsecret"));
    assert!(run.rows().iter().all(|row| row.state == RowState::Done));
    let states: Vec<_> = run.exists().iter().map(|thing| (thing.kind, thing.state, thing.made_by_us)).collect();
    assert_eq!(states, [(Kind::Instance, ExistingState::Ready, true), (Kind::Key, ExistingState::Ready, true)]);
}

#[test]
fn nothing_is_changed_before_the_plan_was_agreed_to() {
    let mut api = Api::new();
    let run = through_with(creates("new"), &mut api, &Behaviour { confirms: false, ..Behaviour::default() });
    let end = run.end().unwrap();
    assert_eq!((end.outcome, end.stopped), (Outcome::Refused, true));
    assert!(api.changes().is_empty());
    let shown: Vec<_> = run.plan().items.iter().map(|item| (item.action, item.kind, item.name.as_str())).collect();
    assert_eq!(shown, [(Action::Create, Kind::Instance, "new"), (Action::Create, Kind::Key, "new-key")]);
}

#[test]
fn the_same_run_again_uses_what_is_there() {
    let mut api = Api::new();
    through(creates("new"), &mut api);
    let before = api.changes().len();
    let again = through(creates("new"), &mut api);
    assert_eq!(again.end().unwrap().outcome, Outcome::NothingToDo);
    assert_eq!(api.changes().len(), before);
    assert_eq!(again.plan().items[0].compared, Some(Compared::Same));
    assert!(again.credentials().is_some());
}

#[test]
fn an_instance_of_other_roles_plan_or_of_unknown_parameters_is_not_taken_for_it() {
    for (name, code) in [("orders", FindingCode::CfNameOtherPlan), ("monitoring", FindingCode::CfParametersUnknown)] {
        let mut api = Api::new();
        let run = through(creates(name), &mut api);
        assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Refused, vec![code]), "{name}");
        assert!(api.changes().is_empty());
    }
    let mut api = readable();
    assert_eq!(codes(&through(creates("monitoring"), &mut api)), [FindingCode::CfNameOtherRoles]);
    let mut api = Api::new();
    let run = through(reusing(creates("monitoring")), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    assert_eq!(api.changes(), [(Method::Post, "/v3/service_credential_bindings")]);
}

#[test]
fn one_whose_creation_failed_is_replaced_without_being_deleted() {
    let mut api = Api::new();
    let run = through(creates("default_it-rt_api"), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    assert!(run.plan().items[0].replaces_failed);
    assert_eq!(api.there("default_it-rt_api", "new-key"), (1, 1));
}

#[test]
fn a_failed_creation_says_what_the_broker_said_and_the_next_try_has_the_same_name() {
    let mut api = Api::new();
    let run = through(creates("fail-once"), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Failed);
    assert_eq!(codes(&run), [FindingCode::CfBrokerFailed]);
    assert_eq!(run.exists()[0].state, ExistingState::CreateFailed);
    assert_eq!(run.rows()[1].state, RowState::Failed);
    let again = through(creates("fail-once"), &mut api);
    assert_eq!(again.end().unwrap().outcome, Outcome::Done);
    assert_eq!(api.there("fail-once", "new-key"), (1, 1));
}

#[test]
fn what_is_made_in_the_second_in_which_it_failed_is_not_taken_for_the_failed_one() {
    let mut api = Api::new();
    let Goal::Create(create) = creates("new") else { unreachable!() };
    let goal = Goal::Create(Create { key: key("fail-key"), ..create });
    assert_eq!(through(goal.clone(), &mut api).end().unwrap().outcome, Outcome::Unfinished);
    let pauses = api.pauses.len();
    assert_eq!(through(goal, &mut api).end().unwrap().outcome, Outcome::Done);
    assert_eq!(api.there("new", "fail-key"), (1, 1));
    assert!(api.pauses[pauses..].iter().sum::<Duration>() < Duration::from_secs(1), "{:?}", api.pauses);
}

#[test]
fn the_first_looks_follow_each_other_quickly() {
    let mut api = Api::new();
    through(creates("new"), &mut api);
    let [instance, key] = [&[250, 500, 1_000][..], &[250]];
    assert_eq!(api.pauses.iter().map(Duration::as_millis).collect::<Vec<_>>(), [instance, key].concat());
}

#[test]
fn a_broker_that_has_no_tenant_to_create_in_is_told_from_one_that_fails() {
    for (name, code) in [("inactive", FindingCode::CfNotActive), ("quota", FindingCode::CfQuota)] {
        let run = through(creates(name), &mut Api::new());
        assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Failed, vec![code]), "{name}");
    }
}

#[test]
fn a_space_without_the_right_or_the_entitlement_is_told_apart() {
    for (org, space, code) in [
        ("practice", "prod", FindingCode::CfNotDeveloper),
        ("practice-new", "dev", FindingCode::CfNotEntitled),
        ("practice-suspended", "dev", FindingCode::CfOrgSuspended),
    ] {
        let mut api = Api::new();
        let mut run = Run::new(creates("new"), api.place_of(org, space), Options::default());
        drive(&mut run, &mut api, &Behaviour::default());
        assert_eq!(codes(&run), [code], "{org} {space}");
        assert_eq!(run.end().unwrap().outcome, Outcome::Refused);
    }
}

#[test]
fn what_takes_longer_than_it_is_waited_for_goes_on_with_the_same_run() {
    let mut api = Api::new();
    let options = Options { wait: std::time::Duration::from_secs(1), ..Options::default() };
    let mut run = Run::new(creates("slow"), api.place(), options);
    drive(&mut run, &mut api, &Behaviour::default());
    assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Unfinished, vec![FindingCode::CfStillGoing]));
    let again = through(creates("slow"), &mut api);
    assert_eq!(again.end().unwrap().outcome, Outcome::Done);
    assert_eq!(api.sent.iter().filter(|call| makes_instance(call)).count(), 1);
    assert_eq!(api.there("slow", "new-key"), (1, 1));
}

#[test]
fn a_new_key_is_tested_again_for_a_minute_and_handed_over_even_if_it_does_not_pass() {
    let mut api = Api::new();
    let later = Behaviour { tests: vec![(false, true); 3], ..Behaviour::default() };
    let run = through_with(creates("new"), &mut api, &later);
    assert_eq!((run.end().unwrap().outcome, run.test_passed()), (Outcome::Done, Some(true)));
    let mut api = Api::new();
    let never = Behaviour { tests: vec![(false, true); 9], ..Behaviour::default() };
    let run = through_with(creates("new"), &mut api, &never);
    assert_eq!((run.end().unwrap().outcome, run.test_passed()), (Outcome::Done, Some(false)));
    assert_eq!(api.pauses.iter().filter(|pause| pause.as_secs() == 12).count(), 4);
}

#[test]
fn a_key_that_nobody_took_is_unfinished() {
    let mut api = Api::new();
    let run = through_with(creates("new"), &mut api, &Behaviour { takes_key: false, ..Behaviour::default() });
    assert_eq!(run.end().unwrap().outcome, Outcome::Unfinished);
    assert_eq!(run.rows().last().unwrap().step, StepName::HandOver);
    assert_eq!(run.ask(), Ask::Nothing);
}

#[test]
fn a_role_that_the_landscape_does_not_offer_is_named_before_anything_is_made() {
    let mut api = Api::new();
    let Goal::Create(create) = creates("new") else { panic!() };
    let parameters = super::driver::parameters(&["MonitoringDataRead", "InventedRole"]);
    let run = through(Goal::Create(cpikey::domain::cf::goal::Create { parameters, ..create }), &mut api);
    assert_eq!(codes(&run), [FindingCode::CfRoleNotOffered]);
    assert!(api.changes().is_empty());
}
