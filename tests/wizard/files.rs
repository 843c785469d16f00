//! Choosing the file with the key.

use cpikey::{
    domain::problem::Problem,
    model::{Effect, JobEvent, JobId, JobRequest, Msg, Pasted, job::FileCandidate},
};

use crate::{
    driver::{Driver, KEY},
    sizes::at_step,
};

/// The latest requested listing, and its path.
fn asked(driver: &Driver) -> (JobId, String) {
    let listing = |(id, request): &(JobId, JobRequest)| match request {
        JobRequest::ListFiles(typed) => Some((*id, typed.clone())),
        _ => None,
    };
    driver.jobs.iter().rev().find_map(listing).expect("nothing was listed")
}

/// Answers the latest requested listing.
pub fn list(driver: &mut Driver, names: &[&str]) {
    let (id, typed) = asked(driver);
    let candidate = |name: &&str| FileCandidate {
        text: (*name).to_owned(),
        is_directory: name.ends_with('/'),
        modified: Some("2026-11-01T09:30:00Z".parse().unwrap()),
    };
    driver.send(Msg::Job(id, JobEvent::Files(typed, names.iter().map(candidate).collect())));
}

/// The file that is being read.
fn read(driver: &mut Driver) -> Option<String> {
    let file = |job| match job {
        JobRequest::ReadFile(path) => Some(path.display().to_string()),
        _ => None,
    };
    driver.take_jobs().into_iter().filter_map(file).last()
}

#[test]
fn enter_on_the_empty_field_reads_the_newest_file_of_the_download_folder() {
    let mut driver = at_step(7);
    driver.press("f");
    assert_eq!(asked(&driver).1, "");
    list(&mut driver, &["~/Downloads/acme.json", "~/Downloads/old.json"]);
    driver.press("down up enter");
    assert_eq!(read(&mut driver).as_deref(), Some("~/Downloads/acme.json"));
    driver.report(JobEvent::Read(Ok(Pasted::new(KEY))));
    assert!(driver.app.session().key.usable().is_some());
}

#[test]
fn tab_completes_as_far_as_it_is_certain_and_then_goes_through_what_may_be_meant() {
    let mut driver = at_step(7);
    driver.press("f").type_text("~/D");
    list(&mut driver, &["~/Downloads/", "~/Downtown/"]);
    driver.press("tab");
    assert_eq!(asked(&driver).1, "~/Down");
    list(&mut driver, &["~/Downloads/", "~/Downtown/"]);
    driver.press("tab enter");
    // A directory is opened, not read.
    assert_eq!((read(&mut driver), asked(&driver).1.as_str()), (None, "~/Downloads/"));
}

#[test]
fn a_file_that_cannot_be_read_leaves_its_name_in_the_field() {
    let mut driver = at_step(7);
    driver.press("f").type_text("keys/nofile").press("enter");
    assert_eq!(read(&mut driver).as_deref(), Some("keys/nofile"));
    driver.report(JobEvent::Read(Err(Problem::unusable("There is no such file.", "", ""))));
    let screen = driver.screen(80, 24);
    assert!(screen.contains("keys/nofile") && screen.contains("There is no such file."), "{screen}");
    driver.type_text("s").press("enter");
    assert_eq!(read(&mut driver).as_deref(), Some("keys/nofiles"));
}

#[test]
fn a_listing_of_what_is_no_longer_typed_changes_nothing() {
    let mut driver = at_step(7);
    driver.press("f");
    let (old, _) = asked(&driver);
    driver.type_text("a");
    let before = driver.screen(80, 24);
    driver.send(Msg::Job(old, JobEvent::Files(String::new(), Vec::new())));
    assert_eq!(driver.screen(80, 24), before);
    assert!(driver.effects.contains(&Effect::Stop(old)));
}
