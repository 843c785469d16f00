//! Server responses, and how the test interprets them.

use std::{
    sync::{
        Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use cpikey::{
    domain::{
        check::{CheckEvent, CheckStep, MONITORING_PROBE, MONITORING_ROLE, ProbeOutcome, Seen, Site},
        finding::{FindingCode as C, Verdict},
    },
    net::{self, NetOptions},
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    ROLES,
    support::{
        CANARY, asking, assess_events, content, key, options, run, run_with,
        server::{Canned, Server, TOKEN, hangs},
    },
};

#[tokio::test]
async fn the_secret_goes_only_to_the_token_host_in_the_body_and_the_token_only_to_the_api() {
    let token = Server::http(|_| Canned::token()).await;
    let api = Server::http(|_| Canned::entries()).await;
    let tested = run(asking(key(&api.url(), &token.token_url()), &ROLES), options()).await;
    assert_eq!(tested.seen(&CheckStep::Connect(Site::Api)), Some(&Seen::Connected { tls: None, proxy: None }));

    let [asked] = token.asked().try_into().unwrap();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/oauth/token"));
    let form: Vec<(String, String)> = url::form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    assert_eq!(field("client_secret").as_deref(), Some(CANARY), "the plus sign arrives as it is");
    assert_eq!(field("grant_type").as_deref(), Some("client_credentials"));
    assert_eq!(field("client_id").as_deref(), Some("sb-0a1b2c3d-0000-4000-8000-000000000001!b1234|it!b5678"));
    assert_eq!(asked.header("authorization"), None);
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert!(asked.header("user-agent").unwrap().starts_with("cpikey/"));

    assert_eq!(api.asked().len(), 4);
    for asked in api.asked() {
        assert_eq!(asked.method, "GET");
        assert_eq!(asked.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
        assert_eq!(asked.header("accept"), Some("application/json"));
        assert_eq!((asked.header("referer"), asked.header("cookie")), (None, None));
        assert!(!format!("{asked:?}").contains("Canary"));
    }
}

#[tokio::test]
async fn what_the_token_server_answers_has_its_name_and_is_asked_for_once() {
    let uaa = |description: &str| format!(r#"{{"error":"unauthorized","error_description":"{description}"}}"#);
    let cases = [
        (
            Canned::new(401, r#"{"error":"invalid_client","error_description":"Bad credentials"}"#),
            C::BadCredentials,
            Verdict::Rejected,
        ),
        (Canned::new(401, uaa("Unauthorized grant type: client_credentials")), C::GrantNotAllowed, Verdict::Rejected),
        (Canned::new(401, uaa("Client with requested ID does not exist")), C::UnknownClient, Verdict::Rejected),
        (Canned::new(401, uaa("Your account has been locked")), C::ClientLocked, Verdict::Rejected),
        (Canned::new(404, "{}"), C::UnknownSubdomain, Verdict::NotTheApi),
        (Canned::new(200, "<!DOCTYPE html><html></html>"), C::TokenNotAnEndpoint, Verdict::NotTheApi),
        (
            Canned::new(302, "").header("location", "https://login.example/login?x"),
            C::TokenNotAnEndpoint,
            Verdict::NotTheApi,
        ),
        (Canned::new(405, ""), C::TokenNotAnEndpoint, Verdict::NotTheApi),
        (Canned::new(500, ""), C::TokenUnavailable, Verdict::Unavailable),
        (Canned::new(200, "{}"), C::TokenUnexpected, Verdict::Unexpected),
    ];
    for (canned, code, verdict) in cases {
        let wanted = format!("{canned:?}");
        let server = Server::http(move |_| canned.clone()).await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
        assert_eq!(tested.comes_to(), (code, verdict), "{wanted}");
        assert_eq!(tested.facts().0, "localhost", "{wanted}");
        assert_eq!(server.asked().len(), 1, "{wanted}");
    }
}

#[tokio::test]
async fn what_the_api_answers_has_its_name_and_is_asked_for_once() {
    let tomcat = "<!doctype html><html><head><title>HTTP Status 403 – Forbidden</title></head></html>";
    let cases = [
        (Canned::new(401, ""), C::TokenNotAccepted, Verdict::Refused),
        (Canned::new(403, tomcat), C::RoleMissing, Verdict::Limited),
        (Canned::new(403, ""), C::RoleMissing, Verdict::Limited),
        (Canned::new(404, "no").header("x-cf-routererror", "unknown_route"), C::RouteUnknown, Verdict::NotTheApi),
        (Canned::new(404, ""), C::ApiNotFound, Verdict::NotTheApi),
        (Canned::new(302, "").header("location", "https://x/oauth/authorize?a"), C::LoginPage, Verdict::NotTheApi),
        (Canned::new(200, "<html>fragmentAfterLogin</html>"), C::LoginPage, Verdict::NotTheApi),
        (Canned::new(500, ""), C::ApiUnavailable, Verdict::Unavailable),
        (Canned::new(200, [0xff, 0xfe]), C::ApiUnexpected, Verdict::Unexpected),
        (Canned::new(200, ""), C::ApiUnexpected, Verdict::Unexpected),
    ];
    for (canned, code, verdict) in cases {
        let wanted = format!("{canned:?}");
        let server = Server::tenant(move |_| canned.clone()).await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &[MONITORING_ROLE]), options()).await;
        assert_eq!(tested.comes_to(), (code, verdict), "{wanted}");
        assert_eq!(server.asked().len(), 2, "{wanted}");
    }
}

/// Pages and JSON of filters, proxies and gateways, none of them SAP's.
#[tokio::test]
async fn what_something_in_between_answers_is_no_verdict_about_client_roles_or_key() {
    let page = |title: &str| format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>");
    let between = [
        Canned::new(403, page("Access blocked")).header("server", "Zscaler/6.2"),
        Canned::new(403, page("FortiGuard Intrusion Prevention - Access Blocked: your account is locked")),
        Canned::new(401, page("Authentication required by the corporate proxy")),
        Canned::new(403, page("Attention Required! | Cloudflare")),
        Canned::new(401, r#"{"message":"No API key found in request"}"#),
        Canned::new(
            403,
            r#"{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}"#,
        ),
    ];
    for canned in between {
        let wanted = format!("{canned:?}");
        let at_token = canned.clone();
        let server = Server::http(move |_| at_token.clone()).await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &ROLES), options()).await;
        assert_eq!(tested.comes_to().0, C::AnsweredInBetween, "{wanted}");
        let server = Server::tenant(move |_| canned.clone()).await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &ROLES), options()).await;
        assert_eq!(tested.comes_to().0, C::AnsweredInBetween, "{wanted}");
        assert!(tested.report.missing_roles().is_empty(), "{wanted}");
    }
}

