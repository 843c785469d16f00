//! The object of `test --json` and `inspect --json`, as described in `docs/contract.md`.

use cpikey::domain::finding::{FindingCode, Verdict};
use serde_json::Value;

/// Asserts that the value is an object with exactly these fields; those with a question mark may be absent.
fn fields<'a>(value: &'a Value, names: &[&str]) -> impl Fn(&str) -> &'a Value + use<'a> {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    for name in names.iter().filter(|name| !name.ends_with('?')) {
        assert!(object.contains_key(*name), "{name} is missing in {value}");
    }
    for name in object.keys() {
        assert!(names.iter().any(|known| known.trim_end_matches('?') == name), "{name} is new in {value}");
    }
    move |name| value.get(name).unwrap_or(&Value::Null)
}

fn text(value: &Value, one_of: &[&str]) {
    let text = value.as_str().unwrap_or_else(|| panic!("no text: {value}"));
    assert!(!text.is_empty() && (one_of.is_empty() || one_of.contains(&text)), "{text}");
}

fn text_or_null(value: &Value) {
    assert!(value.is_null() || value.is_string(), "{value}");
}

fn count_or_null(value: &Value) {
    assert!(value.is_null() || value.is_u64(), "{value}");
}

fn each(value: &Value, check: impl Fn(&Value)) {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}")).iter().for_each(check);
}

/// Asserts that the report follows the contract.
pub fn assert_contract(report: &Value) {
    let of = fields(report, &["schema", "verdict", "findings", "key", "token?", "roles?", "probes?"]);
    assert_eq!(of("schema"), &Value::from(1));
    let verdict: Verdict = serde_json::from_value(of("verdict").clone()).unwrap();
    assert_eq!(of("verdict"), verdict.as_str());
    each(of("findings"), |finding| {
        let of = fields(finding, &["code", "severity", "stage", "subject?", "title", "cause", "fix", "evidence?"]);
        let _: FindingCode = serde_json::from_value(of("code").clone()).unwrap();
        text(of("severity"), &["error", "warning", "note"]);
        text(of("stage"), &["key", "token", "api"]);
        for sentence in ["title", "cause"] {
            text(of(sentence), &[]);
        }
        // Empty if there is nothing to do.
        assert!(of("fix").is_string(), "{finding}");
        text_or_null(of("subject"));
        text_or_null(of("evidence"));
    });
    if !of("key").is_null() {
        let names = ["form", "type", "plan", "client_id", "url", "token_url", "region", "created", "expires"];
        let of = fields(of("key"), &names);
        text(
            of("form"),
            &["oauth", "flat", "credentials", "cf-text", "binding", "vcap-services", "kubernetes-secret", "name-value"],
        );
        names.iter().for_each(|name| text_or_null(of(name)));
    }
    if let Some(token) = report.get("token") {
        let of = fields(token, &["expires_in", "scopes", "elapsed_ms"]);
        count_or_null(of("expires_in"));
        each(of("scopes"), |scope| text(scope, &[]));
        assert!(of("elapsed_ms").is_u64());
    }
    if let Some(roles) = report.get("roles") {
        each(roles, |role| {
            let of = fields(role, &["role", "status", "basis"]);
            text(of("role"), &[]);
            text(of("status"), &["granted", "covered", "missing", "unknown"]);
            each(of("basis"), |basis| text(basis, &["scope", "probe"]));
        });
    }
    if let Some(probes) = report.get("probes") {
        each(probes, |probe| {
            let of = fields(probe, &["name", "method", "path", "status", "outcome", "count", "elapsed_ms"]);
            text(of("name"), &[]);
            text(of("method"), &["GET"]);
            assert!(of("path").as_str().unwrap().starts_with('/'));
            text(of("outcome"), &["ok", "forbidden", "unauthorized", "not-on-tenant", "failed", "skipped"]);
            ["status", "count", "elapsed_ms"].iter().for_each(|name| count_or_null(of(name)));
        });
    }
}
