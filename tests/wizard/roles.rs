//! Step 4: the form and the JSON stay in sync, whichever is changed.

use cpikey::{
    domain::sap::{
        guide::StepId,
        parameters::{Extent, GRANT_TYPES, InstanceParameters, JsonStyle},
        plan::PlanId,
    },
    model::{Copyable, Effect, Tone},
    words::RolesLabels,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{driver::Driver, sizes::at_step};

/// The instance parameters as copied.
fn copied(driver: &mut Driver) -> Value {
    driver.take_effects();
    driver.press("y");
    let text = driver.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Copy { text: Copyable::Public(text), .. } => Some(text),
        _ => None,
    });
    serde_json::from_str(&text.expect("something was copied")).expect("it is JSON")
}

fn words(driver: &Driver) -> RolesLabels {
    driver.app.session().content.words.roles()
}

/// Step 4 with the other plan.
fn flows() -> Driver {
    let mut driver = at_step(2);
    driver.press("down enter y enter");
    assert_eq!(driver.app.session().draft.parameters.plan, PlanId::IntegrationFlow);
    driver
}

/// Moves the focus to the row that shows `text`, from the last row upwards.
fn focus_on(driver: &mut Driver, text: &str) {
    driver.press("end");
    for _ in 0..80 {
        let (screen, styles) = driver.picture(80, 50, &cpikey::ui::Theme::new(cpikey::ui::Palette::Mono, true));
        let reversed = styles.lines().filter(|line| line.contains("REVERSED") && !line.starts_with("0:"));
        let rows: Vec<usize> = reversed.filter_map(|line| line.split(':').next()?.parse().ok()).collect();
        if rows.iter().any(|row| screen.lines().nth(*row).is_some_and(|line| line.contains(text))) {
            return;
        }
        driver.press("up");
    }
    panic!("no row shows {text}:\n{}", driver.screen(80, 50));
}

#[test]
fn what_was_typed_into_the_json_is_still_there_after_a_look_at_the_list() {
    let mut driver = at_step(4);
    driver.press("e down down").type_text("x");
    assert!(driver.screen(80, 24).contains("line 3"), "{}", driver.screen(80, 24));
    driver.press("esc");
    assert_eq!(driver.app.session().notice.as_ref().map(|notice| notice.tone), Some(Tone::Warning));
    driver.press("down up e");
    let screen = driver.screen(80, 24);
    assert!(screen.contains("x    \"WorkspacePackagesEdit\""), "{screen}");
    driver.press("backspace ctrl+s");
    assert_eq!(copied(&mut driver)["roles"].as_array().map(Vec::len), Some(5));
}

#[test]
fn a_tick_in_the_list_is_an_edit_that_can_be_undone() {
    let mut driver = at_step(4);
    driver.press("e down down home").type_text("  ");
    driver.press("esc N");
    driver.press("e");
    assert!(driver.screen(120, 40).contains("\"roles\": []"));
    driver.press("ctrl+u ctrl+u");
    let screen = driver.screen(120, 40);
    assert!(screen.contains("      \"WorkspacePackagesEdit\","), "{screen}");
    assert_eq!(driver.app.session().draft.parameters.roles.len(), 5);
}

#[test]
fn an_invalid_line_is_underlined() {
    let mut driver = at_step(4);
    driver.paste("{\n  \"roles\": [\n    \"MonitorDataRead\"\n  ]\n}");
    let theme = cpikey::ui::Theme::new(cpikey::ui::Palette::Ansi, true);
    let (text, styles) = driver.picture(80, 24, &theme);
    let row = text.lines().position(|line| line.contains("\"MonitorDataRead\"")).expect("it is shown");
    let underlined = styles.lines().any(|line| line.starts_with(&format!("{row}:")) && line.contains("UNDERLINED"));
    assert!(underlined, "{text}\n{styles}");
}

#[test]
fn parameters_of_an_existing_instance_are_read_from_the_output_of_cf() {
    let mut driver = at_step(4);
    driver
        .paste("Getting service instance parameters...\n\n{\"roles\":[\"MonitoringDataRead\",\"QueuesRetry\"]}\n\nOK");
    let roles = &driver.app.session().draft.parameters.roles;
    assert_eq!(roles, &["MonitoringDataRead", "QueuesRetry"]);
    let applied = words(&driver).applied(2, 1, 4);
    assert!(driver.screen(80, 24).contains(&applied), "{}", driver.screen(80, 24));
}

