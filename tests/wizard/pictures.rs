//! Snapshots of every screen at the relevant sizes. Each is reached through keys and messages, which proves that users
//! can get there.

use std::{cell::RefCell, time::Duration};

use cpikey::{
    domain::{
        check::{CheckEvent, CheckStep, Limits, RetryReason, Try},
        doctor::{Access, Certificates, Cf, Check, Colours, Directory, Fact, Way},
        draft::Draft,
        finding::{Finding, FindingCode, Stage, Verdict},
        progress::Progress,
        sap::guide::StepId,
        systems::{system::Systems, vault::Protection},
    },
    model::{
        JobEvent, Msg,
        msg::CopyOutcome,
        saved::{Listing, TestSystemsEvent},
        watch::{LONGEST, PAUSE},
    },
    ui::{Palette, Theme},
};

use crate::{
    cloud, cloud_faults, cloud_login,
    driver::{CANARY, Driver, KEY, ok},
    files,
    plain::spoken,
    pseudo,
    resume::started_again,
    saved::{id, outcome, pictures_of_the_form, with_systems},
    sizes::at_step,
    styles,
    watching::watching,
};

/// The walks to all pictures, so that they can also be drawn in another language.
pub const ALL: &[(&str, fn())] = &[
    ("every_step_on_the_way", every_step_on_the_way),
    ("a_purpose_with_a_warning", a_purpose_with_a_warning),
    ("the_rows_that_are_no_purpose", the_rows_that_are_no_purpose),
    ("a_start_that_goes_on", a_start_that_goes_on),
    ("the_other_plan", the_other_plan),
    ("a_name_that_cannot_be_used", a_name_that_cannot_be_used),
    ("the_checklist_filtered_and_the_json_edited", the_checklist_filtered_and_the_json_edited),
    ("a_role_explained_a_value_typed_and_a_fault_in_the_json", a_role_explained_a_value_typed_and_a_fault_in_the_json),
    ("the_roles_of_the_other_plan", the_roles_of_the_other_plan),
    ("the_other_ways_and_pages_of_the_guide", the_other_ways_and_pages_of_the_guide),
    ("what_the_cockpit_asks_for_copied_and_folds_open", what_the_cockpit_asks_for_copied_and_folds_open),
    ("the_form_of_the_key", the_form_of_the_key),
    ("two_purposes_side_by_side", two_purposes_side_by_side),
    ("a_key_that_was_read", a_key_that_was_read),
    ("a_secret_that_is_shown", a_secret_that_is_shown),
    ("a_text_with_several_keys", a_text_with_several_keys),
    ("texts_that_are_no_usable_key", texts_that_are_no_usable_key),
    ("the_name_of_a_file", the_name_of_a_file),
    ("the_fields_typed_by_hand", the_fields_typed_by_hand),
    ("a_test_under_way", a_test_under_way),
    ("a_test_that_finds_a_role_missing", a_test_that_finds_a_role_missing),
    ("a_watch_and_its_ends", a_watch_and_its_ends),
    ("a_test_with_a_wrong_secret", a_test_with_a_wrong_secret),
    ("a_test_without_a_fault", a_test_without_a_fault),
    ("the_saved_systems", the_saved_systems),
    ("the_test_of_all_saved_systems", the_test_of_all_saved_systems),
    ("the_form_that_saves_a_system", the_form_that_saves_a_system),
    ("what_lies_over_a_screen", what_lies_over_a_screen),
    ("what_to_do_with_the_key", what_to_do_with_the_key),
    ("consumers_of_the_key", consumers_of_the_key),
    ("cpikey_does_it_itself", cpikey_does_it_itself),
    ("a_kept_login", a_kept_login),
    ("what_cloud_foundry_refuses", what_cloud_foundry_refuses),
    ("what_goes_wrong_on_the_way_to_cloud_foundry", what_goes_wrong_on_the_way_to_cloud_foundry),
    ("instances_and_their_keys", instances_and_their_keys),
    ("the_ascii_set_without_colour", the_ascii_set_without_colour),
];

#[test]
fn cpikey_does_it_itself() {
    cloud::pictures_of_the_way();
}

#[test]
fn a_kept_login() {
    cloud_login::pictures();
}

#[test]
fn what_cloud_foundry_refuses() {
    cloud::pictures_of_refusals();
}

#[test]
fn what_goes_wrong_on_the_way_to_cloud_foundry() {
    cloud_faults::pictures();
}

#[test]
fn instances_and_their_keys() {
    cloud::pictures_of_instances();
}

