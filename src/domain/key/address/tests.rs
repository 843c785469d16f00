use proptest::prelude::*;

use super::*;
use crate::{domain::text::shown::Shown as _, words::Words};

/// The accepted URL with the codes of its findings, or the code of the refusal.
fn come_of(read: Checked) -> String {
    match read {
        Ok((address, findings)) => {
            let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
            format!("{address} {}", codes.join(" ")).trim_end().to_owned()
        }
        Err(finding) => finding.code.as_str().to_owned(),
    }
}

fn api(text: &str) -> Address {
    Address::parse_api(text).map(|(address, _)| address).unwrap_or_else(|finding| panic!("{text}: {finding:?}"))
}

fn host_of(text: &str) -> Address {
    Address::recognise(text).unwrap_or_else(|| panic!("{text}"))
}

const API: &str = "https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com";
const TOKEN: &str = "https://acme.authentication.eu10.hana.ondemand.com/oauth/token";

#[test]
fn addresses_of_the_api_are_taken_trimmed_or_refused() {
    for (text, expected) in [
        (API, API.to_owned()),
        ("HTTPS://ACME.IT-CPI018.CFAPPS.EU10-003.HANA.ONDEMAND.COM", API.to_owned()),
        ("https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com:443", API.to_owned()),
        ("https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com.", API.to_owned()),
        (" https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com\n", API.to_owned()),
        ("https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com/", format!("{API} url-trimmed")),
        ("https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com/api/v1", format!("{API} url-trimmed")),
        ("https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com/api/v1/", format!("{API} url-trimmed")),
        ("https://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com/itspaces?a=b#c", format!("{API} url-trimmed")),
        ("acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com", format!("{API} key-mended")),
        ("acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com/api/v1", format!("{API} key-mended url-trimmed")),
        (
            "https://acme.it-cpi010.cpi.cn40.apps.platform.sapcloud.cn/api/v1",
            "https://acme.it-cpi010.cpi.cn40.apps.platform.sapcloud.cn url-trimmed".into(),
        ),
        ("https://acme.it-cpi010-rt.cpi.cn40.apps.platform.sapcloud.cn/http/x", "url-is-runtime-host".into()),
        ("https://acme.integrationsuite.cpi.cn20.apps.platform.sapcloud.cn", "url-is-web-ui".into()),
        (
            "https://acme.it-cpi.cfapps.cn40.platform.sapcloud.cn",
            "https://acme.it-cpi.cfapps.cn40.platform.sapcloud.cn".into(),
        ),
        ("https://acme.it-cpi018-rt.cfapps.eu10-003.hana.ondemand.com", "url-is-runtime-host".into()),
        ("https://acme.it-cpi018-rt.cfapps.eu10-003.hana.ondemand.com/http/x", "url-is-runtime-host".into()),
        ("https://acme.integrationsuite.cfapps.eu10-003.hana.ondemand.com/shell", "url-is-web-ui".into()),
        ("https://acme.integrationsuite-trial.cfapps.us10.hana.ondemand.com", "url-is-web-ui".into()),
        ("https://emea.cockpit.btp.cloud.sap/cockpit/#/globalaccount/0", "url-is-cockpit".into()),
        ("https://cockpit.cn40.platform.sapcloud.cn/cockpit", "url-is-cockpit".into()),
        ("https://account.hana.ondemand.com/cockpit", "url-is-cockpit".into()),
        ("https://cockpit.hanatrial.ondemand.com/trial", "url-is-cockpit".into()),
        ("https://acme-c2a4a4f2.a.integration.cloud.sap/bapi_po", "url-is-gateway".into()),
        (TOKEN, "url-is-other-service".into()),
        ("https://eu10.apiportal.cfapps.eu10.hana.ondemand.com", "url-is-other-service".into()),
        ("https://acme.prod.apimanagement.eu10.hana.ondemand.com/x", "url-is-other-service".into()),
        ("https://api.cf.eu10.hana.ondemand.com", "url-is-other-service".into()),
        ("https://acme.accounts.ondemand.com", "url-is-other-service".into()),
        ("https://edge.plant1.example.com/local/api/v1", "url-is-edge-cell".into()),
        ("edge.plant1.example.com/local", "url-is-edge-cell".into()),
        ("https://edge.plant1.example.com:8443/api/eic/v1", "url-is-edge-cell".into()),
        ("https://edge.plant1.example.com/locality", "https://edge.plant1.example.com url-trimmed host-unknown".into()),
        // Anyone can deploy an application under `cfapps`.
        (
            "https://proxy.cfapps.eu10.hana.ondemand.com",
            "https://proxy.cfapps.eu10.hana.ondemand.com host-unknown".into(),
        ),
        ("https://cpi.example.com", "https://cpi.example.com host-unknown".into()),
        ("https://hana.ondemand.com", "https://hana.ondemand.com host-unknown".into()),
        ("https://hana.ondemand.com.evil.io", "https://hana.ondemand.com.evil.io host-unknown".into()),
        ("https://evilhana.ondemand.com", "https://evilhana.ondemand.com host-unknown".into()),
        ("https://x.platform.sapcloud.cn.evil.io", "https://x.platform.sapcloud.cn.evil.io host-unknown".into()),
        (
            "https://a.it-x.cfapps.eu10.hana-ondemand.com",
            "https://a.it-x.cfapps.eu10.hana-ondemand.com host-unknown".into(),
        ),
        ("https://xn--hna-6na.ondemand.com", "https://xn--hna-6na.ondemand.com host-unknown".into()),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example host-unknown".into()),
        ("https://93.184.216.34", "https://93.184.216.34 host-unknown".into()),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443 host-unknown".into()),
        ("http://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com", "url-not-https".into()),
        ("HTTP://example.com", "url-not-https".into()),
        ("ftp://acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com", "url-not-https".into()),
        ("file://acme/etc/passwd", "url-not-https".into()),
        ("http://localhost:8080", "http://localhost:8080 http-loopback".into()),
        ("http://127.0.0.1:8080/api/v1", "http://127.0.0.1:8080 http-loopback url-trimmed".into()),
        ("http://[::1]:8080", "http://[::1]:8080 http-loopback".into()),
        ("https://127.9.9.9", "https://127.9.9.9".into()),
        ("http://localhost.evil.io", "url-not-https".into()),
        ("http://127.0.0.1.evil.io", "url-not-https".into()),
        ("http://0x7f.1", "url-unusable".into()),
        ("http://127.1", "url-unusable".into()),
        ("http://2130706433", "url-unusable".into()),
        ("http://2130706433.", "url-unusable".into()),
        ("http://2130706433..:29300", "url-unusable".into()),
        ("https://0x7f000001..", "url-unusable".into()),
        ("https://a.0x7f", "url-unusable".into()),
        ("http://acme.localhost:8080", "url-not-https".into()),
        ("https://acme.localhost", "https://acme.localhost host-unknown".into()),
        ("https://user@acme.it-cpi018.cfapps.eu10.hana.ondemand.com", "url-unusable".into()),
        ("https://user:pass@acme.it-cpi018.cfapps.eu10.hana.ondemand.com", "url-unusable".into()),
        ("https://acme.hana.ondemand.com@evil.io", "url-unusable".into()),
        ("https://@evil.io", "url-unusable".into()),
        ("https:///evil.io", "url-unusable".into()),
        ("https:/evil.io", "url-unusable".into()),
        ("https:evil.io", "url-unusable".into()),
        ("https:/\\evil.io", "url-unusable".into()),
        ("https:\\\\evil.io", "url-unusable".into()),
        ("https://", "url-unusable".into()),
        ("https://.", "url-unusable".into()),
        ("https://:443", "url-unusable".into()),
        ("https://a..hana.ondemand.com", "url-unusable".into()),
        ("https://.hana.ondemand.com", "url-unusable".into()),
        ("https://a.hana.ondemand.com..", "url-unusable".into()),
        ("https://a.hana.ondemand.com:0", "url-unusable".into()),
        ("https://a.hana.ondemand.com:99999", "url-unusable".into()),
        ("https://a.hana.ondemand.com:443:443", "url-unusable".into()),
        ("https://evil.io%2ehana.ondemand.com", "url-unusable".into()),
        ("https://a%2ehana.ondemand.com", "url-unusable".into()),
        ("https://evil.io%00.hana.ondemand.com", "url-unusable".into()),
        ("https://a.h\u{430}na.ondemand.com", "url-unusable".into()),
        ("https://a。hana。ondemand。com", "url-unusable".into()),
        ("https://ac\u{ad}me.hana.ondemand.com", "url-unusable".into()),
        ("https://a.hana\n.ondemand.com", "url-unusable".into()),
        ("https://a.hana\t.ondemand.com", "url-unusable".into()),
        ("https://a.hana.ondemand.com /x", "url-unusable".into()),
        ("https://a.hana.ondemand.com\u{1b}[2J", "url-unusable".into()),
        ("https://a_b.hana.ondemand.com", "url-unusable".into()),
        ("javascript:alert(1)", "url-unusable".into()),
        ("acme", "url-unusable".into()),
        ("", "url-unusable".into()),
    ] {
        assert_eq!(come_of(Address::parse_api(text)), expected, "{text:?}");
    }
}