#[test]
fn parameters_of_the_other_plan_lead_to_a_question_instead_of_a_list_of_problems() {
    for (answer, plan) in [("y", PlanId::IntegrationFlow), ("n", PlanId::Api)] {
        let mut driver = at_step(4);
        driver.paste("{\"roles\":[\"ESBMessaging.send\"],\"token-validity\":7200}");
        let screen = driver.screen(80, 24);
        assert!(screen.contains(words(&driver).switch_title()), "{screen}");
        driver.press(answer);
        assert_eq!(driver.app.session().draft.parameters.plan, plan);
        let expected = (plan == PlanId::IntegrationFlow).then_some(7200);
        assert_eq!(driver.app.session().draft.parameters.token_validity, expected);
    }
}

#[test]
fn redirect_uris_can_be_typed_when_the_grant_type_needs_them() {
    let mut driver = at_step(4);
    driver.press("tab");
    assert!(!driver.screen(80, 100).contains("redirect URI"));
    focus_on(&mut driver, "authorization_code");
    driver.press("space");
    let row = words(&driver).new_redirect_uri();
    focus_on(&mut driver, row);
    driver.press("space").type_text("app.example.com");
    driver.press("enter");
    assert!(driver.screen(80, 24).contains("not an absolute URI"), "{}", driver.screen(80, 24));
    driver.press("ctrl+u").type_text("https://app.example.com/callback");
    driver.press("enter");
    assert_eq!(copied(&mut driver)["redirect-uris"], json!(["https://app.example.com/callback"]));
    focus_on(&mut driver, "https://app.example.com/callback");
    driver.press("e ctrl+u enter");
    assert_eq!(copied(&mut driver)["redirect-uris"], json!([]));
}

#[test]
fn the_token_validity_is_typed_in_seconds_and_read_in_hours() {
    let mut driver = at_step(4);
    driver.press("tab");
    focus_on(&mut driver, "token-validity");
    driver.press("e ctrl+u").type_text("5400");
    assert!(driver.screen(80, 24).contains("1 hour 30 minutes"));
    driver.press("enter");
    assert_eq!(copied(&mut driver)["token-validity"], 5400);
    driver.press("e ctrl+u").type_text("90000");
    driver.press("enter");
    assert!(driver.screen(80, 24).contains("3600 to 86400 seconds"), "{}", driver.screen(80, 24));
    driver.press("esc");
    assert_eq!(copied(&mut driver)["token-validity"], 5400);
}

#[test]
fn a_role_of_your_own_is_typed_and_its_characters_are_checked() {
    let mut driver = flows();
    let row = words(&driver).new_role();
    focus_on(&mut driver, row);
    driver.press("space").type_text("Orders send");
    driver.press("enter");
    assert!(driver.screen(80, 24).contains("underscore"), "{}", driver.screen(80, 24));
    driver.press("ctrl+u").type_text("Orders.send_2");
    driver.press("enter");
    assert_eq!(copied(&mut driver)["roles"], json!(["ESBMessaging.send", "Orders.send_2"]));
    // It keeps its row when it is unticked.
    focus_on(&mut driver, "Orders.send_2");
    driver.press("space");
    assert_eq!(copied(&mut driver)["roles"], json!(["ESBMessaging.send"]));
    driver.press("space");
    assert_eq!(copied(&mut driver)["roles"], json!(["ESBMessaging.send", "Orders.send_2"]));
}

#[test]
fn the_role_that_only_newer_landscapes_have_is_marked() {
    let mut driver = flows();
    focus_on(&mut driver, "API.invoke");
    driver.press("d");
    let screen = driver.screen(80, 24);
    let note = &driver.app.session().content.flow_role("API.invoke").expect("it exists").note;
    let start = note.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
    let row = screen.lines().find(|line| line.contains("] API.invoke")).unwrap_or_default();
    assert!(row.contains(" ~ ") && screen.contains(&start), "{screen}");
}

