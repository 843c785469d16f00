use url::Url;

use super::*;
use crate::domain::key::address::Address;

const SECRET: &str = "canary-3f1c$AbC'=";

fn address(text: &str) -> Address {
    Address::trusted(Url::parse(text).unwrap())
}

fn key() -> ServiceKey {
    ServiceKey {
        client_id: "sb-1!b2|it!b3".to_owned(),
        credential: Credential::ClientSecret(Secret::new(SECRET)),
        url: address("https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com"),
        token_url: address("https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token"),
    }
}

fn certificate_key() -> ServiceKey {
    let chain = "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n".to_owned();
    ServiceKey { credential: Credential::Certificate { chain, private_key: Secret::new("canary\nkey") }, ..key() }
}

fn target(format: Format, template: &str) -> ExportTarget {
    ExportTarget {
        id: "x".to_owned(),
        title: "X".to_owned(),
        consumer: "X".to_owned(),
        about: String::new(),
        purposes: Vec::new(),
        needs: Vec::new(),
        certificates: false,
        files: vec![FileSpec {
            name: "<<name>>.x".to_owned(),
            format,
            secret: true,
            template: template.to_owned(),
            template_without_secret: None,
            in_place_of_secret: None,
        }],
    }
}

fn rendered(target: &ExportTarget, key: &ServiceKey, with_secret: WithSecret) -> ExportedFile {
    render(target, key, with_secret).unwrap().remove(0)
}

fn text(template: &str, key: &ServiceKey) -> String {
    rendered(&target(Format::Text, template), key, WithSecret::No).expose().to_owned()
}

#[test]
fn every_form_of_an_address_is_made_from_the_two_in_the_key() {
    let said = |name: &str| text(&format!("<<{name}>>"), &key());
    for (name, value) in [
        ("host", "acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com"),
        ("url", "https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com"),
        ("api_url", "https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com/api/v1"),
        ("token_url", "https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token"),
        ("token_host", "acme-dev.authentication.eu10.hana.ondemand.com"),
        ("token_base", "https://acme-dev.authentication.eu10.hana.ondemand.com"),
        ("token_path", "/oauth/token"),
        ("client_id", "sb-1!b2|it!b3"),
        ("name", "cpi-acme-dev"),
    ] {
        assert_eq!(said(name), value, "{name}");
    }
}

#[test]
fn a_port_is_part_of_the_host_and_any_host_makes_a_name() {
    let local = ServiceKey {
        url: address("http://127.0.0.1:8080"),
        token_url: address("http://[::1]:8081/oauth/token"),
        ..key()
    };
    let said = text("<<host>> <<api_url>> <<token_host>> <<token_base>> <<name>>", &local);
    assert_eq!(said, "127.0.0.1:8080 http://127.0.0.1:8080/api/v1 [::1]:8081 http://[::1]:8081 cpi-127-0-0-1");
    let long = ServiceKey { url: address(&format!("https://{}.example", "a-".repeat(30))), ..key() };
    let name = text("<<name>>", &long);
    assert!(name.len() <= 44 && name.starts_with("cpi-a-a") && name.ends_with('a'), "{name}");
    assert_eq!(rendered(&target(Format::Text, ""), &key(), WithSecret::No).name, "cpi-acme-dev.x");
}

#[test]
fn the_secret_in_a_text_is_masked_in_debug_output() {
    for template in ["<<client_secret>>", "<<key_json>>"] {
        let file = rendered(&target(Format::Text, template), &key(), WithSecret::Yes);
        assert!(file.is_secret());
        assert!(file.expose().contains("canary"));
        assert!(!format!("{file:?}").contains("canary"));
    }
    assert!(!rendered(&target(Format::Text, "<<client_id>>"), &key(), WithSecret::Yes).is_secret());
}

#[test]
fn without_the_secret_a_placeholder_shows_where_it_goes() {
    let mut target = target(Format::Json, "<<client_secret>> <<key_json>>");
    let file = rendered(&target, &key(), WithSecret::No);
    assert!(!file.is_secret() && !file.expose().contains("canary"));
    assert_eq!(file.expose().matches(SECRET_GOES_HERE).count(), 2);
    target.files[0].in_place_of_secret = Some(String::new());
    assert!(rendered(&target, &key(), WithSecret::No).expose().starts_with("\"\" "));
    target.files[0].template_without_secret = Some("asks for it".to_owned());
    assert_eq!(rendered(&target, &key(), WithSecret::No).expose(), "asks for it");
    assert!(rendered(&target, &key(), WithSecret::Yes).is_secret());
}

#[test]
fn the_whole_key_is_one_line_and_reads_as_the_key_it_was() {
    for key in [key(), certificate_key()] {
        let target = ExportTarget { certificates: true, ..target(Format::Text, "<<key_json>>") };
        let file = rendered(&target, &key, WithSecret::Yes);
        assert_eq!(file.expose().lines().count(), 1);
        let fields = serde_json::from_str::<serde_json::Value>(file.expose()).unwrap()["oauth"].take();
        assert_eq!((&fields["clientid"], &fields["url"]), (&key.client_id.as_str().into(), &key.url.as_str().into()));
        assert_eq!(fields["tokenurl"], key.token_url.as_str());
        match &key.credential {
            Credential::ClientSecret(secret) => assert_eq!(fields["clientsecret"], secret.expose()),
            Credential::Certificate { chain, private_key } => {
                assert_eq!(
                    (&fields["certificate"], &fields["key"]),
                    (&chain.as_str().into(), &private_key.expose().into())
                );
            }
        }
        let without = rendered(&target, &key, WithSecret::No);
        assert!(!without.is_secret() && !without.expose().contains("canary"), "{}", without.expose());
    }
}

#[test]
fn a_certificate_is_not_exported_for_a_consumer_that_takes_secrets_only() {
    let target = target(Format::Text, "<<client_secret>>");
    assert!(target.takes(&key()) && !target.takes(&certificate_key()));
    let error = render(&target, &certificate_key(), WithSecret::Yes).unwrap_err();
    assert_eq!(error, ExportError::NeedsClientSecret { consumer: "X".to_owned() });
}

#[test]
fn a_secret_that_a_format_cannot_hold_is_refused_and_not_shown() {
    let odd = ServiceKey { credential: Credential::ClientSecret(Secret::new("canary'`\"#")), ..key() };
    let error = render(&target(Format::Dotenv, "A=<<client_secret>>"), &odd, WithSecret::Yes).unwrap_err();
    assert_eq!(error, ExportError::NotExpressible { file: "cpi-acme-dev.x".to_owned(), field: Field::ClientSecret });
    assert!(!format!("{error:?}{:?}", error.explain(Words::default())).contains("canary"));
}
