use std::sync::LazyLock;

use super::*;
use crate::domain::{
    cf::place::{Organization, Space},
    content::Content,
    sap::{
        key_parameters::{KeyParameters, KeyType},
        parameters::InstanceParameters,
        plan::PlanId,
        purpose::next_tick,
    },
    text::{mask::Mask, secret::Secret},
};

static CONTENT: LazyLock<Content> = LazyLock::new(crate::content::load);

/// Every field has a distinct value.
fn full() -> Progress {
    let purpose = CONTENT.purpose("ci-cd").unwrap();
    let mut parameters = InstanceParameters::new(PlanId::Api).with_roles(purpose.role_names());
    parameters.set_grant_types(["client_credentials", "authorization_code"]);
    parameters.set_redirect_uris(["https://example.com/callback"]);
    parameters.set_token_validity(3600);
    let page = &CONTENT.pages[0];
    Progress {
        saved_at: "2026-11-26T16:20:00Z".parse().unwrap(),
        step: StepId::Create,
        reached: StepId::Key,
        visited: vec![StepId::Purpose, StepId::Roles],
        draft: Draft {
            purpose: Some("ci-cd".to_owned()),
            parameters,
            instance: "CICD_API_Access".to_owned(),
            region: "eu10-003".to_owned(),
            org: "acme \u{65e5}\u{672c}".to_owned(),
            space: "dev".to_owned(),
            key_name: "ci-key".to_owned(),
            key_parameters: KeyParameters {
                validity: 90,
                key_length: 4096,
                ..KeyParameters::new(KeyType::Certificate)
            },
            ticks: [page.tick_id(&page.ticks[0]), next_tick(Some("ci-cd"), 0), next_tick(None, 1)].into(),
        },
        cloud: Some(CloudProgress {
            place: Place {
                api: "https://api.cf.eu10-003.hana.ondemand.com".to_owned(),
                org: Organization { guid: "o".to_owned(), name: "acme".to_owned(), is_suspended: false },
                space: Space { guid: "s".to_owned(), name: "dev".to_owned() },
            },
            things: vec![
                Thing { kind: Kind::Instance, name: "CICD_API_Access".to_owned(), guid: Some("i".to_owned()) },
                Thing { kind: Kind::Key, name: "ci-key".to_owned(), guid: None },
            ],
        }),
    }
}

fn read(text: &str) -> Result<Progress, ProgressDamage> {
    Progress::from_json(text.as_bytes())
}

#[test]
fn what_is_written_is_read_again() {
    for progress in [full(), Progress::default()] {
        assert_eq!(read(&progress.to_json()), Ok(progress.clone()));
        let fitted = progress.clone().fit(&CONTENT);
        assert_eq!((fitted.progress, fitted.dropped), (progress, Vec::new()));
    }
}

#[test]
fn a_file_of_another_program_or_of_a_newer_one_is_no_progress() {
    assert_eq!(read("{}"), Err(ProgressDamage::Foreign));
    assert_eq!(read("{\"version\":2,\"tabs\":[]}"), Err(ProgressDamage::Newer(2)));
    for text in ["", "null", "[1]", "{\"version\":1}", "{\"version\":\"1\"}", "{\"version\":1,", "\u{0}"] {
        assert!(matches!(read(text), Err(ProgressDamage::Unreadable(_))), "{text:?}");
    }
    assert!(matches!(Progress::from_json(b"\xff\xfe"), Err(ProgressDamage::Unreadable(_))));
    let more = full().to_json().replacen("\"space\"", "\"secret\": \"x\",\n  \"space\"", 1);
    assert!(matches!(read(&more), Err(ProgressDamage::Unreadable(_))));
}

#[test]
fn every_damage_is_a_sentence_of_its_own() {
    let words = CONTENT.words;
    let undated = read(&full().to_json().replacen("\"saved_at\": \"2", "\"saved_at\": \"x", 1)).unwrap_err();
    assert_eq!(undated, ProgressDamage::Undated);
    let damages = [ProgressDamage::Foreign, ProgressDamage::Newer(7), read("x").unwrap_err(), undated];
    let texts: std::collections::HashSet<String> = damages.iter().map(|damage| damage.text(words)).collect();
    assert_eq!(texts.len(), damages.len());
    assert!(ProgressDamage::Newer(7).text(words).contains('7'));
}

#[test]
fn choices_that_no_longer_exist_are_dropped_and_named() {
    let mut old = full();
    old.draft.purpose = Some("purpose-of-2019".to_owned());
    old.draft.parameters.roles.push("RoleOf2019".to_owned());
    old.draft.ticks.insert("page-of-2019/step".to_owned());
    old.draft.ticks.extend([next_tick(Some("purpose-of-2019"), 0), next_tick(Some("ci-cd"), 99)]);
    let Fitted { progress, dropped } = old.fit(&CONTENT);
    let named: Vec<&str> = dropped.iter().map(Dropped::as_str).collect();
    assert_eq!(named, ["purpose-of-2019", "RoleOf2019"]);
    assert_eq!(progress, Progress { draft: Draft { purpose: None, ..full().draft }, ..full() });
}

#[test]
fn control_characters_and_endless_names_in_the_file_are_made_harmless() {
    let draft = Draft { instance: "a\u{1b}[31mb".to_owned(), org: "x".repeat(100_000), ..full().draft };
    let progress = Progress { draft, ..full() };
    let read = read(&progress.to_json()).unwrap();
    assert!(!read.draft.instance.contains('\u{1b}'));
    assert!(read.draft.org.len() < 300);
}

#[test]
fn a_secret_in_the_field_of_a_name_is_left_out() {
    const SECRET: &str = "11111111-2222-4333-8444-555555555555$canary_canary_canary=";
    let mut mask = Mask::default();
    mask.add(&Secret::new("another-secret-of-no-form"));
    for secret in [
        SECRET,
        "x another-secret-of-no-form",
        "{\"clientsecret\":\"canary\"}",
        "-----BEGIN PRIVATE KEY-----canary",
        "sb-0a1b2c3d!b1234|it!b5678",
    ] {
        let mut progress = full();
        progress.draft.parameters.redirect_uris.push(format!("https://example.com/{secret}"));
        progress.draft.parameters.roles.push(secret.to_owned());
        progress.draft.instance = secret.to_owned();
        progress.draft.org = format!("org {secret}");
        progress.draft.space = secret.to_owned();
        progress.draft.region = secret.to_owned();
        progress.draft.key_name = secret.to_owned();
        let written = progress.without_secrets(&mask).to_json();
        assert!(!written.contains("canary") && !written.contains("no-form") && !written.contains("sb-"), "{written}");
        assert!(written.contains("https://example.com/callback"));
    }
    assert_eq!(full().without_secrets(&mask), full());
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let _ = Progress::from_json(&bytes);
    }

    #[test]
    fn a_file_that_is_cut_off_is_never_read(at in 0usize..600) {
        let text = full().to_json();
        if let Some(part) = text.get(..at.min(text.len() - 3)) {
            proptest::prop_assert!(read(part).is_err());
        }
    }
}
