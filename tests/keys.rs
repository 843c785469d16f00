//! What the user sees when a service key is read, for each form of key.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use cpikey::{
    domain::{
        finding::{Fact, FindingCode as Code},
        key::service_key::{Credential, CredentialType, Form, Found, KeyForm, Reading, SIZE_LIMIT, from_form, read},
        sap::plan::PlanId,
        text::{secret::Secret, shown::Shown as _},
    },
    words::Words,
};

const ID: &str = "sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678";
const SECRET: &str = "11111111-2222-4333-8444-555555555555$AbC_dEf-GhI0123456789AbC_dEf-GhI0123456789AbC=";
const TOKEN_URL: &str = "https://acme-dev.authentication.eu10.hana.ondemand.com/oauth/token";
const URL: &str = "https://acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com";

fn at(time: &str) -> jiff::Timestamp {
    time.parse().unwrap()
}

fn now() -> jiff::Timestamp {
    at("2027-06-01T12:00:00Z")
}

fn bytes(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keys").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn fixture(name: &str) -> Reading {
    read(&bytes(name), now())
}

fn codes(reading: &Reading) -> Vec<Code> {
    reading.findings_for(0).into_iter().map(|finding| finding.code).collect()
}

/// `code: subject: evidence` of every finding.
fn described(reading: &Reading) -> Vec<String> {
    let text = |part: Option<&Fact>| part.map_or(String::new(), |part| format!(": {}", part.shown(Words::default())));
    let all = reading.findings_for(0);
    all.iter().map(|f| format!("{}{}{}", f.code.as_str(), text(f.subject()), text(f.evidence.as_ref()))).collect()
}

fn assert_is_the_key(found: &Found, name: &str) {
    let key = found.key.as_ref().unwrap_or_else(|| panic!("{name}: {:?}", found.findings));
    assert_eq!(key.client_id, ID, "{name}");
    assert_eq!(key.credential, Credential::ClientSecret(Secret::new(SECRET)), "{name}");
    assert_eq!(key.url.as_str(), URL, "{name}");
    assert_eq!(key.token_url.as_str(), TOKEN_URL, "{name}");
    assert_eq!(found.summary.plan, Some(PlanId::Api), "{name}");
    assert_eq!(found.summary.region.as_deref(), Some("eu10"), "{name}");
    assert_eq!(found.summary.credential, Some(CredentialType::ClientSecret), "{name}");
}

#[test]
fn every_form_holds_the_same_key() {
    for (name, form, said) in [
        ("oauth.json", Form::Oauth, &[][..]),
        ("flat.json", Form::Flat, &[]),
        ("camel-case.json", Form::Flat, &[]),
        ("credentials.json", Form::Credentials, &[]),
        ("cf-v8.txt", Form::CfText, &[]),
        ("cf-v7.txt", Form::CfText, &[]),
        ("btp-cli.json", Form::Binding, &[]),
        ("vcap-services.json", Form::VcapServices, &["key-unwrapped: VCAP_SERVICES: left out: destination, xsuaa"]),
        ("default-env.json", Form::VcapServices, &["key-unwrapped: VCAP_SERVICES: left out: destination, xsuaa"]),
        ("kubernetes-one-property.json", Form::KubernetesSecret, &[]),
        ("kubernetes-credentials.json", Form::KubernetesSecret, &[]),
        ("kubernetes-flat.yaml", Form::KubernetesSecret, &[]),
        ("kubernetes-string-data.yaml", Form::KubernetesSecret, &[]),
        ("escaped-once.json", Form::Oauth, &["key-unwrapped: a JSON text"]),
        ("escaped-env.txt", Form::Oauth, &["key-unwrapped: escaped quotes, the text around it"]),
        ("base64.txt", Form::Oauth, &["key-unwrapped: base64"]),
        ("base64-env.txt", Form::Oauth, &["key-unwrapped: base64"]),
        ("code-fence.md", Form::Oauth, &["key-unwrapped: a code fence, the text around it"]),
        ("bom.json", Form::Oauth, &[]),
        ("utf-16-le.json", Form::Oauth, &["key-unwrapped: UTF-16"]),
        ("utf-16-be.json", Form::Oauth, &["key-unwrapped: UTF-16"]),
        ("crlf.json", Form::Oauth, &[]),
        ("no-break-spaces.json", Form::Oauth, &["key-mended: no-break spaces"]),
        ("typographic-quotes.txt", Form::Oauth, &["key-mended: typographic quotes"]),
        ("trailing-commas.json", Form::Oauth, &["key-mended: an extra comma"]),
        ("wrapped-by-terminal.txt", Form::Oauth, &["key-mended: lines broken inside a value"]),
        ("chat.txt", Form::Oauth, &["key-unwrapped: the text around it"]),
    ] {
        let reading = fixture(name);
        assert_eq!(reading.keys.len(), 1, "{name}: {:?}", reading.findings);
        assert_is_the_key(&reading.keys[0], name);
        assert_eq!(reading.keys[0].summary.form, form, "{name}");
        assert_eq!(described(&reading), said, "{name}");
    }
}

