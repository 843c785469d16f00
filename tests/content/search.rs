//! The search for roles: phrases that users type, and what they find.

use cpikey::domain::sap::role::Catalogue;
use proptest::test_runner::{Config as ProptestConfig, TestRunner};

use super::loaded;

/// The typed text, the role that must be first, and others that must be among the next.
const PHRASES: &[(&str, &[&str])] = &[
    ("download artifacts", &["WorkspacePackagesRead"]),
    ("download iflow", &["WorkspacePackagesRead"]),
    ("download a package as zip", &["WorkspacePackagesRead"]),
    ("export integration package", &["WorkspacePackagesRead"]),
    ("list packages", &["WorkspacePackagesRead"]),
    ("read integration flows", &["WorkspacePackagesRead"]),
    ("view packages and package artifacts", &["WorkspacePackagesRead"]),
    ("upload iflow", &["WorkspacePackagesEdit"]),
    ("create package", &["WorkspacePackagesEdit"]),
    ("update integration flow", &["WorkspacePackagesEdit"]),
    ("import package", &["WorkspacePackagesEdit", "WorkspacePackagesTransport"]),
    ("delete artifact", &["WorkspacePackagesEdit"]),
    ("delete package", &["WorkspacePackagesEdit"]),
    ("save as version", &["WorkspacePackagesEdit"]),
    ("edit iflow", &["WorkspacePackagesEdit"]),
    ("edit script collection", &["WorkspacePackagesEdit"]),
    ("message mapping", &["WorkspacePackagesRead", "WorkspacePackagesEdit"]),
    ("configure iflow", &["WorkspacePackagesConfigure"]),
    ("externalized parameters", &["WorkspacePackagesConfigure"]),
    ("externalised parameters", &["WorkspacePackagesConfigure"]),
    ("change configuration parameters of a flow", &["WorkspacePackagesConfigure"]),
    ("maintain value mappings", &["WorkspacePackagesEdit", "WorkspacePackagesConfigure"]),
    ("value mapping", &["WorkspacePackagesConfigure"]),
    ("deploy iflow", &["WorkspaceArtifactsDeploy"]),
    ("deploy integration flow", &["WorkspaceArtifactsDeploy"]),
    ("deploy artifacts", &["WorkspaceArtifactsDeploy"]),
    ("redeploy flows", &["WorkspaceArtifactsDeploy"]),
    ("deployment status", &["WorkspaceArtifactsDeploy"]),
    ("deploy", &["WorkspaceArtifactsDeploy"]),
    ("undeploy iflow", &["MonitoringArtifactsDeploy", "WorkspaceArtifactsDeploy"]),
    ("undeploy", &["WorkspaceArtifactsDeploy", "MonitoringArtifactsDeploy"]),
    ("deploy value mapping", &["WorkspaceArtifactsDeploy"]),
    ("transport", &["WorkspacePackagesTransport"]),
    ("content agent", &["WorkspacePackagesTransport"]),
    ("cTMS", &["WorkspacePackagesTransport"]),
    ("transport package", &["WorkspacePackagesTransport"]),
    ("export mtar", &["WorkspacePackagesTransport"]),
    ("artifact locks", &["WorkspaceArtifactLocksRead"]),
    ("unlock artifact", &["WorkspaceArtifactLocksDelete"]),
    ("remove design time lock", &["WorkspaceArtifactLocksDelete"]),
    ("read message logs", &["MonitoringDataRead"]),
    ("message processing logs", &["MonitoringDataRead"]),
    ("view message processing logs", &["MonitoringDataRead"]),
    ("mpl", &["MonitoringDataRead"]),
    ("monitoring", &["MonitoringDataRead"]),
    ("API key for monitoring", &["MonitoringDataRead"]),
    ("monitor messages", &["MonitoringDataRead"]),
    ("message monitoring", &["MonitoringDataRead"]),
    ("failed messages", &["MonitoringDataRead"]),
    ("error information", &["MonitoringDataRead"]),
    ("runtime status", &["MonitoringDataRead"]),
    ("deployed iflows", &["MonitoringDataRead"]),
    ("list of deployed artifacts", &["MonitoringDataRead"]),
    ("service endpoints", &["MonitoringDataRead"]),
    ("test connection", &["MonitoringDataRead", "CredentialsRead"]),
    ("connectivity test", &["CredentialsRead"]),
    ("download wsdl", &["MonitoringDataRead"]),
    ("keystore entries", &["MonitoringDataRead", "SecurityMaterialEdit"]),
    ("view keystore", &["MonitoringDataRead"]),
    ("view user roles", &["MonitoringDataRead"]),
    ("custom header properties", &["MonitoringDataRead"]),
    ("payload", &["MessagePayloadsRead"]),
    ("message payload", &["MessagePayloadsRead"]),
    ("read payload", &["MessagePayloadsRead"]),
    ("download payload", &["MessagePayloadsRead"]),
    ("attachments", &["MessagePayloadsRead"]),
    ("message store", &["MessagePayloadsRead"]),
    ("trace data", &["MessagePayloadsRead"]),
    ("persisted messages", &["MessagePayloadsRead"]),
    ("number range", &["MonitoringDataRead", "MonitoringArtifactsDeploy"]),
    ("number ranges", &["MonitoringDataRead", "MonitoringArtifactsDeploy"]),
    ("edit number range", &["MonitoringArtifactsDeploy"]),
    ("view number ranges", &["MonitoringDataRead"]),
    ("runtime locks", &["MessageProcessingLocksRead"]),
    ("message locks", &["MessageProcessingLocksRead"]),
    ("delete message lock", &["MessageProcessingLocksDelete"]),
    ("id mapper", &["MessageProcessingLocksRead"]),
    ("idmapper", &["MessageProcessingLocksRead"]),
    ("trace", &["TraceConfigurationRead", "TraceConfigurationEdit"]),
    ("enable trace", &["TraceConfigurationEdit"]),
    ("log level", &["TraceConfigurationRead", "TraceConfigurationEdit"]),
    ("change log level", &["TraceConfigurationEdit"]),
    ("Cloud ALM", &["HealthCheckMonitoringDataRead"]),
    ("health check", &["HealthCheckMonitoringDataRead"]),
    ("certificate expiry", &["MonitoringDataRead", "HealthCheckMonitoringDataRead"]),
    ("data store", &["DataStoresAndQueuesRead"]),
    ("datastore", &["DataStoresAndQueuesRead"]),
    ("data store entries", &["DataStoresAndQueuesRead"]),
    ("JMS queues", &["DataStoresAndQueuesRead"]),
    ("jms", &["DataStoresAndQueuesRead"]),
    ("queue", &["DataStoresAndQueuesRead"]),
    ("view queues", &["DataStoresAndQueuesRead"]),
    ("variables", &["DataStorePayloadsRead"]),
    ("read global variable", &["DataStorePayloadsRead"]),
    ("data store payload", &["DataStorePayloadsRead"]),
    ("delete data store entry", &["DataStoresAndQueuesDelete"]),
    ("delete queue", &["DataStoresAndQueuesDelete"]),
    ("delete variables", &["DataStoresAndQueuesDelete"]),
    ("purge JMS messages", &["DataStoresAndQueuesDelete"]),
    ("activate queue", &["QueuesActivate"]),
    ("stop queue", &["QueuesActivate"]),
    ("retry message", &["QueuesRetry"]),
    ("resend messages", &["QueuesRetry"]),
    ("retry JMS messages", &["QueuesRetry"]),
    ("move messages to another queue", &["QueuesRetry"]),
    ("security material", &["CredentialsRead", "CredentialsEdit", "SecurityMaterialEdit"]),
    ("deploy security material", &["CredentialsEdit", "SecurityMaterialEdit"]),
    ("user credentials", &["CredentialsRead"]),
    ("credentials", &["CredentialsRead"]),
    ("add credentials", &["CredentialsEdit"]),
    ("create user credential", &["CredentialsEdit"]),
    ("deploy credentials", &["CredentialsEdit"]),
    ("update password", &["CredentialsEdit"]),
    ("oauth2 client credentials", &["CredentialsRead", "CredentialsEdit"]),
    ("secure parameter", &["CredentialsRead", "CredentialsEdit"]),
    ("change secure parameter", &["CredentialsEdit"]),
    ("keystore", &["SecurityMaterialEdit", "MonitoringDataRead", "SecurityMaterialDownload"]),
    ("upload certificate", &["SecurityMaterialEdit"]),
    ("import keystore", &["SecurityMaterialEdit"]),
    ("renew certificate", &["SecurityMaterialEdit"]),
    ("add key pair", &["SecurityMaterialEdit"]),
    ("certificate to user mapping", &["MonitoringDataRead", "SecurityMaterialEdit"]),
    ("known hosts", &["SecurityMaterialDownload", "SecurityMaterialEdit"]),
    ("pgp", &["SecurityMaterialDownload", "SecurityMaterialEdit"]),
    ("pgp keyring", &["SecurityMaterialDownload", "SecurityMaterialEdit"]),
    ("download keystore", &["SecurityMaterialDownload"]),
    ("download private key", &["SecurityMaterialDownload"]),
    ("access policies", &["AccessPoliciesRead"]),
    ("access policy", &["AccessPoliciesRead"]),
    ("maintain access policies", &["AccessPoliciesEdit"]),
    ("create access policy", &["AccessPoliciesEdit"]),
    ("override access policies", &["AccessAllAccessPoliciesArtifacts"]),
    ("protected artifacts", &["AccessAllAccessPoliciesArtifacts"]),
    ("data archiving", &["DataArchivingRead", "DataArchivingActivate"]),
    ("activate archiving", &["DataArchivingActivate"]),
    ("external logging", &["ExternalLoggingActivationRead", "ExternalLoggingActivate"]),
    ("activate external logging", &["ExternalLoggingActivate"]),
    ("splunk", &["ExternalLoggingActivationRead", "ExternalLoggingActivate"]),
    ("partner directory", &["AuthGroup_TenantPartnerDirectoryConfigurator"]),
    ("read partner directory", &["AuthGroup_TenantPartnerDirectoryConfigurator"]),
    ("string parameters", &["AuthGroup_TenantPartnerDirectoryConfigurator"]),
    ("alternative partners", &["AuthGroup_TenantPartnerDirectoryConfigurator"]),
    ("authorized users", &["AuthGroup_TenantPartnerDirectoryConfigurator"]),
    ("b2b", &["B2bInterchangeRead"]),
    ("b2b payload", &["B2bInterchangePayloadRead"]),
    ("interchange", &["B2bInterchangeRead"]),
    ("retry interchange", &["B2bInterchangeOperate"]),
    ("trading partner management", &["B2bInterchangeRead"]),
    ("discover content", &["CatalogPackagesRead"]),
    ("copy package from discover", &["CatalogPackagesCopy"]),
    ("copy standard package", &["CatalogPackagesCopy"]),
    ("business accelerator hub", &["CatalogPackagesRead", "AuthGroup_ContentPublisher"]),
    ("read only", &["AuthGroup_ReadOnly"]),
    ("admin", &["AuthGroup_Administrator"]),
    ("administrator", &["AuthGroup_Administrator"]),
    ("full access", &["AuthGroup_Administrator"]),
    ("integration developer", &["AuthGroup_IntegrationDeveloper"]),
    ("business expert", &["AuthGroup_BusinessExpert"]),
    ("custom tags", &["AuthGroup_Administrator"]),
    ("audit log", &["AuthGroup_Administrator"]),
    ("runtime profile", &["AuthGroup_Administrator"]),
    ("transport settings", &["AuthGroup_Administrator"]),
    ("jdbc", &["CredentialsRead", "CredentialsEdit"]),
    ("jdbc data source", &["CredentialsRead", "CredentialsEdit"]),
    ("mcp", &["WorkspacePackagesRead", "MonitoringDataRead"]),
    ("mcp server", &["WorkspacePackagesRead", "MonitoringDataRead"]),
    ("403 on IntegrationPackages", &["WorkspacePackagesRead"]),
    ("POST /api/v1/IntegrationPackages", &["WorkspacePackagesEdit"]),
    ("GET /MessageProcessingLogs?$top=1", &["MonitoringDataRead"]),
    ("403 on /UserCredentials", &["CredentialsRead", "MonitoringDataRead"]),
    ("GET /api/v1/MessageProcessingLogs('AG1')/Attachments", &["MessagePayloadsRead"]),
    ("DELETE /IntegrationRuntimeArtifacts('x')", &["MonitoringArtifactsDeploy"]),
    ("GET https://x.it-cpi018.cfapps.eu10.hana.ondemand.com/api/v1/NumberRanges", &["MonitoringDataRead"]),
    ("POST /api/v1/DeployIntegrationDesigntimeArtifact?Id='x'&Version='active'", &["WorkspaceArtifactsDeploy"]),
    (
        "PUT /api/v1/IntegrationDesigntimeArtifacts(Id='x',Version='active')/$links/Configurations('host')",
        &["WorkspacePackagesConfigure"],
    ),
    ("GET /StringParameters", &["AuthGroup_TenantPartnerDirectoryConfigurator"]),
    ("GET /api/v1/DataStoreEntries", &["DataStoresAndQueuesRead"]),
    ("GET /AccessPolicies", &["AccessPoliciesRead"]),
    ("workspacepackagesedit", &["WorkspacePackagesEdit"]),
    ("packages edit", &["WorkspacePackagesEdit"]),
    ("workspace", &["WorkspacePackagesRead"]),
    ("depl", &["WorkspaceArtifactsDeploy"]),
    ("payl", &["MessagePayloadsRead"]),
    ("cred", &["CredentialsRead"]),
    ("how can i retry a jms message?", &["QueuesRetry"]),
    ("which role do I need to read the message processing logs via API", &["MonitoringDataRead"]),
    ("I want to deploy an iflow from a pipeline", &["WorkspaceArtifactsDeploy"]),
    ("forbidden when downloading an integration flow", &["WorkspacePackagesRead"]),
    ("ci/cd pipeline", &["WorkspacePackagesEdit", "WorkspaceArtifactsDeploy", "WorkspacePackagesConfigure"]),
    ("backup packages", &["WorkspacePackagesRead"]),
    ("flow status", &["MonitoringDataRead"]),
    ("restart failed message", &["QueuesRetry"]),
    ("monitor jms queues", &["DataStoresAndQueuesRead"]),
    ("check message status", &["MonitoringDataRead"]),
    ("read runtime artifacts", &["MonitoringDataRead"]),
    ("get list of iflows", &["WorkspacePackagesRead"]),
    ("see design time artifacts", &["WorkspacePackagesRead"]),
    ("copy iflow", &["WorkspacePackagesEdit"]),
    ("read attachments of message processing logs", &["MessagePayloadsRead"]),
    ("message body", &["MessagePayloadsRead"]),
    ("change queue size", &["DataStoresAndQueuesConfig"]),
    ("configure data stores", &["DataStoresAndQueuesConfig"]),
    ("create number range", &["MonitoringArtifactsDeploy"]),
    ("delete certificate", &["SecurityMaterialEdit"]),
    ("rotate certificate", &["SecurityMaterialEdit"]),
    ("add ssh key", &["SecurityMaterialEdit"]),
    ("read credentials", &["CredentialsRead"]),
    ("view deployed security material", &["MonitoringDataRead"]),
    ("set externalized parameters and deploy", &["WorkspacePackagesConfigure"]),
    ("deploy adapter", &["WorkspaceArtifactsDeploy"]),
    ("integration adapter", &["WorkspaceArtifactsDeploy"]),
    ("script collections", &["WorkspacePackagesRead", "WorkspacePackagesEdit"]),
    ("message locks delete", &["MessageProcessingLocksDelete"]),
    ("b2b interchanges", &["B2bInterchangeRead"]),
    ("edi", &["B2bInterchangeRead"]),
    ("change trace level", &["TraceConfigurationEdit"]),
    ("access protected flows", &["AccessAllAccessPoliciesArtifacts"]),
    ("start integration flow", &["WorkspaceArtifactsDeploy"]),
    ("stop integration flow", &["MonitoringArtifactsDeploy"]),
    ("get certificate", &["MonitoringDataRead"]),
    ("manage number ranges", &["MonitoringArtifactsDeploy"]),
    ("mpl attachments", &["MessagePayloadsRead"]),
    ("resend message from jms queue", &["QueuesRetry"]),
    ("log files", &["AuthGroup_Administrator", "MonitoringDataRead"]),
    ("start jms queue", &["QueuesActivate"]),
];

