//! A run that is interrupted anywhere, any number of times and with any faults, and then run to its end: everything
//! requested exists exactly once, and nothing else has changed.

use proptest::prelude::*;

use cpikey::domain::cf::{
    goal::{Goal, Rotate},
    run::{ExistingState, Outcome, Run},
};

use super::{
    driver::{Answer, Api, Behaviour, Fault, creates, rotates, through, through_with},
    faults::{Prepare, as_wanted, goals},
};

fn faults() -> impl Strategy<Value = Fault> {
    let limited = |pause| Answer { retry_after: Some(pause), ..Answer::error(429, 10013, "Rate Limit Exceeded") };
    prop_oneof![
        Just(Fault::LoseAnswer),
        Just(Fault::Drop),
        Just(Fault::SessionEnds),
        Just(Fault::Answer(Answer::new(502, "Bad Gateway"))),
        Just(Fault::Answer(Answer::error(500, 10001, "An unknown error occurred."))),
        Just(Fault::DoneBut(Answer::new(502, "<html>"))),
        Just(Fault::DoneBut(Answer::error(500, 10001, "An unknown error occurred."))),
        Just(Fault::Answer(limited(2))),
        Just(Fault::Answer(limited(3_600))),
        Just(Fault::Answer(Answer::new(200, "<html>"))),
        Just(Fault::DoneBut(Answer::new(200, "<html>"))),
        Just(Fault::Answer(Answer::error(403, 10003, "You are not authorized to perform the requested action"))),
    ]
}

/// One attempt of the user.
#[derive(Clone, Debug)]
struct Attempt {
    /// After how many events the user stops.
    stops_after: Option<usize>,
    /// Numbers of requests with what happens to them.
    faults: Vec<(usize, Fault)>,
    /// Whether the key passes its test, and may pass it later.
    test: (bool, bool),
    takes_key: bool,
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = (
        prop::option::of(0usize..60),
        prop::collection::vec((0usize..40, faults()), 0..5),
        prop_oneof![3 => Just((true, false)), 1 => Just((false, false)), 1 => Just((false, true))],
        prop::bool::weighted(0.8),
    );
    let attempt =
        attempt.prop_map(|(stops_after, faults, test, takes_key)| Attempt { stops_after, faults, test, takes_key });
    prop::collection::vec(attempt, 1..4)
}

impl Attempt {
    fn run(self, goal: &Goal, api: &mut Api) -> Run {
        let before = api.sent.len();
        let faults = self.faults;
        api.fault = Box::new(move |number, _| {
            faults.iter().find(|(at, _)| before + at == number).map(|(_, fault)| fault.clone())
        });
        let behaviour = Behaviour {
            stops_after: self.stops_after,
            tests: vec![self.test; 9],
            takes_key: self.takes_key,
            ..Behaviour::default()
        };
        let run = through_with(goal.clone(), api, &behaviour);
        api.fault = Box::new(|_, _| None);
        run
    }
}

/// Runs until it is done, like a user who repeats the command.
fn until_done(goal: &Goal, api: &mut Api) -> Outcome {
    let mut last = Outcome::Refused;
    for _ in 0..4 {
        last = through(goal.clone(), api).end().unwrap().outcome;
        if matches!(last, Outcome::Done | Outcome::NothingToDo) {
            break;
        }
    }
    last
}

/// Every goal, and a rotation that keeps the old key.
fn every_goal() -> Vec<(Goal, Prepare)> {
    let mut all = goals();
    let keeping = all.iter().find_map(|(goal, prepare)| match goal {
        Goal::Rotate(rotate) => Some((Goal::Rotate(Rotate { keep_old: true, ..rotate.clone() }), *prepare)),
        _ => None,
    });
    all.extend(keeping);
    all
}

/// Unrelated instances, each with its state.
fn others(api: &mut Api) -> Vec<(String, String)> {
    let space = api.person.space("practice", "dev");
    let all = api.person.list(&format!("/v3/service_instances?space_guids={space}"));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let all =
        all.iter().map(|one| (text(&one["guid"]), text(&one["last_operation"]["updated_at"]), text(&one["name"])));
    all.filter(|(.., name)| name != "new").map(|(guid, at, _)| (guid, at)).collect()
}

proptest! {
    // Each case drives several whole runs.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.min(64), ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_interrupted_however_often_ends_as_it_was_wanted(
        which in 0usize..6,
        attempts in attempts(),
    ) {
        let (goal, prepare) = every_goal().swap_remove(which);
        let mut api = Api::new();
        prepare(&mut api);
        let before = others(&mut api);
        for attempt in attempts {
            attempt.run(&goal, &mut api);
            // A rotation never leaves the user without a working key.
            if matches!(goal, Goal::Rotate(_)) {
                let (old, new) = (api.there("new", "new-key").1, api.there("new", "new-key-2").1);
                prop_assert!(old == 1 || new == 1, "{old} {new}");
            }
        }
        let outcome = until_done(&goal, &mut api);
        prop_assert!(matches!(outcome, Outcome::Done | Outcome::NothingToDo), "{outcome:?}");
        as_wanted(&goal, &mut api);
        let again = through(goal.clone(), &mut api);
        prop_assert_eq!(again.end().unwrap().outcome, Outcome::NothingToDo);
        prop_assert_eq!(others(&mut api), before);
    }

    #[test]
    fn a_creation_that_is_interrupted_ends_with_one_instance_and_one_key(
        attempts in attempts(),
        name in prop_oneof![Just("new"), Just("slow-new"), Just("default_it-rt_api")],
    ) {
        let mut api = Api::new();
        let goal = creates(name);
        for attempt in attempts {
            let run = attempt.run(&goal, &mut api);
            // Everything reported as ready exists.
            let (instances, keys) = api.there(name, "new-key");
            for thing in run.exists().iter().filter(|thing| thing.state == ExistingState::Ready) {
                prop_assert!(instances == 1 || thing.name != name);
                prop_assert!(keys == 1 || thing.name != "new-key");
            }
        }
        let outcome = until_done(&goal, &mut api);
        prop_assert!(matches!(outcome, Outcome::Done | Outcome::NothingToDo), "{outcome:?}");
        prop_assert_eq!(api.there(name, "new-key"), (1, 1));
    }

    #[test]
    fn a_rotation_that_is_interrupted_never_leaves_nobody_with_a_key(attempt in attempts()) {
        let mut api = Api::new();
        through(creates("new"), &mut api);
        let goal = rotates("new", "new-key", "new-key-2");
        let mut had_the_key = false;
        for attempt in attempt {
            had_the_key |= attempt.test.0 && attempt.takes_key;
            attempt.run(&goal, &mut api);
            let (old, new) = (api.there("new", "new-key").1, api.there("new", "new-key-2").1);
            prop_assert!(old == 1 || new == 1);
            prop_assert!(old == 1 || had_the_key, "the old key went before the new one was taken");
        }
        until_done(&goal, &mut api);
        prop_assert_eq!((api.there("new", "new-key").1, api.there("new", "new-key-2").1), (0, 1));
    }
}
