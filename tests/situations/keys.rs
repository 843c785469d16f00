//! Situations of the key itself. Unusable keys are never sent anywhere.

use jiff::{ToSpan as _, tz::TimeZone};
use rcgen::date_time_ymd;
use serde_json::json;

use crate::{
    scene::{API_HOST, CERT_HOST, ID, Scene, TOKEN_HOST, certified, identity, key, sap},
    support::{
        CANARY,
        proxy::Conduct,
        tls::{Authority, Identity, client},
    },
};

/// The key for SAP's hosts with one part of its text replaced.
fn sap_with(from: &str, to: &str) -> Scene {
    let text = sap().to_string();
    assert!(text.contains(from), "{from}");
    Scene::text(text.replace(from, to))
}

/// A key for SAP's hosts with a certificate, changed by `change`.
fn spoilt(change: impl FnOnce(&mut Identity)) -> Scene {
    let mut own = identity(&Authority::new("CA"));
    change(&mut own);
    Scene::text(
        certified(&format!("https://{API_HOST}"), &format!("https://{CERT_HOST}/oauth/token"), &own).to_string(),
    )
}

/// A client certificate whose last day is `days` from today.
fn lasting(authority: &Authority, days: i64) -> Identity {
    let day = jiff::Timestamp::now().to_zoned(TimeZone::UTC).saturating_add(days.days());
    let mut params = client("sb-client");
    params.not_after = date_time_ymd(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs());
    authority.sign(&params)
}