#[test]
fn token_urls_are_taken_completed_or_refused() {
    let base = "https://acme.authentication.eu10.hana.ondemand.com";
    let unknown = |text: &str| format!("{text} host-unknown");
    let other = "token-url-is-other-service".to_owned();
    for (text, expected) in [
        (TOKEN.to_owned(), TOKEN.to_owned()),
        (format!("{TOKEN}/"), TOKEN.into()),
        (base.to_owned(), format!("{TOKEN} token-path-added")),
        (format!("{base}/"), format!("{TOKEN} token-path-added")),
        (format!("{base}/oauth/authorize"), format!("{TOKEN} token-path-added")),
        (format!("{TOKEN}?grant_type=client_credentials"), format!("{TOKEN} url-trimmed")),
        (format!("{TOKEN}/alias/acme.aws"), format!("{TOKEN}/alias/acme.aws")),
        (format!("{base}/%2e%2e/x"), format!("{TOKEN} token-path-added")),
        (format!("{base}/oauth/token%0a"), "url-unusable".into()),
        ("https://acme.authentication.cert.eu10.hana.ondemand.com".into(), {
            "https://acme.authentication.cert.eu10.hana.ondemand.com/oauth/token token-path-added".into()
        }),
        ("https://acme.cert.authentication.eu10.hana.ondemand.com/oauth/token".into(), {
            "https://acme.cert.authentication.eu10.hana.ondemand.com/oauth/token".into()
        }),
        ("https://login.example.com/oauth2/token".into(), unknown("https://login.example.com/oauth2/token")),
        ("https://authentication.eu10.hana.ondemand.com.evil.io/oauth/token".into(), {
            unknown("https://authentication.eu10.hana.ondemand.com.evil.io/oauth/token")
        }),
        // Anyone can deploy an application under `cfapps`.
        ("https://authentication.cfapps.eu10.hana.ondemand.com/oauth/token".into(), {
            unknown("https://authentication.cfapps.eu10.hana.ondemand.com/oauth/token")
        }),
        ("https://acme.it-cpi018.cfapps.eu10.hana.ondemand.com/oauth/token".into(), other.clone()),
        ("https://acme.it-cpi018-rt.cfapps.eu10.hana.ondemand.com/oauth/token".into(), other.clone()),
        ("https://login.cf.eu10.hana.ondemand.com/oauth/token".into(), other.clone()),
        ("https://acme.accounts.ondemand.com/oauth2/token".into(), other.clone()),
        ("https://acme.a.integration.cloud.sap/oauth/token".into(), other.clone()),
        ("https://acme-authentication.eu10.hana.ondemand.com/oauth/token".into(), other),
        ("https://acme.authentication.cn40.platform.sapcloud.cn/oauth/token".into(), {
            "https://acme.authentication.cn40.platform.sapcloud.cn/oauth/token".into()
        }),
        ("https://authentication.eu10.hana.ondemand.com\\@evil/oauth/token".into(), "url-unusable".into()),
        ("http://127.0.0.1:9/oauth/token".into(), "http://127.0.0.1:9/oauth/token http-loopback".into()),
        (TOKEN.replace("https", "http"), "url-not-https".into()),
    ] {
        assert_eq!(come_of(Address::parse_token(&text)), expected, "{text:?}");
    }
}