#[tokio::test]
async fn an_api_that_is_down_says_nothing_about_roles_whatever_the_token_carries() {
    let scopes = "it!b2424.ESBDataStore.readPayload it!b2424.NodeManager.read it!b2424.WebToolingWorkspace.Read";
    for status in [500, 502, 503, 504] {
        let token = format!(r#"{{"access_token":"{TOKEN}","expires_in":43199,"scope":"{scopes}"}}"#);
        let server = Server::http(move |asked| match asked.path.as_str() {
            "/oauth/token" => Canned::new(200, token.clone()),
            _ => Canned::new(status, "<html><body>down</body></html>").header("retry-after", "0"),
        })
        .await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &ROLES), options()).await;
        assert_eq!(
            (tested.codes(), tested.report.verdict),
            (vec![C::ApiUnavailable], Verdict::Unavailable),
            "{status}"
        );
        assert!(tested.report.missing_roles().is_empty(), "{status}");
    }
}

#[tokio::test]
async fn if_the_first_read_shows_that_this_is_not_the_api_the_others_are_dropped() {
    let server = Server::tenant(|_| Canned::new(404, "")).await;
    let tested = run(asking(key(&server.url(), &server.token_url()), &ROLES), options()).await;
    let outcomes: Vec<ProbeOutcome> = tested.report.probes.unwrap().iter().map(|probe| probe.outcome).collect();
    let (failed, skipped) = (ProbeOutcome::Failed, ProbeOutcome::Skipped);
    assert_eq!(outcomes, [failed, skipped, skipped, skipped]);
}

