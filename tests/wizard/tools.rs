//! Help and palette: everything can be found in them, and each row does what it shows.

use std::time::Duration;

use cpikey::{
    domain::{
        doctor::{Check, Fact},
        draft::Draft,
        progress::Progress,
        sap::guide::StepId,
        systems::vault::Protection,
        theme::ThemeChoice,
    },
    model::{Effect, JobEvent, JobRequest, Place, Surroundings},
};

use crate::{
    driver::{Driver, KEY},
    resume::started_again,
    saved::with_systems,
    sizes::at_step,
};

/// Opens the palette, searches, and runs the first result.
pub fn run(driver: &mut Driver, search: &str) {
    driver.press("ctrl+p").type_text(search).press("enter");
}

fn notice(driver: &Driver) -> String {
    driver.app.session().notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

#[test]
fn the_palette_does_what_it_names() {
    let mut driver = at_step(4);
    run(&mut driver, "tick all");
    assert_eq!(driver.app.session().draft.parameters.roles.len(), 41);
    run(&mut driver, "step 1");
    assert_eq!(driver.app.step(), StepId::Purpose);
}

#[test]
fn a_purpose_is_chosen_from_any_screen() {
    let mut driver = at_step(7);
    run(&mut driver, "monitoring only");
    assert_eq!(driver.app.session().draft.purpose.as_deref(), Some("monitoring"));
    assert_eq!(driver.app.step(), StepId::Purpose);
}

#[test]
fn choosing_the_purpose_that_is_chosen_keeps_what_was_changed() {
    let mut driver = at_step(4);
    driver.press("space");
    let roles = driver.app.session().draft.parameters.roles.clone();
    let title = driver.app.session().draft.purpose(&driver.app.session().content).unwrap().title.clone();
    run(&mut driver, &title);
    assert_eq!(driver.app.session().draft.parameters.roles, roles);
}

#[test]
fn a_role_is_found_by_a_few_letters_and_has_the_focus_then() {
    let mut driver = at_step(5);
    run(&mut driver, "mondataread");
    assert_eq!(driver.app.step(), StepId::Roles);
    let before = driver.app.session().draft.parameters.roles.contains(&"MonitoringDataRead".to_owned());
    driver.press("space");
    let after = driver.app.session().draft.parameters.roles.contains(&"MonitoringDataRead".to_owned());
    assert_ne!(before, after);
}

#[test]
fn what_cannot_run_now_says_why() {
    let mut driver = Driver::new();
    let words = driver.app.session().content.words;
    driver.press("ctrl+p").type_text("flashpipe");
    assert!(driver.screen(120, 40).contains(words.palette().no_key_yet()), "{}", driver.screen(120, 40));
    driver.press("enter");
    assert_eq!(notice(&driver), words.palette().no_key_yet());
    assert_eq!(driver.app.step(), StepId::Purpose);
    run(&mut driver, "WorkspacePackagesEdit");
    assert!(!notice(&driver).is_empty());
    assert_eq!(driver.app.step(), StepId::Purpose);
}

#[test]
fn a_consumer_opens_the_last_step_at_its_row() {
    let mut driver = at_step(7);
    driver.paste(KEY);
    run(&mut driver, "flashpipe configuration");
    assert_eq!(driver.app.step(), StepId::HandOver);
    driver.take_effects();
    driver.press("y");
    let copied = driver.take_effects();
    assert!(format!("{copied:?}").contains("tmn-host"), "{copied:?}");
}

#[test]
fn a_saved_system_is_opened_from_any_screen() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("enter");
    let name = driver.app.session().saved.systems().iter().next().unwrap().name.to_string();
    run(&mut driver, &format!("open {name}"));
    assert_eq!(driver.app.place(), Place::Systems);
    assert!(matches!(driver.take_jobs().last(), Some(JobRequest::OpenSystem { .. })));
}