#[test]
fn the_landscape_region_and_subdomain_of_a_host_are_recognized() {
    let host = api(API);
    assert_eq!((host.landscape(), host.region(), host.subdomain()), (Some("eu10-003"), Some("eu10"), Some("acme")));
    assert_eq!(host.origin(), API);
    let token = host_of(TOKEN);
    assert_eq!((token.landscape(), token.region(), token.subdomain()), (Some("eu10"), Some("eu10"), Some("acme")));
    assert!(token.is_token_host() && !host.is_token_host());
    let other = api("https://cpi.example.com");
    assert_eq!((other.landscape(), other.subdomain(), other.service()), (None, None, None));
    let china = api("https://acme.it-cpi010.cpi.cn40.apps.platform.sapcloud.cn");
    assert_eq!((china.landscape(), china.subdomain()), (Some("cn40"), Some("acme")));
}

#[test]
fn neo_hosts_are_known() {
    for host in [
        "a1b2-tmn.hci.eu2.hana.ondemand.com",
        "a1b2-tmn.avt.eu1.hana.ondemand.com",
        "a1b2-iflmap.hcisbp.hana.ondemand.com",
        "oauthasservices-a1b2.eu2.hana.ondemand.com",
        "a1b2-tmn.hci.hanatrial.ondemand.com",
    ] {
        assert!(host_of(&format!("https://{host}")).is_neo(), "{host}");
    }
    for host in ["acme.it-cpi018.cfapps.eu10.hana.ondemand.com", "a-tmn.hci.example.com", "xhanatrial.ondemand.com"] {
        assert!(!host_of(&format!("https://{host}")).is_neo(), "{host}");
    }
}