fn case(name: &str) -> Reading {
    fixture(&format!("../cases/{name}"))
}

#[test]
fn texts_that_name_their_values_hold_the_same_key() {
    use Form::{Binding, Credentials, Flat, NameValue, Oauth};
    let hosts = &[Code::KeyMended, Code::KeyMended, Code::TokenPathAdded][..];
    for (name, forms, said) in [
        ("mcp.env", &[NameValue][..], &[][..]),
        ("env-quoted.env", &[NameValue], &[Code::UrlTrimmed]),
        ("python.py", &[NameValue], &[]),
        ("cf-set-env.cmd", &[NameValue], &[]),
        ("runtime-and-api.env", &[NameValue], &[Code::RuntimeKeyLeftOut]),
        ("mail.txt", &[NameValue], &[]),
        ("mail-spaced.txt", &[NameValue], &[]),
        ("flashpipe.yaml", &[NameValue], hosts),
        ("destination.properties", &[NameValue], &[]),
        ("terraform.tfvars", &[NameValue], &[]),
        ("yaml-nested.yaml", &[NameValue], &[]),
        ("js-object.js", &[Flat], &[Code::KeyMended, Code::KeyUnwrapped]),
        ("python-dict.txt", &[Oauth], &[Code::KeyMended]),
        ("json-comments.txt", &[Oauth], &[Code::KeyMended]),
        ("tfstate.json", &[Credentials, Binding], &[Code::KeyInState]),
        ("mcp-args.json", &[Flat], &[Code::UrlTrimmed]),
        ("connect-args.json", &[Flat], &[Code::UrlTrimmed]),
        ("accesstokenurl.json", &[Flat], &[]),
        ("host-camel.json", &[Flat], hosts),
    ] {
        let reading = case(name);
        assert_eq!(reading.keys.len(), 1, "{name}: {:?}", reading.findings);
        assert_is_the_key(&reading.keys[0], name);
        assert!(forms.contains(&reading.keys[0].summary.form), "{name}: {:?}", reading.keys[0].summary.form);
        assert_eq!(codes(&reading), said, "{name}");
    }
}

/// A text with `@id`, `@secret`, `@token` and `@api` in their places.
fn written(text: &str) -> Reading {
    let text = text.replace("@token", TOKEN_URL).replace("@api", URL).replace("@secret", SECRET).replace("@id", ID);
    read(text.as_bytes(), now())
}

#[test]
fn other_names_and_forms_of_such_texts_hold_the_same_key_too() {
    for text in [
        "export CPI_HOST=@api\nexport CPI_AUTH_URL=@token\nexport CPI_USER=x\nexport CPI_CLIENTID='@id'\nexport CPI_CLIENTSECRET='@secret'\n",
        "$env:CPI_URL = '@api'\n$env:CPI_TOKENURL = '@token'\n$env:CPI_CLIENTID = '@id'\n$env:CPI_CLIENTSECRET = '@secret'\n",
        "set CPI_URL=@api\r\nset CPI_TOKENURL=@token\r\nset CPI_CLIENTID=@id\r\nset CPI_CLIENTSECRET=@secret\r\n",
        "cf set-env app TENANT_URL '@api'\ncf set-env app TOKEN_URL '@token'\ncf set-env app CLIENTID '@id'\ncf set-env app CLIENTSECRET '@secret'\n",
        "Hi,\n\n* URL: @api\n* Token URL: @token\n* Client ID: @id\n* Client Secret: @secret\n\nBest\n",
        "| Url | @api |\n| Token Url | @token |\n| Client Id | @id |\n| Client Secret | @secret |\n",
        "sap:\n  tenants:\n    - name: dev\n      base_url: @api\n      token_url: @token\n      client_id: '@id'\n      client_secret: '@secret'\n",
        "[cpi]\nurl = @api\ntoken_url = @token\nclient_id = @id\nclient_secret = @secret\n",
        "export const cpi = { baseUrl: '@api', tokenEndpoint: '@token', clientId: '@id', clientSecret: '@secret' };",
        "cfg = {'url': '@api', 'token_url': '@token', 'client_id': '@id', 'client_secret': '@secret', 'verify': True, 'proxy': None}",
        r#"{"servers": {"is": {"env": {"IS_URL": "@api", "IS_OAUTH_TOKEN_URL": "@token", "IS_CLIENT_ID": "@id", "IS_CLIENT_SECRET": "@secret"}}}}"#,
        r#"{"baseUrl": "@api", "accessTokenUrl": "@token", "client_id": "@id", "client_secret": "@secret"}"#,
        r#"{"url": "@api", "tokenUrl": "@token", "client-id": "@id", "client-secret": "@secret"}"#,
    ] {
        let reading = written(text);
        assert_eq!(reading.keys.len(), 1, "{text}: {:?}", reading.findings);
        assert_is_the_key(&reading.keys[0], text);
    }
}

