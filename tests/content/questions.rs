//! Questions from public trackers and forums, and where the guide answers them.

use cpikey::{
    domain::sap::guide_search::{Answer, search},
    words::Words,
};

use super::loaded;

/// A question as users ask it, and the part of the guide that must be the first answer.
const QUESTIONS: &[(&str, &str)] = &[
    // The instance cannot be created.
    (
        "You have not provisioned a tenant for Process Integration service or activated the Cloud Integration capability",
        "create-instance/not-provisioned",
    ),
    ("broker says tenant not provisioned", "create-instance/not-provisioned"),
    ("the booster failed", "create-instance/booster-failed"),
    ("Service broker error: Internal Server Error", "create-instance/broker-error"),
    ("502 bad gateway from the service broker", "create-instance/broker-error"),
    ("status CREATE FAILED", "create-instance/creation-failed"),
    ("the service instance name is taken", "create-instance/name-taken"),
    ("Activation of Cloud Integration capability has failed", "subaccount/activation-failed"),
    ("organization not found after cf login", "subaccount/api-address"),
    ("The organization is suspended", "subaccount/trial-account"),
    ("entitlement is there without effect", "create-instance/no-tile"),
    // Deleting.
    ("how do I unsubscribe from Integration Suite", "delete/leaving"),
    ("the key is getting deleted or its deletion failed", "delete/key-name-held"),
    ("invalid input parameters", "create-instance/parameters-refused"),
    // Replacing a key.
    ("how do I rotate a service key", "rotate-key/second"),
    ("the certificate expired and nobody told us", "rotate-key/expired"),
    ("how long is a key valid", "rotate-key/when-to-replace"),
    ("our secret leaked", "rotate-key/secret-leaked"),
    // The key does not work.
    ("401 Bad credentials", "create-key/bad-credentials"),
    ("Jenkins changes the dollar sign in the client secret", "create-key/bad-credentials"),
    // Tools that do not support it.
    ("terraform btp provider service instance in Cloud Foundry", "create-instance/no-btp"),
    ("terraform does not read the parameters back", "create-instance/no-btp"),
    ("btp create services/instance", "create-instance/no-btp"),
    // The service is missing.
    ("Process Integration Runtime is not in the marketplace", "create-instance/no-tile"),
    ("the plan api is missing", "create-instance/no-plan"),
    ("where do I add the entitlement", "subaccount/entitlement"),
    // Permissions.
    ("role assigned but still 403 Forbidden", "update-instance/role-still-missing"),
    ("the API returns 403", "update-instance/role-still-missing"),
    ("which role do I need for which task", "create-instance/which-role"),
    // The form of the key.
    ("which field is the token url", "create-key/fields"),
    ("what is the tenant management hostname", "create-key/hosts"),
    ("cf service-key wraps it in credentials", "create-key/read-by-command"),
    ("no clientsecret in the key", "create-key/no-secret"),
    // Neo.
    ("our tenant is on Neo", "subaccount/tenant-on-neo"),
];

fn place(answer: &Answer<'_>) -> String {
    format!("{}/{}", answer.page.id, answer.place.id())
}

#[test]
fn every_recurring_question_leads_to_its_answer() {
    let content = loaded();
    let wrong: Vec<String> = QUESTIONS
        .iter()
        .filter_map(|(question, expected)| {
            let found: Vec<String> = search(&content.pages, question, Words::default()).iter().map(place).collect();
            (found.first().map(String::as_str) != Some(expected))
                .then(|| format!("{question}: {expected}, not {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_word_that_is_nowhere_in_the_guide_finds_nothing() {
    assert_eq!(search(&loaded().pages, "zebra", Words::default()), []);
    assert_eq!(search(&loaded().pages, " the ", Words::default()), []);
}
