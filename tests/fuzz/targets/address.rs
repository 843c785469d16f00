//! Addresses: what is accepted is exactly what was written, uses HTTPS or stays on this machine, and shows whose host
//! it is at any width.

use cpikey::domain::key::address::Address;

use super::{assert_told, canary::Canaries, text};

pub fn run(data: &[u8]) {
    let text = text(data);
    let none = Canaries::new([]);
    let mut checked = Vec::new();
    for result in [Address::parse_api(&text), Address::parse_token(&text)] {
        match result {
            Ok((address, findings)) => {
                assert_told(&findings, &none, "an address");
                checked.push(address);
            }
            Err(finding) => assert_told(&[finding], &none, "an address"),
        }
    }
    for result in [Address::parse_cloud_api(&text), Address::parse_cloud_foundry(&text)] {
        match result {
            Ok(address) => checked.push(address),
            Err(finding) => assert_told(&[finding], &none, "an address"),
        }
    }
    for address in checked {
        assert_accepted(&text, &address);
    }
}

fn assert_accepted(text: &str, address: &Address) {
    let (url, host) = (address.url(), address.host());
    assert!(url.scheme() == "https" || url.scheme() == "http" && address.is_loopback(), "{url}");
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    assert!(host.is_ascii() && !host.is_empty() && host == host.to_ascii_lowercase(), "{host}");
    assert!(host.starts_with('[') || host.split('.').all(|label| !label.is_empty()), "{host}");
    // The connection goes to the host that is shown to the user.
    let written = text.to_ascii_lowercase();
    assert!(host.starts_with('[') || written.contains(host), "{text} became {host}");
    let number = host.chars().all(|c| c.is_ascii_digit() || c == '.');
    assert!(!number || host.split('.').count() == 4, "{host}");
    assert!(url.as_str().chars().all(|c| c.is_ascii_graphic()), "{url}");
    if address.is_sap() || address.is_token_host() {
        let domains = [".hana.ondemand.com", ".platform.sapcloud.cn", ".hanatrial.ondemand.com", ".cloud.sap"];
        let identity = [".accounts.ondemand.com", ".accounts400.ondemand.com", ".accounts.sapcloud.cn"];
        assert!(domains.iter().chain(&identity).any(|domain| host.ends_with(domain)), "{host} is not SAP's");
        assert!(!host.ends_with(".cfapps.eu10.hana.ondemand.com") || host.split('.').count() > 6, "{host}");
    }
    for width in [0, 1, 10, 20, 40, 80, 200] {
        let shown = address.shown(width);
        let end = host.rsplit('.').take(2).collect::<Vec<_>>();
        assert!(end.iter().all(|label| shown.contains(label)), "{shown} hides whose host {host} is");
    }
    if let Some(variant) = address.cert_variant() {
        assert!(variant.is_sap() && variant.is_token_host(), "{variant}");
    }
    // An accepted address is accepted again unchanged: it is saved, sealed and read again.
    let again = Address::parse_cloud_foundry(address.as_str()).map(|address| address.as_str().to_owned());
    assert_eq!(again.ok().as_deref(), Some(address.as_str()), "{text}");
}