/// Wrong names in circulation, and the roles that do what they suggest.
const NAMES: &[(&str, &[&str])] = &[
    ("MessageProcessingLogs.Read", &["MonitoringDataRead"]),
    ("403 with MessageProcessingLogs.Read", &["MonitoringDataRead"]),
    ("MessageProcessingLogCustomHeaderRead", &["MonitoringDataRead"]),
    ("KeystoreEntries.Read", &["MonitoringDataRead"]),
    ("IntegrationContentRead", &["WorkspacePackagesRead"]),
    ("WorkspacePackagesReadDeveloper", &["WorkspacePackagesRead"]),
    ("AuthGroup.Monitoring", &["MonitoringDataRead"]),
    ("AuthGroup.Administrator", &["AuthGroup_Administrator"]),
    ("esbmessagestorage.read", &["MessagePayloadsRead"]),
    ("ESBDataStore.readPayload", &["DataStorePayloadsRead"]),
    ("NodeManager.deploycontent", &["WorkspaceArtifactsDeploy"]),
    ("PI_Administrator", &["AuthGroup_Administrator"]),
    ("PI_Integration_Developer", &["AuthGroup_IntegrationDeveloper"]),
    ("PartnerDirectoryRead", &["AuthGroup_TenantPartnerDirectoryConfigurator"]),
    ("UserRolesEdit", &[]),
    ("WorkflowDeveloper", &[]),
    ("api proxy", &[]),
    ("API Management", &[]),
    ("Event Mesh", &[]),
    ("open connectors", &[]),
];