type Visit = Box<dyn FnMut(&str, &Driver)>;

thread_local! {
    static VISIT: RefCell<Option<Visit>> = const { RefCell::new(None) };
}

/// Walks to all pictures and calls `visit` for each instead of comparing it.
pub fn each(visit: impl FnMut(&str, &Driver) + 'static) {
    VISIT.set(Some(Box::new(visit)));
    for (_, walk) in ALL {
        walk();
    }
    VISIT.set(None);
}

/// Whether another test uses the picture.
fn visited(name: &str, driver: &Driver) -> bool {
    VISIT.with_borrow_mut(|visit| visit.as_mut().map(|visit| visit(name, driver)).is_some())
}

/// The relevant sizes: the smallest that is comfortable, the usual one, and three larger ones.
pub const SIZES: [(u16, u16); 5] = [(60, 16), (80, 24), (100, 30), (120, 40), (160, 50)];

/// A snapshot at each size: the text, its styles with and without colour, and the rows that differ in ASCII.
pub fn picture(name: &str, driver: &Driver) {
    if pseudo::is_spoken() {
        return pseudo::check(name, driver);
    }
    if visited(name, driver) {
        return;
    }
    let themes = [(Palette::Dark, true), (Palette::Mono, true), (Palette::Mono, false)];
    let [colour, mono, ascii] = themes.map(|(palette, unicode)| Theme::new(palette, unicode));
    for (width, height) in SIZES {
        let shown = driver.buffer(width, height, &colour);
        let plain = driver.buffer(width, height, &mono);
        let text = styles::text(&shown);
        assert_eq!(text, styles::text(&plain), "{name}: colours change words");
        let ascii = styles::text(&driver.buffer(width, height, &ascii));
        let differ = ascii.lines().zip(text.lines()).enumerate().filter(|(_, (ascii, text))| ascii != text);
        let ascii: Vec<String> = differ.map(|(row, (ascii, _))| format!("{row}: {ascii}")).collect();
        let (colours, plain) = (styles::runs(&shown, &colour), styles::runs(&plain, &mono));
        let picture = format!("{text}\ncolour\n{colours}\nmono\n{plain}\nascii\n{}\n", ascii.join("\n"));
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), picture);
    }
    let spoken = spoken(&driver.app);
    assert!(!spoken.contains(CANARY), "{name}: the secret is said");
    insta::assert_snapshot!(format!("{name}_spoken"), spoken);
}

#[test]
fn every_step_on_the_way() {
    let names = ["purpose", "plan", "instance", "roles", "create", "key", "quick_fill", "test", "hand_over"];
    for (index, name) in names.iter().enumerate() {
        picture(name, &at_step(index + 1));
    }
}

#[test]
fn a_purpose_with_a_warning() {
    let mut driver = Driver::new();
    driver.press("end up up up");
    picture("purpose_everything", &driver);
}

#[test]
fn the_rows_that_are_no_purpose() {
    let mut driver = Driver::new();
    driver.press("up");
    picture("purpose_practice", &driver);
    driver.press("up");
    picture("purpose_key", &driver);
    driver.press("up");
    picture("purpose_custom", &driver);
}

#[test]
fn a_start_that_goes_on() {
    let progress = Progress {
        saved_at: "2026-10-31T16:20:00Z".parse().unwrap(),
        step: StepId::Create,
        draft: Draft { purpose: Some("ci-cd".to_owned()), instance: "CICD_API_Access".to_owned(), ..Draft::default() },
        ..Progress::default()
    };
    picture("purpose_resume", &started_again(progress));
}

#[test]
fn the_other_plan() {
    let mut driver = at_step(2);
    driver.press("down space");
    picture("plan_integration_flow", &driver);
}

#[test]
fn a_name_that_cannot_be_used() {
    let mut driver = at_step(3);
    driver.type_text(" key!").press("tab").type_text("eu10-003").press("enter");
    picture("instance_wrong", &driver);
    driver.press("tab ctrl+u").type_text("eu");
    driver.press("down down");
    picture("instance_region", &driver);
}

#[test]
fn the_checklist_filtered_and_the_json_edited() {
    let mut driver = at_step(4);
    driver.press("/").type_text("payload");
    picture("roles_filtered", &driver);
    driver.press("ctrl+u").type_text("monitorng");
    picture("roles_no_hits", &driver);
    driver.press("esc N");
    driver.press("down");
    picture("roles_none", &driver);
    driver.press("e");
    driver.press("ctrl+k");
    picture("roles_editing", &driver);
}