#[test]
fn other_values_that_were_changed_on_their_way_are_named_too() {
    let key = |from: &str, to: &str| {
        let text = r#"{"url": "@api", "tokenurl": "@token", "clientid": "@id", "clientsecret": "@secret"}"#;
        let secret = SECRET.replace(from, to);
        let text = text.replace("@secret", &secret.replace('\\', "\\\\"));
        let reading = written(&text);
        (codes(&reading), reading.keys[0].key.is_some())
    };
    assert_eq!(key("$", "$$"), (vec![Code::SecretDollarDoubled], true));
    assert_eq!(key("=", "%3d"), (vec![Code::ValueEncoded], false));
    assert_eq!(key("$", "\\$"), (vec![Code::ValueEscaped], false));
    assert_eq!(key("11111111", "clientsecret=11111111").0, vec![Code::KeyMended]);
}

#[test]
fn other_hosts_of_something_else_are_named_too() {
    let key = |url: &str, token: &str| {
        let text = r#"{"url": "@api", "tokenurl": "@token", "clientid": "@id", "clientsecret": "@secret"}"#;
        codes(&written(&text.replace("@api", url).replace("@token", token)))
    };
    let login = "https://login.cf.us10.hana.ondemand.com/oauth/token";
    assert_eq!(key("@api", login), [Code::TokenUrlIsOtherService]);
    assert_eq!(key("@api", "https://uaa.cf.eu20.hana.ondemand.com/oauth/token"), [Code::TokenUrlIsOtherService]);
    for (url, code) in [
        ("https://cockpit.eu10.hana.ondemand.com/cockpit/", Code::UrlIsCockpit),
        ("https://amer.cockpit.btp.cloud.sap/cockpit", Code::UrlIsCockpit),
        ("https://edge.example.com/local/api/v1", Code::UrlIsEdgeCell),
        ("https://acme-0123456789abcdef.integration.cloud.sap/orders", Code::UrlIsGateway),
        ("https://acme.it-cpi010-rt.cpi.cn20.apps.platform.sapcloud.cn", Code::UrlIsRuntimeHost),
        ("https://acme-dev.it-cpi018-rt.cfapps.us10-002.hana.ondemand.com/http/x", Code::UrlIsRuntimeHost),
    ] {
        assert!(key(url, "@token").contains(&code), "{url}: {:?}", key(url, "@token"));
    }
}

#[test]
fn values_that_were_changed_on_their_way_are_named() {
    for (name, said, usable) in [
        ("secret-two-dollars.json", &[Code::SecretDollarDoubled][..], true),
        ("secret-percent.json", &[Code::ValueEncoded], false),
        ("secret-backslash.json", &[Code::ValueEscaped], false),
    ] {
        let reading = case(name);
        assert_eq!(codes(&reading), said, "{name}");
        assert_eq!(reading.keys[0].key.is_some(), usable, "{name}");
    }
    let labelled = case("labelled-value.json");
    assert_is_the_key(&labelled.keys[0], "labelled");
    assert!(codes(&labelled).contains(&Code::KeyMended));
}

#[test]
fn a_secret_that_is_repeated_in_another_field_is_masked_there() {
    let text = serde_json::json!({"name": SECRET, "credentials": {"oauth": {"clientid": ID, "clientsecret": SECRET,
        "createdate": SECRET, "url": format!("{URL}/{SECRET}"), "tokenurl": format!("{TOKEN_URL}/{SECRET}")}}, SECRET: "x"});
    let reading = read(text.to_string().as_bytes(), now());
    let shown = format!("{reading:?}{}", serde_json::to_string(&reading.keys[0].summary).unwrap());
    assert!(!shown.contains("AbC_dEf-GhI"), "{shown}");
}