fn found(catalogue: &Catalogue, query: &str) -> Vec<String> {
    catalogue.search(query).into_iter().map(|role| role.name.clone()).collect()
}

#[test]
fn the_right_role_comes_first_for_the_phrases_that_people_use() {
    let catalogue = loaded().catalogue;
    let mut wrong = Vec::new();
    for (query, expected) in PHRASES {
        let found = found(&catalogue, query);
        let is_near = |role: &&str| found.iter().take(expected.len() + 2).any(|name| name == role);
        if found.first().map(String::as_str) != expected.first().copied() || !expected.iter().all(is_near) {
            wrong.push(format!("{query}: {expected:?} expected, {:?} found", &found[..found.len().min(5)]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_that_circulates_leads_to_what_is_meant_and_has_a_reason() {
    let content = loaded();
    for (query, expected) in NAMES {
        assert_eq!(&found(&content.catalogue, query), expected, "{query}");
        let name = content.catalogue.name_in_search(query);
        assert!(name.is_some_and(|name| query.contains(name)), "{query}");
        let reason = name.and_then(|name| content.catalogue.why_not_a_role(name));
        assert!(reason.is_some(), "{query} has no reason");
    }
}

#[test]
fn a_search_for_plain_words_is_not_taken_for_a_name() {
    let catalogue = loaded().catalogue;
    for query in ["Administrator", "monitoring", "TPM", "UserCredentials", "MonitoringDataRead", "data stores", "", "."]
    {
        assert_eq!(catalogue.name_in_search(query), None, "{query}");
    }
}

#[test]
fn every_role_is_found_by_its_name_however_it_is_written() {
    let catalogue = loaded().catalogue;
    for role in &catalogue.roles {
        assert_eq!(found(&catalogue, &role.name), std::slice::from_ref(&role.name));
        for typed in [role.name.to_lowercase(), role.name.to_uppercase()] {
            assert_eq!(found(&catalogue, &typed).first(), Some(&role.name), "{typed}");
        }
    }
}

#[test]
fn a_search_without_a_word_that_says_anything_finds_all_roles_and_nonsense_none() {
    let catalogue = loaded().catalogue;
    for query in ["", "  ", "403", "which role do I need for the API", "((((", "///"] {
        assert_eq!(found(&catalogue, query).len(), catalogue.roles.len(), "{query}");
    }
    for query in ["zebra", "edge integration cell", "\u{1b}[31m"] {
        assert_eq!(found(&catalogue, query), [""; 0], "{query}");
    }
}

#[test]
fn a_word_in_progress_already_finds_the_role() {
    let catalogue = loaded().catalogue;
    let word = "payload";
    for end in 3..=word.len() {
        assert_eq!(found(&catalogue, &word[..end]).first().map(String::as_str), Some("MessagePayloadsRead"), "{end}");
    }
}

#[test]
fn any_text_can_be_searched_for() {
    let catalogue = loaded().catalogue;
    let config = ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() };
    let run = TestRunner::new(config).run(&".{0,80}", |query| {
        catalogue.search(&query);
        catalogue.name_in_search(&query);
        Ok(())
    });
    run.expect("no text is too strange");
}
