//! Messages and headlines that are longer than a row.

use cpikey::{
    model::{Msg, msg::EarlierProgress},
    ui::{Palette, Theme},
};
use jiff::tz::TimeZone;

use crate::{
    driver::{Driver, ok},
    sizes::at_step,
};

/// The words on the screen, without the breaks between lines.
fn said(driver: &Driver, width: u16, height: u16) -> String {
    driver.screen(width, height).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_headline_of_a_test_is_complete_at_every_width() {
    let mut driver = at_step(8);
    driver.press("r");
    driver.answer(&["IntegrationOperationServer.read", "NodeManager.read", "Roles.Read"], |_| ok(137));
    let run = driver.app.session().run.as_ref().unwrap();
    let words = driver.app.session().content.words;
    let verdict = words.test().limited(run.report.missing_roles().len(), run.report.roles.iter().flatten().count());
    let took = words.test().took(format!("{:.1}", run.took.unwrap().as_secs_f32()));
    for width in 41..120 {
        let shown = said(&driver, width, 24);
        assert!(shown.contains(&verdict) && shown.contains(&took), "{width}:\n{}", driver.screen(width, 24));
    }
}

#[test]
fn a_message_uses_the_rows_that_it_needs_and_says_when_there_is_more() {
    let mut driver = Driver::new();
    let words = driver.app.session().content.words;
    let damage = words.progress().unreadable("1");
    let shown = |driver: &mut Driver, folders: usize| {
        let path = format!("/home/somebody/{}practice.json.bad-1", "folder/".repeat(folders));
        let set_aside = Some(words.progress().quarantined(path, &damage));
        driver.send(Msg::Progress(Box::new(EarlierProgress { found: Ok(None), set_aside, zone: TimeZone::UTC })));
    };
    shown(&mut driver, 10);
    assert!(said(&driver, 80, 24).contains(&damage), "{}", driver.screen(80, 24));
    shown(&mut driver, 200);
    for (unicode, mark) in [(true, "…"), (false, "~")] {
        let (screen, _) = driver.picture(80, 24, &Theme::new(Palette::Mono, unicode));
        let last = screen.lines().rev().nth(1).unwrap().trim_matches('"').trim_end();
        assert!(last.ends_with(mark), "{screen}");
    }
}
