use super::*;
use crate::{content, domain::text::position::Position};

fn examine(text: &str) -> Reading {
    InstanceParameters::examine(text, None, &content::load().catalogue)
}

fn codes(text: &str) -> Vec<&'static str> {
    examine(text).problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn removed(reading: &Reading) -> Vec<&'static str> {
    reading.removed.iter().map(|wrapper| wrapper.as_str()).collect()
}

/// Each with the wrappers that are removed.
const GOOD: &[(&str, &[&str])] = &[
    ("roles:\n  - MonitoringDataRead\n  - WorkspacePackagesRead\n", &["yaml"]),
    ("roles: [MonitoringDataRead, 'WorkspacePackagesRead']", &["yaml"]),
    ("# for the monitoring\n---\nroles: # two\n- MonitoringDataRead\n- WorkspacePackagesRead\n...\n", &["yaml"]),
    (
        "parameters:\r\n  roles:\r\n  - MonitoringDataRead\r\n  - \"WorkspacePackagesRead\"\r\n",
        &["yaml", "parameters-property"],
    ),
    (
        "create-services:\n- name: x\n  broker: it-rt\n  plan: api\n  parameters: '{\"roles\":[\"MonitoringDataRead\",\"WorkspacePackagesRead\"]}'\n",
        &["yaml", "document", "escaped-text"],
    ),
    ("spec: {parameters: {roles: [MonitoringDataRead, WorkspacePackagesRead]}}", &["yaml", "document"]),
    (
        "apiVersion: services.cloud.sap.com/v1\nkind: ServiceInstance\nmetadata:\n  name: x\nspec:\n  serviceOfferingName: it-rt\n  servicePlanName: api\n  parameters:\n    roles: &r [MonitoringDataRead, WorkspacePackagesRead]\n",
        &["yaml", "kubernetes"],
    ),
    (
        "apiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nspec:\n  parameters:\n    roles: [MonitoringDataRead, WorkspacePackagesRead]\n",
        &["yaml", "document"],
    ),
    (
        "_schema-version: '3.2'\nID: x\nresources:\n- name: cpi\n  type: org.cloudfoundry.managed-service\n  parameters:\n    service: it-rt\n    service-plan: api\n    config:\n      roles: [MonitoringDataRead, WorkspacePackagesRead]\n",
        &["yaml", "mta"],
    ),
    (
        "instance:\n  name: it-rt\n  parameters: |\n    {\n      \"roles\": [\"MonitoringDataRead\", \"WorkspacePackagesRead\"]\n    }\n",
        &["yaml", "document", "escaped-text"],
    ),
    (
        "parameters: >-\n  {\"roles\":\n  [\"MonitoringDataRead\",\n  \"WorkspacePackagesRead\"]}\n",
        &["yaml", "parameters-property", "escaped-text"],
    ),
    (
        "parameters: \"{\\\"roles\\\": [\\\"MonitoringDataRead\\\",\\n \\\"WorkspacePackagesRead\\\"]}\"\n",
        &["yaml", "parameters-property", "escaped-text"],
    ),
    ("```yaml\nroles:\n- MonitoringDataRead\n- WorkspacePackagesRead\n```\n", &["code-fence", "yaml"]),
];

#[test]
fn parameters_are_read_from_yaml_in_block_and_flow_style() {
    for (text, wrappers) in GOOD {
        let reading = examine(text);
        assert_eq!(reading.problems, [], "{text}");
        assert_eq!(removed(&reading), *wrappers, "{text}");
        let roles = reading.parameters.unwrap().roles;
        assert_eq!(roles, ["MonitoringDataRead", "WorkspacePackagesRead"], "{text}");
    }
}

#[test]
fn a_problem_in_yaml_has_its_place() {
    for (text, _) in GOOD {
        let text = format!("# \u{e4}\u{1f600}\n{}", text.replace("MonitoringDataRead", "Nope_Nope"));
        let reading = examine(&text);
        let problem = &reading.problems[0];
        assert_eq!((reading.problems.len(), problem.code.as_str()), (1, "role-unknown"), "{text}");
        let Position { line, column } = problem.position.unwrap();
        let rest: String = text.split('\n').nth(line - 1).unwrap().chars().skip(column - 1).collect();
        let rest = rest.trim_start_matches(['\\', '"', '\'']);
        assert!(rest.starts_with("Nope_Nope"), "{line}:{column} is {rest:?} in {text}");
    }
}

#[test]
fn values_of_yaml_have_the_type_that_the_broker_gets() {
    assert_eq!(codes("roles: [MonitoringDataRead]\ntoken-validity: 3600\n"), [""; 0]);
    assert_eq!(codes("roles: [MonitoringDataRead]\ntoken-validity: '3600'\n"), ["number-expected"]);
    assert_eq!(codes("roles: [MonitoringDataRead]\ntoken-validity: !!str 3600\n"), ["number-expected"]);
    assert_eq!(codes("roles: [MonitoringDataRead]\ntoken-validity: 1.5\n"), ["number-expected"]);
    assert_eq!(codes("roles: MonitoringDataRead\n"), ["list-expected"]);
    assert_eq!(codes("roles:\n"), ["list-expected"]);
    assert_eq!(codes("roles: [MonitoringDataRead, 1, true, null]\n"), ["text-expected"; 3]);
    assert_eq!(codes("roles: [MonitoringDataRead]\nroles: [WorkspacePackagesRead]\n"), ["property-repeated"]);
    assert!(codes("parameters:\n  Roles: [MonitoringDataRead]\n").contains(&"property-misspelled"));
}