#[test]
fn the_guide_is_read_and_a_key_is_entered_before_their_steps_were_reached() {
    let mut driver = Driver::new();
    run(&mut driver, "replace");
    assert_eq!(driver.app.step(), StepId::Key);
    let mut driver = Driver::new();
    run(&mut driver, "paste key");
    assert_eq!(driver.app.step(), StepId::QuickFill);
}

#[test]
fn the_colours_are_switched_and_the_ones_in_use_say_so() {
    let mut driver = Driver::new();
    let words = driver.app.session().content.words.palette();
    for theme in ThemeChoice::ALL.into_iter().rev() {
        run(&mut driver, words.theme_named(theme.as_str()).as_str());
        assert_eq!(driver.app.theme(), theme);
    }
    run(&mut driver, words.theme_named("auto").as_str());
    assert_eq!(notice(&driver), words.theme_in_use());
    let mut driver = Driver::with(Surroundings { has_themes: false, ..Surroundings::default() });
    run(&mut driver, words.theme_named("dark").as_str());
    assert_eq!(notice(&driver), words.no_themes());
}

#[test]
fn choices_and_ticks_are_forgotten_after_a_question() {
    let mut driver = Driver::new();
    let words = driver.app.session().content.words;
    run(&mut driver, words.palette().forget());
    assert_eq!(notice(&driver), words.palette().nothing_to_forget());
    let mut driver = at_step(5);
    driver.press("space");
    driver.paste(KEY).press("esc");
    let before = driver.app.session().draft.clone();
    run(&mut driver, words.palette().forget());
    driver.press("enter");
    assert_eq!(driver.app.session().draft, before, "no is the marked answer");
    run(&mut driver, words.palette().forget());
    driver.press("y");
    assert_eq!(driver.app.session().draft, Draft::default());
    assert_eq!(driver.app.step(), StepId::Purpose);
    assert_eq!(driver.saved.last(), Some(&None));
    let saved = driver.saved.len();
    driver.wait(Duration::from_secs(5));
    assert_eq!(driver.saved.len(), saved, "nothing is left to be saved");
}

#[test]
fn what_an_earlier_start_left_is_forgotten_too() {
    let progress = Progress {
        step: StepId::Create,
        draft: Draft { purpose: Some("ci-cd".to_owned()), ..Draft::default() },
        ..Progress::default()
    };
    let mut driver = started_again(progress);
    let words = driver.app.session().content.words;
    run(&mut driver, words.palette().forget());
    driver.press("y");
    assert_eq!(driver.saved.last(), Some(&None));
    assert!(driver.app.session().resume.is_none());
}

#[test]
fn each_mode_says_how_to_get_the_other() {
    let mut driver = Driver::new();
    let words = driver.app.session().content.words.palette();
    run(&mut driver, "screen reader");
    assert_eq!(notice(&driver), words.how_to_plain());
    let mut driver = Driver::with(Surroundings { whole_lines: true, ..Surroundings::default() });
    run(&mut driver, words.full_screen());
    assert_eq!(notice(&driver), words.how_to_full());
}

#[test]
fn practice_starts_from_any_screen_once() {
    let mut driver = Driver::new();
    driver.press("enter");
    run(&mut driver, "practice");
    assert_eq!(driver.take_effects().last(), Some(&Effect::StartPractice));
    let mut driver = Driver::practice();
    driver.press("enter");
    run(&mut driver, "practice");
    assert_eq!(driver.take_effects().last(), None);
    assert_eq!(notice(&driver), driver.app.session().content.words.palette().practice_runs());
}

#[test]
fn a_search_without_a_hit_keeps_the_palette_open() {
    let mut driver = Driver::new();
    driver.press("ctrl+p").type_text("zzzz").press("enter");
    assert!(driver.screen(80, 24).contains("zzzz"));
    driver.press("esc");
    assert!(!driver.screen(80, 24).contains("zzzz"));
}