#[test]
fn a_role_explained_a_value_typed_and_a_fault_in_the_json() {
    let mut driver = at_step(4);
    driver.press("d down down down down down down down");
    picture("roles_explained", &driver);
    driver.press("d tab");
    picture("roles_options", &driver);
    driver.press("end e ctrl+u").type_text("5400");
    picture("roles_typing", &driver);
    driver.press("esc").paste("{\n  \"roles\": [\n    \"MonitorDataRead\",\n    \"B2bInterchangeRead\"\n  ]\n}");
    picture("roles_fault", &driver);
    driver.press("ctrl+s").paste("{ \"roles: [\n    \"MonitoringDataRead\"\n  ]\n}");
    picture("roles_quote", &driver);
}

#[test]
fn the_roles_of_the_other_plan() {
    let mut driver = at_step(2);
    driver.press("down enter y enter down");
    picture("roles_integration_flow", &driver);
}

#[test]
fn the_other_ways_and_pages_of_the_guide() {
    let mut driver = at_step(5);
    for way in ["cf", "terraform", "terraform_btp", "btp", "sheet"] {
        driver.press("v");
        picture(&format!("create_{way}"), &driver);
    }
    driver.press("pgdn pgdn");
    picture("create_sheet_below", &driver);
    driver.press("esc end enter");
    picture("create_update", &driver);
    let mut driver = at_step(6);
    driver.press("end up enter");
    picture("key_rotate", &driver);
    driver.press("v");
    picture("key_rotate_cf", &driver);
    driver.press("esc esc end enter");
    picture("key_delete", &driver);
    driver.press("v space");
    picture("key_delete_powershell", &driver);
    driver.press("space");
    picture("key_delete_cmd", &driver);
}

#[test]
fn what_the_cockpit_asks_for_copied_and_folds_open() {
    let mut driver = at_step(5);
    driver.press("y i");
    let words = driver.app.session().content.words.guide();
    driver.send(Msg::Copied(words.quoted("CPITransporter_API_Access"), CopyOutcome::Checked));
    driver.send(Msg::Copied(words.parameters_named().to_owned(), CopyOutcome::Sent));
    driver.press("space d");
    picture("create_copied", &driver);
    driver.press("d home down space");
    picture("create_prepare", &driver);
    driver.press("end up enter down");
    picture("create_trouble", &driver);
}

#[test]
fn the_form_of_the_key() {
    let mut driver = at_step(6);
    driver.press("home down enter down down");
    picture("key_form", &driver);
    driver.press("space");
    picture("key_certificate", &driver);
    driver.press("space");
    picture("key_external", &driver);
    driver.press("up e").type_text("!");
    picture("key_name", &driver);
}

#[test]
fn two_purposes_side_by_side() {
    let mut driver = Driver::new();
    driver.press("down down space down v");
    picture("purpose_compared", &driver);
    driver.press("end up up up");
    picture("purpose_compared_with_everything", &driver);
}

#[test]
fn a_key_that_was_read() {
    let mut driver = at_step(7);
    driver.paste(KEY);
    picture("quick_fill_read", &driver);
}

/// [`KEY`] with another secret, which may appear in a picture.
fn key_to_be_seen() -> String {
    let (before, rest) = KEY.split_once("\"clientsecret\": \"").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    format!("{before}\"clientsecret\": \"00000000-1111-2222-3333-444444444444$0123456789\"{after}")
}

#[test]
fn a_secret_that_is_shown() {
    let mut driver = at_step(7);
    driver.paste(&key_to_be_seen()).press("v");
    picture("quick_fill_revealed", &driver);
}

#[test]
fn a_text_with_several_keys() {
    let mut driver = at_step(7);
    let other = KEY.replace("acme-dev", "acme-\u{6771}\u{4eac}");
    let third = KEY.replace("acme-dev", "acme-test");
    driver.paste(&format!("{{\"dev\": {KEY}, \"\u{6771}\u{4eac}\": {third}, \"a long name of a tenant\": {other}}}"));
    driver.press("down");
    picture("quick_fill_several", &driver);
}

#[test]
fn texts_that_are_no_usable_key() {
    for (name, text) in [
        ("cut_off", &KEY[..200]),
        ("parameters", "{\"roles\":[\"MonitoringDataRead\"]}"),
        ("wrong_plan", &KEY.replace("|it!b", "|it-rt-acme-dev!b").replace(".it-cpi018.", ".it-cpi018-rt.")),
        ("foreign_host", &KEY.replace("acme-dev.authentication.eu10.hana.ondemand.com", "login.example.com")),
    ] {
        let mut driver = at_step(7);
        driver.paste(text);
        picture(&format!("quick_fill_{name}"), &driver);
    }
}

