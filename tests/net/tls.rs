//! TLS: what is trusted, what is not and why, and client certificates.

use cpikey::{
    domain::{
        check::{CheckStep, Seen, Site},
        finding::{FindingCode as C, Verdict},
        key::service_key::{Credential, ServiceKey},
        text::secret::Secret,
    },
    net::{NetOptions, ProxyUrl},
};
use rcgen::{BasicConstraints, IsCa};
use tokio::io::AsyncWriteExt as _;

use super::support::{
    Tested, address, asking, key, options,
    proxy::{Conduct, Proxy},
    run,
    server::{Asked, Canned, Server, raw, read_head, says},
    tls::{Authority, BOTH, Identity, client, config, publish_issuer, self_signed, server, set_validity},
};

fn trusting(authority: &Authority) -> NetOptions {
    NetOptions { ca_pem: Some(authority.pem()), ..options() }
}

fn tenant(asked: &Asked) -> Canned {
    if asked.path == "/oauth/token" { Canned::token() } else { Canned::entries() }
}

/// Tests a server with this certificate.
async fn against(identity: &Identity, options: NetOptions) -> (Tested, Server) {
    let server = Server::https(config(identity, BOTH, None), tenant).await;
    let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options).await;
    (tested, server)
}

/// Asserts that nothing was sent, not even to a server that a user might trust by mistake.
fn assert_untrusted(tested: &Tested, server: &Server, code: C) {
    assert_eq!(tested.comes_to(), (code, Verdict::Untrusted), "{:#?}", tested.events);
    assert_eq!(tested.facts().0, "localhost");
    assert_eq!(server.asked().len(), 0);
    assert!(matches!(tested.seen(&CheckStep::Connect(Site::Token)), Some(Seen::Fault(_))));
    assert!(tested.waits().is_empty());
}

#[tokio::test]
async fn a_server_of_an_authority_in_the_ca_file_is_trusted_and_its_tls_version_shown() {
    let authority = Authority::new("Canteen CA");
    let identity = authority.sign(&server("localhost"));
    for (versions, shown) in [(BOTH, "TLS 1.3"), (&BOTH[1..], "TLS 1.2")] {
        let server = Server::https(config(&identity, versions, None), tenant).await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &[]), trusting(&authority)).await;
        assert_eq!(tested.report.verdict, Verdict::Ready, "{:#?}", tested.events);
        let wanted = Seen::Connected { tls: Some(shown.into()), proxy: None };
        assert_eq!(tested.seen(&CheckStep::Connect(Site::Token)), Some(&wanted));
        assert_eq!(tested.seen(&CheckStep::Connect(Site::Api)), Some(&wanted));
    }
}

#[tokio::test]
async fn an_unknown_authority_is_named() {
    let identity = Authority::new("Proxy of the company").sign(&server("localhost"));
    let (tested, server) = against(&identity, options()).await;
    assert_untrusted(&tested, &server, C::TlsUnknownAuthority);
    assert_eq!(tested.facts().1, "CN=Proxy of the company");
}

#[tokio::test]
async fn a_self_signed_certificate_is_distinguished_from_an_unknown_authority() {
    let plain = server("localhost");
    let mut authority = server("localhost");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for params in [plain, authority] {
        let (tested, server) = against(&self_signed(&params), options()).await;
        assert_untrusted(&tested, &server, C::TlsSelfSigned);
    }
}

#[tokio::test]
async fn a_missing_intermediate_is_distinguished_from_an_unknown_authority() {
    let mut params = server("localhost");
    publish_issuer(&mut params);
    let identity = Authority::new("Intermediate").sign(&params);
    let (tested, server) = against(&identity, options()).await;
    assert_untrusted(&tested, &server, C::TlsIncompleteChain);
    assert_eq!(tested.facts().1, "CN=Intermediate");
}

#[tokio::test]
async fn certificates_out_of_their_time_and_for_other_hosts_have_their_names() {
    let authority = Authority::new("CA");
    let mut expired = server("localhost");
    set_validity(&mut expired, -30, -1);
    let mut early = server("localhost");
    set_validity(&mut early, 2, 30);
    let cases = [(expired, C::TlsExpired), (early, C::TlsNotYetValid), (server("other.example"), C::TlsOtherHost)];
    for (params, code) in cases {
        let (tested, server) = against(&authority.sign(&params), trusting(&authority)).await;
        assert_untrusted(&tested, &server, code);
    }
}