#[test]
fn the_focused_row_of_the_help_is_run_by_enter() {
    let mut driver = at_step(4);
    driver.press("? / ").type_text("untick").press("enter");
    assert_eq!(driver.app.session().draft.parameters.roles, Vec::<String>::new());
    driver.press("? enter");
    assert!(!driver.screen(80, 24).contains(driver.app.session().content.words.app().help_title()));
}

#[test]
fn esc_clears_the_filter_of_the_help_and_then_closes_it() {
    let mut driver = at_step(4);
    let title = driver.app.session().content.words.app().moving();
    driver.press("?");
    assert!(driver.screen(80, 40).contains(title));
    driver.press("/").type_text("copy");
    assert!(!driver.screen(80, 40).contains(title));
    driver.press("esc");
    assert!(driver.screen(80, 40).contains(title));
    driver.press("esc");
    assert!(!driver.screen(80, 40).contains(title));
    assert_eq!(driver.app.step(), StepId::Roles);
}

#[test]
fn the_text_of_the_help_is_below_the_keys_and_can_be_reached() {
    let driver = &mut at_step(4);
    driver.press("? end");
    let help = &driver.app.session().content.step(StepId::Roles).help;
    let last = help.lines().last().unwrap().split_whitespace().last().unwrap().trim_matches(['`', '*', '.']);
    assert!(driver.screen(80, 24).contains(last), "{last}\n{}", driver.screen(80, 24));
    driver.press("enter");
    assert!(driver.app.step() == StepId::Roles);
}

#[test]
fn what_is_around_the_program_is_shown_when_it_was_found() {
    let mut driver = Driver::new();
    run(&mut driver, "doctor");
    let words = driver.app.session().content.words;
    assert!(driver.screen(80, 24).contains(words.doctor().examining()));
    assert_eq!(driver.take_jobs().last(), Some(&JobRequest::Examine));
    let checks = [Fact::Proxy(None), Fact::DataDirectory(None)].map(|fact| Check::of(&fact, words));
    driver.report(JobEvent::Examined(checks.to_vec()));
    assert!(driver.screen(80, 24).contains(words.doctor().proxy()));
    assert!(driver.screen(80, 24).contains(words.doctor().to_do()));
    driver.press("esc");
    driver.report(JobEvent::Examined(Vec::new()));
    assert!(!driver.screen(80, 24).contains(words.doctor().proxy()));
}

#[test]
fn every_screen_names_palette_and_help_in_its_footer_from_40_columns_on() {
    for step in 1..=9 {
        let driver = at_step(step);
        let words = driver.app.session().content.words.keys();
        for width in [40, 60, 80, 120] {
            let screen = driver.screen(width, 24);
            let footer = screen.lines().last().unwrap_or_default();
            assert!(footer.contains(words.commands()) && footer.contains(words.help()), "{step} {width}\n{screen}");
        }
    }
}

#[test]
fn the_rows_of_the_palette_run_on_the_first_and_the_last_screen() {
    for step in [1, 9] {
        for row in (0..120).step_by(6) {
            let mut driver = at_step(step);
            driver.press("ctrl+p pgdn").press(&"down ".repeat(row % 8)).press(&"pgdn ".repeat(row / 8)).press("enter");
            assert!(!driver.screen(80, 24).is_empty(), "{step} {row}");
        }
    }
}

#[test]
fn what_people_ask_for_is_found_on_every_screen() {
    let asked = [
        "cf",
        "export",
        "save",
        "rotate",
        "replace",
        "delete",
        "update roles",
        "practice",
        "log in",
        "create",
        "theme",
        "paste",
        "test",
        "guide",
        "resume",
        "doctor",
        "mouse",
        "quit",
        "help",
    ];
    for step in 1..=9 {
        for search in asked {
            let mut driver = at_step(step);
            driver.press("ctrl+p").type_text(search);
            let nothing = driver.app.session().content.words.palette().nothing_found();
            let screen = driver.screen(80, 24);
            assert!(!screen.contains(nothing), "step {step}, {search}:\n{screen}");
        }
    }
}
