//! Roles and purposes.

use std::collections::BTreeSet;

use cpikey::domain::{
    sap::{guide::Variable, parameters::InstanceParameters, plan::PlanId, purpose::Purpose},
    text::markup,
};

use super::{assert_unique, loaded};

fn names(purpose: &Purpose) -> Vec<&str> {
    purpose.roles.iter().map(|entry| entry.role.as_str()).collect()
}

#[test]
fn the_catalogue_has_41_roles_of_every_landscape_one_of_most_and_three_of_some() {
    let content = loaded();
    let roles = &content.catalogue.roles;
    assert_unique("role", roles.iter().map(|role| role.name.as_str()));
    assert_eq!(roles.len(), 45);
    let elsewhere: Vec<&str> = roles.iter().filter(|role| !role.everywhere).map(|role| role.name.as_str()).collect();
    assert_eq!(roles.len() - elsewhere.len(), 41);
    assert_eq!(
        elsewhere,
        ["SecurityArtifactTransport", "B2bInterchangeRead", "B2bInterchangePayloadRead", "B2bInterchangeOperate"]
    );
}

#[test]
fn roles_are_listed_under_areas_that_exist_in_the_order_of_the_areas() {
    let catalogue = loaded().catalogue;
    assert_unique("area", catalogue.areas.iter().map(|area| area.id.as_str()));
    let mut positions = Vec::new();
    for role in &catalogue.roles {
        let position = catalogue.areas.iter().position(|area| area.id == role.area);
        positions.push(position.unwrap_or_else(|| panic!("{} is in no area", role.name)));
        assert!(role.brief.chars().count() <= 34, "the brief of {} is too long for a row", role.name);
        for text in [&role.brief, &role.allows] {
            assert!(!text.is_empty(), "{} says nothing", role.name);
        }
        for part in &role.contains {
            assert!(catalogue.get(part).is_some(), "{} contains {part}, which does not exist", role.name);
        }
    }
    assert!(positions.is_sorted());
    assert_eq!(positions.iter().collect::<BTreeSet<_>>().len(), catalogue.areas.len(), "an area is empty");
    assert_eq!(catalogue.areas.last().map(|area| area.id.as_str()), Some("personas"));
}

#[test]
fn only_the_four_personas_contain_other_roles() {
    let catalogue = loaded().catalogue;
    let composites: Vec<(&str, usize)> = catalogue
        .roles
        .iter()
        .filter(|role| !role.contains.is_empty())
        .map(|role| (role.name.as_str(), role.contains.len()))
        .collect();
    assert_eq!(
        composites,
        [
            ("AuthGroup_ReadOnly", 10),
            ("AuthGroup_BusinessExpert", 12),
            ("AuthGroup_IntegrationDeveloper", 20),
            ("AuthGroup_Administrator", 27),
        ]
    );
    let administrator = catalogue.get("AuthGroup_Administrator").expect("it exists");
    for missing in ["WorkspacePackagesEdit", "WorkspacePackagesConfigure", "MessagePayloadsRead"] {
        assert!(
            !administrator.contains.iter().any(|part| part == missing),
            "{missing} is in no administrator's rights"
        );
    }
}

#[test]
fn only_the_undocumented_roles_have_no_scopes() {
    let catalogue = loaded().catalogue;
    let without: Vec<&str> =
        catalogue.roles.iter().filter(|role| role.scopes.is_empty()).map(|role| role.name.as_str()).collect();
    assert_eq!(
        without,
        ["SecurityArtifactTransport", "B2bInterchangeRead", "B2bInterchangePayloadRead", "B2bInterchangeOperate"]
    );
}

#[test]
fn roles_that_open_payloads_or_keys_or_change_content_are_sensitive() {
    let catalogue = loaded().catalogue;
    for name in [
        "WorkspacePackagesEdit",
        "MessagePayloadsRead",
        "DataStorePayloadsRead",
        "B2bInterchangePayloadRead",
        "CredentialsEdit",
        "SecurityMaterialEdit",
        "SecurityMaterialDownload",
        "AuthGroup_IntegrationDeveloper",
        "AuthGroup_BusinessExpert",
        "AuthGroup_Administrator",
    ] {
        assert!(catalogue.get(name).is_some_and(|role| role.sensitive), "{name} is sensitive");
    }
    for name in ["MonitoringDataRead", "WorkspacePackagesRead", "AuthGroup_ReadOnly", "AccessPoliciesRead"] {
        assert!(catalogue.get(name).is_some_and(|role| !role.sensitive), "{name} is harmless");
    }
}