#[test]
fn hosts_of_something_else_are_named() {
    for (name, said) in [
        ("token-is-rt-host.json", &[Code::TokenUrlIsOtherService][..]),
        ("token-login-host.json", &[Code::TokenUrlIsOtherService]),
        ("url-is-cockpit.json", &[Code::UrlIsCockpit]),
        ("edge-local.json", &[Code::UrlIsEdgeCell]),
        ("cell-gateway.json", &[Code::UrlIsGateway]),
        ("china-rt-pasted.json", &[Code::UrlIsRuntimeHost]),
        ("china-rt.json", &[Code::UrlIsRuntimeHost]),
        ("rt-key-mcp.json", &[Code::WrongPlan]),
        ("china-cpi-domain.json", &[]),
        ("eu12.json", &[]),
    ] {
        let reading = case(name);
        assert_eq!(codes(&reading), said, "{name}");
        assert_eq!(reading.keys[0].key.is_none(), !said.is_empty(), "{name}");
    }
    assert_eq!(case("china-cpi-domain.json").keys[0].summary.region.as_deref(), Some("cn40"));
    assert_eq!(case("eu12.json").keys[0].summary.region.as_deref(), Some("eu12"));
}

#[test]
fn keys_that_carry_a_name_keep_it() {
    let name = |file: &str, index: usize| fixture(file).keys[index].name.as_ref().map(|name| name.as_str().to_owned());
    assert_eq!(name("btp-cli.json", 0).as_deref(), Some("acme-key"));
    assert_eq!(name("service-manager-list.json", 1).as_deref(), Some("second"));
    assert_eq!(name("vcap-services.json", 0).as_deref(), Some("acme-api"));
    assert_eq!(name("kubernetes-flat.yaml", 0).as_deref(), Some("acme-api-binding"));
    assert_eq!(name("oauth.json", 0), None);
}

#[test]
fn several_keys_are_all_returned_in_their_order() {
    for (file, said) in [
        ("service-manager-list.json", &["several-keys: 2"][..]),
        ("several.txt", &["several-keys: 2", "key-unwrapped: the text around it"]),
    ] {
        let reading = fixture(file);
        let ids: Vec<_> =
            reading.keys.iter().filter_map(|found| found.key.as_ref()).map(|key| &key.client_id).collect();
        assert_eq!(ids, [ID, &ID.replace("1234", "4321")], "{file}");
        assert_eq!(described(&reading), said, "{file}");
    }
}

#[test]
fn the_secret_of_one_key_in_a_field_of_another_is_not_shown() {
    let field = |field: &str| {
        let with = |name: &str, value: &str| if field == name { format!("x{SECRET}") } else { value.to_owned() };
        let first = serde_json::json!({"oauth": {
            "createdate": with("createdate", "2026-01-02T03:04:05.678Z"),
            "clientid": with("clientid", ID),
            "clientsecret": "99999999-8888-4777-8666-000000000000$Other",
            "url": with("url", URL),
            "tokenurl": with("tokenurl", TOKEN_URL),
        }});
        let second =
            serde_json::json!({"oauth": {"clientid": ID, "clientsecret": SECRET, "url": URL, "tokenurl": TOKEN_URL}});
        format!("{first}\n{second}")
    };
    for name in ["createdate", "clientid", "url", "tokenurl"] {
        let reading = read(field(name).as_bytes(), now());
        assert_eq!(reading.keys.len(), 2, "{name}");
        let shown = format!("{:?} {:?}", reading.keys[0].summary, reading.keys[0].findings);
        assert!(!shown.contains(&SECRET[10..34]), "{name}: {shown}");
    }
    // Not even a part of one that is no longer a key.
    let mixed_up =
        r#"{"oauth": {"createdate": "2026-05-2222-4333-8444-555555555555$AbC_dEf", "url": "https://x.example"}}"#;
    assert!(read(mixed_up.as_bytes(), now()).keys.iter().all(|found| found.summary.created.is_none()));
}

