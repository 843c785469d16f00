//! The parameters against the broker's own schemas.

#![allow(clippy::unwrap_used, reason = "allowed in tests; the helpers are such, though not marked so")]

mod schema;

use cpikey::{
    content,
    domain::{
        content::Content,
        sap::{
            key_parameters::{KEY_LENGTHS, KeyParameters, KeyType, VALIDITY_MAX},
            parameters::{
                Extent, GRANT_TYPES, InstanceParameters, JsonStyle, ParameterProblem, Reading, TOKEN_VALIDITY_MAX,
                TOKEN_VALIDITY_MIN, default_token_validity,
            },
            plan::PlanId,
            purpose::CUSTOM,
        },
    },
};
use schema::{faults, schema};
use serde_json::{Value, json};

fn content() -> Content {
    content::load()
}

fn instance_schema(plan: PlanId) -> Value {
    schema(&format!("{}-instance", plan.as_str()))
}

fn has_error(problems: &[ParameterProblem]) -> bool {
    problems.iter().any(ParameterProblem::is_error)
}

#[test]
fn the_parameters_of_every_purpose_are_valid_for_the_broker() {
    let content = content();
    for purpose in content.purposes.iter().filter(|purpose| purpose.id != CUSTOM) {
        let parameters = InstanceParameters::new(purpose.plan).with_roles(purpose.role_names());
        assert!(!has_error(&parameters.check(&content.catalogue)), "{}", purpose.id);
        for extent in [Extent::Full, Extent::Minimal] {
            let value = parameters.to_value(extent);
            assert_eq!(faults(&instance_schema(purpose.plan), &value), [""; 0], "{}", purpose.id);
        }
    }
}