#[test]
fn the_explanation_replaces_the_json_if_there_is_no_room_for_both() {
    let mut driver = at_step(4);
    driver.press("d down down down down down");
    let screen = driver.screen(80, 24);
    let parts =
        ["WorkspacePackagesRead", &words(&driver).covered_by_ticked("WorkspacePackagesEdit"), "AuthGroup_ReadOnly"];
    for part in parts {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
    driver.press("pgdn");
    assert!(driver.screen(80, 24).contains("GET /IntegrationPackages"), "{}", driver.screen(80, 24));
    driver.press("pgdn pgdn");
    assert!(driver.screen(80, 24).contains("https://help.sap.com/"), "{}", driver.screen(80, 24));
    driver.press("d");
    assert!(driver.screen(80, 24).contains(words(&driver).json_title()));
}

#[test]
fn a_role_that_the_purpose_does_not_need_is_marked() {
    let mut driver = at_step(4);
    driver.press("/").type_text("retry").press("enter space esc");
    let screen = driver.screen(120, 60);
    let words = words(&driver);
    assert!(screen.contains(&words.more_than_needed_by(1, "CPI Transporter")), "{screen}");
    let row = screen.lines().find(|line| line.contains(" QueuesRetry ")).unwrap_or_default();
    assert!(row.contains(" + "), "{screen}");
    assert!(screen.contains(&format!("+ {}", words.more_than_needed())), "{screen}");
}

#[test]
fn roles_are_found_by_the_request_that_failed() {
    let mut driver = at_step(4);
    driver.press("/").type_text("403 on /UserCredentials");
    assert!(driver.screen(80, 24).contains("CredentialsRead"), "{}", driver.screen(80, 24));
}

#[test]
fn a_wrong_role_name_leads_to_the_right_role_with_the_reason() {
    let mut driver = at_step(4);
    driver.press("/").type_text("KeystoreEntries.Read");
    let content = cpikey::content::load();
    let problem = content.catalogue.why_not_a_role("KeystoreEntries.Read").expect("it is none").explain(content.words);
    let screen = driver.screen(120, 40);
    for part in [problem.what.as_str(), "MonitoringDataRead"] {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
    driver.press("ctrl+u").type_text("api proxy");
    assert!(driver.screen(120, 40).contains(words(&driver).no_match()), "{}", driver.screen(120, 40));
}

/// Any parameters that the broker accepts.
fn parameters() -> impl Strategy<Value = InstanceParameters> {
    let names: Vec<String> = cpikey::content::load().catalogue.roles.iter().map(|role| role.name.clone()).collect();
    let roles = prop_oneof![
        proptest::sample::subsequence(names.clone(), 1..=names.len()).prop_map(|roles| (PlanId::Api, roles)),
        proptest::collection::vec("[A-Za-z0-9_.]{1,20}", 0..5).prop_map(|roles| (PlanId::IntegrationFlow, roles)),
    ];
    let grants = proptest::sample::subsequence(GRANT_TYPES.to_vec(), 0..=GRANT_TYPES.len());
    let uris = proptest::collection::vec("https://[a-z]{1,12}\\.example/[a-z]{0,8}", 0..3);
    let validity = proptest::option::of(3600u32..=86400);
    (roles, grants, uris, validity).prop_map(|((plan, roles), grants, uris, validity)| {
        let mut parameters = InstanceParameters::new(plan).with_roles(roles);
        parameters.set_grant_types(grants);
        parameters.set_redirect_uris(uris);
        if let Some(seconds) = validity {
            parameters.set_token_validity(seconds);
        }
        parameters
    })
}

/// The JSON of one wizard, read by another one.
fn through(plan: PlanId, json: &str) -> (InstanceParameters, Value) {
    let mut driver = if plan == PlanId::Api { at_step(4) } else { flows() };
    driver.paste(json);
    // A question about the plan is not part of this test.
    driver.press("n ctrl+s");
    let parameters = driver.app.session().draft.parameters.clone();
    (parameters, copied(&mut driver))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_to_form_to_json_loses_nothing(parameters in parameters(), pretty: bool, full: bool) {
        let style = if pretty { JsonStyle::Pretty } else { JsonStyle::Compact };
        let extent = if full { Extent::Full } else { Extent::Minimal };
        let (form, json) = through(parameters.plan, &parameters.to_json(style, extent));
        prop_assert_eq!(&form, &parameters);
        prop_assert_eq!(json, parameters.to_value(Extent::Full));
    }

    #[test]
    fn form_to_json_to_form_loses_nothing(
        presses in proptest::collection::vec(prop_oneof![
            Just("space"), Just("down"), Just("up"), Just("pgdn"), Just("pgup"), Just("end"), Just("home"), Just("a"),
        ], 0..60),
        flow: bool,
    ) {
        let mut driver = if flow { flows() } else { at_step(4) };
        for press in presses {
            driver.press(press);
            // A row with a text field opened it.
            if driver.screen(80, 24).contains(&format!("enter {}", words(&driver).save())) {
                driver.press("esc");
            }
        }
        // The broker requires a role, so only parameters with one can be read back.
        if !flow && driver.app.session().draft.parameters.roles.is_empty() {
            driver.press("a");
        }
        let form = driver.app.session().draft.parameters.clone();
        let json = copied(&mut driver);
        prop_assert_eq!(&json, &form.to_value(Extent::Full));
        let (again, json_again) = through(form.plan, &json.to_string());
        prop_assert_eq!(again, form);
        prop_assert_eq!(json_again, json);
    }
}

#[test]
fn esc_closes_the_explanation_before_it_leaves_the_screen() {
    let mut driver = at_step(4);
    driver.press("d esc");
    assert_eq!(driver.app.step(), StepId::Roles);
    driver.press("esc");
    assert_eq!(driver.app.step(), StepId::Instance);
}

#[test]
fn no_sign_of_a_role_replaces_its_text_and_no_wider_window_shows_less_of_it() {
    let mut driver = at_step(4);
    let roles = driver.app.session().content.catalogue.roles.clone();
    // From the width at which a text fits, it is shown completely, with its marks.
    for (width, height) in [(80, 24), (99, 30), (100, 30), (119, 40), (120, 40), (140, 40), (160, 50), (200, 60)] {
        driver.press("home");
        let mut seen = String::new();
        for _ in 0..roles.len() {
            seen.push_str(&driver.screen(width, height));
            driver.press("down");
        }
        for role in &roles {
            let is_whole = |line: &str| line.contains(&role.name) && line.contains(&role.brief);
            let is_below = || {
                seen.lines().any(|line| {
                    line.trim_start().starts_with(&role.brief) || line.contains(&format!("     {}", role.brief))
                })
            };
            assert!(seen.lines().any(is_whole) || is_below(), "{} at {width}x{height}", role.name);
        }
    }
}

#[test]
fn tab_leads_to_the_options_and_esc_back() {
    let mut driver = at_step(4);
    driver.press("tab");
    let words = words(&driver);
    let screen = driver.screen(80, 24);
    assert!(screen.contains(words.grant_types()) && screen.contains("token-validity"), "{screen}");
    assert!(!screen.contains("[✓] WorkspacePackagesEdit"), "{screen}");
    driver.press("esc");
    assert_eq!(driver.app.step(), StepId::Roles);
    assert!(driver.screen(80, 24).contains("[✓] WorkspacePackagesEdit"));
    driver.press("tab tab");
    assert!(driver.screen(80, 24).contains("[✓] WorkspacePackagesEdit"));
}

#[test]
fn what_a_filter_finds_is_highlighted() {
    let mut driver = at_step(4);
    driver.press("/").type_text("payload");
    let theme = cpikey::ui::Theme::new(cpikey::ui::Palette::Mono, true);
    let (text, styles) = driver.picture(80, 24, &theme);
    let row = text.lines().position(|line| line.contains("MessagePayloadsRead")).expect("it is found");
    let underlined = styles.lines().any(|line| line.starts_with(&format!("{row}:")) && line.contains("UNDERLINED"));
    assert!(underlined, "{text}\n{styles}");
}

#[test]
fn a_filter_that_finds_nothing_offers_what_is_spelled_alike_and_says_how_to_clear_it() {
    let mut driver = at_step(4);
    driver.press("/").type_text("monitorng");
    let screen = driver.screen(80, 24);
    for part in [words(&driver).no_match_nearest(), words(&driver).esc_clears(), "MonitoringDataRead"] {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
    driver.press("ctrl+u").type_text("qqqqqq");
    let screen = driver.screen(80, 24);
    assert!(screen.contains(words(&driver).no_match()) && screen.contains(words(&driver).esc_clears()), "{screen}");
    driver.press("esc");
    assert!(driver.screen(80, 24).contains("WorkspacePackagesEdit"));
}

#[test]
fn parameters_without_a_role_are_neither_copied_nor_saved_and_it_is_said_why() {
    for press in ["N y", "N s"] {
        let mut driver = at_step(4);
        driver.take_effects();
        driver.press(press);
        assert!(driver.take_effects().is_empty(), "{press}");
        assert_eq!(driver.app.session().notice.as_ref().map(|notice| notice.tone), Some(Tone::Error));
    }
}

#[test]
fn a_quotation_mark_that_is_not_closed_is_reported_where_it_is_opened() {
    let mut driver = at_step(4);
    driver.paste("{ \"roles: [\n    \"MonitoringDataRead\"\n  ]\n}");
    let (text, styles) = driver.picture(120, 40, &cpikey::ui::Theme::new(cpikey::ui::Palette::Ansi, true));
    assert!(text.contains("line 1, column 3"), "{text}");
    let row = text.lines().position(|line| line.contains("\"roles: [")).expect("it is shown");
    let underlined = styles.lines().any(|line| line.starts_with(&format!("{row}:")) && line.contains("UNDERLINED"));
    assert!(underlined, "{text}\n{styles}");
}
