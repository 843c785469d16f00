//! Plain mode shows and does the same as full-screen mode: the same script drives both, with the same results.

use std::time::Duration;

use cpikey::{
    app::{self, App},
    domain::{
        finding::{Finding, FindingCode, Stage},
        systems::vault::Protection,
    },
    keymap::Context,
    model::{Effect, Msg, Pasted, Place, Surroundings, watch::PRACTICE_PAUSE},
    plain::{Heard, Line, Talk, print},
    words::Words,
};

use crate::{
    driver::{CANARY, Driver, KEY, ok},
    saved::with_systems,
    sizes::at_step,
    watching::{LIMITED, answer_all},
};

/// A wizard in plain mode.
pub struct Talker {
    pub driver: Driver,
    talk: Talk,
    /// All output.
    pub said: String,
}

impl Talker {
    pub fn of(driver: Driver) -> Self {
        let mut talker = Self { driver, talk: Talk::new(Words::default()), said: String::new() };
        talker.tell(false);
        talker
    }

    fn say(&mut self, lines: &[Line]) -> String {
        let said = print(lines, None, false);
        self.said.push_str(&said);
        said
    }

    pub fn tell(&mut self, after_line: bool) -> String {
        let lines = self.talk.tell(&self.driver.app, after_line);
        let said = self.say(&lines);
        if self.talk.is_reading(&self.driver.app) {
            let close = self.talk.press(cpikey::keymap::Action::Cancel, &self.driver.app);
            return said + &self.give(close);
        }
        said
    }

    fn give(&mut self, messages: Vec<Msg>) -> String {
        messages.into_iter().for_each(|msg| self.driver.send(msg));
        self.tell(true)
    }

    /// Types a line, and returns the response.
    pub fn line(&mut self, line: &str) -> String {
        // As with keys: a user needs longer than the quiet time after a paste.
        self.driver.wait(std::time::Duration::from_millis(200));
        match self.talk.hear(line, &self.driver.app) {
            Heard::Do(messages) => {
                let mut said = self.give(messages);
                let next = self.talk.go_on(&self.driver.app);
                if !next.is_empty() {
                    said.push_str(&self.give(next));
                }
                said
            }
            Heard::LookAt(messages) => {
                messages.into_iter().for_each(|msg| self.driver.send(msg));
                let lines = self.talk.look(&self.driver.app);
                self.say(&lines)
            }
            Heard::Repeat => self.all(),
            Heard::More => String::new(),
            Heard::Nothing(why) => self.say(&[Line::new(why)]),
        }
    }

    /// The whole page.
    pub fn all(&mut self) -> String {
        let lines = self.talk.repeat(&self.driver.app);
        self.say(&lines)
    }

    pub fn prompt(&self) -> String {
        self.talk.prompt(&self.driver.app)
    }
}

/// The page of a screen, for the snapshot beside its pictures.
pub fn spoken(app: &App) -> String {
    let mut talk = Talk::new(Words::default());
    print(&talk.repeat(app), None, false)
}

fn practice() -> Driver {
    let mut driver =
        Driver::with(Surroundings { practice: true, whole_lines: true, motion: false, ..Surroundings::default() });
    driver.offer_samples();
    driver
}