pub async fn set(id: &str) -> Option<Scene> {
    Some(match id {
        "key-empty" => Scene::text(" \r\n"),
        "key-too-large" => Scene::text(vec![b'x'; 256 * 1024 + 1]),
        "key-not-text" => Scene::text(b"{\"oauth\":\xff}".to_vec()),
        "key-not-json" => sap_with("\"clientsecret\"", "clientsecret\""),
        "key-cut-off" => sap_with("ondemand.com/oauth/token\"}}", ""),
        "key-not-a-key" => Scene::text(r#"{"name":"acme","version":3}"#),
        "key-field-missing" => sap_with(CANARY, ""),
        "key-field-unusable" => Scene::text(
            json!({"oauth": {"clientid": CANARY, "clientsecret": ID, "url": format!("https://{API_HOST}"),
                "tokenurl": format!("https://{TOKEN_HOST}/oauth/token")}})
            .to_string(),
        ),
        "key-is-parameters" => Scene::text(r#"{"roles":["MonitoringDataRead"],"grant-types":["client_credentials"]}"#),
        "key-is-placeholder" => sap_with(API_HOST, "<your-tenant>.hana.ondemand.com"),
        "wrong-plan" => {
            sap_with("|it!b5678", "|it-rt-acme!b5678").rewritten(|text| text.replace("it-cpi018.", "it-cpi018-rt."))
        }
        "key-is-api-management" => Scene::text(
            json!({"url": "https://eu10.apiportal.cfapps.eu10.hana.ondemand.com", "tokenUrl": format!("https://{TOKEN_HOST}/oauth/token"),
                "clientId": "sb-apiaccess!b1|api-portal-xsuaa!b2", "clientSecret": CANARY})
            .to_string(),
        ),
        "key-is-xsuaa" => Scene::text(
            json!({"clientid": "sb-app!t1", "clientsecret": CANARY, "url": format!("https://{TOKEN_HOST}"),
                "xsappname": "app!t1", "uaadomain": "authentication.eu10.hana.ondemand.com"})
            .to_string(),
        ),
        "key-is-destination" => Scene::text(
            json!({"clientid": "sb-clone!b1|destination-xsappname!b2", "clientsecret": CANARY,
                "uri": "https://destination-configuration.cfapps.eu10.hana.ondemand.com", "url": format!("https://{TOKEN_HOST}")})
            .to_string(),
        ),
        "key-is-other-service" => Scene::text(
            json!({"hostname": "db.example", "port": "5432", "username": "acme", "password": CANARY,
                "uri": "postgres://db.example:5432/acme"})
            .to_string(),
        ),
        "key-is-neo" => sap_with(API_HOST, "a1b2c3-tmn.hci.eu2.hana.ondemand.com"),
        "secret-truncated" => sap_with(CANARY, CANARY.split('$').next().unwrap()),
        "value-encoded" => sap_with(CANARY, &CANARY.replace('$', "%24")),
        "value-escaped" => sap_with(CANARY, &CANARY.replace('$', "\\\\$")),
        "value-quoted" => sap_with(CANARY, &CANARY.replace('$', "'$'")),
        "value-broken" => sap_with(CANARY, &CANARY.replace("0123456789_AbCdEfGhIjKlMnOpQrStUvWx=", " 01")),
        "certificate-unreadable" => spoilt(|own| own.pem = own.pem.replace("-----END CERTIFICATE-----", "")),
        "certificate-expired" => spoilt(|own| *own = lasting(&Authority::new("CA"), -10)),
        "certificate-not-yet-valid" => spoilt(|own| {
            let mut params = client("sb-client");
            params.not_before = date_time_ymd(2099, 1, 1);
            *own = Authority::new("CA").sign(&params);
        }),
        "certificate-key-mismatch" => spoilt(|own| own.key_pem = identity(&Authority::new("CA")).key_pem),
        "private-key-missing" => spoilt(|own| own.key_pem = String::new()),
        "private-key-unreadable" => spoilt(|own| own.key_pem = "-----BEGIN PRIVATE KEY-----\n".to_owned()),
        "private-key-of-another-certificate" => {
            let scene = spoilt(|own| own.key_pem = String::new());
            Scene { private_key: Some(identity(&Authority::new("CA")).key_pem), ..scene }
        }
        "url-not-https" => sap_with(&format!("https://{TOKEN_HOST}"), &format!("http://{TOKEN_HOST}")),
        "url-unusable" => sap_with(&format!("https://{API_HOST}"), "https://user:pw@acme.example:99999"),
        "url-is-runtime-host" => sap_with("it-cpi018.", "it-cpi018-rt."),
        "url-is-web-ui" => sap_with("it-cpi018.cfapps.eu10-003", "integrationsuite.cfapps.eu10"),
        "url-is-cockpit" => sap_with(API_HOST, "emea.cockpit.btp.cloud.sap/cockpit/#/globalaccount/0"),
        "url-is-gateway" => sap_with(API_HOST, "acme-c2a4a4f2.a.integration.cloud.sap/orders"),
        "url-is-other-service" => sap_with(API_HOST, TOKEN_HOST),
        "url-is-edge-cell" => sap_with(API_HOST, "edge.plant1.example.com/local/api/v1"),
        "token-url-is-other-service" => sap_with(TOKEN_HOST, "login.cf.eu10.hana.ondemand.com"),
        "host-unknown" => Scene::named("login.acme.example", "api.acme.example", Conduct::To).await,
        "hosts-disagree" => Scene::named("acme.authentication.us10.hana.ondemand.com", API_HOST, Conduct::To).await,
        "url-trimmed" => Scene::works().await.rewritten(|text| {
            let key: serde_json::Value = serde_json::from_str(&text).unwrap();
            let url = key["oauth"]["url"].as_str().unwrap();
            text.replace(&format!("\"{url}\""), &format!("\"{url}/api/v1/\""))
        }),
        "token-path-added" => Scene::works().await.rewritten(|text| text.replace("/oauth/token", "")),
        "http-loopback" => Scene::works().await,
        "key-unwrapped" => {
            use base64::Engine as _;
            Scene::works().await.rewritten(|text| base64::engine::general_purpose::STANDARD.encode(text))
        }
        "key-mended" => Scene::works().await.rewritten(|text| text.replace("}}", ",}}")),
        "secret-trimmed" => Scene::works().await.rewritten(|text| text.replace(CANARY, &format!("{CANARY}\\n"))),
        "secret-dollar-doubled" => Scene::works().await.rewritten(|text| text.replace(CANARY, &CANARY.replace('$', "$$"))),
        "secret-unusual" => Scene::works().await.rewritten(|text| text.replace(CANARY, "in'vented-secret")),
        "key-field-twice" => {
            let twice = format!("\"clientsecret\":\"{CANARY}\",\"clientsecret\"");
            Scene::works().await.rewritten(|text| text.replace("\"clientsecret\"", &twice))
        }
        "runtime-key-left-out" => Scene::works().await.rewritten(|text| {
            let key: serde_json::Value = serde_json::from_str(&text).unwrap();
            let field = |name: &str| key["oauth"][name].as_str().unwrap().to_owned();
            let (url, token, id) = (field("url"), field("tokenurl"), field("clientid"));
            format!(
                "API_URL={url}\nAPI_CLIENT_ID={id}\nAPI_CLIENT_SECRET={CANARY}\nTOKEN_URL={token}\n\
                 RT_CLIENT_ID=sb-1!b1|it-rt-acme!b2\nRT_CLIENT_SECRET=x\nRT_URL={url}\n"
            )
        }),
        "key-in-state" => Scene::works().await.rewritten(|text| {
            json!({"version": 4, "terraform_version": "1.11.0", "resources":
                [{"instances": [{"attributes": {"credential_binding": text}}]}]})
            .to_string()
        }),
        "several-keys" => Scene::works().await.rewritten(|text| format!("DEV:\n{text}\n\nQAS:\n{}\n", sap())),
        "several-keys-one-broken" => {
            let broken = key("https://", "https://");
            Scene::works().await.rewritten(|text| format!("DEV:\n{broken}\n\nQAS:\n{text}\n"))
        }
        "certificate-key" => Scene::mutual(identity).await,
        "certificate-expires-soon" => Scene::mutual(|authority| lasting(authority, 10)).await,
        "certificate-of-ones-own" => {
            let mut private_key = String::new();
            let scene = Scene::mutual(|authority| {
                let own = identity(authority);
                private_key = own.key_pem.clone();
                Identity { key_pem: String::new(), ..own }
            })
            .await;
            Scene { private_key: Some(private_key), ..scene }
        }
        "certificate-not-taken" => Scene::mutual(|_| identity(&Authority::new("Other CA"))).await,
        "certificate-host-discovered" => {
            let text = |own: &Identity| {
                certified(&format!("https://{API_HOST}"), &format!("https://{TOKEN_HOST}/oauth/token"), own).to_string()
            };
            let key = text(&identity(&Authority::new("CA")));
            Scene::named(TOKEN_HOST, API_HOST, Conduct::To).await.by_environment().rewritten(|_| key)
        }
        _ => return None,
    })
}
