//! The pages of the guide cover both guides that the program implements.

use cpikey::domain::{content::Content, sap::guide::Instruction};

use super::{assert_unique, loaded};

fn instruction<'a>(content: &'a Content, place: &str) -> &'a Instruction {
    let found = place
        .split_once('/')
        .and_then(|(page, id)| content.page(page)?.steps.iter().find(|instruction| instruction.id == id));
    found.unwrap_or_else(|| panic!("there is no instruction {place}"))
}

/// Steps of the guides: what they say, where this program says it, and a phrase that must appear there.
const GUIDES: &[(&str, &str, &str)] = &[
    ("first, 1: log in to the cockpit", "create-instance/log-in", "{cockpit}"),
    ("first, 1: the subaccount with Cloud Integration", "create-instance/log-in", "subaccount"),
    ("first, 2: Service Marketplace", "create-instance/marketplace", "Services > Service Marketplace"),
    ("first, 2: search for the service", "create-instance/marketplace", "{service}"),
    ("first, 3: Create on the tile", "create-instance/create", "Create"),
    ("first, 3: a dedicated instance", "create-instance/create", "even if others exist"),
    ("first, 4: the service", "create-instance/service", "{service}"),
    ("first, 4: the plan, and why not the other", "create-instance/plan", "integration-flow"),
    ("first, 4: the instance name", "create-instance/name", "{instance}"),
    ("first, 4: Next", "create-instance/next", "Next"),
    ("first, 5: the roles as JSON", "create-instance/roles", "{parameters}"),
    ("first, 5: Create", "create-instance/finish", "Create"),
    ("first, 6: find the instance", "create-key/find", "Instances and Subscriptions"),
    ("first, 6: three dots, Create Service Key", "create-key/menu", "Create Service Key"),
    ("first, 7: the name of the key", "create-key/name", "{key}"),
    ("first, 7: Create", "create-key/create", "Create"),
    ("first, 8: copy the credentials", "create-key/copy", "whole"),
    ("first, 8: url", "create-key/fields", "`url`"),
    ("first, 8: clientid", "create-key/fields", "`clientid`"),
    ("first, 8: clientsecret", "create-key/fields", "`clientsecret`"),
    ("first, 8: tokenurl", "create-key/fields", "`tokenurl`"),
    ("first, 8: store securely", "create-key/store", "password manager"),
    ("first, tip: Quick Fill", "create-key/next", "Quick Fill"),
    ("second: Instances and Subscriptions, Create", "create-instance/create", "Services > Instances and Subscriptions"),
    ("second: service", "create-instance/service", "{service}"),
    ("second: plan", "create-instance/plan", "{plan}"),
    ("second: a name for the command line", "create-instance/name", "command line"),
    ("second: Next", "create-instance/next", "Next"),
    ("second: what password does", "create-instance/grant-types", "basic authentication"),
    ("second: Form and JSON", "create-instance/json", "switch between them"),
    ("second: paste the roles", "create-instance/roles", "{parameters}"),
    ("second: Create", "create-instance/finish", "Create"),
    ("second: wait", "create-instance/wait", "Wait"),
    ("second: the pane and its Service Keys", "create-key/menu", "pane opens on the right"),
    ("second: a name, Create", "create-key/name", "{key}"),
    ("second: client id, client secret, token url", "create-key/fields", "tokenurl"),
    ("second: tokenurl is at the bottom", "create-key/fields", "at the bottom"),
    ("second: tenant management hostname", "create-key/hosts", "Tenant management hostname"),
    ("second: where developers work", "create-key/hosts", "web user interface"),
];

#[test]
fn every_step_of_both_guides_is_in_the_program() {
    let content = loaded();
    for (said, place, word) in GUIDES {
        let instruction = instruction(&content, place);
        let texts = format!("{} {}", instruction.text, instruction.why);
        assert!(texts.contains(word), "{said}: {place} does not say {word:?}");
    }
    let transporter = content.purpose("cpi-transporter").expect("it exists").next.join(" ");
    assert!(transporter.contains("Add a new CPI system") && transporter.contains("Quick Fill with JSON"));
    let explorer = content.purpose("cpi-explorer").expect("it exists").next.join(" ");
    assert!(explorer.contains("Tenant management hostname") && explorer.contains("{host}"));
}

