//! The two front ends: the wizard and the commands report the same about the same saved systems and files.

use std::{path::PathBuf, sync::Arc};

use cpikey::{
    content,
    domain::{
        handover::export::{ExportText, ExportedFile},
        problem::Problem,
        systems::{
            describe,
            system::{SystemId, SystemName},
        },
        text::secret::Secret,
    },
    jobs::{
        Context,
        list_systems::list_systems,
        open_system::open_system,
        remove_system::remove_system,
        rename_system::rename_system,
        test_systems::{SystemTestEvent, open_all_systems},
    },
    model::{
        Effect, JobEvent, JobId, JobRequest, Msg, Notice,
        saved::{Listing, TestSystemsEvent},
        saved_systems::TestStatus,
    },
    net::NetOptions,
    platform::{env::Environment, saved::Saved, store::Store},
    runtime::{Options, effects::Effects, event_loop::EffectHandler as _},
    words::Words,
};
use jiff::Timestamp;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use crate::{
    certificates::year,
    driver::Driver,
    harness::{Home, NoKeyring, PASSPHRASE, key, practice},
    passphrase::at_terminal,
};

/// The use cases for the systems in this home directory.
fn context(home: &Home) -> Context<NoKeyring> {
    let saved = Saved::new(Store::new(home.data()), NoKeyring);
    Context { content: Arc::new(content::load()), saved, clock: Timestamp::now }
}

/// Text on one line, without its line breaks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A problem as shown by the wizard, and by a command.
fn said(problem: &Problem) -> String {
    flat(&format!("cpikey: {}", Notice::problem(problem).text))
}

/// The wizard with the saved systems of this home directory, asked to test all of them.
fn testing_all(context: &Context<NoKeyring>) -> (Driver, JobId, JobRequest) {
    let state = list_systems(context).unwrap().value;
    let listing = Listing {
        protection: state.vault.as_ref().map(|vault| vault.protection()),
        systems: state.systems,
        place: "secrets.sealed".into(),
        ..Listing::default()
    };
    let mut driver = Driver::new();
    driver.at(Timestamp::now()).send(Msg::Systems(Ok(listing)));
    driver.press("t").type_text(PASSPHRASE).press("enter");
    let (id, request) = driver.jobs.last().cloned().unwrap();
    driver.take_effects();
    (driver, id, request)
}

/// Tests all systems like the wizard, and passes the events to it.
fn test_in_the_wizard(context: &Context<NoKeyring>) -> Driver {
    let (mut driver, id, request) = testing_all(context);
    let JobRequest::TestSystems { agreed, passphrase } = request else { panic!("{request:?}") };
    let opened = open_all_systems(context, passphrase.as_ref()).unwrap();
    let (sink, mut events) = unbounded_channel();
    let on_event = move |event| sink.send(event).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let content = Arc::clone(&context.content);
    runtime.block_on(opened.test(content, NetOptions::default(), &agreed, CancellationToken::new(), on_event));
    while let Ok(event) = events.try_recv() {
        let event = match event {
            SystemTestEvent::Started(system) => TestSystemsEvent::Started(system),
            SystemTestEvent::Finished(system, result) => TestSystemsEvent::Finished(system, result),
        };
        driver.send(Msg::Job(id, JobEvent::TestSystems(event)));
    }
    driver.send(Msg::Job(id, JobEvent::TestSystems(TestSystemsEvent::Done)));
    driver
}