#[tokio::test]
async fn a_feature_that_is_absent_does_not_change_the_verdict() {
    let server = Server::tenant(|asked| {
        if asked.path.contains("/StringParameters") {
            Canned::new(404, r#"{"error":{"code":"Not Found","message":{"lang":"en","value":"None"}}}"#)
        } else {
            Canned::entries()
        }
    })
    .await;
    let roles = [MONITORING_ROLE, "AuthGroup_TenantPartnerDirectoryConfigurator"];
    let tested = run(asking(key(&server.url(), &server.token_url()), &roles), options()).await;
    assert_eq!(tested.report.verdict, Verdict::Ready);
    assert_eq!(tested.report.probes.unwrap()[1].outcome, ProbeOutcome::NotOnTenant);
}

#[tokio::test]
async fn redirects_are_never_followed_by_the_secret_or_by_the_token() {
    for status in [301, 302, 303, 307, 308] {
        let other = Server::http(|_| Canned::token()).await;
        let location = other.url();
        let server =
            Server::http(move |_| Canned::new(status, "").header("location", format!("{location}/x?q=canary"))).await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
        assert_eq!(tested.comes_to(), (C::TokenRedirected, Verdict::NotTheApi), "{status}");
        assert!(tested.facts().1.starts_with(&format!("{}/x (", other.url())));
        assert_eq!(other.connections(), 0, "{status}");

        let location = other.url();
        let server = Server::tenant(move |_| Canned::new(status, "").header("location", location.clone())).await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
        assert_eq!(tested.comes_to(), (C::ApiRedirected, Verdict::NotTheApi), "{status}");
        assert_eq!(other.connections(), 0, "{status}");
    }
}

#[tokio::test]
async fn an_answer_that_asks_to_wait_is_waited_for_and_then_counts() {
    let calls = AtomicUsize::new(0);
    let server = Server::tenant(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Canned::new(429, "").header("retry-after", "0"),
        1 => Canned::new(502, "502 Bad Gateway: Registered endpoint failed to handle the request."),
        _ => Canned::entries(),
    })
    .await;
    let tested = run(asking(key(&server.url(), &server.token_url()), &[MONITORING_ROLE]), options()).await;
    assert_eq!(tested.report.verdict, Verdict::Ready);
    let reasons: Vec<&str> = tested.waits().into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(reasons, ["429 Too Many Requests", "502 Bad Gateway"]);
}

#[tokio::test]
async fn only_answers_that_can_change_by_themselves_are_asked_for_again_and_three_times_at_most() {
    for (status, times) in [(429, 3), (502, 3), (503, 3), (504, 3), (400, 1), (401, 1), (403, 1), (404, 1), (500, 1)] {
        let canned = move |_: &_| Canned::new(status, "").header("retry-after", "0");
        let server = Server::http(canned).await;
        run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
        assert_eq!(server.asked().len(), times, "{status} of the token server");
        let server = Server::tenant(canned).await;
        run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
        assert_eq!(server.asked().len(), 1 + times, "{status} of the API");
    }
}

