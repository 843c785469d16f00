//! Cloud Foundry in plain mode: the same script walks both front ends through it, with the same results.

use cpikey::{domain::sap::guide::StepId, model::Place, words::Words};

use crate::{
    cloud::{Sap, at_create},
    driver::{CANARY, Driver, ok},
    plain::{Talker, results},
};

/// One step of a script, for the full screen and for plain mode. SAP responds after each.
enum Step {
    /// Keys for one, lines for the other.
    Do(&'static str, &'static [&'static str]),
    /// The passcode of the model.
    Passcode,
    /// The response of the tenant: a token with these scopes.
    Tested(&'static [&'static str]),
}

use Step::{Do, Passcode, Tested};

const SCOPES: &[&str] = &["IntegrationOperationServer.read", "NodeManager.read", "Roles.Read"];

/// Walks from step 5, with the place where they end.
const SCRIPTS: &[(&str, &[Step], Place)] = &[
    (
        "instance and key created, and the key handed over",
        &[
            Do("C", &["C"]),
            Do("enter", &["1"]),
            Passcode,
            Do("enter", &["1"]),
            Do("enter", &["1"]),
            Do("n ctrl+u m y - a p i enter enter", &["n", "my-api", ""]),
            Do("enter", &["1"]),
            Tested(SCOPES),
            Do("enter", &[""]),
        ],
        Place::Step(StepId::HandOver),
    ),
    (
        "a login that is refused, the plan looked at, another space, and back",
        &[
            Do("C", &["C"]),
            Do("enter", &["1"]),
            Do("w r o n g enter", &["wrong"]),
            Passcode,
            Do("enter", &["1"]),
            Do("down enter", &["2"]),
            Do("down down enter", &["3"]),
            Do("esc", &["esc"]),
        ],
        Place::Step(StepId::Create),
    ),
    (
        "a key rotated, roles updated, an instance deleted by its name",
        &[
            Do("I", &["I"]),
            Do("enter", &["1"]),
            Passcode,
            Do("enter", &["1"]),
            Do("enter", &["1"]),
            Do("home down down K", &["go 3", "K"]),
            Do("enter", &["1"]),
            Tested(SCOPES),
            Do("down enter", &["2"]),
            Do("esc", &["esc"]),
            Do("home down U", &["go 2", "U"]),
            Do("enter", &["1"]),
            Do("esc", &["esc"]),
            Do("home down x", &["go 2", "x"]),
            Do("enter", &["1"]),
            Do("m o n i t o r i n g enter", &["monitoring"]),
            Do("esc", &["esc"]),
        ],
        Place::Cloud,
    ),
];

fn walk_by_keys(steps: &[Step]) -> Driver {
    let (mut driver, mut sap) = (at_create(), Sap::new());
    for step in steps {
        match step {
            Do(keys, _) => drop(driver.press(keys)),
            Passcode => drop(driver.paste(&sap.passcode()).press("enter")),
            Tested(scopes) => driver.answer(scopes, |_| ok(1)),
        }
        sap.answers(&mut driver);
    }
    driver
}

fn walk_by_lines(steps: &[Step]) -> Talker {
    let (mut talker, mut sap) = (Talker::of(at_create()), Sap::new());
    for step in steps {
        match step {
            Do(_, lines) => lines.iter().for_each(|line| drop(talker.line(line))),
            Passcode => {
                let passcode = sap.passcode();
                talker.line(&passcode);
                assert!(!talker.said.contains(&passcode));
            }
            Tested(scopes) => talker.driver.answer(scopes, |_| ok(1)),
        }
        sap.answers(&mut talker.driver);
        talker.tell(false);
    }
    talker
}

#[test]
fn the_same_script_walks_both_through_cloud_foundry() {
    for (name, steps, end) in SCRIPTS {
        let (keys, lines) = (walk_by_keys(steps), walk_by_lines(steps));
        assert_eq!(lines.driver.app.place(), *end, "{name}\n{}", lines.said);
        assert_eq!(results(&keys), results(&lines.driver), "{name}\n{}", lines.said);
        assert!(!lines.said.contains(CANARY), "{name}");
    }
}

/// The passcode was typed, and there is no response yet.
fn with_passcode() -> (Talker, Sap) {
    let (mut talker, mut sap) = (Talker::of(at_create()), Sap::new());
    talker.line("C");
    talker.line("1");
    sap.answers(&mut talker.driver);
    let passcode = sap.passcode();
    talker.line(&passcode);
    (talker, sap)
}

#[test]
fn the_question_is_said_with_its_choices_however_they_come() {
    let (mut talker, mut sap) = with_passcode();
    // Login and list of orgs at the same time: there are as many orgs as ways to log in.
    sap.answers(&mut talker.driver);
    let said = talker.tell(false);
    assert!(said.contains(Words::default().cloud().org_title()), "{said}");
}

#[test]
fn a_number_without_a_choice_is_refused_in_a_sentence_that_fits() {
    let (mut talker, mut sap) = with_passcode();
    sap.answers(&mut talker.driver);
    for _ in ["org", "space"] {
        talker.line("1");
        sap.answers(&mut talker.driver);
        talker.tell(false);
    }
    talker.line("1");
    assert!(talker.driver.app.describe().page.choices.is_empty(), "In progress at SAP");
    assert_eq!(talker.line("1").trim_end(), Words::default().plain().no_choices());
}
