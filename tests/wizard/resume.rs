//! The progress is saved, and the next session continues from it.

use std::time::Duration;

use cpikey::{
    app::App,
    domain::{problem::Problem, progress::Progress, sap::guide::StepId},
    model::{Effect, Exit, Msg, Surroundings, msg::EarlierProgress},
};
use jiff::tz::TimeZone;

use super::driver::{CANARY, Driver, KEY};

/// Longer than the delay before a change within a step is saved.
const LONG: Duration = Duration::from_secs(1);

fn earlier(found: Option<Progress>) -> Msg {
    Msg::Progress(Box::new(EarlierProgress { found: Ok(found), set_aside: None, zone: TimeZone::UTC }))
}

/// A wizard that was ended, as restored by the next start.
pub fn started_again(progress: Progress) -> Driver {
    let mut next = Driver::new();
    // Through the file.
    let read = Progress::from_json(progress.to_json().as_bytes()).unwrap();
    next.send(earlier(Some(read)));
    next
}

fn newest(wizard: &Driver) -> Progress {
    wizard.saved.last().expect("it was saved").clone().expect("it was not forgotten")
}

#[test]
fn every_step_is_saved_when_it_is_left_and_every_change_soon_after_it() {
    let mut wizard = Driver::new();
    wizard.press("down").wait(LONG);
    assert!(wizard.saved.is_empty(), "nothing was chosen yet");
    wizard.press("enter");
    assert_eq!((newest(&wizard).step, newest(&wizard).draft.purpose.is_some()), (StepId::Plan, true));
    wizard.press("enter");
    assert_eq!(newest(&wizard).step, StepId::Instance);
    wizard.type_text("-x");
    let saves = wizard.saved.len();
    assert!(wizard.app.wake_after().is_some());
    wizard.wait(LONG);
    assert_eq!(wizard.saved.len(), saves + 1);
    assert!(newest(&wizard).draft.instance.ends_with("-x"));
    assert_eq!(wizard.app.wake_after(), None);
}

#[test]
fn the_next_start_goes_on_where_the_last_one_ended() {
    let mut wizard = Driver::new();
    wizard.press("down down enter enter").type_text("-mine").press("enter space enter space");
    wizard.wait(LONG);
    let (draft, step) = (wizard.app.session().draft.clone(), wizard.app.step());
    assert_eq!((step, draft.ticks.len()), (StepId::Create, 1));

    let mut next = started_again(newest(&wizard));
    assert_ne!(next.app.session().draft, draft, "it is only offered");
    let resume = next.app.session().resume.clone().unwrap();
    assert_eq!((resume.step(), resume.instance()), (StepId::Create, draft.instance.as_str()));
    assert_eq!(resume.roles(), draft.parameters.roles.len());
    assert!(next.app.session().stopped(&resume).starts_with("today"));
    // It is the first row of the first screen.
    next.press("enter");
    assert_eq!((&next.app.session().draft, next.app.step()), (&draft, step));
    assert_eq!(next.app.session().resume, None);
    assert_eq!(next.app.session().reached, StepId::Create);
    assert!(next.app.session().done.contains(&StepId::Roles));
}

#[test]
fn without_its_key_a_late_step_is_gone_on_with_where_the_key_is_pasted() {
    for step in [StepId::QuickFill, StepId::Test, StepId::HandOver] {
        let progress = Progress { step, reached: step, visited: StepId::ALL.to_vec(), ..Progress::default() };
        let mut wizard = started_again(progress);
        let _ = wizard.app.resume();
        assert_eq!(wizard.app.step(), StepId::QuickFill);
        assert_eq!(wizard.app.session().reached, StepId::QuickFill);
        assert!(!wizard.app.session().done.contains(&StepId::Test));
    }
}

#[test]
fn neither_the_key_nor_anything_of_it_is_saved() {
    let mut wizard = Driver::new();
    wizard.press("enter enter enter enter enter enter").paste(KEY);
    wizard.press("enter").wait(LONG);
    assert!(!wizard.saved.is_empty());
    for progress in wizard.saved.iter().flatten() {
        let written = progress.to_json();
        for part in [CANARY, "11111111-2222", "0a1b2c3d-0000", "acme-dev.authentication"] {
            assert!(!written.contains(part), "{written}");
        }
    }
}