/// One step of a script, for the full screen and for plain mode.
enum Step {
    /// Keys for one, lines for the other.
    Do(&'static str, &'static [&'static str]),
    /// Text that is pasted, or typed line by line.
    Paste(&'static str),
    /// The response of the tenant: everything works, the secret is wrong, roles are missing, or every role exists.
    AllGood,
    WrongSecret,
    RolesMissing,
    RolesThere,
    /// No input for this long.
    Wait(Duration),
}

use Step::{AllGood, Do, Paste, RolesMissing, RolesThere, Wait, WrongSecret};

impl Step {
    /// A message from outside.
    fn happen(&self, driver: &mut Driver) {
        match self {
            Do(..) | Paste(_) => {}
            AllGood => driver.answer(&[], |_| ok(3)),
            WrongSecret => driver.answer_fault(Finding::new(FindingCode::BadCredentials, Stage::Token)),
            RolesMissing => driver.answer(&LIMITED, |_| ok(3)),
            RolesThere => answer_all(driver),
            Wait(time) => driver.wait(*time),
        }
    }
}

const PARAMETERS: &str =
    "{\n  \"roles\": [\n    \"MonitoringDataRead\"\n  ],\n  \"grant-types\": [\"client_credentials\"]\n}";

/// Walks for both front ends.
const SCRIPTS: &[(&str, &[Step])] = &[
    (
        "the whole way, to a copy and the end",
        &[
            Do("down down space enter", &["3", ""]),
            Do("enter", &[""]),
            Do("enter", &[""]),
            Do("y", &["y"]),
            Do("enter", &[""]),
            Do("space", &["3"]),
            Do("enter enter", &["", ""]),
            Paste(KEY),
            Do("enter", &[""]),
            AllGood,
            Do("enter", &[""]),
            Do("q", &["q"]),
        ],
    ),
    (
        "names and places typed",
        &[
            Do("enter enter", &["", ""]),
            Do("ctrl+u m y tab e u 1 0 tab a c m e tab d e v enter", &["my", "eu10", "acme", "dev"]),
            Do("left", &["back"]),
        ],
    ),
    ("a name that is wrong stays", &[Do("enter enter ctrl+u a ! enter", &["", "", "a!", ""])]),
    (
        "roles ticked, filtered, all, none, recommended",
        &[
            Do("enter enter enter", &["", "", ""]),
            Do("down space", &["2"]),
            Do("/ q u e u e enter space", &["/queue", "1"]),
            Do("esc", &["esc"]),
            Do("A", &["A"]),
            Do("N", &["N"]),
            Do("a", &["a"]),
            Do("v", &["v"]),
            Do("y", &["y"]),
            Do("s", &["s"]),
        ],
    ),
    (
        "the JSON replaced by a paste",
        &[
            Do("enter enter enter", &["", "", ""]),
            Paste(PARAMETERS),
            Do("ctrl+s", &[""]),
            Do("y", &["y"]),
            Do("enter", &[""]),
        ],
    ),
    (
        "the other plan, with its question left alone",
        &[Do("enter down space enter", &["", "2", ""]), Do("esc", &["esc"]), Do("up space enter", &["1", ""])],
    ),
    (
        "scripts and the request sheet",
        &[
            Do("enter enter enter enter", &["", "", "", ""]),
            Do("v y s", &["v", "y", "s"]),
            Do("v y space y", &["v", "y", "space", "y"]),
            Do("esc tab", &["esc", "tab"]),
        ],
    ),
    ("a key in a file", &[Do("end enter f k . j s o n enter", &["12", "f", "k.json"])]),
    ("a file named at once", &[Do("end enter f . / k . j s o n enter", &["12", "./k.json"])]),
    (
        "a test that fails, tried again",
        &[
            Do("end enter", &["12"]),
            Paste(KEY),
            Do("enter", &[""]),
            WrongSecret,
            Do("y d R r", &["y", "d", "R", "r"]),
            Do("esc", &["esc"]),
            Do("left", &["b"]),
            Do("x n", &["x", "n"]),
            Do("x y", &["x", "y"]),
        ],
    ),
    (
        "steps by number, the palette, the help",
        &[
            Do("enter enter enter 1", &["", "", "", "step 1"]),
            Do("4", &["step 4"]),
            Do("9", &["step 9"]),
            Do("? esc", &["?"]),
            Do("ctrl+p esc", &["ctrl+p", "esc"]),
            Do("q", &["quit"]),
        ],
    ),
    (
        "a system saved",
        &[
            Do("end enter", &["12"]),
            Paste(KEY),
            Do("enter", &[""]),
            AllGood,
            Do("enter", &[""]),
            Do("s", &["s"]),
            Do("ctrl+u d e v enter", &["dev"]),
        ],
    ),
    (
        "exports: looked at, copied, found, written without and with the secret",
        &[
            Do("end enter", &["12"]),
            Paste(KEY),
            Do("enter", &[""]),
            AllGood,
            Do("enter", &[""]),
            Do("e y", &["e", "y"]),
            Do("down down y", &["go 3", "y"]),
            Do("/ f l a s h enter y", &["/flash", "y"]),
            Do("enter n", &["1", "n"]),
            Do("enter y", &["1", "y"]),
            Do("enter esc", &["1", "esc"]),
            Do("esc", &["esc"]),
            Do("esc", &["esc"]),
            Do("q", &["q"]),
        ],
    ),
    (
        "a pasted key whose roles are missing, up to the roles of the instance",
        &[
            Do("end enter", &["12"]),
            Paste(KEY),
            Do("enter", &[""]),
            RolesMissing,
            Do("y d d", &["y", "d", "d"]),
            Do("R", &["R"]),
            Do("r", &["r"]),
            RolesMissing,
            Do("enter", &[""]),
            Do("4", &["step 4"]),
        ],
    ),
    (
        "a watch that is hurried, waits, and finds the roles",
        &[
            Do("enter enter enter enter enter enter", &["", "", "", "", "", ""]),
            Paste(KEY),
            Do("enter", &[""]),
            RolesMissing,
            Do("w", &["w"]),
            RolesMissing,
            Wait(Duration::from_secs(2)),
            Do("r", &["r"]),
            RolesMissing,
            Wait(PRACTICE_PAUSE),
            RolesThere,
            Do("enter", &[""]),
        ],
    ),
    (
        "a watch that is stopped and begun again",
        &[
            Do("enter enter enter enter enter enter", &["", "", "", "", "", ""]),
            Paste(KEY),
            Do("enter", &[""]),
            RolesMissing,
            Do("w", &["w"]),
            RolesMissing,
            Do("esc", &["esc"]),
            Wait(PRACTICE_PAUSE),
            Do("w", &["w"]),
            WrongSecret,
            Do("esc", &["esc"]),
        ],
    ),
];

fn walk_by_keys(steps: &[Step]) -> Driver {
    let mut driver = practice();
    for step in steps {
        match step {
            Do(keys, _) => drop(driver.press(keys)),
            Paste(text) => drop(driver.paste(text)),
            step => step.happen(&mut driver),
        }
    }
    driver
}

fn walk_by_lines(steps: &[Step]) -> Talker {
    let mut talker = Talker::of(practice());
    for step in steps {
        match step {
            Do(_, lines) => lines.iter().for_each(|line| drop(talker.line(line))),
            Paste(text) => text.lines().for_each(|line| drop(talker.line(line))),
            step => step.happen(&mut talker.driver),
        }
        talker.tell(false);
    }
    talker
}

/// The result of a walk: its last place, its effects, and the choices.
pub fn results(driver: &Driver) -> String {
    // The plain view is for selecting with a mouse; in plain mode it closes by itself.
    let asked = driver.effects.iter().filter(|effect| !matches!(effect, Effect::ShowPlain(_) | Effect::HidePlain));
    let asked: Vec<String> = asked.map(|effect| format!("{effect:?}")).collect();
    let session = driver.app.session();
    format!(
        "{:?}\n{:#?}\n{:#?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        driver.app.place(),
        asked,
        session.draft,
        session.key.found().map(|found| &found.summary),
        session.run.as_ref().map(|run| (run.state, &run.report)),
        session.reached,
        session.files,
        session.notice,
    )
}

#[test]
fn the_same_script_walks_both() {
    for (name, steps) in SCRIPTS {
        let (keys, lines) = (walk_by_keys(steps), walk_by_lines(steps));
        assert_eq!(results(&keys), results(&lines.driver), "{name}\n{}", lines.said);
        assert!(!lines.said.contains(CANARY), "{name}");
    }
}

#[test]
fn every_number_leads_to_its_choice_and_every_choice_says_something() {
    let mut walks: Vec<Driver> = (1..=9).map(at_step).collect();
    walks.push(with_systems(Protection::Keyring));
    let mut typed = at_step(4);
    typed.press("/ p a y enter");
    walks.push(typed);
    for driver in walks {
        let mut talker = Talker::of(driver);
        let count = talker.driver.app.describe().page.choices.len();
        for number in (1..=count).chain((1..=count).rev()) {
            talker.line(&format!("go {number}"));
            let now = talker.driver.app.describe();
            assert_eq!(now.page.focus + 1, number, "{}", now.title);
            assert!(!now.page.choices[now.page.focus].text.trim().is_empty());
        }
    }
}

#[test]
fn everything_in_the_palette_is_only_said_on_request() {
    let mut talker = Talker::of(at_step(1));
    let said = talker.line("ctrl+p");
    assert!(said.lines().count() < 4, "{said}");
    let found = talker.line("doctor");
    assert!(found.contains("1. ") && found.lines().count() < 12, "{found}");
    talker.line("esc");
    talker.line("ctrl+p");
    assert!(talker.line(".").lines().count() > 50);
}

#[test]
fn only_what_has_changed_is_said() {
    let mut talker = Talker::of(at_step(4));
    let said = talker.line("2");
    assert!(said.contains("2. (not chosen) WorkspacePackagesConfigure"), "{said}");
    assert!(said.lines().count() <= 4, "{said}");
    assert_eq!(talker.tell(false), "", "nothing is said twice");
}

#[test]
fn each_check_is_one_sentence_when_it_ends() {
    let mut driver = at_step(7);
    driver.paste(KEY);
    let mut talker = Talker::of(driver);
    talker.line("");
    let (id, _) = talker.driver.started();
    let connected = cpikey::domain::check::Seen::Connected { tls: None, proxy: None };
    let step = cpikey::domain::check::CheckStep::Connect(cpikey::domain::check::Site::Token);
    talker.driver.finish(id, step, 3, connected);
    let said = talker.tell(false);
    assert!(said.starts_with("Check 1 of ") && said.lines().count() == 1, "{said:?}");
    // No output while it continues, and one sentence when it takes long.
    talker.driver.wait(std::time::Duration::from_secs(1));
    assert_eq!(talker.tell(false), "");
}

#[test]
fn a_form_asks_for_one_field_after_the_other() {
    let mut talker = Talker::of(at_step(3));
    assert!(talker.prompt().starts_with("Instance name"), "{}", talker.prompt());
    talker.line("acme");
    assert!(talker.prompt().starts_with("Region"), "{}", talker.prompt());
    talker.line("no spaces here, please");
    talker.line("");
    assert_eq!(talker.driver.app.session().draft.instance, "acme");
}

#[test]
fn a_passphrase_is_asked_for_and_never_said() {
    let mut talker = Talker::of(with_systems(Protection::Passphrase));
    talker.line("S");
    talker.line("1");
    assert_eq!(talker.driver.app.describe().context, Context::Edit);
    let said = talker.line(CANARY);
    assert!(!said.contains(CANARY) && !talker.said.contains(CANARY));
    assert!(matches!(talker.driver.app.place(), Place::Systems));
}

#[test]
fn a_question_takes_no_text_and_an_empty_line_means_no() {
    let mut driver = at_step(7);
    driver.paste(KEY);
    let mut talker = Talker::of(driver);
    let said = talker.line("x");
    assert!(said.contains("y") && talker.prompt().contains("y or n"), "{said}");
    talker.line("perhaps");
    talker.line("");
    assert!(talker.driver.app.session().key.usable().is_some());
    talker.line("x");
    talker.line("y");
    assert!(talker.driver.app.session().key.usable().is_none());
}

#[test]
fn the_answer_that_enter_gives_is_the_one_that_is_marked() {
    let mut driver = at_step(8);
    driver.paste(KEY);
    let mut talker = Talker::of(driver);
    let page = talker.driver.app.describe().page;
    let marked: Vec<bool> = page.choices.iter().map(|choice| choice.chosen == Some(true)).collect();
    assert_eq!((marked.as_slice(), page.focus), (&[true, false][..], 0), "a key that is offered is wanted");
    talker.line("");
    assert_eq!(talker.driver.app.step(), cpikey::domain::sap::guide::StepId::QuickFill);
}

#[test]
fn a_line_that_means_nothing_says_so_and_changes_nothing() {
    let mut talker = Talker::of(at_step(4));
    let before = results(&talker.driver);
    for line in ["nothing", "0", "999", "go 999", "step 99", "step", "\u{1b}[2J", "-1"] {
        let said = talker.line(line);
        assert!(!said.contains('\u{1b}'), "{said:?}");
        assert_eq!(results(&talker.driver).replace("Some(Notice", ""), before.replace("Some(Notice", ""), "{line}");
    }
}

#[test]
fn a_key_line_by_line_is_a_key_and_is_not_repeated() {
    let mut talker = Talker::of(practice());
    talker.line("12");
    for line in KEY.lines() {
        talker.line(line);
    }
    assert!(talker.driver.app.session().key.usable().is_some());
    assert!(!talker.said.contains(CANARY));
    let _ = app::update(&mut talker.driver.app, Msg::Paste(Pasted::new("")));
}
