//! Changing roles, rotating a key, and nothing more.

use std::time::Duration;

use cpikey::domain::{
    cf::{
        call::Method,
        goal::{Create, Goal},
        plan::{Action, Kind},
        run::{Event, Outcome},
    },
    finding::{FindingCode, Verdict},
};

use super::driver::{Api, Behaviour, codes, creates, key, readable, rotates, through, through_with, updates};

#[test]
fn roles_are_changed_with_a_difference_and_the_same_roles_again_are_nothing_to_do() {
    let mut api = Api::new();
    through(creates("new"), &mut api);
    let run = through(updates("new", &["MonitoringDataRead", "WorkspacePackagesRead"]), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    let change = run.plan().items[0].roles.clone().unwrap();
    assert_eq!(change.added, ["WorkspacePackagesRead"]);
    assert!(change.removed.is_empty());
    assert_eq!(api.changes().last().unwrap().0, Method::Patch);
    let before = api.changes().len();
    let again = through(updates("new", &["WorkspacePackagesRead", "MonitoringDataRead"]), &mut api);
    assert_eq!(again.end().unwrap().outcome, Outcome::NothingToDo);
    assert_eq!(api.changes().len(), before);
}

#[test]
fn an_instance_that_somebody_else_made_is_changed_with_or_without_known_roles() {
    let mut api = readable();
    let run = through(updates("monitoring", &["WorkspacePackagesRead"]), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    assert!(run.plan().items[0].roles.is_some());
    let mut api = Api::new();
    let run = through(updates("monitoring", &["WorkspacePackagesRead"]), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    assert!(run.plan().items[0].roles.is_none());
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    for (goal, code) in [
        (updates("nothing", &["MonitoringDataRead"]), FindingCode::CfNoInstance),
        (updates("orders", &["MonitoringDataRead"]), FindingCode::CfNameOtherPlan),
        (updates("default_it-rt_api", &["MonitoringDataRead"]), FindingCode::CfNoInstance),
        (rotates("nothing", "a", "b"), FindingCode::CfNoInstance),
        (rotates("monitoring", "nothing", "b"), FindingCode::CfNoKey),
    ] {
        let mut api = Api::new();
        let run = through(goal, &mut api);
        assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Refused, vec![code]));
        assert!(api.changes().is_empty());
    }
}

#[test]
fn the_old_key_goes_only_after_the_new_one_was_tested_and_taken() {
    let mut api = Api::new();
    through(creates("new"), &mut api);
    let run = through(rotates("new", "new-key", "new-key-2"), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    assert_eq!((api.there("new", "new-key").1, api.there("new", "new-key-2").1), (0, 1));
    assert_eq!(api.changes().last().unwrap().0, Method::Delete);

    for behaviour in [
        Behaviour { tests: vec![(false, false)], ..Behaviour::default() },
        Behaviour { tests: vec![(false, true); 9], ..Behaviour::default() },
        Behaviour { takes_key: false, ..Behaviour::default() },
    ] {
        let run = through_with(rotates("new", "new-key-2", "new-key-3"), &mut api, &behaviour);
        assert_eq!(run.end().unwrap().outcome, Outcome::Unfinished);
        assert_eq!((api.there("new", "new-key-2").1, api.there("new", "new-key-3").1), (1, 1));
    }
    let run = through(rotates("new", "new-key-2", "new-key-3"), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    assert_eq!((api.there("new", "new-key-2").1, api.there("new", "new-key-3").1), (0, 1));
    let again = through(rotates("new", "new-key-2", "new-key-3"), &mut api);
    assert_eq!(again.end().unwrap().outcome, Outcome::NothingToDo);
}

#[test]
fn a_key_that_was_there_before_the_old_one_does_not_take_its_place() {
    let mut api = Api::new();
    // The key with the next name belongs to someone else.
    let Goal::Create(create) = creates("new") else { unreachable!() };
    through(Goal::Create(Create { key: key("new-key-2"), ..create }), &mut api);
    api.person.now += Duration::from_secs(60);
    through(creates("new"), &mut api);
    let before = api.changes().len();
    let run = through(rotates("new", "new-key", "new-key-2"), &mut api);
    assert_eq!((run.end().unwrap().outcome, codes(&run)), (Outcome::Refused, vec![FindingCode::CfNewKeyOlder]));
    assert_eq!(api.changes().len(), before);
    let run = through(rotates("new", "new-key", "new-key-3"), &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    assert_eq!((api.there("new", "new-key").1, api.there("new", "new-key-2").1), (0, 1));
}

#[test]
fn a_deletion_names_the_keys_that_go_along_and_sends_one_request() {
    let mut api = Api::new();
    through(creates("new"), &mut api);
    let run = through(Goal::DeleteInstance { instance: "new".to_owned() }, &mut api);
    assert_eq!(run.end().unwrap().outcome, Outcome::Done);
    let shown: Vec<_> = run.plan().items.iter().map(|item| (item.action, item.kind)).collect();
    assert_eq!(shown, [(Action::Delete, Kind::Instance), (Action::Delete, Kind::Key)]);
    assert_eq!(api.changes().iter().filter(|(method, _)| *method == Method::Delete).count(), 1);
    assert_eq!(api.there("new", "new-key"), (0, 0));
    assert!(run.exists().is_empty());
    let again = through(Goal::DeleteInstance { instance: "new".to_owned() }, &mut api);
    assert_eq!(again.end().unwrap().outcome, Outcome::NothingToDo);
}

#[test]
fn one_key_is_deleted_and_the_instance_stays() {
    let mut api = Api::new();
    through(creates("new"), &mut api);
    let goal = Goal::DeleteKey { instance: "new".to_owned(), key: "new-key".to_owned() };
    assert_eq!(through(goal.clone(), &mut api).end().unwrap().outcome, Outcome::Done);
    assert_eq!(api.there("new", "new-key"), (1, 0));
    assert_eq!(through(goal, &mut api).end().unwrap().outcome, Outcome::NothingToDo);
}

#[test]
fn a_rotation_knows_the_roles_of_its_instance_from_the_mark_or_from_its_parameters() {
    let asked = |api: &Api| api.sent.iter().filter(|call| call.path.ends_with("/parameters")).count();
    let mut api = Api::new();
    through(creates("new"), &mut api);
    let before = asked(&api);
    let run = through(rotates("new", "new-key", "new-key-2"), &mut api);
    assert_eq!((run.roles(), asked(&api)), (Some(vec!["MonitoringDataRead".to_owned()]), before));

    // Belonging to someone else.
    let run = through(rotates("monitoring", "monitoring-key", "monitoring-key-2"), &mut api);
    assert_eq!((run.roles(), run.is_about_flows()), (None, false));
    let mut api = readable();
    let run = through(rotates("monitoring", "monitoring-key", "monitoring-key-2"), &mut api);
    let roles = ["MonitoringDataRead", "WorkspacePackagesRead"].map(str::to_owned);
    assert_eq!(run.roles(), Some(roles.to_vec()));
    assert!(through(rotates("orders", "orders-key", "orders-key-2"), &mut api).is_about_flows());
}

#[test]
fn only_a_verdict_without_reserve_lets_a_new_key_replace_the_old_one() {
    for (verdict, expected) in [
        (Verdict::Ready, (true, false)),
        (Verdict::Limited, (false, true)),
        (Verdict::Refused, (false, true)),
        (Verdict::Unreachable, (false, false)),
    ] {
        let Event::Tested { passed, may_pass_later } = Event::tested(verdict) else { panic!("{verdict:?}") };
        assert_eq!((passed, may_pass_later), expected, "{verdict:?}");
    }
}