#[test]
fn the_draft_of_a_saved_system_is_no_progress_of_the_person() {
    let mut wizard = Driver::new();
    wizard.paste(KEY);
    wizard.press("q").wait(LONG);
    assert!(wizard.saved.is_empty());
}

#[test]
fn choices_that_no_longer_exist_are_left_out_with_a_word() {
    let mut wizard = Driver::new();
    wizard.press("enter enter enter enter");
    let mut old = newest(&wizard);
    old.draft.parameters.roles.push("RoleOf2019".to_owned());
    let mut next = started_again(old);
    let _ = next.app.resume();
    let notice = next.app.session().notice.as_ref().unwrap();
    assert!(notice.text.contains("RoleOf2019"), "{notice:?}");
    assert!(!next.app.session().draft.parameters.has_role("RoleOf2019"));
}

#[test]
fn a_file_that_cannot_be_used_is_reported_and_nothing_is_in_the_way() {
    let mut wizard = Driver::new();
    let set_aside = Some("renamed to progress.json.bad-1".to_owned());
    let found = EarlierProgress { found: Ok(None), set_aside, zone: TimeZone::UTC };
    wizard.send(Msg::Progress(Box::new(found)));
    assert!(wizard.screen(80, 24).contains("progress.json.bad-1"));
    wizard.press("enter");
    assert_eq!(wizard.app.step(), StepId::Plan);
    wizard.send(Msg::ProgressNotSaved(Problem::failed("Not saved", "read-only", "")));
    assert!(wizard.screen(80, 24).contains("read-only"));
}

#[test]
fn a_signal_loses_nothing() {
    let mut wizard = Driver::new();
    wizard.press("enter enter").type_text("-late");
    let Some(Effect::SaveProgress(Some(progress))) = wizard.app.unsaved_progress() else { panic!("not saved") };
    assert!(progress.draft.instance.ends_with("-late"));
    assert_eq!(wizard.app.unsaved_progress(), None);
    let content = std::sync::Arc::new(cpikey::content::load());
    assert_eq!(App::new(content, Surroundings::default()).unsaved_progress(), None);
}

#[test]
fn the_last_words_say_what_was_done_and_the_commands_that_do_the_same() {
    let mut wizard = Driver::new();
    let outro = |wizard: &Driver, exit| cpikey::app::outro(&wizard.app, exit);
    assert_eq!(outro(&wizard, Exit::Left(0)).lines().count(), 1, "nothing was done");
    wizard.press("enter enter enter");
    let words = wizard.app.session().content.words.runtime();
    let said = outro(&wizard, Exit::Left(3));
    assert!(said.contains(&words.left(4, 9)) && said.contains(&words.goes_on("cpikey", 4)), "{said}");
    assert!(said.contains("cpikey params --purpose cpi-transporter"), "{said}");
    wizard.press("enter enter enter").paste(KEY).wait(LONG);
    let said = outro(&wizard, Exit::Left(6));
    assert!(said.contains(words.key_forgotten()), "{said}");
    assert!(!said.contains(CANARY), "{said}");
    wizard.send(Msg::ProgressNotSaved(Problem::failed("Not saved", "read-only", "")));
    assert!(outro(&wizard, Exit::Left(6)).contains(words.progress_lost()));
}

#[test]
fn who_goes_through_a_step_without_doing_it_has_not_done_it() {
    let mut wizard = Driver::new();
    wizard.press("enter enter enter enter enter enter");
    let rail = |wizard: &Driver| wizard.screen(80, 24).lines().nth(1).unwrap().to_owned();
    let (done, not_done) = (rail(&wizard), ["✓5", "✓6"]);
    assert!(done.contains("✓4") && not_done.iter().all(|step| !done.contains(step)), "{done}");
    // A key that was read proves that instance and key exist.
    wizard.paste(KEY);
    let done = rail(&wizard);
    assert!(not_done.iter().all(|step| done.contains(step)), "{done}");
}
