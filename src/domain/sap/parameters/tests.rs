use proptest::prelude::*;

use super::*;
use crate::domain::{
    finding::Severity,
    sap::role::{Catalogue, Role},
};

/// Roles as they stand in the broker's catalogue; the last is not offered everywhere.
fn catalogue() -> Catalogue {
    let role = |name: &str| Role {
        name: name.to_owned(),
        area: "monitor".to_owned(),
        brief: String::new(),
        allows: String::new(),
        note: String::new(),
        keywords: vec![],
        scopes: vec![],
        endpoints: vec![],
        probes: vec![],
        contains: vec![],
        sensitive: false,
        everywhere: name != "SecurityArtifactTransport",
        source: String::new(),
    };
    let names =
        ["MonitoringDataRead", "WorkspacePackagesEdit", "WorkspaceArtifactsDeploy", "SecurityArtifactTransport"];
    Catalogue { areas: vec![], roles: names.map(role).to_vec() }
}

fn examine(text: &str) -> Vec<ParameterProblem> {
    InstanceParameters::examine(text, PlanId::Api, &catalogue()).1
}

/// The only problem of `text`.
fn only(text: &str) -> ParameterProblem {
    let mut problems = examine(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:#?}");
    problems.remove(0)
}

#[test]
fn minimal_parameters_are_the_roles_alone() {
    let parameters = InstanceParameters::new(PlanId::Api).with_roles(["MonitoringDataRead", "WorkspacePackagesEdit"]);
    assert_eq!(
        parameters.to_json(JsonStyle::Pretty, Extent::Minimal),
        "{\n  \"roles\": [\n    \"MonitoringDataRead\",\n    \"WorkspacePackagesEdit\"\n  ]\n}"
    );
}

#[test]
fn full_parameters_write_the_defaults_out_but_for_the_validity() {
    let mut parameters = InstanceParameters::new(PlanId::Api).with_roles(["MonitoringDataRead"]);
    let full = |parameters: &InstanceParameters| parameters.to_json(JsonStyle::Compact, Extent::Full);
    assert_eq!(
        full(&parameters),
        r#"{"roles":["MonitoringDataRead"],"grant-types":["client_credentials"],"redirect-uris":[]}"#
    );
    parameters.set_token_validity(43_200);
    assert!(!full(&parameters).contains("token-validity"));
    parameters.set_token_validity(3_600);
    assert!(full(&parameters).ends_with(r#""token-validity":3600}"#));
}

#[test]
fn the_default_validity_depends_on_the_plan() {
    let mut parameters = InstanceParameters::new(PlanId::IntegrationFlow);
    parameters.set_token_validity(3_600);
    assert_eq!(parameters.token_validity, None);
    parameters.set_token_validity(43_200);
    assert_eq!(parameters.to_value(Extent::Minimal)["token-validity"], 43_200);
}

#[test]
fn ticking_a_role_twice_takes_it_out_again() {
    let mut parameters = InstanceParameters::new(PlanId::Api);
    assert!(parameters.toggle_role("MonitoringDataRead"));
    assert!(parameters.has_role("MonitoringDataRead"));
    assert!(!parameters.toggle_role("MonitoringDataRead"));
    assert!(parameters.roles.is_empty());
}

#[test]
fn good_parameters_have_no_problem() {
    assert_eq!(examine(r#"{"roles":["MonitoringDataRead"],"token-validity":43200}"#), []);
    assert_eq!(
        examine(
            r#"{"roles":["MonitoringDataRead"],"grant-types":["client_credentials","authorization_code"],
                "redirect-uris":["https://*.example.com/**","http://localhost:8080/cb"]}"#
        ),
        []
    );
}

#[test]
fn a_misspelt_role_is_found_with_its_place_and_the_right_name() {
    let problem = only("{\n  \"roles\": [\n    \"MonitoringDataRead\",\n    \"WorkspacePackageEdit\"\n  ]\n}");
    assert!(problem.is_error());
    assert_eq!(problem.position, Some(Position { line: 4, column: 5 }));
    assert_eq!(problem.fix, "Did you mean WorkspacePackagesEdit?");
    assert!(problem.to_string().starts_with("error at line 4, column 5: \"WorkspacePackageEdit\" is not a role"));
}

#[test]
fn a_role_collection_and_a_role_of_the_other_plan_say_what_they_are() {
    assert!(only(r#"{"roles":["PI_Read_Only"]}"#).fix.contains("AuthGroup_ReadOnly"));
    assert!(only(r#"{"roles":["ESBMessaging.send"]}"#).why.contains("integration-flow"));
}

#[test]
fn no_role_at_all_is_refused_by_api_and_fine_with_integration_flow() {
    assert_eq!(only("{}").property, "roles");
    assert_eq!(only(r#"{"roles":[]}"#).what, "There is no role.");
    let (parameters, problems) = InstanceParameters::examine("{}", PlanId::IntegrationFlow, &catalogue());
    assert_eq!(parameters.map(|parameters| parameters.roles), Some(vec![SEND_ROLE.to_owned()]));
    assert_eq!(problems, []);
}

#[test]
fn a_role_that_some_landscapes_refuse_is_a_warning() {
    let problem = only(r#"{"roles":["SecurityArtifactTransport"]}"#);
    assert_eq!(problem.severity, Severity::Warning);
}

#[test]
fn custom_roles_are_free_text_with_integration_flow_only() {
    let check = |text: &str| InstanceParameters::examine(text, PlanId::IntegrationFlow, &catalogue()).1;
    assert_eq!(check(r#"{"roles":["My_Own.Role2"]}"#), []);
    assert!(check(r#"{"roles":["my role"]}"#)[0].is_error());
    assert_eq!(check(r#"{"roles":["MonitoringDataRead"]}"#)[0].severity, Severity::Warning);
}

#[test]
fn what_stands_twice_is_reported_at_its_second_place() {
    let problem = only(r#"{"roles":["MonitoringDataRead","MonitoringDataRead"]}"#);
    assert_eq!(problem.position, Some(Position { line: 1, column: 32 }));
    let problem = only("{\"roles\":[\"MonitoringDataRead\"],\n\"roles\":[\"MonitoringDataRead\"]}");
    assert_eq!(problem.what, "\"roles\" stands twice.");
    assert_eq!(problem.position, Some(Position { line: 2, column: 1 }));
}

#[test]
fn comments_are_refused_and_the_rest_is_still_judged() {
    let problems = examine("{\n  // what \"for\"\n  \"roles\": [\"Nope_Nope_Nope\"] /* a */\n}");
    assert_eq!(problems[0].what, "There is a comment in the JSON.");
    assert_eq!(problems[0].position, Some(Position { line: 2, column: 3 }));
    assert_eq!(problems[1].position, Some(Position { line: 3, column: 13 }));
    // No comment: two slashes in a text.
    let uri = r#"{"roles":["MonitoringDataRead"],"grant-types":["client_credentials","authorization_code"],"redirect-uris":["https://a.example/*"]}"#;
    assert_eq!(examine(uri), []);
}

#[test]
fn unknown_properties_are_named_with_the_right_spelling() {
    let text = |key: &str| format!(r#"{{"roles":["MonitoringDataRead"],"{key}":[]}}"#);
    assert_eq!(only(&text("grant_types")).fix, "Write \"grant-types\".");
    assert_eq!(only(&text("redirectUris")).fix, "Write \"redirect-uris\".");
    assert!(only(&text("key-type")).why.contains("service key"));
    assert!(only(&text("xsappname")).what.contains("\"xsappname\""));
}

#[test]
fn wrong_types_are_said_in_words() {
    assert_eq!(only(r#"{"roles":"MonitoringDataRead"}"#).what, "\"roles\" is a text.");
    assert_eq!(only(r#"{"roles":["MonitoringDataRead",7]}"#).what, "Entry 2 of \"roles\" is a number.");
    let validity = |value: &str| only(&format!(r#"{{"roles":["MonitoringDataRead"],"token-validity":{value}}}"#)).what;
    assert_eq!(validity("\"43200\""), "\"token-validity\" is a text.");
    assert_eq!(validity("-1"), "\"token-validity\" is -1.");
    assert_eq!(validity("43200.5"), "\"token-validity\" is 43200.5.");
    assert_eq!(validity("60"), "\"token-validity\" is 60, which is 1 minute.");
    assert!(validity("86401").starts_with("\"token-validity\" is 86401,"));
}

#[test]
fn the_end_of_client_x509_is_told() {
    let problem = only(r#"{"roles":["MonitoringDataRead"],"grant-types":["client_credentials","client_x509"]}"#);
    assert!(problem.is_error());
    assert!(problem.why.contains("January 2026"));
}

#[test]
fn a_grant_type_in_another_spelling_is_corrected() {
    let fix = |grant: &str| {
        only(&format!(r#"{{"roles":["MonitoringDataRead"],"grant-types":["client_credentials","{grant}"]}}"#)).fix
    };
    assert_eq!(fix("Refresh Token"), "Write refresh_token.");
    assert_eq!(fix("jwt-bearer"), "Write urn:ietf:params:oauth:grant-type:jwt-bearer.");
    assert!(fix("magic").starts_with("Remove it"));
}

#[test]
fn redirect_uris_and_authorization_code_need_each_other() {
    let uris = |grants: &str, uris: &str| {
        only(&format!(r#"{{"roles":["MonitoringDataRead"],"grant-types":{grants},"redirect-uris":{uris}}}"#))
    };
    assert_eq!(uris(r#"["client_credentials"]"#, r#"["https://a.example"]"#).what, "The redirect URIs are not used.");
    let both = r#"["client_credentials","authorization_code"]"#;
    assert_eq!(uris(both, "[]").what, "authorization_code has no redirect URI.");
    assert!(uris(both, r#"["app.example/cb"]"#).what.ends_with("is not an absolute address."));
    assert!(uris(both, r#"["https://a.example/#x"]"#).is_error());
    assert_eq!(uris(both, r#"["http://a.example/"]"#).severity, Severity::Warning);
}

#[test]
fn a_key_in_place_of_parameters_is_recognised_and_not_repeated() {
    for text in [r#"{"oauth":{"clientsecret":"canary-7"}}"#, r#"{"clientid":"a","clientsecret":"canary-7"}"#] {
        let problem = only(text);
        assert!(problem.what.contains("service key"));
        assert!(!problem.to_string().contains("canary"));
    }
    assert!(only(r#"{"key-type":"certificate"}"#).what.contains("parameters of a service key"));
}

#[test]
fn text_that_is_no_json_says_where_and_what() {
    let said = |text: &str| {
        let problem = only(text);
        (problem.what, problem.position.map(|at| (at.line, at.column)))
    };
    let case =
        |text: &str, what: &str, at: (usize, usize)| assert_eq!(said(text), (what.to_owned(), Some(at)), "{text}");
    case("{\n \"roles\": [\"a\",\n ]\n}", "A comma stands before the closing bracket.", (3, 2));
    case("{\"roles\": [\"a\"", "The JSON ends in the middle.", (1, 14));
    case("{\u{201c}roles\u{201d}: []}", "There is a quotation mark that JSON does not know.", (1, 2));
    case("{'roles': []}", "There is a quotation mark that JSON does not know.", (1, 2));
    case("{\"roles\": [\"a\" \"b\"]}", "Something is missing here.", (1, 16));
    case("roles: [a]", "This is not JSON.", (1, 1));
    assert_eq!(said("  ").0, "There is nothing here.");
    assert_eq!(said("\u{feff}{}").0, "The text begins with a byte order mark.");
    assert_eq!(said("[]").0, "The text is a list, not an object.");
}

#[test]
fn durations_are_read_in_hours() {
    assert_eq!(readable_seconds(43_200), "12 hours");
    assert_eq!(readable_seconds(3_600), "1 hour");
    assert_eq!(readable_seconds(5_400), "1 hour 30 minutes");
    assert_eq!(readable_seconds(86_400), "24 hours");
    assert_eq!(readable_seconds(3_661), "1 hour 1 minute 1 second");
    assert_eq!(readable_seconds(0), "0 seconds");
}

fn any_parameters() -> impl Strategy<Value = InstanceParameters> {
    let lists = (
        proptest::collection::vec("\\PC{0,12}", 0..6),
        proptest::sample::subsequence(GRANT_TYPES.to_vec(), 0..=6),
        proptest::collection::vec("\\PC{1,12}", 0..3),
    );
    (any::<bool>(), lists, proptest::option::of(any::<u32>())).prop_map(|(api, (roles, grants, uris), validity)| {
        let plan = if api { PlanId::Api } else { PlanId::IntegrationFlow };
        let mut parameters = InstanceParameters::new(plan).with_roles(roles);
        parameters.grant_types = grants.into_iter().map(str::to_owned).collect();
        parameters.set_redirect_uris(uris);
        if let Some(seconds) = validity {
            parameters.set_token_validity(seconds);
        }
        parameters
    })
}

proptest! {
    #[test]
    fn from_the_form_to_json_and_back_nothing_is_lost(parameters in any_parameters()) {
        for style in [JsonStyle::Pretty, JsonStyle::Compact] {
            for extent in [Extent::Full, Extent::Minimal] {
                let text = parameters.to_json(style, extent);
                let (read, problems) = InstanceParameters::parse(&text, parameters.plan).unwrap();
                prop_assert_eq!(&read, &parameters);
                prop_assert_eq!(problems, vec![]);
            }
        }
    }

    #[test]
    fn no_text_makes_reading_fail_otherwise_than_in_words(
        text in "[\\{\\}\\[\\]\":,/\\*\\\\ \n'a-c0-9\u{e4}\u{201c}]{0,60}|\\PC*"
    ) {
        for problem in examine(&text) {
            prop_assert!(!problem.what.is_empty() && !problem.fix.is_empty());
            prop_assert!(!problem.to_string().contains('\n'));
        }
    }
}

#[test]
fn roles_of_the_other_plan_give_themselves_away() {
    let catalogue = catalogue();
    let plan =
        |plan, roles: &[&str]| InstanceParameters::new(plan).with_roles(roles.iter().copied()).other_plan(&catalogue);
    let own = catalogue.roles[0].name.as_str();
    assert_eq!(plan(PlanId::Api, &[SEND_ROLE]), Some(PlanId::IntegrationFlow));
    assert_eq!(plan(PlanId::Api, &[SEND_ROLE, "Orders.send"]), Some(PlanId::IntegrationFlow));
    assert_eq!(plan(PlanId::Api, &[SEND_ROLE, own]), None);
    assert_eq!(plan(PlanId::IntegrationFlow, &[own]), Some(PlanId::Api));
    assert_eq!(plan(PlanId::IntegrationFlow, &[SEND_ROLE]), None);
    assert_eq!(plan(PlanId::IntegrationFlow, &[]), None);
}

#[test]
fn parameters_are_found_between_the_lines_that_cf_prints() {
    assert_eq!(object_in("Getting parameters of a...\n\n{\"roles\":[]}\nOK\n"), "{\"roles\":[]}");
    assert_eq!(object_in(" {\"roles\":[]} x"), " {\"roles\":[]} x");
    assert_eq!(object_in("nothing }{"), "nothing }{");
}