#[test]
fn all_saved_systems_have_the_same_order_verdicts_and_reasons_in_both() {
    let home = Home::new();
    let (_practice, sample) = practice();
    let elsewhere = key().replace("acme.authentication.eu10.hana.ondemand.com", "login.example.com");
    let systems = [
        ("good", sample("works")),
        ("elsewhere", elsewhere),
        ("poor", sample("wrong-secret")),
        ("last", sample("works")),
    ];
    home.saved(&systems.each_ref().map(|(name, key)| (*name, key.as_str())));
    home.saved_at("2021-06-01T00:00:00Z".parse().unwrap(), &[("old", &year(2021))]);
    let context = context(&home);
    let mut driver = test_in_the_wizard(&context);
    let (status, seen) = at_terminal(&home, &["systems", "test", "--all"], &[PASSPHRASE, "n"]);
    assert_eq!(status, 2, "{seen}");
    let lines: Vec<&str> = seen.lines().filter(|line| line.starts_with(['✓', '!', '✗'])).collect();

    let session = driver.app.session();
    let name = |id: SystemId| session.saved.by_id(id).unwrap().name.to_string();
    let rows = &session.saved.batch.as_ref().unwrap().rows;
    let names: Vec<String> = rows.iter().map(|(id, _)| name(*id)).collect();
    assert_eq!(names, ["old", "elsewhere", "poor", "good", "last"]);
    assert_eq!(lines.len(), rows.len(), "{seen}");
    for (line, (id, status)) in lines.iter().zip(rows) {
        let TestStatus::Done(result) = status else { panic!("{status:?}") };
        let verdict = describe::verdict(result.verdict, Words::default());
        let expires = session.saved.by_id(*id).unwrap().expires;
        let expiry = describe::expiry(expires, session.now.wall, Words::default());
        for part in
            [Some(name(*id)), Some(verdict.to_owned()), expiry, Some(describe::reason(result, Words::default()))]
        {
            assert!(line.contains(&part.clone().unwrap_or_default()), "{part:?} is not in {line}");
        }
    }

    let recorded: Vec<String> = match driver.take_jobs().as_slice() {
        [JobRequest::RecordTests(tests)] => tests
            .iter()
            .map(|(id, _)| *id)
            .map(|id| driver.app.session().saved.by_id(id).unwrap().name.to_string())
            .collect(),
        other => panic!("{other:?}"),
    };
    let listed = home.run(&["systems", "list"]).stdout;
    for line in listed.lines() {
        let is_recorded = recorded.iter().any(|name| line.starts_with(&format!("{name} ")));
        assert_eq!(line.contains(" · "), is_recorded, "{line}");
    }
    assert_eq!(recorded.len(), 4, "{recorded:?}");
}

#[test]
fn both_report_what_cannot_be_done_with_a_saved_system_in_the_same_sentences() {
    let home = Home::new();
    home.saved(&[("dev", &key()), ("prod", &key())]);
    let context = context(&home);
    let name = |name: &str| SystemName::new(name).unwrap();
    for (problem, command) in [
        (rename_system(&context, "dev", name("PROD")).unwrap_err(), &["systems", "rename", "dev", "PROD"][..]),
        (rename_system(&context, "none", name("x")).unwrap_err(), &["systems", "rename", "none", "x"]),
        (remove_system(&context, "none").unwrap_err(), &["systems", "remove", "none"]),
    ] {
        let done = home.run(command);
        assert_eq!((done.status, flat(&done.stderr)), (2, said(&problem)), "{command:?}");
    }
    let id = list_systems(&context).unwrap().value.systems.get("dev").unwrap().id;
    let problem = open_system(&context, id, Some(&Secret::new("a wrong one"))).unwrap_err();
    let (status, seen) = at_terminal(&home, &["systems", "test", "dev"], &["a wrong one"]);
    assert!(status == 2 && flat(&seen).ends_with(&said(&problem)), "{seen}\n{problem}");
}

/// The results of the wizard's effects for a job.
fn answer(request: JobRequest) -> JobEvent {
    let (sender, mut answers) = unbounded_channel();
    let mut effects = Effects::new(Arc::new(content::load()), &Environment::default(), &Options::default(), sender);
    effects.perform(Effect::Start(JobId(1), request)).unwrap();
    match answers.blocking_recv().unwrap().remove(0) {
        Msg::Job(JobId(1), event) => event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn both_report_a_file_that_cannot_be_read_or_written_in_the_same_sentences() {
    let home = Home::new();
    let missing = home.path().join("missing.json").to_str().unwrap().to_owned();
    let directory = home.path().to_str().unwrap().to_owned();
    for path in [missing, directory, "/dev/null".to_owned()] {
        let JobEvent::Read(Err(problem)) = answer(JobRequest::ReadFile(PathBuf::from(&path))) else {
            panic!("{path} was read")
        };
        let done = home.run(&["inspect", &path]);
        assert_eq!((done.status, flat(&done.stderr)), (2, said(&problem)), "{path}");
    }
    let taken = home.file("key.json", "mine");
    let file = ExportedFile { name: taken.clone(), text: ExportText::Public("{}".to_owned()) };
    let JobEvent::Exported(Err(problem)) = answer(JobRequest::WriteExport(vec![file])) else {
        panic!("it was written")
    };
    let done = home.run(&["sheet", "--output", &taken]);
    assert_eq!((done.status, flat(&done.stderr)), (2, said(&problem)));
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "mine");
}