/// The broker's three lists of roles: all, without B2B, and also without SecurityArtifactTransport.
fn landscapes() -> [(&'static str, Value); 3] {
    let most = schema("api-instance");
    let mut middle = most.clone();
    let list = middle["properties"]["roles"]["items"]["enum"].as_array_mut().unwrap();
    list.retain(|name| !name.as_str().unwrap().starts_with("B2b"));
    [("most roles", most), ("no B2B roles", middle), ("fewest roles", schema("api-instance-smallest"))]
}

#[test]
fn the_three_variants_of_the_broker_have_45_42_and_41_roles() {
    let counts =
        landscapes().map(|(_, schema)| schema["properties"]["roles"]["items"]["enum"].as_array().unwrap().len());
    assert_eq!(counts, [45, 42, 41]);
}

#[test]
fn each_purpose_is_valid_on_every_landscape_or_a_warning_names_the_role_that_some_refuse() {
    let content = content();
    for purpose in content.purposes.iter().filter(|purpose| purpose.id != CUSTOM && purpose.plan == PlanId::Api) {
        let parameters = InstanceParameters::new(purpose.plan).with_roles(purpose.role_names());
        let warned = parameters.check(&content.catalogue).iter().any(|problem| problem.property == "roles");
        let refusing: Vec<&str> = landscapes()
            .iter()
            .filter(|(_, schema)| !faults(schema, &parameters.to_value(Extent::Full)).is_empty())
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(warned, !refusing.is_empty(), "{}: {refusing:?}", purpose.id);
    }
}

#[test]
fn a_role_that_a_landscape_refuses_says_which() {
    let content = content();
    for role in &content.catalogue.roles {
        let parameters = InstanceParameters::new(PlanId::Api).with_roles([&role.name]);
        let value = parameters.to_value(Extent::Full);
        let refusing: Vec<&str> = landscapes()
            .iter()
            .filter(|(_, schema)| !faults(schema, &value).is_empty())
            .map(|(name, _)| *name)
            .collect();
        let expected: &[u32] = match refusing.as_slice() {
            [] => &[],
            ["fewest roles"] => &[41],
            _ => &[42, 41],
        };
        assert_eq!((role.missing_in.as_slice(), role.everywhere), (expected, expected.is_empty()), "{}", role.name);
        let codes: Vec<&str> =
            parameters.check(&content.catalogue).iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!(codes.contains(&"role-not-everywhere"), !expected.is_empty(), "{}", role.name);
    }
}

#[test]
fn the_catalogue_knows_exactly_the_roles_of_the_broker() {
    let content = content();
    let names = |schema: &Value| -> Vec<String> {
        let list = schema["properties"]["roles"]["items"]["enum"].as_array().unwrap();
        let mut names: Vec<String> = list.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let roles = |everywhere: bool| -> Vec<String> {
        let roles = content.catalogue.roles.iter().filter(|role| role.everywhere || !everywhere);
        let mut names: Vec<String> = roles.map(|role| role.name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(roles(false), names(&schema("api-instance")));
    assert_eq!(roles(true), names(&schema("api-instance-smallest")));
}

#[test]
fn defaults_limits_and_grant_types_are_those_of_the_broker() {
    for plan in PlanId::ALL {
        let schema = instance_schema(plan);
        let validity = &schema["properties"]["token-validity"];
        assert_eq!(validity["default"], default_token_validity(plan));
        assert_eq!(validity["minimum"], TOKEN_VALIDITY_MIN);
        assert_eq!(validity["maximum"], TOKEN_VALIDITY_MAX);
        assert_eq!(schema["properties"]["grant-types"]["items"]["enum"], json!(GRANT_TYPES));
        assert_eq!(schema["properties"]["grant-types"]["default"], json!(InstanceParameters::new(plan).grant_types));
        assert_eq!(content().plan(plan).token_validity, default_token_validity(plan));
    }
}

/// Texts that the broker only just accepts or rejects: it and the program must agree on each.
#[test]
fn what_the_schema_refuses_is_an_error_and_nothing_else_of_it_is() {
    let content = content();
    let schema = schema("api-instance");
    let cases = [
        json!({}),
        json!({"roles": []}),
        json!({"roles": ["MonitoringDataRead"]}),
        json!({"roles": ["monitoringdataread"]}),
        json!({"roles": ["MonitoringDataRead", "MonitoringDataRead"]}),
        json!({"roles": ["MonitoringDataRead", 1]}),
        json!({"roles": "MonitoringDataRead"}),
        json!({"roles": ["UserRolesEdit"]}),
        json!({"roles": ["MonitoringDataRead"], "grant-types": []}),
        json!({"roles": ["MonitoringDataRead"], "grant-types": ["client_x509"]}),
        json!({"roles": ["MonitoringDataRead"], "grant-types": ["password", "refresh_token"]}),
        json!({"roles": ["MonitoringDataRead"], "grant-types": null}),
        json!({"roles": ["MonitoringDataRead"], "redirect-uris": []}),
        json!({"roles": ["MonitoringDataRead"], "redirect-uris": ["https://a.example/cb"]}),
        json!({"roles": ["MonitoringDataRead"], "redirect-uris": {}}),
        json!({"roles": ["MonitoringDataRead"], "token-validity": 3600}),
        json!({"roles": ["MonitoringDataRead"], "token-validity": 3599}),
        json!({"roles": ["MonitoringDataRead"], "token-validity": 86400}),
        json!({"roles": ["MonitoringDataRead"], "token-validity": 86401}),
        json!({"roles": ["MonitoringDataRead"], "token-validity": "43200"}),
        json!({"roles": ["MonitoringDataRead"], "token-validity": 43200.5}),
        json!({"roles": ["MonitoringDataRead"], "xsappname": "a"}),
        json!({"roles": ["MonitoringDataRead"], "key-type": "certificate"}),
        json!([]),
    ];
    for case in cases {
        // The schema has no `required`, but without a default the broker has no role to assign.
        let refused = !faults(&schema, &case).is_empty() || case.get("roles").is_none();
        let reading = InstanceParameters::examine(&case.to_string(), Some(PlanId::Api), &content.catalogue);
        assert_eq!(has_error(&reading.problems), refused, "{case}: {reading:#?}");
    }
}

#[test]
fn key_parameters_of_every_type_are_valid_for_the_broker() {
    let schema = self::schema("api-key");
    for key_type in KeyType::ALL {
        for validity in [1, 90, VALIDITY_MAX] {
            for key_length in KEY_LENGTHS {
                let parameters = KeyParameters { validity, key_length, ..KeyParameters::new(key_type) };
                assert_eq!(faults(&schema, &parameters.to_value()), [""; 0], "{parameters:?}");
            }
        }
        assert!(schema["properties"]["key-type"]["enum"].as_array().unwrap().contains(&json!(key_type.as_str())));
    }
    let properties = &schema["properties"];
    assert_eq!(properties["validity"]["default"], KeyParameters::default().validity);
    assert_eq!(properties["key-length"]["default"], KeyParameters::default().key_length);
    assert_eq!(properties["key-length"]["enum"], json!(KEY_LENGTHS));
    assert_eq!(properties["key-type"]["default"], KeyParameters::default().key_type.as_str());
    // Only the other plan has pinning.
    let unpinned = KeyParameters { pinning: false, ..KeyParameters::new(KeyType::ExternalCertificate) }.to_value();
    assert_eq!(faults(&self::schema("integration-flow-key"), &unpinned), [""; 0]);
    assert!(!faults(&schema, &unpinned).is_empty());
}

#[test]
fn one_line_and_many_lines_say_the_same() {
    let parameters = InstanceParameters::new(PlanId::Api).with_roles(["MonitoringDataRead"]);
    let read = |style| -> Value { serde_json::from_str(&parameters.to_json(style, Extent::Full)).unwrap() };
    assert_eq!(read(JsonStyle::Pretty), read(JsonStyle::Compact));
    assert!(!parameters.to_json(JsonStyle::Compact, Extent::Full).contains('\n'));
}

#[test]
fn integration_flow_parameters_are_valid_for_the_broker_too() {
    let content = content();
    let schema = instance_schema(PlanId::IntegrationFlow);
    let names: Vec<String> = content.flow_roles.iter().map(|role| role.name.clone()).collect();
    for roles in [vec![], names, vec!["Orders.send_2".to_owned()]] {
        let parameters = InstanceParameters::new(PlanId::IntegrationFlow).with_roles(roles);
        assert!(!has_error(&parameters.check(&content.catalogue)), "{parameters:?}");
        assert_eq!(faults(&schema, &parameters.to_value(Extent::Full)), [""; 0]);
    }
}

/// The codes for a list of roles, each with the role concerned.
fn codes(roles: &[&str]) -> Vec<(String, String)> {
    let content = content();
    let parameters = InstanceParameters::new(PlanId::Api).with_roles(roles.iter().copied());
    let code = |problem: &ParameterProblem| {
        let value = problem.value.as_ref().map_or("", |value| value.as_str());
        (value.to_owned(), problem.code.as_str().to_owned())
    };
    parameters.check(&content.catalogue).iter().map(code).collect()
}

#[test]
fn names_that_circulate_lead_to_the_role_that_is_meant() {
    for (name, code, meant) in [
        ("MessageProcessingLogs.Read", "role-invented", "MonitoringDataRead"),
        ("messageprocessinglogsread", "role-invented", "MonitoringDataRead"),
        ("WorkspacePackagesMetaData.Read", "role-invented", "WorkspacePackagesRead"),
        ("esbmessagestorage.read", "role-of-neo", "MessagePayloadsRead"),
        ("AuthGroup.Administrator", "role-of-neo", "AuthGroup_Administrator"),
        ("PI_Read_Only", "role-is-collection", "AuthGroup_ReadOnly"),
        ("WebToolingWorkspace.Write", "role-is-scope", "WorkspacePackagesEdit"),
        ("it-rt-x!b123.WebToolingWorkspace.Write", "role-is-scope", "WorkspacePackagesEdit"),
        ("IntegrationPackages", "role-is-resource", "WorkspacePackagesRead"),
        ("UserRolesEdit", "role-for-people", ""),
        ("TPMAgreementsRead", "role-for-people", ""),
        ("APIPortal.Administrator", "role-of-other-service", "API Management"),
        ("WorkflowDeveloper", "role-invented-without-successor", ""),
        ("WorkspacePackageRead", "role-misspelled", "WorkspacePackagesRead"),
        ("Nonsense", "role-unknown", ""),
    ] {
        assert_eq!(codes(&[name]), [(name.to_owned(), code.to_owned())]);
        let content = content();
        let problem = InstanceParameters::new(PlanId::Api).with_roles([name]).refused(&content.catalogue).unwrap();
        assert!(problem.line(content.words).contains(meant), "{}", problem.line(content.words));
    }
}

#[test]
fn known_wrong_names_are_not_roles_and_lead_to_roles() {
    let catalogue = content().catalogue;
    for known in &catalogue.names {
        assert!(catalogue.get(&known.name).is_none(), "{} is a role", known.name);
        for role in &known.means {
            assert!(catalogue.get(role).is_some(), "{} means {role}, which does not exist", known.name);
        }
    }
    for role in &catalogue.roles {
        // `AuthGroup.ReadOnly` of Neo differs from `AuthGroup_ReadOnly` in the separator only.
        let other = catalogue.known_name(&role.name).filter(|known| known.means != [role.name.clone()]);
        assert!(other.is_none(), "{} hides behind another name", role.name);
    }
}

#[test]
fn a_suggestion_never_changes_what_a_name_means() {
    let catalogue = content().catalogue;
    for (typed, never) in [
        ("MessageProcessingLogRead", "MessageProcessingLocksRead"),
        ("MessageProcessingLogsDelete", "MessageProcessingLocksDelete"),
        ("WorkspacePackagesRed", "WorkspacePackagesEdit"),
    ] {
        assert_ne!(catalogue.did_you_mean(typed), Some(never), "{typed}");
    }
    for (typed, meant) in [
        ("MonitorDataRead", "MonitoringDataRead"),
        ("MonitoringDataread", "MonitoringDataRead"),
        ("WorkspaceArtifactDeploy", "WorkspaceArtifactsDeploy"),
        ("AuthGroup_Administratr", "AuthGroup_Administrator"),
    ] {
        assert_eq!(catalogue.did_you_mean(typed), Some(meant), "{typed}");
    }
}

/// The parameters in the formats in which users store them.
fn case(name: &str) -> Reading {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cases/parameters");
    let text = std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    InstanceParameters::examine(&text, None, &content().catalogue)
}

#[test]
fn whatever_people_wrap_parameters_in_is_removed_and_named() {
    for (name, removed, roles) in [
        ("parameters-wrapper.json", &["parameters-property"][..], &["MonitoringDataRead", "WorkspacePackagesRead"][..]),
        ("terraform.tf", &["terraform"], &[]),
        ("hcl-object.tf", &["terraform"], &[]),
        ("setup-automator.json", &["setup-automator"], &[]),
        ("cf-command.sh", &["cf-command"], &[]),
        ("btp-command.sh", &["btp-command"], &[]),
        ("fence.md", &["code-fence"], &[]),
        ("cf-v3-get.json", &["cloud-foundry-document"], &["MonitoringDataRead", "WorkspacePackagesRead"]),
    ] {
        let reading = case(name);
        assert!(reading.is_valid(), "{name}: {:?}", reading.problems);
        let found: Vec<&str> = reading.removed.iter().map(|wrapper| wrapper.as_str()).collect();
        assert!(removed.iter().all(|wrapper| found.contains(wrapper)), "{name}: {found:?}");
        let parameters = reading.parameters.unwrap();
        assert!(!parameters.roles.is_empty(), "{name}");
        assert!(roles.is_empty() || parameters.roles == roles, "{name}: {:?}", parameters.roles);
    }
}

#[test]
fn other_wrappers_are_removed_too() {
    const PARAMETERS: &str = r#"{"roles": ["MonitoringDataRead"], "grant-types": ["client_credentials"]}"#;
    let escaped = PARAMETERS.replace('"', "\\\"");
    for text in [
        format!("cf update-service demo-api -c '{PARAMETERS}'"),
        format!("cf cs it-rt api demo-api -c \"{escaped}\" -t x"),
        format!("$ cf create-service it-rt api demo-api \\\n  -c '{PARAMETERS}'\n"),
        format!("btp update services/instance --id 1 --parameters \"{escaped}\""),
        format!("~~~\n{PARAMETERS}\n~~~\n"),
        format!("Use these parameters:\n\n```\n{PARAMETERS}\n```\nand save."),
        format!("{{\"entity\": {{\"parameters\": {PARAMETERS}}}}}"),
        format!("\"{escaped}\""),
        format!("$parameters = @'\n{PARAMETERS}\n'@\n"),
        format!("resource \"btp_subaccount_service_instance\" \"x\" {{\n  parameters = <<-EOT\n  {PARAMETERS}\n  EOT\n}}\n"),
        "resource \"x\" \"y\" {\n  json_params = jsonencode({ roles : [\"MonitoringDataRead\"], grant-types = [\"client_credentials\"] })\n}".to_owned(),
        format!("_schema-version: '3.1'\nID: a\nresources:\n- name: api\n  parameters:\n    service: it-rt\n    service-plan: api\n    config: {PARAMETERS}\n"),
    ] {
        let reading = InstanceParameters::examine(&text, None, &content().catalogue);
        assert!(reading.is_valid(), "{text}: {:?}", reading.problems);
        assert!(!reading.removed.is_empty(), "{text}");
        assert_eq!(reading.parameters.unwrap().roles, ["MonitoringDataRead"], "{text}");
    }
}

#[test]
fn a_text_with_comments_in_any_letters_may_be_cut_off_anywhere() {
    let catalogue = content().catalogue;
    let text = "{ // für Müller\n  \"roles\": [\"MonitoringDataRead\" /* 监控 é */], // ü\n  \"x\": /* ä";
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let reading = InstanceParameters::examine(&text[..end], None, &catalogue);
        assert!(has_error(&reading.problems), "{}", &text[..end]);
    }
}

#[test]
fn what_is_not_a_role_of_the_api_is_named_for_what_it_is() {
    for (name, code, values) in [
        ("invented-roles.json", "role-invented", 8),
        ("user-roles-edit.json", "role-for-people", 1),
        ("neo-roles.json", "role-of-neo", 3),
        ("apim-roles.json", "role-of-other-service", 1),
        ("workflow-developer.json", "role-invented-without-successor", 1),
    ] {
        let reading = case(name);
        let found: Vec<&str> = reading.problems.iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!(found, vec![code; values], "{name}");
        assert!(reading.problems.iter().all(|problem| problem.value.is_some()), "{name}");
    }
    let descriptor = case("role-templates.json");
    assert_eq!(descriptor.problems[0].code.as_str(), "is-security-descriptor");
    assert!(descriptor.parameters.is_none());
}
