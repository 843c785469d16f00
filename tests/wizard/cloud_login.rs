//! A login stored for the next session, and logging out.

use cpikey::{
    domain::{
        finding::{Finding, FindingCode},
        text::secret::Secret,
    },
    model::{CloudRequest, JobRequest},
};

use crate::{
    cloud::{Sap, at_create, log_in, screen, words},
    driver::Driver,
    pictures::picture,
    plain::spoken,
};

const PASSPHRASE: &str = "seven green bicycles climb";

/// Logged in with a passcode; the orgs are shown.
fn logged_in(sap: &mut Sap) -> Driver {
    sap.is_met_again();
    let mut driver = at_create();
    driver.press("C");
    log_in(&mut driver, sap);
    driver
}

/// Started again, at the ways to log in.
fn started_again(sap: &mut Sap) -> Driver {
    sap.is_met_again();
    let mut driver = at_create();
    driver.press("C");
    sap.answers(&mut driver);
    driver
}

fn shows_orgs(driver: &Driver) -> bool {
    screen(driver).contains("practice-suspended")
}

fn offers_to_keep(driver: &Driver) -> bool {
    driver.screen(160, 50).contains(&format!("s {}", words(driver).keep()))
}

#[test]
fn a_login_is_kept_when_that_is_asked_for_and_used_at_the_next_start() {
    let mut sap = Sap::new();
    let mut driver = logged_in(&mut sap);
    assert!(screen(&driver).contains(&words(&driver).can_be_kept("s")), "{}", screen(&driver));
    assert!(sap.kept.is_none() && offers_to_keep(&driver));
    driver.press("s");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains(words(&driver).is_kept_with_keyring()), "{}", screen(&driver));
    assert!(sap.kept.is_some() && shows_orgs(&driver) && !offers_to_keep(&driver));

    let mut driver = started_again(&mut sap);
    assert!(spoken(&driver.app).contains(words(&driver).kept_with_keyring()), "{}", screen(&driver));
    driver.take_jobs();
    driver.press("enter");
    assert_eq!(driver.take_jobs(), [JobRequest::Cloud(CloudRequest::OpenKept(None))]);
    sap.answers(&mut driver);
    assert!(shows_orgs(&driver), "{}", screen(&driver));
    assert!(!offers_to_keep(&driver), "it is kept already");
}

#[test]
fn without_a_keyring_a_passphrase_seals_it_and_is_asked_for() {
    let mut sap = Sap::without_keyring();
    let mut driver = logged_in(&mut sap);
    driver.press("down s");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains("There is no keyring."), "{}", screen(&driver));
    driver.press("esc");
    assert!(shows_orgs(&driver) && sap.kept.is_none(), "Esc keeps nothing");

    driver.press("s");
    sap.answers(&mut driver);
    driver.type_text("short").press("enter").type_text("short").press("enter");
    sap.answers(&mut driver);
    assert!(sap.kept.is_none(), "too short");
    driver.press("ctrl+u").type_text(PASSPHRASE).press("down ctrl+u").type_text(PASSPHRASE);
    assert!(!screen(&driver).contains(PASSPHRASE) && !spoken(&driver.app).contains(PASSPHRASE));
    driver.press("enter");
    sap.answers(&mut driver);
    assert_eq!(sap.kept.as_ref().map(|(.., passphrase)| passphrase.clone()), Some(Some(Secret::new(PASSPHRASE))));
    assert!(shows_orgs(&driver), "{}", screen(&driver));

    let mut driver = started_again(&mut sap);
    driver.press("enter").type_text("wrong").press("enter");
    sap.answers(&mut driver);
    assert!(screen(&driver).contains("The passphrase is wrong."), "{}", screen(&driver));
    driver.type_text(PASSPHRASE).press("enter");
    sap.answers(&mut driver);
    assert!(shows_orgs(&driver), "{}", screen(&driver));
}

#[test]
fn a_kept_login_that_is_refused_leads_to_the_other_ways() {
    let mut sap = Sap::new();
    let mut driver = logged_in(&mut sap);
    driver.press("s");
    sap.answers(&mut driver);
    let (login, ..) = sap.kept.clone().unwrap();
    sap.kept = Some((login, Secret::new("revoked-r"), None));
    let mut driver = started_again(&mut sap);
    driver.press("enter");
    sap.answers(&mut driver);
    let content = &driver.app.session().content;
    let ended = content.findings.explain(&Finding::cf(FindingCode::CfSessionEnded), content.words).title;
    let shown = spoken(&driver.app);
    assert!(shown.contains(&ended) && shown.contains(words(&driver).kept_refused()), "{shown}");
    // The focus is on the passcode until the stored login replaces it on request.
    log_in(&mut driver, &mut sap);
    assert!(shows_orgs(&driver), "{}", screen(&driver));
    driver.press("s");
    sap.answers(&mut driver);
    assert_ne!(sap.kept.unwrap().1, Secret::new("revoked-r"));
}

#[test]
fn logging_out_forgets_the_kept_login_and_the_one_in_memory() {
    let mut sap = Sap::new();
    let mut driver = logged_in(&mut sap);
    driver.press("s");
    sap.answers(&mut driver);
    driver.press("L");
    sap.answers(&mut driver);
    let shown = screen(&driver);
    assert!(shown.contains("dev@example.com") && shown.contains(words(&driver).log_out()), "{shown}");
    // Back, without any effect.
    driver.press("esc C");
    sap.answers(&mut driver);
    assert!(shows_orgs(&driver), "{}", screen(&driver));
    driver.press("L");
    sap.answers(&mut driver);
    driver.press("end up enter");
    sap.answers(&mut driver);
    assert!(sap.kept.is_none());
    assert!(driver.app.session().cloud.account.is_none());
    let shown = screen(&driver);
    assert!(shown.contains(words(&driver).logged_out()) && !shown.contains(words(&driver).as_kept()), "{shown}");
}

#[test]
fn the_practice_tenant_touches_no_kept_login() {
    let mut driver = Driver::practice();
    driver.press("enter enter tab enter enter C");
    assert!(!driver.jobs.iter().any(|(_, job)| *job == JobRequest::Cloud(CloudRequest::ReadKept)));
    let mut sap = Sap::new();
    log_in(&mut driver, &mut sap);
    assert!(shows_orgs(&driver), "{}", screen(&driver));
    assert!(!offers_to_keep(&driver));
    driver.press("L");
    sap.answers(&mut driver);
    driver.press("end up enter");
    assert!(driver.jobs.iter().any(|(_, job)| *job == JobRequest::Cloud(CloudRequest::LogOut { forgets_kept: false })));
}

/// The pictures of a stored login.
pub fn pictures() {
    let mut sap = Sap::without_keyring();
    let mut driver = logged_in(&mut sap);
    picture("cloud_can_be_kept", &driver);
    driver.press("s");
    sap.answers(&mut driver);
    picture("cloud_keep", &driver);
    driver.type_text(PASSPHRASE).press("enter").type_text(PASSPHRASE).press("enter");
    sap.answers(&mut driver);
    driver.press("L");
    sap.answers(&mut driver);
    picture("cloud_logged_in", &driver);
    let (login, _, passphrase) = sap.kept.clone().unwrap();
    sap.kept = Some((login, Secret::new("revoked-r"), passphrase));
    let mut driver = started_again(&mut sap);
    picture("cloud_ways_kept", &driver);
    driver.press("enter");
    picture("cloud_kept_passphrase", &driver);
    driver.type_text(PASSPHRASE).press("enter");
    sap.answers(&mut driver);
    picture("cloud_kept_refused", &driver);
}
