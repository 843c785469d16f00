//! The host to which a client certificate is presented: the token host for mutual TLS.

use serde_json::Value;
use url::Url;

use crate::domain::{
    finding::{Fact, Finding, FindingCode, Stage},
    key::service_key::ServiceKey,
};
use crate::net::http::{HostClient, NetOptions, send_once};

/// The token URL for a certificate, with a remark if it differs from the key's.
pub(super) async fn token_url(key: &ServiceKey, options: &NetOptions) -> (Url, Option<Finding>) {
    let given = key.token_url.url();
    let Some(derived) = key.token_url.cert_variant() else { return (given.clone(), None) };
    let discovered = discover(given, options).await.filter(|found| belongs(found, derived.url()));
    let how = if discovered.is_some() { Fact::NamedByTokenServer } else { Fact::DerivedFromTokenUrl };
    let url = discovered.unwrap_or_else(|| derived.url().clone());
    let remark = Finding::new(FindingCode::TokenHostForCertificate, Stage::Token)
        .about(url.host_str().unwrap_or_default())
        .seen(how);
    (url, Some(remark))
}

/// Whether the discovered URL is in the domain of the key's own host: `derived` without its subdomain. A response must
/// not redirect the client elsewhere.
fn belongs(found: &Url, derived: &Url) -> bool {
    let domain = |host: &str| host.split_once(".authentication.cert.").map(|(_, domain)| domain.to_owned());
    found.scheme() == "https"
        && found.username().is_empty()
        && found.password().is_none()
        && found.host_str().and_then(domain).is_some()
        && found.host_str().and_then(domain) == derived.host_str().and_then(domain)
}

/// `mtls_endpoint_aliases.token_endpoint` (RFC 8705) of the token server.
async fn discover(given: &Url, options: &NetOptions) -> Option<Url> {
    let mut address = given.clone();
    address.set_path("/.well-known/openid-configuration");
    address.set_query(None);
    let host = HostClient::to(&address, None, options).ok()?;
    let request = host.get(address).header("accept", "application/json");
    let reply = send_once(&host, options, request).await.ok()?;
    let value: Value = serde_json::from_slice(&reply.body).ok()?;
    Url::parse(value.get("mtls_endpoint_aliases")?.get("token_endpoint")?.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_discovered_host_counts_only_in_the_domain_of_the_key() {
        let own = url("https://acme.authentication.cert.eu10.hana.ondemand.com/oauth/token");
        assert!(belongs(&url("https://acme.authentication.cert.eu10.hana.ondemand.com/oauth/token"), &own));
        for foreign in [
            "https://acme.authentication.cert.us10.hana.ondemand.com/oauth/token",
            "https://acme.authentication.cert.eu10.hana.ondemand.com.evil.example/oauth/token",
            "http://acme.authentication.cert.eu10.hana.ondemand.com/oauth/token",
            "https://user@acme.authentication.cert.eu10.hana.ondemand.com/oauth/token",
            "https://evil.example/oauth/token",
        ] {
            assert!(!belongs(&url(foreign), &own), "{foreign}");
        }
    }
}