/// Statements of the guides that are wrong or outdated: where this program corrects them, and a phrase of the correction.
const CORRECTIONS: &[(&str, &str, &str)] = &[
    ("first: roles are assigned to the key", "create-instance/roles", "the key has none"),
    ("first: or through a role collection", "create-instance/roles", "role collections play no part"),
    ("first: url as on Neo", "create-key/fields", "-tmn.hci is from Neo"),
    ("first: fields at the top level", "create-key/fields", "under `oauth`"),
    ("first: no word about certificates", "create-key/type", "a private key instead of the secret"),
    ("first: no grant types in the JSON", "create-instance/grant-types", "Leave the grant types"),
    ("second: password makes basic authentication work", "create-instance/grant-types", "does not enable basic"),
    ("second: client_id, client_secret", "create-key/fields", "no underscore"),
];

#[test]
fn the_program_corrects_what_the_guides_get_wrong() {
    let content = loaded();
    for (said, place, word) in CORRECTIONS {
        let instruction = instruction(&content, place);
        let texts = format!("{} {}", instruction.text, instruction.why);
        assert!(texts.contains(word), "{said}: {place} does not say {word:?}");
    }
    let note = |role: &str| content.catalogue.get(role).map(|role| role.note.clone()).expect("it exists");
    assert!(note("AccessAllAccessPoliciesArtifacts").contains("AccessPoliciesEdit does"), "it maintains no policies");
    assert!(note("WorkspacePackagesEdit").contains("advises against it on test"), "not for target tenants");
    assert!(note("AuthGroup_ContentPublisher").to_lowercase().contains("customers"), "not for customers");
    let old = content.purpose("guide-2021").expect("it exists");
    assert!(old.about.contains("nine newer roles") && old.warning.contains("far more than most"));
    assert!(old.about.contains("nothing to do with sending client id and secret as basic"));
    let users = content.link("managing-user-roles").expect("it exists");
    assert!(users.note.contains("integration-flow"), "{}", users.note);
}

#[test]
fn whatever_fails_at_the_broker_or_in_the_cockpit_has_an_answer() {
    let content = loaded();
    let troubles: String = content
        .pages
        .iter()
        .flat_map(|page| &page.troubles)
        .map(|trouble| format!("{} {}\n", trouble.when, trouble.then))
        .collect();
    for word in [
        "no entitlement",
        "Space Developer",
        "parameters are not valid",
        "Internal Server Error",
        "name is taken",
        "Creation Failed",
        "client_x509",
        "|it-rt-",
        "There is no clientsecret",
        "DigiCert Global Root G2",
        "provisioned a tenant",
        "SAP/btp",
        "Edge Integration Cell",
        "no dollar sign",
        "still missing after an hour",
        "The instance cannot be deleted",
        "5 to 39 days",
        "remove it and add it again",
        "replace it automatically",
        "replaces the failed one",
        "API Endpoint",
        "90 days",
        "The booster reports a failure",
        "only then the subscription",
        "has leaked",
        "trial",
        "Neo",
    ] {
        assert!(troubles.contains(word), "{word}");
    }
}

#[test]
fn the_pages_that_the_second_guide_names_are_linked() {
    let content = loaded();
    for id in [
        "oauth-client-credentials",
        "basic-idp-user",
        "integration-advisor-credentials",
        "managing-user-roles",
        "tasks-and-permissions",
        "technical-user",
        "accessing-runtime",
        "self-service-enablement",
        "guide-2021",
    ] {
        assert!(content.link(id).is_some(), "{id}");
    }
}

#[test]
fn each_page_has_steps_with_names_of_their_own() {
    let content = loaded();
    let pages: Vec<&str> = content.pages.iter().map(|page| page.id.as_str()).collect();
    assert_eq!(pages, ["subaccount", "create-instance", "create-key", "update-instance", "rotate-key", "delete"]);
    for page in content.pages.iter() {
        assert!(!page.steps.is_empty() && !page.troubles.is_empty(), "{}", page.id);
        assert_unique("instruction", page.steps.iter().map(|step| step.id.as_str()));
        assert_unique("tick", page.ticks.iter().map(|tick| tick.id.as_str()));
        let covered: Vec<&str> = page.ticks.iter().flat_map(|tick| &tick.covers).map(String::as_str).collect();
        let steps: Vec<&str> = page.steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(covered, steps, "{}: every instruction belongs to one box, in the same order", page.id);
    }
}

#[test]
fn the_guide_says_that_roles_belong_to_the_instance() {
    let content = loaded();
    let roles = &instruction(&content, "create-instance/roles").why;
    assert!(roles.contains("belong to the instance"), "{roles}");
    let kind = &instruction(&content, "create-key/type").why;
    assert!(kind.contains("No roles are entered here"), "{kind}");
}