/// The list of the second guide, in its order.
const GUIDE_2021: [&str; 36] = [
    "WorkspacePackagesTransport",
    "WorkspacePackagesRead",
    "QueuesActivate",
    "AccessAllAccessPoliciesArtifacts",
    "AccessPoliciesEdit",
    "AccessPoliciesRead",
    "AuthGroup_Administrator",
    "AuthGroup_BusinessExpert",
    "AuthGroup_ContentPublisher",
    "AuthGroup_IntegrationDeveloper",
    "AuthGroup_ReadOnly",
    "AuthGroup_TenantPartnerDirectoryConfigurator",
    "CatalogPackageArtifactsRead",
    "CatalogPackagesCopy",
    "CatalogPackagesRead",
    "CredentialsEdit",
    "DataStorePayloadsRead",
    "DataStoresAndQueuesConfig",
    "DataStoresAndQueuesDelete",
    "DataStoresAndQueuesRead",
    "HealthCheckMonitoringDataRead",
    "MessagePayloadsRead",
    "MessageProcessingLocksDelete",
    "MessageProcessingLocksRead",
    "MonitoringArtifactsDeploy",
    "MonitoringDataRead",
    "QueuesRetry",
    "SecurityMaterialDownload",
    "SecurityMaterialEdit",
    "TraceConfigurationEdit",
    "TraceConfigurationRead",
    "WorkspaceArtifactLocksDelete",
    "WorkspaceArtifactLocksRead",
    "WorkspaceArtifactsDeploy",
    "WorkspacePackagesConfigure",
    "WorkspacePackagesEdit",
];

#[test]
fn every_purpose_of_the_contract_is_there_with_its_roles() {
    let content = loaded();
    let pipeline = ["WorkspacePackagesEdit", "WorkspacePackagesConfigure", "WorkspaceArtifactsDeploy"];
    let transporter = [&pipeline[..], &["AccessAllAccessPoliciesArtifacts", "MonitoringDataRead"]].concat();
    let read_only: BTreeSet<&str> = content
        .catalogue
        .get("AuthGroup_ReadOnly")
        .map(|role| role.contains.iter().map(String::as_str).collect())
        .expect("it exists");
    let explorer = content.purpose("cpi-explorer").expect("it exists");
    assert_eq!(names(explorer).into_iter().collect::<BTreeSet<_>>(), read_only);
    let everything: Vec<&str> = content
        .catalogue
        .roles
        .iter()
        .filter(|role| role.everywhere && role.name != "AuthGroup_ContentPublisher")
        .map(|role| role.name.as_str())
        .collect();
    assert_eq!(everything.len(), 40);
    let expected: [(&str, Vec<&str>); 11] = [
        ("cpi-transporter", transporter),
        ("cpi-explorer", names(explorer)),
        ("ci-cd", [&pipeline[..], &["MonitoringDataRead"]].concat()),
        (
            "ci-cd-target",
            vec![
                "WorkspacePackagesRead",
                "WorkspacePackagesConfigure",
                "WorkspaceArtifactsDeploy",
                "MonitoringDataRead",
            ],
        ),
        ("monitoring", vec!["MonitoringDataRead"]),
        (
            "production-support",
            vec!["MonitoringDataRead", "MessageProcessingLocksRead", "WorkspacePackagesRead", "CredentialsRead"],
        ),
        ("transport", vec!["WorkspacePackagesTransport", "MonitoringDataRead"]),
        ("partner-directory", vec!["AuthGroup_TenantPartnerDirectoryConfigurator", "MonitoringDataRead"]),
        ("guide-2021", GUIDE_2021.to_vec()),
        ("everything", everything),
        ("custom", vec![]),
    ];
    let found: Vec<(&str, Vec<&str>)> =
        content.purposes.iter().map(|purpose| (purpose.id.as_str(), names(purpose))).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_purpose_says_why_and_what_next_and_has_names_that_the_command_line_takes() {
    let content = loaded();
    for purpose in content.purposes.iter() {
        assert_eq!(purpose.plan, PlanId::Api);
        assert_unique("role", purpose.roles.iter().map(|entry| entry.role.as_str()));
        for entry in &purpose.roles {
            assert!(content.catalogue.get(&entry.role).is_some(), "{}: {} does not exist", purpose.id, entry.role);
            assert!(entry.why.ends_with('.'), "{}: no reason for {}", purpose.id, entry.role);
        }
        // The first screen relies on it.
        let parameters = InstanceParameters::new(purpose.plan).with_roles(purpose.role_names());
        let refused = parameters.refused(&content.catalogue);
        assert!(purpose.roles.is_empty() || refused.is_none(), "{}: {refused:?}", purpose.id);
        for name in [&purpose.instance_name, &purpose.key_name] {
            let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
            assert!(fits && (1..=32).contains(&name.len()), "{name}");
        }
        let after_the_key =
            [Variable::Url, Variable::Host, Variable::TokenUrl, Variable::TokenHost, Variable::ClientId];
        assert!(!purpose.next.is_empty());
        for text in &purpose.next {
            assert!(markup::variables(text).iter().all(|variable| after_the_key.contains(variable)), "{text}");
        }
    }
    for id in ["guide-2021", "everything"] {
        assert!(content.purpose(id).is_some_and(|purpose| !purpose.warning.is_empty()), "{id} warns");
    }
    let transporter = content.purpose("cpi-transporter").expect("it exists");
    assert_eq!(transporter.instance_name, "CPITransporter_API_Access");
    assert_eq!(transporter.key_name, "CPITransporter_API_Key");
}
