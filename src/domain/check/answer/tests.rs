//! Messages of real servers, one line each. `tests/net` sends the most common ones over a connection.

use super::*;
use crate::{
    domain::{
        check::{MONITORING_PROBE, OtherStatus, Pace, ProbeFacts, ProbeOutcome, ProbeSpec},
        finding::FindingCode as C,
        text::shown::Shown as _,
    },
    words::Words,
};

const HTML_LOGIN: &str = "<html><head><script>document.cookie='fragmentAfterLogin='</script></head></html>";
const HTML_TOMCAT_403: &str = "<!doctype html><html lang=\"en\"><head><title>HTTP Status 403 – Forbidden</title></head>\
                               <body><h1>HTTP Status 403 – Forbidden</h1></body></html>";
const ODATA_404: &str = r#"{"error":{"code":"Not Found","message":{"lang":"en","value":"No such set"}}}"#;
const ODATA_501_XML: &str = "<?xml version='1.0'?><error xmlns=\"http://schemas.microsoft.com/ado/2007/08/dataservices/\
                             metadata\"><code/><message xml:lang=\"en\">Messaging not provisioned</message></error>";

fn token(status: u16, head: &Head, body: &str) -> Result<Granted, Finding> {
    let answer = Answer { status, head, body: body.as_bytes(), request: "POST /oauth/token" };
    token_answer(&answer, Some("it!b5678"))
}

fn evidence(finding: &Finding) -> String {
    finding.evidence.as_ref().unwrap().shown(Words::default())
}

fn refusal(status: u16, body: &str) -> C {
    token(status, &Head::default(), body).unwrap_err().code
}

fn spec(id: &str) -> ProbeSpec {
    ProbeSpec {
        id: id.into(),
        title: "things".into(),
        path: "/Things".into(),
        pace: Pace::Free,
        other_status: OtherStatus::Unknown,
        documented: true,
    }
}

fn read(id: &str, status: u16, head: &Head, body: &[u8]) -> ProbeFacts {
    api_answer(&spec(id), &Answer { status, head, body, request: "GET /Things" })
}

fn seen(status: u16, body: &str) -> (ProbeOutcome, Option<C>) {
    let facts = read("other", status, &Head::default(), body.as_bytes());
    (facts.outcome, facts.finding.map(|finding| finding.code))
}

fn monitoring(status: u16, body: &str) -> (ProbeOutcome, Option<C>) {
    let facts = read(MONITORING_PROBE, status, &Head::default(), body.as_bytes());
    (facts.outcome, facts.finding.map(|finding| finding.code))
}

#[test]
fn a_token_comes_with_its_scopes_without_the_clients_prefix_each_once() {
    let body = r#"{"access_token":"a.b.c","token_type":"bearer","expires_in":43199,
        "scope":"uaa.resource it!b5678.NodeManager.read it!b5678.NodeManager.read other!b1.X","jti":"1"}"#;
    let granted = token(200, &Head::default(), body).unwrap();
    assert_eq!(granted.token.expose(), "a.b.c");
    assert_eq!(granted.expires_in, Some(43_199));
    let scopes: Vec<&str> = granted.scopes.iter().map(SafeText::as_str).collect();
    assert_eq!(scopes, ["NodeManager.read", "other!b1.X", "uaa.resource"]);
}