#[tokio::test]
async fn a_test_that_waits_shows_for_how_long_and_can_be_stopped() {
    let server = Server::http(|_| Canned::new(429, "").header("retry-after", "30")).await;
    let request = asking(key(&server.url(), &server.token_url()), &[]);
    let (sink, mut events) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    let running = tokio::spawn(net::run(request.clone(), options(), sink, cancel.clone()));
    let mut all = Vec::new();
    while let Some(event) = events.recv().await {
        if let CheckEvent::Waiting { pause, .. } = &event {
            assert_eq!(*pause, Duration::from_secs(30));
            cancel.cancel();
        }
        all.push(event);
    }
    running.await.unwrap();
    assert_eq!(assess_events(&content(), &request, all).comes_to(), (C::Cancelled, Verdict::Unexpected));
    assert_eq!(server.asked().len(), 1);
}

/// Connection and response may arrive together, which is likely with threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_row_is_skipped_however_quick_the_answers_are() {
    let server = Server::tenant(|_| Canned::entries()).await;
    for round in 0..200 {
        let tested = run(asking(key(&server.url(), &server.token_url()), &[MONITORING_ROLE]), options()).await;
        for step in [CheckStep::Connect(Site::Token), CheckStep::Token, CheckStep::Connect(Site::Api)] {
            assert!(tested.seen(&step).is_some(), "{step:?} in round {round}");
        }
        assert!(matches!(tested.seen(&CheckStep::Probe(MONITORING_PROBE.into())), Some(Seen::Probe(_))), "{round}");
    }
}

/// Blocks until this many have arrived. If one never does, the others continue after 20 seconds.
struct Together {
    all: usize,
    come: Mutex<usize>,
    news: Condvar,
}

impl Together {
    /// Whether all arrived.
    fn wait(&self) -> bool {
        let mut come = self.come.lock().unwrap();
        *come += 1;
        self.news.notify_all();
        let late = |come: &mut usize| *come < self.all;
        let (_come, waited) = self.news.wait_timeout_while(come, Duration::from_secs(20), late).unwrap();
        !waited.timed_out()
    }
}

/// The server holds each of these reads until all have arrived, which requires that they run in parallel.
#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn reads_run_side_by_side_those_of_different_rate_limits_too() {
    let free = ["/StringParameters", "/IdMapFromIds"];
    let paced = ["/IntegrationPackages", "/AccessPolicies"];
    let together = Together { all: free.len() + paced.len(), come: Mutex::new(0), news: Condvar::new() };
    let server = Server::tenant(move |asked| {
        if free.iter().chain(&paced).any(|path| asked.path.contains(path)) {
            // If there are fewer threads than reads, the others need this one's.
            if !tokio::task::block_in_place(|| together.wait()) {
                return Canned::new(500, "the other reads never came");
            }
        }
        Canned::entries()
    })
    .await;
    let roles = [&ROLES[..], &["MessageProcessingLocksRead"]].concat();
    let tested = run(asking(key(&server.url(), &server.token_url()), &roles), options()).await;
    assert_eq!(server.asked().len(), 2 + free.len() + paced.len());
    assert!(tested.report.probes.unwrap().iter().all(|probe| probe.outcome == ProbeOutcome::Ok));
}

#[tokio::test]
async fn every_read_is_sent_once_whatever_its_limit() {
    let content = cpikey::content::load();
    let every: Vec<String> = content.catalogue.roles.iter().map(|role| role.name.clone()).collect();
    let server = Server::tenant(|_| Canned::entries()).await;
    let key = std::sync::Arc::new(key(&server.url(), &server.token_url()));
    let request = cpikey::domain::check::diagnosis::plan_checks(&content, key, &every);
    let planned = request.probes.len();
    let tested = run_with(&content, request, options()).await;
    assert_eq!(server.asked().len(), 1 + planned);
    assert!(tested.report.probes.unwrap().iter().all(|probe| probe.outcome == ProbeOutcome::Ok));
}

