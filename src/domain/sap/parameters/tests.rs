use proptest::prelude::*;

use super::*;
use crate::domain::{
    finding::Severity,
    sap::role::{Catalogue, Role},
};
use crate::words::Words;

/// Roles as they appear in the broker's catalogue; the last is not offered everywhere.
fn catalogue() -> Catalogue {
    let role = |name: &str| Role {
        name: name.to_owned(),
        area: "monitor".to_owned(),
        brief: String::new(),
        allows: String::new(),
        note: String::new(),
        keywords: String::new(),
        scopes: vec![],
        endpoints: vec![],
        probes: vec![],
        contains: vec![],
        sensitive: false,
        everywhere: name != "SecurityArtifactTransport",
        missing_in: if name == "SecurityArtifactTransport" { vec![41] } else { vec![] },
        source: String::new(),
    };
    let names =
        ["MonitoringDataRead", "WorkspacePackagesEdit", "WorkspaceArtifactsDeploy", "SecurityArtifactTransport"];
    Catalogue { roles: names.map(role).to_vec(), ..Catalogue::default() }
}

fn examine(text: &str) -> Vec<ParameterProblem> {
    InstanceParameters::examine(text, Some(PlanId::Api), &catalogue()).problems
}

/// The only problem of `text`.
fn only(text: &str) -> ParameterProblem {
    let mut problems = examine(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:#?}");
    problems.remove(0)
}

#[test]
fn json_that_is_valid_but_endlessly_deep_is_refused_and_not_followed() {
    let lists = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    for deep in [lists(100_000), objects(40_000), lists(129), objects(129)] {
        for text in [
            deep.clone(),
            format!(r#"{{"roles": {deep}}}"#),
            format!(r#"{{"parameters": {deep}}}"#),
            format!("cf create-service it-rt api x -c '{deep}'"),
            format!("Parameters:\n{deep}\nOK"),
            format!("resource \"x\" \"y\" {{ parameters = jsonencode({deep}) }}"),
            serde_json::json!({ "parameters": format!(r#"{{"roles": {deep}}}"#) }).to_string(),
        ] {
            let problems = examine(&text);
            assert!(problems.iter().any(ParameterProblem::is_error), "{problems:?}");
        }
        assert_eq!(only(&deep).code.as_str(), "too-deep");
    }
    assert_ne!(only(&lists(128)).code.as_str(), "too-deep");
    assert!(examine(&format!(r#"{{"roles": ["MonitoringDataRead"], "note": "{}"}}"#, "[{".repeat(1000))).len() < 2);
}

#[test]
fn minimal_parameters_contain_only_the_roles() {
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
fn ticking_a_role_twice_removes_it_again() {
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

fn at(problem: &ParameterProblem) -> Option<(usize, usize)> {
    problem.position.map(|position| (position.line, position.column))
}

#[test]
fn a_misspelled_role_is_found_with_its_place_and_the_right_name() {
    let problem = only("{\n  \"roles\": [\n    \"MonitoringDataRead\",\n    \"WorkspacePackageEdit\"\n  ]\n}");
    assert!(problem.is_error());
    assert_eq!(at(&problem), Some((4, 5)));
    assert!(matches!(&problem.code, ProblemCode::RoleMisspelled { meant, .. } if meant == "WorkspacePackagesEdit"));
}

#[test]
fn a_role_of_the_other_plan_says_what_it_is() {
    assert_eq!(only(r#"{"roles":["ESBMessaging.send"]}"#).code.as_str(), "role-of-integration-flow");
}

#[test]
fn no_role_at_all_is_refused_by_api_and_fine_with_integration_flow() {
    assert_eq!(only("{}").code, ProblemCode::RolesMissing {});
    assert_eq!(only(r#"{"roles":[]}"#).code, ProblemCode::RolesMissing {});
    let reading = InstanceParameters::examine("{}", Some(PlanId::IntegrationFlow), &catalogue());
    assert!(reading.is_valid());
    assert_eq!(reading.parameters.map(|parameters| parameters.roles), Some(vec![SEND_ROLE.to_owned()]));
}

#[test]
fn a_role_that_some_landscapes_refuse_is_a_warning() {
    let problem = only(r#"{"roles":["SecurityArtifactTransport"]}"#);
    assert_eq!((problem.code.as_str(), problem.severity()), ("role-not-everywhere", Severity::Warning));
}

#[test]
fn custom_roles_are_free_text_with_integration_flow_only() {
    let check = |text: &str| InstanceParameters::examine(text, Some(PlanId::IntegrationFlow), &catalogue()).problems;
    assert_eq!(check(r#"{"roles":["My_Own.Role2"]}"#), []);
    assert_eq!(check(r#"{"roles":["my role"]}"#)[0].code.as_str(), "flow-role-unusable");
    assert_eq!(check(r#"{"roles":["MonitoringDataRead"]}"#)[0].code.as_str(), "role-of-api");
}

#[test]
fn what_appears_twice_is_reported_at_its_second_place() {
    let problem = only(r#"{"roles":["MonitoringDataRead","MonitoringDataRead"]}"#);
    assert_eq!((problem.code.as_str(), at(&problem)), ("value-repeated", Some((1, 32))));
    let problem = only("{\"roles\":[\"MonitoringDataRead\"],\n\"roles\":[\"MonitoringDataRead\"]}");
    assert_eq!((problem.code.as_str(), at(&problem)), ("property-repeated", Some((2, 1))));
}

#[test]
fn comments_are_refused_and_the_rest_is_still_judged() {
    let problems = examine("{\n  // what \"for\"\n  \"roles\": [\"Nope_Nope_Nope\"] /* a */\n}");
    assert_eq!((problems[0].code.as_str(), at(&problems[0])), ("comment", Some((2, 3))));
    assert_eq!((problems[1].code.as_str(), at(&problems[1])), ("role-unknown", Some((3, 13))));
    // Not a comment: two slashes in a text.
    let uri = r#"{"roles":["MonitoringDataRead"],"grant-types":["client_credentials","authorization_code"],"redirect-uris":["https://a.example/*"]}"#;
    assert_eq!(examine(uri), []);
}

#[test]
fn unknown_properties_are_named_with_the_right_spelling() {
    let code = |key: &str| only(&format!(r#"{{"roles":["MonitoringDataRead"],"{key}":[]}}"#)).code;
    assert!(matches!(code("grant_types"), ProblemCode::PropertyMisspelled { meant: "grant-types", .. }));
    assert!(matches!(code("redirectUris"), ProblemCode::PropertyMisspelled { meant: "redirect-uris", .. }));
    for (typed, meant) in [
        ("token-validty", "token-validity"),
        ("tokenValidiy", "token-validity"),
        ("token_valdity", "token-validity"),
        ("grant-tpyes", "grant-types"),
        ("grantTyps", "grant-types"),
        ("redirect-urls", "redirect-uris"),
        ("rediret-uri", "redirect-uris"),
        ("rloes", "roles"),
        ("Role", "roles"),
    ] {
        let json = format!(r#"{{"roles":["MonitoringDataRead"],"{typed}":[]}}"#);
        let ProblemCode::PropertyMisspelled { meant: suggested, .. } = only(&json).code else { panic!("{typed}") };
        assert_eq!(suggested, meant, "{typed}");
    }
    for unknown in ["types", "uris", "scopes", "token", "refresh-token-validity", "tenant-mode", "\u{e9}"] {
        assert_eq!(code(unknown).as_str(), "property-unknown", "{unknown}");
    }
    assert_eq!(code("key-type").as_str(), "property-of-key");
    assert_eq!(code("validity").as_str(), "property-of-key");
    assert_eq!(code("xsappname").as_str(), "property-unknown");
}

#[test]
fn wrong_types_are_distinguished() {
    let code = |text: &str| only(text).code;
    let list = ProblemCode::ListExpected { name: "roles", found: JsonType::Text };
    assert_eq!(code(r#"{"roles":"MonitoringDataRead"}"#), list);
    let entry = ProblemCode::TextExpected { number: 2, name: "roles", found: JsonType::Number };
    assert_eq!(code(r#"{"roles":["MonitoringDataRead",7]}"#), entry);
    let validity =
        |value: &str| code(&format!(r#"{{"roles":["MonitoringDataRead"],"token-validity":{value}}}"#)).as_str();
    for value in ["\"43200\"", "-1", "43200.5", "null", "[]"] {
        assert_eq!(validity(value), "number-expected", "{value}");
    }
    for value in ["60", "86401"] {
        assert_eq!(validity(value), "token-validity-out-of-range", "{value}");
    }
}

#[test]
fn a_grant_type_that_is_gone_or_in_another_spelling_is_corrected() {
    let code = |grant: &str| {
        only(&format!(r#"{{"roles":["MonitoringDataRead"],"grant-types":["client_credentials","{grant}"]}}"#)).code
    };
    assert_eq!(code("client_x509").as_str(), "grant-type-ended");
    assert!(matches!(code("Refresh Token"), ProblemCode::GrantTypeMisspelled { meant: "refresh_token", .. }));
    assert_eq!(code("jwt-bearer").as_str(), "grant-type-misspelled");
    assert_eq!(code("magic").as_str(), "grant-type-unknown");
}

#[test]
fn redirect_uris_and_authorization_code_need_each_other() {
    let code = |grants: &str, uris: &str| {
        let text = format!(r#"{{"roles":["MonitoringDataRead"],"grant-types":{grants},"redirect-uris":{uris}}}"#);
        only(&text).code.as_str()
    };
    assert_eq!(code(r#"["client_credentials"]"#, r#"["https://a.example"]"#), "redirect-uris-unused");
    let both = r#"["client_credentials","authorization_code"]"#;
    assert_eq!(code(both, "[]"), "redirect-uri-missing");
    assert_eq!(code(both, r#"["app.example/cb"]"#), "redirect-uri-not-absolute");
    assert_eq!(code(both, r#"["https://a.example/#x"]"#), "redirect-uri-fragment");
    assert_eq!(code(both, r#"["http://a.example/"]"#), "redirect-uri-not-encrypted");
}

#[test]
fn a_key_instead_of_parameters_is_recognized_and_not_repeated() {
    for text in [
        r#"{"oauth":{"clientsecret":"canary-7"}}"#,
        r#"{"clientid":"a","clientsecret":"canary-7"}"#,
        r#"{"credentials":{"oauth":{"clientsecret":"canary-7"}}}"#,
        "Getting key a..\n\n{\"credentials\":{\"oauth\":{\"clientsecret\":\"canary-7\"}}}\nOK",
    ] {
        let problem = only(text);
        assert_eq!(problem.code, ProblemCode::IsServiceKey {}, "{text}");
        assert!(!problem.line(Words::default()).contains("canary"));
    }
    assert_eq!(only(r#"{"key-type":"certificate"}"#).code, ProblemCode::IsKeyParameters {});
}

#[test]
fn text_that_is_not_json_is_reported_with_place_and_reason() {
    for (text, code, place) in [
        ("{\n \"roles\": [\"a\",\n ]\n}", "trailing-comma", (3, 2)),
        ("{\"roles\": [\"a\"", "cut-off", (1, 14)),
        ("{\u{201c}roles\u{201d}: []}", "wrong-quotation-mark", (1, 2)),
        ("{'roles': []}", "wrong-quotation-mark", (1, 2)),
        ("{\"roles\": [\"a\" \"b\"]}", "separator-missing", (1, 16)),
        ("Roles are a", "no-object", (1, 1)),
        ("  ", "text-empty", (1, 1)),
    ] {
        let problem = only(text);
        assert_eq!((problem.code.as_str(), at(&problem)), (code, Some(place)), "{text}");
    }
    assert_eq!(only("[]").code.as_str(), "not-an-object");
    assert_eq!(examine("\u{feff}{\"roles\":[\"MonitoringDataRead\"]}")[0].code, ProblemCode::ByteOrderMark {});
}

#[test]
fn durations_are_read_in_hours() {
    let shown = |seconds| readable_seconds(seconds, Words::default());
    assert_eq!(shown(43_200), "12 hours");
    assert_eq!(shown(3_600), "1 hour");
    assert_eq!(shown(5_400), "1 hour 30 minutes");
    assert_eq!(shown(3_661), "1 hour 1 minute 1 second");
    assert_eq!(shown(0), "0 seconds");
}

#[test]
fn every_code_has_a_name_of_its_own_and_words_with_its_facts_only() {
    let mut names = std::collections::BTreeSet::new();
    for entry in ProblemCode::ALL {
        assert!(names.insert(entry.name), "{} appears twice", entry.name);
        let template = (entry.words)(Words::default());
        for text in [template.what, template.why, template.fix] {
            assert!(!text.is_empty(), "{} has no words", entry.name);
            let parts = text.replace("{{", "").split('{').skip(1).map(str::to_owned).collect::<Vec<_>>();
            for part in parts {
                let name = part.split('}').next().unwrap_or_default();
                assert!(entry.facts.contains(&name), "{}: {{{name}}} is not a fact", entry.name);
            }
        }
    }
}

/// The formats of parameters. Each preserves the positions of its content, or at least finds it.
fn wrapped(json: &str) -> Vec<(&'static str, String)> {
    let escaped = |text: &str| serde_json::to_string(text).unwrap();
    let shell = json.replace('\'', r"'\''");
    vec![
        ("plain", json.to_owned()),
        ("property", format!("{{\"parameters\": {json}}}")),
        ("broker", format!("{{\"service_id\":\"a\",\"plan_id\":\"b\",\"parameters\":{json}}}")),
        ("list", format!("{{\"resources\":[{{\"name\":\"x\",\"parameters\":{json}}}]}}")),
        ("data", format!("{{\"data\": {json}}}")),
        (
            "automator",
            format!("{{\"services\":[{{\"name\":\"xsuaa\"}},{{\"name\":\"it-rt\",\"parameters\":{json}}}]}}"),
        ),
        ("kubernetes", format!("{{\"apiVersion\":\"v1\",\"spec\":{{\"parameters\":{json}}}}}")),
        ("escaped", escaped(json)),
        ("escaped twice", escaped(&escaped(json))),
        ("state", format!("{{\"resources\":[{{\"parameters\":{}}}]}}", escaped(json))),
        ("fence", format!("Use these:\n\n```json\n{json}\n```\nDone.\n")),
        ("cf output", format!("Getting parameters of a...\n\n{json}\nOK\n")),
        ("cf", format!("cf create-service it-rt api x -c '{shell}' --wait\n")),
        ("cf cmd", format!("cf create-service it-rt api x -c {}\r\n", escaped(json))),
        ("cf doubled", format!("cf cs it-rt api x -c \"{}\"", json.replace('"', "\"\""))),
        (
            "cf lines",
            format!("# first log in, don't forget\ncf login\ncf create-service it-rt api x \\\n  -c '{shell}'\n"),
        ),
        ("cf attached", format!("cf update-service x -c='{shell}'")),
        ("btp", format!("btp create services/instance --offering-name it-rt --parameters '{shell}'\n")),
        ("btp equals", format!("btp --format json create services/instance --parameters='{shell}'")),
        ("here-string", format!("$p = @'\n{json}\n'@\ncf create-service it-rt api x -c $p\n")),
        ("here-document", format!("cat > p.json <<'EOF'\n{json}\nEOF\ncf create-service it-rt api x -c p.json\n")),
        ("jsonencode", format!("resource \"a\" \"b\" {{\n  name = \"x\"\n  parameters = jsonencode({json})\n}}\n")),
        ("heredoc", format!("resource \"a\" \"b\" {{\n  parameters = <<EOT\n{json}\nEOT\n}}\n")),
        ("attribute", format!("resource \"a\" \"b\" {{\n  json_params = {}\n}}\n", escaped(json))),
    ]
}

proptest! {
    #[test]
    fn parameters_are_the_same_in_whatever_they_are_wrapped(
        roles in proptest::collection::vec("[A-Za-z_.]{1,20}", 1..5),
        validity in proptest::option::of(3_000_u32..90_000),
    ) {
        let mut object = json!({ "roles": roles });
        if let Some(seconds) = validity {
            object["token-validity"] = json!(seconds);
        }
        let judged = |text: &str| {
            let reading = InstanceParameters::examine(text, Some(PlanId::Api), &catalogue());
            let codes: Vec<ProblemCode> = reading.problems.into_iter().map(|problem| problem.code).collect();
            (reading.parameters, codes, !reading.removed.is_empty())
        };
        let (parameters, codes, _) = judged(&object.to_string());
        for style in [JsonStyle::Pretty, JsonStyle::Compact] {
            for (name, text) in wrapped(&style.write(&object)) {
                let (found, found_codes, removed) = judged(&text);
                prop_assert_eq!(&found, &parameters, "{}: {}", name, text);
                prop_assert_eq!(&found_codes, &codes, "{}: {}", name, text);
                prop_assert_eq!(removed, name != "plain", "{}", name);
            }
        }
    }
}

#[test]
fn a_place_inside_a_wrapper_is_a_place_of_the_whole_text() {
    let json = "{\n  \"roles\": [\n    \"Nope_Nope\"\n  ]\n}";
    for (name, text) in wrapped(json) {
        let problem = only(&text);
        let (line, column) = at(&problem).unwrap();
        let rest: String = text.split('\n').nth(line - 1).unwrap().chars().skip(column - 1).collect();
        let rest = rest.trim_start_matches(['\\', '"']);
        assert!(rest.starts_with("Nope_Nope"), "{name}: {line}:{column} is {rest:?}");
    }
}

#[test]
fn parameters_that_are_elsewhere_or_missing_say_so() {
    let code = |text: &str| only(text).code.as_str();
    assert_eq!(code("cf create-service it-rt api x -c params.json"), "parameters-elsewhere");
    assert_eq!(code("cf create-service it-rt api x"), "command-without-parameters");
    assert_eq!(code("resource \"a\" \"b\" {\n  parameters = file(\"p.json\")\n}\n"), "parameters-elsewhere");
    assert_eq!(code("{\"xsappname\":\"a\",\"role-templates\":[]}"), "is-security-descriptor");
    let text = "x = { roles = var.roles }";
    assert_eq!(examine(text)[0].code.as_str(), "value-unknown");
}

#[test]
fn the_plan_that_a_command_names_is_the_plan() {
    let text = "cf create-service it-rt integration-flow x -c '{\"roles\":[\"ESBMessaging.send\"]}'";
    let reading = InstanceParameters::examine(text, None, &catalogue());
    assert!(reading.is_valid(), "{reading:?}");
    assert_eq!(reading.parameters.map(|parameters| parameters.plan), Some(PlanId::IntegrationFlow));
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
                let reading = InstanceParameters::examine(&text, Some(parameters.plan), &catalogue());
                prop_assert_eq!(reading.parameters.as_ref(), Some(&parameters));
                prop_assert_eq!(reading.removed, vec![]);
            }
        }
    }

    #[test]
    fn any_text_gives_parameters_or_one_line_for_each_problem(
        text in "[\\{\\}\\[\\]\":,/\\*\\\\ \n'a-c0-9\u{e4}\u{201c}]{0,60}|((cf cs|-c|<<|EOT|=|jsonencode\\(|```|@'|'@|roles|\\{|\\[|\"|'|\n| |\\\\|\u{e4}|\\}|\\]|\\)){0,30})|\\PC*"
    ) {
        for problem in examine(&text) {
            prop_assert!(!problem.line(Words::default()).contains('\n'));
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