#[test]
fn scopes_that_the_answer_leaves_out_are_read_from_the_token() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let payload = URL_SAFE_NO_PAD.encode(r#"{"scope":["it!b5678.NodeManager.read"]}"#);
    let body = format!(r#"{{"access_token":"h.{payload}.s","expires_in":0}}"#);
    let granted = token(200, &Head::default(), &body).unwrap();
    assert_eq!(granted.scopes, [SafeText::line("NodeManager.read")]);
    assert_eq!(granted.expires_in, None, "a lifetime of 0 would make every token expired as it comes");
}

#[test]
fn a_token_that_is_not_a_jwt_has_no_scopes_and_does_no_harm() {
    for token in ["", "a", "a.b", "a.!!!.c", "a.bnVsbA.c", "a.b.c.d.e", &format!("a.{}.c", "A".repeat(1_000_000))] {
        assert_eq!(scopes_of_token(token), Vec::<String>::new());
    }
}

#[test]
fn a_token_in_an_answer_that_cannot_be_read_is_not_shown() {
    let token_text = "0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d";
    for (status, body) in [
        (200, format!(r#"{{"access_token":"{token_text}","expires_in":1e400}}"#)),
        (200, format!(r#"{{"access_token":"{token_text}","expires_in":43199,"#)),
        (200, format!(r#"{{"access_token":"{token_text}",}}"#)),
        (200, format!("{{'access_token': '{token_text}'}}")),
        (200, format!("access_token={token_text}&token_type=bearer")),
        (200, token_text.to_owned()),
        (201, format!(r#"{{"access_token":"{token_text}"}}"#)),
        (200, format!(r#"[{{"access_token":"{token_text}"}}]"#)),
        (200, format!(r#"{{"message":"access_token={token_text}"}}"#)),
        (200, format!("<html><title>access_token={token_text}</title></html>")),
        (200, format!("<oauth><error>x</error><error_description>id_token: {token_text}</error_description></oauth>")),
        (401, format!(r#"{{"error":"x","error_description":"refresh_token: {token_text}"}}"#)),
        (403, format!(r#"{{"error":{{"message":"accessToken={token_text}"}}}}"#)),
    ] {
        let shown = evidence(&token(status, &Head::default(), &body).unwrap_err());
        assert!(!shown.contains(&token_text[..12]), "{body}: {shown}");
        let of_api = read("other", status, &Head::default(), body.as_bytes()).finding;
        let shown = of_api.map(|finding| evidence(&finding)).unwrap_or_default();
        assert!(!shown.contains(&token_text[..12]) || body == token_text, "{body}: {shown}");
    }
}

#[test]
fn a_token_that_no_header_takes_is_refused() {
    let body = format!(r#"{{"access_token":"{}"}}"#, "A".repeat(900_000));
    let finding = token(200, &Head::default(), &body).unwrap_err();
    assert_eq!(
        (finding.code, evidence(&finding)),
        (C::TokenUnexpected, "200 on POST /oauth/token: the token is not usable".into())
    );
}

#[test]
fn the_wordings_of_uaa_are_distinguished() {
    let cases = [
        (401, r#"{"error":"invalid_client","error_description":"Bad credentials"}"#, C::BadCredentials),
        (401, r#"{"error":"unauthorized","error_description":"Bad credentials"}"#, C::BadCredentials),
        (401, "", C::BadCredentials),
        (
            401,
            r#"{"error":"invalid_client","error_description":"Unauthorized grant type: client_credentials"}"#,
            C::GrantNotAllowed,
        ),
        (400, r#"{"error":"unauthorized_client","error_description":"x"}"#, C::GrantNotAllowed),
        (
            401,
            r#"{"error":"unauthorized","error_description":"Client with requested ID does not exist"}"#,
            C::UnknownClient,
        ),
        (
            401,
            r#"{"error":"invalid_client","error_description":"No client with requested id: sb-1"}"#,
            C::UnknownClient,
        ),
        (
            401,
            r#"{"error":"unauthorized","error_description":"Your account has been locked because of too many failed attempts to login."}"#,
            C::ClientLocked,
        ),
        (404, "{}", C::UnknownSubdomain),
        (404, "", C::UnknownSubdomain),
        (404, "Cannot find identity zone for subdomain acme", C::UnknownSubdomain),
        (
            400,
            r#"{"error":"x","error_description":"Cannot find identity zone for subdomain acme"}"#,
            C::UnknownSubdomain,
        ),
        (404, HTML_TOMCAT_403, C::TokenNotAnEndpoint),
        (405, r#"{"error":"method_not_allowed"}"#, C::TokenNotAnEndpoint),
        (200, HTML_LOGIN, C::TokenNotAnEndpoint),
        (401, HTML_LOGIN, C::TokenNotAnEndpoint),
        (429, "", C::TokenRateLimited),
        (502, "502 Bad Gateway: Registered endpoint failed to handle the request.", C::TokenUnavailable),
        (500, "{}", C::TokenUnavailable),
        (407, "", C::ProxyLogin),
        (200, "{}", C::TokenUnexpected),
        (200, r#"{"access_token":""}"#, C::TokenUnexpected),
        (200, "{\"access_token\":\"a\\nb\"}", C::TokenUnexpected),
        (200, r#"{"access_token":"a","token_type":"mac"}"#, C::TokenUnexpected),
        (200, "", C::TokenUnexpected),
    ];
    for (status, body, code) in cases {
        assert_eq!(refusal(status, body), code, "{status} {body}");
    }
}

#[test]
fn a_redirect_of_the_token_address_shows_its_target_without_the_query() {
    let head = Head { location: Some("https://user:pw@other.example/x?state=canary#f".into()), ..Head::default() };
    let finding = token(302, &head, "").unwrap_err();
    assert_eq!(finding.code, C::TokenRedirected);
    assert_eq!(evidence(&finding), "https://other.example/x (302 on POST /oauth/token)");
    let head = Head { location: Some("/login?a=b".into()), ..Head::default() };
    assert_eq!(token(302, &head, "").unwrap_err().code, C::TokenNotAnEndpoint);
}

#[test]
fn what_the_token_server_says_is_quoted_clean() {
    let body = r#"{"error":"unauthorized","error_description":"Bad \u001b[31mcredentials"}"#;
    let finding = token(401, &Head::default(), body).unwrap_err();
    assert_eq!(evidence(&finding), "401 on POST /oauth/token: Bad ^[[31mcredentials");
}

#[test]
fn lists_are_counted_in_every_dialect() {
    let cases = [
        (r#"{"d":{"results":[{},{}]}}"#, Some(2)),
        (r#"{"d":{"results":[]}}"#, Some(0)),
        (r#"{"d":[{}]}"#, Some(1)),
        (r#"{"d":{"Id":"x"}}"#, None),
        (r#"{"value":[{},{},{}]}"#, Some(3)),
        ("<?xml version='1.0'?><feed xmlns=\"http://www.w3.org/2005/Atom\"><entry></entry><entry/></feed>", Some(2)),
    ];
    for (body, count) in cases {
        let facts = read("other", 200, &Head::default(), body.as_bytes());
        assert_eq!((facts.outcome, facts.count), (ProbeOutcome::Ok, count), "{body}");
        assert_eq!(facts.finding, None);
    }
}

#[test]
fn an_answer_of_200_that_is_not_the_api_is_not_taken_for_it() {
    assert_eq!(seen(200, HTML_LOGIN), (ProbeOutcome::Failed, Some(C::LoginPage)));
    assert_eq!(seen(200, "<html><body>Hello</body></html>"), (ProbeOutcome::Failed, Some(C::ApiNotFound)));
    for body in ["", "  ", "pong", "{}", "[]", "{\"d\":", "<x/>"] {
        assert_eq!(seen(200, body), (ProbeOutcome::Failed, Some(C::ApiUnexpected)), "{body:?}");
    }
    let facts = read("other", 200, &Head::default(), &[0xff, 0xfe, 0x00]);
    assert_eq!(evidence(&facts.finding.unwrap()), "200 on GET /Things: binary data");
}

#[test]
fn a_missing_role_is_recognized_in_every_form_of_response() {
    let scope = "<oauth><error_description>Insufficient scope for this resource</error_description>\
                 <error>insufficient_scope</error></oauth>";
    for body in ["", HTML_TOMCAT_403, scope] {
        assert_eq!(seen(403, body), (ProbeOutcome::Forbidden, Some(C::RoleMissing)), "{body}");
    }
    assert_eq!(seen(403, HTML_LOGIN), (ProbeOutcome::Failed, Some(C::LoginPage)));
}

#[test]
fn a_rejected_token_is_recognized_in_every_form_of_response() {
    let xml = "<oauth><error_description>An Authentication object was not found in the SecurityContext\
               </error_description><error>unauthorized</error></oauth>";
    let basic = r#"Error while obtaining token from UAA, with details: {"error":"invalid_client"}"#;
    for body in ["", xml, basic] {
        assert_eq!(seen(401, body), (ProbeOutcome::Unauthorized, Some(C::TokenNotAccepted)), "{body}");
    }
    let facts = read("other", 401, &Head::default(), xml.as_bytes());
    assert_eq!(
        evidence(&facts.finding.unwrap()),
        "401 on GET /Things: An Authentication object was not found in the SecurityContext"
    );
}

#[test]
fn a_host_that_the_router_does_not_know_is_not_a_missing_resource() {
    let head = Head { router_error: Some("unknown_route".into()), ..Head::default() };
    let body = b"404 Not Found: Requested route ('x.it-cpi018-rt.cfapps.eu10.hana.ondemand.com') does not exist.";
    for id in [MONITORING_PROBE, "other"] {
        assert_eq!(read(id, 404, &head, body).finding.unwrap().code, C::RouteUnknown);
    }
    let answer = Answer { status: 404, head: &head, body, request: "POST /oauth/token" };
    assert_eq!(token_answer(&answer, None).unwrap_err().code, C::RouteUnknown);
}

#[test]
fn a_resource_that_is_absent_is_not_a_missing_role() {
    for (status, body) in [(404, ODATA_404), (400, ODATA_404), (501, ODATA_501_XML), (500, ODATA_404), (404, "")] {
        let wanted = (ProbeOutcome::NotOnTenant, Some(C::ProbeNotOnTenant));
        assert_eq!(seen(status, body), wanted, "{status} {body}");
    }
    assert_eq!(seen(404, "<html><body>Not here</body></html>"), (ProbeOutcome::Failed, Some(C::ApiNotFound)));
}

#[test]
fn monitoring_is_on_every_tenant_so_its_absence_is_a_fault() {
    assert_eq!(monitoring(404, ""), (ProbeOutcome::Failed, Some(C::ApiNotFound)));
    assert_eq!(monitoring(404, HTML_TOMCAT_403), (ProbeOutcome::Failed, Some(C::ApiNotFound)));
    assert_eq!(monitoring(404, ODATA_404), (ProbeOutcome::Failed, Some(C::ApiUnexpected)));
    assert_eq!(monitoring(500, ODATA_404), (ProbeOutcome::Failed, Some(C::ApiUnavailable)));
}

#[test]
fn redirects_and_outages_of_the_api_have_their_names() {
    let to = |location: &str| Head { location: Some(location.into()), ..Head::default() };
    let login = to("https://x.authentication.eu10.hana.ondemand.com/oauth/authorize?client_id=y");
    assert_eq!(read("other", 302, &login, b"").finding.unwrap().code, C::LoginPage);
    let elsewhere = read("other", 301, &to("http://other.example/api?x=canary"), b"").finding.unwrap();
    assert_eq!(elsewhere.code, C::ApiRedirected);
    assert_eq!(evidence(&elsewhere), "http://other.example/api (301 on GET /Things)");
    assert_eq!(seen(429, "").1, Some(C::ApiRateLimited));
    for status in [502, 503, 504] {
        assert_eq!(seen(status, "").1, Some(C::ApiUnavailable));
    }
    assert_eq!(seen(407, "").1, Some(C::ProxyLogin));
    assert_eq!(seen(418, "").1, Some(C::ApiUnexpected));
}

const FILTER: &str = "<html><head><title>Access blocked</title></head><body><h1>Your organization has selected this \
                      category to be blocked</h1><p>Client locked. Bad credentials.</p></body></html>";

#[test]
fn a_page_or_json_of_something_in_between_says_nothing_about_client_token_or_role() {
    let bodies = [
        FILTER,
        r#"{"message":"Forbidden, client locked"}"#,
        r#"{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"x"}}}"#,
        r#"{"timestamp":"x","status":403,"error":"Forbidden","path":"/api/v1","requestId":"1"}"#,
        "Your account has been locked by the web filter. Bad credentials.",
        "<?xml version='1.0'?><block>bad credentials</block>",
    ];
    for body in bodies {
        for status in [401, 403] {
            assert_eq!(refusal(status, body), C::AnsweredInBetween, "{status} {body}");
            for (outcome, code) in [seen(status, body), monitoring(status, body)] {
                assert_eq!((outcome, code), (ProbeOutcome::Failed, Some(C::AnsweredInBetween)), "{status} {body}");
            }
        }
    }
    let finding = token(403, &Head::default(), FILTER).unwrap_err();
    assert_eq!(evidence(&finding), "403 on POST /oauth/token: Access blocked");
}

#[test]
fn a_refusal_by_the_api_itself_is_evidence_about_the_role() {
    let inactive = r#"{"error":{"code":"Forbidden","message":{"lang":"en","value":"Tenant is not active"}}}"#;
    for body in ["", "Forbidden", HTML_TOMCAT_403, inactive] {
        assert_eq!(monitoring(403, body), (ProbeOutcome::Forbidden, Some(C::RoleMissing)), "{body}");
    }
}

#[test]
fn a_request_that_did_not_arrive_as_it_was_sent_is_not_the_clients_fault() {
    let oauth = |error: &str, text: &str| format!(r#"{{"error":"{error}","error_description":"{text}"}}"#);
    for (status, body) in [
        (400, oauth("invalid_request", "Missing grant type")),
        (401, oauth("unauthorized", "Full authentication is required to access this resource")),
        (400, oauth("unsupported_grant_type", "Unsupported grant type")),
        (415, r#"{"timestamp":"x","status":415,"error":"Unsupported Media Type","path":"/oauth/token"}"#.to_owned()),
    ] {
        assert_eq!(refusal(status, &body), C::RequestChanged, "{status} {body}");
    }
    let form = r#"{"error":"Could not verify the provided CSRF token because your session was not found."}"#;
    assert_eq!(refusal(403, form), C::TokenNotAnEndpoint);
    assert_eq!(refusal(401, &oauth("unauthorized", "The category is blocked")), C::BadCredentials);
}

proptest::proptest! {
    #[test]
    fn no_answer_whatever_it_holds_breaks_the_reading(
        status in 100u16..600, body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)
    ) {
        let head = Head::default();
        let answer = Answer { status, head: &head, body: &body, request: "GET /x" };
        let _ = token_answer(&answer, Some("it!b1"));
        let _ = api_answer(&spec("other"), &answer);
    }

    #[test]
    fn xml_and_html_cut_anywhere_do_not_break_the_reading(cut in 0usize..180) {
        for text in [HTML_TOMCAT_403, ODATA_501_XML, "<oauth><error>x</error><error_description>é</error_description>"] {
            let head = Head::default();
            let end = cut.min(text.len());
            let answer = Answer { status: 404, head: &head, body: &text.as_bytes()[..end], request: "GET /x" };
            let _ = token_answer(&answer, None);
            let _ = api_answer(&spec("other"), &answer);
        }
    }
}
