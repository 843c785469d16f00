//! A run that is broken off anywhere, with any faults, and then run again: instance and key, each exactly once.

use proptest::prelude::*;

use cpikey::domain::cf::{
    goal::Goal,
    run::{ExistingState, Outcome},
};

use super::driver::{Answer, Api, Behaviour, Fault, creates, rotates, through, through_with};

fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::LoseAnswer),
        Just(Fault::Drop),
        Just(Fault::SessionEnds),
        Just(Fault::Answer(Answer::new(502, "Bad Gateway"))),
        Just(Fault::DoneBut(Answer::new(502, "<html>"))),
        Just(Fault::Answer(Answer { retry_after: Some(2), ..Answer::error(429, 10013, "Rate Limit Exceeded") })),
        Just(Fault::Answer(Answer::new(200, "<html>"))),
    ]
}

/// Numbers of requests with what happens to them.
fn some_faults() -> impl Strategy<Value = Vec<(usize, Fault)>> {
    prop::collection::vec((0usize..40, faults()), 0..5)
}

fn with_faults(api: &mut Api, faults: Vec<(usize, Fault)>) {
    let before = api.sent.len();
    api.fault =
        Box::new(move |number, _| faults.iter().find(|(at, _)| before + at == number).map(|(_, fault)| fault.clone()));
}

/// Runs until it is done, as a person would who repeats the command.
fn until_done(goal: &Goal, api: &mut Api) -> Outcome {
    api.fault = Box::new(|_, _| None);
    let mut last = Outcome::Refused;
    for _ in 0..4 {
        last = through(goal.clone(), api).end().unwrap().outcome;
        if matches!(last, Outcome::Done | Outcome::NothingToDo) {
            break;
        }
    }
    last
}

proptest! {
    // Each case drives several whole runs.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.min(64), ..ProptestConfig::default() })]

    #[test]
    fn a_creation_that_is_interrupted_ends_with_one_instance_and_one_key(
        stops_after in 0usize..60,
        faults in some_faults(),
        name in prop_oneof![Just("new"), Just("slow-new"), Just("default_it-rt_api")],
    ) {
        let mut api = Api::new();
        with_faults(&mut api, faults);
        let goal = creates(name);
        let first = through_with(goal.clone(), &mut api, &Behaviour { stops_after: Some(stops_after), ..Behaviour::default() });
        // What is said to exist as ready is there.
        let (instances, keys) = api.there(name, "new-key");
        for thing in first.exists().iter().filter(|thing| thing.state == ExistingState::Ready) {
            prop_assert!(instances == 1 || thing.name != name);
            prop_assert!(keys == 1 || thing.name != "new-key");
        }
        let outcome = until_done(&goal, &mut api);
        prop_assert!(matches!(outcome, Outcome::Done | Outcome::NothingToDo), "{outcome:?}");
        prop_assert_eq!(api.there(name, "new-key"), (1, 1));
    }

    #[test]
    fn a_rotation_that_is_interrupted_never_leaves_nobody_with_a_key(
        stops_after in 0usize..60,
        faults in some_faults(),
        passes in any::<bool>(),
        takes_key in any::<bool>(),
    ) {
        let mut api = Api::new();
        through(creates("new"), &mut api);
        with_faults(&mut api, faults);
        let behaviour = Behaviour {
            stops_after: Some(stops_after), tests: vec![(passes, false)], takes_key, ..Behaviour::default()
        };
        let goal = rotates("new", "new-key", "new-key-2");
        through_with(goal.clone(), &mut api, &behaviour);
        let (old, new) = (api.there("new", "new-key").1, api.there("new", "new-key-2").1);
        prop_assert!(old == 1 || new == 1);
        if !passes || !takes_key {
            prop_assert_eq!(old, 1, "the old key went before the new one was taken");
        }
        until_done(&goal, &mut api);
        prop_assert_eq!((api.there("new", "new-key").1, api.there("new", "new-key-2").1), (0, 1));
    }
}