#[tokio::test]
async fn what_others_answer_does_not_count_if_the_first_read_shows_that_this_is_not_the_api() {
    for status in [200, 401, 503] {
        let server = Server::tenant(move |asked| match asked.path.contains("/MessageProcessingLogs") {
            true => Canned::new(status, "<html>Please log in</html>"),
            false => Canned::entries(),
        })
        .await;
        let tested = run(asking(key(&server.url(), &server.token_url()), &ROLES), options()).await;
        assert_ne!(tested.report.verdict, Verdict::Ready);
        let read = tested.report.probes.unwrap();
        assert!(read.iter().all(|probe| probe.outcome != ProbeOutcome::Ok), "{status}: {read:?}");
    }
}

#[tokio::test]
async fn an_answer_that_asks_to_wait_more_than_half_a_minute_is_final() {
    let server = Server::http(|_| Canned::new(429, "").header("retry-after", "31")).await;
    let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
    assert_eq!(tested.comes_to(), (C::TokenRateLimited, Verdict::Unavailable));
    assert_eq!((server.asked().len(), tested.waits().len()), (1, 0));
}

#[tokio::test]
async fn a_token_that_expires_during_the_test_is_renewed_once() {
    let reads = AtomicUsize::new(0);
    let server = Server::http(move |asked| {
        if asked.path == "/oauth/token" {
            return Canned::new(200, format!(r#"{{"access_token":"{TOKEN}","expires_in":1}}"#));
        }
        // The pause requested by the server is as long as the lifetime of its tokens.
        match reads.fetch_add(1, Ordering::SeqCst) {
            0 => Canned::new(429, "").header("retry-after", "1"),
            1 => Canned::new(401, ""),
            _ => Canned::entries(),
        }
    })
    .await;
    let tested = run(asking(key(&server.url(), &server.token_url()), &[MONITORING_ROLE]), options()).await;
    assert_eq!(tested.report.verdict, Verdict::Ready);
    assert_eq!((server.count("/oauth/token"), server.asked().len()), (2, 5));
}

#[tokio::test]
async fn each_test_takes_a_new_token() {
    let server = Server::tenant(|_| Canned::entries()).await;
    let request = asking(key(&server.url(), &server.token_url()), &[MONITORING_ROLE]);
    for taken in 1..=2 {
        run(request.clone(), options()).await;
        assert_eq!(server.count("/oauth/token"), taken);
    }
}

#[tokio::test]
async fn a_token_that_is_refused_before_it_expires_is_not_renewed() {
    let server = Server::tenant(|_| Canned::new(401, "")).await;
    let tested = run(asking(key(&server.url(), &server.token_url()), &[MONITORING_ROLE]), options()).await;
    assert_eq!(tested.comes_to(), (C::TokenNotAccepted, Verdict::Refused));
    assert_eq!(server.count("/oauth/token"), 1);
}

#[tokio::test]
async fn clocks_that_differ_by_more_than_five_minutes_are_reported() {
    let dated = |_: &_| Canned::token().header("date", "Sun, 01 Mar 2026 12:00:00 GMT");
    let at = |clock: fn() -> jiff::Timestamp| NetOptions { clock, ..options() };
    let server = Server::http(dated).await;
    let request = || asking(key(&server.url(), &server.token_url()), &[]);
    let early = run(request(), at(|| "2026-03-01T11:54:59Z".parse().unwrap())).await;
    assert!(early.codes().contains(&C::ClockSkew));
    let close = run(request(), at(|| "2026-03-01T12:04:59Z".parse().unwrap())).await;
    assert!(!close.codes().contains(&C::ClockSkew));
}

#[tokio::test]
async fn a_cancelled_test_ends_with_what_was_under_way() {
    let server = Server::tenant(|_| Canned::entries()).await;
    let held = hangs().await;
    let request = asking(key(&format!("http://{held}"), &server.token_url()), &[MONITORING_ROLE]);
    let (sink, mut events) = mpsc::unbounded_channel();
    let cancel = CancellationToken::new();
    let running = tokio::spawn(net::run(request.clone(), options(), sink, cancel.clone()));
    let mut all = Vec::new();
    while let Some(event) = events.recv().await {
        let probing =
            matches!(&event, CheckEvent::Started { step, .. } if *step == CheckStep::Probe(MONITORING_PROBE.into()));
        all.push(event);
        if probing {
            cancel.cancel();
        }
    }
    running.await.unwrap();
    let tested = assess_events(&content(), &request, all);
    assert_eq!(tested.events.last(), Some(&CheckEvent::Done));
    assert_eq!(tested.codes()[0], C::Cancelled);
    assert_eq!(tested.report.probes.unwrap()[0].outcome, ProbeOutcome::Skipped);
}

#[tokio::test]
async fn a_test_that_takes_too_long_as_a_whole_is_ended() {
    let server = Server::tenant(|_| Canned::new(503, "")).await;
    let request = asking(key(&server.url(), &server.token_url()), &[MONITORING_ROLE]);
    let mut limited = NetOptions { backoff: Duration::from_secs(60), ..options() };
    limited.limits.total = Duration::from_millis(100);
    let tested = run(request, limited).await;
    assert_eq!(tested.comes_to(), (C::TimeoutTotal, Verdict::Unreachable));
}

/// How servers encode echoed text.
fn repeated(text: &str) -> Vec<String> {
    let each = |escape: &dyn Fn(char) -> String| text.chars().map(escape).collect::<String>();
    let symbols = |escape: &dyn Fn(char) -> String| {
        text.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { escape(c) }).collect::<String>()
    };
    vec![
        text.to_owned(),
        symbols(&|c| format!("\\u{:04x}", c as u32)),
        each(&|c| format!("\\u{:04x}", c as u32)),
        symbols(&|c| format!("%{:02x}", c as u32)),
        symbols(&|c| format!("%25{:02X}", c as u32)),
        symbols(&|c| format!("&#{};", c as u32)),
        symbols(&|c| format!("\\\\u{:04x}", c as u32)),
        each(&|c| format!("{c} ")),
        text[..30].to_owned(),
    ]
}

#[tokio::test]
async fn what_a_server_repeats_of_the_secret_or_the_token_is_shown_nowhere_however_it_is_escaped() {
    let dressed = |repeated: &str, status: u16| {
        [
            Canned::new(status, format!(r#"{{"error":"invalid_client","error_description":"no {repeated}."}}"#)),
            Canned::new(status, format!(r#"{{"error":{{"code":"x","message":{{"value":"no {repeated}."}}}}}}"#)),
            Canned::new(status, format!("<html><head><title>no {repeated}</title></head></html>")),
            Canned::new(status, repeated.to_owned()),
            // What follows a `#` is not shown.
            Canned::new(302, "").header("location", format!("/x/{}", repeated.replace('#', "%23"))),
        ]
    };
    for text in repeated(CANARY) {
        for canned in dressed(&text, 401) {
            let shown = format!("{canned:?}");
            let server = Server::http(move |_| canned.clone()).await;
            let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
            assert!(!format!("{:?}", tested.report).contains("4333-8444"), "{shown}: {:?}", tested.report.findings);
        }
    }
    for text in repeated(TOKEN) {
        for canned in dressed(&text, 400) {
            let server = Server::tenant(move |_| canned.clone()).await;
            let tested = run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
            assert!(!format!("{:?}", tested.report).contains("token-part"), "{:?}", tested.report.findings);
        }
    }
    // The scopes of a token are untrusted text, too.
    let scope = format!("uaa.resource x.{CANARY}");
    let body = serde_json::json!({"access_token": TOKEN, "scope": scope, "expires_in": 60}).to_string();
    let server = Server::http(move |asked| match asked.path.as_str() {
        "/oauth/token" => Canned::new(200, body.clone()),
        _ => Canned::entries(),
    })
    .await;
    run(asking(key(&server.url(), &server.token_url()), &[]), options()).await;
}