#[tokio::test]
async fn a_server_of_tls_1_1_has_no_version_in_common() {
    // The reply of an old server to an unsupported ClientHello: the alert protocol_version.
    let old = says(&[0x15, 0x03, 0x02, 0x00, 0x02, 0x02, 0x46]).await;
    let url = format!("https://localhost:{}", old.port());
    let tested = run(asking(key(&url, &format!("{url}/oauth/token")), &[]), options()).await;
    assert_eq!(tested.comes_to(), (C::TlsNoCommonVersion, Verdict::Untrusted));
}

#[tokio::test]
async fn a_server_that_speaks_http_on_the_port_of_https_is_not_tls() {
    let address = raw(|mut stream| async move {
        read_head(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
    })
    .await;
    let url = format!("https://localhost:{}", address.port());
    let tested = run(asking(key(&url, &format!("{url}/oauth/token")), &[]), options()).await;
    assert_eq!(tested.comes_to(), (C::TlsNotTls, Verdict::Untrusted));
}

#[tokio::test]
async fn a_ca_file_without_certificates_is_reported_before_anything_is_sent() {
    let identity = Authority::new("CA").sign(&server("localhost"));
    for pem in ["", "not PEM at all", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"] {
        let options = NetOptions { ca_pem: Some(pem.as_bytes().to_vec()), ..options() };
        let (tested, server) = against(&identity, options).await;
        assert_eq!(tested.comes_to(), (C::TrustStoreUnusable, Verdict::Untrusted), "{pem}");
        assert_eq!(server.connections(), 0);
    }
}

/// A key with a certificate instead of the secret.
fn with_certificate(server: &Server, identity: &Identity) -> ServiceKey {
    let credential =
        Credential::Certificate { chain: identity.pem.clone(), private_key: Secret::new(identity.key_pem.clone()) };
    ServiceKey { credential, ..key(&server.url(), &server.token_url()) }
}

#[tokio::test]
async fn a_certificate_key_shows_its_certificate_to_the_token_server_and_sends_no_secret() {
    let authority = Authority::new("CA");
    let identity = authority.sign(&server("localhost"));
    let token = Server::https(config(&identity, BOTH, Some(&authority)), tenant).await;
    let api = Server::https(config(&identity, BOTH, None), tenant).await;
    let mut certified = with_certificate(&token, &authority.sign(&client("sb-client")));
    certified.url = address(&api.url());
    let tested = run(asking(certified, &[]), trusting(&authority)).await;
    assert_eq!(tested.report.verdict, Verdict::Ready, "{:#?}", tested.events);
    assert_eq!((token.asked().len(), api.asked().len()), (1, 1));
    let body = &token.asked()[0].body;
    assert!(body.contains("client_id=") && !body.contains("client_secret"), "{body}");
}

#[tokio::test]
async fn a_server_that_rejects_the_client_certificate_is_distinguished_from_an_untrusted_one() {
    let authority = Authority::new("CA");
    let identity = authority.sign(&server("localhost"));
    for versions in [BOTH, &BOTH[1..]] {
        let server = Server::https(config(&identity, versions, Some(&authority)), tenant).await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &[]), trusting(&authority)).await;
        assert_eq!(tested.comes_to(), (C::TlsClientCertificate, Verdict::Rejected), "{:#?}", tested.events);

        let stranger = Authority::new("Other CA").sign(&client("sb-client"));
        let tested = run(asking(with_certificate(&server, &stranger), &[]), trusting(&authority)).await;
        assert_eq!(tested.comes_to(), (C::TlsClientCertificate, Verdict::Rejected), "{:#?}", tested.events);
        assert_eq!(server.asked().len(), 0);
    }
}