#[test]
fn the_name_of_a_file() {
    let mut driver = at_step(7);
    driver.press("f");
    files::list(&mut driver, &["~/Downloads/key.json", "~/Downloads/api.json"]);
    picture("quick_fill_newest_files", &driver);
    driver.type_text("~/D");
    files::list(&mut driver, &["~/Downloads/"]);
    picture("quick_fill_files", &driver);
    driver.press("enter enter");
    driver.report(JobEvent::Read(Err(driver
        .app
        .session()
        .content
        .words
        .files()
        .directory()
        .fill(&[("name", &"~/Downloads/"), ("cause", &"")])
        .unusable())));
    picture("quick_fill_no_file", &driver);
}

#[test]
fn the_fields_typed_by_hand() {
    let mut driver = at_step(7);
    driver.press("e").type_text("https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com").press("tab tab tab");
    driver.type_text("a-secret");
    picture("quick_fill_typing", &driver);
}

#[test]
fn a_test_under_way() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    driver.connect();
    driver.wait(Duration::from_millis(1200));
    picture("test_running", &driver);
    driver.wait(Duration::from_secs(5));
    picture("test_running_long", &driver);
    driver.check(CheckEvent::Waiting {
        step: CheckStep::Token,
        pause: Duration::from_secs(3),
        reason: RetryReason::Answer("429 Too Many Requests".into()),
        next: Try { number: 2, of: 3 },
        within: Limits::default().request,
    });
    driver.wait(Duration::from_millis(500));
    picture("test_pausing", &driver);
    driver.press("esc");
    picture("test_stopped", &driver);
}

#[test]
fn a_test_that_finds_a_role_missing() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    driver.answer(
        &["IntegrationOperationServer.read", "NodeManager.read", "Roles.Read", "WebToolingWorkspace.Read"],
        |_| ok(4),
    );
    picture("test_role_missing", &driver);
    driver.press("d");
    picture("test_details", &driver);
}

#[test]
fn a_watch_and_its_ends() {
    let mut driver = watching();
    driver.wait(Duration::from_secs(18));
    picture("test_watching", &driver);
    driver.wait(PAUSE);
    picture("test_watching_now", &driver);
    let scopes: Vec<String> =
        driver.app.session().content.catalogue.roles.iter().flat_map(|role| role.scopes.clone()).collect();
    driver.answer(&scopes.iter().map(String::as_str).collect::<Vec<_>>(), |_| ok(1));
    picture("test_watch_arrived", &driver);
    let mut driver = watching();
    driver.wait(LONGEST);
    picture("test_watch_late", &driver);
}

#[test]
fn a_test_with_a_wrong_secret() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    driver.answer_fault(
        Finding::new(FindingCode::BadCredentials, Stage::Token)
            .about("acme-dev.authentication.eu10.hana.ondemand.com")
            .seen("401 on POST /oauth/token"),
    );
    picture("test_rejected", &driver);
}

#[test]
fn a_test_without_a_fault() {
    let mut driver = at_step(7);
    driver.paste(KEY).press("enter");
    let scopes: Vec<String> =
        driver.app.session().content.catalogue.roles.iter().flat_map(|role| role.scopes.clone()).collect();
    driver.answer(&scopes.iter().map(String::as_str).collect::<Vec<_>>(), |_| ok(3));
    picture("test_ready", &driver);
    driver.press("enter");
    picture("hand_over_ready", &driver);
}

#[test]
fn the_saved_systems() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end");
    picture("saved_purpose", &driver);
    driver.press("enter down");
    picture("saved_list", &driver);
    driver.press("n").type_text("-2");
    picture("saved_rename", &driver);
    driver.press("ctrl+u").type_text("dev");
    picture("saved_rename_taken", &driver);
    driver.press("esc ?");
    picture("saved_help", &driver);
    let mut driver = with_systems(Protection::Keyring);
    driver.press("end up enter");
    picture("saved_quick_fill", &driver);
    let mut driver = with_systems(Protection::Passphrase);
    driver.press("end enter enter").type_text("canary of four words");
    picture("saved_passphrase", &driver);
    driver.press("esc x enter");
    let empty = Listing { systems: Systems::default(), ..driver.app.session().saved.listing.clone() };
    driver.send(Msg::Systems(Ok(empty)));
    picture("saved_none", &driver);
}