#[test]
fn the_host_for_mutual_tls_is_derived_once() {
    let token = Address::parse_token(TOKEN).unwrap().0;
    let cert = token.cert_variant().unwrap();
    assert_eq!(cert.as_str(), "https://acme.authentication.cert.eu10.hana.ondemand.com/oauth/token");
    assert!(cert.is_token_host());
    assert_eq!(cert.cert_variant(), None);
    assert_eq!(api(API).cert_variant(), None);
}

/// Found by the fuzzer: anyone can give an application such a name.
#[test]
fn an_application_that_is_called_like_a_service_of_sap_is_not_saps() {
    for host in ["acme-apiportal.cfapps.eu10", "devportal.cfapps.eu10", "account.cfapps.eu10", "cockpit-x.cfapps.us10"]
    {
        let address = Address::parse_cloud_foundry(&format!("https://{host}.hana.ondemand.com")).unwrap();
        assert!(!address.is_sap(), "{host}");
    }
    let sap = Address::parse_cloud_foundry("https://acme.prod.apimanagement.eu10.hana.ondemand.com").unwrap();
    assert!(sap.is_sap());
}

/// Found by the fuzzer: a host that is not a token server was turned into another one that is not.
#[test]
fn a_host_that_is_no_token_server_has_no_variant_for_mutual_tls() {
    let other = Address::parse_cloud_foundry("https://acme.authentication.e0u1.hana.ondemand.com/oauth/token").unwrap();
    assert!(!other.is_token_host());
    assert_eq!(other.cert_variant(), None);
}

