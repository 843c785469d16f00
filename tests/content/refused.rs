//! The table of Cloud Foundry's refusals (`tests/cf/refusals.toml`) is complete.

use std::collections::{BTreeSet, HashMap};

use cpikey::domain::finding::FindingCode;

use super::{
    docs::is_about_cloud_foundry,
    refusals::{During, Known, Place, all},
};

/// Findings that do not come from one answer, and what they come from instead.
const FROM_ELSEWHERE: &[(FindingCode, &str)] = &[
    (FindingCode::CfLoginUnusable, "the file of the cf CLI"),
    (FindingCode::CfRefreshTokenReplaced, "a login that succeeds"),
    (FindingCode::CfTlsCheckOff, "the file of the cf CLI"),
    (FindingCode::CfRoleNotOffered, "the schema of the plan"),
    (FindingCode::CfNameOtherPlan, "an instance that is there"),
    (FindingCode::CfNameOtherRoles, "an instance that is there"),
    (FindingCode::CfStillGoing, "the time"),
    (FindingCode::CfUpdateFailed, "the step of the run that failed"),
    (FindingCode::CfKeysStay, "an update that succeeds"),
    (FindingCode::CfKeyFailed, "the step of the run that failed"),
    (FindingCode::CfKeyOtherType, "a key that was created"),
    (FindingCode::CfNewKeyOlder, "the days of two keys"),
];

#[test]
fn every_finding_that_an_answer_can_lead_to_is_in_the_table() {
    let met: BTreeSet<FindingCode> = all().iter().map(|row| row.finding).collect();
    let elsewhere: BTreeSet<FindingCode> = FROM_ELSEWHERE.iter().map(|(code, _)| *code).collect();
    let both: Vec<_> = met.intersection(&elsewhere).collect();
    assert!(both.is_empty(), "these are in the table, so they do come from an answer: {both:?}");
    for code in FindingCode::ALL.iter().filter(|code| is_about_cloud_foundry(**code)) {
        assert!(met.contains(code) || elsewhere.contains(code), "no answer leads to {}", code.as_str());
    }
    assert!(met.union(&elsewhere).all(|code| is_about_cloud_foundry(*code)));
}

#[test]
fn every_row_has_what_its_place_has() {
    for row in all() {
        let has = |part: bool, belongs: bool| assert_eq!(part, belongs, "{row:?}");
        has(row.status.is_some(), row.place != Place::LastOperation);
        has(row.with.is_some(), row.place == Place::Login);
        has(row.place == Place::Login, row.during == During::Login);
        has(row.asked.is_some() && row.found.is_some(), row.place == Place::List);
        assert!(row.error.is_none() || row.place == Place::Login, "{row:?}");
        match row.place {
            Place::Job | Place::Parameters => assert!(row.code.is_some(), "{row:?}"),
            Place::Api => assert!(row.code.is_some() || !row.text.is_empty(), "{row:?}"),
            Place::Login | Place::LastOperation | Place::List => assert!(row.code.is_none(), "{row:?}"),
        }
        // Unpublished messages are made up, so their wording must not matter: any other wording has the same result.
        let is_general = [
            FindingCode::CfBrokerFailed,
            FindingCode::CfUnexpected,
            FindingCode::CfUnavailable,
            FindingCode::CfRateLimited,
            FindingCode::CfNotAnApi,
            FindingCode::CfSessionEnded,
        ]
        .contains(&row.finding);
        assert!(row.known != Known::Invented || is_general, "{row:?}");
    }
}

#[test]
fn the_same_answer_means_one_thing() {
    let mut seen = HashMap::new();
    for row in all() {
        let answer = (row.during, row.place, row.with, row.status, row.code, row.error, row.text, row.asked, row.found);
        let twin = seen.insert(answer.clone(), row.finding);
        assert_eq!(twin, None, "twice: {answer:?}");
    }
}
