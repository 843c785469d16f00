//! Every target reads from its file exactly what the key contains.

use std::collections::BTreeSet;

use cpikey::{
    content,
    domain::{
        finding::FindingCode,
        handover::export::{SECRET_GOES_HERE, WithSecret},
        key::service_key,
    },
};
use jiff::Timestamp;

use super::{
    API_URL, CLIENT_ID, HOST, TOKEN_BASE, TOKEN_HOST, TOKEN_URL, TRANSPORT_URL, URL, key,
    readers::{
        Job,
        Reader::{self, *},
    },
    render,
};

/// Represents the secret in the table.
const SECRET: &str = "\0secret";

/// A target, its file, its reader, and the values with their places.
type Case = (&'static str, &'static str, Reader, &'static [(&'static str, &'static str)]);

/// Every file with a secret. Those that are scripts are run in `scripts.rs`.
const CASES: &[Case] = &[
    ("service-key", "service-key.json", Json, KEY),
    ("piper", "piper-service-key.json", Json, KEY),
    ("cpilint", "cpilint-key.json", Json, KEY),
    (
        "piper-env",
        "piper-env.sh",
        Sh,
        &[("PIPER_apiServiceKey/oauth/clientsecret", SECRET), ("PIPER_apiServiceKey/oauth/clientid", CLIENT_ID)],
    ),
    (
        "env",
        ".env",
        Dotenv,
        &[
            ("CPI_HOST", HOST),
            ("CPI_URL", URL),
            ("CPI_API_URL", API_URL),
            ("CPI_TOKEN_URL", TOKEN_URL),
            ("CPI_CLIENT_ID", CLIENT_ID),
            ("CPI_CLIENT_SECRET", SECRET),
        ],
    ),
    (
        "rest-client",
        ".env",
        Dotenv,
        &[("CPI_API_URL", API_URL), ("CPI_CLIENT_ID", CLIENT_ID), ("CPI_CLIENT_SECRET", SECRET)],
    ),
    (
        "rest-client-xsuaa",
        ".env",
        Dotenv,
        &[("auth-url", TOKEN_BASE), ("client-id", CLIENT_ID), ("client-secret", SECRET), ("srv-url", API_URL)],
    ),
    (
        "flashpipe-env",
        "flashpipe-env.sh",
        Sh,
        &[
            ("FLASHPIPE_TMN_HOST", HOST),
            ("FLASHPIPE_OAUTH_HOST", TOKEN_HOST),
            ("FLASHPIPE_OAUTH_PATH", "/oauth/token"),
            ("FLASHPIPE_OAUTH_CLIENTID", CLIENT_ID),
            ("FLASHPIPE_OAUTH_CLIENTSECRET", SECRET),
        ],
    ),
    (
        "flashpipe",
        "flashpipe.yaml",
        Yaml,
        &[
            ("/tmn-host", HOST),
            ("/oauth-host", TOKEN_HOST),
            ("/oauth-path", "/oauth/token"),
            ("/oauth-clientid", CLIENT_ID),
            ("/oauth-clientsecret", SECRET),
        ],
    ),
    (
        "cpictl",
        "cpi-acme.yaml",
        Yaml,
        &[
            ("/tmn-host", HOST),
            ("/oauth-host", TOKEN_HOST),
            ("/oauth-clientid", CLIENT_ID),
            ("/oauth-clientsecret", SECRET),
        ],
    ),
    (
        "cpi-navigator",
        "config.yaml",
        Yaml,
        &[
            ("/tenant/base_url", API_URL),
            ("/tenant/token_url", TOKEN_URL),
            ("/tenant/client_id", CLIENT_ID),
            ("/tenant/client_secret", SECRET),
            ("/tenant/webui_url", ""),
        ],
    ),
    (
        "kubernetes",
        "cpi-acme-secret.yaml",
        Yaml,
        &[
            ("/kind", "Secret"),
            ("/metadata/name", "cpi-acme"),
            ("/stringData/url", URL),
            ("/stringData/tokenurl", TOKEN_URL),
            ("/stringData/clientid", CLIENT_ID),
            ("/stringData/clientsecret", SECRET),
        ],
    ),
    (
        "compose",
        "compose.override.yaml",
        Compose,
        &[
            ("/services/app/environment/CPI_API_URL", API_URL),
            ("/services/app/environment/CPI_TOKEN_URL", TOKEN_URL),
            ("/services/app/environment/CPI_CLIENT_ID", CLIENT_ID),
            ("/services/app/environment/CPI_CLIENT_SECRET", SECRET),
        ],
    ),
    (
        "steampipe",
        "cpi.spc",
        Hcl,
        &[
            ("/connection/cpi/plugin", "vadimklimov/cpi"),
            ("/connection/cpi/base_url", URL),
            ("/connection/cpi/token_url", TOKEN_URL),
            ("/connection/cpi/client_id", CLIENT_ID),
            ("/connection/cpi/client_secret", SECRET),
        ],
    ),
    (
        "terraform",
        "service-key.auto.tfvars.json",
        Json,
        &[
            ("/service_key/url", URL),
            ("/service_key/tokenurl", TOKEN_URL),
            ("/service_key/clientid", CLIENT_ID),
            ("/service_key/clientsecret", SECRET),
        ],
    ),
    (
        "content-agent-destination",
        "CloudIntegration.json",
        Json,
        &[
            ("/Name", "CloudIntegration"),
            ("/URL", TRANSPORT_URL),
            ("/clientId", CLIENT_ID),
            ("/clientSecret", SECRET),
            ("/tokenServiceURL", TOKEN_URL),
        ],
    ),
    (
        "terraform-integration-suite",
        "integration-suite.env",
        Sh,
        &[
            ("SAP_INTEGRATION_SUITE_HOST", URL),
            ("SAP_INTEGRATION_SUITE_TOKEN_URL", TOKEN_URL),
            ("SAP_INTEGRATION_SUITE_CLIENT_ID", CLIENT_ID),
            ("SAP_INTEGRATION_SUITE_CLIENT_SECRET", SECRET),
        ],
    ),
    (
        "mcp",
        "mcp.json",
        Json,
        &[
            ("/mcpServers/cloud-integration/env/API_BASE_URL", API_URL),
            ("/mcpServers/cloud-integration/env/API_OAUTH_TOKEN_URL", TOKEN_URL),
            ("/mcpServers/cloud-integration/env/API_OAUTH_CLIENT_ID", CLIENT_ID),
            ("/mcpServers/cloud-integration/env/API_OAUTH_CLIENT_SECRET", SECRET),
        ],
    ),
    (
        "destination",
        "cpi-acme.json",
        Json,
        &[
            ("/Name", "cpi-acme"),
            ("/URL", URL),
            ("/clientId", CLIENT_ID),
            ("/clientSecret", SECRET),
            ("/tokenServiceURL", TOKEN_URL),
            ("/tokenServiceURLType", "Dedicated"),
        ],
    ),
    (
        "destination-properties",
        "cpi-acme",
        Properties,
        &[
            ("Name", "cpi-acme"),
            ("URL", URL),
            ("Authentication", "OAuth2ClientCredentials"),
            ("clientId", CLIENT_ID),
            ("clientSecret", SECRET),
            ("tokenServiceURL", TOKEN_URL),
        ],
    ),
    (
        "postman",
        "cpi-acme.postman_environment.json",
        Json,
        &[
            ("/values/0/value", API_URL),
            ("/values/1/value", TOKEN_URL),
            ("/values/2/value", CLIENT_ID),
            ("/values/3/value", SECRET),
            ("/values/3/type", "secret"),
        ],
    ),
    ("jetbrains", "http-client.private.env.json", Json, &[("/cpi-acme/client_secret", SECRET)]),
    (
        "cpi-transporter",
        "cpi-transporter.txt",
        Form,
        &[("url", URL), ("clientid", CLIENT_ID), ("clientsecret", SECRET), ("tokenurl", TOKEN_URL)],
    ),
    (
        "cpi-explorer",
        "cpi-explorer.txt",
        Form,
        &[
            ("Tenant management hostname", HOST),
            ("Token URL", TOKEN_URL),
            ("Client ID", CLIENT_ID),
            ("Client secret", SECRET),
        ],
    ),
];

/// The whole key.
const KEY: &[(&str, &str)] = &[
    ("/oauth/url", URL),
    ("/oauth/tokenurl", TOKEN_URL),
    ("/oauth/clientid", CLIENT_ID),
    ("/oauth/clientsecret", SECRET),
];

/// As SAP creates them, as they might be, and as an attacker would choose them.
const SECRETS: &[&str] = &[
    "3f1c9a52-aaaa-4bbb-8ccc-0123456789ab$AbC_dEf-GhI0123456789AbC_dEf-GhI0123456789AbC=",
    "a$b!c|d'e\"f\\g%h{i}j+k=l`m",
    "${HOME}$(id)`id`%{if}$$%%PATH%%!!",
    "'''\"\"\"",
    "`'",
    "\\",
    "\\'\\n\\\"",
    "<<url>>{{x}}{url}",
    "#hash;-~&*@?,:",
    "null",
    "0x1e3",
    "$",
];

/// Reads all cases with all `secrets`; `expected` returns what the target contains instead of a secret.
fn assert_read_back(secrets: &[&str], with_secret: WithSecret, expected: impl Fn(&str, &str) -> String) {
    for reader in [Json, Yaml, Compose, Dotenv, Properties, Sh, Hcl, Form] {
        let (mut jobs, mut wanted) = (Vec::new(), Vec::new());
        for secret in secrets {
            for (id, name, _, values) in CASES.iter().filter(|(_, _, read_by, _)| *read_by == reader) {
                let files = render(id, &key(secret), with_secret);
                let file = files.iter().find(|file| file.name == *name).unwrap_or_else(|| panic!("{id} has no {name}"));
                assert_eq!(file.is_secret(), with_secret == WithSecret::Yes, "{id}");
                let value = |value: &str| if value == SECRET { expected(id, secret) } else { value.to_owned() };
                wanted.push(((*id, *secret), values.iter().map(|(_, text)| value(text)).collect::<Vec<_>>()));
                jobs.push(Job { text: file.expose().to_owned(), places: values.iter().map(|(at, _)| *at).collect() });
            }
        }
        for (found, (what, wanted)) in reader.read(&jobs).into_iter().flatten().zip(wanted) {
            assert_eq!(found, wanted, "{what:?}");
        }
    }
}

#[test]
fn every_tool_reads_every_secret_unchanged() {
    assert_read_back(SECRETS, WithSecret::Yes, |_, secret| secret.to_owned());
}

#[test]
fn without_the_secret_every_tool_reads_a_placeholder() {
    assert_read_back(&SECRETS[..1], WithSecret::No, |id, _| match id {
        // Postman copies the value to its cloud.
        "postman" => String::new(),
        _ => SECRET_GOES_HERE.to_owned(),
    });
}

#[test]
fn every_file_with_a_secret_is_read_back() {
    let read: BTreeSet<String> =
        CASES.iter().map(|(id, name, ..)| format!("{id}/{}", name.replace("cpi-acme", "<<name>>"))).collect();
    let content = content::load();
    let scripts = ["sap-cicd-actions/set-up-github.sh", "curl/token.sh"];
    let files = content.exports.iter().flat_map(|target| {
        target.files.iter().filter(|file| file.secret).map(|file| format!("{}/{}", target.id, file.name))
    });
    assert_eq!(read, files.filter(|file| !scripts.contains(&file.as_str())).collect());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn any_secret_comes_back_from_what_is_read_in_this_process(secret in "[!-~]{1,24}") {
        for (id, place, reader) in [
            ("terraform", "/service_key/clientsecret", Json),
            ("service-key", "/oauth/clientsecret", Json),
            ("steampipe", "/connection/cpi/client_secret", Hcl),
        ] {
            let text = render(id, &key(&secret), WithSecret::Yes)[0].expose().to_owned();
            let found = reader.read(&[Job { text, places: vec![place] }]).unwrap();
            proptest::prop_assert_eq!(&found, &[[secret.as_str()]]);
        }
    }
}

#[test]
fn quick_fill_takes_what_was_handed_over_and_knows_its_own_placeholder() {
    let read = |id: &str, secret: &str, with_secret| {
        let files = render(id, &key(secret), with_secret);
        service_key::read(files[0].expose().as_bytes(), Timestamp::UNIX_EPOCH).keys.remove(0)
    };
    for id in ["service-key", "piper", "cpilint", "kubernetes"] {
        assert_eq!(read(id, SECRETS[0], WithSecret::Yes).key, Some(key(SECRETS[0])), "{id}");
        let without = read(id, SECRETS[0], WithSecret::No);
        let codes: Vec<FindingCode> = without.findings.iter().map(|finding| finding.code).collect();
        assert_eq!((without.key, codes), (None, vec![FindingCode::KeyIsPlaceholder]), "{id}");
    }
}

/// Targets whose file with the secret does not contain the whole key: only a token, or files that share the values.
const IN_PART: [&str; 2] = ["curl", "jetbrains"];

#[test]
fn every_export_is_read_back_as_the_same_key() {
    let secret = "11111111-2222-4333-8444-555555555555$AbC_dEf-GhI0123456789+/0123456789AbC=";
    for target in content::load().exports.iter().filter(|target| !IN_PART.contains(&target.id.as_str())) {
        for (file, spec) in render(&target.id, &key(secret), WithSecret::Yes).iter().zip(&target.files) {
            if spec.secret {
                let reading = service_key::read(file.expose().as_bytes(), Timestamp::UNIX_EPOCH);
                let read: Vec<_> = reading.keys.iter().map(|found| found.key.clone()).collect();
                assert_eq!(read, [Some(key(secret))], "{} {}: {:?}", target.id, spec.name, reading.keys);
            }
        }
    }
}