#[test]
fn what_a_tool_fills_in_later_is_not_judged() {
    for value in
        ["{{ .Values.roles }}", "{{ .Values.roles | toJson }}", "${roles}", "((roles))", "*roles", "!Ref roles"]
    {
        let text = format!("x: &roles [MonitoringDataRead]\nparameters:\n  roles: {value}\n  token-validity: 3600\n");
        assert_eq!(codes(&text), ["value-unknown"], "{text}");
    }
    assert_eq!(codes("base: &p {roles: [X]}\nspec:\n  parameters: *p\n"), ["role-unknown"]);
    assert_eq!(codes("spec:\n  parameters: {{ toJson .Values.parameters }}\n"), ["parameters-elsewhere"]);
    let descriptor = "_schema-version: '3'\nresources:\n- parameters:\n    service: it-rt\n    path: ./cpi.json\n";
    assert_eq!(codes(descriptor), ["parameters-elsewhere"]);
}

#[test]
fn the_plan_that_yaml_names_is_the_plan() {
    let text = "spec:\n  servicePlanName: integration-flow\n  parameters:\n    roles: [ESBMessaging.send]\n";
    assert_eq!(examine(text).parameters.map(|parameters| parameters.plan), Some(PlanId::IntegrationFlow));
}

#[test]
fn yaml_that_cannot_be_read_says_where() {
    for (text, line) in [
        ("parameters:\n\troles: [MonitoringDataRead]\n", 2),
        ("parameters:\n  roles: [MonitoringDataRead\n", 3),
        ("parameters:\n  roles: {MonitoringDataRead\n", 3),
        ("roles:\n- MonitoringDataRead\n note: a: b\n", 3),
    ] {
        let reading = examine(text);
        let problem = &reading.problems[0];
        assert_eq!((reading.problems.len(), problem.code.as_str()), (1, "not-yaml"), "{text}");
        assert!(problem.position.is_some_and(|position| position.line <= line), "{problem:?}");
    }
}

#[test]
fn other_documents_in_yaml_are_not_taken_for_parameters() {
    assert_eq!(codes("oauth:\n  clientid: a\n  clientsecret: b\n"), ["is-service-key"]);
    assert_eq!(codes("key-type: certificate\n"), ["is-key-parameters"]);
    assert_eq!(codes("name: x\nversion: 1\n"), ["no-object"]);
    assert_eq!(codes("just a line of text"), ["no-object"]);
    assert_eq!(codes("- a\n- b\n"), ["no-object"]);
}

/// Each level ten times the one before.
fn bomb() -> String {
    let mut text = "a0: &a0 [MonitoringDataRead]\n".to_owned();
    for level in 1..12 {
        let before = level - 1;
        let list = vec![format!("*a{before}"); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    text
}

#[test]
fn hostile_yaml_is_refused_without_being_expanded() {
    assert_eq!(codes(&bomb()), ["no-object"]);
    let codes_of_bomb = codes(&format!("{}parameters:\n  roles: *a11\n", bomb()));
    assert_eq!(codes_of_bomb, ["value-unknown"]);
    let itself = "parameters: &a\n  roles: *a\n";
    assert_eq!(codes(itself), ["value-unknown"]);
    for text in [
        format!("roles: {}", "[".repeat(100_000)),
        format!("roles: {}", "- ".repeat(100_000)),
        format!("roles:\n{}", (0..400).map(|depth| " ".repeat(depth) + "a:\n").collect::<String>()),
        format!("parameters: {}", "{a: ".repeat(60_000)),
        format!("roles: {}", "? ".repeat(100_000)),
    ] {
        let found = codes(&text);
        assert!(matches!(found.as_slice(), ["too-deep" | "not-yaml" | "cut-off"]), "{found:?} for {}", &text[..20]);
    }
    for text in [
        format!("roles: \"{}{}\"", "\\x41".repeat(20_000), " \n".repeat(80_000)),
        format!("roles: [{}]", "a,".repeat(120_000)),
        format!("{}roles: [MonitoringDataRead]", "&a ".repeat(80_000)),
        format!("roles: {}", "!".repeat(200_000)),
        format!("roles: {}", "'".repeat(200_001)),
        format!("roles: |\n{}", " \n".repeat(100_000)),
        format!("{}\nroles: [MonitoringDataRead]", "--- a\n".repeat(40_000)),
        "\u{85}\u{2028}roles: [\u{0}]".to_owned(),
    ] {
        examine(&text);
    }
}

proptest::proptest! {
    #[test]
    fn any_text_of_yaml_is_judged_without_a_panic(
        text in "((roles|parameters|\n|\n  |- |: |\\[|\\]|\\{|\\}|,|'|\"|\\\\|&a |\\*a|!!str |\\| |> |# |\\? |---\n|\t|\u{e4}|\u{1f600}|x|1|~){0,40})"
    ) {
        let reading = examine(&text);
        for problem in &reading.problems {
            proptest::prop_assert!(problem.position.is_none_or(|position| position.line <= text.lines().count() + 1));
        }
    }
}