#[test]
fn two_hosts_of_one_key_are_compared() {
    let said = |token: &str| {
        Address::disagreement(&host_of(API), &host_of(token))
            .and_then(|finding| Some(finding.evidence?.shown(Words::default())))
    };
    assert_eq!(said(TOKEN), None);
    assert_eq!(said("https://acme.authentication.cert.eu10.hana.ondemand.com"), None);
    assert_eq!(said("https://acme.authentication.us10.hana.ondemand.com").as_deref(), Some("eu10 and us10"));
    assert_eq!(said("https://other.authentication.eu10.hana.ondemand.com").as_deref(), Some("acme and other"));
    assert_eq!(said("https://login.example.com"), None);
}

#[test]
fn a_long_host_is_truncated_only_at_harmless_places() {
    let shown = |text: &str, width| host_of(text).shown(width);
    assert_eq!(shown(API, 60), "acme.it-cpi018.cfapps.eu10-003.hana.ondemand.com");
    assert_eq!(shown(API, 30), "acme.it-cpi0…hana.ondemand.com");
    assert_eq!(shown(API, 5), "…hana.ondemand.com");
    assert_eq!(shown("https://a.authentication.eu10.hana.ondemand.com.evil.io", 20), "a.authentica…evil.io");
    assert_eq!(shown("https://login.corp.co.uk:8443", 20), "logi…corp.co.uk:8443");
    assert_eq!(shown("http://127.0.0.1:8080", 5), "http://127.0.0.1:8080");
}

proptest! {
    #[test]
    fn no_address_makes_the_guard_panic(text in "\\PC*|(https?:/)?[\\x00-\\x7f]{0,60}|https://[a-z.@:%/\\\\-]{0,40}") {
        let _ = Address::parse_token(&text);
        if let Ok((address, _)) = Address::parse_api(&text) {
            prop_assert!(!address.host().is_empty());
            prop_assert!(address.url().username().is_empty() && address.url().password().is_none());
            prop_assert!(address.url().scheme() == "https" || address.is_loopback());
            prop_assert_eq!(address.url().path(), "/");
        }
    }

    #[test]
    fn a_host_of_sap_ends_at_the_border_of_a_label(
        prefix in "[a-z0-9.-]{0,30}", middle in prop::sample::select(vec!["", ".", "-"]),
        domain in prop::sample::select(vec!["hana.ondemand.com", "platform.sapcloud.cn", "hana.ondemand.com.io", "xhana.ondemand.com"]),
    ) {
        if let Some(address) = Address::recognise(&format!("https://{prefix}{middle}{domain}")) {
            let inside = [".hana.ondemand.com", ".platform.sapcloud.cn"].iter().any(|end| address.host().ends_with(end));
            prop_assert!(inside || !address.is_sap());
        }
    }

    #[test]
    fn a_host_is_used_as_it_is_written_or_not_at_all(host in "[0-9a-fx.-]{1,20}\\.{0,3}|[0-9.]{1,16}", scheme in "https?") {
        if let Some(address) = Address::recognise(&format!("{scheme}://{host}")) {
            prop_assert_eq!(address.host(), host.strip_suffix('.').unwrap_or(&host));
        }
    }

    #[test]
    fn the_part_that_says_whose_host_it_is_is_never_cut(
        labels in prop::collection::vec("[a-z0-9]{1,20}", 0..5), width in 0usize..200,
        domain in prop::sample::select(vec!["hana.ondemand.com", "evil.io", "corp.co.uk", "platform.sapcloud.cn"]),
    ) {
        let host = labels.iter().map(|label| format!("{label}.")).collect::<String>() + domain;
        let address = host_of(&format!("https://x.{host}"));
        let shown = address.shown(width);
        prop_assert!(shown.ends_with(domain));
        prop_assert!(shown.chars().count() <= width.max(domain.len() + 1));
    }
}