#[test]
fn a_secret_that_belongs_to_no_key_that_is_read_is_shown_nowhere() {
    let key = |id: &str| format!(r#"{{"oauth": {{"clientid": "{id}", "url": "{URL}", "tokenurl": "{TOKEN_URL}"}}}}"#);
    let broken = |secret: &str| format!("{{\"oeuth\": {{\n  \"clientid\": \"{ID}\", \"clientsecret\": \"{secret}\",\n");
    let part = &SECRET[20..60];
    // What is named as a secret elsewhere, what has the form of one, and both as the name of a member or of a service.
    for text in [
        format!("{}\n{}", key(&format!("{ID}{part}")), broken(SECRET)),
        format!("{}\n{}", broken(SECRET), key(&part.replace('$', ""))),
        key(&format!("sb-1!b1|{part}")),
        format!(r#"{{"{SECRET}": 1, "other": 2}}"#),
        format!(
            r#"{{"VCAP_SERVICES": {{"{SECRET}": [{{"credentials": {{"a": 1}}}}], "it-rt": [{{"credentials": {}}}]}}}}"#,
            key(ID)
        ),
    ] {
        let reading = read(text.as_bytes(), now());
        let shown = format!("{reading:?}");
        for at in (0..SECRET.len() - 24).filter(|at| SECRET.is_char_boundary(*at)) {
            assert!(!shown.contains(&SECRET[at..at + 24]), "{text}: {shown}");
        }
    }
}

#[test]
fn keys_of_something_else_are_recognised_and_not_tried() {
    for (file, said) in [
        ("foreign-integration-flow.json", "wrong-plan: integration-flow: |it-rt-acme-dev"),
        ("foreign-api-management.json", "key-is-api-management: API Management"),
        ("foreign-xsuaa.json", "key-is-xsuaa: url: acme-dev.authentication.eu10.hana.ondemand.com"),
        ("foreign-abap.json", "key-is-xsuaa: uaa"),
        ("vcap-without-it-rt.json", "key-is-xsuaa: xsuaa"),
        ("foreign-destination.json", "key-is-destination: Destination"),
        ("foreign-service-manager.json", "key-is-other-service: Service Manager"),
        ("foreign-postgres.json", "key-is-other-service: hostname"),
        ("foreign-neo.json", "key-is-neo: url: a1b2c3-tmn.hci.eu2.hana.ondemand.com"),
        ("placeholder.json", "key-is-placeholder: url: https://your-tenant-tmn.hci.<region>.hana.ondemand.com"),
    ] {
        let reading = fixture(file);
        assert_eq!(described(&reading), [said], "{file}");
        assert!(reading.keys[0].key.is_none(), "{file}");
    }
    assert!(described(&case("event-mesh-key.json")).contains(&"key-is-other-service: Event Mesh".to_owned()));
    assert_eq!(fixture("foreign-integration-flow.json").keys[0].summary.plan, Some(PlanId::IntegrationFlow));
}

#[test]
fn instance_parameters_are_not_mistaken_for_a_key() {
    assert_eq!(described(&fixture("parameters.json")), ["key-is-parameters: roles, grant-types, redirect-uris"]);
    assert!(fixture("parameters.json").keys.is_empty());
    assert_eq!(codes(&read(b"{\"key-type\":\"certificate\",\"validity\":365}", now())), [Code::KeyIsParameters]);
}

#[test]
fn errors_in_a_key_are_reported_with_their_place() {
    for (file, said) in [
        ("cut-off.json", &["key-cut-off: line 6, column 59"][..]),
        ("missing-quote.json", &["key-not-json: line 4, column 73"]),
        ("secret-eaten-by-shell.json", &["secret-truncated: clientsecret"]),
        ("secret-with-line-break.json", &["secret-trimmed: clientsecret"]),
        ("field-twice.json", &["key-field-twice: clientsecret"]),
        (
            "only-url.json",
            &["key-field-missing: tokenurl", "key-field-missing: clientid", "key-field-missing: clientsecret"],
        ),
    ] {
        assert_eq!(described(&fixture(file)), said, "{file}");
    }
}

#[test]
fn a_secret_with_a_line_break_is_used_without_it() {
    assert_is_the_key(&fixture("secret-with-line-break.json").keys[0], "trimmed");
}

#[test]
fn the_last_value_of_a_repeated_field_is_used() {
    let found = &fixture("field-twice.json").keys[0];
    let key = found.key.as_ref().unwrap();
    assert_eq!(key.credential, Credential::ClientSecret(Secret::new("22222222-2222-4333-8444-555555555555$AbC=")));
    let row = found.fields().iter().find(|row| row.label == "clientsecret").unwrap();
    assert_eq!(row.finding, Some(Code::KeyFieldTwice));
}

#[test]
fn a_key_in_a_text_of_windows_1252_is_read() {
    let key = String::from_utf8(bytes("oauth.json")).unwrap();
    let with = |around: &[u8], key: &str| [around, key.as_bytes()].concat();
    let reading = read(&with(b"Schl\xfcssel f\xfcr DEV:\r\n", &key), now());
    assert_is_the_key(&reading.keys[0], "umlauts");
    assert_eq!(described(&reading), ["key-unwrapped: Windows-1252, the text around it"]);
    // Typographic quotes as Word stores them.
    let quoted: Vec<u8> = key.bytes().map(|byte| if byte == b'"' { 0x94 } else { byte }).collect();
    assert_is_the_key(&read(&quoted, now()).keys[0], "quotes");
    assert_eq!(codes(&read(&with(b"\x81", &key), now())), [Code::KeyNotText], "not defined");
    assert_eq!(codes(&read(&with(b"\xfc\0", &key), now())), [Code::KeyNotText], "not a text");
}

#[test]
fn texts_that_hold_no_key_say_so() {
    for (text, said) in [
        ("", &["key-empty"][..]),
        (" \r\n\u{feff}\u{200b}", &["key-empty"]),
        ("this is not json", &["key-not-json: line 1, column 1"]),
        ("\n  hello", &["key-not-json: line 2, column 3"]),
        ("{not json", &["key-not-json: line 1, column 2"]),
        ("{}", &["key-not-a-key"]),
        ("[]", &["key-not-json: line 1, column 1"]),
        ("Bearer eyJhbGciOiJSUzI1NiJ9.eyJjbGllbnRfaWQiOiJ4In0.AAAA", &["key-not-a-key: an access token"]),
        ("{\"a\":1,\"b\":{\"c\":\"x\"}}", &["key-not-a-key: a, b"]),
        ("{\"oauth\":", &["key-cut-off: line 1, column 10"]),
        ("{\"oauth\":{\"clientid\":\"x\"\n", &["key-cut-off: line 1, column 25"]),
    ] {
        assert_eq!(described(&read(text.as_bytes(), now())), said, "{text:?}");
    }
}

#[test]
fn a_key_whose_last_brace_was_not_copied_is_still_read() {
    let text = String::from_utf8(bytes("oauth.json")).unwrap();
    let cut = text.trim_end().strip_suffix('}').unwrap();
    let reading = read(cut.as_bytes(), now());
    assert_is_the_key(&reading.keys[0], "cut");
    assert_eq!(described(&reading), ["key-mended: missing closing braces"]);
}

#[test]
fn members_without_their_braces_are_read() {
    let text = String::from_utf8(bytes("flat.json")).unwrap();
    let reading = read(text.replace(['{', '}'], "").as_bytes(), now());
    assert_is_the_key(&reading.keys[0], "members");
    assert_eq!(described(&reading), ["key-mended: missing outer braces"]);
}

#[test]
fn a_client_id_or_secret_of_the_size_of_a_file_is_refused_and_still_masked_elsewhere() {
    let key = |id: &str, secret: &str| {
        let text = format!(r#"{{"clientid":"{id}","clientsecret":"{secret}","url":"{URL}","tokenurl":"{TOKEN_URL}"}}"#);
        read(text.as_bytes(), now())
    };
    let long = SECRET.repeat(1000);
    for (id, secret, subject) in
        [(ID, long.as_str(), "clientsecret"), (&format!("sb-{}", "q".repeat(20_000)), SECRET, "clientid")]
    {
        let reading = key(id, secret);
        assert!(reading.keys[0].key.is_none());
        let findings = reading.findings_for(0);
        let refused = findings.iter().find(|finding| finding.code == Code::KeyFieldUnusable).unwrap();
        assert_eq!(refused.subject().and_then(Fact::as_text), Some(subject));
        assert!(matches!(refused.evidence, Some(Fact::TooManyBytes { .. })), "{refused:?}");
    }
    let shown = format!("{:?}", key(&SECRET[..60], &long).keys[0].summary);
    assert!(!shown.contains(&SECRET[..60]), "{shown}");
}

#[test]
fn what_is_too_large_or_not_text_is_refused_before_it_is_parsed() {
    assert_eq!(codes(&read(&vec![b'{'; SIZE_LIMIT + 1], now())), [Code::KeyTooLarge]);
    assert_eq!(codes(&read(&vec![b'x'; 10_000_000], now())), [Code::KeyTooLarge]);
    assert_eq!(codes(&read(b"{\"a\":\"\xff\"}", now())), [Code::KeyNotText]);
    assert_eq!(codes(&read(b"{\"clientid\":\"a\0b\"}", now())), [Code::KeyNotText]);
}

#[test]
fn hostile_texts_of_the_largest_size_are_read_in_bounded_time() {
    for part in [
        "{",
        "[",
        "{\"a\":",
        "[{\"a\":[",
        "{\"",
        "\"",
        "'",
        "{'",
        "\\",
        "{\\\"",
        "{“",
        "{\"a\":1},",
        "{},",
        ",",
        "{\"a\":\"\n",
        "{/*",
        "clientid=x\n",
        "';",
        " a:\n",
        "- a: b\n",
        "a: {\n",
        "a=b ",
        "=",
    ] {
        let text = part.repeat(SIZE_LIMIT / part.len());
        let reading = read(text.as_bytes(), now());
        assert!(reading.keys.is_empty(), "{part}");
        assert!(!reading.findings.is_empty(), "{part}");
    }
    let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    assert_eq!(described(&read(deep.as_bytes(), now())).len(), 1);
}

#[test]
fn typed_fields_are_judged_like_a_pasted_key() {
    let fields = KeyForm {
        url: "acme-dev.it-cpi018.cfapps.eu10-003.hana.ondemand.com/api/v1/".into(),
        token_url: "https://acme-dev.authentication.eu10.hana.ondemand.com".into(),
        client_id: format!(" {ID} "),
        secret: Secret::new(SECRET),
    };
    let found = from_form(&fields, now());
    assert_is_the_key(&found, "typed");
    let codes: Vec<Code> = found.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::KeyMended, Code::UrlTrimmed, Code::TokenPathAdded]);
    let empty =
        KeyForm { url: "  ".into(), token_url: String::new(), client_id: String::new(), secret: Secret::new("") };
    let rows: Vec<_> =
        from_form(&empty, now()).fields().iter().map(|row| (row.label, row.value.is_some(), row.finding)).collect();
    let missing = Some(Code::KeyFieldMissing);
    let expected = ["url", "tokenurl", "clientid", "clientsecret"].map(|label| (label, false, missing));
    assert_eq!(rows, expected);
}

#[test]
fn client_id_and_secret_in_each_others_place_are_noticed_and_not_shown() {
    let fields =
        KeyForm { url: URL.into(), token_url: TOKEN_URL.into(), client_id: SECRET.into(), secret: Secret::new(ID) };
    let found = from_form(&fields, now());
    assert!(found.key.is_none());
    assert!(found.findings.iter().all(|finding| finding.code == Code::KeyFieldUnusable));
    assert!(!format!("{found:?} {}", serde_json::to_string(&found.summary).unwrap()).contains("AbC_dEf"));
}

#[test]
fn a_certificate_key_is_read_whole() {
    for file in ["certificate.json", "certificate-literal-newlines.json", "certificate-reversed.json"] {
        let found = &fixture(file).keys[0];
        assert_eq!(found.findings, [], "{file}");
        let key = found.key.as_ref().unwrap_or_else(|| panic!("{file}"));
        let Credential::Certificate { chain, private_key } = &key.credential else { panic!("{file}") };
        assert_eq!(chain.as_bytes(), bytes("pem/chain.pem"), "{file}");
        assert!(private_key.expose().starts_with("-----BEGIN "), "{file}");
        assert_eq!(found.summary.credential, Some(CredentialType::Certificate));
        assert!(found.summary.expires.as_ref().is_some_and(|until| until.as_str().starts_with("2126-")), "{file}");
        let labels: Vec<_> = found.fields().iter().map(|row| row.label).collect();
        assert_eq!(labels, ["url", "tokenurl", "clientid", "certificate", "key"]);
    }
}

#[test]
fn a_certificate_that_cannot_be_used_says_why() {
    for (file, said) in [
        ("certificate-other-key.json", "certificate-key-mismatch: key: O=cpikey test,L=sap-uaa,CN=acme-rsa"),
        ("certificate-1024.json", "private-key-unreadable: key: RSA with 1024 bits; 2048 to 4096 work"),
        ("certificate-encrypted.json", "private-key-unreadable: key: encrypted with a passphrase"),
        ("certificate-external.json", "private-key-missing: key"),
    ] {
        assert_eq!(described(&fixture(file)), [said], "{file}");
    }
}

#[test]
fn an_external_certificate_is_completed_with_its_private_key() {
    let found = fixture("certificate-external.json").keys.remove(0);
    assert!(found.needs_private_key());
    assert_eq!(found.summary.credential, Some(CredentialType::ExternalCertificate));
    let pem = |name: &str| Secret::new(String::from_utf8(bytes(name)).unwrap());
    for name in ["pem/rsa-pkcs1.pem", "pem/rsa-pkcs8.pem"] {
        let whole = found.with_private_key(pem(name), now());
        assert!(whole.key.is_some(), "{name}: {:?}", whole.findings);
        assert_eq!(whole.summary.credential, Some(CredentialType::ExternalCertificate));
    }
    let code = |name: &str| found.with_private_key(pem(name), now()).findings[0].code;
    assert_eq!(code("pem/rsa-other.pem"), Code::CertificateKeyMismatch);
    assert_eq!(code("pem/rsa-encrypted-pkcs8.pem"), Code::PrivateKeyUnreadable);
    assert_eq!(code("pem/chain.pem"), Code::PrivateKeyUnreadable);
}

/// A certificate key with an elliptic curve pair, valid over the year 2027.
fn year_2027() -> String {
    let pair = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["acme".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2027, 1, 1);
    params.not_after = rcgen::date_time_ymd(2028, 1, 1);
    let certificate = params.self_signed(&pair).unwrap();
    serde_json::json!({"oauth": {"clientid": ID, "url": URL, "tokenurl": TOKEN_URL,
        "certificate": certificate.pem(), "key": pair.serialize_pem()}})
    .to_string()
}

#[test]
fn the_life_of_a_certificate_is_judged_by_the_given_time() {
    let key = year_2027();
    for (time, said) in [
        ("2026-12-31T23:59:59Z", &["certificate-not-yet-valid: certificate: valid from 1 Jan 2027, tomorrow"][..]),
        ("2027-01-01T00:00:01Z", &[]),
        ("2027-12-01T00:00:00Z", &[]),
        ("2027-12-19T23:00:00Z", &["certificate-expires-soon: certificate: 12 days left, until 1 Jan 2028"]),
        ("2028-01-01T00:00:01Z", &["certificate-expired: certificate: expired 1 Jan 2028, today"]),
    ] {
        let reading = read(key.as_bytes(), at(time));
        assert_eq!(described(&reading), said, "{time}");
        let blocked = said.iter().any(|said| !said.contains("soon"));
        assert_eq!(reading.keys[0].key.is_none(), blocked, "{time}");
    }
}

#[test]
fn a_truncated_certificate_is_reported() {
    let reading = read(year_2027().replace("-----END CERTIFICATE-----", "").as_bytes(), now());
    assert_eq!(described(&reading), ["certificate-unreadable: certificate: no complete PEM block CERTIFICATE"]);
    let reading = read(year_2027().replace("MII", "MJJ").as_bytes(), now());
    assert_eq!(
        described(&reading)[0],
        "certificate-unreadable: certificate: certificate 1 of the chain is damaged or truncated"
    );
}

#[test]
fn addresses_in_the_key_are_judged() {
    let key = |url: &str, token: &str| {
        let text =
            serde_json::json!({"url": url, "tokenurl": token, "clientid": ID, "clientsecret": SECRET}).to_string();
        described(&read(text.as_bytes(), now()))
    };
    let none: [String; 0] = [];
    assert_eq!(key(URL, TOKEN_URL), none);
    assert_eq!(key(&URL.replace("cpi018", "cpi018-rt"), TOKEN_URL)[0].split(':').next(), Some("url-is-runtime-host"));
    assert_eq!(
        key("https://acme-dev.integrationsuite.cfapps.eu10.hana.ondemand.com/shell", TOKEN_URL)[0].split(':').next(),
        Some("url-is-web-ui")
    );
    assert_eq!(
        key(URL, &TOKEN_URL.replace("eu10", "us10").replace("acme-dev", "acme")),
        ["hosts-disagree: region and subdomain: eu10 and us10, acme-dev and acme"]
    );
    assert_eq!(key(URL, "https://login.example.com/oauth/token"), ["host-unknown: login.example.com: tokenurl"]);
    assert_eq!(key(URL, "http://acme.authentication.eu10.hana.ondemand.com"), ["url-not-https: tokenurl: http"]);
}

#[test]
fn debug_and_json_of_a_reading_hold_no_secret() {
    for entry in
        std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/keys")).unwrap()
    {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "pem" {
            continue;
        }
        let reading = fixture(&name);
        let summaries: Vec<_> = reading.keys.iter().map(|found| &found.summary).collect();
        let shown = format!("{reading:?}{reading:#?}{}", serde_json::to_string(&summaries).unwrap());
        for canary in ["AbC_dEf", "$AbC", "invented", "PRIVATE KEY-----", "MIIE"] {
            assert!(!shown.contains(canary), "{name} shows {canary}");
        }
    }
}