#[tokio::test]
async fn a_private_key_that_does_not_match_the_certificate_is_reported_before_anything_is_sent() {
    let authority = Authority::new("CA");
    let server = Server::https(config(&authority.sign(&server("localhost")), BOTH, None), tenant).await;
    let (one, other) = (authority.sign(&client("one")), authority.sign(&client("other")));
    let mixed = Identity { key_pem: other.key_pem, ..one };
    let tested = run(asking(with_certificate(&server, &mixed), &[]), trusting(&authority)).await;
    assert_eq!(tested.comes_to(), (C::CertificateKeyMismatch, Verdict::BadKey));

    let broken = Identity { key_pem: "no key".into(), ..mixed };
    let tested = run(asking(with_certificate(&server, &broken), &[]), trusting(&authority)).await;
    assert_eq!(tested.comes_to(), (C::PrivateKeyUnreadable, Verdict::BadKey));
    assert_eq!(server.connections(), 0);
}

const GIVEN: &str = "acme.authentication.eu10.hana.ondemand.com";
const DERIVED: &str = "acme.authentication.cert.eu10.hana.ondemand.com";

/// A certificate key of SAP's hosts, tested through a proxy that forwards all of them to one local server, whose
/// response about its endpoints is `endpoints`. Also returns the requested hosts.
async fn certified(token_host: &str, endpoints: &'static str) -> (Tested, Server, Vec<String>) {
    let authority = Authority::new("CA");
    let mut params = server(GIVEN);
    let other = server(DERIVED);
    params.subject_alt_names.extend(other.subject_alt_names);
    let script = move |asked: &Asked| match asked.path.as_str() {
        "/.well-known/openid-configuration" => Canned::new(200, endpoints),
        _ => tenant(asked),
    };
    let server = Server::https(config(&authority.sign(&params), BOTH, None), script).await;
    let proxy = Proxy::start(Conduct::To(server.address)).await;
    let options =
        NetOptions { proxy: Some(ProxyUrl::parse(&proxy.address.to_string()).unwrap()), ..trusting(&authority) };
    let mut key = with_certificate(&server, &authority.sign(&client("sb-client")));
    key.token_url = address(&format!("https://{token_host}/oauth/token"));
    key.url = address(&format!("https://{GIVEN}"));
    let tested = run(asking(key, &[]), options).await;
    let hosts = proxy.lines().iter().map(|line| line.split([' ', ':']).nth(1).unwrap().to_owned()).collect();
    (tested, server, hosts)
}

#[tokio::test]
async fn a_certificate_goes_to_the_host_that_the_token_server_names_for_it() {
    let endpoints = r#"{"mtls_endpoint_aliases":{"token_endpoint":
        "https://acme.authentication.cert.eu10.hana.ondemand.com/oauth/token"}}"#;
    let (tested, server, hosts) = certified(GIVEN, endpoints).await;
    assert_eq!(tested.report.verdict, Verdict::Ready, "{:#?}", tested.events);
    assert_eq!(tested.codes(), [C::TokenHostForCertificate]);
    assert_eq!(tested.facts(), (DERIVED.to_owned(), "named by the token server".to_owned()));
    assert_eq!(hosts, [GIVEN, DERIVED, GIVEN], "discovery, token, API");
    assert_eq!(server.count("/oauth/token"), 1);
}

#[tokio::test]
async fn a_certificate_is_not_sent_to_a_discovered_host_outside_of_the_keys_domain() {
    for endpoints in [
        r#"{"mtls_endpoint_aliases":{"token_endpoint":"https://evil.example/oauth/token"}}"#,
        r#"{"mtls_endpoint_aliases":{}}"#,
        "<html></html>",
    ] {
        let (tested, _, hosts) = certified(GIVEN, endpoints).await;
        assert_eq!(tested.facts(), (DERIVED.to_owned(), "derived from the token URL".to_owned()));
        assert_eq!(hosts, [GIVEN, DERIVED, GIVEN], "{endpoints}");
    }
}

#[tokio::test]
async fn a_token_url_for_certificates_is_used_unchanged() {
    let (tested, _, hosts) = certified(DERIVED, "{}").await;
    assert_eq!(tested.codes(), [], "{:#?}", tested.events);
    assert_eq!(hosts, [DERIVED, GIVEN]);
}