#[test]
fn the_test_of_all_saved_systems() {
    let mut driver = with_systems(Protection::Keyring);
    driver.press("t");
    let report = |driver: &mut Driver, event| driver.report(JobEvent::TestSystems(event));
    let finished = |system, verdict, reason| TestSystemsEvent::Finished(id(system), outcome(verdict, reason));
    report(&mut driver, TestSystemsEvent::Started(id(1)));
    report(&mut driver, TestSystemsEvent::Started(id(2)));
    report(&mut driver, finished(1, Verdict::Ready, ""));
    picture("saved_testing", &driver);
    let mut stopped = driver.again();
    stopped.press("esc");
    picture("saved_stopped", &stopped);
    report(&mut driver, finished(3, Verdict::Rejected, "The client is refused."));
    report(&mut driver, finished(2, Verdict::Limited, "A role is missing."));
    report(&mut driver, TestSystemsEvent::Done);
    picture("saved_tested", &driver);
}

#[test]
fn the_form_that_saves_a_system() {
    pictures_of_the_form();
}

#[test]
fn what_lies_over_a_screen() {
    let mut driver = at_step(4);
    driver.press("?");
    picture("help", &driver);
    driver.press("esc ctrl+p").type_text("copy");
    picture("palette", &driver);
    driver.press("ctrl+u").type_text("ed");
    picture("palette_searched", &driver);
    driver.press("esc ? /").type_text("copy");
    picture("help_filtered", &driver);
    driver.press("esc ctrl+p").type_text("zq qz");
    picture("palette_none", &driver);
    driver = at_step(9);
    driver.press("home tab down down enter");
    picture("question", &driver);
    driver = at_step(4);
    let words = driver.app.session().content.words;
    driver.press("ctrl+p").type_text(words.palette().doctor()).press("enter");
    picture("doctor_looking", &driver);
    let facts = [
        Fact::Program("1.0.0", "linux x86_64".to_owned(), Vec::new()),
        Fact::Colours(Colours::Many, true),
        Fact::Session { ssh: true, inside: vec!["tmux"] },
        Fact::TextClipboard(Way::Tmux, None),
        Fact::SecretClipboard(Ok(45)),
        Fact::Proxy(Some("http://proxy:8080".into())),
        Fact::Certificates(Certificates::OfSystem),
        // Without a home directory the advice depends on the system.
        Fact::DataDirectory(Some(Directory {
            path: cpikey::domain::text::safe_text::SafeText::line("/home/p/.local/share/cpikey"),
            access: Access::ReadOnly,
        })),
        Fact::Cf(Cf::NeverUsed),
    ];
    driver.report(JobEvent::Examined(facts.map(|fact| Check::of(&fact, words)).to_vec()));
    picture("doctor", &driver);
}

#[test]
fn what_to_do_with_the_key() {
    let mut driver = at_step(9);
    driver.press("tab down");
    picture("hand_over_value", &driver);
    driver.press("down down down enter down down");
    picture("hand_over_more", &driver);
    driver.press("tab space space");
    picture("hand_over_ticked", &driver);
    driver.press("end");
    picture("hand_over_rotate", &driver);
    driver.press("home down down down enter");
    driver.report(JobEvent::Written(Ok("/home/me/cpikey-report.md".into())));
    picture("hand_over_report", &driver);
    let words = driver.app.session().content.words.hand_over();
    let lasts = Duration::from_millis(44_700);
    driver.send(Msg::Copied(words.client_secret_named().to_owned(), CopyOutcome::SecretLent { checked: true, lasts }));
    picture("hand_over_secret_copied", &driver);
}

#[test]
fn consumers_of_the_key() {
    let mut driver = at_step(9);
    driver.press("e");
    picture("exports", &driver);
    driver.press("down down down down down");
    picture("exports_other", &driver);
    driver.press("/").type_text("flash");
    picture("exports_filter", &driver);
    driver.press("enter enter");
    picture("exports_question", &driver);
    driver.press("esc / ctrl+u").type_text("zq qz");
    picture("exports_none", &driver);
}

#[test]
fn the_ascii_set_without_colour() {
    let driver = at_step(8);
    if pseudo::is_spoken() {
        return pseudo::check("test_ascii_mono", &driver);
    }
    if visited("test_ascii_mono", &driver) {
        return;
    }
    let (text, styles) = driver.picture(80, 24, &Theme::new(Palette::Mono, false));
    insta::assert_snapshot!("test_ascii_mono_80x24", format!("{text}\n{styles}"));
}
