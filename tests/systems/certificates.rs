//! Keys with a certificate instead of a secret.

use cpikey::domain::{
    key::service_key::{self, Credential, CredentialType},
    systems::{
        system::{System, SystemId, SystemName},
        vault,
    },
    text::secret::Secret,
};
use jiff::Timestamp;

use crate::harness::Home;

/// A certificate key that is valid throughout this year.
pub fn year(year: i32) -> String {
    let pair = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["acme".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(year, 1, 1);
    params.not_after = rcgen::date_time_ymd(year + 1, 1, 1);
    let certificate = params.self_signed(&pair).unwrap();
    serde_json::json!({"oauth": {
        "clientid": "sb-3f1c9a52-aaaa-4bbb-8ccc-0123456789ab!b123|it!b45",
        "certificate": certificate.pem(),
        "key": pair.serialize_pem(),
        "url": "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com",
        "tokenurl": "https://acme.authentication.cert.eu10.hana.ondemand.com/oauth/token",
    }})
    .to_string()
}

#[test]
fn certificate_and_private_key_come_back_whole_and_say_when_they_end() {
    let now: Timestamp = "2021-06-01T00:00:00Z".parse().unwrap();
    let found = service_key::read(year(2021).as_bytes(), now).keys.remove(0);
    let key = found.key.clone().unwrap();
    let text = vault::encode(&key, None);
    assert_eq!(vault::decode(&text, now).unwrap().key, Some(key.clone()));
    let later = vault::decode(&text, "2022-06-01T00:00:00Z".parse().unwrap()).unwrap();
    assert!(later.key.is_none(), "it is judged by the time at which it is taken out");
    let system = System::of(SystemId::new([1; 16]), SystemName::new("dev").unwrap(), "", None, &found, &key).unwrap();
    assert_eq!(system.expires, Some("2022-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(system.days_left(now), Some(214));
}

#[test]
fn an_external_certificate_is_saved_together_with_its_private_key() {
    let now: Timestamp = "2021-06-01T00:00:00Z".parse().unwrap();
    let mut whole: serde_json::Value = serde_json::from_str(&year(2021)).unwrap();
    let private_key = whole["oauth"].as_object_mut().unwrap().remove("key").unwrap();
    let private_key = Secret::new(private_key.as_str().unwrap());
    let found =
        service_key::read(whole.to_string().as_bytes(), now).keys.remove(0).with_private_key(private_key.clone(), now);
    let key = found.key.clone().unwrap();
    let again = vault::decode(&vault::encode(&key, None), now).unwrap().key.unwrap();
    let Credential::Certificate { private_key: kept, .. } = &again.credential else { panic!("no certificate") };
    assert_eq!((kept.expose().trim(), &again), (private_key.expose().trim(), &key));
    let system = System::of(SystemId::new([1; 16]), SystemName::new("dev").unwrap(), "", None, &found, &key).unwrap();
    assert_eq!(system.credential, CredentialType::ExternalCertificate);
}

#[test]
fn the_list_says_how_long_a_certificate_lasts_and_holds_no_part_of_it() {
    let home = Home::new();
    home.saved_at("2021-06-01T00:00:00Z".parse().unwrap(), &[("dev", &year(2021))]);
    let done = home.run(&["systems", "list"]);
    assert!(done.stdout.contains("certificate expired ") && done.stdout.contains(" years ago"), "{}", done.stdout);
    let done = home.run(&["systems", "show", "dev"]);
    assert!(done.stdout.contains("expires      1 Jan 2022, "), "{}", done.stdout);
    assert!(done.stdout.contains("credentials  certificate\n"), "{}", done.stdout);
    for file in ["systems.toml", "secrets.sealed"] {
        let bytes = std::fs::read(home.data().join(file)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("-----BEGIN"), "{file}");
    }
}
